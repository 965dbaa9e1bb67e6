"""Which column is which: asked once, remembered, said, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation.actor import as_actor
from suppliers.models import ColumnMemory, SupplierImport
from suppliers.selectors import import_rows
from tests.cast import actor
from tests.clients import signed_in
from tests.db.suppliers.stage import NOW

pytestmark = pytest.mark.django_db
OWN_HEADERS = "供方全名录,信用代码号,业务手机\n宁波云缕纺织有限公司（示例）,0DEM0N1000000000AC,19000000123\n"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def pasted(client: Any, text: str) -> tuple[SupplierImport, str]:
    """The list as it stands after pasting, and its page."""
    address = client.post(reverse("suppliers:import_new"), {"list": text})["Location"]
    with as_actor(actor("chen")):
        return SupplierImport.objects.get(pk=address.rstrip("/").rpartition("/")[2]), client.get(address).content.decode()


def said(client: Any, batch: SupplierImport, *fields: str, header: str = "") -> Any:
    columns = {f"column-{index}": field for index, field in enumerate(fields)}
    return client.post(reverse("suppliers:import_mapping", args=[batch.pk]), {**columns, "header_row": header})


def test_two_columns_of_one_field_are_asked_about_and_the_answer_is_remembered_and_said(monkeypatch):
    client = signed_in("chen")
    text = "手机,电话,企业名称,统一社会信用代码\n19000000123,0574-87000001,宁波云缕纺织有限公司（示例）,0DEM0N1000000000AC\n"
    first, page = pasted(client, text)
    assert (first.state, "不止一列可能是“手机号”：手机、电话。" in page) == ("needs_mapping", True)

    both = said(client, first, "phone", "phone", "name_zh", "uscc")
    assert (both.status_code, "手机、电话" in both.content.decode()) == (422, True)
    assert said(client, first, "phone", "", "name_zh", "uscc").status_code == 302
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=9))
    second, page = pasted(client, text)

    assert second.state == "preview"
    assert "按您 11月23日 周一 说的： 电话 → 不读" in " ".join(page.split())
    with as_actor(actor("chen")):
        assert import_rows(actor("chen"), second)[0].values["values"]["phone"] == "+8619000000123"


def test_forgetting_asks_again_and_leaves_lists_that_were_read():
    client = signed_in("chen")
    text = "手机,电话,企业名称,统一社会信用代码\n19000000123,0574-87000001,宁波云缕纺织有限公司（示例）,0DEM0N1000000000AC\n"
    first, _ = pasted(client, text)
    said(client, first, "phone", "", "name_zh", "uscc")

    client.post(reverse("suppliers:import_forget", args=[first.pk]))
    again, _ = pasted(client, text)

    assert again.state == "needs_mapping"
    with as_actor(actor("chen")):
        first.refresh_from_db()
        assert (first.state, ColumnMemory.objects.count()) == ("preview", 0)


def test_another_owner_knows_nothing_of_it():
    client = signed_in("chen")
    first, _ = pasted(
        client, "手机,电话,企业名称,统一社会信用代码\n19000000123,0574-87000001,宁波云缕纺织有限公司（示例）,0DEM0N1000000000AC\n"
    )
    said(client, first, "phone", "", "name_zh", "uscc")

    fang = signed_in("fang")
    address = fang.post(reverse("suppliers:import_new"), {"list": "手机,电话,企业名称,统一社会信用代码\n1,2,甲厂,0DEM0N1000000000AC\n"})[
        "Location"
    ]

    assert "指明用哪一列" in fang.get(address).content.decode()


def test_a_file_without_a_header_shows_its_first_rows_and_keeps_the_first_as_a_firm():
    client = signed_in("chen")
    text = "宁波云缕纺织有限公司（示例）,0DEM0N1000000000AC,19000000123\n宁波云缎纺织有限公司（示例）,0DEM0N1000000000BF,19000000124\n"
    batch, page = pasted(client, text)

    assert all(cell in page for line in text.split() for cell in line.split(","))
    assert said(client, batch, "name_zh", "uscc", "phone").status_code == 302

    with as_actor(actor("chen")):
        rows = import_rows(actor("chen"), batch)
    assert [(row.number, row.outcome) for row in rows] == [(1, "accepted"), (2, "accepted")]


def test_headers_of_the_owners_own_are_learned_once():
    client = signed_in("chen")
    first, _ = pasted(client, OWN_HEADERS)
    assert first.state == "needs_mapping"

    said(client, first, "name_zh", "uscc", "phone", header="1")
    second, page = pasted(client, OWN_HEADERS)

    assert second.state == "preview"
    assert "供方全名录 → 企业名称 · 信用代码号 → 统一社会信用代码 · 业务手机 → 手机号" in page
    with as_actor(actor("chen")):
        first.refresh_from_db()
        assert [row.number for row in import_rows(actor("chen"), second)] == [2]
