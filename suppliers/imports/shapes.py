"""What passes from step to step of an import: table, columns, rows, and what is to be said about them. Plain values only."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

# Dates of a spreadsheet come as ISO text, so a cell is always something JSON can hold.
Cell = str | int | float
Level = Literal["error", "warning", "info"]
Outcome = Literal["accepted", "warning", "duplicate", "rejected", "skipped"]
# How many of these cells are headers we know.
HeaderCount = Callable[[Sequence[str]], int]
FileResult = Literal["read", "needs_mapping", "refused"]

FIELDS = ("name_zh", "uscc", "contact", "phone", "nodes", "region", "town", "headcount", "address", "since")


@dataclass(frozen=True, slots=True)
class FileMessage:
    """Something about the whole file; words for `code` are in suppliers.import_words."""

    level: Level
    code: str
    found: str = ""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class FileRefused(Exception):
    """The file cannot be read as a list; nothing of it is imported."""

    def __init__(self, code: str, found: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.message = FileMessage("error", code, found, facts)


class Record(NamedTuple):
    """One row of a file. `number` is what a person sees: the sheet's row, or the record's number from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as cells, before anybody knows what the columns mean."""

    source: Literal["text", "xlsx"]
    records: tuple[Record, ...]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    messages: tuple[FileMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place from 0; `field` is None where it is not ours."""

    index: int
    header: str
    field: str | None

    @property
    def letter(self) -> str:
        letters, left = "", self.index + 1
        while left:
            left, rest = divmod(left - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which. `needs_mapping` means that a person must say so before a row is read."""

    columns: tuple[Column, ...]
    header_row: int | None  # as Record.number
    first_data_row: int
    needs_mapping: bool = False
    messages: tuple[FileMessage, ...] = ()

    @property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}

    @property
    def codes_only(self) -> bool:
        """A list of nothing but codes exercises the check; it names no firm and is never imported."""
        return set(self.by_field) == {"uscc"}

    @property
    def names(self) -> dict[str, str | None]:
        return {column.header: column.field for column in self.columns if column.header}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to look at in one row; `cell` is its place, such as B7."""

    level: Level
    field: str | None
    code: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    cell: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"level": self.level, "field": self.field, "code": self.code, "facts": dict(self.facts), "cell": self.cell}


class Refs(Mapping[str, str]):
    """Field → its place in the sheet, such as B7; put together where it is asked for."""

    __slots__ = ("_letters", "_number")

    def __init__(self, letters: Mapping[str, str], number: int) -> None:
        self._letters, self._number = letters, number

    def __getitem__(self, field: str) -> str:
        return f"{self._letters[field]}{self._number}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._letters)

    def __len__(self) -> int:
        return len(self._letters)

    def __repr__(self) -> str:
        return repr(dict(self))


# Not frozen, though nobody changes one: a long list makes each of its rows six times as fast.
@dataclass(slots=True)
class Row:
    """A row as typed and as meant. It stays as it is made; replace() makes another.

    `raw` is the whole row of the file, for the sheet that is handed back; `cells` are the fields as typed or mended, `values` as meant.
    `duplicate_of` is the first row of the file with this code; `known` says that the owner has the firm already.
    `differs` are the fields in which a duplicate contradicts the first; `adds` those that the first has empty.
    """

    number: int
    raw: tuple[Cell, ...]
    cells: Mapping[str, Cell]
    refs: Mapping[str, str]
    outcome: Outcome
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    normalised: tuple[str, ...] = ()
    reason: str | None = None
    duplicate_of: int | None = None
    known: bool = False
    differs: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()

    @property
    def original(self) -> dict[str, str]:
        return {name: display(cell) for name, cell in self.cells.items()}

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; row_from_dict() reads it back."""
        return {**asdict(self), "refs": dict(self.refs)}


def row_from_dict(stored: Mapping[str, Any]) -> Row:
    """A row that Row.as_dict() wrote, also after a journey through JSON."""
    lists = {name: tuple(stored[name]) for name in ("raw", "normalised", "differs", "adds")}
    return Row(**{**stored, **lists, "issues": tuple(Issue(**issue) for issue in stored["issues"])})


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, read. Rows are empty unless `file_result` is "read"."""

    file_result: FileResult
    table: Table | None = None
    columns: Columns | None = None
    rows: tuple[Row, ...] = ()
    messages: tuple[FileMessage, ...] = ()

    @property
    def totals(self) -> dict[str, int]:
        counts = {"rows": len(self.rows), "accepted": 0, "warning": 0, "duplicate": 0, "rejected": 0, "skipped": 0}
        for row in self.rows:
            counts[row.outcome] += 1
        return counts


def display(cell: Cell) -> str:
    """The cell as a person would have typed it."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
