"""What the answers of an audit add up to. Pure: what went in is kept as JSON, and the same JSON gives the same number for ever.

A method's name carries its version. A change of rules is a new name; what was computed by an old one stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from qualitystats.audit_score import Vda63Question, audit_band, checklist_score, vda63

WEIGHTED, VDA63 = "weighted-1", "vda63-1"
METHODS = {"weighted": WEIGHTED, "vda63": VDA63}  # by the scoring of a checklist
FLOORS = {"A": 90, "B": 75, "C": 60, "D": 0}
CAP = "C"
# Why an answer is left out of the sum, above and below the line.
LEFT_OUT = ("na", "unanswered", "ungraded", "waits", "withdrawn")


@dataclass(frozen=True, slots=True)
class Mark:
    """One question with what was made of its answer: the share of fulfilment, 0 to 1, or why it is left out."""

    number: int
    code: str
    weight: int = 1
    is_critical: bool = False
    section: str = ""
    share: Decimal | None = None
    points: int | None = None  # on a scale of VDA 6.3
    element: str = ""
    sub_element: str = ""
    out: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Findings beside the answers: critical ones that stand open, and contested ones, which wait until they are decided."""

    open_critical: int = 0
    contested: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A percentage in hundredths with its band, or None and "" with the reason; what took the band down; the parts."""

    value_hundredths: int | None
    band: str
    reasons: tuple[str, ...] = ()
    sections: dict[str, float] = field(default_factory=dict)  # percent by section, or by element of VDA 6.3
    before: str = ""  # the band before it was taken down


def inputs_of(scoring: str, marks: Iterable[Mark], standing: Standing) -> dict[str, Any]:
    """Everything that a computation needs, as it is kept. ValueError for a scoring that is none of ours."""
    if scoring not in METHODS:
        raise ValueError(f"scoring is {scoring!r}: must be one of {', '.join(METHODS)}")
    return {
        "method": METHODS[scoring],
        "floors": FLOORS,
        "cap": CAP,
        "open_critical": standing.open_critical,
        "contested": standing.contested,
        "questions": [_kept(mark) for mark in marks],
    }


def _kept(mark: Mark) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": mark.number,
        "code": mark.code,
        "section": mark.section,
        "weight": mark.weight,
        "critical": mark.is_critical,
    }
    said["share"] = None if mark.share is None else str(mark.share.normalize())
    said["out"] = mark.out
    if mark.element:
        said |= {"element": mark.element, "sub_element": mark.sub_element, "points": mark.points}
    return said


def compute(inputs: Mapping[str, Any]) -> Outcome:
    """The score of what was kept. ValueError for a method that is none of ours, and for inputs that the method refuses."""
    method = inputs["method"]
    if method == WEIGHTED:
        return _weighted(inputs)
    if method == VDA63:
        return _vda63(inputs)
    raise ValueError(f"method is {method!r}: must be one of {', '.join(METHODS.values())}")


def _weighted(inputs: Mapping[str, Any]) -> Outcome:
    asked = inputs["questions"]
    found = checklist_score([_counts(each) for each in asked], weights=[each["weight"] for each in asked])
    if found.score is None:
        return Outcome(None, "")
    value = _hundredths(found.score)
    # The band is that of the number people read: what is shown as 90.00 % is an A.
    shown = value / 100
    floors = inputs["floors"]
    before = audit_band(shown, floors=floors, cap=inputs["cap"])
    failed = [
        each["number"]
        for each in asked
        if each["critical"] and not each["out"] and each["share"] is not None and not Decimal(each["share"])
    ]
    held = len(failed) + inputs["open_critical"]
    band = audit_band(shown, floors=floors, cap=inputs["cap"], open_critical=held)
    reasons = _caps(failed, inputs["open_critical"]) if band != before else ()
    return Outcome(value, band or "", reasons, _by_section(asked), before or "")


def _caps(failed: list[int], critical: int) -> tuple[str, ...]:
    return tuple(reason for reason, holds in (("critical_question", failed), ("critical_finding", critical)) if holds)


def _by_section(asked: list[Mapping[str, Any]]) -> dict[str, float]:
    found = {}
    for name in dict.fromkeys(each["section"] for each in asked):
        of = [each for each in asked if each["section"] == name]
        score = checklist_score([_counts(each) for each in of], weights=[each["weight"] for each in of]).score
        if name and score is not None:
            found[name] = _hundredths(score) / 100
    return found


def _counts(each: Mapping[str, Any]) -> float | None:
    return None if each["out"] or each["share"] is None else float(each["share"])


def _vda63(inputs: Mapping[str, Any]) -> Outcome:
    asked = [each for each in inputs["questions"] if each.get("element")]
    if not asked:
        return Outcome(None, "", ("no_element",))
    found = vda63(
        Vda63Question(
            each["element"], each["code"], None if each["out"] else each["points"], starred=each["critical"],
            sub_element=each["sub_element"] or None,
        )
        for each in asked
    )  # fmt: skip
    parts = {name: _hundredths(level) / 100 for name, level in {**found.elements, **found.sub_elements}.items()}
    if found.overall is None or found.grade is None:
        return Outcome(None, "", tuple(f"incomplete {name}" for name in found.incomplete), parts)
    capped = inputs["open_critical"] > 0 and found.grade < inputs["cap"]
    grade = inputs["cap"] if capped else found.grade
    reasons = (*found.reasons, "critical_finding") if capped else found.reasons
    return Outcome(_hundredths(found.overall), grade, reasons, parts, found.before or "")


def _hundredths(percent: float) -> int:
    # Rounded once, halves up, from the shortest decimal that is the float: 66.665 is 66.67 to whoever reads it.
    return int((Decimal(repr(percent)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
