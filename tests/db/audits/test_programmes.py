"""A programme of the owner: drafted, looked at, put in force; the clock makes its visits once, ahead, and tells of them in time."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from agreements.models import Agreement, Obligation
from audits import services
from audits.models import Audit, AuditProgramme, OwnerProgramme, RiskRating, VisitNote
from audits.selectors.programmes import coverage, preview, programme_for
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from jobs.models import OutboxEvent
from notices.models import Notification, Todo
from records.models import RecordEntry
from tests.cast import BY_NAME, actor
from tests.db.audits.stage import FREQUENCY, STARTS, agreement_in_force, moment

pytestmark = pytest.mark.django_db

SAID = services.ProgrammeSaid(name="针织年度走访", checklist="mill-walk-1", starts_on=STARTS, spring_before=0, spring_after=0)


def drafted(who="chen", **changes):
    with as_actor(actor(who)):
        return services.draft_programme(actor=actor(who), said=replace(SAID, **changes), client_id=uuid4().hex, now=moment(STARTS))


def in_force(who="chen", on=STARTS, **changes):
    row = drafted(who, **changes)
    with as_actor(actor(who)):
        services.move_programme(actor=actor(who), programme_id=row.pk, verb="activate", now=moment(on))
    return row


def visits(**wanted):
    with acting_as(Hat.CLOCK):
        return list(Audit.objects.filter(kind="second_party", **wanted).order_by("visit_on", "id"))


def test_a_programme_says_whom_it_visits_and_why_it_does_not_visit_the_others():
    agreement_in_force("chen", "lin")
    row = drafted()

    with as_actor(actor("chen")):
        found = {each.link.supplier_org_id: each for each in coverage(actor("chen"), row, today=STARTS)}

    lin, wu = found[BY_NAME["lin"].org_id], found[BY_NAME["wu"].org_id]
    assert (lin.visited, lin.rated.band) == (True, "C")  # never audited
    assert (wu.visited, wu.reason.code) == (False, "no_agreement")


def test_a_preview_shows_twelve_months_and_writes_nothing():
    agreement_in_force("chen", "lin")
    row = drafted(months_c=3, halves=2)

    with as_actor(actor("chen")):
        seen = preview(actor("chen"), row, today=STARTS)

    assert len(seen.months) == 12
    assert (seen.visits, seen.halves) == (sum(m.visits for m in seen.months), 2 * seen.visits)
    assert 3 <= seen.visits <= 4
    with acting_as(Hat.CLOCK):
        assert (AuditProgramme.objects.count(), Audit.objects.count(), RiskRating.objects.count()) == (0, 0, 0)


def test_what_a_preview_shows_is_what_the_calendar_gets():
    agreement_in_force("chen", "lin")
    row = in_force(months_c=3)
    with as_actor(actor("chen")):
        seen = preview(actor("chen"), row, today=STARTS)

    services.tick(moment(STARTS))

    by_month = {month.first: month.visits for month in seen.months if month.visits}
    until = seen.months[-1].first + timedelta(days=27)
    made = [audit.visit_on.replace(day=1) for audit in visits() if audit.visit_on <= until]
    assert {day: made.count(day) for day in made} == by_month


def test_visits_are_made_a_year_ahead_once_and_told_to_nobody_before_their_notice_day():
    agreement_in_force("chen", "lin", frequency={**FREQUENCY, "every_months": 12})
    in_force()

    made = [services.tick(moment(STARTS, h)) for h in (9, 10, 11)]

    rows = visits()
    assert made[0] == len(rows) + 1  # and the self-check of the agreement
    assert made[1:] == [0, 0]
    assert [audit.state for audit in rows] == ["planned"] * len(rows)
    assert {audit.announced for audit in rows} == {True}
    assert all(audit.window_from <= audit.visit_on <= audit.window_to for audit in rows)
    with acting_as(Hat.CLOCK):
        assert Obligation.objects.exclude(kind="self_check").filter(subject_id__in=[audit.pk for audit in rows]).count() == 0
        assert (
            OutboxEvent.objects.filter(task="audits.tell_of_audit", key__in=[f"audit-scheduled:{audit.pk}" for audit in rows]).count() == 0
        )


def test_on_the_notice_day_the_firm_is_told_once_and_asked_whether_the_day_suits_it():
    agreement_in_force("chen", "lin")
    in_force()
    services.tick(moment(STARTS))
    first = visits()[0]

    for hour in (9, 10):
        services.tick(moment(first.notice_on, hour))
    services.tell_of_audit(audit_id=first.pk, now=moment(first.notice_on, 11))

    with acting_as(Hat.CLOCK):
        assert Audit.objects.get(pk=first.pk).state == "notified"
        assert OutboxEvent.objects.filter(key=f"audit-scheduled:{first.pk}").count() == 1
        assert RecordEntry.objects.filter(kind="audit_scheduled", subject_id=first.pk).count() == 1
        todo = Todo.objects.get(kind="visit_to_accept", subject_id=first.pk)
        told = Notification.objects.get(kind="visit_announced", subject_id=first.pk)
    assert (todo.org_id, todo.due_on, todo.done_at) == (BY_NAME["lin"].org_id, first.visit_on, None)
    assert told.facts["day"] == first.visit_on.isoformat()


def test_an_unannounced_visit_is_not_there_for_the_firm_and_tells_it_nothing():
    agreement_in_force("chen", "lin")
    in_force(announced=False)
    services.tick(moment(STARTS))
    first = visits()[0]

    services.tick(moment(first.visit_on - timedelta(days=3)))

    with as_actor(actor("lin")):
        assert Audit.objects.visible_to(actor("lin")).filter(kind="second_party").count() == 0
        assert AuditProgramme.objects.visible_to(actor("lin")).filter(kind="second_party").count() == 0
        assert RecordEntry.objects.visible_to(actor("lin")).filter(subject_id=first.pk).count() == 0
    with acting_as(Hat.CLOCK):
        assert Audit.objects.get(pk=first.pk).state == "planned"
        assert Notification.objects.filter(org_id=BY_NAME["lin"].org_id, subject_id=first.pk).count() == 0


def test_reminders_come_fourteen_seven_and_three_days_before_each_once():
    agreement_in_force("chen", "lin")
    in_force()
    services.tick(moment(STARTS))
    first = visits()[0]
    services.tick(moment(first.notice_on))

    for before in range(20, -1, -1):
        for hour in (9, 10):
            services.tick(moment(first.visit_on - timedelta(days=before), hour))

    with acting_as(Hat.CLOCK):
        notes = list(VisitNote.objects.filter(audit=first).order_by("at").values_list("kind", flat=True))
        soon = Notification.objects.filter(kind="visit_soon", subject_id=first.pk)
        team = Notification.objects.filter(kind="visit_soon_team", subject_id=first.pk)
        assert notes == ["t14", "t7", "t3"]
        assert [told.org_id for told in soon] == [BY_NAME["lin"].org_id] * 2
        assert [told.org_id for told in team] == [BY_NAME["chen"].org_id]


def test_another_band_gives_another_rhythm_and_what_was_only_pencilled_in_is_made_anew():
    agreement_in_force("chen", "lin")
    row = in_force()
    services.tick(moment(STARTS))
    before = visits()
    with acting_as(Hat.CLOCK):
        old = AuditProgramme.objects.get(owner_programme=row)
        RiskRating.objects.create(
            owner_org_id=row.owner_org_id, supplier_org_id=BY_NAME["lin"].org_id, rated_on=STARTS + timedelta(days=1), version=1, inputs={},
            points=80, band="D", created_at=moment(STARTS),
        )  # fmt: skip

    services.tick(moment(STARTS + timedelta(days=1)))
    services.tick(moment(STARTS + timedelta(days=2)))

    with acting_as(Hat.CLOCK):
        rhythms = list(
            AuditProgramme.objects.filter(owner_programme=row).order_by("serial").values_list("serial", "every_months", "is_active")
        )
    assert (old.every_months, rhythms) == (6, [(0, 6, False), (1, 3, True)])
    states = {audit.pk: audit.state for audit in visits()}
    assert {states[audit.pk] for audit in before} <= {"cancelled", "notified"}
    assert len([audit for audit in visits() if audit.state == "planned"]) >= 4


def test_a_paused_programme_announces_nothing_and_an_ended_one_calls_its_visits_off():
    agreement_in_force("chen", "lin")
    row = in_force()
    services.tick(moment(STARTS))
    first = visits()[0]
    with as_actor(actor("chen")):
        services.move_programme(actor=actor("chen"), programme_id=row.pk, verb="pause", now=moment(STARTS, 10))

    services.tick(moment(first.notice_on))

    assert {audit.state for audit in visits()} == {"planned"}
    with as_actor(actor("chen")):
        services.move_programme(actor=actor("chen"), programme_id=row.pk, verb="end", now=moment(STARTS, 11))
    services.tick(moment(first.notice_on, 12))
    assert {audit.state for audit in visits()} == {"cancelled"}
    with acting_as(Hat.CLOCK):
        assert AuditProgramme.objects.filter(owner_programme=row, is_active=True).count() == 0


def test_an_agreement_that_ends_ends_the_rhythm_of_its_relation():
    agreement = agreement_in_force("chen", "lin")
    row = in_force()
    services.tick(moment(STARTS))
    with acting_as(Hat.CLOCK):
        Agreement.objects.filter(pk=agreement.pk).update(state="terminated", effective_to=STARTS + timedelta(days=1))

    services.tick(moment(STARTS + timedelta(days=1)))

    with acting_as(Hat.CLOCK):
        assert AuditProgramme.objects.get(owner_programme=row).is_active is False
    assert {audit.state for audit in visits()} == {"cancelled"}


def test_two_programmes_by_one_checklist_visit_a_firm_once():
    agreement_in_force("chen", "lin")
    in_force()
    services.tick(moment(STARTS))
    second = in_force(name="又一个")

    services.tick(moment(STARTS, 12))

    with as_actor(actor("chen")):
        found = {each.link.supplier_org_id: each for each in coverage(actor("chen"), second, today=STARTS)}
    assert found[BY_NAME["lin"].org_id].reason.code == "other_programme"
    with acting_as(Hat.CLOCK):
        assert AuditProgramme.objects.filter(owner_programme=second).count() == 0


def test_a_visit_that_a_clause_asks_for_is_the_owners_duty_and_asks_no_self_check_of_the_firm():
    agreement_in_force("chen", "lin", frequency={**FREQUENCY, "audit": "second_party"})
    services.tick(moment(STARTS))
    first = visits()[0]

    services.tick(moment(first.notice_on))

    with acting_as(Hat.CLOCK):
        duties = list(Obligation.objects.filter(subject_id=first.pk).values_list("side", "kind", "due_on"))
        assert Obligation.objects.filter(kind="self_check").count() == 0
    assert duties == [("owner", "visit", first.visit_on)]
    assert len(visits()) >= 4  # a year ahead


def test_a_programme_in_force_is_not_said_anew_and_no_other_firm_finds_it():
    row = in_force()

    with as_actor(actor("chen")):
        with pytest.raises(RuleBroken, match="programme_in_force"):
            services.change_programme(actor=actor("chen"), programme_id=row.pk, said=replace(SAID, name="别的"))
        with pytest.raises(RuleBroken, match="programme_in_force"):
            services.drop_programme(actor=actor("chen"), programme_id=row.pk)
        assert programme_for(actor("chen"), row.pk).name == SAID.name
    for who, wanted in (("fang", Absent), ("lin", Absent)):
        with as_actor(actor(who)), pytest.raises(wanted):
            programme_for(actor(who), row.pk)
    with as_actor(actor("lin")), pytest.raises(NotYours):
        services.draft_programme(actor=actor("lin"), said=SAID, client_id="x", now=moment(STARTS))


def test_drafted_twice_a_programme_is_drafted_once():
    with as_actor(actor("chen")):
        first, second = (services.draft_programme(actor=actor("chen"), said=SAID, client_id="one", now=moment(STARTS)) for _ in range(2))
        assert first.pk == second.pk
        assert OwnerProgramme.objects.visible_to(actor("chen")).count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "programme_needs_a_name"),
        ({"bands": ()}, "programme_needs_a_band"),
        ({"bands": ("A", "Z")}, "programme_needs_a_band"),
        ({"months_c": 0}, "programme_number_out"),
        ({"ends_on": STARTS}, "programme_ends_before_it_starts"),
        ({"checklist": "no-such"}, "checklist_unknown"),
        ({"seasons": (services.SeasonSaid("忙季", date(2026, 5, 2), date(2026, 5, 1)),)}, "season_unsound"),
    ],
)
def test_what_makes_no_programme_is_refused_and_nothing_is_written(changes, code):
    with as_actor(actor("chen")):
        with pytest.raises(RuleBroken, match=code):
            services.draft_programme(actor=actor("chen"), said=replace(SAID, **changes), client_id="x", now=moment(STARTS))
        assert OwnerProgramme.objects.visible_to(actor("chen")).count() == 0
