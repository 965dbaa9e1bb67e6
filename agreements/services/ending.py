"""How an agreement stands still, goes on and ends, on the day that was said. Run by the clock; safe twice and in two workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Clause, DutyPause, Obligation, StatusNotice
from agreements.services.notices_given import settle
from agreements.services.obligations import pause_duties, resume_duties, void_from
from agreements.services.sides import HATS, asked_no_more, tell_side
from agreements.services.states import move
from foundation.actor import CLOCK, Hat, acting_as
from records.models import Grant
from records.services.entries import append_entry

State = Agreement.State
VersionState = AgreementVersion.State
Kind = StatusNotice.Kind
ENDS = (State.IN_FORCE, State.SUSPENDED, State.SIGNED)
AT_WORK = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.AGREED, VersionState.SIGNING, VersionState.SIGNED)
# What stands on the lists of either side about an agreement, and falls away with it.
OPEN_STEPS = (
    "agreement_to_review", "agreement_to_sign", "agreement_to_answer", "agreement_returned", "agreement_ending", "amendment_asked",
    "renewal_asked", "end_to_consent",
)  # fmt: skip


def due_notices(now: datetime) -> QuerySet[StatusNotice]:
    """Notices whose day has come, in the order of their days. Clock only."""
    rows = StatusNotice.objects.filter(done_at=None, dropped_at=None, effective_on__lte=timezone.localdate(now))
    return rows.select_related("agreement").order_by("effective_on", "given_at", "id")


@transaction.atomic
def carry_out(*, notice: StatusNotice, now: datetime) -> bool:
    """Do what the notice says, as of its day; False when it is done, dropped, or its day has not come."""
    with acting_as(Hat.CLOCK):
        agreement = Agreement.objects.select_for_update().get(pk=notice.agreement_id)
        notice = StatusNotice.objects.get(pk=notice.pk)
        day = notice.effective_on
        if notice.done_at or notice.dropped_at or day is None or day > timezone.localdate(now):
            return False
        if agreement.effective_to is not None and agreement.effective_to <= day:
            return False  # it ends before: the end drops what it has overtaken
        done = _DOERS[Kind(notice.kind)](agreement, day, now)
        StatusNotice.objects.filter(pk=notice.pk).update(**{"done_at" if done else "dropped_at": now})
    return done


def _suspend(agreement: Agreement, day: date, now: datetime) -> bool:
    if agreement.state != State.IN_FORCE:
        return False
    _set_state(agreement, State.SUSPENDED)
    pause_duties(agreement=agreement, on=day, now=now)
    _say(agreement, "agreement_suspended", day, now)
    return True


def _resume(agreement: Agreement, day: date, now: datetime) -> bool:
    if agreement.state != State.SUSPENDED:
        return False
    _set_state(agreement, State.IN_FORCE)
    resume_duties(agreement=agreement, on=day, now=now)
    _say(agreement, "agreement_resumed", day, now)
    return True


def _terminate(agreement: Agreement, day: date, now: datetime) -> bool:
    if agreement.state not in ENDS:
        return False
    end_agreement(agreement, State.TERMINATED, day, now)
    _say(agreement, "agreement_terminated", day, now)
    return True


_DOERS: dict[Kind, Callable[[Agreement, date, datetime], bool]] = {
    Kind.SUSPEND: _suspend, Kind.RESUME: _resume, Kind.TERMINATE: _terminate,
}  # fmt: skip


def _set_state(agreement: Agreement, state: str) -> None:
    agreement.state = State(state)
    agreement.save(update_fields=["state"])


def _say(agreement: Agreement, kind: str, day: date, now: datetime) -> None:
    payload = {"number": agreement.number, "effective_on": day.isoformat()}
    append_entry(
        actor=CLOCK, stream=agreement, kind=kind, subject_id=agreement.pk, payload=payload, effective_on=day, now=now
    )  # fmt: skip
    for side in HATS:
        tell_side(agreement, side, kind, now=now)


def end_agreement(agreement: Agreement, state: str, day: date, now: datetime) -> None:
    """The agreement covers no day from `day` on: duties for later days are void, grants end the day before, texts at work fall away.

    What was due before stays owed, and both sides go on reading all of it. As the clock, under the agreement's lock.
    """
    DutyPause.objects.filter(agreement=agreement, resumed_on=None).update(resumed_on=day)  # what it stopped is void with the rest
    agreement.state, agreement.effective_to = State(state), day
    agreement.save(update_fields=["state", "effective_to"])
    binding = AgreementVersion.objects.filter(agreement=agreement, in_force=True)
    binding.filter(Q(effective_to=None) | Q(effective_to__gt=day)).update(effective_to=day)
    binding.filter(state=VersionState.IN_FORCE).update(state=VersionState.ENDED)
    for version in AgreementVersion.objects.filter(agreement=agreement, state__in=AT_WORK, in_force=False):
        move(agreement, version, VersionState.ENDED if version.state == VersionState.SIGNED else VersionState.WITHDRAWN)
    clause_ids = set(Obligation.objects.filter(agreement=agreement).values_list("clause_id", flat=True))
    void_from(clause_ids=clause_ids, on=day, now=now)
    clauses = Clause.objects.filter(version__agreement=agreement).values_list("pk", flat=True)
    grants = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), clause_id__in=list(clauses), agreement_id=agreement.pk)
    grants.update(valid_to=day - timedelta(days=1))
    settle(agreement, *Kind.values, now=now, done=False)
    asked_no_more(agreement, *OPEN_STEPS, now=now)


def due_expiries(now: datetime) -> QuerySet[Agreement]:
    """Binding or signed, and its last day is over; not where a later text takes over on that very day. Clock only."""
    later = AgreementVersion.objects.filter(agreement=OuterRef("pk"), state=VersionState.SIGNED, signed_at__isnull=False).filter(
        Q(effective_to=None) | Q(effective_to__gt=OuterRef("effective_to")), effective_from__lte=OuterRef("effective_to")
    )
    rows = Agreement.objects.filter(~Exists(later), state__in=ENDS, effective_to__lte=timezone.localdate(now))
    return rows.order_by("effective_to", "id")


@transaction.atomic
def expire_agreement(*, agreement: Agreement, now: datetime) -> bool:
    """The last day is over: what would have been due after it is void; what was due before it stays owed."""
    with acting_as(Hat.CLOCK):
        found = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if found.effective_to is None or not due_expiries(now).filter(pk=found.pk).exists():
            return False
        end_agreement(found, State.EXPIRED, found.effective_to, now)
        payload = {"number": found.number, "ended_on": found.effective_to.isoformat()}
        append_entry(actor=CLOCK, stream=found, kind="agreement_ended", subject_id=found.pk, payload=payload, now=now)
    for side in HATS:
        tell_side(found, side, "agreement_ended", now=now)
    return True
