"""Signals as rows: new ones raised, those that no longer stand withdrawn and kept, firms told. Run as the clock, safe to repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from foundation.actor import Hat
from inspections.models import ChangePoint, CharacteristicResult, Lot, Signal, WatchedSeries
from inspections.signals import LIKENESS, LIKENESS_WAITS, OWNER_SEES_AFTER, Found, Kind
from notices.services import close_todo, put_todo, tell

BATCH = 2_000
TODO = "signals_to_look_at"
TOLD = "reading_out_of_limits"
Place = tuple[UUID, UUID | None, str, str]  # series, lot, kind, key
WEIGHED = ("facts", "harm", "certainty", "rank")


@dataclass
class Signals:
    """What was seen in some series. Among the signals that `standing` names, those of the kinds `judged` and not seen are withdrawn.

    `of` has at least every series with something seen; `counts` its lots, those missing until there are limits, and its newest day.
    """

    of: dict[UUID, WatchedSeries]
    standing: Q
    judged: set[str]
    found: dict[Place, Found] = field(default_factory=dict)
    counts: dict[UUID, tuple[int, int | None, date | None]] = field(default_factory=dict)
    looked_at: int = 0

    def add(self, series_id: UUID, lot_id: UUID | None, found: Found, *, key: str = "") -> None:
        self.found[series_id, lot_id, str(found.kind), key] = found


def keep_signals(signals: Signals, *, now: datetime) -> None:
    """Raise what is new, withdraw what no longer stands, and tell whoever has something new to look at."""
    _keep_counts(signals)
    rows = Signal.objects.filter(signals.standing, kind__in=signals.judged, series__isnull=False)
    standing = {(UUID(str(row.series_id)), row.lot_id, row.kind, row.key): row for row in rows}
    raised = _raise(signals, [place for place in signals.found if place not in standing], now)
    gone = [row for place, row in standing.items() if place not in signals.found and row.withdrawn_at is None]
    _withdraw(gone, now)
    back = [row for place, row in standing.items() if place in signals.found and row.withdrawn_at is not None]
    _bring_back(back)
    _weigh_again(signals, standing)
    _tell(raised, now)
    settle_todos({(row.supplier_org_id, row.owner_org_id) for row in [*gone, *back, *raised]}, now)


COUNTED = """
update inspections_watchedseries w set lots = v.lots, missing = v.missing, newest = v.newest
from unnest(%s::uuid[], %s::int[], %s::int[], %s::date[]) as v (id, lots, missing, newest)
where w.id = v.id and (w.lots, w.missing, w.newest) is distinct from (v.lots, v.missing, v.newest)
"""


def _keep_counts(signals: Signals) -> None:
    if signals.counts:
        lots, missing, newest = (list(column) for column in zip(*signals.counts.values(), strict=True))
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, [list(signals.counts), lots, missing, newest])


def _raise(signals: Signals, places: Sequence[Place], now: datetime) -> list[Signal]:
    lots = Lot.objects.in_bulk({lot_id for _series, lot_id, _kind, _key in places if lot_id})
    names = lots or {}
    newest = _newest_lots({series for series, lot_id, _kind, _key in places if lot_id is None}, signals)
    rows = []
    for place in places:
        series_id, lot_id, _kind, key = place
        lot = names.get(lot_id) if lot_id else newest.get(series_id)
        if lot is not None:
            rows.append(_row(signals.of[series_id], lot, lot_id, signals.found[place], key, now))
    Signal.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return rows


def _newest_lots(series_ids: set[UUID], signals: Signals) -> dict[UUID, Lot]:
    """A lot of each series, for its names, where a signal is of no lot in particular."""
    found = {}
    for series_id in series_ids:
        row = signals.of[series_id]
        of = {name: getattr(row, name) for name in ("supplier_org_id", "owner_org_id", "characteristic_code", "product_code")}
        last = CharacteristicResult.objects.filter(replaced_by=None, **of).select_related("lot").order_by("-made_on", "-id").first()
        if last is not None:
            found[series_id] = last.lot
    return found


def _row(series: WatchedSeries, lot: Lot, lot_id: UUID | None, found: Found, key: str, now: datetime) -> Signal:
    due, sees = shown_to_owner(series, str(found.kind), now)
    return Signal(
        series=series, lot_id=lot_id, owner_org_id=series.owner_org_id, supplier_org_id=series.supplier_org_id,
        owner_name_zh=lot.owner_name_zh, owner_name_en=lot.owner_name_en, supplier_name_zh=lot.supplier_name_zh,
        supplier_name_en=lot.supplier_name_en, product=lot.product, characteristic_code=series.characteristic_code,
        lot_no=lot.lot_no if lot_id else "", made_on=lot.made_on if lot_id else None, kind=found.kind, key=key, facts=dict(found.facts),
        harm=found.harm, certainty=found.certainty, rank=found.harm * found.certainty, found_at=now, owner_due_at=due, owner_sees_at=sees,
        is_demo=lot.is_demo,
    )  # fmt: skip


def shown_to_owner(series: WatchedSeries, kind: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When the customer is to see it, and whether it sees it now: a reading that is out, and what it measured itself, at once."""
    if series.owner_org_id is None:
        return None, None
    if kind == Kind.OUT_OF_LIMITS or series.origin == CharacteristicResult.Origin.CUSTOMER:
        return now, now
    return now + (LIKENESS_WAITS if kind in LIKENESS else OWNER_SEES_AFTER), None


