"""The control chart, lot by lot: solid red what was agreed, dashed grey the limits of its own habit, ochre the smoothed course.

Hollow dots are normal, larger red ones are signals to look at. Shares and counts have limits that go in steps, drawn by the same hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import WIDE, Canvas, all_at, finite_only, number, width_of
from inspections.charts.frame import ChangeMark, Frame, change_marks, end_labels, ends_of, frame_of, grid, lots_below, runs_of, steps_of
from inspections.charts.legend import key
from inspections.charts.scales import range_of

Numbers = Sequence[float]
HEIGHT = 316
BOX = (56.0, 30.0, 600.0, 268.0)  # left, top, right, bottom of the field
CROWDED = 120  # more lots than this have smaller dots


@dataclass(frozen=True, eq=False)
class ControlPicture:
    """What a control chart draws, in the unit of its points; NaN where a lot has none. `tips` say each dot in words."""

    points: Numbers
    decimals: int
    unit: str = ""
    centre: Numbers = ()
    lcl: Numbers = ()
    ucl: Numbers = ()
    average: Numbers = ()
    lower: Numbers = ()  # what was agreed, lot by lot
    upper: Numbers = ()
    signals: frozenset[int] = frozenset()
    moved_from: int | None = None  # the first lot of the smoothed course outside its limits
    tips: Sequence[str] = ()
    baseline_ends: Sequence[int] = ()  # the lot after the last that made limits
    changes: Sequence[ChangeMark] = ()
    first: int = 1  # the number of the first lot shown
    floor: float | None = None  # the lowest value there can be
    lcl_words: str = ""  # what the lines are called where they are no control limits; %(value)s stands for the number
    centre_words: str = ""


def control_chart(name: str, picture: ControlPicture, *, title: str, says: str) -> SafeString:
    """Draw it; `name` is the drawing's own on its page."""
    canvas = Canvas(name, (WIDE, HEIGHT), title=title, says=says)
    lines = (picture.points, picture.lcl, picture.ucl, picture.average, picture.lower, picture.upper)
    low, high = range_of(*lines)
    if picture.floor is not None:
        low = max(low, picture.floor)
    frame = frame_of(len(picture.points), (low, high if high > low else low + 1), box=BOX)
    _zone(canvas, frame, picture)
    grid(canvas, frame, unit=picture.unit)
    for mark, values in (
        ("spec", picture.lower),
        ("spec", picture.upper),
        ("limit", picture.lcl),
        ("limit", picture.ucl),
        ("mid", picture.centre),
    ):
        for steps in steps_of(frame, values):
            canvas.path(mark, steps)
    _watched_since(canvas, frame, picture)
    change_marks(canvas, frame, picture.changes)
    draw_course(canvas, frame, picture)
    _say_signals(canvas, frame, picture)
    end_labels(canvas, frame, _labels(picture))
    lots_below(canvas, frame, first=picture.first)
    return canvas.svg()


def _zone(canvas: Canvas, frame: Frame, picture: ControlPicture) -> None:
    """A faint ground between the control limits, stretch by stretch."""
    for start, end, (low, high) in runs_of(picture.lcl, picture.ucl):
        left, right = ends_of(frame, start, end)
        canvas.box("zone", (left, frame.y(high)), (right - left, frame.y(max(low, frame.y.low)) - frame.y(high)))


def _watched_since(canvas: Canvas, frame: Frame, picture: ControlPicture) -> None:
    """Where the lots that made the limits end; said in words where there is room."""
    for end in picture.baseline_ends:
        if end >= frame.lots:
            continue
        x = (frame.x(end - 1) + frame.x(end)) / 2
        canvas.line("axis", (x, frame.top), (x, frame.bottom), stroke_dasharray="2 3")
        if end == picture.baseline_ends[-1]:
            canvas.line("axis", (x, frame.bottom), (x, frame.bottom + 40), stroke_dasharray="2 3")
            canvas.text("t2", (x + 6, frame.bottom + 38), _("watched since"))
            if x - frame.left > width_of(_("these lots made the limits")):
                canvas.text("t2", (x - 6, frame.bottom + 38), _("these lots made the limits"), anchor="end")


