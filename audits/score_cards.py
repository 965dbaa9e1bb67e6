"""A score as people read it: the number, what took the band down, each question's part in it, and every computation before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audits.models import AuditScore, Question
from audits.scoring import compute
from audits.words_scores import HOW, LEFT_OUT, METHODS, WHY, reason_words


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the sum."""

    number: int
    asked: str
    weight: int
    share: str  # "100 %", or empty
    part: str  # "2 / 2"
    left_out: str
    is_critical: bool


def percent(hundredths: int | None) -> str:
    """83.33 %, or a dash where there is no number."""
    return "–" if hundredths is None else f"{Decimal(hundredths) / 100:.2f} %"


def card(score: AuditScore, asked: Mapping[str, str], history: Iterable[AuditScore]) -> dict[str, Any]:
    """What the page of a score prints. It is computed again from what was kept: `holds` says whether it came to the same."""
    again = compute(score.inputs)
    process = score.method.startswith("vda63")
    return {
        "score": score, "percent": percent(score.value_hundredths), "band": score.band, "before": again.before,
        "reasons": [reason_words(code) for code in again.reasons], "contested": score.inputs["contested"],
        "method": METHODS[score.method], "how": HOW[score.method], "floors": "" if process else _floors(score.inputs["floors"]),
        "holds": (again.value_hundredths, again.band) == (score.value_hundredths, score.band),
        "parts": [{"name": name, "percent": f"{value:.2f} %"} for name, value in again.sections.items()],
        "lines": [_line(each, asked, process=process) for each in score.inputs["questions"]],
        "history": [{"at": each.at, "why": WHY[each.why], "percent": percent(each.value_hundredths), "band": each.band} for each in history],
    }  # fmt: skip


def _floors(floors: Mapping[str, int]) -> str:
    return " · ".join(f"{band} ≥ {floors[band]} %" for band in sorted(floors) if floors[band])


def _line(each: Mapping[str, Any], asked: Mapping[str, str], *, process: bool) -> Line:
    weight, out = each["weight"], each["out"]
    share = Decimal(each["share"]) if each["share"] is not None else None
    if process and each.get("element"):
        weight, points = 10, each["points"]
        part = f"{points} / 10" if points is not None and not out else ""
    else:
        part = f"{short(share * weight)} / {weight}" if share is not None and not out else ""
    return Line(
        each["number"], asked.get(each["code"], each["code"]), weight, f"{short(share * 100)} %" if share is not None else "", part,
        str(LEFT_OUT[out]) if out else "", each["critical"],
    )  # fmt: skip


def short(value: Decimal) -> str:
    """At most two decimals, none that say nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def asked_words(questions: Iterable[Question], *, zh: bool) -> dict[str, str]:
    """code -> the question in one language, the other where it has none."""
    return {q.code: (q.text_zh or q.text_en) if zh else (q.text_en or q.text_zh) for q in questions}
