"""What met, due and overdue mean, said once as conditions; the day is an argument, never the database's clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q

AUDITS_AHEAD = timedelta(days=30)
FINDING_OPEN = ~Q(state__in=["closed", "withdrawn", "noted"])
AUDIT_SUBMITTED = Q(state="submitted")
OPEN = Q(met_on=None, waived_at=None, void_at=None)
# What was kept stays kept, whatever ended later: as agreements.compliance says it of one row.
MET = Q(met_on__isnull=False)
ON_TIME = MET & Q(met_on__lte=F("due_on"))


def overdue(today: date) -> Q:
    """Its day and its days of grace have gone by, and nobody met, waived, voided or paused it."""
    return OPEN & Q(due_on__lt=today, grace_until__lt=today, paused_on=None)


def audit_ahead(today: date) -> Q:
    """A visit of the next 30 days that has not been submitted."""
    return Q(visit_on__gte=today, visit_on__lte=today + AUDITS_AHEAD, state__in=["planned", "notified", "in_progress"])


def still_due(today: date) -> Q:
    """Open, and not overdue."""
    return OPEN & (Q(grace_until__gte=today) | Q(paused_on__isnull=False))


def through(condition: Q, path: str) -> Q:
    """The same condition asked over a relation: met_on becomes obligations__met_on."""
    out = Q(_connector=condition.connector, _negated=condition.negated)
    children: list[Any] = condition.children
    for child in children:
        if isinstance(child, Q):
            out.children.append(through(child, path))
        else:
            lookup, value = child
            out.children.append((f"{path}__{lookup}", F(f"{path}__{value.name}") if isinstance(value, F) else value))  # type: ignore[attr-defined]
    return out
