"""Canonical bytes against the RFC 8785 reference vectors; commitments, entries and what check_entry finds."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from records import canonical as room
from records.canonical import ALGORITHM, Entry, EntryActor, EntrySubject, canonical, check_entry, commitment, entry_document, leaf
from records.merkle import leaf_hash

DATA = Path(__file__).parents[2] / "data" / "record"
CASES = json.loads((DATA / "rfc8785_vectors.json").read_text())["cases"]
SALT = bytes(range(32))
PAYLOAD = b'{"note":"\xe7\xbc\x9d\xe7\xba\xbf"}'
ENTRY = Entry(
    id=UUID(int=1),
    stream=UUID(int=2),
    kind="audit_scheduled",
    actor=EntryActor(org=UUID(int=3), person=UUID(int=4), hat="owner"),
    subject=EntrySubject(kind="audit", id=UUID(int=5)),
    at=datetime(2026, 3, 1, 8, 30, 0, 999999, tzinfo=timezone(timedelta(hours=8))),
    commitment=commitment(PAYLOAD, SALT),
    effective_on=date(2026, 4, 1),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_reference_value_has_the_published_bytes(case: dict[str, Any]) -> None:
    assert canonical(json.loads(case["input_utf8"])) == bytes.fromhex(case["expected_utf8_hex"])


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), 2**53, -(2**53), {1: "a"}, "\ud800", b"bytes", {"at": datetime(2026, 3, 2, tzinfo=UTC)}, {"x": {1, 2}}],
    ids=repr,
)
def test_value_that_readers_could_differ_on_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_widest_integers_are_kept_exact() -> None:
    assert canonical([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


def test_value_nested_beyond_reading_is_refused_as_a_value() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]

    with pytest.raises(ValueError, match="no canonical form"):
        canonical(nested)


def test_commitment_is_the_keyed_hash_of_the_payload() -> None:
    assert commitment(PAYLOAD, SALT) == hmac.new(SALT, PAYLOAD, hashlib.sha256).digest()
    assert commitment(PAYLOAD, bytes(32)) != commitment(PAYLOAD, SALT)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"salt has {length} bytes"):
        commitment(PAYLOAD, bytes(length))


def test_new_salts_differ_and_have_the_right_length() -> None:
    salts = {room.new_salt() for _ in range(50)}

    assert len(salts) == 50
    assert {len(salt) for salt in salts} == {32}


def test_document_holds_the_agreed_fields_in_the_agreed_forms() -> None:
    assert entry_document(ENTRY) == {
        "algorithm": "sha256-rfc6962/hmac-sha256/jcs-1",
        "id": "00000000-0000-0000-0000-000000000001",
        "stream": "00000000-0000-0000-0000-000000000002",
        "kind": "audit_scheduled",
        "actor": {
            "org": "00000000-0000-0000-0000-000000000003",
            "person": "00000000-0000-0000-0000-000000000004",
            "hat": "owner",
        },
        "subject": {"kind": "audit", "id": "00000000-0000-0000-0000-000000000005"},
        "at": "2026-03-01T00:30:00.999Z",
        "effective_on": "2026-04-01",
        "corrects": None,
        "commitment": commitment(PAYLOAD, SALT).hex(),
    }


def test_entry_of_the_clock_has_a_hat_but_no_person() -> None:
    document = entry_document(replace(ENTRY, actor=EntryActor(None, None, "clock"), effective_on=None, corrects=UUID(int=9)))

    assert document["actor"] == {"org": None, "person": None, "hat": "clock"}
    assert document["effective_on"] is None
    assert document["corrects"] == "00000000-0000-0000-0000-000000000009"


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        entry_document(replace(ENTRY, at=datetime(2026, 3, 1)))  # noqa: DTZ001


def test_commitment_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="must have 32"):
        entry_document(replace(ENTRY, commitment=b"short"))


def test_leaf_is_the_hash_of_the_canonical_document() -> None:
    document = entry_document(ENTRY)

    assert leaf(document) == hashlib.sha256(b"\x00" + canonical(document)).digest()


def test_whole_entry_holds_and_so_does_an_erased_one() -> None:
    document = entry_document(ENTRY)
    stored = canonical(document)

    assert check_entry(stored, leaf(document), PAYLOAD, SALT) is None
    assert check_entry(stored, leaf(document), None, None) is None


def altered(**changes: object) -> bytes:
    return canonical({**entry_document(ENTRY), **changes})


@pytest.mark.parametrize(
    ("stored", "payload", "salt", "problem"),
    [
        (altered(), PAYLOAD + b" ", SALT, "payload_differs"),
        (altered(), PAYLOAD, bytes(32), "payload_differs"),
        (altered(), PAYLOAD, SALT[:31], "payload_differs"),
        (altered(), None, SALT, "payload_missing"),
        (altered(), PAYLOAD, None, "salt_missing"),
        (altered(algorithm="md5"), PAYLOAD, SALT, "unknown_algorithm"),
        (altered(extra=1), PAYLOAD, SALT, "fields_differ"),
        (b"[]", PAYLOAD, SALT, "fields_differ"),
        (altered() + b"\n", PAYLOAD, SALT, "not_canonical"),
        (b'{"a":1,"a":1}', PAYLOAD, SALT, "not_canonical"),
        (b'{"a":NaN}', PAYLOAD, SALT, "not_canonical"),
        (b"\xff", PAYLOAD, SALT, "not_canonical"),
        (b"[" * 100_000, PAYLOAD, SALT, "not_canonical"),
    ],
)
def test_first_thing_wrong_with_a_stored_entry_is_named(stored: bytes, payload: bytes | None, salt: bytes | None, problem: str) -> None:
    assert check_entry(stored, leaf_hash(stored), payload, salt) == problem


def test_entry_under_another_leaf_is_found_first() -> None:
    assert check_entry(altered(kind="other"), leaf(entry_document(ENTRY)), PAYLOAD, SALT) == "leaf_differs"


def test_algorithm_names_tree_commitment_and_form() -> None:
    assert ALGORITHM == "sha256-rfc6962/hmac-sha256/jcs-1"
