"""A lot as its two sides see it, and as nobody else does."""

import pytest

from tests.clients import signed_in
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


def test_the_page_of_a_lot_opens_for_its_two_sides_alone():
    lot = a_lot()

    seen = {who: signed_in(who, "en").get(f"/lots/{lot.pk}/").status_code for who in ("chen", "lin", "fang", "wu", "zhou", "mei", "pan")}

    assert seen == {"chen": 200, "lin": 200, "fang": 404, "wu": 404, "zhou": 403, "mei": 403, "pan": 403}


def test_a_label_leads_to_its_lot_and_says_nothing_to_a_stranger():
    lot = a_lot()

    found = signed_in("chen").get(f"/lots/q/{lot.token}/")
    strange = signed_in("wu").get(f"/lots/q/{lot.token}/")

    assert (found.status_code, found["Location"]) == (302, f"/lots/{lot.pk}/")
    assert strange.status_code == 404
    assert lot.lot_no not in strange.content.decode()
