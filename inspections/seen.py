"""What the rules see in loaded series: a block of measured ones at once, a colour or a set of readings one at a time. Pure, but that a block
asks the database for the ids of those lots that are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import scipy
from numpy.typing import NDArray

from inspections.control_limits import EVEN_RUN, EVEN_SHARE, FIRST_FIT, SECOND_FIT, WIDTH, FloatArray, watched
from inspections.selectors.blocks import Block, IntArray
from inspections.series import Series
from inspections.signals import DRIFTS, Flags, Found, Kind, begun, certainty_of, chance_beyond, flagged
from qualitystats.colour import ciede2000, cmc
from qualitystats.plausibility import exact_repeats, terminal_digits

CHUNK = 2_048  # periods taken at once: their values and lines stay near the processor
PAIRS_WITHIN = 24  # lots before one with which its colour is compared
LIKENESS_LOTS = 60  # newest lots that are asked about likeness


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal of a lot in a charted series, before it is weighed: `value` is what is held against the agreed limits."""

    series_id: UUID
    lot_id: UUID
    kind: str
    value: float
    centre: float
    chance: float
    facts: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Charted:
    """The signals of a block, and for each of its series with lots: how many, how many the period at work lacks, and the newest day."""

    seen: list[Seen]
    series: IntArray
    lots: IntArray
    missing: IntArray
    newest: IntArray

    def changed(self, block: Block) -> NDArray[np.bool_]:
        """Which of these series have other counts than were kept."""
        kept = block.known[self.series]
        return (kept["lots"] != self.lots) | (kept["missing"] != self.missing) | (kept["newest"] != self.newest)


Cuts = Mapping[UUID, Sequence[tuple[UUID, int]]]


def charted(block: Block, cuts: Cuts, only: set[UUID] | None = None) -> Charted:
    """The default rules on every series of a block. `cuts`: change points of a series, each with its lot and the day of that lot."""
    starts, lengths = _periods(block, cuts)
    begun_at: list[_Signal] = []
    for length in np.unique(lengths[lengths > FIRST_FIT]).tolist():
        chosen = starts[lengths == length]
        for at in range(0, len(chosen), CHUNK):
            places = chosen[at : at + CHUNK, None] + np.arange(length)
            begun_at += _signals(block, places, flagged(block.means[places], block.deviations[places], block.numbers[places]), only)
    lots = block.lot_ids([one.place for one in begun_at])
    seen = [Seen(one.series_id, lot, *one[2:]) for one, lot in zip(begun_at, lots, strict=True)]
    firsts = block.starts
    totals = np.diff(np.append(firsts, len(block.series)))
    last = lengths[np.searchsorted(starts, firsts + totals) - 1] if len(firsts) else totals
    return Charted(seen, block.series[firsts], totals, np.maximum(0, FIRST_FIT - last), block.days[firsts + totals - 1])


def _periods(block: Block, cuts: Cuts) -> tuple[IntArray, IntArray]:
    """The first lot of each period and how many lots it has."""
    edges = [block.starts]
    if cuts:
        numbers = {block.series_id(number): number for number in np.unique(block.series).tolist()}
        known = {numbers[series]: points for series, points in cuts.items() if series in numbers}
        edges.append(np.fromiter(_cut(block, known), np.int64))
    starts = np.unique(np.concatenate(edges)).astype(np.int64)
    return starts, np.diff(np.append(starts, len(block.series)))


def _cut(block: Block, cuts: Mapping[int, Sequence[tuple[UUID, int]]]) -> Iterator[int]:
    """The place of each change point; a lot that its series lacks counts by its day."""
    spans = [np.searchsorted(block.series, [number, number + 1]).tolist() for number in cuts]
    lots = iter(block.lot_ids([place for first, end in spans for place in range(first, end)]))
    for (first, end), points in zip(spans, cuts.values(), strict=True):
        mine = list(islice(lots, end - first))
        for lot_id, day in points:
            place = first + (mine.index(lot_id) if lot_id in mine else int(np.searchsorted(block.days[first:end], day)))
            if first < place < end:
                yield place


class _Signal(NamedTuple):
    """Where a signal begins, before its lot is asked for."""

    series_id: UUID
    place: int
    kind: str
    value: float
    centre: float
    chance: float
    facts: Mapping[str, Any]


def _signals(block: Block, places: IntArray, flags: Flags, only: set[UUID] | None) -> Iterator[_Signal]:
    for kind, marks in ((Kind.BEYOND, flags.beyond), (Kind.EWMA, flags.moved), (Kind.EVEN, flags.even)):
        for row, column in zip(*np.nonzero(marks), strict=True):
            series_id, place = block.series_id(int(block.series[places[row, column]])), int(places[row, column])
            if only is None or series_id in only:
                value, chance, facts = _facts(kind, flags, row, column, block, place)
                yield _Signal(series_id, place, kind, value, float(flags.centre[row, column]), chance, facts)


