"""Pages of comparison rounds: what each side reads, what forms refuse, and that no address tells a stranger anything."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from foundation.actor import as_actor
from oversight.models import ComparisonRound, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.world_rounds import a_comparison, a_round, published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def _sheet(made):
    with as_actor(actor("mei")):
        return RoundSheet.objects.get(round=made)


def test_the_bureau_makes_a_round_by_its_pages():
    zhou = signed_in("zhou")
    said = {
        "kind": "interlab", "name_zh": "色牢度比对", "product_zh": "标准布", "samples_on": TODAY, "results_on": TODAY - timedelta(days=1), "client_id": "one",
    }  # fmt: skip

    refused = zhou.post("/rounds/new/", said)
    made = zhou.post("/rounds/new/", {**said, "results_on": TODAY + timedelta(days=9)})
    page = zhou.post(made["Location"], {"indicator": "PH|GB/T 7573-2009", "benchmark_lower": "4.0", "benchmark_upper": "8.5"}, follow=True)
    early = zhou.post(made["Location"].replace("indicators", "move"), {"to": "open"})

    assert (refused.status_code, "结果截止日应晚于样品寄出日" in refused.content.decode()) == (422, True)
    assert (made.status_code, "GB/T 7573-2009" in page.content.decode(), early.status_code) == (302, True, 422)
    with as_actor(actor("zhou")):
        assert ComparisonRound.objects.filter(client_id="one", state="draft", measures__characteristic_code="PH").count() == 1


def test_a_firm_sees_itself_and_the_crowd_without_names():
    ids = a_comparison(actor("lin"), now=NOW)
    with as_actor(actor("zhou")):
        part = RoundParticipant.objects.get(pk=ids["participant_id"])

    page = signed_in("lin").get(f"/rounds/{ids['round_id']}/").content.decode()
    report = signed_in("lin").get(f"/rounds/{ids['round_id']}/export/?as=xlsx").content
    words = str([[cell.value for cell in row] for sheet in load_workbook(io.BytesIO(report)) for row in sheet.iter_rows()])
    bureau = signed_in("zhou").get(f"/rounds/{ids['round_id']}/").content.decode()

    assert (part.blind_code in page, part.blind_code in words, "检测所" in page, "检测所" in words) == (True, True, False, False)
    assert ("您的产品达到标杆" in page, "检测所0（示例）" in bureau) == (True, True)


@pytest.mark.parametrize("who", ["wu", "chen", "an", "pan", "nobody"])
def test_a_stranger_meets_a_round_as_one_that_is_not_there(who):
    ids, none = a_comparison(actor("lin"), now=NOW), uuid4()
    client = signed_in(who) if who != "nobody" else Client()
    round_pages = ["", "indicators/", "participants/", "move/", "export/", "sheets/"]
    taker_pages = ["answer/", "leave-out/", "send-again/", "results/", "received/", "release/"]
    for method in ("get", "post"):
        for base, pages, own in (("/rounds/", round_pages, ids["round_id"]), ("/rounds/participants/", taker_pages, ids["participant_id"])):
            for page in pages:
                there, absent = (getattr(client, method)(f"{base}{each}/{page}") for each in (own, none))
                assert (there.status_code, page) == (absent.status_code, page)
                assert there.status_code in (302, 403, 404, 405), page


def test_a_laboratory_fills_its_sheet_by_form_and_keeps_what_it_typed_when_something_is_wrong():
    made = a_round(now=NOW)
    sheet, mei = _sheet(made), signed_in("mei")
    address = f"/rounds/participants/{sheet.pk}/results/"

    wrong = mei.post(address, {"m1-0-values": "6.8 abc", "m1-0-rater": "甲", "m1-0-edition": "GB/T 7573-2009"})
    with as_actor(actor("mei")):
        none = RoundReading.objects.filter(sheet=sheet).count()
    kept = mei.post(
        address,
        {"m1-0-values": "6.8 6.9", "m1-0-rater": "甲", "m1-0-expanded": "0.2", "m1-1-values": "7.4", "m1-1-rater": "乙"},
        follow=True,
    )
    release = mei.post(f"/rounds/participants/{sheet.pk}/release/")

    assert (wrong.status_code, "6.8 abc" in wrong.content.decode(), none) == (422, True, 0)
    assert (kept.status_code, "谁的读数偏离" in kept.content.decode(), release.status_code) == (200, True, 422)
    with as_actor(actor("mei")):
        rows = RoundReading.objects.filter(sheet=sheet).order_by("rater").values_list("rater", "expanded", "k")
        assert [(rater, str(u or ""), str(k or "")) for rater, u, k in rows] == [("乙", "", ""), ("甲", "0.200000", "2.00")]


def test_a_laboratory_sends_its_sheet_as_a_file_and_a_wrong_line_is_named():
    made = a_round(now=NOW)
    sheet, mei = _sheet(made), signed_in("mei")
    blank = mei.get(f"/rounds/{made.pk}/sheets/?blank=1").content.decode("utf-8-sig")
    heads, line = blank.splitlines()
    cells = line.split(",")

    def send(*readings, sample=sheet.blind_code):
        body = "\n".join([heads, ",".join([sample, *cells[1:6], *readings])]).encode()
        return mei.post(f"/rounds/{made.pk}/sheets/", {"file": SimpleUploadedFile("a.csv", body, "text/csv")})

    answers = [send("6.8", "x").content.decode(), send("6.8", sample="ZZZZ").content.decode()]

    assert ["第 2 行" in answer for answer in answers] == [True, True]
    assert (send("6.8", "6.9").status_code, _sheet(made).state) == (302, "entered")


def test_lists_exports_and_own_scores_open_for_those_who_take_part():
    made = published(now=NOW)

    mei, zhou = signed_in("mei"), signed_in("zhou")
    own = mei.get("/rounds/own/").content.decode()
    listed = [client.get(f"/rounds/{query}").content.decode() for client in (mei, zhou) for query in ("", "?kind=interlab&state=published")]
    files = [client.get("/rounds/export/?as=csv").content.decode("utf-8-sig") for client in (mei, zhou)]

    assert ("pH" in own, [made.number in page for page in listed], [made.number in body for body in files]) == (
        True,
        [True] * 4,
        [True] * 2,
    )
    assert made.number not in signed_in("lin").get("/rounds/").content.decode()


def test_the_api_says_the_same_as_the_pages():
    made = published(now=NOW)
    with as_actor(actor("zhou")):
        measure, part = RoundMeasure.objects.get(round=made), RoundParticipant.objects.get(round=made, org_id=actor("mei").org_id)

    mei, client, key = f"/api/v1/rounds/{made.pk}/", Client(), with_token("mei")
    told, (found,) = client.get(mei, **key).json(), client.get(f"{mei}results/", **key).json()
    said = {"lines": [{"indicator": str(measure.pk), "values": ["6.8"]}]}
    refused = client.put(f"/api/v1/rounds/participants/{part.pk}/readings/", said, content_type="application/json", **key)

    assert (told["code"], told["indicators"][0]["characteristic"], found["method"], len(found["crowd"])) == (
        part.blind_code,
        "PH",
        "comparison-1",
        6,
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "results_not_asked")
