"""Lots that were reckoned once are taken as they are until a row of their series changes, and are what the rows give."""

import numpy as np
import pytest
from django.db import ProgrammingError, connection, transaction

from foundation.actor import Hat, acting_as, as_actor
from inspections.models import CharacteristicResult, WatchedLots, WatchedSeries
from inspections.seen import _periods
from inspections.selectors.blocks import Block, ReckonedMeanwhile, block_of
from inspections.services.lots_kept import keep_lots
from inspections.services.watching import watch_due
from tests.agreed import NOW
from tests.cast import actor
from tests.series import many_lots, results_of

pytestmark = pytest.mark.django_db


def quiet(lots: int, *, seed: int = 1) -> list[list[int]]:
    return np.random.default_rng(seed).normal(3850, 20, (lots, 5)).round().astype(int).tolist()


def looked_at() -> Block:
    with acting_as(Hat.CLOCK):
        block = block_of([actor("lin").org_id], most=400)
        keep_lots(block)
    return block


def rows_of(block: Block) -> set[tuple]:
    with acting_as(Hat.CLOCK):
        lots = block.lot_ids(range(len(block.series)))
    return {
        (block.series_id(int(series)), lots[place], int(block.days[place]), int(block.numbers[place]), block.means[place], block.deviations[place])
        for place, series in enumerate(block.series)
    }  # fmt: skip


@pytest.fixture
def lots():
    lots = many_lots(8)
    results_of(lots, quiet(8))
    results_of(lots[:5], quiet(5, seed=3), characteristic_code="PH", edition_code="GB/T 7573-2009")
    return lots


def test_a_series_is_read_once_and_comes_as_it_was_kept(lots):
    first, second = looked_at(), looked_at()
    assert (len(first.known), len(first.anew), len(second.anew)) == (2, 2, 0)
    assert rows_of(second) == rows_of(first)
    assert len(rows_of(second)) == 13
    assert (np.diff(second.series) >= 0).all()


def test_only_a_series_that_was_touched_is_read_again(lots):
    looked_at()
    (late,) = many_lots(1, mark="T")
    results_of([late], [[3900, 3910]])
    block = looked_at()
    with acting_as(Hat.CLOCK):
        touched = WatchedSeries.objects.get(characteristic_code="YRN-CNT")
    assert [block.series_id(number) for number in block.anew.tolist()] == [touched.pk]
    assert late.pk in {row[1] for row in rows_of(block)}
    assert len(rows_of(block)) == 14
    assert (np.diff(block.series) >= 0).all()
    assert rows_of(looked_at()) == rows_of(block)


def test_a_correction_is_seen_although_nothing_was_added_to_the_lot(lots):
    looked_at()
    with acting_as(Hat.CLOCK):
        wrong = CharacteristicResult.objects.filter(characteristic_code="PH").earliest("made_on")
    right = results_of([lots[0]], [[700]], characteristic_code="PH", edition_code="GB/T 7573-2009", corrects_id=wrong.pk)[0]
    with acting_as(Hat.CLOCK):
        CharacteristicResult.objects.filter(pk=wrong.pk).update(replaced_by=right.pk)
    block = looked_at()
    assert len(block.anew) == 1
    assert {(row[3], row[4]) for row in rows_of(block) if row[1] == lots[0].pk} >= {(1, 7.0)}
    assert len(rows_of(block)) == 13


def test_what_was_kept_before_a_touch_does_not_displace_what_was_kept_after(lots):
    with acting_as(Hat.CLOCK):
        old = block_of([actor("lin").org_id], most=400)
    results_of(many_lots(1, mark="T"), [[3900, 3910]])
    new = looked_at()
    with acting_as(Hat.CLOCK):
        keep_lots(old)
    assert rows_of(looked_at()) == rows_of(new)


def test_change_points_of_many_series_ask_once_for_their_lots(lots, monkeypatch):
    looked_at()
    asked, ids_of = [], Block._kept_ids
    monkeypatch.setattr(Block, "_kept_ids", lambda block, places: asked.append(len(places)) or ids_of(block, places))
    with acting_as(Hat.CLOCK):
        block = block_of([actor("lin").org_id], most=400)
        cuts = {block.series_id(number): [(lots[3].pk, 0)] for number in range(len(block.known))}
        starts, lengths = _periods(block, cuts)
    assert asked == [13]
    assert sorted(lengths.tolist()) == [2, 3, 3, 5]
    assert len(starts) == 4


def test_the_id_of_a_lot_that_was_kept_anew_meanwhile_is_not_guessed(lots):
    looked_at()
    with acting_as(Hat.CLOCK):
        block = block_of([actor("lin").org_id], most=400)
        (number,) = {int(each) for each in block.series if (block.series == each).sum() == 8}
        places = np.flatnonzero(block.series == number)
        assert block.lot_ids(places[2:4]) == [lot.pk for lot in lots[2:4]]
        WatchedLots.objects.filter(series_id=block.series_id(number)).update(touched=99)
        with pytest.raises(ReckonedMeanwhile):
            block.lot_ids(places[2:4])


def test_a_look_after_filing_keeps_the_lots_for_the_night(lots):
    watch_due(now=NOW)
    with acting_as(Hat.CLOCK):
        assert WatchedLots.objects.count() == 2
    assert len(looked_at().anew) == 0


@pytest.mark.parametrize("who", ["lin", "chen"])
def test_nobody_but_the_clock_reads_what_was_reckoned(lots, who):
    looked_at()
    with as_actor(actor(who)), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("select count(*) from inspections_watchedlots")
