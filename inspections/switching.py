"""A sampling series between two firms, told event by event: what it answers to each, and the plan for the next lot. Pure.

The rules of switching are those of qualitystats.switching; here they are given terms that may change, a pause that the chain owner
ends, and a state that can be written down. Told the same events again, a series gives the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agreements.clause_types import NONE_ACCEPTED
from qualitystats.plans import NORMAL, REDUCED, SinglePlan
from qualitystats.sampling import DISCONTINUED, InspectedLot, SwitchingState, single_plan

CLASSES = ("critical", "major", "minor")
LOT, TERMS, RESUMED, AUTHORISED, UNAUTHORISED = "lot", "terms", "resumed", "authorised", "unauthorised"
EVENTS = (LOT, TERMS, RESUMED, AUTHORISED, UNAUTHORISED)
# What SwitchingState remembers from lot to lot, apart from its terms.
_KEPT = ("severity", "reduced_authorised", "switching_score", "accepted_in_a_row", "not_accepted", "lots")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the agreement asks of one class of nonconformity: the AQL ("0": none is accepted), the level, and whether severity switches."""

    aql: str
    level: str
    switches: bool

    @property
    def none_accepted(self) -> bool:
        return self.aql == NONE_ACCEPTED


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """How one class of a lot is inspected: so many pieces, accepted up to `ac`, not accepted from `re` on."""

    klass: str
    aql: str
    level: str
    severity: str
    code_letter: str
    plan_letter: str
    n: int
    ac: int
    re: int
    lot_size: int
    inspect_all: bool = False

    def accepts(self, found: int) -> bool:
        return found <= self.ac


@dataclass(frozen=True, slots=True)
class Event:
    """What a series is told: the terms it runs under, what was found in a lot, or a word of the chain owner."""

    kind: str
    terms: Terms | None = None
    lot_size: int = 0
    found: int = 0
    original: bool = True
    steady: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """A series between two events: where switching stands, under which terms, and the how-many-th terms these are.

    `others`: where it stood under other terms, for lots of an earlier day that are inspected late.
    """

    klass: str
    terms: Terms
    switching: SwitchingState
    segment: int = 1
    others: tuple[Course, ...] = ()

    @property
    def severity(self) -> str:
        return self.switching.severity

    @property
    def is_stopped(self) -> bool:
        return self.severity == DISCONTINUED

    def kept(self) -> dict[str, Any]:
        """All that it remembers, as it is written down."""
        said = {name: getattr(self.switching, name) for name in _KEPT}
        others = [each.kept() for each in self.others]
        return {**said, "recent": list(self.switching.recent), "segment": self.segment, "terms": asdict(self.terms), "others": others}

    @classmethod
    def read(cls, klass: str, kept: Mapping[str, Any]) -> Course:
        """The series as it was written down by kept()."""
        terms = Terms(**kept["terms"])
        said = {name: kept[name] for name in _KEPT}
        state = replace(_start(klass, terms), recent=tuple(kept["recent"]), **said)
        return cls(klass, terms, state, kept["segment"], tuple(cls.read(klass, each) for each in kept["others"]))

    def plan(self, lot_size: int) -> ClassPlan | None:
        """The plan for the next lot; None where inspection is discontinued."""
        found = self.switching.plan(lot_size)
        return None if found is None else class_plan(self.klass, found, lot_size)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a series made of one event. `code` names why; `facts` are the numbers of its sentence."""

    kind: str
    segment: int
    severity: str
    severity_after: str
    plan: ClassPlan | None = None
    accepted: bool | None = None
    score: int | None = None
    code: str = ""
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def switched(self) -> bool:
        return self.severity != self.severity_after


def _start(klass: str, terms: Terms) -> SwitchingState:
    return SwitchingState.start(aql=terms.aql, level=terms.level, nonconformity_class=klass)


def class_plan(klass: str, plan: SinglePlan, lot_size: int) -> ClassPlan:
    """A plan of the tables as it is carried out on that lot."""
    return ClassPlan(
        klass, plan.aql, plan.level or "", plan.severity, plan.code_letter, plan.plan_letter, plan.n_inspect, plan.ac, plan.re, lot_size,
        plan.inspect_all,
    )  # fmt: skip


def normal_plan(klass: str, terms: Terms, lot_size: int) -> ClassPlan:
    """The plan on normal inspection, whatever the series has come to: what always-normal inspection would have taken."""
    return class_plan(klass, single_plan(lot_size=lot_size, level=terms.level, aql=terms.aql), lot_size)


def none_accepted_plan(klass: str, *, pieces: int, lot_size: int) -> ClassPlan:
    """No piece of this class is accepted among those that are taken for the other classes."""
    return ClassPlan(klass, NONE_ACCEPTED, "", NORMAL, "", "", pieces, 0, 1, lot_size, pieces >= lot_size)


def begun(klass: str, terms: Terms, before: Course | None = None) -> Course:
    """A series under other terms: on normal inspection, all counts at zero; or as it stood, where it ran under these terms already.

    A pause goes on, and so does the leave for reduced inspection.
    """
    if before is None:
        return Course(klass, terms, _start(klass, terms))
    known = next((each for each in before.others if each.terms == terms), None)
    state = known.switching if known else _start(klass, terms)
    state = replace(state, reduced_authorised=before.switching.reduced_authorised, lots=before.switching.lots)
    if before.is_stopped:
        state = replace(state, severity=DISCONTINUED)
    if state.severity == REDUCED and not state.reduced_authorised:
        state = _normal(state)
    others = tuple(each for each in before.others if each.terms != terms)
    segment = known.segment if known else 1 + max(each.segment for each in (before, *others))
    return Course(klass, terms, state, segment, (*others, replace(before, others=())))


def course_for(klass: str, terms: Terms, before: Course | None) -> Course:
    """The series as it stands for a lot under these terms: the same one, or begun anew where the terms are others."""
    return before if before is not None and before.terms == terms else begun(klass, terms, before)


def told(before: Course | None, klass: str, event: Event) -> tuple[Course, Answer]:
    """One event further. Raises ValueError for one that cannot be: a lot before any terms, a resumption of what goes on."""
    if event.kind == TERMS:
        return _new_terms(before, klass, event)
    if before is None:
        raise ValueError(f"{event.kind}: a series begins with its terms")
    if event.kind == LOT:
        return _lot(before, event)
    if event.kind == RESUMED:
        others = tuple(replace(each, switching=each.switching.resumed()) if each.is_stopped else each for each in before.others)
        after = replace(before, switching=before.switching.resumed(), others=others)
    elif event.kind in (AUTHORISED, UNAUTHORISED):
        after = _leave(before, given=event.kind == AUTHORISED)
    else:
        raise ValueError(f"kind is {event.kind!r}: must be one of {EVENTS}")
    return after, Answer(
        event.kind, before.segment, before.severity, after.severity, score=after.switching.switching_score, code=event.kind
    )


def replayed(klass: str, events: Iterable[Event]) -> tuple[Course | None, list[Answer]]:
    """A series from its beginning: where it stands, and what it answered to each event. A resumption of what goes on changes nothing."""
    course: Course | None = None
    answers = []
    for event in events:
        if event.kind == RESUMED and course is not None and not course.is_stopped:
            # After a correction a series may never have been stopped; that it was resumed stays on record.
            answers.append(
                Answer(RESUMED, course.segment, course.severity, course.severity, score=course.switching.switching_score, code="went_on")
            )
            continue
        course, answer = told(course, klass, event)
        answers.append(answer)
    return course, answers


def _new_terms(before: Course | None, klass: str, event: Event) -> tuple[Course, Answer]:
    if event.terms is None:
        raise ValueError("terms are missing")
    after = begun(klass, event.terms, before)
    severity = before.severity if before else after.severity
    code = "opened" if before is None else "terms_changed" if after.segment > before.segment else "terms_back"
    return after, Answer(TERMS, after.segment, severity, after.severity, score=after.switching.switching_score, code=code)


def _leave(before: Course, *, given: bool) -> Course:
    """Reduced inspection is the chain owner's to allow; taken back, the next lot is on normal inspection."""
    state = replace(before.switching, reduced_authorised=given)
    return replace(before, switching=_normal(state) if not given and state.severity == REDUCED else state)


