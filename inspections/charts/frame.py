"""What charts of lots in a row have in common: the frame, its grid, the lots below, labels at the ends of lines, change points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from django.utils.translation import gettext as _

from inspections.charts.canvas import Canvas, decimals_of, number, spread_apart, width_of
from inspections.charts.scales import Scale, round_steps

LABEL_APART = 14


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """A change point as it is drawn: the place of its first lot, and its cause in words."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A field of lots from left to right: `x` by the lot's place, `y` by value."""

    x: Scale
    y: Scale
    lots: int

    @property
    def left(self) -> float:
        return self.x.start

    @property
    def right(self) -> float:
        return self.x.end

    @property
    def top(self) -> float:
        return min(self.y.start, self.y.end)

    @property
    def bottom(self) -> float:
        return max(self.y.start, self.y.end)

    def place(self, lot: int, value: float) -> tuple[float, float]:
        return self.x(lot), self.y(value)

    def places(self, values: Sequence[float]) -> list[tuple[float, float]]:
        """The places of all lots' values; of a value that is none its height is none either."""
        return list(zip(self.x.all(range(len(values))), self.y.all(values), strict=True))


def frame_of(lots: int, values: tuple[float, float], *, box: tuple[float, float, float, float]) -> Frame:
    """A frame in the box (left, top, right, bottom) for so many lots and values in the range."""
    left, top, right, bottom = box
    return Frame(Scale(0, max(lots - 1, 1), left, right), Scale(*values, bottom, top), lots)


def grid(canvas: Canvas, frame: Frame, *, unit: str = "", most: int = 6, steps: Sequence[float] | None = None) -> None:
    """Faint lines with their values at the left; the unit above them."""
    steps = round_steps(frame.y.low, frame.y.high, most=most) if steps is None else steps
    places = decimals_of(steps[1] - steps[0]) if len(steps) > 1 else decimals_of(steps[0])
    for step in steps:
        y = frame.y(step)
        canvas.line("grid", (frame.left, y), (frame.right, y))
        canvas.text("t3", (frame.left - 8, y + 4), number(step, places), anchor="end")
    if unit:
        canvas.text("t3", (frame.left - 8, frame.top - 8), unit, anchor="end")


def lots_below(canvas: Canvas, frame: Frame, *, first: int = 1) -> None:
    """The lots' numbers in the row, few enough to be read; `first` is the number of the first one shown."""
    y = frame.bottom + 20
    for step in lot_steps(frame.lots, first):
        canvas.text("t3", (frame.x(step - first), y), str(step), anchor="middle")
    words = _("lot")
    # A field that ends near the drawing's edge still says the whole word.
    canvas.text("t3", (min(frame.right + 18, canvas.width - width_of(words) - 2), y), words)


def lot_steps(lots: int, first: int = 1) -> list[int]:
    """The numbers under the lots: the first, then round ones.

    >>> lot_steps(32), lot_steps(3), lot_steps(400)
    ([1, 5, 10, 15, 20, 25, 30], [1, 2, 3], [1, 50, 100, 150, 200, 250, 300, 350, 400])
    """
    last = first + lots - 1
    step = next((each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500) if lots <= each * 8 + 1), 1000)
    round_ones = [each for each in range(first - first % step, last + 1, step) if each > first]
    return [first, *(each for each in round_ones if each - first >= step / 2)]


def end_labels(canvas: Canvas, frame: Frame, labels: Sequence[tuple[float, str]]) -> None:
    """Words at the right ends of lines, moved apart where they would meet."""
    places = spread_apart([frame.y(value) + 4 for value, _words in labels], least=LABEL_APART, between=(frame.top + 4, frame.bottom + 4))
    for (_value, words), y in zip(labels, places, strict=True):
        canvas.text("t2", (frame.right + 8, y), words)


def steps_of(frame: Frame, values: Sequence[float | None]) -> list[str]:
    """A line that changes only between lots, as steps of a path: one for each stretch without a gap.

    Each lot has the width from half way before it to half way after it.
    """
    found: list[str] = []
    for start, end, (value,) in runs_of(values):
        left, right = ends_of(frame, start, end)
        found.append(f"M{left:.1f} {frame.y(value):.1f}H{right:.1f}")
    return found


def ends_of(frame: Frame, start: int, end: int) -> tuple[float, float]:
    """From half way before the first lot of a stretch to half way after its last, within the frame."""
    half = (frame.right - frame.left) / max(frame.lots - 1, 1) / 2
    return max(frame.left, frame.x(start) - half), min(frame.right, frame.x(end - 1) + half)


def runs_of(*lines: Sequence[float | None]) -> list[tuple[int, int, tuple[float, ...]]]:
    """(first, after the last, value of each line) of every stretch on which no line changes; where one has no value, no stretch.

    >>> runs_of([2.0, 2.0, None, float("nan"), 5.0])
    [(0, 2, (2.0,)), (4, 5, (5.0,))]
    """
    known = np.array(lines, dtype=np.float64)
    some = np.atleast_1d(np.isfinite(known).all(axis=0))
    if not some.any():
        return []
    edges = [0, *(np.flatnonzero((known[:, 1:] != known[:, :-1]).any(axis=0)) + 1).tolist(), known.shape[1]]
    return [(start, end, tuple(known[:, start].tolist())) for start, end in pairwise(edges) if some[start]]


def change_marks(canvas: Canvas, frame: Frame, changes: Sequence[ChangeMark]) -> None:
    """An upright line before the first lot of each change, with its cause above the field."""
    half = (frame.right - frame.left) / max(frame.lots - 1, 1) / 2
    for change in changes:
        x = frame.x(change.at) - half
        canvas.line("axis", (x, frame.top), (x, frame.bottom), stroke_dasharray="2 3")
        if change.words:
            near_end = x + width_of(change.words) > frame.right
            canvas.text("t2", (x - 3 if near_end else x + 3, frame.top - 8), change.words, anchor="end" if near_end else "")
