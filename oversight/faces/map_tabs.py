"""The maps of the bureau, beside each other on each of them."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from oversight.words_chain import MAPS

PLACES = {"chain": "oversight:chain_map", "problems": "oversight:problem_map", "agreements": "oversight:map"}


def map_tabs(current: str) -> list[dict[str, Any]]:
    out = []
    for key, name in PLACES.items():
        try:
            out.append({"label": MAPS[key], "url": reverse(name), "current": key == current})
        except NoReverseMatch:  # that map is not there yet
            continue
    return out
