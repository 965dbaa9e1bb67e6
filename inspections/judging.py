"""Whether a result keeps its limits: pure, from values already loaded. A lot is judged by the text of its own day.

A clause speaks of one method, and of one edition where it names one; it says nothing about readings by another.
What lies below what can be seen is judged only where every value it may have gives the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import ceil, floor
from typing import Any, Protocol, TypeVar
from uuid import UUID

from qualitystats.colour import ciede2000, cmc
from qualitystats.textile_types import Grade

IN, OUT, UNCLEAR, NOT_JUDGED = "in", "out", "unclear", "not_judged"
COLOUR = 3  # numbers of one reading of a colour
_DATED = re.compile(r"(?P<stem>.+?)[-:](?P<year>(?:19|20)\d\d)", re.ASCII)
_SEVERAL = re.compile(r"\s*[,，、;；]\s*")
_NUMBER_OF_STANDARD = re.compile(r"(?P<body>.*?)\s*(?P<number>\d[\d.]*(?:[-:]\w+)?)", re.ASCII)
_FORMULAS = ("CMC(2:1)", "CMC(1:1)", "CIEDE2000")


class BoundsLike(Protocol):
    """What is asked of a reading, in the unit of the characteristic: numbers, a grade as its value (3-4 is 3.5)."""

    @property
    def lower(self) -> Decimal | float | None: ...
    @property
    def upper(self) -> Decimal | float | None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a clause asks of each reading. A colour is held against `standard`, the L*a*b* of the sealed sample, by `formula`."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    standard: tuple[float, float, float] | None = None
    formula: str = "CMC(2:1)"
    clause_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`out_count` readings lie beyond a limit; `why` names the sentence."""

    state: str
    out_count: int = 0
    why: str = ""


