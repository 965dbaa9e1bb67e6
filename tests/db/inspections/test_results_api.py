"""Measurements as machines send them: each set stored, repeated or refused by itself, through HTTP."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.actor import as_actor
from inspections.models import CharacteristicResult
from inspections.reading import context_from_json
from inspections.selectors import reading_context
from tests.agreed import in_force
from tests.cast import actor
from tests.clients import with_token
from tests.lots import a_lot
from tests.results import rows_seen

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
CONTEXT = json.loads((SAMPLES / "context.json").read_text(encoding="utf-8"))
SAMPLE = (SAMPLES / "measurements.jsonl").read_bytes()
EXPECTED = json.loads((SAMPLES / "measurements.jsonl.expected.json").read_text(encoding="utf-8"))
ADDRESS = "/api/v1/measurements:batch"


def sent(who: dict[str, str], body: Any, *, key: str = "", lines: bool = False, origin: str = "") -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    kind = "application/x-ndjson" if lines else "application/json"
    return Client().generic("POST", ADDRESS + (f"?origin={origin}" if origin else ""), data, content_type=kind, **who, **more)


def row(**words: Any) -> dict[str, Any]:
    said = {
        "idempotency_key": "k-1",
        "lot": "YZ-1",
        "characteristic": "PH",
        "edition": "GB/T 7573-2009",
        "values": [6.6, 6.7],
        "unit": "",
        "measured_at": "2026-03-02T08:00:00+08:00",
    }
    return {**said, **words}


@pytest.fixture
def lin() -> dict[str, str]:
    return with_token("lin")


def test_the_sample_file_comes_out_as_expected_row_by_row_and_twice_changes_nothing(monkeypatch, lin):
    known = list(context_from_json(CONTEXT).characteristics)
    monkeypatch.setattr(reading_context, "characteristics_known", lambda today: known)
    for number in CONTEXT["lots"]:
        a_lot(number, owner=None, made_on=date(2025, 3, 31), product_code=number)

    first, again = (sent(lin, SAMPLE, lines=True) for _time in range(2))

    told = first.json()["rows"]
    for want, got in zip(EXPECTED["rows"], told, strict=True):
        assert got["status"] in (want["http"] if isinstance(want["http"], list) else [want["http"]]), want
        assert got["duplicate_of"] == want.get("duplicate_of")
        wanted = want.get("issues", [])
        assert [{name: issue[name] for name in each if name in issue} for issue, each in zip(got["issues"], wanted, strict=True)] == wanted
    assert (first.status_code, first.json()["stored"], first.json()["repeated"], first.json()["refused"]) == (200, 184, 3, 13)
    assert (again.json()["stored"], again.json()["repeated"], again.json()["refused"]) == (0, 187, 13)
    assert [one["id"] for one in again.json()["rows"]] == [one["id"] for one in told]
    with as_actor(actor("lin")):
        assert CharacteristicResult.objects.visible_to(actor("lin")).count() == 184
    converted = [each["id"] for each, want in zip(told, EXPECTED["rows"], strict=True) if want["row"] == 55]
    shown = Client().get(f"/api/v1/results/{converted[0]}/", **lin).json()
    assert (shown["readings"], shown["unit"], shown["marks"]) == (["209", "194", "234", "258", "199"], "cN", ["unit_converted"])


def test_rows_in_one_body_are_each_answered_and_numbers_are_kept_as_written(lin):
    lot = a_lot("YZ-1")

    answer = sent(
        lin,
        b'{"rows": [%s, %s, 7]}'
        % (json.dumps(row(values=["6.60", 6.7])).encode(), json.dumps(row(idempotency_key="k-2", lot="NONE")).encode()),
    )

    assert [(each["status"], [issue["code"] for issue in each["issues"]]) for each in answer.json()["rows"]] == [
        (201, []), (422, ["lot_unknown"]), (422, ["json_malformed"]),
    ]  # fmt: skip
    (kept,) = rows_seen("lin", lot)
    assert (kept.readings, kept.decimals, kept.entered_via, str(kept.pk)) == ([660, 670], 2, "api", answer.json()["rows"][0]["id"])


def test_a_key_of_an_earlier_request_with_other_readings_is_refused(lin):
    lot = a_lot("YZ-1")
    sent(lin, {"rows": [row()]})

    answer = sent(lin, {"rows": [row(values=[6.6, 6.8]), row(idempotency_key="k-2")]})

    assert [each["status"] for each in answer.json()["rows"]] == [422, 201]
    assert answer.json()["rows"][0]["issues"][0]["code"] == "key_reused"
    assert [kept.readings for kept in rows_seen("lin", lot)] == [[66, 67], [66, 67]]


def test_the_same_request_gets_the_same_answer(lin):
    a_lot("YZ-1")

    first, again = (sent(lin, {"rows": [row()]}, key="once") for _time in range(2))

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_device_says_that_nobody_typed_its_readings(lin):
    lot = a_lot("YZ-1")

    sent(lin, {"rows": [row()]}, origin="instrument")

    assert [kept.origin for kept in rows_seen("lin", lot)] == ["instrument"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"[", 400), (b"[]", 422), (b'{"rows": {}}', 422), (b'{"rows": []}', 422), (b'{"rows": [NaN]}', 400),
        (b'{"rows": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
        (json.dumps({"rows": [row(idempotency_key=str(n)) for n in range(1001)]}).encode(), 422),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_is_refused_as_a_whole(lin, body, status):
    lot = a_lot("YZ-1")

    assert sent(lin, body).status_code == status
    assert rows_seen("lin", lot) == []


def test_absurd_rows_are_each_refused_and_none_breaks_the_answer(lin):
    lot = a_lot("YZ-1")
    absurd = [
        row(values=[{"x": "\ud800"}]), row(values=["\ud800"]), row(lot="YZ-1\x00"), row(lot=["YZ-1"]), row(characteristic=None), row(values=[1e300]),
        row(values=[[6.6]]), row(idempotency_key=7), row(idempotency_key="k" * 256), row(measured_at="2026-02-30T08:00:00Z"), row(values=[None]),
        row(lot="\ud800"), row(unit={"a": 1}), row(edition="\x00"), row(instrument="x" * 200),
    ]  # fmt: skip

    answer = sent(
        lin,
        {
            "rows": [
                {**each, "idempotency_key": each["idempotency_key"] if each["idempotency_key"] != "k-1" else f"a{n}"}
                for n, each in enumerate(absurd)
            ]
        },
    )

    assert answer.status_code == 200, answer.content
    assert {each["status"] for each in answer.json()["rows"]} == {422}
    assert rows_seen("lin", lot) == []


def test_a_stranger_meets_unknown_lots_and_the_other_hats_no_address(lin):
    lot = a_lot("YZ-1")

    assert sent(with_token("wu"), {"rows": [row()]}).json()["rows"][0]["issues"][0]["code"] == "lot_unknown"
    for who in ("zhou", "mei", "pan"):
        assert sent(with_token(who), {"rows": [row()]}).status_code == 403
    assert sent(with_token("lin", "read"), {"rows": [row()]}).status_code == 403
    assert rows_seen("lin", lot) == []


def test_a_thousand_rows_cost_as_many_questions_as_ten(lin):
    in_force(template="garment-2")
    for number in range(10):
        a_lot(f"YZ-{number}")

    def asked(count: int) -> int:
        body = {"rows": [row(idempotency_key=f"{count}-{n}", lot=f"YZ-{n % 10}", values=[6.6, 6.7, 6.8]) for n in range(count)]}
        with CaptureQueriesContext(connection) as queries:
            assert sent(lin, body).json()["stored"] == count
        return len(queries)

    _moves_the_lots_on, ten, most = asked(11), asked(10), asked(1000)
    assert (most - ten, most <= 60) == (1, True), (ten, most)  # a second statement for the second five hundred


def test_results_of_a_lot_are_filed_listed_and_corrected_as_typed(lin):
    in_force(template="garment-2")
    lot = a_lot("YZ-1")
    address = f"/api/v1/lots/{lot.pk}/results/"
    said = {"sets": [{"characteristic": "PH", "values": ["6.6", "８．６"], "edition": "GB/T 7573-2009", "key": "f-1"}]}

    first, again = (Client().post(address, said, content_type="application/json", **lin) for _time in range(2))

    assert (first.status_code, first.json()[0]["readings"], first.json()[0]["verdict"]) == (201, ["6.6", "8.6"], "out")
    assert again.json()[0]["id"] == first.json()[0]["id"]
    wrong = Client().post(address, {"sets": [{"characteristic": "PH", "values": ["6.6", "x"]}]}, content_type="application/json", **lin)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/sets/0/values/1")
    soon = Client().post(address, {"sets": [{**said["sets"][0], "measured_at": "2999-01-01"}]}, content_type="application/json", **lin)
    assert (soon.status_code, soon.json()["errors"][0]["pointer"]) == (422, "/sets/0/measured_at")
    to = f"/api/v1/results/{first.json()[0]['id']}/correction/"
    corrected = Client().post(
        to, {"values": ["6.6", "6.8"], "edition": "GB/T 7573-2009", "reason": "看错", "key": "c-1"}, content_type="application/json", **lin
    )
    assert (corrected.status_code, corrected.json()["verdict"], corrected.json()["corrects"]) == (201, "in", first.json()[0]["id"])
    listed = Client().get(f"{address}?page_size=1", **with_token("chen")).json()
    rest = Client().get(listed["next"], **with_token("chen")).json()
    assert [each["replaced_by"] for page in (listed, rest) for each in page["results"]] == [corrected.json()["id"], None]
    assert rest["next"] is None


def test_a_photo_that_is_not_the_firms_is_refused(lin):
    lot = a_lot("YZ-1")
    said = {"sets": [{"characteristic": "PH", "values": ["6.6"], "evidence": str(uuid4())}]}

    answer = Client().post(f"/api/v1/lots/{lot.pk}/results/", said, content_type="application/json", **lin)

    assert (answer.status_code, answer.json()["code"]) == (422, "evidence_missing")
    assert rows_seen("lin", lot) == []


def test_a_supplier_shows_its_results_to_a_customer_by_the_interface(lin):
    lot = a_lot("YZ-1")
    sent(lin, {"rows": [row()]})
    assert rows_seen("chen", lot) == []

    answer = Client().post(f"/api/v1/relations/{lot.link_id}/results/show/", **lin)

    assert (answer.status_code, answer.json()) == (200, {"shown": 1})
    assert len(rows_seen("chen", lot)) == 1
    assert Client().post(f"/api/v1/relations/{lot.link_id}/results/show/", **with_token("chen")).status_code == 403
