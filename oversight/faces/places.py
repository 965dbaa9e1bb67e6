"""The map: tiles, legend, table and links of one measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.templatetags.qc import changed_query
from oversight import mapping
from oversight.faces.map_tabs import map_tabs
from oversight.selectors import PlaceCounts, places_with_towns
from oversight.selectors.places import CITY
from oversight.words import MEASURES, name_of
from parties.models import Region

MANY_WIDE = 4 * mapping.PITCH
# Madder says how weak, indigo says how many.
WEAK = {"ink": "ma", "ink_on": "on", "ink_bar": "selv"}
MANY = {"ink": "in", "ink_on": "oi", "ink_bar": "selvi"}


def map_face(here: Sequence[Region], counts: PlaceCounts, *, measure: str, parent: str) -> dict[str, Any]:
    """The tile map of one measure, its legend, its table and its links."""
    values, drawn_in = counts.of(measure), places_with_towns()
    drawn = mapping.tiles(
        [mapping.Place(p.code, name_of(p), p.tile_col or 0, p.tile_row or 0) for p in here], firms=counts.firms, values=values
    )
    names = {place.code: name_of(place) for place in here}
    for tile in drawn:
        tile["url"] = _tile_url(str(tile["code"]), parent, measure, drawn_in)
        tile["says"] = _says(names[str(tile["code"])], counts, str(tile["code"]))
    width, height = mapping.size_of([mapping.Place(p.code, p.name_zh, p.tile_col or 0, p.tile_row or 0) for p in here])
    limits = mapping.step_limits(values.get(place.code, 0) for place in here)
    ranges = mapping.step_ranges(limits)
    return {
        "map": {
            "id": f"m{parent}",
            "title": MEASURES[measure],
            "width": width,
            "height": height,
            "tiles": drawn,
            "many": width > MANY_WIDE,
            **(WEAK if measure == "overdue" else MANY),
        },
        "legend": [{"step": step, "label": f"{low}" if low == high else f"{low}–{high}"} for step, low, high in ranges],
        "heading": _heading(parent, here),
        "finding": _finding(counts, names),
        "crumbs": [{"url": _map_url(CITY, measure), "label": _("Map")}, {"url": "", "label": _heading(parent, here)}],
        "heads": [
            {"label": _("Place")},
            *({"label": words, "end": True} for words in (_("Firms"), _("Signed"), _("Overdue"), _("of these, chain owner's"))),
        ],
        "measures": [{"label": words, "url": _map_url(parent, key), "current": key == measure} for key, words in MEASURES.items()],
        "is_city": parent == CITY,
        "maps": map_tabs("agreements"),
        "lines": [_place_line(place, counts, parent, drawn_in) for place in here],
        "export": {
            kind: f"{reverse('oversight:map_export')}{changed_query(QueryDict(), {'region': parent, 'as': kind})}"
            for kind in ("csv", "xlsx")
        },
    }


def _heading(parent: str, here: Sequence[Region]) -> str:
    if parent == CITY:
        return _("Ningbo, %(n)s places") % {"n": len(here)}
    return _("%(place)s, %(n)s places") % {"place": name_of(here[0].parent), "n": len(here)}


def _finding(counts: PlaceCounts, names: dict[str, str]) -> str:
    """The one sentence that the map states."""
    late = {code: n for code, n in counts.overdue.items() if code in names}
    if not late:
        return _("No obligation is overdue in any of these places.")
    worst = max(sorted(late), key=lambda code: late[code])
    facts = {
        "all": sum(late.values()),
        "place": names[worst],
        "worst": late[worst],
        "own": sum(counts.overdue_owner.get(code, 0) for code in late),
    }
    return _("%(all)s obligations are overdue, %(own)s on the chain owner's side; most in %(place)s: %(worst)s.") % facts


def _map_url(region: str, measure: str) -> str:
    return reverse("oversight:map") + changed_query(QueryDict(), {"region": "" if region == CITY else region, "measure": measure})


def _tile_url(code: str, parent: str, measure: str, drawn: set[str]) -> str:
    if code in drawn:
        return _map_url(code, measure)
    place = {"region": code} if parent == CITY else {"region": parent, "town": code}
    late = {"overdue": "1"} if measure == "overdue" else {}
    return reverse("oversight:compliance") + changed_query(QueryDict(), {**place, **late})


def _says(name: str, counts: PlaceCounts, code: str) -> str:
    facts = {
        "place": name,
        "firms": counts.firms.get(code, 0),
        "agreements": counts.agreements.get(code, 0),
        "overdue": counts.overdue.get(code, 0),
    }
    if not facts["firms"]:
        return _("%(place)s: no firms yet, %(agreements)s signed agreements, %(overdue)s overdue") % facts
    return _("%(place)s: %(firms)s firms, %(agreements)s signed agreements, %(overdue)s overdue") % facts


def _place_line(place: Region, counts: PlaceCounts, parent: str, drawn_in: set[str]) -> dict[str, Any]:
    code = place.code
    return {
        "name": name_of(place),
        "url": _tile_url(code, parent, "firms", drawn_in),
        "firms": counts.firms.get(code, 0),
        "agreements": counts.agreements.get(code, 0),
        "overdue": counts.overdue.get(code, 0),
        "overdue_owner": counts.overdue_owner.get(code, 0),
    }
