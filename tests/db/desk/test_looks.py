"""Who sees what and who looked: one page of plain words, filters in the address, a switch that closes only its own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from records.models import AccessEvent, EvidenceShare, Grant
from records.services.evidence import file_evidence, note_look, note_looks, restore_grant, revoke_grant, share_evidence
from tests.cast import BY_NAME, actor, key
from tests.clients import signed_in, with_token
from tests.world import agree, photo

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LIN, CHEN = actor("lin"), actor("chen")
MINUTE = timedelta(minutes=1)


def granted(what, *, clause=None, to="chen", until=None):
    m = BY_NAME[to]
    with acting_as(Hat.CLOCK):
        return Grant.objects.create(
            from_org_id=LIN.org_id, to_org_id=m.org_id, to_name_zh=m.org_zh, to_name_en=m.org_en, what=what, clause_id=clause, valid_from=TODAY,
            valid_to=until,
        )  # fmt: skip


def shown(mark, *whats):
    """A file of Lin's that Chen sees under these classes."""
    with as_actor(LIN):
        evidence = file_evidence(actor=LIN, path=photo(), name=f"{mark}.jpg", client_id=mark, now=NOW)
        for what in whats:
            share_evidence(actor=LIN, evidence_ids=[evidence.pk], grantee_org_id=CHEN.org_id, what=what, now=NOW)
    return evidence.pk


def chen_sees():
    with as_actor(CHEN):
        return set(EvidenceShare.objects.visible_to(CHEN).filter(revoked_at=None).values_list("evidence_id", flat=True))


def off(grant, now=NOW):
    with as_actor(LIN):
        revoke_grant(actor=LIN, grant=grant, now=now)


def looked(mark="a", who="chen", at=NOW):
    evidence = shown(mark, "documents")
    with as_actor(actor(who)):
        note_look(actor=actor(who), share=EvidenceShare.objects.get(evidence_id=evidence), now=at)
    return evidence


# ── what a switch closes ──


def test_switching_off_one_class_leaves_what_another_grant_shows():
    ad_hoc = granted("documents")
    granted("audit_evidence", clause=uuid4())
    paper, both, audit = shown("paper", "documents"), shown("both", "documents", "audit_evidence"), shown("photo", "audit_evidence")

    off(ad_hoc)

    assert chen_sees() == {both, audit}
    assert paper not in chen_sees()


def test_the_same_class_by_a_clause_still_shows_it():
    ad_hoc = granted("documents")
    granted("documents", clause=uuid4())
    paper = shown("paper", "documents")

    off(ad_hoc)

    assert chen_sees() == {paper}


def test_what_a_clause_showed_while_it_stood_stays_readable():
    ad_hoc = granted("documents")
    granted("documents", clause=uuid4(), until=TODAY)
    paper = shown("paper", "documents")

    off(ad_hoc, now=NOW + timedelta(days=5))

    assert chen_sees() == {paper}


def test_a_file_from_before_classes_were_kept_closes_with_the_last_grant():
    ad_hoc, other = granted("documents"), granted("results")
    paper = shown("paper", "documents")
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.update(whats=[])

    off(ad_hoc)
    assert chen_sees() == {paper}
    off(other)
    assert chen_sees() == set()


def test_a_switch_off_is_taken_back_within_ten_minutes_with_just_what_it_closed():
    first, second = granted("documents"), granted("results")
    paper, result = shown("paper", "documents"), shown("result", "results")
    off(second, now=NOW - MINUTE)
    off(first)
    assert chen_sees() == set()

    with as_actor(LIN):
        restore_grant(actor=LIN, grant=first, now=NOW + 10 * MINUTE)

    assert chen_sees() == {paper}
    assert result not in chen_sees()


def test_later_it_stays_off():
    grant = granted("documents")
    shown("paper", "documents")
    off(grant)

    with pytest.raises(RuleBroken, match="^grant_off_for_good$"), as_actor(LIN):
        restore_grant(actor=LIN, grant=grant, now=NOW + 11 * MINUTE)

    assert chen_sees() == set()


# ── pages ──


def test_the_page_names_the_clause_and_offers_the_switch_only_for_the_own_will():
    agreement = agree("chen", "lin", now=NOW)
    mine = granted("products")
    client = signed_in("lin", "en")

    page = client.get("/privacy/").content.decode()

    assert f"of {agreement.number}" in page
    assert f"/agreements/{agreement.pk}/#clause-" in page
    assert page.count("/off/") == 1
    assert f"/privacy/grants/{mine.pk}/off/" in page


