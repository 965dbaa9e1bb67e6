"""What a round says of its readings, against numbers worked out elsewhere. Scores: ISO 13528:2022 annex E.4, as carried by the pt13528 sdist."""

import pytest

from foundation.errors import RuleBroken
from oversight.comparison import Readings, Rule, drift_of, inputs_hash, raters_apart, worked_out
from oversight.round_charts import Bar, Stripe, crowd_strip, score_bars, score_course
from oversight.round_lines import blank_rows, heads, read_sheet

# laboratory, x, U (k = 2), z, z', zeta, En; x_pt 0.044, U 0.0082, sigma_pt 0.0066; two decimals, to within half of the last one
E4 = [
    ("L04", 0.013, 0.003, -4.7, -3.99, -7.1, -3.55), ("L05", 0.013, 0.007, -4.7, -3.99, -5.75, -2.88), ("L02", 0.014, 0.004, -4.55, -3.86, -6.58, -3.29),
    ("L15", 0.014, 0.0005, -4.55, -3.86, -7.3, -3.65), ("L06", 0.016, 0.003, -4.24, -3.6, -6.41, -3.21), ("L09", 0.017, 0.008, -4.09, -3.47, -4.71, -2.36),
    ("L12", 0.0239, 0.0036, -3.05, -2.59, -4.49, -2.24), ("L03", 0.037, 0.013, -1.06, -0.9, -0.91, -0.46), ("L29", 0.039, 0.007, -0.76, -0.64, -0.93, -0.46),
    ("L07", 0.04, 0.008, -0.61, -0.51, -0.7, -0.35), ("L10", 0.045, 0.007, 0.15, 0.13, 0.19, 0.09), ("L24", 0.045, 0.005, 0.15, 0.13, 0.21, 0.1),
    ("L18", 0.046, 0.007, 0.3, 0.26, 0.37, 0.19), ("L01", 0.053, 0.007, 1.36, 1.16, 1.67, 0.83),
]  # fmt: skip
# Atrazine in water, annex E.3: converged x* 0.257011 and s* 0.03952.
E3 = [
    0.04, 0.055, 0.178, 0.202, 0.206, 0.227, 0.228, 0.23, 0.23, 0.235, 0.236, 0.237, 0.243, 0.244, 0.245, 0.2555, 0.26, 0.264, 0.267, 0.27, 0.273, 0.274,
    0.274, 0.278, 0.2811, 0.287, 0.287, 0.288, 0.289, 0.295, 0.296, 0.311, 0.331, 0.4246,
]  # fmt: skip


def _one(code, *values, below=False):
    return Readings(code, {"": list(values)}, below=below)


def test_scores_against_a_known_value_are_those_of_the_standards_example():
    rows = [Readings(code, {"": [x]}, expanded=u, k=2.0) for code, x, u, *_scores in E4]
    rule = Rule("variable", True, reference=0.044, reference_expanded=0.0082, sigma_pt=0.0066)

    found = worked_out(rows, rule)

    lines = {line["code"]: line for line in found.crowd}
    apart = [
        (code, name, lines[code][name], told)
        for code, _x, _u, *scores in E4
        for name, told in zip(("z", "z_prime", "zeta", "en"), scores, strict=True)
        if abs(lines[code][name] - told) > 0.00501
    ]
    assert (found.outcome, found.figures["by"], apart) == ("scored", "z_prime", [])
    assert [lines[code]["verdict"] for code in ("L04", "L12", "L01")] == ["act", "look", "ok"]  # by z', since u is above 0.3 sigma_pt


def test_without_a_known_value_the_robust_mean_of_the_crowd_is_assigned():
    found = worked_out([_one(f"{place:02}", value) for place, value in enumerate(E3)], Rule("variable", True))

    figures = found.figures
    assert (round(figures["x_star"], 6), round(figures["s_star"], 5), round(figures["u"], 4)) == (0.257011, 0.03952, 0.0085)
    assert (figures["from"], figures["by"], found.crowd[0]["verdict"], found.crowd[33]["verdict"]) == ("consensus", "z", "act", "act")


def test_of_fewer_than_five_no_figure_of_the_crowd_is_made():
    found = worked_out([_one(str(place), 6.0 + place) for place in range(4)], Rule("variable", True, reference=6.0, sigma_pt=1.0))

    assert (found.outcome, found.figures, found.crowd) == ("too_few", {"n": 4, "least": 5}, [])


