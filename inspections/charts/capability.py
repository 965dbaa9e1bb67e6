"""How readings lie within what was agreed: columns of counts, the limits in solid red, the mean with three standard deviations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import Canvas, decimals_of, finite_only, number
from inspections.charts.scales import Scale, range_of, round_steps

SIZE = (288, 222)
LEFT, RIGHT, TOP, BOTTOM = 12.0, 276.0, 40.0, 156.0
MOST_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class SpreadPicture:
    """Readings in their unit, and what they are held against."""

    values: Sequence[float]
    unit: str
    decimals: int
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    mean: float | None = None
    sigma: float | None = None


def capability_strip(name: str, picture: SpreadPicture, *, title: str, says: str) -> SafeString:
    """Columns as wide as a sensible step of the readings; those outside the limits are red."""
    canvas = Canvas(name, SIZE, title=title, says=says)
    reach = [] if picture.mean is None or picture.sigma is None else [picture.mean - 3 * picture.sigma, picture.mean + 3 * picture.sigma]
    low, high = range_of(picture.values, (picture.lower, picture.upper, picture.target), reach, margin=0.05)
    scale = Scale(low, high, LEFT, RIGHT)
    if picture.lower is not None or picture.upper is not None:
        left = LEFT if picture.lower is None else scale(picture.lower)
        right = RIGHT if picture.upper is None else scale(picture.upper)
        canvas.box("zone-in", (left, TOP), (right - left, BOTTOM - TOP))
    _columns(canvas, picture, scale)
    canvas.line("axis", (LEFT, BOTTOM), (RIGHT, BOTTOM))
    steps = round_steps(low, high, most=5)
    places = decimals_of(steps[1] - steps[0]) if len(steps) > 1 else picture.decimals
    for step in steps:
        canvas.text("t3", (scale(step), BOTTOM + 18), number(step, places), anchor="middle")
    for limit in finite_only((picture.lower, picture.upper)):
        canvas.line("spec", (scale(limit), TOP - 8), (scale(limit), BOTTOM), stroke_width=2)
        near_end = scale(limit) > RIGHT - 50
        near_start = scale(limit) < LEFT + 50
        said = _("Limit %(value)s") % {"value": number(limit, picture.decimals)}
        canvas.text("t2", (scale(limit), TOP - 14), said, anchor="end" if near_end else "start" if near_start else "middle")
    if picture.target is not None:
        canvas.line("mid", (scale(picture.target), TOP), (scale(picture.target), BOTTOM), stroke_dasharray="1 3")
        canvas.text("t3", (scale(picture.target), TOP - 14), _("target"), anchor="middle")
    _whisker(canvas, picture, scale)
    return canvas.svg()


def _columns(canvas: Canvas, picture: SpreadPicture, scale: Scale) -> None:
    if not len(picture.values):
        return
    values = np.asarray(picture.values, dtype=np.float64)
    # A column narrower than one step of the instrument would leave gaps that mean nothing.
    step = 10.0**-picture.decimals
    width = max(step, step * round((scale.high - scale.low) / MOST_COLUMNS / step))
    # The limits are edges of columns, so that no column is half in and half out.
    anchor = picture.lower if picture.lower is not None else picture.upper if picture.upper is not None else 0.0
    places = np.floor((values - anchor) / width + 1e-9)
    if picture.upper is not None:
        places = np.where(np.isclose(values, picture.upper), np.ceil((picture.upper - anchor) / width - 1e-9) - 1, places)
    found, counts = np.unique(places, return_counts=True)
    tall = Scale(0, float(counts.max()), BOTTOM, TOP + 6)
    for place, count in zip(found.tolist(), counts.tolist(), strict=True):
        start, end = anchor + place * width, anchor + (place + 1) * width
        middle = (start + end) / 2
        out = (picture.lower is not None and middle < picture.lower) or (picture.upper is not None and middle > picture.upper)
        left, right = max(scale(start), LEFT), min(scale(end), RIGHT)
        tip = f"{number(start, picture.decimals)} – {number(end, picture.decimals)}: {count}"
        canvas.box("ma4" if out else "in3", (left + 0.5, tall(count)), (max(right - left - 1, 1), BOTTOM - tall(count)), tip=tip)


def _whisker(canvas: Canvas, picture: SpreadPicture, scale: Scale) -> None:
    """The mean and three standard deviations to both sides, below the columns."""
    if picture.mean is None or picture.sigma is None:
        return
    y = BOTTOM + 36
    left, right = scale(picture.mean - 3 * picture.sigma), scale(picture.mean + 3 * picture.sigma)
    canvas.path("whisk", f"M{left:.1f} {y - 5:.1f}v10M{left:.1f} {y:.1f}H{right:.1f}M{right:.1f} {y - 5:.1f}v10", stroke_width=1.5)
    canvas.dot("c1", (scale(picture.mean), y), 5)
    said = _("mean %(value)s ± 3 SD") % {"value": number(picture.mean, picture.decimals)}
    canvas.text("b", (scale(picture.mean), y + 22), said, anchor="middle")
