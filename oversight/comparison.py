"""What a comparison round says, from readings already loaded: assigned value, scores, the benchmark's gap, raters, drift. Pure.

A grade is judged by eye: it is never averaged, its middle is a median and its distance is counted in half grades.
A reading below what can be measured is no number: where there is one, no mean of the crowd is made.
"""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from qualitystats.interlab import algorithm_a, en, repeatability_reproducibility, z, z_prime, zeta

METHOD = "comparison-1"
LEAST = 5  # of fewer, the crowd would say whose a figure is
HALF = 0.5
SCORED, GRADED, DESCRIBED, TOO_FEW, BELOW, NO_SPREAD = "scored", "graded", "described", "too_few", "below", "no_spread"
OK, LOOK, ACT, NONE = "ok", "look", "act", ""
MEETS = "meets"
SIMPLE_SCORE_UP_TO = 0.3  # u(x_pt) within 0.3 sigma_pt: its uncertainty may be left out of the score
DRIFT_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Readings:
    """All that one blind code handed in of one indicator. `raters` hold the values by who read them."""

    code: str
    raters: Mapping[str, Sequence[float]]
    below: bool = False  # at least one reading is only known to lie below (or above) what can be measured
    expanded: float | None = None
    k: float = 2.0

    @property
    def values(self) -> list[float]:
        return [value for each in self.raters.values() for value in each]