def test_grades_are_never_averaged():
    rows = [Readings("A", {"甲": [3.0, 4.0], "乙": [4.5]}), *(_one(code, 3.5) for code in "BCDE"), _one("F", 2.0)]

    found = worked_out(rows, Rule("ordinal", True, lower=3.5))

    told = {line["code"]: (line["value"], line["steps"], line["verdict"], line["meets"]) for line in found.crowd}
    assert (found.figures["middle"], found.figures["met"]) == (3.5, 5)
    assert (told["A"], told["F"]) == ((4.0, 1, "ok", True), (2.0, -3, "act", False))


def test_a_result_below_what_can_be_measured_makes_no_mean():
    found = worked_out(
        [_one(code, 20.0, below=True) for code in "ABC"] + [_one("D", 31.0), _one("E", 90.0)], Rule("censored", True, upper=75.0)
    )

    assert (found.outcome, found.figures) == ("below", {"n": 5, "below": 3, "judged": 5, "met": 4})
    assert not any("z" in line for line in found.crowd)


def test_products_are_held_to_the_benchmark_and_get_no_score():
    found = worked_out(
        [_one(str(place), value) for place, value in enumerate([88.0, 94.0, 95.0, 96.0, 97.0])], Rule("variable", False, lower=94.0)
    )

    assert (found.outcome, found.figures["judged"], found.figures["met"], found.crowd[0]) == (
        "described",
        5,
        4,
        {"code": "0", "value": 88.0, "meets": False, "gap": -6.0},
    )


def test_where_all_are_the_same_nobody_is_scored():
    found = worked_out([_one(str(place), 6.8) for place in range(6)], Rule("variable", True))

    assert (found.outcome, {line["verdict"] for line in found.crowd}) == ("no_spread", {""})


def test_a_rater_who_reads_apart_is_named_within_the_laboratory():
    grades = raters_apart(Readings("A", {"甲": [3.5, 3.5], "乙": [3.5], "丙": [2.5]}), "ordinal", spread=0)
    numbers = raters_apart(Readings("A", {"甲": [6.8, 6.8], "乙": [7.4, 7.4]}), "variable", spread=0.1)

    assert [(line.rater, line.apart, line.stands_out) for line in grades] == [("丙", -2.0, True), ("乙", 0.0, False), ("甲", 0.0, False)]
    assert [(line.rater, round(line.apart, 3), line.stands_out) for line in numbers] == [("乙", 0.3, True), ("甲", -0.3, True)]
    assert raters_apart(_one("A", 1.0), "variable", spread=1.0) == []


def test_drift_needs_rounds_that_say_the_same():
    assert [drift_of(scores) for scores in ([], [2.5], [1.1, 1.2, 1.3], [-1.1, -1.2, -1.3], [2.1, 2.2], [1.1, 0.9, 1.3])] == [
        "",
        "",
        "side",
        "side",
        "far",
        "",
    ]


def test_the_hash_changes_with_a_reading_and_not_with_the_order():
    rows, rule = [_one("A", 1.0), _one("B", 2.0)], Rule("variable", True)

    assert inputs_hash(rows, rule) == inputs_hash(rows[::-1], rule) != inputs_hash([_one("A", 1.0), _one("B", 2.1)], rule)


def test_a_sheet_comes_back_from_a_file_as_it_went_out():
    lines = [heads(), *blank_rows(["K7QD"], [("PH", "GB/T 7573-2009")])]
    lines[1][3:9] = ["甲", "0.2", "2", "6.8", "<6.9", ""]

    (line,) = read_sheet("\r\n".join(",".join(row) for row in lines).encode("utf-8-sig"))

    assert (line.sample, line.indicator, line.rater, line.values, str(line.expanded)) == ("K7QD", "PH", "甲", ("6.8", "<6.9"), "0.200000")


@pytest.mark.parametrize("body", [b"", b"a,b\n1,2", b"sample,indicator,method,rater,U,k\nA,PH,,,much,2,6.8", b"\xff\xfe\x00"])
def test_a_file_that_is_no_sheet_is_refused_with_its_line(body):
    with pytest.raises(RuleBroken) as raised:
        read_sheet(body)

    assert (raised.value.code, raised.value.field) == ("sheet_file_unreadable", "file")


def test_drawings_mark_ones_own_place_and_name_nobody():
    bars = score_bars("a", [Bar("K7QD", -4.2, is_own=True), Bar("X2", 0.3)], title="t", says="s")
    strip = crowd_strip("b", [("K7QD", 6.8, True), ("X2", 6.8, False)], Stripe(6.8, 4.0, 8.5, 1, ""), title="t", says="s")
    course = score_course("c", [("26-A", 0.4), ("26-B", -3.4)], title="t", says="s")

    assert [svg.count('class="c1"') for svg in (bars, strip)] == [1, 1]
    assert ("−4.20" in bars, 'class="sig"' in course, bars.count("<rect")) == (True, True, 4)
