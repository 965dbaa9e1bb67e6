"""Results that may be known only as a bound: "<20" is a mark that points left from 20, never a dot, and nothing is averaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import WIDE, Canvas, decimals_of, number
from inspections.charts.scales import Scale, range_of

LEFT, RIGHT = 150.0, 640.0
ROW, TOP = 18.0, 40.0


@dataclass(frozen=True, slots=True)
class BoundRow:
    """The readings of one lot: numbers with what stands before each ("=", "<", "<=", ">", ">=")."""

    words: str
    values: Sequence[float]
    qualifiers: Sequence[str]


def censored_marks(
    name: str, rows: Sequence[BoundRow], *, unit: str, lower: float | None, upper: float | None, title: str, says: str
) -> SafeString:  # fmt: skip
    """One row for each lot, the newest first; the value goes to the right, the agreed limit stands upright in red."""
    canvas = Canvas(name, (WIDE, round(TOP + ROW * max(len(rows), 1) + 12)), title=title, says=says)
    ends = [value for row in rows for value in row.values]
    low, high = range_of(ends, (lower, upper, 0.0), margin=0.05)
    scale = Scale(min(low, 0.0) if low < 0 and min(ends, default=0.0) < 0 else 0.0, high, LEFT, RIGHT)
    steps = scale.steps
    places = decimals_of(steps[1] - steps[0]) if len(steps) > 1 else 0
    bottom = canvas.height - 8
    for step in steps:
        canvas.line("grid", (scale(step), TOP - 8), (scale(step), bottom))
        canvas.text("t3", (scale(step), 30), number(step, places), anchor="middle")
    canvas.text("t3", (RIGHT + 14, 30), unit)
    for limit in (lower, upper):
        if limit is not None:
            canvas.line("spec", (scale(limit), TOP - 8), (scale(limit), bottom))
            canvas.text("t2", (scale(limit), 14), _("Limit %(value)s") % {"value": number(limit, decimals_of(limit))}, anchor="middle")
    for place, row in enumerate(rows):
        _row(canvas, row, TOP + place * ROW + 4, scale, (lower, upper))
    return canvas.svg()


def _row(canvas: Canvas, row: BoundRow, y: float, scale: Scale, limits: tuple[float | None, float | None]) -> None:
    canvas.text("t2", (LEFT - 10, y + 4), row.words, anchor="end")
    lower, upper = limits
    for (value, sign), times in Counter(zip(row.values, row.qualifiers, strict=True)).items():
        x = scale(value)
        tip = f"{'' if sign == '=' else sign}{number(value, decimals_of(value))}"
        if times > 1:
            before = sign in ("<", "<=")
            canvas.text("t3", (x - 13 if before else x + 13, y + 4), f"{times}×", anchor="end" if before else "")
        if sign in ("<", "<="):
            canvas.path("s1", f"M{x - 9:.1f} {y:.1f}L{x:.1f} {y - 5:.1f}V{y + 5:.1f}Z", stroke_width=1.5, data_said=tip)
        elif sign in (">", ">="):
            canvas.path("s1", f"M{x + 9:.1f} {y:.1f}L{x:.1f} {y - 5:.1f}V{y + 5:.1f}Z", stroke_width=1.5, data_said=tip)
        else:
            out = (upper is not None and value > upper) or (lower is not None and value < lower)
            canvas.dot("sig" if out else "pt", (x, y), 5 if out else 3.2, tip=tip)
