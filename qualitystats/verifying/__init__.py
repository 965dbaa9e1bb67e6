"""What proves the numbers: a checker for every format of reference file, found by the file's name or by what stands in it.

A checker is a function from a `Document` to a `Report`, registered with `@checks`; the runner is `qualitystats.verify`.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Document:
    """One reference file as read: `header` and `rows` of a CSV file, or the `data` of a JSON file."""

    path: Path
    header: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    data: Any = None

    @property
    def name(self) -> str:
        return self.path.name

    def sibling(self, name: str) -> Document | None:
        """The file of that name in the same folder, None when there is none: some checks need two files."""
        other = self.path.with_name(name)
        return read_document(other) if other.exists() else None


@dataclass(frozen=True)
class Report:
    """What came out of one file. `worst` is the largest deviation of a number from its reference, None when only words were compared."""

    file: str
    cases: int
    passed: int
    worst: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Every case passed, and there was at least one."""
        return 0 < self.cases == self.passed


@dataclass
class Tally:
    """Counts cases while a checker goes through a file.

    >>> tally = Tally("a.json")
    >>> tally.number("mean", 2.004, 2.0, tol=0.005)
    True
    >>> tally.equal("letter", "J", "K")
    False
    >>> tally.report()  # doctest: +ELLIPSIS
    Report(file='a.json', cases=2, passed=1, worst=0.004..., note='letter: J, not K')
    """

    file: str
    cases: int = 0
    passed: int = 0
    worst: float | None = None
    missed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def number(self, label: str, got: float | None, expected: float, *, tol: float) -> bool:
        """One case: `got` lies within `tol` (absolute) of the reference. None and NaN never do."""
        if got is None or not math.isfinite(got):
            return self._count(f"{label}: {got}, not {expected}", fine=False)
        deviation = abs(float(got) - expected)
        self.worst = deviation if self.worst is None else max(self.worst, deviation)
        return self._count(f"{label}: {float(got)!r}, not {expected}", fine=deviation <= tol)

    def equal(self, label: str, got: object, expected: object) -> bool:
        """One case: the two are equal."""
        return self._count(f"{label}: {got}, not {expected}", fine=got == expected)

    def refused(self, label: str, ask: Callable[[], object]) -> bool:
        """One case: the question is refused with ValueError."""
        try:
            answer = ask()
        except ValueError:
            return self._count(label, fine=True)
        return self._count(f"{label}: {answer}, not refused", fine=False)

    def note(self, words: str) -> None:
        """Something that the reader of the report should know."""
        self.notes.append(words)

    def report(self) -> Report:
        """The sum of it; the first three misses are named."""
        words = [*self.missed[:3], *([f"and {len(self.missed) - 3} more"] if len(self.missed) > 3 else []), *self.notes]
        return Report(self.file, self.cases, self.passed, self.worst, "; ".join(words))

    def _count(self, words: str, *, fine: bool) -> bool:
        self.cases += 1
        self.passed += fine
        if not fine:
            self.missed.append(words)
        return fine


Checker: TypeAlias = Callable[[Document], Report]


@dataclass(frozen=True)
class _Entry:
    names: tuple[str, ...]
    columns: frozenset[str]
    keys: frozenset[str]
    like: Callable[[Document], bool] | None
    checker: Checker

    def fits(self, document: Document) -> bool:
        """Whether the content is of this checker's format, whatever the file is called."""
        if self.like is not None:
            return self.like(document)
        found = frozenset(document.header) if document.data is None else frozenset(_keys(document.data))
        wanted = self.columns if document.data is None else self.keys
        return bool(wanted) and wanted <= found


_ENTRIES: list[_Entry] = []


def checks(
    *names: str, columns: Iterable[str] = (), keys: Iterable[str] = (), like: Callable[[Document], bool] | None = None
) -> Callable[[Checker], Checker]:
    """Register a checker.

    Args:
        names: File names that it reads.
        columns: A CSV file of another name fits when its header has all of these.
        keys: A JSON file of another name fits when its object (or the first object of its list) has all of these.
        like: A finer question, asked instead of `columns` and `keys`.
    """

    def register(checker: Checker) -> Checker:
        _ENTRIES.append(_Entry(names, frozenset(columns), frozenset(keys), like, checker))
        return checker

    return register


def checker_for(document: Document) -> Checker | None:
    """The checker of a file: by content and name, else by content, else by name; None when nobody knows it."""
    named = [entry for entry in _ENTRIES if document.name in entry.names]
    fitting = [entry for entry in _ENTRIES if entry.fits(document)]
    for entry in [*(entry for entry in named if entry in fitting), *fitting, *named]:
        return entry.checker
    return None


def read_document(path: Path) -> Document:
    """Read a reference file, UTF-8 with or without a byte order mark. ValueError when it is neither CSV nor JSON, or broken."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        return Document(path, data=json.loads(text))
    if path.suffix != ".csv":
        raise ValueError(f"{path.name}: must be .csv or .json")
    reader = csv.DictReader(text.splitlines())
    rows = tuple(reader)
    return Document(path, header=tuple(reader.fieldnames or ()), rows=rows)


def _keys(data: Any) -> Iterable[str]:
    first = data[0] if isinstance(data, list) and data else data
    return first if isinstance(first, dict) else ()
