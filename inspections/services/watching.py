"""Series are watched: what was filed is looked at soon after, everything once a night. The clock's work, safe to repeat and to kill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from agreements.models import Characteristic
from foundation.actor import CLOCK, Hat, acting_as
from inspections.models import ChangePoint, CharacteristicResult, WatchedSeries
from inspections.seen import Seen, charted, colour_signals, likeness
from inspections.selectors.blocks import EPOCH, as_array, block_of
from inspections.selectors.lot_to_lot import with_lot_limits
from inspections.selectors.series import LIMIT, bounds_of_clauses, key_of, series_by_key
from inspections.selectors.series_like import known_keys
from inspections.series import COLOUR, MEASURED, NO_BOUNDS, Series
from inspections.services.lots_kept import keep_lots
from inspections.services.signals_kept import Signals, keep_signals
from inspections.services.telling_clauses import tell_clauses
from inspections.signals import BIAS_CHANCE, CHARTED, DRIFTS, Found, Kind, bias_of, certainty_of, harm_of
from jobs.services import once, put_outbox

WATCH, WATCH_ALL, WATCH_BLOCK = "inspections.watch", "inspections.watch_all", "inspections.watch_block"
AT_ONCE = 60  # series that one transaction looks at after filing
NIGHT_ROWS = 400_000  # lots, about, in one block of the night
NIGHT_FROM = 1  # o'clock
NIGHT_HANDS = 2
KEY = ("supplier_org_id", "owner_org_id", "characteristic_code", "product_code", "edition_code", "unit", "origin")
LIKENESS_KINDS = (Kind.REPEATED, Kind.DIGITS)
OTHERS = ("customer", "lab")


def watch_soon(*, key: str) -> None:
    """Ask for a look at what was just filed, once this transaction has committed. Without it the next tick looks."""
    with acting_as(Hat.CLOCK):
        put_outbox(WATCH, key=key)


def watch_due(*, now: datetime, most: int = 1_000) -> int:
    """Look at every series that was touched, in `most` portions at most; returns how many. What two workers take at once is shared."""
    done = 0
    for _portion in range(most):
        taken = _watch_some(now)
        done += taken
        if taken < AT_ONCE:
            break
    return done


@transaction.atomic
def _watch_some(now: datetime) -> int:
    with acting_as(Hat.CLOCK):
        rows = WatchedSeries.objects.select_for_update(skip_locked=True, no_key=True).filter(is_due=True)
        due = list(rows.order_by("supplier_org_id", "id")[:AT_ONCE])
        if due:
            WatchedSeries.objects.filter(pk__in=[row.pk for row in due]).update(is_due=False)
            keep_signals(_seen_in(due), now=now)
            tell_clauses(due, now=now)
    return len(due)


def _seen_in(due: Sequence[WatchedSeries]) -> Signals:
    """Everything that stands in these series now, and how many lots each has."""
    kinds = dict(Characteristic.objects.filter(pk__in={row.characteristic_code for row in due}).values_list("code", "kind"))
    signals = Signals({row.pk: row for row in due}, Q(series__in=due), {str(Kind.OUT_OF_LIMITS)})
    _count(due, signals)
    _out_of_limits(due, signals)
    measured = [row for row in due if kinds.get(row.characteristic_code) == MEASURED]
    if measured:
        signals.judged |= {*CHARTED, *LIKENESS_KINDS, Kind.OWN_BIAS}
        see_charts(measured, signals)
    coloured = [row for row in due if kinds.get(row.characteristic_code) == COLOUR]
    if coloured:
        signals.judged |= {*DRIFTS, Kind.LOT_TO_LOT}
    _see_one_by_one(measured, coloured, signals)
    return signals


def see_charts(rows: Sequence[WatchedSeries], signals: Signals) -> None:
    """The default rules on these measured series."""
    block = block_of(sorted({row.supplier_org_id for row in rows}), codes=sorted({row.characteristic_code for row in rows}), most=LIMIT)
    keep_lots(block)
    only = {row.pk for row in rows}
    found = charted(block, _cuts(Q(pk__in=only), _points(rows)), only)
    for number, at in zip(found.series.tolist(), range(len(found.series)), strict=True):
        if (series_id := block.series_id(number)) in only:
            day = EPOCH + timedelta(days=int(found.newest[at]))
            signals.counts[series_id] = (int(found.lots[at]), int(found.missing[at]), day)
    _weigh(found.seen, signals)


def _points(rows: Iterable[WatchedSeries]) -> list[ChangePoint]:
    return list(ChangePoint.objects.filter(_which(rows), undone_at=None).order_by("made_on"))


def _cuts(among: Q, points: Sequence[ChangePoint]) -> dict[UUID, list[tuple[UUID, int]]]:
    """series -> its change points, each with its lot and that lot's day."""
    by_key: dict[tuple[Any, ...], list[tuple[UUID, int]]] = defaultdict(list)
    for point in points:
        place = (UUID(str(point.lot_id)), (point.made_on - EPOCH).days)
        by_key[point.supplier_org_id, point.owner_org_id, point.product_code, point.characteristic_code].append(place)
    if not by_key:
        return {}
    told = {"supplier_org_id__in": {each[0] for each in by_key}, "characteristic_code__in": {each[3] for each in by_key}}
    keys = WatchedSeries.objects.filter(among, **told).values_list(
        "pk", "supplier_org_id", "owner_org_id", "product_code", "characteristic_code"
    )
    return {pk: by_key[tuple(named)] for pk, *named in keys if tuple(named) in by_key}


