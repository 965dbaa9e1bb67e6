"""The rows behind a part, as lines that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.status import GRADE_CHIPS
from inspections.consistency_words import PARTS as INDEX_PARTS
from inspections.signal_words import KINDS as SIGNAL_KINDS
from onestop.models import SeriesIndex
from onestop.portrait_cards import percent
from records.models import Score
from records.services.appeals import AppealSaid
from suppliers.firm_words import instrument_name, paper_name
from suppliers.models import Paper

Line = dict[str, Any]


def lines_behind(rows: Mapping[str, list[Any]]) -> dict[str, dict[str, Any]]:
    """part -> the page where all its rows are, and the few that pull it down."""
    return {part: {"url": reverse(_ALL[part]), "rows": [_LINES[part](row) for row in found]} for part, found in rows.items()}


def _duty(row: Any) -> Line:
    words = _("kept late") if row.met_on else _("overdue")
    return {"url": reverse("agreements:obligation", args=[row.pk]), "label": f"{row.agreement.number} · {words}", "day": row.due_on}


def _result(row: Any) -> Line:
    return {
        "url": reverse("inspections:lot", args=[row.lot_id]),
        "label": f"{row.lot.lot_no} · {row.characteristic_code}",
        "day": row.made_on,
    }


def _steady(row: Any) -> Line:
    if isinstance(row, SeriesIndex):
        label = f"{row.characteristic_code} · {INDEX_PARTS[row.weakest][0]}: {percent(row.value_hundredths)}"
        return {"url": reverse("inspections:variation", args=[row.characteristic_code]), "label": label, "day": row.at}
    code = row.series.characteristic_code if row.series else ""
    return {"url": reverse("inspections:signal", args=[row.pk]), "label": f"{code} · {SIGNAL_KINDS[row.kind][0]}", "day": row.found_at}


def _audit(row: Any) -> Line:
    return {"url": reverse("audits:score", args=[row.pk]), "label": row.result_class or "–", "day": row.visit_on}


def _finding(row: Any) -> Line:
    return {"url": reverse("audits:finding", args=[row.pk]), "label": GRADE_CHIPS[row.grade][2], "day": row.due_on}


def _dated(row: Any) -> Line:
    if isinstance(row, Paper):
        return {"url": reverse("suppliers:paper", args=[row.pk]), "label": paper_name(row.kind, row.standard), "day": row.expires_on}
    return {
        "url": reverse("suppliers:instrument", args=[row.pk]),
        "label": instrument_name(row.kind, row.model),
        "day": row.calibration_due_on,
    }


_ALL = {
    "compliance": "agreements:obligations", "conformity": "inspections:lots", "steadiness": "inspections:signals", "audits": "audits:list",
    "correcting": "audits:findings", "freshness": "suppliers:firm",
}  # fmt: skip
_LINES: dict[str, Callable[[Any], Line]] = {
    "compliance": _duty, "conformity": _result, "steadiness": _steady, "audits": _audit, "correcting": _finding, "freshness": _dated,
}  # fmt: skip


def appeal_said(score: Score, part: str, grounds: str) -> AppealSaid:
    """A part of a score as it stands on the day, so that it is read beside the words."""
    about = {
        "method": f"{score.method.body['algorithm']}, {score.method.number}", "version": score.method.number, "value": score.parts[part],
        "inputs": score.inputs[part], "as_of": score.as_of.isoformat(),
    }  # fmt: skip
    return AppealSaid(part=part, about=about, grounds=grounds, score_id=score.pk)
