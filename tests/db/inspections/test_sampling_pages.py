"""Pages of inspection by attributes: the plan in a sentence, the verdict before it is sent, the series with its whole history."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.actor import as_actor
from inspections.models import Inspection
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.clients import signed_in
from tests.sampled import corrected, inspected, pieces, series_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed():
    return in_force(template="garment-2", starts=NOW.date(), ends=None)


def counts(page, **words):
    form = page.context["form"]
    said = {"client_id": str(form["client_id"].value()), "seen": form["seen"].value(), "inspected_on": timezone.localdate().isoformat()}
    return said | {"n_critical": 0, "n_major": 0, "n_minor": 0} | words


def filed():
    with as_actor(actor("chen")):
        return list(Inspection.objects.order_by("filed_at"))


def test_the_plan_stands_in_a_sentence_and_the_verdict_comes_before_the_filing(agreed):
    for number, major in enumerate((6, 0, 6)):
        inspected(pieces(f"YZ-01{number}"), major=major, now=NOW + timedelta(minutes=number))
    lot, client = pieces("YZ-013"), signed_in("chen", "en")
    address = f"/lots/{lot.pk}/inspect/"
    page = client.get(address)
    text = page.content.decode()
    assert "Code letter J: 80 of 1,200 pieces, accept up to 3, not from 4 on" in text
    assert "tightened since lot YZ-012, because 2 of the last 3 lots were not accepted" in text
    look = client.post(address, counts(page, n_major=4))
    assert (look.status_code, look.context["verdict"]["accepted"], look.context["judged"], len(filed())) == (
        200,
        False,
        "critical:0;major:4;minor:0",
        3,
    )
    # counts that are others than those whose verdict was shown are not filed
    other = client.post(address, counts(page, n_major=3, do="file", judged="critical:0;major:4;minor:0"))
    assert (other.status_code, other.context["verdict"]["accepted"], len(filed())) == (200, True, 3)
    done = client.post(
        address, counts(page, n_major=3, do="file", judged="critical:0;major:3;minor:0", r0_class="major", r0_words="断线", r0_n=2)
    )
    row = filed()[-1]
    assert (done.status_code, done["Location"], row.decision) == (302, f"/inspections/{row.pk}/", "accepted")
    assert "断线" in client.get(done["Location"]).content.decode()
    assert client.get(f"/lots/{lot.pk}/").context["sampling"]["parts"][0]["mine"] == row
    again = client.get(address)
    assert (again.context["former"], "again" in again.context["form"].fields) == (row, True)


def test_a_plan_that_changed_meanwhile_is_shown_anew_and_the_counts_are_kept(agreed):
    client, lot = signed_in("chen", "en"), pieces("YZ-013")
    address = f"/lots/{lot.pk}/inspect/"
    page = client.get(address)
    for number in range(2):
        inspected(pieces(f"YZ-01{number}"), major=6)
    said = counts(page, n_major=3, do="file", judged="critical:0;major:3;minor:0")
    answer = client.post(address, said)
    assert (answer.status_code, len(filed())) == (422, 2)
    assert "the plan is another now" in answer.content.decode() and answer.context["form"]["n_major"].value() == "3"
    assert "tightened" in answer.context["form"]["seen"].value()


def test_a_lot_in_kilograms_asks_for_its_pieces_first(agreed):
    client, lot = signed_in("lin"), pieces("YZ-001", unit="kg", quantity="800")
    asked = client.get(f"/lots/{lot.pk}/inspect/")
    assert "planned" not in asked.context and "筒" in asked.content.decode()
    assert client.get(f"/lots/{lot.pk}/inspect/?size=400").context["planned"].plans["major"].code_letter == "H"


def test_a_lot_without_a_plan_says_so(agreed):
    client = signed_in("lin")
    page = client.get(f"/lots/{pieces('YZ-002', owner=None).pk}/inspect/")
    assert page.status_code == 200 and "抽样" in page.content.decode() and "planned" not in page.context


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_series_shows_the_whole_history_and_how_it_stood_before_a_correction(agreed, language):
    rows = [
        inspected(pieces(f"YZ-01{number}"), major=major, now=NOW + timedelta(minutes=number))
        for number, major in enumerate((0, 6, 0, 6, 4))
    ]
    corrected(rows[1], major=2, now=NOW + timedelta(hours=1))
    series, client = series_of(), signed_in("chen", language)
    page = client.get(f"/sampling/{series.pk}/")
    assert page.context["row"].severity == "normal" and page.context["curve"]["found"].at_aql_words == "98.5"
    assert [line["step"].severity for line in page.context["steps"]] == ["normal"] * 6
    former = client.get(f"/sampling/{series.pk}/?generation=1")
    assert former.context["steps"][0]["step"].severity == "tightened"
    assert "<svg" in page.content.decode() and page.context["generations"][0]["lot_no"] == "YZ-011"
    csv = client.get(f"/sampling/{series.pk}/export.csv")
    assert csv.content.decode("utf-8-sig").count("YZ-01") == 5
    assert client.get("/sampling/").status_code == 200


def test_the_chain_owner_resumes_on_a_page_and_the_supplier_has_none(agreed):
    for number in range(7):
        inspected(pieces(f"YZ-{number:03}"), major=9)
    series, client, supplier = series_of(), signed_in("chen", "en"), signed_in("lin")
    address = f"/sampling/{series.pk}/resume/"
    assert "discontinued" in client.get(f"/lots/{pieces('YZ-100').pk}/inspect/").content.decode()
    assert supplier.post(address, {"reason": "已整改，复验三批"}).status_code == 403
    assert client.post(address, {"reason": "ok"}).status_code == 422
    assert client.post(address, {"reason": "needles changed, three lots retested"}).status_code == 302
    assert series_of().severity == "tightened"
    assert client.post(f"/sampling/{series.pk}/reduced/", {"allowed": "yes", "reason": "a steady year"}).status_code == 302
    assert series_of().kept["reduced_authorised"] is True


def test_figures_are_put_right_on_a_page_by_whoever_filed_them(agreed):
    row, client = inspected(pieces("YZ-001"), "lin", major=6), signed_in("lin")
    address = f"/inspections/{row.pk}/correct/"
    page = client.get(address)
    said = {"client_id": str(uuid4()), "n_critical": 0, "n_major": 2, "n_minor": 0, "lot_size": 1200, "reason": "有四件是别的批"}
    assert page.context["form"]["n_major"].value() == 6
    assert client.post(address, said).context["verdict"]["accepted"] is True
    done = client.post(address, said | {"do": "file", "judged": "critical:0;major:2;minor:0"})
    assert done.status_code == 302 and "有四件是别的批" in client.get(f"/inspections/{row.pk}/").content.decode()
    assert signed_in("chen").get(address).status_code == 302  # the other side's figures are its own to put right


def test_a_stranger_finds_nothing(agreed):
    row = inspected(pieces("YZ-001"))
    client = signed_in("wu")
    for address in (
        f"/inspections/{row.pk}/",
        f"/inspections/{row.pk}/correct/",
        f"/sampling/{series_of().pk}/",
        f"/lots/{row.lot_id}/inspect/",
    ):
        assert client.get(address).status_code == 404
