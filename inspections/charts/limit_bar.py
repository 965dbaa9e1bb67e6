"""Readings on their limits: a bar with the part that was agreed, and a dot for each reading. For one result, where there is no course yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from inspections.charts.canvas import Canvas, finite_only
from inspections.charts.scales import Scale

WIDTH, HEIGHT, EDGE = 360, 78, 20
TOP, THICK = 26, 16


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers that a bar reaches over, and where its limits lie, in hundredths of it."""

    low: float
    high: float
    lower: float | None = None
    upper: float | None = None

    def place(self, value: float) -> float:
        """Where a number lies on the bar, from 0 to 100."""
        return max(0.0, min(100.0, 100 * (value - self.low) / (self.high - self.low)))

    @property
    def zone(self) -> tuple[float, float]:
        """Where the agreed part begins and ends."""
        return (0.0 if self.lower is None else self.place(self.lower), 100.0 if self.upper is None else self.place(self.upper))

    @property
    def width(self) -> float:
        """Of the agreed part."""
        return self.zone[1] - self.zone[0]

    def keeps(self, value: float) -> bool:
        return (self.lower is None or value >= self.lower) and (self.upper is None or value <= self.upper)


def span_of(lower: float | None, upper: float | None, values: Sequence[float] = ()) -> Span | None:
    """A bar that shows the limits with room on either side, and every value; None where there is no limit.

    >>> span_of(4.0, 8.0)
    Span(low=2.0, high=10.0, lower=4.0, upper=8.0)
    >>> span_of(None, 75.0)
    Span(low=0.0, high=112.5, lower=None, upper=75.0)
    """
    known = finite_only(values)
    if lower is not None and upper is not None:
        room = (upper - lower) / 2 or abs(upper) * 0.1 or 1.0
        ends = [lower - room, upper + room]
    elif upper is not None:
        ends = [min(0.0, upper * 1.5), upper * 1.5] if upper > 0 else [upper * 2 - 1, upper + abs(upper) * 0.5 + 1]
    elif lower is not None:
        ends = [lower * 0.75, lower * 1.25] if lower > 0 else [lower - abs(lower) * 0.5 - 1, lower + abs(lower) * 1.5 + 1]
    else:
        return None
    return Span(min([*ends, *known]), max([*ends, *known]), lower, upper)


def limit_bar(name: str, span: Span, dots: Sequence[tuple[float, str]], labels: tuple[str, str], *, title: str, says: str) -> SafeString:
    """`dots` are (value, words) of each reading; `labels` are the words of the lower and the upper limit."""
    canvas = Canvas(name, (WIDTH, HEIGHT), title=title, says=says)
    scale = Scale(span.low, span.high, EDGE, WIDTH - EDGE)
    canvas.box("track", (EDGE, TOP), (WIDTH - 2 * EDGE, THICK), rx=3)
    start, end = (EDGE + part * (WIDTH - 2 * EDGE) / 100 for part in span.zone)
    canvas.box("zone-in", (start, TOP), (end - start, THICK))
    for limit, words in zip((span.lower, span.upper), labels, strict=True):
        if limit is not None:
            canvas.line("spec", (scale(limit), TOP - 8), (scale(limit), TOP + THICK + 8))
            canvas.text("t2", (scale(limit), HEIGHT - 10), words, anchor="middle")
    said = 0
    for value, words in dots:
        out = not span.keeps(value)
        canvas.dot("sig" if out else "c1", (scale(value), TOP + THICK / 2), 6 if out else 5, tip=words)
        if out and not said:  # the first one says its number; more would lie on each other
            said = 1
            canvas.text("tag-bad", (min(max(scale(value), 24), WIDTH - 24), TOP - 12), words, anchor="middle")
    return canvas.svg()
