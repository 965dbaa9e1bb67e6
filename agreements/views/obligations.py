"""One duty: how it is kept, or let go by the other side. The same page for both."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.cards import firm_name, obligation_card
from agreements.duty_forms import RecordForm, WaiveForm
from agreements.forms import DocumentForm, FileForm, ResultsForm
from agreements.models import Clause, Obligation
from agreements.selectors import clauses_by_id, entries_of, obligation_for, papers_for, state_on
from agreements.selectors.obligations import waiver_of
from agreements.services import file_document, share_results, waive
from agreements.services.papers import KEPT_BY_WORDS, file_record
from agreements.words import OBLIGATION_CHIPS, SIDES
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import NotYours, RuleBroken
from foundation.templatetags.qc import day_words
from records.models import Evidence
from records.selectors import evidences, shares_for
from records.services.evidence import take_evidence
from records.timeline import lines_of

OPEN_STATES = ("scheduled", "due_soon", "due", "overdue")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def obligation(request: ActorRequest, obligation_id: UUID) -> HttpResponse:
    """A duty with what was done for it; whoever owes it keeps it here."""
    row = obligation_for(request.actor, obligation_id)
    clause = clauses_by_id(request.actor, [row.clause_id]).get(row.clause_id)
    form = _form(request, row, clause)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _keep(request, row, form)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Done. It stands in the common record of both sides."))
            return redirect("agreements:obligation", row.pk)
    return render(request, "agreements/obligation.html", _context(request, row, clause, form), status=422 if form and form.errors else 200)


def _mine(actor: Actor, row: Obligation) -> bool:
    return actor.hat.value == row.side


def _form(request: ActorRequest, row: Obligation, clause: Clause | None) -> FileForm | None:
    """The form that keeps this duty; None where it is the other side's, settled, or kept elsewhere."""
    if not _mine(request.actor, row) or state_on(row, timezone.localdate()) not in OPEN_STATES or clause is None:
        return None
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if row.kind in KEPT_BY_WORDS:
        return ResultsForm(*sent)
    if row.kind == "process_record":
        return RecordForm(*sent)
    if row.kind == "document":
        now = timezone.now()
        papers = papers_for(request.actor, clause.params["document"], on=timezone.localdate())
        said = [(p.evidence_id, _("Filed on %(day)s") % {"day": day_words(p.filed_at, now=now)}) for p in papers]
        return DocumentForm(said, *sent)
    return None


def _keep(request: ActorRequest, row: Obligation, form: FileForm) -> None:
    said, now, actor = form.cleaned_data, timezone.now(), request.actor
    if isinstance(form, ResultsForm):
        evidence = _evidence(request, form) if said["file"] or said["evidence_id"] else None
        share_results(actor=actor, obligation=row, note=said["note"], evidence=evidence, now=now)
    elif isinstance(form, RecordForm):
        evidence = _evidence(request, form) if said["file"] or said["evidence_id"] else None
        file_record(actor=actor, obligation=row, note=said["note"], evidence=evidence, now=now)
    else:
        evidence = _evidence(request, form)
        file_document(actor=actor, obligation=row, evidence=evidence, number=said["number"], expires_on=said["expires_on"], now=now)


def _evidence(request: ActorRequest, form: FileForm) -> Evidence:
    said = form.cleaned_data
    filed = said.get("filed") if not (said["file"] or said["evidence_id"]) else None
    evidence_id = UUID(filed) if filed else said["evidence_id"]
    return take_evidence(
        actor=request.actor, now=timezone.now(), client_id=said["client_id"], file=said["file"], evidence_id=evidence_id
    )  # fmt: skip


def _context(request: ActorRequest, row: Obligation, clause: Clause | None, form: FileForm | None) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    state = state_on(row, today)
    is_open = state in OPEN_STATES
    entries = entries_of(actor, row)
    return {
        "row": row, "clause": clause, "form": form, "state": state, "chips": OBLIGATION_CHIPS, "card": obligation_card(row, clause, today=today),
        "whose": firm_name(row.agreement, row.side), "whose_side": SIDES[row.side], "lines": lines_of(actor, entries), "mine": _mine(actor, row),
        "notes": [note for note in map(_note, entries) if note], "file": _file(actor, row), "is_open": is_open,
        "can_waive": is_open and not _mine(actor, row), "waiver": waiver_of(actor, row), "stands_for": actor.stands_for, "kept_elsewhere": is_open and _mine(actor, row) and form is None,
    }  # fmt: skip


def _note(entry: Any) -> str:
    """What was said when it was kept, as the record keeps it."""
    payload = getattr(entry, "payload", None)
    if entry.kind not in ("results_shared", "record_filed") or payload is None:
        return ""
    return str(json.loads(payload.text).get("note", ""))


def _file(actor: Actor, row: Obligation) -> dict[str, Any] | None:
    """The file that kept the duty, as far as the reader may see it: its own, or what the other side shows."""
    if row.subject_id is None or row.kind not in ("document", "process_record", *KEPT_BY_WORDS):
        return None
    own = evidences(actor, [row.subject_id]).get(row.subject_id)
    if own is not None:
        return {"name": own.name, "size": own.size, "sha256": own.shared_sha256, "url": reverse("records:evidence_file", args=[own.pk])}
    share = shares_for(actor, [row.subject_id]).get(row.subject_id)
    if share is None:
        return None
    return {"name": share.name, "size": share.size, "sha256": share.sha256, "url": reverse("records:shared_file", args=[share.pk])}


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def waive_it(request: ActorRequest, obligation_id: UUID) -> HttpResponse:
    """The other side lets the duty go and says why; what is settled, and one's own, has no such page."""
    row, actor = obligation_for(request.actor, obligation_id), request.actor
    if _mine(actor, row):
        if request.method == "POST":
            raise NotYours
        return redirect("agreements:obligation", row.pk)
    form = WaiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            waive(actor=actor, obligation=row, why=form.cleaned_data["why"], now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Waived. The other side sees it in the common record."))
            return redirect("agreements:obligation", row.pk)
    clause = clauses_by_id(actor, [row.clause_id]).get(row.clause_id)
    context = {
        "form": form,
        "row": row,
        "card": obligation_card(row, clause, today=timezone.localdate()),
        "whose": firm_name(row.agreement, row.side),
    }
    return render(request, "agreements/waive.html", context, status=422 if form.errors else 200)
