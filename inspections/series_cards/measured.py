"""Measured values: the control chart of lot means, the spread within lots, capability by its lower bound."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.templatetags.qc import sentences
from inspections.charts import ControlPicture, SpreadPicture, capability_strip, control_chart, control_legend
from inspections.charts.canvas import number
from inspections.series import LotChart, Series, chart_of
from inspections.series_cards.shared import (
    Figure,
    Shown,
    asked_side,
    change_marks_of,
    heard,
    marks_of,
    missing_words,
    tips_of,
    unit_words,
    why_limits,
)
from inspections.series_figures import CapabilityFound, capability_found


def measured(series: Series, name: str, hushed: frozenset[int]) -> Shown:
    chart = chart_of(series)
    beyond, moved, even = (heard(flags, hushed) for flags in (chart.beyond, chart.moved, chart.even))
    out = _out_of_agreed(series, chart.points)
    first_moved = _first_of_last_run(moved)
    picture = ControlPicture(
        points=chart.points.tolist(), decimals=series.decimals + 1, unit=series.unit, centre=chart.centre.tolist(), lcl=chart.lcl.tolist(), ucl=chart.ucl.tolist(),
        average=chart.average.tolist(), lower=asked_side(series, "lower"), upper=asked_side(series, "upper"), signals=frozenset(beyond | out),
        moved_from=first_moved, tips=tips_of(series, chart.points.tolist(), series.decimals + 1), baseline_ends=chart.baseline_ends,
        changes=change_marks_of(series),
    )  # fmt: skip
    finding, follows = _finding(series, chart, beyond, first_moved, out)
    title = _("%(name)s, lot by lot") % {"name": name}
    svg = control_chart("cc", picture, title=title, says=sentences(finding, follows))
    course = Figure(
        "course", _("Lot by lot"), finding, follows, _("lot means, EWMA λ = 0.2") if chart.has_limits else _("lot means"), svg,
        control_legend(smoothed=chart.has_limits, limits=chart.has_limits, agreed=series.agreed.asks), note=why_limits(series, chart.has_limits),
    )  # fmt: skip
    marks = marks_of(
        {
            _("beyond the control limits"): beyond,
            _("EWMA outside its limits"): moved,
            _("readings too alike"): even,
            _("outside the agreed limits"): out,
        }
    )
    figures = [course, *_spread(series, chart, even), *_capability(series, name)]
    return Shown(figures, frozenset(beyond | moved | even | out), marks, series.missing)


def _first_of_last_run(places: set[int]) -> int | None:
    """Where the newest unbroken run of lots began."""
    if not places:
        return None
    place = max(places)
    while place - 1 in places:
        place -= 1
    return place


def _out_of_agreed(series: Series, values: Any) -> set[int]:
    """Lots whose mean lies outside what was agreed for their day."""
    return {
        place for place, (value, bounds) in enumerate(zip(values, series.bounds, strict=True))
        if (bounds.lower is not None and value < bounds.lower) or (bounds.upper is not None and value > bounds.upper)
    }  # fmt: skip


def _finding(series: Series, chart: LotChart, beyond: set[int], moved: int | None, out: set[int]) -> tuple[str, str]:
    parts = []
    if beyond:
        parts.append(
            ngettext("%(n)s lot beyond the control limits", "%(n)s lots beyond the control limits", len(beyond)) % {"n": len(beyond)}
        )
    if moved is not None:
        parts.append(_("the smoothed course outside its limits from lot %(lot)s") % {"lot": series.lot_nos[moved]})
    if series.missing:
        finding = missing_words(series)
    elif parts:
        finding = _("Signals to look at: %(what)s.") % {"what": _(", and ").join(parts)}
    elif chart.has_limits:
        finding = _("Nothing to look at: every lot since the limits were made lies within them.")
    else:
        finding = _("Every lot has the same value.")
    return finding, _agreed_words(series, out)


def _agreed_words(series: Series, out: set[int]) -> str:
    if not series.agreed.asks:
        return _("No clause in force on these days limits it.")
    if out:
        said = ngettext(
            "The mean of %(n)s lot of %(all)s lies outside the agreed limits.",
            "The means of %(n)s lots of %(all)s lie outside the agreed limits.",
            len(out),
        )
        return said % {"n": len(out), "all": len(series)}
    return ngettext(
        "The mean of the one lot is inside the agreed limits.", "All %(all)s lot means are inside the agreed limits.", len(series)
    ) % {"all": len(series)}


def _spread(series: Series, chart: LotChart, even: set[int]) -> list[Figure]:
    """How far the readings within each lot lie apart; only where lots have several."""
    if not np.isfinite(chart.spread).sum() > 1:
        return []
    picture = ControlPicture(
        points=chart.spread.tolist(), decimals=series.decimals + 1, unit=series.unit, centre=chart.usual.tolist(), lcl=(chart.usual / 3).tolist(), ucl=[float("nan")] * len(series),
        signals=frozenset(even), tips=tips_of(series, chart.spread.tolist(), series.decimals + 1), changes=change_marks_of(series), floor=0.0, lcl_words=_("a third: %(value)s"), centre_words=_("usual: %(value)s"),
    )  # fmt: skip
    if even:
        finding = _("Readings within lots look alike: please check how they were taken.")
        follows = _("Four lots in a row have less than a third of the usual spread.")
    else:
        finding = _("How far the readings within one lot lie apart.")
        follows = _("Four lots in a row below a third of the usual spread would be worth a look.") if chart.has_limits else ""
    title = _("Standard deviation within each lot")
    svg = control_chart("sd", picture, title=title, says=sentences(finding, follows))
    return [Figure("spread", _("Within each lot"), finding, follows, _("standard deviation of the readings"), svg)]


def _capability(series: Series, name: str) -> list[Figure]:
    found = capability_found(series)
    start, end = series.periods[-1] if series.periods else (0, 0)
    if not found.readings:
        return []
    bounds = series.agreed
    values = np.concatenate(series.readings[start:end]).tolist()
    picture = SpreadPicture(
        values, series.unit, series.decimals, bounds.lower, bounds.upper, bounds.target, found.mean, found.sigma if found.sigma else None
    )
    finding, follows = capability_words(series, found)
    svg = capability_strip("cap", picture, title=_("Readings of %(name)s") % {"name": name}, says=sentences(finding, follows))
    facts = [(_("Lots"), str(found.lots)), (_("Readings"), number(found.readings, 0))]
    if found.mean is not None:
        facts.insert(0, (_("Mean"), unit_words(found.mean, series, 1)))
    if found.sigma:
        facts.insert(1, (_("Standard deviation"), unit_words(found.sigma, series, 1)))
    if found.ppk is not None and found.ppk.cpk is not None:
        facts.insert(0, ("Ppk", number(found.ppk.cpk, 2)))
        if found.ppk.cpk_interval:
            low, high = found.ppk.cpk_interval
            facts.insert(1, (_("90 % interval"), f"{number(low, 2)} – {number(high, 2)}"))
    return [Figure("capability", _("Capability"), finding, follows, _("since the last change"), svg, facts=facts, narrow=True)]


def capability_words(series: Series, found: CapabilityFound) -> tuple[str, str]:
    """What is judged is the lower bound; where there is none, why."""
    if found.why == "no_limits":
        return _("No capability: nothing was agreed to hold it against."), ""
    if found.why == "too_few":
        return missing_words(series), ""
    if found.why == "no_spread" or found.ppk is None or found.ppk.cpk_interval is None:
        return _("No capability: all readings are the same."), ""
    low = found.ppk.cpk_interval[0]
    finding = _("Ppk is at least %(low)s.") % {"low": number(low, 2)}
    follows = _("The lower bound is what is judged. %(n)s readings count as %(effective)s, since those of one lot are alike.") % {
        "n": number(found.readings, 0), "effective": number(found.effective, 0),
    }  # fmt: skip
    if series.agreed.ppk_min is not None:
        asked = (
            _("The agreement asks for %(ppk)s: met.")
            if low >= series.agreed.ppk_min
            else _("The agreement asks for %(ppk)s: not shown yet.")
        )
        follows = f"{asked % {'ppk': number(series.agreed.ppk_min, 2)}} {follows}"
    return finding, follows
