"""Series as they are kept: which there are, and one or several with their readings, their bounds and their change points.

A series is one characteristic of one product from one supplier, by one edition and one origin, for one customer. What was filed by
another edition, origin or unit is another series: it is never joined in silence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import accumulate, chain
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import F, FloatField, Func, Q, Window
from django.db.models.functions import DenseRank, RowNumber

from agreements.models import Characteristic, Clause, SealedSample
from foundation.actor import Actor
from inspections.judging import limits_of
from inspections.models import ChangePoint, CharacteristicResult, Signal, WatchedSeries
from inspections.selectors.signals import STATES, visible_signals
from inspections.series import COLOUR, NO_BOUNDS, Bounds, Change, Series

LIMIT = 400  # lots of one series that a page shows
FILINGS = 4  # rows of one lot that are reckoned with
MOST_FILINGS = 200  # rows of one lot, the newest, where one was filed so often that it would crowd out others


Read = tuple[np.ndarray[Any, np.dtype[np.float64]], tuple[str, ...] | None]


class Key(NamedTuple):
    """What names a series. `owner_org_id` None: the supplier's own lots."""

    supplier_org_id: UUID
    owner_org_id: UUID | None
    product_code: str
    characteristic: str
    edition: str
    origin: str


def series_of(actor: Actor, key: Key, *, limit: int = LIMIT) -> Series:
    """The newest lots of one series, in the order they were made; without lots where the actor sees none.

    Four questions at most, and one more where a lot was filed very often.
    """
    return series_by_key(actor, [key], limit=limit)[key]


def series_by_key(actor: Actor, keys: Sequence[Key], *, limit: int = LIMIT) -> dict[Key, Series]:
    """Several series at once, each with its newest lots: four questions, however many series."""
    rows = _rows(actor, keys, limit)
    kinds = {row.code: row for row in Characteristic.objects.filter(pk__in={key.characteristic for key in keys})}
    bounds = bounds_of_clauses(actor, {row.clause_id for each in rows.values() for row in each if row.clause_id})
    changes = _changes(actor, keys)
    return {
        key: _series(key, rows.get(key, []), kinds[key.characteristic], bounds, changes.get(_of(key), []), limit)
        for key in keys
        if key.characteristic in kinds
    }


def known_series(
    actor: Actor, *, characteristic: str = "", after: tuple[str, UUID] | None = None, limit: int = 0, **of: Any
) -> list[WatchedSeries]:
    """The series that the actor sees, by characteristic; `of` narrows by fields of the key. One question."""
    rows = WatchedSeries.objects.visible_to(actor).filter(**of).order_by("characteristic_code", "id")
    if characteristic:
        rows = rows.filter(characteristic_code=characteristic)
    if after is not None:
        code, last = after
        rows = rows.filter(characteristic_code__gte=code).filter(Q(characteristic_code__gt=code) | Q(id__gt=last))
    return list(rows[:limit] if limit else rows)


def open_signals(actor: Actor, rows: Iterable[WatchedSeries], *, limit: int = 5) -> list[Signal]:
    """What of these series still waits for somebody to look, the most harmful and certain first."""
    found = visible_signals(actor).filter(STATES["open"], series_id__in=[row.pk for row in rows])
    return list(found.order_by("-rank", "-id")[:limit])


def key_of(row: WatchedSeries) -> Key:
    """The key of a series as it is watched; its unit is no part of it."""
    return Key(row.supplier_org_id, row.owner_org_id, row.product_code, row.characteristic_code, row.edition_code, row.origin)


def standard_of(actor: Actor, key: Key, series: Series) -> tuple[float, float, float] | None:
    """L*a*b* of the sealed sample of this product and colour that binds on the newest lot's day, or that bound last before it."""
    if key.owner_org_id is None or not len(series):
        return None
    rows = SealedSample.objects.visible_to(actor).filter(
        owner_org_id=key.owner_org_id, supplier_org_id=key.supplier_org_id, product=series.product, colour=series.colours[-1],
        sealed_on__isnull=False, sealed_on__lte=series.made_on[-1],
    )  # fmt: skip
    found = rows.order_by("-sealed_on", "-id").values_list("lab_l", "lab_a", "lab_b").first()
    return (float(found[0]), float(found[1]), float(found[2])) if found else None


_KEY = ("supplier_org_id", "owner_org_id", "product_code", "characteristic_code", "edition_code", "origin")
# As seconds: to read so many moments, each with its zone, would cost more than all readings.
_SECONDS = Func(F("received_at"), template="extract(epoch from %(expressions)s)::float8", output_field=FloatField())


class _Row(NamedTuple):
    """One result as it is asked for: its lot, its readings as scaled integers, when it came in, and the names that its lot has."""

    lot_id: UUID
    made_on: date
    readings: list[Any]  # None: not taken
    decimals: int
    width: int
    qualifiers: list[str] | None
    unit: str
    clause_id: UUID | None
    seconds: float
    lot_no: str
    colour: str
    product: str
    supplier_zh: str
    supplier_en: str
    owner_zh: str
    owner_en: str


