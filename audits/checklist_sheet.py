"""A checklist as a sheet of Excel: one question a row. What cannot be read is told by row and column. Pure but for reading the file.

The heads of the columns are our own words in either language; a column that is none of ours is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override

from audits.checklist_body import PHOTOS as PHOTO_RULES
from audits.checklist_body import QUESTION, Fault, in_order
from audits.checklist_text import Unreadable, conditions_from, conditions_text, options_from, options_text
from audits.words_checklists import ENTRIES, KINDS, PHOTOS, PROPOSES
from jobs.exports import as_typed
from suppliers.imports import FileRefused, Table, display, read_table

SECTION_NAMES = ("section_zh", "section_en")
COLUMNS = (
    "section", *SECTION_NAMES, "code", "text_zh", "text_en", "help_zh", "help_en", "kind", "options", "unit", "lowest", "highest", "weight",
    "is_critical", "photo", "photos_least", "show_if", "node_codes", "clause_type", "source", "element", "sub_element", "proposes",
)  # fmt: skip
NEEDED = ("code", "kind")
WORDS_OF: dict[str, Mapping[str, Any]] = {"kind": KINDS, "photo": PHOTOS, "proposes": PROPOSES}
YES = {"yes", "y", "1", "x", "true", "是", "有", "√"}
NO = {"", "no", "n", "0", "false", "否", "无"}
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be read, or what it says cannot be: the sheet's row, the column's letter, the entry that it is about."""

    row: int
    column: str
    entry: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says: sections, questions, for each question the row it stands in, and what could not be read."""

    sections: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    rows: list[int]
    letters: Mapping[str, str]
    faults: list[CellFault]

    def at(self, fault: Fault) -> CellFault:
        """A fault of the body, by row and column of the sheet; what is about the whole sheet stands at its first row."""
        row = self.rows[fault.number - 1] if fault.number else 1
        return CellFault(row, self.letters.get(fault.entry, ""), fault.entry, fault.code, fault.facts)


def head_of(entry: str) -> str:
    """The head of a column in the language in force."""
    if entry in SECTION_NAMES:
        return f"{ENTRIES['section']} · {ENTRIES[f'name{entry[-3:]}']}"
    return str(ENTRIES[entry])


def rows_of(body: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The rows of a body's sheet, without its head."""
    names = {section["code"]: section for section in body["sections"]}
    for question in body["questions"]:
        section = names.get(question["section"], {})
        row = {**question, **{entry: section.get(f"name{entry[-3:]}", "") for entry in SECTION_NAMES}}
        yield [_cell(entry, row) for entry in COLUMNS]


def _cell(entry: str, row: Mapping[str, Any]) -> Any:
    value = row[entry]
    if entry == "options":
        return options_text(row["kind"], value)
    if entry == "show_if":
        return conditions_text(value)
    if entry == "is_critical":
        return "1" if value else ""
    if entry == "node_codes":
        return ", ".join(value)
    return str(WORDS_OF[entry][value]) if entry in WORDS_OF and value else value


def read_sheet(name: str, data: bytes) -> Sheet:
    """The questions of a file (xlsx or csv). Raises FileRefused for one that is no table."""
    table = read_table(name, data)
    heads = _heads()
    first = next((r for r in table.records if sum(display(cell).strip().lower() in heads for cell in r.cells) >= 3), None)
    if first is None:
        raise FileRefused("headers_missing", name)
    places = {}
    for at, cell in enumerate(first.cells):
        entry = heads.get(display(cell).strip().lower())
        if entry and entry not in places:
            places[entry] = at
    letters = {entry: _letter(at) for entry, at in places.items()}
    faults = [CellFault(first.number, "", entry, "column_missing") for entry in NEEDED if entry not in places]
    if not {"text_zh", "text_en"} & set(places):
        faults.append(CellFault(first.number, "", "text_zh", "column_missing"))
    if faults:
        return Sheet([], [], [], letters, faults)
    return _read(table, first.number, places, letters)


def _heads() -> dict[str, str]:
    """The head of each column in both languages, and by its plain name."""
    found = {entry: entry for entry in COLUMNS}
    for language in LANGUAGES:
        with override(language):
            found |= {head_of(entry).strip().lower(): entry for entry in COLUMNS}
    return found


def _read(table: Table, head: int, places: Mapping[str, int], letters: Mapping[str, str]) -> Sheet:
    words = _words()
    sections: dict[str, dict[str, Any]] = {}
    questions, rows, faults = [], [], []
    for number, cells in table.records:
        if number <= head or not any(display(cell).strip() for cell in cells):
            continue
        said = {entry: as_typed(display(cells[at])).strip() if at < len(cells) else "" for entry, at in places.items()}
        question = {}
        for entry in QUESTION:
            try:
                question[entry] = _value(entry, said, words)
            except _Odd as odd:
                faults.append(CellFault(number, letters.get(entry, ""), entry, odd.code, {"found": odd.found[:40]}))
                question[entry] = QUESTION[entry]
        code = question["section"]
        if code:
            names = {f"name{entry[-3:]}": said.get(entry, "") for entry in SECTION_NAMES}
            known = sections.setdefault(code, {"code": code, "name_zh": "", "name_en": ""})
            known.update({name: value for name, value in names.items() if value and not known[name]})
        questions.append(question)
        rows.append(number)
    for section in sections.values():
        if not section["name_zh"] and not section["name_en"]:
            section["name_zh"] = section["name_en"] = section["code"]
    ordered = list(sections.values())
    of_row = {id(question): row for question, row in zip(questions, rows, strict=True)}
    questions = in_order(ordered, questions)
    return Sheet(ordered, questions, [of_row[id(question)] for question in questions], letters, faults)


class _Odd(Exception):
    def __init__(self, code: str, found: str) -> None:
        super().__init__(code)
        self.code, self.found = code, found


def _value(entry: str, said: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> Any:
    text = said.get(entry, "")
    if entry in ("weight", "photos_least"):
        return _whole(text, QUESTION[entry])
    if entry == "is_critical":
        if text.lower() not in YES | NO:
            raise _Odd("cell_not_yes_or_no", text)
        return text.lower() in YES
    if entry in words:
        # A word that is none of ours is kept: the rules name it.
        return words[entry].get(text.lower(), text) or QUESTION[entry]
    if entry == "node_codes":
        return [each.strip() for each in text.replace("，", ",").replace("、", ",").split(",") if each.strip()]
    try:
        if entry == "options":
            return options_from(words["kind"].get(said.get("kind", "").lower(), ""), text)
        if entry == "show_if":
            return conditions_from(text)
    except Unreadable as unreadable:
        raise _Odd("cell_unreadable", unreadable.line) from None
    return text or QUESTION[entry]


def _whole(text: str, empty: int) -> int:
    if not text:
        return empty
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 6):
        raise _Odd("cell_not_a_whole_number", text)
    return int(plain)


def _words() -> dict[str, dict[str, str]]:
    """What the cells of chosen words may say, in both languages or as our plain word."""
    found: dict[str, dict[str, str]] = {entry: {code: code for code in words} for entry, words in WORDS_OF.items()}
    found["photo"] |= {rule: rule for rule in PHOTO_RULES}
    for language in LANGUAGES:
        with override(language):
            for entry, words in WORDS_OF.items():
                found[entry] |= {str(word).lower(): code for code, word in words.items()}
    return found


def _letter(at: int) -> str:
    letters, left = "", at + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
