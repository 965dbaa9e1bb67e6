"""Numbers without gaps, one tree, one sequencer at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from foundation.actor import Hat, acting_as
from records import merkle
from records.models import Head, RecordEntry, RecordStream
from records.services.sequencer import sequence_once
from records.services.verify import verify_record
from tests.db.records.conftest import NOW, begin_stream, write_entry


@pytest.mark.django_db
def test_each_stream_counts_for_itself_and_the_tree_holds_all() -> None:
    first, second = begin_stream("chen", "lin"), begin_stream("fang", "wu")
    for minute, (stream, who) in enumerate([(first, "chen"), (second, "fang"), (first, "lin"), (second, "wu"), (first, "chen")]):
        write_entry(stream, who, minute=minute)

    assert sequence_once(now=NOW) == 5
    write_entry(second, "fang", minute=9)
    assert (sequence_once(now=NOW), sequence_once(now=NOW)) == (1, 0)

    with acting_as(Hat.CLOCK):
        rows = list(RecordEntry.objects.order_by("place").values_list("stream_id", "number", "place", "leaf"))
        heads = {head.size: bytes(head.root) for head in Head.objects.all()}
    assert [(s == first.pk, n, p) for s, n, p, _ in rows] == [
        (True, 1, 0), (False, 1, 1), (True, 2, 2), (False, 2, 3), (True, 3, 4), (False, 3, 5),
    ]  # fmt: skip
    leaves = [bytes(leaf) for *_, leaf in rows]
    assert heads == {5: merkle.root(leaves[:5]), 6: merkle.root(leaves)}


@pytest.mark.django_db
def test_stream_remembers_its_newest_entry() -> None:
    stream = begin_stream()
    write_entry(stream, minute=7)
    write_entry(stream, minute=3)

    sequence_once(now=NOW)

    with acting_as(Hat.CLOCK):
        assert RecordStream.objects.get(pk=stream.pk).last_at == NOW + timedelta(minutes=7)


@pytest.mark.usefixtures("fresh_database")
def test_two_sequencers_at_once_number_each_entry_once() -> None:
    stream = begin_stream()
    for minute in range(60):
        write_entry(stream, minute=minute)

    def work(_: int) -> int:
        try:
            return sum(sequence_once(now=NOW, limit=7) for _ in range(30))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, range(2)))

    assert sum(done) == 60
    with acting_as(Hat.CLOCK):
        rows = list(RecordEntry.objects.order_by("place").values_list("number", "place"))
    assert rows == [(n + 1, n) for n in range(60)]
    assert verify_record().holds
