"""The pages of checklists: built by forms and buttons alone, read by both sides, brought in and taken away as sheets."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audits.models import ChecklistDraft, ChecklistVersion
from audits.services import tell_of_audit
from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import FREQUENCY, agreement_in_force, first_audit, moment, picture

pytestmark = pytest.mark.django_db
NEW = {"name_zh": "车间表", "name_en": "Workshop", "client_id": "c1"}
QUESTION = {
    "code": "Q-1", "text_zh": "有批号吗？", "kind": "yes_no", "weight": "2", "photo": "on_no", "photos_least": "1", "clause_type": "process_requirement",
    "source": "ISO 9001:2015, 8.5.2",
}  # fmt: skip


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def chen():
    return signed_in("chen", "en")


def the_draft():
    with as_actor(actor("chen")):
        return ChecklistDraft.objects.visible_to(actor("chen")).latest("made_at")


def begun(client):
    assert client.post("/audits/checklists/new/", NEW).status_code == 302
    return f"/audits/checklists/drafts/{the_draft().pk}/"


def post(client, url, **said):
    return client.post(url, {"revision": the_draft().revision, **said})


def codes():
    return [(each["code"], each["section"]) for each in the_draft().body["questions"]]


def test_a_checklist_is_written_with_buttons_alone_and_published(chen):
    url = begun(chen)
    assert post(chen, f"{url}sections/new/", code="A", name_zh="原料仓").status_code == 302
    assert post(chen, f"{url}questions/new/", **QUESTION, go="another")["Location"] == f"{url}questions/new/?section="
    post(chen, f"{url}questions/new/", **{**QUESTION, "code": "Q-2", "show_if": "Q-1 = no, na"})
    assert codes() == [("Q-1", ""), ("Q-2", "")]

    post(chen, url, do="down", number="2")
    assert codes() == [("Q-1", ""), ("Q-2", "A")]
    post(chen, url, do="copy", number="2")
    post(chen, url, do="remove", number="3")
    post(chen, f"{url}head/", name_zh="车间表", minutes="15", scoring="weighted", node_codes=["dyeing"])
    page = chen.get(f"{url}publish/").content.decode()
    assert "ISO 9001:2015, 8.5.2" not in page
    assert "Publish it" in page
    done = post(chen, f"{url}publish/")

    with as_actor(actor("chen")):
        version = ChecklistVersion.objects.get(owner_org_id=actor("chen").org_id)
    assert done["Location"] == f"/audits/checklists/{version.pk}/"
    assert (version.question_count, version.minutes, version.node_codes, version.published_by) == (
        2,
        15,
        ["dyeing"],
        actor("chen").person_name,
    )
    shown = chen.get(done["Location"]).content.decode()
    assert "ISO 9001:2015, 8.5.2" in shown
    assert "Q-1 = no, na" in shown
    assert chen.get(url)["Location"] == done["Location"]


def test_the_next_version_shows_what_it_changes(chen):
    url = begun(chen)
    post(chen, f"{url}questions/new/", **QUESTION)
    code = post(chen, f"{url}publish/")["Location"]
    next_url = chen.post(code, {"do": "draft", "client_id": "c2"})["Location"]
    post(chen, f"{next_url}questions/1/", **{**QUESTION, "weight": "3"})

    page = chen.get(f"{next_url}publish/").content.decode()
    assert re.search(r"<del>2</del>.*<ins>3</ins>", page, re.S)
    second = post(chen, f"{next_url}publish/")["Location"]
    assert re.search(r"<del>2</del>.*<ins>3</ins>", chen.get(f"{second}changes/").content.decode(), re.S)
    assert chen.get(f"{code}changes/").status_code == 200
    assert chen.post(second, {"do": "retire"}).status_code == 302
    assert second in chen.get("/audits/checklists/?view=retired").content.decode()
    assert second not in chen.get("/audits/checklists/").content.decode()


def test_a_form_that_cannot_be_read_is_told_at_its_field_and_keeps_what_was_typed(chen):
    url = begun(chen)

    answer = post(chen, f"{url}questions/new/", **{**QUESTION, "code": "编号", "show_if": "when it rains"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This line cannot be read: when it rains" in page
    assert "有批号吗？" in page
    assert codes() == []


def test_a_code_stands_once_and_an_older_page_changes_nothing(chen):
    url = begun(chen)
    post(chen, f"{url}questions/new/", **QUESTION)

    assert post(chen, f"{url}questions/new/", **QUESTION).status_code == 422
    late = chen.post(f"{url}questions/new/", {**QUESTION, "code": "Q-2", "revision": 1})

    assert late.status_code == 422
    assert "changed this checklist after you opened it" in late.content.decode()
    assert codes() == [("Q-1", "")]


def test_what_is_to_be_mended_is_told_with_its_place(chen):
    url = begun(chen)
    post(chen, f"{url}questions/new/", **{**QUESTION, "kind": "choice"})

    page = chen.get(url).content.decode()

    assert f'href="{url}questions/1/"' in page
    assert "From two to 12 answers." in page
    assert "Publish it" not in chen.get(f"{url}publish/").content.decode()
    assert post(chen, f"{url}publish/").status_code == 422


def sheet(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("表.xlsx", out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def test_the_template_comes_back_as_a_draft(chen):
    data = chen.get("/audits/checklists/template.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(data))

    answer = chen.post("/audits/checklists/new/", {**NEW, "file": SimpleUploadedFile("template.xlsx", data)})

    assert len(book.sheetnames) == 2
    assert answer.status_code == 302
    body = the_draft().body
    assert [(q["code"], q["kind"], q["weight"]) for q in body["questions"]] == [
        ("A-1", "yes_no", 1),
        ("A-2", "number", 1),
        ("A-3", "choice", 1),
    ]
    assert body["sections"] == [{"code": "A", "name_zh": "原料仓", "name_en": "Raw material store"}]
    assert body["questions"][2]["options"][0] == {"code": "fifo", "zh": "先进先出", "en": "First in, first out", "share": 100}
    assert (body["questions"][0]["is_critical"], body["questions"][1]["show_if"]) == (True, [{"code": "A-1", "is_not": ["na"]}])


def test_a_library_checklist_goes_out_and_comes_back_the_same(chen):
    url = begun(chen)
    data = chen.get("/audits/checklists/mill-walk-1/checklist.xlsx").content

    assert post(chen, f"{url}file/", file=SimpleUploadedFile("x.xlsx", data)).status_code == 302

    assert [(q["code"], q["photo"], q["weight"], q["is_critical"]) for q in the_draft().body["questions"]][3] == ("MW-4", "on_no", 3, True)


def test_a_sheet_with_faults_names_row_and_column_and_changes_nothing(chen):
    url = begun(chen)
    heads = ["编号", "问题（中文）", "kind", "weight", "show_if", "remarks of ours"]
    rows = [
        ["Q-1", "有批号吗？", "yes_no", 1, "", ""],
        ["Q-1", "", "smell", "heavy", "now and then", "?"],
        [None] * 6,
        ["Q-3", "多少？", "number", 2, "Q-1 = no", ""],
    ]
    english = [["Code", "Question in Chinese", *heads[2:]], *rows]

    answer = post(chen, f"{url}file/", file=sheet(english))

    page = re.sub(r"<[^>]+>", "", answer.content.decode())
    assert answer.status_code == 422
    for told in (
        "A3 Code: Another question has the code",
        "B3 Question in Chinese: Write the question",
        "C3 Kind of answer: “smell”",
        "D3 Weight: “heavy”",
        "E3 Asked only if: “now and then”",
    ):
        assert told in page
    assert codes() == []


def test_a_file_that_is_no_table_of_questions_is_refused(chen):
    url = begun(chen)

    for file in (SimpleUploadedFile("x.xlsx", b"\x00\x01nothing"), sheet([["Firm", "Phone"], ["Yunzhu", "1"]])):
        assert post(chen, f"{url}file/", file=file).status_code == 422
    missing = post(chen, f"{url}file/", file=sheet([["Section", "Weight", "Code", "Unit"], ["A", 1, "A-1", "kg"]]))

    assert "The column is missing." in missing.content.decode()
    assert codes() == []


@pytest.mark.parametrize(("who", "language"), [("chen", "zh-hans"), ("lin", "zh-hans"), ("lin", "en")])
def test_the_library_is_read_by_both_sides(who, language):
    client = signed_in(who, language)

    for url in ("/audits/checklists/", "/audits/checklists/mill-walk-1/", "/audits/checklists/mill-walk-1/changes/"):
        assert client.get(url).status_code == 200
    assert client.get("/audits/checklists/no-such-1/").status_code == 404
    if who == "lin":
        assert client.get("/audits/checklists/new/").status_code == 403
        assert client.post("/audits/checklists/mill-walk-1/", {"do": "draft"}).status_code == 403


def test_a_draft_is_nobody_elses(chen):
    url = begun(chen)
    fang = signed_in("fang")

    for page in (url, f"{url}head/", f"{url}questions/new/", f"{url}file/", f"{url}publish/"):
        assert fang.get(page).status_code == 404
    assert fang.post(url, {"do": "drop", "revision": 1}).status_code == 404
    assert chen.post(url, {"do": "drop"}).status_code == 302
    with as_actor(actor("chen")):
        assert ChecklistDraft.objects.count() == 0


def test_an_example_photo_is_seen_by_those_who_are_asked_and_by_nobody_else(chen):
    url = begun(chen)
    good = SimpleUploadedFile("good.jpg", picture(), "image/jpeg")
    assert post(chen, f"{url}questions/new/", **QUESTION, example=good).status_code == 302
    post(chen, f"{url}questions/1/", **QUESTION)
    code = post(chen, f"{url}publish/")["Location"].split("/")[-2]
    audit = first_audit(agreement_in_force(frequency={**FREQUENCY, "checklist": code}))
    again = tell_of_audit(audit_id=audit.pk, now=moment("2026-03-03"))

    lin, wu = signed_in("lin", "en"), signed_in("wu", "en")
    page = lin.get(f"/audits/{audit.pk}/questions/1/").content.decode()
    (address,) = set(re.findall(r'src="(/evidence/shared/[^"]+)"', page))
    assert again is None
    assert "How good looks" in page
    assert "How good looks" in chen.get(f"/audits/checklists/{code}/").content.decode()
    assert lin.get(address).status_code in (200, 302)
    assert wu.get(address).status_code == 404


def test_a_nul_in_a_hidden_field_is_refused_or_left_out_and_never_an_error(chen):
    with as_actor(actor("chen")):
        version = ChecklistVersion.objects.filter(owner_org_id=None).first()
    taken = chen.post(f"/audits/checklists/{version.pk}/", {"client_id": "a\x00b"})

    assert (taken.status_code, the_draft().client_id) == (302, "ab")
