"""The consistency index of a series enters the score: reckoned where rows changed, as the page of consistency reckons it."""

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from inspections.consistency import Asked, index_of
from inspections.selectors.consistency import Group, Window, order_of, pool_of
from inspections.services.watching import watch_due
from onestop.models import SeriesIndex
from onestop.selectors.facts import facts_of
from onestop.services.indices import keep_indices
from onestop.steadiness import course_of
from tests.agreed import NOW
from tests.cast import actor
from tests.clients import signed_in
from tests.series import many_lots, results_of
from tests.world_portraits import scored

pytestmark = pytest.mark.django_db
LIN, WU, CHEN = actor("lin"), actor("wu"), actor("chen")
TODAY = timezone.localdate(NOW)


def readings(lots: int, each: int, *, moved: int = 0) -> np.ndarray:
    rng = np.random.default_rng(4)
    values = 3850 + rng.normal(0, 20, (lots, 1)) + rng.normal(0, 60, (lots, each))
    values[lots // 2 :] += moved
    return np.rint(values).astype(int)


def kept() -> dict[str, SeriesIndex]:
    with acting_as(Hat.CLOCK):
        return {row.product_code: row for row in SeriesIndex.objects.all()}


def steadiness() -> dict[str, int]:
    with acting_as(Hat.CLOCK):
        return facts_of(TODAY, [LIN.org_id])[LIN.org_id]["steadiness"]


@pytest.fixture
def watched():
    """A series of forty lots, and one of twenty-five with one reading each, of which too little can be said."""
    results_of(many_lots(40), readings(40, 5))
    results_of(many_lots(25, product_code="P-2", mark="T", owner=None), readings(25, 1))
    watch_due(now=NOW)


def test_a_series_counts_by_its_index_where_its_readings_are_enough_and_else_by_its_signals(watched):
    before = steadiness()
    assert (keep_indices(now=NOW), keep_indices(now=NOW)) == (2, 0)

    with as_actor(LIN):
        pool = pool_of(
            LIN, "YRN-CNT", "variable", Window(TODAY.replace(month=1, day=1), TODAY, "CASH-2/26"), Group("GB/T 4743-2009", "tex", 40, TODAY)
        )
    index, rows = index_of(pool, Asked(), order=order_of(pool)), kept()
    assert (before["series"], before["indexed"]) == (2, 0)
    assert rows["CASH-2/26"].parts == course_of(index) == {
        "capability": None, "lot_to_lot": round(index.lot_to_lot.score * 100), "drift": round(index.drift.score * 100),
    }  # fmt: skip
    lowest = min(index.lot_to_lot.score, index.drift.score)
    assert (rows["CASH-2/26"].value_hundredths, rows["P-2"].value_hundredths) == (round(lowest * 100), None)
    assert steadiness() == {"series": 2, "quiet": before["quiet"] - 1, "indexed": 1, "index_total": round(lowest * 100)}


def test_rows_that_change_reckon_their_series_anew(watched):
    keep_indices(now=NOW)
    first = kept()["CASH-2/26"]
    results_of(many_lots(12, mark="V", first=TODAY.replace(day=1)), readings(12, 5) + 300)
    watch_due(now=NOW)

    assert keep_indices(now=NOW, org_ids=[WU.org_id]) == 0
    assert keep_indices(now=NOW, org_ids=[LIN.org_id]) == 1

    again = kept()["CASH-2/26"]
    assert (again.pk, again.parts["drift"], again.weakest) == (first.pk, 0, "drift")
    scored("lin", now=NOW)
    page = signed_in("lin", "en").get("/portrait/why/").content.decode()
    assert ("YRN-CNT · Drift: 0.00 %" in page, "/consistency/YRN-CNT/" in page) == (True, True)


def test_an_index_is_its_firms_own(watched):
    keep_indices(now=NOW)

    with as_actor(WU):
        assert list(SeriesIndex.objects.all()) == []
    with as_actor(LIN):
        assert SeriesIndex.objects.count() == 2
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_actor(CHEN):
        list(SeriesIndex.objects.all())
