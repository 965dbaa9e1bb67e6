"""Drawings of a comparison round: scores as bars, values as a strip, two samples by code, own scores over rounds. Each beside its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import Canvas, decimals_of, number, width_of
from inspections.charts.scales import Scale, range_of

WIDTH, KIND = 540, "middle"  # fits beside the page's second column
CODES, STRIP, LEFT, RIGHT = 62.0, 30.0, 112.0, 482.0
ROW, TOP = 22.0, 40.0
FARTHEST = 6.0  # a bar beyond it is cut, and says its number
MOST_BARS = 60
YOUDEN_TOP, YOUDEN_SIDE = 40.0, 420.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One code with its score."""

    code: str
    score: float
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Stripe:
    """What a strip of values is drawn on: middle, benchmark, decimals, unit."""

    middle: float | None
    lower: float | None
    upper: float | None
    decimals: int
    unit: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One code by its scores of two samples."""

    code: str
    at: tuple[float, float]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """Where chance alone would leave a laboratory: about the middle of all."""

    middle: tuple[float, float]
    radius: float


def score_bars(name: str, bars: Sequence[Bar], *, title: str, says: str) -> SafeString:
    """One bar for each code, the lowest score first; 2 and 3 are marked on both sides."""
    shown = sorted(bars, key=lambda bar: (bar.score, bar.code))
    if len(shown) > MOST_BARS:
        shown = [bar for place, bar in enumerate(shown) if bar.is_own or place < MOST_BARS // 2 or place >= len(shown) - MOST_BARS // 2]
    canvas = Canvas(name, (WIDTH, round(TOP + ROW * max(len(shown), 1) + 12)), title=title, says=says, kind=KIND)
    reach = min(FARTHEST, max(3.5, *(abs(bar.score) for bar in shown))) if shown else 3.5
    scale, bottom = Scale(-reach, reach, LEFT, RIGHT), canvas.height - 8
    canvas.box("zone-in", (scale(-2), TOP - 6), (scale(2) - scale(-2), bottom - TOP + 6))
    for mark, at in (("limit", -2), ("limit", 2), ("spec", -3), ("spec", 3), ("mid", 0)):
        canvas.line(mark, (scale(at), TOP - 6), (scale(at), bottom))
        canvas.text("t3", (scale(at), TOP - 12), number(at, 0), anchor="middle")
    for place, bar in enumerate(shown):
        y = TOP + place * ROW + ROW / 2
        end = scale(max(-reach, min(reach, bar.score)))
        canvas.text("b" if bar.is_own else "t2", (CODES, y + 4), bar.code, anchor="end")
        canvas.box(
            "c1" if bar.is_own else "c5",
            (min(scale(0), end), y - 7),
            (max(abs(end - scale(0)), 1.5), 14),
            tip=f"{bar.code}: {number(bar.score, 2)}",
        )
        if bar.is_own or abs(bar.score) > 2:
            right = bar.score >= 0
            canvas.label(
                "b" if bar.is_own else "t2", (end + (8 if right else -8), y + 4), number(bar.score, 2), anchor="" if right else "end"
            )
    return canvas.svg()


def crowd_strip(name: str, values: Sequence[tuple[str, float, bool]], stripe: Stripe, *, title: str, says: str) -> SafeString:
    """Every value as a dot over one axis, one above the other where they meet; one's own is dark, with its code."""
    shown = sorted(values, key=lambda each: (each[1], each[0]))
    low, high = range_of([each[1] for each in shown], [each for each in (stripe.lower, stripe.upper, stripe.middle) if each is not None])
    scale = Scale(low, high, STRIP, RIGHT)
    heights, last = list[int](), dict[int, int]()
    for _code, value, _own in shown:
        column = round(scale(value) / 11)
        last[column] = last.get(column, 0) + 1
        heights.append(last[column])
    tall = min(max(heights, default=1), 14)
    canvas = Canvas(name, (WIDTH, round(86 + tall * 11)), title=title, says=says, kind=KIND)
    base = canvas.height - 34.0
    canvas.line("axis", (STRIP, base), (RIGHT, base))
    steps = scale.steps
    places = decimals_of(steps[1] - steps[0]) if len(steps) > 1 else stripe.decimals
    for step in steps:
        canvas.line("grid", (scale(step), 30), (scale(step), base))
        canvas.text("t3", (scale(step), base + 18), number(step, places), anchor="middle")
    canvas.text("t3", (RIGHT + 6, base + 18), stripe.unit)
    marks = [("spec", stripe.lower, _("benchmark")), ("spec", stripe.upper, _("benchmark")), ("mid", stripe.middle, _("middle"))]
    for mark, at, words in marks:
        if at is not None:
            canvas.line(mark, (scale(at), 26), (scale(at), base))
            canvas.label("t2", (scale(at), 18 if mark == "spec" else 34), words)
    for (code, value, own), height in zip(shown, heights, strict=True):
        y = base - 8 - (min(height, 14) - 1) * 11
        canvas.dot("c1" if own else "c5", (scale(value), y), 6 if own else 4.5, tip=f"{code}: {number(value, stripe.decimals)}")
        if own:
            left = scale(value) + width_of(code) + 14 > RIGHT
            canvas.label("b", (scale(value) + (-10 if left else 10), y + 4), code, anchor="end" if left else "")
    return canvas.svg()


