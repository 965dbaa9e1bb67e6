"""A firm asks to be verified by filing its licence; the platform sees it only while it waits, and decides in two clicks."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from parties.models import Organisation, OrganisationCode
from records.models import AccessEvent, EvidenceShare
from suppliers.models import Paper, Verification
from suppliers.selectors.verification import own_verification, same_code, verifications
from suppliers.services.firm import PaperFacts, file_paper
from suppliers.services.joining import Newcomer, join_as_new_firm
from suppliers.services.verification import (
    ask_verification,
    reinstate_firm,
    return_firm,
    suspend_firm,
    undo_decision,
    verify_firm,
)
from tests.cast import actor
from tests.clients import signed_in
from tests.db.parties.stage import on_day
from tests.db.suppliers.stage import NEW_CODE, NOW, invited
from tests.world import invited as unchecked
from tests.world import photo

pytestmark = pytest.mark.django_db
PAN = actor("pan")
MINUTE = timedelta(minutes=1)


def newcomer(code=NEW_CODE, contact="19000000555", name="宁波禾缕纺纱有限公司（示例）", by="chen"):
    """The actor of a firm that has just joined and is not verified."""
    _invitation, token = invited(by, uscc=code, name=name)
    with acting_as(Hat.LOBBY):
        person = join_as_new_firm(token=token, who=Newcomer("何师傅", contact, "cotton-on-indigo-9"), node_codes=["knitting"], now=NOW)
    return on_day(person, NOW.date())


def asks(firm, mark="1", at=NOW):
    """The firm files a licence, which asks for it."""
    with as_actor(firm):
        file_paper(actor=firm, paper=PaperFacts("business_licence"), path=photo(), name=f"licence-{mark}.jpg", client_id=f"l{mark}", now=at)
        return own_verification(firm)


def by_pan(verb, row, *, now=NOW, who=PAN, **more):
    with as_actor(who):
        return verb(actor=who, verification_id=row.pk, now=now, **more)


def org_of(firm):
    with acting_as(Hat.CLOCK):
        org = Organisation.objects.get(pk=firm.org_id)
        return org.state, OrganisationCode.objects.get(pk=firm.org_id).verified


def pans_shares():
    with as_actor(PAN):
        return [share.evidence_id for share in EvidenceShare.objects.visible_to(PAN).filter(revoked_at=None)]


def told(firm):
    with as_actor(firm):
        return list(Notification.objects.visible_to(firm).filter(hat=firm.hat).order_by("at", "id").values_list("kind", flat=True))


def to_mend(firm):
    with as_actor(firm):
        return Todo.objects.visible_to(firm).filter(kind="licence_to_mend", done_at=None).count()


def test_filing_a_licence_asks_the_platform_and_shows_it_this_file_alone():
    firm = newcomer()
    with as_actor(firm):
        other = file_paper(actor=firm, paper=PaperFacts("permit"), path=photo(), name="permit.jpg", client_id="p", now=NOW)

    row = asks(firm)

    assert (row.state, row.name_zh, row.uscc, row.hat) == ("waiting", "宁波禾缕纺纱有限公司（示例）", NEW_CODE, "supplier")
    assert org_of(firm) == ("verifying", None)
    assert pans_shares() == [row.evidence_id]
    assert other.evidence_id != row.evidence_id


def test_asking_again_with_the_same_licence_changes_nothing():
    firm = newcomer()
    row = asks(firm)

    with as_actor(firm):
        again = ask_verification(firm, row.evidence_id, NOW + MINUTE)

    assert again.pk == row.pk
    assert again.asked_at == NOW
    assert pans_shares() == [row.evidence_id]


def test_a_newer_licence_takes_the_place_of_the_one_that_waits():
    firm = newcomer()
    first, second = asks(firm), asks(firm, "2", at=NOW + MINUTE)

    assert second.pk == first.pk
    assert second.evidence_id != first.evidence_id
    assert second.asked_at == NOW
    assert pans_shares() == [second.evidence_id]


def test_a_verified_firm_is_not_put_back_into_the_queue():
    lin = actor("lin")

    row = asks(lin)

    assert row is None
    assert org_of(lin)[0] == "verified"
    assert pans_shares() == []


def test_nobody_asks_with_another_firms_file_or_without_a_role():
    firm, lin = newcomer(), actor("lin")
    with as_actor(lin):
        theirs = file_paper(actor=lin, paper=PaperFacts("permit"), path=photo(), name="p.jpg", client_id="p", now=NOW)
    with as_actor(firm):
        assert ask_verification(firm, theirs.evidence_id, NOW) is None
        assert ask_verification(firm, uuid4(), NOW) is None
    reader = replace(firm, roles=frozenset({"viewer"}))
    with pytest.raises(NotYours), as_actor(reader):
        ask_verification(reader, theirs.evidence_id, NOW)

    assert org_of(firm) == ("registered", None)
    assert pans_shares() == []


def test_verified_means_code_state_paper_and_word_to_the_firm_and_the_file_is_closed():
    firm = newcomer()
    row = asks(firm)

    by_pan(verify_firm, row)
    by_pan(verify_firm, row, now=NOW + MINUTE)

    assert org_of(firm) == ("verified", NEW_CODE)
    assert pans_shares() == []
    assert told(firm) == ["firm_verified"]
    with as_actor(firm):
        assert Paper.objects.get(evidence_id=row.evidence_id).state == "verified"
        found = own_verification(firm)
    assert (found.state, found.decided_by, found.verified_at) == ("verified", "潘台", NOW)


def test_a_return_names_its_reasons_and_asks_the_firm_to_mend():
    firm = newcomer()
    row = asks(firm)

    found = by_pan(return_firm, row, reasons=["other", "blurred"], note=" 右下角被手指挡住 ")

    assert (found.state, found.reasons, found.note) == ("returned", ["blurred", "other"], "右下角被手指挡住")
    assert org_of(firm) == ("registered", None)
    assert pans_shares() == []
    assert told(firm) == ["firm_returned"]
    assert to_mend(firm) == 1
    again = asks(firm, "2", at=NOW + MINUTE)
    assert again.pk != row.pk
    assert to_mend(firm) == 0
    assert org_of(firm) == ("verifying", None)


@pytest.mark.parametrize(
    ("reasons", "note", "code"),
    [
        ([], "", "verification_reason_missing"),
        (["other"], "  ", "verification_note_missing"),
        (["blurred", "ugly"], "", "verification_reason_unknown"),
    ],
)
def test_a_return_without_a_reason_changes_nothing(reasons, note, code):
    firm = newcomer()
    row = asks(firm)

    with pytest.raises(RuleBroken, match=f"^{code}$"):
        by_pan(return_firm, row, reasons=reasons, note=note)

    assert org_of(firm) == ("verifying", None)
    assert pans_shares() == [row.evidence_id]
    assert told(firm) == []


@pytest.mark.parametrize("decision", ["verify", "return"])
def test_a_decision_is_taken_back_within_ten_minutes(decision):
    firm = newcomer()
    row = asks(firm)
    by_pan(verify_firm, row) if decision == "verify" else by_pan(return_firm, row, reasons=["expired"])

    found = by_pan(undo_decision, row, now=NOW + 10 * MINUTE)

    assert (found.state, found.decided_at, found.reasons) == ("waiting", None, [])
    assert org_of(firm) == ("verifying", None)
    assert pans_shares() == [row.evidence_id]
    assert to_mend(firm) == 0
    assert told(firm)[-1] == "firm_checked_again"
    with as_actor(firm):
        assert Paper.objects.get(evidence_id=row.evidence_id).state == "uploaded"


def test_later_a_decision_stands():
    firm = newcomer()
    row = asks(firm)
    by_pan(verify_firm, row)

    with pytest.raises(RuleBroken, match="^verification_undo_late$"):
        by_pan(undo_decision, row, now=NOW + 11 * MINUTE)

    assert org_of(firm) == ("verified", NEW_CODE)


def test_a_return_is_not_taken_back_once_the_firm_has_asked_again():
    firm = newcomer()
    row = asks(firm)
    by_pan(return_firm, row, reasons=["expired"])
    newer = asks(firm, "2", at=NOW + MINUTE)

    with pytest.raises(RuleBroken, match="^verification_newer$"):
        by_pan(undo_decision, row, now=NOW + 2 * MINUTE)

    assert pans_shares() == [newer.evidence_id]


def test_a_code_is_one_firms_only_and_the_platform_sees_who_has_it():
    first, second = newcomer(), newcomer(contact="19000000556", name="宁波假禾缕有限公司（示例）", by="fang")
    one, two = asks(first), asks(second, "2")
    by_pan(verify_firm, one)

    with pytest.raises(RuleBroken, match="^verification_code_taken$"):
        by_pan(verify_firm, two)

    with as_actor(PAN):
        assert [(each.name_zh, each.is_verified) for each in same_code(PAN, two)] == [("宁波禾缕纺纱有限公司（示例）", True)]
    assert org_of(second) == ("verifying", None)
    with as_actor(second):
        assert same_code(second, two) == []


def test_a_code_that_does_not_fit_is_never_verified():
    _link, token = unchecked("chen", now=NOW, uscc="0DEM0N1000000000AX")
    with acting_as(Hat.LOBBY):
        person = join_as_new_firm(
            token=token, who=Newcomer("何师傅", "19000000557", "cotton-on-indigo-9"), node_codes=["knitting"], now=NOW
        )
    firm = on_day(person, NOW.date())
    row = asks(firm)

    with pytest.raises(RuleBroken, match="^verification_code_wrong$"):
        by_pan(verify_firm, row)

    assert org_of(firm) == ("verifying", None)
    assert "fits together" not in signed_in("pan", "en").get(f"/platform/verifications/{row.pk}/").content.decode()


@pytest.mark.parametrize("who", ["lin", "pan"])
def test_what_a_firm_said_and_who_asked_is_never_rewritten(who):
    asks(newcomer())

    with pytest.raises(ProgrammingError, match="permission denied"), as_actor(actor(who)), connection.cursor() as cursor:
        cursor.execute("update suppliers_verification set uscc = 'X'")


def test_suspended_and_given_back():
    firm = newcomer()
    row = asks(firm)
    by_pan(verify_firm, row)

    with pytest.raises(RuleBroken, match="^verification_note_missing$"):
        by_pan(suspend_firm, row, note=" ")
    assert org_of(firm)[0] == "verified"
    by_pan(suspend_firm, row, note="执照被吊销")
    assert org_of(firm) == ("suspended", NEW_CODE)
    by_pan(reinstate_firm, row)
    assert org_of(firm) == ("verified", NEW_CODE)

    assert told(firm) == ["firm_verified", "firm_suspended", "firm_verified"]


def test_a_firm_that_waits_is_neither_suspended_nor_given_back():
    row = asks(newcomer())

    for verb, more in ((suspend_firm, {"note": "x"}), (reinstate_firm, {})):
        with pytest.raises(RuleBroken, match="^verification_not_verified$"):
            by_pan(verb, row, **more)


@pytest.mark.parametrize("verb", [verify_firm, reinstate_firm, undo_decision])
@pytest.mark.parametrize("who", ["lin", "chen", "zhou", "mei"])
def test_nobody_but_the_platform_decides(verb, who):
    firm = newcomer()
    row = asks(firm)

    with pytest.raises(NotYours):
        by_pan(verb, row, who=actor(who))

    assert org_of(firm) == ("verifying", None)


def test_no_other_firm_sees_who_waits():
    row = asks(newcomer())

    for who in ("lin", "chen", "wu", "mei"):
        with as_actor(actor(who)):
            assert verifications(actor(who)) == []
    with pytest.raises(Absent):
        by_pan(verify_firm, Verification(pk=uuid4()))
    assert row.state == "waiting"


# ── pages ──


def test_the_queue_the_page_and_two_clicks():
    firm = newcomer()
    row = asks(firm)
    pan = signed_in("pan", "en")

    queue = pan.get("/platform/verifications/").content.decode()
    page = pan.get(f"/platform/verifications/{row.pk}/")
    done = pan.post(f"/platform/verifications/{row.pk}/verify/", follow=True)

    assert str(row.pk) in queue
    assert page.status_code == done.status_code == 200
    assert page.context["licence"].evidence_id == row.evidence_id
    assert "Undo" in done.content.decode()
    assert org_of(firm) == ("verified", NEW_CODE)
    pan.post(f"/platform/verifications/{row.pk}/undo/", follow=True)
    assert org_of(firm) == ("verifying", None)


def test_a_return_without_a_reason_comes_back_to_the_page():
    row = asks(newcomer())
    pan = signed_in("pan")

    page = pan.post(f"/platform/verifications/{row.pk}/return/", {})

    assert page.status_code == 422
    assert "至少" in page.content.decode()


def test_each_look_of_the_platform_is_written_down_for_the_firm():
    firm = newcomer()
    row = asks(firm)
    pan = signed_in("pan")

    page = pan.get(f"/platform/verifications/{row.pk}/")
    pan.get(f"/evidence/shared/{page.context['licence'].pk}/file/", follow=True)

    with as_actor(firm):
        looks = list(AccessEvent.objects.visible_to(firm).order_by("at", "id").values_list("what", "viewer_name_en", "person_name"))
    assert looks == [("verification", "Platform (demo)", "潘台"), ("evidence", "Platform (demo)", "潘台")]


def test_after_the_decision_the_file_is_absent_for_the_platform():
    firm = newcomer()
    row = asks(firm)
    pan = signed_in("pan")
    share = pan.get(f"/platform/verifications/{row.pk}/").context["licence"]
    by_pan(verify_firm, row)

    assert pan.get(f"/evidence/shared/{share.pk}/file/", follow=True).status_code == 404
    assert pan.get(f"/platform/verifications/{row.pk}/").context["licence"] is None


@pytest.mark.parametrize("query", ["?state=verified", "?state=returned", "?state=suspended", "?q=禾缕", "?state=nonsense", "?after=junk"])
def test_filters_live_in_the_address(query):
    asks(newcomer())

    assert signed_in("pan").get(f"/platform/verifications/{query}").status_code == 200
