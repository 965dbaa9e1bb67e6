"""What a side is reminded of: its dated duties a month ahead, and once when one is overdue, both sides alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agreements.models import Agreement, Obligation
from agreements.selectors.obligations import OPEN, in_state
from agreements.services.duty_lines import TODO_OF
from agreements.services.sides import HATS, facts_for, org_of
from foundation.actor import Hat, acting_as
from jobs.models import OutboxEvent
from jobs.services import put_outbox
from notices.models import Todo
from notices.services import put_todo, tell

AHEAD = timedelta(days=30)
# An overdue duty older than this was told long ago; the look stays short.
LOOK_BACK = timedelta(days=60)
TELL_OVERDUE = "agreements.tell_overdue"


def due_reminders(now: datetime) -> QuerySet[Obligation]:
    """Open, due within a month, and not yet on its side's list. Clock only."""
    today = timezone.localdate(now)
    kind = Case(*[When(Q(kind=kind), then=Value(todo)) for kind, todo in TODO_OF.items()], output_field=CharField())
    due = {"paused_on": None, "kind__in": TODO_OF, "due_on__lte": today + AHEAD, "agreement__state": Agreement.State.IN_FORCE}
    rows = Obligation.objects.filter(OPEN, **due)
    rows = rows.annotate(
        todo_kind=kind, bound_org=Case(When(side="owner", then=F("owner_org_id")), default=F("supplier_org_id")),
    )  # fmt: skip
    on_list = Todo.objects.filter(org_id=OuterRef("bound_org"), kind=OuterRef("todo_kind"), subject_id=OuterRef("pk"))
    return rows.filter(~Exists(on_list)).select_related("agreement").order_by("due_on", "id")


@transaction.atomic
def remind(*, obligation: Obligation, now: datetime) -> None:
    """Put a dated duty on its side's list."""
    side = obligation.side
    put_todo(
        org_id=org_of(obligation, side), hat=HATS[side], kind=TODO_OF[obligation.kind], subject_id=obligation.pk,
        facts=facts_for(obligation.agreement, side), due_on=obligation.due_on, now=now,
    )  # fmt: skip


def due_overdue(now: datetime) -> QuerySet[Obligation]:
    """Overdue, and nobody was asked to tell of it. Clock only."""
    today = timezone.localdate(now)
    key = Concat(Value("overdue:"), Cast(OuterRef("pk"), CharField()), Value(":owner"))
    asked = OutboxEvent.objects.filter(task=TELL_OVERDUE, key=key)
    rows = Obligation.objects.filter(in_state("overdue", today=today), ~Exists(asked), due_on__gte=today - LOOK_BACK)
    return rows.order_by("due_on", "id")


@transaction.atomic
def ask_to_tell(*, obligation: Obligation) -> None:
    """Ask the relay to tell both sides, once each."""
    for side in HATS:
        put_outbox(TELL_OVERDUE, key=f"overdue:{obligation.pk}:{side}", obligation_id=str(obligation.pk), side=side)


@transaction.atomic
def tell_overdue(*, obligation_id: UUID, side: str, now: datetime) -> bool:
    """Tell one side of an overdue duty, its own or the other's; nothing when it was kept meanwhile."""
    with acting_as(Hat.CLOCK):
        row = Obligation.objects.filter(OPEN, pk=obligation_id).select_related("agreement").first()
    if row is None:
        return False
    facts = {**facts_for(row.agreement, side), "whose": row.side, "kind": row.kind}
    tell(org_id=org_of(row, side), hat=HATS[side], kind="obligation_overdue", subject_id=row.pk, facts=facts, now=now)
    return True