def score_course(name: str, scores: Sequence[tuple[str, float]], *, title: str, says: str) -> SafeString:
    """Own scores over rounds, the oldest at the left; 2 and 3 are marked on both sides."""
    canvas = Canvas(name, (WIDTH, 220), title=title, says=says, kind=KIND)
    reach = min(FARTHEST, max(3.5, *(abs(score) for _label, score in scores)))
    y, x = Scale(-reach, reach, 180, 24), Scale(0, max(len(scores) - 1, 1), LEFT - 20, RIGHT)
    canvas.box("zone-in", (CODES, y(2)), (RIGHT + 30 - CODES, y(-2) - y(2)))
    for mark, at in (("limit", -2), ("limit", 2), ("spec", -3), ("spec", 3), ("mid", 0)):
        canvas.line(mark, (CODES, y(at)), (RIGHT + 30, y(at)))
        canvas.text("t3", (CODES - 8, y(at) + 4), number(at, 0), anchor="end")
    points = [(x(place), y(max(-reach, min(reach, score)))) for place, (_label, score) in enumerate(scores)]
    if len(points) > 1:
        canvas.polyline("s1", points)
    every = max(1, len(scores) // 8)
    for place, ((label, score), point) in enumerate(zip(scores, points, strict=True)):
        canvas.dot("sig" if abs(score) > 3 else "c1", point, 6 if abs(score) > 2 else 4.5, tip=f"{label}: {number(score, 2)}")
        if place % every == 0:
            canvas.text("t3", (point[0], 204), label, anchor="middle")
    return canvas.svg()


def youden_plot(name: str, spots: Sequence[Spot], circle: Circle, *, title: str, says: str) -> SafeString:
    """Every code by its two scores (Youden): along the slant both go the same way; 2 and 3 are marked on all sides, one's own is dark."""
    canvas = Canvas(name, (WIDTH, round(YOUDEN_TOP + YOUDEN_SIDE + 56)), title=title, says=says, kind=KIND)
    widest = [abs(each) for spot in spots for each in spot.at] + [abs(each) + circle.radius for each in circle.middle]
    reach = min(FARTHEST, max(3.5, *widest))
    x, y = Scale(-reach, reach, CODES, CODES + YOUDEN_SIDE), Scale(-reach, reach, YOUDEN_TOP + YOUDEN_SIDE, YOUDEN_TOP)
    canvas.box("zone-in", (x(-2), y(2)), (x(2) - x(-2), y(-2) - y(2)))
    for mark, at in (("limit", -2), ("limit", 2), ("spec", -3), ("spec", 3), ("mid", 0)):
        canvas.line(mark, (x(at), y(reach)), (x(at), y(-reach)))
        canvas.line(mark, (x(-reach), y(at)), (x(reach), y(at)))
        canvas.text("t3", (x(at), y(-reach) + 18), number(at, 0), anchor="middle")
        canvas.text("t3", (CODES - 8, y(at) + 4), number(at, 0), anchor="end")
    canvas.line("axis", (x(-reach), y(-reach)), (x(reach), y(reach)))
    if max(abs(each) for each in circle.middle) + circle.radius <= reach:
        canvas.dot("s1", (x(circle.middle[0]), y(circle.middle[1])), x(circle.radius) - x(0))
    canvas.text("t2", (x(0), canvas.height - 12), _("z of sample A"), anchor="middle")
    canvas.text("t2", (CODES, YOUDEN_TOP - 14), _("z of sample B"))
    for spot in sorted(spots, key=lambda each: each.is_own):
        place = tuple(max(-reach, min(reach, each)) for each in spot.at)
        tip = f"{spot.code}: {number(spot.at[0], 2)}, {number(spot.at[1], 2)}"
        canvas.dot("c1" if spot.is_own else "c5", (x(place[0]), y(place[1])), 6 if spot.is_own else 4.5, tip=tip)
        if spot.is_own:
            left = x(place[0]) + width_of(spot.code) + 14 > CODES + YOUDEN_SIDE
            canvas.label("b", (x(place[0]) + (-10 if left else 10), y(place[1]) + 4), spot.code, anchor="end" if left else "")
    return canvas.svg()
