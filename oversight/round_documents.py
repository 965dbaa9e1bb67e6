"""Comparison rounds as tables to take away: the list, a round's report, and the sheet that is filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from agreements.forms import in_language
from agreements.models import Characteristic
from jobs.exports import Value, csv_bytes, xlsx_book
from oversight.models import ComparisonRound, RoundAnalysis, RoundMeasure
from oversight.round_cards import benchmark_of, indicator_lines
from oversight.words_comparison import KINDS, METHODS, STATE_CHIPS, VERDICT_CHIPS

Sheet = tuple[str, Sequence[str], list[list[Value]]]
FIGURES = ("value", "z", "z_prime", "zeta", "en", "steps", "gap")


def list_table(rows: Iterable[ComparisonRound]) -> tuple[list[str], list[list[Value]]]:
    """The list of rounds."""
    heads = [
        _("Number"),
        _("Name"),
        _("What is compared"),
        _("Product or material"),
        _("Benchmark"),
        _("State"),
        _("Samples by"),
        _("Results by"),
    ]
    return heads, [
        [
            row.number, in_language(row.name_zh, row.name_en), str(KINDS[row.kind]), in_language(row.product_zh, row.product_en),
            in_language(row.benchmark_zh, row.benchmark_en), str(STATE_CHIPS[row.state][2]), row.samples_on, row.results_on,
        ]
        for row in rows
    ]  # fmt: skip


def report_sheets(
    measures: Sequence[RoundMeasure], analyses: Mapping[UUID, RoundAnalysis], whats: Mapping[str, Characteristic], own: str, names: Mapping[str, str]
) -> list[Sheet]:  # fmt: skip
    """Benchmark, figures, and every line of the crowd by its code; `names` is only the bureau's."""
    named = {line["measure"].pk: line["name"] for line in indicator_lines(measures, whats)}
    asked: list[list[Value]] = [[row.word, named[row.pk], benchmark_of(row), row.unit, row.edition_code] for row in measures]
    figures, crowd = list[list[Value]](), list[list[Value]]()
    for row in measures:
        found = analyses.get(row.pk)
        if found is None:
            continue
        told = found.figures
        figures.append(
            [
                named[row.pk],
                row.unit,
                told.get("n"),
                told.get("assigned", told.get("middle")),
                told.get("u"),
                told.get("sigma_pt"),
                told.get("s_star"),
                told.get("r"),
                told.get("R"),
                told.get("met"),
                told.get("left_out"),
                str(METHODS[found.method]),
            ]
        )
        for line in found.crowd:
            crowd.append(
                [
                    named[row.pk],
                    line["code"],
                    *([names.get(line["code"], "")] if names else []),
                    *(line.get(key) for key in FIGURES),
                    _verdict(line),
                    _("own") if line["code"] == own else "",
                ]
            )
    return [
        (_("Indicators"), [_("Code"), _("Indicator"), _("Benchmark"), _("Unit"), _("Method")], asked),
        (_("Figures"), [_("Indicator"), _("Unit"), _("Results that count"), _("Assigned value"), "u", "σpt", "s*", "r", "R", _("Meet the benchmark"), _("Left out"), _("Method")], figures),
        (_("Crowd"), [_("Indicator"), _("Code"), *([_("Firm")] if names else []), _("Value"), "z", "z′", "ζ", "En", _("Half grades from the middle"), _("From the benchmark"), _("Verdict"), _("Own")], crowd),
    ]  # fmt: skip


def _verdict(line: Mapping[str, Any]) -> str:
    if line.get("verdict"):
        return str(VERDICT_CHIPS[line["verdict"]][2])
    return "" if "meets" not in line else _("meets it") if line["meets"] else _("misses it")


def report_file(kind: str, sheets: Sequence[Sheet]) -> bytes:
    """The whole report as xlsx; as csv its crowd."""
    return xlsx_book(sheets) if kind == "xlsx" else csv_bytes(sheets[-1][1], sheets[-1][2])
