"""Questions about files of results: the file, its rows, and what a file meets when it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from inspections.models import CharacteristicResult, Lot, ResultColumnMemory, ResultImport, ResultImportRow
from inspections.reading import Context, Limits, Remembered
from inspections.reading import Lot as FoundLot
from inspections.selectors.reading_context import characteristics_known, limits_in
from inspections.selectors.versions_of_day import versions_for

States = ResultImport.State
AT_WORK = (States.READING, States.WRITING)
SIDES = (Hat.OWNER, Hat.SUPPLIER)
RECENT = 20
PAGE = 50


def result_import_for(actor: Actor, import_id: UUID) -> ResultImport:
    """One file of the actor's firm, brought in the same hat; or Absent."""
    found: ResultImport | None = ResultImport.objects.visible_to(actor).filter(pk=import_id, hat=actor.hat.value).first()
    if found is None:
        raise Absent
    return found


def recent_result_imports(actor: Actor, limit: int = RECENT) -> list[ResultImport]:
    return list(ResultImport.objects.visible_to(actor).filter(hat=actor.hat.value).order_by("-created_at", "-id")[:limit])


def result_import_rows(
    actor: Actor, batch: ResultImport, *, outcomes: Collection[str] = (), after: int = 0, limit: int = PAGE
) -> list[ResultImportRow]:
    """Rows by their number; one more than `limit` tells that there are more."""
    rows = ResultImportRow.objects.visible_to(actor).filter(batch=batch, number__gt=after)
    if outcomes:
        rows = rows.filter(outcome__in=outcomes)
    return list(rows.order_by("number")[: limit + 1])


def result_import_row_for(actor: Actor, batch: ResultImport, number: int) -> ResultImportRow:
    found: ResultImportRow | None = ResultImportRow.objects.visible_to(actor).filter(batch=batch, number=number).first()
    if found is None:
        raise Absent
    return found


def remembered_headers(actor: Actor) -> Remembered:
    """Canonical header → field, as the firm said of earlier files."""
    return dict(ResultColumnMemory.objects.visible_to(actor).values_list("header", "field"))


def context_without_lots(today: date) -> Context:
    """Enough to find the header and the columns."""
    return Context({}, tuple(characteristics_known(today)), {})


def context_for(actor: Actor, batch: ResultImport, numbers: Iterable[str], known: Context) -> tuple[Context, dict[UUID, Lot]]:
    """(the context with the lots of these numbers, those lots by id): lots of the chosen relation, or all that the firm may file on."""
    lots = _lots(actor, batch, sorted({number for number in numbers if number}))
    versions = versions_for(actor, lots)
    texts = {found.version.pk: found.clauses for found in versions.values()}
    limits: dict[str, Mapping[str, Limits]] = {str(pk): limits_in(clauses) for pk, clauses in texts.items()}
    groups = {pk: str(pk) for pk in texts}
    group_of = {lot_id: groups[found.version.pk] for lot_id, found in versions.items()}
    by_number: dict[str, list[Lot]] = defaultdict(list)
    for lot in lots:
        by_number[lot.lot_no].append(lot)
    listed = {number: _found(several, group_of) for number, several in by_number.items()}
    return replace(known, lots=listed, limits=limits), {lot.pk: lot for lot in lots}


class LotSeen(NamedTuple):
    """Of a lot what filing asks: a file may name fifty thousand."""

    pk: UUID
    link_id: UUID | None
    stream_id: UUID | None
    whole_id: UUID | None
    owner_org_id: UUID | None
    supplier_org_id: UUID
    lot_no: str
    product_code: str
    product: str
    colour: str
    node_code: str
    made_on: date
    state: str


def _lots(actor: Actor, batch: ResultImport, numbers: Sequence[str]) -> list[Lot]:
    mine = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id"}[actor.hat]
    rows: Any = Lot.objects.visible_to(actor).filter(**{mine: actor.org_id})
    if batch.link_id is not None:
        rows = rows.filter(link_id=batch.link_id)
    # As one array: a parameter for each of so many numbers costs more than the question.
    rows = rows.extra(where=["lot_no = any(%s)"], params=[list(numbers)]).order_by("id")
    return list(map(LotSeen._make, rows.values_list(*LotSeen._fields)))  # type: ignore[arg-type]


def _found(several: Sequence[Lot], group_of: Mapping[UUID, str]) -> tuple[FoundLot, ...]:
    """The lot that a number means; the whole goes before its portions, for what is filed on it is shown to them."""
    if len(several) == 1:
        (lot,) = several
        return (FoundLot(lot.lot_no, group_of.get(lot.pk), lot.pk, lot.made_on, lot.product_code),)
    wholes = [lot for lot in several if lot.owner_org_id is None]
    several = wholes if len(wholes) == 1 and all(lot.whole_id == wholes[0].pk for lot in several if lot is not wholes[0]) else several
    return tuple(FoundLot(lot.lot_no, group_of.get(lot.pk), lot.pk, lot.made_on, lot.product_code) for lot in several)


def filed_before(actor: Actor, keys: Collection[UUID]) -> dict[UUID, UUID]:
    """Key → content of those of these keys under which the firm has filed before."""
    rows = CharacteristicResult.objects.filter(org_id=actor.org_id, said_key__in=list(keys))
    return dict(rows.values_list("said_key", "said"))


def wholes_with_portions(actor: Actor, lots: Iterable[Lot]) -> frozenset[UUID]:
    """Of the supplier's own lots those of which customers have a portion: what is filed on them is shown there too."""
    own = [lot.pk for lot in lots if lot.owner_org_id is None]
    if not own or actor.hat is not Hat.SUPPLIER:
        return frozenset()
    portions = Lot.objects.visible_to(actor).filter(supplier_org_id=actor.org_id, whole_id__isnull=False)
    return frozenset(portions.values_list("whole_id", flat=True)).intersection(own)
