"""The chain owner's verdict, the findings, what the supplier does about them, and the end of it all."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agreements.models import Obligation
from audits import services
from audits.models import Audit, CorrectiveAction, Finding, FindingText
from audits.selectors import actions_of, finding_for, findings, story_of
from audits.selectors.findings import Wanted
from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from records.models import RecordEntry
from tests.cast import BY_NAME, actor
from tests.db.audits.stage import agreement_in_force, first_audit, moment, photo, raised, replied, submitted

pytestmark = pytest.mark.django_db
VERBS = {
    "accept_finding": ("lin", {}),
    "contest_finding": ("lin", {"reason": "天平已换新"}),
    "uphold_finding": ("chen", {"reason": "证书日期不符"}),
    "withdraw_finding": ("chen", {"reason": "看错了"}),
    "verify_action": ("chen", {}),
    "refuse_action": ("chen", {"reason": "没有说明原因"}),
}


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def audit(tmp_path):
    return submitted(agreement_in_force(), tmp_path, q3="no")


def do(verb, finding, *, who=None, on="2026-03-25", **facts):
    usual, words = VERBS[verb]
    acting = actor(who or usual)
    with as_actor(acting):
        return getattr(services, verb)(actor=acting, finding_id=finding.pk, now=moment(on), **{**words, **facts})


def accept(audit, who="chen", on="2026-03-12"):
    with as_actor(actor(who)):
        return services.accept_audit(actor=actor(who), audit_id=audit.pk, now=moment(on))


def fresh(row):
    with acting_as(Hat.CLOCK):
        return type(row).objects.get(pk=row.pk)


def duty(finding):
    with acting_as(Hat.CLOCK):
        return Obligation.objects.get(subject_id=finding.pk, kind="corrective_action")


def entries(kind):
    with acting_as(Hat.CLOCK):
        return RecordEntry.objects.filter(kind=kind).count()


def todos(who):
    with as_actor(actor(who)):
        return sorted(Todo.objects.filter(done_at=None).values_list("kind", flat=True))


def test_accepting_an_audit_computes_its_class_and_meets_the_owners_duty(audit):
    accept(audit)

    after = fresh(audit)
    with as_actor(actor("lin")):
        review = Obligation.objects.get(kind="review")
        assert Notification.objects.filter(kind="audit_reviewed").count() == 1
    assert (after.state, after.result_class, after.reviewed_by) == ("closed", "B", "陈棠")  # 8 of 10, nothing found
    assert (review.met_on, review.due_on) == (date(2026, 3, 12), date(2026, 3, 17))
    assert todos("chen") == []


def test_accepting_twice_accepts_once(audit):
    accept(audit)
    accept(audit, on="2026-03-19")

    assert fresh(audit).reviewed_at == moment("2026-03-12")
    assert entries("audit_reviewed") == 1


def test_an_audit_that_is_not_submitted_cannot_be_accepted():
    audit = first_audit(agreement_in_force("chen", "lin"))

    with pytest.raises(RuleBroken, match="not_in_this_state"):
        accept(audit)

    assert fresh(audit).state == "notified"


@pytest.mark.parametrize(("who", "error"), [("lin", NotYours), ("fang", Absent), ("wu", Absent)])
def test_only_its_own_chain_owner_accepts_an_audit(audit, who, error):
    with pytest.raises(error):
        accept(audit, who)

    assert fresh(audit).state == "submitted"


def test_a_critical_finding_that_stands_caps_the_class(tmp_path):
    audit = submitted(agreement_in_force(), tmp_path)
    raised(audit, grade="critical")

    accept(audit)

    assert fresh(audit).result_class == "C"


@pytest.mark.parametrize(("grade", "due_on"), [("critical", "2026-03-26"), ("major", "2026-04-10"), ("minor", "2026-05-11")])
def test_a_finding_is_due_as_the_clause_says_and_on_a_working_day(audit, grade, due_on):
    finding = raised(audit, grade=grade)

    # 60 days after 11 March is Sunday 10 May 2026
    assert finding.due_on == date.fromisoformat(due_on)
    assert (duty(finding).due_on, duty(finding).side, duty(finding).met_on) == (finding.due_on, "supplier", None)
    assert todos("lin") == ["finding_raised"]


def test_a_finding_sent_twice_is_raised_once(audit):
    first, again = raised(audit, client_id="k1"), raised(audit, client_id="k1", on="2026-03-13")

    assert again.pk == first.pk
    assert entries("finding_raised") == 1
    with as_actor(actor("lin")):
        assert Obligation.objects.filter(kind="corrective_action").count() == 1


def test_no_finding_before_the_audit_is_submitted():
    audit = first_audit(agreement_in_force())

    with pytest.raises(RuleBroken, match="audit_not_submitted"):
        raised(audit)

    with as_actor(actor("chen")):
        assert Finding.objects.count() == 0


def test_no_finding_without_a_clause_that_gives_its_day(tmp_path):
    audit = submitted(agreement_in_force(deadlines=None), tmp_path)

    with pytest.raises(RuleBroken, match="no_deadline_clause"):
        raised(audit)

    with as_actor(actor("chen")):
        assert Finding.objects.count() == 0


def test_a_finding_of_an_unknown_grade_or_question_is_refused(audit):
    for values, code in (({"grade": "fatal"}, "grade_unknown"), ({"grade": "minor", "question_code": "XX-1"}, "question_unknown")):
        seen = services.Observation(requirement="r", observed="o", **values)
        with as_actor(actor("chen")), pytest.raises(RuleBroken, match=code):
            services.raise_finding(actor=actor("chen"), audit_id=audit.pk, seen=seen, client_id="c", now=moment("2026-03-11"))

    with as_actor(actor("chen")):
        assert Finding.objects.count() == 0


def test_the_whole_way_answer_verify_close(audit, tmp_path):
    finding = raised(audit)
    accept(audit)
    assert fresh(audit).state == "reviewed"
    do("accept_finding", finding, on="2026-03-13")
    evidence = photo("lin", tmp_path, moment("2026-03-19"))

    replied(finding, on="2026-03-20", evidence_id=evidence.pk)

    assert (fresh(finding).state, duty(finding).met_on) == ("answered", None)
    assert (todos("lin"), todos("chen")) == ([], ["finding_answered"])
    do("verify_action", finding)
    with as_actor(actor("chen")):
        action = actions_of(actor("chen"), finding)[0]
    assert (fresh(finding).state, action.state, action.decided_by) == ("closed", "verified", "陈棠")
    assert (duty(finding).met_on, fresh(audit).state) == (date(2026, 3, 20), "closed")  # met on the day of the answer
    assert (todos("lin"), todos("chen")) == ([], [])
    with as_actor(actor("lin")):
        told = story_of(actor("lin"), finding_for(actor("lin"), finding.pk))
    assert [entry.kind for entry in told] == ["finding_closed", "finding_answered", "finding_accepted", "finding_raised"]


def test_an_answer_sent_twice_is_given_once(audit):
    finding = raised(audit)

    first, again = replied(finding, client_id="a1"), replied(finding, client_id="a1")

    assert first.pk == again.pk
    assert entries("finding_answered") == 1


def test_a_second_answer_waits_until_the_first_is_judged(audit):
    finding = raised(audit)
    replied(finding)

    with pytest.raises(RuleBroken, match="not_in_this_state"):
        replied(finding)

    assert entries("finding_answered") == 1


def test_an_answer_sent_back_waits_for_a_new_one_and_its_day_stays(audit):
    finding = raised(audit)
    replied(finding)

    do("refuse_action", finding)

    assert (fresh(finding).state, fresh(finding).due_on, duty(finding).met_on) == ("accepted", finding.due_on, None)
    assert (todos("lin"), todos("chen")) == (["finding_raised"], ["audit_to_review"])
    replied(finding, on="2026-03-28")
    do("verify_action", finding, on="2026-03-30")
    with as_actor(actor("lin")):
        tries = [(a.state, a.reason) for a in actions_of(actor("lin"), finding)]
    assert tries == [("refused", "没有说明原因"), ("verified", "")]
    assert duty(finding).met_on == date(2026, 3, 28)


@pytest.mark.parametrize("verb", ["contest_finding", "uphold_finding", "withdraw_finding", "refuse_action"])
def test_who_says_no_says_why(audit, verb):
    finding = raised(audit)

    with pytest.raises(RuleBroken, match="finding_reason_missing"):
        do(verb, finding, reason="  ")

    assert fresh(finding).state == "raised"


def test_a_contested_finding_that_is_upheld_has_to_be_answered(audit):
    finding = raised(audit)
    do("contest_finding", finding, on="2026-03-12")
    assert (fresh(finding).state, todos("lin")) == ("contested", [])
    assert todos("chen") == ["audit_to_review", "finding_contested"]

    do("uphold_finding", finding, on="2026-03-13")

    assert (fresh(finding).state, todos("lin"), todos("chen")) == ("accepted", ["finding_raised"], ["audit_to_review"])
    with as_actor(actor("chen")):
        reason = RecordEntry.objects.select_related("payload").get(kind="finding_contested")
    assert json.loads(reason.payload.text)["reason"] == "天平已换新"


def test_a_contested_critical_finding_does_not_cap_the_class_until_it_is_decided(tmp_path):
    audit = submitted(agreement_in_force(), tmp_path)
    do("contest_finding", raised(audit, grade="critical"), on="2026-03-12")

    accept(audit)

    assert (fresh(audit).result_class, fresh(audit).state) == ("A", "reviewed")


def test_a_withdrawn_finding_is_owed_no_more_and_lets_the_audit_close(audit):
    finding = raised(audit)
    accept(audit)

    do("withdraw_finding", finding)

    assert (fresh(finding).state, fresh(audit).state) == ("withdrawn", "closed")
    assert (duty(finding).met_on, duty(finding).waived_at) == (None, moment("2026-03-25"))
    assert todos("lin") == []


def test_a_critical_finding_is_not_answered_without_evidence(audit):
    finding = raised(audit, grade="critical")

    with pytest.raises(RuleBroken, match="critical_needs_evidence"):
        replied(finding)

    assert (fresh(finding).state, entries("finding_answered")) == ("raised", 0)


def test_a_critical_finding_is_not_closed_without_evidence(audit, tmp_path):
    finding = raised(audit, grade="critical")
    replied(finding, evidence_id=photo("lin", tmp_path, moment("2026-03-19")).pk)
    with acting_as(Hat.OWNER, org_id=BY_NAME["chen"].org_id), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        CorrectiveAction.objects.filter(finding=finding).update(evidence_id=None)

    do("verify_action", finding)

    assert fresh(finding).state == "closed"


def test_a_photo_from_before_the_finding_is_no_evidence_for_it(audit, tmp_path):
    finding = raised(audit)
    old = photo("lin", tmp_path, moment("2026-03-10"))

    with pytest.raises(RuleBroken, match="evidence_too_old"):
        replied(finding, evidence_id=old.pk)

    assert fresh(finding).state == "raised"


def test_nobody_verifies_their_own_action(audit):
    finding = raised(audit)
    replied(finding)
    lin_at_chens = Actor(**{**actor("chen").__dict__, "person_id": BY_NAME["lin"].person_id})

    with as_actor(lin_at_chens), pytest.raises(RuleBroken, match="own_action"):
        services.verify_action(actor=lin_at_chens, finding_id=finding.pk, now=moment("2026-03-25"))

    assert fresh(finding).state == "answered"


def test_the_database_itself_refuses_that_somebody_verifies_their_own_action(audit):
    finding = raised(audit)
    replied(finding)

    with as_actor(actor("chen")):
        with pytest.raises(IntegrityError, match="nobody_verifies_their_own_action"), transaction.atomic():
            CorrectiveAction.objects.filter(finding=finding).update(decided_by_id=BY_NAME["lin"].person_id)

        assert CorrectiveAction.objects.get(finding=finding).decided_by_id is None


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_other_side_may_not_do_what_belongs_to_one_side(audit, verb):
    finding = raised(audit)
    usual = VERBS[verb][0]

    with pytest.raises(NotYours):
        do(verb, finding, who="chen" if usual == "lin" else "lin")

    assert fresh(finding).state == "raised"


@pytest.mark.parametrize("who", ["wu", "fang"])
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_for_a_stranger_a_finding_does_not_exist(audit, verb, who):
    finding = raised(audit)

    with pytest.raises(Absent):
        do(verb, finding, who=who)

    assert fresh(finding).state == "raised"


@pytest.mark.parametrize("verb", ["accept_finding", "contest_finding", "withdraw_finding"])
def test_a_step_taken_twice_is_written_once(audit, verb):
    finding = raised(audit)
    do(verb, finding)
    written = entries("finding_raised") + sum(entries(k) for k in ("finding_accepted", "finding_contested", "finding_withdrawn"))

    do(verb, finding)

    assert sum(entries(k) for k in ("finding_raised", "finding_accepted", "finding_contested", "finding_withdrawn")) == written == 2


def test_wu_sees_nothing_of_lins_findings_and_the_bureau_no_word_of_them(audit):
    finding = raised(audit)

    for who in ("wu", "fang"):
        with as_actor(actor(who)):
            assert findings(actor(who)) == []
            with pytest.raises(Absent):
                finding_for(actor(who), finding.pk)
    with as_actor(actor("zhou")):
        assert Finding.objects.visible_to(actor("zhou")).get().grade == "major"
        assert FindingText.objects.count() == 0  # its words are read under a duty case alone


def test_findings_come_newest_first_and_page_by_page(audit):
    made = [raised(audit, on=f"2026-03-{11 + n}", grade="minor" if n % 2 else "major") for n in range(5)]

    with as_actor(actor("lin")):
        page = findings(actor("lin"), limit=2)
        rest = findings(actor("lin"), limit=9, after=(page[1].raised_at, page[1].pk))
        minor = findings(actor("lin"), Wanted(grade="minor"))

    assert [f.pk for f in page] == [f.pk for f in reversed(made)][:3]
    assert [f.pk for f in rest] == [f.pk for f in reversed(made)][2:]
    assert len(minor) == 2


def test_an_audit_closes_only_when_nothing_is_open(audit):
    one, two = raised(audit), raised(audit, grade="minor")
    accept(audit)
    for finding in (one, two):
        assert fresh(audit).state == "reviewed"
        replied(finding)
        do("verify_action", finding)

    assert fresh(audit).state == "closed"
    with acting_as(Hat.CLOCK):
        assert Audit.objects.get(pk=audit.pk).closed_at == moment("2026-03-25")