def _weigh(seen: Sequence[Seen], signals: Signals) -> None:
    """Harm from what was agreed for the lot of each signal; readings that are out have a signal of their own."""
    if not seen:
        return
    rows = CharacteristicResult.objects.filter(replaced_by=None, clause_id__isnull=False).extra(
        where=["lot_id = any(%s::uuid[])", "characteristic_code = any(%s)"],
        params=[as_array({one.lot_id for one in seen}), list({signals.of[one.series_id].characteristic_code for one in seen})],
    )
    clauses = {
        (lot, code, edition): clause
        for lot, code, edition, clause in rows.values_list("lot_id", "characteristic_code", "edition_code", "clause_id")
        if clause
    }
    bounds = bounds_of_clauses(CLOCK, clauses.values())
    for one in seen:
        row = signals.of[one.series_id]
        clause = clauses.get((one.lot_id, row.characteristic_code, row.edition_code))
        asked = bounds.get(clause, NO_BOUNDS) if clause else NO_BOUNDS
        harm = 2 if one.kind == Kind.EVEN else min(3, harm_of(one.value, one.centre, asked.lower, asked.upper))
        signals.add(one.series_id, one.lot_id, Found(one.kind, one.facts, harm, certainty_of(one.chance)))


def _which(rows: Iterable[WatchedSeries]) -> Q:
    """The results of these series and of a few like them: their firms and characteristics. What is too much is left by its key."""
    return Q(supplier_org_id__in={row.supplier_org_id for row in rows}) & Q(
        characteristic_code__in={row.characteristic_code for row in rows}
    )


def _count(due: Sequence[WatchedSeries], signals: Signals) -> None:
    """How many lots each series has, for those without a chart too."""
    found = CharacteristicResult.objects.filter(_which(due), replaced_by=None).order_by().values_list(*KEY)
    counts = {row[: len(KEY)]: row[len(KEY) :] for row in found.annotate(n=Count("lot_id", distinct=True), newest=Max("made_on"))}
    for row in due:
        lots, newest = counts.get(key(row), (0, None))
        signals.counts[row.pk] = (lots, None, newest)


def key(row: Any) -> tuple[Any, ...]:
    """What names a series, with its unit."""
    return tuple(getattr(row, name) for name in KEY)


def _out_of_limits(due: Sequence[WatchedSeries], signals: Signals) -> None:
    """Every lot with a reading beyond what was agreed."""
    of = {key(row): row.pk for row in due}
    out = CharacteristicResult.objects.filter(_which(due), replaced_by=None, verdict=CharacteristicResult.Verdict.OUT).order_by()
    found = out.values_list(*KEY, "lot_id").annotate(out=Sum("out_count"))
    for *named, lot_id, count in found:
        if (series_id := of.get(tuple(named))) is not None:
            signals.add(series_id, lot_id, Found(Kind.OUT_OF_LIMITS, {"out": int(count)}, 4, 3))


def _see_one_by_one(measured: Sequence[WatchedSeries], coloured: Sequence[WatchedSeries], signals: Signals) -> None:
    """What is asked of one series at a time: likeness, bias, colours."""
    rows = {row.pk: key_of(row) for row in [*measured, *coloured]}
    loaded = series_by_key(CLOCK, sorted(set(rows.values()), key=str)) if rows else {}
    for row in measured:
        series = loaded.get(rows[row.pk])
        if series is not None and series.unit == row.unit and row.origin != CharacteristicResult.Origin.CUSTOMER:
            for lot_id, found in likeness(series):
                signals.add(row.pk, lot_id, found)
    for row in coloured:
        series = loaded.get(rows[row.pk])
        if series is not None and series.unit == row.unit:
            for lot_id, found in colour_signals(with_lot_limits(series)):
                signals.add(row.pk, lot_id, found)
    _see_bias(measured, loaded, signals)