@dataclass(frozen=True, slots=True)
class Rule:
    """By what an indicator is worked out: its kind, the value known beforehand, and the benchmark."""

    kind: str
    is_interlab: bool
    reference: float | None = None
    reference_expanded: float = 0.0
    reference_k: float = 2.0
    sigma_pt: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What stands for the whole round, and one line of the crowd for each code, in the order of the codes."""

    outcome: str
    figures: dict[str, Any] = field(default_factory=dict)
    crowd: list[dict[str, Any]] = field(default_factory=list)


def worked_out(found: Sequence[Readings], rule: Rule) -> Outcome:
    """The figures of one indicator from the sheets that count."""
    rows = sorted((row for row in found if row.values), key=lambda row: row.code)
    if len(rows) < LEAST:
        return Outcome(TOO_FEW, {"n": len(rows), "least": LEAST})
    if any(row.below for row in rows):
        return _below(rows, rule)
    if rule.kind in ("ordinal", "binary", "attribute"):
        return _graded(rows, rule)
    return _scored(rows, rule)


def value_of(row: Readings, kind: str) -> float:
    """The one value of a code: the mean of its readings; of grades the lower median."""
    return statistics.median_low(row.values) if kind in ("ordinal", "binary", "attribute") else statistics.fmean(row.values)


def _scored(rows: Sequence[Readings], rule: Rule) -> Outcome:
    values = [value_of(row, rule.kind) for row in rows]
    robust = algorithm_a(values)
    figures: dict[str, Any] = {
        "n": len(rows),
        "x_star": _kept(robust.x_star),
        "s_star": _kept(robust.s_star),
        **_precision(rows),
        **_met(values, rule),
    }
    if not rule.is_interlab:
        crowd = [{"code": row.code, "value": _kept(value), **_gap(value, rule)} for row, value in zip(rows, values, strict=True)]
        return Outcome(DESCRIBED, {**figures, "middle": _kept(robust.x_star)}, crowd)
    known = rule.reference is not None
    assigned = rule.reference if rule.reference is not None else robust.x_star
    u = rule.reference_expanded / rule.reference_k if known else robust.u
    sigma = rule.sigma_pt or robust.s_star
    figures |= {"assigned": _kept(assigned), "u": _kept(u), "sigma_pt": _kept(sigma), "from": "reference" if known else "consensus"}
    if sigma <= 0:
        plain = [{"code": row.code, "value": _kept(value), "verdict": NONE} for row, value in zip(rows, values, strict=True)]
        return Outcome(NO_SPREAD, figures, plain)
    by = "z" if u <= SIMPLE_SCORE_UP_TO * sigma else "z_prime"
    simple, wider = (
        z(values, assigned_value=assigned, sigma_pt=sigma),
        z_prime(values, assigned_value=assigned, sigma_pt=sigma, u_assigned=u),
    )
    crowd = []
    for row, value, plain_z, wide_z in zip(rows, values, simple, wider, strict=True):
        lead = float(plain_z if by == "z" else wide_z)
        line = {"code": row.code, "value": _kept(value), "z": _kept(plain_z), "z_prime": _kept(wide_z), "score": _kept(lead)}
        crowd.append({**line, **_with_uncertainty(row, value, assigned, u, rule), "verdict": verdict(lead), **_gap(value, rule)})
    return Outcome(SCORED, {**figures, "by": by}, crowd)


def _with_uncertainty(row: Readings, value: float, assigned: float, u: float, rule: Rule) -> dict[str, Any]:
    if row.expanded is None:
        return {}
    k = rule.reference_k
    told = {"assigned_value": assigned, "expanded": row.expanded, "expanded_assigned": u * k}
    return {"u": row.expanded, "k": row.k, "zeta": _kept(zeta(value, k=row.k, k_assigned=k, **told)), "en": _kept(en(value, **told))}


def _graded(rows: Sequence[Readings], rule: Rule) -> Outcome:
    values = [value_of(row, rule.kind) for row in rows]
    middle = rule.reference if rule.reference is not None else statistics.median_low(values)
    figures: dict[str, Any] = {"n": len(rows), "middle": _kept(middle), **_met(values, rule)}
    crowd = []
    for row, value in zip(rows, values, strict=True):
        steps = round((value - middle) / HALF)
        said = {"verdict": verdict(steps, look=1, act=2)} if rule.is_interlab else {}
        crowd.append({"code": row.code, "value": _kept(value), "steps": steps, **said, **_gap(value, rule)})
    return Outcome(GRADED, figures, crowd)


def _below(rows: Sequence[Readings], rule: Rule) -> Outcome:
    below = sum(row.below for row in rows)
    crowd: list[dict[str, Any]] = []
    for row in rows:
        told: dict[str, Any] = {"code": row.code, "below": row.below, "value": _kept(max(row.values))}
        crowd.append(
            {
                **told,
                **(
                    {MEETS: True}
                    if row.below and rule.upper is not None and max(row.values) <= rule.upper
                    else {}
                    if row.below
                    else _gap(max(row.values), rule)
                ),
            }
        )
    judged = [each[MEETS] for each in crowd if MEETS in each]
    return Outcome(BELOW, {"n": len(rows), "below": below, **({"judged": len(judged), "met": sum(judged)} if judged else {})}, crowd)


def verdict(score: float, *, look: float = 2.0, act: float = 3.0) -> str:
    """In words' keys: up to 2 is satisfactory, up to 3 a warning, beyond it calls for action.

    >>> verdict(2.0), verdict(-2.4), verdict(3.01)
    ('ok', 'look', 'act')
    """
    size = abs(score)
    return OK if size <= look else LOOK if size <= act else ACT


def _gap(value: float, rule: Rule) -> dict[str, Any]:
    """How far a value lies outside of the benchmark: below the lower end it is negative."""
    if rule.lower is None and rule.upper is None:
        return {}
    if rule.lower is not None and value < rule.lower:
        return {MEETS: False, "gap": _kept(value - rule.lower)}
    if rule.upper is not None and value > rule.upper:
        return {MEETS: False, "gap": _kept(value - rule.upper)}
    return {MEETS: True, "gap": 0.0}


def _met(values: Sequence[float], rule: Rule) -> dict[str, int]:
    told = [_gap(value, rule) for value in values]
    return {"judged": len(told), "met": sum(each[MEETS] for each in told)} if told and told[0] else {}


def _precision(rows: Sequence[Readings]) -> dict[str, Any]:
    """Repeatability and reproducibility, where laboratories read more than once."""
    data = [row.values for row in rows]
    if sum(len(each) for each in data) == len(data):
        return {}
    made = repeatability_reproducibility(data)
    return {"s_r": _kept(made.s_r), "s_R": _kept(made.s_R), "r": _kept(made.r), "R": _kept(made.R)}


@dataclass(frozen=True, slots=True)
class RaterLine:
    """One rater beside the others of the same laboratory."""

    rater: str
    n: int
    value: float
    apart: float  # from the laboratory's own value, in its unit; of grades in half grades
    stands_out: bool


def raters_apart(row: Readings, kind: str, *, spread: float) -> list[RaterLine]:
    """Each rater's own value beside the laboratory's. It stands out from 2 `spread` on; a grade from one whole grade on."""
    if len(row.raters) < 2:
        return []
    graded = kind in ("ordinal", "binary", "attribute")
    own, found = value_of(row, kind), []
    for rater, values in sorted(row.raters.items()):
        value = statistics.median_low(values) if graded else statistics.fmean(values)
        apart = (value - own) / HALF if graded else value - own
        found.append(RaterLine(rater, len(values), value, apart, abs(apart) >= 2 if graded else spread > 0 and abs(apart) > 2 * spread))
    return found


def drift_of(scores: Sequence[float]) -> str:
    """What scores of rounds, oldest first, say together: "side" for the last three beyond 1 on one side, "far" for two beyond 2.

    >>> drift_of([0.2, 1.2, 1.4, 1.6]), drift_of([2.3, 2.2]), drift_of([1.2, -1.4, 1.1]), drift_of([1.5, 1.5])
    ('side', 'far', '', '')
    """
    last = scores[-DRIFT_ROUNDS:]
    if len(last) == DRIFT_ROUNDS and (min(last) > 1 or max(last) < -1):
        return "side"
    return "far" if len(scores) > 1 and all(abs(each) > 2 for each in scores[-2:]) else ""


def standing(line: Mapping[str, Any], figures: Mapping[str, Any]) -> float | None:
    """Where a line stands in its crowd: its score; a grade's half grades, a product's robust spreads from the middle. None: nowhere.

    >>> standing({"score": 2.1}, {}), standing({"value": 7.6}, {"middle": 7.0, "s_star": 0.3}), standing({"value": 7.6, "below": True}, {})
    (2.1, 2.0, None)
    """
    for name in ("score", "steps"):
        if name in line:
            return float(line[name])
    if line.get("below") or not figures.get("s_star") or "middle" not in figures:
        return None
    return _kept((line["value"] - figures["middle"]) / figures["s_star"])


def inputs_hash(found: Sequence[Readings], rule: Rule) -> str:
    """What was worked out of what: the same readings and rule give the same hash."""
    told = {"method": METHOD, "rule": asdict(rule), "rows": [asdict(row) for row in sorted(found, key=lambda row: row.code)]}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=list, ensure_ascii=False).encode()).hexdigest()


def _kept(value: Any) -> float:
    return round(float(value), 6) + 0.0