_OF_LOT = {"supplier_zh": "supplier_name_zh", "supplier_en": "supplier_name_en", "owner_zh": "owner_name_zh", "owner_en": "owner_name_en"}
_ROW = (*_Row._fields[:9], *(f"lot__{_OF_LOT.get(name, name)}" for name in _Row._fields[9:]))


def _rows(actor: Actor, keys: Sequence[Key], limit: int) -> dict[Key, list[_Row]]:
    """The rows of the newest lots of each series, newest first. Lots that were filed very often are asked for anew, each by itself."""
    most = limit * FILINGS
    found = _newest(actor, keys, most)
    for key, rows in found.items():
        if len(rows) == most and len({row.lot_id for row in rows}) <= limit:  # it was cut within these lots
            found[key] = _lot_by_lot(actor, key, limit)
    return found


def _of_keys(actor: Actor, keys: Iterable[Key]) -> Any:
    """The results of these series that stand."""
    which = Q(pk=None)
    for key in keys:
        which |= (
            Q(**dict(zip(_KEY, key, strict=True)))
            if key.owner_org_id
            else Q(owner_org_id=None, **{n: v for n, v in zip(_KEY, key, strict=True) if n != "owner_org_id"})
        )
    return CharacteristicResult.objects.visible_to(actor).filter(which, replaced_by=None).annotate(seconds=_SECONDS)


def _lot_by_lot(actor: Actor, key: Key, limit: int) -> list[_Row]:
    by_lot = [F("made_on").desc(), F("lot__lot_no").desc(), F("lot_id").desc()]
    rows = _of_keys(actor, [key]).annotate(
        lot_place=Window(DenseRank(), order_by=by_lot), place=Window(RowNumber(), partition_by=[F("lot_id")], order_by=[F("id").desc()])
    )
    rows = rows.filter(lot_place__lte=limit, place__lte=MOST_FILINGS).order_by("-made_on", "-lot__lot_no", "-id")
    return [*map(_Row._make, rows.values_list(*_ROW))]


def _newest(actor: Actor, keys: Sequence[Key], most: int) -> dict[Key, list[_Row]]:
    """The newest rows of each series, newest first, and no more of each."""
    rows = _of_keys(actor, keys)
    if len(keys) == 1:
        rows = rows.order_by("-made_on", "-lot__lot_no", "-id")[:most]
    else:
        place = Window(
            RowNumber(), partition_by=[F(name) for name in _KEY], order_by=[F("made_on").desc(), F("lot_id").desc(), F("id").desc()]
        )
        rows = rows.annotate(place=place).filter(place__lte=most).order_by("-made_on", "-lot__lot_no", "-id")
    if len(keys) == 1:  # nothing is to be told apart
        return {keys[0]: [*map(_Row._make, rows.values_list(*_ROW))]}
    found: dict[Key, list[_Row]] = defaultdict(list)
    for row in rows.values_list(*_KEY, *_ROW):
        found[Key(*row[: len(_KEY)])].append(_Row._make(row[len(_KEY) :]))
    return found


def _series(
    key: Key, rows: list[_Row], what: Characteristic, bounds: Mapping[UUID, Bounds], changes: list[ChangePoint], limit: int
) -> Series:
    """Rows of one series, newest first, as a series of lots, oldest first. Of several units the commonest is shown."""
    unit = Counter(row.unit for row in rows).most_common(1)[0][0] if rows else what.unit
    lots: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.unit == unit and row.readings.count(None) < len(row.readings):
            lots[row.lot_id].append(row)
    chosen = list(lots.items())[:limit][::-1]
    chosen.sort(key=lambda pair: (pair[1][0].made_on, pair[1][0].lot_no))
    read = _all_readings([filed[::-1] for _lot, filed in chosen], what.kind)
    series = Series(
        characteristic=key.characteristic, kind=what.kind, unit=unit,
        decimals=max((row.decimals for row in rows), default=what.decimals),
        lots=tuple(lot for lot, _filed in chosen),
        lot_nos=tuple(filed[0].lot_no for _lot, filed in chosen),
        made_on=tuple(filed[0].made_on for _lot, filed in chosen),
        readings=tuple(values for values, _signs in read),
        qualifiers=tuple(signs for _values, signs in read),
        bounds=tuple(_bounds_of(filed, bounds) for _lot, filed in chosen),
        colours=tuple(filed[0].colour for _lot, filed in chosen),
        received=tuple(max(row.seconds for row in filed) for _lot, filed in chosen),
        **(_names(chosen[-1][1][0]) if chosen else {}),
    )  # fmt: skip
    return replace(series, changes=_placed(series, key, changes), formula=series.agreed.formula)


def _names(row: _Row) -> dict[str, Any]:
    return {"product": row.product, "supplier": (row.supplier_zh, row.supplier_en), "owner": (row.owner_zh, row.owner_en)}


