"""The chain map as finished values: tiles of places and of steps, a matrix, size classes, a table, and where the figures come from."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.templatetags.qc import changed_query
from oversight import mapping
from oversight.chain import SIZES, Counts, Key, first_day_of
from oversight.faces.map_tabs import map_tabs
from oversight.faces.places import MANY, MANY_WIDE
from oversight.selectors.chain_page import ORIGINS, ChainAsked, ChainLook
from oversight.suppression import count_shown
from oversight.words import name_of
from oversight.words_chain import MEASURES, SHARES, band_words
from oversight.words_chain import ORIGINS as ORIGIN_WORDS
from oversight.words_chain import SIZES as SIZE_WORDS
from suppliers.words import quarter_words

NODES_A_ROW = 5
LONGEST_ZH = 4
QUARTERS_SHOWN = 12


def chain_face(look: ChainLook) -> dict[str, Any]:
    """Everything the page prints."""
    asked = look.asked
    title = SHARES[asked.measure]
    return {
        "maps": map_tabs("chain"),
        "heading": _heading(look),
        "finding": _finding(look),
        "said": source_words(look),
        "is_live": look.source.is_live,
        "is_file": look.source.origin == "file",
        "crumbs": [{"url": _url(asked, region=""), "label": _("Industry chain")}, {"url": "", "label": name_of(look.parent)}]
        if asked.region
        else [],
        "origins": [
            {"label": ORIGIN_WORDS[key], "url": _url(asked, of=key, quarter=""), "current": key == look.source.origin} for key in ORIGINS
        ],
        "quarters": _quarters(look),
        "measures": [{"label": words, "url": _url(asked, measure=key), "current": key == asked.measure} for key, words in MEASURES.items()],
        "map": {"id": f"c{look.parent.code}", "title": title, **_drawing(_place_tiles(look))},
        "steps": {"id": "steps", "title": _("The chain, from fibre to service"), **_drawing(_node_tiles(look))},
        "node": next((name_of(node) for node in look.nodes if node.code == asked.node), ""),
        "all_nodes_url": _url(asked, node=""),
        "matrix": _matrix(look),
        "untold": ", ".join(name_of(node) for node in look.nodes if not look.is_told(look.parent.code, node.code)),
        "sizes": _sizes(look),
        "heads": _heads(look),
        "lines": [_line(look, place.code, name_of(place)) for place in look.places],
        "total": _line(look, look.parent.code, _("All")),
        **_unplaced(look),
        "has_firms": any(counts.firms for (place, _n, _s), counts in look.shown.cells.items() if place in {p.code for p in look.places}),
        "export": {kind: reverse("oversight:chain_export") + _query(asked, **{"as": kind}) for kind in ("csv", "xlsx")},
    }


def _unplaced(look: ChainLook) -> dict[str, Any]:
    """How many firms name no place; of fewer than five, that there are some."""
    firms = look.live.cells.get(("", "", ""), Counts()).firms if look.source.is_live and not look.asked.region else 0
    return {"unplaced": count_shown(firms), "some_unplaced": firms > 0}


def _query(asked: ChainAsked, **changes: str) -> str:
    return changed_query(
        QueryDict(), {**{name: value for name, value in vars(asked).items() if (name, value) != ("measure", "firms")}, **changes}
    )


def _url(asked: ChainAsked, **changes: str) -> str:
    return reverse("oversight:chain_map") + _query(asked, **changes)


def _heading(look: ChainLook) -> str:
    return _("Industry chain of %(place)s") % {"place": name_of(look.parent)}


def source_words(look: ChainLook) -> str:
    """Where the figures come from and of which day: nobody takes the platform's firms for the city's."""
    day = formats.date_format(look.source.as_of, "DATE_FORMAT") if look.source.as_of else ""
    if look.source.is_live:
        return _("Firms on the platform as they are now, not all firms of the city.")
    if look.source.origin == "platform":
        return _("Firms on the platform as %(quarter)s ended (%(day)s), not all firms of the city.") % {
            "quarter": quarter_words(first_day_of(look.source.quarter)),
            "day": day,
        }
    sources = "; ".join(dict.fromkeys(batch.source for batch in look.source.batches))
    return _("City statistics of %(quarter)s: %(source)s, figures of %(day)s.") % {
        "quarter": quarter_words(first_day_of(look.source.quarter)),
        "source": sources,
        "day": day,
    }


def _finding(look: ChainLook) -> str:
    """The one sentence that the map states."""
    node = look.asked.node
    at = {place.code: counts for place in look.places if (counts := look.shown.at(place.code, node)) is not None and counts.firms}
    total = look.shown.at(look.parent.code, node)
    if not at or total is None:
        return _("No place has firms enough to be named.") if total is None or total.firms else _("No firm is counted here yet.")
    top = max(at, key=lambda code: at[code].firms)
    names = {place.code: name_of(place) for place in look.places}
    return _("%(all)s firms; most in %(place)s: %(n)s.") % {"all": f"{total.firms:,}", "place": names[top], "n": f"{at[top].firms:,}"}


def _quarters(look: ChainLook) -> list[dict[str, Any]]:
    """Oldest to newest, as time runs; of the platform's firms the last one is now."""
    asked = look.asked
    known = list(dict.fromkeys(batch.quarter for batch in look.sources if batch.origin == look.source.origin))[:QUARTERS_SHOWN]
    of = look.source.origin
    out = [
        {"label": quarter_words(first_day_of(quarter)), "url": _url(asked, of=of, quarter=quarter), "current": quarter == look.source.quarter}
        for quarter in reversed(known)
    ]
    if of == "platform" and out:
        out.append({"label": pgettext("figures as of", "now"), "url": _url(asked, of=of, quarter=""), "current": look.source.is_live})
    return out


