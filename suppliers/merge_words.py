"""What a merge says: its facts by name, their values in one line, its refusals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from suppliers.import_words import FIELD_NAMES
from suppliers.selectors.merges import FACTS
from suppliers.words import nodes_said, place_said

WORDS = {
    "merge_itself": _("This is one and the same line."),
    "merged_already": _("One of the two was merged before. Open its history; split it first if that was wrong."),
    "merge_two_joined": _("Both have joined under their own codes: they are two firms, and stay two lines."),
    "merge_joined_stays": _("The firm that has joined is the line that stays. Start from that one."),
    "merge_behind": _("Other suppliers deliver through this line. Keep this one, or say first through whom they deliver."),
    "merge_choice": _("Choose for each fact which of the two stands."),
}
FACT_NAMES = {
    "name_zh": FIELD_NAMES["name_zh"],
    "name_en": _("English name"),
    "contact": FIELD_NAMES["contact"],
    "phone": FIELD_NAMES["phone"],
    "nodes": FIELD_NAMES["nodes"],
    "place": _("Place"),
    "headcount": FIELD_NAMES["headcount"],
    "address": FIELD_NAMES["address"],
    "since": FIELD_NAMES["since"],
}


def fact_said(fact: str, values: tuple[Any, ...]) -> str:
    """One fact of a line as a person reads it; "" where there is none."""
    if fact == "place":
        return place_said(*values)
    (value,) = values
    if fact == "nodes":
        return nodes_said(value)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def facts_said(columns: Collection[str]) -> str:
    """Columns of a line by the names of their facts."""
    names = [str(FACT_NAMES[fact]) for fact, of in FACTS.items() if any(column in columns for column in of)]
    return now_(", ").join(names)
