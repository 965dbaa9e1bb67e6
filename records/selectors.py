"""Questions about the common record, evidence and grants: all start from the actor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from foundation.templatetags.qc import SHANGHAI
from records.likeness import ALIKE_WITHIN
from records.models import AccessEvent, Ack, Evidence, EvidenceShare, Grant, RecordEntry, RecordStream, UploadSession

PAGE = 25


def stream_for(actor: Actor, stream_id: UUID) -> RecordStream:
    """The stream, or Absent outside the actor's world."""
    stream = RecordStream.objects.visible_to(actor).filter(pk=stream_id).first()
    if stream is None:
        raise Absent
    return stream


def streams(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[RecordStream]:
    """The actor's relations that have something on record, newest activity first; one more than `limit` tells that there are more."""
    said = RecordEntry.objects.filter(stream=OuterRef("pk"))
    rows = RecordStream.objects.visible_to(actor).filter(Exists(said)).order_by("-last_at", "-id")
    if after is not None:
        at, pk = after
        rows = rows.filter(last_at__lte=at).filter(Q(last_at__lt=at) | Q(last_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def first_entries(actor: Actor, stream_ids: Iterable[UUID]) -> dict[UUID, RecordEntry]:
    """stream -> its oldest entry, which names the agreement that the stream is about."""
    oldest = RecordEntry.objects.filter(stream=OuterRef("pk")).order_by("at", "id").values("pk")[:1]
    ids = RecordStream.objects.visible_to(actor).filter(pk__in=list(stream_ids)).values(first=Subquery(oldest))
    return {e.stream_id: e for e in RecordEntry.objects.visible_to(actor).select_related("payload").filter(pk__in=ids)}


def entries(
    actor: Actor, *, stream_id: UUID | None = None, kind: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[RecordEntry]:
    """Newest first, with payload; one more than `limit` tells that there are more."""
    # Fetched beside, not joined: with a wall on both tables the planner takes the second for a choice of rows, and reads all.
    rows = RecordEntry.objects.visible_to(actor).prefetch_related("payload", "stream").order_by("-at", "-id")
    if stream_id is not None:
        rows = rows.filter(stream_id=stream_id)
    if kind:
        rows = rows.filter(kind=kind)
    if after is not None:
        at, pk = after
        rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def entry_for(actor: Actor, entry_id: UUID) -> RecordEntry:
    """One entry with its payload, or Absent."""
    entry = RecordEntry.objects.visible_to(actor).select_related("payload", "stream").filter(pk=entry_id).first()
    if entry is None:
        raise Absent
    return entry


def entries_of_subject(actor: Actor, stream_id: UUID, subject_ids: Iterable[UUID], *, limit: int = 100) -> list[RecordEntry]:
    """What a stream says of some things (an agreement and its obligations, an audit and its findings), newest first."""
    rows = RecordEntry.objects.visible_to(actor).select_related("payload", "stream")
    return list(rows.filter(stream_id=stream_id, subject_id__in=list(subject_ids)).order_by("-at", "-id")[:limit])


def corrections_of(actor: Actor, entry: RecordEntry) -> list[RecordEntry]:
    """The later entries that correct this one, oldest first."""
    return list(RecordEntry.objects.visible_to(actor).select_related("payload", "stream").filter(corrects=entry).order_by("at", "id"))


def kinds_in(actor: Actor, stream_id: UUID) -> list[str]:
    """The kinds of entries that a stream holds, for its filter."""
    rows = RecordEntry.objects.visible_to(actor).filter(stream_id=stream_id)
    return sorted(rows.order_by().values_list("kind", flat=True).distinct())


def whole_stream(actor: Actor, stream_id: UUID, *, kind: str = "") -> Iterator[RecordEntry]:
    """Every entry of a stream, oldest first, read in batches: an export of any length stays small in memory."""
    rows = RecordEntry.objects.visible_to(actor).select_related("payload").filter(stream_id=stream_id).order_by("at", "id")
    return (rows.filter(kind=kind) if kind else rows).iterator(chunk_size=1000)


def last_words(actor: Actor, entry_ids: Iterable[UUID]) -> dict[UUID, dict[str, Ack]]:
    """entry -> side -> that side's latest word."""
    said: dict[UUID, dict[str, Ack]] = {}
    for ack in Ack.objects.visible_to(actor).filter(entry_id__in=list(entry_ids)).order_by("at", "id"):
        said.setdefault(ack.entry_id, {})[ack.side] = ack
    return said


def words_on(actor: Actor, entry: RecordEntry) -> list[Ack]:
    """All that both sides said of an entry, oldest first."""
    return list(Ack.objects.visible_to(actor).filter(entry=entry).order_by("at", "id"))


def evidence_for(actor: Actor, evidence_id: UUID) -> Evidence:
    """The actor's own evidence, or Absent."""
    found = Evidence.objects.visible_to(actor).filter(pk=evidence_id).first()
    if found is None:
        raise Absent
    return found


def files(
    actor: Actor, *, day: date | None = None, kind: str = "", query: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[Any]:
    """The firm's own files, newest first; one more than `limit` tells that there are more. Each says `is_revised`.

    `day`: as they were known at the end of that day in Shanghai: what came later is not there, and does not take the place of anything.
    """
    rows = Evidence.objects.visible_to(actor).select_related("revises").order_by("-received_at", "-id")
    later = Evidence.objects.filter(revises=OuterRef("pk"))
    if day is not None:
        ended = datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)
        rows, later = rows.filter(received_at__lt=ended), later.filter(received_at__lt=ended)
    rows = rows.annotate(is_revised=Exists(later))
    if kind:
        rows = rows.filter(kind__in=["jpeg", "png", "webp"] if kind == "photo" else [kind])
    if query:
        rows = rows.filter(name__icontains=query)
    if after is not None:
        at, pk = after
        rows = rows.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def revisions_of(actor: Actor, evidence: Evidence) -> list[Evidence]:
    """All that stood in the place of a file, the oldest first, itself among them."""
    chain = [evidence]
    while chain[0].revises_id is not None:
        chain.insert(0, Evidence.objects.visible_to(actor).get(pk=chain[0].revises_id))
    while (newer := Evidence.objects.visible_to(actor).filter(revises=chain[-1]).first()) is not None:
        chain.append(newer)
    return chain


def alike_to(actor: Actor, row: Evidence | EvidenceShare, *, limit: int = 6) -> list[Any]:
    """Pictures that look like this one, the nearest first: of the firm's own, or among those that are shown to it.

    Nobody learns of a picture that it may not see.
    """
    if row.look is None:
        return []
    mine: Any = Evidence.objects.visible_to(actor)
    if isinstance(row, EvidenceShare):
        mine = EvidenceShare.objects.visible_to(actor).filter(revoked_at=None)
    apart = RawSQL("bit_count((look # %s)::bit(64))", [row.look], output_field=IntegerField())
    found = mine.exclude(pk=row.pk).exclude(look=None).annotate(bits=apart).filter(bits__lte=ALIKE_WITHIN)
    return list(found.order_by("bits", "-received_at")[:limit])


_ALIKE = """
select distinct on (mine.{id}) mine.{id}, other.name, other.received_at from {table} mine
join {table} other on other.{id} <> mine.{id} and bit_count((other.look # mine.look)::bit(64)) <= %s
where mine.{id} = any(%s) order by mine.{id}, bit_count((other.look # mine.look)::bit(64)), other.received_at desc
"""


def alike_among(actor: Actor, evidence_ids: Iterable[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """evidence -> name and moment of the picture that looks most like it: among the firm's own, or, for a chain owner, what it is shown.

    The database's own walls say what is looked through: nobody learns of a picture that it may not see.
    """
    ids = list(evidence_ids)
    if not ids:
        return {}
    names = {"id": "id", "table": "records_evidence"}
    if actor.hat == Hat.OWNER:
        names = {"id": "evidence_id", "table": "(select * from records_evidenceshare where revoked_at is null)"}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE.format(**names), [ALIKE_WITHIN, ids])
        return {pk: (name, at) for pk, name, at in cursor.fetchall()}


def evidences(actor: Actor, evidence_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """The actor's own evidence rows by id."""
    return {row.pk: row for row in Evidence.objects.visible_to(actor).filter(pk__in=list(evidence_ids))}


def share_for(actor: Actor, share_id: UUID) -> EvidenceShare:
    """Evidence that another firm shows to the actor, or Absent."""
    found = EvidenceShare.objects.visible_to(actor).filter(pk=share_id, revoked_at=None).first()
    if found is None:
        raise Absent
    return found


def shares_for(actor: Actor, evidence_ids: Iterable[UUID]) -> dict[UUID, EvidenceShare]:
    """evidence id -> what the actor may see of it."""
    rows = EvidenceShare.objects.visible_to(actor).filter(evidence_id__in=list(evidence_ids), revoked_at=None)
    return {row.evidence_id: row for row in rows}


def grants_given(actor: Actor) -> list[Grant]:
    """What the actor's firm lets others see, in force first."""
    return list(Grant.objects.visible_to(actor).order_by("revoked_at", "to_name_zh", "what", "id"))


@dataclass(frozen=True)
class LookFilters:
    """What a list of looks is narrowed to; empty is everything."""

    viewer: UUID | None = None
    person: str = ""
    what: str = ""
    since: datetime | None = None


def accesses(
    actor: Actor, filters: LookFilters | None = None, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[AccessEvent]:
    """Who looked at the actor's things, newest first; one more than `limit` tells that there are more."""
    said, rows = filters or LookFilters(), AccessEvent.objects.visible_to(actor).order_by("-at", "-id")
    if said.viewer is not None:
        rows = rows.filter(viewer_org_id=said.viewer)
    if said.person:
        rows = rows.filter(person_name=said.person)
    if said.what:
        rows = rows.filter(what=said.what)
    if said.since is not None:
        rows = rows.filter(at__gte=said.since)
    if after is not None:
        at, pk = after
        rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def lookers(actor: Actor, *, limit: int = 100) -> list[tuple[UUID, str, str, str]]:
    """(organisation, its names, person) of those who have looked, by name: what a list of looks can be narrowed to."""
    rows = AccessEvent.objects.visible_to(actor).order_by("viewer_name_zh", "person_name", "viewer_org_id")
    return list(rows.values_list("viewer_org_id", "viewer_name_zh", "viewer_name_en", "person_name").distinct()[:limit])


def upload_for(actor: Actor, upload_id: UUID) -> UploadSession:
    """The actor's own upload, or Absent."""
    found = UploadSession.objects.visible_to(actor).filter(pk=upload_id).first()
    if found is None:
        raise Absent
    return found