def _see_bias(measured: Sequence[WatchedSeries], loaded: Mapping[Any, Series], signals: Signals) -> None:
    """Own tests against those of the customer and of laboratories, on the lots that both tested."""
    own = {key_of(row): row for row in measured if row.origin == CharacteristicResult.Origin.SELF and key_of(row) in loaded}
    wanted = known_keys(own.values(), OTHERS)
    for other, series in series_by_key(CLOCK, sorted(wanted, key=str)).items() if wanted else ():
        mine = other._replace(origin=CharacteristicResult.Origin.SELF.value)
        if mine in own and series.unit == loaded[mine].unit == own[mine].unit and (found := _bias(loaded[mine], series, other.origin)):
            signals.add(own[mine].pk, None, found, key=other.origin)


def _bias(own: Series, others: Series, origin: str) -> Found | None:
    mine = {lot: float(each.mean()) for lot, each in zip(own.lots, own.readings, strict=True) if len(each)}
    theirs = {lot: float(each.mean()) for lot, each in zip(others.lots, others.readings, strict=True) if len(each) and lot in mine}
    bias = bias_of(np.array([mine[lot] for lot in theirs]), np.array(list(theirs.values())))
    if bias is None or bias.chance >= BIAS_CHANCE:
        return None
    facts = {"n": bias.n, "mean": f"{bias.mean:.4g}", "low": f"{bias.low:.4g}", "high": f"{bias.high:.4g}", "others": origin}
    return Found(Kind.OWN_BIAS, facts, 2, certainty_of(bias.chance))


def ask_for_the_night(*, now: datetime) -> bool:
    """Ask once a day, after one o'clock, for a look at every series."""
    local = timezone.localtime(now)
    if local.hour < NIGHT_FROM:
        return False
    with acting_as(Hat.CLOCK):
        put_outbox(WATCH_ALL, key=f"watch-all:{local.date()}", patient=True, day=local.date().isoformat())
    return True


def watch_all(*, now: datetime, day: date, hands: int = 1) -> int:
    """Every charted series, block by block of suppliers; each block a transaction of its own that is done once a night.

    Killed and begun again, it goes on with the first block that did not commit. Returns how many series were looked at.
    """
    return sum(each_block(lambda suppliers: _watch_block(suppliers, now, day), hands))


def each_block(look: Callable[[list[UUID]], int], hands: int) -> Iterator[int]:
    """What `look` says of each block of the night, `hands` at a time: while one waits for the database, another reckons.

    More than one work in threads, each with a connection of its own that it closes.
    """
    if hands == 1:
        yield from map(look, night_blocks())
        return

    def alone(suppliers: list[UUID]) -> int:
        try:
            return look(suppliers)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        yield from pool.map(alone, night_blocks())


def night_blocks() -> list[list[UUID]]:
    """Suppliers by the block; a supplier's series are never cut."""
    with acting_as(Hat.CLOCK):
        sizes = (
            WatchedSeries.objects.order_by("supplier_org_id").values_list("supplier_org_id").annotate(lots=Sum("lots"), series=Count("pk"))
        )
        found = [(supplier, max(lots or 0, series * 25)) for supplier, lots, series in sizes]
    blocks: list[list[UUID]] = []
    room = 0
    for supplier, size in found:
        if not blocks or size > room:
            blocks.append([])
            room = NIGHT_ROWS
        blocks[-1].append(supplier)
        room -= size
    return blocks


@transaction.atomic
def _watch_block(suppliers: Sequence[UUID], now: datetime, day: date) -> int:
    with acting_as(Hat.CLOCK):
        if not once(WATCH_BLOCK, f"{day}:{suppliers[0]}", now=now):
            return 0
        signals = charts_of(suppliers)
        keep_signals(signals, now=now)
    return signals.looked_at


def charts_of(suppliers: Sequence[UUID]) -> Signals:
    """From rows to flags: every charted series of these suppliers, in blocks of arrays; lots are reckoned once. Run as the clock."""
    block = block_of(suppliers, most=LIMIT)
    keep_lots(block)
    points = list(ChangePoint.objects.filter(supplier_org_id__in=suppliers, undone_at=None).order_by("made_on"))
    found = charted(block, _cuts(Q(supplier_org_id__in=suppliers), points))
    signals = Signals({}, Q(supplier_org_id__in=suppliers), {str(kind) for kind in CHARTED})
    signals.looked_at = len(found.series)
    for at in np.flatnonzero(found.changed(block)).tolist():
        day = EPOCH + timedelta(days=int(found.newest[at]))
        signals.counts[block.series_id(int(found.series[at]))] = (int(found.lots[at]), int(found.missing[at]), day)
    ids = as_array({one.series_id for one in found.seen})
    signals.of = {row.pk: row for row in WatchedSeries.objects.extra(where=["id = any(%s::uuid[])"], params=[ids])}
    _weigh(found.seen, signals)
    return signals
