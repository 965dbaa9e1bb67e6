"""How answers to choose from and conditions are written in one cell or one box, one in a line, and read again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CONDITION = re.compile(r"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]{0,19})\s*(?P<test>!=|=|>|<)\s*(?P<value>.+)")
_TESTS = {"=": "is", "!=": "is_not", ">": "above", "<": "below"}
_SIGNS = {name: sign for sign, name in _TESTS.items()}
# A Chinese keyboard writes the full-width marks.
_NARROW = str.maketrans("；，＝＞＜！｜：", ";,=><!|:")


class Unreadable(ValueError):
    """A line that cannot be read; `line` is that line."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n;]", text.translate(_NARROW)) if line.strip()]


def options_text(kind: str, options: list[Mapping[str, Any]]) -> str:
    """choice: code | Chinese | English | share; scale: points | Chinese | English."""
    mark = "points" if kind == "scale" else "code"
    out = []
    for option in options:
        parts = [str(option[mark]), option.get("zh", ""), option.get("en", "")]
        if kind == "choice" and option.get("share") is not None:
            parts.append(str(option["share"]))
        out.append(" | ".join(parts).rstrip(" |"))
    return "\n".join(out)


def options_from(kind: str, text: str) -> list[dict[str, Any]]:
    """The answers that a text names. Raises Unreadable for a line with too many parts, or points or a share that are no number."""
    if kind not in ("choice", "scale"):
        # Kept as they were said, for the rules to refuse.
        return [{"code": line} for line in _lines(text)]
    return [_option(kind, line) for line in _lines(text)]


def _option(kind: str, line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > (4 if kind == "choice" else 3):
        raise Unreadable(line)
    said: dict[str, Any] = {"zh": parts[1] if len(parts) > 1 else "", "en": parts[2] if len(parts) > 2 else ""}
    if kind == "scale":
        return {"points": _whole(parts[0], line), **said}
    share = _whole(parts[3], line) if len(parts) > 3 and parts[3] else None
    return {"code": parts[0], **said, "share": share}


def _whole(text: str, line: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise Unreadable(line)
    return int(text)


def conditions_text(conditions: list[Mapping[str, Any]]) -> str:
    """MW-4 = no, na"""
    return "\n".join(f"{each['code']} {_SIGNS[test]} {_wanted(each[test])}" for each in conditions for test in _SIGNS if test in each)


def _wanted(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def conditions_from(text: str) -> list[dict[str, Any]]:
    """The conditions that a text names. Raises Unreadable for a line that is none."""
    found = []
    for line in _lines(text):
        parts = _CONDITION.fullmatch(line)
        if parts is None:
            raise Unreadable(line)
        test, value = _TESTS[parts["test"]], parts["value"].strip()
        many = [each.strip() for each in value.split(",") if each.strip()]
        found.append({"code": parts["code"], test: many if test in ("is", "is_not") else value})
    return found
