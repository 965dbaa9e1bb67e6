"""Textile limits: at the limit, beyond it, excused, undecided."""

import pytest

from qualitystats.textile import (
    Censored,
    Flaw,
    Grade,
    children_judgement,
    fibre_content_tolerance,
    four_point,
    points_for_length,
    safety_judgement,
)

CLEAN = {
    "formaldehyde": "<20",
    "pH": 6.5,
    "water": "4",
    "acid_perspiration": "4",
    "alkali_perspiration": "4",
    "dry_rubbing": "4-5",
    "saliva": "4",
    "odour": "none",
    "azo_max": Censored.not_detected(5),
}


def test_a_whole_clean_report_meets_every_class():
    for safety_class in "ABC":
        found = safety_judgement(CLEAN, safety_class=safety_class)
        assert (found.compliant, found.failed, found.missing, found.complete) == (True, (), (), True)


@pytest.mark.parametrize(("safety_class", "highest"), [("A", 7.5), ("B", 8.5), ("C", 9.0)])
def test_ph_fails_just_beyond_the_limit_of_its_class(safety_class, highest):
    # One public page gives 7.5 for class B: the contradicting one.
    assert safety_judgement({"pH": highest}, safety_class=safety_class).failed == ()
    assert safety_judgement({"pH": highest + 0.1}, safety_class=safety_class).failed == ("pH",)
    assert safety_judgement({"pH": 3.9}, safety_class=safety_class).failed == ("pH",)


def test_wet_processing_later_widens_ph_only():
    found = safety_judgement({"pH": 10.5, "formaldehyde": 400}, safety_class="C", flags=["wet_process_later"])

    assert found.failed == ("formaldehyde",)
    assert safety_judgement({"pH": 10.6}, safety_class="C", flags=["wet_process_later"]).failed == ("pH",)


def test_undyed_goods_owe_no_fastness_but_everything_else():
    found = safety_judgement({"water": "1", "pH": 9.9}, safety_class="B", flags=["undyed"])

    assert found.failed == ("pH",)
    assert "water" in found.not_assessed
    assert "saliva" not in found.not_assessed


def test_hanging_decoration_is_excused_from_perspiration_only():
    found = safety_judgement({"acid_perspiration": "1", "water": "2"}, safety_class="C", flags=["hanging_decoration"])

    assert found.failed == ("water",)


def test_the_lower_of_change_and_staining_counts():
    assert safety_judgement({"water": ["4", "2-3"]}, safety_class="B").failed == ("water",)
    assert safety_judgement({"water": ("4", Grade("3"))}, safety_class="B").failed == ()


def test_saliva_is_no_matter_outside_of_class_a():
    assert safety_judgement({"saliva": "1", "pH": 7}, safety_class="B").failed == ()
    assert safety_judgement({"saliva": "3-4"}, safety_class="A").failed == ("saliva",)


def test_a_bound_that_cannot_decide_is_neither_passed_nor_failed():
    found = safety_judgement({"formaldehyde": Censored("<", 75), "pH": 7}, safety_class="A")

    assert (found.compliant, found.failed, found.undecided) == (None, (), ("formaldehyde",))
    assert safety_judgement({"azo_max": "未检出"}, safety_class="A").compliant is None


def test_nothing_tested_is_no_compliance():
    found = safety_judgement({}, safety_class="B")

    assert found.compliant is None
    assert len(found.missing) == 8


@pytest.mark.parametrize(
    ("results", "options", "words"),
    [
        ({"ph": 7}, {}, "results has ph"),
        ({"pH": 15}, {}, "pH is 15.0: must be <= 14"),
        ({"pH": float("nan")}, {}, "finite"),
        ({"formaldehyde": -1}, {}, "formaldehyde is -1.0: must be >= 0"),
        ({"water": "3-5"}, {}, "grade is '3-5'"),
        ({"water": []}, {}, "water has no grades"),
        ({"odour": None}, {}, "odour is None"),
        ({"pH": 7}, {"flags": ["dyed"]}, "flags has 'dyed'"),
        ({"pH": 7}, {"flags": "undyed"}, "flags is the text"),
        ({"pH": 7}, {"safety_class": "D"}, "safety_class is 'D'"),
    ],
)
def test_what_no_report_says_is_refused(results, options, words):
    with pytest.raises(ValueError, match=words):
        safety_judgement(results, **{"safety_class": "B", **options})