def _withdraw(rows: Sequence[Signal], now: datetime) -> None:
    """What no longer stands stays readable. The reason is the change point where one was said since."""
    if not rows:
        return
    points = ChangePoint.objects.filter(supplier_org_id__in={row.supplier_org_id for row in rows}, undone_at=None)
    begun = {(point.supplier_org_id, point.owner_org_id, point.characteristic_code): point.at for point in points.order_by("at")}
    for row in rows:
        said = begun.get((row.supplier_org_id, row.owner_org_id, row.characteristic_code))
        row.withdrawn_at = now
        row.withdrawn_why = Signal.Withdrawn.NEW_BASELINE if said and said >= row.found_at else Signal.Withdrawn.CORRECTED
    Signal.objects.bulk_update(rows, ["withdrawn_at", "withdrawn_why"], batch_size=BATCH)


def _bring_back(rows: Sequence[Signal]) -> None:
    for row in rows:
        row.withdrawn_at, row.withdrawn_why = None, ""
    if rows:
        Signal.objects.bulk_update(rows, ["withdrawn_at", "withdrawn_why"], batch_size=BATCH)


def _weigh_again(signals: Signals, standing: Mapping[Place, Signal]) -> None:
    """With more lots the same signal has other numbers."""
    changed = []
    for place, row in standing.items():
        found = signals.found.get(place)
        if found is not None and (row.facts, row.harm, row.certainty) != (dict(found.facts), found.harm, found.certainty):
            row.facts, row.harm, row.certainty, row.rank = dict(found.facts), found.harm, found.certainty, found.harm * found.certainty
            changed.append(row)
    Signal.objects.bulk_update(changed, list(WEIGHED), batch_size=BATCH)


def _tell(raised: Sequence[Signal], now: datetime) -> None:
    """Readings that are out are told at once, to both sides, one line for each relation however many lots they are."""
    out: dict[tuple[UUID, UUID | None], list[Signal]] = defaultdict(list)
    for row in raised:
        if row.kind == Kind.OUT_OF_LIMITS:
            out[row.supplier_org_id, row.owner_org_id].append(row)
    for (supplier, owner), rows in out.items():
        first = max(rows, key=lambda row: (row.made_on or date.min, str(row.pk)))
        tell(org_id=supplier, hat=Hat.SUPPLIER, kind=TOLD, subject_id=first.pk, facts=_facts(first, Hat.OWNER), now=now)
        if owner is not None:
            tell(org_id=owner, hat=Hat.OWNER, kind=TOLD, subject_id=first.pk, facts=_facts(first, Hat.SUPPLIER), now=now)


def _facts(row: Signal, other: Hat) -> dict[str, Any]:
    name_zh, name_en = (row.owner_name_zh, row.owner_name_en) if other == Hat.OWNER else (row.supplier_name_zh, row.supplier_name_en)
    return {"other_zh": name_zh or row.product, "other_en": name_en or name_zh or row.product, "number": row.lot_no}


OPEN = Q(state=Signal.State.OPEN, withdrawn_at=None)


def settle_todos(sides: set[tuple[UUID, UUID | None]], now: datetime) -> None:
    """One line on the list of each firm for all its signals: a list of lines for each would be read by nobody."""
    for supplier in {supplier for supplier, _owner in sides}:
        _settle(supplier, Hat.SUPPLIER, Signal.objects.filter(OPEN, supplier_org_id=supplier).count(), now)
    for owner in {owner for _supplier, owner in sides if owner is not None}:
        seen = Signal.objects.filter(OPEN, owner_org_id=owner, owner_sees_at__isnull=False).count()
        _settle(owner, Hat.OWNER, seen, now)


def _settle(org_id: UUID, hat: Hat, count: int, now: datetime) -> None:
    if count:
        put_todo(org_id=org_id, hat=hat, kind=TODO, subject_id=org_id, facts={"other_zh": str(count), "other_en": str(count)}, now=now)
    else:
        close_todo(kind=TODO, subject_id=org_id, now=now, org_id=org_id)


def show_owners(*, now: datetime) -> int:
    """The clock shows to customers what their suppliers had time to look at first; returns how many signals."""
    due = list(Signal.objects.filter(owner_sees_at=None, withdrawn_at=None, owner_due_at__lte=now).order_by("owner_due_at")[:BATCH])
    if due:
        Signal.objects.filter(pk__in=[row.pk for row in due]).update(owner_sees_at=now)
        settle_todos({(row.supplier_org_id, row.owner_org_id) for row in due}, now)
    return len(due)