class ClauseLike(Protocol):
    """What is read of a clause."""

    @property
    def type(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


C = TypeVar("C", bound=ClauseLike)


def judge(
    kind: str, readings: Sequence[int | None], decimals: int, qualifiers: Sequence[str] | None, bounds: BoundsLike | None, *, width: int = 1
) -> Verdict:
    """Every reading against the limits. One beyond them is enough; one that may lie on either side leaves it open."""
    taken = [place for place, value in enumerate(readings) if value is not None]
    if not taken:
        return Verdict(NOT_JUDGED, why="nothing_measured")
    if bounds is None:
        return Verdict(NOT_JUDGED, why="no_clause")
    if width == COLOUR:
        return _judge_colour(readings, decimals, bounds)
    lower, upper = bounds.lower, bounds.upper
    if lower is None and upper is None:
        return Verdict(NOT_JUDGED, why="no_limit")
    least, most = steps(lower, upper, decimals)
    if qualifiers is None:
        out = sum(1 for value in readings if value is not None and (value < least or value > most))
        return Verdict(OUT, out, "outside") if out else Verdict(IN, 0, "inside")
    exact = _exact(lower), _exact(upper)
    states = [_one(Decimal(readings[place] or 0).scaleb(-decimals), qualifiers[place], *exact) for place in taken]
    out = states.count(OUT)
    if out:
        return Verdict(OUT, out, "outside")
    return Verdict(UNCLEAR, 0, "below_what_is_seen") if UNCLEAR in states else Verdict(IN, 0, "inside")


@lru_cache(maxsize=4096)
def steps(lower: Decimal | float | None, upper: Decimal | float | None, decimals: int) -> tuple[float, float]:
    """The least and the most that a scaled reading may be: for many rows at once.

    >>> steps(Decimal("36.5"), None, 1), steps(None, Decimal("8.55"), 1)
    ((365, inf), (-inf, 85))
    """
    least, most = _exact(lower), _exact(upper)
    return (
        float("-inf") if least is None else ceil(least.scaleb(decimals)),
        float("inf") if most is None else floor(most.scaleb(decimals)),
    )


def _exact(limit: Decimal | float | None) -> Decimal | None:
    # By its shortest writing: 8.5 as a float means 8.5.
    return limit if limit is None or isinstance(limit, Decimal) else Decimal(repr(limit))


def _one(value: Decimal, sign: str, lower: Decimal | None, upper: Decimal | None) -> str:
    """One reading, of which the true value may be anywhere that its sign allows."""
    if sign in ("<", "<="):
        if lower is not None and (value < lower or (sign == "<" and value == lower)):
            return OUT
        return IN if lower is None and upper is not None and value <= upper else UNCLEAR
    if sign in (">", ">="):
        if upper is not None and (value > upper or (sign == ">" and value == upper)):
            return OUT
        return IN if upper is None and lower is not None and value >= lower else UNCLEAR
    return OUT if (lower is not None and value < lower) or (upper is not None and value > upper) else IN


def _judge_colour(readings: Sequence[int | None], decimals: int, bounds: BoundsLike) -> Verdict:
    """Each colour's difference to the sealed sample. Without a sample there is nothing to hold it against."""
    standard, limit = getattr(bounds, "standard", None), bounds.upper
    if limit is None:
        return Verdict(NOT_JUDGED, why="no_limit")
    if standard is None:
        return Verdict(NOT_JUDGED, why="no_sealed_sample")
    out = 0
    for place in range(0, len(readings) - 2, COLOUR):
        parts = readings[place : place + COLOUR]
        if None not in parts:
            colour = tuple(float(Decimal(part or 0).scaleb(-decimals)) for part in parts)
            out += difference(standard, colour, getattr(bounds, "formula", "CMC(2:1)")) > float(limit)
    return Verdict(OUT, out, "outside") if out else Verdict(IN, 0, "inside")


def difference(standard: Sequence[float], colour: Sequence[float], formula: str) -> float:
    """The colour difference by the formula that the clause names; CMC(2:1) where it names none."""
    if formula == "CIEDE2000":
        return float(ciede2000(tuple(standard), tuple(colour)))
    return float(cmc(reference=tuple(standard), sample=tuple(colour), lightness=1.0 if formula == "CMC(1:1)" else 2.0, chroma=1.0))


def limits_of(params: Mapping[str, Any], *, clause_id: UUID | None = None, standard: tuple[float, float, float] | None = None) -> Limits:
    """The limits that a clause on a characteristic words: "3-4" of a grade is 3.5, what is empty or no number is no limit."""
    read = _grade if params.get("kind") == "ordinal" else _decimal
    unit = str(params.get("unit") or "")
    return Limits(
        lower=read(params.get("lower")), upper=read(params.get("upper")), standard=standard, clause_id=clause_id,
        formula=next((each for each in _FORMULAS if each in unit), "CMC(2:1)"),
    )  # fmt: skip


def _decimal(said: Any) -> Decimal | None:
    try:
        found = Decimal(str(said).replace("\u2212", "-"))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _grade(said: Any) -> Decimal | None:
    try:
        return Decimal(str(Grade(str(said)).value))
    except ValueError:
        return None


def stem_and_year(code: str) -> tuple[str, str]:
    """A method's number, and the year of its edition where it has one.

    >>> stem_and_year("GB/T 2912.1-2009"), stem_and_year("GB/T 10685"), stem_and_year("ISO 105-E04:2013")
    (('GB/T 2912.1', '2009'), ('GB/T 10685', ''), ('ISO 105-E04', '2013'))
    """
    found = _DATED.fullmatch(code.strip())
    return (found["stem"].strip(), found["year"]) if found else (code.strip(), "")


def named_methods(params: Mapping[str, Any]) -> dict[str, str]:
    """Number -> year of every method that a clause names; the year is empty where it names no edition.

    >>> named_methods({"method": "GB/T 8628-2013, 8629, 8630"})
    {'GB/T 8628': '2013', 'GB/T 8629': '', 'GB/T 8630': ''}
    """
    named: dict[str, str] = {}
    body = ""
    for part in _SEVERAL.split(str(params.get("method") or "").strip()):
        stem, year = stem_and_year(part)
        found = _NUMBER_OF_STANDARD.fullmatch(stem)
        if found and found["body"]:
            body = found["body"]
        elif found and body:  # "…, 8629" goes on with the letters before it
            stem = f"{body} {stem}"
        if stem:
            named[stem] = year
    stem, year = stem_and_year(str(params.get("edition") or ""))
    if stem:
        named[stem] = year or named.get(stem, "")
    return named


def speaks_of(params: Mapping[str, Any], edition: str) -> str:
    """Empty where the clause may judge readings by this edition; else why not: other_method, other_edition, edition_missing."""
    if not edition:
        return "edition_missing"
    named = named_methods(params)
    stem, year = stem_and_year(edition)
    if stem not in named:
        return "other_method"
    if not named[stem] or named[stem] == year:
        return ""
    return "other_edition" if year else "edition_missing"


_NEARNESS = ("", "edition_missing", "other_edition", "other_method")


def clause_for(clauses: Iterable[C], characteristic: str, edition: str) -> tuple[C | None, str]:
    """The clause that judges readings of a characteristic by an edition, or None and why none does."""
    about = [each for each in clauses if each.type == "characteristic_limit" and each.params.get("characteristic") == characteristic]
    if not about:
        return None, "no_clause"
    nearest = min(about, key=lambda each: _NEARNESS.index(speaks_of(each.params, edition)))
    why = speaks_of(nearest.params, edition)
    return (None, why) if why else (nearest, "")
