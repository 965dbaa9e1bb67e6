"""Which text a lot is judged by: the version that bound both sides on the day it was made, whatever binds them today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Clause
from foundation.actor import Actor
from inspections.models import Lot
from inspections.on_lot import OnLot


class OfDay(NamedTuple):
    """The text of a lot's day, with its clauses in their order."""

    agreement: Agreement
    version: AgreementVersion
    clauses: Sequence[Clause]


def versions_for(actor: Actor, lots: Iterable[Lot]) -> dict[UUID, OfDay]:
    """lot id -> the text of its day. A lot without one, and a lot of no relation, is left out. Two questions, however many lots."""
    asked = [(lot.pk, (lot.link_id, lot.made_on, lot.node_code)) for lot in lots if lot.link_id is not None]
    places = {place for _pk, place in asked}  # lots of one day and one place in the chain are judged alike
    if not places:
        return {}
    of_link = _in_force(actor, {link_id for link_id, _day, _node in places}, until=max(day for _link_id, day, _node in places))
    chosen = {place: found for place in places if (found := _of_day(of_link.get(place[0], ()), place[1], place[2]))}
    clauses = _clauses(actor, {version.pk for version in chosen.values()})
    of_day = {place: OfDay(version.agreement, version, clauses.get(version.pk, ())) for place, version in chosen.items()}
    return {pk: text for pk, place in asked if (text := of_day.get(place))}


def on_lot(actor: Actor, lot: Lot) -> OnLot:
    """One lot before its reader, with the text of its day."""
    found = versions_for(actor, [lot]).get(lot.pk)
    return OnLot(actor, lot, timezone.localdate(), *found) if found else OnLot(actor, lot, timezone.localdate())


def _in_force(actor: Actor, link_ids: set[UUID], *, until: date) -> Mapping[UUID, list[AgreementVersion]]:
    """Each relation's texts that were ever in force: the youngest first."""
    rows = AgreementVersion.objects.visible_to(actor).filter(agreement__link_id__in=link_ids, in_force=True, effective_from__lte=until)
    found: dict[UUID, list[AgreementVersion]] = defaultdict(list)
    for version in rows.select_related("agreement").defer("canonical").order_by("-effective_from", "-number", "-id"):
        found[version.agreement.link_id].append(version)
    return found


def _of_day(versions: Sequence[AgreementVersion], day: date, node_code: str) -> AgreementVersion | None:
    """Where two agreements bind on one day, the one that names the lot's place in the chain; else the youngest."""
    bound = [each for each in versions if each.effective_from <= day and (each.effective_to is None or day < each.effective_to)]
    named = [each for each in bound if node_code and node_code in each.agreement.node_codes]
    return next(iter(named or bound), None)


def _clauses(actor: Actor, version_ids: set[UUID]) -> Mapping[UUID, list[Clause]]:
    found: dict[UUID, list[Clause]] = defaultdict(list)
    for clause in Clause.objects.visible_to(actor).filter(version_id__in=version_ids).order_by("version_id", "order"):
        found[clause.version_id].append(clause)
    return found