def _value(counts: Counts | None, measure: str) -> int | None:
    """What a cell says: firms, or per cent; None where it is merged, not counted or empty."""
    if counts is None:
        return None
    return counts.firms if measure == "firms" else counts.share(measure)


def _place_tiles(look: ChainLook) -> list[dict[str, Any]]:
    places = [mapping.Place(p.code, name_of(p), *(p.tile or (0, 0))) for p in look.places]
    names = {place.code: place.name for place in places}
    cells = {code: look.shown.at(code, look.asked.node) for code in names}
    drawn = _tiles(look, places, cells)
    for tile in drawn:
        code = str(tile["code"])
        tile["says"] = says(names[code], cells[code])
        tile["url"] = _url(look.asked, region=code) if code in look.drawn else ""
    return drawn


def _node_tiles(look: ChainLook) -> list[dict[str, Any]]:
    places = [mapping.Place(node.code, _short(name_of(node)), n % NODES_A_ROW, n // NODES_A_ROW) for n, node in enumerate(look.nodes)]
    cells = {place.code: look.shown.at(look.parent.code, place.code) for place in places}
    drawn = _tiles(look, places, cells)
    for node, place, tile in zip(look.nodes, places, drawn, strict=True):
        told = look.is_told(look.parent.code, node.code)
        tile["says"] = (
            says(name_of(node), cells[place.code]) if told else _("%(step)s: no data in these statistics") % {"step": name_of(node)}
        )
        tile["url"] = _url(look.asked, node="" if place.code == look.asked.node else place.code)
        tile["current"] = place.code == look.asked.node
    return drawn


def _short(name: str) -> str:
    """A step's name as it fits a tile: Dyeing for Dyeing and finishing. The tables say it in full."""
    return name.split()[0] if name.isascii() else name[:LONGEST_ZH]


def _tiles(look: ChainLook, places: list[mapping.Place], cells: dict[str, Counts | None]) -> list[dict[str, Any]]:
    values = {code: _value(counts, look.asked.measure) for code, counts in cells.items()}
    firms = {code: counts.firms if counts else 0 for code, counts in cells.items()}
    drawn = mapping.tiles(places, firms=firms, values={code: value or 0 for code, value in values.items()})
    return [{**tile, "hatched": values[str(tile["code"])] is None or not firms[str(tile["code"])]} for tile in drawn]


def _drawing(drawn: list[dict[str, Any]]) -> dict[str, Any]:
    width = max((tile["x"] for tile in drawn), default=0) + mapping.PITCH
    height = max((tile["y"] for tile in drawn), default=0) + mapping.PITCH
    limits = mapping.step_limits(int(tile["value"]) for tile in drawn if not tile["hatched"])
    legend = [{"step": step, "label": f"{low}" if low == high else f"{low}–{high}"} for step, low, high in mapping.step_ranges(limits)]
    return {"width": width, "height": height, "tiles": drawn, "many": width > MANY_WIDE, "legend": legend, **MANY}


def says(name: str, counts: Counts | None) -> str:
    """A tile in words."""
    if counts is None:
        return _("%(place)s: merged to protect firms") % {"place": name}
    parts = [_("%(place)s: %(firms)s firms") % {"place": name, "firms": counts.firms}]
    parts += [f"{words} {share}%" for key, words in MEASURES.items() if key != "firms" and (share := counts.share(key)) is not None]
    return ", ".join(parts)


def cell_of(counts: Counts | None, measure: str) -> dict[str, Any]:
    """A cell of a matrix: its text, or that it is merged, or that nobody counted it."""
    value = _value(counts, measure)
    if counts is None:
        return {"merged": True}
    if value is None:
        return {"text": "" if not counts.firms else "–", "uncounted": bool(counts.firms)}
    return {"text": f"{value:,}" if measure == "firms" else f"{value}%"}


def _cell(look: ChainLook, key: Key, measure: str) -> dict[str, Any]:
    return cell_of(look.shown.at(*key), measure) if look.is_told(*key[:2]) else {"uncounted": True}


def _row(look: ChainLook, name: str, url: str, keys: list[Key]) -> dict[str, Any]:
    return {"name": name, "url": url, "cells": [_cell(look, key, look.asked.measure) for key in keys]}


def _matrix(look: ChainLook) -> dict[str, Any]:
    """Places × steps, with all steps in front."""
    codes = ["", *(node.code for node in look.nodes)]
    rows = [
        _row(look, name_of(p), _url(look.asked, region=p.code) if p.code in look.drawn else "", [(p.code, n, "") for n in codes])
        for p in look.places
    ]
    rows.append(_row(look, _("All"), "", [(look.parent.code, n, "") for n in codes]))
    heads = [{"label": _("Place")}, {"label": _("All steps"), "end": True}, *({"label": name_of(node), "end": True} for node in look.nodes)]
    return {"heads": heads, "rows": rows}


def _sizes(look: ChainLook) -> dict[str, Any] | None:
    """Steps × size classes; None where the source does not split by size."""
    parent = look.parent.code
    sizes = [
        size for size in SIZES if any(key[0] == parent and key[2] == size and counts.firms for key, counts in look.shown.cells.items())
    ]
    if not sizes:
        return None
    steps = [("", _("All steps")), *((node.code, name_of(node)) for node in look.nodes)]
    return {
        "heads": [{"label": _("Step of the chain")}, *({"label": SIZE_WORDS[size], "end": True} for size in sizes)],
        "rows": [_row(look, name, "", [(parent, node, size) for size in sizes]) for node, name in steps],
    }


def _heads(look: ChainLook) -> list[dict[str, Any]]:
    words = [
        *MEASURES.values(),
        *([_("Output a year")] if _has_bands(look) else []),
        *([] if look.source.is_live else [_("On the platform now")]),
    ]
    return [{"label": _("Place")}, *({"label": each, "end": True} for each in words)]


def _has_bands(look: ChainLook) -> bool:
    return any(counts.output_band for counts in look.shown.cells.values())


def _line(look: ChainLook, code: str, name: str) -> dict[str, Any]:
    counts, node = look.shown.at(code, look.asked.node), look.asked.node
    cells = [{"label": MEASURES["firms"], **_cell(look, (code, node, ""), "firms")}]
    for key in ("above_scale", "certified", "signed"):
        cell = _cell(look, (code, node, ""), key)
        if counts and counts.share(key) is not None:
            cell = {"text": f"{getattr(counts, key):,} · {counts.share(key)}%"}
        cells.append({"label": MEASURES[key], **cell})
    if _has_bands(look):
        cells.append({"label": _("Output a year"), "text": band_words(counts.output_band) if counts else "", "merged": counts is None})
    if not look.source.is_live:
        cells.append({"label": _("On the platform now"), **cell_of(look.live.at(code, node), "firms")})
    return {"name": name, "url": _url(look.asked, region=code) if code in look.drawn and code != look.parent.code else "", "cells": cells}
