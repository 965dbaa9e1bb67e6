"""The chain map's cells: totals from lines that split differently, and what may be shown of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight import chain
from oversight.chain import UNSAID, Counted, Counts, cells_of, shown_of
from oversight.chain_file import read_chain_file
from oversight.suppression import MINIMUM, Line, solved_groups
from suppliers.imports import read_table

CITY, PLACES, TOWNS, NODES = "C", ["A", "B", "D"], ["A1", "A2", "A3"], ["n1", "n2", "n3"]
TREE = {CITY: PLACES, "A": TOWNS}


def test_a_total_that_is_given_counts_and_parts_that_are_given_are_added():
    lines = [
        Counted(CITY, "A", "n1", "micro", Counts(6, 0, None, 1)),
        Counted(CITY, "A", "n1", "large", Counts(5, 5, 2, 1)),
        Counted(CITY, "A", "n2", "", Counts(7, 1, 1, 1)),
        Counted(CITY, "B", "", "", Counts(9, 2, 3, 4, 3)),
        Counted("A", "A1", "", "", Counts(8)),
    ]

    cells = cells_of(lines, CITY, PLACES)

    assert cells["A", "n1", ""] == Counts(11, 5, None, 2)
    assert cells["A", "", ""] == Counts(18, 6, None, 3)
    assert cells["B", "", ""].output_band == 3
    assert cells[CITY, "", ""] == Counts(27, 8, None, 7)
    assert cells[CITY, "n1", "large"] == Counts(5, 5, 2, 1)
    assert (Counts(3, 1).share("above_scale"), Counts(3).share("signed"), Counts().share("above_scale")) == (33, None, None)


def test_quarters_follow_the_calendar():
    assert [chain.quarter_of(chain.day_before_quarter(quarter)) for quarter in ("2026Q1", "2026Q2")] == ["2025Q4", "2026Q1"]


FIRMS = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(["", *TOWNS]), st.sets(st.sampled_from(NODES), min_size=1, max_size=2), st.sampled_from(["micro", "large", UNSAID])),
    max_size=160,
)  # fmt: skip


@settings(max_examples=25)
@given(FIRMS)
def test_no_cell_of_one_to_four_firms_is_shown_or_follows_from_what_is_shown(firms):
    lines = [line for firm in firms for line in _lines_of(*firm)]
    cells = cells_of(lines, CITY, PLACES)

    hidden = shown_of(cells, TREE, NODES).hidden

    counts = {key: n.firms for key, n in cells.items()}
    pages = {(place, node, "") for place in [CITY, *PLACES, *TOWNS] for node in ["", *NODES]}
    pages |= {(place, node, size) for place in TREE for node in ["", *NODES] for size in chain.SIZES}
    assert [key for key in pages - hidden if 0 < counts.get(key, 0) < MINIMUM] == []
    known = _sums(counts)
    for group in solved_groups(known, set(hidden) | {key for line in known for key in (line.total, *line.parts) if key not in pages}):
        assert not 0 < sum(counts.get(key, 0) for key in group) < MINIMUM, group


def _lines_of(place, town, nodes, size):
    for parent, at in [(CITY, place), *([("A", town)] if place == "A" and town else [])]:
        for node in ("", *nodes):
            yield Counted(parent, at, node, size, Counts(1, 0, 0, 0))


def _sums(counts):
    """Every sum that a reader of all pages knows to hold: rows where no firm stands twice, columns, towns, sizes."""
    lines = []
    for place in [CITY, *PLACES, *TOWNS]:
        parts = tuple((place, node, "") for node in NODES)
        if sum(counts.get(part, 0) for part in parts) == counts.get((place, "", ""), 0):
            lines.append(Line((place, "", ""), parts))
    for node in ["", *NODES]:
        lines.append(Line((CITY, node, ""), tuple((place, node, "") for place in PLACES)))
        towns = tuple((town, node, "") for town in TOWNS)
        rest = counts.get(("A", node, ""), 0) - sum(counts.get(town, 0) for town in towns)
        counts["rest", node, ""] = rest
        lines.append(Line(("A", node, ""), (*towns, ("rest", node, ""))))
        lines += [Line((place, node, ""), tuple((place, node, size) for size in chain.SIZES)) for place in TREE]
    return lines


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("企业数\n3\n", "chain_column_place_missing"),
        ("地区\n海曙\n", "chain_column_firms_missing"),
        ("地区,企业数\n,\n", "chain_file_without_lines"),
        ("地区,企业数\n海曙,3\n海曙区,4\n", "chain_line_twice"),
        ("地区,环节,企业数\n海曙,炼钢,3\n", "chain_node_unknown"),
        ("地区,规模,企业数\n海曙,巨型,3\n", "chain_size_unknown"),
        ("地区,企业数\n海曙,三\n", "chain_count_unreadable"),
        ("地区,企业数,产值\n海曙,3,9\n", "chain_band_unknown"),
    ],
)
def test_a_file_that_cannot_be_taken_says_what_to_mend(text, code):
    read = read_chain_file(read_table("a.csv", text.encode()))

    assert ([fault.code for fault in read.faults], read.lines) == ([code], ())
