"""Whether a duty was kept, said from its days alone, and how many of a side's were. Pure: nobody forgets to move a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SOON_DAYS = 7
STATES = ("scheduled", "due_soon", "due", "met", "met_late", "overdue", "waived", "void")
OPEN_STATES = ("scheduled", "due_soon", "due", "overdue")


def state_of(due_on: date, met_on: date | None, waived: bool, void: bool, today: date) -> str:
    """The state of one obligation on a day. What was kept stays kept, whatever ended later."""
    if met_on is not None:
        return "met" if met_on <= due_on else "met_late"
    if void:
        return "void"
    if waived:
        return "waived"
    days = (due_on - today).days
    if days < 0:
        return "overdue"
    if days == 0:
        return "due"
    return "due_soon" if days <= SOON_DAYS else "scheduled"


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
