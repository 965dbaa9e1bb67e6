"""What the page of every series says in the same words: figures, lots, what is missing, why there are limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.templatetags.qc import sentences
from inspections.charts import ChangeMark
from inspections.charts.canvas import number, numbers
from inspections.control_limits import FIRST_FIT, SECOND_FIT
from inspections.series import Series
from inspections.series_words import CAUSES


@dataclass(frozen=True)
class Figure:
    """One picture with its heading and the sentence above it; without enough data the sentence stands alone."""

    id: str
    heading: str
    finding: str
    follows: str = ""
    meta: str = ""
    svg: SafeString | str = ""
    legend: Sequence[tuple[SafeString, str]] = ()
    facts: Sequence[tuple[str, str]] = ()
    narrow: bool = False
    note: str = ""  # why there are limits, or why not


@dataclass(frozen=True)
class Shown:
    """All that a page of one series shows."""

    figures: Sequence[Figure]
    signals: frozenset[int] = frozenset()
    marks: dict[int, list[str]] = field(default_factory=dict)  # lot -> its signals in words
    missing: int = 0


def unit_words(value: float, series: Series, more: int = 0) -> str:
    return f"{number(value, series.decimals + more)} {series.unit}".strip()


def tips_of(series: Series, values: Sequence[float], decimals: int) -> list[str]:
    return [f"{lot} · {value}" for lot, value in zip(series.lots_said, numbers(values, decimals), strict=True)]


def change_marks_of(series: Series) -> list[ChangeMark]:
    return [ChangeMark(change.at, change.note[:16] or str(CAUSES[change.cause])) for change in series.changes]


def lots_words(count: int) -> str:
    return ngettext("%(n)s lot", "%(n)s lots", count) % {"n": count}


def missing_words(series: Series, *, dated: bool = True) -> str:
    """That there are too few lots, how many more, and by when at the present pace."""
    said = ngettext("Not enough data: %(n)s more lot.", "Not enough data: %(n)s more lots.", series.missing) % {"n": series.missing}
    day = expected_on(series.made_on[-12:], series.missing)
    if dated and day is not None and day >= timezone.localdate():
        return sentences(said, _("Expected by %(day)s at the present pace.") % {"day": day.isoformat()})
    return said


def expected_on(days: Sequence[date], lots: int) -> date | None:
    """When so many more lots will have been made, by the usual time between two of the last ones; None where no pace shows."""
    steps = [(after - before).days for before, after in pairwise(days)]
    if len(steps) < 2 or not median(steps) > 0 or median(steps) * lots > 730:
        return None
    return days[-1] + timedelta(days=round(median(steps) * lots))


def why_limits(series: Series, chart_has_limits: bool) -> str:
    """Why there are control limits, or why not."""
    start, end = series.periods[-1] if series.periods else (0, 0)
    if series.missing:
        because = _("Limits from fewer than %(n)s lots raise too many false signals, so none are drawn yet.") % {"n": FIRST_FIT}
        if start:
            return sentences(because, _("They are made anew since lot %(lot)s, where a change was marked.") % {"lot": series.lot_nos[start]})
        return because
    if not chart_has_limits:
        return _("All values of the first lots are the same: limits would be one line, so none are drawn.")
    fitted = SECOND_FIT if end - start > SECOND_FIT else FIRST_FIT
    said = _("Control limits lie three standard deviations from the mean of %(n)s lots, %(first)s to %(last)s; how far lots differ from their neighbours sets the standard deviation.") % {
        "n": fitted, "first": series.lot_nos[start], "last": series.lot_nos[start + fitted - 1],
    }  # fmt: skip
    if fitted == FIRST_FIT:
        return sentences(said, _("They are fitted again once there are %(n)s lots.") % {"n": SECOND_FIT})
    return said


def heard(flags: Any, hushed: frozenset[int]) -> set[int]:
    return set(np.flatnonzero(flags).tolist()) - hushed


def asked_side(series: Series, side: str) -> list[float]:
    return [float("nan") if getattr(bounds, side) is None else getattr(bounds, side) for bounds in series.bounds]


def marks_of(found: dict[str, set[int]]) -> dict[int, list[str]]:
    marks: dict[int, list[str]] = {}
    for words, places in found.items():
        for place in places:
            marks.setdefault(place, []).append(words)
    return marks
