"""The chain map's arithmetic: cells from counted lines, measures from cells, and what of them may be shown. Pure.

A cell is (place, node, size); an empty node or size is "all of them". Shares are whole per cent: more would be a precision that counts of
a few firms do not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from oversight.suppression import MINIMUM, Line, hidden_cells

UNSAID = "unsaid"
SIZES = ("micro", "small", "medium", "large", UNSAID)
MEASURES = ("firms", "above_scale", "certified", "signed")
# Output of a year in million yuan: the upper end of each band; the last has none.
BANDS = (20, 100, 400, 2000, None)
MEMBERS = "Σ"  # a place's or a size's firms, one with two nodes counted twice: what the nodes beside each other sum to
REST = "?"  # firms of a place that name none of its towns
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Counts:
    """Firms and how many of them; None was not counted."""

    firms: int = 0
    above_scale: int | None = None
    certified: int | None = None
    signed: int | None = None
    output_band: int | None = None

    def plus(self, other: Counts) -> Counts:
        """Both together. A part that either did not count is not known of both; a band of a sum neither."""
        return Counts(
            self.firms + other.firms,
            _sum(self.above_scale, other.above_scale),
            _sum(self.certified, other.certified),
            _sum(self.signed, other.signed),
        )

    def share(self, measure: str) -> int | None:
        """Per cent of the firms; None where it was not counted or there is no firm."""
        part = getattr(self, measure)
        if part is None or not self.firms:
            return None
        return round(100 * part / self.firms)


@dataclass(frozen=True)
class Counted:
    """One line as it is stored: of a place under a parent."""

    parent: str
    place: str
    node: str
    size: str
    counts: Counts


@dataclass(frozen=True)
class Shown:
    """What a page may say: cells by key, and the keys that are merged to protect firms."""

    cells: Mapping[Key, Counts]
    hidden: frozenset[Key]

    def at(self, place: str, node: str = "", size: str = "") -> Counts | None:
        """The counts of a cell; None where it is merged. No firm is said as none."""
        key = (place, node, size)
        return None if key in self.hidden else self.cells.get(key, Counts(0, 0, 0, 0))


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def quarter_of(day: date) -> str:
    """
    >>> quarter_of(date(2026, 11, 23))
    '2026Q4'
    """
    return f"{day.year}Q{(day.month + 2) // 3}"


def first_day_of(quarter: str) -> date:
    """
    >>> first_day_of("2026Q4")
    datetime.date(2026, 10, 1)
    """
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def day_before_quarter(quarter: str) -> date:
    """The last day of the quarter before.

    >>> day_before_quarter("2026Q4")
    datetime.date(2026, 9, 30)
    """
    return first_day_of(quarter) - timedelta(days=1)


def cells_of(lines: Iterable[Counted], city: str, places: Sequence[str]) -> dict[Key, Counts]:
    """Every cell that is asked for, from lines that may or may not split by node and size.

    Where a source gives a total beside its parts the total counts; else the parts are added. The city is the sum of its ``places``; a
    district's own figure comes from its own lines, never from its towns.
    """
    given: dict[Key, Counts] = {}
    for line in lines:
        key = (line.place, line.node, line.size)
        given[key] = given[key].plus(line.counts) if key in given else line.counts
    cells = _with_totals(_with_totals(given, 2), 1)
    for place in places:
        for key in [key for key in cells if key[0] == place]:
            _add(cells, (city, key[1], key[2]), cells[key])
    return cells


def _with_totals(given: Mapping[Key, Counts], axis: int) -> dict[Key, Counts]:
    """The cells with the sum over one axis, where the source does not say it itself."""
    out = dict(given)
    for key, counts in given.items():
        total = (key[0], "", key[2]) if axis == 1 else (key[0], key[1], "")
        if key[axis] and total not in given:
            _add(out, total, counts)
    return out


def _add(cells: dict[Key, Counts], key: Key, counts: Counts) -> None:
    cells[key] = cells[key].plus(counts) if key in cells else replace(counts, output_band=None)


def shown_of(cells: Mapping[Key, Counts], tree: Mapping[str, Sequence[str]], nodes: Sequence[str]) -> Shown:
    """The cells with those under five firms taken out, and as many more as it takes that nobody can solve for them.

    ``tree`` names the places under each place that is drawn, from the top. All levels, matrices and size tables are weighed together:
    what one page hides does not follow from another. Firms of other nodes or sizes than these are left to the totals.
    """
    firms = tuple(sorted((key, counts.firms) for key, counts in cells.items() if counts.firms))
    branches = tuple((parent, tuple(parts)) for parent, parts in tree.items())
    return Shown(cells, _hidden(firms, branches, tuple(nodes)))


@lru_cache(maxsize=64)
def _hidden(firms: tuple[tuple[Key, int], ...], tree: tuple[tuple[str, tuple[str, ...]], ...], nodes: tuple[str, ...]) -> frozenset[Key]:
    counts = dict(firms)
    hidden = _by_place_and_node(counts, tree, nodes)
    hidden |= {key for key in counts if key[2] and 0 < counts[key] < MINIMUM}
    drawn = {parent for parent, _parts in tree}
    for parent, parts in tree:
        hidden |= _sizes_hidden(counts, parent, nodes, hidden, inner=[part for part in parts if part in drawn])
    return frozenset(hidden)


def _by_place_and_node(counts: dict[Key, int], tree: tuple[tuple[str, tuple[str, ...]], ...], nodes: tuple[str, ...]) -> set[Key]:
    """What is hidden of places × nodes. Where the towns' detail would cost a figure of the city, the detail gives way, then the towns."""
    alone, towns = tree[:1], [part for _parent, parts in tree[1:] for part in parts]
    of_the_city = _solved_for(counts, _across(counts, alone, nodes) + _down(counts, alone, nodes))
    for detail in (nodes, ()):
        hidden = _solved_for(
            counts, _across(counts, alone if not detail else tree, nodes) + _down(counts, alone, nodes) + _down(counts, tree[1:], detail)
        )
        if not {key for key in hidden - of_the_city if key[0] not in towns and REST not in key[0]}:
            return hidden if detail else hidden | {(town, node, "") for town in towns for node in nodes}
    return of_the_city | {(town, node, "") for town in towns for node in ("", *nodes)}


