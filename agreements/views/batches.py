"""Drafts for many suppliers at once: choose, tell apart, look, draft, send."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.batch_cards import batch_card, batch_columns, batch_lines, work_card
from agreements.batch_forms import BatchForm, picked_ids
from agreements.cards import last_day
from agreements.clause_forms import ParamsForm
from agreements.forms import DaysForm, in_language, refuse
from agreements.models import DraftBatch, DraftBatchRow
from agreements.schedule import MONTHS, add_months
from agreements.selectors.agreements import templates_to_choose
from agreements.selectors.batches import (
    batch_for,
    batch_row,
    batch_rows,
    batches,
    links_picked,
    suppliers_named,
    suppliers_that_fit,
    suppliers_to_choose,
)
from agreements.services.batches import (
    DRAFT,
    SEND,
    BatchSaid,
    add_suppliers,
    ask_work,
    body_of,
    days_of,
    differ,
    leave_out,
    merged,
    outlooks,
    set_batch_days,
    start_batch,
)
from agreements.words import clause_title
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from parties.reference import chain_nodes, regions
from suppliers.filters import Wanted, wanted
from suppliers.models import SupplyLink


@wearing(Hat.OWNER)
@require_safe
def batch_list(request: ActorRequest) -> HttpResponse:
    """The firm's batches, newest first."""
    rows = batches(request.actor)
    return render(request, "agreements/batches.html", {"rows": [batch_card(row) for row in rows]})


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Template, days and suppliers; nothing is drafted yet."""
    actor, asked = request.actor, wanted(request.GET)
    form = BatchForm(templates_to_choose(), request.POST or None, initial=_initial(request))
    unknown: list[str] = []
    if request.method == "POST" and form.is_valid():
        links, unknown = _chosen(request, form, asked)
        said = BatchSaid(form.cleaned_data["template"], **form.days())
        try:
            if unknown:
                raise RuleBroken("names_not_found", field="names", names=", ".join(unknown[:10]))
            batch = start_batch(actor=actor, batch_id=form.cleaned_data["batch_id"], said=said, links=links, now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("agreements:batch", batch.pk)
    shown, fitting = suppliers_to_choose(actor, asked)
    context = {
        "form": form, "links": _to_tick(shown, request), "fitting": fitting, "narrowed": bool(asked.chosen()), "more": fitting > len(shown),
        "find": {"name": "query", "label": _("Name or code"), "value": asked.query}, "selects": _selects(asked), "query": asked.as_query(),
    }  # fmt: skip
    return render(request, "agreements/batch_new.html", context, status=422 if form.errors else 200)


def _initial(request: ActorRequest) -> dict[str, Any]:
    starts = add_months(timezone.localdate().replace(day=1), 1)
    known = templates_to_choose()
    return {"effective_from": starts, "effective_to": last_day(add_months(starts, MONTHS)), "template": known[0].pk if known else None}


def _chosen(request: ActorRequest, form: BatchForm, asked: Wanted) -> tuple[list[SupplyLink], list[str]]:
    """Whoever is ticked, pasted or fits the filter, each once; and the names that stand for nobody or for several."""
    found = links_picked(request.actor, picked_ids(request.POST.getlist("link")))
    if "everybody" in request.POST:
        found += suppliers_that_fit(request.actor, asked)
    named = suppliers_named(request.actor, form.cleaned_data["names"])
    every = {link.pk: link for link in [*found, *named.links]}
    return list(every.values()), [*named.unknown, *named.unclear]


def _to_tick(shown: list[SupplyLink], request: ActorRequest) -> list[dict[str, Any]]:
    ticked = set(request.POST.getlist("link") or request.GET.getlist("link"))
    return [{"id": str(link.pk), "name": in_language(link.name_zh, link.name_en), "on": str(link.pk) in ticked} for link in shown]


def _selects(asked: Wanted) -> list[dict[str, Any]]:
    places = [row for row in regions() if row.kind != "town"]
    return [
        {"name": "node", "label": _("Step of the chain"), "options": _named(_("Every step"), chain_nodes()), "value": asked.node},
        {"name": "region", "label": _("Place"), "options": _named(_("Every place"), places), "value": asked.region},
    ]


def _named(every: str, rows: Any) -> list[dict[str, str]]:
    return [{"value": "", "label": every}, *({"value": row.code, "label": in_language(row.name_zh, row.name_en)} for row in rows)]


@wearing(Hat.OWNER)
@require_safe
def show(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """The batch: who is in it, what differs, what will come or came of it; asks again while a worker is at it."""
    actor, now = request.actor, timezone.now()
    batch = batch_for(actor, batch_id)
    rows = batch_rows(actor, batch)
    columns = batch_columns(batch, rows)
    context = {
        "batch": batch, "card": batch_card(batch), "work": work_card(batch, rows), "columns": columns,
        "lines": batch_lines(batch, outlooks(actor, batch, rows, now=now), columns), "last_day": last_day(batch.effective_to),
        "clauses": _clauses(batch), "is_open": batch.state not in ("drafting", "sending"),
    }  # fmt: skip
    return fragment(request, "agreements/_batch_work.html", context, page="agreements/batch.html")


def _clauses(batch: DraftBatch) -> list[dict[str, Any]]:
    """The clauses of the template, with what all have otherwise."""
    found = []
    for order, body in enumerate(batch.template.clauses, start=1):
        params = merged(body["params"], batch.changes.get(str(order), {}))
        title = clause_title(_Body(body["type"], params))
        found.append({"order": order, "title": title, "changed": str(order) in batch.changes})
    return found


class _Body:
    """A clause of a template, as far as its title is asked."""

    def __init__(self, clause_type: str, params: dict[str, Any]) -> None:
        self.type, self.params = clause_type, params


@wearing(Hat.OWNER)
@require_safe
def supplier(request: ActorRequest, batch_id: UUID, link_id: UUID) -> HttpResponse:
    """One supplier of a batch: what may differ for it."""
    batch = batch_for(request.actor, batch_id)
    row = batch_row(request.actor, batch, link_id)
    starts, ends = days_of(batch, row)
    clauses = _clauses(batch)
    for each in clauses:
        each["differs"] = str(each["order"]) in row.changes
    context = {
        "batch": batch, "row": row, "name": in_language(row.name_zh, row.name_en), "starts": starts, "last_day": last_day(ends), "clauses": clauses,
    }  # fmt: skip
    return render(request, "agreements/batch_supplier.html", context)


def _row(request: ActorRequest, batch: DraftBatch, link_id: UUID | None) -> DraftBatchRow | None:
    return batch_row(request.actor, batch, link_id) if link_id else None


def _back(batch: DraftBatch, link_id: UUID | None) -> HttpResponse:
    return redirect("agreements:batch_supplier", batch.pk, link_id) if link_id else redirect("agreements:batch", batch.pk)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: ActorRequest, batch_id: UUID, link_id: UUID | None = None) -> HttpResponse:
    """The days of all, or of one supplier."""
    batch = batch_for(request.actor, batch_id)
    row = _row(request, batch, link_id)
    starts, ends = days_of(batch, row) if row else (batch.effective_from, batch.effective_to)
    form = DaysForm(request.POST or None, initial={"effective_from": starts, "effective_to": last_day(ends)})
    if request.method == "POST" and form.is_valid():
        try:
            set_batch_days(actor=request.actor, batch=batch, link_id=link_id, now=timezone.now(), **form.days())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return _back(batch, link_id)
    context = {"form": form, "batch": batch, "row": row, "name": in_language(row.name_zh, row.name_en) if row else ""}
    return render(request, "agreements/batch_days.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: ActorRequest, batch_id: UUID, number: int, link_id: UUID | None = None) -> HttpResponse:
    """What one clause says for all, or for one supplier."""
    batch = batch_for(request.actor, batch_id)
    row, body = _row(request, batch, link_id), body_of(batch.template, number)
    for_all = merged(body["params"], batch.changes.get(str(number), {}))
    params = merged(for_all, row.changes.get(str(number), {})) if row else for_all
    form = ParamsForm(body["type"], params, request.POST or None)
    if request.method == "POST" and ("back" in request.POST or form.is_valid()):
        said = {} if "back" in request.POST else form.params()
        try:
            differ(actor=request.actor, batch=batch, number=number, params=said, link_id=link_id, now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return _back(batch, link_id)
    context = {
        "form": form, "batch": batch, "row": row, "number": number, "title": clause_title(_Body(body["type"], params)),
        "name": in_language(row.name_zh, row.name_en) if row else "", "for_all": clause_title(_Body(body["type"], for_all)),
        "differs": str(number) in (row.changes if row else batch.changes),
    }  # fmt: skip
    return render(request, "agreements/batch_clause.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_POST
def work(request: ActorRequest, batch_id: UUID, do: str) -> HttpResponse:
    """Draft whoever has no draft yet, or send every draft that stands."""
    batch = batch_for(request.actor, batch_id)
    try:
        ask_work(actor=request.actor, batch=batch, do=SEND if do == SEND else DRAFT, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    return redirect("agreements:batch", batch.pk)


@wearing(Hat.OWNER)
@require_POST
def add(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Put more suppliers in, by pasted names or codes."""
    batch = batch_for(request.actor, batch_id)
    named = suppliers_named(request.actor, request.POST.get("names", "")[:60_000])
    try:
        n = add_suppliers(actor=request.actor, batch=batch, links=named.links, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        messages.success(request, ngettext("%(n)s supplier added.", "%(n)s suppliers added.", n) % {"n": n})
    if missing := [*named.unknown, *named.unclear]:
        messages.warning(request, _("Not found in your list, or found more than once: %(names)s.") % {"names": ", ".join(missing[:10])})
    return redirect("agreements:batch", batch.pk)


@wearing(Hat.OWNER)
@require_POST
def drop(request: ActorRequest, batch_id: UUID, link_id: UUID) -> HttpResponse:
    """Take a supplier out that has no draft yet."""
    batch = batch_for(request.actor, batch_id)
    try:
        leave_out(actor=request.actor, batch=batch, link_id=link_id, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    return redirect("agreements:batch", batch.pk)
