"""Results of many series as arrays: one question for a block of suppliers, no row touched in Python.

A series that nobody touched since its lots were reckoned comes as it was kept; of the others the rows are read.

A row travels as words of four bytes: the hash of its series, its day and decimals, its lot, and its readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray

from agreements.models import Characteristic
from inspections.control_limits import FloatArray
from inspections.models import Lot
from inspections.series import MEASURED

IntArray = NDArray[np.int64]
SERIES = "hash_record_extended(row(supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin), 0)"
# Readings that only say "below" or "above" have no place among values; what was not taken is left out.
ROWS = f"""
select string_agg(
  int8send({SERIES}) || int4send((made_on - date '2000-01-01') * 8 + decimals) || uuid_send(lot_id) || array_send(array_remove(readings, null)),
  ''::bytea), count(*)
from inspections_characteristicresult
where replaced_by is null and width = 1 and supplier_org_id = any(%(suppliers)s) and characteristic_code = any(%(codes)s)
  and (qualifiers is null or not qualifiers && '{{<,<=,>,>=}}')
group by get_byte(uuid_send(supplier_org_id), 15) & 7
"""
# A lot of a series as it is kept: what the rules ask, and behind all lots of the series their ids, of which hardly any is ever asked.
KEPT = np.dtype([("day", "<i4"), ("n", "<i4"), ("mean", "<f8"), ("deviation", "<f8")])
LOT_SIZE = KEPT.itemsize + 16
# What one block needs is sorted and joined in memory; the settings end with the transaction.
ROOM = "select set_config('work_mem', '256MB', true), set_config('jit', 'off', true)"
# Lots that were reckoned before come ready, one series after the other, without their ids; `kept` says how many, -1 that the rows have
# to be read.
WATCHED = f"""
select string_agg(record_send(row(case when data is null then {SERIES} else 0 end, id, lots, coalesce(missing, -1)::int,
  coalesce(newest, '-infinity'), touched, coalesce(length(data) / %(size)s, -1))), ''::bytea), string_agg(data, ''::bytea)
