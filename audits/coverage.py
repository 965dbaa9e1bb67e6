"""When a relation is visited first, and why one is not covered. Pure: a preview and the calendar come out alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from agreements.schedule import add_months

SPREAD_MONTHS = 12  # firms that nobody has visited yet are spread over this, however long their interval
LATE_SPREAD_MONTHS = 3  # and those whose day has passed over this
_LOW = 4  # bytes of an id that are chance
_DAYS_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Interval:
    """What the first day of a rhythm is counted from."""

    months: int
    starts_on: date  # no visit before
    last_on: date | None  # the last visit; None for never


def share_of(supplier_org_id: UUID) -> float:
    """A place between 0 and 1 that a firm keeps for ever, whoever else is covered."""
    return int.from_bytes(supplier_org_id.bytes[-_LOW:], "big") / 256**_LOW


def first_day(interval: Interval, supplier_org_id: UUID) -> date:
    """The nominal day of the first visit: an interval after the last one; spread by the firm's own place where that says nothing."""
    if interval.last_on is not None:
        due = add_months(interval.last_on, interval.months)
        if due >= interval.starts_on:
            return due
        return _spread(interval.starts_on, min(interval.months, LATE_SPREAD_MONTHS), supplier_org_id)
    return _spread(interval.starts_on, min(interval.months, SPREAD_MONTHS), supplier_org_id)


def _spread(start: date, months: int, supplier_org_id: UUID) -> date:
    return start + timedelta(days=int(share_of(supplier_org_id) * months * _DAYS_A_MONTH))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a firm of the list is not visited by a programme."""

    code: str  # not_joined, no_agreement, suspended, other_node, other_band, other_programme, no_site
    fact: str = ""
