"""An agreement with an end is told of before it comes: sixty, thirty and seven days ahead, to both sides, each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion
from agreements.services.sides import HATS, facts_for, org_of
from foundation.actor import Hat, acting_as
from jobs.models import Claim
from jobs.services import once
from notices.services import put_todo, tell

ENDING = "agreements.ending"
AHEAD_DAYS = (60, 30, 7)
State = Agreement.State


def due_endings(now: datetime) -> QuerySet[Agreement]:
    """Binding, with an end within sixty days of which not all has been told; not where a later text follows on. Clock only."""
    today = timezone.localdate(now)
    follows = AgreementVersion.objects.filter(
        agreement=OuterRef("pk"), state=AgreementVersion.State.SIGNED, effective_from__lte=OuterRef("effective_to")
    )
    # The nearest of the three that has been reached; told late, it is told once and not three times over.
    step = Case(
        *[When(effective_to__lte=today + timedelta(days=days + 1), then=Value(str(days))) for days in sorted(AHEAD_DAYS)],
        output_field=CharField(),
    )
    key = Concat(Cast(OuterRef("pk"), CharField()), Value(":"), Cast(OuterRef("effective_to"), CharField()), Value(":"), OuterRef("step"))
    rows = Agreement.objects.filter(
        state__in=(State.IN_FORCE, State.SUSPENDED), effective_to__gt=today, effective_to__lte=today + timedelta(days=AHEAD_DAYS[0] + 1)
    ).annotate(step=step)
    told = Claim.objects.filter(task=ENDING).annotate(k=F("key")).filter(k=key)
    return rows.filter(~Exists(told), ~Exists(follows)).order_by("effective_to", "id")


@transaction.atomic
def tell_ending(*, agreement: Agreement, now: datetime) -> bool:
    """Tell both sides how soon it ends; the chain owner has the next step on its list: renew it, or let it end."""
    if agreement.effective_to is None:
        return False
    days = step_of(agreement.effective_to, timezone.localdate(now))
    if days is None:
        return False
    with acting_as(Hat.CLOCK):
        if not once(ENDING, f"{agreement.pk}:{agreement.effective_to.isoformat()}:{days}", now=now):
            return False
    last = agreement.effective_to - timedelta(days=1)
    for side, hat in HATS.items():
        facts = {**facts_for(agreement, side), "last_on": last.isoformat()}
        line: dict[str, Any] = {"org_id": org_of(agreement, side), "hat": hat, "kind": "agreement_ending", "subject_id": agreement.pk, "facts": facts}
        tell(**line, now=now)
        if side == "owner":
            put_todo(**line, due_on=last, now=now)
    return True


def step_of(effective_to: date, today: date) -> int | None:
    """Which of the three reminders it is time for: the nearest that has been reached; None before the first."""
    left = (effective_to - today).days - 1  # days of cover after today
    return min((days for days in AHEAD_DAYS if left <= days), default=None) if left >= 0 else None