from (
  select w.*, substring(l.data for length(l.data) / {LOT_SIZE} * {KEPT.itemsize}) as data from inspections_watchedseries w
  left join inspections_watchedlots l on l.series_id = w.id and l.touched = w.touched and l.supplier_org_id = any(%(suppliers)s)
  where w.supplier_org_id = any(%(suppliers)s) and w.characteristic_code = any(%(codes)s)
) w
"""
# The ids of a few of them: those that are signals, or stand in a series with change points.
NAMED = f"""
select string_agg(substring(l.data from length(l.data) / {LOT_SIZE} * {KEPT.itemsize} + 16 * v.place + 1 for 16), ''::bytea order by v.at)
from unnest(%(ids)t::uuid[], %(touched)t::int[], %(places)t::int[]) with ordinality as v (id, touched, place, at)
join inspections_watchedlots l on l.series_id = v.id and l.touched = v.touched
"""
STALE = (
    "select array_agg(distinct supplier_org_id), array_agg(distinct characteristic_code) from inspections_watchedseries where id = any(%s)"
)
# The words of one row: two of the hash, day and decimals in one, four of the lot, then the array: its dimensions (1, or 0 where it is
# empty), flags (0), the type of its elements (23), how many, the first index, and each with its length before it.
DAY, LOT, ARRAY, FIRST = 2, 3, 7, 13
ELEMENT = 23
DAYS, BEFORE = 2**22, 2**21  # more than the days of any calendar: series and day in one number, days before EPOCH too
EPOCH = date(2000, 1, 1)  # from which days are counted


PER_LOT = ("series", "days", "lots", "numbers", "means", "deviations")


class ReckonedMeanwhile(RuntimeError):
    """Somebody else kept lots of these series anew while they were looked at; what was seen is worth nothing, and is done again."""


@dataclass(frozen=True, eq=False)
class Block:
    """Lots of many series: `series` is the place in `known`; lots stand series by series in the order they were made, each with the
    number, the mean and the standard deviation of its readings. `starts` is the first lot of each series that has any; `anew` are the
    series whose rows were read."""

    known: NDArray[np.void]  # each series: its id, lots, missing and newest as they were kept, and how often it was touched
    series: IntArray
    days: IntArray
    lots: IntArray  # of a lot that was read its place in `ids`; of one that was kept -1 less its place among these
    numbers: IntArray
    means: FloatArray
    deviations: FloatArray
    anew: IntArray
    ids: NDArray[np.uint32]  # four words of each id of the lots that were read

    @cached_property
    def starts(self) -> IntArray:
        return np.flatnonzero(np.diff(self.series, prepend=-1))

    def series_id(self, number: int) -> UUID:
        return UUID(bytes=self.known["id"][number].tobytes())

    def lot_ids(self, places: Sequence[int] | IntArray) -> list[UUID]:
        """The ids of these lots. Those that were kept are asked for now, as the clock. Raises ReckonedMeanwhile."""
        wanted = self.lots[np.asarray(places, dtype=np.int64)]
        ids = np.zeros((len(wanted), 4), dtype=">u4")
        ids[wanted >= 0] = self.ids[wanted[wanted >= 0]]
        if (wanted < 0).any():
            ids[wanted < 0] = self._kept_ids(-1 - wanted[wanted < 0])
        data = ids.tobytes()
        return [UUID(bytes=data[at : at + 16]) for at in range(0, len(data), 16)]

    def _kept_ids(self, lots: IntArray) -> NDArray[np.uint32]:
        ends = np.cumsum(np.maximum(self.known["kept"], 0))
        series = np.searchsorted(ends, lots, side="right")
        asked = {
            "ids": as_array(self.known["id"][series].tolist()),
            "touched": as_array(self.known["touched"][series].tolist()),
            "places": as_array((lots - ends[series] + self.known["kept"][series]).tolist()),
        }
        (data,) = psycopg.Cursor(connection.connection).execute(NAMED, asked, binary=True).fetchone() or (None,)
        if len(data or b"") != 16 * len(lots):
            raise ReckonedMeanwhile
        return np.frombuffer(data or b"", dtype=">u4").reshape(-1, 4)


def as_array(values: Iterable[UUID | bytes | int]) -> str:
    """Ids (or whole numbers) as one array of PostgreSQL: ten thousand parameters cost more than most questions.

    >>> as_array([1, 2]), as_array([UUID(int=255)])
    ('{1,2}', '{000000000000000000000000000000ff}')
    """
    words = [one.hex if isinstance(one, UUID) else one.hex() if isinstance(one, bytes) else str(one) for one in values]
    return "{" + ",".join(words) + "}"


def measured_codes() -> list[str]:
    """The characteristics whose values may be averaged and charted."""
    return list(Characteristic.objects.filter(kind=MEASURED).values_list("code", flat=True))


def block_of(suppliers: Sequence[UUID], *, codes: Sequence[str] | None = None, most: int) -> Block:
    """Every measured series of these suppliers (of these characteristics alone), with its newest `most` lots. Run as the clock."""
    measured = measured_codes()
    asked = {"suppliers": list(suppliers), "codes": [code for code in measured if codes is None or code in codes], "size": KEPT.itemsize}
    cursor = psycopg.Cursor(connection.connection)
    cursor.execute(ROOM)
    told, data = cursor.execute(WATCHED, asked, binary=True).fetchone() or (None, None)
    known = np.frombuffer(told or b"", dtype=_SENT)
    kept = _kept(known, data or b"")
    anew = np.flatnonzero(known["kept"] < 0)
    return _newest(_together(kept, _read_anew(cursor, known, anew, asked)) if len(anew) else kept, most)


def _kept(known: NDArray[np.void], data: bytes) -> Block:
    """Lots as they were reckoned before."""
    lots = np.frombuffer(data, dtype=KEPT)
    series = np.repeat(np.arange(len(known)), np.maximum(known["kept"], 0))
    days, numbers, means, deviations = (np.ascontiguousarray(lots[name]) for name in ("day", "n", "mean", "deviation"))
    none = np.zeros(0, dtype=np.int64)
    return Block(
        known, series, days.astype(np.int64), -1 - np.arange(len(lots)), numbers.astype(np.int64), means, deviations, none, _NO_IDS
    )  # fmt: skip


def _read_anew(cursor: psycopg.Cursor[Any], known: NDArray[np.void], anew: IntArray, asked: dict[str, Any]) -> Block:
    """The lots of these series, out of their readings."""
    if len(anew) < len(known):
        ids = [UUID(bytes=each.tobytes()) for each in known["id"][anew]]
        suppliers, codes = cursor.execute(STALE, [ids]).fetchone() or ([], [])
        asked = {"suppliers": suppliers, "codes": codes}
    found = cursor.execute(ROWS, asked, binary=True).fetchall()
    parts = [part for blob, count in found for part in _parts(np.frombuffer(blob, dtype=">i4"), count)]
    return _block(parts or [_read(np.zeros((0, FIRST), dtype=">i4"))], known, anew)


def _together(one: Block, other: Block) -> Block:
    if not len(one.series):
        return other
    order = np.argsort(np.concatenate([one.series, other.series]), kind="stable")

    def both(name: str) -> Any:
        return np.concatenate([getattr(one, name), getattr(other, name)])[order]

    return replace(other, **{name: both(name) for name in PER_LOT})


_NO_IDS = np.zeros((0, 4), dtype=np.uint32)


def _sent(name: str, kind: str) -> list[tuple[Any, ...]]:
    """A column of a record as it is sent: its type and length stand in front of it."""
    return [(f"{name}_type", ">i4", 2), (name, kind)]


_SENT = np.dtype(
    [
        ("head", ">i4", 3), ("hash", ">i8"), *_sent("id", "V16"), *_sent("lots", ">i4"), *_sent("missing", ">i4"), *_sent("newest", ">i4"),
        *_sent("touched", ">i4"), *_sent("kept", ">i4"),
    ]
)  # fmt: skip


def _block(parts: Sequence[tuple[Any, ...]], known: NDArray[np.void], anew: IntArray) -> Block:
    hashes, days, lots, numbers, means, squares = (np.concatenate(column) for column in zip(*parts, strict=True))
    wanted = known["hash"][anew].astype(np.int64)
    by_hash = np.argsort(wanted)
    found = np.minimum(np.searchsorted(wanted, hashes, sorter=by_hash), len(wanted) - 1)
    series = by_hash[found]
    rows = np.flatnonzero(wanted[series] == hashes)  # the others are of series of the same firms that stand ready
    keys = anew[series[rows]] * DAYS + BEFORE + days[rows]
    order = _in_order(keys, lots[rows])
    rows = rows[order]
    return _lots(known, anew, keys[order], *(part[rows] for part in (lots, numbers, means, squares)))


def _parts(words: NDArray[np.int32], count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of one length at a time. Mostly all are of one; else their heads are looked for, and rows without a reading left out."""
    if len(words) % count == 0:
        rows = words.reshape(count, len(words) // count)
        if rows.shape[1] > FIRST and (rows[:, ARRAY : ARRAY + 3] == (1, 0, ELEMENT)).all():
            yield _read(rows)
            return
    # Between readings every other word is a length, 4: never a 0 followed by a 23.
    found = np.flatnonzero((words[2:] == ELEMENT) & (words[1:-1] == 0) & ((words[:-2] == 0) | (words[:-2] == 1)))
    if len(found) != count:
        raise ValueError(f"{count} rows were sent and {len(found)} found")
    starts = found - ARRAY
    lengths = np.diff(np.append(starts, len(words)))
    some = words[found] == 1
    for length in np.unique(lengths[some]).tolist():
        yield _read(words[starts[some & (lengths == length), None] + np.arange(length)])


def _read(rows: NDArray[np.int32]) -> tuple[Any, ...]:
    """Of rows of one length: hashes, days, lots, how many readings, their means and the sums of squares about them."""
    hashes = np.ascontiguousarray(rows[:, :2]).view(">i8")[:, 0].astype(np.int64)
    days = rows[:, DAY].astype(np.int64)
    values = rows[:, FIRST::2] / (10.0 ** (days & 7)[:, None])
    means = values.mean(axis=1) if len(rows) else np.zeros(0)
    values -= means[:, None]
    lots = rows[:, LOT : LOT + 4].astype(np.int32).view(np.uint32)
    return hashes, days >> 3, lots, np.full(len(rows), values.shape[1]), means, np.einsum("ij,ij->i", values, values)


def _in_order(keys: IntArray, lots: NDArray[np.uint32]) -> IntArray:
    """By series and day; of several lots of one day by their numbers, as every page shows them."""
    order = np.argsort(keys)
    same = keys[order][1:] == keys[order][:-1]
    if not same.any():
        return order
    twice = np.unique(np.concatenate([order[1:][same], order[:-1][same]]))
    ids = [UUID(bytes=lots[place].astype(">u4").tobytes()) for place in twice]
    numbers = dict(Lot.objects.filter(pk__in=set(ids)).values_list("pk", "lot_no"))
    ranks = {lot: rank for rank, lot in enumerate(sorted(set(ids), key=lambda lot: (numbers.get(lot, ""), str(lot))))}
    rank = np.zeros(len(keys), dtype=np.int64)
    rank[twice] = [ranks[lot] for lot in ids]
    return np.lexsort((rank, keys))


def _lots(
    known: NDArray[np.void],
    anew: IntArray,
    keys: IntArray,
    lots: NDArray[np.uint32],
    numbers: IntArray,
    means: FloatArray,
    squares: FloatArray,
) -> Block:
    """Rows of one lot joined: several samples, or several filings of one lot."""
    another = np.ones(len(keys), dtype=np.bool_)
    another[1:] = (keys[1:] != keys[:-1]) | (lots[1:] != lots[:-1]).any(axis=1)
    first = np.flatnonzero(another)
    if len(first) < len(keys):
        of = np.cumsum(another) - 1
        n = np.add.reduceat(numbers, first)
        mean = np.add.reduceat(numbers * means, first) / n
        squares = np.add.reduceat(squares + numbers * (means - mean[of]) ** 2, first)
        keys, lots, numbers, means = keys[first], lots[first], n, mean
    with np.errstate(invalid="ignore", divide="ignore"):
        deviations = np.where(numbers > 1, np.sqrt(squares / (numbers - 1)), np.nan)
    return Block(known, keys // DAYS, keys % DAYS - BEFORE, np.arange(len(keys)), numbers, means, deviations, anew, lots)


def _newest(block: Block, most: int) -> Block:
    starts = block.starts
    lengths = np.diff(np.append(starts, len(block.series)))
    if not len(lengths) or lengths.max() <= most:
        return block
    ends = np.repeat(starts + lengths, lengths)
    kept = ends - np.arange(len(block.series)) <= most
    return replace(block, **{name: getattr(block, name)[kept] for name in PER_LOT})
