"""Where variation comes from, on the page: told from stored rows, of the reader's own world alone, never across editions."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from foundation.actor import as_actor
from inspections.models import CharacteristicResult, Lot
from tests.agreed import NOW
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def measured(lot: Lot, readings: list[int], *, by: str, origin: str = "self", **words) -> None:
    row = {
        "lot": lot, "owner_org_id": lot.owner_org_id, "supplier_org_id": lot.supplier_org_id, "org_id": actor(by).org_id, "product_code": lot.product_code,
        "made_on": lot.made_on, "characteristic_code": "YRN-CNT", "edition_code": "GB/T 4743-2009", "unit": "tex", "readings": readings, "decimals": 1,
        "measured_at": NOW, "received_at": NOW, "origin": origin, "entered_via": "web", "verdict": "in", "said_key": uuid4(), "said": uuid4(),
    }  # fmt: skip
    with as_actor(actor(by)):
        CharacteristicResult.objects.create(**(row | words))


def season(supplier: str, mean: int, *, owner: str = "chen", lots: int = 6, **words) -> list[Lot]:
    made = []
    for at in range(lots):
        lot = a_lot(f"{supplier}-{at}", owner=owner, supplier=supplier, made_on=TODAY - timedelta(days=at))
        measured(lot, [mean - 2 + at % 3, mean + at % 3, mean + 2 + at % 3], by=supplier, **words)
        made.append(lot)
    return made


def test_the_owner_sees_that_its_suppliers_differ_and_who():
    season("lin", 380)
    season("wu", 400)

    page = signed_in("chen", "en").get("/consistency/YRN-CNT/").content.decode()

    assert "threads run between suppliers" in page
    assert "36 readings" in page and "2 suppliers" in page and "12 lots" in page
    assert page.count(f'/consistency/YRN-CNT/suppliers/{link_id("chen", "lin")}/') == 1


def test_another_customers_lots_are_no_part_of_it():
    season("wu", 400)
    season("wu", 500, owner="fang")

    mine, theirs = (signed_in(who, "en").get("/consistency/YRN-CNT/").content.decode() for who in ("chen", "fang"))

    assert "18 readings" in mine and "18 readings" in theirs
    assert ("40.1" in mine, "50.1" in mine, "40.1" in theirs, "50.1" in theirs) == (True, False, False, True)


def test_a_supplier_sees_its_own_lots_once_over_all_customers():
    season("wu", 400)
    season("wu", 400, owner="fang")

    page = signed_in("wu", "en").get("/consistency/YRN-CNT/").content.decode()

    assert "36 readings" in page and "12 lots" in page


def test_editions_are_told_apart_and_offered():
    season("lin", 380)
    season("wu", 400, edition_code="GB/T 4743-1995")

    page = signed_in("chen", "en").get("/consistency/YRN-CNT/").content.decode()
    other = signed_in("chen", "en").get("/consistency/YRN-CNT/?edition=GB/T 4743-1995&unit=tex").content.decode()

    assert "2 editions or units were used." in page and "18 readings" in page
    assert "40.1" in other and "38.1" not in other


def test_too_few_lots_say_how_many_are_missing():
    season("lin", 380, lots=3)

    assert "Not enough data: 2 more lots." in signed_in("chen", "en").get("/consistency/YRN-CNT/").content.decode()


def test_own_tests_are_held_against_the_customers():
    for lot in season("lin", 380):
        measured(lot, [374, 376, 378], by="chen", origin="customer")

    page = signed_in("lin", "en").get(f"/consistency/YRN-CNT/suppliers/{link_id('chen', 'lin')}/").content.decode()

    assert "the customer" in page and "Own tests read 0.5 tex higher." in page


def test_a_relation_that_is_not_ones_own_is_not_there():
    season("lin", 380)

    answers = [signed_in(who, "en").get(f"/consistency/YRN-CNT/suppliers/{link_id('chen', 'lin')}/").status_code for who in ("fang", "wu", "chen")]

    assert answers == [404, 404, 200]


def test_an_empty_year_teaches_and_an_unknown_characteristic_is_not_there():
    client = signed_in("chen", "en")

    assert "No tests in these months" in client.get("/consistency/").content.decode()
    assert [client.get(path).status_code for path in ("/consistency/YRN-CNT/", "/consistency/NO-SUCH/")] == [200, 404]


def test_the_table_leaves_as_a_file():
    season("lin", 380)

    body = signed_in("chen", "en").get("/consistency/YRN-CNT/export.csv").content.decode("utf-8-sig")

    heads, row = [line.split(",") for line in body.strip().splitlines()]
    assert (len(heads), row[1:5]) == (15, ["6", "18", "6", "0"])
