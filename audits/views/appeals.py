"""Appeals: made on the finding's page, decided by a third party that sees the words of both sides and no name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import services
from audits.forms import ReasonForm
from audits.forms_corrective import AppealForm, DecideForm
from audits.selectors import finding_for
from audits.selectors.appeals import PAGE, appeal_for, appeals
from audits.status import GRADE_CHIPS
from audits.views.finding_parts import parties_of
from audits.views.findings import finding_page
from audits.views.tools import moment_cursor, shown, tried
from audits.words_corrective import APPEAL_CHIPS
from foundation.actor import ActorRequest, Hat, wearing
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query


@wearing(Hat.SUPPLIER)
@require_POST
def appeal(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """Take a finding that was upheld to a third party."""
    of = finding_for(request.actor, finding_id)
    form = AppealForm(parties_of(request.actor, of), request.POST, auto_id="id_appeal_%s")
    if form.is_valid():
        sent = form.cleaned_data
        if tried(form, lambda: services.appeal_finding(
            actor=request.actor, finding_id=finding_id, arbiter_org_id=UUID(sent["arbiter"]), why=sent["reason"], client_id=sent["client_id"],
            now=timezone.now(),
        )):  # fmt: skip
            messages.success(request, _("Asked. What the third party says binds both sides."))
            return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="appeal", status=422)


@wearing(Hat.LAB)
@require_safe
def appeal_list(request: ActorRequest) -> HttpResponse:
    """The appeals that the third party is asked to decide, newest first."""
    found = appeals(request.actor, after=moment_cursor(request))
    page = found[:PAGE]
    context = {
        "rows": "audits/_appeal_rows.html", "id": "appeals", "appeals": [{"row": row, "state": row.outcome or row.state} for row in page],
        "chips": APPEAL_CHIPS, "grades": GRADE_CHIPS, "heads": [{"label": w} for w in (_("Appeal"), _("State"), _("Grade"), _("Asked"))],
        "shown": shown(request, len(page)), "step": PAGE, "now": timezone.now(), "more_url": _more(request, page, found),
    }  # fmt: skip
    piece = "parts/_more_rows.html" if request.GET.get("after") else "audits/_appeals.html"
    return fragment(request, piece, context, page="audits/appeals.html")


def _more(request: ActorRequest, page: list[Any], found: list[Any]) -> str:
    if len(found) <= PAGE:
        return ""
    last = page[-1]
    return changed_query(request.GET, {"after": f"{last.asked_at.isoformat()}_{last.pk}", "seen": shown(request, len(page))})


@wearing(Hat.LAB)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_page(request: ActorRequest, appeal_id: UUID) -> HttpResponse:
    """The words of both sides, and the third party's own."""
    row = appeal_for(request.actor, appeal_id)
    said, verb = request.POST or None, request.POST.get("do", "")
    form: Any = DecideForm(said if verb == "decide" else None)
    no: Any = ReasonForm(said if verb == "decline" else None, auto_id="id_no_%s")
    values: dict[str, Any] = {"actor": request.actor, "appeal_id": appeal_id, "now": timezone.now()}
    if verb == "decide" and form.is_valid() and tried(
        form, lambda: services.decide_appeal(**values, outcome=form.cleaned_data["outcome"], words=form.cleaned_data["reason"])
    ):  # fmt: skip
        messages.success(request, _("Your word is with both sides."))
        return redirect("audits:appeal", appeal_id)
    if verb == "decline" and no.is_valid() and tried(no, lambda: services.decline_appeal(**values, words=no.cleaned_data["reason"])):
        return redirect("audits:appeal", appeal_id)
    context = {
        "row": row, "state": row.outcome or row.state, "chips": APPEAL_CHIPS, "grades": GRADE_CHIPS, "form": form, "no": no, "no_open": bool(no.errors),
        "open": row.state == "asked", "now": timezone.now(),
    }  # fmt: skip
    return render(request, "audits/appeal.html", context, status=422 if form.errors or no.errors else 200)
