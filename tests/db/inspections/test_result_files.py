"""Files of results: read into a preview, mended, confirmed, and filed once, however often they come."""

from pathlib import Path

import pytest

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from inspections.filing import values_of
from inspections.models import CharacteristicResult, ResultFile, ResultImport
from inspections.selectors.result_files import recent_result_imports, result_import_for, result_import_rows
from inspections.services import result_files
from inspections.services.result_files import (
    cancel_result_import,
    confirm_result_import,
    map_result_columns,
    mend_result_row,
    name_editions,
    start_result_import,
)
from inspections.services.result_files_work import file_in_background, read_in_background
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
LONG = """批号,样品,检测项目,方法标准,结果,单位,判定,检测日期
{lot},S1,pH值,GB/T 7573-2009,6.8,,合格,2025-04-08
{lot},S1,甲醛,GB/T 2912.1-2009,未检出,mg/kg,合格,2025-04-08
{lot},S1,耐干摩擦色牢度,GB/T 3920,3～4,级,合格,2025-04-08
{lot},S1,pH值,GB/T 7573-2009,68,,合格,2025-04-08
NO-SUCH,S1,pH值,GB/T 7573-2009,6.8,,合格,2025-04-08
"""
WIDE = """批号,线密度 x1,线密度 x2,线密度 x3,捻度 x1,捻度 x2,备注栏
,tex,tex,tex,T/m,T/m,
{lot},38.5,,38.25,480,512,甲
{other},38.1,停机,38.2,480,480,
合计,115,,,,,
"""


@pytest.fixture
def lot():
    in_force(template="garment-1")
    return a_lot()


def brought(text: str, *, who: str = "lin", name: str = "results.csv") -> ResultImport:
    with as_actor(actor(who)):
        return start_result_import(actor=actor(who), file_name=name, data=text.encode(), now=NOW)


def rows_of(batch: ResultImport, who: str = "lin"):
    with as_actor(actor(who)):
        return {
            row.number: (row.outcome, [issue["code"] for issue in row.said.get("issues", [])])
            for row in result_import_rows(actor(who), batch)
        }


def confirmed(batch: ResultImport, who: str = "lin") -> int:
    with as_actor(actor(who)):
        return confirm_result_import(actor=actor(who), batch=batch, now=NOW)


def kept(lot) -> list[CharacteristicResult]:
    with acting_as(Hat.CLOCK):
        return list(CharacteristicResult.objects.filter(lot=lot).order_by("characteristic_code", "id"))


def test_a_laboratorys_file_is_looked_at_first_and_filed_when_confirmed(lot):
    batch = brought(LONG.format(lot=lot.lot_no))

    assert (batch.state, batch.layout) == ("preview", "long")
    assert rows_of(batch) == {
        2: ("accepted", []), 3: ("warning", ["not_in_agreement"]), 4: ("accepted", []), 5: ("rejected", ["value_impossible"]), 6: ("rejected", ["lot_unknown"]),
    }  # fmt: skip
    assert batch.totals == {"rows": 5, "accepted": 2, "warning": 1, "duplicate": 0, "rejected": 2, "skipped": 0, "sets": 3, "readings": 3}
    assert kept(lot) == []

    assert confirmed(batch) == 3

    found = {row.characteristic_code: row for row in kept(lot)}
    assert {code: (row.readings, row.decimals, row.qualifiers) for code, row in found.items()} == {
        "CF-RUB": ([35], 1, None), "FOR": ([20], 0, ["<"]), "PH": ([68], 1, None),
    }  # fmt: skip
    assert {row.import_id for row in found.values()} == {batch.pk}
    assert found["PH"].details["sample"] == "S1"


def test_the_same_file_again_is_known_and_changes_nothing(lot):
    text = LONG.format(lot=lot.lot_no)
    confirmed(brought(text))

    again = brought(text)

    assert [outcome for outcome, _codes in rows_of(again).values()] == ["duplicate"] * 3 + ["rejected"] * 2
    assert confirmed(again) == 0
    assert len(kept(lot)) == 3


def test_a_rejected_row_stays_is_mended_and_filed_later(lot):
    batch = brought(LONG.format(lot=lot.lot_no))
    confirmed(batch)

    with as_actor(actor("lin")):
        row = mend_result_row(actor=actor("lin"), batch=batch, number=5, cells={4: "6.9"}, now=NOW)
        batch = result_import_for(actor("lin"), batch.pk)

    assert (row.outcome, row.said["issues"][0]["code"]) == ("warning", "same_test_other_result")
    assert confirmed(batch) == 1
    assert [row.readings for row in kept(lot) if row.characteristic_code == "PH"] == [[68], [69]]


def test_a_sheet_of_lots_is_filed_with_its_gaps_and_the_edition_that_a_person_named(lot):
    other = a_lot(lot_no="B-2")
    batch = brought(WIDE.format(lot=lot.lot_no, other=other.lot_no))
    assert (batch.layout, batch.facts["measured"]) == ("wide", ["YRN-CNT", "YRN-TWI"])
    assert {number: (outcome, set(codes) - {"not_in_agreement"}) for number, (outcome, codes) in rows_of(batch).items()} == {
        3: ("warning", set()), 4: ("warning", {"reading_text"}), 5: ("skipped", set()),
    }  # fmt: skip

    with as_actor(actor("lin")):
        name_editions(actor=actor("lin"), batch=batch, editions={"YRN-CNT": "GB/T 4743-2009"}, now=NOW)
    assert confirmed(batch) == 4

    count, twist = kept(lot)
    assert [str(value) for value in values_of(count)] == ["38.50", "None", "38.25"]
    assert (count.edition_code, twist.edition_code, twist.readings) == ("GB/T 4743-2009", "", [480, 512])
    assert [row.readings for row in kept(other)] == [[381, None, 382], [480, 480]]


