"""VDA 6.3: points to levels of compliance to A, B or C, with the rules that take a good sum down again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from qualitystats.published import table
from qualitystats.readings import finite

POINTS = (0, 4, 6, 8, 10)
ELEMENTS = ("P2", "P3", "P4", "P5", "P6", "P7")
_MOST = 10


@dataclass(frozen=True)
class Vda63Question:
    """One question. `points` is 0, 4, 6, 8, 10, None for not evaluated, or a mapping of them where it was rated several times.

    The keys of the mapping are the process steps in P6, product and process in P3 and P4. Every question of an audited element must
    be listed, the ones not evaluated too: the rule of two thirds counts them. `sub_element` (EU1 to EU6) is for P6.
    """

    element: str
    number: str
    points: int | Mapping[str, int | None] | None
    starred: bool = False
    sub_element: str | None = None

    def awards(self) -> dict[str, int]:
        """The points that were awarded, by step; a question rated once has one, under an empty name."""
        many = self.points if isinstance(self.points, Mapping) else {"": self.points}
        return {step: given for step, given in many.items() if given is not None}


@dataclass(frozen=True)
class Vda63Grade:
    """`grade` with the `reasons` that took it down from `before`; none when the level of compliance alone decides.

    `rounding_matters` warns that rounding the overall level to whole percent would give another grade: the sources read do not say.
    """

    grade: str
    before: str
    reasons: tuple[str, ...]
    rounding_matters: bool


@dataclass(frozen=True)
class Vda63:
    """Levels of compliance in percent, by element, P6 sub-element and process step, and what they come to.

    `grade` is None, and `incomplete` names where, when fewer than two thirds of the questions were evaluated.
    """

    overall: float | None
    elements: dict[str, float]
    sub_elements: dict[str, float]
    steps: dict[str, float]
    grade: str | None
    before: str | None
    reasons: tuple[str, ...]
    incomplete: tuple[str, ...]
    rounding_matters: bool


def vda63(questions: Iterable[Vda63Question]) -> Vda63:
    """Level of compliance and grade of a process audit, from the points of its questions.

    Args:
        questions: All questions of the audited elements P2 to P7.
    Returns:
        Levels in percent. A question rated several times counts once, with its mean rounded to two decimals; possible points are 10
        for each evaluated question. The overall level is points over possible points of all evaluated questions. For the
        rules on single questions every single award counts.
    Raises:
        ValueError: points not of 0, 4, 6, 8, 10, an unknown element, the same question twice, no question.
    Source: VDA 6.3 (2023) yellow volume, 6.1 to 6.3 and, for the overall level, the formula of 6.4, as excerpted on
        pdf.51smt.cn (whole text unread).

    >>> found = vda63([Vda63Question("P5", "5.1", 10), Vda63Question("P5", "5.2", 8), Vda63Question("P5", "5.3", 10)])
    >>> found.grade, round(found.elements["P5"], 2)
    ('A', 93.33)
    """
    asked = _checked(list(questions))
    elements = {name: [each for each in asked if each.element == name] for name in ELEMENTS}
    elements = {name: group for name, group in elements.items() if group}
    subs = _grouped([(each.sub_element, each) for each in elements.get("P6", []) if each.sub_element])
    stepwise = [each for each in elements.get("P6", []) if isinstance(each.points, Mapping)]
    step_names = sorted({step for each in stepwise for step in (each.points if isinstance(each.points, Mapping) else ())})
    steps = {step: [Vda63Question("P6", each.number, _of_step(each, step)) for each in stepwise] for step in step_names}
    groups = {**elements, **subs, **{f"step {step}": group for step, group in steps.items()}}
    least = Fraction(_rule("least_evaluated"))
    incomplete = tuple(name for name, group in groups.items() if Fraction(sum(bool(q.awards()) for q in group), len(group)) < least)
    of_elements, of_subs, of_steps = _levels(elements), _levels(subs), _levels(steps)
    overall = _level(asked)
    if incomplete or overall is None:
        return Vda63(overall, of_elements, of_subs, of_steps, None, None, (), incomplete, False)
    judged = vda63_grade(
        overall=overall,
        elements=of_elements,
        sub_elements=of_subs,
        steps=of_steps,
        star_points=[given for each in asked if each.starred for given in each.awards().values()],
        other_points=[given for each in asked if not each.starred for given in each.awards().values()],
    )
    return Vda63(overall, of_elements, of_subs, of_steps, judged.grade, judged.before, judged.reasons, (), judged.rounding_matters)


def vda63_grade(
    *,
    overall: float,
    elements: Mapping[str, float] | Sequence[float],
    steps: Mapping[str, float] | Sequence[float] = (),
    sub_elements: Mapping[str, float] | Sequence[float] = (),
    star_points: Sequence[int] = (),
    other_points: Sequence[int] = (),
) -> Vda63Grade:
    """A, B or C from levels of compliance, with every downgrading rule.

    Args:
        overall: E_G in percent, 0 to 100; compared as given.
        elements: E_P of the audited elements, percent, by name or in any order.
        steps: E_n of the process steps, percent.
        sub_elements: E_U of the sub-elements of P6, percent.
        star_points: Points awarded to starred questions, each 0, 4, 6, 8 or 10.
        other_points: Points awarded to the other questions.
    Returns:
        The grade and the reasons that took it down. Levels are rounded to the nearest percent, halves up, for these rules only.
    Raises:
        ValueError: a level outside of 0 to 100, points not of 0, 4, 6, 8, 10, no element.
    Source: VDA 6.3 (2023) yellow volume, 6.3, as excerpted on pdf.51smt.cn (whole text unread).

    >>> vda63_grade(overall=92, elements=[95, 79.4, 98]).reasons
    ('element/step <80',)
    """
    level = finite("overall", overall, at_least=0, at_most=100)
    of_elements, of_steps, of_subs = (
        _percents(name, given) for name, given in (("elements", elements), ("steps", steps), ("sub_elements", sub_elements))
    )
    if not of_elements:
        raise ValueError("elements is empty: must have at least one level")
    for name, points in (("star_points", star_points), ("other_points", other_points)):
        if any(each not in POINTS for each in points):
            raise ValueError(f"{name} is {list(points)}: must be of {POINTS}")
    before = _by_sum(level)
    matters = _by_sum(float(_to_percent(level))) != before
    low, lower = int(_rule("down_to_b_below")), int(_rule("down_to_c_below"))
    to_c = {
        f"element/step <{lower}": any(each < lower for each in [*of_elements, *of_steps]),
        "*-question 0 points": int(_rule("down_to_c_star")) in star_points,
    }
    to_b = {
        f"element/step <{low}": any(each < low for each in [*of_elements, *of_steps]),
        f"P6 sub-element <{low}": any(each < low for each in of_subs),
        "*-question 4 points": int(_rule("down_to_b_star")) in star_points,
        "question 0 points": int(_rule("down_to_b_any")) in [*star_points, *other_points],
    }
    if before != "C" and any(to_c.values()):
        return Vda63Grade("C", before, tuple(reason for reason, holds in to_c.items() if holds), matters)
    if before == "A" and any(to_b.values()):
        return Vda63Grade("B", before, tuple(reason for reason, holds in to_b.items() if holds), matters)
    return Vda63Grade(before, before, (), matters)


def _by_sum(level: float) -> str:
    return "A" if level >= float(_rule("grade_a")) else "B" if level >= float(_rule("grade_b")) else "C"


def _rule(name: str) -> str:
    return next(row["value"] for row in table("vda63_2023_rules.csv") if row["rule"] == name)


def _checked(asked: list[Vda63Question]) -> list[Vda63Question]:
    if not asked:
        raise ValueError("questions is empty: must have at least one")
    seen: set[tuple[str, str]] = set()
    for each in asked:
        if each.element not in ELEMENTS:
            raise ValueError(f"element of question {each.number} is {each.element!r}: must be one of {', '.join(ELEMENTS)}")
        if (each.element, each.number) in seen:
            raise ValueError(f"questions has {each.element} {each.number} twice: rate it several times in one mapping")
        seen.add((each.element, each.number))
        if any(isinstance(given, bool) or given not in POINTS for given in each.awards().values()):
            raise ValueError(f"points of question {each.number} are {each.points}: must be of {POINTS}, or None")
    return asked


def _grouped(pairs: Iterable[tuple[str | None, Vda63Question]]) -> dict[str, list[Vda63Question]]:
    groups: dict[str, list[Vda63Question]] = {}
    for name, each in pairs:
        groups.setdefault(str(name), []).append(each)
    return groups


def _of_step(question: Vda63Question, step: str) -> int | None:
    return question.points.get(step) if isinstance(question.points, Mapping) else None


def _levels(groups: Mapping[str, list[Vda63Question]]) -> dict[str, float]:
    found = {name: _level(group) for name, group in groups.items()}
    return {name: level for name, level in found.items() if level is not None}


def _level(group: Sequence[Vda63Question]) -> float | None:
    """Percent of the possible points of the evaluated questions; None when none was evaluated."""
    points = [_mean_points(list(each.awards().values())) for each in group if each.awards()]
    return float(100 * sum(points, Decimal(0)) / (_MOST * len(points))) if points else None


def _mean_points(awards: Sequence[int]) -> Decimal:
    return (Decimal(sum(awards)) / len(awards)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _percents(name: str, levels: Any) -> list[int]:
    given = levels.values() if isinstance(levels, Mapping) else levels
    return [_to_percent(finite(name, each, at_least=0, at_most=100)) for each in given]


def _to_percent(level: float) -> int:
    # Python rounds halves to even: 78.5 would become 78.
    return int(Decimal(repr(level)).quantize(Decimal(1), ROUND_HALF_UP))
