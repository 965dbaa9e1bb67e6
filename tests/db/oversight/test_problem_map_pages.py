"""The map's pages, tables and their silence: what is hidden stands nowhere, in no order, file, name or cache."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from foundation.actor import as_actor
from oversight.models import WeakLinkNote
from oversight.services.problem_map import publish_due_quarters
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.oversight.test_problem_map import AUTUMN, LATER, a_quarter, cells
from tests.world_problems import STATEMENT, a_problem, confirmed

pytestmark = pytest.mark.django_db
MAP = "/bureau/problems/map/"
CELL = f"{MAP}cell/"
API = "/api/v1/bureau/"
ASKED = {"category": "colour", "quarter": "2025Q3"}


@pytest.fixture
def zhou() -> Client:
    return signed_in("zhou")


@pytest.fixture
def published() -> None:
    a_quarter()
    publish_due_quarters(LATER)


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_before_the_first_quarter_the_page_says_what_will_come(zhou: Client) -> None:
    response = zhou.get(MAP)
    assert response.status_code == 200
    assert "/bureau/chain/" in response.content.decode()
    assert zhou.get(f"{MAP}export/").status_code == 404
    assert zhou.get(CELL).status_code == 404


def test_the_map_shows_the_weakest_category_of_the_latest_quarter(zhou: Client, published: None) -> None:
    page = zhou.get(MAP)
    assert page.status_code == 200
    assert page.context["seen"].asked.category == "colour"
    assert page.context["seen"].period == AUTUMN
    said = {line["name"]: line["none"] or (line["firms"], line["confirmed"]) for line in page.context["lines"]}
    assert said["象山县"] == (19, 6)
    assert said["鄞州区"] == (41, 6)
    assert said["宁海县"] == "没有检查过任何企业"


def test_a_cell_opens_and_a_hidden_one_has_no_number(zhou: Client, published: None) -> None:
    hidden = 0
    for place in ("330200", "330203", "330212", "330225", "330203009", "330203100"):
        for node in ("*", "dyeing", "garment"):
            page = zhou.get(CELL, {**ASKED, "place": place, "node": node})
            assert page.status_code == 200
            if page.context["is_hidden"]:
                hidden += 1
                assert page.context["figure"] is None
                assert page.context["course"] == [{"name": "2025 年第 3 季度", "none": "已合并以保护企业"}]
                assert "已合并以保护企业" in page.content.decode()
    assert hidden == 4


def test_an_address_that_means_nothing_is_no_error(zhou: Client, published: None) -> None:
    asked: list[dict[str, str]] = [
        {"place": "999999"},
        {"place": "330212", "category": "x\x00"},
        {"place": "330203", "node": "'"},
        {"quarter": "2031Q9"},
    ]
    assert [(zhou.get(MAP, query).status_code, zhou.get(CELL, query).status_code) for query in asked] == [
        (404, 404),
        (404, 200),
        (200, 200),
        (200, 200),
    ]


def test_a_note_stands_beside_the_figure_and_an_empty_one_is_refused(zhou: Client, published: None) -> None:
    address = f"{CELL}?category=colour&quarter=2025Q3&place=330225&node=dyeing"
    refused = zhou.post(address, {"words": " ", "client_id": str(uuid4())})
    with as_actor(actor("zhou")):
        assert (refused.status_code, WeakLinkNote.objects.count()) == (422, 0)
    key = str(uuid4())
    for _ in range(2):
        assert zhou.post(address, {"words": "已在复检", "client_id": key}).status_code == 302
    with as_actor(actor("zhou")):
        assert WeakLinkNote.objects.count() == 1
    assert "已在复检" in zhou.get(address).content.decode()


def test_the_map_is_the_bureaus(published: None) -> None:
    for who in ("chen", "lin", "mei", "pan"):
        client = signed_in(who)
        assert {client.get(address).status_code for address in (MAP, f"{MAP}export/", CELL)} == {403}


def rows_of(client: Client, **query: str) -> dict[tuple[str, str], list[str]]:
    response = client.get(f"{MAP}export/", {**ASKED, **query})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    return {(row[2], row[3]): row[4:] for row in rows[1:]}


def test_page_and_export_have_the_same_numbers_and_the_same_silence(zhou: Client, published: None) -> None:
    table = rows_of(zhou)
    assert table["象山县", "印染整理"][:2] == ["12", "5"]
    assert [value for value in table["鄞州区", "印染整理"] if value] == ["已合并以保护企业"]
    for place in ("330200", "330203"):
        page = zhou.get(MAP, {**ASKED, "place": place})
        for line in page.context["lines"]:
            told = rows_of(zhou, place=place).get((line["name"], "全部"))
            assert told is None or line["none"] or told[0] == str(line["firms"])
            assert not (told and line["none"]) or told[0] == "已合并以保护企业"


def test_nothing_on_any_page_changes_with_what_is_inside_a_hidden_cell() -> None:
    """Two quarters that differ only inside hidden cells give the same bytes: no sum, order, name, header or cache tells them apart."""
    spring = date(2025, 4, 1)
    for period, one, two in ((spring, (3, 3), (4, 0)), (AUTUMN, (4, 0), (3, 3))):
        rest = [("330203", "330203009", "dyeing", 20, 4), ("330212", "", "knitting", 30, 2), ("330225", "", "dyeing", 12, 5)]
        cells(period, "colour", *rest, ("330211", "", "dyeing", *one), ("330205", "", "dyeing", *two))
    publish_due_quarters(LATER)
    client, said = signed_in("zhou"), {}
    for quarter in ("2025Q2", "2025Q3"):
        answers = []
        asked: list[tuple[str, str, str]] = [(path, place, "*") for path in (MAP, f"{MAP}export/") for place in ("330200", "330203")]
        asked += [(CELL, place, node) for place in ("330200", "330211", "330205") for node in ("*", "dyeing")]
        more = {"as": "xlsx", "sort": "-firms", "order": "share"}
        asked += [(f"{MAP}export/", place, "xlsx") for place in ("330200", "330203")] + [(MAP, "330200", "dyeing")]
        asked += [(f"{API}problem-map/", "330200", ""), (f"{API}problem-map/cell/", "330211", "dyeing")]
        for path, place, node in asked:
            query = {"category": "colour", "quarter": quarter, "place": place, **({} if node in ("", "xlsx") else {"node": node})}
            query |= more if node == "xlsx" else {}
            response = client.get(path, query, **(with_token("zhou") if path.startswith(API) else {}))
            told = {name: response.headers.get(name) for name in ("Content-Disposition", "ETag", "Last-Modified", "Cache-Control")}
            answers.append((response.status_code, told, _bare(_text_of(response))))
        said[quarter] = answers
    assert [answer[0] for answer in said["2025Q2"]] == [200] * 15
    for one, two in zip(said["2025Q2"], said["2025Q3"], strict=True):
        assert _said(one) == _said(two)


def _said(answer: tuple) -> tuple:
    status, headers, body = answer
    return status, str(headers).replace("2025Q2", "Q").replace("2025Q3", "Q"), body


def _text_of(response) -> str:
    if "spreadsheet" in response["Content-Type"]:
        return str([[cell.value for cell in row] for sheet in load_workbook(io.BytesIO(response.content)) for row in sheet])
    return response.content.decode()


def _bare(body: str) -> str:
    """Without what differs from one answer to the next: the quarter's own name, tokens, the choice in a filter."""
    body = re.sub(r'(csrfmiddlewaretoken" value|name="client_id" value|nonce)="[^"]*"|"X-CSRFToken": "[^"]*"', "", body)
    body = re.sub(r'<option value="2025Q[23]".*?</option>', "", body)
    return re.sub(r"2025Q[23]|2025 年第 [23] 季度", "Q", body)


