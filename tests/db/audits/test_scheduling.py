"""The clock: a signed clause makes one programme, a programme makes each audit once."""

import itertools
from datetime import date

import pytest

from agreements.models import Agreement, AgreementVersion, Clause, Obligation
from agreements.services.obligations import pause_duties, resume_duties
from audits import services
from audits.models import Audit, AuditProgramme
from audits.selectors import due_audits
from audits.tasks import tell_of_audit
from foundation.actor import Hat, acting_as, as_actor
from jobs.models import OutboxEvent
from notices.models import Notification, Todo
from records.models import RecordEntry
from tests.cast import BY_NAME, actor
from tests.db.audits.stage import FREQUENCY, STARTS, agreement_in_force, first_audit, moment

pytestmark = pytest.mark.django_db


def made(**wanted):
    with acting_as(Hat.CLOCK):
        return list(Audit.objects.filter(**wanted).order_by("programme_id", "period").values_list("period", "visit_on", "notice_on"))


def test_a_clause_in_force_makes_one_programme_however_often_the_clock_asks():
    agreement = agreement_in_force()

    for _ in range(3):
        services.make_programmes(moment(STARTS))

    with acting_as(Hat.CLOCK):
        programme = AuditProgramme.objects.get(agreement=agreement)
    assert (programme.every_months, programme.notice_days, programme.review_days) == (3, 14, 5)
    assert (programme.took_effect_on, programme.ends_on, programme.is_active) == (STARTS, None, True)


def test_a_clause_that_is_not_in_force_makes_none():
    agreement = agreement_in_force()
    with acting_as(Hat.CLOCK):
        Agreement.objects.filter(pk=agreement.pk).update(state="signed")

    services.make_programmes(moment(STARTS))

    with acting_as(Hat.CLOCK):
        assert AuditProgramme.objects.count() == 0


def test_the_moment_alone_decides_what_is_due():
    agreement_in_force()
    services.make_programmes(moment(STARTS))

    with acting_as(Hat.CLOCK):
        assert due_audits(moment("2026-03-01", 23, 59)) == []
        assert [due.period for due in due_audits(moment(STARTS, 0))] == [0]
        assert [due.period for due in due_audits(moment("2026-12-31"))] == [0, 1, 2, 3]


def test_an_audit_is_created_once_with_its_duty_its_entry_and_its_outbox_row():
    agreement = agreement_in_force()

    assert [services.tick(moment(STARTS, h)) for h in (9, 10, 11)] == [1, 0, 0]

    with acting_as(Hat.CLOCK):
        audit = Audit.objects.get()
        duty = Obligation.objects.get(kind="self_check")
        entry = RecordEntry.objects.get(kind="audit_scheduled")
        event = OutboxEvent.objects.get(task="audits.tell_of_audit")
    assert (audit.period, audit.nominal_on, audit.visit_on, audit.notice_on) == (0, date(2026, 3, 16), date(2026, 3, 16), STARTS)
    assert (audit.state, audit.agreement_id, audit.supplier_org_id) == ("planned", agreement.pk, BY_NAME["lin"].org_id)
    assert (duty.side, duty.due_on, duty.subject_id, duty.met_on) == ("supplier", date(2026, 3, 16), audit.pk, None)
    assert (entry.subject_id, entry.side, entry.effective_on) == (audit.pk, "clock", date(2026, 3, 16))
    assert (event.key, event.payload) == (f"audit-scheduled:{audit.pk}", {"audit_id": str(audit.pk)})


def test_two_tickers_with_the_same_list_create_one_audit():
    agreement_in_force()
    services.make_programmes(moment(STARTS))
    with acting_as(Hat.CLOCK):
        due = due_audits(moment(STARTS))[0]

    first, second = services.create_audit(due, moment(STARTS)), services.create_audit(due, moment(STARTS, 10))

    assert first is not None
    assert second is None
    with acting_as(Hat.CLOCK):
        assert (Audit.objects.count(), Obligation.objects.count(), RecordEntry.objects.count()) == (1, 1, 1)


