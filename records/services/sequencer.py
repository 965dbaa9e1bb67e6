"""One sequencer, under an advisory lock, numbers what has committed and extends the tree."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from foundation.actor import Hat, acting_as
from jobs.services import beat
from records.merkle import Frontier
from records.models import Head, RecordEntry

LOCK = "qcchain sequencer"


def last_frontier() -> Frontier:
    """The tree as it stands. Clock only."""
    head = Head.objects.order_by("-size").first()
    return Frontier(size=head.size, peaks=tuple(bytes(p) for p in head.peaks)) if head else Frontier()


def sequence_once(*, now: datetime, limit: int = 1000) -> int:
    """Number the entries that have committed and have no number; returns how many. Two at once: one does nothing."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
        waiting = list(RecordEntry.objects.filter(number=None).order_by("at", "id").only("id", "stream_id", "leaf", "at")[:limit])
        if waiting:
            _number(waiting, now)
    beat("sequencer", now=now)
    return len(waiting)


def _number(waiting: list[RecordEntry], now: datetime) -> None:
    frontier = last_frontier()
    numbers = _last_numbers({entry.stream_id for entry in waiting})
    placed: list[tuple[Any, int, int]] = []
    for entry in waiting:
        numbers[entry.stream_id] = numbers.get(entry.stream_id, 0) + 1
        placed.append((entry.pk, numbers[entry.stream_id], frontier.size))
        frontier = frontier.append(bytes(entry.leaf))
    newest = {entry.stream_id: entry.at for entry in waiting}  # in the order of their moments: the last one stays
    with connection.cursor() as cursor:
        cursor.execute(
            "update records_recordentry e set number = n.number, place = n.place "
            "from unnest(%s::uuid[], %s::int[], %s::bigint[]) as n(id, number, place) where e.id = n.id",
            [[p[0] for p in placed], [p[1] for p in placed], [p[2] for p in placed]],
        )
        # Only the sequencer touches a stream's row: an append would otherwise wait for every other append of its relation.
        cursor.execute(
            "update records_recordstream s set last_at = greatest(s.last_at, n.at) "
            "from unnest(%s::uuid[], %s::timestamptz[]) as n(id, at) where s.id = n.id",
            [list(newest), list(newest.values())],
        )
    Head.objects.create(size=frontier.size, root=frontier.root(), peaks=list(frontier.peaks), at=now)


def _last_numbers(stream_ids: set[Any]) -> dict[Any, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select stream_id, max(number) from records_recordentry where stream_id = any(%s) and number is not null group by stream_id",
            [list(stream_ids)],
        )
        return dict(cursor.fetchall())
