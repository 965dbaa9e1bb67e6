"""The chain map as rows to take away: the same cells as on the page, with where they come from in each row."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jobs.exports import Value
from oversight.chain import SIZES
from oversight.documents import Table
from oversight.faces.chain import source_words
from oversight.selectors.chain_page import ChainLook
from oversight.words import name_of
from oversight.words_chain import MEASURES, band_words
from oversight.words_chain import SIZES as SIZE_WORDS


def chain_table(look: ChainLook) -> Table:
    """Places × steps of the map asked for, then the size classes. What is merged on the page says so here as well."""
    heads = [
        _("Code"),
        _("Place"),
        _("Step of the chain"),
        _("Size class"),
        *(str(words) for words in MEASURES.values()),
        _("Output a year"),
        _("Source"),
    ]
    steps = [("", _("All steps")), *((node.code, name_of(node)) for node in look.nodes)]
    places = [*((p.code, name_of(p)) for p in look.places), (look.parent.code, name_of(look.parent))]
    source = source_words(look)
    rows = [_row(look, place, step, ("", _("All")), source) for place in places for step in steps]
    if any(size and place == look.parent.code for place, _node, size in look.shown.cells):
        sizes = [(size, str(SIZE_WORDS[size])) for size in SIZES]
        rows += [_row(look, places[-1], step, size, source) for step in steps for size in sizes]
    return heads, rows


def _row(look: ChainLook, place: tuple[str, str], step: tuple[str, str], size: tuple[str, str], source: str) -> list[Value]:
    counts = look.shown.at(place[0], step[0], size[0])
    values: list[Value] = [_("no data"), "", "", ""]
    if counts is None:
        values = [_("merged to protect firms"), "", "", ""]
    elif look.is_told(place[0], step[0]):
        values = [counts.firms, counts.above_scale, counts.certified, counts.signed]
    return [place[0], place[1], step[1], size[1], *values, band_words(counts.output_band) if counts else "", source]
