"""append_entry(): the one door into the record. It takes no lock; the sequencer numbers what has committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat
from foundation.errors import NotYours
from records.canonical import Entry, EntryActor, EntrySubject, canonical, commitment, entry_document, new_salt
from records.merkle import leaf_hash
from records.models import RecordEntry, RecordPayload

SIDES = {Hat.OWNER: "owner", Hat.SUPPLIER: "supplier", Hat.CLOCK: "clock"}
BATCH = 1000
Rows = tuple[RecordEntry, RecordPayload]


@dataclass(frozen=True)
class Fact:
    """What one entry says, and of what; `corrects` names an earlier entry that it puts right."""

    kind: str
    subject_id: UUID
    payload: dict[str, Any]
    effective_on: date | None = None
    corrects: RecordEntry | None = None


@transaction.atomic
def append_entry(
    *,
    actor: Actor,
    stream: Any,
    kind: str,
    subject_id: UUID,
    payload: dict[str, Any],
    now: datetime,
    effective_on: date | None = None,
    corrects: RecordEntry | None = None,
) -> RecordEntry:
    """Write one fact into a relation's record, inside the caller's transaction.

    `stream` is anything that names `stream_id` (or is the stream), `owner_org_id` and `supplier_org_id`.
    Raises ValueError when the payload has no canonical form, NotYours when the actor is of neither side.
    """
    fact = Fact(kind, subject_id, payload, effective_on=effective_on, corrects=corrects)
    entry, words = entry_rows(actor=actor, stream=stream, fact=fact, now=now)
    append_many([(entry, words)])
    return entry


@transaction.atomic
def append_many(rows: Sequence[Rows]) -> None:
    """Write facts that entry_rows() made, many at once."""
    RecordEntry.objects.bulk_create([entry for entry, _payload in rows], batch_size=BATCH)
    RecordPayload.objects.bulk_create([payload for _entry, payload in rows], batch_size=BATCH)


def entry_rows(*, actor: Actor, stream: Any, fact: Fact, now: datetime) -> Rows:
    """The rows of one fact, not yet written; errors are append_entry()'s."""
    side = _side(actor, stream)
    at = now.replace(microsecond=now.microsecond // 1000 * 1000)  # the canonical moment has milliseconds
    # The speaker's name is personal, so it is committed with the payload and can be erased with it.
    said = {**fact.payload, "actor_name": actor.person_name}
    if actor.stands_for and fact.kind != "agreement_signed":  # nobody signs as a deputy: the right to sign is not lent
        said["stands_for"] = list(actor.stands_for)
    text, salt, entry_id = canonical(said), new_salt(), uuid7()
    stream_id = getattr(stream, "stream_id", None) or stream.pk
    document = entry_document(
        Entry(
            id=entry_id,
            stream=stream_id,
            kind=fact.kind,
            actor=EntryActor(org=actor.org_id, person=actor.person_id, hat=actor.hat.value),
            subject=EntrySubject(kind=fact.kind.split("_")[0], id=fact.subject_id),
            at=at,
            effective_on=fact.effective_on,
            corrects=fact.corrects.pk if fact.corrects else None,
            commitment=commitment(text, salt),
        )
    )
    body = canonical(document)
    sides = {"owner_org_id": stream.owner_org_id, "supplier_org_id": stream.supplier_org_id}
    entry = RecordEntry(
        id=entry_id, stream_id=stream_id, **sides, kind=fact.kind, side=side, actor_org_id=actor.org_id if side != "clock" else None,
        actor_name=actor.person_name, subject_id=fact.subject_id, at=at, effective_on=fact.effective_on, corrects=fact.corrects,
        canonical=body.decode(), leaf=leaf_hash(body),
    )  # fmt: skip
    return entry, RecordPayload(entry=entry, **sides, text=text.decode(), salt=salt)


def _side(actor: Actor, stream: Any) -> str:
    side = SIDES.get(actor.hat)
    mine = {"owner": stream.owner_org_id, "supplier": stream.supplier_org_id, "clock": actor.org_id}.get(side or "")
    if side is None or mine != actor.org_id:
        raise NotYours
    return side
