"""A wide sheet of many rows: what is plain by the thousand, the rest row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from foundation.actor import Actor
from inspections.models import ResultImport
from inspections.reading import Context, Lot, Record, ResultRow, WideReader, reader_of
from inspections.reading.plain import PlainChunk, PlainReader
from inspections.reading.wide_rows import settle
from inspections.selectors.result_files import wholes_with_portions
from inspections.services.result_files_read import FIRST_SHOWN, Met, editions_of

CHUNK_ROWS = 2500  # the database begins while the next are read; much fewer would cost it more than that gains


class Sheet:
    """The rows below the header of one wide sheet. What is not `by_many` is asked row by row."""

    def __init__(self, actor: Actor, batch: ResultImport, met: Met, now: datetime) -> None:
        opened = met.opened
        assert opened.columns is not None
        reader = reader_of(opened, met.context, now=now, editions=editions_of(batch))
        assert isinstance(reader, WideReader)
        self.reader, self.records = reader, opened.records
        self.tails = reader.tails(self.records)
        apart = wholes_with_portions(actor, met.lots.values()) | _of_several_rows(met, self.records, opened.columns.by_field["lot"].index)
        today = now.astimezone(met.context.zone).date()
        self.plain = PlainReader(reader, met.context, opened.columns, today=today, has_percents=bool(opened.percents), apart=apart)

    def row(self, record: Record) -> ResultRow:
        return self.reader.row(record, self.tails.get(record.number))

    def chunks(self) -> Iterator[PlainChunk]:
        for start in range(0, len(self.records), CHUNK_ROWS):
            yield self.plain.split(self.records[start : start + CHUNK_ROWS])


def _of_several_rows(met: Met, records: list[Record], place: int) -> frozenset[object]:
    """Lots with more than one row: of these one may say the same as the other."""
    counts = Counter(record.cells[place] for record in records if place < len(record.cells))
    return frozenset(lot.id for number, many in counts.items() if many > 1 for lot in met.context.lots.get(str(number), ()))


@dataclass(slots=True)
class Summary:
    """What a preview says of a long sheet: every row that asks for a look, and the first of the others."""

    rows: list[ResultRow] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    measured: set[str] = field(default_factory=set)


class Tally:
    """Counts what is plain, chunk by chunk, and what row by row was found of the others."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outside: dict[tuple[str | None, str], bool] = {}
        self.rows = self.warned = self.sets = self.readings = 0
        self.measured: set[str] = set()

    def add(self, chunk: PlainChunk) -> None:
        rows = np.zeros(len(chunk.lots), dtype=bool)
        outside = np.zeros(len(chunk.lots), dtype=bool)
        for each in chunk.sets:
            code = each.group.what.code
            rows[each.rows] = True
            # As row by row: what the agreement says nothing of is kept, and said.
            outside[each.rows] |= np.fromiter((self._is_outside(chunk.lots[row], code) for row in each.rows.tolist()), bool, len(each.rows))
            self.sets += len(each.rows)
            self.readings += int(each.taken.sum())
            self.measured.add(code)
        self.warned += int(outside.sum())
        self.rows += int((rows & ~outside).sum())

    def _is_outside(self, lot: Lot, code: str) -> bool:
        key = lot.group, code
        if key not in self._outside:
            self._outside[key] = self._context.is_outside(lot, code)
        return self._outside[key]

    def totals(self, others: Sequence[ResultRow], total: int) -> dict[str, int]:
        counts = Counter(row.outcome for row in others)
        ready = [row for row in others if row.outcome in ("accepted", "warning")]
        self.measured |= {read.characteristic for row in ready for read in row.sets}
        readings = sum(sum(1 for value in read.readings if value is not None) // read.width for row in ready for read in row.sets)
        return {
            "rows": total, "accepted": counts["accepted"] + self.rows, "warning": counts["warning"] + self.warned,
            **{name: counts[name] for name in ("duplicate", "rejected", "skipped")},
            "sets": self.sets + sum(len(row.sets) for row in ready), "readings": self.readings + readings,
        }  # fmt: skip


def summary_of(sheet: Sheet, context: Context) -> Summary:
    """Read a long sheet without making anything of its plain rows but a count."""
    tally = Tally(context)
    others: list[ResultRow] = []
    for chunk in sheet.chunks():
        others += [sheet.row(record) for record in chunk.others]
        tally.add(chunk)
    others = settle(others)
    said = {row.number for row in others}
    first = [sheet.row(record) for record in sheet.records[: FIRST_SHOWN + len(others)] if record.number not in said][:FIRST_SHOWN]
    totals = tally.totals(others, len(sheet.records))
    return Summary(sorted([*others, *first], key=lambda row: row.number), totals, tally.measured)