def test_children_class_a_is_judged_on_what_is_sourced():
    found = children_judgement({"lead": 90, "cadmium": 100.1, "wet_rubbing": "3"})

    assert (found.failed, found.missing) == (("cadmium",), ("phthalates",))


@pytest.mark.parametrize(
    ("label", "measured", "kind", "ok"),
    [
        (60, 55, "fibre", True),
        (60, 54.9, "fibre", False),
        (10, 13, "fibre", True),
        (10, 13.1, "fibre", False),
        (10.1, 15.1, "fibre", True),
        (8, 5.2, "fibre", True),  # the superseded rule, 30 % of 8, would refuse it
        (3, 0, "fibre", False),
        (3, 0.1, "fibre", True),
        (3.1, 0.1, "fibre", True),
        (5, 0, "filling", False),
        (6, 1, "filling", True),
        (9.8, 12.8, "fibre", True),  # as floats the two are a hair more than 3 apart
    ],
)
def test_fibre_content_agrees_with_its_label_within_the_points_of_the_rule(label, measured, kind, ok):
    assert fibre_content_tolerance(label=label, measured=measured, kind=kind).ok is ok


@pytest.mark.parametrize(("label", "kind"), [(100, "fibre"), (20.1, "filling")])
def test_where_no_rule_is_sourced_there_is_no_answer(label, kind):
    found = fibre_content_tolerance(label=label, measured=label, kind=kind)

    assert (found.ok, found.tolerance, found.lower) == (None, None, None)
    assert "not sourced" in found.reason


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"label": 0}, "label is 0.0"),
        ({"label": 101}, "label is 101"),
        ({"measured": -1}, "measured is -1"),
        ({"kind": "yarn"}, "kind is 'yarn'"),
    ],
)
def test_a_share_outside_of_a_hundred_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        fibre_content_tolerance(**{"label": 50, "measured": 50, **options})


def test_a_hole_needs_a_rule_because_the_sources_disagree():
    pinhole = [Flaw(0.5, kind="hole")]
    roll = {"length": 100, "width": 60, "units": "inch_yard"}

    with pytest.raises(ValueError, match="hole_rule is None"):
        four_point(pinhole, **roll)
    assert four_point(pinhole, **roll, hole_rule="any_4").points == 4
    assert four_point(pinhole, **roll, hole_rule="over_1_inch_4").points == 2
    assert four_point([Flaw(1.01, kind="hole")], **roll, hole_rule="over_1_inch_4").points == 4
    assert four_point([5], **roll).points == 2


def test_one_yard_takes_at_most_four_points():
    rated = four_point([Flaw(10, at=3.1), Flaw(8, at=3.9), Flaw(2, at=4.0)], length=100, width=60, units="inch_yard")

    assert (rated.points, rated.points_before_cap, rated.capped, rated.unplaced) == (5, 8, (3,), 0)


def test_flaws_without_a_place_escape_the_cap_and_are_counted():
    rated = four_point([10, 10], length=1, width=60, units="inch_yard")

    assert (rated.points, rated.unplaced) == (8, 2)


def test_a_running_flaw_takes_four_points_in_every_yard():
    rated = four_point([Flaw(72.5, at=0, kind="running")], length=10, width=60, units="inch_yard")

    assert rated.points == 12


def test_inches_and_millimetres_have_tables_of_their_own():
    assert points_for_length(76, units="mm_metre") == 2
    assert points_for_length(76 / 25.4, units="inch_yard") == 1


@pytest.mark.parametrize(
    ("flaws", "options", "words"),
    [
        ([0], {}, "length is 0.0"),
        ([Flaw(5, at=101)], {}, "flaws has one at 101"),
        ([5], {"length": 0}, "length is 0.0"),
        ([5], {"width": float("nan")}, "finite"),
        ([5], {"units": "cm"}, "units is 'cm'"),
        ([Flaw(5, kind="stain")], {}, "kind is 'stain'"),
    ],
)
def test_a_flaw_that_cannot_be_is_refused(flaws, options, words):
    with pytest.raises(ValueError, match=words):
        four_point(flaws, **{"length": 100, "width": 60, "units": "inch_yard", **options})


def test_an_agreed_limit_is_judged_and_none_is_not():
    assert four_point([5], length=100, width=36, units="inch_yard", limit=2.0).within_limit is True
    assert four_point([5], length=100, width=36, units="inch_yard", limit=1.9).within_limit is False
    assert four_point([5], length=100, width=36, units="inch_yard").within_limit is None
