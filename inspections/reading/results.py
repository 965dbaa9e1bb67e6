"""One result as typed → number, grade, or colour, with its qualifier and unit. Where two readings are possible none is chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from decimal import Decimal
from typing import Any

from inspections.reading.context import GRADE_VALUES, GRADE_WORDS, PARTS, Characteristic, unit_key
from inspections.reading.days import day_number
from inspections.reading.texts import cut, even_dashes, fold, is_nothing
from suppliers.imports.shapes import Cell, display

_SIGNS = {"<": "<", ">": ">", "≤": "<=", "≦": "<=", "⩽": "<=", "<=": "<=", "≥": ">=", "≧": ">=", "⩾": ">=", ">=": ">=", "=": "=", "": "="}
_SIGN = re.compile(r"(<=|>=|[<>≤≥≦≧⩽⩾=])\s*")
_BEFORE = (
    (re.compile(r"(大于或?等于|不小于|不低于|不少于|至少|最少|at\s*least|min\.?|not\s*less\s*than)\s*", re.I), ">="),
    (re.compile(r"(小于或?等于|不大于|不高于|不超过|至多|最多|at\s*most|max\.?|not\s*more\s*than)\s*", re.I), "<="),
    (re.compile(r"(小于|低于|less\s*than|below)\s*", re.I), "<"),
    (re.compile(r"(大于|高于|超过|优于|more\s*than|above|better\s*than)\s*", re.I), ">"),
)
_AFTER = (
    (re.compile(r"\s*(及其?以上|或其?以上|以上|or\s*(better|above|higher|more)|and\s*(above|better|higher))$", re.I), ">="),
    (re.compile(r"\s*(及其?以下|或其?以下|以下|or\s*(lower|below|worse|less)|and\s*(below|lower))$", re.I), "<="),
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+(?=\.\d)|\d+)?(?:\.\d*)?")
_SIMPLE = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_NOT_DETECTED = re.compile(
    r"(?:未检出|未检测出|未检到|未测出|不得检出|n\.?\s?d\.?|not\s*detected|none\s*detected|b\.?d\.?l\.?|"
    r"(?:低于|小于|<)\s*(?:方法)?(?:检出限|检测限|lod|mdl|dl))(?![a-z])\s*(.*)", re.I,
)  # fmt: skip
_BESIDE = re.compile(
    r"[(\[【,，;；:：、]*\s*(?:(?:方法)?(?:检出限|检测限|报告限)|lod|mdl|dl|limit)?\s*(?:为|是|=|:|：)?\s*(?:<|小于)?\s*"
    r"(\d+(?:\.\d+)?)\s*([^\d\s()\[\]【】][^()\[\]【】]*)?[)\]】]*", re.I,
)  # fmt: skip
_COMMON_UNITS = frozenset(
    unit_key(unit)
    for unit in [
        "%",
        "‰",
        "mg/kg",
        "ppm",
        "ppb",
        "μg/g",
        "g/kg",
        "mg/L",
        "mg",
        "g",
        "kg",
        "t",
        "mm",
        "cm",
        "m",
        "km",
        "μm",
        "um",
        "nm",
        "N",
        "cN",
        "kN",
        "daN",
        "kPa",
        "MPa",
        "Pa",
        "tex",
        "dtex",
        "ktex",
        "Nm",
        "Ne",
        "denier",
        "D",
        "T/m",
        "T/10cm",
        "tpi",
        "捻/m",
        "g/m²",
        "g/m2",
        "gsm",
        "oz",
        "℃",
        "°C",
        "K",
        "h",
        "min",
        "s",
        "mL",
        "L",
        "级",
        "grade",
        "毫克/千克",
        "克",
        "千克",
        "公斤",
        "米",
        "厘米",
        "毫米",
        "微米",
        "牛",
        "厘牛",
        "件",
        "个",
        "次",
        "根",
        "只",
        "张",
    ]
)

_NUMBERS = frozenset({"variable", "censored"})

# The grades in all their dress.
_CHINESE = str.maketrans("一二三四五", "12345")
_GRADE_NOISE = re.compile(r"(grade|level|级|級|档|等|class)\.?", re.I)
_HALF = re.compile(r"([1-5])(?:-([1-5]))?")
_POINT = re.compile(r"([1-5])(?:\.([05])0*|\.0*)?")
_DATE_WORDS = (
    re.compile(r"(?:\d{2,4}[-/.年])?0?(\d{1,2})月0?(\d{1,2})[日号]?"),
    re.compile(r"\d{4}[-/.]0?(\d{1,2})[-/.]0?(\d{1,2})(?:\s+0?0:00(?::00)?)?"),
)
_MONTHS = {
    name: at for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH_DATE = re.compile(r"(?:(\d{1,2})[- ])?([a-z]{3})[a-z]*[- ]?(\d{1,2})?(?:[-, ]+\d{2,4})?", re.I)
_BINARY = {"无": 0, "none": 0, "no": 0, "否": 0, "有": 1, "yes": 1, "是": 1}
_LABELS = re.compile(r"[lab]\s*\*?\s*[=:：]", re.I)
_PARTED = re.compile(r"[\s/,;、|]+")


@dataclass(frozen=True, slots=True)
class Result:
    """`unit` is what is written with the number; `number` its text, as found. With a `code` there is no value."""

    values: tuple[Decimal, ...] = ()
    qualifier: str = "="
    unit: str | None = None
    number: str = ""
    normalised: bool = False
    code: str | None = None
    facts: Mapping[str, Any] = with_default(default_factory=dict)
    at_limit: bool = False  # not detected: the value is the limit of detection

    @property
    def value(self) -> Decimal:
        return self.values[0]


def read_result(cell: Cell, what: Characteristic, *, percent: bool = False, limit: Decimal | None = None) -> Result:
    """`percent`: the cell is formatted as one. `limit` is the limit of detection written in a column beside it, in the unit of the result."""
    if type(cell) is str and what.kind in _NUMBERS and not percent and _SIMPLE.fullmatch(cell):
        return Result((Decimal(cell),), number=cell)  # as most are
    text = _typed(cell)
    if is_nothing(text):
        return Result(code="result_missing")
    if what.kind == "ordinal":
        return _read_grade(text, cell)
    if what.kind == "colour":
        return _read_colour(text)
    if what.kind == "binary" and text.casefold() in _BINARY:
        return Result((Decimal(_BINARY[text.casefold()]),), number=text, normalised=True)
    if match := _NOT_DETECTED.fullmatch(text):
        return _read_not_detected(text, match.group(1).strip(), what, limit)
    return _read_number(text, cell, what, percent=percent)


def _typed(cell: Cell) -> str:
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.15g}"), "f")
    text = fold(cell)
    return text if text.isascii() else text.replace("\u2212", "-")


def plain_decimal(text: str) -> Decimal | None:
    """A plain number; 1,234 may be a thousand or a little more than one, so it is none."""
    if _SIMPLE.fullmatch(text):
        return Decimal(text)
    if not re.search(r"\d", text) or _NUMBER.fullmatch(text) is None or len(text) > 1000:
        return None
    return Decimal(text.replace(",", ""))


def _read_number(text: str, cell: Cell, what: Characteristic, *, percent: bool) -> Result:
    sign, rest = _qualified(text)
    match = _NUMBER.match(rest)
    number = match.group() if match else ""
    value = plain_decimal(number)
    unit = rest[len(number) :].strip()
    if value is None or unit.startswith((",", ".", "+", "-", "±", "×")):
        return Result(code="value_not_a_number", facts={"found": cut(display(cell))})
    if unit and not _is_unit(unit, what):
        return Result(code="value_not_a_number", facts={"found": cut(display(cell))})
    if percent and not unit:
        return Result((value * 100,), sign, "%", _as_text(value * 100), normalised=True)
    canonical = f"{'' if sign == '=' else sign}{number}"
    changed = display(cell).replace("≥", ">=").replace("≤", "<=") != canonical and not isinstance(cell, float)
    return Result((value,), sign, unit or None, number, normalised=changed)


def _as_text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _qualified(text: str) -> tuple[str, str]:
    """(qualifier, what is left)."""
    if match := _SIGN.match(text):
        return _SIGNS[match.group(1)], text[match.end() :]
    for words, sign in _BEFORE:
        if match := words.match(text):
            return sign, text[match.end() :]
    for words, sign in _AFTER:
        if match := words.search(text):
            return sign, text[: match.start()]
    return "=", text


def _is_unit(unit: str, what: Characteristic) -> bool:
    return what.factor_of(unit) is not None or unit_key(unit) in _COMMON_UNITS


def _read_not_detected(text: str, rest: str, what: Characteristic, limit: Decimal | None) -> Result:
    unit: str | None = None
    value = limit
    if rest:
        match = _BESIDE.fullmatch(rest)
        if match is None or (match.group(2) and not _is_unit(match.group(2).strip(), what)):
            return Result(code="value_not_a_number", facts={"found": cut(text)})
        value, unit = Decimal(match.group(1)), (match.group(2) or "").strip() or None
    if value is None and what.detection_limit is not None:
        # The characteristic's own limit is in its own unit, whatever the cell beside says.
        return Result((what.detection_limit,), "<", None, _as_text(what.detection_limit), normalised=True, at_limit=True)
    if value is None:
        return Result(code="detection_limit_missing", facts={"found": cut(text)})
    return Result((value,), "<", unit, _as_text(value), normalised=True)


def _read_grade(text: str, cell: Cell) -> Result:
    found = {"found": cut(display(cell))}
    if date_like := _date_like(text):
        month, day = date_like
        guess = f"{month}-{day}" if month < day else f"{day}-{month}"
        suggestion = {"suggestion": guess} if guess in GRADE_VALUES else {}
        return Result(code="grade_looks_like_date", facts=found | suggestion)
    sign, rest = _qualified(text)
    bare = _GRADE_NOISE.sub("", rest).translate(_CHINESE)
    bare = even_dashes("".join(bare.split())).replace("至", "-").replace("到", "-")
    value = _half_step(bare)
    if value is None:
        # 4级及以上 leaves its 级 behind only when the words after it are gone; 三级半 and the like are no grade of the nine.
        return Result(code="grade_invalid", facts=found)
    canonical = f"{'' if sign == '=' else sign}{GRADE_WORDS[value]}"
    changed = display(cell).replace("≥", ">=").replace("≤", "<=") != canonical
    return Result((value,), sign, None, GRADE_WORDS[value], normalised=changed)


def _half_step(text: str) -> Decimal | None:
    if match := _HALF.fullmatch(text):
        return GRADE_VALUES.get(text)
    if match := _POINT.fullmatch(text):
        value = Decimal(match.group(1)) + (Decimal("0.5") if match.group(2) == "5" else 0)
        return value if value in GRADE_WORDS else None
    return None


def _date_like(text: str) -> tuple[int, int] | None:
    for words in _DATE_WORDS:
        if match := words.fullmatch(text):
            return int(match.group(1)), int(match.group(2))
    if (match := _MONTH_DATE.fullmatch(text)) and (month := _MONTHS.get(match.group(2).casefold())):
        return month, int(match.group(1) or match.group(3) or 0)
    if (day := day_number(text)) is not None:
        return day.month, day.day
    return None


def _read_colour(text: str) -> Result:
    """L, a, b in one cell."""
    parts = [part for part in _PARTED.split(_LABELS.sub(" ", text.strip("()[]{}【】 "))) if part]
    values = [plain_decimal(part) for part in parts]
    if any(value is None for value in values) or len(values) > 3:
        return Result(code="value_not_a_number", facts={"found": cut(text)})
    if len(values) < 3:
        return Result(code="lab_incomplete", facts={"found": cut(text)})
    return Result(tuple(value for value in values if value is not None), number="/".join(parts), normalised=True)


def read_parts(cells: Mapping[str, Cell]) -> tuple[Result, str]:
    """L, a, b in three cells: (result, the field that its code speaks of)."""
    values = []
    for part in PARTS:
        text = _typed(cells.get(part, ""))
        if is_nothing(text):
            return Result(code="lab_incomplete"), part
        if (value := plain_decimal(text)) is None:
            return Result(code="value_not_a_number", facts={"found": cut(text)}), part
        values.append(value)
    return Result(tuple(values), number="/".join(str(value) for value in values)), "L"


def converted(result: Result, factor: Decimal) -> Result:
    """The result in the characteristic's own unit."""
    return result if factor == 1 else replace(result, values=tuple(_tidy(value * factor) for value in result.values))


def _tidy(value: Decimal) -> Decimal:
    """Without the noughts that a factor brings: 2.14 N is 214 cN, not 214.00."""
    exponent = value.normalize().as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent >= 0 else value.normalize()
