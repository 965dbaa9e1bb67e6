"""The variance tree: a hundred threads, one for each cent of the variation, dividing where the model divides.

The outermost source leaves first; what is left runs on inside one of its groups and divides again. Shares stand beside their
intervals, which are drawn as bars: a share without its interval would be read as sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import Canvas
from inspections.charts.intervals import draw_interval
from inspections.charts.scales import Scale

SIZE = (900, 372)
THREADS = 100
THREAD = 162 / THREADS  # from one thread to the next
KNOT_X, ENDS_X, SHARE_X = 22.0, 520.0, 580.0
TOP, BOTTOM = 44.0, 350.0
AXIS = (726.0, 872.0)


@dataclass(frozen=True, slots=True)
class Branch:
    """One source of variation, the outermost first. Shares and their 90 % interval are parts of one; `inside` names what runs on."""

    name: str
    share: float
    low: float | None
    high: float | None
    counted: str  # what it stands on, in words: "14 suppliers"
    inside: str = ""  # words below the bundle that is left: "inside one supplier"


def threads_of(shares: Sequence[float]) -> list[int]:
    """Whole threads for each share, a hundred together: the largest remainders are rounded up.

    >>> threads_of([0.61, 0.22, 0.12, 0.05]), sum(threads_of([1 / 3, 1 / 3, 1 / 3]))
    ([61, 22, 12, 5], 100)
    """
    total = sum(shares)
    if not total > 0:
        return [0 for _share in shares]
    exact = [THREADS * share / total for share in shares]
    whole = [int(each + 1e-9) for each in exact]
    rest = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in rest[: THREADS - sum(whole)]:
        whole[place] += 1
    return whole


def variance_threads(name: str, branches: Sequence[Branch], *, total: str, title: str, says: str) -> SafeString:
    """Draw the tree of two to five sources; `total` says the whole variation in words."""
    canvas = Canvas(name, SIZE, title=title, says=says, kind="tree")
    counts = threads_of([branch.share for branch in branches])
    knot_top = 106.0
    _axis(canvas)
    ends = _ends(counts)
    before = 0
    for place, (branch, count) in enumerate(zip(branches, counts, strict=True)):
        # The last two part where the last division is.
        divisions = _bends(len(counts))[: min(place, max(len(counts) - 2, 0))]
        bundle = [_thread(divisions, (knot_top + (before + index) * THREAD, ends[place] + index * THREAD)) for index in range(count)]
        if bundle:
            # The mark's own width is of a line; a thread must leave ground between itself and the next.
            canvas.path(f"s{place % 5 + 1}", "".join(bundle), stroke_width="1.05", stroke_opacity=".8")
        _beside(canvas, branch, ends[place] + count * THREAD / 2, place)
        if branch.inside and place < len(branches) - 2:
            foot = knot_top + THREADS * THREAD + 30 * (place + 1)
            canvas.text("t2", (_bends(len(counts))[place] + 14, foot + 20), branch.inside, anchor="middle")
        before += count
    canvas.box("knot", (14, knot_top - 5), (8, THREADS * THREAD + 8), rx=2)
    above = max(knot_top - 58, 14)  # clear of the threads, which rise to the first branch
    canvas.text("b", (14, above), _("Total variance"), size=13)
    canvas.text("t2", (14, above + 17), total)
    return canvas.svg()


def _ends(counts: Sequence[int]) -> list[float]:
    """Where each bundle ends: as far apart as there is room, never nearer than two lines of words need."""
    heights = [max(count * THREAD, 36.0) for count in counts]
    room = max((BOTTOM - TOP - sum(heights)) / max(len(counts) - 1, 1), 4.0)
    tops, y = [], TOP - 10
    for count, height in zip(counts, heights, strict=True):
        tops.append(y + (height - count * THREAD) / 2)
        y += height + room
    return tops


def _bends(sources: int) -> list[float]:
    """Where what is left after each division runs level."""
    apart = 144.0 if sources <= 4 else 200.0 / (sources - 3)
    return [200.0 + apart * place for place in range(max(sources - 2, 0))]


def _thread(divisions: Sequence[float], ends: tuple[float, float]) -> str:
    """One thread: level, then down with the rest at each division before its own, then to its end."""
    start, end = ends
    x, y = 110.0, start
    steps = f"M{KNOT_X:g} {start:.1f}H{x:g}"
    for place, to in enumerate(divisions, start=1):
        level = start + 30 * place
        middle = (x + to) / 2
        steps += f"C{middle:g} {y:.1f} {middle:g} {level:.1f} {to:g} {level:.1f}H{to + 34:g}"
        x, y = to + 34, level
    reach = min(x + 150, ENDS_X - 10)
    middle = (x + reach) / 2
    return steps + f"C{middle:g} {y:.1f} {middle:g} {end:.1f} {reach:g} {end:.1f}H{ENDS_X:g}"


def _axis(canvas: Canvas) -> None:
    scale = Scale(0, 100, *AXIS)
    canvas.text("t2", (AXIS[0], 12), _("share, 90 %% interval") % {})
    for step in (0, 25, 50, 75, 100):
        canvas.line("grid", (scale(step), 38), (scale(step), SIZE[1] - 10))
        canvas.text("t3", (scale(step), 30), f"{step} %" if step == 100 else str(step), anchor="middle")


def _beside(canvas: Canvas, branch: Branch, y: float, place: int) -> None:
    scale = Scale(0, 1, *AXIS)
    canvas.text("b", (SHARE_X, y + 7), f"{100 * branch.share:.0f} %", anchor="end", size=20)
    canvas.text("b", (SHARE_X + 10, y - 2), branch.name, size=13)
    canvas.text("t2", (SHARE_X + 10, y + 14), branch.counted)
    if branch.low is not None and branch.high is not None:
        draw_interval(canvas, (scale(branch.low), scale(branch.high)), y, f"s{place % 5 + 1}")
    canvas.dot(f"c{place % 5 + 1}", (scale(branch.share), y), 6)
