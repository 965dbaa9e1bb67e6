"""A finding step by step: contained, planned, the plan judged, carried out, verified, watched over the next lots; and what was found before."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from agreements.models import Obligation
from audits import services
from audits.models import Audit, CorrectiveAction, EffectCheck, Finding, FindingEscalation, FindingEvidence
from audits.selectors.corrective import containments_of, lots_since, open_effect_check, plans_of
from audits.services.escalating import tick as findings_tick
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from records.models import RecordEntry
from tests.cast import actor
from tests.db.audits.stage import agreement_in_force, answered, moment, photo, raised, replied, submitted
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
DEADLINES = {"critical": 15, "major": 30, "minor": 60, "containment_hours": 24}


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def agreement():
    return agreement_in_force(deadlines=DEADLINES)


@pytest.fixture
def audit(agreement, tmp_path):
    return submitted(agreement, tmp_path, q3="no")


def fresh(row):
    with acting_as(Hat.CLOCK):
        return type(row).objects.get(pk=row.pk)


def duties(finding):
    with acting_as(Hat.CLOCK):
        return {(o.kind, o.key.count(":")): o for o in Obligation.objects.filter(subject_id=finding.pk)}


def entries(kind):
    with acting_as(Hat.CLOCK):
        return RecordEntry.objects.filter(kind=kind).count()


def todos(who):
    with as_actor(actor(who)):
        return sorted(Todo.objects.filter(done_at=None).exclude(kind="audit_to_review").values_list("kind", flat=True))


def contain(finding, *, on="2026-03-12", who="lin", client_id="c1", evidence=()):
    with as_actor(actor(who)):
        return services.contain_finding(
            actor=actor(who),
            finding_id=finding.pk,
            measures="停用该天平，复称三批",
            scope="3 批 120 kg",
            evidence_ids=evidence,
            client_id=client_id,
            now=moment(on),
        )


def plan(finding, *, on="2026-03-13", client_id="p1", planned_for=date(2026, 3, 25), **more):
    said = services.PlanSaid(
        cause="没有到期提醒", action="建立校准台账", responsible="何经", planned_for=planned_for, prevention="其他两台天平同样处理",
        whys=["校准过期", "", "没人记得", "没有台账"], fishbone={"method": "没有规定", "man": " "}, **more,
    )  # fmt: skip
    with as_actor(actor("lin")):
        return services.plan_action(actor=actor("lin"), finding_id=finding.pk, said=said, client_id=client_id, now=moment(on))


def done(finding, evidence, *, on="2026-03-24", client_id="d1"):
    with as_actor(actor("lin")):
        return services.carry_out(
            actor=actor("lin"),
            finding_id=finding.pk,
            done="台账已建，天平已校准",
            evidence_ids=[e.pk for e in evidence],
            client_id=client_id,
            now=moment(on),
        )


def judge(verb, finding, *, on="2026-03-14", **facts):
    with as_actor(actor("chen")):
        return getattr(services, verb)(actor=actor("chen"), finding_id=finding.pk, now=moment(on), **facts)


def carried_out(finding, folder):
    contain(finding)
    plan(finding)
    judge("accept_plan", finding)
    return done(finding, [photo("lin", folder, moment("2026-03-23"))])


def test_the_long_way_to_the_end(audit, tmp_path):
    finding = raised(audit, grade="critical")
    assert (finding.contain_by, set(duties(finding))) == (moment("2026-03-12"), {("corrective_action", 1), ("containment", 1)})

    contain(finding, evidence=[photo("lin", tmp_path, moment("2026-03-11", 12)).pk])
    assert (fresh(finding).state, fresh(finding).contained_at, todos("lin")) == ("contained", moment("2026-03-12"), ["finding_raised"])
    assert duties(finding)[("containment", 1)].met_on == date(2026, 3, 12)

    proposed = plan(finding)
    assert (fresh(finding).state, todos("lin"), todos("chen")) == ("action_planned", [], ["finding_planned"])
    assert (proposed.whys, proposed.fishbone) == (["校准过期", "没人记得", "没有台账"], {"method": "没有规定"})

    judge("accept_plan", finding)
    assert (todos("lin"), todos("chen")) == (["finding_to_carry_out"], [])

    action = done(finding, [photo("lin", tmp_path, moment("2026-03-23"))])
    assert (fresh(finding).state, action.plan_id, action.cause, todos("chen")) == (
        "implemented",
        proposed.pk,
        "没有到期提醒",
        ["finding_answered"],
    )

    judge("verify_action", finding, on="2026-03-26")
    assert (fresh(finding).state, fresh(finding).closed_at, todos("lin"), todos("chen")) == ("closed", moment("2026-03-26"), [], [])
    assert duties(finding)[("corrective_action", 1)].met_on == date(2026, 3, 24)
    assert [entries(f"finding_{k}") for k in ("contained", "planned", "plan_accepted", "implemented", "closed")] == [1, 1, 1, 1, 1]


def test_each_step_sent_twice_is_taken_once(audit, tmp_path):
    finding, evidence = raised(audit), photo("lin", tmp_path, moment("2026-03-23"))

    first = [contain(finding), plan(finding)]
    judge("accept_plan", finding)
    first.append(done(finding, [evidence]))
    again = [contain(finding), plan(finding), done(finding, [evidence])]
    judge("accept_plan", finding)

    assert [row.pk for row in again] == [row.pk for row in first]
    assert [entries(f"finding_{k}") for k in ("contained", "planned", "plan_accepted", "implemented")] == [1, 1, 1, 1]


def test_a_plan_goes_back_with_a_reason_and_the_day_stays(audit):
    finding = raised(audit)
    contain(finding)
    plan(finding)

    with pytest.raises(RuleBroken, match="finding_reason_missing"):
        judge("return_plan", finding, reason=" ")
    judge("return_plan", finding, reason="没有说明怎样防止再发")

    assert (fresh(finding).state, fresh(finding).due_on, todos("lin"), todos("chen")) == (
        "contained",
        finding.due_on,
        ["finding_raised"],
        [],
    )
    plan(finding, client_id="p2", on="2026-03-16")
    with as_actor(actor("lin")):
        assert [(p.state, p.reason) for p in plans_of(actor("lin"), finding)] == [("returned", "没有说明怎样防止再发"), ("proposed", "")]


def test_steps_come_in_their_order(audit, tmp_path):
    finding = raised(audit)

    with pytest.raises(RuleBroken, match="not_in_this_state"):
        plan(finding)
    contain(finding)
    with pytest.raises(RuleBroken, match="not_in_this_state"):
        done(finding, [photo("lin", tmp_path, moment("2026-03-23"))])
    plan(finding)
    with pytest.raises(RuleBroken, match="plan_not_accepted"):
        done(finding, [photo("lin", tmp_path, moment("2026-03-23"))])
    with pytest.raises(RuleBroken, match="not_in_this_state"):
        plan(finding, client_id="p2")

    assert (fresh(finding).state, entries("finding_planned"), entries("finding_implemented")) == ("action_planned", 1, 0)
    with as_actor(actor("lin")):
        assert (FindingEvidence.objects.count(), CorrectiveAction.objects.count()) == (0, 0)


def test_what_is_carried_out_is_shown_with_evidence_newer_than_the_plan(audit, tmp_path):
    finding, old = raised(audit), photo("lin", tmp_path, moment("2026-03-12"))
    contain(finding)
    plan(finding)
    judge("accept_plan", finding)

    with pytest.raises(RuleBroken, match="evidence_needed"):
        done(finding, [])
    with pytest.raises(RuleBroken, match="evidence_older_than_plan"):
        done(finding, [old])

    assert (fresh(finding).state, entries("finding_implemented")) == ("action_planned", 0)


def test_a_plan_does_not_end_before_it_begins(audit):
    finding = raised(audit)
    contain(finding)

    with pytest.raises(RuleBroken, match="plan_in_the_past"):
        plan(finding, planned_for=date(2026, 3, 12))

    assert fresh(finding).state == "contained"


@pytest.mark.parametrize(("who", "error"), [("chen", NotYours), ("fang", Absent), ("wu", Absent), ("mei", Absent)])
def test_only_its_own_supplier_takes_the_steps(audit, who, error):
    finding = raised(audit)

    with pytest.raises(error):
        contain(finding, who=who)

    assert (fresh(finding).state, entries("finding_contained")) == ("raised", 0)


def test_what_was_carried_out_badly_goes_back_to_its_plan(audit, tmp_path):
    finding = raised(audit)
    carried_out(finding, tmp_path)

    judge("refuse_action", finding, on="2026-03-25", reason="照片看不清标签")

    assert (fresh(finding).state, todos("lin"), todos("chen")) == ("action_planned", ["finding_to_carry_out"], [])
    again = done(finding, [photo("lin", tmp_path, moment("2026-03-26"))], on="2026-03-26", client_id="d2")
    assert again.plan_id is not None and fresh(finding).state == "implemented"


def lots(n, first=date(2026, 3, 26)):
    return [a_lot(f"L-{k}", made_on=first + timedelta(days=k), now=moment("2026-04-10")) for k in range(n)]


def test_the_effect_shows_on_the_next_lots(audit, tmp_path):
    finding = raised(audit)
    carried_out(finding, tmp_path)

    judge("verify_action", finding, on="2026-03-25", lots_wanted=2)
    assert (fresh(finding).state, duties(finding)[("corrective_action", 1)].met_on) == ("verify", date(2026, 3, 24))
    findings_tick(moment("2026-03-26"))
    assert todos("chen") == []
    with pytest.raises(RuleBroken, match="lots_not_there_yet"):
        judge("judge_effect", finding, on="2026-04-01", works=True, words="还没有")
    lots(2)
    assert (findings_tick(moment("2026-04-11")), findings_tick(moment("2026-04-11", 10)), todos("chen")) == (1, 0, ["finding_effect"])

    judge("judge_effect", finding, on="2026-04-12", works=True, words="两批都正常")

    assert (fresh(finding).state, fresh(finding).closed_at, todos("chen")) == ("closed", moment("2026-04-12"), [])
    assert fresh(audit).state == "submitted"


def test_what_does_not_work_is_open_again_with_a_new_day_and_a_new_duty(audit, tmp_path):
    finding = raised(audit)
    carried_out(finding, tmp_path)
    judge("verify_action", finding, on="2026-03-25", lots_wanted=2)
    with as_actor(actor("chen")):
        check = open_effect_check(actor("chen"), finding)
        assert lots_since(actor("chen"), check) == []

    judge("judge_effect", finding, on="2026-04-12", works=False, words="第二批又超差")

    after = fresh(finding)
    assert (after.state, after.due_on, todos("lin")) == ("reopened", date(2026, 5, 12), ["finding_raised"])
    assert {key: (o.due_on, o.met_on) for key, o in duties(finding).items()} == {
        ("corrective_action", 1): (finding.due_on, date(2026, 3, 24)),
        ("corrective_action", 2): (date(2026, 5, 12), None),
    }
    with pytest.raises(RuleBroken, match="not_in_this_state"):
        replied(finding, on="2026-04-13")  # a short answer did not help: step by step
    plan(finding, on="2026-04-13", client_id="p9", planned_for=date(2026, 4, 20))
    assert fresh(finding).state == "action_planned"


def test_more_lots_than_anybody_waits_for_are_refused(audit, tmp_path):
    finding = raised(audit)
    carried_out(finding, tmp_path)

    with pytest.raises(RuleBroken, match="lots_out_of_range"):
        judge("verify_action", finding, lots_wanted=51)

    assert fresh(finding).state == "implemented"
    with as_actor(actor("chen")):
        assert EffectCheck.objects.count() == 0


def second_audit(agreement, folder):
    services.tick(moment("2026-06-10"))
    with acting_as(Hat.CLOCK):
        audit = Audit.objects.get(agreement=agreement, period=1)
    services.tell_of_audit(audit_id=audit.pk, now=moment("2026-06-10"))
    answered(audit, folder, moment("2026-06-11"))
    with as_actor(actor("lin")):
        return services.submit_audit(actor=actor("lin"), audit_id=audit.pk, now=moment("2026-06-11", 10))


def test_what_was_found_before_is_a_repeat_and_goes_step_by_step(agreement, audit, tmp_path):
    first = raised(audit)
    twin = raised(audit)  # on the same day: no repeat
    replied(first)
    later = second_audit(agreement, tmp_path)

    again = raised(later, on="2026-06-12")

    assert (first.nth, twin.nth, again.nth, again.repeat_of_id) == (1, 1, 3, first.pk)
    with pytest.raises(RuleBroken, match="repeat_needs_a_plan"):
        replied(again, on="2026-06-13")
    assert fresh(again).state == "raised"
    contain(again, on="2026-06-13")
    assert fresh(again).state == "contained"


def test_a_finding_that_was_withdrawn_does_not_count_as_found_before(agreement, audit, tmp_path):
    first = raised(audit)
    judge("withdraw_finding", first, reason="看错了")

    again = raised(second_audit(agreement, tmp_path), on="2026-06-12")

    assert (again.nth, again.repeat_of_id) == (1, None)


def test_an_opportunity_is_noted_and_asks_for_nothing(audit):
    finding = raised(audit, grade="ofi")

    assert (finding.state, finding.due_on, duties(finding), todos("lin")) == ("noted", None, {}, [])
    with as_actor(actor("lin")):
        assert Notification.objects.filter(kind="finding_noted").count() == 1
    with pytest.raises(RuleBroken, match="not_in_this_state"):
        contain(finding)
    with pytest.raises(RuleBroken, match="not_in_this_state"):
        replied(finding)


def test_a_day_that_comes_near_and_one_that_passed_are_brought_up_once(audit):
    finding = raised(audit, grade="critical")  # due on 26 March, to be contained by the 12th at nine
    contain(finding)

    quiet = findings_tick(moment("2026-03-20"))
    soon = [findings_tick(moment("2026-03-23")), findings_tick(moment("2026-03-24"))]
    late = [findings_tick(moment("2026-03-27")), findings_tick(moment("2026-03-28"))]

    assert (quiet, soon, late) == (0, [1, 0], [1, 0])
    with as_actor(actor("lin")):
        told = {n.kind for n in Notification.objects.all()}
    assert {"finding_due_soon", "finding_late"} <= told
    assert todos("chen") == ["finding_late"]
    with as_actor(actor("chen")):
        assert FindingEscalation.objects.count() == 1


def test_a_critical_finding_that_is_not_contained_in_its_hours_is_brought_up(audit):
    raised(audit, grade="critical")

    assert (findings_tick(moment("2026-03-12", 8)), findings_tick(moment("2026-03-12", 10))) == (0, 1)


def test_a_draft_is_its_writers_own_until_it_is_raised(audit):
    seen = services.Observation("major", "天平在有效期内", "标签过期", question_code="MW-3", gap="没有台账")
    with as_actor(actor("chen")):
        draft = services.draft_finding(actor=actor("chen"), audit_id=audit.pk, seen=seen, client_id="k", now=moment("2026-03-11"))
    for hat in ("lin", "zhou"):
        with as_actor(actor(hat)):
            assert not Finding.objects.exists()
    assert (entries("finding_raised"), todos("lin")) == (0, [])

    with as_actor(actor("chen")):
        services.change_draft(
            actor=actor("chen"), finding_id=draft.pk, seen=services.Observation("minor", "天平在有效期内", "两台标签过期")
        )
        services.raise_draft(actor=actor("chen"), finding_id=draft.pk, now=moment("2026-03-12"))
        services.raise_draft(actor=actor("chen"), finding_id=draft.pk, now=moment("2026-03-13"))

    after = fresh(draft)
    assert (after.state, after.grade, after.due_on, entries("finding_raised")) == ("raised", "minor", date(2026, 5, 11), 1)


def test_a_draft_is_thrown_away_and_a_raised_finding_is_not(audit):
    seen = services.Observation("major", "天平在有效期内", "标签过期")
    with as_actor(actor("chen")):
        draft = services.draft_finding(actor=actor("chen"), audit_id=audit.pk, seen=seen, client_id="k", now=moment("2026-03-11"))
        services.drop_draft(actor=actor("chen"), finding_id=draft.pk)
        assert not Finding.objects.exists()
    finding = raised(audit)

    with as_actor(actor("chen")):
        with pytest.raises(RuleBroken, match="not_in_this_state"):
            services.drop_draft(actor=actor("chen"), finding_id=finding.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(due_on=date(2027, 1, 1))
        assert Finding.objects.get().due_on == finding.due_on


def test_what_was_contained_is_told_to_both_sides_and_to_nobody_else(audit):
    finding = raised(audit)
    contain(finding)

    for who in ("lin", "chen"):
        with as_actor(actor(who)):
            assert [row.measures for row in containments_of(actor(who), finding)] == ["停用该天平，复称三批"]
    for who in ("wu", "fang", "zhou", "mei"):
        with as_actor(actor(who)):
            assert containments_of(actor(who), finding) == []
