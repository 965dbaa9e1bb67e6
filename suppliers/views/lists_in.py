"""A list on its way in: paste or upload, say which column is which, mend, confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from suppliers.documents import MIMES, table_document
from suppliers.forms import ListForm, MappingForm
from suppliers.import_words import FIELD_NAMES, file_words, issue_words, row_words
from suppliers.imports import FileMessage, display
from suppliers.models import ImportRow, SupplierImport
from suppliers.preview import RowShown, heads, shown
from suppliers.selectors import PAGE, UNDO_FOR, import_for, import_rows, import_totals, recent_imports
from suppliers.services.lists import confirm_import, map_columns, mend_row, read_row, start_import, undo_import

ONLY = ("problems", "accepted", "duplicate", "skipped", "all")


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def new(request: ActorRequest) -> HttpResponse:
    """Paste or upload; what comes of it is a preview."""
    form = ListForm(request.POST or None, request.FILES or None) if request.method == "POST" else ListForm(initial={"list": ""})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name, data = (file.name, file.read()) if file else (_("pasted list"), form.cleaned_data["list"])
        try:
            batch = start_import(actor=request.actor, file_name=name, data=data, now=timezone.now())
        except RuleBroken as broken:
            form.add_error("file" if file else "list", broken.words())
        else:
            return redirect("suppliers:import", batch.pk)
    context = {"form": form, "recent": recent_imports(request.actor), "sample": request.GET.get("sample") == "1"}
    return render(request, "suppliers/import_new.html", context, status=422 if form.errors else 200)


@require_safe
@wearing(Hat.OWNER)
def preview(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    if batch.state == "needs_mapping":
        return _mapping(request, batch, MappingForm(_columns(batch), dict(FIELD_NAMES)), 200)
    totals = import_totals(request.actor, batch)
    only = request.GET.get("only", "")
    if only not in ONLY:
        only = "problems" if totals["rejected"] + totals["warning"] else "all"
    return render(request, "suppliers/import.html", _preview(request, batch, totals, only))


@require_POST
@wearing(Hat.OWNER)
def mapping(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    form = MappingForm(_columns(batch), dict(FIELD_NAMES), request.POST)
    if form.is_valid():
        try:
            map_columns(actor=request.actor, batch=batch, chosen=form.chosen(), now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, broken.words())
        else:
            return redirect("suppliers:import", batch.pk)
    return _mapping(request, batch, form, 422)


@require_POST
@wearing(Hat.OWNER)
def mend(request: ActorRequest, import_id: UUID, number: int) -> HttpResponse:
    """One cell, mended in its place."""
    batch = import_for(request.actor, import_id)
    field, value = request.POST.get("field", ""), request.POST.get("value", "")[:400]
    try:
        row = mend_row(actor=request.actor, batch=batch, number=number, field=field, value=value, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:import", batch.pk)
    if getattr(request, "htmx", False):
        totals = import_totals(request.actor, batch)
        context = {**_head(batch, totals), "row": _shown(row), "batch": batch, "oob": True, "only": request.POST.get("only", "")}
        return render(request, "suppliers/_import_swap.html", context)
    only = request.POST.get("only", "")
    query = f"?only={only}" if only in ONLY else ""
    return redirect(f"{reverse('suppliers:import', args=[batch.pk])}{query}#row-{row.number}")


@require_POST
@wearing(Hat.OWNER)
def confirm(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    try:
        made = confirm_import(actor=request.actor, batch=batch, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:import", batch.pk)
    words = ngettext("%(n)s supplier is on your list. Nobody was told yet.", "%(n)s suppliers are on your list. Nobody was told yet.", made)
    messages.success(request, words % {"n": made} if made else _("Nothing in it was new. Your list is as it was."))
    return redirect("suppliers:import", batch.pk)


@require_POST
@wearing(Hat.OWNER)
def undo(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    try:
        gone = undo_import(actor=request.actor, batch=batch, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:import", batch.pk)
    words = ngettext("%(n)s supplier is taken off your list.", "%(n)s suppliers are taken off your list.", gone) % {"n": gone}
    messages.success(request, words)
    return redirect("suppliers:import", batch.pk)


@require_safe
@wearing(Hat.OWNER)
def errors(request: ActorRequest, import_id: UUID, kind: str) -> HttpResponse:
    """The same sheet with a column of reasons: what is to be mended, in the shape it came in."""
    batch = import_for(request.actor, import_id)
    columns = batch.facts.get("columns", [])
    titles = [column["header"] or column["letter"] for column in columns]
    rows = [
        _with_reasons(row, columns) for row in import_rows(request.actor, batch, only="problems", limit=100_000) if row.link_id is None
    ]  # fmt: skip
    names = [_("Row"), *titles, _("What to mend")]
    body = table_document(kind, title=_("To mend"), heads=names, rows=rows)
    name = f"suppliers-to-mend.{kind}"
    return HttpResponse(body, content_type=MIMES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _with_reasons(stored: ImportRow, columns: list[dict[str, Any]]) -> list[str | int]:
    row = read_row(stored)
    cells = [
        row.cells[column["field"]] if column["field"] in row.cells else row.raw[column["index"]] if column["index"] < len(row.raw) else ""
        for column in columns
    ]
    reasons = " ".join([*(issue_words(issue) for issue in row.issues), row_words(row)]).strip()
    return [row.number, *(display(cell) for cell in cells), reasons]


def _preview(request: ActorRequest, batch: SupplierImport, totals: dict[str, int], only: str) -> dict[str, Any]:
    after = request.GET.get("after", "0")
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    found = import_rows(request.actor, batch, after=start, only="" if only == "all" else only, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    url = reverse("suppliers:import", args=[batch.pk])
    counts = {"problems": totals["rejected"] + totals["warning"], "accepted": totals["accepted"], "duplicate": totals["duplicate"],
              "skipped": totals["skipped"], "all": totals["rows"]}  # fmt: skip
    labels = {
        "problems": _("To look at"),
        "accepted": _("Ready"),
        "duplicate": _("Counted once"),
        "skipped": _("Left out"),
        "all": _("All"),
    }
    tabs = [{"url": f"{url}?only={name}", "label": labels[name], "count": counts[name], "current": name == only} for name in ONLY]
    return {
        **_head(batch, totals), "batch": batch, "only": only, "tabs": tabs, "heads": heads(batch.facts["columns"]),
        "rows": [_shown(row) for row in rows], "messages_of_file": [_said(message) for message in batch.facts["messages"]],
        "more_url": f"{url}?only={only}&after={rows[-1].number}" if more else "", "step": PAGE, "shown": len(rows),
        "undo_until": batch.done_at + UNDO_FOR if batch.done_at and timezone.now() < batch.done_at + UNDO_FOR else None,
    }  # fmt: skip


def _head(batch: SupplierImport, totals: dict[str, int]) -> dict[str, Any]:
    return {"totals": totals, "ready": totals["ready"], "is_done": batch.state == "done"}


def _shown(row: ImportRow) -> RowShown:
    return shown(read_row(row), imported=row.link_id is not None)


def _said(message: dict[str, Any]) -> dict[str, str]:
    words = file_words(FileMessage(message["level"], message["code"], message["found"], message["facts"]))
    return {"words": words, "tone": "info" if message["level"] == "info" else ""}


def _columns(batch: SupplierImport) -> list[dict[str, Any]]:
    if batch.state != "needs_mapping":
        raise Absent
    return list(batch.facts["columns"])


def _mapping(request: ActorRequest, batch: SupplierImport, form: MappingForm, status: int) -> HttpResponse:
    records = [cells for number, cells in batch.facts["table"]["records"] if number != batch.facts["header_row"]][:3]
    columns = [
        {
            "field": form[f"column-{column['index']}"], "letter": column["letter"], "header": column["header"],
            "examples": [display(cells[column["index"]]) for cells in records if column["index"] < len(cells)],
        }
        for column in _columns(batch)
    ]  # fmt: skip
    context = {"batch": batch, "form": form, "columns": columns, "messages_of_file": [_said(m) for m in batch.facts["messages"]]}
    return render(request, "suppliers/mapping.html", context, status=status)
