"""Readings come to the clauses that judged them, so that these say where they stand. The clock's work, safe to repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from agreements.models import Clause
from agreements.services.facts import report_reading
from agreements.standing import bounds_of, by_reading
from foundation.actor import CLOCK
from inspections.clause_readings import ClauseSays, clause_says
from inspections.models import CharacteristicResult, WatchedSeries
from inspections.selectors.lot_to_lot import lot_to_lot_clauses
from inspections.selectors.series import Key, series_by_key, standard_of
from inspections.selectors.series_like import known_keys
from inspections.series import COLOUR, Series

# Where several have tested, the clause is told by whom most lots of its window were tested; among equals in this order.
ORIGINS = tuple(origin.value for origin in CharacteristicResult.Origin)
FIRST = ("self", "instrument", "customer", "lab")
_WORSE = ("breached", "at_risk", "not_enough_data", "met", "not_computed")


class Told(NamedTuple):
    """A series and the places of its lots that one clause judges."""

    key: Key
    series: Series
    places: Sequence[int]


def tell_clauses(due: Sequence[WatchedSeries], *, now: datetime) -> int:
    """Report to every clause that judges lots of these series; returns how many. What a customer may not see, its clause is not told."""
    keys = known_keys([row for row in due if row.owner_org_id is not None], ORIGINS)
    by_clause = _by_clause(sorted(keys, key=str))
    clauses = Clause.objects.filter(pk__in=by_clause, type="characteristic_limit")
    for clause in clauses:
        says = _worst(list(_by_product(by_clause[clause.pk], clause.params)), clause, timezone.localdate(now))
        if says is not None:
            report_reading(
                clause_id=clause.pk, value=says.value, n=says.n if says.value else 0, window=says.window, refs=says.refs, as_of=says.as_of, now=now
            )  # fmt: skip
    return len(clauses)


def _by_clause(keys: Sequence[Key]) -> dict[UUID, list[Told]]:
    found: dict[UUID, list[Told]] = defaultdict(list)
    for key, series in series_by_key(CLOCK, keys).items() if keys else ():
        held = series.against(standard_of(CLOCK, key, series)) if series.kind == COLOUR else series
        places: dict[UUID, list[int]] = defaultdict(list)
        for place, bounds in enumerate(held.bounds):
            if bounds.clause_id is not None:
                places[bounds.clause_id].append(place)
        beside = lot_to_lot_clauses(places) if held.kind == COLOUR else {}
        for clause_id, mine in places.items():
            found[clause_id].append(Told(key, held, mine))
            if clause_id in beside:
                found[beside[clause_id].pk].append(Told(key, held, mine))
    return found


def _by_product(told: Iterable[Told], params: Any) -> Iterable[ClauseSays]:
    """One answer for each product: by whoever tested most of its lots. Origins, products and editions are never pooled."""
    products: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        products[one.key.product_code, one.key.edition].append(one)
    for mine in products.values():
        most = max(mine, key=lambda one: (len(one.places), -FIRST.index(one.key.origin)))
        says = clause_says(most.series, params, most.places, most.key.origin)
        if says is not None:
            yield says


@dataclass
class _Reading:
    """What standing is asked about, before it is a row."""

    value: str
    n: int
    window: Any
    refs: Any
    as_of: date


def _worst(says: Sequence[ClauseSays], clause: Clause, today: date) -> ClauseSays | None:
    """Of several products the one with which the clause stands worst."""
    bounds = bounds_of(clause.type, clause.params)

    def place(one: ClauseSays) -> tuple[int, int]:
        reading = _Reading(one.value, one.n if one.value else 0, one.window, one.refs, one.as_of)
        return _WORSE.index(by_reading(bounds, clause.params, reading, today).state), -one.as_of.toordinal()

    return min(says, key=place, default=None)
