"""What may be published of a count of firms: no cell under five, and none that the others give away.

A table is its *lines*: each line is a total and the parts that sum to it (a row, a column, a district and its towns). Whoever reads the
table may add and subtract along every line, so a small cell is safe only while no such sum ends at it. Every measure of a cell (firms,
confirmed, weight) is hidden with its count. Zero is no firm, so it is published and hides nothing.

Idea: primary and secondary cell suppression as statistical offices do it (Hundepool et al., Statistical Disclosure Control, 2012, ch. 4;
chapter unread). Here a cell is safe against *linear* solving, each group that a line gives away is of five firms or more, and no count
is the only one possible: whoever sees five hidden cells leave five firms knows that each holds one, since a cell without a firm is not hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

MINIMUM = 5
ALL = "*"  # the total of an axis
EFFORT = 200
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, eq=False)  # a line is itself: told by its cells it would be slow to look up
class Line(Generic[K]):
    """``total`` counts the firms of all ``parts``, each once."""

    total: K
    parts: tuple[K, ...]


def count_shown(firms: int, *, minimum: int = MINIMUM) -> int | None:
    """A count that stands alone: None from one to four firms. Zero is said."""
    return None if 0 < firms < minimum else firms


def may_stand_beside(inner: int, outer: int, *, minimum: int = MINIMUM) -> bool:
    """Whether two counts, one of firms that are all among the other's, may both be shown: what lies between is nobody, or enough."""
    small = any(count_shown(n, minimum=minimum) is None for n in (inner, outer))
    return not small and count_shown(outer - inner, minimum=minimum) is not None


def hidden_parts(parts: Mapping[K, int], *, minimum: int = MINIMUM) -> set[K]:
    """Which parts of one list are hidden when its total is known to the reader as well (a chart of parts, a funnel by kind)."""
    total: tuple[str, ...] = (ALL,)
    counts: dict[Hashable, int] = {total: sum(parts.values())}
    counts.update(parts.items())
    hidden = hidden_cells(counts, [Line(total, tuple(parts))], minimum=minimum)
    return {key for key in parts if key in hidden}


def hidden_cells(counts: Mapping[K, int], lines: Iterable[Line[K]], *, minimum: int = MINIMUM) -> set[K]:
    """Every cell that must not be shown: the small ones, and as many more as it takes that nobody can solve for them.

    Args:
        counts: Firms per cell, totals included; a cell that is missing counts zero.
        lines: Every sum the reader knows to hold, over all cuts, filters and levels that are published together.
        minimum: The least number of firms that is shown.
    Raises:
        ValueError: a total is not the sum of its parts, or a count is negative.

    >>> sorted(hidden_cells({"a": 2, "b": 7, "c": 30, "sum": 39}, [Line("sum", ("a", "b", "c"))]))
    ['a', 'b']
    """
    known = list(lines)
    _check(counts, known)
    through: dict[K, list[Line[K]]] = {}
    for line in known:
        for key in (line.total, *line.parts):
            through.setdefault(key, []).append(line)
    hidden = {key for key, n in counts.items() if 0 < n < minimum}
    open_to: set[K] = set()
    while True:
        more = (
            _mend_lines(counts, through, hidden, minimum)
            or _mend_solved(counts, known, hidden, minimum)
            or _mend_certain(counts, through, hidden, minimum, open_to)
        )
        if not more:
            return hidden
        hidden |= more


def may_all_be_known(figures: Sequence[Collection[K]], *, minimum: int = MINIMUM) -> bool:
    """Whether nobody who adds and subtracts these figures, whenever they were published, is left with fewer than ``minimum`` firms.

    Each figure is a sum over a group of firms, given as its members; a mean with its count is one. Firms that stand in the same figures are a
    block: no combination of the figures holds a part of it. So it is enough that no combination consists of small blocks alone, which is so
    where the figures depend on each other over the large blocks no more than over all of them.

    Idea: what is published again changes by groups, as in m-invariance (X. Xiao, Y. Tao, SIGMOD 2007; abstract read).

    >>> ten = set("abcdefghij")
    >>> [may_all_be_known([ten, again]) for again in (ten, ten - {"a"}, ten | {"k"}, ten - set("abcde"))]
    [True, False, False, True]
    """
    stands: dict[K, tuple[int, ...]] = {}
    for number, members in enumerate(figures):
        for key in members:
            stands[key] = (*stands.get(key, ()), number)
    sizes = Counter(stands.values())

    def rank(least: int) -> int:
        blocks = [block for block, n in sizes.items() if n >= least]
        return len(_reduced({block: Fraction(1) for block in blocks if number in block} for number in range(len(figures))))

    return rank(1) == rank(minimum)


