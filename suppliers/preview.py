"""An import as it is shown: each cell with its problem and the one tap that mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as fresh
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from suppliers.import_words import FIELD_NAMES, comma, issue_words, messages_said, row_words
from suppliers.imports import FIELDS, FileMessage, Issue, Row, display, is_said
from suppliers.words import ROW_STATES, districts, node_names, nodes_said, place_names, reads_chinese


@dataclass
class CellShown:
    """One cell: the value cut around the wrong character, what is said about it, and how it may be mended."""

    field: str
    label: str
    value: str
    before: str = ""
    wrong: str = ""
    after: str = ""
    tone: str = ""
    problems: list[str] = fresh(default_factory=list)
    suggestion: str = ""
    typed: str = ""
    choices: list[tuple[str, str]] = fresh(default_factory=list)
    editable: str = ""  # what the input holds
    mono: bool = False


@dataclass
class RowShown:
    number: int
    cells: list[CellShown]
    state: str
    notes: list[str]
    chips: Mapping[str, Any] = fresh(default_factory=lambda: ROW_STATES)


def shown(row: Row, *, imported: bool) -> RowShown:
    """A row with its problems in their cells; what belongs to no cell stands under the result."""
    cells = [_cell(row, name, imported) for name in FIELDS if name in row.cells]
    notes = [issue_words(issue) for issue in row.issues if issue.field not in row.cells]
    about = row_words(row)
    return RowShown(row.number, cells, "imported" if imported else row.outcome, [*notes, *([about] if about else [])])


@dataclass
class WordShown:
    """A word nobody knows, with how many rows carry it and what it may stand for."""

    field: str
    label: str
    found: str
    rows: int
    choices: list[tuple[str, str]]


def word_shown(field: str, found: str, rows: int) -> WordShown:
    return WordShown(field, str(FIELD_NAMES[field]), found, rows, choices_of(field))


def summary(totals: Mapping[str, int]) -> str:
    """What a list has come to, in two or three sentences."""
    counts = [_("%(n)s on your list"), _("%(n)s ready"), _("%(n)s to mend"), _("%(n)s counted once"), _("%(n)s left out")]
    numbers = [totals[name] for name in ("imported", "ready", "rejected", "duplicate", "skipped")]
    told = comma().join(words % {"n": n} for words, n in zip(counts, numbers, strict=True) if n)
    rows = ngettext("%(n)s row: %(told)s.", "%(n)s rows: %(told)s.", totals["rows"]) % {"n": totals["rows"], "told": told}
    more = []
    if totals["asked"]:
        more.append(_("Look at %(n)s of them once.") % {"n": totals["asked"]})
    if totals["normalised"] and totals["ready"]:
        words = _("In %(n)s we only tidied up blanks, brackets or the way a number is written.")
        more.append(words % {"n": totals["normalised"]})
    return ("" if reads_chinese() else " ").join([rows, *more, _("No invitation has been sent.")])


def said_of_file(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is to be said of the whole file, each thing once."""
    found = [FileMessage(message["level"], message["code"], message["found"], message["facts"]) for message in facts["messages"]]
    said = [{"words": words, "tone": "" if level == "error" else "info"} for level, words in messages_said(found)]
    if {column["field"] for column in facts["columns"]} - {None} == {"uscc"}:
        said.append({"words": _("Codes alone: each was checked. They name no firm, so nothing is imported."), "tone": "info"})
    return said


def said_by_owner(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns that are read as the owner once said, and otherwise would not be: "厂名全 → Firm name"."""
    said = []
    for column in columns:
        if is_said(column):
            said.append(f"{column['header']} → {FIELD_NAMES[column['field']] if column['field'] else _('not read')}")
    return said


def heads(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """The words above the cells, in the order of shown()."""
    there = {column["field"] for column in columns}
    return [str(FIELD_NAMES[name]) for name in FIELDS if name in there]


def _cell(row: Row, name: str, imported: bool) -> CellShown:
    typed = display(row.cells[name])
    cell = CellShown(name, str(FIELD_NAMES[name]), _said(row, name, typed), mono=name in ("uscc", "phone"), editable=typed)
    if name in row.normalised and typed != cell.value:
        cell.typed = typed
    issues = [issue for issue in row.issues if issue.field == name and issue.level != "info"]
    if imported or not issues:
        return cell
    cell.tone = "err" if any(issue.level == "error" for issue in issues) else "warn"
    cell.problems = [issue_words(issue) for issue in issues]
    cell.choices = choices_of(name)
    for issue in issues:
        _mark(cell, issue, str(row.values.get(name) or ""))
    return cell


def _said(row: Row, name: str, typed: str) -> str:
    value = row.values.get(name)
    if row.outcome == "skipped" or value in (None, "", []):
        return typed
    if name == "nodes":
        return nodes_said(value)
    if name == "region":
        return place_names().get(str(value), str(value))
    return str(value)


def _mark(cell: CellShown, issue: Issue, code: str) -> None:
    """Cut the code around the wrong character, and offer the look-alike that makes it fit."""
    position = issue.facts.get("position")
    if cell.field != "uscc" or not position or position > len(code):
        return
    cell.before, cell.wrong, cell.after = code[: position - 1], code[position - 1], code[position:]
    if suggestion := issue.facts.get("suggestion"):
        cell.suggestion = f"{cell.before}{suggestion}{cell.after}"


def choices_of(name: str) -> list[tuple[str, str]]:
    """(what is written into the cell, words) where a cell takes one of few."""
    if name == "nodes":
        return [(label, label) for label in node_names().values()]
    return [(label, label) for __, label in districts()] if name == "region" else []
