"""A characteristic lot after lot, and what may be said of it: pure, from values already loaded.

What is said depends on the kind: only measured values have means, limits and a capability; grades have shares, censored results have
bounds, colours have a direction. Where there are too few lots, the answer is how many more are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from inspections.control_limits import FIRST_FIT, BoolArray, FloatArray, lots_missing, too_even, usual_spread, watched

MEASURED = "variable"
GRADED = "ordinal"
CENSORED = "censored"
COLOUR = "derived"
COUNTED = "attribute"
FOUND_OR_NOT = "binary"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the agreement in force on a lot's day asks of its readings, in the unit of the characteristic; None: nothing is asked."""

    lower: float | None = None
    target: float | None = None
    upper: float | None = None
    cv_max: float | None = None
    lot_delta_e_max: float | None = None
    ppk_min: float | None = None
    clause_id: UUID | None = None
    source: str = ""
    formula: str = "cmc(2:1)"  # by which colours are told apart

    @property
    def asks(self) -> bool:
        """Whether a reading can be out at all."""
        return self.lower is not None or self.upper is not None


NO_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Change:
    """A lot from which things are known to be different: a spindle, a dyestuff, new bales. Limits are made anew from there."""

    at: int  # place of its first lot in the series
    cause: str
    id: UUID | None = None
    note: str = ""
    said_by: str = ""


@dataclass(frozen=True, eq=False)
class Series:
    """One characteristic of one product from one supplier, by one edition and one origin; lots in the order they were made.

    `readings` of a lot have shape (n,), of a colour (n, 3); readings not taken are left out. `qualifiers` are None where all are "=".
    """

    characteristic: str
    kind: str
    unit: str
    decimals: int
    lots: tuple[UUID, ...]
    lot_nos: tuple[str, ...]
    made_on: tuple[date, ...]
    readings: tuple[FloatArray, ...]
    qualifiers: tuple[tuple[str, ...] | None, ...]
    bounds: tuple[Bounds, ...]
    changes: tuple[Change, ...] = ()
    standard: tuple[float, float, float] | None = None  # CIELAB of the sealed sample
    formula: str = "cmc(2:1)"
    colours: tuple[str, ...] = ()  # of each lot, as its maker calls it
    received: tuple[float, ...] = ()  # when the newest result of each lot came in, in seconds since 1970
    product: str = ""
    supplier: tuple[str, str] = ("", "")  # in Chinese and in English
    owner: tuple[str, str] = ("", "")

    def __len__(self) -> int:
        return len(self.lots)

    @cached_property
    def table(self) -> FloatArray | None:
        """All readings as one table, a row a lot, if every lot has the same number of them."""
        sizes = {each.shape for each in self.readings}
        return np.concatenate(self.readings).reshape(len(self), *sizes.pop()) if len(sizes) == 1 else None

    @cached_property
    def lots_said(self) -> list[str]:
        """The number and the day of each lot, as people read them."""
        return [f"{no} · {day.isoformat()}" for no, day in zip(self.lot_nos, self.made_on, strict=True)]

    @property
    def agreed(self) -> Bounds:
        """What is asked of the newest lot."""
        return self.bounds[-1] if self.bounds else NO_BOUNDS

    @property
    def n_readings(self) -> int:
        return sum(len(each) for each in self.readings)

    @property
    def periods(self) -> tuple[tuple[int, int], ...]:
        """(first lot, lot after the last) of each stretch between two change points."""
        cuts = sorted({change.at for change in self.changes if 0 < change.at < len(self)})
        edges = [0, *cuts, len(self)]
        return tuple(pairwise(edges)) if len(self) else ()

    @property
    def missing(self) -> int:
        """How many more lots the period at work needs before it has limits."""
        if not self.periods:
            return lots_missing(0)
        start, end = self.periods[-1]
        return lots_missing(end - start)

    def of_colour(self, colour: str) -> Series:
        """Only the lots of one colour: two colours are never held against each other."""
        kept = [place for place, each in enumerate(self.colours) if each == colour]
        moved = {old: new for new, old in enumerate(kept)}
        later = (next((moved[place] for place in kept if place >= change.at), len(kept)) for change in self.changes)
        parts: dict[str, Any] = {name: tuple(getattr(self, name)[place] for place in kept) for name in _BY_LOT}
        return replace(
            self, **parts, changes=tuple(replace(one, at=at) for one, at in zip(self.changes, later, strict=True) if 0 < at < len(kept))
        )

    def against(self, standard: tuple[float, float, float] | None) -> Series:
        """The same, held against the sealed sample."""
        return replace(self, standard=standard)


