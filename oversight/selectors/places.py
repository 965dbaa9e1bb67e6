"""Firms, signed agreements and overdue obligations by place, each counted from its rows in one GROUP BY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from agreements.models import Agreement, Obligation
from foundation.actor import Actor
from oversight.selectors.counting import overdue
from parties.models import Organisation, Region

CITY = "330200"
SIGNED = (Agreement.State.SIGNED, Agreement.State.IN_FORCE, Agreement.State.SUSPENDED)


@dataclass
class PlaceCounts:
    """code -> how many, for each measure; overdue also by side."""

    firms: dict[str, int] = field(default_factory=dict)
    agreements: dict[str, int] = field(default_factory=dict)
    overdue: dict[str, int] = field(default_factory=dict)
    overdue_owner: dict[str, int] = field(default_factory=dict)

    def of(self, measure: str) -> Mapping[str, int]:
        return {"firms": self.firms, "agreements": self.agreements, "overdue": self.overdue}[measure]


def places(parent: str) -> list[Region]:
    """The places under one place that have a tile; a code that is not on the map has none."""
    return list(Region.objects.select_related("parent").filter(parent=parent, tile_col__isnull=False).order_by("tile_row", "tile_col"))


def places_with_towns() -> set[str]:
    """The places under the city whose own towns are on the map."""
    return set(Region.objects.filter(kind="town", tile_col__isnull=False).order_by().values_list("parent_id", flat=True).distinct())


def place_counts(actor: Actor, *, parent: str, today: date) -> PlaceCounts:
    """The three measures by district, or by town inside one district. Three queries."""
    column, within = ("region", {}) if parent == CITY else ("town", {"region": parent})
    return PlaceCounts(_firms(actor, column, within), _agreements(actor, column, within), *_overdue(actor, column, within, today))


def _firms(actor: Actor, column: str, within: dict[str, str]) -> dict[str, int]:
    # Offices have no place in the chain; a firm has at least one node.
    rows = Organisation.objects.visible_to(actor).exclude(state=Organisation.State.CLOSED).exclude(node_codes=[])
    rows = rows.filter(**{f"{key}_id": value for key, value in within.items()}, **{f"{column}__isnull": False})
    return dict(rows.order_by().values_list(f"{column}_id").annotate(n=Count("id")))


def _agreements(actor: Actor, column: str, within: dict[str, str]) -> dict[str, int]:
    rows = Agreement.objects.visible_to(actor).filter(state__in=SIGNED, **{f"{key}_code": value for key, value in within.items()})
    return dict(rows.exclude(**{f"{column}_code": ""}).order_by().values_list(f"{column}_code").annotate(n=Count("id")))


def _overdue(actor: Actor, column: str, within: dict[str, str], today: date) -> tuple[dict[str, int], dict[str, int]]:
    """Overdue obligations lie where the supplier of their agreement works: (either side, the chain owner's side)."""
    path = f"agreement__{column}_code"
    rows = Obligation.objects.visible_to(actor).filter(overdue(today), **{f"agreement__{key}_code": value for key, value in within.items()})
    counted = list(rows.exclude(**{path: ""}).order_by().values_list(path, "side").annotate(n=Count("id")))
    both: dict[str, int] = {}
    for code, _side, n in counted:
        both[code] = both.get(code, 0) + n
    return both, {code: n for code, side, n in counted if side == "owner"}
