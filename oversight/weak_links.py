"""Counts of firms into published figures: what is hidden, and of the rest share, index, expectation and standing. Pure.

METHOD names these rules; a change of them is a new name, and what was published stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oversight.suppression import ALL, Line, crossed, hidden_cells, totals_of
from qualitystats.small_areas import BetaPrior, beta_prior, funnel_limits, shrunken_share, wilson_interval

METHOD = "weak-link-1"
# Of a firm's worst in the quarter, in hundredths. Critical is the law or a person's safety: whole. A minor one is a quarter, so that four
# firms with a slip weigh as one that is unsafe; major lies between, nearer the top, since it may reach a customer.
WEIGHTS = {"minor": 25, "major": 60, "critical": 100}
INNER, OUTER = 0.025, 0.001  # two-sided 95 % and 99.8 %, as funnel plots are usually drawn
CITY, NOWHERE = "330200", "-"
Cell = tuple[str, str]  # (place, step of the chain); "*" is every step


@dataclass(frozen=True)
class Tally:
    """Firms looked at, and of them those whose worst was minor, major, critical."""

    firms: int = 0
    minor: int = 0
    major: int = 0
    critical: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.firms + other.firms, self.minor + other.minor, self.major + other.major, self.critical + other.critical)

    @property
    def confirmed(self) -> int:
        return self.minor + self.major + self.critical

    @property
    def weighed(self) -> float:
        """The firms with a nonconformity, each by its worst; 0 to `firms`."""
        return (WEIGHTS["minor"] * self.minor + WEIGHTS["major"] * self.major + WEIGHTS["critical"] * self.critical) / 100

    @property
    def weighed_squares(self) -> float:
        """The sum of the squares of the same weights."""
        return (WEIGHTS["minor"] ** 2 * self.minor + WEIGHTS["major"] ** 2 * self.major + WEIGHTS["critical"] ** 2 * self.critical) / 10_000


@dataclass(frozen=True)
class Figure:
    """What is published of a cell; `tally` None: hidden. Shares in ten-thousandths."""

    cell: Cell
    tally: Tally | None
    share: int | None = None
    lower: int | None = None
    upper: int | None = None
    shrunken: int | None = None
    standing: str = ""


@dataclass(frozen=True)
class Ground:
    """The city, its places, and the towns of those places whose towns are told apart."""

    districts: tuple[str, ...]
    towns: Mapping[str, tuple[str, ...]]
    nodes: tuple[str, ...]

    def lines(self) -> list[Line[str]]:
        """City into districts, districts into towns, from the top down; who has no place is a place of its own, never shown."""
        inner = [Line(district, (*towns, district + NOWHERE)) for district, towns in self.towns.items()]
        return [Line(CITY, (*self.districts, NOWHERE)), *inner]

    def leaf(self, region: str, town: str) -> str:
        """The lowest place that a firm counts in."""
        if region not in self.districts:
            return NOWHERE
        if region not in self.towns:
            return region
        return town if town in self.towns[region] else region + NOWHERE

    def columns(self) -> tuple[str, ...]:
        return (*self.nodes, NOWHERE)


def gathered(rows: Iterable[tuple[str, str, str, Tally]], ground: Ground) -> dict[Cell, Tally]:
    """(region, town, node, tally) -> the lowest cells."""
    leaves: dict[Cell, Tally] = {}
    for region, town, node, tally in rows:
        cell = (ground.leaf(region, town), node if node in ground.nodes else NOWHERE)
        leaves[cell] = leaves.get(cell, Tally()) + tally
    return leaves


def figures_of(leaves: Mapping[Cell, Tally], ground: Ground) -> list[Figure]:
    """Every cell with a firm, of every level at once: a cell that one page hides must not follow from another page."""
    lines, columns = ground.lines(), ground.columns()
    tallies = _summed(leaves, lines, columns)
    hidden = hidden_cells({cell: tally.firms for cell, tally in tallies.items()}, crossed(lines, columns))
    shown = {cell: tally for cell, tally in tallies.items() if cell not in hidden}
    # What all places have in common is taken from shown cells only, else it would tell of hidden ones.
    whole = shown.get((CITY, ALL))
    prior = _prior(tally for (place, node), tally in shown.items() if place in ground.districts and node in ground.nodes)
    known = {CITY, *ground.districts, *(town for towns in ground.towns.values() for town in towns)}
    told = [cell for cell in tallies if cell[0] in known and cell[1] != NOWHERE]
    return [_figure(cell, shown.get(cell), prior, whole) for cell in sorted(told)]


def _summed(leaves: Mapping[Cell, Tally], lines: Sequence[Line[str]], columns: Sequence[str]) -> dict[Cell, Tally]:
    fields = ("firms", "minor", "major", "critical")
    sums = [totals_of({cell: getattr(tally, field) for cell, tally in leaves.items()}, lines, columns) for field in fields]
    return {cell: Tally(*(each.get(cell, 0) for each in sums)) for cell in sums[0]}


def _prior(tallies: Iterable[Tally]) -> BetaPrior | None:
    known = list(tallies)
    squares = sum(tally.weighed_squares for tally in known)
    return beta_prior([tally.weighed for tally in known], [tally.firms for tally in known], square_sum=squares)


def _figure(cell: Cell, tally: Tally | None, prior: BetaPrior | None, whole: Tally | None) -> Figure:
    if tally is None:
        return Figure(cell, None)
    known = wilson_interval(tally.weighed, n=tally.firms)
    expected = shrunken_share(tally.weighed, n=tally.firms, prior=prior) if prior else None
    return Figure(
        cell,
        tally,
        share=_parts(tally.weighed / tally.firms),
        lower=_parts(known.lower),
        upper=_parts(known.upper),
        shrunken=None if expected is None else _parts(expected),
        standing="" if whole is None or cell == (CITY, ALL) else standing_of(tally, whole),
    )


def standing_of(tally: Tally, whole: Tally) -> str:
    """Where a cell's firms with a nonconformity lie in the funnel of the whole city, by exact limits."""
    share = whole.confirmed / whole.firms
    outer, inner = (funnel_limits(tally.firms, share=share, tail=tail) for tail in (OUTER, INNER))
    if tally.confirmed > outer.upper:
        return "far_above"
    if tally.confirmed > inner.upper:
        return "above"
    if tally.confirmed < outer.lower:
        return "far_below"
    return "below" if tally.confirmed < inner.lower else "within"


def funnel_lines(whole: Tally, *, largest: int, points: int = 40) -> Iterator[tuple[int, float, float, float, float]]:
    """(firms, outer lower, inner lower, inner upper, outer upper) as shares, for drawing the funnel from five firms on."""
    share = whole.confirmed / whole.firms
    step = max(1, (largest - 5) // points)
    for n in range(5, largest + step, step):
        outer, inner = (funnel_limits(n, share=share, tail=tail) for tail in (OUTER, INNER))
        yield n, outer.lower / n, inner.lower / n, inner.upper / n, outer.upper / n


def _parts(share: float) -> int:
    return round(share * 10_000)
