"""A set of readings, as it was meant → the row that is kept: whole numbers, what it was judged by, marks, and two digests. Pure.

One digest names the filing, so that what comes twice is kept once; the other its content, so that a key which comes again with
other content is found out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from inspections.judging import Limits, Verdict, clause_for, judge, limits_of
from inspections.reading.checks import scaled
from inspections.reading.shapes import ReadSet

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = time(12)  # of a test of which only the day is known


class LotLike(Protocol):
    """What is read of a lot."""

    pk: UUID
    supplier_org_id: UUID
    product_code: str
    made_on: date


class RowLike(Protocol):
    """What is read of a row."""

    @property
    def readings(self) -> Sequence[int | None]: ...
    @property
    def decimals(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Filing:
    """Who files, when and how: the same for all rows of one filing."""

    org_id: UUID
    origin: str
    entered_via: str
    received_at: datetime
    import_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rows of a filing are judged by: clauses of each lot, kinds of characteristics, sealed samples, calibrations.

    `calibrated_until`: plate of an instrument of the filing firm → the last day of its calibration. `superseded`: an edition that has
    given way → the day from which (None: unknown, so always).
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[UUID, Sequence[Any]] = field(default_factory=dict)
    standards: Mapping[UUID, tuple[float, float, float]] = field(default_factory=dict)
    calibrated_until: Mapping[str, date] = field(default_factory=dict)
    superseded: Mapping[str, date | None] = field(default_factory=dict)
    today: date = date.max  # of a set that names no day


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the clause that it follows from, and what is to be marked."""

    verdict: Verdict
    clause_id: UUID | None = None
    marks: tuple[str, ...] = ()


def judged(lot: LotLike, read: ReadSet, terms: Terms) -> Judged:
    """The set held against the clause of the lot's day that speaks of its method; else why it is not judged."""
    marks = list(read.marks)
    clause, why = clause_for(terms.clauses.get(lot.pk, ()), read.characteristic, read.edition or "")
    if _instrument_overdue(read, terms):
        marks.append("instrument_overdue")
    if read.edition and read.edition in terms.superseded and "edition_superseded" not in marks:
        since = terms.superseded[read.edition]
        if since is None or since <= day_of(read, terms.today):
            marks.append("edition_superseded")
    if clause is None:
        if why == "other_edition":
            marks.append("edition_differs")
        elif why == "no_clause" and lot.pk in terms.clauses and "not_in_agreement" not in marks:
            marks.append("not_in_agreement")
        return Judged(Verdict("not_judged", why=why), marks=tuple(dict.fromkeys(marks)))
    limits = limits_of(clause.params, clause_id=clause.pk, standard=terms.standards.get(lot.pk))
    return Judged(judge_set(read, terms.kinds.get(read.characteristic, ""), limits), clause.pk, tuple(dict.fromkeys(marks)))


def judge_set(read: ReadSet, kind: str, limits: Limits) -> Verdict:
    """The readings of a set against limits."""
    numbers, decimals = stored(read, kind)
    return judge(kind, numbers, decimals, read.qualifiers, limits, width=read.width)


def stored(read: ReadSet, kind: str) -> tuple[list[int | None], int]:
    """(whole numbers, decimals) as the row keeps them; a grade always has its half step."""
    if kind == "ordinal":
        return [None if value is None else int(value * 10) for value in read.readings], 1
    return scaled(read.readings)


def _instrument_overdue(read: ReadSet, terms: Terms) -> bool:
    until = terms.calibrated_until.get(plate(read.instrument)) if read.instrument else None
    return until is not None and until < day_of(read, terms.today)


def plate(instrument: str) -> str:
    """The number on an instrument's plate, as it is compared."""
    return "".join(instrument.split()).casefold()


def moment_of(read: ReadSet, received_at: datetime) -> datetime:
    """When it was measured; of a test that names a day only, that day's noon."""
    if read.measured_at is not None:
        return read.measured_at
    return received_at if read.day is None else min(received_at, datetime.combine(read.day, NOON, SHANGHAI))


def day_of(read: ReadSet, today: date) -> date:
    """The day of the measurement in Shanghai; today where none was said."""
    if read.measured_at is not None:
        return read.measured_at.astimezone(SHANGHAI).date()
    return read.day or today


