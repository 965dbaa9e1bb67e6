"""The plan of a year on real rows: asked for, made once, confirmed into half-days; moved by hand; replanned after a sick day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from audits import services
from audits.models import Audit, AuditorLeave, AuditTeam, Booking, PlanLine, YearPlan
from audits.selectors.planning import leave_of, planners, year_of
from audits.services.bookings import To, move_booking
from audits.services.planning import (
    LeaveSaid,
    ProfileSaid,
    ask_plan,
    confirm_plan,
    drop_plan,
    make_plan,
    note_leave,
    replan_without,
    write_profile,
)
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from jobs.models import Job, OutboxEvent
from notices.models import Notification
from parties.models import Membership, Person
from tests.cast import BY_NAME, actor
from tests.clients import signed_in
from tests.db.audits.stage import STARTS, agreement_in_force, moment
from tests.db.audits.test_programmes import in_force

pytestmark = pytest.mark.django_db
NOW, LAST = moment(STARTS), STARTS + timedelta(days=364)


def colleague(name: str, role: str = "auditor"):
    """Another auditor of Chen's firm."""
    chen = BY_NAME["chen"]
    with acting_as(Hat.LOBBY):
        person = Person.objects.create(username=f"{name}-{uuid4().hex[:6]}", name=name, created_at=NOW, is_demo=True)
    with as_actor(actor("chen")):
        Membership.objects.create(
            person=person,
            person_name=name,
            org_id=chen.org_id,
            org_name_zh=chen.org_zh,
            org_is_demo=True,
            role=role,
            valid_from=date(2026, 1, 1),
        )
    return person


def profile(person_id, **said):
    with as_actor(actor("chen")):
        return write_profile(actor=actor("chen"), person_id=person_id, said=ProfileSaid(home_region="330203", **said), now=NOW)


def visits_ahead(**programme):
    """Two visits of Chen's at Lin's and Wu's, made by the clock, each with a window."""
    agreement_in_force("chen", "lin")
    agreement_in_force("chen", "wu")
    in_force(months_c=6, window_days=10, notice_days=30, **programme)
    services.tick(NOW)
    with acting_as(Hat.CLOCK):
        return list(Audit.objects.filter(kind="second_party").order_by("visit_on", "id"))


def planned(last=LAST):
    chen = actor("chen")
    with as_actor(chen):
        plan = ask_plan(actor=chen, plan_id=uuid4(), first_on=STARTS, last_on=last, now=NOW)
    make_plan(key=f"year-plan:{plan.pk}", plan_id=plan.pk, org_id=chen.org_id)
    with as_actor(chen):
        plan.refresh_from_db()
    return plan


def confirmed():
    plan, chen = planned(), actor("chen")
    with as_actor(chen):
        return plan, confirm_plan(actor=chen, plan_id=plan.pk, now=NOW)


def rows(model, **wanted):
    with as_actor(actor("chen")):
        return list(model.objects.filter(**wanted).order_by("id"))


def test_a_plan_is_made_once_and_says_how_far_it_can_be_from_the_best():
    made = visits_ahead()
    profile(actor("chen").person_id)

    plan = planned()
    again = make_plan(key=f"year-plan:{plan.pk}", plan_id=plan.pk, org_id=plan.owner_org_id)

    assert (plan.state, again) == ("ready", False)
    within = {audit.pk for audit in made if audit.window_from <= LAST}
    assert {line.audit_id for line in rows(PlanLine, plan=plan)} == within
    assert plan.figures["placed"] == len(within) > 1
    assert plan.figures["gap"] <= 0.02
    assert [(job.state, job.done) for job in rows(Job, pk=plan.pk)] == [("done", 100)]
    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.filter(task="audits.plan_year").count() == 1
    assert [row.subject_id for row in rows(Notification, kind="plan_ready")] == [plan.pk]
    assert rows(Booking) == []  # nothing is booked before somebody confirms


def test_a_confirmed_plan_gives_each_visit_its_day_half_and_lead_once():
    visits_ahead()
    profile(actor("chen").person_id)
    plan, done = confirmed()
    with as_actor(actor("chen")):
        again = confirm_plan(actor=actor("chen"), plan_id=plan.pk, now=NOW)

    assert (done.passed_over, again.booked) == (0, 0)
    lines = {line.audit_id: line for line in rows(PlanLine, plan=plan)}
    assert len(rows(Booking)) == done.booked == len(lines)
    for audit in rows(Audit, pk__in=lines):
        line = lines[audit.pk]
        assert (audit.visit_on, audit.half) == (line.day, line.half)
        assert audit.window_from <= audit.visit_on <= audit.window_to
        assert [(one.person_id, one.is_lead) for one in rows(AuditTeam, audit=audit)] == [(line.person_id, True)]


