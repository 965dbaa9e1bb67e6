"""The chain map as the bureau reads it, and statistics on their way in."""

import re
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from foundation.actor import as_actor
from foundation.errors import NotYours, RuleBroken
from oversight.chain import quarter_of
from oversight.models import ChainImport, ChainStat
from oversight.services.chain_map import ChainFileToMend, StatSaid, import_chain_counts
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.oversight.rows import NOW

pytestmark = pytest.mark.django_db
ZHOU, PAN = actor("zhou"), actor("pan")
CITY, HAISHU = "330200", "330203"
FILE = "地区,环节,规模,企业数,规上,获证,产值档\n海曙区,针织,,473,21,60,4\n海曙区,纺纱,,151,10,,\n鄞州区,针织,,700,30,,\n鄞州区,纺纱,,3,1,,\n奉化区,纺纱,,40,2,,\n奉化区,针织,,50,2,,\n"
TOWNS = "town,firms\n南门街道,300\n江厦街道,324\n"


def handed_in(text=FILE, *, who=ZHOU, quarter="2026Q1", source="统计年鉴（示例）", name="一季度.csv"):
    with as_actor(who):
        return import_chain_counts(actor=who, said=StatSaid(quarter, source, date(2026, 4, 1)), file_name=name, data=text.encode(), now=NOW)


def standing():
    with as_actor(ZHOU):
        return sorted(ChainImport.objects.filter(superseded_at=None).values_list("quarter", "parent_code", "firms", "source"))


def test_a_later_file_of_the_quarter_takes_the_place_of_the_earlier_and_both_stay():
    handed_in()
    handed_in()
    handed_in(TOWNS)
    handed_in(FILE.replace("473", "475"), who=PAN, source="更正（示例）")

    assert standing() == [("2026Q1", CITY, 1419, "更正（示例）"), ("2026Q1", HAISHU, 624, "统计年鉴（示例）")]
    with as_actor(ZHOU):
        assert ChainImport.objects.count() == 3
        assert ChainStat.objects.count() == 14


def test_a_file_with_one_wrong_line_is_not_taken_and_the_line_is_named():
    with pytest.raises(ChainFileToMend) as refused:
        handed_in(FILE + "火星,针织,,4,,,\n海曙区,针织,,1,9,,\n")
    with pytest.raises(RuleBroken, match="chain_quarter_ahead"):
        handed_in(quarter="2026Q4")
    with pytest.raises(RuleBroken, match="chain_file_unreadable"):
        handed_in("")
    with pytest.raises(NotYours):
        handed_in(who=actor("chen"))

    assert [(fault.line, fault.code) for fault in refused.value.faults] == [(8, "chain_place_unknown"), (9, "chain_part_above_firms")]
    assert standing() == []


def test_the_page_says_whose_figures_it_shows_and_merges_small_cells():
    client = signed_in("zhou", "en")
    live = client.get("/bureau/chain/").content.decode()
    assert "Firms on the platform as they are now, not all firms of the city." in live
    assert "8 firms; most in Haishu District: 8." in live

    handed_in()
    page = client.get("/bureau/chain/?measure=firms").content.decode()
    assert "City statistics of Q1 2026" in page
    assert "1,417 firms; most in Yinzhou District: 703." in page
    cells = _matrix(page, "Yinzhou District")
    # Three firms of Yinzhou spin: hidden, and with them what would give them away.
    assert "3" not in cells
    assert cells.count("▒") == 2
    assert "▒" in _matrix(page, "Haishu District") + _matrix(page, "Fenghua District")
    table = client.get("/bureau/chain/export/").content.decode("utf-8-sig")
    (spun,) = [line for line in table.splitlines() if line.startswith("330212,") and ",Spinning," in line]
    assert "merged to protect firms" in spun


