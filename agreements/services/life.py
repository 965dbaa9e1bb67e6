"""What either side may say of an agreement in force: stand still, go on, end. A notice is given with a reason, and the clock carries it out.

Nobody is bound backwards: a notice speaks of a day to come. The other side reads the notice and its reason from the moment it is given.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, StatusNotice
from agreements.selectors import current_version, may_sign, text_of
from agreements.selectors.versions import notice_for, standing_notices, suspended_by
from agreements.services.ending import carry_out, end_agreement
from agreements.services.notices_given import give_notice, speak
from agreements.services.sides import HATS, MAY_WRITE, OTHER, ask, asked_no_more, side_of, tell_side
from agreements.services.signing import check_person
from agreements.text import NOTICE_DAYS
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import NotYours, RuleBroken
from parties.fields import LAST_YEAR
from records.services.entries import append_entry

State = Agreement.State
Kind = StatusNotice.Kind
SIDES = tuple(HATS.values())
MIN_REASON = 5


@transaction.atomic
def suspend_agreement(*, actor: Actor, agreement: Agreement, reason: str, effective_on: date, now: datetime) -> StatusNotice:
    """Either side lets the agreement stand still from a day to come: open duties keep the working time they have left.

    What was overdue stays overdue. Given twice for the same day, it is given once.
    """
    agreement = _lock(actor, agreement)
    if (standing := _same(actor, agreement, Kind.SUSPEND, effective_on)) is not None:
        return standing
    if agreement.state != State.IN_FORCE:
        raise RuleBroken("agreement_is_not_in_force")
    _check_day(agreement, effective_on, earliest=timezone.localdate(now) + timedelta(days=1))
    return _give(actor, agreement, Kind.SUSPEND, reason, effective_on, now)


@transaction.atomic
def resume_agreement(*, actor: Actor, agreement: Agreement, reason: str, effective_on: date, now: datetime) -> StatusNotice:
    """The side that suspended it lets it go on, today or on a later day: each duty has the working days that it had left."""
    agreement = _lock(actor, agreement)
    if (standing := _same(actor, agreement, Kind.RESUME, effective_on)) is not None:
        return standing
    suspended = suspended_by(actor, agreement)
    if suspended is None:
        raise RuleBroken("agreement_is_not_suspended")
    if suspended.side != side_of(actor, agreement):
        raise RuleBroken("who_suspended_resumes")
    _check_day(agreement, effective_on, earliest=timezone.localdate(now))
    notice = _give(actor, agreement, Kind.RESUME, reason, effective_on, now)
    carry_out(notice=notice, now=now)
    return StatusNotice.objects.visible_to(actor).get(pk=notice.pk)


@transaction.atomic
def terminate_agreement(
    *, actor: Actor, agreement: Agreement, reason: str, effective_on: date, password: str, now: datetime
) -> StatusNotice:
    """A signatory of either side gives notice; `effective_on` is the first day no longer covered, after the days of notice.

    Raises RuleBroken and changes nothing when the person is no signatory, the password is wrong or the day comes too early.
    """
    side_of(actor, agreement)
    check_person(actor, password)
    agreement = _lock(actor, agreement)
    if (standing := _same(actor, agreement, Kind.TERMINATE, effective_on)) is not None:
        return standing
    if agreement.state not in (State.IN_FORCE, State.SUSPENDED):
        raise RuleBroken("agreement_is_not_in_force")
    _check_signatory(actor, now)
    earliest = earliest_end(actor, agreement, now=now)
    if effective_on < earliest:
        raise RuleBroken("notice_is_too_short", field="effective_on", days=notice_days(actor, agreement, now=now), earliest=last_of(earliest))
    _check_day(agreement, effective_on, earliest=earliest)
    notice = _give(actor, agreement, Kind.TERMINATE, reason, effective_on, now)
    ask(agreement, OTHER[notice.side], "end_to_consent", now=now)
    return notice


@transaction.atomic
def consent_to_end(*, actor: Actor, agreement: Agreement, notice_id: UUID, password: str, now: datetime) -> StatusNotice:
    """A signatory of the other side agrees: it ends at once, and today is its last day. Consented twice is consented once."""
    side_of(actor, agreement)
    check_person(actor, password)
    agreement = _lock(actor, agreement)
    notice = notice_for(actor, agreement, notice_id)
    if notice.kind != Kind.TERMINATE:
        raise RuleBroken("notice_needs_no_consent")
    if notice.side == side_of(actor, agreement):
        raise NotYours
    if notice.consented_at is not None:
        return notice
    if notice.done_at or notice.dropped_at:
        raise RuleBroken("notice_is_settled")
    _check_signatory(actor, now)
    speak(actor, notice, reason="", now=now)
    ends_on = timezone.localdate(now) + timedelta(days=1)
    payload = {"number": agreement.number, "effective_on": ends_on.isoformat()}
    append_entry(actor=actor, stream=agreement, kind="agreement_end_agreed", subject_id=agreement.pk, payload=payload, now=now)
    with acting_as(Hat.CLOCK):
        StatusNotice.objects.filter(pk=notice.pk).update(consented_at=now, done_at=now)
        end_agreement(agreement, State.TERMINATED, ends_on, now)
    append_entry(
        actor=actor, stream=agreement, kind="agreement_terminated", subject_id=agreement.pk, payload=payload, effective_on=ends_on, now=now
    )
    for side in HATS:
        tell_side(agreement, side, "agreement_terminated", now=now)
    return notice_for(actor, agreement, notice_id)


@transaction.atomic
def take_back_notice(*, actor: Actor, agreement: Agreement, notice_id: UUID, now: datetime) -> StatusNotice:
    """Who gave a notice, or asked for something, takes it back before its day. Taken back twice is taken back once."""
    agreement = _lock(actor, agreement)
    notice = notice_for(actor, agreement, notice_id)
    if notice.side != side_of(actor, agreement):
        raise NotYours
    if notice.dropped_at is not None:
        return notice
    if notice.done_at is not None:
        raise RuleBroken("notice_is_settled")
    with acting_as(Hat.CLOCK):
        StatusNotice.objects.filter(pk=notice.pk).update(dropped_at=now)
    payload = {"number": agreement.number, "notice": notice.kind}
    append_entry(actor=actor, stream=agreement, kind="agreement_notice_taken_back", subject_id=agreement.pk, payload=payload, now=now)
    asked_no_more(agreement, *_ASKED.get(notice.kind, ()), now=now)
    tell_side(agreement, OTHER[notice.side], "notice_taken_back", now=now)
    return notice_for(actor, agreement, notice_id)


_ASKED: dict[str, tuple[str, ...]] = {
    Kind.TERMINATE: ("end_to_consent",), Kind.AMENDMENT: ("amendment_asked",), Kind.RENEWAL: ("renewal_asked",),
}  # fmt: skip


def notice_days(actor: Actor, agreement: Agreement, *, now: datetime) -> int:
    """The days of notice that the text in force names; a text from before they were named has the same."""
    text = text_of(current_version(actor, agreement, on=timezone.localdate(now))) or {}
    return int(text.get("notice_days", NOTICE_DAYS))


def earliest_end(actor: Actor, agreement: Agreement, *, now: datetime) -> date:
    """The first day that a notice given now may leave uncovered: the days of notice are covered in full."""
    return timezone.localdate(now) + timedelta(days=notice_days(actor, agreement, now=now) + 1)


def last_of(effective_to: date) -> date:
    """The last day covered, before the first that is not."""
    return effective_to - timedelta(days=1)


def _lock(actor: Actor, agreement: Agreement) -> Agreement:
    side_of(actor, agreement)
    actor.must_hold(*MAY_WRITE)
    locked: Agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    return locked


def _same(actor: Actor, agreement: Agreement, kind: Kind, effective_on: date) -> StatusNotice | None:
    """The notice that stands already, if it says the same; another one is in the way."""
    standing = standing_notices(actor, agreement).get(kind)
    if standing is None:
        return None
    if standing.side == side_of(actor, agreement) and standing.effective_on == effective_on:
        return standing
    raise RuleBroken("notice_stands", on=standing.effective_on)


def _check_day(agreement: Agreement, day: date, *, earliest: date) -> None:
    if day < earliest:
        raise RuleBroken("notice_comes_too_early", field="effective_on", earliest=earliest)
    if day.year > LAST_YEAR:
        raise RuleBroken("day_too_far", field="effective_on", year=LAST_YEAR)
    if agreement.effective_to is not None and day >= agreement.effective_to:
        raise RuleBroken("agreement_ends_before", field="effective_on", last=last_of(agreement.effective_to))


def _check_signatory(actor: Actor, now: datetime) -> None:
    if not may_sign(actor, on=timezone.localdate(now)):
        raise RuleBroken("signatory_only")


def _give(actor: Actor, agreement: Agreement, kind: Kind, reason: str, effective_on: date, now: datetime) -> StatusNotice:
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise RuleBroken("notice_needs_a_reason", field="reason")
    notice = give_notice(actor, agreement, kind, reason=reason, effective_on=effective_on, now=now)
    payload: dict[str, Any] = {"number": agreement.number, "effective_on": effective_on.isoformat(), "reason": reason}
    append_entry(
        actor=actor, stream=agreement, kind=f"agreement_{kind}_notice", subject_id=agreement.pk, payload=payload,
        effective_on=effective_on, now=now,
    )  # fmt: skip
    if kind != Kind.TERMINATE:  # the other side is asked to consent to an end, and told of it so
        tell_side(agreement, OTHER[notice.side], f"{kind}_notice", now=now)
    return notice
