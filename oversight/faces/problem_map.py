"""The problem map as finished values: tiles, matrix, funnel, table and one sentence. A hidden cell has words and no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.templatetags.qc import changed_query
from inspections.charts.spark import sparkline
from jobs.exports import Value
from oversight import mapping
from oversight.categories import CATEGORIES, WITHOUT_DATA
from oversight.faces.places import MANY_WIDE, WEAK
from oversight.funnel_chart import Point, funnel_chart
from oversight.models import Problem, WeakLinkCut, WeakLinkFigure
from oversight.problem_map_asked import CellAsked
from oversight.suppression import ALL
from oversight.weak_links import CITY, Cell, Tally
from oversight.words import name_of
from oversight.words_problem_map import MERGED, NO_DATA, NOBODY, STANDINGS, WORST, percent, quarter_code
from oversight.words_problems import PROBLEM_CHIPS
from parties.models import ChainNode, Region
from suppliers.words import quarter_words

# The index in whole per cent, in steps that stay: one quarter's map can be laid beside another's.
STEP_LIMITS = (1, 4, 9, 19, 100)


@dataclass(frozen=True)
class Seen:
    """All that a page of the map shows: what was asked, the places here, the steps of the chain, and what was published of them."""

    asked: CellAsked
    here: Sequence[Region]
    nodes: Sequence[ChainNode]
    figures: Mapping[Cell, WeakLinkFigure]
    cuts: Sequence[WeakLinkCut]
    city: Mapping[str, WeakLinkFigure]
    with_towns: Sequence[Region]

    @property
    def period(self) -> date:
        assert self.asked.period_on is not None
        return self.asked.period_on

    @property
    def has_data(self) -> bool:
        """Whether anything on the platform speaks of the category."""
        return self.asked.category not in WITHOUT_DATA

    def url(self, name: str, **changed: object) -> str:
        """An address of the map with what was asked, but for what is changed."""
        now = {"category": self.asked.category, "quarter": quarter_code(self.period), "place": self.asked.place, "node": self.asked.node}
        said = {key: str(changed.get(key, value)) for key, value in now.items()}
        usual = {"place": CITY, "node": ALL}
        return reverse(f"oversight:{name}") + changed_query(
            QueryDict(),
            {key: "" if usual.get(key) == value else value for key, value in said.items()}
            | {key: str(value) for key, value in changed.items() if key not in now},
        )


def problem_map_face(seen: Seen, confirmed: Mapping[str, int]) -> dict[str, Any]:
    """The whole page; with how many problems are confirmed and open in each category."""
    whole, node = seen.city.get(seen.asked.category), seen.asked.node
    shown = [(place, figure) for place in seen.here if (figure := seen.figures.get((place.code, node))) and not figure.is_hidden]
    return {
        "seen": seen,
        "heading": _heading(seen),
        "finding": _finding(seen, shown),
        "selects": _selects(seen),
        "map": _map(seen),
        "legend": _legend(),
        "matrix": _matrix(seen),
        "funnel": _funnel(shown, whole),
        "lines": [_line(seen, place, node) for place in seen.here],
        "merged": merged_words(seen),
        "heads": [{"label": _("Place")}, *({"label": words, "end": True} for words in _heads())],
        "links": _links(seen, confirmed),
        "export": {kind: seen.url("problem_map_export", **{"as": kind}) for kind in ("csv", "xlsx")},
        "place_url": seen.url("problem_map_cell"),
        "crumbs": [
            {"url": seen.url("problem_map", place=CITY), "label": _("Problem map")},
            {"url": "", "label": name_of(seen.here[0].parent)},
        ],
        "is_city": seen.asked.place == CITY,
    }


def _heads() -> list[str]:
    return [_("Firms looked at"), _("With a nonconformity"), _("Index"), _("95 per cent interval"), _("To expect"), _("Beside the city")]


def _heading(seen: Seen) -> str:
    facts = {"category": CATEGORIES[seen.asked.category], "place": name_of(seen.here[0].parent), "quarter": quarter_words(seen.period)}
    return _("%(category)s in %(place)s, %(quarter)s") % facts


def _finding(seen: Seen, shown: Sequence[tuple[Region, WeakLinkFigure]]) -> str:
    """The one sentence: who stands out beyond chance, else that nobody does."""
    if not seen.has_data:
        return _("No data: no reading, inspection, visit or finding on the platform speaks of it. Problems are confirmed from reports and samples of others.")
    if not shown:
        return _("Of none of these places could a figure be published: fewer than five firms were looked at.")
    out = [(place, figure) for place, figure in shown if figure.standing in ("far_above", "above")]
    if not out:
        return _("No place stands out: what differs between them is no more than chance gives.")
    place, figure = max(out, key=lambda each: each[1].lower or 0)
    facts = {"place": name_of(place), "index": percent(figure.lower), "k": confirmed_of(figure), "n": figure.firms}
    return _("%(place)s stands out: %(k)s of %(n)s firms looked at had a nonconformity, index %(index)s.") % facts


def confirmed_of(figure: WeakLinkFigure) -> int:
    """Firms with a nonconformity of whatever severity."""
    return tally_of(figure).confirmed


def tally_of(figure: WeakLinkFigure) -> Tally:
    """The counts of a shown cell."""
    return Tally(figure.firms or 0, figure.minor or 0, figure.major or 0, figure.critical or 0)


def _selects(seen: Seen) -> list[dict[str, Any]]:
    city = seen.here[0].parent if seen.asked.place == CITY else None
    city_name = name_of(city) if city else _("Whole city")
    return [
        {"name": "category", "label": _("Category"), "value": seen.asked.category, "options": [{"value": code, "label": words} for code, words in CATEGORIES.items()]},
        {"name": "quarter", "label": _("Quarter"), "value": quarter_code(seen.period), "options": [{"value": quarter_code(cut.period_on), "label": quarter_words(cut.period_on)} for cut in seen.cuts]},
        {"name": "place", "label": _("Place"), "value": seen.asked.place, "options": [{"value": CITY, "label": city_name}, *({"value": place.code, "label": name_of(place)} for place in seen.with_towns)]},
        {"name": "node", "label": _("Step of the chain"), "value": seen.asked.node, "options": [{"value": ALL, "label": _("All steps of the chain")}, *({"value": node.code, "label": name_of(node)} for node in seen.nodes)]},
    ]  # fmt: skip


def _map(seen: Seen) -> dict[str, Any]:
    here = [mapping.Place(p.code, name_of(p), p.tile_col or 0, p.tile_row or 0) for p in seen.here]
    width, height = mapping.size_of(here)
    found = {place.code: seen.figures.get((place.code, seen.asked.node)) for place in here}
    biggest = max((figure.firms or 0 for figure in found.values() if figure), default=0)
    tiles = []
    for place in here:
        figure = found[place.code]
        tile: dict[str, Any] = {"hatched": True}
        if figure is not None and not figure.is_hidden:
            step = mapping.step_of(round((figure.lower or 0) / 100), STEP_LIMITS)
            bar = mapping.bar_of(figure.firms or 0, biggest)
            tile = {"hatched": False, "value": percent(figure.lower), "step": step, "bar": bar}
        says = _("%(place)s: %(what)s") % {"place": place.name, "what": figure_words(figure, category=seen.asked.category)}
        where = {"x": place.col * mapping.PITCH, "y": place.row * mapping.PITCH, "name": mapping.short_name(place.name)}
        tiles.append({**tile, **where, "url": seen.url("problem_map_cell", place=place.code), "says": says})
    return {
        "id": "weak",
        "title": _("Weak-link index, per cent"),
        "width": width,
        "height": height,
        "tiles": tiles,
        "many": width > MANY_WIDE,
        **WEAK,
    }


def figure_words(figure: WeakLinkFigure | None, *, category: str) -> str:
    """A cell of a category in words, for who does not see its colour."""
    if figure is None:
        return str(NO_DATA if category in WITHOUT_DATA else NOBODY)
    if figure.is_hidden:
        return str(MERGED)
    return _("index %(index)s, %(k)s of %(n)s firms") % {"index": percent(figure.lower), "k": confirmed_of(figure), "n": figure.firms}


def _legend() -> list[dict[str, Any]]:
    return [{"step": step, "label": f"{low}–{high}"} for step, low, high in mapping.step_ranges(STEP_LIMITS)]


def _matrix(seen: Seen) -> dict[str, Any]:
    """Places by steps of the chain; a column of which nothing was looked at is left out."""
    nodes = [node for node in seen.nodes if any((place.code, node.code) in seen.figures for place in seen.here)]
    rows = [
        {"name": mapping.short_name(name_of(place)), "cells": [_matrix_cell(seen, place, node) for node in nodes]} for place in seen.here
    ]
    unseen = [name_of(node) for node in seen.nodes if node not in nodes]
    return {"nodes": [name_of(node) for node in nodes], "rows": rows, "unseen": ", ".join(unseen)}


def _matrix_cell(seen: Seen, place: Region, node: ChainNode) -> dict[str, Any]:
    figure = seen.figures.get((place.code, node.code))
    says = f"{name_of(place)} {name_of(node)}: {figure_words(figure, category=seen.asked.category)}"
    now = seen.asked.node == node.code
    if figure is None or figure.is_hidden:
        return {"few": figure is not None, "says": says, "now": now}
    step = mapping.step_of(round((figure.lower or 0) / 100), STEP_LIMITS)
    return {
        "value": percent(figure.lower),
        "step": step,
        "says": says,
        "url": seen.url("problem_map_cell", place=place.code, node=node.code),
        "now": now,
    }


def _funnel(shown: Sequence[tuple[Region, WeakLinkFigure]], whole: WeakLinkFigure | None) -> SafeString | None:
    if not shown or whole is None or whole.is_hidden:
        return None
    points = [
        Point(mapping.short_name(name_of(place)), figure.firms or 0, confirmed_of(figure), figure.standing not in ("within", ""))
        for place, figure in shown
    ]
    return funnel_chart(points, tally_of(whole), name="funnel")


def _line(seen: Seen, place: Region, node: str) -> dict[str, Any]:
    figure = seen.figures.get((place.code, node))
    line: dict[str, Any] = {"name": name_of(place), "url": seen.url("problem_map_cell", place=place.code), "none": figure_words(figure, category=seen.asked.category)}
    if figure is None or figure.is_hidden:
        return line
    return {**line, **shown_words(figure), "none": ""}


def shown_words(figure: WeakLinkFigure) -> dict[str, Any]:
    """The numbers of a shown cell as they are printed."""
    chip = STANDINGS.get(figure.standing)
    return {
        "firms": figure.firms,
        "confirmed": confirmed_of(figure),
        "share": percent(figure.share),
        "index": percent(figure.lower),
        "interval": f"{percent(figure.lower)}–{percent(figure.upper)}",
        "expected": percent(figure.shrunken),
        "chip": chip,
        "worst": [(WORST[name], getattr(figure, name)) for name in WORST],
    }


def merged_words(seen: Seen) -> str:
    """What is left of the total when the shown places are taken away: how many places were merged, and how many firms they hold."""
    whole = seen.figures.get((seen.asked.place, seen.asked.node))
    hidden = [place for place in seen.here if (figure := seen.figures.get((place.code, seen.asked.node))) and figure.is_hidden]
    if not hidden:
        return ""
    if whole is None or whole.is_hidden:
        return _("%(n)s places are merged, to protect firms.") % {"n": len(hidden)}
    shown = sum(
        figure.firms or 0 for place in seen.here if (figure := seen.figures.get((place.code, seen.asked.node))) and not figure.is_hidden
    )
    return _("%(n)s places are merged, to protect firms: together with firms of no known place, %(firms)s firms.") % {
        "n": len(hidden), "firms": (whole.firms or 0) - shown,
    }  # fmt: skip


def _links(seen: Seen, confirmed: Mapping[str, int]) -> list[dict[str, Any]]:
    """Every category with the city's index and its open problems, the weakest first; what is hidden or empty comes last, in the list's order."""
    known = [(code, seen.city.get(code)) for code in CATEGORIES]
    ranked = sorted(known, key=lambda each: -(each[1].lower or 0) - 1 if each[1] and not each[1].is_hidden else 0)
    return [
        {
            "name": CATEGORIES[code],
            "url": seen.url("problem_map", category=code),
            "what": _what(figure, code, confirmed.get(code, 0)),
            "current": code == seen.asked.category,
        }
        for code, figure in ranked
    ]


def _what(figure: WeakLinkFigure | None, category: str, problems: int) -> str:
    words = figure_words(figure, category=category)
    if not problems:
        return words
    return f"{words}; " + ngettext("%(n)s open confirmed problem", "%(n)s open confirmed problems", problems) % {"n": problems}


def map_table(seen: Seen) -> tuple[list[str], list[list[Value]]]:
    """All places here by all steps of the chain, as on the pages: a merged cell has its word and no number."""
    heads = [_("Category"), _("Quarter"), _("Place"), _("Step of the chain"), *_heads()[:2], *(str(words) for words in WORST.values())]
    heads += [_("Share weighed by severity"), _("Index"), _("Upper end"), _("To expect"), _("Beside the city")]
    steps = [(ALL, _("All")), *((node.code, name_of(node)) for node in seen.nodes)]
    rows: list[list[Value]] = []
    for code, place in [(seen.asked.place, name_of(seen.here[0].parent)), *((place.code, name_of(place)) for place in seen.here)]:
        for node, step in steps:
            figure = seen.figures.get((code, node))
            if figure is not None:
                rows.append([str(CATEGORIES[seen.asked.category]), quarter_words(seen.period), place, step, *_numbers(figure)])
    return heads, rows


def _numbers(figure: WeakLinkFigure) -> list[Value]:
    if figure.is_hidden:
        return [str(MERGED)]
    chip = STANDINGS.get(figure.standing)
    shares = [None if parts is None else parts / 100 for parts in (figure.share, figure.lower, figure.upper, figure.shrunken)]
    worst = [getattr(figure, name) for name in WORST]
    return [figure.firms, confirmed_of(figure), *worst, *shares, str(chip[2]) if chip else ""]


def cell_face(seen: Seen, figure: WeakLinkFigure | None, over_time: Sequence[WeakLinkFigure], problems: Sequence[Problem]) -> dict[str, Any]:
    """One cell: what was published of it, how it went over the quarters, the problems confirmed there, and what can be done about it."""
    place, node = _place_name(seen), _node_name(seen)
    shown = figure is not None and not figure.is_hidden
    return {
        "heading": _("%(category)s: %(place)s, %(step)s") % {"category": CATEGORIES[seen.asked.category], "place": place, "step": node},
        "quarter": quarter_words(seen.period),
        "says": figure_words(figure, category=seen.asked.category),
        "has_data": seen.has_data,
        "problems": problems,
        "chips": PROBLEM_CHIPS,
        "problems_url": reverse("oversight:problems") + changed_query(QueryDict(), {"state": "open", **problems_of(seen)}),
        "is_hidden": figure is not None and figure.is_hidden,
        "figure": shown_words(figure) if figure is not None and shown else None,
        "course": [_course_line(row) for row in over_time],
        "trend": _trend(over_time),
        "heads": [{"label": _("Quarter")}, *({"label": words, "end": True} for words in _heads())],
        "crumbs": [
            {"url": seen.url("problem_map", place=_parent_of(seen), node=ALL), "label": _("Problem map")},
            {"url": "", "label": place},
        ],
        "states_url": _states_url(seen),
        "towns_url": seen.url("problem_map") if seen.asked.place in {each.code for each in seen.with_towns} else "",
    }


def problems_of(seen: Seen) -> dict[str, str]:
    """The cell as filters of the list of problems; what is the whole is left out."""
    node = "" if seen.asked.node == ALL else seen.asked.node
    return {"category": seen.asked.category, "node": node, "region": "" if seen.asked.place == CITY else seen.asked.place}


def _place_name(seen: Seen) -> str:
    return next((name_of(place) for place in seen.here if place.code == seen.asked.place), name_of(seen.here[0].parent))


def _node_name(seen: Seen) -> str:
    return next((name_of(node) for node in seen.nodes if node.code == seen.asked.node), _("All steps of the chain"))


def _parent_of(seen: Seen) -> str:
    return str(seen.here[0].parent_id)


def _course_line(row: WeakLinkFigure) -> dict[str, Any]:
    line: dict[str, Any] = {"name": quarter_words(row.cut_id), "none": str(MERGED) if row.is_hidden else ""}
    return line if row.is_hidden else {**line, **shown_words(row)}


def _trend(over_time: Sequence[WeakLinkFigure]) -> SafeString | None:
    """The weighted share quarter by quarter; a quarter without a number is a gap."""
    points = [float("nan") if row.share is None else row.share / 100 for row in over_time]
    return sparkline(points) if sum(point == point for point in points) > 1 else None


def _states_url(seen: Seen) -> str:
    """The agreements of that place and step, with their findings as states: contents open in a duty case only."""
    place = seen.asked.place
    parent = _parent_of(seen)
    where = {} if place == CITY else {"region": place} if parent == CITY else {"region": parent, "town": place}
    step = {} if seen.asked.node == ALL else {"node": seen.asked.node}
    return reverse("oversight:compliance") + changed_query(QueryDict(), {**where, **step, "work": "findings"})
