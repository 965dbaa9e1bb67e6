"""An invitation to hand over: link, code, poster."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from notices.quiet import send_after
from suppliers.models import SupplyLink
from suppliers.posters import on_paper, posters_pdf
from suppliers.selectors import link_for, open_invitation
from suppliers.selectors.invitations import last_word
from suppliers.services.invitations import correct_contact, invite, join_url, remind, revoke
from suppliers.words import in_language


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def invitation(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """The open invitation of one firm; POST makes a new one or sends it once more."""
    link, now = link_for(request.actor, link_id), timezone.now()
    if request.method == "POST":
        try:
            if request.POST.get("do") == "revoke":
                revoke(actor=request.actor, link=link, now=now)
                messages.success(request, _("Taken back. The link opens nothing any more."))
                return redirect("suppliers:supplier", link.pk)
            if request.POST.get("do") == "remind":
                remind(actor=request.actor, link=link, now=now)
                messages.success(request, _reminded(link.phone, now))
            else:
                if request.POST.get("do") == "correct":
                    said = request.POST
                    correct_contact(actor=request.actor, link=link, contact=said.get("contact", ""), phone=said.get("phone", ""), now=now)
                invite(actor=request.actor, links=[link], now=now)
        except RuleBroken as broken:
            messages.warning(request, broken.words())
        return redirect("suppliers:invitation", link.pk)
    return render(request, "suppliers/invitation.html", _context(request, link_id))


@require_safe
@wearing(Hat.OWNER)
def poster(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """The same code to print and hang up or hand over, in both languages."""
    context = _context(request, link_id)
    if "url" not in context:
        return redirect("suppliers:invitation", link_id)
    return render(request, "suppliers/poster.html", context)


@require_safe
@wearing(Hat.OWNER)
def poster_pdf(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """The sheet for the gate as A4 to print."""
    link, now = link_for(request.actor, link_id), timezone.now()
    open_one = open_invitation(request.actor, link, now=now)
    if open_one is None:
        raise Absent
    body = posters_pdf(on_paper([(link, open_one)]))
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="invitation.pdf"'})


def _reminded(phone: str, now: datetime) -> str:
    if send_after(now) > now:
        return _("The link goes to %(phone)s once more, on the next working morning at 7:30.") % {"phone": phone}
    return _("The link goes to %(phone)s once more.") % {"phone": phone}


def _context(request: ActorRequest, link_id: UUID) -> dict[str, Any]:
    link, now = link_for(request.actor, link_id), timezone.now()
    open_one = open_invitation(request.actor, link, now=now)
    context: dict[str, Any] = {"link": link, "name": in_language(link.name_zh, link.name_en), "invitation": open_one, "now": now}
    if link.state == SupplyLink.State.DECLINED:
        context["declined"] = last_word(request.actor, link)
    if open_one is not None:
        url = join_url(open_one.pk)
        context |= {"url": url, "qr": qr_svg(url)}
    return context


def qr_svg(text: str) -> SafeString:
    """A code for a camera; black on white in the dark theme too, because cameras want it so."""
    return mark_safe(segno.make(text, error="m").svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S308
