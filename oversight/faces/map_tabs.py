"""The maps of the bureau, beside each other on each of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from oversight.words_chain import MAPS

PLACES = {"chain": "oversight:chain_map", "problems": "oversight:problem_map", "agreements": "oversight:map"}


def map_tabs(current: str) -> list[dict[str, Any]]:
    return [{"label": MAPS[key], "url": reverse(name), "current": key == current} for key, name in PLACES.items()]
