"""What happens because a day has come: a text takes effect in place of the one before. Run by the clock; safe twice and in two workers."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Clause, StatusNotice
from agreements.services.sides import HATS, asked_no_more, tell_side
from agreements.services.taking_over import take_over
from foundation.actor import CLOCK, Hat, acting_as
from records.services.entries import append_entry

State = Agreement.State
VersionState = AgreementVersion.State
# A text takes effect where the agreement waits for its first one, or binds.
TAKES_EFFECT = (State.SIGNED, State.IN_FORCE, State.SUSPENDED)


def due_activations(now: datetime) -> QuerySet[Agreement]:
    """With a version signed by both whose day has come. Clock only."""
    come = AgreementVersion.objects.filter(agreement=OuterRef("pk"), state=VersionState.SIGNED, effective_from__lte=timezone.localdate(now))
    return Agreement.objects.filter(Exists(come), state__in=TAKES_EFFECT).order_by("effective_from", "id")


@transaction.atomic
def activate_agreement(*, agreement: Agreement, now: datetime) -> bool:
    """Put a version that both have signed in force; False when there is none, or its day has not come.

    It takes effect on the day named, or on the day of the second signature if that is later: nobody is bound backwards,
    and a tick that comes late changes nothing. The text before it binds up to the day before, and what it asked for later is void.
    """
    with acting_as(Hat.CLOCK):
        agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
        version = AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNED).order_by("-number").first()
        if version is None or version.signed_at is None or agreement.state not in TAKES_EFFECT:
            return False
        starts_on = max(version.effective_from, timezone.localdate(version.signed_at))
        if starts_on > timezone.localdate(now) or _ends_before(agreement, starts_on):
            return False
        former = _end_former(agreement, starts_on)
        version.in_force, version.effective_from, version.state = True, starts_on, VersionState.IN_FORCE
        version.save(update_fields=["in_force", "effective_from", "state"])
        if agreement.state == State.SIGNED:
            agreement.state, agreement.effective_from = State.IN_FORCE, starts_on
        agreement.effective_to = version.effective_to
        agreement.save(update_fields=["state", "effective_from", "effective_to"])
        take_over(agreement, former, version, now=now)
        payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256}
        kind = "amendment_in_force" if former else "agreement_in_force"
        append_entry(
            actor=CLOCK, stream=agreement, kind=kind, subject_id=agreement.pk, payload=payload, effective_on=starts_on, now=now,
        )  # fmt: skip
    asked_no_more(agreement, "agreement_to_review", "agreement_to_sign", "agreement_returned", now=now)
    for side in HATS:
        tell_side(agreement, side, kind, now=now)
    return True


def _ends_before(agreement: Agreement, starts_on: date) -> bool:
    """Whether notice was given that it ends no later than the text would begin."""
    rows = StatusNotice.objects.filter(agreement=agreement, kind=StatusNotice.Kind.TERMINATE, done_at=None, dropped_at=None)
    return rows.filter(effective_on__lte=starts_on).exists()


def _end_former(agreement: Agreement, starts_on: date) -> list[Clause]:
    """The text in force gives way on that day; its clauses."""
    former = AgreementVersion.objects.filter(agreement=agreement, in_force=True, effective_from__lt=starts_on)
    clauses = list(Clause.objects.filter(version__in=former.filter(state=VersionState.IN_FORCE)).order_by("order"))
    former.filter(Q(effective_to=None) | Q(effective_to__gt=starts_on)).update(effective_to=starts_on)
    former.filter(state=VersionState.IN_FORCE).update(state=VersionState.SUPERSEDED)
    return clauses
