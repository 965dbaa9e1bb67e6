"""The list of lots: found by number, product, colour, firm and day, and the same rows to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query, chip_for
from inspections.listing import Table, day_cursor, page_of, table_file
from inspections.lot_filters import LotsWanted, wanted
from inspections.lot_list import BEGINNING, LOTS, filters_said, tabs_of
from inspections.lot_words import LOT_CHIPS, amount, firm_across
from inspections.models import Lot
from inspections.selectors.lots import PAGE, lots
from suppliers.kept_views import to_first_view
from suppliers.selectors import saved_views

SIDES = (Hat.OWNER, Hat.SUPPLIER)
MOST_ROWS = 20_000


@wearing(*SIDES)
@require_safe
def lots_list(request: ActorRequest) -> HttpResponse:
    """The youngest first; filters stand in the address, `?after=` goes on."""
    views = [] if request.GET.get("after") else saved_views(request.actor, of=LOTS.of)
    if first := to_first_view(request, LOTS, views):
        return first
    asked = wanted(request.GET)
    found = lots(request.actor, asked, after=day_cursor(request))
    page, more = page_of(request, found, PAGE, lambda row: (row.made_on, row.pk))
    same = asked.as_query()
    context = {
        "lines": [line_of(request.actor, row) for row in page], "chips": LOT_CHIPS, "heads": [{"label": label} for label in _heads(request.actor)],
        "tabs": tabs_of(request.GET, asked, views), "asked": asked, "narrowed": bool(asked.chosen()), "applied": _applied(request, asked, page), "id": "lots",
        "all_filters": "filters" in request.GET or bool(asked.chosen().keys() - {"state", "number", "link"}),
        "all_filters_url": changed_query(request.GET, {"filters": 1}),
        "csv_url": f"{reverse('inspections:lots_csv')}?{same}", "xlsx_url": f"{reverse('inspections:lots_xlsx')}?{same}",
        "labels_url": f"{reverse('inspections:lot_labels')}?{same}", "views_url": f"{reverse('inspections:lot_views')}?{same}", **more,
    }  # fmt: skip
    return fragment(request, "inspections/_more_lots.html", context, page="inspections/lots.html")


def line_of(actor: Actor, row: Lot) -> dict[str, Any]:
    """One lot as a line of a list."""
    return {"row": row, "firm": firm_across(actor, row), "amount": amount(row.quantity, row.unit)}


def _heads(actor: Actor) -> list[str]:
    return [_("Lot"), _("State"), _("Product"), _("Supplier") if actor.hat == Hat.OWNER else _("Customer"), _("Made on"), _("Quantity")]


def _applied(request: ActorRequest, asked: LotsWanted, page: list[Lot]) -> list[dict[str, str]]:
    """What narrows the list, in words; each with the address without it. The tab says the state."""
    chosen = asked.chosen()
    chosen.pop("state", None)
    if "link" in chosen:
        chosen["link"] = firm_across(request.actor, page[0]) if page else "…"
    return [
        {"label": words, "url": changed_query(request.GET, {name: None, "all": 1, **BEGINNING})} for name, words in filters_said(chosen)
    ]


@wearing(*SIDES)
@require_safe
def lots_csv(request: ActorRequest) -> HttpResponse:
    return table_file("lots", "csv", _table(request))


@wearing(*SIDES)
@require_safe
def lots_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("lots", "xlsx", _table(request))


def _table(request: ActorRequest) -> Table:
    other = _("Supplier") if request.actor.hat == Hat.OWNER else _("Customer")
    heads = [
        _("Lot number"),
        _("Product code"),
        _("Product"),
        _("Colour"),
        other,
        _("Made on"),
        _("Quantity"),
        _("Unit"),
        _("State"),
        _("Note"),
    ]
    rows = lots(request.actor, wanted(request.GET), limit=MOST_ROWS)[:MOST_ROWS]
    return heads, [
        [
            row.lot_no, row.product_code, row.product, row.colour, firm_across(request.actor, row), row.made_on, row.quantity.normalize() + 0, row.unit,
            chip_for(row.state, LOT_CHIPS).label, row.note,
        ]
        for row in rows
    ]  # fmt: skip
