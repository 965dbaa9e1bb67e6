"""The pages of a list that a worker has, that was stopped or refused, and of many rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.actor import as_actor
from parties.uscc import check_character
from suppliers.models import SupplierImport, SupplyLink
from suppliers.selectors import import_rows
from suppliers.services import lists
from suppliers.services.lists import start_import
from suppliers.services.lists_work import read_list, write_list
from tests.cast import actor
from tests.clients import signed_in
from tests.db.suppliers.doors import looked_at
from tests.db.suppliers.stage import NOW, sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def small_requests(monkeypatch):
    """Anything but a handful of rows is a worker's."""
    monkeypatch.setattr(lists, "INSTANT_BYTES", 200)
    monkeypatch.setattr(lists, "INSTANT_ROWS", 2)


def code(number: int) -> str:
    first = f"0DEM0B{number:011d}"
    return first + check_character(first)


def many(count: int) -> bytes:
    rows = [f"宁波第{n}织造有限公司（示例）,{code(n)}" for n in range(1, count + 1)]
    return "\n".join(["企业名称,统一社会信用代码", *rows]).encode()


def sent(client: Any, data: bytes, name: str = "list.csv") -> str:
    return client.post(reverse("suppliers:import_new"), {"file": SimpleUploadedFile(name, data)})["Location"]


def batch_at(address: str) -> SupplierImport:
    with as_actor(actor("chen")):
        return SupplierImport.objects.get(pk=address.rstrip("/").rpartition("/")[2])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_list_that_a_worker_has_shows_how_far_it_is_then_what_came_of_it(small_requests, language):
    client = signed_in("chen", language)
    address = sent(client, many(9))
    piece = {"HX-Request": "true"}

    waiting = client.get(address).content.decode()
    asked = client.get(address + "progress/", headers=piece)
    read_list(actor=actor("chen"), import_id=batch_at(address).pk, now=NOW)
    ended = client.get(address + "progress/", headers=piece)
    client.post(address + "confirm/")
    writing = client.get(address).content.decode()
    write_list(actor=actor("chen"), import_id=batch_at(address).pk, now=NOW)

    assert ("正在读取名单" if language == "zh-hans" else "Reading the list") in waiting
    assert f'hx-get="{address}progress/"' in asked.content.decode()
    assert "<html" not in asked.content.decode()
    assert ended["HX-Redirect"] == address
    assert ("正在写入您的名单" if language == "zh-hans" else "Putting the suppliers on your list") in writing
    seen = looked_at(signed_in("chen"), address)
    assert seen.summary == "9 行：9 家已在名单上。还没有发出任何邀请。"
    assert {row.state for row in seen.rows.values()} == {"imported"}


def test_without_script_the_page_of_a_list_at_work_leads_on_by_plain_links(small_requests):
    client = signed_in("chen")
    address = sent(client, many(9))

    page = client.get(address).content.decode()

    assert f'<a class="btn" href="{address}">' in page
    assert f'action="{address}cancel/"' in page
    assert client.get(address + "progress/")["Location"] == address


def test_a_list_is_stopped_on_its_page_and_nothing_of_it_came_in(small_requests):
    client = signed_in("chen")
    with as_actor(actor("chen")):
        before = SupplyLink.objects.count()
    address = sent(client, many(9))

    client.post(address + "cancel/")
    read_list(actor=actor("chen"), import_id=batch_at(address).pk, now=NOW)

    page = client.get(address).content.decode()
    assert "您停止了这份名单。" in page
    assert reverse("suppliers:import_new") in page
    with as_actor(actor("chen")):
        assert SupplyLink.objects.count() == before


def test_a_file_that_a_worker_finds_to_be_no_list_is_refused_in_one_sentence_with_a_way_back(small_requests):
    client = signed_in("chen")
    address = sent(client, b"PK\x03\x04 xl/workbook.xml" + b"no workbook" * 40, "list.xlsx")
    read_list(actor=actor("chen"), import_id=batch_at(address).pk, now=NOW)

    page = client.get(address).content.decode()

    assert "名单读不了" in page
    assert "没有导入任何内容，您的名单没有变化。" in page
    assert batch_at(address).state == "refused"


def test_long_previews_come_page_by_page_and_no_row_is_missed():
    client = signed_in("chen")
    address = sent(client, many(120))

    seen = looked_at(client, address)
    piece = client.get(f"{address}?only=all&after=51", headers={"HX-Request": "true"}).content.decode()

    assert list(seen.rows) == list(range(2, 122))
    assert ('<tr id="row-52">' in piece, '<tr id="row-51">' in piece, "<html" in piece) == (True, False, False)
    assert 'hx-swap-oob="true"' in piece


def test_the_filters_count_rows_and_keep_to_their_kind():
    client = signed_in("chen")
    address = sent(client, sample("suppliers-utf8.csv")[0])

    kinds = {only: client.get(f"{address}?only={only}").content.decode().count('<tr id="row-') for only in (
        "problems", "accepted", "tidied", "duplicate", "skipped", "all", "nonsense",
    )}  # fmt: skip

    assert kinds == {"problems": 17, "accepted": 20, "tidied": 13, "duplicate": 2, "skipped": 1, "all": 40, "nonsense": 17}


def test_one_press_mends_many_and_says_how_many():
    client = signed_in("chen")
    text = "企业名称,统一社会信用代码,所属环节\n" + "\n".join(f"宁波第{n}厂（示例）,{code(n)},印花车间" for n in range(3))
    address = sent(client, text.encode())

    page = client.get(address).content.decode()
    done = client.post(address + "mend-all/", {"field": "nodes", "found": "印花车间", "value": "印染整理"}, follow=True).content.decode()
    nothing = client.post(address + "mend-all/", {"field": "nodes", "found": "印花车间", "value": ""}, follow=True).content.decode()

    assert "印花车间" in page[page.index('id="many"') :]
    assert "改好 3 行。" in done
    assert 'id="many"' not in done
    assert "请选择这个词指什么。" in nothing
    with as_actor(actor("chen")):
        assert [row.outcome for row in import_rows(actor("chen"), batch_at(address))] == ["accepted"] * 3


@pytest.mark.parametrize("verb", ["cancel", "forget", "mend-all", "confirm", "undo"])
def test_another_owners_list_is_as_absent_as_none(verb):
    with as_actor(actor("fang")):
        batch = start_import(actor=actor("fang"), file_name="x", data=many(3), now=NOW)
    address = reverse("suppliers:import", args=[batch.pk])

    assert signed_in("chen").post(f"{address}{verb}/").status_code == 404
    with as_actor(actor("fang")):
        assert [row.outcome for row in import_rows(actor("fang"), batch)] == ["accepted"] * 3