def key_digest(key: str) -> UUID:
    """What a caller's key is kept as."""
    return _digest(["key", key])


def said_digest(lot_id: UUID, read: ReadSet) -> UUID:
    """The content of a set, however it was written: what makes two filings the same."""
    readings = [None if value is None else format(value.normalize(), "f") for value in read.readings]
    when = read.measured_at.isoformat() if read.measured_at else read.day.isoformat() if read.day else None
    return _digest(
        [
            str(lot_id), read.characteristic, read.edition or "", read.unit, readings, list(read.qualifiers or ()), read.width,
            read.sample or "", when, read.instrument, read.operator, read.laboratory, read.verdict or "",
        ]
    )  # fmt: skip


def _digest(said: Sequence[Any]) -> UUID:
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())


def portion_digest(result_id: UUID, lot_id: UUID) -> UUID:
    """The key of the row that shows a result of the whole on one of its portions."""
    return _digest(["portion", str(result_id), str(lot_id)])


def columns_of(lot: LotLike, read: ReadSet, made: Judged, filing: Filing, *, kind: str, shown_to: UUID | None) -> dict[str, Any]:
    """The columns of a CharacteristicResult, not yet written. `shown_to` is the customer who sees it."""
    numbers, decimals = stored(read, kind)
    content = said_digest(lot.pk, read)
    return {
        "lot_id": lot.pk, "owner_org_id": shown_to, "supplier_org_id": lot.supplier_org_id, "org_id": filing.org_id,
        "product_code": lot.product_code, "made_on": lot.made_on, "characteristic_code": read.characteristic, "edition_code": read.edition or "",
        "unit": read.unit, "readings": numbers, "decimals": decimals, "width": read.width,
        "qualifiers": list(read.qualifiers) if read.qualifiers else None, "measured_at": moment_of(read, filing.received_at),
        "received_at": filing.received_at, "origin": filing.origin, "entered_via": filing.entered_via, "instrument": read.instrument,
        "verdict": made.verdict.state, "out_count": made.verdict.out_count, "clause_id": made.clause_id, "marks": list(made.marks),
        "details": details_of(read, made) or None, "said_key": key_digest(read.key) if read.key else content, "said": content,
        "import_id": filing.import_id,
    }  # fmt: skip


def details_of(read: ReadSet, made: Judged) -> dict[str, Any]:
    """What is rarely there: sample, people, laboratory, words that were changed, and why nothing was judged."""
    said: dict[str, Any] = {
        "sample": read.sample, "operator": read.operator, "laboratory": read.laboratory, "lab_verdict": read.verdict,
        "as_typed": dict(read.said), "why": made.verdict.why if made.verdict.state in ("not_judged", "unclear") else None,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def values_of(row: RowLike) -> list[Decimal | None]:
    """The readings of a row as numbers again."""
    return [None if value is None else Decimal(value).scaleb(-row.decimals) for value in row.readings]


# What is said of a row because of the text it was judged by, and not because of what was typed.
OF_THE_TEXT = ("not_in_agreement", "edition_differs")
_OF_THE_SET = {"sample", "operator", "laboratory", "lab_verdict", "as_typed", "why"}


def read_of(row: Any) -> ReadSet:
    """The set that a row was made of, to be judged by another text."""
    said = row.details or {}
    return ReadSet(
        lot="", characteristic=row.characteristic_code, edition=row.edition_code or None, unit=row.unit, readings=tuple(values_of(row)),
        qualifiers=tuple(row.qualifiers) if row.qualifiers else None, width=row.width, sample=said.get("sample"), verdict=said.get("lab_verdict"),
        measured_at=row.measured_at, instrument=row.instrument, operator=said.get("operator", ""), laboratory=said.get("laboratory", ""),
        marks=tuple(mark for mark in row.marks if mark not in OF_THE_TEXT), said=said.get("as_typed", {}),
    )  # fmt: skip


def more_of(row: Any) -> dict[str, Any]:
    """What a row keeps in its details besides the set: laboratory state, photo, why it was corrected."""
    return {name: value for name, value in (row.details or {}).items() if name not in _OF_THE_SET}
