"""The desk's pages and its API: what each hat is shown, and what a form does."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from onestop.models import ServiceCall, ServiceOffer, ServiceRequest
from onestop.views import asking
from records.models import Evidence
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.world import photo
from tests.world_services import an_offer, asked_for, quoted

pytestmark = pytest.mark.django_db
LIN, AN, ZHOU = actor("lin"), actor("an"), actor("zhou")


def the_request():
    with acting_as(Hat.CLOCK):
        return ServiceRequest.objects.get()


def test_a_firm_asks_from_an_overdue_instrument_and_lets_its_facts_be_read():
    now = timezone.now()
    an_offer(now=now, kind="metrology")
    with as_actor(LIN):
        said = InstrumentSaid(
            "balance",
            "B-1",
            model="云杼 纺织 JA2003",
            calibrated_on=now.date() - timedelta(days=400),
            calibration_due_on=now.date() - timedelta(days=35),
        )
        thing = add_instrument(actor=LIN, said=said, client_id=LIN.person_id, now=now)
    lin = signed_in("lin", "en")
    page = lin.get(f"/firm/instruments/{thing.pk}/").content.decode()
    address = f"/services/ask/?about=instrument&amp;subject={thing.pk}"
    assert address in page
    form = lin.get(address.replace("&amp;", "&"))
    key = form.context["form"]["client_id"].value()
    said = {
        "client_id": key,
        "kind": "metrology",
        "need": "天平过期了",
        "facts": ["instrument", "until"],
        "contact": "林杼",
        "phone": "",
        "node_code": "knitting",
    }
    answer = lin.post(address.replace("&amp;", "&"), said)

    row = the_request()
    assert (answer.status_code, answer["Location"]) == (302, f"/services/requests/{row.pk}/")
    assert row.facts["en"] == [
        ["Instrument", "Balance (name withheld) JA2003"],
        ["Calibration holds until", str(now.date() - timedelta(days=35))],
    ]
    assert (row.about, row.subject_id) == ("instrument", thing.pk)


def test_a_form_with_nothing_in_it_keeps_its_input_and_asks_nobody():
    an_offer(now=timezone.now())
    answer = signed_in("lin").post("/services/ask/", {"kind": "quality", "need": "", "contact": "林杼"})

    assert (answer.status_code, "林杼" in answer.content.decode()) == (422, True)
    with acting_as(Hat.CLOCK):
        assert not ServiceRequest.objects.exists()


def test_the_whole_way_by_pages():
    an_offer(now=timezone.now())
    row = asked_for(LIN, now=timezone.now())
    an, lin, url = signed_in("an"), signed_in("lin"), f"/services/requests/{row.pk}/"
    before = an.get(url).content.decode()
    an.post(url, {"do": "quote", "price": "800元", "days": "3", "words": ""})
    with acting_as(Hat.CLOCK):
        call = ServiceCall.objects.get()
    lin.post(url, {"do": "accept", "quote": str(call.pk), "price": "800元", "days": "3"})
    after = an.get(url).content.decode()
    key = an.get(url).context["deliver"]["client_id"].value()
    for _twice in range(2):  # a button pressed twice files once
        files = [
            SimpleUploadedFile(name, photo((44, 66, 90 * number)).read_bytes(), "image/jpeg")
            for number, name in enumerate(("报告.jpg", "布样.jpg"))
        ]
        an.post(url, {"do": "deliver", "client_id": key, "report": "换固色剂", "file": files})
    delivered = lin.get(url).content.decode()
    lin.post(url, {"do": "confirm"})
    lin.post(url, {"do": "rate", "satisfaction": "5", "words": ""})

    assert (LIN.org_name_zh in before, LIN.org_name_zh in after, the_request().state) == (False, True, "rated")
    with as_actor(LIN):
        filed = Evidence.objects.visible_to(LIN).order_by("name")
        assert [(each.name, f"/evidence/{each.pk}/" in delivered) for each in filed] == [("布样.jpg", True), ("报告.jpg", True)]


def test_what_a_rule_refuses_stands_on_the_form():
    an_offer(now=timezone.now())
    row = asked_for(LIN, now=timezone.now())
    answer = signed_in("an", "en").post(f"/services/requests/{row.pk}/", {"do": "quote", "price": "   ", "days": "3"})

    assert answer.status_code == 422
    assert the_request().state == "new"


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        (
            "lin",
            [
                "/services/",
                "/services/export.csv?kind=quality",
                "/services/?kind=brand",
                "/services/requests/",
                "/services/requests/export.csv",
                "/services/ask/",
                "/services/demand/",
            ],
        ),
        (
            "an",
            [
                "/services/board/",
                "/services/board/?view=done",
                "/services/board/export.xlsx",
                "/services/offers/",
                "/services/offers/export.xlsx",
                "/services/offers/new/",
                "/services/demand/export.csv",
            ],
        ),
        (
            "zhou",
            [
                "/bureau/services/",
                "/bureau/services/?late=1",
                "/bureau/services/export.csv",
                "/bureau/services/providers.csv",
                "/services/",
                "/services/demand/",
            ],
        ),
        ("pan", ["/bureau/services/", "/bureau/services/?late=1", "/bureau/services/export.xlsx", "/bureau/services/providers.xlsx"]),
    ],
)
def test_every_page_opens_empty_and_full(who, paths):
    client = signed_in(who, "en")
    empty = {client.get(path).status_code for path in paths}
    an_offer(now=timezone.now())
    quoted(asked_for(LIN, now=timezone.now()), now=timezone.now())

    assert (empty, {client.get(path).status_code for path in paths}) == ({200}, {200})


def test_the_bureau_finds_no_firm_on_its_page_nor_in_its_file():
    an_offer(now=timezone.now())
    asked_for(LIN, now=timezone.now() - timedelta(days=9))
    zhou = signed_in("zhou")
    said = zhou.get("/bureau/services/?late=1").content.decode() + zhou.get("/bureau/services/export.csv").content.decode()
    nudged = zhou.post(f"/bureau/services/{the_request().pk}/nudge/")
    pan = signed_in("pan")
    seen = pan.get("/bureau/services/?late=1").content.decode()

    assert not [word for word in (LIN.org_name_zh, str(LIN.org_id), "湿摩擦", "林师傅") if word in said + seen]
    assert ("/nudge/" in said, "/nudge/" in seen, AN.org_name_zh in seen) == (True, False, True)
    assert (nudged.status_code, pan.post(f"/bureau/services/{the_request().pk}/nudge/").status_code) == (302, 403)


def test_an_offer_is_written_published_and_paused_by_pages():
    an = signed_in("an")
    key = an.get("/services/offers/new/").context["form"]["client_id"].value()
    said = {
        "client_id": key,
        "kind": "testing",
        "title": "色牢度",
        "about": "五项",
        "price_note": "300元",
        "answer_hours": 4,
        "service_days": 3,
        "capacity": 5,
    }
    url = an.post("/services/offers/new/", said)["Location"]
    an.post(f"{url}put/", {"state": "published"})
    seen = signed_in("lin").get(url).status_code
    an.post(f"{url}edit/", {**said, "title": "色牢度六项"})
    an.post(f"{url}put/", {"state": "paused"})

    with acting_as(Hat.CLOCK):
        row = ServiceOffer.objects.get()
    assert (seen, row.title, row.state, signed_in("lin").get(url).status_code) == (200, "色牢度六项", "paused", 404)


def test_the_api_does_the_same(client):
    an_offer(now=timezone.now())
    lin, an, zhou = (with_token(who) for who in ("lin", "an", "zhou"))
    said = {"kind": "quality", "need": "x", "contact": "林杼", "client_id": str(LIN.person_id)}
    made = [client.post("/api/v1/services/requests/", said, content_type="application/json", **lin).json()["id"] for _ in range(2)]
    one = f"/api/v1/services/board/{made[0]}/"
    quote = client.post(f"{one}quote/", {"price": "1", "days": 2}, content_type="application/json", **an)
    call = client.get(f"/api/v1/services/requests/{made[0]}/", **lin).json()["calls"][0]["id"]
    chosen = client.post(
        f"/api/v1/services/requests/{made[0]}/accept/", {"call": call, "price": "1", "days": 2}, content_type="application/json", **lin
    )

    assert (made[0], quote.json()["firm"]["zh"], chosen.json()["state"]) == (made[1], "", "accepted")
    assert client.get(one, **an).json()["firm"]["zh"] == LIN.org_name_zh
    (state,) = client.get("/api/v1/bureau/services/", **zhou).json()["results"]
    assert (state["state"], "need" in state, LIN.org_name_zh in str(state)) == ("accepted", False, False)
    assert client.get("/api/v1/services/offers/", **lin).json()["results"][0]["provider"]["zh"] == AN.org_name_zh
    assert {cell["firms"] for cell in client.get("/api/v1/services/demand/", **an).json()["cells"]} == {None}


@pytest.mark.parametrize("price", ["-5", "NaN", "1e308", "\u200b\u3000"])
def test_a_price_that_is_none_is_refused_and_kept_on_the_form(price):
    an_offer(now=timezone.now())
    row = asked_for(LIN, now=timezone.now())
    answer = signed_in("an", "en").post(f"/services/requests/{row.pk}/", {"do": "quote", "price": price, "days": "3", "words": "先看机台"})

    assert (answer.status_code, "先看机台" in answer.content.decode(), the_request().state) == (422, True, "new")


@pytest.mark.parametrize(
    ("field", "typed"), [("wanted_on", "0001-01-01"), ("wanted_on", "9999-12-31"), ("phone", "abc"), ("need", "\u200b\u3000")]
)
def test_a_wish_with_no_day_number_or_need_in_reach_asks_nobody(field, typed):
    an_offer(now=timezone.now(), kind="metrology")
    said = {"client_id": str(LIN.person_id), "kind": "metrology", "need": "天平过期了", "contact": "林杼", "phone": "", "node_code": ""}
    answer = signed_in("lin", "en").post("/services/ask/", said | {field: typed})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    with acting_as(Hat.CLOCK):
        assert not ServiceRequest.objects.exists()


def test_a_refused_step_leads_back_to_its_own_page_only():
    an_offer(now=timezone.now())
    row = asked_for(LIN, now=timezone.now())
    lin, url = signed_in("lin", "en"), f"/services/requests/{row.pk}/"
    ours = lin.post(url, {"do": "none"}, headers={"referer": f"http://testserver{url}"})
    other = lin.post(url, {"do": "none"}, headers={"referer": f"https://elsewhere.example{url}"})

    assert [(each.status_code, each.context["back"]) for each in (ours, other)] == [(422, f"http://testserver{url}"), (422, "")]


def test_a_wish_that_meets_its_twin_is_asked_once_more_and_finds_it(monkeypatch):
    an_offer(now=timezone.now(), kind="metrology")
    said = {"client_id": str(LIN.person_id), "kind": "metrology", "need": "天平过期了", "contact": "林杼", "phone": "", "node_code": ""}
    lin = signed_in("lin", "en")
    first = lin.post("/services/ask/", said)
    real, looks = asking.ask_service, []

    def late(**words):
        looks.append(1)
        if len(looks) == 1:  # looked before the other had written, and writes after it
            row = the_request()
            row.pk = uuid4()
            row.save(force_insert=True)
        return real(**words)

    monkeypatch.setattr(asking, "ask_service", late)
    again = lin.post("/services/ask/", said)

    assert (again.status_code, again["Location"], len(looks)) == (302, first["Location"], 2)
    assert str(the_request().client_id) == said["client_id"]
