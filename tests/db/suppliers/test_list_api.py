"""What a program may do with a list beside reading it: answer, mend many, stop, say and forget columns."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from foundation.actor import as_actor
from suppliers.models import SupplyLink
from suppliers.services import lists
from tests.cast import actor
from tests.clients import with_token
from tests.db.suppliers.stage import NOW, sample

pytestmark = pytest.mark.django_db
CODES = ["0DEM0N1000000000AC", "0DEM0N1000000000BF", "0DEM0N1000000000CJ"]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def call():
    headers = with_token("chen")

    def ask(method: str, address: str, body: Any = None) -> tuple[int, Any]:
        response = Client().generic(method, f"/api/v1/suppliers/{address}", _json(body), content_type="application/json", **headers)
        return response.status_code, response.json()

    return ask


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body)


def test_words_and_suggestions_are_mended_for_all_rows_at_once(call):
    rows = "\n".join(f"宁波第{n}厂（示例）,{code.replace('0', 'O', 1) if n else code},印花车间" for n, code in enumerate(CODES))
    _, batch = call("POST", "imports/", {"list": f"企业名称,统一社会信用代码,所属环节\n{rows}\n"})

    suggested = call("POST", f"imports/{batch['id']}/suggestions/")
    mended = call("POST", f"imports/{batch['id']}/words/", {"field": "nodes", "found": "印花车间", "value": "印染整理"})
    wrong = call("POST", f"imports/{batch['id']}/words/", {"field": "uscc", "found": "印花车间", "value": "x"})

    assert (suggested, mended, wrong[0]) == ((200, {"mended": 2}), (200, {"mended": 3}), 422)
    assert call("GET", f"imports/{batch['id']}/")[1]["totals"]["accepted"] == 3


def test_names_that_look_alike_are_listed_and_answered(call):
    text = f"企业名称,统一社会信用代码\n宁波云缕纺织有限责任公司（示例）,{CODES[0]}\n宁波云缕纺织有限公司（示例）,{CODES[1]}\n"
    _, batch = call("POST", "imports/", {"list": text})

    status, pairs = call("GET", f"imports/{batch['id']}/alike/")
    same = call("POST", f"imports/{batch['id']}/alike/3/", {"other_number": 2, "answer": "same"})[1]
    two = call("POST", f"imports/{batch['id']}/alike/3/", {"other_number": 2, "answer": "different"})[1]

    assert (status, [(pair["number"], pair["other_number"], pair["other_uscc"], pair["answer"]) for pair in pairs]) == (
        200,
        [(3, 2, CODES[0], "")],
    )
    assert (same["outcome"], same["reason"], two["outcome"]) == ("duplicate", "same_firm", "accepted")
    assert call("POST", f"imports/{batch['id']}/alike/3/", {"answer": "same"})[0] == 404
    assert call("POST", f"imports/{batch['id']}/alike/2/", {"other_number": 3, "answer": "same"})[0] == 404


def test_a_long_list_says_how_far_it_is_and_is_stopped(call, monkeypatch):
    monkeypatch.setattr(lists, "INSTANT_BYTES", 200)
    with as_actor(actor("chen")):
        before = SupplyLink.objects.count()
    _, batch = call("POST", "imports/", {"list": sample("suppliers-utf8.csv")[0].decode("utf-8")})

    status, stopped = call("POST", f"imports/{batch['id']}/cancel/")

    assert (batch["state"], batch["rows_done"], status, stopped["state"]) == ("reading", 0, 200, "cancelled")
    with as_actor(actor("chen")):
        assert SupplyLink.objects.count() == before


def test_columns_are_said_with_their_header_remembered_and_forgotten(call):
    text = {"list": f"供方全名录,信用代码号\n宁波云缕纺织有限公司（示例）,{CODES[0]}\n"}
    _, batch = call("POST", "imports/", text)
    said = {"columns": {"0": "name_zh", "1": "uscc"}, "header_row": 1}

    _, mapped = call("POST", f"imports/{batch['id']}/mapping/", said)
    _, again = call("POST", "imports/", text)
    forgotten = call("DELETE", "import-columns/")
    _, asked = call("POST", "imports/", text)

    assert (batch["state"], mapped["state"], again["state"], asked["state"]) == ("needs_mapping", "preview", "preview", "needs_mapping")
    assert mapped["totals"]["rows"] == 1
    assert forgotten == (200, {"forgotten": 2})
