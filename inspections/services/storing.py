"""Plain sets by the thousand → rows, by sets: COPY into a temporary table and on as the hat, judged as single ones are.

What inspections.services.results files one by one and this files at once is the same to the last column.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from os import urandom
from time import time_ns
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.db import IntegrityError, connection, transaction
from numpy.typing import NDArray

from foundation.actor import Actor
from inspections.filing import Filing, Terms, judged
from inspections.judging import IN, NOT_JUDGED, clause_for, limits_of, steps
from inspections.models import Lot
from inspections.reading import ReadSet
from inspections.reading.plain import PlainChunk, PlainSets

_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TAIL = struct.pack(">h", -1)
_INT4 = 23
# Once in a transaction; further chunks find the tables and empty them.
_STAGE = """
do $$ begin
  if to_regclass('pg_temp.arriving_sets') is not null then
    truncate pg_temp.arriving_sets, pg_temp.arriving_lots, pg_temp.arriving_abouts;
  else
    create temporary table arriving_sets (lot integer, about integer, readings integer[], decimals smallint, out_count smallint,
      said uuid, id uuid) on commit drop;
    create temporary table arriving_lots (n integer, lot_id uuid, supplier_org_id uuid, owner_org_id uuid,
      product_code text, made_on date) on commit drop;
    create temporary table arriving_abouts (n integer, characteristic_code text, edition_code text, unit text, clause_id uuid,
      verdict text, marks text[], details jsonb) on commit drop;
  end if;
end $$
"""
# As the hat: what it may not file is refused by the walls, also for a thousand rows at once. The sets come characteristic by characteristic.
_TAKE_IN = """
  insert into inspections_characteristicresult (id, lot_id, owner_org_id, supplier_org_id, org_id, product_code, made_on, characteristic_code,
    edition_code, unit, readings, decimals, width, measured_at, received_at, origin, entered_via, instrument, verdict, out_count, clause_id,
    marks, details, said_key, said, import_id)
  select s.id, l.lot_id, l.owner_org_id, l.supplier_org_id, %(org)s, l.product_code, l.made_on, a.characteristic_code, a.edition_code, a.unit,
    s.readings, s.decimals, 1, %(now)s, %(now)s, %(origin)s, %(via)s, '',
    case when a.verdict <> 'in' then a.verdict when s.out_count > 0 then 'out' else 'in' end, s.out_count, a.clause_id, a.marks, a.details,
    s.said, s.said, %(import)s
  from arriving_sets s join arriving_lots l on l.n = s.lot join arriving_abouts a on a.n = s.about
"""
# Where some stand already. Most files come once, and are spared the questions that this asks of every row.
_TAKE_IN_NEW = f"""
with made as ({_TAKE_IN} on conflict (org_id, said_key) do nothing returning lot_id, owner_org_id)
select count(*), coalesce(array_agg(distinct lot_id) filter (where owner_org_id is not null), '{{}}') from made
"""
_STANDS_ONCE = "result_is_filed_once"


class Stored(NamedTuple):
    """`filed` sets are new, `known` had been filed before; `told` are the lots whose customer sees something new."""

    filed: int
    known: int
    told: tuple[UUID, ...]


class Packed(NamedTuple):
    """A chunk on its way: `many` sets, with the rows that want to be looked at one by one still in it."""

    chunk: PlainChunk
    lots: str
    shown: tuple[UUID, ...]  # lots whose customer sees the sets
    abouts: tuple[tuple[Any, ...], ...]
    sets: bytes
    many: int


@dataclass(frozen=True, slots=True)
class _About:
    """What all sets of one characteristic share whose lots are held to the same text."""

    n: int
    code: str
    edition: str
    unit: str
    clause_id: UUID | None
    verdict: str  # in: held against the limits; else why it is not judged stands in the details
    marks: tuple[str, ...]
    details: dict[str, Any] | None
    lower: Any
    upper: Any


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts that the lots of a chunk are held to: the number of each lot's, and of each text the first lot."""

    groups: list[str | None]
    firsts: list[int]
    of_lot: NDArray[np.int64]

    @classmethod
    def of(cls, groups: Sequence[str | None]) -> _Texts:
        numbers: dict[str | None, int] = {}
        of_lot = np.fromiter((numbers.setdefault(group, len(numbers)) for group in groups), dtype=np.int64, count=len(groups))
        return cls(list(numbers), [int(np.argmax(of_lot == number)) for number in numbers.values()], of_lot)


