"""The list of what is asked for tells no firm apart."""

from onestop.demand import published

NODES, KINDS = ["dyeing", "knitting"], ["testing", "credit"]


def test_a_cell_of_four_firms_looks_like_one_of_none():
    four = published([("dyeing", "testing", 4), ("knitting", "credit", 12)], nodes=NODES, kinds=KINDS)
    none = published([("knitting", "credit", 12)], nodes=NODES, kinds=KINDS)

    assert four == none


def test_a_cell_of_five_firms_is_printed_with_its_strength():
    rows = published([("dyeing", "testing", 5), ("knitting", "testing", 41)], nodes=NODES, kinds=KINDS)

    assert [[(cell.firms, cell.strength) for cell in row] for row in rows] == [[(5, 1), (None, 0)], [(41, 4), (None, 0)]]


def test_a_node_that_nobody_knows_is_not_printed():
    rows = published([("elsewhere", "testing", 99)], nodes=NODES, kinds=KINDS)

    assert [cell.firms for row in rows for cell in row] == [None] * 4
