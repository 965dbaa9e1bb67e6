"""The clock's words about visits: announced on the notice day, reminded before they come. Each once, however many clocks there are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from agreements.models import Agreement
from agreements.services.obligations import arise
from audits.models import Audit, OwnerProgramme, VisitNote
from audits.services.telling import asked_to_accept, told_supplier, told_team
from audits.status import AHEAD, VISIT_MOVES, moved
from foundation.actor import CLOCK, Hat
from foundation.wake import each
from jobs.services import put_outbox
from parties.selectors import working_calendar
from records.services.entries import append_entry

VISITS = (Audit.Kind.SECOND_PARTY, Audit.Kind.FOLLOW_UP)
MOST_AT_ONCE = 1_000
VISIT_DUTY = "visit"


class Reminder(NamedTuple):
    """So many days before the visit, these people are told."""

    kind: str
    days: int
    to_supplier: bool


REMINDERS = (Reminder("t14", 14, True), Reminder("t7", 7, False), Reminder("t3", 3, True))


def announce(now: datetime) -> int:
    """Every visit whose notice day has come is told to the firm that is visited: how many. As the clock."""
    today = timezone.localdate(now)
    rows = _going_on(Audit.objects.visible_to(CLOCK)).filter(
        kind__in=VISITS, state=Audit.State.PLANNED, announced=True, notice_on__lte=today
    )
    # A visit that somebody is booked for and whose day has passed waits for its planner: the clock moves no auditor.
    rows = rows.exclude(visit_on__lt=today, half__gt="")
    return each(list(rows.select_related("agreement", "programme").order_by("notice_on", "id")[:MOST_AT_ONCE]), partial(_announce, now=now))


def _going_on(rows: QuerySet[Audit]) -> QuerySet[Audit]:
    """Without the visits of an agreement that stands still, and of a programme that is paused."""
    rows = rows.exclude(agreement__state=Agreement.State.SUSPENDED)
    return rows.exclude(programme__owner_programme__state=OwnerProgramme.State.PAUSED)


def _announce(audit: Audit, *, now: datetime) -> None:
    today = timezone.localdate(now)
    notice, audit.visit_on = audit.visit_on - audit.notice_on, _whole_notice(audit, today)
    state = moved(VISIT_MOVES, audit.state, "notify", Hat.CLOCK)
    days = {"visit_on": audit.visit_on, "notice_on": audit.visit_on - notice}
    won = Audit.objects.filter(pk=audit.pk, state=audit.state).update(state=state, **days)
    if not won:
        return
    append_entry(
        actor=CLOCK, stream=audit.agreement, kind="audit_scheduled", subject_id=audit.pk, effective_on=audit.visit_on, now=now,
        payload={"checklist": audit.checklist_id, "period": audit.period, "scheduled_on": audit.visit_on.isoformat()},
    )  # fmt: skip
    if audit.programme is not None and audit.programme.clause_id is not None:
        # Signed by both: the visit is what the chain owner owes.
        arise(
            agreement=audit.agreement, clause_id=audit.programme.clause_id, side="owner", kind=VISIT_DUTY, key=visit_key(audit),
            due_on=audit.visit_on, subject_id=audit.pk, now=now,
        )  # fmt: skip
    put_outbox("audits.tell_of_audit", key=f"audit-scheduled:{audit.pk}", audit_id=str(audit.pk))


def visit_key(audit: Audit) -> str:
    """What makes the duty to make this visit the one it is."""
    return f"visit:{audit.site_id}:{audit.period}"


def _whole_notice(audit: Audit, today: date) -> date:
    """Announced late (the platform was down, the programme paused), a visit that nobody is booked for still gets its whole notice."""
    notice = (audit.visit_on - audit.notice_on).days
    if audit.half or audit.visit_on >= today + timedelta(days=notice):
        return audit.visit_on
    return working_calendar().next_working(today + timedelta(days=notice))


def tell_of_visit(audit: Audit, *, now: datetime) -> None:
    """The firm is told and asked whether the day suits it. The caller has claimed the effect."""
    if audit.state not in AHEAD:
        return
    told_supplier(audit, "visit_announced", now=now)
    if audit.state == Audit.State.NOTIFIED:
        asked_to_accept(audit, now=now)


def remind(now: datetime) -> int:
    """The firm fourteen and three days before, the team seven days before: once for each day a visit has had. As the clock."""
    return sum(_remind(reminder, now) for reminder in REMINDERS)


def _remind(reminder: Reminder, now: datetime) -> int:
    today = timezone.localdate(now)
    told = VisitNote.objects.filter(audit=OuterRef("pk"), kind=reminder.kind, visit_on=OuterRef("visit_on"))
    states = [state for state in AHEAD if state != "planned"] if reminder.to_supplier else AHEAD
    rows = _going_on(Audit.objects.visible_to(CLOCK)).filter(
        ~Exists(told), kind__in=VISITS, state__in=states, visit_on__gte=today, visit_on__lte=today + timedelta(days=reminder.days)
    )
    if reminder.to_supplier:
        # Announced within these days, it was told of just now.
        rows = rows.filter(announced=True, notice_on__lt=today)
    act = partial(_told, reminder=reminder, now=now)
    return each(list(rows.select_related("agreement").order_by("visit_on", "id")[:MOST_AT_ONCE]), act)


def _told(audit: Audit, *, reminder: Reminder, now: datetime) -> None:
    note = VisitNote(audit=audit, kind=reminder.kind, visit_on=audit.visit_on, at=now)
    VisitNote.objects.bulk_create([note], ignore_conflicts=True)
    if not VisitNote.objects.filter(pk=note.pk).exists():
        return
    if reminder.to_supplier:
        told_supplier(audit, "visit_soon", now=now)
    else:
        told_team(audit, "visit_soon_team", now=now)
