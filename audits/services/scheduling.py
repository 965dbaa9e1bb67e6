"""The clock's verbs: a signed clause makes a programme, a programme makes audits, each exactly once.

The moment is always an argument. What makes "once" true is the unique key, not the lock: the lock only spares double work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agreements.models import Agreement, Clause, Obligation
from agreements.services.obligations import arise
from audits.models import Audit, AuditProgramme
from audits.schedule import dates_when_made
from audits.selectors import Due, due_audits, rhythm_key, rhythm_of
from audits.selectors.due import calendars_of
from audits.services.announcing import announce, remind, tell_of_visit
from audits.services.covering import cover
from audits.services.examples import show_examples
from audits.services.sides import for_supplier
from audits.services.telling import called_off
from audits.status import AHEAD, ANSWERABLE, AUDIT_MOVES, may, moved, moves_of
from foundation.actor import CLOCK, Hat, acting_as
from foundation.wake import each
from jobs.services import put_outbox
from notices.services import close_todo, put_todo, tell
from parties.selectors import working_calendar
from records.services.entries import append_entry

TICK_LOCK = 7_216_001  # one number for one kind of tick
STALLED = "20s"
BINDING = (Agreement.State.IN_FORCE, Agreement.State.SUSPENDED)
VISITS_AT_ONCE = 500
CLAUSE_WINDOW_DAYS = 7  # what a clause asks for may be planned a week before and after its day


def tick(now: datetime) -> int:
    """One turn of the audits' clock; returns how many audits it made. Does nothing while another tick is at it."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        if not _alone():
            return 0
        make_programmes(now)
        cover(now)
        _follow_moved_duties(now)
        made: list[UUID] = []
        due = due_audits(now)
        each([each_due for each_due in due if not _is_visit(each_due)], partial(_make, now=now, made=made))
        visits = [each_due for each_due in due if _is_visit(each_due)]
        batches = [visits[at : at + VISITS_AT_ONCE] for at in range(0, len(visits), VISITS_AT_ONCE)]
        each(batches, partial(_make_visits, now=now, made=made))
        announce(now)
        remind(now)
        return len(made)


def _is_visit(due: Due) -> bool:
    return due.programme.kind == Audit.Kind.SECOND_PARTY


def _make_visits(dues: list[Due], *, now: datetime, made: list[UUID]) -> None:
    """Many visits in one statement; where one of them points to nothing, one by one."""
    try:
        with transaction.atomic():
            made.extend(create_visits(dues, now=now))
    except IntegrityError:
        each(dues, lambda due: made.extend(create_visits([due], now=now)))


def create_visits(dues: Iterable[Due], *, now: datetime) -> list[UUID]:
    """Put visits on the calendar, a year ahead and told to nobody yet: the ids of those that were not there."""
    today, rows = timezone.localdate(now), []
    dues = list(dues)
    days = calendars_of([due.programme for due in dues], today)
    for programme, site, period in dues:
        dates = dates_when_made(rhythm_of(programme), period, days[programme.owner_programme_id], today=today)
        around = timedelta(days=programme.owner_programme.window_days if programme.owner_programme else CLAUSE_WINDOW_DAYS)
        rows.append(
            Audit(
                agreement=programme.agreement, owner_org_id=programme.owner_org_id, supplier_org_id=programme.supplier_org_id,
                programme=programme, site_id=site.pk, period=period, kind=programme.kind, checklist_id=programme.checklist_id,
                nominal_on=dates.nominal_on, visit_on=dates.visit_on, notice_on=dates.notice_on, created_at=now, halves=programme.halves,
                announced=programme.announced, window_to=dates.visit_on + around,
                window_from=max(dates.visit_on - around, min(today + timedelta(days=programme.notice_days), dates.visit_on)),
            )
        )  # fmt: skip
    with acting_as(Hat.CLOCK):
        Audit.objects.bulk_create(rows, ignore_conflicts=True)
        return list(Audit.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _alone() -> bool:
    with connection.cursor() as cursor:
        # A ticker that is stopped in the middle must not keep the lock for ever: the server ends its transaction.
        cursor.execute("select set_config('idle_in_transaction_session_timeout', %s, true)", [STALLED])
        # A row that points to nothing fails in its own savepoint, and not the whole tick at its end.
        cursor.execute("set constraints all immediate")
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [TICK_LOCK])
        return bool(cursor.fetchone()[0])


def _make(due: Due, *, now: datetime, made: list[UUID]) -> None:
    audit = create_audit(due, now=now)
    if audit is not None:
        made.append(audit.pk)


