"""Where a clause stands on a day, from readings that were reported and duties that were owed. Pure: the same rows give the same answer.

A clause is never better than its worst part; and where nothing has been measured or due, it says so instead of guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from agreements.clause_types import GRADES
from agreements.compliance import Compliance, counted, state_of
from agreements.schedule import add_months

STATES = ("met", "at_risk", "breached", "not_enough_data", "not_computed")
# Words without a number, and what the product itself sees to: nobody's figures decide on them.
NOT_COMPUTED = ("free_text", "data_sharing")
WINDOW_MONTHS = 12
# Inside a limit, but nearer to it than this part of its width: shown as at risk before it breaks.
NEAR = Decimal("0.1")
_WORSE = {"breached": 3, "at_risk": 2, "not_enough_data": 1, "met": 0, "not_computed": 0}
_NUMBER = re.compile(r"(?P<sign>[<>≤≥]?)\s*(?P<number>[-\u2212]?\d{1,9}(\.\d{1,6})?)", re.ASCII)
# What a reading may tell besides its value, and the parameter that limits it from above or from below.
MEASURES = {"cv": ("cv_max", "upper"), "lot_delta_e": ("lot_delta_e_max", "upper"), "ppk": ("ppk_min", "lower")}


class ReadingLike(Protocol):
    """What is read of a reading."""

    value: str
    n: int
    window: Any
    refs: Any
    as_of: date


class DutyLike(Protocol):
    """What is read of a duty."""

    pk: UUID
    due_on: date
    met_on: date | None
    grace_days: int
    paused_on: date | None
    waived_at: Any
    void_at: Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a clause as it words them: numbers, or half steps of a grade."""

    lower: str = ""
    upper: str = ""
    unit: str = ""
    kind: str = "variable"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clause stands, with all that it was judged by: `why` names the sentence, `facts` what the sentence needs."""

    state: str
    why: str
    facts: dict[str, Any] = field(default_factory=dict)
    value: str = ""
    limit: Bounds = Bounds()
    window: tuple[date, date] | None = None
    n: int = 0
    refs: tuple[Any, ...] = ()


def standing_of(
    clause_type: str, params: Mapping[str, Any], readings: Sequence[ReadingLike], duties: Iterable[DutyLike], today: date
) -> Standing:  # fmt: skip
    """The worst of what the latest reading and the duties of the last twelve months say."""
    if clause_type in NOT_COMPUTED:
        return Standing("not_computed", "kept_by_product" if clause_type == "data_sharing" else "words_only")
    parts = []
    latest = max(readings, key=lambda reading: reading.as_of, default=None)
    if latest is not None:
        parts.append(by_reading(bounds_of(clause_type, params), params, latest, today))
    rows = list(duties)
    if rows:
        parts.append(by_duties(rows, today))
    if not parts:
        return Standing(
            "not_enough_data", "nothing_reported" if is_measured(clause_type) else "nothing_due_yet", limit=bounds_of(clause_type, params)
        )
    # A duty that is merely not due yet says nothing against values that are in order.
    told = [part for part in parts if part.state != "not_enough_data"] or parts
    return max(told, key=lambda part: _WORSE[part.state])


def is_measured(clause_type: str) -> bool:
    """Whether values decide on the clause: until lots are reported, there are none."""
    return clause_type in ("characteristic_limit", "sampling_plan")


def bounds_of(clause_type: str, params: Mapping[str, Any]) -> Bounds:
    """What the value of a reading is held against."""
    if clause_type == "characteristic_limit":
        lower, upper, unit = (str(params.get(name) or "") for name in ("lower", "upper", "unit"))
        return Bounds(lower, upper, unit, str(params.get("kind") or "variable"))
    if clause_type == "sealed_sample":
        return Bounds(upper=str(params.get("delta_e_max") or ""), kind="derived")
    if clause_type == "sampling_plan":  # how many lots were not accepted
        return Bounds(upper="0", kind="attribute")
    return Bounds()


def by_duties(duties: Sequence[DutyLike], today: date) -> Standing:
    """Breached while one is overdue; at risk where one was late or is due these days; met where all were kept in time."""
    window = (add_months(today, -WINDOW_MONTHS), today)
    states = [(row, state_on(row, today)) for row in duties]
    told = [(row, state) for row, state in states if state == "overdue" or row.due_on > window[0]]
    kept = counted(state for _row, state in told)
    late = [row.due_on for row, state in told if state == "overdue"]
    near = sorted(row.due_on for row, state in told if state in ("due", "due_soon"))
    ahead = sorted(row.due_on for row, state in states if state == "scheduled")
    behind = tuple(row.pk for row, state in told if state in ("met", "met_late", "overdue", "due", "due_soon"))
    state, why, facts = _said_of_duties(kept, late, near, ahead)
    facts = {"met": kept.met, "due": kept.due, "late": kept.met_late, **facts}
    return Standing(state, why, facts, value=f"{kept.met}/{kept.due}" if kept.due else "", window=window, n=kept.due, refs=behind)


def _said_of_duties(kept: Compliance, late: Sequence[date], near: Sequence[date], ahead: Sequence[date]) -> tuple[str, str, dict[str, Any]]:
    if late:
        return "breached", "duty_overdue", {"n": len(late), "since": min(late)}
    if near:
        return "at_risk", "duty_near" if kept.due else "first_duty_near", {"day": near[0]}
    if kept.met_late:
        return "at_risk", "duty_was_late", {}
    if kept.due:
        return "met", "duties_kept", {}
    return ("not_enough_data", "first_duty_ahead", {"day": ahead[0]}) if ahead else ("not_enough_data", "nothing_due_yet", {})


def state_on(row: DutyLike, today: date) -> str:
    """The state of one duty on a day."""
    return state_of(
        row.due_on, row.met_on, row.waived_at is not None, row.void_at is not None, today,
        grace_days=row.grace_days, paused=row.paused_on is not None,
    )  # fmt: skip


def by_reading(bounds: Bounds, params: Mapping[str, Any], reading: ReadingLike, today: date) -> Standing:
    """The reading held against the limit of the clause, and its variation against the limits of variation."""
    base = Standing(
        "met", "value_inside", {"value": reading.value, "day": reading.as_of}, value=reading.value, limit=bounds, n=reading.n,
        window=window_of(reading), refs=tuple(reading.refs or ()),
    )  # fmt: skip
    if reading.n == 0 or not reading.value:
        return replace(base, state="not_enough_data", why="nothing_reported")
    if reading.as_of <= add_months(today, -WINDOW_MONTHS):
        return replace(base, state="not_enough_data", why="reading_is_old")
    judged = [(held_against(reading.value, bounds), "value", reading.value)]
    measures = reading.window.get("measures", {}) if isinstance(reading.window, Mapping) else {}
    for name, (param, end) in MEASURES.items():
        if params.get(param) and measures.get(name):
            judged.append((held_against(str(measures[name]), Bounds(**{end: str(params[param])})), name, str(measures[name])))
    state, what, value = max(judged, key=lambda each: _WORSE[each[0]])
    if state in ("met", "at_risk") and reading.n < int(params.get("window_lots") or 1):
        facts = {"n": reading.n, "needed": params["window_lots"]}
        return replace(base, state="not_enough_data", why="too_few_lots", facts=facts)
    why = {"met": "value_inside", "at_risk": "value_near", "breached": "value_outside", "not_enough_data": "value_unclear"}[state]
    return replace(base, state=state, why=why, facts={"what": what, "value": value, "day": reading.as_of})


def window_of(reading: ReadingLike) -> tuple[date, date] | None:
    """The days that a reading covers, where it names them."""
    said = reading.window if isinstance(reading.window, Mapping) else {}
    try:
        return date.fromisoformat(str(said["from"])), date.fromisoformat(str(said["to"]))
    except (KeyError, ValueError):
        return None


def held_against(value: str, bounds: Bounds) -> str:
    """met, at_risk, breached; or not_enough_data where a value below what can be seen says neither."""
    if bounds.kind == "binary":
        return {"pass": "met", "fail": "breached"}.get(value, "not_enough_data")
    if bounds.kind == "ordinal":
        return _grade_against(value, bounds)
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return "not_enough_data"
    number, sign = _number(found["number"]), found["sign"]
    lower, upper = (_number(each) if each else None for each in (bounds.lower, bounds.upper))
    if sign in ("<", "≤"):  # what could not be seen lies somewhere below
        return _below(number, lower, upper)
    if sign:
        return _below(-number, -upper if upper is not None else None, -lower if lower is not None else None)
    if (lower is not None and number < lower) or (upper is not None and number > upper):
        return "breached"
    return "at_risk" if _is_near(number, lower, upper) else "met"


def _below(most: Decimal, lower: Decimal | None, upper: Decimal | None) -> str:
    """Of a value that is at most `most`: all that can be said."""
    if lower is not None:
        return "breached" if most < lower else "not_enough_data"
    return "met" if upper is not None and most <= upper else "not_enough_data"


def _is_near(number: Decimal, lower: Decimal | None, upper: Decimal | None) -> bool:
    if lower is not None and upper is not None:
        margin = (upper - lower) * NEAR
        return min(number - lower, upper - number) < margin
    limit = lower if lower is not None else upper
    return limit is not None and limit != 0 and abs(number - limit) < abs(limit) * NEAR


def _grade_against(value: str, bounds: Bounds) -> str:
    """Grades are half steps of a scale, never decimals: 3-4 lies between 3 and 4."""
    if value not in GRADES:
        return "not_enough_data"
    place = GRADES.index(value)
    low = GRADES.index(bounds.lower) if bounds.lower in GRADES else 0
    high = GRADES.index(bounds.upper) if bounds.upper in GRADES else len(GRADES)
    return "met" if low <= place <= high else "breached"


def _number(text: str) -> Decimal:
    return Decimal(text.replace("\u2212", "-"))