def merged_rest(counts: Mapping[K, int], line: Line[K], hidden: set[K]) -> tuple[int, int]:
    """(how many parts, how many firms) of a line are merged: what total and shown parts leave. (0, 0) where the total is hidden."""
    if line.total in hidden:
        return 0, 0
    rest = [part for part in line.parts if part in hidden]
    return len(rest), sum(counts.get(part, 0) for part in rest)


def crossed(row_lines: Sequence[Line[str]], columns: Sequence[str]) -> list[Line[tuple[str, str]]]:
    """The lines of a table of rows (a hierarchy: city, districts, towns) by columns, each row with its total ``ALL``.

    Keys are (row, column). Give every level at once: a district that is hidden on one page must not follow from its towns on another.
    """
    wide = (*columns, ALL)
    rows = dict.fromkeys(row for line in row_lines for row in (line.total, *line.parts))
    down = [Line((line.total, column), tuple((part, column) for part in line.parts)) for line in row_lines for column in wide]
    across = [Line((row, ALL), tuple((row, column) for column in columns)) for row in rows]
    return down + across


def totals_of(leaves: Mapping[tuple[str, str], int], row_lines: Sequence[Line[str]], columns: Sequence[str]) -> dict[tuple[str, str], int]:
    """All cells of ``crossed`` from the lowest ones. ``row_lines`` go from the top down."""
    counts = {key: n for key, n in leaves.items() if n}
    for line in reversed(row_lines):
        for column in columns:
            n = sum(counts.get((part, column), 0) for part in line.parts)
            if n:
                counts[line.total, column] = n
    rows = dict.fromkeys(row for line in row_lines for row in (line.total, *line.parts))
    for row in rows:
        n = sum(counts.get((row, column), 0) for column in columns)
        if n:
            counts[row, ALL] = n
    return counts


def _check(counts: Mapping[K, int], lines: Sequence[Line[K]]) -> None:
    if any(n < 0 for n in counts.values()):
        raise ValueError("counts: a number of firms is negative")
    for line in lines:
        if counts.get(line.total, 0) != sum(counts.get(part, 0) for part in line.parts):
            raise ValueError(f"lines: {line.total!r} is not the sum of its parts")


def _mend_lines(counts: Mapping[K, int], through: Mapping[K, list[Line[K]]], hidden: set[K], minimum: int) -> set[K]:
    """More cells for the lines through hidden ones that give a small cell, or a group of fewer than ``minimum`` firms, away."""
    more: set[K] = set()
    for line in dict.fromkeys(line for key in counts if key in hidden for line in through.get(key, ())):
        while _gives_away(counts, line, hidden | more, minimum):
            more.add(_next_to_hide(counts, line, through, hidden | more))
    return more


def _gives_away(counts: Mapping[K, int], line: Line[K], hidden: set[K], minimum: int) -> bool:
    rest = [part for part in line.parts if part in hidden]
    if line.total in hidden:
        return not rest
    return bool(rest) and (len(rest) == 1 or sum(counts.get(part, 0) for part in rest) < minimum)


def _next_to_hide(counts: Mapping[K, int], line: Line[K], through: Mapping[K, list[Line[K]]], hidden: set[K]) -> K:
    """The part whose other lines hide something already, so that it draws no further cell after it; of those the smallest.

    Where no part with a firm is left, the total itself.
    """

    def cost(part: K) -> tuple[int, int]:
        return sum(hidden.isdisjoint((other.total, *other.parts)) for other in through[part] if other is not line), counts[part]

    shown = [part for part in line.parts if part not in hidden and counts.get(part, 0)]
    return min(shown, key=cost, default=line.total)


def _mend_solved(counts: Mapping[K, int], lines: Sequence[Line[K]], hidden: set[K], minimum: int) -> set[K]:
    """One more cell for the first group of fewer than ``minimum`` firms that follows from several lines together."""
    for group in solved_groups(lines, hidden):
        if 0 < sum(counts.get(key, 0) for key in group) < minimum:
            return _one_more(counts, lines, group, hidden)
    return set()


def _mend_certain(counts: Mapping[K, int], through: Mapping[K, list[Line[K]]], hidden: set[K], minimum: int, open_to: set[K]) -> set[K]:
    """One more cell for the first small one that could hold no other count. ``open_to`` keeps those that can: hiding more takes none away."""
    for key in [key for key in counts if key in hidden and counts[key] < minimum]:
        if key not in open_to:
            change = another_table(counts, key, through, hidden)
            if change is None:
                lines = dict.fromkeys(line for lines in through.values() for line in lines)
                return _one_more(counts, list(lines), (key,), hidden)
            open_to |= set(change)
    return set()


