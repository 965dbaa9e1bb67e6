"""Rebuild everything from the stored rows and name the first bad entry. A superuser's edit is found here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from foundation.actor import Hat, acting_as
from records.canonical import check_entry, moment_text
from records.merkle import Frontier
from records.models import Head, RecordEntry, RecordPayload


@dataclass(frozen=True)
class Verdict:
    """What a full check found: `entries` read, and the first problem, if any."""

    entries: int
    erased: int = 0  # entries whose words were destroyed by law: they stand in the tree, and are counted out loud
    problem: str = ""
    entry_id: str = ""
    number: int | None = None
    stream_id: str = ""

    @property
    def holds(self) -> bool:
        return not self.problem


def verify_record() -> Verdict:
    """Check every entry, the numbers of each stream, the tree and every stored head, in the order of the tree."""
    with acting_as(Hat.CLOCK):
        heads = {head.size: bytes(head.root) for head in Head.objects.all()}
        return _walk(heads)


def _walk(heads: dict[int, bytes]) -> Verdict:
    numbers: dict[object, int] = {}
    frontier, count, erased = Frontier(), 0, 0
    for entry in _in_tree_order():
        count += 1
        erased += not hasattr(entry, "payload")
        numbers[entry.stream_id] = numbers.get(entry.stream_id, 0) + 1
        problem = _entry_problem(entry) or _place_problem(entry, frontier.size, numbers[entry.stream_id])
        if not problem:
            frontier = frontier.append(bytes(entry.leaf))
            if frontier.size in heads and heads[frontier.size] != frontier.root():
                problem = "root_differs"
        if problem:
            return Verdict(count, erased, problem, str(entry.pk), entry.number, str(entry.stream_id))
    if heads and max(heads) != frontier.size:
        return Verdict(count, erased, "entries_missing_from_tree")
    return _check_unnumbered(count, erased)


def _in_tree_order() -> Iterator[RecordEntry]:
    rows = RecordEntry.objects.filter(place__isnull=False).select_related("payload", "stream").order_by("place")
    return rows.iterator(chunk_size=2000)


def _check_unnumbered(count: int, erased: int) -> Verdict:
    rows = RecordEntry.objects.filter(place=None).select_related("payload", "stream").order_by("at", "id")
    for entry in rows.iterator(chunk_size=2000):
        count += 1
        erased += not hasattr(entry, "payload")
        problem = _entry_problem(entry)
        if problem:
            return Verdict(count, erased, problem, str(entry.pk), None, str(entry.stream_id))
    return Verdict(count, erased)


def _place_problem(entry: RecordEntry, place: int, number: int) -> str:
    if entry.place != place:
        return "place_missing_before"
    return "number_missing_before" if entry.number != number else ""


def _entry_problem(entry: RecordEntry) -> str:
    payload = getattr(entry, "payload", None)
    text, salt = (payload.text.encode(), bytes(payload.salt)) if payload else (None, None)
    problem = (
        check_entry(entry.canonical.encode(), bytes(entry.leaf), text, salt) or _columns_problem(entry) or _sides_problem(entry, payload)
    )
    return problem or _name_problem(entry, payload)


def _name_problem(entry: RecordEntry, payload: RecordPayload | None) -> str:
    """The name that pages show is the one that was committed with the words."""
    return "columns_differ" if payload and json.loads(payload.text).get("actor_name") != entry.actor_name else ""


def _sides_problem(entry: RecordEntry, payload: RecordPayload | None) -> str:
    """The columns that decide who reads an entry and its words name the two firms of its stream."""
    of_stream = (entry.stream.owner_org_id, entry.stream.supplier_org_id)
    rows = (entry, payload) if payload else (entry,)
    return "" if all((row.owner_org_id, row.supplier_org_id) == of_stream for row in rows) else "sides_differ"


def _columns_problem(entry: RecordEntry) -> str:
    """The columns that pages read must say what the canonical entry says."""
    document = json.loads(entry.canonical)
    told = {
        "id": str(entry.pk),
        "stream": str(entry.stream_id),
        "kind": entry.kind,
        "at": moment_text(entry.at),
        "effective_on": entry.effective_on.isoformat() if entry.effective_on else None,
        "corrects": str(entry.corrects_id) if entry.corrects_id else None,
    }
    if any(document[name] != value for name, value in told.items()):
        return "columns_differ"
    actor, side = document["actor"], {"owner": "owner", "supplier": "supplier", "clock": "clock"}[entry.side]
    if actor["hat"] != side or (side != "clock" and actor["org"] != str(entry.actor_org_id)):
        return "columns_differ"
    return "" if document["subject"]["id"] == str(entry.subject_id) else "columns_differ"