def test_after_an_outage_all_missed_periods_are_made_and_nobody_is_late():
    agreement_in_force()

    services.tick(moment("2026-09-21"))

    # three periods were missed or are due; each gets its whole notice from now on: 5 October is in the National Day week
    assert made() == [(k, date(2026, 10, 8), date(2026, 9, 24)) for k in range(2)] + [(2, date(2026, 10, 8), date(2026, 9, 24))]


def test_a_hole_left_by_a_failure_is_filled_though_later_periods_stand():
    agreement_in_force()
    services.make_programmes(moment(STARTS))
    with acting_as(Hat.CLOCK):
        due = {d.period: d for d in due_audits(moment("2026-12-31"))}
    services.create_audit(due[0], moment(STARTS))
    services.create_audit(due[2], moment(STARTS))

    with acting_as(Hat.CLOCK):
        left = [d.period for d in due_audits(moment("2026-12-31"))]

    assert left == [1, 3]


def test_one_bad_programme_does_not_stop_the_others():
    agreement_in_force("chen", "lin", frequency={**FREQUENCY, "checklist": "no-such-checklist"})
    agreement_in_force("chen", "wu")

    services.tick(moment(STARTS))

    with acting_as(Hat.CLOCK):
        assert [a.supplier_org_id for a in Audit.objects.all()] == [BY_NAME["wu"].org_id]


def test_an_ended_agreement_ends_its_programme_and_what_lay_beyond():
    agreement = agreement_in_force()
    audit = first_audit(agreement)
    with acting_as(Hat.CLOCK):
        Agreement.objects.filter(pk=agreement.pk).update(state="expired", effective_to=date(2026, 3, 10))

    services.tick(moment("2026-03-10"))
    services.tick(moment("2027-03-10"))

    with acting_as(Hat.CLOCK):
        programme = AuditProgramme.objects.get()
        audit.refresh_from_db()
        assert (programme.is_active, programme.ends_on) == (False, date(2026, 3, 10))
        assert (audit.state, Audit.objects.count()) == ("cancelled", 1)
        assert Todo.objects.filter(kind="self_check_due", done_at=None).count() == 0


def test_what_fell_due_before_the_end_is_still_owed():
    agreement = agreement_in_force()
    audit = first_audit(agreement)
    with acting_as(Hat.CLOCK):
        Agreement.objects.filter(pk=agreement.pk).update(state="expired", effective_to=date(2026, 4, 1))

    services.tick(moment("2026-04-01"))

    with acting_as(Hat.CLOCK):
        audit.refresh_from_db()
    assert audit.state == "notified"


def test_a_new_last_day_reaches_the_programme():
    agreement = agreement_in_force()
    services.make_programmes(moment(STARTS))
    with acting_as(Hat.CLOCK):
        Agreement.objects.filter(pk=agreement.pk).update(effective_to=date(2026, 6, 1))

    services.tick(moment("2026-12-31"))

    assert [period for period, _, _ in made()] == [0]


def test_a_replaced_version_ends_the_old_programme_and_begins_a_new_one():
    agreement = agreement_in_force()
    services.tick(moment(STARTS))
    clause = amended(agreement, date(2026, 5, 4), {**FREQUENCY, "every_months": 6})

    services.tick(moment("2026-05-04"))

    with acting_as(Hat.CLOCK):
        old, renewed = AuditProgramme.objects.order_by("took_effect_on")
        assert (old.is_active, old.ends_on) == (False, date(2026, 5, 4))
        assert (renewed.clause_id, renewed.every_months, renewed.took_effect_on) == (clause.pk, 6, date(2026, 5, 4))
        assert list(Audit.objects.filter(programme=renewed).values_list("period", flat=True)) == [0]


def amended(agreement, starts, frequency):
    """A second text in force from a day on, its former ended: as the agreements' clock leaves them."""
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    with as_actor(actor("chen")):
        new = AgreementVersion.objects.create(agreement=agreement, **sides, number=2, effective_from=starts)
        words = {"text_zh": "条", "text_en": "c"}
        clause = Clause.objects.create(version=new, **sides, order=1, type="audit_frequency", side="supplier", params=frequency, **words)
    with acting_as(Hat.CLOCK):
        AgreementVersion.objects.filter(agreement=agreement, number=1).update(effective_to=starts, state="superseded")
        AgreementVersion.objects.filter(pk=new.pk).update(in_force=True, state="in_force")
    return clause


