"""The pages of a firm's own home, as a browser without script gets them, in both languages and in every hat that has a firm."""

import io
import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from foundation.actor import Hat, acting_as, as_actor
from suppliers.models import Instrument, Paper, Product, Site
from suppliers.selectors.firm_lists import firm_papers, sites_of, thing_for
from tests.cast import actor, key
from tests.clients import signed_in
from tests.db.parties.stage import colleague_of
from tests.db.suppliers.firm_stage import TODAY, certificate, in_days, instrument, picture, process, product, site
from tests.db.suppliers.stage import NOW
from tests.db.suppliers.test_pages import HAN, opened, words

pytestmark = pytest.mark.django_db
LIN = actor("lin")
MANY = ("sites", "processes", "products", "instruments", "papers")
ONE = ("site", "process", "product", "instrument", "paper")


@pytest.fixture(autouse=True)
def now(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.EVIDENCE_ROOT = tmp_path


def client_id_in(page: str) -> str:
    return re.search(r'name="client_id" value="([0-9a-f-]+)"', page)[1]


def photo(name="cert.jpg"):
    return SimpleUploadedFile(name, picture().read_bytes(), content_type="image/jpeg")


@pytest.mark.parametrize("who", ["lin", "chen", "mei"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_a_firm_is_whole_in_both_languages(who, language):
    some = [site("Workshop 2", who=who), product(who=who, name="Yarn"), instrument(who=who, calibration_due_on=in_days(20))]
    some.append(process("weaving", who=who, site_id=some[0].pk, machines="4 jet dyeing machines", capacity=60, capacity_unit="t"))
    some.append(certificate(who=who, scope="Knitted yarn", issuer="Demo Cert", issued_on=in_days(-10), expires_on=in_days(40)))
    certificate(who=who, number="NEWER", replaces=some[-1])
    browser = signed_in(who, language)
    pages = [reverse("suppliers:firm"), *(reverse(f"suppliers:{many}") for many in MANY), *(reverse(f"suppliers:{one}_new") for one in ONE)]
    pages += [reverse(f"suppliers:{type(row)._meta.model_name}", args=[row.pk]) for row in some]

    for path in pages:
        response = browser.get(path)
        assert response.status_code == 200, path
        said = re.sub(r"<option[^>]*>.*?</option>", "", words(response))
        assert bool(HAN.search(said)) == (language == "zh-hans"), (path, said)


@pytest.mark.parametrize("many", MANY)
def test_an_empty_list_says_what_to_do(many):
    with as_actor(actor("mei")):
        assert sites_of(actor("mei")) == []
    page = opened(signed_in("mei", "en"), reverse(f"suppliers:{many}"))

    assert 'class="empty"' in page
    assert reverse(f"suppliers:{ONE[MANY.index(many)]}_new") in page


def test_a_product_goes_in_once_comes_up_for_mending_is_retired_and_taken_back():
    lin = signed_in("lin")
    path = reverse("suppliers:product_new")
    said = {
        "code": "YZ-26S",
        "name": "棉针织纱",
        "safety_class": "B",
        "colours": "靛蓝，本白、烟灰",
        "client_id": client_id_in(opened(lin, path)),
    }

    assert [lin.post(path, said).status_code for _ in range(2)] == [302, 302]
    with as_actor(LIN):
        row = Product.objects.visible_to(LIN).get()
    assert row.colours == ["靛蓝", "本白", "烟灰"]
    page = reverse("suppliers:product", args=[row.pk])
    assert "靛蓝、本白、烟灰" in opened(lin, page)
    assert lin.post(page, {**said, "name": "精梳棉针织纱"}).status_code == 302
    retired = lin.post(reverse("suppliers:product_retire", args=[row.pk]))
    assert "已从清单移出" in opened(lin, retired["Location"])
    assert lin.post(reverse("suppliers:product_take_back", args=[row.pk])).status_code == 302
    with as_actor(LIN):
        assert [(p.name, p.retired_at) for p in Product.objects.visible_to(LIN)] == [("精梳棉针织纱", None)]


def test_what_cannot_be_keeps_what_was_typed_and_says_the_mend():
    product()
    lin = signed_in("lin")

    twin = lin.post(reverse("suppliers:product_new"), {"code": "YZ-26S", "name": "又一个", "client_id": key("client", "1")})
    empty = lin.post(reverse("suppliers:product_new"), {})

    assert (twin.status_code, empty.status_code) == (422, 422)
    assert "又一个" in twin.content.decode()
    assert "这个编号已在清单里" in twin.content.decode()
    with as_actor(LIN):
        assert Product.objects.visible_to(LIN).count() == 1


def test_a_site_and_its_machines_are_added_on_a_phone():
    lin = signed_in("lin")
    said = {"name": "二号车间", "place": "330203009", "node_codes": ["dyeing"], "headcount": "6", "client_id": str(key("client", "site"))}

    assert lin.post(reverse("suppliers:site_new"), said).status_code == 302
    with as_actor(LIN):
        row = Site.objects.visible_to(LIN).get(is_main=False)
    machines = {
        "site_id": str(row.pk),
        "node_code": "dyeing",
        "machines": "溢流机 4 台",
        "capacity": "60",
        "capacity_unit": "t",
        "client_id": str(key("client", "p")),
    }
    assert lin.post(reverse("suppliers:process_new"), machines).status_code == 302

    assert (row.region_code, row.town_code, row.node_codes, row.headcount) == ("330203", "330203009", ["dyeing"], 6)
    assert "溢流机 4 台" in opened(lin, reverse("suppliers:processes"))
    refused = lin.post(reverse("suppliers:site_retire", args=[key("site", "lin")]))
    assert refused["Location"] == reverse("suppliers:site", args=[key("site", "lin")])


def test_an_instrument_with_its_certificate_is_added_once():
    lin = signed_in("lin")
    said = {"kind": "balance", "serial": "tp-7", "calibration_due_on": in_days(20), "client_id": str(key("client", "i"))}

    for _ in range(2):
        assert lin.post(reverse("suppliers:instrument_new"), {**said, "file": photo()}).status_code == 302

    with as_actor(LIN):
        row = Instrument.objects.visible_to(LIN).get()
    assert (row.serial, row.evidence_id is None) == ("TP-7", False)
    assert "即将到期" in opened(lin, reverse("suppliers:instruments"))
    assert "cert.jpg" in opened(lin, reverse("suppliers:instrument", args=[row.pk]))


def test_a_certificate_is_filed_and_renewed_from_its_own_page():
    lin = signed_in("lin")
    said = {"kind": "iso_9001", "number": "OLD-1", "issuer": "示例认证", "scope": "针织纱", "expires_on": in_days(20)}
    assert lin.post(reverse("suppliers:paper_new"), {**said, "file": photo(), "client_id": str(key("client", "a"))}).status_code == 302
    with as_actor(LIN):
        old = Paper.objects.visible_to(LIN).get()
    renew = reverse("suppliers:paper_renew", args=[old.pk])
    page = opened(lin, renew)
    assert "示例认证" in page
    assert "OLD-1" in page

    answers = [
        lin.post(
            renew, {**said, "number": "NEW-2", "expires_on": in_days(1000), "file": photo(), "client_id": str(key("client", "b"))}
        ).status_code
        for _ in range(2)
    ]

    assert answers == [302, 302]
    with as_actor(LIN):
        assert [(p.number, p.standard, p.is_replaced) for p in firm_papers(LIN)] == [
            ("NEW-2", "iso_9001", False),
            ("OLD-1", "iso_9001", True),
        ]
    assert "已有更新的证件替换它" in opened(lin, reverse("suppliers:paper", args=[old.pk]))


def test_a_verified_paper_shows_its_words_and_no_form():
    paper = certificate(scope="针织纱", expires_on=in_days(500))
    with as_actor(actor("pan")):
        Paper.objects.filter(pk=paper.pk).update(state="verified")
    lin, path = signed_in("lin"), reverse("suppliers:paper", args=[paper.pk])

    assert 'name="number"' not in opened(lin, path)
    assert lin.post(path, {"kind": "iso_9001", "number": "ANOTHER", "client_id": str(key("c"))}).status_code == 422
    with as_actor(LIN):
        assert thing_for(LIN, Paper, paper.pk).number == "016ZB26Q"


def test_the_home_says_what_is_missing_and_what_runs_out():
    lin = signed_in("lin")
    before = opened(lin, reverse("suppliers:firm"))
    process("weaving"), product(), instrument(calibration_due_on=in_days(-3)), certificate(expires_on=in_days(90))

    after = opened(lin, reverse("suppliers:firm"))

    assert "添加主要设备" in before
    assert "添加主要设备" not in after
    assert "拍营业执照" in after
    assert "已过期" in after
    assert f"{in_days(90):%Y-%m}" in after


@pytest.mark.parametrize("many", MANY)
def test_a_list_is_taken_away_as_a_table_in_which_nothing_runs(many):
    site("=1+1"), product(name="=cmd()"), instrument(model="@SUM(1)"), process("weaving", machines="+1"), certificate(issuer="=1")
    lin = signed_in("lin")

    sheet = load_workbook(io.BytesIO(lin.get(reverse(f"suppliers:{many}_xlsx")).content)).active
    text = lin.get(reverse(f"suppliers:{many}_csv")).content.decode("utf-8-sig")

    assert sheet.max_row == 3 if many == "sites" else 2
    assert not any(str(cell.value or "").startswith(("=", "+", "@")) for row in sheet.iter_rows() for cell in row)
    assert len(text.splitlines()) == sheet.max_row


@pytest.mark.parametrize("one", ONE)
def test_another_firms_thing_and_none_are_one_answer(one):
    rows = {"site": site, "process": lambda: process("weaving"), "product": product, "instrument": instrument, "paper": certificate}
    foreign, none = rows[one]().pk, UUID(int=7)
    wu = signed_in("wu")
    verbs = [one, f"{one}_retire", f"{one}_take_back"] + (["paper_renew"] if one == "paper" else [])

    answers = {
        (name, who): (
            wu.post(reverse(f"suppliers:{name}", args=[pk])).status_code,
            wu.get(reverse(f"suppliers:{name}", args=[pk])).status_code,
        )
        for name in verbs
        for who, pk in (("foreign", foreign), ("none", none))
    }

    for name in verbs:
        assert answers[name, "foreign"] == answers[name, "none"]
        assert answers[name, "none"][0] == 404


def test_the_bureau_and_the_platform_have_no_such_pages():
    for who in ("zhou", "pan"):
        browser = signed_in(who)
        assert [browser.get(reverse(f"suppliers:{many}")).status_code for many in MANY] == [403] * 5


def test_a_reader_of_the_firm_is_offered_no_button_and_sends_no_form():
    row, reader = product(), Client()
    with acting_as(Hat.LOBBY):
        reader.force_login(colleague_of("lin", "viewer", since=TODAY), backend="parties.sign_in.SignInBackend")
    reader.cookies["django_language"] = "zh-hans"

    page, thing = opened(reader, reverse("suppliers:products")), opened(reader, reverse("suppliers:product", args=[row.pk]))

    assert "YZ-26S" in page
    assert reverse("suppliers:product_new") not in page
    assert "<form" not in thing.partition("<main")[2].partition("</main>")[0]
    assert reader.post(reverse("suppliers:product_retire", args=[row.pk])).status_code == 403
    with as_actor(LIN):
        assert thing_for(LIN, Product, row.pk).retired_at is None
