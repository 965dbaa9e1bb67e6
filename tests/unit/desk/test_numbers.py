"""The numbers to try: what is shown is what the kernel says, in the chart's box."""

import pytest

from desk.numbers import capability_shown, colour_shown, plan_shown, read_numbers, validation_report


def test_a_plan_is_shown_with_what_it_lets_through():
    shown = plan_shown(lot_size=1200, level="II", aql="2.5", severity="normal")

    assert (shown.plan.n, shown.plan.ac, shown.plan.re) == (80, 5, 6)
    assert round(shown.accepted_10, 2) == 11.28
    assert round(shown.at_aql, 1) == 98.5


def test_a_curve_begins_at_certainty_and_stays_in_its_box():
    curve = plan_shown(lot_size=1200, level="II", aql="2.5", severity="normal").curve

    points = [tuple(map(float, pair.split())) for pair in curve.path[1:].split("L")]
    assert curve.path.startswith("M48.0 12.0L")
    assert all(48 <= x <= 628 and 12 <= y <= 232 for x, y in points)
    assert [y for _x, y in points] == sorted(y for _x, y in points)
    assert curve.rows[0] == (0.0, 100.0)


@pytest.mark.parametrize(("lot", "aql"), [(1200, "0.010"), (500_001, "0.65"), (90, "15"), (3201, "1000"), (2, "6.5")])
def test_an_axis_has_a_handful_of_marks_whatever_the_plan(lot, aql):
    curve = plan_shown(lot_size=lot, level="II", aql=aql, severity="normal").curve

    assert curve is None or (2 <= len(curve.xs) <= 9 and curve.xs[0].label == "0")


def test_a_lot_inspected_whole_has_no_curve():
    shown = plan_shown(lot_size=8, level="II", aql="0.65", severity="normal")

    assert shown.plan.inspect_all
    assert (shown.curve, shown.accepted_10, shown.outgoing_limit) == (None, None, None)


def test_counts_above_ten_per_hundred_items_are_no_share_and_still_have_a_curve():
    shown = plan_shown(lot_size=500_001, level="II", aql="1000", severity="normal")

    assert shown.plan.ac >= shown.plan.n
    assert shown.curve is not None
    assert shown.outgoing_limit is None


def test_lines_of_equal_length_are_subgroups_and_others_are_single_readings():
    subgroups, _ = capability_shown([[1.0, 2.0], [2.0, 1.5], [1.0, 1.5]], lower=0.0, target=None, upper=3.0)
    singles, rows = capability_shown([[1.0], [2.0], [1.5]], lower=0.0, target=None, upper=None)

    assert (subgroups.subgroups, singles.subgroups) == (3, None)
    assert [(row.name, row.value is None) for row in rows] == [("Cp", True), ("Cpk", False), ("Pp", True), ("Ppk", False), ("Cpm", True)]


def test_no_index_is_shown_without_a_number_or_a_reason():
    for readings in ([[1.0, 1.0, 1.0]], [[1.0], [2.0]], [[1.0, 2.0], [3.0, 4.0]]):
        _found, rows = capability_shown(readings, lower=None, target=None, upper=9.0)

        assert all(row.reason or (row.value is not None and (row.bounds or row.name == "Cpm")) for row in rows)


def test_colours_are_compared_by_each_formula():
    shown = colour_shown(reference=[50, 2.6772, -79.7751], sample=[50, 0, -82.7485])

    assert round(shown.ciede2000, 4) == 2.0425
    assert round(shown.cie76, 4) == 4.0011


def test_numbers_are_read_however_they_are_parted():
    assert read_numbers("1, 2；3\t4\n\n5、6 7") == [[1, 2, 3, 4], [5, 6, 7]]


def test_a_word_that_is_no_number_is_named():
    with pytest.raises(ValueError, match="'<20'"):
        read_numbers("1 2 <20")


def test_without_reference_files_there_is_no_report(tmp_path):
    assert validation_report(tmp_path / "none") is None
