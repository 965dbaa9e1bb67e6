"""What the clock has to remind firms of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from foundation.actor import Hat
from parties.models import OrgRole
from suppliers.models import Instrument, Paper

# A firm is reminded in one hat: the one in which it keeps its own house.
_FIRST = {Hat.SUPPLIER: 0, Hat.OWNER: 1, Hat.LAB: 2}


def papers_to_remind_of(today: date, most: int) -> list[Paper]:
    """Papers whose reminder is due, the oldest first. Under the clock."""
    rows = Paper.objects.filter(remind_on__lte=today, retired_at=None).exclude(state="rejected")
    return list(rows.order_by("remind_on", "id")[:most])


def instruments_to_remind_of(today: date, most: int) -> list[Instrument]:
    return list(Instrument.objects.filter(remind_on__lte=today, retired_at=None).order_by("remind_on", "id")[:most])


def hats_of(org_ids: Iterable[UUID]) -> dict[UUID, Hat]:
    """firm -> the hat in which it is reminded. Under the clock."""
    roles = OrgRole.objects.filter(org_id__in=list(org_ids), hat__in=_FIRST).values_list("org_id", "hat")
    found: dict[UUID, Hat] = {}
    for org_id, hat in sorted(roles, key=lambda role: _FIRST[Hat(role[1])], reverse=True):
        found[org_id] = Hat(hat)
    return found
