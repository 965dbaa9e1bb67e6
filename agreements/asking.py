"""What an agreement asks of a side each month: turns counted from the schedule, minutes estimated for a turn. Pure.

Lots are not counted: nobody knows beforehand how many there will be. What each lot asks is said for one lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from agreements.schedule import MONTHS, Span, WorkingDays, add_months, dated_duties

# Our own estimate of the minutes that one turn takes; to be replaced by measured ones.
MINUTES = {
    "self_check": 12, "second_party": 120, "review": 15, "document": 5, "owner_duty": 20, "process_record": 5, "sealed_sample": 15,
    "training": 120, "document_read": 3,
}  # fmt: skip
ONCE_MONTHS = 12  # what is asked once is spread over a year
PER_LOT = ("each_lot",)


class ClauseLike(Protocol):
    """What is read of a clause."""

    type: str
    params: Any


@dataclass(frozen=True, slots=True)
class Turn:
    """One kind of thing asked of a side: how often in the months looked at, and the minutes of one."""

    kind: str
    n: int
    minutes: int


@dataclass(slots=True)
class Asked:
    """What is asked of one side in so many months, and what each lot asks besides."""

    months: int
    turns: list[Turn] = field(default_factory=list)
    tests_a_lot: int = 0
    records_a_lot: int = 0

    @property
    def n(self) -> int:
        """How many dated things there are."""
        return sum(turn.n for turn in self.turns)

    @property
    def minutes_a_month(self) -> float:
        return sum(turn.n * turn.minutes for turn in self.turns) / self.months


def asked_of(
    clauses: Iterable[ClauseLike], *, effective_from: date, effective_to: date | None, days: WorkingDays
) -> dict[str, Asked]:  # fmt: skip
    """What each side is asked in the first twelve months, or in all of them where the agreement is shorter."""
    year = add_months(effective_from, MONTHS)
    until = min(year, effective_to) if effective_to else year
    months = max(1, sum(1 for n in range(1, MONTHS + 1) if add_months(effective_from, n) <= until))
    said = {"supplier": Asked(months), "owner": Asked(months)}
    counts: dict[tuple[str, str], int] = {}
    span = Span(effective_from, until, year)
    for clause in clauses:
        for duty in dated_duties(clause.type, clause.params, span=span, days=days):
            kind = "training" if clause.params.get("duty") == "training" else duty.kind
            _count(counts, duty.side, kind)
            if kind == "document":
                _count(counts, "owner", "document_read")
        if clause.type == "audit_frequency":
            turns = months // clause.params["every_months"]
            _count(counts, "supplier", clause.params["audit"], turns)
            _count(counts, "owner", "review" if clause.params["audit"] == "self_check" else "second_party", turns)
        elif clause.type == "characteristic_limit":
            said["supplier"].tests_a_lot += 1
        elif clause.type == "process_requirement" and clause.params["frequency"] in PER_LOT:
            said["supplier"].records_a_lot += 1
    for (side, kind), n in counts.items():
        said[side].turns.append(Turn(kind, n, MINUTES[kind]))
    return said


def _count(counts: dict[tuple[str, str], int], side: str, kind: str, n: int = 1) -> None:
    if n:
        counts[side, kind] = counts.get((side, kind), 0) + n


def minutes_of_month(clauses: Iterable[ClauseLike], side: str) -> float:
    """The minutes of a month from the rhythm of the clauses alone, where no days are known."""
    return sum(_minutes(clause.type, clause.params, side) for clause in clauses)


def _minutes(clause_type: str, params: Mapping[str, Any], side: str) -> float:
    every = params.get("every_months") or ONCE_MONTHS
    if clause_type == "audit_frequency":
        if params.get("audit") == "second_party":
            return MINUTES["second_party"] / every
        return MINUTES["self_check" if side == "supplier" else "review"] / every
    if clause_type == "document_required":
        return MINUTES["document"] / every if side == "supplier" else 0
    if clause_type == "owner_duty" and side == "owner" and params.get("every_months"):
        return MINUTES["training" if params.get("duty") == "training" else "owner_duty"] / every
    if clause_type == "sealed_sample":
        return MINUTES["sealed_sample"] / params["valid_months"]
    if clause_type == "process_requirement" and side == "supplier":
        return MINUTES["process_record"] * {"weekly": 52 / 12, "monthly": 1}.get(params["frequency"], 0)
    return 0
