"""Which severity the next lot is inspected with: the switching rules as a state that answers a lot with the next state.

One series for one supplier, product and class of nonconformity. Nothing is looked up from outside, so a series replays to the same end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from qualitystats.inspected_lots import InspectedLot, LotLike, Step, read_lot
from qualitystats.plans import (
    EDITION,
    NORMAL,
    REDUCED,
    TIGHTENED,
    SinglePlan,
    aql_below,
    code_letter,
    plan_of_letter,
    read_aql,
    read_level,
    read_severity,
)
from qualitystats.readings import whole

DISCONTINUED = "discontinued"
WINDOW, NOT_ACCEPTED_TO_TIGHTEN = 5, 2
ACCEPTED_TO_RELAX, NOT_ACCEPTED_TO_STOP, SCORE_TO_REDUCE = 5, 5, 30


@dataclass(frozen=True)
class SwitchingState:
    """A series between two lots: the severity of the next one, and what the rules remember.

    `switching_score` counts on normal inspection only. `recent` holds whether each of the last lots of this normal inspection was
    accepted, `accepted_in_a_row` and `not_accepted` belong to this tightened inspection. `step` tells what the last lot did.
    """

    aql: str
    level: str | None = None
    code_letter: str | None = None
    lot_size: int | None = None
    severity: str = NORMAL
    reduced_authorised: bool = False
    nonconformity_class: str = ""
    edition: str = EDITION
    switching_score: int | None = 0
    recent: tuple[bool, ...] = ()
    accepted_in_a_row: int = 0
    not_accepted: int = 0
    lots: int = 0
    step: Step | None = None

    @classmethod
    def start(
        cls,
        *,
        aql: float | str,
        level: str | None = None,
        code_letter: str | None = None,
        lot_size: int | None = None,
        severity: str = NORMAL,
        reduced_authorised: bool = False,
        nonconformity_class: str = "",
    ) -> SwitchingState:
        """Begin a series; normal inspection unless the responsible authority says otherwise.

        Args:
            aql: One of the 26 preferred AQLs, of this class of nonconformity.
            level: Inspection level; each lot then tells its size.
            code_letter: Instead of a level, for lots that all have one letter.
            lot_size: The size of lots that do not tell theirs.
            severity: "normal", or "tightened" or "reduced" when so directed.
            reduced_authorised: Whether the responsible authority considers reduced inspection desirable.
            nonconformity_class: Which class the series is for ("critical", "major", "minor" …); one series each.
        Returns:
            The state before the first lot.
        Raises:
            ValueError: neither or both of ``level`` and ``code_letter``; an argument that is none of the allowed values.
        Source: ISO 2859-1:1999, 9.1 and 9.2 (as restated by public sources, clause unread).

        >>> SwitchingState.start(aql=2.5, code_letter="K").after(3).step.accepted
        True
        """
        if (level is None) == (code_letter is None):
            raise ValueError(f"level is {level!r} and code_letter is {code_letter!r}: one of them must be given, and only one")
        if code_letter is not None:
            plan_of_letter(code_letter=code_letter, aql=aql)
        level = None if level is None else read_level(level)
        size = None if lot_size is None else whole("lot_size", lot_size, at_least=2)
        begun = cls(read_aql(aql), level, code_letter, size, NORMAL, bool(reduced_authorised), nonconformity_class)
        return begun._now(read_severity(severity))

    def plan(self, lot_size: int | None = None) -> SinglePlan | None:
        """Look up the plan for the next lot.

        Args:
            lot_size: Number of items in it; needed where the series has a level and no size of its own.
        Returns:
            The plan under the present severity; None where inspection is discontinued.
        Raises:
            ValueError: the lot size is missing or below 2.
        Source: ISO 2859-1:1999, Tables 1 and 2 (see tables/SOURCES.md).

        >>> SwitchingState.start(aql=2.5, level="II").plan(1200).n
        80
        """
        if self.severity == DISCONTINUED:
            return None
        size = self.lot_size if lot_size is None else whole("lot_size", lot_size, at_least=2)
        letter = self.code_letter
        if letter is None:
            if size is None or self.level is None:
                raise ValueError("lot_size is None: must be given, since the series has a level and no code letter")
            letter = code_letter(size, self.level)
        return plan_of_letter(code_letter=letter, aql=self.aql, severity=self.severity, lot_size=size, level=self.level)

    def after(self, lot: LotLike) -> SwitchingState:
        """Inspect one lot and follow the switching rules.

        Args:
            lot: What was found: an ``InspectedLot``, a count, ``("resub", count)`` for a lot submitted again, or a mapping with the
                names of ``InspectedLot``.
        Returns:
            The state for the next lot; its ``step`` says what happened and why. A switch counts from the next lot. A lot submitted
            again is judged and changes nothing else.
        Raises:
            ValueError: the lot cannot be read, or its size is missing.
        Source: ISO 2859-1:1999, 9.3 and 9.4 (as restated by public sources, clause unread).

        >>> state = SwitchingState.start(aql=2.5, code_letter="K").after(8).after(0).after(9)
        >>> state.severity, state.step.reason
        ('tightened', '2 of the last 3 lots not accepted → tightened from the next lot')
        """
        read = read_lot(lot)
        plan = self.plan(read.lot_size)
        accepted = None if plan is None else plan.accepts(read.nonconforming)
        if plan is None or accepted is None:
            following, code, reason, score = self, "discontinued", "inspection is discontinued: the lot was not inspected", None
        elif not read.original:
            following, code, reason, score = self, "resubmitted", "submitted again: does not count for switching", self.switching_score
        else:
            following, code, reason, score = self._judged(read, plan, accepted=accepted)
        step = Step(
            lot=self.lots + 1,
            original=read.original,
            nonconforming=read.nonconforming,
            severity=self.severity,
            plan=plan,
            accepted=accepted,
            switching_score_after=score,
            severity_after=following.severity,
            reason=reason,
            code=code,
        )
        return replace(following, lots=self.lots + 1, step=step)

    def resumed(self) -> SwitchingState:
        """Take inspection up again on tightened, once the supplier has acted and the responsible authority agrees.

        Returns:
            The state on tightened inspection, its counts at zero.
        Raises:
            ValueError: the series is not discontinued.
        Source: ISO 2859-1:1999, 9.4 (as restated by public sources, clause unread).

        >>> SwitchingState.start(aql=2.5, code_letter="K").resumed()
        Traceback (most recent call last):
        ValueError: severity is 'normal': must be 'discontinued' to resume
        """
        if self.severity != DISCONTINUED:
            raise ValueError(f"severity is {self.severity!r}: must be {DISCONTINUED!r} to resume")
        return self._now(TIGHTENED)

    def _now(self, severity: str) -> SwitchingState:
        """The same series begun anew under a severity: what the rules remember belongs to one stay under it."""
        score = 0 if severity == NORMAL else None
        return replace(self, severity=severity, switching_score=score, recent=(), accepted_in_a_row=0, not_accepted=0)

    def _judged(self, lot: InspectedLot, plan: SinglePlan, *, accepted: bool) -> tuple[SwitchingState, str, str, int | None]:
        """The next state, why (for programs and for people), and the switching score after this lot."""
        if self.severity == NORMAL:
            return self._after_normal(lot, plan, accepted=accepted)
        if self.severity == TIGHTENED:
            return *self._after_tightened(accepted=accepted), None
        return *self._after_reduced(lot, accepted=accepted), None

    def _after_normal(self, lot: InspectedLot, plan: SinglePlan, *, accepted: bool) -> tuple[SwitchingState, str, str, int]:
        score = _score(self.switching_score or 0, plan, lot.nonconforming)
        recent = (*self.recent, accepted)[-WINDOW:]
        missed = recent.count(False)
        if missed >= NOT_ACCEPTED_TO_TIGHTEN:
            reason = f"{missed} of the last {len(recent)} lots not accepted → tightened from the next lot"
            return self._now(TIGHTENED), "two_of_five", reason, score
        stayed = replace(self, switching_score=score, recent=recent)
        if score < SCORE_TO_REDUCE:
            return stayed, "", "", score
        if not self.reduced_authorised:
            return stayed, "not_authorised", f"switching score {score}, but reduced inspection is not authorised → stays normal", score
        if not lot.production_steady:
            return stayed, "not_steady", f"switching score {score}, but production is not steady → stays normal", score
        return self._now(REDUCED), "score_reached", f"switching score {score} → reduced from the next lot", score

    def _after_tightened(self, *, accepted: bool) -> tuple[SwitchingState, str, str]:
        in_a_row = self.accepted_in_a_row + 1 if accepted else 0
        not_accepted = self.not_accepted + (not accepted)
        if in_a_row >= ACCEPTED_TO_RELAX:
            return self._now(NORMAL), "five_accepted", f"{in_a_row} lots accepted in a row → normal from the next lot"
        counted = replace(self, accepted_in_a_row=in_a_row, not_accepted=not_accepted)
        if not_accepted >= NOT_ACCEPTED_TO_STOP:
            reason = f"{not_accepted} lots not accepted on tightened inspection → inspection is discontinued"
            return replace(counted, severity=DISCONTINUED), "five_not_accepted", reason
        return counted, "", ""

    def _after_reduced(self, lot: InspectedLot, *, accepted: bool) -> tuple[SwitchingState, str, str]:
        if not accepted:
            return self._now(NORMAL), "not_accepted", "a lot not accepted on reduced inspection → normal from the next lot"
        if not lot.production_steady:
            return self._now(NORMAL), "not_steady", "production is not steady → normal from the next lot"
        return self, "", ""


@dataclass(frozen=True)
class Replay:
    """A whole series: its steps, lot by lot, and the state for the next lot."""

    steps: tuple[Step, ...]
    state: SwitchingState

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, at: int) -> Step:
        return self.steps[at]

    @property
    def switches(self) -> tuple[Step, ...]:
        """The lots after which another severity began."""
        return tuple(step for step in self.steps if step.switched)


def replay(
    lots: Iterable[LotLike],
    *,
    aql: float | str,
    level: str | None = None,
    code_letter: str | None = None,
    lot_size: int | None = None,
    severity: str = NORMAL,
    reduced_authorised: bool = False,
) -> Replay:
    """Run the switching rules over a series of lots from its beginning.

    Args:
        lots: What was found, in the order of production; see ``SwitchingState.after``.
        aql: One of the 26 preferred AQLs.
        level: Inspection level; each lot then tells its size.
        code_letter: Instead of a level, for lots that all have one letter.
        lot_size: The size of lots that do not tell theirs.
        severity: Severity of the first lot.
        reduced_authorised: Whether the responsible authority considers reduced inspection desirable.
    Returns:
        One step for each lot and the state for the next one. The replay of a beginning is the beginning of the replay.
    Raises:
        ValueError: as ``SwitchingState.start`` and ``SwitchingState.after``.
    Source: ISO 2859-1:1999, 9.3 and 9.4 (as restated by public sources, clause unread).

    >>> series = replay([0, 8, 9, 0], aql=2.5, code_letter="K")
    >>> [step.severity for step in series], [step.switching_score_after for step in series]
    (['normal', 'normal', 'normal', 'tightened'], [3, 0, 0, None])
    """
    state = SwitchingState.start(
        aql=aql,
        level=level,
        code_letter=code_letter,
        lot_size=lot_size,
        severity=severity,
        reduced_authorised=reduced_authorised,
    )
    return _replayed(state, lots)


def replay_by_class(
    lots: Mapping[str, Iterable[LotLike]],
    *,
    aql: Mapping[str, float | str],
    level: str | None = None,
    code_letter: str | None = None,
    lot_size: int | None = None,
    reduced_authorised: bool = False,
) -> dict[str, Replay]:
    """Run the switching rules for each class of nonconformity by itself: each has its AQL and its own severity.

    Args:
        lots: Class -> what was found of it, lot by lot.
        aql: Class -> one of the 26 preferred AQLs.
        level, code_letter, lot_size, reduced_authorised: As in ``replay``, for all classes.
    Returns:
        Class -> its series, in the order of ``lots``.
    Raises:
        ValueError: a class without an AQL or the other way about; else as ``replay``.
    Source: ISO 2859-1:1999, 9.2 (as restated by public sources, clause unread).

    >>> both = replay_by_class({"major": [8, 8, 0], "minor": [0, 0, 0]}, aql={"major": 2.5, "minor": 4.0}, code_letter="K")
    >>> {name: series.state.severity for name, series in both.items()}
    {'major': 'tightened', 'minor': 'normal'}
    """
    if set(lots) != set(aql):
        raise ValueError(f"aql is for {sorted(aql)}: must be for the classes of lots, {sorted(lots)}")
    return {
        name: _replayed(
            SwitchingState.start(
                aql=aql[name],
                level=level,
                code_letter=code_letter,
                lot_size=lot_size,
                reduced_authorised=reduced_authorised,
                nonconformity_class=name,
            ),
            series,
        )
        for name, series in lots.items()
    }


def _replayed(state: SwitchingState, lots: Iterable[LotLike]) -> Replay:
    steps = []
    for lot in lots:
        state = state.after(lot)
        if state.step is not None:
            steps.append(state.step)
    return Replay(tuple(steps), state)


def _score(score: int, plan: SinglePlan, nonconforming: int) -> int:
    """The switching score after one more lot: +3, +2 or back to 0.

    With Ac of 2 or more, the lot must also have passed one AQL step tighter; a lot accepted by its plan alone sets the score back.
    The tighter plan is read in the row of the plan in use, so that it is of the sample that was taken.
    """
    if plan.ac <= 1:
        return score + 2 if plan.accepts(nonconforming) else 0
    tighter = aql_below(plan.aql)
    if tighter is None:
        return 0
    return score + 3 if plan_of_letter(code_letter=plan.plan_letter, aql=tighter).accepts(nonconforming) else 0
