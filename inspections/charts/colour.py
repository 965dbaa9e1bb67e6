"""Colour, lot by lot: ΔL*, Δa* and Δb* each in a field of its own, so that the direction of a drift shows; and shade groups.

Each lot may be near enough to the standard and two lots still too far apart: the worst pair is marked in every field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import WIDE, Canvas, number
from inspections.charts.frame import ChangeMark, change_marks, frame_of, grid, lots_below, steps_of
from inspections.charts.scales import Scale, range_of

AXES = ("ΔL*", "Δa*", "Δb*")
LEFT, RIGHT, TOP = 56.0, 600.0, 30.0
FIELD, GAP = 104.0, 22.0
LEAST_RANGE = 1.0  # what no eye sees should not fill a field


@dataclass(frozen=True, eq=False)
class DriftPicture:
    """Differences of each lot from the standard, three for each lot, with the limits of each axis where there are any."""

    deltas: Sequence[Sequence[float]]  # shape (lots, 3)
    lcl: Sequence[Sequence[float]] = ()
    ucl: Sequence[Sequence[float]] = ()
    average: Sequence[Sequence[float]] = ()
    signals: Sequence[frozenset[int]] = (frozenset(), frozenset(), frozenset())
    worst: tuple[int, int] | None = None
    worst_words: str = ""
    says_direction: Sequence[tuple[str, str]] = ()  # for each axis what less and more of it look like
    tips: Sequence[str] = ()
    changes: Sequence[ChangeMark] = ()


def colour_drift(name: str, picture: DriftPicture, *, title: str, says: str) -> SafeString:
    """Three fields below each other with one scale, so that a step of b* is as tall as a step of L*."""
    deltas = np.asarray(picture.deltas, dtype=np.float64).reshape(-1, 3)
    height = round(TOP + 3 * FIELD + 2 * GAP + 30)
    canvas = Canvas(name, (WIDE, height), title=title, says=says)
    spans = [range_of(deltas[:, axis], (0.0,), at_least=LEAST_RANGE) for axis in range(3)]
    tall = max(high - low for low, high in spans)
    for axis, words in enumerate(AXES):
        top = TOP + axis * (FIELD + GAP)
        middle = sum(spans[axis]) / 2
        frame = frame_of(len(deltas), (middle - tall / 2, middle + tall / 2), box=(LEFT, top, RIGHT, top + FIELD))
        grid(canvas, frame, most=4)
        canvas.line("axis", (LEFT, frame.y(0)), (RIGHT, frame.y(0)))
        canvas.text("b", (RIGHT + 10, top + 14), words)
        if picture.says_direction:
            less, more = picture.says_direction[axis]
            canvas.text("t3", (RIGHT + 10, top + 32), f"↑ {more}")
            canvas.text("t3", (RIGHT + 10, top + 48), f"↓ {less}")
        for limits in (picture.lcl, picture.ucl):
            if len(limits):
                for steps in steps_of(frame, [float(row[axis]) for row in limits]):
                    canvas.path("limit", steps)
        change_marks(canvas, frame, picture.changes if axis == 0 else [ChangeMark(each.at, "") for each in picture.changes])
        if picture.worst:
            canvas.polyline(
                "sigring", [frame.place(lot, float(deltas[lot, axis])) for lot in sorted(picture.worst)], stroke_dasharray="4 3"
            )
        canvas.polyline("ln", [frame.place(lot, float(value)) for lot, value in enumerate(deltas[:, axis])])
        if len(picture.average):
            known = [(lot, float(row[axis])) for lot, row in enumerate(picture.average) if row[axis] == row[axis]]
            if len(known) > 1:
                canvas.polyline("s2", [frame.place(lot, value) for lot, value in known])
        _dots(canvas, picture, axis, [frame.place(lot, float(value)) for lot, value in enumerate(deltas[:, axis])])
        if axis == 2:
            lots_below(canvas, frame)
    if picture.worst:
        canvas.text("tag-bad", (LEFT, 14), picture.worst_words)
    return canvas.svg()


def _dots(canvas: Canvas, picture: DriftPicture, axis: int, places: Sequence[tuple[float, float]]) -> None:
    marked = set(picture.worst or ())
    for lot, place in enumerate(places):
        if lot not in picture.signals[axis]:
            canvas.dot("pt", place, 3.2, tip=picture.tips[lot] if picture.tips else "")
        if lot in marked:
            canvas.dot("sigring", place, 7)
    for lot in sorted(picture.signals[axis]):
        canvas.dot("sig", places[lot], 5, tip=picture.tips[lot] if picture.tips else "")


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A shade group: its letter, the places of its lots, and the largest difference within it."""

    letter: str
    lots: Sequence[int]
    worst: float
    has_standard: bool = False


def shade_groups_chart(name: str, groups: Sequence[GroupRow], *, lots: int, tips: Sequence[str] = (), title: str, says: str) -> SafeString:
    """One row for each group, its lots in the order they were made: lots of one row may be sewn together."""
    row = 30.0
    canvas = Canvas(name, (WIDE, round(34 + row * len(groups) + 26)), title=title, says=says)
    frame = frame_of(lots, (0.0, 1.0), box=(LEFT + 40, 30.0, RIGHT, 30.0 + row * len(groups)))
    canvas.text("t3", (RIGHT + 10, 18), _("worst ΔE within"))
    scale = Scale(0, max(len(groups), 1), 30.0, 30.0 + row * len(groups))
    for place, group in enumerate(groups):
        y = scale(place) + row / 2
        canvas.line("grid", (frame.left, y), (frame.right, y))
        canvas.text("b", (frame.left - 40, y + 5), group.letter, size=14)
        canvas.text("t3", (frame.left - 14, y + 4), str(len(group.lots)), anchor="end")
        for lot in group.lots:
            canvas.dot("pt" if place else "c1", (frame.x(lot), y), 4, tip=tips[lot] if tips else "")
        said = number(group.worst, 2) if len(group.lots) > 1 or group.has_standard else "–"
        canvas.text("t2", (RIGHT + 10, y + 4), said)
    lots_below(canvas, frame)
    return canvas.svg()