def test_what_was_called_off_meanwhile_is_passed_over():
    visits_ahead()
    profile(actor("chen").person_id)
    plan = planned()
    gone = rows(PlanLine, plan=plan)[0].audit_id
    with as_actor(actor("chen")):
        services.call_off(actor=actor("chen"), audit_id=gone, words="搬迁", now=NOW)
        done = confirm_plan(actor=actor("chen"), plan_id=plan.pk, now=NOW)

    assert done.passed_over == 1
    assert rows(Booking, audit_id=gone) == []


def test_an_auditor_is_in_one_place_at_a_time_whoever_writes():
    visits_ahead()
    profile(actor("chen").person_id)
    confirmed()
    one, other = rows(Booking)[:2]

    with as_actor(actor("chen")), pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(
            owner_org_id=other.owner_org_id, supplier_org_id=other.supplier_org_id, audit=other.audit, person_id=one.person_id, day=one.day,
            half=one.half, booked_by="x", booked_at=NOW,
        )  # fmt: skip

    assert len(rows(Booking, day=one.day, half=one.half, person_id=one.person_id)) == 1


def test_moving_by_hand_takes_the_visit_along_and_refuses_a_half_that_is_booked():
    visits_ahead()
    profile(actor("chen").person_id)
    confirmed()
    chen, (one, other) = actor("chen"), rows(Booking)[:2]
    half = "pm" if one.half == "am" else "am"
    with as_actor(chen):
        move_booking(actor=chen, booking_id=one.pk, to=To(one.person_id, one.day, half), words="", now=NOW, today=STARTS)
        moved = Booking.objects.get(audit=one.audit)
        with pytest.raises(RuleBroken, match="booking_taken"):
            move_booking(actor=chen, booking_id=moved.pk, to=To(other.person_id, other.day, other.half), words="", now=NOW, today=STARTS)

    assert (moved.day, moved.half) == (one.day, half)
    assert rows(Audit, pk=one.audit_id)[0].half == half
    assert rows(Booking, audit=one.audit_id) == [moved]


def test_a_sick_day_moves_only_what_stood_there_and_the_preview_writes_nothing():
    visits_ahead()
    other = colleague("沈巡")
    mine = profile(actor("chen").person_id)
    profile(other.pk, days_per_month=20)
    confirmed()
    chen, sick = actor("chen"), rows(Booking, person_id=mine.person_id) or rows(Booking)
    ill = next(p for p in (mine, profile(other.pk, days_per_month=20)) if p.person_id == sick[0].person_id)
    before = {row.audit_id: (row.person_id, row.day, row.half) for row in rows(Booking)}
    said = LeaveSaid("sick", sick[0].day, sick[0].day)
    with as_actor(chen):
        preview = replan_without(chen, ill, said, now=NOW)
        assert {row.audit_id: (row.person_id, row.day, row.half) for row in Booking.objects.all()} == before
        key = uuid4().hex
        note_leave(actor=chen, auditor_id=ill.pk, said=said, client_id=key, now=NOW)
        note_leave(actor=chen, auditor_id=ill.pk, said=said, client_id=key, now=NOW)

    after = {row.audit_id: (row.person_id, row.day, row.half) for row in rows(Booking)}
    changed = {preview.year.audits[change.visit].pk for change in preview.changes}
    assert {pk for pk in before if after.get(pk) != before[pk]} == changed == {row.audit_id for row in sick if row.day == sick[0].day}
    assert not [where for where in after.values() if where[:2] == (ill.person_id, sick[0].day)]
    assert len(rows(AuditorLeave)) == 1


def test_leave_of_one_auditor_does_not_overlap():
    mine, chen = profile(actor("chen").person_id), actor("chen")
    with as_actor(chen):
        note_leave(actor=chen, auditor_id=mine.pk, said=LeaveSaid("leave", date(2026, 4, 6), date(2026, 4, 8)), client_id="a", now=NOW)
        with pytest.raises(RuleBroken, match="leave_overlaps"):
            note_leave(actor=chen, auditor_id=mine.pk, said=LeaveSaid("sick", date(2026, 4, 8), date(2026, 4, 9)), client_id="b", now=NOW)

        assert [row.client_id for row in leave_of(chen, mine, today=STARTS)] == ["a"]