class PlainStore:
    """Files chunks of one file. `terms` are those of all its lots, `shown` says which customer sees a lot's rows."""

    def __init__(
        self,
        actor: Actor,
        filing: Filing,
        terms: Terms,
        lots: Mapping[UUID, Lot],
        shown: Mapping[UUID, UUID | None],
        editions: Mapping[str, str],
    ) -> None:
        self._actor, self._filing, self._terms = actor, filing, terms
        self._lots, self._shown, self._editions = lots, shown, editions
        self._abouts: dict[tuple[str, str | None], _About] = {}
        self._sides: dict[tuple[UUID, UUID | None, str], str] = {}

    def pack(self, chunk: PlainChunk) -> Packed:
        """The chunk as COPY takes it. Nothing is asked of the database, so that another hand may do it ahead."""
        lots = [self._lots[lot.id] for lot in chunk.lots]
        names = [str(lot.pk) for lot in lots]
        texts = _Texts.of([lot.group for lot in chunk.lots])
        parts = [part for sets in chunk.sets for part in self._parts(sets, texts, lots, names)]
        used = sorted({number for sets in chunk.sets for number in sets.rows.tolist()})
        text = "".join([self._lot_line(number, names[number], lots[number]) for number in used])
        abouts = tuple(_about_row(about) for about in self._abouts.values())
        shown = tuple(lots[number].pk for number in used if self._shown.get(lots[number].pk))
        return Packed(chunk, text, shown, abouts, b"".join([_HEAD, *parts, _TAIL]), sum(len(sets.rows) for sets in chunk.sets))

    def store(self, packed: Packed) -> Stored:
        """File a chunk in a handful of statements. Safe to repeat: what stands already is left as it is."""
        if not packed.many:
            return Stored(0, 0, ())
        with connection.cursor() as cursor:
            cursor.execute(_STAGE)
            with cursor.copy("copy arriving_lots from stdin") as copy:
                copy.write(packed.lots)
            with cursor.copy("copy arriving_abouts from stdin") as copy:
                for about in packed.abouts:
                    copy.write_row(about)
            with cursor.copy("copy arriving_sets from stdin with (format binary)") as copy:
                copy.write(packed.sets)
            # Each set has one lot and one about. The planner, who knows nothing of what has just arrived, would sort it all on disk.
            cursor.execute("set local jit = off; set local enable_mergejoin = off; set local work_mem = '64MB'")
            try:
                with transaction.atomic():
                    cursor.execute(_TAKE_IN, self._facts())
            except IntegrityError as error:
                if getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) != _STANDS_ONCE:
                    raise
            else:
                return Stored(packed.many, 0, packed.shown)
            cursor.execute(_TAKE_IN_NEW, self._facts())
            filed, told = cursor.fetchone()
        return Stored(filed, packed.many - filed, tuple(told))

    def _facts(self) -> dict[str, Any]:
        filing = self._filing
        return {
            "org": filing.org_id, "now": filing.received_at, "origin": filing.origin,
            "via": filing.entered_via, "import": filing.import_id,
        }  # fmt: skip

    def _lot_line(self, number: int, name: str, lot: Lot) -> str:
        sides = lot.supplier_org_id, self._shown.get(lot.pk), lot.product_code
        if sides not in self._sides:
            supplier, owner, code = sides
            code = code.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
            self._sides[sides] = f"{supplier}\t{owner or chr(92) + 'N'}\t{code}"
        return f"{number}\t{name}\t{self._sides[sides]}\t{lot.made_on}\n"

    def _parts(self, sets: PlainSets, texts: _Texts, lots: Sequence[Lot], names: Sequence[str]) -> Iterable[bytes]:
        """The sets as binary COPY reads them."""
        of = texts.of_lot[sets.rows]
        abouts = {number: self._about(sets, texts.groups[number], lots[texts.firsts[number]]) for number in np.unique(of).tolist()}
        table = np.zeros(len(texts.groups), dtype=np.int64)
        for number, about in abouts.items():
            table[number] = about.n
        numbers = table[of]
        out = self._out_counts(sets, {about.n: about for about in abouts.values()}, numbers)
        heads = {about.n: _head_of(about) for about in abouts.values()}
        digests = [
            blake2b(f'["{names[row]}",{heads[number]},{words},[],1,"",null,"","","",""]'.encode(), digest_size=16).digest()
            for row, number, words in zip(sets.rows.tolist(), numbers.tolist(), sets.words, strict=True)
        ]
        full = sets.taken.all(axis=1)
        if full.any():
            yield _full_rows(sets, numbers, out, digests, np.flatnonzero(full))
        for at in np.flatnonzero(~full).tolist():
            yield _row_with_gaps(sets, int(numbers[at]), int(out[at]), digests[at], at)

    def _about(self, sets: PlainSets, group: str | None, lot: Lot) -> _About:
        key = sets.group.what.code, group
        if key not in self._abouts:
            self._abouts[key] = self._made_about(len(self._abouts), sets, lot)
        return self._abouts[key]

    def _made_about(self, number: int, sets: PlainSets, lot: Lot) -> _About:
        what = sets.group.what
        edition = self._editions.get(what.code, "")
        probe = ReadSet(lot.lot_no, what.code, edition or None, what.unit, (None,))
        made = judged(lot, probe, self._terms)
        clause, why = clause_for(self._terms.clauses.get(lot.pk, ()), what.code, edition)
        limits = limits_of(clause.params) if clause else None
        if limits is not None and limits.lower is None and limits.upper is None:
            why = "no_limit"
        verdict = NOT_JUDGED if why else IN
        return _About(
            number, what.code, edition, what.unit, clause.pk if clause else None, verdict, made.marks, {"why": why} if why else None,
            limits.lower if limits else None, limits.upper if limits else None,
        )  # fmt: skip

    @staticmethod
    def _out_counts(sets: PlainSets, abouts: Mapping[int, _About], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        out = np.zeros(len(numbers), dtype=np.int64)
        for number, about in abouts.items():
            if about.verdict != IN:
                continue
            for decimals in np.unique(sets.decimals).tolist():
                held = np.flatnonzero((numbers == number) & (sets.decimals == decimals))
                least, most = steps(about.lower, about.upper, decimals)
                readings = sets.numbers[held]
                out[held] = (((readings < least) | (readings > most)) & sets.taken[held]).sum(axis=1)
        return out


def _head_of(about: _About) -> str:
    """What of said_digest() is the same for all sets of one about: its words, put together without a detour."""
    return json.dumps([about.code, about.edition, about.unit], ensure_ascii=False, separators=(",", ":"))[1:-1]


def _about_row(about: _About) -> tuple[Any, ...]:
    details = json.dumps(about.details) if about.details else None
    return about.n, about.code, about.edition, about.unit, about.clause_id, about.verdict, list(about.marks), details


def _ids(many: int) -> NDArray[np.uint8]:
    """Ids of rows in the order in which they are written (UUID version 7), as bytes."""
    ids = np.frombuffer(bytearray(urandom(16 * many)), dtype=np.uint8).reshape(many, 16)
    ids[:, :6] = np.frombuffer((time_ns() // 1_000_000).to_bytes(6), dtype=np.uint8)
    counter = np.arange(many) * 4096 // max(many, 1)
    ids[:, 6], ids[:, 7] = 0x70 | counter >> 8, counter & 0xFF
    ids[:, 8] = 0x80 | ids[:, 8] & 0x3F
    return ids


def _full_rows(sets: PlainSets, abouts: NDArray[np.int64], out: NDArray[np.int64], digests: Sequence[bytes], which: NDArray[Any]) -> bytes:
    """Sets without gaps are all of one length, and so of one shape."""
    many = sets.numbers.shape[1]
    big = np.dtype(
        [
            ("fields", ">i2"), ("l1", ">i4"), ("lot", ">i4"), ("l2", ">i4"), ("about", ">i4"), ("l3", ">i4"), ("ndim", ">i4"), ("flags", ">i4"),
            ("oid", ">i4"), ("dim", ">i4"), ("first", ">i4"), ("values", [("len", ">i4"), ("value", ">i4")], (many,)), ("l4", ">i4"),
            ("decimals", ">i2"), ("l5", ">i4"), ("out", ">i2"), ("l6", ">i4"), ("said", "S16"), ("l7", ">i4"), ("id", "u1", 16),
        ]
    )  # fmt: skip
    rows = np.zeros(len(which), dtype=big)
    for name, value in (
        ("fields", 7), ("l1", 4), ("l2", 4), ("l3", 20 + 8 * many), ("ndim", 1), ("oid", _INT4), ("dim", many), ("first", 1), ("l4", 2), ("l5", 2),
        ("l6", 16), ("l7", 16), ("id", _ids(len(which))),
    ):  # fmt: skip
        rows[name] = value
    rows["lot"], rows["about"] = sets.rows[which], abouts[which]
    rows["values"]["len"], rows["values"]["value"] = 4, sets.numbers[which]
    rows["decimals"], rows["out"] = sets.decimals[which], out[which]
    # As bytes of a fixed length: an S16 of its own would drop noughts at the end.
    rows["said"] = np.frombuffer(b"".join([digests[at] for at in which.tolist()]), dtype="S16")
    return rows.tobytes()


def _row_with_gaps(sets: PlainSets, about: int, out: int, digest: bytes, at: int) -> bytes:
    taken, numbers = sets.taken[at].tolist(), sets.numbers[at].tolist()
    values = b"".join(
        [struct.pack(">ii", 4, number) if is_taken else struct.pack(">i", -1) for number, is_taken in zip(numbers, taken, strict=True)]
    )
    array = struct.pack(">iiiii", 1, 1, _INT4, len(numbers), 1) + values
    return b"".join(
        [
            struct.pack(">hiiiii", 7, 4, int(sets.rows[at]), 4, about, len(array)), array, struct.pack(">ih", 2, int(sets.decimals[at])),
            struct.pack(">ih", 2, out), struct.pack(">i", 16), digest, struct.pack(">i", 16), _ids(1).tobytes(),
        ]
    )  # fmt: skip
