"""Rows as typed → rows as meant. read_row() looks at one row alone; settle() at all of them together, and may be repeated at will."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from jobs.exports import as_typed
from parties.names import name_key
from suppliers.imports.columns import field_of, is_reasons
from suppliers.imports.fields import PLAIN, READERS, Read, plain, read_town
from suppliers.imports.patience import no_search_for_circles
from suppliers.imports.shapes import Cell, Columns, Issue, Outcome, Record, Refs, Row, Table

# What must be read before it: a town is judged within its region.
_ORDER = ("name_zh", "uscc", "contact", "phone", "nodes", "region", "town", "headcount", "address", "since")
_TOTALS = re.compile(r"^(合计|总计|共计|小计|总和|累计|grandtotal|subtotal|total|sum)($|[:：(（\d].*)", re.IGNORECASE)
_NOTES = re.compile(
    r"^(备注|附注|说明|注意事项|注意|注释|注|填表说明|填写说明|填报说明|填表人|填报人|制表人|制表|审核人|审核|审批|负责人签字|签字|盖章|"
    r"notes?|remarks?|nb|preparedby)($|[:：.．、,，(（\d一二三①②③※].*)",
    re.IGNORECASE,
)
_CODE_LIKE = re.compile(r"[0-9A-Za-z]{6}")
# Issues that depend on other rows; settle() takes them away and finds them anew.
_BETWEEN_ROWS = frozenset({"same_name_other_uscc"})

Known = Mapping[str, Mapping[str, Any]]


def read_rows(table: Table, columns: Columns, known: Known | None = None) -> list[Row]:
    """Every row below the header, in the file's order; none is left out.

    `known` are the owner's own links, code → values as stored (may be empty): such a row is a duplicate, so that a file read twice
    changes nothing. Nothing else than the owner's own list may be given, or the answer would betray other owners.
    """
    records = [record for record in table.records if record.number >= columns.first_data_row]
    if any(is_reasons(column.header) for column in columns.columns):
        records = [_as_typed(record) for record in records]
    with no_search_for_circles():
        return settle(_skip_tail(list(_read_records(records, columns)), columns), known)


def read_row(row: Row) -> Row:
    """The row with its cells read anew, by itself: duplicates are settle()'s."""
    values: dict[str, Any] = {}
    issues: list[Issue] = []
    normalised = []
    for field in [field for field in _ORDER if field in row.cells]:
        cell = row.cells[field]
        read = READERS[field](cell) if field != "town" else read_town(cell, values.get("region"))
        values[field] = read.value.copy() if type(read.value) is list else read.value
        if read.issues:
            issues += [replace(issue, cell=row.refs.get(str(issue.field))) for issue in read.issues]
        elif read.normalised:
            normalised.append(field)
    return Row(row.number, row.raw, row.cells, row.refs, _outcome(issues), values, tuple(issues), tuple(normalised))


def mend(row: Row, field: str, value: str) -> Row:
    """The row with one cell changed and read anew; settle() all rows afterwards. A skipped row becomes a data row by it.

    Raises ValueError when `field` is not a column of this list.
    """
    if field not in row.cells:
        raise ValueError(f"field must be one of {', '.join(row.cells)}, not {field!r}")
    return read_row(replace(row, cells={**row.cells, field: value}))


def settle(rows: Iterable[Row], known: Known | None = None, *, same_firm: Mapping[int, int | str] | None = None) -> list[Row]:
    """Find duplicates and equal names among the rows and against the owner's own links. Safe to repeat.

    The first row that is not rejected makes the firm; later ones with its code are duplicates, whatever their name looks like.
    `same_firm` is a person's word: a row's number → the number of the earlier row, or the code of the known firm, that it stands for.
    """
    known = known or {}
    first_by_code: dict[str, Row] = {}
    seen_names: dict[str, tuple[int | None, str]] = {}
    for code, values in known.items():
        if values.get("name_zh"):
            seen_names.setdefault(name_key(values["name_zh"]), (None, code))
    settled = []
    for row in rows:
        if row.outcome != "skipped" and "name_zh" in row.cells:
            row = _settle_one(row, first_by_code, seen_names, known)
            if same_firm and row.number in same_firm and row.outcome in ("accepted", "warning"):
                row = _as_same_firm(row, same_firm[row.number], first_by_code, known)
        settled.append(row)
    return settled


