"""The portrait as a picture: one spoke a part, the firm as a line, the middle of its node as a broken one. What is not known leaves a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from inspections.charts.canvas import Canvas, number, width_of

RADIUS, HEIGHT, MIDDLE = 88.0, 272, 136.0
AROUND = 12  # percent of the radius, between the outermost ring and a name
PHONE = 320  # what a phone shows whole
RINGS = (25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Spoke:
    """One part: its name, the firm's percent and the node's, None where too little is known."""

    name: str
    value: float | None
    middle: float | None = None


@dataclass(frozen=True, slots=True)
class _Web:
    """Where a percent lies on the spoke of a number."""

    canvas: Canvas
    many: int

    @property
    def centre(self) -> tuple[float, float]:
        return self.canvas.width / 2, MIDDLE

    def __call__(self, at: int, percent: float) -> tuple[float, float]:
        turn, reach = 2 * math.pi * at / self.many, RADIUS * percent / 100
        return self.centre[0] + reach * math.sin(turn), self.centre[1] - reach * math.cos(turn)

    def closed(self, percents: Sequence[float]) -> str:
        return "M" + "L".join("{:.1f} {:.1f}".format(*self(at, percent)) for at, percent in enumerate(percents)) + "Z"


def radar(name: str, spokes: Sequence[Spoke], *, title: str, says: str) -> SafeString:
    """Rings at each quarter, names around them, values at the points; an unknown part is a hatched spoke without a point."""
    # As wide as its longest name asks for: in Chinese a phone shows it whole, in English it scrolls.
    width = math.ceil(2 * (RADIUS * (1 + AROUND / 100) + max(width_of(f"{spoke.name} ") for spoke in spokes)))
    canvas = Canvas(name, (width, HEIGHT), title=title, says=says, kind="narrow" if width <= PHONE else "middle")
    web = _Web(canvas, len(spokes))
    for ring in RINGS:
        canvas.path("grid", web.closed([ring] * len(spokes)))
    for at, spoke in enumerate(spokes):
        if spoke.value is None:
            canvas.line("hatch-line", web.centre, web(at, 100), stroke_dasharray="2 4")
        else:
            canvas.line("axis", web.centre, web(at, 100))
    _shape(web, "s2", [spoke.middle for spoke in spokes], stroke_dasharray="5 4")
    _shape(web, "s1", [spoke.value for spoke in spokes], fill="#2c4292", fill_opacity=".12")
    for at, spoke in enumerate(spokes):
        if spoke.value is not None:
            canvas.dot("c1", web(at, spoke.value), 4, tip=f"{spoke.name}: {number(spoke.value, 1)} %")
        _label(web, spoke, at)
    return canvas.svg()


def _shape(web: _Web, mark: str, values: Sequence[float | None], **more: str) -> None:
    """A closed line where every part is known; else only between neighbours that both are."""
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        web.canvas.path(mark, web.closed(known), **more)
        return
    dashes = {"stroke_dasharray": more["stroke_dasharray"]} if "stroke_dasharray" in more else {}
    for at, value in enumerate(values):
        after = values[(at + 1) % web.many]
        if value is not None and after is not None:
            web.canvas.line(mark, web(at, value), web((at + 1) % web.many, after), **dashes)


def _label(web: _Web, spoke: Spoke, at: int) -> None:
    x, y = web(at, 100 + AROUND)
    side = math.sin(2 * math.pi * at / web.many)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    above = y < MIDDLE and anchor == "middle"
    web.canvas.text("b", (x, y - (12 if above else -2)), spoke.name, anchor=anchor)
    web.canvas.text("t2", (x, y + (3 if above else 17)), "–" if spoke.value is None else f"{number(spoke.value, 1)} %", anchor=anchor)
