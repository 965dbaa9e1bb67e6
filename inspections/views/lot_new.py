"""A lot is registered in half a minute on a phone, and put right as long as nothing hangs on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from inspections.lot_filters import wanted
from inspections.lot_forms import OWN, SEPARATOR, LotForm, Named, refuse
from inspections.models import Lot
from inspections.selectors.lots import known_products, lot_for, lot_links, recent_lots
from inspections.services.lots import change_lot, register_lot
from suppliers.models import SupplyLink

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def lot_new(request: ActorRequest) -> HttpResponse:
    """`?like=` begins as another lot like that one, `?link=` with that firm."""
    actor = request.actor
    links = lot_links(actor)
    known = known_products(actor, link_id=wanted(request.GET).link)
    form = LotForm(_for_whom(actor, links), known, request.POST or None, initial=_initial(request, known))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("link", OWN)
        link = next((link for link in links if str(link.pk) == chosen), None)
        try:
            row = register_lot(actor=actor, said=form.said(), client_id=form.cleaned_data["client_id"], now=timezone.now(), link=link)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Registered: lot %(number)s. Print its label, or enter the first test.") % {"number": row.lot_no})
            return redirect("inspections:lot", row.pk)
    context = {"form": form, "may": actor.hat == Hat.SUPPLIER or bool(links), "last": next(iter(recent_lots(actor, limit=1)), None)}
    return render(request, "inspections/lot_form.html", context, status=422 if form.errors else 200)


def _for_whom(actor: Actor, links: list[SupplyLink]) -> list[Named]:
    """An owner chooses a supplier; a supplier a customer, or a lot of its own."""
    zh = (get_language() or "").startswith("zh")
    if actor.hat == Hat.OWNER:
        return [("", "—"), *((str(link.pk), link.name_zh if zh else link.name_en or link.name_zh) for link in links)]
    named = [(str(link.pk), link.owner_name_zh if zh else link.owner_name_en or link.owner_name_zh) for link in links]
    return [*named, (OWN, _("My own lot, for several customers or none yet"))]


def _initial(request: ActorRequest, known: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Today, the unit and product of the lot before: most lots are like the last one."""
    initial: dict[str, Any] = {"made_on": timezone.localdate(), "link": request.GET.get("link", "")}
    like = _like(request)
    if like is not None:
        made = (like.product_code, like.product, like.colour)
        initial |= {"link": str(like.link_id or OWN), "unit": like.unit, "known": SEPARATOR.join(made)}
    elif known:
        initial |= {"known": SEPARATOR.join(known[0])}
    return initial


def _like(request: ActorRequest) -> Lot | None:
    try:
        return lot_for(request.actor, UUID(request.GET.get("like", "")))
    except (ValueError, Absent):
        return next(iter(recent_lots(request.actor, limit=1)), None) if not request.GET.get("link") else None


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def lot_change(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """What was typed wrongly. Where something hangs on the lot, the verb says so."""
    row = lot_for(request.actor, lot_id)
    names = ("lot_no", "unit", "made_on", "product", "product_code", "colour", "note")
    initial = {name: getattr(row, name) for name in names} | {"quantity": f"{row.quantity.normalize():f}"}
    form = LotForm([], [], request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_lot(actor=request.actor, lot=row, said=form.said(row.node_code), now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("inspections:lot", row.pk)
    return render(request, "inspections/lot_form.html", {"form": form, "row": row, "may": True}, status=422 if form.errors else 200)
