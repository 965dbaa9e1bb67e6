"""The portrait as a picture: one spoke a part, the firm as a line, the middle of its node as a broken one. What is not known leaves a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from inspections.charts.canvas import Canvas, number

SIZE = (440, 330)
CENTRE, RADIUS = (220.0, 168.0), 108.0
RINGS = (25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Spoke:
    """One part: its name, the firm's percent and the node's, None where too little is known."""

    name: str
    value: float | None
    middle: float | None = None


def radar(name: str, spokes: Sequence[Spoke], *, title: str, says: str) -> SafeString:
    """Rings at each quarter, names around them, values at the points; an unknown part is a hatched spoke without a point."""
    canvas = Canvas(name, SIZE, title=title, says=says, kind="middle")
    for ring in RINGS:
        canvas.path("grid", _closed([_place(at, ring, len(spokes)) for at in range(len(spokes))]))
    for at, spoke in enumerate(spokes):
        known = spoke.value is not None
        canvas.line(
            "axis" if known else "hatch-line", CENTRE, _place(at, 100, len(spokes)), **({} if known else {"stroke_dasharray": "2 4"})
        )
    _shape(canvas, "s2", [spoke.middle for spoke in spokes], stroke_dasharray="5 4")
    _shape(canvas, "s1", [spoke.value for spoke in spokes], fill="#2c4292", fill_opacity=".12")
    for at, spoke in enumerate(spokes):
        if spoke.value is not None:
            canvas.dot("c1", _place(at, spoke.value, len(spokes)), 4, tip=f"{spoke.name}: {number(spoke.value, 1)} %")
        _label(canvas, spoke, at, len(spokes))
    return canvas.svg()


def _shape(canvas: Canvas, mark: str, values: Sequence[float | None], **more: str) -> None:
    """A closed line where every part is known; else only between neighbours that both are."""
    many = len(values)
    if all(value is not None for value in values):
        canvas.path(mark, _closed([_place(at, value or 0.0, many) for at, value in enumerate(values)]), **more)
        return
    more.pop("fill", None)
    more.pop("fill_opacity", None)
    for at, value in enumerate(values):
        after = values[(at + 1) % many]
        if value is not None and after is not None:
            canvas.line(mark, _place(at, value, many), _place((at + 1) % many, after, many), **more)


def _label(canvas: Canvas, spoke: Spoke, at: int, many: int) -> None:
    x, y = _place(at, 112, many)
    side = math.sin(2 * math.pi * at / many)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    top = y < CENTRE[1] and anchor == "middle"
    canvas.text("b", (x, y - (12 if top else -2)), spoke.name, anchor=anchor)
    canvas.text("t2", (x, y + (3 if top else 17)), "–" if spoke.value is None else f"{number(spoke.value, 1)} %", anchor=anchor)


def _place(at: int, percent: float, many: int) -> tuple[float, float]:
    turn = 2 * math.pi * at / many
    return CENTRE[0] + RADIUS * percent / 100 * math.sin(turn), CENTRE[1] - RADIUS * percent / 100 * math.cos(turn)


def _closed(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
