"""What the page of a series draws and says, by the kind of its characteristic: pictures with the sentence that states the finding.

From a series to figures, without the database. A supplier's customer is shown a signal a day later than the supplier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from inspections.charts import grade_words
from inspections.charts.canvas import decimals_of, number
from inspections.series import COLOUR, COUNTED, GRADED, MEASURED, Series, chart_of, lot_means
from inspections.series_cards.coloured import coloured
from inspections.series_cards.counted import counted
from inspections.series_cards.measured import measured
from inspections.series_cards.shared import Figure, Shown, lots_words, missing_words, unit_words
from inspections.series_figures import below_floor, colour_found, share_chart

__all__ = ["Figure", "Headline", "Shown", "bounds_words", "headline_of", "lots_words", "missing_words", "shown", "unit_words"]


def shown(series: Series, *, name: str, hushed: frozenset[int] = frozenset()) -> Shown:
    """Everything of one series. `hushed` are lots whose signals this reader does not see yet."""
    if series.kind == MEASURED:
        return measured(series, name, hushed)
    if series.kind == COLOUR:
        return coloured(series, name, hushed)
    return counted(series, name, hushed)


def bounds_words(series: Series) -> str:
    """What is asked of the newest lot, in one line."""
    lower, upper = series.agreed.lower, series.agreed.upper
    if lower is not None and upper is not None:
        return _("limits %(low)s to %(high)s") % {"low": number(lower, decimals_of(lower)), "high": _asked_words(upper, series)}
    if lower is not None:
        return _("at least %(low)s") % {"low": _asked_words(lower, series)}
    return _("at most %(high)s") % {"high": _asked_words(upper, series)} if upper is not None else _("no limit agreed")


def _asked_words(value: float, series: Series) -> str:
    if series.kind == GRADED:
        return _("grade %(grade)s") % {"grade": grade_words(value)}
    return f"{'ΔE ' if series.kind == COLOUR else ''}{number(value, decimals_of(value))} {series.unit}".strip()


@dataclass(frozen=True)
class Headline:
    """For a row of a list: the figure that says most, what its sparkline draws, its lots with a signal, and those marked by a dot."""

    value: str
    points: Sequence[float]
    signals: frozenset[int] = frozenset()
    dots: frozenset[int] = frozenset()


def headline_of(series: Series) -> Headline:
    """The newest lot's figure of a series that has lots."""
    if series.kind == MEASURED:
        chart = chart_of(series)
        dots = frozenset(np.flatnonzero(chart.beyond | chart.even).tolist())
        return Headline(unit_words(float(chart.points[-1]), series), chart.points.tolist(), frozenset(chart.signals), dots)
    found = colour_found(series.of_colour(series.colours[-1]) if series.kind == COLOUR else series)
    if found is not None:
        drift = frozenset().union(*(axis.signals for axis in found.axes))
        return Headline(f"ΔE {number(float(found.to_standard[-1]), 2)}", found.to_standard.tolist(), drift)
    shares = share_chart(series)
    beyond = shares.beyond if shares is not None else frozenset()
    if series.kind == COUNTED:
        means = lot_means(series)
        return Headline(unit_words(float(means[-1]), series), means.tolist(), beyond, beyond)
    if series.kind == GRADED:
        lowest = [float(min(each)) for each in series.readings]
        return Headline(_("grade %(grade)s") % {"grade": grade_words(lowest[-1])}, lowest, beyond, beyond)
    bad, every = below_floor(series)
    return Headline(f"{int(bad.sum())}/{int(every.sum())}", (100 * bad / np.maximum(every, 1)).tolist(), beyond, beyond)
