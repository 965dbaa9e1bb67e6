"""The operating characteristic of a plan: how often a lot of some quality would be accepted."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import Canvas, decimals_of, number
from inspections.charts.scales import Scale

LEFT, TOP, RIGHT, BOTTOM = 48.0, 28.0, 400.0, 236.0
SIZE = (440, 290)


def oc_chart(
    name: str, curve: Sequence[tuple[float, float]], *, marks: Sequence[tuple[float, float, str]] = (), title: str, says: str
) -> SafeString:  # fmt: skip
    """`curve` and `marks` are (share nonconforming, probability of acceptance), both 0 to 1; a mark has words beside its dot."""
    canvas = Canvas(name, SIZE, title=title, says=says, kind="middle")
    end = max((share for share, _accepted in curve), default=0.0) or 1.0
    x, y = Scale(0, 100 * end, LEFT, RIGHT), Scale(0, 100, BOTTOM, TOP)
    for percent in (0, 25, 50, 75, 100):
        canvas.line("grid", (LEFT, y(percent)), (RIGHT, y(percent)))
        canvas.text("t3", (LEFT - 8, y(percent) + 4), str(percent), anchor="end")
    steps = x.steps
    places = decimals_of(steps[1] - steps[0]) if len(steps) > 1 else 0
    for step in steps:
        canvas.text("t3", (x(step), BOTTOM + 18), number(step, places), anchor="middle")
    canvas.text("t2", (LEFT, 14), _("accepted, % of such lots"))
    canvas.text("t2", (RIGHT, BOTTOM + 38), _("nonconforming in the lot, %"), anchor="end")
    canvas.line("axis", (LEFT, BOTTOM), (RIGHT, BOTTOM))
    canvas.polyline("s1", [(x(100 * share), y(100 * accepted)) for share, accepted in curve])
    for share, accepted, words in marks:
        place = x(100 * share), y(100 * accepted)
        canvas.line("axis", place, (place[0], BOTTOM), stroke_dasharray="2 3")
        canvas.dot("pt", place, 4)
        canvas.text("b", (place[0] + 8, place[1] - 4), words)
    return canvas.svg()
