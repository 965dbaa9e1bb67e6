"""The five numbers of the morning, exact on rows that are given."""

from datetime import timedelta

import pytest

from foundation.actor import as_actor
from oversight.selectors import morning, worst_overdue
from tests.cast import actor
from tests.db.oversight.rows import NOW, TODAY, agreement, days, owed

pytestmark = pytest.mark.django_db
ZHOU = actor("zhou")


def test_every_number_comes_from_its_rows():
    lin = agreement("chen", "lin", "A-1", signed_at=NOW - timedelta(days=2))
    agreement("chen", "wu", "A-2", state="signed", region_code="330206", signed_at=NOW - timedelta(days=1))
    agreement("fang", "wu", "F-1", signed_at=NOW - timedelta(days=3))
    owed(lin, "owner", days(-6))
    owed(lin, "supplier", days(-2))
    owed(lin, "supplier", days(-30), met_on=days(-31))
    owed(lin, "supplier", days(-9), met_on=days(-1))
    owed(lin, "supplier", days(3))

    with as_actor(ZHOU):
        said = morning(ZHOU, now=NOW, today=TODAY)

    assert (said.firms, said.firms_above_scale) == (8, 0)
    assert (said.in_force, said.signed_this_week, said.top_region, said.top_region_signed) == (2, 3, "330203", 2)
    assert (said.overdue, said.overdue_owner, said.oldest_due_on) == (2, 1, days(-6))
    assert (said.came_due, said.kept_on_time, said.rate) == (4, 1, 25)
    assert (said.audits_soon, said.audits_waiting, said.findings_open, said.findings_grave, said.findings_late) == (0, 0, 0, 0, 0)


def test_an_empty_city_has_no_rate():
    with as_actor(ZHOU):
        said = morning(ZHOU, now=NOW, today=TODAY)

    assert (said.in_force, said.overdue, said.oldest_due_on, said.rate) == (0, 0, None, None)


def test_the_chain_owners_side_comes_first_however_long_the_other_waits():
    lin = agreement("chen", "lin", "A-1")
    late_supplier, late_owner = owed(lin, "supplier", days(-50)), owed(lin, "owner", days(-1))
    owed(lin, "owner", days(5))

    with as_actor(ZHOU):
        found = worst_overdue(ZHOU, today=TODAY, size=8)

    assert [row.pk for row in found] == [late_owner, late_supplier]


def test_the_morning_costs_six_queries(django_assert_num_queries):
    with as_actor(ZHOU), django_assert_num_queries(6):
        morning(ZHOU, now=NOW, today=TODAY)