def _one_more(counts: Mapping[K, int], lines: Sequence[Line[K]], group: Sequence[K], hidden: set[K]) -> set[K]:
    """The smallest shown cell on a line with the group; where everything there is hidden already, the smallest of all."""
    near = [line for line in lines if any(key in group for key in (line.total, *line.parts))]
    for around in (near, lines):
        shown = [key for line in around for key in (*line.parts, line.total) if key not in hidden and counts.get(key, 0)]
        if shown:
            return {min(shown, key=lambda key: counts[key])}
    return set()


def another_table(counts: Mapping[K, int], key: K, through: Mapping[K, list[Line[K]]], hidden: set[K]) -> dict[K, int] | None:
    """What to add to hidden cells, ``key`` among them, so that the reader could have before him the other table just as well.

    Every line still sums, and every hidden cell still holds a firm, since one without a firm is shown. None where none was found in
    ``EFFORT`` steps: the cell then counts as known, and hiding more than need be is never wrong.
    """
    for sign in (1, -1):
        if counts[key] + sign >= 1:
            found = _balanced(counts, {key: sign}, through, hidden, [EFFORT])
            if found is not None:
                return found
    return None


def _balanced(
    counts: Mapping[K, int], change: dict[K, int], through: Mapping[K, list[Line[K]]], hidden: set[K], left: list[int]
) -> dict[K, int] | None:
    """The change with as many more cells as it takes that every line sums: the line with the fewest ways first, and of them the nearest."""
    off = _off(change, through)
    if not off:
        return change
    left[0] -= 1
    if left[0] < 0:
        return None
    ways = min(([*_ways(line, by, counts, change, hidden)] for line, by in off.items()), key=len)
    for key, n in sorted(ways, key=lambda way: sum(map(abs, _off({**change, way[0]: way[1]}, through).values()))):
        found = _balanced(counts, {**change, key: n}, through, hidden, left)
        if found is not None:
            return found
    return None


def _ways(line: Line[K], by: int, counts: Mapping[K, int], change: Mapping[K, int], hidden: set[K]) -> Iterator[tuple[K, int]]:
    """Hidden cells not yet changed that bring a line nearer to its sum."""
    step = 1 if by < 0 else -1
    for key, n in ((line.total, -step), *((part, step) for part in line.parts)):
        if key in hidden and key not in change and counts[key] + n >= 1:
            yield key, n


def _off(change: Mapping[K, int], through: Mapping[K, list[Line[K]]]) -> dict[Line[K], int]:
    """The lines that no longer sum, and by how much their parts are too many."""
    off: dict[Line[K], int] = {}
    for key, n in change.items():
        for line in through.get(key, ()):
            off[line] = off.get(line, 0) + (-n if key == line.total else n)
    return {line: by for line, by in off.items() if by}


def solved_groups(lines: Iterable[Line[K]], hidden: set[K]) -> Iterator[tuple[K, ...]]:
    """Groups of hidden cells whose sum follows from what is shown. A group of one is a hidden cell that is solved; all such are given.

    The lines restricted to hidden cells are brought to reduced row echelon form; a row of one sign is a sum that the reader knows.
    """
    for row in _reduced(_equation(line, hidden) for line in lines):
        signs = {value > 0 for value in row.values()}
        if len(signs) == 1:
            yield tuple(row)


def _equation(line: Line[K], hidden: set[K]) -> dict[K, Fraction]:
    row = {part: Fraction(1) for part in line.parts if part in hidden}
    return {**row, line.total: Fraction(-1)} if line.total in hidden else row


def _reduced(rows: Iterable[dict[K, Fraction]]) -> list[dict[K, Fraction]]:
    """Gauss-Jordan over exact fractions, rows as {cell: coefficient}; such tables are sparse and their coefficients stay -1, 0, 1."""
    done: dict[K, dict[K, Fraction]] = {}
    for raw in rows:
        row = dict(raw)
        for pivot in [key for key in row if key in done]:
            _take(row, done[pivot], row[pivot])
        if not row:
            continue
        pivot, by = next(iter(row.items()))
        row = {key: value / by for key, value in row.items()}
        for other in done.values():
            if pivot in other:
                _take(other, row, other[pivot])
        done[pivot] = row
    return list(done.values())


def _take(row: dict[K, Fraction], other: Mapping[K, Fraction], times: Fraction) -> None:
    for key, value in other.items():
        left = row.get(key, Fraction(0)) - times * value
        if left:
            row[key] = left
        else:
            row.pop(key, None)