def _settle_one(row: Row, first_by_code: dict[str, Row], seen_names: dict[str, tuple[int | None, str]], known: Known) -> Row:
    if row.issues or row.outcome == "duplicate":
        issues = tuple(issue for issue in row.issues if issue.code not in _BETWEEN_ROWS)
        row = replace(row, issues=issues, outcome=_outcome(issues), reason=None, duplicate_of=None, known=False, differs=(), adds=())
    if row.outcome == "rejected":
        return row
    code = row.values["uscc"]
    if code in known or code in first_by_code:
        first = first_by_code.get(code)
        found = _duplicate(row, first.values if first else known[code], first)
        # Known by another code than its own: its line was merged into that one.
        return replace(found, reason="merged_line") if first is None and known[code].get("uscc", code) != code else found
    first_by_code[code] = row
    key = name_key(row.values["name_zh"])
    if key in seen_names:
        number, other = seen_names[key]
        facts = {"other_row": number} if number is not None else {"other_uscc": other}
        issue = Issue("warning", "name_zh", "same_name_other_uscc", facts, row.refs.get("name_zh"))
        return replace(row, issues=(*row.issues, issue), outcome="warning")
    seen_names[key] = (row.number, code)
    return row


def _as_same_firm(row: Row, other: int | str, first_by_code: Mapping[str, Row], known: Known) -> Row:
    """Leave the row out, if the one it stands for is still there."""
    if isinstance(other, str):
        return replace(_duplicate(row, known[other], None), reason="same_firm") if other in known else row
    first = next((each for each in first_by_code.values() if each.number == other), None)
    return replace(_duplicate(row, first.values, first), reason="same_firm") if first else row


def _duplicate(row: Row, first: Mapping[str, Any], first_row: Row | None) -> Row:
    differs, adds = [], []
    for field in _ORDER:
        value, before = row.values.get(field), first.get(field)
        if field == "uscc" or not value:
            continue
        if not before:
            adds.append(field)
        elif _differs(field, before, value):
            differs.append(field)
    return replace(
        row,
        outcome="duplicate",
        duplicate_of=first_row.number if first_row else None,
        known=first_row is None,
        differs=tuple(differs),
        adds=tuple(adds),
    )


def _differs(field: str, before: Any, value: Any) -> bool:
    if field == "name_zh":
        return name_key(before) != name_key(value)
    return set(before) != set(value) if field == "nodes" else before != value


def _outcome(issues: Sequence[Issue]) -> Outcome:
    if not issues:
        return "accepted"
    levels = {issue.level for issue in issues}
    if "error" in levels:
        return "rejected"
    return "warning" if "warning" in levels else "accepted"


def _as_typed(record: Record) -> Record:
    """A row of a sheet that we handed out: there an apostrophe keeps text from being run, and it was not typed."""
    return Record(record.number, tuple(as_typed(cell) if isinstance(cell, str) else cell for cell in record.cells))


def _read_records(records: Sequence[Record], columns: Columns) -> Iterator[Row]:
    """Column by column, and then put together: a long list is mostly of cells that mean what they say."""
    many, places = len(records), columns.by_field
    typed = {field: _column_of(records, column.index) for field, column in places.items()}
    reads = _read_columns(typed, many)
    # A row with a sound code is no blank one and no header.
    unsound: Container[int] = reads["uscc"].said if "uscc" in reads else range(many)
    said_of: dict[int, list[_Said]] = {}
    for column in reads.values():
        for at, said in column.said.items():
            said_of.setdefault(at, []).append(said)
    beyond = max((column.index for column in columns.columns), default=0) + 1 if columns.header_row is not None else None
    letters, order = {field: column.letter for field, column in places.items()}, tuple(reads)
    by_row = zip(records, _by_row(typed.values(), many), _by_row([column.values for column in reads.values()], many), strict=True)
    for at, (record, cells, values) in enumerate(by_row):
        raw, number = record.cells, record.number
        fields, refs = dict(zip(typed, cells, strict=True)), Refs(letters, number)
        if at in unsound and (reason := _skip_reason(raw, fields, has_header=beyond is not None)):
            yield Row(number, raw, fields, refs, "skipped", reason=reason)
            continue
        issues: tuple[Issue, ...] = ()
        normalised: tuple[str, ...] = ()
        if at in said_of:
            issues = tuple([replace(issue, cell=refs.get(str(issue.field))) for said in said_of[at] for issue in said.issues])
            normalised = tuple([said.field for said in said_of[at] if not said.issues])
        if beyond is not None and len(raw) > beyond and (spilled := [cell for cell in raw[beyond:] if plain(cell)]):
            issues = (*issues, Issue("warning", None, "cells_beyond_header", {"found": str(spilled[0])[:40]}))
        outcome = _outcome(issues) if issues else "accepted"
        yield Row(number, raw, fields, refs, outcome, dict(zip(order, values, strict=True)), issues, normalised)