_BY_LOT = ("lots", "lot_nos", "made_on", "readings", "qualifiers", "bounds", "colours", "received")


@dataclass(frozen=True, eq=False)
class LotChart:
    """What a control chart shows, one value per lot; NaN where a lot has none or where there are no limits yet.

    `beyond`, `moved` and `even` are the signals to look at: outside the limits, the moving average outside its own, spread too small.
    """

    points: FloatArray
    centre: FloatArray
    lcl: FloatArray
    ucl: FloatArray
    average: FloatArray
    average_half: FloatArray
    beyond: BoolArray
    moved: BoolArray
    even: BoolArray
    spread: FloatArray
    usual: FloatArray
    baseline_ends: tuple[int, ...]  # lot after the last that made the first limits of each period that has limits
    missing: int

    @property
    def has_limits(self) -> bool:
        return bool(np.isfinite(self.centre).any())

    @property
    def signals(self) -> tuple[int, ...]:
        """Places of the lots with any signal."""
        return tuple(np.flatnonzero(self.beyond | self.moved | self.even).tolist())


def lot_means(series: Series) -> FloatArray:
    """The mean of each lot, shape (k,); of a colour each coordinate, shape (k, 3).

    Raises ValueError for grades and censored results: they are never averaged.
    """
    if series.kind not in (MEASURED, COLOUR, COUNTED):
        raise ValueError(f"kind is {series.kind!r}: must be one that has a mean")
    wide = series.kind == COLOUR
    if not len(series):
        return np.empty((0, 3) if wide else 0)
    if series.table is not None:
        means: FloatArray = series.table.mean(axis=1)
        return means
    return np.array([each.mean(axis=0) for each in series.readings], dtype=np.float64)


def lot_spreads(series: Series) -> tuple[FloatArray, NDArray[np.int64]]:
    """The standard deviation within each lot, NaN for a single reading, and how many readings it has."""
    numbers = np.array([len(each) for each in series.readings], dtype=np.int64)
    if series.table is not None and numbers[0] > 1:
        return series.table.std(axis=1, ddof=1), numbers
    spreads = np.array([each.std(ddof=1) if len(each) > 1 else np.nan for each in series.readings], dtype=np.float64)
    return spreads, numbers


def chart_of(series: Series) -> LotChart:
    """The control chart of a measured characteristic: lot means about limits of their own, and the spread within lots."""
    spreads, numbers = lot_spreads(series)
    return chart_of_values(lot_means(series), series.periods, spreads, numbers)


def chart_of_values(
    values: FloatArray, periods: Sequence[tuple[int, int]], spreads: FloatArray | None = None, numbers: NDArray[np.int64] | None = None
) -> LotChart:
    """The same from one value per lot; limits begin anew with each period."""
    lots = len(values)
    within = np.full(lots, np.nan) if spreads is None else spreads
    count = np.zeros(lots, dtype=np.int64) if numbers is None else numbers
    lines = {name: np.full(lots, np.nan) for name in (*_LINES, "usual")}
    flags = {name: np.zeros(lots, dtype=np.bool_) for name in ("beyond", "moved", "even")}
    ends = []
    for start, end in periods:
        part = slice(start, end)
        found = watched(values[None, part])
        usual = usual_spread(within[None, part], count[None, part])
        for name in _LINES:
            lines[name][part] = getattr(found, name)[0]
        lines["usual"][part] = usual[0]
        flags["beyond"][part], flags["moved"][part] = found.beyond[0], found.moved[0]
        flags["even"][part] = too_even(within[None, part], count[None, part], usual)[0]
        if np.isfinite(found.centre).any():
            ends.append(start + FIRST_FIT)
    last = periods[-1] if len(periods) else (0, 0)
    return LotChart(
        points=values, centre=lines["centre"], lcl=lines["lcl"], ucl=lines["ucl"], average=lines["average"],
        average_half=lines["average_half"], beyond=flags["beyond"], moved=flags["moved"], even=flags["even"], spread=within,
        usual=lines["usual"], baseline_ends=tuple(ends), missing=lots_missing(last[1] - last[0]),
    )  # fmt: skip


_LINES = ("centre", "lcl", "ucl", "average", "average_half")
