"""Whether a duty was kept, said from its days alone, and how many of a side's were. Pure: nobody forgets to move a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.schedule import add_months

SOON_DAYS = 7
STATES = ("scheduled", "due_soon", "due", "met", "met_late", "overdue", "waived", "void")
OPEN_STATES = ("scheduled", "due_soon", "due", "overdue")


def state_of(
    due_on: date, met_on: date | None, waived: bool, void: bool, today: date, *, grace_days: int = 0, paused: bool = False
) -> str:  # fmt: skip
    """The state of one obligation on a day. What was kept stays kept, whatever ended later.

    In its grace days a duty is due, and not yet overdue; kept in them it is kept late, for its day was another. While a pause
    lasts, nothing comes nearer: an open duty is scheduled.
    """
    if met_on is not None:
        return "met" if met_on <= due_on else "met_late"
    if void:
        return "void"
    if waived:
        return "waived"
    days = (due_on - today).days
    if paused or days > SOON_DAYS:
        return "scheduled"
    if days > 0:
        return "due_soon"
    return "due" if days + grace_days >= 0 else "overdue"


@dataclass(frozen=True, slots=True)
class Compliance:
    """How one side kept its word: counts only, never a share without its number."""

    met: int = 0
    met_late: int = 0
    overdue: int = 0
    open: int = 0  # not yet late and not yet met
    waived: int = 0
    void: int = 0

    @property
    def due(self) -> int:
        """How many are judged: kept in time, kept late, or late. A duty whose day has not passed is not judged yet."""
        return self.met + self.met_late + self.overdue

    @property
    def has_data(self) -> bool:
        return self.due > 0

    @property
    def is_clean(self) -> bool:
        """Everything that was due was met on time."""
        return self.has_data and self.met == self.due

    def __add__(self, other: Compliance) -> Compliance:
        return Compliance(
            self.met + other.met, self.met_late + other.met_late, self.overdue + other.overdue,
            self.open + other.open, self.waived + other.waived, self.void + other.void,
        )  # fmt: skip


_COUNTED = {"met": "met", "met_late": "met_late", "overdue": "overdue", "waived": "waived", "void": "void"}


def counted(states: Iterable[str]) -> Compliance:
    """The counts of some states."""
    counts: dict[str, int] = {}
    for state in states:
        name = _COUNTED.get(state, "open")
        counts[name] = counts.get(name, 0) + 1
    return Compliance(**counts)


PERIODS = ("month", "quarter", "12m")
# Counted by another rule, rows stand beside the former ones: a change of method never rewrites what was said.
METHOD = 1
MONTHS_OF = {"month": 1, "quarter": 3, "12m": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of whole months in which duties fall due: from its first day to the first day after it."""

    kind: str
    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on


def period_of(kind: str, day: date) -> Period:
    """The period of a kind that a day belongs to; "12m" is that month and the eleven before it."""
    month = day.replace(day=1)
    if kind == "quarter":
        month = add_months(month, -((month.month - 1) % 3))
    first = add_months(month, 1 - MONTHS_OF[kind]) if kind == "12m" else month
    return Period(kind, first, add_months(first, MONTHS_OF[kind]))


def periods_to_look_at(today: date) -> list[Period]:
    """What a night computes again: the month, the quarter and the twelve months of the day, and what ended before them."""
    before = today.replace(day=1) - timedelta(days=1)
    found = {period_of(kind, day): None for kind in PERIODS for day in (today, before)}
    return sorted(found, key=lambda period: (PERIODS.index(period.kind), period.starts_on))


HALF_LIFE_DAYS = 182
WEIGHT_OF_ONE = 1_000_000


def weight_of(due_on: date, period: Period) -> int:
    """What a duty counts towards the end of its period: half as much for each half year before it. Whole, so that sums are exact."""
    return round(WEIGHT_OF_ONE * 0.5 ** ((period.ends_on - due_on).days / HALF_LIFE_DAYS))
