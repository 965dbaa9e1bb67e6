"""Hostile and absurd files: each refused with the row and the reason, or as a whole, and nothing half-written."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from inspections.models import CharacteristicResult, Lot, ResultFile, ResultImport, ResultImportRow
from inspections.selectors.result_files import result_import_rows
from inspections.services.result_files import confirm_result_import, start_result_import
from tests.agreed import NOW
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
HOSTILE = Path(__file__).parents[2] / "data" / "hostile-files"
HEAD = "批号,样品,检测项目,方法标准,结果,单位,判定,检测日期\n"
LOT = "YZ2603-001"
LINE = {
    "idempotency_key": "k", "lot": LOT, "characteristic": "PH", "edition": "GB/T 7573-2009", "values": [6.5], "unit": "",
    "measured_at": "2025-04-01T08:00:00+08:00", "instrument": "T",
}  # fmt: skip


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


def long(result: str, what: str = "pH值,GB/T 7573-2009", unit: str = "", day: str = "2025-04-08", lot: str = LOT) -> bytes:
    return f"{HEAD}{lot},S1,{what},{result},{unit},,{day}\n".encode()


def line(**change) -> bytes:
    return json.dumps(LINE | change).encode()


def workbook(*rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def with_extra_part(name: str, content: bytes) -> bytes:
    out = io.BytesIO(workbook(["批号", "线密度 x1"], [LOT, 38.5]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


WHOLE = {
    "nothing but blanks": (b" \n\n ", "result_file_empty"),
    "a program": (b"MZ\x00\x03" * 40, "not_a_table"),
    "a picture": ((HOSTILE / "ok.jpg").read_bytes(), "not_a_table"),
    "a document": (b"%PDF-1.4\nlot,result\n", "not_a_table"),
    "a long document": (b"%PDF-1.4\n" + b"lot,result\n" * 40_000, "not_a_table"),
    "a long program": (b"MZ\x90\x00" + bytes(400_000), "not_a_table"),
    "a picture that moves": (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "not_a_table"),
    "an archive of another kind": (b"7z\xbc\xaf\x27\x1c\x00\x04", "not_a_table"),
    "an archive without sheets": ((HOSTILE / "many.zip").read_bytes(), "not_a_workbook"),
    "a page": (b"<html><script>alert(1)</script></html>", "web_page"),
    "a letter": ("您好！\n附件是本月的检测结果，请查收。\n".encode(), None),
    "an old or locked workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "workbook_old_or_protected"),
    "a bomb": (with_extra_part("xl/media/a.bin", bytes(30_000_000)), "package_too_big"),
    "entities that laugh": (with_extra_part("xl/more.xml", LAUGHS), "xml_declares_entities"),
    "a path that climbs": (with_extra_part("../../evil.xml", b"<a/>"), "package_unsafe"),
    "a package of packages": (with_extra_part("xl/inner.zip", (HOSTILE / "nested.zip").read_bytes()), "package_unsafe"),
    "a header and nothing": (HEAD.encode(), "rows_missing"),
    "half a character": ("\ufeff批号,结果".encode("utf-16")[:-1] + b"\xd8", "encoding_unknown"),
}
ROWS = {
    "a formula as a result": (long('"=cmd|\'/c calc\'!A1"'), 2, "value_not_a_number"),
    "a number without an end": (long("9" * 400), 2, "value_impossible"),
    "infinity": (long("1e400"), 2, "value_not_a_number"),
    "a statement as a lot": (long("6.8", lot="'; drop table lots; --"), 2, "lot_unknown"),
    "a day that is not there": (long("6.8", day="2025-02-30"), 2, "date_invalid"),
    "a text of a million marks": (f"{HEAD}{LOT},{'x' * 1_000_00},pH值,GB/T 7573-2009,6.8,,,\n".encode(), 2, "text_too_long"),
    "a bare NaN": (json.dumps(LINE).replace("6.5", "NaN").encode(), 1, "value_not_a_number"),
    "a NUL in a name": (line(instrument="a\x00b"), 1, "text_has_nul"),
    "one thousand and one values": (line(values=[6.5] * 1001), 1, "values_too_many"),
    "a field named twice": (b'{"lot":"a","lot":"b"}', 1, "json_malformed"),
    "a nest of ten thousand": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 1, "json_malformed"),
    "an integer of five thousand digits": (json.dumps(LINE).replace("6.5", "9" * 5000).encode(), 1, "value_not_a_number"),
    "a key of a page": (line(idempotency_key="k" * 5000), 1, "key_too_long"),
    "a workbook of errors": (workbook(["批号", "线密度(tex) x1", "pH值 x1"], [LOT, "#DIV/0!", 1e300]), 2, "value_impossible"),
}  # fmt: skip


@pytest.fixture
def lot() -> Lot:
    return a_lot(owner=None, lot_no=LOT)


def brought(data: bytes) -> ResultImport:
    with as_actor(actor("lin")):
        return start_result_import(actor=actor("lin"), file_name="../../etc/passwd\x00.csv", data=data, now=NOW)


def nothing_is_filed() -> bool:
    with acting_as(Hat.CLOCK):
        return not CharacteristicResult.objects.exists() and not Lot.objects.exclude(state="registered").exists()


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_none_is_refused_with_one_reason_and_leaves_nothing(lot, name):
    data, code = WHOLE[name]
    if code is None:  # a text that is no table asks which column is which, and files nothing
        assert brought(data).state == "needs_mapping"
        assert nothing_is_filed()
        return

    with pytest.raises(RuleBroken) as refused:
        brought(data)

    said = refused.value.facts.get("message", {"code": refused.value.code})
    assert said["code"] == code
    assert str(refused.value.words())
    assert nothing_is_filed()
    with as_actor(actor("lin")):
        assert not any(model.objects.visible_to(actor("lin")).exists() for model in (ResultImport, ResultFile, ResultImportRow))


@pytest.mark.parametrize("name", ROWS)
def test_an_absurd_row_is_refused_with_its_number_and_reason_and_nothing_is_written(lot, name):
    data, number, code = ROWS[name]
    batch = brought(data)

    with as_actor(actor("lin")):
        (row,) = [row for row in result_import_rows(actor("lin"), batch) if row.outcome == "rejected"]
        confirmed = confirm_result_import(actor=actor("lin"), batch=batch, now=NOW)

    assert (row.number, code in [issue["code"] for issue in row.said["issues"]], confirmed) == (number, True, 0)
    assert nothing_is_filed()
    assert "\x00" not in batch.file_name


def test_one_bad_row_among_good_ones_stops_none_of_them(lot):
    good = f"{LOT},S1,pH值,GB/T 7573-2009,6.8,,,2025-04-08\n"
    batch = brought((HEAD + good + good.replace("6.8", "1e400") + good.replace("S1", "S2")).encode())

    with as_actor(actor("lin")):
        assert confirm_result_import(actor=actor("lin"), batch=batch, now=NOW) == 2