def _facts(kind: str, flags: Flags, row: int, column: int, block: Block, place: int) -> tuple[float, float, dict[str, Any]]:
    centre, sigma, mean = (float(each) for each in (flags.centre[row, column], flags.sigma[row, column], block.means[place]))
    fitted = FIRST_FIT if column < SECOND_FIT else SECOND_FIT
    if kind == Kind.EVEN:
        spread, usual, n = float(block.deviations[place]), float(flags.usual[row, column]), int(block.numbers[place])
        chance = float(scipy.stats.chi2.cdf((n - 1) * EVEN_SHARE**2, n - 1)) ** EVEN_RUN
        return mean, chance, {"spread": said(spread), "usual": said(usual), "run": EVEN_RUN, "fitted": fitted}
    value, half = mean, WIDTH * sigma
    if kind == Kind.EWMA:
        value, half = float(flags.average[row, column]), float(flags.average_half[row, column])
    facts = {"value": said(value), "centre": said(centre), "low": said(centre - half), "high": said(centre + half), "fitted": fitted}
    return value, chance_beyond(WIDTH * (value - centre) / half), facts


def said(value: float) -> str:
    """A number of a chart as text, to the digits that mean something.

    >>> said(38.519999), said(-0.00001)
    ('38.52', '-1e-05')
    """
    return f"{value:.5g}"


def colour_signals(series: Series) -> Iterator[tuple[UUID, Found]]:
    """Drift of L*, a* and b*, and two lots that differ from each other by more than a lot may; colour by colour."""
    for colour in sorted(set(series.colours)):
        one = series.of_colour(colour) if len(set(series.colours)) > 1 else series
        if len(one):
            means = np.array([each.mean(axis=0) for each in one.readings if len(each)], dtype=np.float64)
            if len(means) == len(one):
                yield from _drifts(one, means)
                yield from _pairs(one, means)


def _drifts(series: Series, means: FloatArray) -> Iterator[tuple[UUID, Found]]:
    for start, end in series.periods:
        lines = watched(np.ascontiguousarray(means[start:end].T))
        for axis, lot in zip(*np.nonzero(begun(lines.moved)), strict=True):
            value, centre, half = (float(each[axis, lot]) for each in (lines.average, lines.centre, lines.average_half))
            facts = {"value": said(value), "centre": said(centre), "low": said(centre - half), "high": said(centre + half)}
            facts["fitted"] = str(FIRST_FIT if lot < SECOND_FIT else SECOND_FIT)
            yield series.lots[start + lot], Found(DRIFTS[axis], facts, 2, certainty_of(chance_beyond(WIDTH * (value - centre) / half)))


def _pairs(series: Series, means: FloatArray) -> Iterator[tuple[UUID, Found]]:
    """Each lot against those before it; of a stretch of such lots the first."""
    first, second = means[:, None, :], means[None, :, :]
    apart = ciede2000(first, second) if series.formula == "ciede2000" else np.maximum(_cmc(first, second), _cmc(second, first))
    places = np.arange(len(means))
    behind = (places[:, None] > places) & (places[:, None] - places <= PAIRS_WITHIN)
    apart = np.where(behind, apart, 0.0)
    limits = np.array([_pair_limit(bounds) for bounds in series.bounds])
    for lot in np.flatnonzero(begun(apart.max(axis=1) > limits)).tolist():
        other = int(apart[lot].argmax())
        facts = {
            "delta_e": f"{apart[lot, other]:.2f}",
            "limit": f"{limits[lot]:g}",
            "other": series.lot_nos[other],
            "colour": series.colours[lot],
        }
        yield series.lots[lot], Found(Kind.LOT_TO_LOT, facts, 3, 2)


def _cmc(reference: FloatArray, sample: FloatArray) -> FloatArray:
    found: FloatArray = np.asarray(cmc(reference=reference, sample=sample, lightness=2.0, chroma=1.0))
    return found


def _pair_limit(bounds: Any) -> float:
    """What two lots may differ by: as agreed for lots, else as much as each may differ from the sample."""
    limit = bounds.lot_delta_e_max if bounds.lot_delta_e_max is not None else bounds.upper
    return float("inf") if limit is None else float(limit)


def likeness(series: Series) -> Iterator[tuple[UUID | None, Found]]:
    """Readings that look alike more than measuring makes them, among the newest lots: a question, never a proof."""
    newest = slice(max(0, len(series) - LIKENESS_LOTS), None)
    lots, numbers, readings = series.lots[newest], series.lot_nos[newest], series.readings[newest]
    sizes = [len(each) for each in readings]
    usual = max(set(sizes), key=sizes.count, default=0)
    of = [place for place, size in enumerate(sizes) if size == usual]
    if usual >= 2 and len(of) >= 2:
        found = exact_repeats(np.array([readings[place] for place in of]), decimals=series.decimals)
        if found.looks_alike and found.chance is not None:
            for at in found.places:
                again = sorted(readings[of[at - 1]])
                first = next(place for place in of if sorted(readings[place]) == again)
                facts = {"other": numbers[first], "n": usual, "chance": f"{found.chance:.1g}"}
                yield lots[of[at - 1]], Found(Kind.REPEATED, facts, 2, certainty_of(found.chance))
    every = np.concatenate(readings) if readings else np.zeros(0)
    digits = terminal_digits(every, decimals=series.decimals) if len(every) else None
    if digits is not None and digits.looks_alike and digits.chance is not None and digits.expected is not None:
        digit = round(abs(float(every[digits.places[0] - 1])) * 10**series.decimals) % 10
        facts = {"digit": digit, "count": digits.count, "n": digits.n, "expected": said(digits.expected), "chance": f"{digits.chance:.1g}"}
        yield None, Found(Kind.DIGITS, facts, 2, certainty_of(digits.chance))
