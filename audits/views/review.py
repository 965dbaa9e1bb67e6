"""The chain owner's desk: the answers with their photos, findings beside them, the verdict."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits import services
from audits.forms import FindingForm
from audits.models import Audit
from audits.selectors import Sheet, audit_for, findings_of, photos_of, sheet_of
from audits.status import FINDING_CHIPS, GRADE_CHIPS, REVIEWABLE
from audits.views.tools import asked, home_crumb, in_language, other_of, pictures, said_of, tried
from audits.words import ANSWERS
from foundation.actor import ActorRequest, Hat, wearing
from records.selectors import alike_among


@wearing(Hat.OWNER)
@require_safe
def review(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """What the supplier answered; before it is submitted there is nothing to see."""
    of = audit_for(request.actor, audit_id)
    return _page(request, of, sheet_of(request.actor, of))


def _page(request: ActorRequest, audit: Audit, sheet: Sheet, form: FindingForm | None = None, *, status: int = 200) -> HttpResponse:
    name = other_of(request.actor, audit.agreement)
    found = pictures(request.actor, photos_of(sheet), _("Photo of the supplier"))
    for evidence_id, (_name, at) in alike_among(request.actor, found).items():
        found[evidence_id]["alike_at"] = at
    context = {
        "audit": audit, "name": name, "title": in_language(audit.checklist.name_zh, audit.checklist.name_en), "answer_chips": ANSWERS,
        "rows": [_row(sheet, of, found) for of in sheet.asked()], "findings": findings_of(request.actor, audit),
        "finding_chips": FINDING_CHIPS, "grades": GRADE_CHIPS, "form": form or FindingForm(_choices(sheet)), "now": timezone.now(),
        "open": audit.state in REVIEWABLE, "to_accept": audit.state == "submitted", "crumbs": [*home_crumb(), {"label": name}],
    }  # fmt: skip
    return render(request, "audits/review.html", context, status=status)


def _choices(sheet: Sheet) -> list[tuple[str, str]]:
    return [(of.code, f"{of.order} · {asked(of)}") for of in sheet.questions]


def _row(sheet: Sheet, of: Any, found: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    stands, hung = sheet.answered(of), sheet.photos_under(of)
    return {
        "number": of.order, "asked": asked(of), "answer": stands.answer, "said": said_of(sheet, of), "note": stands.note, "is_critical": of.is_critical,
        "photos": [found[row.evidence_id] for row in hung if row.evidence_id in found],
        "hidden": sum(row.evidence_id not in found for row in hung),
    }  # fmt: skip


@wearing(Hat.OWNER)
@require_POST
def accept(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The verdict."""
    audit = services.accept_audit(actor=request.actor, audit_id=audit_id, now=timezone.now())
    words = _("Reviewed: class %(letter)s. The supplier is told.") % {"letter": audit.result_class}
    messages.success(request, words if audit.result_class else _("Reviewed. The supplier is told."))
    return redirect("audits:audit", audit_id)


@wearing(Hat.OWNER)
@require_POST
def raise_one(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Raise a finding."""
    audit = audit_for(request.actor, audit_id)
    sheet = sheet_of(request.actor, audit)
    form = FindingForm(_choices(sheet), request.POST)
    if form.is_valid():
        sent = dict(form.cleaned_data)
        values = {"actor": request.actor, "audit_id": audit_id, "client_id": sent.pop("client_id"), "now": timezone.now()}
        if request.POST.get("do") == "keep":
            if tried(form, lambda: services.draft_finding(**values, seen=services.Observation(**sent))):
                messages.success(request, _("Kept as a draft. Nobody but your firm sees it."))
                return redirect("audits:review", audit_id)
        elif tried(form, lambda: services.raise_finding(**values, seen=services.Observation(**sent))):
            messages.success(request, _("The finding is raised. The supplier is told."))
            return redirect("audits:review", audit_id)
    return _page(request, audit, sheet, form, status=422)
