"""Where variation comes from, suppliers side by side, own tests against others': from readings alone."""

import math
from uuid import uuid4

import numpy as np
import pytest

from inspections.consistency import Asked, Pool, biases, compare, index_of, tree_of, wilson
from qualitystats.variance import variance_components


def pool(rows, *, kind="variable", judged=None, out=None):
    """rows: (supplier, lot, tester, readings)."""
    names = [sorted({row[at] for row in rows}, key=str) for at in range(3)]
    values = [value for row in rows for value in row[3]]
    codes = [np.array([names[at].index(row[at]) for row in rows for _value in row[3]], dtype=np.int64) for at in range(3)]
    judged = [1] * len(rows) if judged is None else judged
    out = [0] * len(rows) if out is None else out
    ids = [tuple(uuid4() for _ in names[0]), tuple(uuid4() for _ in names[1]), tuple(names[2])]
    of_row = np.array([names[0].index(row[0]) for row in rows], dtype=np.int64)
    return Pool(kind, "tex", 1, np.array(values, dtype=float), *codes, *ids, of_row, np.array(judged), np.array(out))


def chain(means, *, lots=6, lot_sd=0.0, within=(-0.1, 0.1), tester="self"):
    """Suppliers with those means; each lot's readings lie evenly about the lot's."""
    return [
        (f"s{at}", f"s{at}-{lot}", tester, [mean + lot_sd * ((lot % 3) - 1) + off for off in within])
        for at, mean in enumerate(means) for lot in range(lots)
    ]  # fmt: skip


def test_variation_between_suppliers_is_named_as_such():
    tree = tree_of(pool(chain([36.0, 38.0, 40.0, 42.0])))

    assert [branch.name for branch in tree.branches] == ["supplier", "lot", "within"]
    assert tree.widest is not None and tree.widest.name == "supplier" and tree.widest.share > 0.99
    assert (tree.widest.groups, tree.branches[1].groups, tree.branches[2].groups, tree.n) == (4, 24, 48, 48)
    assert math.isclose(sum(branch.share for branch in tree.branches), 1.0)
    assert all(branch.low <= branch.share <= branch.high for branch in tree.branches)


def test_variation_between_lots_is_told_from_that_between_suppliers():
    tree = tree_of(pool(chain([38.0, 38.0, 38.0], lot_sd=2.0)))

    assert tree.widest is not None and tree.widest.name == "lot"


def test_one_supplier_alone_has_lots_and_readings():
    assert [branch.name for branch in tree_of(pool(chain([38.0], lot_sd=1.0))).branches] == ["lot", "within"]


def test_testers_are_a_level_only_where_a_lot_was_tested_twice():
    own = chain([38.0, 39.0], lots=6)
    assert "tester" not in [branch.name for branch in tree_of(pool(own)).branches]
    retested = own + chain([38.8, 39.8], lots=6, tester="customer")
    tree = tree_of(pool(retested))
    assert [branch.name for branch in tree.branches] == ["supplier", "lot", "tester", "within"]
    assert tree.branches[2].share > tree.branches[3].share


@pytest.mark.parametrize(
    ("rows", "kind", "reason", "missing"),
    [
        (chain([38.0], lots=2), "variable", "few_lots", 3),
        (chain([38.0, 39.0], within=(0.0,)), "variable", "one_reading_a_lot", 0),
        (chain([38.0, 38.0], within=(0.0, 0.0)), "variable", "all_equal", 0),
        (chain([38.0, 39.0]), "ordinal", "not_measured", 0),
    ],
)
def test_what_cannot_be_said_has_its_reason(rows, kind, reason, missing):
    tree = tree_of(pool(rows, kind=kind))

    assert (tree.branches, tree.reason, tree.missing) == ((), reason, missing)


def test_places_are_told_only_where_intervals_lie_apart():
    rows = chain([38.0, 38.1, 38.2], lots=60)
    out = [0] * 60 + [3 < at % 60 < 6 for at in range(60)] + [at % 2 for at in range(60)]
    firms = compare(pool(rows, out=[int(each) for each in out]))

    assert [(firm.first, firm.last) for firm in firms] == [(1, 2), (1, 2), (3, 3)]
    assert [firm.out for firm in firms] == [0, 2, 30]
    best = firms[0]
    assert best.mean is not None and best.mean_low is not None and best.mean_low <= best.mean and best.lots == 60


def test_spreads_of_all_suppliers_at_once_are_those_of_the_nested_analysis():
    rng = np.random.default_rng(5)
    rows = [(f"s{at}", f"s{at}-{lot}", "self", list(rng.normal(38 + at, 1 + lot % 2, size=2 + lot % 4))) for at in range(3) for lot in range(7)]
    everyone = pool(rows)

    for firm in compare(everyone):
        mine = everyone.supplier == everyone.suppliers.index(firm.supplier_org_id)
        found = variance_components(everyone.values[mine], nesting={"lot": everyone.lot[mine].tolist()})
        assert firm.between == pytest.approx(found["lot"].sd, abs=1e-9)
        assert firm.within == pytest.approx(found["within"].sd)


def test_a_supplier_with_two_lots_has_counts_and_no_mean():
    few = compare(pool(chain([38.0, 39.0], lots=2)))

    assert {(firm.mean, firm.within, firm.lots, firm.judged) for firm in few} == {(None, None, 2, 2)}


@pytest.mark.parametrize(
    ("good", "n", "bounds"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_wilsons_interval_is_the_published_one(good, n, bounds):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (from memory, page unread)."""
    assert tuple(round(bound, 4) for bound in wilson(good, n, 0.95)) == bounds


def test_own_tests_that_lie_above_the_customers_are_seen():
    own = chain([38.0], lots=6, lot_sd=0.5)
    other = [(s, lot, "customer", [value - 0.4 + 0.01 * at for at, value in enumerate(readings)]) for s, lot, _t, readings in own]
    (bias,) = biases(pool(own + other))

    assert (bias.tester, bias.n, bias.apart) == ("customer", 6, True)
    assert bias.mean is not None and math.isclose(bias.mean, 0.395)


def test_four_pairs_say_how_many_are_missing():
    own = chain([38.0], lots=4)
    (bias,) = biases(pool(own + [(s, lot, "lab:检测中心", readings) for s, lot, _t, readings in own]))

    assert (bias.n, bias.mean, bias.missing) == (4, None, 1)


def test_the_index_scores_only_what_is_known():
    found = index_of(pool(chain([38.0], lots=30, lot_sd=0.2)), Asked(lower=36.5, upper=40.5))

    states = {part.name: part.state for part in found.parts}
    assert states == {
        "conformity": "scored",
        "capability": "scored",
        "lot_to_lot": "scored",
        "drift": "scored",
        "agreement": "not_enough_data",
    }


def test_grades_have_a_share_and_nothing_else():
    found = index_of(pool(chain([3.5]), kind="ordinal"), Asked())

    assert [part.name for part in found.parts if part.score is not None] == ["conformity"]
