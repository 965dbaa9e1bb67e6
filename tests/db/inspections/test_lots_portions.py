"""Who gets a portion can infer nothing of the whole, nor of another's portion: no id, count, quantity, word, answer or entry."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from foundation.actor import as_actor
from inspections.models import Lot
from inspections.services.descent import Part, give_portion
from records.models import RecordEntry
from suppliers.models import SupplyLink
from tests.agreed import NOW, in_force
from tests.cast import BY_NAME, actor, link_id
from tests.clients import signed_in, with_token
from tests.lots import a_lot
from tests.results import filed, ph

pytestmark = pytest.mark.django_db
PAGES = ("", "descent/", "split/", "merge/", "inputs/new/", "results/new/")
ANSWERS = ("", "descent/", "results/", "inspections/")


@pytest.fixture
def world():
    """Wu makes 4,321 kg and gives 1,234 of it to Fang, 777 to Chen; Chen also has an ordinary lot of his own."""
    in_force("chen", "wu", template="garment-2")
    whole = a_lot("GANZ-77", owner=None, supplier="wu", quantity="4321")
    filed(whole, ph("6.41", "6.42"), by="wu")
    portions = {
        owner: given(whole, owner, number, quantity) for owner, number, quantity in (("fang", "F-9", "1234"), ("chen", "C-1", "777"))
    }
    plain = a_lot("C-2", supplier="wu", quantity="777")
    filed(plain, ph("6.41", "6.42"), by="wu")
    return whole, portions, plain


def given(whole: Lot, owner: str, number: str, quantity: str) -> Lot:
    with as_actor(actor("wu")):
        link = SupplyLink.objects.get(pk=link_id(owner, "wu"))
        return give_portion(actor=actor("wu"), lot=whole, link=link, part=Part(number, Decimal(quantity)), client_id=uuid4(), now=NOW)


def everything_told(who: str, lot: Lot) -> str:
    """All pages, lists, exports, answers and entries in which a lot may be spoken of, as one text."""
    client, token, api = signed_in(who, "en"), with_token(who), Client()
    addresses = [
        "/lots/",
        "/lots/export.csv",
        "/lots/new/",
        "/record/",
        f"/record/{lot.stream_id}/",
        "/inbox/",
        *(f"/lots/{lot.pk}/{page}" for page in PAGES),
    ]
    told = [client.get(address) for address in addresses]
    told += [api.get(address, **token) for address in ("/api/v1/lots/", *(f"/api/v1/lots/{lot.pk}/{answer}" for answer in ANSWERS))]
    assert {response.status_code for response in told} == {200}
    with as_actor(actor(who)):
        rows = RecordEntry.objects.visible_to(actor(who)).select_related("payload")
        entries = [f"{row.subject_id} {row.payload.text}" for row in rows]
    return "\n".join([*(response.content.decode() for response in told), *entries])


def test_nothing_that_a_customer_is_told_speaks_of_the_whole_or_of_anothers_portion(world):
    whole, portions, _plain = world

    told = everything_told("chen", portions["chen"])

    fang = BY_NAME["fang"]
    strange = [
        str(whole.pk), whole.token, "GANZ-77", "4321", "4,321", str(portions["fang"].pk), portions["fang"].token, "F-9", "1234", "1,234", fang.org_zh, fang.org_en,
        "2310", "2,310", "3087", "3,087",  # what is left of the whole, and of it without Chen's portion
    ]  # fmt: skip
    assert [word for word in strange if word in told] == []
    assert "portion" not in told.lower()
    assert "C-1" in told  # the test would be green on a silent product
    of_its_maker = everything_told("wu", portions["fang"])
    assert "F-9" in of_its_maker and "GANZ-77" in of_its_maker


def test_a_portion_looks_like_any_other_lot(world):
    _whole, portions, plain = world
    client, token, api = signed_in("chen", "en"), with_token("chen"), Client()

    def faces(lot: Lot) -> list[str]:
        answers = [client.get(f"/lots/{lot.pk}/"), *(api.get(f"/api/v1/lots/{lot.pk}/{answer}", **token) for answer in ANSWERS)]
        own = [str(lot.pk), lot.token, lot.lot_no]
        return [bare(response.content.decode(), own) for response in answers]

    for portion, other in zip(faces(portions["chen"]), faces(plain), strict=True):
        assert portion.splitlines() == other.splitlines()


def bare(text: str, own: list[str]) -> str:
    """Without ids, numbers of lots, moments and what is drawn anew for each page."""
    for word in own:
        text = text.replace(word, "OWN")
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}", "ID", text)
    text = re.sub(r'nonce="[^"]+"|csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+', "", text)
    return re.sub(r"\?like=[^\"]+", "", text)


def test_a_customer_asks_in_vain_for_the_whole_and_for_anothers_portion(world):
    whole, portions, _plain = world
    client, token, api = signed_in("chen"), with_token("chen"), Client()
    mine = f"/api/v1/lots/{portions['chen'].pk}/"
    words = {"content_type": "application/json", **token}

    for strange in (whole, portions["fang"]):
        assert client.get(f"/lots/{strange.pk}/").status_code == 404
        assert client.get(f"/lots/q/{strange.token}/").status_code == 404
        assert api.get(f"/api/v1/lots/{strange.pk}/", **token).status_code == 404
        assert api.post(f"{mine}inputs/", {"parent": str(strange.pk)}, **words).status_code == 404
        assert api.post(f"{mine}merge/", {"lots": [str(strange.pk)], "lot_no": "X"}, **words).status_code == 404
    assert api.get(f"{mine}portions/", **token).status_code == 403
    # The number of the whole is free in Chen's own relation, so that not even a refusal tells of it.
    made = {
        "link": str(link_id("chen", "wu")),
        "lot_no": "GANZ-77",
        "product": whole.product,
        "product_code": whole.product_code,
        "made_on": "2026-03-02",
        "quantity": "1",
        "unit": "kg",
    }
    assert api.post("/api/v1/lots/", made, **words).status_code == 201


def test_the_maker_sees_the_whole_its_portions_and_what_is_left(world):
    whole, portions, _plain = world
    page = signed_in("wu", "en").get(f"/lots/{whole.pk}/").content.decode()
    tree = Client().get(f"/api/v1/lots/{whole.pk}/descent/", **with_token("wu")).json()
    listed = Client().get(f"/api/v1/lots/{whole.pk}/portions/", **with_token("wu")).json()["portions"]

    assert "2,310 kg left" in page and "F-9" in page and "C-1" in page
    assert tree["left"] == "2310.000"
    assert {(step["kind"], step["younger"]) for step in tree["steps"]} == {("portion", str(each.pk)) for each in portions.values()}
    assert [row["lot_no"] for row in listed] == ["F-9", "C-1"]
