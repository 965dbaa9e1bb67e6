"""Grades, as shares in a strip: grades are ordered and never averaged. What is below the agreed grade is madder, the rest indigo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.canvas import WIDE, Canvas
from inspections.charts.scales import Scale
from qualitystats.textile_types import GRADES

LEFT, RIGHT = 132.0, 560.0
ROW, BAR = 40.0, 24.0
TOP = 26.0
ROOM_FOR_WORDS = 26.0


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One strip: what it is about, and how many readings have each grade (3.5 stands for 3-4)."""

    words: str
    counts: Mapping[float, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def below(self, floor: float | None) -> int:
        """How many readings are below the agreed grade."""
        return 0 if floor is None else sum(count for grade, count in self.counts.items() if grade < floor)


def grade_words(grade: float) -> str:
    """A grade as people write it.

    >>> grade_words(3.5), grade_words(4)
    ('3-4', '4')
    """
    return GRADES[round(grade * 2) - 2]


def ordinal_strip(name: str, rows: Sequence[GradeRow], *, floor: float | None, title: str, says: str) -> SafeString:
    """One strip for each row, weak grades at the left; a red line stands where the agreed grade begins."""
    canvas = Canvas(name, (WIDE, round(TOP + ROW * max(len(rows), 1) + 18)), title=title, says=says)
    for step in (0, 25, 50, 75, 100):
        x = Scale(0, 100, LEFT, RIGHT)(step)
        canvas.line("grid", (x, TOP - 4), (x, canvas.height - 16))
        canvas.text("t3", (x, 14), f"{step} %", anchor="end" if step == 100 else "middle")
    for place, row in enumerate(rows):
        _strip(canvas, row, TOP + place * ROW, floor)
    if floor is not None:
        canvas.text("t2", (RIGHT + 8, 14), _("below %(grade)s") % {"grade": grade_words(floor)})
    return canvas.svg()


def _strip(canvas: Canvas, row: GradeRow, top: float, floor: float | None) -> None:
    canvas.text("t2", (LEFT - 8, top + BAR / 2 + 4), row.words, anchor="end")
    if not row.total:
        return
    width = Scale(0, row.total, LEFT, RIGHT)
    so_far = 0
    for grade in sorted(row.counts):
        count = row.counts[grade]
        if not count:
            continue
        left, right = width(so_far), width(so_far + count)
        ground, ink = _tone(grade, floor)
        share = f"{100 * count / row.total:.0f} %"
        canvas.box(ground, (left + 0.5, top), (max(right - left - 1, 0.5), BAR), tip=f"{grade_words(grade)}: {count} · {share}")
        if right - left >= ROOM_FOR_WORDS:
            canvas.text(ink, ((left + right) / 2, top + BAR / 2 + 4), grade_words(grade), anchor="middle")
        so_far += count
    if floor is None:
        return
    below = row.below(floor)
    x = width(below)
    canvas.line("spec", (x, top - 4), (x, top + BAR + 4), stroke_width=2)
    said = f"{below}/{row.total} · {100 * below / row.total:.0f} %"
    canvas.text("tag-bad" if below else "t2", (RIGHT + 8, top + BAR / 2 + 4), said)


def _tone(grade: float, floor: float | None) -> tuple[str, str]:
    """Ground and ink of a grade: the higher the darker; below the agreed one in the other colour."""
    if floor is not None and grade < floor:
        return ("ma3", "on3") if grade >= floor - 0.5 else ("ma4", "on4")
    step = max(1, min(5, round((grade if floor is None else 3 + grade - floor) * 1) if floor is None else 2 + round((grade - floor) * 2)))
    return f"in{step}", f"oi{step}"
