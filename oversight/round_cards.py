"""What the pages of comparison rounds show, in the reader's words: indicators with their benchmark, figures, the crowd, one's own place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.forms import in_language
from agreements.models import Characteristic
from inspections.charts.canvas import number
from inspections.reading.context import GRADE_WORDS
from inspections.result_words import bound_words
from oversight.comparison import drift_of
from oversight.models import ComparisonRound, RoundAnalysis, RoundMeasure, RoundReading
from oversight.round_charts import Bar, Stripe, crowd_strip, score_bars, score_course
from oversight.selectors.comparison import Past
from oversight.words_comparison import DRIFTS, METHODS, OUTCOMES, PRODUCT_DRIFTS

MOST_LINES = 60
Names = Mapping[str, str]


def name_of_round(found: ComparisonRound) -> str:
    return in_language(found.name_zh, found.name_en)


def benchmark_of(measure: RoundMeasure) -> str:
    """What an indicator is held to, or nothing."""
    if measure.benchmark_lower is None and measure.benchmark_upper is None:
        return ""
    lower, upper = (
        None if each is None else Decimal(f"{each.normalize():f}") for each in (measure.benchmark_lower, measure.benchmark_upper)
    )
    return bound_words(lower, upper, measure.kind, measure.unit)


def said(value: float | None, measure: RoundMeasure, *, more: int = 0) -> str:
    """A value of an indicator as people read it; a grade is said as a grade."""
    if value is None:
        return ""
    if measure.kind == "ordinal":
        return GRADE_WORDS.get(Decimal(str(value)).quantize(Decimal("0.1")), number(value, 1))
    return number(value, measure.decimals + more)


def indicator_lines(measures: Sequence[RoundMeasure], whats: Mapping[str, Characteristic]) -> list[dict[str, Any]]:
    """Indicator, benchmark, method: the table of what is compared."""
    return [
        {
            "measure": row, "name": _named(whats, row), "benchmark": benchmark_of(row), "unit": row.unit,
            "reference": said(float(row.reference_value), row) if row.reference_value is not None else "",
            "sigma": number(float(row.sigma_pt), row.decimals + 2) if row.sigma_pt is not None else "",
        }
        for row in measures
    ]  # fmt: skip


def _named(whats: Mapping[str, Characteristic], row: RoundMeasure) -> str:
    what = whats.get(row.characteristic_code)
    name = in_language(what.name_zh, what.name_en) if what else row.characteristic_code
    return f"{name} · {_('sample %(letter)s') % {'letter': row.sample}}" if row.sample else name


def analysis_cards(
    found: ComparisonRound, measures: Sequence[RoundMeasure], analyses: Mapping[UUID, RoundAnalysis], whats: Mapping[str, Characteristic], own: str,
    names: Names,
) -> list[dict[str, Any]]:  # fmt: skip
    """One card for each indicator that is worked out. `own` is the reader's code; `names` is only the bureau's."""
    return [_card(found, row, analyses[row.pk], _named(whats, row), own, names) for row in measures if row.pk in analyses]


def _card(found: ComparisonRound, measure: RoundMeasure, analysis: RoundAnalysis, name: str, own: str, names: Names) -> dict[str, Any]:
    mine = next((line for line in analysis.crowd if line["code"] == own), None)
    rows = [_row(line, measure, own, names) for line in _in_order(analysis.crowd)]
    columns = [key for key in _columns(analysis) if key != "verdict"]
    for row in rows:
        row["shown"] = [{"label": HEADS[key](), "text": row["by_key"].get(key, "")} for key in columns]
    return {
        "measure": measure, "name": name, "id": f"i{measure.order}", "analysis": analysis, "outcome": OUTCOMES[analysis.outcome],
        "method": METHODS[analysis.method], "facts": _facts(measure, analysis), "svg": _picture(measure, analysis, name, own),
        "finding": _finding(measure, analysis, mine), "mine": _row(mine, measure, own, names) if mine else None, "rows": rows[:MOST_LINES],
        "hidden": max(0, len(rows) - MOST_LINES), "heads": _heads(analysis, with_names=bool(names)), "benchmark": benchmark_of(measure),
        "columns": _columns(analysis), "misses": mine is not None and mine.get("meets") is False,
    }  # fmt: skip


def _in_order(crowd: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(crowd, key=lambda line: (line.get("score", line.get("value", 0)), line["code"]))


def _columns(analysis: RoundAnalysis) -> list[str]:
    """Which figures any line of the crowd has, beside code and value."""
    there = {key for line in analysis.crowd for key in line}
    return [key for key in ("z", "z_prime", "zeta", "en", "steps", "gap", "verdict") if key in there]


HEADS = {
    "z": lambda: "z", "z_prime": lambda: "z′", "zeta": lambda: "ζ", "en": lambda: "En", "steps": lambda: _("Half grades from the middle"),
    "gap": lambda: _("From the benchmark"), "verdict": lambda: _("Verdict"),
}  # fmt: skip


def _heads(analysis: RoundAnalysis, *, with_names: bool) -> list[dict[str, Any]]:
    heads: list[dict[str, Any]] = [{"label": _("Code")}]
    if with_names:
        heads.append({"label": _("Firm")})
    heads.append({"label": _("Value"), "end": True})
    return heads + [{"label": HEADS[key](), "end": key != "verdict"} for key in _columns(analysis)]


def _row(line: Mapping[str, Any], measure: RoundMeasure, own: str, names: Names) -> dict[str, Any]:
    value = said(line.get("value"), measure, more=1)
    cells = []
    for key in ("z", "z_prime", "zeta", "en", "steps", "gap"):
        if key in line:
            text = number(line[key], 0 if key == "steps" else 2) if key != "gap" else _gap(line, measure)
            cells.append({"key": key, "label": HEADS[key](), "text": text})
    below = line.get("below")
    return {
        "code": line["code"], "name": names.get(line["code"], ""), "value": f"< {value}" if below else value, "cells": cells,
        "by_key": {cell["key"]: cell["text"] for cell in cells}, "verdict": line.get("verdict", ""), "is_own": line["code"] == own,
        "meets": line.get("meets"),
    }  # fmt: skip


def _gap(line: Mapping[str, Any], measure: RoundMeasure) -> str:
    if line.get("meets"):
        return _("meets it")
    return number(line["gap"], max(measure.decimals, 1))


def _facts(measure: RoundMeasure, analysis: RoundAnalysis) -> list[tuple[str, str]]:
    figures, places = analysis.figures, measure.decimals + 2
    facts = [(_("Results that count"), str(figures["n"]))]
    if "assigned" in figures:
        told = _("known beforehand") if figures["from"] == "reference" else _("consensus of the round")
        facts.append((_("Assigned value"), f"{number(figures['assigned'], places)} {measure.unit} · {told}".replace("  ", " ")))
        facts.append((_("Its standard uncertainty"), number(figures["u"], places)))
        facts.append((_("Spread for scores (σpt)"), number(figures["sigma_pt"], places)))
    elif "middle" in figures:
        facts.append((_("Middle of the crowd"), f"{said(figures['middle'], measure, more=1)} {measure.unit}".strip()))
    if "s_star" in figures:
        facts.append((_("Robust spread (s*)"), number(figures["s_star"], places)))
    if "s_r" in figures:
        facts.append((_("Repeatability r, reproducibility R"), f"{number(figures['r'], places)} · {number(figures['R'], places)}"))
    if figures.get("left_out"):
        facts.append((_("Left out"), str(figures["left_out"])))
    if figures.get("other_editions"):
        facts.append((_("Not counted: by another edition"), str(figures["other_editions"])))
    if figures.get("old_editions"):
        facts.append((_("By an edition that has been superseded"), str(figures["old_editions"])))
    return facts


def _finding(measure: RoundMeasure, analysis: RoundAnalysis, mine: Mapping[str, Any] | None) -> str:
    figures, crowd = analysis.figures, analysis.crowd
    if not crowd:
        return _("No figure of the crowd: %(n)s results count.") % {"n": figures["n"]}
    judged = [line["verdict"] for line in crowd if line.get("verdict")]
    if mine is not None and mine.get("verdict"):
        telling = {
            "ok": _("Your result lies with the crowd."),
            "look": _("Your result lies at the edge: look into it."),
            "act": _("Your result lies apart: act on it."),
        }
        return telling[mine["verdict"]]
    if mine is not None and "meets" in mine:
        return _("Your product meets the benchmark.") if mine["meets"] else _("Your product misses the benchmark.")
    if "judged" in figures:
        return _("%(met)s of %(n)s meet the benchmark.") % {"met": figures["met"], "n": figures["judged"]}
    if judged:
        good = judged.count("ok")
        return ngettext("%(good)s of %(n)s result is satisfactory.", "%(good)s of %(n)s results are satisfactory.", len(judged)) % {
            "good": good,
            "n": len(judged),
        }
    return _("%(n)s results, without a verdict.") % {"n": len(crowd)}


def _picture(measure: RoundMeasure, analysis: RoundAnalysis, name: str, own: str) -> str:
    crowd, says = analysis.crowd, _finding(measure, analysis, next((line for line in analysis.crowd if line["code"] == own), None))
    if not crowd:
        return ""
    if analysis.outcome == "scored":
        bars = [Bar(line["code"], line["score"], line["code"] == own) for line in crowd]
        return score_bars(f"z{measure.order}", bars, title=_("Scores: %(name)s") % {"name": name}, says=says)
    values = [(line["code"], line["value"], line["code"] == own) for line in crowd if not line.get("below")]
    if not values:
        return ""
    middle = analysis.figures.get("middle", analysis.figures.get("assigned"))
    lower, upper = (None if each is None else float(each) for each in (measure.benchmark_lower, measure.benchmark_upper))
    stripe = Stripe(middle, lower, upper, measure.decimals, measure.unit)
    return crowd_strip(f"v{measure.order}", values, stripe, title=_("Values: %(name)s") % {"name": name}, says=says)


def gap_lines(cards: Iterable[Mapping[str, Any]], found: ComparisonRound, *, problem_url: str) -> list[dict[str, Any]]:
    """Where products stay behind the benchmark, the widest gap first: what may become a problem on the list."""
    lines = []
    for card in cards:
        figures, measure = card["analysis"].figures, card["measure"]
        if not figures.get("judged") or figures["met"] == figures["judged"]:
            continue
        missed = figures["judged"] - figures["met"]
        query = urlencode({"characteristic": measure.characteristic_code, "node": found.node_code, "round": found.number})
        lines.append(
            {
                "name": card["name"], "benchmark": card["benchmark"], "missed": missed, "judged": figures["judged"], "share": round(100 * missed / figures["judged"]),
                "method": measure.edition_code, "middle": said(figures.get("middle"), measure, more=1), "url": f"{problem_url}?{query}" if problem_url else "",
                "anchor": card["id"],
            }
        )  # fmt: skip
    return sorted(lines, key=lambda line: -line["share"])


def past_cards(past: Sequence[Past], whats: Mapping[str, Characteristic]) -> list[dict[str, Any]]:
    """One's own place over rounds, one card for each thing that is followed, with what its rounds say together."""
    followed: dict[tuple[str, ...], list[Past]] = {}
    for each in past:
        if each.standing is not None:
            followed.setdefault(each.followed, []).append(each)
    return [_course(f"c{place}", rows, _named(whats, rows[0].measure)) for place, rows in enumerate(followed.values())]


