"""Before and after in words and as a drawing: a share of lots where it is about grades, a mean where it is about numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inspections.charts.intervals import IntervalAxis, IntervalRow, interval_bars
from oversight.models import ProjectFigure, ResearchProject
from oversight.selectors.before_after import FirmChange
from oversight.selectors.projects import FEWEST
from qualitystats.before_after import Difference

MOST_ROWS = 40


def _number(row: ResearchProject, value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "—"
    # Shares differ by percentage points; "+60 %" would be said of a ratio.
    said = (
        f"{value * 100:+.0f}"
        if row.kind == "ordinal" and signed
        else f"{value:.0%}"
        if row.kind == "ordinal"
        else f"{value:+.3g}"
        if signed
        else f"{value:.4g}"
    )
    return said.replace("-", "\u2212")


def interval_words(row: ResearchProject, found: Difference | None) -> str:
    """A difference with its interval, or why there is none."""
    if found is None or found.difference is None:
        return _("too few lots on one side") if found is not None else "—"
    said = _number(row, found.difference, signed=True)
    if found.low is not None and found.high is not None:
        said = f"{said} ({_number(row, found.low, signed=True)} … {_number(row, found.high, signed=True)})"
    return _("%(change)s percentage points") % {"change": said} if row.kind == "ordinal" else said


def change_lines(row: ResearchProject, firms: Sequence[FirmChange]) -> list[dict[str, Any]]:
    """The rows of the table."""
    return [
        {
            "label": firm.label, "lots": f"{firm.change.n_before}, {firm.change.n_after}", "before": _number(row, firm.change.before),
            "after": _number(row, firm.change.after), "change": interval_words(row, firm.change), "step": interval_words(row, firm.step),
            "clear": firm.change.is_clear,
        }
        for firm in firms
    ]  # fmt: skip


def published_words(row: ResearchProject, figure: ProjectFigure | None) -> dict[str, Any]:
    """What was published of all firms together, with its day; `why` where nothing was."""
    if figure is None:
        why = _("Nothing is published yet. It takes %(n)s firms with lots on both sides of their change.") % {"n": FEWEST}
        return {"says": "", "why": why}
    pooled = Difference(figure.firms, figure.firms, difference=figure.difference, low=figure.low, high=figure.high)
    return pooled_words(row, figure.firms, pooled) | {"published_on": figure.published_on}


def pooled_words(row: ResearchProject, firms: int, pooled: Difference) -> dict[str, Any]:
    """All firms together as a sentence; `why` where nothing may be said."""
    if pooled.difference is None:
        return {
            "says": "",
            "why": _("Fewer than %(n)s firms have lots on both sides of their change: nothing is said of them.") % {"n": FEWEST},
        }
    facts = {"n": firms, "change": interval_words(row, pooled)}
    if row.kind == "ordinal":
        facts["aim"] = row.to_value
        return {
            "says": _("In %(n)s firms the share of lots that reach grade %(aim)s changed by %(change)s, each firm counted once.") % facts,
            "why": "",
        }
    return {"says": _("In %(n)s firms the mean changed by %(change)s, each firm counted once.") % facts, "why": ""}


def change_figure(row: ResearchProject, firms: Sequence[FirmChange], pooled: Difference | None) -> SafeString:
    """The change of each firm with its interval, and of all together below."""
    scale = 100 if row.kind == "ordinal" else 1
    rows = [_bar(firm.label, firm.change, scale) for firm in firms[:MOST_ROWS]]
    if pooled is not None and pooled.difference is not None:
        rows.append(_bar(_("all firms"), pooled, scale))
    unit = _("points of share") if row.kind == "ordinal" else ""
    says = _("The change of %(n)s firms with its 95 %% interval; zero is no change.") % {"n": len(rows)}
    return interval_bars(
        "change", rows, IntervalAxis(unit, 1, limits=((0.0, _("no change")),)), title=_("Change after minus before"), says=says
    )


def _bar(name: str, found: Difference, scale: int) -> IntervalRow:
    times = lambda value: None if value is None else value * scale
    lots = f"{found.n_before}, {found.n_after}"
    return IntervalRow(name, times(found.difference), times(found.low), times(found.high), lots, _("too few lots on one side"))
