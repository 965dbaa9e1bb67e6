"""One cell at a time: the text as typed → the value as meant, with what must be said about it.

Each reader takes the cell and answers Read(value, issues, normalised). Where two readings are possible none is chosen.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from parties import uscc
from suppliers.imports import places
from suppliers.imports.places import HALF_WIDTH
from suppliers.imports.shapes import Cell, Issue, display

LONGEST = {"name_zh": 80, "contact": 60, "address": 200}

_HIDDEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
# NUL and lone surrogates cannot be stored; the others are never meant.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]+")
_LINE_BREAKS = re.compile(r"\s*[\r\n\u0085\u2028\u2029]\s*")
_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BRACKETS = str.maketrans("()", "（）")
# Nothing to put in order and nothing to say.
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff（）A-Za-z0-9]{1,80}")
_PLAIN_LINE = re.compile(r"[\u4e00-\u9fff（）A-Za-z0-9]{1,60}")

_PHONE_PARTS = re.compile(r"[/、,;|\\\n]+|或|(?<=\d{11})\s+(?=\+?\d{11,})")
_PHONE_NOISE = re.compile(r"[\s\-\u2010-\u2015\u2212()]+")
_PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_TWO_MOBILES = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
# An area code, if any, with its 0 or behind 86; seven or eight figures; an extension, if any.
_LANDLINE = re.compile(r"(?:(?:(?:\+?86|0086)0?|0)(?:10|2\d|[3-9]\d{2}))?[2-9]\d{6,7}(?:(?:转|x|ext\.?)\d{1,6})?|[48]00\d{7}")

_COUNT = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?")
_COUNT_RANGE = re.compile(r"\d[\d,]*\s*人?\s*(?:[-~\u2010-\u2015\u2212至到]|--)+\s*\d[\d,]*")
_ABOUT = re.compile(r"大约|大概|约|余|多|左右")
_MOST_PEOPLE = 9_999_999

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))")
_TIME_OF_DAY = re.compile(r"[ tT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_NUMBER = re.compile(r"\d{5}(?:\.\d+)?")
_DAY_ZERO = date(1899, 12, 30)
_DAY_NUMBERS = (20_000, 80_000)


class Read(NamedTuple):
    value: Any
    issues: tuple[Issue, ...] = ()
    normalised: bool = False


def plain(cell: Cell) -> str:
    """The cell as one line: outer blanks of every width, line breaks, hidden and control marks go."""
    text = cell if isinstance(cell, str) else display(cell)
    if not text or (text.isprintable() and not text.startswith(" ") and not text.endswith(" ")):
        return text
    return _LINE_BREAKS.sub(" ", _CONTROL.sub("", _HIDDEN.sub("", text)).strip()).replace("\t", " ").strip()


def read_uscc(cell: Cell) -> Read:
    if isinstance(cell, str) and uscc.fits(cell):
        return Read(cell)
    typed = display(cell)
    if isinstance(cell, float) or (isinstance(cell, int) and abs(cell) >= 10**15):
        # A spreadsheet number keeps fifteen figures: the rest of the code is lost and cannot be checked.
        return Read(None, (Issue("error", "uscc", "uscc_number_form", {"found": typed}),))
    problem = uscc.problem(typed)
    code = uscc.clean(typed)
    if problem:
        facts = {"position": problem.position, "found": problem.found, "expected": problem.expected, "suggestion": problem.suggestion}
        return Read(code or None, (Issue("error", "uscc", problem.code, {k: v for k, v in facts.items() if v is not None}),))
    return Read(code, (), code != typed)


def read_name(cell: Cell) -> Read:
    if type(cell) is str and _PLAIN_NAME.fullmatch(cell):
        return Read(cell)
    name = plain(cell)
    if not name:
        return Read("", (Issue("error", "name_zh", "name_missing"),))
    if _HAN.search(name):
        name = re.sub(r"\s+", "", name).translate(_BRACKETS)
    issues = _text_issues("name_zh", name, "error")
    if _HIDDEN.search(display(cell)):
        issues = (Issue("warning", "name_zh", "name_hidden_chars"), *issues)
    return Read(name, issues, name != cell)


def read_contact(cell: Cell) -> Read:
    return _read_line("contact", cell)


def read_address(cell: Cell) -> Read:
    return _read_line("address", cell)


def _read_line(field: str, cell: Cell) -> Read:
    if type(cell) is str and _PLAIN_LINE.fullmatch(cell):
        return Read(cell)
    text = plain(cell)
    if text == cell and text[:1] not in ("=", "@") and len(text) <= LONGEST[field]:
        return Read(text)
    issues = _text_issues(field, text, "warning")
    if len(text) > LONGEST[field]:
        text = ""
    return Read(text, issues, text != display(cell))


def _text_issues(field: str, text: str, level: Any) -> tuple[Issue, ...]:
    issues = []
    if text.startswith(("=", "@")):
        issues.append(Issue("warning", field, "starts_like_formula", {"found": text[:40]}))
    if len(text) > LONGEST[field]:
        issues.append(Issue(level, field, "text_too_long", {"found": len(text), "most": LONGEST[field]}))
    return tuple(issues)


def read_phone(cell: Cell) -> Read:
    """E.164, or nothing. Of two numbers the first mobile is taken, and said so."""
    if isinstance(cell, str) and _PLAIN_MOBILE.fullmatch(cell):
        return Read(f"+86{cell}")
    typed = display(cell)
    text = _HIDDEN.sub("", typed.translate(HALF_WIDTH)).replace("\u00a0", " ").strip(" \t\r\n'’‘")
    parts = [part for part in (_bare_phone(part) for part in _PHONE_PARTS.split(text)) if part]
    if len(parts) == 1 and (two := _TWO_MOBILES.fullmatch(parts[0])):
        parts = list(two.groups())
    if not parts:
        return Read(None)
    mobile = next((match.group(1) for part in parts if (match := _MOBILE.fullmatch(part))), None)
    if mobile is None:
        code = "phone_not_mobile" if _LANDLINE.fullmatch(parts[0]) else "phone_invalid"
        return Read(None, (Issue("warning", "phone", code, {"found": plain(cell)}),))
    number = f"+86{mobile}"
    if len(parts) > 1:
        return Read(number, (Issue("warning", "phone", "phone_several", {"found": plain(cell), "taken": number}),))
    return Read(number, (), cell not in (mobile, number))


def _bare_phone(part: str) -> str:
    return re.sub(r"\.0+$", "", _PHONE_NOISE.sub("", part))


@lru_cache(maxsize=4096)
def read_nodes(cell: Cell) -> Read:
    words = places.split_words(_text_of_words(cell))
    known = {word: places.node_code(word) for word in words}
    codes = [code for code in dict.fromkeys(known.values()) if code]
    issues = tuple(Issue("warning", "nodes", "node_unknown", {"found": word}) for word, code in known.items() if not code)
    return Read(codes, issues, words != [places.node_names()[code] for code in codes])


def _text_of_words(cell: Cell) -> str:
    """As plain(), but a line break parts two words."""
    return "\n".join(part for part in (plain(part) for part in re.split(r"[\r\n]+", display(cell))) if part)


@lru_cache(maxsize=4096)
def read_region(cell: Cell) -> Read:
    text = plain(cell)
    if not text:
        return Read(None)
    code = places.region_code(text)
    if code is None:
        return Read(None, (Issue("warning", "region", "region_unknown", {"found": text}),))
    return Read(code, (), display(cell) != places.region_names()[code])


@lru_cache(maxsize=8192)
def read_town(cell: Cell, region: str | None) -> Read:
    """The town in its full name; judged within the region where that is known."""
    text = plain(cell)
    if not text:
        return Read(None)
    town = places.town_match(text, region)
    if town.name:
        return Read(town.name, (), display(cell) != town.name)
    if town.elsewhere:
        return Read(None, (Issue("warning", "town", "town_not_in_region", {"found": text, "district": town.elsewhere}),))
    return Read(None, (Issue("warning", "town", "town_unknown", {"found": text}),))


@lru_cache(maxsize=4096)
def read_headcount(cell: Cell) -> Read:
    text = plain(cell).translate(HALF_WIDTH).replace(" ", " ").strip()
    if not text:
        return Read(None)
    if _COUNT_RANGE.search(text):
        return _no_headcount("headcount_range", cell)
    bare = _ABOUT.sub("", text)
    match = _COUNT.fullmatch(re.sub(r"\s*[人名位]\s*$", "", bare).strip())
    count = int(match.group(1).replace(",", "")) if match and len(match.group(1)) < 12 else None
    if count is None or count > _MOST_PEOPLE:
        return _no_headcount("headcount_invalid", cell)
    if bare != text:
        return Read(count, (Issue("warning", "headcount", "headcount_approx", {"found": plain(cell), "taken": count}),))
    return Read(count, (), str(cell) != str(count))


def _no_headcount(code: str, cell: Cell) -> Read:
    return Read(None, (Issue("warning", "headcount", code, {"found": plain(cell)}),))


@lru_cache(maxsize=4096)
def read_since(cell: Cell) -> Read:
    text = plain(cell).translate(HALF_WIDTH).strip()
    if not text:
        return Read(None)
    day = _calendar_day(text)
    if day is None:
        return Read(None, (Issue("warning", "since", "date_invalid", {"found": plain(cell)}),))
    return Read(day.isoformat(), (), not (isinstance(cell, str) and _ISO.fullmatch(cell)))


def _calendar_day(text: str) -> date | None:
    if _DAY_NUMBER.fullmatch(text):
        number = int(float(text))
        return _DAY_ZERO + timedelta(days=number) if _DAY_NUMBERS[0] <= number <= _DAY_NUMBERS[1] else None
    match = _DATE.fullmatch(_TIME_OF_DAY.sub("", text))
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


# A cell of these means what it says, and nothing is to be said: most of a long list.
PLAIN: Mapping[str, Any] = {"name_zh": _PLAIN_NAME.fullmatch, "contact": _PLAIN_LINE.fullmatch, "address": _PLAIN_LINE.fullmatch}
READERS: Mapping[str, Any] = {
    "name_zh": read_name,
    "uscc": read_uscc,
    "contact": read_contact,
    "phone": read_phone,
    "nodes": read_nodes,
    "region": read_region,
    "headcount": read_headcount,
    "address": read_address,
    "since": read_since,
}
