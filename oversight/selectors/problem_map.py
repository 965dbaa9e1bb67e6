"""What was published of the weak links. Every question reads a frozen quarter; the running counts are the clock's alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Sum

from foundation.actor import Actor
from oversight.categories import CATEGORIES
from oversight.models import Problem, WeakLinkCell, WeakLinkCut, WeakLinkFigure, WeakLinkNote
from oversight.suppression import ALL
from oversight.weak_links import CITY, Cell, Ground, Tally, gathered
from parties.models import ChainNode, Region

MOST_QUARTERS = 12
MOST_NOTES = 20


def ground() -> Ground:
    """The places and steps of the chain, from the reference tables."""
    known = list(Region.objects.filter(tile_col__isnull=False).order_by("tile_row", "tile_col"))
    districts = tuple(place.code for place in known if place.parent_id == CITY)
    towns = {code: tuple(place.code for place in known if place.parent_id == code) for code in districts}
    nodes = tuple(ChainNode.objects.order_by("order").values_list("code", flat=True))
    return Ground(districts, {code: names for code, names in towns.items() if names}, nodes)


def counted_quarters() -> list[date]:
    """Every quarter in which a firm was looked at, oldest first. The clock's question."""
    return list(WeakLinkCell.objects.order_by("period_on").values_list("period_on", flat=True).distinct())


def leaves_of(period_on: date, category: str, places: Ground) -> dict[Cell, Tally]:
    """The running counts of one quarter and category, in the lowest cells. The clock's question."""
    rows = WeakLinkCell.objects.filter(period_on=period_on, category=category).order_by()
    summed = rows.values_list("region_code", "town_code", "node_code").annotate(
        looked_at=Sum("firms"), of_minor=Sum("minor"), of_major=Sum("major"), of_critical=Sum("critical")
    )
    return gathered(((region, town, node, Tally(*counts)) for region, town, node, *counts in summed), places)


def published_quarters(actor: Actor) -> list[WeakLinkCut]:
    """The latest quarters that were published, newest first."""
    return list(WeakLinkCut.objects.visible_to(actor).order_by("-period_on")[:MOST_QUARTERS])


def figures_in(actor: Actor, *, period_on: date, category: str, places: Iterable[str]) -> dict[Cell, WeakLinkFigure]:
    """What was published of those places in one quarter and category, all steps of the chain."""
    rows = WeakLinkFigure.objects.visible_to(actor).filter(cut_id=period_on, category=category, place_code__in=[*places])
    return {(row.place_code, row.node_code): row for row in rows}


def city_by_category(actor: Actor, *, period_on: date) -> dict[str, WeakLinkFigure]:
    """The whole city in each category: which is the weakest link. A category without a row was not looked at."""
    # Every category is named, so that each is one step down the index and not a walk through the quarter.
    rows = WeakLinkFigure.objects.visible_to(actor).filter(cut_id=period_on, category__in=[*CATEGORIES], place_code=CITY, node_code=ALL)
    return {row.category: row for row in rows}


def cell_over_time(actor: Actor, *, category: str, place: str, node: str) -> list[WeakLinkFigure]:
    """One cell in the latest quarters, oldest first."""
    rows = WeakLinkFigure.objects.visible_to(actor).filter(category=category, place_code=place, node_code=node)
    return sorted(rows.order_by("-cut_id")[:MOST_QUARTERS], key=lambda row: row.cut_id)


def figure_of(actor: Actor, *, period_on: date, category: str, place: str, node: str) -> WeakLinkFigure | None:
    """One cell of one quarter; None where nobody was looked at."""
    rows = WeakLinkFigure.objects.visible_to(actor).filter(cut_id=period_on, category=category, place_code=place, node_code=node)
    return rows.first()


def notes_of(actor: Actor, figure: WeakLinkFigure) -> list[WeakLinkNote]:
    """What the bureau said of a cell, newest first."""
    of = {name: getattr(figure, name) for name in ("cut_id", "category", "place_code", "node_code")}
    return list(WeakLinkNote.objects.visible_to(actor).filter(**of).order_by("-noted_at", "-id")[:MOST_NOTES])


def confirmed_by_category(actor: Actor) -> dict[str, int]:
    """How many problems are confirmed and neither solved nor closed. Beside the figures, never in them: what a problem rests on is counted there."""
    rows = Problem.objects.visible_to(actor).exclude(confirmed_at=None).exclude(state__in=("solved", "closed")).filter(duplicate_of=None)
    return dict(rows.order_by().values_list("category").annotate(n=Count("pk")))