def test_a_text_that_asks_in_the_same_rhythm_goes_on_with_the_visits_and_doubles_none():
    agreement = agreement_in_force()
    services.tick(moment(STARTS))
    services.tick(moment("2026-06-02"))  # the visit of 16 June is announced
    before = made()
    clause = amended(agreement, date(2026, 6, 8), {**FREQUENCY, "review_days": 9})

    for day in ("2026-06-08", "2026-06-16", "2026-09-02", "2026-12-02"):
        services.tick(moment(day))

    assert [period for period, _, _ in before] == [0, 1]
    with acting_as(Hat.CLOCK):
        old, new = AuditProgramme.objects.order_by("id")
        assert (old.is_active, old.ends_on, new.took_effect_on, new.clause_id) == (False, date(2026, 6, 8), STARTS, clause.pk)
        rows = Audit.objects.order_by("period").values_list("period", "programme_id", "visit_on")
        assert [row[:2] for row in rows] == [(0, old.pk), (1, old.pk), (2, new.pk), (3, new.pk)]
        assert not Audit.objects.filter(state="cancelled").exists()
        gaps = [(later - earlier).days for (*_, earlier), (*_, later) in itertools.pairwise(rows)]
    assert all(88 <= gap <= 95 for gap in gaps), gaps


def test_an_agreement_that_stands_still_asks_for_no_visit_and_makes_up_for_none():
    agreement = agreement_in_force()
    services.tick(moment(STARTS))
    with acting_as(Hat.CLOCK):
        Agreement.objects.filter(pk=agreement.pk).update(state="suspended")
        pause_duties(agreement=agreement, on=date(2026, 3, 9), now=moment("2026-03-09"))
    services.tick(moment("2026-06-02"))
    assert [period for period, _, _ in made()] == [0]
    with acting_as(Hat.CLOCK):
        assert AuditProgramme.objects.get().is_active

        Agreement.objects.filter(pk=agreement.pk).update(state="in_force")
        resume_duties(agreement=agreement, on=date(2026, 8, 3), now=moment("2026-08-03"))
    services.tick(moment("2026-08-03"))
    services.tick(moment("2026-09-02"))

    # the visit of 16 June fell into the pause; that of 16 March has the five working days that it had left on 9 March
    assert [(period, visit) for period, visit, _ in made()] == [(0, date(2026, 8, 10)), (2, date(2026, 9, 16))]


def test_the_outbox_effect_tells_the_supplier_exactly_once():
    agreement_in_force()
    services.tick(moment(STARTS))
    with acting_as(Hat.CLOCK):
        event = OutboxEvent.objects.get(task="audits.tell_of_audit")

    for _ in range(3):
        tell_of_audit(key=event.key, **event.payload)

    lin = BY_NAME["lin"].org_id
    with acting_as(Hat.SUPPLIER, org_id=lin):
        todo, audit = Todo.objects.get(), Audit.objects.get()
        assert Notification.objects.filter(kind="audit_scheduled").count() == 1
    assert (todo.kind, todo.subject_id, todo.due_on, todo.done_at) == ("self_check_due", audit.pk, date(2026, 3, 16), None)
    assert todo.facts["other_en"] == "Yantang Apparel (demo)"
    assert audit.state == "notified"


def test_only_the_parties_and_the_bureau_see_an_audit():
    agreement_in_force()
    services.tick(moment(STARTS))

    seen = {}
    for who in ("chen", "fang", "lin", "wu", "zhou", "mei"):
        with as_actor(actor(who)):
            seen[who] = Audit.objects.visible_to(actor(who)).count()

    assert seen == {"chen": 1, "fang": 0, "lin": 1, "wu": 0, "zhou": 1, "mei": 0}


def test_the_number_of_questions_does_not_grow_with_the_programmes(django_assert_num_queries):
    for supplier in ("lin", "wu"):
        agreement_in_force("chen", supplier)
    services.make_programmes(moment(STARTS))

    with acting_as(Hat.CLOCK), django_assert_num_queries(4):
        assert len(due_audits(moment(STARTS))) == 2