def test_a_cell_opens_the_problems_confirmed_there_and_they_add_to_no_figure(zhou: Client, published: None) -> None:
    cell = {"category": "safety", "quarter": "2025Q3", "place": "330212", "node": "knitting"}
    before = zhou.get(CELL, cell)
    problem = confirmed(a_problem(now=LATER), now=LATER)

    page = zhou.get(CELL, cell)
    assert (list(before.context["problems"]), [row.pk for row in page.context["problems"]]) == ([], [problem.pk])
    assert f'href="/problems/{problem.pk}/"' in page.content.decode()
    assert STATEMENT in words_of(page)
    assert (before.context["says"], page.context["says"]) == ("没有检查过任何企业", "没有检查过任何企业")
    assert list(zhou.get(CELL, {**cell, "node": "dyeing"}).context["problems"]) == []
    links = {str(link["name"]): link["what"] for link in zhou.get(MAP, ASKED).context["links"]}
    assert links["安全与化学"] == "没有检查过任何企业; 已确认未解决的问题 1 个"


def test_of_what_nothing_on_the_platform_measures_the_map_says_that_there_is_no_data(zhou: Client, published: None) -> None:
    page = zhou.get(MAP, {**ASKED, "category": "brand"})
    assert page.context["finding"].startswith("没有数据：")
    assert {line["none"] for line in page.context["lines"]} == {"没有数据：平台上没有针对它的检测或检查"}
    cell = words_of(zhou.get(CELL, {**ASKED, "category": "labels"}))
    assert "平台上的检测、检验、审核和审核发现都不涉及这一类" in cell
    assert "没有检查过任何企业" not in cell
    assert "没有检查过任何企业的环节：纤维原料" in words_of(zhou.get(MAP, ASKED))
