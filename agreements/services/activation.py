"""What happens because a day has come: in force, duties ahead, the end. Run by the clock; safe twice and in two workers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Clause, Obligation
from agreements.schedule import AHEAD_MONTHS, Span, add_months, dated_duties
from agreements.selectors.obligations import OPEN
from agreements.services.obligations import TODO_OF
from agreements.services.sides import HATS, asked_no_more, facts_for, org_of
from foundation.actor import CLOCK, Hat, acting_as
from jobs.models import Claim
from jobs.services import once
from notices.services import close_todo, tell
from parties.selectors import working_calendar
from records.models import Grant
from records.services.entries import append_entry

State = Agreement.State
VersionState = AgreementVersion.State
EXTEND = "agreements.extend"


def due_activations(now: datetime) -> QuerySet[Agreement]:
    """With a version signed by both whose day has come. Clock only."""
    come = AgreementVersion.objects.filter(agreement=OuterRef("pk"), state=VersionState.SIGNED, effective_from__lte=timezone.localdate(now))
    return Agreement.objects.filter(Exists(come)).order_by("effective_from", "id")


@transaction.atomic
def activate_agreement(*, agreement: Agreement, now: datetime) -> bool:
    """Put a signed agreement in force; False when it already is, or may not be yet.

    It takes effect on the day named, or on the day of the second signature if that is later: nobody is bound backwards,
    and a tick that comes late changes nothing.
    """
    with acting_as(Hat.CLOCK):
        agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
        version = AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNED).order_by("-number").first()
        if version is None or version.signed_at is None:
            return False
        starts_on = max(version.effective_from, timezone.localdate(version.signed_at))
        if starts_on > timezone.localdate(now):
            return False
        former = AgreementVersion.objects.filter(agreement=agreement, in_force=True, effective_from__lt=starts_on)
        former.filter(Q(effective_to=None) | Q(effective_to__gt=starts_on)).update(effective_to=starts_on)
        former.filter(state=VersionState.IN_FORCE).update(state=VersionState.SUPERSEDED)
        version.in_force, version.effective_from, version.state = True, starts_on, VersionState.IN_FORCE
        version.save(update_fields=["in_force", "effective_from", "state"])
        if agreement.state == State.SIGNED:
            agreement.state, agreement.effective_from = State.IN_FORCE, starts_on
        agreement.effective_to = version.effective_to
        agreement.save(update_fields=["state", "effective_from", "effective_to"])
        clauses = list(Clause.objects.filter(version=version).order_by("order"))
        _arise_dated(agreement, version, clauses, now)
        _grant(agreement, clauses)
        payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256}
        append_entry(
            actor=CLOCK, stream=agreement, kind="agreement_in_force", subject_id=agreement.pk, payload=payload,
            effective_on=starts_on, now=now,
        )  # fmt: skip
    asked_no_more(agreement, "agreement_to_review", "agreement_to_sign", "agreement_returned", now=now)
    for side, hat in HATS.items():
        facts = facts_for(agreement, side)
        tell(org_id=org_of(agreement, side), hat=hat, kind="agreement_in_force", subject_id=agreement.pk, facts=facts, now=now)
    return True


def _arise_dated(agreement: Agreement, version: AgreementVersion, clauses: list[Clause], now: datetime) -> int:
    until = add_months(timezone.localdate(now), AHEAD_MONTHS)
    span = Span(version.effective_from, version.effective_to, until)
    days = working_calendar()
    rows = [
        Obligation(
            agreement=agreement, owner_org_id=agreement.owner_org_id, supplier_org_id=agreement.supplier_org_id, clause_id=clause.pk,
            kind=duty.kind, side=duty.side, key=duty.key, created_at=now, due_on=duty.due_on,
        )
        for clause in clauses
        for duty in dated_duties(clause.type, clause.params, span=span, days=days)
    ]  # fmt: skip
    Obligation.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _grant(agreement: Agreement, clauses: list[Clause]) -> None:
    """What the clauses let the other side see, from the first day to the last."""
    grants = []
    for clause in clauses:
        if clause.type == "data_sharing":
            grants += [_grant_row(agreement, clause.pk, "supplier", what) for what in clause.params["what"]]
        elif clause.type == "owner_duty":
            grants.append(_grant_row(agreement, clause.pk, "owner", "results"))
    Grant.objects.bulk_create(grants, ignore_conflicts=True)


def _grant_row(agreement: Agreement, clause_id: UUID, giver: str, what: str) -> Grant:
    taker = "owner" if giver == "supplier" else "supplier"
    return Grant(
        from_org_id=org_of(agreement, giver), to_org_id=org_of(agreement, taker), to_name_zh=getattr(agreement, f"{taker}_name_zh"),
        to_name_en=getattr(agreement, f"{taker}_name_en"), what=what, clause_id=clause_id, agreement_id=agreement.pk,
        valid_from=agreement.effective_from or date.min, valid_to=_last_day(agreement.effective_to),
    )  # fmt: skip


def _last_day(effective_to: date | None) -> date | None:
    return effective_to - timedelta(days=1) if effective_to else None


def due_extensions(now: datetime) -> QuerySet[Agreement]:
    """In force, and not yet looked ahead this month. Clock only."""
    month = f"{timezone.localdate(now):%Y-%m}"
    key = Concat(Cast(OuterRef("pk"), CharField()), Value(f":{month}"))
    asked = Claim.objects.filter(task=EXTEND, key=key)
    return Agreement.objects.filter(~Exists(asked), state=State.IN_FORCE).order_by("effective_from", "id")


@transaction.atomic
def extend_duties(*, agreement: Agreement, now: datetime) -> int:
    """Keep dated duties standing a year ahead; once a month for each agreement."""
    with acting_as(Hat.CLOCK):
        if not once(EXTEND, f"{agreement.pk}:{timezone.localdate(now):%Y-%m}", now=now):
            return 0
        version = AgreementVersion.objects.filter(agreement=agreement, in_force=True).latest("number")
        clauses = list(Clause.objects.filter(version=version).order_by("order"))
        return _arise_dated(agreement, version, clauses, now)


def due_expiries(now: datetime) -> QuerySet[Agreement]:
    """In force or signed, and its last day is over. Clock only."""
    ended = Agreement.objects.filter(state__in=[State.IN_FORCE, State.SIGNED], effective_to__lte=timezone.localdate(now))
    return ended.order_by("effective_to", "id")


@transaction.atomic
def expire_agreement(*, agreement: Agreement, now: datetime) -> bool:
    """The last day is over: what would have been due after it is void; what was due before it stays owed."""
    with acting_as(Hat.CLOCK):
        mine = Agreement.objects.filter(pk=agreement.pk, state__in=[State.IN_FORCE, State.SIGNED])
        if agreement.effective_to is None or not mine.filter(effective_to__lte=timezone.localdate(now)).update(state=State.EXPIRED):
            return False
        ended = AgreementVersion.objects.filter(agreement_id=agreement.pk, state__in=[VersionState.IN_FORCE, VersionState.SIGNED])
        ended.update(state=VersionState.ENDED)
        after = Obligation.objects.filter(OPEN, agreement_id=agreement.pk, due_on__gte=F("agreement__effective_to"))
        payload = {"number": agreement.number, "ended_on": agreement.effective_to.isoformat()}
        append_entry(actor=CLOCK, stream=agreement, kind="agreement_ended", subject_id=agreement.pk, payload=payload, now=now)
        voided = list(after.values_list("pk", "kind"))
        Obligation.objects.filter(pk__in=[pk for pk, _ in voided]).update(void_at=now)
    for pk, kind in voided:
        if kind in TODO_OF:
            close_todo(kind=TODO_OF[kind], subject_id=pk, now=now)
    return True
