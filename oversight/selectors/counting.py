"""What met, due and overdue mean, said once as conditions; the day is an argument, never the database's clock."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

OPEN = Q(met_on=None, waived_at=None, void_at=None)
# What was kept stays kept, whatever ended later: as agreements.compliance says it of one row.
MET = Q(met_on__isnull=False)
ON_TIME = MET & Q(met_on__lte=F("due_on"))


def overdue(today: date) -> Q:
    """Its day has gone by, and nobody met, waived or voided it."""
    return OPEN & Q(due_on__lt=today)


def still_due(today: date) -> Q:
    """Open, and its day has not gone by."""
    return OPEN & Q(due_on__gte=today)


def through(condition: Q, path: str) -> Q:
    """The same condition asked over a relation: met_on becomes obligations__met_on."""
    out = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            out.children.append(through(child, path))
        else:
            lookup, value = child
            out.children.append((f"{path}__{lookup}", F(f"{path}__{value.name}") if isinstance(value, F) else value))
    return out
