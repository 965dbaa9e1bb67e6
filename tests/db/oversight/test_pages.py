"""The bureau's pages: for the bureau only, states and counts only."""

import csv
import io
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from agreements.models import Clause
from agreements.selectors import clauses_of, current_version
from foundation.actor import as_actor
from tests.agreed import NOW as MONDAY
from tests.agreed import in_force
from tests.cast import actor
from tests.clients import signed_in
from tests.db.oversight.rows import agreement, days, owed
from tests.world import build_story

pytestmark = pytest.mark.django_db
PAGES = [
    "/bureau/",
    "/bureau/agreements/",
    "/bureau/agreements/?by=owner",
    "/bureau/agreements/export/?as=csv",
    "/bureau/map/",
    "/bureau/map/export/",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["chen", "lin", "mei", "pan"])
def test_other_hats_are_refused(who, page):
    assert signed_in(who).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_the_bureau_reads_each_page_in_both_languages(page):
    assert signed_in("zhou", "en").get(page).status_code == 200
    assert signed_in("zhou", "zh-hans").get(page).status_code == 200


def test_an_absent_agreement_is_not_found():
    assert signed_in("zhou").get(f"/bureau/agreements/{uuid4()}/").status_code == 404


def test_a_place_without_tiles_is_not_found():
    assert signed_in("zhou").get("/bureau/map/?region=330206").status_code == 404


def test_no_word_of_a_clause_reaches_the_bureau():
    signed = in_force()
    with as_actor(actor("chen")):
        clauses: list[Clause] = list(clauses_of(actor("chen"), current_version(actor("chen"), signed)))
        words = [text for clause in clauses for text in (clause.text_zh, clause.text_en)]
    client = signed_in("zhou", "en")

    for page in [*PAGES, f"/bureau/agreements/{signed.pk}/", "/home/"]:
        shown = client.get(page).content.decode()
        assert [text for text in words if text in shown] == [], page
        assert [c.params.get("name_zh") for c in clauses if c.params.get("name_zh") and c.params["name_zh"] in shown] == [], page
    assert "The contents are closed to you" in client.get(f"/bureau/agreements/{signed.pk}/").content.decode()
    assert len(words) == 16


def test_the_drill_shows_both_sides_alike():
    one = agreement("chen", "lin", "A-1")
    owed(one, "owner", days(-6))
    owed(one, "supplier", days(-6), met_on=days(-7))

    sides = signed_in("zhou", "en").get(f"/bureau/agreements/{one.pk}/").context["sides"]

    assert [(side["kept"].met, side["kept"].overdue, len(side["lines"])) for side in sides] == [(0, 1, 1), (1, 0, 1)]


def test_the_csv_holds_what_the_page_holds():
    agreement("chen", "lin", "A-1")
    agreement("fang", "wu", "F-1", region_code="330206", town_code="")

    body = signed_in("zhou", "en").get("/bureau/agreements/export/?as=csv&region=330206")
    rows = list(csv.reader(io.StringIO(body.content.decode("utf-8-sig"))))

    assert body["Content-Disposition"].startswith('attachment; filename="compliance-')
    assert [row[:5] for row in rows[1:]] == [["F-1", "Lucen Home (demo)", "Lanzhi Knitting (demo)", "Beilun District", ""]]


def test_the_xlsx_opens_with_the_same_rows():
    agreement("chen", "lin", "=A-1")

    body = signed_in("zhou", "en").get("/bureau/agreements/export/?as=xlsx")
    rows = list(load_workbook(io.BytesIO(body.content)).active.values)

    assert rows[1][:3] == ("'=A-1", "Yantang Apparel (demo)", "Yunzhu Textile (demo)")


def test_the_numbers_of_the_morning_lead_to_their_agreements():
    story = build_story("chen", "lin", now=MONDAY)
    agreement("chen", "wu", "A-1")
    client = signed_in("zhou", "en")

    stats = client.get("/bureau/").context["stats"]
    led = {stat["label"]: client.get(stat["url"]).context["lines"] for stat in stats}

    assert all(stat["url"].startswith("/bureau/agreements/?") for stat in stats)
    assert [row["agreement"].pk for row in led["Open findings"]] == [story.ids["agreement_id"]]
    assert [stat["value"] for stat in stats if stat["label"] == "Open findings"] == [4]
    waiting = client.get("/bureau/agreements/?work=verdicts").context["lines"]
    assert [row["agreement"].pk for row in waiting] == [story.ids["agreement_id"]]


def test_what_is_applied_is_said_and_can_be_taken_away():
    agreement("chen", "lin", "A-1")

    page = signed_in("zhou", "en").get("/bureau/agreements/?region=330203&overdue=1")

    assert page.context["applied"] == [
        {"label": "Haishu District", "url": "?overdue=1"},
        {"label": "Only overdue", "url": "?region=330203"},
    ]


def test_the_map_draws_twelve_tiles_and_haishu_leads_to_its_towns():
    city = signed_in("zhou", "en").get("/bureau/map/?measure=firms")
    haishu = signed_in("zhou").get("/bureau/map/?region=330203")

    tiles = {tile["name"]: tile for tile in city.context["map"]["tiles"]}
    assert (len(tiles), tiles["Haishu"]["value"], tiles["Beilun"]["hatched"]) == (12, 8, True)
    assert tiles["Haishu"]["url"] == "/bureau/map/?region=330203&measure=firms"
    assert tiles["Beilun"]["says"] == "Beilun District: no firms yet, 0 signed agreements, 0 overdue"
    assert len(haishu.context["map"]["tiles"]) == 17


def test_pages_spend_few_queries(django_assert_max_num_queries):
    for n in range(12):
        owed(agreement("chen", "lin", f"A-{n}"), "supplier", days(-n))
    client = signed_in("zhou")

    for page in ("/bureau/", "/bureau/agreements/", "/bureau/agreements/?by=owner", "/bureau/map/"):
        with django_assert_max_num_queries(34):
            client.get(page)
