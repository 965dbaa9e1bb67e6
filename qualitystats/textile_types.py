"""Two kinds of result that are not numbers: grades, which are only ordered, and censored results, which are only bounds.

Both refuse arithmetic: a mean of grades or half a detection limit is an answer nobody measured.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import total_ordering
from numbers import Real
from typing import Any, NoReturn

GRADES = ("1", "1-2", "2", "2-3", "3", "3-4", "4", "4-5", "5")
_GRADE = re.compile(r"([1-5])(?:[-~/–—−－～〜至到](?:([1-5])))?级?")
_HALF = re.compile(r"([1-5])\.([05])0*级?")
_NOT_DETECTED = {"未检出", "nd", "n.d.", "n.d", "not detected", "notdetected"}
_BOUND = re.compile(r"(<=|>=|<|>)([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_SIGNS = {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">="}


def _no_arithmetic(self: Any, *_: Any) -> NoReturn:
    raise TypeError(f"{self} is a {self.KIND}: it can be compared, not calculated with")


class _Uncountable:
    """No sums, means, products or floats: every way into arithmetic ends in one clear TypeError."""

    KIND = "result"
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _no_arithmetic
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = __abs__ = _no_arithmetic
    __float__ = __int__ = __round__ = _no_arithmetic
    # numpy would otherwise try element by element, or turn the result into a float behind our back.
    __array_ufunc__ = None


@total_ordering
@dataclass(frozen=True, init=False, repr=False)
class Grade(_Uncountable):
    """One of the nine grades 1, 1-2, 2 ... 4-5, 5: ordered, never averaged.

    Args:
        value: A Grade, text such as ``3-4``, ``3-4级``, ``3～4``, ``3.5``, or a number that is a half step from 1 to 5.
    Returns:
        A grade; equal grades are equal whatever way they were written.
    Raises:
        ValueError: not one of the nine grades.
        TypeError: arithmetic, or a comparison with something that is no grade.
    Source: GB 18401-2010 and ISO 105-A02 use the nine grades (clause unread). The eight grades of light fastness are another scale.

    >>> Grade("3-4级") == Grade(3.5) and Grade("3～4") < Grade("4")
    True
    >>> Grade("4") + Grade("3")
    Traceback (most recent call last):
    TypeError: 4 is a grade: it can be compared, not calculated with
    """

    KIND = "grade"
    half_steps: int

    def __init__(self, value: Grade | str | float) -> None:
        object.__setattr__(self, "half_steps", _half_steps(value))

    @classmethod
    def parse(cls, text: Grade | str | float) -> Grade:
        """The grade that a person wrote.

        Args:
            text: As for the class.
        Returns:
            The grade.
        Raises:
            ValueError: not one of the nine grades.
        Source: as for the class.

        >>> str(Grade.parse("４－５ 级"))
        '4-5'
        """
        return cls(text)

    @property
    def value(self) -> float:
        """Position on the scale, 1 to 5 by halves: for storing and drawing, not for averaging."""
        return self.half_steps / 2

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Grade):
            return NotImplemented
        return self.half_steps < other.half_steps

    def __str__(self) -> str:
        return GRADES[self.half_steps - 2]

    def __repr__(self) -> str:
        return f"Grade('{self}')"


@dataclass(frozen=True)
class Censored(_Uncountable):
    """A result known only as a bound: ``<20``, ``>=5``, or not detected with or without a stated limit.

    Compared with a number or another bound it answers where every value it may have gives the same answer, and raises where not:
    half the limit, zero or the limit itself are never put in its place. ``==`` asks whether two records say the same.

    Args:
        qualifier: ``<``, ``<=``, ``>``, ``>=`` or ``ND`` (not detected).
        bound: The stated limit in the result's unit; for ``ND`` the detection limit, None when none was stated.
    Returns:
        A censored result.
    Raises:
        ValueError: unknown qualifier, a bound that is missing or not finite; a comparison that the bound cannot decide.
        TypeError: arithmetic.
    Source: none, a rule of this package.

    >>> Censored("<", 20) <= 75
    True
    >>> Censored("<", 20).at_most(10) is None
    True
    >>> Censored("<", 20) / 2
    Traceback (most recent call last):
    TypeError: <20 is a censored result: it can be compared, not calculated with
    """

    KIND = "censored result"
    qualifier: str
    bound: float | None = None

    def __post_init__(self) -> None:
        if self.qualifier not in ("<", "<=", ">", ">=", "ND"):
            raise ValueError(f"qualifier is {self.qualifier!r}: must be <, <=, >, >= or ND")
        if self.bound is None and self.qualifier == "ND":
            return
        if not _is_number(self.bound):
            raise ValueError(f"bound is {self.bound!r}: must be a finite number")

    @classmethod
    def parse(cls, text: str, *, detection_limit: float | None = None) -> Censored:
        """The censored result that a laboratory wrote.

        Args:
            text: ``<20``, ``＜20``, ``≤5``, ``>1000``, ``未检出``, ``ND``, ``not detected``.
            detection_limit: The method's limit in the result's unit, for a bare "not detected"; None when it was not stated.
        Returns:
            The result.
        Raises:
            ValueError: the text is not a censored result.
        Source: none, a rule of this package.

        >>> str(Censored.parse("未检出", detection_limit=20))
        'ND(<20)'
        """
        plain = _plain(text)
        if plain.replace(" ", "") in _NOT_DETECTED or plain in _NOT_DETECTED:
            return cls("ND", detection_limit)
        found = _BOUND.fullmatch(plain.replace(" ", ""))
        if found is None:
            raise ValueError(f"text is {text!r}: must be a bound such as <20, or not detected")
        return cls(found[1], float(found[2]))

    @classmethod
    def not_detected(cls, detection_limit: float | None = None) -> Censored:
        """Not detected, with the method's limit when it was stated.

        Args:
            detection_limit: In the result's unit; None when not stated, and then nothing can be compared.
        Returns:
            The result.
        Raises:
            ValueError: the limit is not a finite number.
        Source: none, a rule of this package.

        >>> Censored.not_detected(5) < 20
        True
        """
        return cls("ND", detection_limit)

    def at_most(self, limit: float) -> bool | None:
        """Whether the true value is not above the limit.

        Args:
            limit: In the result's unit.
        Returns:
            True or False where the bound decides, None where the value may lie on either side.
        Raises:
            ValueError: ``limit`` is not a finite number.
        Source: none, a rule of this package.

        >>> Censored(">", 300).at_most(300)
        False
        """
        return _reach(self, _Reach(_number(limit), True, _number(limit), True))

    def at_least(self, limit: float) -> bool | None:
        """Whether the true value is not below the limit; None where the bound cannot say.

        Args:
            limit: In the result's unit.
        Returns:
            True, False or None.
        Raises:
            ValueError: ``limit`` is not a finite number.
        Source: none, a rule of this package.

        >>> Censored("<", 3).at_least(3)
        False
        """
        below = _below(self, _Reach(_number(limit), True, _number(limit), True))
        return None if below is None else not below

    def __le__(self, other: object) -> bool:
        return _decided(self, "<=", other, _reach)

    def __lt__(self, other: object) -> bool:
        return _decided(self, "<", other, _below)

    def __gt__(self, other: object) -> bool:
        return not _decided(self, ">", other, _reach)

    def __ge__(self, other: object) -> bool:
        return not _decided(self, ">=", other, _below)

    def __str__(self) -> str:
        if self.qualifier != "ND":
            return f"{self.qualifier}{self.bound:g}"
        return "ND" if self.bound is None else f"ND(<{self.bound:g})"


def read_result(text: str | float, *, detection_limit: float | None = None) -> float | Censored:
    """A laboratory's result: a number, or a censored result.

    Args:
        text: A number, or what a report prints: ``12.5``, ``<20``, ``未检出``.
        detection_limit: The method's limit in the result's unit, for a bare "not detected".
    Returns:
        A float or a Censored.
    Raises:
        ValueError: neither a finite number nor a censored result.
    Source: none, a rule of this package.

    >>> read_result("12.5"), str(read_result("＜ 20"))
    (12.5, '<20')
    """
    if isinstance(text, str):
        plain = _plain(text)
        if re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", plain):
            return float(plain)
        return Censored.parse(text, detection_limit=detection_limit)
    return _number(text)


@dataclass(frozen=True)
class _Reach:
    """Where the true value may lie; an end is closed when the value may equal it."""

    low: float
    low_closed: bool
    high: float
    high_closed: bool


def _reach_of(value: object) -> _Reach | None:
    if isinstance(value, Censored):
        if value.bound is None:
            return _Reach(-math.inf, False, math.inf, False)
        if value.qualifier in ("<", "<=", "ND"):
            return _Reach(-math.inf, False, value.bound, value.qualifier == "<=")
        return _Reach(value.bound, value.qualifier == ">=", math.inf, False)
    return _Reach(float(value), True, float(value), True) if _is_number(value) else None  # type: ignore[arg-type]


def _reach(result: Censored, other: _Reach) -> bool | None:
    """Whether the result is <= the other, for every value that either may have; None when they disagree."""
    mine = _reach_of(result)
    assert mine is not None
    if mine.high <= other.low:
        return True
    if mine.low > other.high or (mine.low == other.high and not (mine.low_closed and other.high_closed)):
        return False
    return None


def _below(result: Censored, other: _Reach) -> bool | None:
    """Whether the result is < the other, for every value that either may have; None when they disagree."""
    mine = _reach_of(result)
    assert mine is not None
    if mine.high < other.low or (mine.high == other.low and not (mine.high_closed and other.low_closed)):
        return True
    if mine.low >= other.high:
        return False
    return None


def _decided(result: Censored, sign: str, other: object, ask: Any) -> bool:
    reach = _reach_of(other)
    if reach is None:
        raise TypeError(f"{result} {sign} {other!r}: a censored result compares with finite numbers and censored results only")
    answer = ask(result, reach)
    if answer is None:
        raise ValueError(f"{result} {sign} {other}: the bound does not decide it")
    return bool(answer)


def _half_steps(value: object) -> int:
    if isinstance(value, Grade):
        return value.half_steps
    if isinstance(value, str):
        plain = _plain(value).replace(" ", "")
        half, written = _HALF.fullmatch(plain), _GRADE.fullmatch(plain)
        if half and not (half[1] == "5" and half[2] == "5"):
            return 2 * int(half[1]) + (half[2] == "5")
        if written and written[2] is None:
            return 2 * int(written[1])
        if written and int(written[2]) == int(written[1]) + 1:
            return 2 * int(written[1]) + 1
    elif _is_number(value) and 1 <= value <= 5 and 2 * value == int(2 * value):  # type: ignore[operator]
        return int(2 * value)  # type: ignore[operator]
    raise ValueError(f"grade is {value!r}: must be one of {', '.join(GRADES)}")


def _plain(text: str) -> str:
    """Full-width signs and digits as plain ones, lower case, one kind of space."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    for sign, ascii_sign in _SIGNS.items():
        plain = plain.replace(sign, ascii_sign)
    return plain


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: object) -> float:
    if not _is_number(value):
        raise ValueError(f"{value!r} must be a finite number")
    return float(value)  # type: ignore[arg-type]
