"""Two samples of one round beside each other: what a laboratory does to both alike is a bias, what happens to one is chance or a slip. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from oversight.comparison import LEAST
from qualitystats.youden import YoudenPairs, youden_pairs

SAMPLES = ("A", "B")
WITHIN, SIDE, ONE = "within", "side", "one"
FAR, SAME = 2.0, 1.0  # a z score beyond FAR is looked into; it has company where the other lies beyond SAME on its side


class Sampled(Protocol):
    """An indicator of one of the samples."""

    characteristic_code: str
    edition_code: str
    sample: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The z scores of one code, of sample A and of sample B."""

    code: str
    first: float
    second: float

    @property
    def reads(self) -> str:
        """Both within, both to one side, or one apart from the other.

        >>> Pair("L1", 2.4, 1.3).reads, Pair("L2", 2.4, 0.3).reads, Pair("L3", -1.9, 1.9).reads
        ('side', 'one', 'within')
        """
        if max(abs(self.first), abs(self.second)) <= FAR:
            return WITHIN
        return SIDE if min(self.first, self.second) > SAME or max(self.first, self.second) < -SAME else ONE


@dataclass(frozen=True)
class Pairs:
    """All codes that have a score of both samples, and what their spread is made of."""

    pairs: tuple[Pair, ...]
    spread: YoudenPairs


def paired(first: Iterable[Mapping[str, Any]], second: Iterable[Mapping[str, Any]]) -> Pairs | None:
    """The two crowds of one indicator by code; None under LEAST codes in both, or where nothing varies."""
    other = {line["code"]: line["z"] for line in second if "z" in line}
    found = tuple(Pair(line["code"], line["z"], other[line["code"]]) for line in first if "z" in line and line["code"] in other)
    if len(found) < LEAST or len({(pair.first, pair.second) for pair in found}) == 1:
        return None
    return Pairs(found, youden_pairs([pair.first for pair in found], [pair.second for pair in found]))


def couples(measures: Iterable[Sampled]) -> list[tuple[Any, Any]]:
    """The indicators that stand for both samples, A beside B, in the order of A."""
    there = {(row.characteristic_code, row.edition_code, row.sample): row for row in measures}
    return [
        (row, there[code, edition, "B"]) for (code, edition, sample), row in there.items() if sample == "A" and (code, edition, "B") in there
    ]


def is_lonely(measures: Sequence[Sampled]) -> bool:
    """Whether an indicator stands for one sample and not for the other."""
    return 2 * len(couples(measures)) != sum(row.sample in SAMPLES for row in measures)
