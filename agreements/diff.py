"""What changed between two texts, word by word, in Chinese and in English. Pure.

A number stays with its unit, a grade such as 2-3 in one piece, a standard's code whole: nobody agrees to half a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Change = Literal["same", "added", "removed"]

_UNITS = (
    "个工作日", "工作日", "个月", "小时", "分钟", "级", "天", "日", "批", "件", "次", "年", "题", "mg/kg", "g/m²", "g/m2", "T/m", "kPa", "cN", "tex", "dtex",
    "µm", "μm", "mm", "cm", "kg", "°C", "℃", "%", "‰", "Pa", "N", "m", "g",
)  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""(?:GB|FZ|SN|ISO|ASTM|AATCC|EN|QB|HG|JJF|JJG)(?:/[A-Z])?\s?[A-Z]?\d[\d.]*(?:[-–]\d+)*   # a standard's code
    |[-−+±]?\d+(?:[.,]\d+)*(?:-\d+)?(?:\s?(?:{_UNIT})(?![A-Za-z]))?                              # a number or grade, with its unit
    |[A-Za-z]+(?:['’-][A-Za-z]+)*                                                               # a word
    |\s+
    |.""",
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"\w")
# Two changes with less than this between them are read as one: a lone character left standing is noise.
LEAST_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stayed, came or went."""

    kind: Change
    text: str


def pieces(text: str) -> list[str]:
    """The text cut into what is compared: words, characters, numbers with their units. Joined, they are the text."""
    return _TOKEN.findall(text)


def changes(before: str, after: str) -> list[Run]:
    """The runs that lead from one text to the other, what went before what came.

    Joining same and removed gives `before`; joining same and added gives `after`.
    """
    old, new = pieces(before), pieces(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    blocks = [("".join(old[i:j]), "".join(new[k:m]), tag == "equal") for tag, i, j, k, m in matcher.get_opcodes()]
    runs: list[Run] = []
    for gone, came, stayed in _without_islands(blocks):
        if stayed:
            runs.append(Run("same", gone))
            continue
        runs += [Run("removed", gone)] if gone else []
        runs += [Run("added", came)] if came else []
    return runs


def _without_islands(blocks: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Blocks in which what stayed between two changes is long enough to be read; the rest joins its neighbours."""
    kept: list[tuple[str, str, bool]] = []
    for place, (gone, came, stayed) in enumerate(blocks):
        is_island = stayed and 0 < place < len(blocks) - 1 and len(_WORD.findall(gone)) < LEAST_BETWEEN
        if kept and not kept[-1][2] and (is_island or not stayed):
            kept[-1] = (kept[-1][0] + gone, kept[-1][1] + came, False)
        else:
            kept.append((gone, came, stayed and not is_island))
    return kept


def was(runs: Iterable[Run]) -> list[Run]:
    """The former text: what stayed and what went."""
    return [run for run in runs if run.kind != "added"]


def now(runs: Iterable[Run]) -> list[Run]:
    """The later text: what stayed and what came."""
    return [run for run in runs if run.kind != "removed"]


def aligned(
    before: Sequence[Any], after: Sequence[Any], *, same: Callable[[Any], Hashable], alike: Callable[[Any], Hashable]
) -> list[tuple[Any, Any]]:
    """Pairs of what stands at the same place in two lists; None where one has no partner. In the order of the later list.

    `same` names what is wholly equal, `alike` what is the same thing changed (a clause's type and what it measures).
    """
    matcher = SequenceMatcher(a=[same(each) for each in before], b=[same(each) for each in after], autojunk=False)
    pairs: list[tuple[Any, Any]] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pairs += zip(before[i:j], after[k:m], strict=True)
        else:
            pairs += _alike(list(before[i:j]), after[k:m], alike)
    return pairs


def _alike(gone: list[Any], came: Sequence[Any], alike: Callable[[Any], Hashable]) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for each in came:
        partner = next((old for old in gone if alike(old) == alike(each)), None)
        if partner is not None:
            place = gone.index(partner)
            pairs += [(old, None) for old in gone[:place]]
            del gone[: place + 1]
        pairs.append((partner, each))
    return pairs + [(old, None) for old in gone]
