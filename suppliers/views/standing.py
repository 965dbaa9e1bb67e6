"""What a supplier stands for in the owner's chain: approvals by category, tier, and through whom it delivers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from suppliers.list_forms import ApprovalForm, ChainForm
from suppliers.list_page import approval_chip, row_of
from suppliers.list_words import name_of
from suppliers.models import SupplyLink
from suppliers.selectors import approvals_of, link_for, supplier_links, way_of
from suppliers.services.approvals import Decision, decide_approval
from suppliers.services.tiers import place_in_chain

CANDIDATES = 8


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def approvals(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """Decide on one category, and every decision so far."""
    link = link_for(request.actor, link_id)
    form = ApprovalForm(request.POST if request.method == "POST" else None, initial={"category": (link.node_codes or [""])[0]})
    if request.method == "POST" and form.is_valid():
        try:
            decide_approval(actor=request.actor, link=link, said=Decision(**form.cleaned_data), now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
        else:
            messages.success(request, _("The decision is kept."))
            return redirect("suppliers:supplier", link.pk)
    today = timezone.localdate()
    rows = [approval_chip(each, today=None if each.ended_at else today) for each in approvals_of(request.actor, link)]
    context = {"link": link, "name": name_of(link), "form": form, "rows": rows, "now": timezone.now()}
    return render(request, "suppliers/approvals.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def chain(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """Tier and way up of one firm. A name that several firms have is asked about."""
    link = link_for(request.actor, link_id)
    way = way_of(request.actor, link)
    form = ChainForm(request.POST or None, initial={"via": way.up[0].name_zh if way.up else "", "tier": link.tier})
    candidates: list[SupplyLink] = []
    if request.method == "POST" and form.is_valid():
        candidates = _candidates(request.actor, form.cleaned_data["via"], link)
        try:
            via = _the_one(form.cleaned_data["via"], candidates)
            tier = int(form.cleaned_data["tier"] or 1) if via is None else None
            place_in_chain(actor=request.actor, link=link, via_id=via.pk if via else None, tier=tier, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
        else:
            messages.success(request, _("The way up is kept."))
            return redirect("suppliers:supplier", link.pk)
    context = {"link": link, "name": name_of(link), "form": form, "way": way, "candidates": [row_of(each) for each in candidates]}
    return render(request, "suppliers/chain.html", context, status=422 if form.errors else 200)


def _candidates(actor: Actor, said: str, link: SupplyLink) -> list[SupplyLink]:
    if not said.strip():
        return []
    found = supplier_links(actor, query=said, limit=CANDIDATES).rows
    return [each for each in found if each.pk != link.pk] or found


def _the_one(said: str, candidates: list[SupplyLink]) -> SupplyLink | None:
    if not said.strip():
        return None
    exact = [each for each in candidates if said.strip() in (each.name_zh, each.uscc)]
    found = exact if exact else candidates
    if len(found) != 1:
        raise RuleBroken("via_unknown" if not found else "via_not_one", field="via")
    return found[0]
