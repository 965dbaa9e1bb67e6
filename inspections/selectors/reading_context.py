"""What readings meet when they come in by number and by name: the library, the lots of those numbers, and what was agreed for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agreements.limits import has_run_out, superseded_by
from agreements.models import Characteristic, Clause, MethodEdition, TestMethod
from foundation.actor import Actor
from inspections.judging import limits_of
from inspections.models import Lot
from inspections.reading import context as reading
from inspections.selectors.result_terms import what_of
from inspections.selectors.versions_of_day import versions_for


@dataclass(frozen=True)
class Met:
    """The context that a reader needs, and the rows of the lots in it by their number."""

    context: reading.Context
    lots: Mapping[str, Lot]


def context_for(actor: Actor, numbers: Collection[str], *, today: date) -> Met:
    """For readings that name these lots. Six questions, however many lots."""
    lots = lots_numbered(actor, numbers)
    texts = versions_for(actor, [lot for rows in lots.values() for lot in rows])
    context = reading.Context(
        lots={
            number: tuple(_lot(row, texts[row.pk].version.pk if row.pk in texts else None) for row in rows) for number, rows in lots.items()
        },
        characteristics=tuple(characteristics_known(today)),
        limits={str(text.version.pk): limits_in(text.clauses) for text in texts.values()},
    )
    return Met(context, {number: rows[0] for number, rows in lots.items() if len(rows) == 1})


def lots_numbered(actor: Actor, numbers: Collection[str]) -> dict[str, list[Lot]]:
    """number -> the lots that it may mean.

    Of a supplier's own lot and the portions of it under the same number the own lot is meant: what is found on it is found on them.
    """
    found: dict[str, list[Lot]] = defaultdict(list)
    for lot in Lot.objects.visible_to(actor).filter(lot_no__in=set(numbers)):
        found[lot.lot_no].append(lot)
    return {number: _meant(rows) for number, rows in found.items()}


def _meant(rows: list[Lot]) -> list[Lot]:
    wholes = {row.pk for row in rows}
    return [row for row in rows if row.whole_id not in wholes]


def _lot(row: Lot, version_id: UUID | None) -> reading.Lot:
    return reading.Lot(row.lot_no, str(version_id) if version_id else None, row.pk, row.made_on, row.product)


def limits_in(clauses: Iterable[Clause]) -> dict[str, reading.Limits]:
    """code -> what a text asks of a characteristic; of two clauses on one the first."""
    found: dict[str, reading.Limits] = {}
    for clause in clauses:
        if clause.type == "characteristic_limit":
            limits = limits_of(clause.params)
            found.setdefault(str(clause.params.get("characteristic")), reading.Limits(limits.lower, limits.upper))
    return found


def characteristics_known(today: date) -> list[reading.Characteristic]:
    """The library, each characteristic with its methods and their editions as they stand today."""
    methods = list(TestMethod.objects.order_by("order"))
    editions: dict[str, list[MethodEdition]] = defaultdict(list)
    every = list(MethodEdition.objects.order_by("code"))
    for row in every:
        editions[row.method_id].append(row)
    told = {row.pk: _edition(row, every, today) for row in every}
    return [
        what_of(
            row,
            methods=tuple(method.pk for method in methods if row.pk in method.characteristic_codes),
            editions=tuple(told[each.pk] for method in methods if row.pk in method.characteristic_codes for each in editions[method.pk]),
        )
        for row in Characteristic.objects.order_by("order")
    ]


def _edition(row: MethodEdition, every: list[MethodEdition], today: date) -> reading.Edition:
    after = superseded_by(row.pk, every, on=today)
    return reading.Edition(row.pk, after or (row.pk if has_run_out(row, on=today) else None))