def _course(key: str, rows: Sequence[Past], name: str) -> dict[str, Any]:
    is_product = rows[0].round.kind != ComparisonRound.Kind.INTERLAB
    if is_product:
        name = f"{name} · {in_language(rows[-1].round.product_zh, rows[-1].round.product_en)}"
    scores = [(row.round.number.rpartition("-")[2], row.standing) for row in rows if row.standing is not None]
    drift = drift_of([score for _label, score in scores])
    says = str((PRODUCT_DRIFTS if is_product else DRIFTS)[drift]) if drift else _("Nothing points to one side.")
    title = (_("Own product beside the crowd: %(name)s") if is_product else _("Own scores: %(name)s")) % {"name": name}
    lines = [
        {
            "round": row.round,
            "name": name_of_round(row.round),
            "score": number(row.standing, 2),
            "verdict": row.line.get("verdict", ""),
            "benchmark": _gap(row.line, row.measure) if "gap" in row.line else "",
            "value": said(row.line.get("value"), row.measure, more=1),
        }
        for row in reversed(rows)
        if row.standing is not None
    ]
    return {"code": key, "name": name, "says": says, "drift": drift, "svg": score_course(key, scores, title=title, says=says), "rows": lines, "is_product": is_product}  # fmt: skip


def readings_said(row: RoundReading) -> str:
    """The readings of a line as they are typed again."""
    signs = row.qualifiers or ["="] * len(row.values)
    return "  ".join(f"{'' if sign == '=' else sign}{_plain(value, row)}" for sign, value in zip(signs, row.values, strict=True))


def _plain(value: Decimal, row: RoundReading) -> str:
    if row.measure.kind == "ordinal":
        return GRADE_WORDS.get(value.quantize(Decimal("0.1")), f"{value.normalize():f}")
    return f"{value.normalize():f}"


__all__ = [
    "analysis_cards",
    "benchmark_of",
    "gap_lines",
    "indicator_lines",
    "name_of_round",
    "past_cards",
    "readings_said",
    "said",
]