def _solved_for(counts: Mapping[Key, int], lines: Sequence[Line[Key]]) -> set[Key]:
    asked = {key for line in lines for key in (line.total, *line.parts)}
    hidden = hidden_cells({key: n for key, n in counts.items() if key in asked}, lines)
    # Where not even the sum of its nodes may be said, a place's own total may not.
    return hidden | {(place, "", "") for place, node, _size in hidden if node == MEMBERS}


def _across(counts: dict[Key, int], tree: tuple[tuple[str, tuple[str, ...]], ...], nodes: tuple[str, ...]) -> list[Line[Key]]:
    """Nodes of a place sum to its memberships. A firm with two nodes stands at both; but most have one: the sum is taken as known."""
    lines: list[Line[Key]] = []
    for place in dict.fromkeys(each for parent, parts in tree for each in (parent, *parts)):
        parts = tuple((place, node, "") for node in nodes)
        counts[place, MEMBERS, ""] = sum(counts.get(part, 0) for part in parts)
        lines.append(Line((place, MEMBERS, ""), parts))
    return lines


def _down(counts: dict[Key, int], tree: tuple[tuple[str, tuple[str, ...]], ...], nodes: tuple[str, ...]) -> list[Line[Key]]:
    """Places sum to the place above them, with a rest for firms that name none; where a source says less than its parts, no sum is known."""
    lines: list[Line[Key]] = []
    for parent, parts in tree:
        for node in ("", MEMBERS, *nodes):
            cells = tuple((part, node, "") for part in parts)
            rest = counts.get((parent, node, ""), 0) - sum(counts.get(cell, 0) for cell in cells)
            if rest < 0:
                continue
            if rest:
                counts[parent + REST, node, ""] = rest
                cells = (*cells, (parent + REST, node, ""))
            lines.append(Line((parent, node, ""), cells))
    return lines


def _sizes_hidden(counts: Mapping[Key, int], place: str, nodes: Sequence[str], hidden: set[Key], *, inner: Sequence[str]) -> set[Key]:
    """The size classes of a place, node by node: a node's row is shown whole or not at all, so no row gives a cell of its own away.

    What the row of all nodes leaves of a class for the hidden rows, and what a drawn part of the place leaves, is of five firms or nobody.
    """
    rows = ("", *nodes)
    shut = {node for node in rows if (place, node, "") in hidden or any((place, node, size) in hidden for size in SIZES)}
    for part in inner:
        shut |= {
            node for node in rows if any(0 < counts.get((place, node, s), 0) - counts.get((part, node, s), 0) < MINIMUM for s in SIZES)
        }
    while "" not in shut and shut and _rows_solve(counts, place, shut):
        shown = [node for node in nodes if node not in shut and counts.get((place, node, ""), 0)]
        shut.add(min(shown, key=lambda node: counts[place, node, ""], default=""))
    return {(place, node, size) for node in shut for size in SIZES}


def _rows_solve(counts: Mapping[Key, int], place: str, shut: set[str]) -> bool:
    left = [sum(counts.get((place, node, size), 0) for node in shut) for size in SIZES]
    with_firms = [node for node in shut if any(counts.get((place, node, size), 0) for size in SIZES)]
    return len(with_firms) == 1 or any(0 < n < MINIMUM for n in left)
