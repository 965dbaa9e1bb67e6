"""A quarter of the problem map that was published before any story began: the same for all of them."""

from __future__ import annotations

from datetime import date, datetime

from foundation.actor import Hat, acting_as
from oversight.models import WeakLinkCell, WeakLinkCut
from oversight.services.problem_map import publish_quarter

QUARTER = date(2024, 7, 1)
# (district, town, step, firms looked at, with a major nonconformity)
LOOKED_AT = [
    ("330203", "330203009", "dyeing", 23, 5), ("330203", "330203100", "dyeing", 2, 2), ("330203", "330203009", "knitting", 9, 1),
    ("330203", "330203101", "dyeing", 6, 0), ("330203", "330203102", "knitting", 11, 2), ("330212", "", "dyeing", 3, 3),
    ("330212", "", "knitting", 30, 2), ("330212", "", "garment", 8, 1), ("330225", "", "dyeing", 12, 5), ("330225", "", "garment", 7, 1),
    ("330205", "", "dyeing", 9, 1), ("330205", "", "garment", 14, 2),
]  # fmt: skip


def a_published_quarter(now: datetime) -> None:
    """Once for all stories of a database."""
    with acting_as(Hat.CLOCK):
        if WeakLinkCut.objects.filter(pk=QUARTER).exists():
            return
        WeakLinkCell.objects.bulk_create(
            WeakLinkCell(period_on=QUARTER, category="colour", region_code=district, town_code=town, node_code=step, firms=firms, minor=0, major=major, critical=0)
            for district, town, step, firms, major in LOOKED_AT
        )  # fmt: skip
        publish_quarter(period_on=QUARTER, now=now)
