"""Contests with their decision, other words, a third party's word, and follow-ups that look at what is open."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from agreements.models import Obligation
from audits import services
from audits.models import Audit, AuditTeam, Finding, FindingAppeal, FindingContest, FindingText, FollowUpItem
from audits.selectors.appeals import appeals
from audits.selectors.corrective import contests_of, third_parties, wordings_of
from audits.selectors.followups import items_of
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Todo
from records.models import RecordEntry
from tests.cast import BY_NAME, actor
from tests.db.audits.stage import agreement_in_force, moment, photo, raised, replied, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def audit(tmp_path):
    return submitted(agreement_in_force(), tmp_path, q3="no")


def fresh(row):
    with acting_as(Hat.CLOCK):
        return type(row).objects.get(pk=row.pk)


def entries(kind):
    with acting_as(Hat.CLOCK):
        return RecordEntry.objects.filter(kind=kind).count()


def todos(who):
    with as_actor(actor(who)):
        return sorted(Todo.objects.filter(done_at=None).exclude(kind="audit_to_review").values_list("kind", flat=True))


def contest(finding, **more):
    with as_actor(actor("lin")):
        return services.contest_finding(actor=actor("lin"), finding_id=finding.pk, reason="天平已换新", now=moment("2026-03-12"), **more)


def uphold(finding, who="chen"):
    with as_actor(actor(who)):
        return services.uphold_finding(actor=actor(who), finding_id=finding.pk, reason="证书日期不符", now=moment("2026-03-13"))


def reword(finding, grade="minor", reason="一台确已换新"):
    seen = services.Observation(grade, "计量器具在校准有效期内", "一台天平校准过期", gap="缺一张证书")
    with as_actor(actor("chen")):
        return services.reword_finding(actor=actor("chen"), finding_id=finding.pk, seen=seen, reason=reason, now=moment("2026-03-13"))


def appeal(finding, *, client_id="a1", arbiter="mei", who="lin"):
    with as_actor(actor(who)):
        return services.appeal_finding(
            actor=actor(who),
            finding_id=finding.pk,
            arbiter_org_id=BY_NAME[arbiter].org_id,
            why="请看照片",
            client_id=client_id,
            now=moment("2026-03-14"),
        )


def decide(case, outcome, *, who="mei", on="2026-03-16"):
    with as_actor(actor(who)):
        return services.decide_appeal(actor=actor(who), appeal_id=case.pk, outcome=outcome, words="照片显示标签已更换", now=moment(on))


def upheld(audit, **more):
    finding = raised(audit, **more)
    contest(finding)
    uphold(finding)
    return finding


def test_a_contest_is_kept_with_its_evidence_and_its_decision(audit, tmp_path):
    finding, evidence = raised(audit), photo("lin", tmp_path, moment("2026-03-12"))
    contest(finding, evidence_ids=[evidence.pk])

    uphold(finding)

    with as_actor(actor("lin")):
        (row,) = contests_of(actor("lin"), finding)
        assert [one.step for one in finding.evidence.all()] == ["contest"]
    assert (row.reason, row.decision, row.decision_reason, row.decided_by) == ("天平已换新", "upheld", "证书日期不符", "陈棠")


def test_a_contested_finding_is_worded_anew_and_what_it_said_is_kept(audit):
    finding = raised(audit)
    contest(finding)

    reword(finding)

    after = fresh(finding)
    with as_actor(actor("lin")):
        text, (before,) = FindingText.objects.get(finding=finding), wordings_of(actor("lin"), finding)
    assert (after.state, after.grade, after.due_on) == ("accepted", "minor", finding.due_on)
    assert (text.observed, text.gap, before.observed, before.grade, before.number) == (
        "一台天平校准过期",
        "缺一张证书",
        "天平校准已过期",
        "major",
        1,
    )
    assert (todos("lin"), todos("chen"), entries("finding_reworded")) == (["finding_raised"], [], 1)


def test_a_critical_finding_is_not_made_a_lesser_one(audit):
    finding = raised(audit, grade="critical")
    contest(finding)

    with pytest.raises(RuleBroken, match="critical_stays"):
        reword(finding)
    with as_actor(actor("chen")), pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(grade="minor")

    assert (fresh(finding).state, fresh(finding).grade) == ("contested", "critical")


def test_the_words_of_a_finding_change_only_where_a_contest_is_decided(audit):
    finding = raised(audit)

    with pytest.raises(RuleBroken, match="not_in_this_state"):
        reword(finding)
    with as_actor(actor("chen")), pytest.raises(DatabaseError), transaction.atomic():
        FindingText.objects.filter(finding=finding).update(observed="别的")

    with as_actor(actor("chen")):
        assert FindingText.objects.get(finding=finding).observed == "天平校准已过期"


def test_the_lead_auditor_decides_about_a_visit(audit):
    finding = raised(audit)
    with as_actor(actor("chen")):
        sides = {"owner_org_id": audit.owner_org_id, "supplier_org_id": audit.supplier_org_id}
        AuditTeam.objects.create(audit=audit, **sides, person_id=uuid4(), person_name="何审", is_lead=True, joined_at=moment("2026-03-09"))
    contest(finding)
    judge = actor("chen")
    plain = type(judge)(**{**{f: getattr(judge, f) for f in judge.__dataclass_fields__}, "roles": frozenset({"auditor"})})

    with as_actor(plain), pytest.raises(RuleBroken, match="lead_auditor_decides"):
        services.uphold_finding(actor=plain, finding_id=finding.pk, reason="证书日期不符", now=moment("2026-03-13"))

    assert fresh(finding).state == "contested"
    with as_actor(actor("chen")):
        assert FindingContest.objects.get(finding=finding).decision == ""


def test_a_third_party_withdraws_a_finding_and_nothing_is_owed(audit):
    finding = upheld(audit)

    case = appeal(finding)
    assert (fresh(finding).state, todos("lin"), todos("mei")) == ("contested", [], ["appeal_to_decide"])
    decide(case, "withdrawn")

    assert (fresh(finding).state, fresh(finding).closed_at, todos("mei")) == ("withdrawn", moment("2026-03-16"), [])
    with acting_as(Hat.CLOCK):
        assert Obligation.objects.get(subject_id=finding.pk, kind="corrective_action").void_at == moment("2026-03-16")
    assert (entries("finding_appealed"), entries("finding_appeal_ended")) == (1, 1)


def test_a_third_party_upholds_and_the_finding_has_to_be_answered(audit):
    finding = upheld(audit)
    case = appeal(finding)

    decide(case, "upheld")
    decide(case, "upheld", on="2026-03-17")

    assert (fresh(finding).state, fresh(case).decided_at, todos("lin")) == ("accepted", moment("2026-03-16"), ["finding_raised"])
    with pytest.raises(RuleBroken, match="appeal_is_over"):
        decide(case, "withdrawn")
    with pytest.raises(RuleBroken, match="appeal_not_from_here"):
        appeal(finding, client_id="a2")
    replied(finding)
    assert fresh(finding).state == "answered"


def test_a_third_party_that_declines_leaves_the_way_to_another(audit):
    finding = upheld(audit)
    case = appeal(finding)

    with as_actor(actor("mei")):
        services.decline_appeal(actor=actor("mei"), appeal_id=case.pk, words="没有这方面的人", now=moment("2026-03-15"))

    assert (fresh(finding).state, fresh(case).state) == ("accepted", "declined")
    assert appeal(finding, client_id="a2").pk != case.pk


def test_an_appeal_is_made_of_an_upheld_finding_only_and_to_neither_side(audit):
    finding = raised(audit)
    with as_actor(actor("lin")):
        services.accept_finding(actor=actor("lin"), finding_id=finding.pk, now=moment("2026-03-12"))
    with pytest.raises(RuleBroken, match="appeal_not_from_here"):
        appeal(finding)
    other = upheld(audit, client_id="k2")
    with pytest.raises(RuleBroken, match="third_party_unknown"):
        appeal(other, arbiter="chen")
    with pytest.raises(NotYours):
        appeal(other, who="chen")

    with as_actor(actor("lin")):
        assert FindingAppeal.objects.count() == 0
        assert BY_NAME["mei"].org_id in [party.pk for party in third_parties(actor("lin"), other)]


def test_an_appeal_sent_twice_is_made_once_and_the_owner_waits_for_it(audit):
    finding = upheld(audit)

    first, again = appeal(finding), appeal(finding)

    assert first.pk == again.pk
    with pytest.raises(RuleBroken, match="appeal_under_way"):
        uphold(finding)
    assert fresh(finding).state == "contested"


def test_the_third_party_sees_its_own_appeal_and_nothing_else_of_the_finding(audit):
    case = appeal(upheld(audit))

    with as_actor(actor("mei")):
        assert [row.pk for row in appeals(actor("mei"))] == [case.pk]
        with pytest.raises(DatabaseError), transaction.atomic():
            list(Finding.objects.all())
    for who in ("wu", "fang"):
        with as_actor(actor(who)):
            assert appeals(actor(who)) == []
    with as_actor(actor("zhou")), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        appeals(actor("zhou"))  # the bureau reads that there is one, and none of its words
    for who in ("wu", "fang", "zhou"):
        with pytest.raises((NotYours, Absent)):
            decide(case, "withdrawn", who=who)


def test_a_follow_up_looks_at_what_is_open_and_nothing_else(audit, tmp_path):
    open_one, done_one = raised(audit, client_id="o"), raised(audit, client_id="d")
    replied(done_one)
    with as_actor(actor("chen")):
        services.verify_action(actor=actor("chen"), finding_id=done_one.pk, now=moment("2026-03-25"))
        said = services.FollowUpSaid(date(2026, 4, 20), "am")
        visit = services.start_follow_up(actor=actor("chen"), audit_id=audit.pk, said=said, now=moment("2026-03-26"))
        again = services.start_follow_up(actor=actor("chen"), audit_id=audit.pk, said=said, now=moment("2026-03-27"))
        found = items_of(actor("chen"), visit)

    assert (again.pk, visit.kind, visit.follows_id, fresh(visit).state) == (visit.pk, "follow_up", audit.pk, "notified")
    assert [item.finding_id for item in found] == [open_one.pk]
    assert entries("follow_up_planned") == 1
    with as_actor(actor("lin")):
        assert [item.finding_id for item in items_of(actor("lin"), visit)] == [open_one.pk]


def test_a_follow_up_that_is_not_announced_is_hidden_with_its_list(audit):
    raised(audit)
    with as_actor(actor("chen")):
        visit = services.start_follow_up(
            actor=actor("chen"), audit_id=audit.pk, said=services.FollowUpSaid(date(2026, 4, 20), announced=False), now=moment("2026-03-26")
        )

    with as_actor(actor("lin")):
        assert not Audit.objects.filter(pk=visit.pk).exists()
        assert not FollowUpItem.objects.exists()
    assert (fresh(visit).state, entries("follow_up_planned")) == ("planned", 0)


def test_nothing_open_needs_no_follow_up(audit):
    with as_actor(actor("chen")), pytest.raises(RuleBroken, match="nothing_to_follow_up"):
        services.start_follow_up(
            actor=actor("chen"), audit_id=audit.pk, said=services.FollowUpSaid(date(2026, 4, 20)), now=moment("2026-03-26")
        )

    with acting_as(Hat.CLOCK):
        assert Audit.objects.filter(kind="follow_up").count() == 0


@pytest.mark.parametrize(("outcome", "state"), [("put_right", "closed"), ("still_open", "accepted")])
def test_what_is_seen_on_site_verifies_an_answer_or_sends_it_back(audit, tmp_path, outcome, state):
    finding = raised(audit)
    replied(finding)
    with as_actor(actor("chen")):
        visit = services.start_follow_up(
            actor=actor("chen"), audit_id=audit.pk, said=services.FollowUpSaid(date(2026, 4, 20)), now=moment("2026-03-26")
        )
        seen = {
            "actor": actor("chen"),
            "audit_id": visit.pk,
            "finding_id": finding.pk,
            "outcome": outcome,
            "seen": "看过台账",
            "now": moment("2026-04-20"),
        }
        with pytest.raises(RuleBroken, match="follow_up_not_begun"):
            services.look_again(**seen)
        Audit.objects.filter(pk=visit.pk).update(state="in_progress")

        services.look_again(**seen)
        services.look_again(**seen)

    assert fresh(finding).state == state
    assert entries("finding_closed") + entries("finding_refused") == 1
