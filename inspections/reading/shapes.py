"""What passes from step to step when a file of results is read. Plain values only."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from suppliers.imports.shapes import Cell, Column, FileMessage, FileRefused, FileResult, Issue, Level, Outcome, Record, Table, display

__all__ = [
    "FIELDS", "Cell", "Column", "Columns", "FileMessage", "FileRefused", "FileResult", "Issue", "Layout", "Level", "Outcome", "ReadSet",
    "Reading", "Record", "ResultRow", "Table", "display", "outcome_of", "plain_number",
]  # fmt: skip

Layout = Literal["long", "wide", "lines"]

# What a column may mean, beside the readings of a characteristic ("PH x1").
FIELDS = (
    "lot", "sample", "characteristic", "method", "result", "unit", "verdict", "tested_on", "made_on", "L", "a", "b", "detection_limit",
    "instrument", "operator", "laboratory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which. `needs_mapping` means that a person must say so before a row is read."""

    columns: tuple[Column, ...]
    layout: Layout
    header_row: int | None  # as Record.number
    first_data_row: int
    unit_row: int | None = None
    units: Mapping[int, str] = dataclasses.field(default_factory=dict)  # place of a column → the unit in its header or the unit row
    needs_mapping: bool = False
    messages: tuple[FileMessage, ...] = ()

    @property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}


@dataclass(frozen=True, slots=True)
class ReadSet:
    """The readings of one characteristic of one lot, ready to be filed.

    A grade is its half step (3-4 is 3.5); a colour is L, a, b one after the other (`width` 3). None is a reading not taken.
    `qualifiers` stand beside the readings; None means that all are "=". `said` keeps the words of the file where they were changed.
    """

    lot: str
    characteristic: str
    edition: str | None
    unit: str
    readings: tuple[Decimal | None, ...]
    qualifiers: tuple[str, ...] | None = None
    width: int = 1
    sample: str | None = None
    verdict: str | None = None  # of the laboratory: pass, fail
    day: date | None = None
    measured_at: datetime | None = None
    instrument: str = ""
    operator: str = ""
    laboratory: str = ""
    key: str | None = None  # of the caller, for what may come twice
    marks: tuple[str, ...] = ()
    said: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row or line of the file: what became of it, with its text as typed and what it means."""

    number: int
    raw: tuple[Cell, ...]
    outcome: Outcome
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    normalised: tuple[str, ...] = ()
    reason: str | None = None
    duplicate_of: int | None = None
    differs: tuple[str, ...] = ()
    sets: tuple[ReadSet, ...] = ()

    @property
    def http(self) -> int:
        """The status of this row, had it come through the interface for machines."""
        return {"accepted": 201, "warning": 201, "duplicate": 200, "skipped": 200}.get(self.outcome, 422)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it, with nothing that says no more than its absence."""
        said: dict[str, Any] = {"row": self.number, "outcome": self.outcome}
        if self.issues:
            said["issues"] = [_issue_as_dict(issue) for issue in self.issues]
        for name in ("normalised", "differs"):
            if value := getattr(self, name):
                said[name] = list(value)
        for name in ("reason", "duplicate_of"):
            if (value := getattr(self, name)) is not None:
                said[name] = value
        if self.values:
            said["values"] = jsonable(self.values)
        return said


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, read. Rows are empty unless `file_result` is "read"."""

    file_result: FileResult
    layout: Layout | None = None
    table: Table | None = None
    columns: Columns | None = None
    encoding: str | None = None
    rows: tuple[ResultRow, ...] = ()
    messages: tuple[FileMessage, ...] = ()

    @property
    def totals(self) -> dict[str, int]:
        counts = {"rows": len(self.rows), "accepted": 0, "warning": 0, "duplicate": 0, "rejected": 0, "skipped": 0}
        for row in self.rows:
            counts[row.outcome] += 1
        return counts


def outcome_of(issues: tuple[Issue, ...]) -> Outcome:
    if not issues:
        return "accepted"
    return "rejected" if any(issue.level == "error" for issue in issues) else "warning"


def plain_number(value: Decimal) -> int | float:
    """The number as JSON writes it."""
    return int(value) if value == value.to_integral_value() else float(value)


def jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: jsonable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(each) for each in value]
    return value


def _issue_as_dict(issue: Issue) -> dict[str, Any]:
    said: dict[str, Any] = {"level": issue.level, "field": issue.field, "code": issue.code, **jsonable(issue.facts)}
    return said | ({"cell": issue.cell} if issue.cell else {})
