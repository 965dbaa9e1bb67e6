"""Colours: the direction of their drift, the worst pair of lots, and which lots may be sewn together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.templatetags.qc import sentences
from inspections.charts import DriftPicture, GroupRow, colour_drift, shade_groups_chart
from inspections.charts.canvas import number
from inspections.series import Series
from inspections.series_cards.shared import Figure, Shown, change_marks_of, heard, lots_words, marks_of, missing_words, tips_of, why_limits
from inspections.series_figures import ColourFound, colour_found
from inspections.series_words import DIRECTIONS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def coloured(series: Series, name: str, hushed: frozenset[int]) -> Shown:
    found = colour_found(series)
    if found is None:
        return Shown(())
    flags = [heard(axis.beyond | axis.moved, hushed) for axis in found.axes]
    tips = tips_of(series, found.to_standard.tolist(), 2)
    finding, follows = _colour_words(series, found)
    worst_words = _worst_words(series, found)
    picture = DriftPicture(
        deltas=found.deltas.tolist(), lcl=_stacked(found, "lcl"), ucl=_stacked(found, "ucl"), average=_stacked(found, "average"),
        signals=[frozenset(each) for each in flags], worst=found.worst.pair if found.worst else None, worst_words=worst_words,
        says_direction=[(str(less), str(more)) for less, more in DIRECTIONS], tips=tips, changes=change_marks_of(series),
    )  # fmt: skip
    svg = colour_drift("drift", picture, title=_("%(name)s, lot by lot") % {"name": name}, says=sentences(finding, follows, worst_words))
    reference = (
        _("against the sealed sample") if found.sealed else _("against the mean of the first lots: no sample is sealed for this colour")
    )
    figures = [
        Figure(
            "course",
            _("Colour, lot by lot"),
            finding,
            follows,
            reference,
            svg,
            facts=_colour_facts(series, found),
            note=why_limits(series, any(axis.has_limits for axis in found.axes)),
        )
    ]
    if found.groups is not None:
        figures.append(_groups(series, found, tips))
    words = (_("drift in L*"), _("drift in a*"), _("drift in b*"))
    marks = marks_of(dict(zip(words, flags, strict=True)))
    return Shown(figures, frozenset().union(*flags), marks, series.missing)


def _stacked(found: ColourFound, line: str) -> Any:
    return np.column_stack([getattr(axis, line) for axis in found.axes])


def _worst_words(series: Series, found: ColourFound) -> str:
    if found.worst is None:
        return ""
    one, other = (series.lot_nos[place] for place in found.worst.pair)
    said = {"one": one, "other": other, "de": number(found.worst.difference, 2)}
    return _("Worst pair: %(one)s and %(other)s, ΔE %(de)s") % said


def _colour_words(series: Series, found: ColourFound) -> tuple[str, str]:
    if found.worst is None:
        return lots_words(len(series)), ""
    upper, most = series.agreed.upper, series.agreed.lot_delta_e_max or series.agreed.upper
    passing = upper is not None and float(found.to_standard.max()) <= upper
    if passing and most is not None and found.worst.difference > most:
        finding = _("Every lot passes, and yet two lots are too far apart: ΔE %(de)s.") % {"de": number(found.worst.difference, 2)}
    else:
        finding = _("The two lots furthest apart differ by ΔE %(de)s.") % {"de": number(found.worst.difference, 2)}
    far = int(found.to_standard.argmax())
    follows = _("Furthest from the standard is lot %(lot)s with ΔE %(de)s.") % {
        "lot": series.lot_nos[far],
        "de": number(found.to_standard[far], 2),
    }
    return finding, sentences(follows, missing_words(series) if series.missing else "")


def _colour_facts(series: Series, found: ColourFound) -> list[tuple[str, str]]:
    facts = [(_("Formula"), found.formula.upper()), (_("Standard L* a* b*"), " · ".join(number(each, 2) for each in found.reference))]
    if series.agreed.upper is not None:
        facts.append((_("Agreed, from the standard"), f"ΔE ≤ {number(series.agreed.upper, 2)}"))
    if series.agreed.lot_delta_e_max is not None:
        facts.append((_("Agreed, between lots"), f"ΔE ≤ {number(series.agreed.lot_delta_e_max, 2)}"))
    return [*facts, (_("Lots"), str(len(series)))]


def _groups(series: Series, found: ColourFound, tips: Sequence[str]) -> Figure:
    groups = found.groups.groups if found.groups else ()
    rows = [
        GroupRow(LETTERS[place] if place < 26 else str(place + 1), group.lots, group.worst, group.has_standard)
        for place, group in enumerate(groups)
    ]
    limit = number(found.groups.limit, 2) if found.groups else ""
    finding = ngettext(
        "All lots are of one shade group.", "%(n)s shade groups: lots of two groups do not belong in one garment.", len(rows)
    ) % {"n": len(rows)}
    follows = _("Within a group no two lots differ by more than ΔE %(limit)s.") % {"limit": limit}
    svg = shade_groups_chart("groups", rows, lots=len(series), tips=tips, title=_("Shade groups"), says=sentences(finding, follows))
    facts = [
        (f"{_('Group')} {row.letter}", ", ".join(series.lot_nos[lot] for lot in row.lots[:12]) + (" …" if len(row.lots) > 12 else ""))
        for row in rows
    ]
    return Figure("groups", _("Shade groups"), finding, follows, "", svg, facts=facts)
