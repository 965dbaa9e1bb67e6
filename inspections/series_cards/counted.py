"""Grades, results known as bounds, counts, and what was found or not: shares and numbers, never means of what has none."""

from __future__ import annotations

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.templatetags.qc import sentences
from inspections.charts import BoundRow, ControlPicture, GradeRow, censored_marks, control_chart, control_legend, grade_words, ordinal_strip
from inspections.control_limits import FIRST_FIT
from inspections.series import CENSORED, COUNTED, FOUND_OR_NOT, GRADED, Series
from inspections.series_cards.shared import (
    Figure,
    Shown,
    asked_side,
    change_marks_of,
    lots_words,
    marks_of,
    missing_words,
    tips_of,
    why_limits,
)
from inspections.series_figures import ShareChart, below_floor, bounded, grade_counts, share_chart

SHOWN_BOUNDS = 30  # lots of censored results in one picture


def counted(series: Series, name: str, hushed: frozenset[int]) -> Shown:
    """Grades, bounds, counts and what was found or not: shares and numbers, never means of what has none."""
    figures = []
    if series.kind == GRADED:
        figures.append(_grades(series, name))
    if series.kind == CENSORED:
        figures.append(_bounds(series, name))
    course, out = _share_course(series, name, hushed)
    figures += course
    return Shown(figures, frozenset(out), marks_of({_("beyond the control limits"): out}), series.missing)


def _grades(series: Series, name: str) -> Figure:
    floor = series.agreed.lower
    block = max(10, -(-len(series) // 60) * 10)
    starts = list(range(0, len(series), block))
    rows = [
        GradeRow(
            f"{series.lot_nos[start]} –" if len(starts) > 1 else lots_words(len(series)), grade_counts(series, slice(start, start + block))
        )
        for start in starts
    ]
    if len(rows) > 1:
        rows.append(GradeRow(_("all %(n)s lots") % {"n": len(series)}, grade_counts(series)))
    every = GradeRow("", grade_counts(series))
    below = every.below(floor)
    if floor is None:
        finding = ngettext(
            "Grades of %(n)s reading; no clause names a lowest one.", "Grades of %(n)s readings; no clause names a lowest one.", every.total
        ) % {"n": every.total}
    else:
        said = {"below": below, "n": every.total, "grade": grade_words(floor)}
        finding = _("Readings below grade %(grade)s: %(below)s of %(n)s.") % said
    svg = ordinal_strip("grades", rows, floor=floor, title=_("Grades of %(name)s") % {"name": name}, says=finding)
    follows = _("Grades are ordered and have no mean: shares are shown, each row ten lots or more.")
    return Figure("grades", _("Grades"), finding, follows, "", svg)


def _bounds(series: Series, name: str) -> Figure:
    found = bounded(series)
    newest = list(range(len(series)))[::-1][:SHOWN_BOUNDS]
    rows = [
        BoundRow(series.lot_nos[place], series.readings[place].tolist(), series.qualifiers[place] or ("=",) * len(series.readings[place]))
        for place in newest
    ]
    finding = _("Readings below what the method can see: %(n)s of %(all)s.") % {"n": found.bounded, "all": found.readings}
    if series.agreed.asks:
        outside = _("Outside the agreed limit: %(out)s; cannot be decided: %(open)s.")
        finding = sentences(finding, outside % {"out": found.outside, "open": found.unclear})
    follows = _("“<20” is somewhere below 20: it is drawn as a mark that points left, and never averaged.")
    svg = censored_marks("bounds", rows, unit=series.unit, lower=series.agreed.lower, upper=series.agreed.upper, title=name, says=finding)
    meta = _("the newest %(n)s lots") % {"n": len(rows)} if len(series) > len(rows) else lots_words(len(series))
    return Figure("bounds", _("Readings, lot by lot"), finding, follows, meta, svg)


def _share_course(series: Series, name: str, hushed: frozenset[int]) -> tuple[list[Figure], set[int]]:
    chart = share_chart(series)
    if chart is None or (series.kind in (GRADED, CENSORED) and not series.agreed.asks):
        return [], set()
    counts = series.kind == COUNTED
    scale = 1.0 if counts else 100.0
    out = set(chart.beyond - hushed)
    points = (scale * chart.points).tolist()
    picture = ControlPicture(
        points=points, decimals=2 if counts else 1, unit=series.unit if counts else "%", centre=(scale * chart.centre).tolist(),
        # Below nothing there is no lower limit to cross.
        lcl=np.where(chart.lcl > 0, scale * chart.lcl, np.nan).tolist(), ucl=(scale * chart.ucl).tolist(),
        upper=asked_side(series, "upper") if counts else (), signals=frozenset(out), tips=tips_of(series, points, 1), floor=0.0,
        baseline_ends=chart.baseline_ends, changes=change_marks_of(series),
    )  # fmt: skip
    finding, follows = _share_words(series, chart, out)
    heading = _heading(series)
    svg = control_chart("share", picture, title=f"{name}: {heading}", says=sentences(finding, follows))
    points_words = _("per lot") if counts else _("share of the lot")
    legend = control_legend(smoothed=False, limits=True, agreed=False, points=points_words) if chart.has_limits else ()
    return [Figure("share", heading, finding, follows, "", svg, legend, note=_why(series, chart))], out


def _heading(series: Series) -> str:
    if series.kind == COUNTED:
        return _("Found in each lot")
    return _("Share found in each lot") if series.kind == FOUND_OR_NOT else _("Share outside what was agreed, lot by lot")


def _share_words(series: Series, chart: ShareChart, out: set[int]) -> tuple[str, str]:
    if series.missing:
        finding = missing_words(series)
    elif out:
        found = ngettext("%(n)s lot beyond the control limits", "%(n)s lots beyond the control limits", len(out)) % {"n": len(out)}
        finding = _("Signals to look at: %(what)s.") % {"what": found}
    elif chart.has_limits:
        finding = _("Nothing to look at: every lot since the limits were made lies within them.")
    else:
        finding = _("None found so far: there is nothing to draw limits from.")
    bad, inspected = below_floor(series)
    return finding, "" if series.kind == COUNTED else _("Of all readings: %(bad)s of %(n)s.") % {
        "bad": int(bad.sum()),
        "n": int(inspected.sum()),
    }


def _why(series: Series, chart: ShareChart) -> str:
    if series.missing:
        return why_limits(series, False)
    if not chart.has_limits:
        return ""
    start = series.periods[-1][0]
    said = {"first": series.lot_nos[start], "last": series.lot_nos[start + FIRST_FIT - 1], "n": FIRST_FIT}
    return (
        _(
            "Control limits come from what was found in %(n)s lots, %(first)s to %(last)s; the more readings a lot has, the narrower they are."
        )
        % said
    )
