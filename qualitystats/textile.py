"""Textile limits as rules over results: what the mandatory standards demand, and what a label may promise.

Only limits that were found in at least one named source are here; ``tables/SOURCES.md`` lists what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from qualitystats.fabric_points import Flaw, FourPoint, four_point, points_for_length, points_per_100
from qualitystats.published import table
from qualitystats.readings import finite
from qualitystats.textile_types import GRADES, Censored, Grade, read_result

__all__ = [
    "GRADES",
    "Censored",
    "FibreContent",
    "Flaw",
    "FourPoint",
    "Grade",
    "SafetyJudgement",
    "children_judgement",
    "fibre_content_tolerance",
    "four_point",
    "points_for_length",
    "points_per_100",
    "read_result",
    "required_safety_class",
    "safety_judgement",
]

_NO_ODOUR = {"none", "no", "无", "无异味"}
# The largest of the listed amines is what is held against the limit; both names are in use.
_ALSO_CALLED = {"azo_max": "azo"}


@dataclass(frozen=True)
class SafetyJudgement:
    """What a set of results says about a safety class. `compliant` speaks of what was tested; `missing` names what was not.

    `compliant` is None when nothing failed but a censored result cannot decide, or nothing was tested.
    """

    safety_class: str
    compliant: bool | None
    failed: tuple[str, ...]
    undecided: tuple[str, ...]
    missing: tuple[str, ...]
    not_assessed: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every requirement of the class was tested and decided."""
        return not self.missing and not self.undecided


@dataclass(frozen=True)
class FibreContent:
    """Whether a measured content agrees with its label. `ok` and the bounds are None where no rule is sourced; `reason` says why."""

    ok: bool | None
    tolerance: float | None
    lower: float | None
    upper: float | None
    reason: str


@dataclass(frozen=True)
class _Limit:
    item: str
    rule: str
    value: str


def safety_judgement(results: Mapping[str, Any], *, safety_class: Literal["A", "B", "C"], flags: Iterable[str] = ()) -> SafetyJudgement:
    """Judge results against the mandatory safety class of GB 18401.

    Args:
        results: By item. ``formaldehyde`` and ``azo_max`` (the largest listed amine) in mg/kg as numbers, ``"<20"`` or Censored;
            ``pH`` as a number; ``water``, ``acid_perspiration``, ``alkali_perspiration``, ``dry_rubbing``, ``saliva`` as grades,
            or several grades (change and staining) of which the lowest counts; ``odour`` as ``"none"`` or what was smelt.
        safety_class: A (infants), B (direct skin contact) or C (no direct contact).
        flags: What the product is: ``wet_process_later`` (pH 4.0 to 10.5), ``wash_faded``, ``undyed``, ``bleached``,
            ``hand_dyed`` (no fastness demanded), ``hanging_decoration`` (no perspiration fastness).
    Returns:
        Failed, undecided, missing and excused items, in the order of the standard's table.
    Raises:
        ValueError: unknown class, flag or item; a result that is no number, grade or bound, or out of its scale.
    Source: GB 18401-2010, table 1, as reproduced alike on three public pages (clause unread).

    >>> safety_judgement({"formaldehyde": 76, "pH": 8.0, "water": "3"}, safety_class="B").failed
    ('formaldehyde',)
    >>> safety_judgement({"pH": 9.8}, safety_class="B", flags=["wet_process_later"]).compliant
    True
    """
    rows = table("gb18401_2010_limits.csv")
    classes = sorted({row["class"] for row in rows})
    if safety_class not in classes:
        raise ValueError(f"safety_class is {safety_class!r}: must be one of {', '.join(classes)}")
    limits = [_Limit(row["item"], row["rule"], row["value"]) for row in rows if row["class"] == safety_class]
    limits, excused = _with_exceptions(limits, flags)
    known = {row["item"] for row in rows}
    return _judged(results, limits, known, safety_class, excused)


def children_judgement(results: Mapping[str, Any]) -> SafetyJudgement:
    """What GB 31701 demands of class A products beyond GB 18401, as far as it is sourced.

    Args:
        results: By item: ``lead`` and ``cadmium`` in mg/kg, ``phthalates`` in percent, each a number, a bound or Censored;
            ``wet_rubbing`` as a grade.
    Returns:
        As ``safety_judgement``; the class is always A: the wet rubbing grades of B and C are not sourced.
    Raises:
        ValueError: unknown item; a result that is no number, grade or bound.
    Source: GB 31701-2015 as reported on four public pages (clause unread).

    >>> children_judgement({"lead": 91, "cadmium": "<5"}).failed
    ('lead',)
    """
    limits = [_Limit(row["item"], row["rule"], row["value"]) for row in table("gb31701_2015_class_a.csv")]
    return _judged(results, limits, {limit.item for limit in limits}, "A", ())


def required_safety_class(*, for_infants: bool, skin_contact: bool) -> str:
    """The least safety class that a product must meet.

    Args:
        for_infants: Made for children of up to 36 months.
        skin_contact: Most of it touches the skin in use.
    Returns:
        A, B or C.
    Raises:
        Nothing.
    Source: GB 18401-2010 and GB 31701-2015 as reported on public pages (clause unread).

    >>> required_safety_class(for_infants=False, skin_contact=True)
    'B'
    """
    if for_infants:
        return "A"
    return "B" if skin_contact else "C"


