"""What a notice would do, before it is given: which open duties would stand still, go on or fall away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from agreements.models import Agreement, Obligation
from agreements.selectors.obligations import OPEN
from foundation.actor import Actor

SHOWN = 5


@dataclass(frozen=True)
class Effect:
    """How many open duties of either side are met by it, and the first of them."""

    owner: int
    supplier: int
    first: list[Obligation]

    @property
    def total(self) -> int:
        return self.owner + self.supplier


def would_stand_still(actor: Actor, agreement: Agreement, *, on: date) -> Effect:
    """Open duties whose clock would stop on that day; what is overdue by then stays overdue."""
    return _effect(actor, agreement, Q(paused_on=None, grace_until__gte=on))


def would_go_on(actor: Actor, agreement: Agreement) -> Effect:
    """Duties whose clock stands still."""
    return _effect(actor, agreement, Q(paused_on__isnull=False))


def would_be_void(actor: Actor, agreement: Agreement, *, on: date) -> Effect:
    """Open duties that an end on that day would leave unasked."""
    return _effect(actor, agreement, Q(due_on__gte=on) | Q(paused_on__isnull=False))


def would_stay_owed(actor: Actor, agreement: Agreement, *, on: date) -> Effect:
    """Open duties that an end on that day would leave owed."""
    return _effect(actor, agreement, Q(due_on__lt=on, paused_on=None))


def _effect(actor: Actor, agreement: Agreement, which: Q) -> Effect:
    rows = Obligation.objects.visible_to(actor).filter(OPEN, which, agreement=agreement)
    counted: Iterable[tuple[str, int]] = rows.order_by().values_list("side").annotate(n=Count("pk"))
    by_side = dict(counted)
    first = list(rows.select_related("agreement").order_by("due_on", "id")[:SHOWN])
    return Effect(by_side.get("owner", 0), by_side.get("supplier", 0), first)
