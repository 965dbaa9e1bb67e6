"""What a reading is held against: what can be, what is likely, what the limits say of a laboratory's verdict."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from inspections.reading.context import GRADE_WORDS, PARTS, Characteristic, Limits
from inspections.reading.shapes import plain_number

MOST_DECIMALS = 6
_LARGEST = 2**31 - 1
_PASS = frozenset(
    ["合格", "符合", "通过", "达标", "满足", "pass", "passed", "p", "ok", "yes", "y", "√", "✓", "✔", "accept", "accepted", "conform"]
)
_FAIL = frozenset(
    [
        "不合格",
        "不符合",
        "不通过",
        "未通过",
        "不达标",
        "超标",
        "fail",
        "failed",
        "f",
        "ng",
        "no",
        "n",
        "×",
        "✗",
        "✘",
        "x",
        "reject",
        "rejected",
    ]
)
_NO_VERDICT = frozenset(["不判定", "不作判定", "不作评价", "不做判定", "实测", "实测值", "参考", "n/a", "na"])


class Fault(NamedTuple):
    """A value that lies outside; `part` is L, a or b of a colour."""

    code: str
    at: int
    facts: dict[str, Any]
    part: str | None


def verdict_of(text: str) -> tuple[str | None, bool]:
    """(pass, fail or None, whether the words were understood)."""
    word = text.casefold().strip("。.!！")
    if word in _PASS:
        return "pass", True
    if word in _FAIL:
        return "fail", True
    return None, not word.strip("-—/\\*~") or word in _NO_VERDICT


def fault_of(values: Sequence[Decimal], what: Characteristic) -> Fault | None:
    """The first of these values that cannot be, or else the first that is unlikely; a colour has three."""
    for code, ranges in (("value_impossible", what.possible), ("implausible", what.plausible)):
        if ranges is None:
            continue
        for at, value in enumerate(values):
            low, high = ranges[at % len(ranges)]
            if not low <= value <= high:
                part = PARTS[at % 3] if what.width == 3 else None
                facts = {"possible": [plain_number(low), plain_number(high)]} if code == "value_impossible" else {}
                return Fault(code, at, facts, part)
    return None


def disagreement(verdict: str | None, value: Decimal, qualifier: str, limits: Limits | None, what: Characteristic) -> dict[str, Any] | None:
    """The facts of a verdict that its own number contradicts; None where it agrees, or nothing can be said."""
    if verdict is None or limits is None or what.width == 3 or (limits.lower is None and limits.upper is None):
        return None
    state, limit = _state(value, qualifier, limits)
    if state is None or (state == "in") == (verdict == "pass"):
        return None
    if limit is None:
        sides = [side for side in (limits.lower, limits.upper) if side is not None]
        limit = min(sides, key=lambda side: abs(side - value))
    return {"limit": GRADE_WORDS[limit] if what.kind == "ordinal" else plain_number(limit)}


def _state(value: Decimal, qualifier: str, limits: Limits) -> tuple[str | None, Decimal | None]:
    """("in" or "out", the limit it breaks); None where the qualifier leaves it open."""
    lower, upper = limits.lower, limits.upper
    if qualifier == "=":
        if lower is not None and value < lower:
            return "out", lower
        if upper is not None and value > upper:
            return "out", upper
        return "in", None
    if qualifier in ("<", "<="):
        if lower is not None and (value < lower or (value == lower and qualifier == "<")):
            return "out", lower
        return ("in", None) if lower is None and upper is not None and value <= upper else (None, None)
    if upper is not None and (value > upper or (value == upper and qualifier == ">")):
        return "out", upper
    return ("in", None) if upper is None and lower is not None and value >= lower else (None, None)


def fitted(values: Sequence[Decimal | None]) -> tuple[tuple[Decimal | None, ...], bool]:
    """(the values as they can be kept, whether any was rounded). Six decimals at most, and fewer where the greatest is very great.

    Raises OverflowError where even whole numbers are too great.
    """
    most = max((_decimals(value) for value in values if value is not None), default=0)
    greatest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    if greatest > _LARGEST:
        raise OverflowError
    room = min(most, MOST_DECIMALS)
    while room and greatest.scaleb(room) > _LARGEST:
        room -= 1
    if room == most:
        return tuple(values), False
    step = Decimal(1).scaleb(-room)
    kept = tuple(None if value is None else value.quantize(step) if _decimals(value) > room else value for value in values)
    return kept, any(before != after for before, after in zip(values, kept, strict=True))


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def scaled(values: Sequence[Decimal | None]) -> tuple[list[int | None], int]:
    """(whole numbers, decimals): the value is the number divided by ten to the power of decimals."""
    decimals = max((_decimals(value) for value in values if value is not None), default=0)
    return [None if value is None else int(value.scaleb(decimals)) for value in values], decimals
