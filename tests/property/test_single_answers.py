"""A hidden cell is not empty: a reader who knows it solves for each small one with linear programs, and never finds a single answer."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from scipy.optimize import linprog

from oversight.suppression import Line, another_table, hidden_cells, hidden_parts
from tests.property.test_suppression import LINES, counts_of_leaves, table


def answers(counts: dict, hidden: set, cell: object) -> tuple[float, float]:
    """The least and the greatest count of a hidden cell that agree with all that is shown."""
    at = {key: number for number, key in enumerate(sorted(hidden))}
    rows, sums = [], []
    for line in LINES:
        row, left = np.zeros(len(at)), 0
        for key, sign in ((line.total, -1), *((part, 1) for part in line.parts)):
            if key in at:
                row[at[key]] += sign
            else:
                left -= sign * counts.get(key, 0)
        if row.any():
            rows.append(row)
            sums.append(left)
    asked = np.zeros(len(at))
    asked[at[cell]] = 1
    low = linprog(asked, A_eq=np.array(rows), b_eq=sums, bounds=(1, None))
    high = linprog(-asked, A_eq=np.array(rows), b_eq=sums, bounds=(1, None))
    assert low.status == 0
    return low.fun, -high.fun if high.status == 0 else np.inf


@settings(max_examples=15, deadline=None)
@given(counts_of_leaves)
def test_no_small_cell_has_a_single_answer(values: list[int]) -> None:
    counts = table(values)
    hidden = hidden_cells(counts, LINES)
    for cell in [cell for cell in hidden if counts[cell] < 5]:
        low, high = answers(counts, hidden, cell)
        assert low <= counts[cell] <= high
        assert high - low > 0.999, (cell, counts[cell])


def test_five_cells_that_leave_five_firms_take_a_sixth_with_them() -> None:
    counts = {**dict.fromkeys("abcde", 1), "f": 30, "g": 40, "sum": 75}
    line = Line("sum", tuple("abcdefg"))
    through = {cell: [line] for cell in counts}
    assert [another_table(counts, cell, through, set("abcde")) for cell in "abcde"] == [None] * 5
    assert hidden_cells(counts, [line]) == set("abcdef")
    assert hidden_parts({**dict.fromkeys("abcde", 1), "f": 30}) == set("abcdef")
    assert another_table(counts, "a", through, set("abcdef")) == {"a": 1, "f": -1}
