"""Values with their intervals, one row each, in the order given: where intervals overlap, nobody is ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import WIDE, Canvas, decimals_of, number
from inspections.charts.scales import Scale, range_of

LEFT, RIGHT = 210.0, 590.0
ROW, TOP = 30.0, 34.0


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row: a name, its value with its interval, and on how much it stands. No value: `words` say how much is missing."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: str  # what it stands on, in words: "32 lots"
    words: str = ""


@dataclass(frozen=True, slots=True)
class IntervalAxis:
    """What the rows are measured on; `limits` are drawn solid red with their words."""

    unit: str
    decimals: int
    limits: Sequence[tuple[float, str]] = ()
    start: float | None = None
    end: float | None = None


def interval_bars(name: str, rows: Sequence[IntervalRow], axis: IntervalAxis, *, title: str, says: str) -> SafeString:
    """Names at the left, the interval as a bar with its ends, the value as a dot, what it stands on at the right."""
    canvas = Canvas(name, (WIDE, round(TOP + ROW * max(len(rows), 1) + 12)), title=title, says=says)
    ends = [end for row in rows for end in (row.low, row.value, row.high)]
    low, high = range_of(ends, [limit for limit, _words in axis.limits])
    scale = Scale(low if axis.start is None else axis.start, high if axis.end is None else axis.end, LEFT, RIGHT)
    steps, bottom = scale.steps, canvas.height - 8
    places = decimals_of(steps[1] - steps[0]) if len(steps) > 1 else axis.decimals
    for step in steps:
        canvas.line("grid", (scale(step), TOP - 6), (scale(step), bottom))
        canvas.text("t3", (scale(step), 26), number(step, places), anchor="middle")
    canvas.text("t3", (RIGHT + 12, 26), axis.unit)
    for limit, words in axis.limits:
        canvas.line("spec", (scale(limit), TOP - 6), (scale(limit), bottom))
        canvas.text("t2", (scale(limit), 12), words, anchor="middle")
    for place, row in enumerate(rows):
        _row(canvas, row, TOP + place * ROW + ROW / 2, scale, axis)
    return canvas.svg()


def _row(canvas: Canvas, row: IntervalRow, y: float, scale: Scale, axis: IntervalAxis) -> None:
    canvas.text("b", (LEFT - 12, y + 4), row.name, anchor="end")
    if row.value is None:
        canvas.line("hatch-line", (LEFT, y), (RIGHT, y), stroke_dasharray="2 4")
        canvas.label("t2", ((LEFT + RIGHT) / 2, y + 4), row.words or _("not enough data"))
        return
    if row.low is not None and row.high is not None:
        draw_interval(canvas, (scale(row.low), scale(row.high)), y, "s1")
    tip = number(row.value, axis.decimals)
    if row.low is not None and row.high is not None:
        tip += f" ({number(row.low, axis.decimals)} – {number(row.high, axis.decimals)})"
    canvas.dot("c1", (scale(row.value), y), 6, tip=tip)
    canvas.text("t2", (RIGHT + 12, y + 4), row.n)


def draw_interval(canvas: Canvas, ends: tuple[float, float], y: float, mark: str) -> None:
    """A broad faint bar with upright ends."""
    canvas.line(mark, (ends[0], y), (ends[1], y), stroke_width=8, stroke_opacity=".3")
    canvas.path(mark, f"M{ends[0]:.1f} {y - 6:.1f}v12M{ends[1]:.1f} {y - 6:.1f}v12", stroke_width=1.5)
