"""Whatever the counts, no small cell can be solved from what is published. The oracle is the rank of the reader's whole system."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.suppression import (
    ALL,
    Line,
    count_shown,
    crossed,
    hidden_cells,
    hidden_parts,
    may_all_be_known,
    may_stand_beside,
    merged_rest,
    totals_of,
)

TOWNS = ("t1", "t2", "t3")
DISTRICTS = ("d1", "d2", "d3")
NODES = ("yarn", "dye", "sew")
PLACES = [Line("city", DISTRICTS), Line("d1", TOWNS)]
LINES = crossed(PLACES, NODES)
LEAVES = [(place, node) for place in (*TOWNS, "d2", "d3") for node in NODES]
counts_of_leaves = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=len(LEAVES), max_size=len(LEAVES))


def table(values: list[int]) -> dict[tuple[str, str], int]:
    return totals_of(dict(zip(LEAVES, values, strict=True)), PLACES, NODES)


def solvable(group: tuple[tuple[str, str], ...], cells: list[tuple[str, str]], shown: set[tuple[str, str]]) -> bool:
    """Whether a reader who knows every line and every shown cell can work out the sum of the group."""
    at = {cell: number for number, cell in enumerate(cells)}
    rows = []
    for line in LINES:
        row = np.zeros(len(cells))
        row[at[line.total]] = -1
        for part in line.parts:
            row[at[part]] += 1
        rows.append(row)
    for cell in shown:
        row = np.zeros(len(cells))
        row[at[cell]] = 1
        rows.append(row)
    asked = np.zeros(len(cells))
    asked[[at[cell] for cell in group]] = 1
    system = np.array(rows)
    solution = np.linalg.lstsq(system.T, asked, rcond=None)[0]
    return bool(np.allclose(system.T @ solution, asked, atol=1e-8))


@settings(max_examples=25, deadline=None)
@given(counts_of_leaves)
def test_no_small_cell_and_no_small_pair_can_be_solved_from_what_is_published(values: list[int]) -> None:
    counts = table(values)
    cells = list(dict.fromkeys(cell for line in LINES for cell in (line.total, *line.parts)))
    hidden = hidden_cells(counts, LINES)
    shown = set(cells) - hidden
    assert all(count_shown(counts.get(cell, 0)) is not None for cell in shown)
    small = [cell for cell in cells if 0 < counts.get(cell, 0) < 5]
    assert not [cell for cell in small if solvable((cell,), cells, shown)]
    pairs = [pair for pair in combinations([cell for cell in small if cell[0] in TOWNS], 2) if sum(counts[c] for c in pair) < 5]
    assert not [pair for pair in pairs[:6] if solvable(pair, cells, shown)]


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), min_size=1))
def test_what_is_merged_in_a_list_is_nobody_or_five_firms(parts: dict[str, int]) -> None:
    line = Line("sum", tuple(parts))
    counts = {**parts, "sum": sum(parts.values())}
    hidden = hidden_cells(counts, [line])
    number, firms = merged_rest(counts, line, hidden)
    assert (number, firms) == (0, 0) or (number >= 2 and firms >= 5)
    assert hidden_parts(parts) == hidden - {"sum"}


def test_a_large_cell_is_hidden_where_it_alone_would_give_a_small_one_away() -> None:
    counts = {"a": 2, "b": 7, "c": 30, "sum": 39}
    assert hidden_cells(counts, [Line("sum", ("a", "b", "c"))]) == {"a", "b"}


def test_two_small_cells_that_sum_to_four_take_a_third_with_them() -> None:
    counts = {"a": 2, "b": 2, "c": 9, "d": 30, "sum": 43}
    assert hidden_cells(counts, [Line("sum", ("a", "b", "c", "d"))]) == {"a", "b", "c"}


def test_a_table_without_small_cells_hides_nothing() -> None:
    counts = {"a": 5, "b": 0, "sum": 5}
    assert hidden_cells(counts, [Line("sum", ("a", "b"))]) == set()


def test_where_no_part_is_left_to_hide_with_it_the_total_is_hidden() -> None:
    counts = {("d", "x"): 3, ("d", "y"): 0, ("d", ALL): 3, ("e", "x"): 9, ("e", "y"): 8, ("e", ALL): 17}
    counts |= {("c", "x"): 12, ("c", "y"): 8, ("c", ALL): 20}
    hidden = hidden_cells(counts, crossed([Line("c", ("d", "e"))], ("x", "y")))
    assert {("d", "x"), ("d", ALL), ("e", "x"), ("e", ALL)} <= hidden
    assert ("c", ALL) not in hidden


def test_a_total_that_is_not_its_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        hidden_cells({"a": 5, "sum": 6}, [Line("sum", ("a",))])


@pytest.mark.parametrize(
    ("inner", "outer", "fine"), [(5, 5, True), (5, 9, False), (5, 10, True), (4, 20, False), (0, 7, True), (0, 3, False)]
)
def test_two_nested_counts_stand_together_only_where_nobody_or_five_lie_between(inner: int, outer: int, fine: bool) -> None:
    assert may_stand_beside(inner, outer) is fine


FIRMS = range(13)
# What becomes of one firm in a month: it is in, and measured anew or not; or it is out.
months = st.lists(st.lists(st.sampled_from(["same", "same", "same", "anew", "out"]), min_size=len(FIRMS), max_size=len(FIRMS)), min_size=1, max_size=6)


def fewest_left(figures: list[set[tuple[int, int]]]) -> int:
    """The fewest firms, up to five, that any sum and difference of the figures is about. A figure's members are (firm, which of its changes)."""
    parts = sorted(set().union(*figures))
    system = np.array([[float(part in figure) for part in parts] for figure in figures])
    whole = np.linalg.matrix_rank(system)
    for size in range(1, 5):
        for some in combinations(FIRMS, size):
            # A combination that is about these firms alone vanishes with their columns, and with it a dimension.
            if np.linalg.matrix_rank(system[:, [part[0] not in some for part in parts]]) < whole:
                return size
    return 5


@settings(max_examples=15, deadline=None)
@given(months)
def test_whoever_reads_all_published_figures_is_left_with_five_firms_or_more(told: list[list[str]]) -> None:
    """Firms join, leave and measure anew by chance; what the rule lets through month by month is read by somebody who keeps it all."""
    version, published = dict.fromkeys(FIRMS, 0), list[set[tuple[int, int]]]()
    for month in told:
        for firm, what in zip(FIRMS, month, strict=True):
            version[firm] += what == "anew"
        figure = {(firm, version[firm]) for firm, what in zip(FIRMS, month, strict=True) if what != "out"}
        tried = [*published, figure]
        if may_all_be_known([{firm for firm, _version in each} for each in tried]) and may_all_be_known(tried):
            published.append(figure)

    assert not published or fewest_left(published) == 5


@pytest.mark.parametrize(
    ("figures", "left"),
    [
        ([range(12), range(1, 12)], 1),  # one firm took its consent back
        ([range(5), range(5, 10), range(11)], 1),  # no two of them give it away, all three do
        ([range(10), range(2, 12)], 4),  # two left, two came
        ([range(4)], 4),
        ([range(10), range(5, 10)], 5),
        ([range(6), range(6)], 5),
    ],
)
def test_the_rule_refuses_what_leaves_fewer_than_five_and_lets_through_what_does_not(figures: list[range], left: int) -> None:
    assert fewest_left([{(firm, 0) for firm in each} for each in figures]) == left
    assert may_all_be_known([set(each) for each in figures]) is (left == 5)
