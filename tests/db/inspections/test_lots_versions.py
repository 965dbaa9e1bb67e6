"""A lot is judged by the text of its own day, whatever binds today."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.actor import CLOCK, Hat, acting_as, as_actor
from inspections.selectors.versions_of_day import versions_for
from tests.agreed import STARTS, at, in_force
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


def test_a_lot_is_judged_by_the_text_that_bound_on_the_day_it_was_made():
    agreement = in_force(ends=date(2026, 6, 1))
    later = in_force(starts=date(2026, 6, 1), ends=None, now=at(date(2026, 6, 1)))
    day = at(date(2026, 7, 1))
    lots = {
        name: a_lot(name, made_on=made_on, now=day)
        for name, made_on in (("before", STARTS - timedelta(days=1)), ("first", STARTS), ("last", date(2026, 5, 31)), ("next", date(2026, 6, 1)))
    }  # fmt: skip
    own = a_lot("own", owner=None, now=day)

    seen = {}
    for who in ("chen", "lin"):
        with as_actor(actor(who)), CaptureQueriesContext(connection) as asked:
            seen[who] = versions_for(actor(who), [*lots.values(), own])
        assert len(asked) == 2  # the texts, then their clauses; the agreement comes with its text
    with acting_as(Hat.CLOCK):
        seen["clock"] = versions_for(CLOCK, lots.values())
    with as_actor(actor("wu")):
        seen["wu"] = versions_for(actor("wu"), lots.values())

    expected = {lots["first"].pk: agreement.pk, lots["last"].pk: agreement.pk, lots["next"].pk: later.pk}
    for who in ("chen", "lin", "clock"):
        assert {lot_id: found.agreement.pk for lot_id, found in seen[who].items()} == expected
        _agreement, version, clauses = seen[who][lots["first"].pk]
        assert [clause.version_id for clause in clauses] == [version.pk] * len(clauses) != []
    assert seen["wu"] == {}
