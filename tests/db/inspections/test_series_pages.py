"""The page of a series: what it draws, what it refuses to draw, who sees it, and what leaves as a file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, override

from foundation.actor import as_actor
from foundation.errors import Absent, RuleBroken
from inspections.file_words import FIELD_NAMES
from inspections.models import ChangePoint
from inspections.reading import FIELDS, Headers
from inspections.selectors.result_files import context_without_lots
from inspections.selectors.series import LIMIT, MOST_FILINGS, changes_of, key_of, known_series, series_of
from inspections.services.changes import mark_change, undo_change
from inspections.services.result_files import start_result_import
from notices.kinds import subject_of
from records.words import sentence
from tests.agreed import NOW
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.inspections.series_made import lots_made, results_filed, zigzag

pytestmark = pytest.mark.django_db
PAGE = "/characteristics/YRN-CNT/"
LONG_AGO = timezone.now() - timedelta(days=3)


def a_series(count: int = 30, **more):
    lots = lots_made(count)
    results_filed(lots, zigzag(count), received_at=LONG_AGO, **more)
    return lots


def the_series(who: str = "lin"):
    with as_actor(actor(who)):
        (row,) = known_series(actor(who), characteristic="YRN-CNT")
        return series_of(actor(who), key_of(row))


def test_a_series_is_its_lots_in_the_order_they_were_made():
    lots = a_series(3)
    series = the_series()

    assert series.lot_nos == ("L-001", "L-002", "L-003")
    assert series.lots == tuple(lot.pk for lot in lots)
    assert series.readings[0].tolist() == [38.6, 38.9, 39.2]
    assert series.supplier[1] == "Yunzhu Textile (demo)" and series.missing == 22


def test_a_lot_that_was_filed_very_often_crowds_out_no_other():
    lots = a_series(6)
    results_filed([lots[4]] * 4 * LIMIT, [[386]] * 4 * LIMIT)

    series = the_series()

    assert series.lots == tuple(lot.pk for lot in lots)
    assert [len(read) for read in series.readings] == [3, 3, 3, 3, MOST_FILINGS, 3]


def test_a_correction_stands_in_the_place_of_what_it_corrects():
    lots = lots_made(1)
    (old,) = results_filed(lots, [[385]])
    (new,) = results_filed(lots, [[999]], corrects_id=old.pk)
    from foundation.actor import Hat, acting_as
    from inspections.models import CharacteristicResult

    with acting_as(Hat.CLOCK):
        CharacteristicResult.objects.filter(pk=old.pk).update(replaced_by=new.pk)

    assert the_series().readings[0].tolist() == [99.9]


def test_what_was_not_taken_is_left_out_and_a_bound_keeps_its_sign():
    lots = lots_made(2)
    results_filed(lots, [[200, None, 310], [None]], qualifiers=["<", "=", "="], characteristic="YRN-CNT")

    series = the_series()

    assert (series.lot_nos, series.readings[0].tolist(), series.qualifiers[0]) == (("L-001",), [20.0, 31.0], ("<", "="))


def test_the_page_draws_limits_from_twenty_five_lots_on_and_says_why():
    a_series(30)
    page = signed_in("lin", "en").get(PAGE).content.decode()

    assert 'class="limit"' in page and page.count("<circle") >= 30
    assert "Control limits lie three standard deviations from the mean of 25 lots, L-001 to L-025" in page
    assert "Nothing to look at: every lot since the limits were made lies within them." in page


def test_before_twenty_five_lots_the_page_says_how_many_are_missing_in_both_languages():
    a_series(22)

    assert "Not enough data: 3 more lots." in signed_in("lin", "en").get(PAGE).content.decode()
    said = signed_in("lin").get(PAGE).content.decode()
    assert "数据不足：还需 3 批" in said and 'class="limit"' not in said


def test_different_methods_are_never_drawn_together_and_the_split_is_offered():
    lots = a_series(3)
    results_filed(lots, zigzag(3), edition_code="FZ/T 01093-2008")

    page = signed_in("lin", "en").get(PAGE).content.decode()

    assert "These results are not drawn together." in page
    assert page.count('class="spark"') == 2 and 'id="course"' not in page
    one = signed_in("lin", "en").get(PAGE, {"edition": "FZ/T 01093-2008"}).content.decode()
    assert 'id="course"' in one and "FZ/T 01093-2008" in one


def test_both_sides_see_the_series_and_a_stranger_none():
    a_series(3)

    assert signed_in("chen", "en").get(PAGE).status_code == 200
    for who in ("chen", "lin"):
        with as_actor(actor(who)):
            assert len(known_series(actor(who))) == 1
    stranger = signed_in("wu", "en").get(PAGE)
    assert stranger.status_code == 200 and "L-001" not in stranger.content.decode()
    assert len(signed_in("wu", "en").get(f"{PAGE}export.csv").content.splitlines()) == 1


def test_the_supplier_sees_a_signal_first_and_its_customer_a_day_later():
    lots = lots_made(30)
    results_filed(lots[:29], zigzag(29), received_at=LONG_AGO)
    results_filed(lots[29:], [[420, 421, 422]], received_at=timezone.now())

    assert "Signals to look at" in signed_in("lin", "en").get(PAGE).content.decode()
    assert "Signals to look at" not in signed_in("chen", "en").get(PAGE).content.decode()


def test_a_marked_change_makes_limits_anew_and_taking_it_back_restores_them():
    lots = a_series(30)
    me = actor("lin")
    with as_actor(me):
        point = mark_change(actor=me, lot_id=lots[10].pk, characteristic="YRN-CNT", cause="machine", note="新锭子", now=NOW)
    assert the_series("chen").changes[0].at == 10 and the_series("chen").missing == 5

    with as_actor(me):
        again = mark_change(actor=me, lot_id=lots[10].pk, characteristic="YRN-CNT", cause="machine", note="新锭子", now=NOW)
        undone = undo_change(actor=me, point_id=point.pk, now=NOW)
        assert undo_change(actor=me, point_id=point.pk, now=NOW + timedelta(days=1)).undone_at == NOW

    assert again.pk == point.pk and undone.undone_by == me.person_name
    assert the_series().changes == () and the_series().missing == 0


def test_a_change_is_taken_back_only_by_the_side_that_said_it():
    lots = a_series(3)
    with as_actor(actor("lin")):
        point = mark_change(actor=actor("lin"), lot_id=lots[1].pk, characteristic="YRN-CNT", cause="material", now=NOW)

    with as_actor(actor("chen")), pytest.raises(RuleBroken, match="change_is_anothers"):
        undo_change(actor=actor("chen"), point_id=point.pk, now=NOW)
    with as_actor(actor("wu")), pytest.raises(Absent):
        undo_change(actor=actor("wu"), point_id=point.pk, now=NOW)

    assert len(the_series().changes) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"cause": "magic"}, "change_cause_unknown"),
        ({"cause": "machine", "note": "x" * 121}, "change_note_long"),
        ({"cause": "machine", "characteristic": "PH"}, "change_has_no_results"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_kept(said, code):
    lots = a_series(3)

    with as_actor(actor("lin")):
        with pytest.raises(RuleBroken, match=code):
            mark_change(actor=actor("lin"), lot_id=lots[1].pk, now=NOW, **{"characteristic": "YRN-CNT", **said})
        assert not ChangePoint.objects.visible_to(actor("lin")).exists()


def test_a_change_is_marked_and_taken_back_on_the_page():
    lots = a_series(4)
    client = signed_in("lin", "en")

    bad = client.post(f"{PAGE}changes/", {"lot": str(lots[2].pk), "cause": ""})
    good = client.post(f"{PAGE}changes/", {"lot": str(lots[2].pk), "cause": "machine", "note": "new spindle"})

    assert (bad.status_code, good.status_code) == (422, 302)
    page = client.get(good["Location"]).content.decode()
    assert "from lot L-003" in page and "new spindle" in page
    with as_actor(actor("lin")):
        (row,) = known_series(actor("lin"))
        (point,) = changes_of(actor("lin"), key_of(row), series_of(actor("lin"), key_of(row)))
    back = client.post(f"{PAGE}changes/{point.pk}/undo/")
    assert "from lot L-003" not in client.get(back["Location"]).content.decode()


def test_grades_are_drawn_as_shares_and_never_as_a_mean():
    lots = lots_made(12)
    results_filed(lots, [[30, 35, 40]] * 12, characteristic="CF-RUB", unit="", edition_code="GB/T 3920-2008")

    page = signed_in("lin", "en").get("/characteristics/CF-RUB/").content.decode()

    assert 'id="grades"' in page and 'id="capability"' not in page and "EWMA" not in page


def test_results_below_detection_point_left_and_have_no_mean():
    lots = lots_made(3)
    results_filed(lots, [[20]] * 3, characteristic="FOR", unit="mg/kg", decimals=0, qualifiers=["<"], edition_code="GB/T 2912.1-2009")

    page = signed_in("lin", "en").get("/characteristics/FOR/").content.decode()

    assert page.count('data-said="&lt;20"') == 3
    assert "Readings below what the method can see: 3 of 3." in page and "Standard deviation" not in page.split('id="table"')[0]


def test_one_is_one_in_english():
    results_filed(lots_made(1), [[30]], characteristic="CF-RUB", unit="", edition_code="GB/T 3920-2008")

    page = signed_in("lin", "en").get("/characteristics/CF-RUB/").content.decode()

    assert "Grades of 1 reading; no clause names a lowest one." in page
    with override("en"):
        filed = sentence("lot_results_filed", '{"lot_no": "L-1", "readings": 1, "out": 1, "sets": 1}')
        shown = sentence("results_shown", '{"sets": 1, "lots": 1}')
        task, words = (
            subject_of("signals_to_look_at", {"other_zh": "1", "other_en": "1"}),
            RuleBroken("named_more_than_counted", n=1).words(),
        )
    assert (filed, task) == ("Lot L-1: readings filed: 1; results out of limits: 1 of 1", "Signals to look at: 1")
    assert shown == "Results filed earlier are shown to the customer. Results: 1; lots: 1"
    assert words == "The reasons of this class add up to more than the nonconforming pieces that were counted: 1. A piece counts once."


def test_a_colour_is_held_against_its_own_kind_and_the_worst_pair_is_named():
    navy, camel = lots_made(6, colour="藏青"), lots_made(2, colour="驼色", start=6)
    labs = [[3200, 120, -1200 + 15 * i] for i in range(6)]
    results_filed(navy, labs, characteristic="COL-DE", unit="", decimals=2, width=3, edition_code="GB/T 8424.3-2001")
    results_filed(camel, [[6200, 800, 2000]] * 2, characteristic="COL-DE", unit="", decimals=2, width=3, edition_code="GB/T 8424.3-2001")

    page = signed_in("lin", "en").get("/characteristics/COL-DE/", {"colour": "藏青"}).content.decode()

    assert "Worst pair: L-001 and L-006" in page and "L-007" not in page
    assert "驼色" in page


def test_the_list_shows_every_series_with_its_course():
    lots = a_series(26)
    results_filed(lots[:2], [[66], [67]], characteristic="PH", unit="", edition_code="GB/T 7573-2009")

    page = signed_in("chen", "en").get("/characteristics/").content.decode()

    assert page.count('class="spark"') == 2
    assert "Not enough data: 23 more lots." in page
    assert signed_in("chen", "en").get("/characteristics/", {"characteristic": "PH"}).content.decode().count('class="spark"') == 1


def test_the_same_leaves_as_a_table_and_on_paper():
    a_series(26)
    client = signed_in("lin", "en")

    rows = client.get(f"{PAGE}export.csv").content.decode("utf-8-sig").splitlines()
    paper = client.get(f"{PAGE}chart.pdf")

    assert len(rows) == 27 and rows[1].startswith('1,L-001,2025-06-01,"38.6, 38.9, 39.2",3,38.9,0.3,tex')
    assert client.get(f"{PAGE}export.xlsx").content[:2] == b"PK" and paper.content[:4] == b"%PDF"
    assert len(client.get("/characteristics/export.csv").content.splitlines()) == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_left_as_a_table_comes_back_without_a_question(language):
    results_filed(lots_made(2), [[386], [389]], received_at=LONG_AGO)
    data = signed_in("lin", language).get(f"{PAGE}export.csv").content

    with as_actor(actor("lin")):
        batch = start_result_import(actor=actor("lin"), file_name="YRN-CNT.csv", data=data, now=NOW)

    columns = {each["field"]: each["header"] for each in batch.facts["columns"] if each["field"]}
    assert sorted(columns) == ["characteristic", "lot", "made_on", "method", "result", "unit"]
    assert len(batch.facts["columns"]) - len(columns) == 7  # its place, n, mean, standard deviation, both limits, what is to be looked at
    assert (batch.state, batch.totals["sets"], batch.totals.get("rejected", 0)) == ("preview", 2, 0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_words_of_the_pages_are_known_as_heads(language):
    pages = {
        "characteristic": "Characteristic", "method": "Method and edition", "result": "Reading", "tested_on": "Measured at", "operator": "Measured by",
        "instrument": "Instrument", "sample": "Sample or cone", "laboratory": "Laboratory", "verdict": "Verdict",
    }  # fmt: skip
    with override(language):
        said = [(str(word), field) for field, word in FIELD_NAMES.items() if field in FIELDS]
        said += [(gettext(word), field) for field, word in pages.items()]
    with as_actor(actor("lin")):
        headers = Headers(context_without_lots(NOW.date()))

    assert [(word, headers.means(word).field) for word, _field in said] == said


def test_the_pages_ask_as_often_for_many_lots_as_for_few():
    a_series(3)
    client = signed_in("chen", "en")
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(PAGE)
    more = lots_made(30, start=3)
    results_filed(more, zigzag(30), received_at=LONG_AGO)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)

    assert len(many) == len(few) <= 24


def test_the_api_tells_the_same_course_and_refuses_to_join_several():
    lots = a_series(30)
    asked = {"HTTP_ACCEPT": "application/json", **with_token("lin")}
    client = Client()

    told = client.get("/api/v1/characteristics/YRN-CNT/course/", **asked).json()
    point = client.post(
        f"/api/v1/lots/{lots[5].pk}/changes/", {"characteristic": "YRN-CNT", "cause": "machine"}, content_type="application/json", **asked
    )
    undone = client.post(f"/api/v1/change-points/{point.json()['id']}/undo/", content_type="application/json", **asked)
    results_filed(lots[:2], zigzag(2), origin="lab")
    several = client.get("/api/v1/characteristics/YRN-CNT/course/", **asked)

    assert (len(told["lots"]), told["lots_missing"], told["lots"][0]["readings"]) == (30, 0, ["38.6", "38.9", "39.2"])
    assert told["lots"][29]["ucl"] > told["lots"][29]["value"] and told["lots"][29]["signals"] == []
    assert (point.status_code, undone.status_code, several.status_code) == (201, 200, 422)
    assert several.json()["code"] == "series_are_several"
    assert len(client.get("/api/v1/series/", **asked).json()["results"]) == 2


def test_what_a_customer_was_not_shown_does_not_tell_it_of_a_change():
    lots = lots_made(3)
    results_filed(lots, zigzag(3), owner_org_id=None)
    with as_actor(actor("lin")):
        mark_change(actor=actor("lin"), lot_id=lots[1].pk, characteristic="YRN-CNT", cause="material", note="新到原料包", now=NOW)

    with as_actor(actor("chen")):
        assert not ChangePoint.objects.visible_to(actor("chen")).exists()
    assert [change.at for change in the_series().changes] == [1]
