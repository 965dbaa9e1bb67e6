"""Text as people type it → text that can be compared."""

import re
import unicodedata
from functools import lru_cache

from suppliers.imports.fields import plain
from suppliers.imports.shapes import Cell, Issue

# What stands in a cell to say that nothing stands there.
_NOTHING = frozenset({"", "-", "--", "---", "–", "—", "——", "―", "−", "/", "\\", "／", "~", "*", "**", "…", "N/A", "n/a"})
_REMARK = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]$")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣~～〜", "-"))
_REPEATED = 40
LONGEST = {"sample": 60, "instrument": 60, "operator": 60, "laboratory": 120}


@lru_cache(maxsize=65536)
def fold(cell: Cell) -> str:
    """One line, half-width, without blanks around it."""
    text = plain(cell)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def is_nothing(text: str) -> bool:
    return text in _NOTHING


@lru_cache(maxsize=16384)
def key_of(text: str) -> str:
    """Equal for two ways to write one name: case, spaces and `*` do not count."""
    return re.sub(r"[\s*★_]+", "", unicodedata.normalize("NFKC", plain(text)).casefold())


def without_remark(text: str) -> tuple[str, str]:
    """(text, remark): the remark in brackets at its end, if it has one and something before it."""
    match = _REMARK.search(text)
    if match is None or not text[: match.start()].strip():
        return text, ""
    return text[: match.start()].rstrip(), match.group(1).strip()


def cut(text: str) -> str:
    """What was typed, as far as it is said again where something is wrong with it."""
    return text if len(text) <= _REPEATED else f"{text[:_REPEATED]}…"


def even_dashes(text: str) -> str:
    return text.translate(_DASHES)


def read_line(field: str, cell: Cell) -> tuple[str, tuple[Issue, ...], bool]:
    """(text, issues, normalised) of a cell that is only words."""
    text = plain(cell)
    issues: list[Issue] = []
    if text.startswith(("=", "@")):
        issues.append(Issue("warning", field, "starts_like_formula", {"found": text[:40]}))
    if len(text) > LONGEST[field]:
        issues.append(Issue("error", field, "text_too_long", {"found": len(text), "most": LONGEST[field]}))
    return text, tuple(issues), text != str(cell)
