"""From what the address asks to all that the map's pages, tables and API show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from foundation.actor import Actor
from foundation.errors import Absent
from oversight.categories import CATEGORIES
from oversight.faces.problem_map import Seen
from oversight.problem_map_asked import CellAsked
from oversight.selectors import places, places_with_towns
from oversight.selectors.problem_map import city_by_category, figures_in, published_quarters
from oversight.weak_links import CITY
from parties.models import Region
from parties.selectors import chain_nodes


def seen_map(actor: Actor, said: Mapping[str, object]) -> Seen | None:
    """The map of the city, or of a place that has towns on the map. None before the first quarter was published.

    Without a category it is the city's weakest; without a quarter, or of one that is not published, the latest. Raises Absent for a place
    that is not on the map or has no places in it.
    """
    return _seen(actor, said, of_cell=False)


def seen_cell(actor: Actor, said: Mapping[str, object]) -> Seen:
    """The same around one cell: its place is one of the places here, or the whole of them. Absent where there is none such."""
    seen = _seen(actor, said, of_cell=True)
    if seen is None:
        raise Absent
    return seen


def _seen(actor: Actor, said: Mapping[str, object], *, of_cell: bool) -> Seen | None:
    nodes = chain_nodes()
    asked = CellAsked.of(said, nodes=[node.code for node in nodes])
    districts, towned = places(CITY), places_with_towns()
    with_towns = [place for place in districts if place.code in towned]
    parent = _parent(asked.place, towned, of_cell=of_cell)
    here = districts if parent == CITY else places(parent)
    cuts = published_quarters(actor)
    if not here or (of_cell and asked.place != parent and asked.place not in {place.code for place in here}):
        raise Absent
    if not cuts:
        return None
    period = asked.period_on if asked.period_on in {cut.period_on for cut in cuts} else cuts[0].period_on
    assert period is not None
    city = city_by_category(actor, period_on=period)
    asked = replace(asked, period_on=period, category=asked.category or _weakest(city))
    found = figures_in(actor, period_on=period, category=asked.category, places=[parent, *(place.code for place in here)])
    return Seen(asked, here, nodes, found, cuts, city, with_towns)


def _parent(place: str, with_towns: set[str], *, of_cell: bool) -> str:
    """Whose places are shown: of a map the place itself; of a cell the place around it, the city for a district and for itself."""
    if not of_cell:
        return place
    found = Region.objects.filter(pk=place).values_list("parent_id", flat=True).first() if place != CITY else CITY
    return found if found in with_towns else CITY


def _weakest(city: Mapping[str, object]) -> str:
    """The category of the highest index among those with a number; the list's first where none has one."""
    known = [code for code in CATEGORIES if (row := city.get(code)) is not None and not row.is_hidden]  # type: ignore[attr-defined]
    return max(known, key=lambda code: city[code].lower, default=next(iter(CATEGORIES)))  # type: ignore[attr-defined]
