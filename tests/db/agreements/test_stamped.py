"""Paper with a stamp: sent in by one firm, compared by both, and only then a signature."""

import io
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from agreements.models import AgreementPaper, StampedCopy, StampedWord
from agreements.selectors import current_version, signatures_of
from agreements.selectors.papers import stamped_of
from agreements.services.papers_kept import bytes_of
from agreements.services.stamped import file_stamped, say_it_differs, say_it_matches
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from tests.agreed import NOW, kinds, seen_by_clock, sent, signed_by, todos
from tests.cast import PASSWORD, actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


def page(colour=(200, 30, 30)):
    buffer = io.BytesIO()
    Image.new("RGB", (64, 80), colour).save(buffer, "JPEG")
    return SimpleUploadedFile("盖章页.jpg", buffer.getvalue(), "image/jpeg")


def stamped_by(who, agreement, *, client_id="s-1", pages=1, sha256=None):
    with as_actor(actor(who)):
        said = sha256 or current_version(actor(who), agreement).sha256
        files = [page((200, 30, 10 * number)) for number in range(pages)]
        return file_stamped(actor=actor(who), agreement=agreement, sha256=said, files=files, client_id=client_id, now=NOW)


def matches(who, agreement, copy, *, password=PASSWORD, now=NOW + timedelta(minutes=5)):
    with as_actor(actor(who)):
        return say_it_matches(actor=actor(who), agreement=agreement, stamped=copy, password=password, now=now)


def signed(agreement):
    with as_actor(LIN):
        return {side: row.method for side, row in signatures_of(LIN, current_version(LIN, agreement)).items()}


@contextmanager
def nothing_changes(agreement):
    def all_of_it():
        with acting_as(Hat.CLOCK):
            counts = [model.objects.count() for model in (StampedCopy, StampedWord, AgreementPaper)]
        return counts, signed(agreement), kinds(agreement), seen_by_clock(agreement).state

    before = all_of_it()
    yield
    assert all_of_it() == before


def test_it_counts_as_the_signature_once_both_have_said_that_it_matches():
    agreement = sent()
    copy = stamped_by("lin", agreement, pages=2)
    assert ("stamped_to_check" in todos("lin"), "stamped_to_check" in todos("chen")) == (True, True)
    matches("lin", agreement, copy)
    assert signed(agreement) == {}
    matches("chen", agreement, copy, password="", now=NOW + timedelta(minutes=9))

    with as_actor(CHEN):
        (seen,) = stamped_of(CHEN, current_version(CHEN, agreement))
        (signature,) = signatures_of(CHEN, current_version(CHEN, agreement)).values()
        pages = sorted(seen.pages.all(), key=lambda each: each.number)
    assert (signature.method, signature.side, signature.person_name) == ("stamped_scan", "supplier", "林杼")
    assert (signature.at, seen_by_clock(agreement).state) == (NOW + timedelta(minutes=9), "signing")
    assert [bytes_of(each)[:3] for each in pages] == [b"\xff\xd8\xff"] * 2
    assert kinds(agreement) == [
        "agreement_signed", "agreement_stamp_matches", "agreement_stamp_matches", "agreement_stamp_filed", "agreement_sent",
    ]  # fmt: skip
    assert (todos("lin"), todos("chen")) == ([], ["agreement_to_sign"])


def test_a_stamp_of_each_side_puts_it_in_force():
    agreement = sent()
    for who, other in (("chen", "lin"), ("lin", "chen")):
        copy = stamped_by(who, agreement, client_id=f"s-{who}")
        matches(other, agreement, copy)
        matches(who, agreement, copy)

    assert signed(agreement) == {"owner": "stamped_scan", "supplier": "stamped_scan"}
    assert seen_by_clock(agreement).state == "in_force"


def test_sent_and_said_twice_is_once():
    agreement = sent()
    first, second = stamped_by("lin", agreement), stamped_by("lin", agreement)
    one, two = matches("lin", agreement, first), matches("lin", agreement, first)

    assert (first.pk, one.pk) == (second.pk, two.pk)
    assert kinds(agreement) == ["agreement_stamp_matches", "agreement_stamp_filed", "agreement_sent"]


def test_what_does_not_match_never_counts_and_a_better_one_may_be_sent():
    agreement = sent()
    copy = stamped_by("lin", agreement)
    matches("lin", agreement, copy)
    with as_actor(CHEN):
        say_it_differs(actor=CHEN, agreement=agreement, stamped=copy, reason="缺第 3 页，请补上", now=NOW)

    assert "stamped_differs" in todos("lin")
    assert "stamped_to_check" not in todos("chen") + todos("lin")
    with nothing_changes(agreement), pytest.raises(RuleBroken, match="stamped_copy_is_settled"):
        matches("chen", agreement, copy)
    better = stamped_by("lin", agreement, client_id="s-2")
    assert better.pk != copy.pk
    assert "stamped_differs" not in todos("lin")


