"""What the newest lots of a series say of a clause on a characteristic: the worst value, and variation as the clause limits it. Pure.

Grades and results that only say "below" are told by their own words and never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from agreements.clause_types import GRADES
from inspections.judging import difference, limits_of
from inspections.series import CENSORED, COLOUR, COUNTED, FOUND_OR_NOT, GRADED, MEASURED, Series
from inspections.series_figures import effective_readings
from qualitystats.capability import capability_of
from qualitystats.shades import lot_to_lot_worst_pair

WINDOW = 10  # lots, where the clause names no number
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": ""}
CONFIDENCE = 0.90


@dataclass(frozen=True)
class ClauseSays:
    """A reading for a clause: the value that decides, how many lots stand behind it, and the rows."""

    value: str
    n: int
    window: Mapping[str, Any]
    refs: Sequence[Mapping[str, Any]]
    as_of: date


@dataclass
class _Worst:
    """What decides of a window: the value as text, and each lot's own."""

    value: str = ""
    by_lot: dict[int, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)


def clause_says(series: Series, params: Mapping[str, Any], places: Sequence[int], origin: str) -> ClauseSays | None:
    """The newest lots among `places` (those that the clause judges), as many as its window; None where there are none."""
    window = list(places)[-int(params.get("window_lots") or WINDOW) :]
    if not window:
        return None
    worst = _KINDS.get(series.kind, _nothing)(series, params, window)
    said = {
        "from": series.made_on[window[0]].isoformat(), "to": series.made_on[window[-1]].isoformat(), "measures": worst.measures, "origin": origin,
    }  # fmt: skip
    refs = [
        {"kind": "lot", "id": str(series.lots[place]), "label": series.lot_nos[place], "value": worst.by_lot.get(place, "")}
        for place in reversed(window)
    ]
    return ClauseSays(worst.value, len(window), said, refs, series.made_on[window[-1]])


def _nothing(series: Series, params: Mapping[str, Any], window: Sequence[int]) -> _Worst:
    return _Worst()


def _measured(series: Series, params: Mapping[str, Any], window: Sequence[int]) -> _Worst:
    """The value nearest to a limit or farthest beyond it; CV and the lower bound of Ppk over all readings where the clause asks."""
    limits = limits_of(params)
    lower, upper = (float(each) if each is not None else None for each in (limits.lower, limits.upper))

    def room(value: float) -> float:
        sides = [*([value - lower] if lower is not None else []), *([upper - value] if upper is not None else [])]
        return min(sides, default=0.0)

    parts = tuple(series.readings[place] for place in window)
    values = np.concatenate(parts)
    by_lot = {place: min(part.tolist(), key=room) for place, part in zip(window, parts, strict=True) if len(part)}
    found = _Worst(by_lot={place: _number(value, series.decimals) for place, value in by_lot.items()})
    if by_lot:
        decides = min(by_lot.values(), key=room) if lower is not None or upper is not None else float(values.mean())
        found.value = _number(decides, series.decimals)
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    if params.get("cv_max") and len(values) > 1 and values.mean() != 0:
        found.measures["cv"] = f"{100 * spread / abs(float(values.mean())):.2f}"
    if params.get("ppk_min") and spread > 0 and (lower is not None or upper is not None):
        n = max(2, int(effective_readings(parts)))
        bounds = capability_of(mean=float(values.mean()), sigma=spread, lower=lower, upper=upper, n=n, confidence=CONFIDENCE).cpk_interval
        if bounds is not None:
            found.measures["ppk"] = f"{bounds[0]:.2f}"
    return found


def _number(value: float, decimals: int) -> str:
    return f"{value:.{max(0, decimals)}f}"


def _censored(series: Series, params: Mapping[str, Any], window: Sequence[int]) -> _Worst:
    """The reading that decides, with its sign: what is surely out before what nobody can tell, before the largest that is in."""
    upper = limits_of(params).upper
    found, decides = _Worst(), None
    for place in window:
        signs = series.qualifiers[place] or ("=",) * len(series.readings[place])
        marked = [(_rank(value, sign, upper), value, sign) for value, sign in zip(series.readings[place].tolist(), signs, strict=True)]
        if marked:
            worst = max(marked, key=lambda each: (each[0], each[1], each[2] == "="))
            found.by_lot[place] = f"{SIGNS[worst[2]]}{_number(worst[1], series.decimals)}"
            if decides is None or worst[:2] > decides[:2]:
                decides, found.value = worst, found.by_lot[place]
    return found


def _rank(value: float, sign: str, upper: Any) -> int:
    """2 surely beyond the limit, 1 perhaps, 0 within."""
    if upper is None:
        return 0
    if sign in ("<", "<="):
        return 0 if value <= float(upper) else 1
    if sign in (">", ">="):
        return 2 if value >= float(upper) else 1
    return 2 if value > float(upper) else 0


def _graded(series: Series, params: Mapping[str, Any], window: Sequence[int]) -> _Worst:
    """The lowest grade."""
    lowest = {place: float(series.readings[place].min()) for place in window if len(series.readings[place])}
    words = {place: GRADES[round((grade - 1) * 2)] for place, grade in lowest.items()}
    return _Worst(words[min(lowest, key=lambda place: lowest[place])] if lowest else "", words)


def _found_or_not(series: Series, params: Mapping[str, Any], window: Sequence[int]) -> _Worst:
    most = {place: float(series.readings[place].max()) for place in window if len(series.readings[place])}
    words = {place: "fail" if value > 0 else "pass" for place, value in most.items()}
    return _Worst(("fail" if "fail" in words.values() else "pass") if words else "", words)


def _coloured(series: Series, params: Mapping[str, Any], window: Sequence[int]) -> _Worst:
    """The largest difference to the sealed sample, and of two lots of one colour to each other."""
    found, formula = _Worst(), limits_of(params).formula
    if series.standard is not None:
        apart = {
            place: max(difference(series.standard, each, formula) for each in series.readings[place].tolist())
            for place in window
            if len(series.readings[place]) and series.colours[place] == series.colours[-1]
        }
        found.by_lot = {place: f"{value:.2f}" for place, value in apart.items()}
        found.value = max(found.by_lot.values(), key=float, default="")
    if params.get("lot_delta_e_max"):
        found.measures |= _lot_delta_e(series, window, formula)
        found.value = found.value or found.measures.get("lot_delta_e", "") if not params.get("upper") else found.value
    return found


def _lot_delta_e(series: Series, window: Sequence[int], formula: str) -> dict[str, str]:
    worst = []
    for colour in set(series.colours):
        means = [series.readings[place].mean(axis=0) for place in window if series.colours[place] == colour and len(series.readings[place])]
        if len(means) > 1:
            worst.append(lot_to_lot_worst_pair(np.array(means), formula=formula.lower()).difference)
    return {"lot_delta_e": f"{max(worst):.2f}"} if worst else {}


_KINDS = {
    MEASURED: _measured, COUNTED: _measured, CENSORED: _censored, GRADED: _graded, FOUND_OR_NOT: _found_or_not, COLOUR: _coloured,
}  # fmt: skip
