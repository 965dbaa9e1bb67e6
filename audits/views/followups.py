"""Follow-ups: planned from an audit with open findings, and what was seen of each there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits import services
from audits.forms_corrective import FollowUpForm, LookForm
from audits.selectors import audit_for
from audits.selectors.followups import follow_ups_of, item_with, open_of
from audits.services.followups import LOOKED_AT
from audits.services.sides import must_judge
from audits.status import AUDIT_CHIPS, FINDING_CHIPS, GRADE_CHIPS
from audits.views.corrective import photos_with
from audits.views.tools import home_crumb, other_of, tried
from foundation.actor import ActorRequest, Hat, wearing


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """What is open, and the day on which somebody looks again."""
    of = audit_for(request.actor, audit_id)
    must_judge(request.actor, of.owner_org_id)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Any] = []
        said = services.FollowUpSaid(**form.cleaned_data)
        if tried(
            form, lambda: made.append(services.start_follow_up(actor=request.actor, audit_id=audit_id, said=said, now=timezone.now()))
        ):
            messages.success(request, _("The follow-up is planned."))
            return redirect("audits:audit", made[0].pk)
    name = other_of(request.actor, of.agreement)
    context = {
        "audit": of, "form": form, "name": name, "open": open_of(request.actor, of), "earlier": follow_ups_of(request.actor, of),
        "grades": GRADE_CHIPS, "finding_chips": FINDING_CHIPS, "chips": AUDIT_CHIPS, "now": timezone.now(), "crumbs": [*home_crumb(), {"label": name}],
    }  # fmt: skip
    return render(request, "audits/follow_up.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: ActorRequest, follow_up_item_id: UUID) -> HttpResponse:
    """One finding of a follow-up: what is seen of it now."""
    item = item_with(request.actor, follow_up_item_id)
    of = item.audit
    must_judge(request.actor, of.owner_org_id)
    form = LookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        photos, sent = photos_with(request, form), form.cleaned_data
        values: dict[str, Any] = {"actor": request.actor, "audit_id": of.pk, "finding_id": item.finding_id, "evidence_ids": photos, "now": timezone.now()}
        if not form.errors and tried(form, lambda: services.look_again(**values, outcome=sent["outcome"], seen=sent["seen"])):
            return redirect("audits:audit", of.pk)
    context = {
        "audit": of, "item": item, "finding": item.finding, "form": form, "name": other_of(request.actor, of.agreement), "can": of.state in LOOKED_AT,
        "grades": GRADE_CHIPS, "finding_chips": FINDING_CHIPS, "now": timezone.now(),
    }  # fmt: skip
    return render(request, "audits/look.html", context, status=422 if form.errors else 200)