def test_who_is_of_the_firm_is_not_sent_there_and_whom_nobody_may_visit_is_said():
    visits_ahead(required_skill="dyeing")
    profile(actor("chen").person_id, node_codes=["dyeing"])
    lin = BY_NAME["lin"]
    with as_actor(actor("lin")):
        Membership.objects.create(
            person_id=actor("chen").person_id, person_name="陈", org_id=lin.org_id, org_name_zh=lin.org_zh, org_is_demo=True, role="viewer",
            valid_from=date(2026, 1, 1),
        )  # fmt: skip

    plan = planned()

    at_lin = {audit.pk for audit in rows(Audit, supplier_org_id=lin.org_id)}
    reasons = {(line.audit_id in at_lin, line.cause) for line in rows(PlanLine, plan=plan)}
    assert reasons == {(True, "barred"), (False, "")}


def test_only_who_speaks_the_language_is_sent_and_where_nobody_does_it_is_said():
    visits_ahead(required_language="en")
    profile(actor("chen").person_id, languages=["zh"])
    alone = planned()
    he = colleague("何经")
    profile(he.pk, languages=["zh", "en"])

    both = planned()

    assert {(line.person_id, line.cause) for line in rows(PlanLine, plan=alone)} == {(None, "no_skill")}
    assert [one["needs"] for one in alone.figures["would_take"]] == [["speaks:en"]]
    assert {(line.person_id, line.cause) for line in rows(PlanLine, plan=both)} == {(he.pk, "")}
    page = signed_in("chen", "en").get(f"/audits/plans/{alone.pk}/").content.decode()
    assert "of somebody who knows English" in page
    with pytest.raises(RuleBroken, match="language_unknown"):
        in_force(required_language="xx")


def test_another_firm_meets_no_plan_no_profile_and_no_booking():
    visits_ahead()
    mine = profile(actor("chen").person_id)
    plan, _ = confirmed()

    with as_actor(actor("fang")):
        assert list(Booking.objects.all()) == list(YearPlan.objects.all()) == list(PlanLine.objects.all()) == []
    for who in ("lin", "zhou"):  # no right to the tables at all
        for model in (Booking, YearPlan, PlanLine, AuditorLeave):
            with as_actor(actor(who)), pytest.raises(ProgrammingError), transaction.atomic():
                list(model.objects.all())
    with as_actor(actor("fang")):
        with pytest.raises(Absent):
            confirm_plan(actor=actor("fang"), plan_id=plan.pk, now=NOW)
        with pytest.raises(Absent):
            note_leave(actor=actor("fang"), auditor_id=mine.pk, said=LeaveSaid("sick", STARTS, STARTS), client_id="x", now=NOW)
    with as_actor(actor("lin")), pytest.raises(NotYours):
        ask_plan(actor=actor("lin"), plan_id=uuid4(), first_on=STARTS, last_on=LAST, now=NOW)
    assert rows(AuditorLeave) == []


def test_a_plan_that_is_let_go_books_nothing():
    visits_ahead()
    profile(actor("chen").person_id)
    plan, chen = planned(), actor("chen")
    with as_actor(chen):
        drop_plan(actor=chen, plan_id=plan.pk, now=NOW)
        with pytest.raises(RuleBroken, match="plan_not_ready"):
            confirm_plan(actor=chen, plan_id=plan.pk, now=NOW)

    assert rows(Booking) == []


def test_a_year_is_read_in_a_few_questions(django_assert_max_num_queries):
    visits_ahead()
    profile(actor("chen").person_id)
    with as_actor(actor("chen")), django_assert_max_num_queries(24):
        year = year_of(actor("chen"), first=STARTS, last=LAST)

    assert len(year.audits) == len(year.problem.visits) > 1
    with as_actor(actor("chen")):
        assert [one.person_id for one in planners(actor("chen"), today=STARTS) if one.profile] == [actor("chen").person_id]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(date.max, date.max, "plan_days_too_far"), (STARTS, date.max, "plan_days_unsound"), (date.min, LAST, "plan_days_unsound")],
)
def test_a_plan_at_the_end_of_the_calendar_is_refused(first, last, code):
    with as_actor(actor("chen")), pytest.raises(RuleBroken) as refused:
        ask_plan(actor=actor("chen"), plan_id=uuid4(), first_on=first, last_on=last, now=NOW)
    assert (refused.value.code, rows(YearPlan)) == (code, [])