# Two files that differ inside hidden cells only, by one firm moved around a block of four, and by who of them is certified.
HIDDEN = [
    (("鄞州区,纺纱,小型,3,1,2", "鄞州区,针织,小型,700,30,40", "奉化区,纺纱,小型,2,1,0", "奉化区,针织,小型,50,2,9"), ("南门街道,针织,3", "南门街道,纺纱,9", "江厦街道,针织,2", "江厦街道,纺纱,30")),
    (("鄞州区,纺纱,小型,2,0,2", "鄞州区,针织,小型,701,31,40", "奉化区,纺纱,小型,3,2,0", "奉化区,针织,小型,49,1,9"), ("南门街道,针织,2", "南门街道,纺纱,10", "江厦街道,针织,3", "江厦街道,纺纱,29")),
]  # fmt: skip
ALIKE = "海曙区,针织,中型,473,21,60\n海曙区,纺纱,中型,151,10,20\n"
TOWNS_ALIKE = "集士港镇,针织,40\n集士港镇,纺纱,60\n"


def _said(client):
    """Everything that can be asked of the map, as it is answered: bodies, cells of workbooks, and the headers that name or keep them."""
    asked = [
        {"measure": measure, "node": node}
        for measure in ("firms", "above_scale", "certified", "signed")
        for node in ("", "knitting", "spinning")
    ]
    asked += [{"region": HAISHU}, {"region": HAISHU, "measure": "certified", "node": "spinning"}, {"sort": "-firms", "order": "firms"}]
    answers = [client.get("/bureau/chain/", {**query, "quarter": "2026Q1"}) for query in asked]
    answers += [
        client.get("/bureau/chain/export/", {"region": region, "as": kind, "quarter": "2026Q1"})
        for region in ("", HAISHU)
        for kind in ("csv", "xlsx")
    ]
    answers += [client.get("/api/v1/bureau/chain/", {"region": region} if region else {}, **with_token("zhou")) for region in ("", HAISHU)]
    assert {answer.status_code for answer in answers} == {200}
    return [
        ({name: answer.headers.get(name) for name in ("Content-Disposition", "ETag", "Last-Modified", "Cache-Control")}, _body(answer))
        for answer in answers
    ]


def _body(answer):
    if "spreadsheet" in answer["Content-Type"]:
        return [[cell.value for cell in row] for sheet in load_workbook(BytesIO(answer.content)) for row in sheet]
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.content.decode())


def test_nothing_that_can_be_asked_of_the_map_tells_what_is_inside_a_hidden_cell():
    client, said = signed_in("zhou", "en"), []
    for city, towns in HIDDEN:
        handed_in("地区,环节,规模,企业数,规上,获证\n" + ALIKE + "\n".join(city) + "\n")
        handed_in("town,node,firms\n" + TOWNS_ALIKE + "\n".join(towns) + "\n")
        said.append(_said(client))
        with as_actor(ZHOU):
            assert ChainStat.objects.filter(batch__superseded_at=None, firms__lt=5).count() == 4

    assert said[0] == said[1]
    table = client.get("/bureau/chain/export/", {"quarter": "2026Q1"}).content.decode("utf-8-sig")
    assert table.count("merged to protect firms") >= 4
    assert ",1379," in table  # the city's total is still said


def test_who_did_not_hand_a_file_in_is_told_neither_its_sum_nor_its_hash():
    (batch,) = handed_in(FILE)
    for who, told in ((ZHOU, True), (PAN, False)):
        client, name = signed_in("zhou" if told else "pan"), "zhou" if told else "pan"
        page = client.get("/bureau/chain/counts/").content.decode()
        (row,) = client.get("/api/v1/bureau/chain/counts/", **with_token(name)).json()
        assert (row["firms"], row["sha256"]) == ((1417, batch.sha256) if told else (None, ""))
        assert ("1417" in page.replace(",", "").split("<tbody")[1], batch.sha256[:4] in page.split("<tbody")[1]) == (told, told)
        assert batch.is_of(who.org_id) is told


