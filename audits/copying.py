"""A copy of an audit for another chain owner. Pure: it is built from what may be said, not by striking out what may not.

No id, no clock time, no name of a file or a person goes in. Free words (of findings) go in only where the supplier says so, after reading
them, and then with every name of the first owner covered.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

COVER = "▇▇"
# What is left of a firm's name without these is the word by which people call it.
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_PLACES = ("浙江省", "浙江", "宁波市", "宁波")
_FORMS = ("集团股份有限公司", "股份有限公司", "集团有限公司", "有限责任公司", "有限公司", "集团", "公司", "厂")
_TRADES = ("服饰", "服装", "家纺", "纺织品", "纺织", "针织", "印染", "进出口", "贸易", "实业", "制衣", "国际")
_ENGLISH = re.compile(r"\b(co\.?,?|ltd\.?|limited|inc\.?|corp\.?|group|company)(?=\W|$)", re.IGNORECASE)
SHORTEST = 2
OPEN, DONE = "open", "put_right"


@dataclass(frozen=True, slots=True)
class Told:
    """A question with its answer, in words that say nothing of who asked."""

    number: int
    section: str
    text_zh: str
    text_en: str
    is_critical: bool
    answer: str  # yes, no, na, "8 / 10", "12.5 N"; empty for what somebody wrote or signed
    percent: str = ""
    out: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding without its days: how grave, whether put right, about which question, and its words."""

    grade: str
    state: str
    number: int | None
    section: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """All of an audit that a copy may draw from."""

    kind: str
    visited_on: date
    site_zh: str
    site_en: str
    checklist_zh: str
    checklist_en: str
    is_own_checklist: bool  # of the first owner: its questions are not the supplier's to show
    sections: Sequence[Mapping[str, str]]
    score: Mapping[str, Any] = field(default_factory=dict)  # method, band, hundredths, sections
    told: Sequence[Told] = ()
    raised: Sequence[Raised] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the supplier shows of it: these sections (none: the whole audit), with or without the words of findings."""

    sections: tuple[str, ...] = ()
    with_words: bool = False


def copy_of(source: Source, choice: Choice, names: Collection[str]) -> dict[str, Any]:
    """The body of a copy. `names`: all that the first owner and its people are called."""
    whole = not choice.sections
    own = source.is_own_checklist
    kept = [s for s in source.sections if whole or s["code"] in choice.sections]
    codes = {s["code"] for s in kept}
    score = source.score
    return {
        "copy": 1,
        "salt": secrets.token_hex(8),  # two copies of one audit are not alike by their hash
        "kind": source.kind,
        "month": source.visited_on.replace(day=1).isoformat(),
        "whole": whole,
        "site": {"zh": source.site_zh, "en": source.site_en},
        "checklist": None if own else {"zh": source.checklist_zh, "en": source.checklist_en},
        "score": {"method": score.get("method", ""), "band": score["band"], "hundredths": score["hundredths"]} if whole and score else None,
        "sections": [
            {
                "code": str(at) if own else s["code"],
                "zh": "" if own else s["name_zh"],
                "en": "" if own else s["name_en"],
                "percent": score.get("sections", {}).get(s["code"]),
            }
            for at, s in enumerate(kept, start=1)
        ],
        "questions": [] if own else [_question(each) for each in source.told if whole or each.section in codes],
        "findings": [
            _finding(each, choice, names, own=own)
            for each in sorted(source.raised, key=_grave)
            if whole or (each.number is not None and each.section in codes)
        ],
    }


_GRADES = ("critical", "major", "minor", "ofi")


def _grave(each: Raised) -> tuple[int, int, str]:
    # Never in the order in which they were raised: that is the other relation's.
    return (_GRADES.index(each.grade), each.number or 0, each.state)


def _question(each: Told) -> dict[str, Any]:
    return {
        "number": each.number, "section": each.section, "zh": each.text_zh, "en": each.text_en, "critical": each.is_critical,
        "answer": each.answer, "percent": each.percent, "out": each.out,
    }  # fmt: skip


def _finding(each: Raised, choice: Choice, names: Collection[str], *, own: bool) -> dict[str, Any]:
    words = [covered(words, names) for words in each.words] if choice.with_words else []
    return {"grade": each.grade, "state": each.state, "question": None if own else each.number, "words": words}


def covered(text: str, names: Iterable[str]) -> str:
    """The text with every one of these names covered, the longest first, in whatever case."""
    for name in sorted({name for name in names if len(name.strip()) >= SHORTEST}, key=len, reverse=True):
        text = re.sub(re.escape(name.strip()), COVER, text, flags=re.IGNORECASE)
    return text


def called(name: str) -> set[str]:
    """All that a firm or a person of this name may be called: the whole, without brackets and legal form, and its word alone."""
    bare = _BRACKETS.sub("", name).strip()
    short = _ENGLISH.sub("", bare).strip(" ,.")
    for form in _FORMS:
        short = short.removesuffix(form)
    for place in _PLACES:
        short = short.removeprefix(place)
    word = short
    for trade in _TRADES:
        word = word.removesuffix(trade)
    if word.isascii():
        word = word.split(" ")[0] if word else ""
    return {each for each in (name.strip(), bare, short, word) if len(each) >= SHORTEST}
