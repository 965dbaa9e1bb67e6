"""What is offered: the nine kinds, one offer, and what firms ask for most."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.errors import Absent
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.listing import Table, moment_cursor, page_of, table_file
from onestop.demand import FEWEST, WINDOW_DAYS
from onestop.models import Kind, ServiceOffer
from onestop.selectors.offers import PAGE, offer_for, offers
from onestop.selectors.requests import demand
from onestop.showing import hours_words, kind_options, node_choices
from onestop.words_services import KINDS, OFFER_CHIPS, kind_name, name_of, rating_words
from parties.roles import MAY_FILE, MAY_WRITE

ALL = (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER)
ASKING = (Hat.OWNER, Hat.SUPPLIER)
SERVING = (Hat.PROVIDER, Hat.LAB)
MOST_ROWS = 5_000


@wearing(*ALL)
@require_safe
def catalogue(request: ActorRequest) -> HttpResponse:
    """Offers, newest first; `?kind=`, `?node=` and `?q=` narrow, `?after=` goes on."""
    kind, node, query = _narrowed(request)
    nodes, same = dict(node_choices()), changed_query(request.GET, {"after": None, "seen": None})
    found = offers(request.actor, kind=kind, node=node, query=query, after=moment_cursor(request))
    page, more = page_of(request, found, PAGE, lambda row: (row.created_at, row.pk))
    context = {
        "lines": [line_of(row) for row in page], "kinds": _tiles(request, kind), "kind": kind, "kind_words": KINDS[kind][0] if kind else "",
        "narrowed": bool(kind or node or query), "may_ask": _may_ask(request), "find": {"name": "q", "label": _("Look for a word"), "value": query},
        "selects": [
            {"name": "kind", "label": _("Kind of service"), "value": kind, "options": kind_options()},
            {"name": "node", "label": _("Step of the chain"), "value": node, "options": _node_options(nodes)},
        ],
        "heads": [{"label": label} for label in (_("Offer"), _("Kind of service"), _("Provider"), _("About what it costs"), _("Answers within"), _("Ratings"))],
        "id": "offers", "csv_url": reverse("onestop:catalogue_file", args=["csv"]) + same,
        "xlsx_url": reverse("onestop:catalogue_file", args=["xlsx"]) + same, **more,
    }  # fmt: skip
    return fragment(request, "onestop/_more_offers.html", context, page="onestop/catalogue.html")


def _narrowed(request: ActorRequest) -> tuple[str, str, str]:
    kind, node = request.GET.get("kind", ""), request.GET.get("node", "")
    return (kind if kind in KINDS else ""), (node if node in dict(node_choices()) else ""), text_of(request, "q", most=40)


@wearing(*ALL)
@require_safe
def catalogue_file(request: ActorRequest, format: str) -> HttpResponse:
    """The same offers to take away."""
    kind, node, query = _narrowed(request)
    return offers_file("offers", format, offers(request.actor, kind=kind, node=node, query=query, limit=MOST_ROWS)[:MOST_ROWS])


def offers_file(name: str, format: str, rows: list[ServiceOffer]) -> HttpResponse:
    """Offers as a table: "csv" or "xlsx"."""
    if format not in ("csv", "xlsx"):
        raise Absent
    heads = [
        _("Offer"),
        _("State"),
        _("Kind of service"),
        _("Provider"),
        _("About what it costs"),
        _("Answers within"),
        _("Delivers within"),
        _("Ratings"),
    ]
    table: Table = (
        heads,
        [
            [
                row.title, str(OFFER_CHIPS[row.state][2]), kind_name(row.kind), name_of(row, "provider"), row.price_note, line_of(row)["answers"],
                ngettext("%(n)s working day", "%(n)s working days", row.service_days) % {"n": row.service_days}, rating_words(row),
            ]
            for row in rows
        ],
    )  # fmt: skip
    return table_file(name, format, table)


def _node_options(nodes: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": "", "label": _("All steps of the chain")}, *({"value": code, "label": name} for code, name in nodes.items())]


def _tiles(request: ActorRequest, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "url": changed_query(request.GET, {"kind": code, "after": None, "seen": None}), "label": words, "icon": icon, "sub": sub,
            "current": code == kind,
        }
        for code, (words, icon, sub) in KINDS.items()
    ]  # fmt: skip


def line_of(row: ServiceOffer) -> dict[str, Any]:
    """One offer as a list shows it."""
    return {
        "row": row, "kind": kind_name(row.kind), "icon": KINDS[row.kind][1], "provider": name_of(row, "provider"), "rating": rating_words(row),
        "answers": ngettext("%(n)s working hour", "%(n)s working hours", row.answer_hours) % {"n": row.answer_hours},
        "median": hours_words(row.answer_minutes) if row.n_rated >= FEWEST else "",
    }  # fmt: skip


def _may_ask(request: ActorRequest) -> bool:
    return request.actor.hat in ASKING and bool(request.actor.roles.intersection(MAY_FILE))


@wearing(*ALL)
@require_safe
def offer(request: ActorRequest, offer_id: UUID) -> HttpResponse:
    """One offer: what, about how much, how soon, and what firms said of it."""
    row = offer_for(request.actor, offer_id)
    nodes = dict(node_choices())
    mine = row.provider_org_id == request.actor.org_id
    context = {
        "offer": row, "line": line_of(row), "chips": OFFER_CHIPS, "nodes": [nodes.get(code, code) for code in row.node_codes], "mine": mine,
        "may_change": mine and bool(request.actor.roles.intersection(MAY_WRITE)), "may_ask": _may_ask(request) and row.state == "published",
    }  # fmt: skip
    return render(request, "onestop/offer.html", context)


@wearing(*ALL)
@require_safe
def demand_page(request: ActorRequest) -> HttpResponse:
    """How many firms asked for what in the last half year; under five firms nothing is said."""
    rows, nodes = demand(request.actor, today=timezone.localdate()), dict(node_choices())
    context = {
        "lines": [{"name": nodes[row[0].node], "cells": row} for row in rows], "heads": [kind_name(kind) for kind in Kind.values], "fewest": FEWEST,
        "days": WINDOW_DAYS, "anything": any(cell.firms for row in rows for cell in row), "serves": request.actor.hat in SERVING,
        "csv_url": reverse("onestop:demand_file", args=["csv"]), "xlsx_url": reverse("onestop:demand_file", args=["xlsx"]),
    }  # fmt: skip
    return render(request, "onestop/demand.html", context)


@wearing(*ALL)
@require_safe
def demand_file(request: ActorRequest, format: str) -> HttpResponse:
    """The same table to take away; what is not published stands as the sign for it."""
    if format not in ("csv", "xlsx"):
        raise Absent
    nodes = dict(node_choices())
    table: Table = (
        [_("Step of the chain"), *(kind_name(kind) for kind in Kind.values)],
        [
            [nodes[row[0].node], *(f"<{FEWEST}" if cell.firms is None else cell.firms for cell in row)]
            for row in demand(request.actor, today=timezone.localdate())
        ],
    )
    return table_file("demand", format, table)
