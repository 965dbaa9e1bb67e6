"""A sheet that needs nobody's eye is filed in one go, and leaves what preview and confirmation leave; any other is a preview."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import CharacteristicResult, Lot, ResultFile, ResultImport, ResultImportRow, ResultRollup
from inspections.services.result_files import confirm_result_import, file_results_at_once, name_editions, start_result_import
from parties.models import OrganisationCode
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.clients import with_token
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
FILES = "/api/v1/results/files/"
EDITIONS = {"YRN-CNT": "GB/T 4743-2009", "PH": "GB/T 7573-2009"}
HEAD = "批号,线密度 x1,线密度 x2,pH值 x1,pH值 x2\n,tex,tex,,\n"
OF_A_ROW = ("lot_id", "owner_org_id", "supplier_org_id", "org_id", "product_code", "made_on", "characteristic_code", "edition_code", "unit", "readings",
            "decimals", "width", "qualifiers", "measured_at", "received_at", "origin", "entered_via", "instrument", "verdict", "out_count", "clause_id",
            "marks", "details", "said_key", "said")  # fmt: skip


@pytest.fixture
def lots():
    in_force(template="cashmere-yarn-1")
    return [a_lot(lot_no=f"AT-{n}") for n in range(4)]


def sheet(lots, *, more: str = "") -> str:
    cells = ["38.5,38.62,6.5,6.71", "38,,7,", "12,38.1,6.5,6.5", ",,6.50,6.5"]
    return HEAD + "".join(f"{lot.lot_no},{each}\n" for lot, each in zip(lots, cells, strict=True)) + more


def at_once(text: str, *, who: str = "lin", editions=EDITIONS) -> ResultImport:
    with as_actor(actor(who)):
        return file_results_at_once(actor=actor(who), file_name="sheet.csv", data=text.encode(), editions=editions, now=NOW)


def by_preview(text: str) -> ResultImport:
    lin = actor("lin")
    with as_actor(lin):
        batch = start_result_import(actor=lin, file_name="sheet.csv", data=text.encode(), now=NOW)
        name_editions(actor=lin, batch=batch, editions=EDITIONS, now=NOW)
        confirm_result_import(actor=lin, batch=batch, now=NOW)
        return ResultImport.objects.visible_to(lin).get(pk=batch.pk)


def kept() -> list[tuple]:
    with acting_as(Hat.CLOCK):
        return list(CharacteristicResult.objects.order_by("lot_id", "characteristic_code").values_list(*OF_A_ROW))


def counted() -> dict[str, int]:
    with as_actor(actor("lin")):
        models = (ResultImport, ResultFile, ResultImportRow, CharacteristicResult, ResultRollup)
        return {model.__name__: model.objects.visible_to(actor("lin")).count() for model in models}


def test_what_is_filed_at_once_is_what_preview_and_confirmation_file(lots):
    def left(way) -> tuple:
        with transaction.atomic():
            batch = way(sheet(lots))
            with acting_as(Hat.CLOCK):
                states = list(Lot.objects.filter(pk__in=[lot.pk for lot in lots]).order_by("pk").values_list("state", "state_since"))
                sums = list(ResultRollup.objects.order_by("characteristic_code", "month").values_list("rows", "n_readings", "out_count", "total", "total_squared"))  # fmt: skip
            found = (
                batch.state,
                batch.layout,
                batch.totals,
                batch.filed,
                batch.known,
                batch.facts["editions"],
                batch.facts["measured"],
                kept(),
                states,
                sums,
            )
            transaction.set_rollback(True)
        return found

    straight = left(at_once)
    assert straight == left(by_preview)
    assert straight[0] == "done"
    assert len(straight[7]) == straight[3] == 7
    assert {row[18] for row in straight[7]} == {"in", "not_judged"}
    assert {state for state, _since in straight[8]} == {"inspecting"}


def test_no_preview_is_kept_of_what_was_filed_at_once(lots):
    batch = at_once(sheet(lots))
    assert counted() == {"ResultImport": 1, "ResultFile": 0, "ResultImportRow": 0, "CharacteristicResult": 7, "ResultRollup": 2}
    with acting_as(Hat.CLOCK):
        assert set(CharacteristicResult.objects.values_list("import_id", flat=True)) == {batch.pk}


def test_the_same_sheet_again_changes_nothing_and_a_longer_one_adds_what_is_new(lots):
    at_once(sheet(lots))
    before = kept()
    again = at_once(sheet(lots))
    assert (again.state, again.filed, again.known) == ("done", 0, 7)
    assert kept() == before
    late = a_lot(lot_no="AT-late")
    longer = at_once(sheet(lots, more=f"{late.lot_no},38.4,38.5,6.6,6.7\n"))
    assert (longer.state, longer.filed, longer.known) == ("done", 2, 7)
    assert len(kept()) == 9
    assert counted()["CharacteristicResult"] == 9
    with acting_as(Hat.CLOCK):
        assert sum(ResultRollup.objects.values_list("rows", flat=True)) == 9


@pytest.mark.parametrize("more", ["NO-SUCH,38.5,38.5,6.5,6.5\n", "{lot},38.5,38.5,6.5,99\n", "{lot},约38,38.5,6.5,6.5\n", "合计,115,,,\n"])
def test_a_sheet_in_which_one_row_wants_a_look_is_a_preview_and_nothing_is_filed(lots, more):
    late = a_lot(lot_no="AT-late")
    batch = at_once(sheet(lots, more=more.format(lot=late.lot_no)))
    assert batch.state == "preview"
    assert batch.facts["editions"] == EDITIONS
    assert kept() == []
    assert counted()["ResultFile"] == 1
    assert counted()["ResultRollup"] == 0
    with acting_as(Hat.CLOCK):
        assert set(Lot.objects.filter(pk__in=[lot.pk for lot in lots]).values_list("state", flat=True)) == {"registered"}


def test_a_list_of_one_result_a_row_is_a_preview(lots):
    text = f"批号,样品,检测项目,方法标准,结果,单位,判定,检测日期\n{lots[0].lot_no},S1,pH值,GB/T 7573-2009,6.8,,合格,2025-04-08\n"
    assert at_once(text).state == "preview"
    assert kept() == []


def test_an_edition_of_another_characteristic_and_an_empty_file_are_refused(lots):
    with pytest.raises(RuleBroken, match="edition_is_not_of_it"):
        at_once(sheet(lots), editions={"PH": "GB/T 4743-2009"})
    with pytest.raises(RuleBroken, match="result_file_empty"):
        at_once(" \n")
    with pytest.raises(NotYours):
        at_once(sheet(lots), who="zhou")
    assert kept() == []
    assert counted()["ResultImport"] == 0


def test_the_api_files_at_once_and_says_what_came_of_it(lots):
    client, token = Client(), with_token("lin")
    said = {"file": SimpleUploadedFile("sheet.csv", sheet(lots).encode()), "at_once": "true", "editions": json.dumps(EDITIONS)}
    answer = client.post(FILES, said, **token)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["state"], answer.json()["filed"], answer.json()["editions"]) == ("done", 7, EDITIONS)
    wrong = client.post(FILES, {"file": SimpleUploadedFile("s.csv", b"x"), "at_once": "true", "editions": "[1]"}, **token)
    assert wrong.status_code == 422
    assert len(kept()) == 7


def test_the_command_files_at_once(lots, tmp_path):
    path, report = tmp_path / "sheet.csv", tmp_path / "report.json"
    path.write_text(sheet(lots), encoding="utf-8")
    with acting_as(Hat.CLOCK):
        code = OrganisationCode.objects.get(org_id=actor("lin").org_id)
    words = [f"--edition={name}={edition}" for name, edition in EDITIONS.items()]
    out = StringIO()
    call_command(
        "import_results", str(path), "--supplier", code.verified or code.claimed, "--at-once", *words, "--report", str(report), stdout=out
    )
    assert "7 sets filed" in out.getvalue()
    assert json.loads(report.read_text())["rows"] == []
    assert len(kept()) == 7
