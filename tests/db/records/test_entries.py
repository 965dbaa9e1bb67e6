"""The one door into the record, and the walls behind it."""

from __future__ import annotations

import os
from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from uuid_utils.compat import uuid7

from foundation.actor import CLOCK, Hat, acting_as, as_actor
from foundation.errors import NotYours
from records.canonical import check_entry
from records.models import RecordEntry, RecordPayload, RecordStream
from records.services.entries import append_entry
from records.services.sequencer import sequence_once
from tests.cast import BY_NAME, actor, key
from tests.db.records.conftest import NOW, begin_stream, write_entry


def copy_of(entry: RecordEntry, **changes: object) -> RecordEntry:
    names = [f.attname for f in RecordEntry._meta.concrete_fields]
    return RecordEntry(**{**{name: getattr(entry, name) for name in names}, "id": uuid7(), **changes})


def test_entry_holds_a_commitment_and_no_word_of_its_payload(write: Callable[..., RecordEntry]) -> None:
    entry = write(payload={"number": "QX-2026-0417", "limit": "0.8"})

    with as_actor(actor("lin")):
        read = RecordEntry.objects.select_related("payload").get(pk=entry.pk)
    assert check_entry(read.canonical.encode(), bytes(read.leaf), read.payload.text.encode(), bytes(read.payload.salt)) is None
    assert "0.8" not in read.canonical
    assert '"algorithm":"sha256-rfc6962/hmac-sha256/jcs-1"' in read.canonical


def test_forged_leaf_is_refused_by_the_database(write: Callable[..., RecordEntry]) -> None:
    entry = write()

    with as_actor(actor("chen")):
        with pytest.raises(IntegrityError, match="leaf_is_the_hash_of_the_entry"), transaction.atomic():
            RecordEntry.objects.bulk_create([copy_of(entry, leaf=bytes(32))])

        assert RecordEntry.objects.count() == 1


def test_entry_in_another_relations_stream_is_refused(write: Callable[..., RecordEntry], stream: RecordStream) -> None:
    with pytest.raises(NotYours), as_actor(actor("wu")):
        append_entry(actor=actor("wu"), stream=stream, kind="agreement_sent", subject_id=key("x"), payload={}, now=NOW)
    forged = copy_of(write(), side="supplier", supplier_org_id=BY_NAME["wu"].org_id, actor_org_id=BY_NAME["wu"].org_id)
    with pytest.raises(IntegrityError, match="entry_stands_in_a_stream_of_its_sides"), as_actor(actor("wu")):
        RecordEntry.objects.bulk_create([forged])

    with acting_as(Hat.CLOCK):
        assert RecordEntry.objects.count() == 1


def test_side_cannot_speak_for_the_other(write: Callable[..., RecordEntry]) -> None:
    entry = write()

    with as_actor(actor("lin")), pytest.raises(DatabaseError), transaction.atomic():
        RecordEntry.objects.bulk_create([copy_of(entry)])

    with acting_as(Hat.CLOCK):
        assert RecordEntry.objects.count() == 1


@pytest.mark.parametrize("who", ["chen", "lin", "clock"])
@pytest.mark.parametrize(
    "statement",
    ["update records_recordentry set kind = 'x'", "delete from records_recordentry", "truncate records_recordentry cascade",
     "update records_recordpayload set text = 'x'", "delete from records_recordpayload", "truncate records_recordpayload"],
)  # fmt: skip
def test_no_hat_may_change_the_record(write: Callable[..., RecordEntry], who: str, statement: str) -> None:
    entry = write()

    with as_actor(CLOCK if who == "clock" else actor(who)), transaction.atomic():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

        assert RecordEntry.objects.get().kind == entry.kind
        assert RecordPayload.objects.get().text == '{"actor_name":"陈棠","number":"QX-2026-0417"}'


def test_number_is_given_once(write: Callable[..., RecordEntry]) -> None:
    write()
    assert sequence_once(now=NOW) == 1

    with acting_as(Hat.CLOCK):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            RecordEntry.objects.update(number=7, place=7)

        assert RecordEntry.objects.values_list("number", "place").get() == (1, 0)


@pytest.mark.usefixtures("fresh_database")
def test_owner_role_of_the_tables_may_not_change_them_either() -> None:
    write_entry(begin_stream())
    assert sequence_once(now=NOW) == 1
    statements = [
        f"{verb}{table}{rest}"
        for table, column in (("recordentry", "kind"), ("recordpayload", "text"))
        for verb, rest in (("update records_", f" set {column} = 'x'"), ("delete from records_", ""), ("truncate records_", " cascade"))
    ]
    statements += ["update records_head set size = 9", "delete from records_head", "truncate records_head"]

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for statement in statements:
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                owner.execute(statement)
        kinds = owner.execute(
            "select e.kind, p.text from records_recordentry e join records_recordpayload p on p.entry_id = e.id"
        ).fetchall()

    assert kinds == [("agreement_sent", '{"actor_name":"陈棠","number":"QX-2026-0417"}')]
