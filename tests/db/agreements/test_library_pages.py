"""The library's pages: read by every hat, kept by the platform, in either language."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agreements.limit_files import read_limits
from agreements.models import SpecLimit
from agreements.selectors.library import limit_for
from agreements.services.library import propose_limit
from foundation.actor import Hat, acting_as, as_actor
from jobs.exports import csv_bytes
from tests.clients import signed_in, with_token
from tests.db.agreements.test_library import OTHER, PAN, TIGHTER, WHY
from tests.world import agree

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HAN = re.compile(r"[\u4e00-\u9fff]")
MARKED = re.compile(r'<([a-z0-9]+)\b[^>]*\blang="zh-Hans"[^>]*>.*?</\1>', re.S)


def draft_by(who, said=TIGHTER):
    with as_actor(who):
        return propose_limit(actor=who, said=said, why=WHY, now=NOW)


def body_of(response):
    return response.content.decode()


def drafts():
    with acting_as(Hat.CLOCK):
        return list(
            SpecLimit.objects.filter(state="draft")
            .order_by("characteristic_id", "safety_class")
            .values_list("characteristic_id", "safety_class", "upper")
        )


@pytest.mark.parametrize("who", ["chen", "lin", "zhou", "mei", "pan"])
def test_every_hat_reads_the_library_in_either_language(who):
    for language, words in (("en", "Colour fastness to saliva"), ("zh-hans", "耐唾液色牢度")):
        client = signed_in(who, language)
        for path in ("/library/", "/library/PH/", "/library/COL-DE/", "/library/standards/"):
            response = client.get(path)
            assert response.status_code == 200, path
            if language == "en":
                main = re.search(r"<main.*</main>", body_of(response), re.S).group()
                assert HAN.findall(re.sub(r'(value|placeholder)="[^"]*"', "", MARKED.sub("", main))) == [], path
        assert words in body_of(client.get("/library/"))


def test_the_list_filters_by_kind_step_and_words_in_the_address():
    client = signed_in("lin", "en")

    page = body_of(client.get("/library/?kind=ordinal&node=knitting"))
    assert ('href="/library/PIL/"' in page, 'href="/library/CF-WAT/"' in page, 'href="/library/BST/"' in page) == (True, False, False)
    assert 'href="/library/FOR/"' in body_of(client.get("/library/?q=甲醛"))
    assert "Nothing like this in the library" in body_of(client.get("/library/?q=zzz"))
    assert client.get("/library/?kind=nonsense&node=%00").status_code == 200
    assert client.get("/library/NOPE/").status_code == 404


def test_one_characteristic_shows_classes_sources_twins_and_what_is_unverified():
    client = signed_in("lin", "en")

    ph, strength, diameter = (body_of(client.get(f"/library/{code}/")) for code in ("PH", "YRN-STR", "FIB-DIA"))

    for words in ("4.0 … 7.5", "4.0 … 8.5", "4.0 … 9.0", "GB 18401-2010, class B", "ISO 3071", "4.0 … 10.5", "one page seen (unverified)"):
        assert words in ph
    assert "ISO 2062</span> <span" in strength
    assert "The library has no limit for this yet." in strength
    assert "13.16 … 16.41 µm" in diameter
    assert "Unverified" in diameter


def test_the_classes_stand_side_by_side():
    page = body_of(signed_in("mei", "en").get("/library/standards/"))

    row = re.search(r'<tr><th scope="row" data-a="name"><a class="name" href="/library/CF-WAT/">.*?</tr>', page, re.S).group()
    assert re.findall(r'class="num">([^<]*)<', row) == ["≥ grade 3-4", "≥ grade 3", "≥ grade 3"]
    assert "FZ/T 73018-2021" in page


def test_an_owner_sees_its_own_agreements_that_quote_a_limit():
    agreement = agree("chen", "lin", now=NOW)

    assert agreement.number in body_of(signed_in("chen").get("/library/PH/"))
    assert agreement.number in body_of(signed_in("lin").get("/library/PH/"))
    assert agreement.number not in body_of(signed_in("wu").get("/library/PH/"))
    assert agreement.number not in body_of(signed_in("pan").get("/library/PH/"))


def test_files_leave_and_the_limits_come_back_as_what_stands():
    client = signed_in("pan", "zh-hans")

    names = body_of(client.get("/library/export.csv?kind=binary"))
    assert names.splitlines()[1].startswith("ODO,异味,Odour,")
    assert client.get("/library/export.xlsx").content[:2] == b"PK"
    for kind in ("csv", "xlsx"):
        data = client.get(f"/library/limits/export.{kind}").content
        assert len(read_limits("limits", data)) == 34
        page = client.post("/library/limits/import/", {"file": SimpleUploadedFile(f"limits.{kind}", data)})
        assert (page.status_code, "与现行一致 34" in body_of(page)) == (200, True)
    assert drafts() == []


HEADS = ["characteristic", "edition", "safety_class", "lower", "upper", "source_zh", "source_en", "verified"]
GOOD = ["PH", "GB/T 7573-2009", "B", "4.0", "8.0", "GB 18401-2010，B 类", "GB 18401-2010, class B", "yes"]


def test_a_file_is_previewed_with_each_fault_at_its_row_and_field_and_writes_nothing():
    bad = [["PH", "GB/T 3920", "B", "9", "8", "x", "x", "yes"], ["XX", "GB/T 7573-2009", "", "", "1", "x", "", "maybe"]]
    file = SimpleUploadedFile("limits.csv", csv_bytes(HEADS, [GOOD, *bad]))

    page = signed_in("pan", "en").post("/library/limits/import/", {"file": file})

    said = [
        (n, re.findall(r"<li><b>([^<]*)</b>: ([^<]*)", row))
        for n, row in re.findall(r'<tr><th scope="row" data-a="name">(\d+)</th>(.*?)</tr>', body_of(page), re.S)
    ]
    assert said[0][0] == "2"
    assert [field for field, _words in said[0][1]] == ["Upper limit", "Read in"]
    assert said[1] == (
        "3",
        [
            ("Method edition", "GB/T 3920 does not measure PH. Take a method that does."),
            ("Upper limit", "The lower bound 9 must be less than the upper bound 8. Change one of them."),
            ("Characteristic", "Row 2 of this file has the same limit. Keep one of the two."),
        ][:2],
    )
    assert said[2] == (
        "4",
        [
            ("Verified", "maybe: write yes or no."),
            ("Characteristic", "The library has no characteristic XX. Take a code from the library&#x27;s list."),
            ("Source (English)", "The source is missing. Say in both languages where the limit is written."),
        ],
    )
    assert drafts() == []


def test_the_good_rows_of_a_preview_become_proposals_with_a_reason():
    client = signed_in("pan", "en")
    page = client.post("/library/limits/import/", {"file": SimpleUploadedFile("limits.csv", csv_bytes(HEADS, [GOOD]))})
    handed_on = page.context["rows"]

    refused = client.post("/library/limits/import/", {"rows": handed_on, "why": ""})
    assert (refused.status_code, "Say in a few words why." in body_of(refused), drafts()) == (422, True, [])
    done = client.post("/library/limits/import/", {"rows": handed_on, "why": WHY})
    assert (done.status_code, done["Location"], drafts()) == (302, "/library/limits/", [("PH", "B", "8.0")])
    again = client.post("/library/limits/import/", {"rows": handed_on, "why": WHY})
    assert (again.status_code, drafts()) == (302, [("PH", "B", "8.0")])


@pytest.mark.parametrize("rows", ["", "nonsense", "[]", '[{"characteristic": "PH"}]', "\ud800"])
def test_a_forged_preview_proposes_nothing(rows):
    page = signed_in("pan", "en").post("/library/limits/import/", {"rows": rows.encode("utf-8", "replace").decode(), "why": WHY})

    assert (page.status_code, drafts()) == (422, [])


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "The file holds no limit."), (b"a,b\n1,2\n", "There is no field “a”."), (b"\xff\xfe\x00\xd8", "cannot be read")],
)
def test_a_file_that_is_no_list_of_limits_is_refused_in_words(data, words):
    page = signed_in("pan", "en").post("/library/limits/import/", {"file": SimpleUploadedFile("f.csv", data)})

    assert (page.status_code, words in body_of(page)) == (422, True)


def test_the_platform_proposes_and_a_colleague_releases_on_pages():
    client = signed_in("pan", "en")
    with as_actor(PAN):
        stands = limit_for("PH", "GB/T 7573-2009", safety_class="B")
    form = client.get(f"/library/limits/new/?of={stands.pk}")
    said = {name: value for name, value in form.context["form"].initial.items() if value not in (None, False)}
    assert said["upper"] == "8.5"

    wrong = client.post("/library/limits/new/", {**said, "upper": "3", "why": WHY})
    assert (wrong.status_code, "must be less than the upper bound 3" in body_of(wrong), drafts()) == (422, True, [])
    done = client.post("/library/limits/new/", {**said, "upper": "8.0", "verified": "on", "why": WHY})
    page = body_of(client.get(done["Location"]))
    assert "A colleague reads it against its source" in page
    assert "fewer than 5" in page
    assert '<del class="muted">8.5</del>' in page
    assert "dyeing-1" in page
    refused = client.post(f"{done['Location']}release/")
    assert (refused.status_code, drafts()) == (422, [("PH", "B", "8.0")])


def test_a_colleagues_draft_is_released_or_withdrawn_with_a_reason():
    client, one = signed_in("pan", "en"), draft_by(OTHER)
    two = draft_by(OTHER, replace(TIGHTER, safety_class="C", upper="8.9"))

    assert "Release</button>" in body_of(client.get(f"/library/limits/{one.pk}/"))
    assert client.post(f"/library/limits/{one.pk}/release/").status_code == 302
    assert client.post(f"/library/limits/{two.pk}/withdraw/", {"why": ""}).status_code == 422
    assert client.post(f"/library/limits/{two.pk}/withdraw/", {"why": "看错了"}).status_code == 302
    assert drafts() == []
    assert "4.0 … 8.0" in body_of(signed_in("lin", "en").get("/library/PH/"))
    assert client.get("/library/limits/?state=all").status_code == 200
    assert client.get("/library/limits/?state=withdrawn&q=ph").context["lines"][0]["row"].pk == two.pk


@pytest.mark.parametrize("who", ["chen", "lin", "zhou", "mei"])
def test_no_other_hat_opens_the_platforms_pages(who):
    one, client = draft_by(PAN), signed_in(who)

    for path in (
        "/library/limits/",
        "/library/limits/new/",
        "/library/limits/import/",
        f"/library/limits/{one.pk}/",
        f"/library/limits/{uuid4()}/",
    ):
        assert client.get(path).status_code == 403, path
    for path in (f"/library/limits/{one.pk}/release/", f"/library/limits/{one.pk}/withdraw/"):
        assert client.post(path, {"why": "x"}).status_code == 403, path
    assert drafts() == [("PH", "B", "8.0")]


def test_the_api_reads_proposes_imports_and_releases(client):
    pan, lin = with_token("pan"), with_token("lin")
    limit = {
        "characteristic": "PH",
        "edition": "GB/T 7573-2009",
        "safety_class": "B",
        "lower": "4.0",
        "upper": "8.0",
        "source_zh": "新标准",
        "source_en": "new edition",
    }

    one = client.get("/api/v1/library/characteristics/PH/", **lin).json()
    assert ([row["upper"] for row in one["limits"] if row["safety_class"]], one["editions"][0]["twins"]) == (
        ["7.5", "8.5", "9.0"],
        [{"code": "ISO 3071", "verified": True}],
    )
    assert [row["code"] for row in client.get("/api/v1/library/characteristics/?kind=binary", **lin).json()] == ["ODO"]
    assert len(client.get("/api/v1/library/standards/", **lin).json()) == 10
    assert client.get("/api/v1/library/editions/", **lin).json()[0]["superseded_by"] == ""
    assert len(client.get("/api/v1/library/limits/?page_size=5", **lin).json()["results"]) == 5
    judged = client.post(
        "/api/v1/library/limits/import/", {"limits": [limit, {**limit, "upper": "1"}]}, content_type="application/json", **pan
    ).json()
    assert [(row["outcome"], [fault["code"] for fault in row["faults"]]) for row in judged["rows"]] == [
        ("changed", []),
        ("faulty", ["limit_bounds_cross", "limit_twice_in_file"]),
    ]
    made = client.post("/api/v1/library/limits/", {**limit, "why": WHY}, content_type="application/json", **pan)
    assert (made.status_code, made.json()["source_text"]["en"], made.json()["affected"]["agreements"]) == (
        201,
        "new edition (unverified)",
        None,
    )
    address = f"/api/v1/library/limits/{made.json()['id']}/"
    alone = client.post(f"{address}release/", **pan)
    assert (alone.status_code, alone.json()["code"]) == (422, "limit_needs_a_second_person")
    assert client.get(address, **lin).status_code == 403
    assert client.post("/api/v1/library/limits/", {**limit, "why": WHY}, content_type="application/json", **lin).status_code == 403
    assert client.post(f"{address}withdraw/", {"why": "x"}, content_type="application/json", **pan).json()["state"] == "withdrawn"
    done = client.post(
        "/api/v1/library/limits/import/", {"limits": [limit], "why": WHY, "dry_run": False}, content_type="application/json", **pan
    ).json()
    assert (len(done["proposed"]), drafts()) == (1, [("PH", "B", "8.0")])


def test_a_code_that_no_column_can_hold_is_not_found():
    assert signed_in("lin").get("/library/%00/").status_code == 404