def _normal(state: SwitchingState) -> SwitchingState:
    return replace(state, severity=NORMAL, switching_score=0, recent=(), accepted_in_a_row=0, not_accepted=0)


def _lot(before: Course, event: Event) -> tuple[Course, Answer]:
    lot = InspectedLot(event.found, event.lot_size, event.original, event.steady)
    if not before.terms.switches and not before.is_stopped:
        plan = normal_plan(before.klass, before.terms, event.lot_size)
        after = replace(before, switching=replace(before.switching, lots=before.switching.lots + 1, step=None))
        code = "" if event.original else "resubmitted"
        return after, Answer(LOT, before.segment, before.severity, before.severity, plan, plan.accepts(event.found), code=code)
    after = replace(before, switching=before.switching.after(lot))
    step = after.switching.step
    assert step is not None
    carried_out = None if step.plan is None else class_plan(before.klass, step.plan, event.lot_size)
    answer = Answer(
        LOT, before.segment, step.severity, step.severity_after, carried_out, step.accepted, step.switching_score_after, step.code,
        _facts(before.switching, step.code, step.accepted, step.switching_score_after),
    )  # fmt: skip
    return replace(after, switching=replace(after.switching, step=None)), answer


def _facts(before: SwitchingState, code: str, accepted: bool | None, score: int | None) -> dict[str, int]:
    if code == "two_of_five":
        recent = (*before.recent, bool(accepted))[-5:]
        return {"missed": recent.count(False), "of": len(recent)}
    if code == "five_accepted":
        return {"n": before.accepted_in_a_row + 1}
    if code == "five_not_accepted":
        return {"n": before.not_accepted + 1}
    return {"score": score} if code in ("score_reached", "not_authorised") and score is not None else {}
