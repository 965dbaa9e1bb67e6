"""The funnel plot: how many were looked at against the share that failed, with the limits of chance. Only published cells are in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import Canvas
from inspections.charts.scales import Scale, round_steps
from oversight.weak_links import Tally, funnel_lines

SIZE, BOX = (720, 320), (52, 24, 704, 268)
MOST_NAMED = 6


@dataclass(frozen=True)
class Point:
    """One published cell: firms looked at, firms with a nonconformity; `stands_out` is named."""

    name: str
    firms: int
    confirmed: int
    stands_out: bool


def funnel_chart(points: Sequence[Point], whole: Tally, *, name: str) -> SafeString:
    """The drawing; the table beside it has the same numbers."""
    left, top, right, bottom = BOX
    largest = max((point.firms for point in points), default=5)
    lines = list(funnel_lines(whole, largest=max(largest, 10)))
    highest = max([point.confirmed / point.firms for point in points] + [line[4] for line in lines[len(lines) // 4 :]] + [0.1])
    x, y = Scale(5, lines[-1][0], left, right), Scale(0, min(1.0, highest * 1.08), bottom, top)
    canvas = Canvas(name, SIZE, title=_("Funnel plot"), says=_says(points, whole))
    for step in round_steps(y.low, y.high, most=5):
        canvas.line("grid", (left, y(step)), (right, y(step)))
        canvas.text("t3", (left - 6, y(step) + 4), f"{round(step * 100)} %", anchor="end")
    for step in round_steps(x.low, x.high, most=6):
        canvas.text("t3", (x(step), bottom + 18), f"{round(step)}", anchor="middle")
    canvas.text("t2", ((left + right) / 2, bottom + 40), _("Firms looked at"), anchor="middle")
    for column, mark in ((1, "limit"), (4, "limit"), (2, "s5"), (3, "s5")):
        canvas.polyline(mark, [(x(line[0]), min(bottom, max(top, y(line[column])))) for line in lines])
    share = whole.confirmed / whole.firms
    canvas.line("mid", (left, y(share)), (right, y(share)))
    for number, point in enumerate(sorted(points, key=lambda each: -each.firms)):
        spot = (x(point.firms), y(point.confirmed / point.firms))
        tip = _("%(name)s: %(k)s of %(n)s firms") % {"name": point.name, "k": point.confirmed, "n": point.firms}
        canvas.dot("sig" if point.stands_out else "pt", spot, 5, tip=tip)
        if point.stands_out and number < MOST_NAMED * 3:
            canvas.text("b", (spot[0] - 8, spot[1] - 8), point.name, anchor="end" if spot[0] > (left + right) / 2 else "start")
    return canvas.svg()


def _says(points: Sequence[Point], whole: Tally) -> str:
    out = [point.name for point in points if point.stands_out]
    facts = {"n": len(points), "share": round(100 * whole.confirmed / whole.firms), "places": ", ".join(out[:MOST_NAMED]) or "–"}
    return _("%(n)s published cells around the city's %(share)s per cent. Outside of what chance gives: %(places)s") % facts
