"""What an audit comes to: VDA 6.3 with every downgrading rule, a weighted checklist, and two delivery figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from qualitystats.process_audit import POINTS, Vda63, Vda63Grade, Vda63Question, vda63, vda63_grade
from qualitystats.readings import finite, finite_array, whole

__all__ = [
    "POINTS",
    "ChecklistScore",
    "Vda63",
    "Vda63Grade",
    "Vda63Question",
    "audit_band",
    "checklist_score",
    "on_time_percent",
    "ppm",
    "vda63",
    "vda63_grade",
]


@dataclass(frozen=True)
class ChecklistScore:
    """`score` in percent of the applicable weight, None with a `reason` where no question applies."""

    score: float | None
    answered: int
    not_applicable: int
    applicable_weight: float
    reason: str


def checklist_score(answers: Sequence[float | None], *, weights: Sequence[float] | None = None) -> ChecklistScore:
    """Weighted score of a checklist; what does not apply leaves the sum above and below the line.

    Args:
        answers: Degree of fulfilment of each question, 0 to 1; None where it does not apply.
        weights: Weight of each question, same length, at least 0; None weighs all alike.
    Returns:
        100 x sum(weight x answer) / sum(weight), both over the questions that apply.
    Raises:
        ValueError: an answer outside of 0 to 1, a weight below 0, lengths that differ.
    Source: none, a convention of this product.

    >>> checklist_score([1, 0.5, None], weights=[2, 1, 5]).score
    83.33333333333333
    """
    if weights is not None and len(weights) != len(answers):
        raise ValueError(f"weights has {len(weights)} values: must have one for each of {len(answers)} answers")
    heavy = finite_array("weights", [1.0] * len(answers) if weights is None else weights, ndim=1)
    if np.any(heavy < 0):
        raise ValueError(f"weights has {float(heavy.min())}: must be >= 0")
    given = [
        (finite(f"answers[{at}]", answer, at_least=0, at_most=1), float(heavy[at]))
        for at, answer in enumerate(answers)
        if answer is not None
    ]
    weight = sum(each for _, each in given)
    left_out = len(answers) - len(given)
    if weight == 0:
        return ChecklistScore(None, len(given), left_out, 0.0, "no question with a weight applies")
    return ChecklistScore(100.0 * sum(answer * each for answer, each in given) / weight, len(given), left_out, weight, "")


def audit_band(score: float | None, *, floors: Mapping[str, float], open_critical: int = 0, cap: str = "C") -> str | None:
    """The band of a score; an open critical finding caps it.

    Args:
        score: Percent, 0 to 100; None where there is none.
        floors: Lowest score of each band, best band first, falling, such as ``{"A": 90, "B": 75, "C": 60, "D": 0}``.
        open_critical: Number of critical findings that are open.
        cap: Best band that is possible while one is open; one of ``floors``.
    Returns:
        The band's name; None for no score.
    Raises:
        ValueError: floors that do not fall, a ``cap`` that is no band, a score out of range or below every floor.
    Source: none, a convention of this product: the floors are the programme's.

    >>> audit_band(95, floors={"A": 90, "B": 75, "C": 60, "D": 0}, open_critical=1)
    'C'
    """
    names, lowest = list(floors), [finite(f"floors[{name!r}]", floor) for name, floor in floors.items()]
    if cap not in floors or any(after >= before for before, after in pairwise(lowest)):
        raise ValueError(f"floors is {dict(floors)}: must fall from the best band, and hold {cap!r}")
    if score is None:
        return None
    reached = finite("score", score, at_least=lowest[-1], at_most=100)
    place = next(at for at, floor in enumerate(lowest) if reached >= floor)
    return names[max(place, names.index(cap)) if whole("open_critical", open_critical) else place]


def ppm(*, nonconforming: int, delivered: int) -> float | None:
    """Nonconforming units per million delivered.

    Args:
        nonconforming: Units found nonconforming, a whole number, at most ``delivered``.
        delivered: Units delivered, a whole number.
    Returns:
        Parts per million; None when nothing was delivered.
    Raises:
        ValueError: not whole numbers, more nonconforming than delivered.
    Source: none, a convention of the trade.

    >>> ppm(nonconforming=3, delivered=12000), ppm(nonconforming=0, delivered=0)
    (250.0, None)
    """
    return _part_of("nonconforming", nonconforming, "delivered", delivered, 1_000_000)


def on_time_percent(*, on_time: int, due: int) -> float | None:
    """Orders (or lines) delivered on time and in full, of those due.

    Args:
        on_time: Delivered on time and in full, a whole number; whether early counts is the caller's to say.
        due: Due in the same window, a whole number.
    Returns:
        Percent; None when nothing was due.
    Raises:
        ValueError: not whole numbers, more on time than due.
    Source: none, a convention of the trade.

    >>> on_time_percent(on_time=17, due=20)
    85.0
    """
    return _part_of("on_time", on_time, "due", due, 100)


def _part_of(part_name: str, part: Any, whole_name: str, total: Any, scale: int) -> float | None:
    few, all_of_them = whole(part_name, part), whole(whole_name, total)
    if few > all_of_them:
        raise ValueError(f"{part_name} is {few}: must be <= {whole_name}, {all_of_them}")
    return scale * few / all_of_them if all_of_them else None
