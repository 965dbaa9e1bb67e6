"""A list arrives: paste or upload, wait for a long one, say which column is which."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from suppliers.forms import ListForm, MappingForm
from suppliers.import_words import FIELD_NAMES, file_words
from suppliers.imports import FileMessage, display
from suppliers.models import SupplierImport
from suppliers.preview import said_of_file
from suppliers.selectors import AT_WORK, import_for, recent_imports
from suppliers.services.lists import cancel_import, forget_columns, map_columns, start_import
from suppliers.words import IMPORT_STATES

FIRST_ROWS = 5


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
    context = {"form": form, "recent": recent_imports(request.actor), "chips": IMPORT_STATES}
    return render(request, "suppliers/import_new.html", context, status=422 if form.errors else 200)


@require_safe
@wearing(Hat.OWNER)
def progress(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """The piece that asks again while a worker is at the list; once it has ended, the browser goes to what came of it."""
    batch = import_for(request.actor, import_id)
    address = reverse("suppliers:import", args=[batch.pk])
    if not getattr(request, "htmx", False):
        return redirect(address)
    if batch.state not in AT_WORK:
        return HttpResponse(status=200, headers={"HX-Redirect": address, "Vary": "HX-Request"})
    response = render(request, "parts/_job.html", {"job": job_shown(batch)})
    response["Vary"] = "HX-Request"
    return response


def at_work(request: ActorRequest, batch: SupplierImport) -> HttpResponse:
    """The page of a list that a worker reads or writes."""
    return render(request, "suppliers/import_job.html", {"batch": batch, "job": job_shown(batch)})


def job_shown(batch: SupplierImport) -> dict[str, Any]:
    reading = batch.state == "reading"
    note = "" if batch.rows_total else _("Waiting for its turn")
    return {
        "id": batch.pk, "url": reverse("suppliers:import_progress", args=[batch.pk]), "ended": False, "note": note,
        "title": _("Reading the list") if reading else _("Putting the suppliers on your list"),
        "done": batch.rows_done, "total": batch.rows_total,
        "steps": [
            {"label": _("Read the rows"), "state": "now" if reading else "done"}, {"label": _("You look and mend"), "state": "" if reading else "done"},
            {"label": _("Put on your list"), "state": "" if reading else "now"}, {"label": _("Invite"), "state": ""},
        ],
    }  # fmt: skip


@require_POST
@wearing(Hat.OWNER)
def cancel(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    try:
        cancel_import(actor=request.actor, batch=batch, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    return redirect("suppliers:import", batch.pk)


def over(request: ActorRequest, batch: SupplierImport) -> HttpResponse:
    """A list that came to nothing: refused by a worker, or stopped by a person. Why, and the way back."""
    context: dict[str, Any] = {
        "batch": batch,
        "tone": "",
        "icon": "minus",
        "title": _("The list was stopped"),
        "words": _("You stopped this list."),
    }
    if batch.refusal:
        said = batch.refusal
        words = file_words(FileMessage(said["level"], said["code"], said["found"], said["facts"]))
        context |= {"tone": "bad", "icon": "alert", "title": _("The list could not be read"), "words": words}
    return render(request, "suppliers/import_over.html", context)


@require_POST
@wearing(Hat.OWNER)
def mapping(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    form = _form(batch, request.POST)
    if form.is_valid():
        header_row = form.cleaned_data.get("header_row")
        try:
            map_columns(actor=request.actor, batch=batch, chosen=form.chosen(), header_row=header_row, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, broken.words())
        else:
            return redirect("suppliers:import", batch.pk)
    return _ask_columns(request, batch, form, 422)


def ask_columns(request: ActorRequest, batch: SupplierImport) -> HttpResponse:
    """The page that asks which column is which."""
    return _ask_columns(request, batch, _form(batch), 200)


@require_POST
@wearing(Hat.OWNER)
def forget(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """Unlearn what the owner said of columns; lists that are read stand as they are."""
    batch = import_for(request.actor, import_id)
    forget_columns(actor=request.actor)
    messages.success(request, _("Forgotten. From the next list on, you are asked again which column is which."))
    return redirect("suppliers:import", batch.pk)


def _columns(batch: SupplierImport) -> list[dict[str, Any]]:
    if batch.state != "needs_mapping":
        raise Absent
    return list(batch.facts["columns"])


def _form(batch: SupplierImport, said: Any = None) -> MappingForm:
    columns = _columns(batch)
    records = [] if batch.facts["header_row"] else batch.facts["table"]["records"][:FIRST_ROWS]
    rows = [(number, _("row %(n)s") % {"n": number}) for number, _cells in records]
    return MappingForm(columns, dict(FIELD_NAMES), rows, said)


def _ask_columns(request: ActorRequest, batch: SupplierImport, form: MappingForm, status: int) -> HttpResponse:
    records = [cells for number, cells in batch.facts["table"]["records"] if number != batch.facts["header_row"]][:3]
    columns = [
        {
            "field": form[f"column-{column['index']}"], "letter": column["letter"], "header": column["header"],
            "examples": [display(cells[column["index"]]) for cells in records if column["index"] < len(cells)],
        }
        for column in _columns(batch)
    ]  # fmt: skip
    header = form["header_row"] if "header_row" in form.fields else None
    context = {"batch": batch, "form": form, "columns": columns, "header": header, "messages_of_file": said_of_file(batch.facts)}
    return render(request, "suppliers/mapping.html", context, status=status)
