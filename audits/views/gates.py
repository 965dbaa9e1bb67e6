"""Sheets for the gate: scanned on arrival, they open the visit, with or without a network."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audits.services.gates import gate_token_of
from audits.views.tools import home_crumb
from foundation.actor import ActorRequest, Hat, wearing
from jobs.papers import pdf_of, qr_svg
from suppliers.selectors.firm_lists import sites_of

STYLE = "css/poster.css"


@wearing(Hat.SUPPLIER)
@require_safe
def gates(request: ActorRequest) -> HttpResponse:
    """One's own sites, each with its sheet."""
    return render(request, "audits/gates.html", {"sites": sites_of(request.actor), "crumbs": home_crumb()})


@wearing(Hat.SUPPLIER)
@require_safe
def gate_sheet(request: ActorRequest, site_id: UUID) -> HttpResponse:
    """One A4 page with the code of that gate."""
    site, token = gate_token_of(actor=request.actor, site_id=site_id)
    url = settings.PUBLIC_URL + reverse("audits:run_gate", args=[token])
    context = {
        "site": site,
        "firm_zh": request.actor.org_name_zh,
        "firm_en": request.actor.org_name_en,
        "qr": qr_svg(url, dark="#000", light="#fff"),
        "url": url,
    }
    body = pdf_of("audits/paper_gate.html", context, style=STYLE)
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="gate.pdf"'})
