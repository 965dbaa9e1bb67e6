"""A request that nobody answers in its hours: the bureau hears of it once, and asks again on the firm's behalf."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from foundation.wake import each
from jobs.services import once
from notices.services import tell
from onestop.models import ServiceCall, ServiceRequest
from onestop.services.moving import ask_provider, kind_facts, locked, move, tell_firm
from parties.models import Organisation

NUDGE = "onestop.nudge"


def untouched(now: datetime) -> list[UUID]:
    """Past the hours, unanswered, and not yet brought up. Clock only."""
    with acting_as(Hat.CLOCK):
        rows = ServiceRequest.objects.filter(state="new", escalated_at=None, answer_due_at__lte=now)
        return list(rows.order_by("answer_due_at", "id").values_list("pk", flat=True))


@transaction.atomic
def escalate(request_id: UUID, *, now: datetime) -> bool:
    """Bring one up: to the bureau, with kind and hours and no firm; to the firm, that the bureau knows. Once."""
    row = locked(request_id)
    if row.escalated_at is not None or row.state not in ("new", "offered"):
        return False
    move(row, escalated_at=now)
    with acting_as(Hat.CLOCK):
        offices = list(
            Organisation.objects.filter(hats__hat=Hat.BUREAU.value, state="verified", is_demo=row.is_demo).values_list("pk", flat=True)
        )
    for office in offices:
        tell(org_id=office, hat=Hat.BUREAU, kind="service_untouched", subject_id=row.pk, facts=kind_facts(row.kind), now=now)
    tell_firm(row, "service_brought_up", None, now)
    return True


def tick(now: datetime) -> int:
    """Everything that ran out by now. Safe twice."""
    with acting_as(Hat.CLOCK):
        return each(untouched(now), partial(escalate, now=now))


@transaction.atomic
def nudge_providers(*, actor: Actor, request_id: UUID, now: datetime) -> int:
    """The bureau asks those who have not answered once more: each once a day. Returns how many were told."""
    actor.must_wear(Hat.BUREAU)
    with acting_as(Hat.CLOCK):
        row = ServiceRequest.objects.filter(pk=request_id, is_demo=actor.is_demo, state="new").first()
        calls = list(ServiceCall.objects.filter(request=row, state="asked")) if row else []
    if row is None:
        raise Absent
    due, told = timezone.localdate(row.answer_due_at), 0
    for call in calls:
        if once(NUDGE, f"{call.pk}:{timezone.localdate(now)}", now=now):
            ask_provider(call, "service_to_answer", kind_facts(row.kind), due, now)
            told += 1
    return told
