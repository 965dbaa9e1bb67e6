"""A technique goes on: its question into a checklist of one's own, help with it to the desk of services."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.forms import refuse
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from onestop.forms_services import OfferForm
from onestop.models import Kind
from onestop.services.offers import OfferSaid
from onestop.showing import node_choices
from oversight.forms_problems import QuestionForm
from oversight.models import Technique
from oversight.selectors.techniques import technique_for
from oversight.services.technique_uses import offer_technique, put_question
from parties.roles import MAY_WRITE


@require_POST
@wearing(Hat.OWNER)
def technique_question(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    """Into the draft that was chosen, or into a new one."""
    row, form = technique_for(request.actor, technique_id), QuestionForm(data=request.POST)
    if not form.is_valid():
        raise Absent
    draft = put_question(
        actor=request.actor, technique=row, draft_id=form.cleaned_data["draft"], client_id=form.said_id, now=timezone.now()
    )
    messages.success(request, _("The question stands in this checklist, with the technique that it comes from."))
    return redirect("audits:checklist_draft", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.LAB, Hat.PROVIDER)
def technique_offer(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    """An offer of help with a technique, filled in as far as the technique says it."""
    request.actor.must_hold(*MAY_WRITE)
    row = technique_for(request.actor, technique_id)
    form = OfferForm(request.POST if request.method == "POST" else None, nodes=node_choices(), initial=_filled(row))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("client_id")
        try:
            made = offer_technique(actor=request.actor, technique=row, said=OfferSaid(**said), client_id=key, now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("onestop:offer", made.pk)
    crumbs = [{"url": reverse("oversight:technique", args=[row.pk]), "label": row.code}, {"url": "", "label": _("Offer help with it")}]
    return render(request, "oversight/technique_offer.html", {"form": form, "row": row, "crumbs": crumbs}, status=422 if form.errors else 200)


def _filled(row: Technique) -> dict[str, object]:
    about = _("Help to work by the technique %(code)s, %(name)s.") % {"code": row.code, "name": row.name}
    return {"kind": Kind.QUALITY.value, "title": row.name, "about": about, "node_codes": row.node_codes}
