"""What a clause may say: the parameters of each type, their checks, and the words that carry them. Pure: no database.

Numbers of limits are kept as they were written ("4.0", "3-4"): a grade is no decimal, and "4.0" is not "4".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Params = Mapping[str, Any]
GRADES = ("1", "1-2", "2", "2-3", "3", "3-4", "4", "4-5", "5")
UNVERIFIED = "(unverified)"
PLACE = re.compile(r"\{(\w+)\}")
# The kinds of paper that a firm keeps (suppliers.words.PAPER_KINDS; a test holds the two together).
DOCUMENTS = ("business_licence", "certificate", "test_report", "permit", "other")
MAX_TEXT = 200
MAX_MONTHS = 36
MAX_DAYS = 365


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its kind, its range, and whether a chain owner may change it in a draft."""

    kind: Literal["whole", "limit", "text", "choice", "choices"]
    low: int = 0
    high: int = MAX_DAYS
    choices: tuple[str, ...] = ()
    optional: bool = False
    editable: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one parameter: its name, the rule that refuses it, and what the sentence needs."""

    field: str
    code: str
    facts: dict[str, Any] = made_by(default_factory=dict)


def _days(low: int = 1, high: int = MAX_DAYS) -> Param:
    return Param("whole", low, high, editable=True)


TEXT = Param("text")
LIMIT = Param("limit", optional=True, editable=True)
SCHEMAS: dict[str, dict[str, Param]] = {
    "characteristic_limit": {
        "characteristic": TEXT,
        "name_zh": TEXT,
        "name_en": TEXT,
        "method": TEXT,
        "unit": Param("text", optional=True),
        "kind": Param("choice", choices=("variable", "ordinal", "attribute", "censored", "derived", "binary")),
        "lower": LIMIT,
        "upper": LIMIT,
        "source": Param("text", editable=True),
        "source_zh": Param("text", editable=True),
    },
    "audit_frequency": {
        "audit": Param("choice", choices=("self_check",)),
        "checklist": TEXT,
        "every_months": Param("whole", 1, MAX_MONTHS, editable=True),
        "notice_days": _days(high=60),
        "review_days": _days(high=60),
    },
    "document_required": {
        "document": Param("choice", choices=DOCUMENTS),
        "name_zh": TEXT,
        "name_en": TEXT,
        "within_days": _days(),
        "every_months": Param("whole", 1, MAX_MONTHS, optional=True, editable=True),
    },
    "change_notice": {"days": _days()},
    "corrective_action_deadline": {"critical": _days(), "major": _days(), "minor": _days()},
    "owner_duty": {
        "duty": TEXT,
        "name_zh": TEXT,
        "name_en": TEXT,
        "every_months": Param("whole", 1, MAX_MONTHS, editable=True),
        "due_day_offset": _days(0, 90),
    },
    "data_sharing": {"what": Param("choices", choices=("audit_evidence", "documents", "results", "firm"))},
}


def problems(clause_type: str, params: Params, *texts: str) -> list[Problem]:
    """Everything wrong with the parameters of one clause, field by field; an empty list is a clause that can compute.

    Every place in its texts must have its value: a limit that the words name cannot be left out.
    """
    schema = SCHEMAS.get(clause_type)
    if schema is None:
        return [Problem("type", "clause_type_unknown", {"type": clause_type})]
    needed = {name for text in texts for name in PLACE.findall(text)}
    found = [Problem(name, "param_unknown") for name in params if name not in schema]
    for name, param in schema.items():
        value = params.get(name)
        if value is None or value == "":
            if name in needed or not param.optional:
                found.append(Problem(name, "param_missing"))
            continue
        found += _value_problems(name, param, value, params)
    return found or list(_rule_problems(clause_type, params))


def _value_problems(name: str, param: Param, value: Any, params: Params) -> Iterator[Problem]:
    if param.kind == "whole":
        if isinstance(value, bool) or not isinstance(value, int) or not param.low <= value <= param.high:
            yield Problem(name, "param_not_in_range", {"low": param.low, "high": param.high})
    elif param.kind == "limit":
        yield from _limit_problems(name, value, params)
    elif param.kind == "text":
        if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
            yield Problem(name, "param_not_short_text", {"most": MAX_TEXT})
    else:
        chosen = value if param.kind == "choices" and isinstance(value, list) else [value]
        if not chosen or any(not isinstance(each, str) or each not in param.choices for each in chosen):
            yield Problem(name, "param_not_a_choice", {"choices": ", ".join(param.choices)})


def _limit_problems(name: str, value: Any, params: Params) -> Iterator[Problem]:
    if params.get("kind") == "ordinal":
        if value not in GRADES:
            yield Problem(name, "param_not_a_grade")
    elif _number(value) is None:
        yield Problem(name, "param_not_a_number")


def _number(value: Any) -> Decimal | None:
    """The number a limit is; None for NaN, infinities, exponents and anything that is not text."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", value, re.ASCII):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _rule_problems(clause_type: str, params: Params) -> Iterator[Problem]:
    """Rules that join two fields; asked once each field is right by itself."""
    if clause_type == "characteristic_limit":
        lower, upper = params.get("lower"), params.get("upper")
        if not lower and not upper:
            yield Problem("lower", "limit_missing")
        if lower and upper and _rank(lower, params) >= _rank(upper, params):
            yield Problem("upper", "limits_cross", {"lower": lower, "upper": upper})
    if clause_type == "corrective_action_deadline" and not params["critical"] <= params["major"] <= params["minor"]:
        yield Problem("critical", "deadlines_cross")


def _rank(value: str, params: Params) -> Decimal:
    return Decimal(GRADES.index(value)) if params["kind"] == "ordinal" else Decimal(value)


def source_is_stale(before: Params, after: Params) -> bool:
    """Whether a limit was changed while its source still names where the former one came from."""
    moved = any(before.get(bound) != after.get(bound) for bound in ("lower", "upper"))
    return moved and any(before.get(name) == after.get(name) for name in ("source", "source_zh"))


def is_unverified(params: Params) -> bool:
    """Whether nobody has yet held the page that this limit is said to come from."""
    return str(params.get("source", "")).endswith(UNVERIFIED)


def rendered(text: str, params: Params) -> str:
    """The words with their values in their places."""
    return PLACE.sub(lambda place: signed(params[place.group(1)]), text)


def signed(value: Any) -> str:
    """A value as print has it: the minus of a number is U+2212, never a hyphen; a grade keeps its hyphen."""
    said = str(value)
    return "\u2212" + said[1:] if said.startswith("-") else said


def editable(clause_type: str) -> dict[str, Param]:
    """The parameters that a chain owner may change in a draft; what is measured, and how, stays the template's."""
    return {name: param for name, param in SCHEMAS.get(clause_type, {}).items() if param.editable}