def test_plain_rows_and_others_are_kept_alike_to_the_last_column(lot, monkeypatch):
    """What goes in by the thousand is what would go in one by one."""
    columns = [field.attname for field in CharacteristicResult._meta.concrete_fields if field.attname not in ("id", "import_id")]
    other = a_lot(lot_no="B-2")
    text = WIDE.format(lot=lot.lot_no, other=other.lot_no)
    confirmed(brought(text))
    at_once = [{name: getattr(row, name) for name in columns} for row in kept(lot)]
    with monkeypatch.context() as patched:
        patched.setattr("inspections.services.storing._head_of", lambda about: pytest.fail("this row is not plain"))
        again = brought(text.replace("甲", ""))
        with pytest.raises(pytest.fail.Exception):
            confirmed(again)

    third = brought(text.replace("甲", ""))
    assert confirmed(third) == 0
    assert [{name: getattr(row, name) for name in columns} for row in kept(lot)] == at_once


def test_columns_that_nobody_knows_are_asked_for_once_and_remembered(lot):
    text = f"柜号,东西,数目\n{lot.lot_no},pH值,6.8\n"
    batch = brought(text)
    assert batch.state == "needs_mapping"

    with as_actor(actor("lin")):
        batch = map_result_columns(
            actor=actor("lin"), batch=batch, chosen={0: "lot", 1: "characteristic", 2: "result"}, header_row=1, now=NOW
        )
    assert (batch.state, rows_of(batch)) == ("preview", {2: ("warning", ["edition_missing"])})
    assert brought(text).state == "preview"


def test_a_column_that_does_not_exist_is_refused_and_the_file_still_asks(lot):
    batch = brought("柜号,东西\n1,2\n")

    with as_actor(actor("lin")), pytest.raises(RuleBroken) as refused:
        map_result_columns(actor=actor("lin"), batch=batch, chosen={0: "NOPE x1"}, header_row=1, now=NOW)

    assert refused.value.code == "column_unknown"
    with as_actor(actor("lin")):
        assert result_import_for(actor("lin"), batch.pk).state == "needs_mapping"


def test_a_long_file_is_a_workers_from_reading_to_filing(lot, monkeypatch):
    monkeypatch.setattr(result_files, "INSTANT_BYTES", 10)
    monkeypatch.setattr(result_files, "INSTANT_SETS", 1)
    batch = brought(LONG.format(lot=lot.lot_no))
    assert batch.state == "reading"

    read_in_background(actor=actor("lin"), import_id=batch.pk, now=NOW)
    with as_actor(actor("lin")):
        batch = result_import_for(actor("lin"), batch.pk)
        assert (batch.state, batch.totals["sets"]) == ("preview", 3)
    assert confirmed(batch) == 0
    file_in_background(actor=actor("lin"), import_id=batch.pk, now=NOW)

    with as_actor(actor("lin")):
        batch = result_import_for(actor("lin"), batch.pk)
    assert (batch.state, batch.filed, batch.known, len(kept(lot))) == ("done", 3, 0, 3)


def test_a_file_that_is_stopped_leaves_nothing_behind(lot):
    batch = brought(LONG.format(lot=lot.lot_no))

    with as_actor(actor("lin")):
        cancel_result_import(actor=actor("lin"), batch=batch, now=NOW)
        assert not ResultFile.objects.filter(batch=batch).exists()
        assert result_import_rows(actor("lin"), batch) == []
        with pytest.raises(RuleBroken) as refused:
            confirm_result_import(actor=actor("lin"), batch=batch, now=NOW)

    assert refused.value.code == "nothing_to_file"
    assert kept(lot) == []


def test_nobody_else_sees_a_firms_files(lot):
    batch = brought(LONG.format(lot=lot.lot_no))

    for who in ("chen", "wu"):
        with as_actor(actor(who)):
            assert recent_result_imports(actor(who)) == []
            with pytest.raises(Absent):
                result_import_for(actor(who), batch.pk)
            with pytest.raises((Absent, NotYours)):
                confirm_result_import(actor=actor(who), batch=batch, now=NOW)
    assert kept(lot) == []


def test_the_samples_of_a_laboratory_come_in_by_the_lots_that_are_registered(lot):
    data = (Path(__file__).parents[2] / "data" / "import-samples" / "lab-results.csv").read_text(encoding="utf-8-sig")
    batch = brought(data.replace("YZ2504-001", lot.lot_no))

    assert batch.totals["rejected"] == 34
    assert {codes[0] for number, (outcome, codes) in rows_of(batch).items() if outcome == "rejected"} == {"lot_unknown"}
    assert confirmed(batch) == 6


def test_a_long_sheet_is_looked_at_without_making_anything_of_its_plain_rows(lot, monkeypatch):
    other = a_lot(lot_no="B-2")
    text = WIDE.format(lot=lot.lot_no, other=other.lot_no).replace("甲", "")
    short = brought(text)
    monkeypatch.setattr("inspections.services.result_files_work.MANY_ROWS", 1)

    long = brought(text)

    assert long.totals == short.totals
    assert (long.totals["sets"], long.totals["readings"]) == (4, 8)
    assert {number: outcome for number, (outcome, _codes) in rows_of(long).items()} == {
        number: outcome for number, (outcome, _codes) in rows_of(short).items()
    }
    assert confirmed(long) == 4
