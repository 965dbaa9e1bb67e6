"""Rows of any shape come as arrays: missing readings, several samples of a lot, other decimals, lots of one day."""

import random
from datetime import date

import numpy as np
import pytest

from foundation.actor import Hat, acting_as
from inspections.models import WatchedSeries
from inspections.selectors.blocks import EPOCH, block_of
from tests.cast import actor
from tests.series import many_lots, results_of

pytestmark = pytest.mark.django_db


def test_every_lot_has_the_mean_and_the_spread_of_all_its_readings_and_stands_in_order():
    rng, expected = random.Random(5), {}
    lots = many_lots(6) + many_lots(6, mark="R")  # two lots a day: by their numbers
    early = many_lots(1, first=date(1999, 5, 4), mark="OLD")
    for lot in [*lots, *early]:
        values: list[float] = []
        for _sample in range(rng.randint(1, 3)):
            decimals, readings = rng.randint(0, 3), [rng.choice([None, rng.randint(-50, 4000)]) for _ in range(rng.randint(1, 6))]
            results_of([lot], [readings], decimals=decimals)
            values += [each / 10**decimals for each in readings if each is not None]
        if values:
            expected[lot.lot_no] = (lot, values)
    results_of(lots[:1], [[20, 7]], qualifiers=["<", "="])  # says only "below": no value
    results_of(lots[:2], [[4], [4]], characteristic_code="FOR", decimals=0)  # not measured: in no chart
    with acting_as(Hat.CLOCK):
        block = block_of([actor("lin").org_id], most=400)
        (row,) = WatchedSeries.objects.filter(characteristic_code="YRN-CNT")
    shown = sorted(expected.values(), key=lambda pair: (pair[0].made_on, pair[0].lot_no))
    assert block.lot_ids(range(len(block.series))) == [lot.pk for lot, _values in shown]
    assert {block.series_id(number) for number in block.series.tolist()} == {row.pk}
    assert [EPOCH.toordinal() + day for day in block.days.tolist()] == [lot.made_on.toordinal() for lot, _values in shown]
    assert block.numbers.tolist() == [len(values) for _lot, values in shown]
    assert block.means.tolist() == pytest.approx([np.mean(values) for _lot, values in shown])
    spreads = [np.std(values, ddof=1) if len(values) > 1 else np.nan for _lot, values in shown]
    assert block.deviations.tolist() == pytest.approx(spreads, nan_ok=True)


def test_only_the_newest_lots_are_loaded_and_another_firm_has_none():
    results_of(many_lots(9), [[1, 2]] * 9)
    with acting_as(Hat.CLOCK):
        block = block_of([actor("lin").org_id], most=4)
        assert len(block_of([actor("wu").org_id], most=4).series) == 0
    assert [EPOCH.toordinal() + day for day in block.days.tolist()] == [date(2026, 1, day).toordinal() for day in (6, 7, 8, 9)]