REFUSALS = {
    "text_changed": lambda agreement: stamped_by("lin", agreement, sha256="0" * 64),
    "stamped_pages_missing": lambda agreement: stamped_by("lin", agreement, pages=0),
    "stamped_pages_too_many": lambda agreement: stamped_by("lin", agreement, pages=21),
}


@pytest.mark.parametrize("code", REFUSALS)
def test_what_cannot_be_a_stamped_copy_is_refused(code):
    agreement = sent()

    with nothing_changes(agreement), pytest.raises(RuleBroken, match=code):
        REFUSALS[code](agreement)


def test_while_one_copy_waits_no_other_is_taken():
    agreement = sent()
    stamped_by("lin", agreement)

    with nothing_changes(agreement), pytest.raises(RuleBroken, match="stamped_copy_waits"):
        stamped_by("lin", agreement, client_id="s-2")


def test_a_program_among_the_pages_is_refused_and_nothing_is_kept():
    agreement = sent()
    evil = SimpleUploadedFile("p.pdf", b"MZ" + b"\0" * 400, "application/pdf")
    with as_actor(LIN):
        sha256 = current_version(LIN, agreement).sha256
    with nothing_changes(agreement), as_actor(LIN), pytest.raises(RuleBroken, match="evidence_"):
        file_stamped(actor=LIN, agreement=agreement, sha256=sha256, files=[evil], client_id="s-1", now=NOW)


def test_its_own_firm_says_so_with_a_password_and_through_a_signatory():
    agreement = sent()
    copy = stamped_by("lin", agreement)

    with nothing_changes(agreement), pytest.raises(RuleBroken, match="password_wrong"):
        matches("lin", agreement, copy, password="indigo")
    with as_actor(LIN), connection.cursor() as cursor:
        cursor.execute("update parties_membership set valid_to = '2026-03-01' where role = 'signatory'")
    with nothing_changes(agreement), pytest.raises(RuleBroken, match="signatory_only"):
        matches("lin", agreement, copy)


def test_another_firm_neither_stamps_nor_judges():
    agreement = sent()
    copy = stamped_by("lin", agreement)

    with nothing_changes(agreement):
        with as_actor(WU), pytest.raises(NotYours):
            file_stamped(actor=WU, agreement=agreement, sha256="0" * 64, files=[page()], client_id="s-9", now=NOW)
        with as_actor(WU), pytest.raises(NotYours):
            say_it_matches(actor=WU, agreement=agreement, stamped=copy, password=PASSWORD, now=NOW)
    with as_actor(WU):
        assert StampedCopy.objects.count() == StampedWord.objects.count() == 0


def test_signed_by_click_meanwhile_the_copy_is_settled():
    agreement = sent()
    copy = stamped_by("lin", agreement)
    signed_by("lin", agreement)
    assert (todos("lin"), todos("chen")) == ([], ["agreement_to_sign"])

    with nothing_changes(agreement), pytest.raises(RuleBroken, match="side_has_signed"):
        matches("chen", agreement, copy)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_compare_it_by_forms(language):
    agreement = sent()
    mill, buyer = signed_in("lin", language), signed_in("chen", language)
    at = f"/agreements/{agreement.pk}/stamped/"
    with as_actor(LIN):
        sha256 = current_version(LIN, agreement).sha256
    assert mill.get(at).status_code == 200
    empty = mill.post(at, {"client_id": "f-1", "sha256": sha256})
    kept = mill.post(at, {"client_id": "f-1", "sha256": sha256, "file": [page(), page((1, 2, 3))]})
    assert (empty.status_code, kept.status_code) == (422, 302)

    room = kept["Location"]
    for client in (mill, buyer):
        assert client.get(room).status_code == 200
    with as_actor(CHEN):
        (copy,) = stamped_of(CHEN, current_version(CHEN, agreement))
        first = copy.pages.order_by("number").first()
    opened = buyer.get(f"/agreements/{agreement.pk}/papers/{first.pk}/", follow=True)
    assert (opened.status_code, opened["Content-Type"], opened.content) == (200, "image/jpeg", bytes_of(first))
    assert buyer.post(f"{room}differs/", {"reason": "短"}).status_code == 422
    assert buyer.post(room, {"same": "on"}).status_code == 302
    assert mill.post(room, {"same": "on"}).status_code == 422
    assert mill.post(room, {"same": "on", "password": PASSWORD}).status_code == 302
    assert signed(agreement) == {"supplier": "stamped_scan"}
    assert buyer.get(room).status_code == buyer.get(f"/agreements/{agreement.pk}/").status_code == 200
    for address in (room, f"/agreements/{agreement.pk}/papers/{first.pk}/", at):
        assert signed_in("wu").get(address).status_code == 404