def _all_readings(lots: list[list[_Row]], kind: str) -> list[Read]:
    """_readings() of every lot. Those that were filed once, with every reading a number, are nearly all: they are read in one go."""
    plain = [filed[0] for filed in lots if len(filed) == 1 and filed[0].qualifiers is None and None not in filed[0].readings]
    if kind == COLOUR or len(plain) < len(lots):
        return [_readings(filed, kind) for filed in lots]
    sizes = [len(row.readings) for row in plain]
    scales = np.repeat([10.0 ** row.decimals for row in plain], sizes)
    values = np.array([*chain.from_iterable(row.readings for row in plain)], dtype=np.float64) / scales
    return [(values[end - size : end], None) for size, end in zip(sizes, accumulate(sizes), strict=True)]


def _readings(filed: list[_Row], kind: str) -> Read:
    """All readings of a lot in the order they were filed, and what stands before them; what was not taken is left out."""
    values: list[float] = []
    signs: list[str] = []
    censored = False
    for row in filed:
        scale = 10.0 ** row.decimals
        marks = row.qualifiers or ["="] * len(row.readings)
        if kind == COLOUR and row.width == 3:
            whole = [place for place in range(0, len(row.readings) - 2, 3) if None not in row.readings[place : place + 3]]
            values += [value / scale for place in whole for value in row.readings[place : place + 3]]
            continue
        for value, sign in zip(row.readings, marks, strict=False):
            if value is not None:
                values.append(value / scale)
                signs.append(sign)
                censored = censored or sign != "="
    array = np.array(values, dtype=np.float64)
    return (array.reshape(-1, 3) if kind == COLOUR else array), (tuple(signs) if censored else None)


def _bounds_of(filed: list[_Row], bounds: Mapping[UUID, Bounds]) -> Bounds:
    if not bounds:
        return NO_BOUNDS
    return next((bounds[row.clause_id] for row in filed if row.clause_id is not None and row.clause_id in bounds), NO_BOUNDS)


def _placed(series: Series, key: Key, changes: Iterable[ChangePoint]) -> tuple[Change, ...]:
    """Change points at the place of their first lot in this series; a lot that it lacks counts by its day."""
    at = {lot: place for place, lot in enumerate(series.lots)}
    found = []
    for change in changes:
        # Said before the customer was shown these results, it stays the supplier's own, and counts for the supplier by its lot alone.
        if change.owner_org_id != key.owner_org_id and change.lot_id not in at:
            continue
        place = at.get(change.lot_id, next((i for i, day in enumerate(series.made_on) if day >= change.made_on), len(series)))
        if 0 < place < len(series):
            found.append(Change(place, change.cause, change.pk, change.note, change.said_by))
    return tuple(sorted(found, key=lambda one: one.at))


def changes_of(actor: Actor, key: Key, series: Series) -> list[ChangePoint]:
    """The change points of a series that stand, oldest first."""
    counted = {change.id for change in series.changes}
    return [point for point in _changes(actor, [key]).get(_of(key), []) if point.pk in counted]


def _of(key: Key) -> tuple[Any, ...]:
    return key.supplier_org_id, key.product_code, key.characteristic


def _changes(actor: Actor, keys: Sequence[Key]) -> dict[tuple[Any, ...], list[ChangePoint]]:
    rows = ChangePoint.objects.visible_to(actor).filter(
        undone_at=None,
        supplier_org_id__in={key.supplier_org_id for key in keys},
        characteristic_code__in={key.characteristic for key in keys},
    )
    found: dict[tuple[Any, ...], list[ChangePoint]] = defaultdict(list)
    for row in rows.order_by("made_on", "at"):
        found[row.supplier_org_id, row.product_code, row.characteristic_code].append(row)
    return found


def bounds_of_clauses(actor: Actor, clause_ids: Iterable[UUID]) -> dict[UUID, Bounds]:
    """What each clause asks, as numbers. One question."""
    ids = set(clause_ids)
    return (
        {clause.pk: bounds_of_params(clause.params, clause.pk) for clause in Clause.objects.visible_to(actor).filter(pk__in=ids)}
        if ids
        else {}
    )


def bounds_of_params(params: Mapping[str, Any], clause_id: UUID | None = None) -> Bounds:
    """The parameters of a clause on a characteristic as numbers; a grade stands at its half step."""
    limits = limits_of(params)
    more = {name: _number(params.get(name)) for name in ("target", "cv_max", "lot_delta_e_max", "ppk_min")}
    return Bounds(
        lower=_number(limits.lower), upper=_number(limits.upper), **more, clause_id=clause_id, source=str(params.get("source") or ""),
        formula=limits.formula.lower(),
    )  # fmt: skip


def _number(said: Any) -> float | None:
    try:
        return None if said in (None, "") else float(Decimal(str(said)))
    except InvalidOperation:
        return None
