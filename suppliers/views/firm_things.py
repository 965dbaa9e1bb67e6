"""The pages of a firm's lists: look, add, mend, retire and take back, take away as a table."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, wearing
from foundation.errors import RuleBroken
from records.selectors import evidences
from suppliers.documents import MIMES, table_document
from suppliers.firm_forms import FirmForm, sent
from suppliers.selectors.firm_lists import MOST, standing_of, thing_for
from suppliers.services.firm_shelf import FIRM_HATS
from suppliers.views.firm_shelves import NAME_HEAD, PAPERS, Shelf, file_from


@require_safe
@wearing(*FIRM_HATS)
def listing(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    """What is in use, then what was retired; `?retired=` offers to take back what has just been."""
    actor, today = request.actor, timezone.localdate()
    kept, retired = (shelf.rows(actor, retired=gone) for gone in (False, True))
    heads = [NAME_HEAD, *shelf.heads, _("State")]
    context = {
        "shelf": shelf, "rows": "suppliers/_firm_rows.html", "heads": [{"label": str(head)} for head in heads], "chips": shelf.chips,
        "lines": [_row(shelf, row, today) for row in kept], "retired": [_row(shelf, row, today) for row in retired],
        "undo": next((_row(shelf, row, today) for row in retired if str(row.pk) == request.GET.get("retired")), None),
        "add_url": reverse(f"suppliers:{shelf.one}_new"), "csv_url": reverse(f"suppliers:{shelf.many}_csv"),
        "xlsx_url": reverse(f"suppliers:{shelf.many}_xlsx"), "is_cut": len(kept) == MOST,
    }  # fmt: skip
    return render(request, "suppliers/firm_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*FIRM_HATS)
def new(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("kind", "node_code") if name in request.GET}
    form = shelf.form(request.actor, *sent(request), initial=asked)
    return _answer(request, shelf, form, lambda: shelf.add(request.actor, form, timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*FIRM_HATS)
def edit(request: ActorRequest, shelf: Shelf, **ids: UUID) -> HttpResponse:
    row = _row_for(request, shelf, ids)
    kind = shelf.edit_form or shelf.form
    form = kind(request.actor, *sent(request), initial=shelf.words_of(row))
    return _answer(request, shelf, form, lambda: shelf.edit(request.actor, row, form, timezone.now()), row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*FIRM_HATS)
def renew(request: ActorRequest, **ids: UUID) -> HttpResponse:
    """The newer paper in the place of this one: its number and days are new, the rest is said already."""
    old = _row_for(request, PAPERS, ids)
    said = {name: value for name, value in PAPERS.words_of(old).items() if name in ("kind", "issuer", "scope")}
    form = PAPERS.form(request.actor, *sent(request), initial=said)
    return _answer(request, PAPERS, form, lambda: file_from(request.actor, form, timezone.now(), replaces=old), replaces=old)


@require_POST
@wearing(*FIRM_HATS)
def retire(request: ActorRequest, shelf: Shelf, **ids: UUID) -> HttpResponse:
    """Off the list, and offered back at once."""
    row = _row_for(request, shelf, ids)
    try:
        shelf.retire(request.actor, row, timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect(f"suppliers:{shelf.one}", row.pk)
    return redirect(reverse(f"suppliers:{shelf.many}") + f"?retired={row.pk}")


@require_POST
@wearing(*FIRM_HATS)
def take_back(request: ActorRequest, shelf: Shelf, **ids: UUID) -> HttpResponse:
    row = _row_for(request, shelf, ids)
    try:
        shelf.take_back(request.actor, row, timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        messages.success(request, _("Back on your list."))
    return redirect(f"suppliers:{shelf.many}")


@require_safe
@wearing(*FIRM_HATS)
def export(request: ActorRequest, shelf: Shelf, kind: str) -> HttpResponse:
    """The whole list, with what was retired."""
    today = timezone.localdate()
    heads = [str(head) for head in (NAME_HEAD, pgettext("thing", "Number, code or site"), *shelf.heads, _("State"))]
    lines = [shelf.line(row, today) for gone in (False, True) for row in shelf.rows(request.actor, retired=gone)]
    rows = [[line.name, line.small, *line.cells, str(shelf.chips[line.state][2])] for line in lines]
    body = table_document(kind, title=str(shelf.title), heads=heads, rows=rows)
    return HttpResponse(body, content_type=MIMES[kind], headers={"Content-Disposition": f'attachment; filename="{shelf.many}.{kind}"'})


def _answer(request: ActorRequest, shelf: Shelf, form: FirmForm, act: Any, *, row: Any = None, replaces: Any = None) -> HttpResponse:
    """Do what a good form asks and go back to the list; else show the form with what is to mend."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Saved on the server."))
            return redirect(f"suppliers:{shelf.many}")
    context = {
        "shelf": shelf,
        "form": form,
        "list_url": reverse(f"suppliers:{shelf.many}"),
        "replaces": replaces and _row(shelf, replaces, timezone.localdate()),
    }
    if row is not None:
        context |= _standing(request, shelf, row)
    return render(request, "suppliers/firm_thing.html", context, status=422 if form.errors else 200)


def _standing(request: ActorRequest, shelf: Shelf, row: Any) -> dict[str, Any]:
    """What a page of one thing shows beside its form."""
    file_id = getattr(row, "evidence_id", None)
    facts = {
        "line": _row(shelf, row, timezone.localdate()), "chips": shelf.chips, "file": evidences(request.actor, [file_id]).get(file_id) if file_id else None,
        "may_retire": not row.retired_at and not getattr(row, "is_main", False),
        "retire_url": reverse(f"suppliers:{shelf.one}_retire", args=[row.pk]), "take_back_url": reverse(f"suppliers:{shelf.one}_take_back", args=[row.pk]),
    }  # fmt: skip
    if shelf is PAPERS:
        newer = row.replaced_by.filter(retired_at=None).first()
        row.is_replaced = newer is not None
        facts |= {
            "line": _row(shelf, row, timezone.localdate()), "is_fixed": row.state == "verified", "standing": standing_of(row, on=timezone.localdate()),
            "renew_url": reverse("suppliers:paper_renew", args=[row.pk]) if not newer and not row.retired_at else "",
            "newer_url": reverse("suppliers:paper", args=[newer.pk]) if newer else "",
        }  # fmt: skip
    return facts


def _row_for(request: ActorRequest, shelf: Shelf, ids: dict[str, UUID]) -> Any:
    return thing_for(request.actor, shelf.model, ids[f"{shelf.one}_id"])


def _row(shelf: Shelf, row: Any, today: date) -> dict[str, Any]:
    line = shelf.line(row, today)
    cells = [
        {"label": str(head), "value": value, "is_day": isinstance(value, date)} for head, value in zip(shelf.heads, line.cells, strict=True)
    ]
    return {
        "thing": row, "line": line, "cells": cells, "url": reverse(f"suppliers:{shelf.one}", args=[row.pk]),
        "take_back_url": reverse(f"suppliers:{shelf.one}_take_back", args=[row.pk]),
    }  # fmt: skip