def fibre_content_tolerance(*, label: float, measured: float, kind: Literal["fibre", "filling"] = "fibre") -> FibreContent:
    """Whether a measured fibre content agrees with the label.

    Not the superseded FZ/T 01053-2007, which allowed 30 % of the nominal value below 15 %.

    Args:
        label: Content on the label, mass percent, above 0, at most 100.
        measured: Measured content, mass percent, 0 to 100.
        kind: ``fibre`` of a blend, or ``filling``.
    Returns:
        Judgement with the tolerance in percentage points; `ok` is None for a label of 100 (rules for one fibre) and for fillings
        above 20, which are not sourced. Decimals are compared as written: 12.8 agrees with 9.8 ± 3.
    Raises:
        ValueError: not finite, out of range, unknown kind.
    Source: GB/T 29862-2013, 7.4, as summarised by two laboratories' pages (clause unread).

    >>> fibre_content_tolerance(label=60, measured=65).ok, fibre_content_tolerance(label=60, measured=65.1).ok
    (True, False)
    """
    finite("label", label, above=0, at_most=100)
    finite("measured", measured, at_least=0, at_most=100)
    promised, found = Decimal(str(label)), Decimal(str(measured))
    rows = [row for row in table("gbt29862_2013_tolerance.csv") if row["kind"] == kind]
    if not rows:
        raise ValueError(f"kind is {kind!r}: must be fibre or filling")
    if promised == 100:
        return FibreContent(None, None, None, None, "rules for a label of 100 % are not sourced")
    row = next((row for row in rows if Decimal(row["label_above"]) < promised <= Decimal(row["label_at_most"])), None)
    if row is None:
        return FibreContent(
            None, None, None, None, f"the tolerance of a {kind} labelled above {rows[-1]['label_at_most']} % is not sourced"
        )
    tolerance = Decimal(row["tolerance_points"])
    lower, upper = max(promised - tolerance, Decimal(0)), min(promised + tolerance, Decimal(100))
    must_be_there = bool(row["present_when_label_at_most"]) and promised <= Decimal(row["present_when_label_at_most"])
    if must_be_there and found == 0:
        ok, reason = False, "labelled, and none was found"
    elif lower <= found <= upper:
        ok, reason = True, f"within {tolerance} points of the label"
    else:
        ok, reason = False, f"{abs(found - promised)} points from the label, {tolerance} allowed"
    return FibreContent(ok, float(tolerance), float(lower), float(upper), reason)


def _with_exceptions(limits: list[_Limit], flags: Iterable[str]) -> tuple[list[_Limit], tuple[str, ...]]:
    """The limits after the product's exceptions, and the items that are no longer demanded."""
    if isinstance(flags, str):
        raise ValueError(f"flags is the text {flags!r}: must be a list of flags")
    rows, known = table("gb18401_2010_exceptions.csv"), {row["flag"] for row in table("gb18401_2010_exceptions.csv")}
    excused: dict[str, None] = {}
    for flag in flags:
        if flag not in known:
            raise ValueError(f"flags has {flag!r}: must be of {', '.join(sorted(known))}")
        for row in (row for row in rows if row["flag"] == flag):
            if row["rule"] == "not_assessed":
                excused[row["item"]] = None
            else:
                limits = [
                    _Limit(limit.item, limit.rule, row["value"]) if (limit.item, limit.rule) == (row["item"], row["rule"]) else limit
                    for limit in limits
                ]
    demanded = {limit.item for limit in limits}
    return [limit for limit in limits if limit.item not in excused], tuple(item for item in excused if item in demanded)


def _judged(
    results: Mapping[str, Any], limits: Sequence[_Limit], known: set[str], safety_class: str, excused: tuple[str, ...]
) -> SafetyJudgement:
    given = {_ALSO_CALLED.get(item, item): value for item, value in results.items()}
    strange = sorted(str(item) for item in given if item not in known)
    if strange:
        raise ValueError(f"results has {', '.join(strange)}: must be of {', '.join(sorted(known))}")
    answers: dict[str, list[bool | None]] = {limit.item: [] for limit in limits}
    for limit in limits:
        if limit.item in given:
            answers[limit.item].append(_meets(limit, given[limit.item]))
    failed = tuple(item for item, said in answers.items() if False in said)
    undecided = tuple(item for item, said in answers.items() if None in said and item not in failed)
    missing = tuple(item for item, said in answers.items() if not said)
    compliant = False if failed else None if undecided or len(missing) == len(answers) else True
    return SafetyJudgement(safety_class, compliant, failed, undecided, missing, excused)


def _meets(limit: _Limit, result: Any) -> bool | None:
    if limit.rule == "none":
        if not isinstance(result, str) or not result.strip():
            raise ValueError(f"{limit.item} is {result!r}: must be none, or what was found")
        return result.strip().lower() in _NO_ODOUR
    if limit.rule == "grade_at_least":
        grades = [Grade(grade) for grade in result] if isinstance(result, (list, tuple)) else [Grade(result)]
        if not grades:
            raise ValueError(f"{limit.item} has no grades: must have at least one")
        return min(grades) >= Grade(limit.value)
    bound = float(limit.value)
    value = result if isinstance(result, Censored) else read_result(result)
    if isinstance(value, Censored):
        return value.at_most(bound) if limit.rule == "at_most" else value.at_least(bound)
    finite(limit.item, value, at_least=0, at_most=14 if limit.item == "pH" else None)
    return value <= bound if limit.rule == "at_most" else value >= bound
