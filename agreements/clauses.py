"""What a clause may say: the parameters of each type checked, and the words that carry them. Pure: no database.

Numbers of limits are kept as they were written ("4.0", "3-4"): a grade is no decimal, and "4.0" is not "4".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from agreements.clause_types import (
    DOCUMENTS,
    DUTIES_BY_PERIOD,
    GRADES,
    MAX_DAYS,
    MAX_LONG_TEXT,
    MAX_MONTHS,
    MAX_TEXT,
    NONE_ACCEPTED,
    NOT_COMPUTED,
    SCHEMAS,
    Param,
)
from agreements.wording import PLACE, base_of, first_wording, places, signed, value_at, written

__all__ = [
    "DOCUMENTS", "MAX_DAYS", "MAX_MONTHS", "PLACE", "SCHEMAS", "Edition", "Known", "Param", "Problem", "editable", "first_wording",
    "is_computed", "is_unverified", "library_problems", "problems", "rendered", "signed", "source_is_stale",
]  # fmt: skip
Params = Mapping[str, Any]
UNVERIFIED = "(unverified)"
# As people write numbers: 007 and -0 stand in no text that is signed.
NUMBER = re.compile(r"(?!-0(\.0+)?\Z)-?(0|[1-9]\d{0,8})(\.\d{1,6})?", re.ASCII)
# Between what a reading can lie at all: by characteristic, by unit, and for everything else. None: no end.
POSSIBLE: Mapping[str, tuple[int | None, int | None]] = {"PH": (0, 14), "%": (-100, 100), "": (0, None)}
# What a limit on variation needs: of which kinds of characteristic it can be computed.
VARIATION = {"cv_max": ("variable",), "lot_delta_e_max": ("derived",), "ppk_min": ("variable",)}
# The values whose origin `source` names.
SOURCED = (
    "lower", "upper", "cv_max", "lot_delta_e_max", "ppk_min", "delta_e_max", "level", "aql_critical", "aql_major", "aql_minor", "n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one parameter: its name, the rule that refuses it, and what the sentence needs."""

    field: str
    code: str
    facts: dict[str, Any] = made_by(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A characteristic as the library has it."""

    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a method as the library has it; `until` is the first day on which it no longer stands, where that is known."""

    name: str
    since: date | None = None
    until: date | None = None
    superseded_by: str = ""

    def is_over(self, on: date) -> bool:
        """Whether another took its place by that day; an unknown day counts as past."""
        return self.until <= on if self.until is not None else bool(self.superseded_by)


def problems(clause_type: str, params: Params, *texts: str) -> list[Problem]:
    """Everything wrong with the parameters of one clause, field by field; an empty list is a clause that can compute.

    Every place in its texts must have its value: a limit that the words name cannot be left out.
    """
    schema = SCHEMAS.get(clause_type)
    if schema is None:
        return [Problem("type", "clause_type_unknown", {"type": clause_type})]
    needed = {name if name in schema else base_of(name) for text in texts for name in places(text)}
    found = [Problem(name, "param_unknown") for name in params if name not in schema]
    for name, param in schema.items():
        value = params.get(name)
        if value is None or value == "":
            if name in needed or not param.optional:
                found.append(Problem(name, "param_missing"))
            continue
        found += _value_problems(name, param, value, params)
    return found or list(_RULES.get(clause_type, _no_rule)(params))


def _value_problems(name: str, param: Param, value: Any, params: Params) -> Iterator[Problem]:
    if param.kind == "whole":
        if isinstance(value, bool) or not isinstance(value, int) or not param.low <= value <= param.high:
            yield Problem(name, "param_not_in_range", {"low": param.low, "high": param.high})
    elif param.kind == "flag":
        if not isinstance(value, bool):
            yield Problem(name, "param_not_yes_or_no")
    elif param.kind in ("limit", "amount"):
        yield from _number_problems(name, param, value, params)
    elif param.kind in ("text", "long"):
        yield from _text_problems(name, param, value)
    else:
        chosen = value if param.kind == "choices" and isinstance(value, list) else [value]
        if not chosen or any(not isinstance(each, str) or each not in param.choices for each in chosen):
            yield Problem(name, "param_not_a_choice", {"choices": ", ".join(param.choices)})
        elif len(set(chosen)) < len(chosen):
            yield Problem(name, "param_says_it_twice")


def _number_problems(name: str, param: Param, value: Any, params: Params) -> Iterator[Problem]:
    if param.kind == "limit" and params.get("kind") == "ordinal":
        if value not in GRADES:
            yield Problem(name, "param_not_a_grade")
    elif not isinstance(value, str) or not NUMBER.fullmatch(value):
        yield Problem(name, "param_not_a_number")
    elif param.kind == "amount" and Decimal(value) <= 0:
        yield Problem(name, "param_not_above_zero")


def _text_problems(name: str, param: Param, value: Any) -> Iterator[Problem]:
    if param.kind == "text":
        if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
            yield Problem(name, "param_not_short_text", {"most": MAX_TEXT})
    elif not isinstance(value, str) or len(value) > MAX_LONG_TEXT or not value.replace("\n", "").isprintable() or not value.strip():
        yield Problem(name, "param_not_a_text", {"most": MAX_LONG_TEXT})


def _no_rule(params: Params) -> Iterator[Problem]:
    yield from ()


def _limit_rules(params: Params) -> Iterator[Problem]:
    lower, upper = params.get("lower"), params.get("upper")
    asked = [name for name in VARIATION if params.get(name)]
    if not lower and not upper and not asked:
        yield Problem("lower", "limit_missing")
    if lower and upper and _rank(lower, params) >= _rank(upper, params):
        yield Problem("upper", "limits_cross", {"lower": lower, "upper": upper})
    for name in asked:
        if params["kind"] not in VARIATION[name]:
            yield Problem(name, "variation_is_of_another_kind")
    if params.get("ppk_min") and not lower and not upper:
        yield Problem("ppk_min", "ppk_needs_a_bound")
    if asked and not params.get("window_lots"):
        yield Problem("window_lots", "window_missing")
    if params.get("window_lots") and not asked:
        yield Problem("window_lots", "window_of_nothing")


def _rank(value: str, params: Params) -> Decimal:
    return Decimal(GRADES.index(value)) if params["kind"] == "ordinal" else Decimal(value)


def _sampling_rules(params: Params) -> Iterator[Problem]:
    aqls = [(name, value) for name in ("aql_critical", "aql_major", "aql_minor") if (value := params.get(name))]
    if all(value == NONE_ACCEPTED for _name, value in aqls) and not params.get("n"):
        yield Problem("aql_major", "sampling_needs_a_plan")
    if aqls and not params.get("level"):
        yield Problem("level", "param_missing")
    for (_, before), (name, after) in pairwise(aqls):
        if Decimal(before) > Decimal(after):
            yield Problem(name, "aqls_cross", {"lower": before, "upper": after})
    if params["switching"] and not aqls:
        yield Problem("switching", "switching_needs_an_aql")


def _deadline_rules(params: Params) -> Iterator[Problem]:
    if not params["critical"] <= params["major"] <= params["minor"]:
        yield Problem("critical", "deadlines_cross")
    if params.get("containment_hours", 0) > params["critical"] * 24:
        yield Problem("containment_hours", "containment_after_the_end", {"hours": params["critical"] * 24})


def _concession_rules(params: Params) -> Iterator[Problem]:
    if not params.get("max_share") and not params.get("max_quantity"):
        yield Problem("max_share", "concession_has_no_bound")
    if params.get("max_share") and Decimal(params["max_share"]) > 100:
        yield Problem("max_share", "share_above_the_whole")


def _duty_rules(params: Params) -> Iterator[Problem]:
    by_period = params["duty"] in DUTIES_BY_PERIOD
    wanted, strange = (("every_months", "due_day_offset"), ("days",)) if by_period else (("days",), ("every_months", "due_day_offset"))
    for name in wanted:
        if params.get(name) is None:
            yield Problem(name, "param_missing")
    for name in strange:
        if params.get(name) is not None:
            yield Problem(name, "param_of_another_duty")


def _audit_rules(params: Params) -> Iterator[Problem]:
    if params["notice_days"] >= params["every_months"] * 28:
        yield Problem("notice_days", "notice_longer_than_the_period")


_RULES: Mapping[str, Any] = {
    "characteristic_limit": _limit_rules,
    "sampling_plan": _sampling_rules,
    "corrective_action_deadline": _deadline_rules,
    "concession_rule": _concession_rules,
    "owner_duty": _duty_rules,
    "audit_frequency": _audit_rules,
}


def library_problems(
    clause_type: str, params: Params, *, known: Mapping[str, Known], editions: Mapping[str, Edition], on: date
) -> list[Problem]:
    """What the library says against a limit on the day from which it binds: another unit or kind, an edition not of that day.

    A characteristic that the library does not know is not judged.
    """
    if clause_type != "characteristic_limit":
        return []
    found, ours = [], known.get(params.get("characteristic", ""))
    if ours is not None and ours.unit != (params.get("unit") or ""):
        found.append(Problem("unit", "unit_is_not_the_librarys", {"unit": params.get("unit") or "–", "expected": ours.unit or "–"}))
    if ours is not None and ours.kind != params.get("kind"):
        found.append(Problem("kind", "kind_is_not_the_librarys", {"expected": ours.kind}))
    if ours is not None and not found:
        found += _impossible(params, ours)
    code = params.get("edition")
    edition = editions.get(code) if code else None
    if code and edition is None:
        found.append(Problem("edition", "edition_unknown", {"edition": code}))
    elif edition is not None and edition.is_over(on):
        found.append(Problem("edition", "edition_superseded", {"edition": edition.name, "by": edition.superseded_by or "–"}))
    elif edition is not None and edition.since is not None and edition.since > on:
        found.append(Problem("edition", "edition_not_yet_valid", {"edition": edition.name, "since": edition.since.isoformat()}))
    return found


def _impossible(params: Params, ours: Known) -> Iterator[Problem]:
    """Bounds that no reading could ever reach: a pH of -1, 150 % of cashmere, a negative strength."""
    if ours.kind == "ordinal":
        return
    low, high = POSSIBLE.get(params["characteristic"]) or POSSIBLE.get(ours.unit) or POSSIBLE[""]
    for name in ("lower", "upper"):
        if not params.get(name):
            continue
        value = Decimal(params[name])
        if low is not None and value < low:
            yield Problem(name, "bound_below_possible", {"value": params[name], "low": low})
        elif high is not None and value > high:
            yield Problem(name, "bound_above_possible", {"value": params[name], "high": high})


def source_is_stale(before: Params, after: Params) -> bool:
    """Whether a limit was changed while its source still names where the former one came from."""
    moved = any((before.get(bound) or "") != (after.get(bound) or "") for bound in SOURCED)
    return moved and any(before.get(name) and before.get(name) == after.get(name) for name in ("source", "source_zh"))


def is_unverified(params: Params) -> bool:
    """Whether nobody has yet held the page that this limit is said to come from."""
    return str(params.get("source", "")).endswith(UNVERIFIED)


def is_computed(clause_type: str) -> bool:
    """Whether the state of such a clause is ever computed; a free text is read by people only."""
    return clause_type not in NOT_COMPUTED


def rendered(text: str, params: Params) -> str:
    """The words with their values in their places, without the parts whose values are missing."""
    return written(text, partial(value_at, params))


def editable(clause_type: str) -> dict[str, Param]:
    """The parameters that a chain owner may change in a draft; what is measured, and how, stays the template's."""
    return {name: param for name, param in SCHEMAS.get(clause_type, {}).items() if param.editable}
