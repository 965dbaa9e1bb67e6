"""A later text for an agreement in force: begun by the chain owner, asked for by the supplier, taken back while nobody is bound by it.

From its start it goes the way of a first text: edited, sent, talked over, signed. The text before it binds until its day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Clause, StatusNotice
from agreements.schedule import MONTHS, add_months
from agreements.selectors import clauses_of, current_version
from agreements.selectors.agreements import version_at_work
from agreements.selectors.versions import standing_notices
from agreements.services.notices_given import give_notice, settle
from agreements.services.sides import MAY_WRITE, ask, asked_no_more, tell_side
from agreements.services.states import BEFORE, move
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from parties.fields import LAST_YEAR
from records.services.entries import append_entry

State = Agreement.State
VersionState = AgreementVersion.State
Kind = StatusNotice.Kind
BINDING = (State.IN_FORCE, State.SUSPENDED)
# Both have not signed: nobody is bound by it yet, and who offered it may take it back.
MAY_BE_WITHDRAWN = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.AGREED, VersionState.SIGNING)
MIN_WORDS = 5
MOST_SUMMARY = 500
ASKED_OF_SIDES = ("agreement_to_review", "agreement_to_sign", "agreement_to_answer", "agreement_returned")


@transaction.atomic
def start_amendment(*, actor: Actor, agreement: Agreement, summary: str, effective_from: date, now: datetime) -> AgreementVersion:
    """A draft with the clauses in force, for a later first day. Asked twice for the same, it is the same draft.

    Raises RuleBroken when the agreement binds nobody now, another text is at work, or the day is past, today or beyond the end.
    """
    agreement = _lock(actor, agreement)
    return _amend(actor, agreement, summary.strip(), (effective_from, agreement.effective_to), now)


@transaction.atomic
def renew_agreement(*, actor: Actor, agreement: Agreement, now: datetime) -> AgreementVersion:
    """A draft for the period after this one: the same clauses, as many months again."""
    agreement = _lock(actor, agreement)
    if agreement.effective_from is None or agreement.effective_to is None:
        raise RuleBroken("agreement_has_no_end")
    return _amend(actor, agreement, "", next_period(agreement.effective_from, agreement.effective_to), now)


def next_period(starts: date, ends: date) -> tuple[date, date]:
    """The period that follows one: as many whole months, or as many days where it is not whole months."""
    months = (ends.year - starts.year) * MONTHS + ends.month - starts.month
    if months > 0 and add_months(starts, months) == ends:
        return ends, add_months(ends, months)
    return ends, ends + (ends - starts)


def _lock(actor: Actor, agreement: Agreement) -> Agreement:
    actor.must_act_for(agreement.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    locked: Agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    return locked


def _amend(actor: Actor, agreement: Agreement, summary: str, span: tuple[date, date | None], now: datetime) -> AgreementVersion:
    if agreement.state not in BINDING:
        raise RuleBroken("agreement_is_not_in_force")
    at_work = version_at_work(actor, agreement)
    if at_work is not None:
        asked = (summary, *span)
        if at_work.state == VersionState.DRAFT and (at_work.summary, at_work.effective_from, at_work.effective_to) == asked:
            return at_work
        raise RuleBroken("amendment_is_under_way", version=at_work.number)
    if len(summary) > MOST_SUMMARY:
        raise RuleBroken("summary_too_long", field="summary", most=MOST_SUMMARY)
    check_first_day(agreement, *span, now=now)
    if standing_notices(actor, agreement).get(Kind.TERMINATE) is not None:
        raise RuleBroken("end_is_given_notice")
    former = current_version(actor, agreement, on=timezone.localdate(now))
    version = _copy(former, clauses_of(actor, former), summary, span)
    for kind in (Kind.AMENDMENT, Kind.RENEWAL):
        settle(agreement, kind, now=now)
    asked_no_more(agreement, "amendment_asked", "renewal_asked", "agreement_ending", side="owner", now=now)
    return version


def check_reach(**days: date | None) -> None:
    """Refuse days that no calendar of duties could be counted to."""
    for field, day in days.items():
        if day is not None and day.year > LAST_YEAR:
            raise RuleBroken("day_too_far", field=field, year=LAST_YEAR)


def check_first_day(agreement: Agreement, effective_from: date, effective_to: date | None, *, now: datetime) -> None:
    """An amendment begins tomorrow or later, and no later than on the day after the last one covered: between texts there is no gap."""
    if effective_from <= timezone.localdate(now):
        raise RuleBroken("amendment_starts_too_early", field="effective_from")
    check_reach(effective_from=effective_from, effective_to=effective_to)
    if agreement.effective_to is not None and effective_from > agreement.effective_to:
        raise RuleBroken("amendment_starts_after_the_end", field="effective_from", last=agreement.effective_to - timedelta(days=1))
    if effective_to is not None and effective_to <= effective_from:
        raise RuleBroken("ends_before_it_starts", field="effective_to")


def _copy(former: AgreementVersion, clauses: list[Clause], summary: str, span: tuple[date, date | None]) -> AgreementVersion:
    sides = {"owner_org_id": former.owner_org_id, "supplier_org_id": former.supplier_org_id}
    last = AgreementVersion.objects.filter(agreement_id=former.agreement_id).aggregate(last=Max("number"))["last"]
    version = AgreementVersion.objects.create(
        agreement_id=former.agreement_id, **sides, number=last + 1, summary=summary, effective_from=span[0], effective_to=span[1]
    )
    Clause.objects.bulk_create(
        Clause(version=version, **sides, order=c.order, type=c.type, side=c.side, params=c.params, text_zh=c.text_zh, text_en=c.text_en)
        for c in clauses
    )
    return version


@transaction.atomic
def ask_amendment(*, actor: Actor, agreement: Agreement, reason: str, now: datetime, renewal: bool = False) -> StatusNotice:
    """The supplier asks for another text, or for the next period; the chain owner has it on its list. Asked twice is asked once."""
    actor.must_act_for(agreement.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    kind = Kind.RENEWAL if renewal else Kind.AMENDMENT
    standing = standing_notices(actor, agreement).get(kind)
    if standing is not None:
        return standing
    if agreement.state not in BINDING:
        raise RuleBroken("agreement_is_not_in_force")
    if renewal and agreement.effective_to is None:
        raise RuleBroken("agreement_has_no_end")
    at_work = version_at_work(actor, agreement)
    if at_work is not None:
        raise RuleBroken("amendment_is_under_way", version=at_work.number)
    reason = _said(reason)
    notice = give_notice(actor, agreement, kind, reason=reason, effective_on=None, now=now)
    payload = {"number": agreement.number, "reason": reason}
    append_entry(actor=actor, stream=agreement, kind=f"agreement_{kind}_asked", subject_id=agreement.pk, payload=payload, now=now)
    ask(agreement, "owner", f"{kind}_asked", now=now)
    return notice


def _said(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < MIN_WORDS:
        raise RuleBroken("notice_needs_a_reason", field="reason")
    return reason


@transaction.atomic
def withdraw_text(*, actor: Actor, agreement: Agreement, now: datetime, reason: str = "") -> AgreementVersion:
    """The chain owner takes its draft or its offer back while not both have signed. Withdrawn twice is withdrawn once.

    With a first text the agreement is withdrawn; with an amendment nothing else changes. The supplier is told, with the reason,
    if it was ever shown a text of it.
    """
    agreement = _lock(actor, agreement)
    version = version_at_work(actor, agreement)
    if version is None:
        newest = current_version(actor, agreement)
        if newest.state == VersionState.WITHDRAWN:
            return newest
        raise RuleBroken("nothing_to_withdraw")
    if version.state not in MAY_BE_WITHDRAWN:
        raise RuleBroken("both_have_signed")
    shown = was_shown(version)
    said = _said(reason) if shown else reason.strip()
    move(agreement, version, VersionState.WITHDRAWN)
    first = agreement.state in BEFORE
    if first:
        with acting_as(Hat.CLOCK):
            agreement.state = State.WITHDRAWN
            agreement.save(update_fields=["state"])
    asked_no_more(agreement, *ASKED_OF_SIDES, now=now)
    if shown:
        kind = "agreement_withdrawn" if first else "amendment_withdrawn"
        payload = {"number": agreement.number, "version": version.number, "reason": said}
        append_entry(actor=actor, stream=agreement, kind=kind, subject_id=agreement.pk, payload=payload, now=now)
        tell_side(agreement, "supplier", kind, now=now)
    return version


def was_shown(version: AgreementVersion) -> bool:
    """Whether the supplier has seen this text, or one that it took the place of."""
    with acting_as(Hat.CLOCK):
        rows = AgreementVersion.objects.filter(agreement_id=version.agreement_id, number__lte=version.number).order_by("-number")
        for row in rows:
            if row.pk != version.pk and row.state != VersionState.REPLACED:
                return False
            if row.locked_at is not None:
                return True
    return False
