"""A file of results arrives: upload, wait for a long one, say which column is which, look, mend, file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.models import Characteristic, MethodEdition, TestMethod
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from inspections.file_preview import cells_to_mend, seen
from inspections.file_words import file_words
from inspections.forms_files import EditionsForm, ResultFileForm, ResultMappingForm, ResultRowForm
from inspections.models import ResultImport
from inspections.reading import FileMessage
from inspections.selectors.result_files import (
    AT_WORK,
    PAGE,
    recent_result_imports,
    result_import_for,
    result_import_row_for,
    result_import_rows,
)
from inspections.services.result_files import (
    LONGEST_CELL,
    LONGEST_LINE,
    cancel_result_import,
    confirm_result_import,
    forget_result_columns,
    map_result_columns,
    mend_result_row,
    name_editions,
    start_result_import,
)
from inspections.words_files import RESULT_FILE_STATES, RESULT_ROW_STATES
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
FIRST_ROWS = 5
OUTCOMES = ("rejected", "warning", "accepted", "duplicate", "skipped")


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*SIDES)
def new(request: ActorRequest) -> HttpResponse:
    """Upload; what comes of it is a preview. Below, the files so far."""
    actor = request.actor
    form = ResultFileForm(actor, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        link = link_for(actor, UUID(said["link"])) if said["link"] else None
        try:
            batch = start_result_import(
                actor=actor, file_name=said["file"].name, data=said["file"].read(), now=timezone.now(), link=link, origin=said["origin"]
            )
        except RuleBroken as broken:
            form.add_error("file", broken.words())
        else:
            return redirect("inspections:result_file", batch.pk)
    context = {"form": form, "recent": recent_result_imports(actor), "chips": RESULT_FILE_STATES}
    return render(request, "inspections/result_files.html", context, status=422 if form.errors else 200)


@require_safe
@wearing(*SIDES)
def one(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    """A file as it stands: at work, asking, to be looked at, filed, or come to nothing."""
    batch = result_import_for(request.actor, result_import_id)
    if batch.state in AT_WORK:
        return render(request, "inspections/result_file_job.html", {"batch": batch, "job": _job(batch)})
    if batch.state == "needs_mapping":
        return _ask_columns(request, batch, _mapping_form(batch), 200)
    if batch.state in ("refused", "cancelled"):
        words = file_words(_message(batch.refusal)) if batch.refusal else _("You stopped this file.")
        return render(request, "inspections/result_file_over.html", {"batch": batch, "words": words})
    return _preview(request, batch)


def _preview(request: ActorRequest, batch: ResultImport) -> HttpResponse:
    actor, only = request.actor, request.GET.get("only", "")
    only = only if only in OUTCOMES else ("rejected" if batch.totals.get("rejected") else "")
    after = request.GET.get("after", "")
    rows = result_import_rows(
        actor, batch, outcomes=[only] if only else [], after=int(after) if after.isdecimal() and len(after) < 9 else 0
    )
    more = rows[PAGE - 1].number if len(rows) > PAGE else None
    context = {
        "batch": batch, "rows": seen(batch, rows[:PAGE], may_mend=_has_file(batch)), "chips": RESULT_ROW_STATES, "tabs": _tabs(batch, only),
        "more_url": f"?only={only}&after={more}" if more else "", "said": [_file_said(each) for each in batch.facts.get("messages", [])],
        "editions": _editions_form(batch), "ready": _ready(batch), "only": only, "named": bool(batch.facts.get("editions")),
    }  # fmt: skip
    return render(request, "inspections/result_file.html", context)


def _has_file(batch: ResultImport) -> bool:
    return hasattr(batch, "file")


def _ready(batch: ResultImport) -> int:
    return int(batch.totals.get("sets", 0)) if _has_file(batch) else 0


def _tabs(batch: ResultImport, only: str) -> list[dict[str, Any]]:
    address = reverse("inspections:result_file", args=[batch.pk])
    return [
        {"label": f"{RESULT_ROW_STATES[name][2]} {batch.totals[name]}", "url": f"{address}?only={name}", "current": name == only}
        for name in OUTCOMES
        if batch.totals.get(name)
    ]


def _message(said: dict[str, Any]) -> FileMessage:
    return FileMessage(said["level"], said["code"], said["found"], said["facts"])


def _file_said(said: dict[str, Any]) -> dict[str, str]:
    return {"tone": "warn" if said["level"] == "warning" else "info", "words": file_words(_message(said))}


def _job(batch: ResultImport) -> dict[str, Any]:
    reading = batch.state == "reading"
    return {
        "id": batch.pk, "url": reverse("inspections:result_file_progress", args=[batch.pk]), "ended": False,
        "note": "" if batch.rows_total else _("Waiting for its turn"),
        "title": _("Reading the file") if reading else _("Filing the results"), "done": batch.rows_done, "total": batch.rows_total,
        "steps": [
            {"label": _("Read the rows"), "state": "now" if reading else "done"},
            {"label": _("You look and mend"), "state": "" if reading else "done"}, {"label": _("File"), "state": "" if reading else "now"},
        ],
    }  # fmt: skip


@require_safe
@wearing(*SIDES)
def progress(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    """The piece that asks again while a worker has the file; once it has ended, the browser goes to what came of it."""
    batch = result_import_for(request.actor, result_import_id)
    address = reverse("inspections:result_file", args=[batch.pk])
    if not getattr(request, "htmx", False):
        return redirect(address)
    if batch.state not in AT_WORK:
        return HttpResponse(status=200, headers={"HX-Redirect": address, "Vary": "HX-Request"})
    response = render(request, "parts/_job.html", {"job": _job(batch)})
    response["Vary"] = "HX-Request"
    return response


@require_POST
@wearing(*SIDES)
def mapping(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    batch = result_import_for(request.actor, result_import_id)
    form = _mapping_form(batch, request.POST)
    if form.is_valid():
        header_row = form.cleaned_data.get("header_row")
        try:
            map_result_columns(actor=request.actor, batch=batch, chosen=form.chosen(), header_row=header_row, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, broken.words())
        else:
            return redirect("inspections:result_file", batch.pk)
    return _ask_columns(request, batch, form, 422)


def _mapping_form(batch: ResultImport, said: Any = None) -> ResultMappingForm:
    if batch.state != "needs_mapping":
        raise Absent
    records = [] if batch.facts["header_row"] else batch.facts["table"][:FIRST_ROWS]
    rows = [(number, _("row %(n)s") % {"n": number}) for number, _cells in records]
    codes = [(each.code, _name(each)) for each in Characteristic.objects.order_by("order")]
    return ResultMappingForm(batch.facts["columns"], rows, codes, *([said] if said is not None else []))


def _name(row: Characteristic) -> str:
    return str(row.name_zh if (get_language() or "").startswith("zh") else row.name_en)


def _ask_columns(request: ActorRequest, batch: ResultImport, form: ResultMappingForm, status: int) -> HttpResponse:
    records = [cells for number, cells in batch.facts["table"] if number != batch.facts["header_row"]][:3]
    columns = [
        {
            "field": form[f"column-{column['index']}"], "letter": column["letter"], "header": column["header"],
            "examples": [str(cells[column["index"]]) for cells in records if column["index"] < len(cells)],
        }
        for column in batch.facts["columns"]
    ]  # fmt: skip
    header = form["header_row"] if "header_row" in form.fields else None
    said = [_file_said(each) for each in batch.facts.get("messages", [])]
    context = {"batch": batch, "form": form, "columns": columns, "header": header, "said": said}
    return render(request, "inspections/result_file_mapping.html", context, status=status)


@require_POST
@wearing(*SIDES)
def forget(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    """Unlearn what was said of columns; files that are read stand as they are."""
    batch = result_import_for(request.actor, result_import_id)
    forget_result_columns(actor=request.actor)
    messages.success(request, _("Forgotten. From the next file on, you are asked again which column is which."))
    return redirect("inspections:result_file", batch.pk)


def _editions_form(batch: ResultImport, said: Any = None) -> EditionsForm | None:
    """Only a sheet of readings does not name its methods itself."""
    measured = batch.facts.get("measured") or []
    if batch.layout != "wide" or not measured or not _has_file(batch):
        return None
    if any(column["field"] == "method" for column in batch.facts["columns"]):
        return None
    methods = list(TestMethod.objects.order_by("order"))
    editions: dict[str, list[str]] = {}
    for code, method in MethodEdition.objects.order_by("code").values_list("code", "method_id"):
        editions.setdefault(method, []).append(code)
    listed = [
        (
            row.code,
            _name(row),
            [each for method in methods if row.code in method.characteristic_codes for each in editions.get(method.code, [])],
        )
        for row in Characteristic.objects.filter(code__in=measured).order_by("order")
    ]
    return EditionsForm(listed, batch.facts.get("editions") or {}, *([said] if said is not None else []))


@require_POST
@wearing(*SIDES)
def editions(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    """By which editions the readings of a sheet were taken: until it is said, they are kept and not judged."""
    batch = result_import_for(request.actor, result_import_id)
    form = _editions_form(batch, request.POST)
    if form is None or not form.is_valid():
        raise Absent
    return _done(request, batch, lambda: name_editions(actor=request.actor, batch=batch, editions=form.cleaned_data, now=timezone.now()))


@require_POST
@wearing(*SIDES)
def confirm(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    batch = result_import_for(request.actor, result_import_id)
    return _done(request, batch, lambda: confirm_result_import(actor=request.actor, batch=batch, now=timezone.now()))


@require_POST
@wearing(*SIDES)
def cancel(request: ActorRequest, result_import_id: UUID) -> HttpResponse:
    batch = result_import_for(request.actor, result_import_id)
    return _done(request, batch, lambda: cancel_result_import(actor=request.actor, batch=batch, now=timezone.now()))


def _done(request: ActorRequest, batch: ResultImport, verb: Any) -> HttpResponse:
    try:
        verb()
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    return redirect("inspections:result_file", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*SIDES)
def row(request: ActorRequest, result_import_id: UUID, number: int) -> HttpResponse:
    """One row: what is wrong, its cells as typed, and what they should be."""
    batch = result_import_for(request.actor, result_import_id)
    found = result_import_row_for(request.actor, batch, number)
    most = LONGEST_LINE if batch.layout == "lines" else LONGEST_CELL
    form = ResultRowForm(cells_to_mend(batch, found), most, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        try:
            if mended := form.mended():
                mend_result_row(actor=request.actor, batch=batch, number=number, cells=mended, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, broken.words())
        else:
            return redirect("inspections:result_file", batch.pk)
    (shown,) = seen(batch, [found], may_mend=True)
    context = {"batch": batch, "form": form, "row": shown, "chips": RESULT_ROW_STATES, "can_mend": _has_file(batch)}
    return render(request, "inspections/result_file_row.html", context, status=422 if form.errors else 200)