def test_a_step_of_which_the_statistics_say_nothing_is_no_step_without_firms():
    handed_in()
    client = signed_in("zhou", "en")
    page = client.get("/bureau/chain/").content.decode()
    assert (
        "No data in these statistics: Fibre, Weaving, Dyeing and finishing, Trims, Garment, Home textiles, Design and brand, Testing and other services."
        in page
    )
    assert 'aria-label="Design and brand: no data in these statistics"' in page
    table = client.get("/bureau/chain/export/").content.decode("utf-8-sig")
    assert ",Design and brand,All,no data,,,," in table
    said = client.get("/api/v1/bureau/chain/", **with_token("zhou")).json()
    assert [(cell["merged"], cell["firms"]) for cell in said["cells"] if (cell["place"], cell["node"]) == (CITY, "design")] == [
        (False, None)
    ]
    live = client.get("/bureau/chain/?of=platform").content.decode()
    assert "No data in these statistics" not in live


def _matrix(page, place):
    """The cells of a place's row in the table of places and steps."""
    part = page[page.index('id="matrix-t"') :]
    row = next(row for row in part.split("<tr>") if place in row)
    cells = [cell.partition(">")[2] for cell in row.split("<td")[1:]]
    return [re.sub(r"<span class=\"vh\">[^<]*</span>|<[^>]+>", "", cell).strip() for cell in cells]


def test_towns_stand_under_their_district_and_a_place_that_is_not_drawn_is_absent():
    handed_in()
    handed_in(TOWNS)
    client = signed_in("zhou", "en")

    page = client.get(f"/bureau/chain/?region={HAISHU}").content.decode()
    assert "Nanmen" in page
    assert "624 firms" in page
    assert client.get("/bureau/chain/?region=330212").status_code == 404
    assert client.get("/bureau/chain/?of=x&quarter=1&node=y&measure=z").status_code == 200


def test_the_bureau_and_the_platform_hand_in_by_page_and_others_are_shut_out():
    said = {"quarter": "2026Q1", "source": "统计年鉴（示例）", "as_of": "2026-04-01"}
    client = signed_in("pan", "en")

    bad = client.post("/bureau/chain/counts/", {**said, "file": SimpleUploadedFile("a.csv", "地区,企业数\n火星,3\n".encode())})
    assert bad.status_code == 422
    assert 'Row 2: “<span lang="zh-Hans">火星</span>” is no district' in bad.content.decode()
    assert standing() == []
    good = client.post("/bureau/chain/counts/", {**said, "file": SimpleUploadedFile("a.csv", FILE.encode())})
    assert good.status_code == 302
    assert "统计年鉴" in client.get("/bureau/chain/counts/").content.decode()
    assert standing() == [("2026Q1", CITY, 1417, "统计年鉴（示例）")]
    for who in ("chen", "lin", "mei", "an"):
        assert signed_in(who).get("/bureau/chain/").status_code == 403


def test_the_command_hands_in_what_the_page_takes_and_says_which_rows_to_mend(tmp_path):
    today = timezone.localdate()
    said = {"quarter": quarter_of(today), "source": "统计年鉴（示例）", "as_of": today, "person": "zhou"}
    good, bad = tmp_path / "a.csv", tmp_path / "b.csv"
    good.write_text(TOWNS, encoding="utf-8")
    bad.write_text("town,firms\n火星,3\n", encoding="utf-8")

    with pytest.raises(CommandError, match="row 2: “火星” is no district"):
        call_command("import_chain_counts", bad, **said)
    with pytest.raises(CommandError, match="chen is nobody of the bureau"):
        call_command("import_chain_counts", good, **{**said, "person": "chen"})
    assert standing() == []
    call_command("import_chain_counts", good, **said, stdout=StringIO())
    assert standing() == [(quarter_of(today), HAISHU, 624, "统计年鉴（示例）")]


def test_the_api_says_what_the_page_says():
    handed_in()
    said = signed_in("zhou").get("/api/v1/bureau/chain/", **with_token("zhou")).json()

    assert (said["source"]["origin"], said["source"]["quarter"]) == ("file", "2026Q1")
    cells = {(cell["place"], cell["node"], cell["size"]): cell for cell in said["cells"]}
    assert cells["330203", "", ""]["firms"] == 624
    assert cells["330212", "spinning", ""] == {
        "place": "330212", "node": "spinning", "size": "", "merged": True, "firms": None, "above_scale": None, "certified": None, "signed": None,
        "output_band": None,
    }  # fmt: skip
