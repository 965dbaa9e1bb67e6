"""A superuser can switch the triggers off and write what it likes. verify_record finds it and names the place."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable

import psycopg
import pytest
from django.core.management import CommandError, call_command

from records.canonical import canonical
from records.services.sequencer import sequence_once
from records.services.verify import verify_record
from tests.cast import BY_NAME
from tests.db.records.conftest import NOW, begin_stream, write_entry
from tests.harness import Servers

Edit = Callable[[psycopg.Connection, list[str]], None]


def changed_payload(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("""update records_recordpayload set text = '{"number":"QX-2026-0999"}' where entry_id = %s""", [ids[2]])


def changed_column(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("update records_recordentry set kind = 'agreement_signed' where id = %s", [ids[2]])


def changed_day(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("update records_recordentry set effective_on = '2026-12-01' where id = %s", [ids[2]])


def changed_entry_and_leaf(db: psycopg.Connection, ids: list[str]) -> None:
    """The careful forger: entry, column and leaf agree with each other again. Only the tree knows."""
    (text,) = db.execute("select canonical from records_recordentry where id = %s", [ids[2]]).fetchone() or ("",)
    body = canonical({**json.loads(text), "kind": "agreement_signed"})
    leaf = hashlib.sha256(b"\x00" + body).digest()
    db.execute(
        "update records_recordentry set canonical = %s, leaf = %s, kind = 'agreement_signed' where id = %s", [body.decode(), leaf, ids[2]]
    )


def deleted_entry(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("delete from records_recordpayload where entry_id = %s", [ids[1]])
    db.execute("delete from records_recordentry where id = %s", [ids[1]])


def swapped_numbers(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("update records_recordentry set number = 99 where id = %s", [ids[2]])
    db.execute("update records_recordentry set number = 3 where id = %s", [ids[3]])
    db.execute("update records_recordentry set number = 4 where id = %s", [ids[2]])


def moved_to_another_moment(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("update records_recordentry set at = at - interval '1 day' where id = %s", [ids[2]])


def shown_to_another_firm(db: psycopg.Connection, ids: list[str]) -> None:
    """Wu would read Lin's entry: the column decides, and no leaf holds it."""
    db.execute("update records_recordentry set supplier_org_id = %s where id = %s", [BY_NAME["wu"].org_id, ids[2]])


def words_shown_to_another_firm(db: psycopg.Connection, ids: list[str]) -> None:
    db.execute("update records_recordpayload set supplier_org_id = %s where entry_id = %s", [BY_NAME["wu"].org_id, ids[2]])


EDITS: list[tuple[Edit, str]] = [
    (changed_payload, "payload_differs"),
    (changed_column, "columns_differ"),
    (changed_day, "columns_differ"),
    (moved_to_another_moment, "columns_differ"),
    (shown_to_another_firm, "sides_differ"),
    (words_shown_to_another_firm, "sides_differ"),
    (changed_entry_and_leaf, "root_differs"),
    (deleted_entry, "place_missing_before"),
    (swapped_numbers, "number_missing_before"),
]


def five_entries() -> list[str]:
    """Each under a head of its own, as when they come one by one."""
    stream, ids = begin_stream(), []
    for minute in range(5):
        ids.append(str(write_entry(stream, minute=minute).pk))
        sequence_once(now=NOW)
    return ids


@pytest.mark.parametrize(("edit", "problem"), EDITS, ids=lambda value: getattr(value, "__name__", value))
def test_first_bad_entry_is_named(servers: Servers, fresh_database: str, edit: Edit, problem: str) -> None:
    ids = five_entries()
    assert verify_record().holds

    with psycopg.connect(servers.postgres.superuser_url(fresh_database), autocommit=True) as superuser:
        superuser.execute("set session_replication_role = replica")  # no trigger fires
        edit(superuser, ids)

    found = verify_record()
    assert (found.problem, found.entry_id) == (problem, ids[2])
    with pytest.raises(CommandError, match=f"does not hold at entry {ids[2]}.*{problem}"):
        call_command("verify_record")


def test_missing_end_of_the_tree_is_found(servers: Servers, fresh_database: str) -> None:
    ids = five_entries()

    with psycopg.connect(servers.postgres.superuser_url(fresh_database), autocommit=True) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("delete from records_recordpayload where entry_id = %s", [ids[4]])
        superuser.execute("delete from records_recordentry where id = %s", [ids[4]])

    assert verify_record().problem == "entries_missing_from_tree"


def test_erased_words_leave_the_record_whole_and_are_counted(servers: Servers, fresh_database: str) -> None:
    ids = five_entries()

    with psycopg.connect(servers.postgres.superuser_url(fresh_database), autocommit=True) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("delete from records_recordpayload where entry_id = %s", [ids[2]])

    out = io.StringIO()
    call_command("verify_record", stdout=out)
    assert out.getvalue() == "The record holds: 5 entries, the words of 1 erased.\n"
