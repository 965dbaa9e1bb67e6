"""What stands around the list of lots: its tabs and kept views, and its filters in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.templatetags.qc import changed_query
from inspections.lot_filters import LotsWanted, wanted
from inspections.lot_words import LOT_CHIPS
from suppliers.kept_views import KeptList, kept_tabs
from suppliers.models import SavedView

# Tabs that bear the name of a state.
TABS = (("held", "held"), ("released", "released"), ("refused", "not_accepted"))
BEGINNING = {"after": None, "seen": None}


def state_words(state: str) -> str:
    """A group of states as its tab calls it, else the state itself."""
    return _("To decide") if state == "open" else str(LOT_CHIPS[dict(TABS).get(state, state)][2])


def filters_said(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """(filter, its words) of the filters that narrow."""
    words = {
        "number": _("Number: %(said)s"), "firm": _("Firm: %(said)s"), "product": _("Product: %(said)s"), "colour": _("Colour: %(said)s"),
        "since": _("From %(said)s"), "until": _("Until %(said)s"), "link": _("One firm: %(said)s"),
    }  # fmt: skip
    return [(name, state_words(said) if name == "state" else words[name] % {"said": said}) for name, said in chosen.items()]


def tabs_of(query: QueryDict, asked: LotsWanted, views: Sequence[SavedView]) -> list[dict[str, Any]]:
    """The states, then the views kept; a state alone is a tab already and need not be kept."""
    kept = kept_tabs(LOTS, views, asked.as_query(), may_keep=bool(asked.chosen().keys() - {"state"}))
    in_view = any(tab["current"] for tab in kept)
    states = [("", _("All")), *((state, state_words(state)) for state in ("open", *dict(TABS)))]
    return [
        {"label": label, "url": changed_query(query, {"state": state or None, "all": None if state else 1, **BEGINNING}), "current": asked.state == state and not in_view}
        for state, label in states
    ] + kept  # fmt: skip


def _told(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """The filters of a kept view. A relation stands in it by its id: the view's own name says whose it is."""
    return filters_said({**chosen, "link": "…"} if "link" in chosen else chosen)


LOTS = KeptList(
    SavedView.Of.LOTS, gettext_lazy("Lots"), "inspections:lots", "inspections:lot_views", "inspections:lot_view", read=wanted, said=_told
)
