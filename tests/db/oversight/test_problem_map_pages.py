"""The map's pages, tables and their silence: what is hidden stands nowhere, in no order, file, name or cache."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from foundation.actor import as_actor
from oversight.models import WeakLinkNote
from oversight.services.problem_map import publish_due_quarters
from tests.cast import actor
from tests.clients import signed_in
from tests.db.oversight.test_problem_map import AUTUMN, LATER, a_quarter, cells

pytestmark = pytest.mark.django_db
MAP = "/bureau/problems/map/"
CELL = f"{MAP}cell/"
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
                assert page.context["course"] == [{"name": "2025年第3季度", "none": "已合并以保护企业"}]
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
        asked = [(path, place, "*") for path in (MAP, f"{MAP}export/") for place in ("330200", "330203")]
        asked += [(CELL, place, node) for place in ("330200", "330211", "330205") for node in ("*", "dyeing")]
        for path, place, node in asked:
            response = client.get(path, {"category": "colour", "quarter": quarter, "place": place, "node": node})
            told = {name: response.headers.get(name) for name in ("Content-Disposition", "ETag", "Cache-Control")}
            answers.append((response.status_code, told, _bare(response.content.decode("utf-8", "replace"))))
        said[quarter] = answers
    assert len(said["2025Q2"]) == 10
    for one, two in zip(said["2025Q2"], said["2025Q3"], strict=True):
        assert _said(one) == _said(two)


def _said(answer: tuple) -> tuple:
    status, headers, body = answer
    return status, str(headers).replace("2025Q2", "Q").replace("2025Q3", "Q"), body


def _bare(body: str) -> str:
    """Without what differs from one answer to the next: the quarter's own name, tokens, the choice in a filter."""
    body = re.sub(r'(csrfmiddlewaretoken" value|name="client_id" value|nonce)="[^"]*"|"X-CSRFToken": "[^"]*"', "", body)
    body = re.sub(r'<option value="2025Q[23]".*?</option>', "", body)
    return re.sub(r"2025Q[23]|2025年第[23]季度", "Q", body)
