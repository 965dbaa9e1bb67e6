"""The map's numbers: firms, signed agreements and overdue obligations, each from its own rows."""

import pytest

from foundation.actor import as_actor
from oversight.documents import places_table
from oversight.selectors import place_counts, places, places_with_towns
from oversight.selectors.places import CITY
from tests.cast import actor
from tests.db.oversight.rows import TODAY, agreement, days, owed

pytestmark = pytest.mark.django_db
ZHOU = actor("zhou")


@pytest.fixture
def rows():
    lin = agreement("chen", "lin", "A-1")
    wu = agreement("chen", "wu", "A-2", region_code="330206", town_code="330206001")
    agreement("fang", "wu", "F-1", state="expired")
    owed(lin, "owner", days(-1))
    owed(lin, "supplier", days(-1))
    owed(lin, "supplier", days(-4), met_on=days(-1))
    owed(wu, "supplier", days(-2))


def test_districts_are_counted_from_rows(rows):
    with as_actor(ZHOU):
        counts = place_counts(ZHOU, parent=CITY, today=TODAY)

    assert counts.firms == {"330203": 8}
    assert counts.agreements == {"330203": 1, "330206": 1}
    assert counts.overdue == {"330203": 2, "330206": 1}
    assert counts.overdue_owner == {"330203": 1}


def test_towns_of_one_district_hold_its_own_rows_only(rows):
    with as_actor(ZHOU):
        counts = place_counts(ZHOU, parent="330203", today=TODAY)

    assert counts.firms == {"330203009": 8}
    assert counts.agreements == {"330203009": 1}
    assert counts.overdue == {"330203009": 2}


def test_the_city_has_twelve_places_and_haishu_seventeen():
    with as_actor(ZHOU):
        assert [len(places(CITY)), len(places("330203")), places("330206"), places_with_towns()] == [12, 17, [], {"330203"}]


def test_three_queries_make_the_map(rows, django_assert_num_queries):
    with as_actor(ZHOU), django_assert_num_queries(3):
        place_counts(ZHOU, parent=CITY, today=TODAY)


def test_the_table_beside_says_what_the_tiles_say(rows):
    with as_actor(ZHOU):
        _heads, lines = places_table(places(CITY), place_counts(ZHOU, parent=CITY, today=TODAY))

    assert [line[2:] for line in lines if line[0] == "330203"] == [[8, 1, 2, 1]]
    assert [line[2:] for line in lines if line[0] == "330206"] == [[0, 1, 1, 0]]
