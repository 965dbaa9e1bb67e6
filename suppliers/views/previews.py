"""A list before it is written: every row with its problems in their cells, mended one by one or many at once, then confirmed."""

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
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.templatetags.qc import day_words
from suppliers.documents import MIMES, mending_sheet
from suppliers.models import ImportRow, SupplierImport
from suppliers.preview import RowShown, heads, said_by_owner, said_of_file, shown, summary, word_shown
from suppliers.selectors import (
    AT_WORK,
    PAGE,
    UNDO_FOR,
    asked_once,
    columns_said_at,
    import_for,
    import_totals,
    lookalikes,
    preview_rows,
    rows_to_mend,
    suggested_rows,
    words_asked,
)
from suppliers.services.lists import answer_lookalike, confirm_import, mend_row, read_row, undo_import
from suppliers.services.mends import mend_word, take_suggestions
from suppliers.views.lists_in import ask_columns, at_work, over

ONLY = ("problems", "accepted", "imported", "tidied", "duplicate", "skipped", "all")
ALIKE_SHOWN = 10


@require_safe
@wearing(Hat.OWNER)
def preview(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """What a list has come to: at work, refused, its columns asked for, or its rows."""
    batch = import_for(request.actor, import_id)
    if batch.state in AT_WORK:
        return at_work(request, batch)
    if batch.state in ("refused", "cancelled"):
        return over(request, batch)
    if batch.state == "needs_mapping":
        return ask_columns(request, batch)
    totals = _totals(request, batch)
    only = request.GET.get("only", "")
    if only not in ONLY:
        only = "problems" if totals["rejected"] + totals["asked"] else "all"
    context = _preview(request, batch, totals, only)
    if getattr(request, "htmx", False) and request.GET.get("after"):
        return render(request, "parts/_more_rows.html", {**context, "rows": "suppliers/_import_rows.html", "import_rows": context["rows"]})
    return render(request, "suppliers/import.html", context)


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
        totals = _totals(request, batch)
        context = {**_head(batch, totals), "row": _shown(row), "batch": batch, "oob": True, "only": request.POST.get("only", "")}
        return render(request, "suppliers/_import_swap.html", context)
    return _back(request, batch, f"#row-{row.number}")


@require_POST
@wearing(Hat.OWNER)
def mend_all(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """One answer for many rows: what a word stands for, or every suggestion taken."""
    batch = import_for(request.actor, import_id)
    said = {name: request.POST.get(name, "")[:400] for name in ("field", "found", "value")}
    try:
        if request.POST.get("do") == "suggestions":
            mended = take_suggestions(actor=request.actor, batch=batch, now=timezone.now())
        else:
            mended = mend_word(actor=request.actor, batch=batch, now=timezone.now(), **said)
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        messages.success(request, ngettext("%(n)s row is mended.", "%(n)s rows are mended.", mended) % {"n": mended})
    return _back(request, batch)


@require_POST
@wearing(Hat.OWNER)
def alike(request: ActorRequest, import_id: UUID, number: int) -> HttpResponse:
    """Two names that look alike: one firm, or two?"""
    batch = import_for(request.actor, import_id)
    other, is_same = _other(request.POST.get("other", "")), request.POST.get("answer") == "same"
    try:
        answer_lookalike(actor=request.actor, batch=batch, number=number, other=other, is_same=is_same, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    return _back(request, batch, "#alike")


@require_POST
@wearing(Hat.OWNER)
def confirm(request: ActorRequest, import_id: UUID) -> HttpResponse:
    batch = import_for(request.actor, import_id)
    try:
        made = confirm_import(actor=request.actor, batch=batch, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:import", batch.pk)
    if import_for(request.actor, batch.pk).state != "writing":  # else a worker has it, and its page says how far it is
        words = ngettext(
            "%(n)s supplier is on your list. Nobody was told yet.", "%(n)s suppliers are on your list. Nobody was told yet.", made
        )
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
    rows = rows_to_mend(request.actor, batch, duplicates=request.GET.get("duplicates") == "1")
    body = mending_sheet(kind, columns=batch.facts.get("columns", []), rows=(read_row(row) for row in rows))
    name = f"suppliers-to-mend.{kind}"
    return HttpResponse(body, content_type=MIMES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _preview(request: ActorRequest, batch: SupplierImport, totals: dict[str, int], only: str) -> dict[str, Any]:
    after = request.GET.get("after", "0")
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    found = preview_rows(request.actor, batch, after=start, only="" if only == "all" else only, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    url = reverse("suppliers:import", args=[batch.pk])
    return {
        **_head(batch, totals), **_questions(request, batch, totals), "batch": batch, "only": only, "tabs": _tabs(url, totals, only),
        "heads": heads(batch.facts["columns"]), "rows": [_shown(row) for row in rows],
        "messages_of_file": said_of_file(batch.facts), "said_by_owner": said_by_owner(batch.facts["columns"]), "said_at": _said_on(request, batch),
        "more_url": f"{url}?only={only}&after={rows[-1].number}" if more else "", "step": PAGE, "shown": len(rows), "from_start": not start,
        "undo_until": batch.done_at + UNDO_FOR if batch.done_at and timezone.now() < batch.done_at + UNDO_FOR else None,
    }  # fmt: skip


def _said_on(request: ActorRequest, batch: SupplierImport) -> str:
    at = columns_said_at(request.actor, batch.facts["columns"])
    return day_words(at, now=timezone.now()) if at else ""


def _questions(request: ActorRequest, batch: SupplierImport, totals: dict[str, int]) -> dict[str, Any]:
    """What one answer settles: names that look alike, words used many times, codes with one letter to change."""
    pairs = [pair for pair in lookalikes(request.actor, batch) if not pair.is_imported]
    asked, same = [pair for pair in pairs if not pair.answer], [pair for pair in pairs if pair.answer == "same"]
    has_problems = totals["rejected"] or totals["asked"]
    words = words_asked(request.actor, batch) if has_problems else []
    suggested = len(suggested_rows(request.actor, batch)) if totals["rejected"] else 0
    return {
        "alike": asked[:ALIKE_SHOWN], "alike_more": max(len(asked) - ALIKE_SHOWN, 0), "alike_count": len(asked), "alike_same": same[:ALIKE_SHOWN],
        "words": [word_shown(word.field, word.found, word.rows) for word in words], "suggested": suggested if suggested > 1 else 0,
    }  # fmt: skip


def _tabs(url: str, totals: dict[str, int], only: str) -> list[dict[str, Any]]:
    chips = [
        ("problems", _("To look at"), totals["rejected"] + totals["asked"]), ("accepted", _("Ready"), totals["ready"] - totals["asked"]),
        ("imported", _("On your list"), totals["imported"]), ("tidied", _("Tidied up"), totals["normalised"]), ("duplicate", _("Counted once"), totals["duplicate"]),
        ("skipped", _("Left out"), totals["skipped"]), ("all", _("All"), totals["rows"]),
    ]  # fmt: skip
    return [
        {"url": f"{url}?only={name}", "label": label, "count": count, "current": name == only}
        for name, label, count in chips
        if count or name in (only, "all")
    ]


def _head(batch: SupplierImport, totals: dict[str, int]) -> dict[str, Any]:
    return {"totals": totals, "ready": totals["ready"], "is_done": batch.state == "done", "summary": summary(totals)}


def _totals(request: ActorRequest, batch: SupplierImport) -> dict[str, int]:
    return {**import_totals(request.actor, batch), "asked": asked_once(request.actor, batch)}


def _shown(row: ImportRow) -> RowShown:
    return shown(read_row(row), imported=row.link_id is not None)


def _other(said: str) -> int | UUID:
    """The row or the line of the list that a question was about. Raises Absent."""
    if said.isascii() and said.isdecimal() and len(said) < 9:
        return int(said)
    try:
        return UUID(said)
    except ValueError:
        raise Absent from None


def _back(request: ActorRequest, batch: SupplierImport, place: str = "") -> HttpResponse:
    """To the rows that were looked at."""
    only = request.POST.get("only", "")
    query = f"?only={only}" if only in ONLY else ""
    return redirect(f"{reverse('suppliers:import', args=[batch.pk])}{query}{place}")
