"""The year as numbers: visits with their windows, auditors with their half-days, minutes between districts. No Django here.

The cost of a plan is minutes: what its auditors travel, and for each visit that it leaves out the minutes that this one weighs.
Any day of a window is as good as another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

HALVES = ("am", "pm")


@dataclass(frozen=True, slots=True)
class Booking:
    """An auditor's half of a day; a visit of two halves has the whole day and says half 0. Day and auditor are indices."""

    visit: int
    auditor: int
    day: int
    half: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What has to be visited once: where, between which days (both included, as indices of the year), by whom it may be done."""

    key: str
    district: int
    first: int
    last: int
    halves: int = 1
    weight: float = 480.0  # minutes that leaving it out is held to weigh
    needs: frozenset[str] = frozenset()
    barred: frozenset[int] = frozenset()  # auditors who must not: their own firm, or too often there
    closed: tuple[tuple[int, int], ...] = ()  # days within the window on which it cannot be, both included


@dataclass(frozen=True, slots=True)
class Auditor:
    """Who visits: from where, what they can, when they are away, how many half-days a month they give."""

    key: str
    home: int
    skills: frozenset[str] = frozenset()
    away: frozenset[tuple[int, int]] = frozenset()  # (day, half)
    halves_per_month: int = 62


@dataclass(frozen=True)
class Problem:
    """One year. `legs[i][j]` are the minutes from one district to another; on the diagonal, between two firms of one."""

    days: Sequence[date]
    legs: Sequence[Sequence[float]]
    visits: Sequence[Visit]
    auditors: Sequence[Auditor]
    fixed: Mapping[int, Booking] = field(default_factory=dict)  # by visit: what is agreed and stays

    def __post_init__(self) -> None:
        legs = np.asarray(self.legs, dtype=float)
        if legs.ndim != 2 or legs.shape[0] != legs.shape[1] or not np.isfinite(legs).all() or (legs < 0).any():
            raise ValueError("legs must be a square table of minutes, none below 0")
        inside = np.diag(legs)
        if not np.allclose(legs, legs.T) or (legs < np.maximum(inside[:, None], inside[None, :]) - 1e-9).any():
            raise ValueError("legs must be the same both ways, and no shorter between two districts than within either")
        for visit in self.visits:
            if visit.halves not in (1, 2) or not visit.weight > 0 or not 0 <= visit.district < len(legs):
                raise ValueError(f"visit {visit.key}: halves must be 1 or 2, its weight above 0, its district known")

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """For each day the number of its cell: a week, cut where a month ends, so that a cell lies in one month."""
        return _numbered([(*day.isocalendar()[:2], day.month) for day in self.days])

    @cached_property
    def months(self) -> NDArray[np.int64]:
        """For each day the number of its month."""
        return _numbered([(day.year, day.month) for day in self.days])

    def may_go(self, visit: Visit) -> list[int]:
        """The auditors who have what the visit needs and are not barred from it."""
        return [a for a, who in enumerate(self.auditors) if visit.needs <= who.skills and a not in visit.barred]


def _numbered(names: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
    numbers: dict[tuple[int, ...], int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
