"""The pages and the API of files of results: upload, preview, mend, file; say which column is which; wait for a worker."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.actor import Hat, acting_as, as_actor
from inspections.models import CharacteristicResult, ResultImport
from inspections.services import result_files
from tests.agreed import in_force
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
HEAD = "批号,样品,检测项目,方法标准,结果,单位,判定,检测日期\n"


@pytest.fixture
def lot():
    in_force(template="garment-1")
    return a_lot()


def upload(client, text: str, name: str = "结果.csv"):
    return client.post(reverse("inspections:result_files"), {"file": SimpleUploadedFile(name, text.encode()), "origin": "self", "link": ""})


def filed() -> int:
    with acting_as(Hat.CLOCK):
        return CharacteristicResult.objects.count()


def test_a_file_is_uploaded_looked_at_mended_and_filed(lot):
    client = signed_in("lin")
    text = f"{HEAD}{lot.lot_no},S1,pH值,GB/T 7573-2009,6.8,,合格,2025-04-08\n{lot.lot_no},S2,pH值,GB/T 7573-2009,68,,合格,2025-04-08\n"
    answer = upload(client, text)
    assert answer.status_code == 302

    page = client.get(answer.url).content.decode()
    assert "68 不可能出现" in page and "E3" in page
    assert filed() == 0
    row = f"{answer.url}rows/3/"
    assert "GB/T 7573-2009" in client.get(row).content.decode()
    mended = client.post(
        row, {f"cell-{at}": cell for at, cell in enumerate(f"{lot.lot_no},S2,pH值,GB/T 7573-2009,6.9,,合格,2025-04-08".split(","))}
    )
    assert mended.url == answer.url

    assert client.post(f"{answer.url}confirm/").url == answer.url
    assert filed() == 2
    assert "已提交 2 组" in client.get(answer.url).content.decode()


def test_a_file_that_is_none_comes_back_with_the_reason(lot):
    answer = upload(signed_in("lin", "en"), "MZ\x00\x03", "a.csv")

    assert answer.status_code == 422
    assert "This is no file of results" in answer.content.decode()
    with as_actor(actor("lin")):
        assert not ResultImport.objects.visible_to(actor("lin")).exists()


def test_columns_are_asked_for_and_readings_side_by_side_numbered_from_left_to_right(lot):
    client = signed_in("lin")
    answer = upload(client, f"柜号,第一,第二\n{lot.lot_no},38.5,38.7\n")
    page = client.get(answer.url).content.decode()
    assert "各列" in page and "38.5" in page

    said = client.post(f"{answer.url}mapping/", {"header_row": "1", "column-0": "lot", "column-1": "YRN-CNT", "column-2": "YRN-CNT"})
    assert said.url == answer.url
    assert "YRN-CNT · n = 2 · 38.5 38.7 tex" in client.get(answer.url).content.decode()
    client.post(f"{answer.url}editions/", {"YRN-CNT": "GB/T 4743-2009"})
    assert "GB/T 4743-2009" in client.get(answer.url).content.decode()
    client.post(f"{answer.url}cancel/")
    assert client.get(answer.url).status_code == 200
    assert filed() == 0


def test_a_long_file_shows_how_far_it_is(lot, monkeypatch):
    monkeypatch.setattr(result_files, "INSTANT_BYTES", 5)
    client = signed_in("lin")
    answer = upload(client, f"{HEAD}{lot.lot_no},S1,pH值,GB/T 7573-2009,6.8,,,\n")

    assert "正在读取文件" in client.get(answer.url).content.decode()
    assert client.get(f"{answer.url}progress/", headers={"HX-Request": "true"}).status_code == 200


def test_the_api_takes_the_same_way(lot):
    api = Client(**with_token("lin"))
    line = {
        "idempotency_key": "k", "lot": lot.lot_no, "characteristic": "PH", "edition": "GB/T 7573-2009", "values": [66], "unit": "",
        "measured_at": "2025-04-01T08:00:00Z",
    }  # fmt: skip
    made = api.post("/api/v1/results/files/", {"file": SimpleUploadedFile("m.jsonl", json.dumps(line).encode())})
    assert (made.status_code, made.json()["totals"]["rejected"]) == (201, 1)
    one = f"/api/v1/results/files/{made.json()['id']}/"

    (row,) = api.get(f"{one}rows/").json()["results"]
    assert (row["outcome"], row["issues"][0]["code"]) == ("rejected", "value_impossible")
    assert row["issues"][0]["message"]["en"].startswith("66 cannot be")
    mended = api.patch(f"{one}rows/1/", {"cells": {"0": json.dumps(line | {"values": [6.6]})}}, content_type="application/json")
    assert (mended.status_code, mended.json()["outcome"]) == (200, "accepted")
    assert api.post(f"{one}confirm/").json() == {"filed": 1}
    assert filed() == 1