@transaction.atomic
def make_programmes(now: datetime) -> int:
    """Every audit-frequency clause in force gets its programme, once; a programme whose clause is no longer in force ends.

    A text that asks for the same audits in the same rhythm as the one before goes on with the count of that one.
    """
    with acting_as(Hat.CLOCK):
        _end_programmes(now)
        _follow_agreed_ends()
        # A sub-select of our own rows: a clause without a programme.
        clauses = (
            Clause.objects.visible_to(CLOCK)
            .filter(_binding(timezone.localdate(now)), type="audit_frequency")
            .filter(~Exists(AuditProgramme.objects.filter(clause_id=OuterRef("pk"))))
            .select_related("version__agreement")
            .order_by("id")
        )
        return each(list(clauses), _make_programme)


def _binding(today: date) -> Q:
    """A clause of the text that holds today, of an agreement that binds; one that stands still binds, and makes no audit."""
    holds = Q(version__effective_to=None) | Q(version__effective_to__gt=today)
    return holds & Q(version__in_force=True, version__agreement__state__in=BINDING)


def _make_programme(clause: Clause) -> None:
    agreement, params = clause.version.agreement, clause.params
    programme = AuditProgramme(
        agreement=agreement, owner_org_id=clause.owner_org_id, supplier_org_id=clause.supplier_org_id, clause_id=clause.pk,
        **_asks(clause), notice_days=params["notice_days"], review_days=params["review_days"],
        took_effect_on=clause.version.effective_from, ends_on=clause.version.effective_to or agreement.effective_to,
    )  # fmt: skip
    # The text before asked for the same in the same rhythm: its count goes on, and no visit is made twice.
    before = AuditProgramme.objects.filter(**rhythm_key(programme), agreement=agreement, ends_on=clause.version.effective_from)
    former = before.order_by("-took_effect_on", "-id").first()
    programme.took_effect_on = former.took_effect_on if former else programme.took_effect_on
    AuditProgramme.objects.bulk_create([programme], ignore_conflicts=True)


def _end_programmes(now: datetime) -> None:
    in_force = Clause.objects.filter(_binding(timezone.localdate(now)), pk=OuterRef("clause_id"))
    of_clauses = AuditProgramme.objects.visible_to(CLOCK).filter(~Exists(in_force), is_active=True, owner_programme=None)
    ended = list(of_clauses.values_list("pk", flat=True))
    if not ended:
        return
    version_end = Clause.objects.filter(pk=OuterRef("clause_id")).values("version__effective_to")[:1]
    agreement_end = Agreement.objects.filter(pk=OuterRef("agreement_id")).values("effective_to")[:1]
    end = Coalesce(Subquery(version_end), Subquery(agreement_end), timezone.localdate(now))
    AuditProgramme.objects.filter(pk__in=ended).update(is_active=False, ends_on=end)
    # What would have been visited after the end is not asked for any more; what fell due before it still is.
    beyond = Audit.objects.filter(programme__in=ended, state__in=(*ANSWERABLE, *AHEAD), visit_on__gte=F("programme__ends_on"))
    beyond = beyond.exclude(kind=Audit.Kind.SECOND_PARTY, state=Audit.State.IN_PROGRESS).select_related("programme", "agreement")
    each([audit for audit in beyond if not _goes_on(audit.asked_by, now)], partial(_cancel, now=now))


def _goes_on(programme: AuditProgramme, now: datetime) -> bool:
    """Whether the text that holds now asks for the same audits in the same rhythm: then what was announced stands."""
    clauses = Clause.objects.filter(_binding(timezone.localdate(now)), type="audit_frequency", version__agreement=programme.agreement_id)
    return any(_asks(clause) == rhythm_key(programme) for clause in clauses)


def _asks(clause: Clause) -> dict[str, Any]:
    """What a clause asks of the rhythm, as a programme keeps it."""
    said = clause.params
    every = {"every_months": said.get("every_months") or 0, "every_days": said.get("every_days") or 0}
    return {"kind": said["audit"], "checklist_id": said["checklist"], "owner_programme_id": None, **every}


def _follow_moved_duties(now: datetime) -> None:
    """A pause has moved the day of a duty: the visit moves with it, and so does the line on the supplier's list."""
    duty = Obligation.objects.filter(agreement=OuterRef("agreement"), subject_id=OuterRef("pk"), kind="self_check", paused_on=None)
    # Only where a pause has ended: few, so that the look costs little.
    moved_on = Audit.objects.filter(
        state__in=ANSWERABLE, agreement__pauses__resumed_on__isnull=False, agreement__state=Agreement.State.IN_FORCE
    )
    moved_on = moved_on.annotate(duty_on=Subquery(duty.values("due_on")[:1])).filter(duty_on__gt=F("visit_on")).distinct()
    each(list(moved_on.select_related("agreement")), partial(_move_visit, now=now))


