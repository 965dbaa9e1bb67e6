"""The pages of an owner's list, of joining and of a firm, as a browser without script gets them."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from foundation.actor import Hat, acting_as, as_actor
from parties.models import Membership, Person
from suppliers.models import Paper, SupplierImport, SupplyLink
from suppliers.selectors import import_rows
from suppliers.services.lists import confirm_import, start_import
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.db.suppliers.stage import NEW_CODE, NOW, invited, listed, sample, state_of

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def batch() -> SupplierImport:
    with as_actor(actor("chen")):
        return start_import(actor=actor("chen"), file_name="list.csv", data=sample("suppliers-utf8.csv")[0], now=NOW)


def words(response) -> str:
    """The page's words without those that are marked as Chinese, and without head and attributes."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", " ", re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", body, flags=re.S))


def opened(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_owner_page_is_whole_in_both_languages(language, batch):
    with as_actor(actor("chen")):
        mapping = start_import(actor=actor("chen"), file_name="x", data="宁波禾缕厂,0DEM0N1000000000BF\n", now=NOW)
    invitation, _ = invited()
    link = invitation.link_id
    chen = signed_in("chen", language)
    names = [
        reverse("suppliers:list"), reverse("suppliers:list") + "?query=nothing-of-this", reverse("suppliers:add"),
        reverse("suppliers:import_new"), reverse("suppliers:import", args=[batch.pk]),
        reverse("suppliers:import", args=[batch.pk]) + "?only=all", reverse("suppliers:import", args=[mapping.pk]),
        reverse("suppliers:supplier", args=[link]), reverse("suppliers:supplier", args=[link_id("chen", "lin")]),
        reverse("suppliers:invitation", args=[link]), reverse("suppliers:poster", args=[link]),
    ]  # fmt: skip
    for name in names:
        response = chen.get(name)
        assert response.status_code == 200, name
        assert bool(HAN.search(words(response))) == (language == "zh-hans"), (name, HAN.findall(words(response)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_joining_and_of_the_firm_is_whole_in_both_languages(language):
    _, token = invited()
    guest = Client()
    guest.cookies["django_language"] = language
    lin = signed_in("lin", language)
    pages = [
        (guest, reverse("suppliers:join", args=[token]), 200), (guest, reverse("suppliers:join_steps", args=[token]), 200),
        (guest, reverse("suppliers:join_account", args=[token]) + "?nodes=knitting", 200), (guest, reverse("suppliers:join", args=["no"]), 404),
        (lin, reverse("suppliers:join", args=[token]), 200), (lin, reverse("suppliers:firm"), 200), (lin, reverse("suppliers:welcome"), 200),
        (lin, reverse("suppliers:paper_new"), 200),
    ]  # fmt: skip
    for client, path, status in pages:
        response = client.get(path)
        assert response.status_code == status, path
        assert bool(HAN.search(words(response))) == (language == "zh-hans"), (path, HAN.findall(words(response)))


def test_an_empty_list_teaches_with_a_sample_that_reads_without_a_problem():
    with as_actor(actor("fang")):
        SupplyLink.objects.all().delete()
    client = signed_in("fang")
    page = opened(client, reverse("suppliers:list"))
    sample_rows = unescape(re.search(r'placeholder="([^"]*)"', page)[1])

    response = client.post(reverse("suppliers:import_new"), {"list": sample_rows})

    assert "还没有供应商。把您的名单粘贴到这里。" in page
    assert response.status_code == 302
    with as_actor(actor("fang")):
        rows = import_rows(actor("fang"), SupplierImport.objects.get())
    assert [row.outcome for row in rows] == ["accepted"] * 3


def test_the_wrong_character_stands_marked_in_its_cell(batch):
    page = opened(signed_in("chen"), reverse("suppliers:import", args=[batch.pk]))

    assert re.search(r'<td class="cell-err"[^>]*>.*?<mark>\w</mark>', page, re.S)
    assert "导入 29 行" in page


def test_a_cell_is_mended_without_script_and_with_it(batch):
    chen = signed_in("chen")
    with as_actor(actor("chen")):
        first, second = [row for row in import_rows(actor("chen"), batch, only="rejected") if "name_zh" in row.values["values"]][:2]

    plain = chen.post(reverse("suppliers:import_mend", args=[batch.pk, first.number]), {"field": "uscc", "value": "0DEM0N1000000000BF"})
    swap = chen.post(
        reverse("suppliers:import_mend", args=[batch.pk, second.number]), {"field": "uscc", "value": "0DEM0N1000000000CJ"},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    assert (plain.status_code, plain["Location"].rpartition("#")[2]) == (302, f"row-{first.number}")
    assert f'id="row-{second.number}"' in swap.content.decode()
    assert 'hx-swap-oob="true"' in swap.content.decode()


def test_a_form_for_an_imported_row_changes_nothing_and_says_why(batch):
    with as_actor(actor("chen")):
        confirm_import(actor=actor("chen"), batch=batch, now=NOW)
        row = import_rows(actor("chen"), batch, only="accepted")[0]
    chen, path = signed_in("chen"), reverse("suppliers:import_mend", args=[batch.pk, row.number])

    response = chen.post(path, {"field": "phone", "value": "1"}, follow=True)

    assert "这家企业已在名单上，这一行不再重读。" in response.content.decode()
    with as_actor(actor("chen")):
        assert import_rows(actor("chen"), batch, only="accepted")[0].cells == row.cells


def test_importing_and_undoing_by_the_buttons(batch):
    chen = signed_in("chen")
    with as_actor(actor("chen")):
        before = SupplyLink.objects.count()

    chen.post(reverse("suppliers:import_confirm", args=[batch.pk]))
    with as_actor(actor("chen")):
        after = SupplyLink.objects.count()
    chen.post(reverse("suppliers:import_undo", args=[batch.pk]))
    with as_actor(actor("chen")):
        undone = SupplyLink.objects.count()

    assert (after - before, undone) == (29, before)


def test_the_export_has_the_rows_of_the_filtered_list():
    listed()
    chen = signed_in("chen")

    lines = chen.get(reverse("suppliers:export_csv") + "?state=listed").content.decode("utf-8-sig").splitlines()

    assert len(lines) == 2
    assert NEW_CODE in lines[1]
    assert chen.get(reverse("suppliers:export_xlsx")).content.startswith(b"PK")


def test_picked_firms_are_invited_and_one_alone_leads_to_its_code():
    first, second = listed(), listed(uscc="0DEM0N1000000000BF", name="宁波拾纱针织有限公司（示例）")
    chen = signed_in("chen")

    several = chen.post(reverse("suppliers:invite"), {"link": [first.pk, second.pk, link_id("chen", "lin"), link_id("fang", "wu"), "x"]})
    one = chen.post(reverse("suppliers:invite"), {"link": [first.pk]})

    assert re.fullmatch(r"/suppliers/invitations/[0-9a-f-]{36}/", several["Location"])
    assert "2" in words(chen.get(several["Location"]))
    assert one["Location"] == reverse("suppliers:invitation", args=[first.pk])
    assert [state_of(link.pk).state for link in (first, second)] == ["invited", "invited"]
    assert "<svg" in opened(chen, reverse("suppliers:invitation", args=[first.pk]))


def test_another_owners_supplier_is_as_absent_as_none():
    chen = signed_in("chen")
    for name in ("supplier", "invitation", "poster"):
        foreign = chen.get(reverse(f"suppliers:{name}", args=[link_id("fang", "wu")]))
        assert foreign.status_code == 404
    assert chen.get(reverse("suppliers:welcome")).status_code == 403


def test_a_firm_joins_step_by_step_on_a_phone_without_script():
    invitation, token = invited()
    guest = Client()
    assert "您是" in opened(guest, reverse("suppliers:join", args=[token]))
    account = reverse("suppliers:join_account", args=[token])
    assert guest.get(account)["Location"] == reverse("suppliers:join_steps", args=[token]) + "?missing=1"
    said = {"nodes": ["spinning", "knitting"], "name": "何禾", "contact": "19000000123", "password": "cotton-and-indigo"}

    before = opened(guest, f"{account}?nodes=spinning")
    assert "您企业的名称、信用代码、所在地和环节，以及您已加入" in before[before.index("谁会看到什么") :]
    weak = guest.post(account, {**said, "password": "1234567890"})
    done = guest.post(account, said)
    again = guest.post(account, said)
    elsewhere = Client().post(account, said)
    stranger = Client().post(account, {**said, "password": "something-else-1"})

    assert (weak.status_code, done["Location"], again["Location"]) == (422, reverse("suppliers:welcome"), reverse("suppliers:welcome"))
    assert (elsewhere["Location"], stranger.status_code) == (reverse("suppliers:welcome"), 404)
    assert state_of(invitation.link_id).state == "joined"
    with acting_as(Hat.CLOCK):
        assert Person.objects.filter(phone="+8619000000123").count() == 1
        assert Membership.objects.filter(person__phone="+8619000000123").count() == 3
    page = opened(guest, reverse("suppliers:welcome"))
    assert actor("chen").org_name_zh in page
    assert "您企业的名称、信用代码、所在地和环节，以及您已加入" in page


def test_the_licence_is_photographed_right_after_joining(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    lin = signed_in("lin")
    page = opened(lin, reverse("suppliers:welcome"))
    client_id = re.search(r'name="client_id" value="([0-9a-f-]+)"', page)[1]

    for _ in range(2):
        photo = SimpleUploadedFile("licence.jpg", _jpeg(), content_type="image/jpeg")
        assert lin.post(reverse("suppliers:welcome"), {"file": photo, "client_id": client_id}).status_code == 302

    with as_actor(actor("lin")):
        paper = Paper.objects.get()
    assert (paper.kind, paper.state, paper.org_id) == ("business_licence", "uploaded", actor("lin").org_id)
    with as_actor(actor("wu")):
        assert not Paper.objects.exists()


def test_a_paper_with_a_day_is_filed_and_a_page_that_is_no_picture_is_not(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    lin, path = signed_in("lin"), reverse("suppliers:paper_new")
    said = {"kind": "certificate", "number": "ISO 9001 / 7", "expires_on": "2027-05-01"}

    html = SimpleUploadedFile("a.jpg", b"<html><script>1</script>", content_type="image/jpeg")
    refused = lin.post(path, {**said, "file": html, "client_id": "019aa000-0000-7000-8000-000000000001"})
    photo = SimpleUploadedFile("a.jpg", _jpeg(), content_type="image/jpeg")
    filed = lin.post(path, {**said, "file": photo, "client_id": "019aa000-0000-7000-8000-000000000002"})

    assert (refused.status_code, filed.status_code) == (422, 302)
    with as_actor(actor("lin")):
        assert list(Paper.objects.values_list("kind", "number", "expires_on")) == [("certificate", "ISO 9001 / 7", date(2027, 5, 1))]
    assert "ISO 9001 / 7" in opened(lin, reverse("suppliers:firm"))


def test_every_invitation_that_is_over_gets_one_and_the_same_page():
    invitation, token = invited()
    guest = Client()
    declined = guest.post(reverse("suppliers:join_not_us", args=[token]))
    pages = {
        re.sub(r"csrfmiddlewaretoken.{0,100}|X-CSRFToken.{0,100}|nonce.{0,60}|/join/[^\"]*", "", opened(Client(), path, 404))
        for path in (
            reverse("suppliers:join", args=[token]),
            reverse("suppliers:join", args=["nothing"]),
            reverse("suppliers:join_steps", args=[token]),
        )
    }

    assert declined.status_code == 200
    assert len(pages) == 1
    assert state_of(invitation.link_id).state == "declined"


def test_a_firm_that_is_signed_in_accepts_in_one_tap_and_another_is_told():
    first, token = invited()
    said = {"nodes": ["spinning"], "name": "何禾", "contact": "19000000123", "password": "cotton-and-indigo"}
    newcomer = Client()
    newcomer.post(reverse("suppliers:join_account", args=[token]), said)
    second, other = invited("fang")

    wrong = signed_in("wu").post(reverse("suppliers:join_accept", args=[other]))
    shown = opened(signed_in("wu"), reverse("suppliers:join", args=[other]))
    accepted = newcomer.post(reverse("suppliers:join_accept", args=[other]))

    assert wrong["Location"] == reverse("suppliers:join", args=[other])
    assert "这份邀请写的是另一家企业" in shown
    assert accepted["Location"] == reverse("suppliers:welcome")
    assert state_of(second.link_id, "fang").supplier_org_id == state_of(first.link_id).supplier_org_id


def test_too_many_tries_at_the_door_are_stopped():
    guest = Client(REMOTE_ADDR="203.0.113.9")
    codes = [guest.get(reverse("suppliers:join", args=[f"guess-{n}"])).status_code for n in range(122)]

    assert codes[:120] == [404] * 120
    assert codes[120:] == [429, 429]


def _jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 240), "white").save(out, "JPEG")
    return out.getvalue()
