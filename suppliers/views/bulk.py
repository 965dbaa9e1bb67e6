"""Many lines at once: pick, choose, look, apply, take back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from suppliers.changes import MOST, Planned
from suppliers.filters import wanted, wanted_of_query
from suppliers.list_forms import CHANGES
from suppliers.list_page import ids_said
from suppliers.list_words import BULK_FIELDS, SKIPPED, edit_said, filters_said, name_of, target_said, value_said
from suppliers.models import BulkEdit
from suppliers.selectors import bulk_edit_for, bulk_edit_rows, bulk_edits
from suppliers.services.bulk_edits import Picked, Preview, apply_bulk_edit, change_said, preview_bulk_edit, undo_bulk_edit

SHOWN, UNDO_AT_ONCE = 100, timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def bulk(request: ActorRequest) -> HttpResponse:
    """Choose what to change and look at it; a GET takes all that fit the filters of its address. Nothing is written."""
    return _choose(request)


def _choose(request: ActorRequest) -> HttpResponse:
    context = _picked(request)
    field = request.POST.get("field", "")
    if field not in CHANGES:
        return render(request, "suppliers/bulk.html", context)
    form = CHANGES[field](request.POST if "look" in request.POST else None)
    context |= {"field": field, "form": form}
    if form.is_valid():
        try:
            preview = _preview(request, context["picked"], field, form.said())  # type: ignore[attr-defined]
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            context |= {"preview": _shown(field, preview), "edit_id": request.POST.get("edit_id") or uuid4()}
    return render(request, "suppliers/bulk.html", context, status=422 if form.errors else 200)


@require_POST
@wearing(Hat.OWNER)
def apply(request: ActorRequest) -> HttpResponse:
    """Write what was looked at. What has changed since is looked at again."""
    context, field = _picked(request), request.POST.get("field", "")
    form = CHANGES[field](request.POST) if field in CHANGES else None
    edit_ids = ids_said([request.POST.get("edit_id", "")])
    if form is None or not form.is_valid() or not edit_ids:
        return _choose(request)
    now, picked = timezone.now(), context["picked"]
    try:
        change = change_said(field, form.said(), now=now)  # type: ignore[attr-defined]
        edit = apply_bulk_edit(
            actor=request.actor, edit_id=edit_ids[0], picked=picked, change=change, seen=request.POST.get("seen", "-"), now=now
        )
    except RuleBroken as broken:
        preview = _preview_or_none(request, picked, field, form)
        form.add_error(None, broken.words())
        context |= {"field": field, "form": form, "preview": preview and _shown(field, preview), "edit_id": edit_ids[0]}
        return render(request, "suppliers/bulk.html", context, status=422)
    messages.success(request, edit_said(edit))
    return redirect("suppliers:bulk_edit", edit.pk)


@require_safe
@wearing(Hat.OWNER)
def history(request: ActorRequest) -> HttpResponse:
    edits = bulk_edits(request.actor, size=SHOWN)[:SHOWN]
    rows = [{"edit": edit, "target": target_said(edit), "said": edit_said(edit)} for edit in edits]
    return render(request, "suppliers/bulk_history.html", {"rows": rows, "now": timezone.now()})


@require_safe
@wearing(Hat.OWNER)
def show(request: ActorRequest, edit_id: UUID) -> HttpResponse:
    edit = bulk_edit_for(request.actor, edit_id)
    rows = [
        {"row": row, "before": value_said(edit.field, row.before), "after": value_said(edit.field, row.after)}
        for row in bulk_edit_rows(request.actor, edit, size=SHOWN)
    ]
    context = {
        "edit": edit, "target": target_said(edit), "said": edit_said(edit), "rows": rows, "more": max(edit.written - len(rows), 0),
        "fresh": timezone.now() - edit.at <= UNDO_AT_ONCE, "now": timezone.now(),
    }  # fmt: skip
    return render(request, "suppliers/bulk_edit.html", context)


@require_POST
@wearing(Hat.OWNER)
def undo(request: ActorRequest, edit_id: UUID) -> HttpResponse:
    edit = undo_bulk_edit(actor=request.actor, edit=bulk_edit_for(request.actor, edit_id), now=timezone.now())
    words = _("Put back.") if not edit.left_alone else _("Put back, except what somebody has changed since.")
    messages.success(request, words)
    return redirect("suppliers:bulk_edit", edit.pk)


def last_edit_to_undo(edits: list[BulkEdit], *, now: Any) -> BulkEdit | None:
    """The newest edit, while it is young enough to be offered beside the list."""
    newest = edits[0] if edits else None
    return newest if newest and newest.undone_at is None and now - newest.at <= UNDO_AT_ONCE else None


def _picked(request: ActorRequest) -> dict[str, Any]:
    """What was picked, and how a form says it again."""
    if request.method != "POST":
        asked = wanted(request.GET)
        return _all_of(asked.as_query())
    if "query" in request.POST and "link" not in request.POST:
        return _all_of(request.POST["query"])
    ids = ids_said(request.POST.getlist("link"))
    return {
        "picked": Picked(ids=ids),
        "links": ",".join(map(str, ids)),
        "many": len(ids),
        "fields": list(BULK_FIELDS.items()),
        "most": MOST,
    }


def _all_of(query: str) -> dict[str, Any]:
    asked = wanted_of_query(query)
    said = [words for _name, words in filters_said(asked.chosen())]
    return {"picked": Picked(wanted=asked), "query": asked.as_query(), "said": said, "fields": list(BULK_FIELDS.items()), "most": MOST}


def _preview(request: ActorRequest, picked: Picked, field: str, value: Any) -> Preview:
    return preview_bulk_edit(actor=request.actor, picked=picked, change=change_said(field, value, now=timezone.now()))


def _preview_or_none(request: ActorRequest, picked: Picked, field: str, form: Any) -> Preview | None:
    try:
        return _preview(request, picked, field, form.said())
    except RuleBroken:
        return None


def _shown(field: str, preview: Preview) -> dict[str, Any]:
    return {
        "rows": [_line(field, row) for row in preview.to_write[:SHOWN]], "left_out": [_line(field, row) for row in preview.left_out[:SHOWN]],
        "write": len(preview.to_write), "skip": len(preview.left_out), "seen": preview.seen,
        "more": max(len(preview.to_write) - SHOWN, 0), "more_left_out": max(len(preview.left_out) - SHOWN, 0),
    }  # fmt: skip


def _line(field: str, row: Planned) -> dict[str, Any]:
    why = str(SKIPPED[row.skipped]) if row.skipped else ""
    return {
        "link": row.link, "name": name_of(row.link), "before": value_said(field, row.before), "after": value_said(field, row.after), "why": why,
    }  # fmt: skip
