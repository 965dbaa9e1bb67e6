"""Who besides the supplier sees the supplier's own readings: the customer to whom it granted results, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import CharacteristicResult, Lot
from parties.roles import MAY_WRITE
from records.models import Grant
from records.services.entries import Fact, append_many, entry_rows
from suppliers.models import SupplyLink

WHAT = "results"


class Book(NamedTuple):
    """A relation's stream with its sides."""

    stream_id: UUID
    owner_org_id: UUID
    supplier_org_id: UUID


def shown_to(supplier_org_id: UUID, lots: Iterable[Lot], now: datetime) -> dict[UUID, UUID | None]:
    """lot id -> the customer who sees what the supplier files on it; None: as long as none was given sight of results.

    A grant counts while it holds, and for what was made while it held.
    """
    asked = list(lots)
    customers = {lot.owner_org_id for lot in asked if lot.owner_org_id}
    today = timezone.localdate(now)
    granted: dict[UUID, date] = {}  # customer -> the last day that any grant covers
    if customers:
        with acting_as(Hat.CLOCK):
            rows = Grant.objects.filter(
                from_org_id=supplier_org_id, to_org_id__in=customers, what=WHAT, revoked_at=None, valid_from__lte=today
            )
            for to, until in rows.values_list("to_org_id", "valid_to"):
                granted[to] = max(granted.get(to, date.min), until or date.max)
    if not granted:
        return dict.fromkeys([lot.pk for lot in asked])
    return {lot.pk: lot.owner_org_id if lot.owner_org_id and _covers(granted.get(lot.owner_org_id), lot, today) else None for lot in asked}


def _covers(until: date | None, lot: Lot, today: date) -> bool:
    return until is not None and (today <= until or lot.made_on <= until)


@transaction.atomic
def show_results(*, actor: Actor, link: SupplyLink, now: datetime) -> int:
    """Let a customer see the readings of its own lots, those filed before too. Returns how many rows it sees now that it did not.

    Safe to repeat. Raises RuleBroken("supplier_has_not_joined").
    """
    actor.must_act_for(link.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    if link.state != SupplyLink.State.JOINED:
        raise RuleBroken("supplier_has_not_joined")
    today = timezone.localdate(now)
    given = {"from_org_id": actor.org_id, "to_org_id": link.owner_org_id, "what": WHAT, "clause_id": None}
    with acting_as(Hat.CLOCK):
        names = {"to_name_zh": link.owner_name_zh, "to_name_en": link.owner_name_en}
        Grant.objects.bulk_create([Grant(**given, **names, valid_from=today)], ignore_conflicts=True)
        Grant.objects.filter(**given).exclude(revoked_at=None).update(revoked_at=None, valid_from=today)
    return reveal_results(actor=actor, supplier_org_id=actor.org_id, owner_org_id=link.owner_org_id, now=now)


@transaction.atomic
def reveal_results(*, actor: Actor, supplier_org_id: UUID, owner_org_id: UUID, now: datetime) -> int:
    """A grant was given: what was filed before on that customer's lots is shown to it, and their common record says so."""
    with acting_as(Hat.CLOCK):
        hidden = CharacteristicResult.objects.filter(supplier_org_id=supplier_org_id, owner_org_id=None, lot__owner_org_id=owner_org_id)
        books = list(
            hidden.values("lot__stream_id").annotate(sets=Count("pk"), lots=Count("lot_id", distinct=True)).order_by("lot__stream_id")
        )
        shown: int = hidden.update(owner_org_id=owner_org_id) if books else 0
    speaker = actor if actor.hat is Hat.SUPPLIER else CLOCK
    entries = []
    for book in books:
        if book["lot__stream_id"] is not None:
            stream = Book(book["lot__stream_id"], owner_org_id, supplier_org_id)
            fact = Fact("results_shown", stream.stream_id, {"lots": book["lots"], "sets": book["sets"]})
            entries.append(entry_rows(actor=speaker, stream=stream, fact=fact, now=now))
    append_many(entries)
    return shown


def on_grants(grants: Sequence[Grant], now: datetime) -> None:
    """Clauses gave grants: those of results show what was filed before. Run by whoever puts an agreement in force, as the clock."""
    for grant in grants:
        if grant.what == WHAT:
            reveal_results(actor=CLOCK, supplier_org_id=grant.from_org_id, owner_org_id=grant.to_org_id, now=now)