class _Said(NamedTuple):
    """What is to be said of a cell; without issues, that it was put in order."""

    field: str
    issues: tuple[Issue, ...]


class _Column(NamedTuple):
    """A column as meant, and the places of the few cells of which something is to be said."""

    values: list[Any]
    said: dict[int, _Said]


def _read_columns(typed: Mapping[str, list[Cell]], many: int) -> dict[str, _Column]:
    columns: dict[str, _Column] = {}
    for field in [field for field in _ORDER if field in typed]:
        if is_plain := PLAIN.get(field):
            columns[field] = _read_mostly_plain(field, typed[field], is_plain)
        elif field == "town":
            regions = columns["region"].values if "region" in columns else [None] * many
            columns[field] = _read_column(field, map(read_town, typed[field], regions))
        else:
            columns[field] = _read_column(field, map(READERS[field], typed[field]))
    return columns


def _read_column(field: str, reads: Iterable[Read]) -> _Column:
    values, said = [], {}
    for at, (value, issues, normalised) in enumerate(reads):
        values.append(value.copy() if type(value) is list else value)  # a list is each row's own: readers remember what they answered
        if issues or normalised:
            said[at] = _Said(field, issues)
    return _Column(values, said)


def _read_mostly_plain(field: str, cells: Sequence[Cell], is_plain: Callable[[str], object]) -> _Column:
    values: list[Any] = list(cells)
    said, read = {}, READERS[field]
    for at, cell in enumerate(cells):
        if type(cell) is str and is_plain(cell):
            continue
        values[at], issues, normalised = read(cell)
        if issues or normalised:
            said[at] = _Said(field, issues)
    return _Column(values, said)


def _column_of(records: Sequence[Record], index: int) -> list[Cell]:
    return [record.cells[index] if index < len(record.cells) else "" for record in records]


def _by_row(columns: Iterable[Sequence[Any]], many: int) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True)) or [()] * many


def _skip_reason(raw: Sequence[Cell], cells: Mapping[str, Cell], *, has_header: bool) -> str | None:
    if not any(plain(cell) for cell in cells.values()):
        label = _label(raw)
        if not (_TOTALS.match(label) or _NOTES.match(label)):
            return "blank_row"
    code = cells.get("uscc", "")
    # A header printed again on each page of a form.
    return "header_again" if has_header and isinstance(code, str) and field_of(code) == "uscc" else None


def _skip_tail(rows: Sequence[Row], columns: Columns) -> list[Row]:
    """Totals and notes stand below the data: from the end upward, until a row that carries a code."""
    if columns.codes_only:
        return list(rows)
    kept = list(rows)
    first_note: int | None = None  # sought only if there is a tail
    for index in range(len(kept) - 1, -1, -1):
        row = kept[index]
        if row.outcome == "skipped" and row.reason != "blank_row":
            continue
        code = plain(row.cells.get("uscc", ""))
        if _CODE_LIKE.search(code) and not _NOTES.match(code):
            break
        if first_note is None:
            first_note = next((at for at, each in enumerate(rows) if _NOTES.match(_label(each.raw))), len(kept))
        reason = _tail_reason(row, under_notes=first_note < index)
        if reason:
            kept[index] = replace(row, values={}, issues=(), normalised=(), outcome="skipped", reason=reason)
        elif row.reason != "blank_row":
            break
    return kept


def _tail_reason(row: Row, *, under_notes: bool) -> str | None:
    label = _label(row.raw)
    if _TOTALS.match(label):
        return "totals_row"
    if _NOTES.match(label):
        return "notes_row"
    filled = [cell for cell in row.raw if plain(cell)]
    # The second and third line of a note stand alone in their rows.
    return "notes_row" if under_notes and len(filled) == 1 else None


def _label(raw: Sequence[Cell]) -> str:
    return next((re.sub(r"\s+", "", text) for cell in raw if (text := plain(cell))), "")