def test_off_and_back_again_by_the_page():
    grant, client = granted("documents"), signed_in("lin", "en")
    paper = shown("paper", "documents")

    closed = client.post(f"/privacy/grants/{grant.pk}/off/", follow=True)
    assert chen_sees() == set()
    client.post(f"/privacy/grants/{grant.pk}/on/", follow=True)

    assert "Just switched off" in closed.content.decode()
    assert chen_sees() == {paper}


def test_a_clause_is_not_switched_off_by_the_page():
    grant = granted("documents", clause=uuid4())

    page = signed_in("lin", "en").post(f"/privacy/grants/{grant.pk}/off/", follow=True)

    assert "ends with it" in page.content.decode()
    with as_actor(LIN):
        assert Grant.objects.get(pk=grant.pk).revoked_at is None


def test_each_look_is_said_with_who_what_which_and_when():
    granted("documents")
    looked("锅炉合格证")

    page = signed_in("lin", "zh-hans").get("/privacy/looks/").content.decode()

    assert "宁波砚棠服饰有限公司" in page
    assert "陈棠" in page
    assert "打开了文件" in page
    assert "锅炉合格证.jpg" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        (f"?viewer={CHEN.org_id}", 2),
        (f"?viewer={key('nobody here')}", 0),
        ("?person=周衡", 1),
        ("?what=agreement_state", 1),
        ("?what=evidence&days=7", 1),
        ("?days=30", 3),
        ("?viewer=junk&what=junk&days=junk&after=junk&person=%00", 3),
    ],
)
def test_the_list_is_narrowed_by_the_address(query, found):
    granted("documents")
    looked("new")
    looked("old", at=NOW - timedelta(days=20))
    zhou = actor("zhou")
    with as_actor(zhou):
        note_looks(actor=zhou, org_ids=[LIN.org_id], what="agreement_state", subject_id=uuid4(), now=NOW)

    assert len(signed_in("lin").get(f"/privacy/looks/{query}").context["looks"]) == found


def test_pages_go_on_where_the_last_one_ended():
    with as_actor(CHEN):
        for minute in range(30):
            note_looks(actor=CHEN, org_ids=[LIN.org_id], what="certificates", subject_id=uuid4(), now=NOW - minute * MINUTE)
    client = signed_in("lin")

    first = client.get("/privacy/looks/")
    second = client.get(f"/privacy/looks/{first.context['more_url']}")

    seen = [each["row"].pk for page in (first, second) for each in page.context["looks"]]
    assert (len(first.context["looks"]), len(second.context["looks"])) == (25, 5)
    assert len(set(seen)) == 30
    assert second.context["more_url"] == ""


def test_the_table_to_take_away_says_the_same_and_runs_no_formula():
    granted("documents")
    looked("=cmd")

    answer = signed_in("lin", "en").get("/privacy/looks/export.csv?days=7")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert lines[1].endswith(",陈棠,opened a file,'=cmd.jpg,,")


def test_the_bureaus_look_at_one_agreement_is_told_to_both_sides():
    agreement = agree("chen", "lin", now=NOW)

    signed_in("zhou").get(f"/bureau/agreements/{agreement.pk}/")

    for who in ("chen", "lin"):
        with as_actor(actor(who)):
            rows = AccessEvent.objects.visible_to(actor(who)).values_list("what", "subject_id", "person_name")
            assert list(rows) == [("agreement_state", agreement.pk, "周衡")]


def test_nobody_reads_another_firms_looks():
    granted("documents")
    looked("mine")

    assert signed_in("wu").get("/privacy/looks/").context["looks"] == []
    assert signed_in("zhou").get("/privacy/looks/").status_code == 403
    assert signed_in("pan").get("/privacy/looks/").status_code == 403


def test_a_program_reads_the_looks_and_takes_a_switch_off_back():
    grant, headers = granted("documents"), with_token("lin")
    paper = looked("paper")
    client = signed_in("lin")
    off(grant, now=timezone.now())

    answer = client.get("/api/v1/firm/looks/?what=evidence", **headers).json()
    back = client.post("/api/v1/firm/sharing/undo/", {"grant": str(grant.pk)}, content_type="application/json", **headers)

    assert [each["subject"] for each in answer["results"]] == [str(paper)]
    assert back.status_code == 200
    assert chen_sees() == {paper}
