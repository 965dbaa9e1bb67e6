"""What the pages on consistency read from their address: which months, which product, which edition."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from foundation.actor import ActorRequest
from inspections.selectors.consistency import Group, Window

MONTHS = (3, 6, 12, 24)


def window_of(request: ActorRequest) -> tuple[Window, int]:
    """The months asked for; twelve where nothing readable was said."""
    said = request.GET.get("months", "")
    months = int(said) if said.isdecimal() and len(said) < 3 and int(said) in MONTHS else 12
    today = timezone.localdate()
    place = today.year * 12 + today.month - 1 - months
    starts = date(place // 12, place % 12 + 1, min(today.day, 28))
    return Window(starts, today, request.GET.get("product", "").replace("\x00", "")[:40]), months


def chosen_group(request: ActorRequest, groups: list[Group]) -> Group | None:
    """The group that the address names, else the largest: never two together."""
    wanted = (request.GET.get("edition"), request.GET.get("unit"))
    for group in groups:
        if (group.edition, group.unit) == wanted or (wanted == (group.edition, None)):
            return group
    return groups[0] if groups else None