def draw_course(canvas: Canvas, frame: Frame, picture: ControlPicture) -> None:
    """The smoothed course, the line from lot to lot, and the dots."""
    crowded = frame.lots > CROWDED
    across, down, smoothed = (all_at(each) for each in (frame.x.all(range(frame.lots)), frame.y.all(picture.points), frame.y.all(picture.average)))
    for start, end in _stretches(picture.points):
        if end - start > 1:
            canvas.course("ln", across[start:end], down[start:end], **({"stroke_width": 1} if crowded else {}))
    for start, end in _stretches(picture.average):
        if end - start > 1:
            canvas.course("s2", across[start:end], smoothed[start:end])
    known = [lot for lot, value in enumerate(picture.points) if value == value]
    for mark, radius, lots in (
        ("pt", 1.8 if crowded else 3.2, [lot for lot in known if lot not in picture.signals]),
        ("sig", 5, [lot for lot in known if lot in picture.signals]),
    ):
        tips = [picture.tips[lot] for lot in lots] if picture.tips else ()
        canvas.dots(mark, [across[lot] for lot in lots], [down[lot] for lot in lots], radius, tips=tips)


def _stretches(values: Numbers) -> list[tuple[int, int]]:
    """(first, after the last) of values in a row, cut where one is missing."""
    gaps = [-1, *(place for place, value in enumerate(values) if value != value), len(values)]
    return [(before + 1, after) for before, after in pairwise(gaps) if after > before + 1]


def _say_signals(canvas: Canvas, frame: Frame, picture: ControlPicture) -> None:
    """The newest signal by its value, and where the smoothed course went out."""
    if picture.moved_from is not None and len(picture.average):
        x, y = frame.place(picture.moved_from, picture.average[picture.moved_from])
        down = y < (frame.top + frame.bottom) / 2
        end = frame.bottom - 34 if down else frame.top + 34
        canvas.line("whisk", (x, y), (x, end))
        said = _("EWMA out from lot %(number)s") % {"number": picture.first + picture.moved_from}
        near_end = x + width_of(said) / 2 > frame.right
        canvas.label("b", (x + 4 if near_end else x, end + 14 if down else end - 6), said, anchor="end" if near_end else "middle")
    if picture.signals:
        lot = max(picture.signals)
        said = f"{number(picture.points[lot], picture.decimals)} · {_('lot %(number)s') % {'number': picture.first + lot}}"
        canvas.label("tag-bad", _free_place(frame, picture, lot, width_of(said)), said)


def _free_place(frame: Frame, picture: ControlPicture, lot: int, width: float) -> tuple[float, float]:
    """Above or below the dot, a little higher or lower: where the words hide the fewest other dots."""
    x, y = frame.place(lot, picture.points[lot])
    x = min(max(x, frame.left + width / 2), frame.right - width / 2)
    beside = [dot_y for dot_x, dot_y in frame.places(picture.points) if abs(dot_x - x) < width / 2 + 6]

    def hidden(at_y: float) -> tuple[int, float]:
        return sum(at_y - 16 < dot_y < at_y + 8 for dot_y in beside), abs(at_y - y)

    return x, min(
        (each for each in (y - 10, y + 20, frame.top - 8, y - 26, y + 36, y + 52) if frame.top - 16 < each < frame.bottom),
        key=hidden,
        default=y - 10,
    )


def _labels(picture: ControlPicture) -> list[tuple[float, str]]:
    """What stands at the right end of each line, by the newest lot."""
    found = []
    for words, values in (
        (_("Limit %(value)s"), picture.lower), (_("Limit %(value)s"), picture.upper), (picture.lcl_words or _("LCL %(value)s"), picture.lcl),
        (_("UCL %(value)s"), picture.ucl), (picture.centre_words or _("Mean %(value)s"), picture.centre),
    ):  # fmt: skip
        if len(values) and (known := finite_only(values[-1:])):
            found.append((known[0], words % {"value": number(known[0], picture.decimals)}))
    return found


def control_legend(*, smoothed: bool, limits: bool, agreed: bool, points: str = "") -> list[tuple[SafeString, str]]:
    """The marks that repeat, each as a small drawing with its words."""
    marks = [("ln", points or _("lot mean"), True)]
    marks += [("s2", _("smoothed (EWMA)"), False)] * smoothed + [("limit", _("control limit"), False)] * limits
    marks += [("spec", _("agreed limit"), False)] * agreed
    return [(key(mark, dotted=dotted), words) for mark, words, dotted in marks]
