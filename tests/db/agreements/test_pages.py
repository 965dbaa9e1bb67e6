"""The pages of both sides: read, drafted, sent, signed, kept, in either language."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import Agreement, Obligation
from agreements.selectors import clauses_of, current_version
from foundation.actor import Hat, acting_as, as_actor
from tests.agreed import drafted, in_force, sent
from tests.cast import PASSWORD, actor, key, link_id
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]")
CHINESE_DATA = re.compile(r'<([a-z0-9]+)\b[^>]*\blang="zh-Hans"[^>]*>.*?</\1>', re.S)


def live(**words):
    """An agreement in force since today."""
    now = timezone.now()
    return in_force(now=now - timedelta(minutes=30), starts=timezone.localdate(now), ends=None, **words)


def duty(agreement, kind):
    with acting_as(Hat.CLOCK):
        return Obligation.objects.filter(agreement=agreement, kind=kind).order_by("due_on").first()


def body_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("who", ["chen", "lin"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_reads_in_either_language(who, language):
    agreement = live()
    paths = [
        "/agreements/", f"/agreements/{agreement.pk}/", f"/agreements/{agreement.pk}/sign/", f"/agreements/{agreement.pk}/text/",
        "/obligations/", "/obligations/?state=all&side=owner", f"/obligations/{duty(agreement, 'document').pk}/",
        f"/obligations/{duty(agreement, 'owner_duty').pk}/",
    ]  # fmt: skip
    client = signed_in(who, language)

    for path in paths:
        response = client.get(path)
        page = body_of(response)
        assert response.status_code == 200, path
        assert agreement.number in page, path
        main = page[page.index("<main") : page.index("</main>")]
        if language == "en":
            assert not HAN.search(CHINESE_DATA.sub("", main)), (path, HAN.search(CHINESE_DATA.sub("", main)))
        else:
            assert HAN.search(main), path


@pytest.mark.parametrize("path", ["/agreements/", "/obligations/", "/agreements/?state=open&q=%E4%BA%91"])
@pytest.mark.parametrize("who", ["chen", "lin"])
def test_empty_lists_say_what_comes_and_how(who, path):
    response = signed_in(who, "en").get(path)

    assert response.status_code == 200
    assert 'class="empty"' in body_of(response)


def test_the_owner_drafts_changes_and_sends_by_forms():
    client, today = signed_in("chen", "en"), timezone.localdate()
    said = {"link": link_id("chen", "lin"), "template": "dyeing-1", "effective_from": today, "effective_to": today + timedelta(days=364)}
    page = client.get(f"/agreements/new/?link={link_id('chen', 'lin')}")
    response = client.post("/agreements/new/", said)
    with as_actor(actor("chen")):
        agreement = Agreement.objects.get()
    assert f'value="{link_id("chen", "lin")}" selected' in body_of(page)
    assert response["Location"] == f"/agreements/{agreement.pk}/"

    refused = client.post(f"/agreements/{agreement.pk}/clauses/1/", {"upper": "0.8", "source": "a", "source_zh": ""})
    stale = client.post(
        f"/agreements/{agreement.pk}/clauses/1/",
        {"upper": "0.8", "source": "ΔE ≤ 1.0 for critical solids, shanghaigarment.com (unverified)", "source_zh": "双方商定"},
    )
    changed = client.post(f"/agreements/{agreement.pk}/clauses/1/", {"upper": "0.8", "source": "agreed by both", "source_zh": "双方商定"})
    assert (refused.status_code, stale.status_code, changed.status_code) == (422, 422, 302)
    assert "you changed the limit" in body_of(stale)

    assert client.get(f"/agreements/{agreement.pk}/send/").status_code == 200
    client.post(f"/agreements/{agreement.pk}/send/")
    with as_actor(actor("lin")):
        version = current_version(actor("lin"), agreement)
        assert clauses_of(actor("lin"), version)[0].params["upper"] == "0.8"


def test_days_that_cross_come_back_with_the_input_kept():
    client, today = signed_in("chen", "en"), timezone.localdate()

    response = client.post(
        "/agreements/new/",
        {"link": link_id("chen", "lin"), "template": "garment-1", "effective_from": today, "effective_to": today - timedelta(days=3)},
    )

    assert response.status_code == 422
    assert "The last day comes before the first" in body_of(response)
    assert f'value="{today}"' in body_of(response)
    with as_actor(actor("chen")):
        assert Agreement.objects.count() == 0


def ready(who_signs=()):
    now = timezone.now()
    return sent(now=now, starts=timezone.localdate(now), ends=None)


def test_both_sign_by_forms_and_it_is_in_force():
    agreement = ready()
    for who in ("lin", "chen"):
        client = signed_in(who)
        page = body_of(client.get(f"/agreements/{agreement.pk}/sign/"))
        shown = re.search(r'name="sha256" value="([0-9a-f]{64})"', page).group(1)
        response = client.post(f"/agreements/{agreement.pk}/sign/", {"sha256": shown, "read": "on", "password": PASSWORD})
        assert response["Location"] == f"/agreements/{agreement.pk}/"

    with acting_as(Hat.CLOCK):
        assert Agreement.objects.get(pk=agreement.pk).state == "in_force"


def test_a_wrong_password_keeps_nothing_and_says_so():
    agreement = ready()
    client = signed_in("lin", "en")
    shown = re.search(r'name="sha256" value="([0-9a-f]{64})"', body_of(client.get(f"/agreements/{agreement.pk}/sign/"))).group(1)

    response = client.post(f"/agreements/{agreement.pk}/sign/", {"sha256": shown, "read": "on", "password": "wrong"})

    assert response.status_code == 422
    assert "Nothing was signed" in body_of(response)
    assert "wrong" not in re.findall(r'type="password"[^>]*value="([^"]*)"', body_of(response))
    with acting_as(Hat.CLOCK):
        assert Agreement.objects.get(pk=agreement.pk).state == "in_review"


def test_who_may_not_sign_reads_who_may():
    agreement = ready()
    with as_actor(actor("lin")):
        from parties.models import Membership

        Membership.objects.filter(role="signatory").update(valid_to=timezone.localdate() - timedelta(days=1))

    page = body_of(signed_in("lin", "en").get(f"/agreements/{agreement.pk}/sign/"))

    assert "You may read, but not sign" in page
    assert 'name="password"' not in page


def test_the_supplier_returns_it_with_a_reason():
    agreement = ready()
    client = signed_in("lin")

    assert client.post(f"/agreements/{agreement.pk}/return/", {"reason": "x"}).status_code == 422
    assert client.post(f"/agreements/{agreement.pk}/return/", {"reason": "批间色差放宽到 1.0"}).status_code == 302
    assert client.get(f"/agreements/{agreement.pk}/").status_code == 200
    assert "批间色差放宽到" not in body_of(signed_in("wu").get("/agreements/"))


def test_the_paper_is_a_pdf_of_the_hashed_text():
    agreement = live()

    response = signed_in("lin").get(f"/agreements/{agreement.pk}/text.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert len(response.content) > 10_000


@pytest.mark.parametrize("path", ["/agreements/export", "/obligations/export"])
def test_the_same_rows_leave_as_a_table(path):
    agreement = live()
    client = signed_in("lin")

    text = client.get(f"{path}.csv").content.decode("utf-8-sig")
    assert agreement.number in text
    assert client.get(f"{path}.xlsx").content.startswith(b"PK")


def test_a_document_is_filed_shown_to_the_owner_and_the_duty_is_met(tmp_path, settings):
    settings.EVIDENCE_ROOT = tmp_path
    agreement = live()
    row = duty(agreement, "document")
    client = signed_in("lin")
    from pathlib import Path

    from django.core.files.uploadedfile import SimpleUploadedFile

    photo = Path(__file__).resolve().parents[2] / "data/hostile-files/ok.jpg"
    wrong = client.post(f"/obligations/{row.pk}/", {"client_id": "one", "number": "", "expires_on": ""})
    sent_file = {
        "client_id": "two",
        "number": "N1",
        "expires_on": "",
        "file": SimpleUploadedFile("licence.jpg", photo.read_bytes(), "image/jpeg"),
    }
    done = client.post(f"/obligations/{row.pk}/", sent_file)

    with acting_as(Hat.CLOCK):
        stored = Obligation.objects.get(pk=row.pk)
    assert (wrong.status_code, done.status_code) == (422, 302)
    assert stored.met_on == timezone.localdate()
    assert "licence.jpg" in body_of(client.get(f"/obligations/{row.pk}/"))
    assert "licence.jpg" in body_of(signed_in("chen").get(f"/obligations/{row.pk}/"))


def test_the_owner_shares_results_and_the_supplier_reads_them():
    agreement = live()
    row = duty(agreement, "owner_duty")

    assert signed_in("chen").post(f"/obligations/{row.pk}/", {"client_id": "a", "note": "no"}).status_code == 422
    assert signed_in("chen").post(f"/obligations/{row.pk}/", {"client_id": "a", "note": "来料 6 批，接收 5 批"}).status_code == 302

    page = body_of(signed_in("lin").get(f"/obligations/{row.pk}/"))
    assert "来料 6 批，接收 5 批" in page
    with acting_as(Hat.CLOCK):
        assert Obligation.objects.get(pk=row.pk).met_at is not None


def test_only_the_other_side_waives():
    agreement = live()
    row = duty(agreement, "document")

    own = signed_in("lin").post(f"/obligations/{row.pk}/waive/", {"why": "我们自己不需要"})
    with acting_as(Hat.CLOCK):
        assert Obligation.objects.get(pk=row.pk).waived_at is None
    without = signed_in("chen").post(f"/obligations/{row.pk}/waive/", {"why": " "})
    with acting_as(Hat.CLOCK):
        assert Obligation.objects.get(pk=row.pk).waived_at is None
    other = signed_in("chen").post(f"/obligations/{row.pk}/waive/", {"why": "证书已由总部提供"})

    with acting_as(Hat.CLOCK):
        assert Obligation.objects.get(pk=row.pk).waived_at is not None
    assert (own.status_code, without.status_code, other.status_code) == (403, 422, 302)
    assert "证书已由总部提供" in signed_in("lin").get(f"/obligations/{row.pk}/").text


@pytest.mark.parametrize("who", ["wu", "fang"])
def test_a_strangers_look_is_the_same_as_at_nothing(who):
    agreement = live()
    row = duty(agreement, "document")
    client, nothing = signed_in(who), key("nothing")

    for path in ("/agreements/{}/", "/agreements/{}/sign/", "/agreements/{}/text/", "/agreements/{}/text.pdf"):
        assert client.get(path.format(agreement.pk)).status_code == client.get(path.format(nothing)).status_code == 404
    assert client.get(f"/obligations/{row.pk}/").status_code == 404
    assert (
        client.get(f"/obligations/?agreement={agreement.pk}").status_code
        == client.get(f"/obligations/?agreement={nothing}").status_code
        == 404
    )
    assert agreement.number not in body_of(client.get("/agreements/?state=in_force"))


def test_a_supplier_sees_no_drafting_page():
    draft = drafted(now=timezone.now(), starts=timezone.localdate())

    assert signed_in("lin").get("/agreements/new/").status_code == 403
    assert signed_in("lin").get(f"/agreements/{draft.pk}/").status_code == 404