def _move_visit(audit: Audit, *, now: datetime) -> None:
    visit_on = audit.duty_on  # type: ignore[attr-defined]
    Audit.objects.filter(pk=audit.pk, state__in=ANSWERABLE).update(visit_on=visit_on)
    if audit.state != Audit.State.PLANNED:
        put_todo(**for_supplier(audit.agreement), kind="self_check_due", subject_id=audit.pk, due_on=visit_on, now=now)


def _cancel(audit: Audit, *, now: datetime) -> None:
    state = moved(moves_of(audit.kind), audit.state, "cancel", Hat.CLOCK)
    Audit.objects.filter(pk=audit.pk, state=audit.state).update(state=state)
    close_todo(kind="self_check_due", subject_id=audit.pk, now=now)
    if audit.kind != Audit.Kind.SELF_CHECK and audit.state != Audit.State.PLANNED:
        called_off(audit, now=now)


def _follow_agreed_ends() -> None:
    """An agreement that got a last day, or another one, gives it to its programmes."""
    agreement_end = Agreement.objects.filter(pk=OuterRef("agreement_id")).values("effective_to")[:1]
    moved_ends = AuditProgramme.objects.filter(is_active=True, agreement__effective_to__isnull=False).exclude(
        ends_on__isnull=False, ends_on=F("agreement__effective_to")
    )
    ids = list(moved_ends.values_list("pk", flat=True))
    if ids:
        AuditProgramme.objects.filter(pk__in=ids).update(ends_on=Subquery(agreement_end))


def self_check_key(audit: Audit) -> str:
    """What makes the duty to file this audit the one it is."""
    return f"{audit.site_id}:{audit.period}"


@transaction.atomic
def create_audit(due: Due, now: datetime) -> Audit | None:
    """Put one audit on the calendar with its duty, its record entry and the notice to the supplier.

    None when it stands already: the unique (programme, site, period) decides between two tickers.
    """
    programme, site, period = due
    agreement, today = programme.agreement, timezone.localdate(now)
    dates = dates_when_made(rhythm_of(programme), period, working_calendar(), today=today)
    audit = Audit(
        agreement=agreement, owner_org_id=programme.owner_org_id, supplier_org_id=programme.supplier_org_id, programme=programme,
        site_id=site.pk, period=period, kind=programme.kind, checklist_id=programme.checklist_id, nominal_on=dates.nominal_on,
        visit_on=dates.visit_on, notice_on=dates.notice_on, created_at=now,
    )  # fmt: skip
    with acting_as(Hat.CLOCK):
        Audit.objects.bulk_create([audit], ignore_conflicts=True)
        if not Audit.objects.filter(pk=audit.pk).exists():
            return None
        arise(
            agreement=agreement, clause_id=programme.signed_clause, side="supplier", kind="self_check", key=self_check_key(audit),
            due_on=audit.visit_on, subject_id=audit.pk, now=now,
        )  # fmt: skip
        append_entry(
            actor=CLOCK, stream=agreement, kind="audit_scheduled", subject_id=audit.pk, effective_on=audit.visit_on, now=now,
            payload={"checklist": audit.checklist_id, "period": period, "scheduled_on": audit.visit_on.isoformat()},
        )  # fmt: skip
        put_outbox("audits.tell_of_audit", key=f"audit-scheduled:{audit.pk}", audit_id=str(audit.pk))
    return audit


@transaction.atomic
def tell_of_audit(*, audit_id: UUID, now: datetime) -> None:
    """The supplier finds the audit on its task list and in its inbox. The caller has claimed the effect."""
    with acting_as(Hat.CLOCK):
        audit = Audit.objects.visible_to(CLOCK).select_related("agreement").get(pk=audit_id)
        if audit.kind != Audit.Kind.SELF_CHECK:
            tell_of_visit(audit, now=now)
            return
        if audit.state not in ANSWERABLE:
            return
        if may(AUDIT_MOVES, audit.state, "notify", Hat.CLOCK):
            # The supplier may have begun in this very moment: only the state that was read is moved.
            Audit.objects.filter(pk=audit_id, state=audit.state).update(state=moved(AUDIT_MOVES, audit.state, "notify", Hat.CLOCK))
        show_examples(audit, now=now)
        told = for_supplier(audit.agreement)
        put_todo(**told, kind="self_check_due", subject_id=audit.pk, due_on=audit.visit_on, now=now)
        tell(**told, kind="audit_scheduled", subject_id=audit.pk, now=now)
