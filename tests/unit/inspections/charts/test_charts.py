"""Every chart is drawn where its numbers lie, says in words what it shows, and carries its colours also without a style sheet."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.utils import translation

from inspections.charts import (
    BoundRow,
    Branch,
    ChangeMark,
    ControlPicture,
    DriftPicture,
    GradeRow,
    GroupRow,
    IntervalAxis,
    IntervalRow,
    SpreadPicture,
    capability_strip,
    censored_marks,
    colour_drift,
    control_chart,
    interval_bars,
    oc_chart,
    ordinal_strip,
    shade_groups_chart,
    sparkline,
    variance_threads,
)
from inspections.charts.canvas import MARKS, Canvas, width_of
from inspections.charts.frame import frame_of, lots_below
from inspections.charts.threads import threads_of

ROOT = Path(__file__).resolve().parents[4]


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def of_class(svg: str, name: str) -> list[ET.Element]:
    return [each for each in drawn(svg).iter() if each.get("class") == name]


def words(svg: str) -> list[str]:
    return [each.text or "" for each in drawn(svg).iter("text")]


def a_control_chart(**more) -> str:
    picture = ControlPicture(points=[10.0, 12.0, 14.0], decimals=1, unit="tex", lower=[8.0] * 3, upper=[16.0] * 3, **more)
    return control_chart("c", picture, title="Lots", says="Three lots")


def every_chart() -> dict[str, str]:
    return {
        "control": a_control_chart(signals=frozenset({2}), changes=[ChangeMark(1, "<b>")], average=[10.0, 10.4, 11.1], moved_from=2),
        "capability": capability_strip("k", SpreadPicture([1.0, 2.0, 3.0], "mm", 1, 0.5, 2.5, 1.5, 2.0, 0.4), title="t", says="s"),
        "ordinal": ordinal_strip("o", [GradeRow("all", {2.5: 1, 3.0: 3})], floor=3.0, title="t", says="s"),
        "censored": censored_marks(
            "n", [BoundRow("L1", [20.0, 80.0], ["<", "="])], unit="mg/kg", lower=None, upper=75.0, title="t", says="s"
        ),
        "colour": colour_drift(
            "d", DriftPicture([[0.0, 0.0, 0.0], [0.1, 0.0, 0.5]], worst=(0, 1), worst_words="pair"), title="t", says="s"
        ),
        "groups": shade_groups_chart("g", [GroupRow("A", [0, 1], 0.4)], lots=2, title="t", says="s"),
        "intervals": interval_bars("i", [IntervalRow("Helü", 5.0, 4.0, 6.0, "9 lots")], IntervalAxis("mm", 1), title="t", says="s"),
        "oc": oc_chart("q", [(0.0, 1.0), (0.1, 0.0)], marks=[(0.05, 0.5, "AQL")], title="t", says="s"),
        "threads": variance_threads(
            "v", [Branch("a", 0.7, 0.6, 0.8, "2"), Branch("b", 0.3, 0.2, 0.4, "9")], total="1", title="t", says="s"
        ),
    }


@pytest.mark.parametrize("name", sorted(every_chart()))
def test_a_chart_says_what_it_shows_and_needs_no_style_sheet(name):
    svg = every_chart()[name]
    root = drawn(svg)

    assert root.get("role") == "img"
    assert [root.find(tag).get("id") for tag in ("title", "desc")] == root.get("aria-labelledby").split()
    assert " style=" not in svg and "<script" not in svg and "http" not in svg
    assert [each.attrib for each in root.iter() if each.get("class") in MARKS and not each.get("fill") and not each.get("stroke")] == []
    assert [size for each in root.iter("text") if (size := float(each.get("font-size"))) < 12] == []


def test_every_mark_has_its_class_in_the_style_sheet():
    css = (ROOT / "static" / "css" / "components.css").read_text("utf-8")

    assert [mark for mark in MARKS if mark not in ("t1", "oi1") and f".{mark} " not in css and f".{mark}{{" not in css] == []


def test_what_a_person_typed_is_escaped():
    assert "&lt;b&gt;" in every_chart()["control"] and "<b>" not in every_chart()["control"]


def test_a_text_is_never_smaller_than_twelve():
    with pytest.raises(ValueError, match="size is 11: must be >= 12"):
        Canvas("c", (10, 10), title="t", says="s").text("t2", (0, 0), "x", size=11)


def test_dots_of_lots_lie_where_their_values_are():
    svg = a_control_chart(signals=frozenset({2}))

    # 8 to 16 with 6 % of air is 7.52 to 16.48, drawn from 268 up to 30; three lots from 56 to 600.
    places = [(float(dot.get("cx")), float(dot.get("cy")), float(dot.get("r"))) for dot in of_class(svg, "pt") + of_class(svg, "sig")]
    assert places == [(56, pytest.approx(268 - 238 * 2.48 / 8.96, abs=0.05), 3.2), (328, 149, 3.2), (600, pytest.approx(95.9, abs=0.05), 5)]
    assert [path.get("d") for path in of_class(svg, "spec")] == ["M56.0 255.2H600.0", "M56.0 42.8H600.0"]
    assert [dot.get("fill") for dot in of_class(svg, "pt")] == ["#fffefb", "#fffefb"]
    assert [dot.get("fill") for dot in of_class(svg, "sig")] == ["#a12d1c"]


def test_there_is_no_control_limit_where_there_are_no_limits():
    nothing = [math.nan] * 3
    svg = a_control_chart(lcl=nothing, ucl=nothing, centre=nothing)

    assert of_class(svg, "limit") == [] and of_class(svg, "zone") == []


def test_a_lot_without_a_value_leaves_a_gap_in_the_line():
    svg = control_chart("c", ControlPicture(points=[1.0, 2.0, math.nan, 3.0, 4.0], decimals=0), title="t", says="s")

    assert [len(line.get("points").split()) for line in of_class(svg, "ln")] == [2, 2]
    assert len(of_class(svg, "pt")) == 4


def test_limits_that_change_are_drawn_as_steps():
    svg = control_chart(
        "c", ControlPicture(points=[5.0] * 4, decimals=0, ucl=[8.0, 8.0, 9.0, 9.0], lcl=[2.0, 2.0, 1.0, 1.0]), title="t", says="s"
    )

    assert [path.get("d").split("H")[1] for path in of_class(svg, "limit")] == ["328.0", "600.0", "328.0", "600.0"]
    assert len(of_class(svg, "zone")) == 2


def test_below_a_detection_limit_is_a_mark_that_points_left_and_never_a_dot():
    svg = every_chart()["censored"]

    (mark,) = of_class(svg, "s1")
    tip, side = (float(each.split(" ")[0]) for each in mark.get("d").removeprefix("M").replace("V", " V").split("L"))
    assert side - tip == 9
    assert (len(of_class(svg, "pt")), len(of_class(svg, "sig"))) == (0, 1)
    assert mark.get("data-said") == "<20"


def test_grades_are_shares_with_the_agreed_grade_marked():
    svg = every_chart()["ordinal"]

    assert [(box.get("x"), box.get("width")) for box in drawn(svg).iter("rect")] == [("132.5", "106"), ("239.5", "320")]
    assert [path.get("d") for path in of_class(svg, "spec")] == ["M239 22V54"]
    assert "1/4 · 25 %" in words(svg)


def test_a_reading_on_the_limit_is_in_and_one_beyond_is_red():
    svg = capability_strip("k", SpreadPicture([2.5, 2.6], "mm", 1, None, 2.5), title="t", says="s")

    assert (len(of_class(svg, "in3")), len(of_class(svg, "ma4"))) == (1, 1)


def test_the_worst_pair_of_colours_is_ringed_in_every_field():
    svg = every_chart()["colour"]

    assert len([each for each in of_class(svg, "sigring") if each.tag == "circle"]) == 6
    assert "pair" in words(svg)


def test_a_supplier_without_enough_lots_has_words_and_no_dot():
    row = IntervalRow("Yuelü", None, None, None, "", "3 more lots")
    svg = interval_bars("i", [row], IntervalAxis("mm", 1), title="t", says="s")

    assert of_class(svg, "c1") == [] and "3 more lots" in words(svg)


def test_a_hundred_threads_are_shared_without_losing_one():
    assert threads_of([0.61, 0.22, 0.12, 0.05]) == [61, 22, 12, 5]
    assert threads_of([1 / 3, 1 / 3, 1 / 3]) == [34, 33, 33]
    assert threads_of([0.0, 0.0]) == [0, 0]


def test_each_cent_of_the_variation_is_one_thread():
    svg = every_chart()["threads"]

    assert [sum(path.get("d").count("M") for path in of_class(svg, mark) if "H520" in path.get("d")) for mark in ("s1", "s2")] == [70, 30]


def test_an_operating_characteristic_starts_at_certain_acceptance():
    (line,) = of_class(every_chart()["oc"], "s1")

    assert line.get("points") == "48,28 400,236"


def test_a_sparkline_shows_the_last_forty_lots_and_only_near_limits():
    svg = sparkline([float(each % 2) for each in range(60)], upper=1.5, lower=-100.0, signals={59})

    assert len(of_class(svg, "ln")[0].get("points").split()) == 40
    assert (len(of_class(svg, "spec")), len(of_class(svg, "sig"))) == (1, 1)
    assert drawn(svg).get("aria-hidden") == "true"


def test_labels_are_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        assert "批" in words(a_control_chart())
    with translation.override("en"):
        assert "lot" in words(a_control_chart())


def test_the_word_below_the_lots_is_whole_inside_the_drawing():
    canvas = Canvas("c", (600, 200), title="t", says="s")
    with translation.override("en"):
        lots_below(canvas, frame_of(5, (0.0, 1.0), box=(40.0, 20.0, 590.0, 160.0)))

    (word,) = [text for text in drawn(canvas.svg()).iter() if text.text == "lot"]
    assert float(word.attrib["x"]) == round(600 - width_of("lot") - 2, 1)
