"""What a firm shows to a chain owner of its own free will: the page where it chooses, and the page where the owner reads."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from records.files import file_response, through_the_gate
from records.models import Evidence
from records.services.evidence import note_looks
from suppliers.expiry import state_on
from suppliers.firm_forms import ShareForm, sent
from suppliers.firm_words import CALIBRATION_STATES, PAPER_STANDING, instrument_name, paper_name
from suppliers.models import SharedThing
from suppliers.selectors import link_for, links_of_firm
from suppliers.selectors.firm_shared import shown_by, shown_paper
from suppliers.services.firm_sharing import show_to_owner
from suppliers.words import in_language, node_names


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.SUPPLIER)
def share(request: ActorRequest) -> HttpResponse:
    """Choose a chain owner and what it may see; switched off on the firm's own page."""
    links = {str(link.pk): link for link in links_of_firm(request.actor)}
    choices = [(pk, in_language(link.owner_name_zh, link.owner_name_en)) for pk, link in links.items()]
    form = ShareForm(choices, *sent(request), initial={"link": request.GET.get("link"), "what": request.GET.getlist("what")})
    if request.method == "POST" and form.is_valid():
        link = links[form.cleaned_data["link"]]
        try:
            show_to_owner(actor=request.actor, link=link, what=form.cleaned_data["what"], now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("%(name)s may see it from now on.") % {"name": in_language(link.owner_name_zh, link.owner_name_en)})
            return redirect("suppliers:firm")
    return render(request, "suppliers/share.html", {"form": form, "links": choices}, status=422 if form.errors else 200)


@require_safe
@wearing(Hat.OWNER)
def shared_firm(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """What the firm of a link shows. Nothing shown and no such firm are one answer; the firm learns of each look."""
    link = link_for(request.actor, link_id)
    shown, today = shown_by(request.actor, link), timezone.localdate()
    for what, rows in shown.items():
        note_looks(actor=request.actor, org_ids=[rows[0].org_id], what=what, subject_id=link.pk, now=timezone.now())
    context = {
        "link": link, "name": in_language(link.name_zh, link.name_en), "paper_chips": PAPER_STANDING, "calibration_chips": CALIBRATION_STATES,
        "certificates": [_certificate(row, today) for row in shown.get("certificates", [])],
        "instruments": [_instrument(row, today) for row in shown.get("instruments", [])],
        "products": [_product(row) for row in shown.get("products", [])],
        "heads": {what: [{"label": str(head)} for head in heads] for what, heads in _heads().items()},
    }  # fmt: skip
    return render(request, "suppliers/shared_firm.html", context)


@require_safe
@wearing(Hat.OWNER)
def shared_paper(request: ActorRequest, link_id: UUID, paper_id: UUID) -> HttpResponseBase:
    """The file of a certificate that is shown; its firm learns that it was opened."""
    link = link_for(request.actor, link_id)
    shown = shown_paper(request.actor, link, paper_id)
    not_yet = through_the_gate(request, "shown", shown.pk, "shared")
    if not_yet is not None:
        return not_yet
    note_looks(actor=request.actor, org_ids=[shown.org_id], what="certificates", subject_id=shown.thing_id, now=timezone.now())
    file = shown.file or {}
    return file_response(file["path"], Evidence(name=file["name"], kind=file["kind"], mime=file["mime"]))


def _heads() -> dict[str, list[Any]]:
    name, state = pgettext("thing", "Name"), _("State")
    return {
        "certificates": [name, _("Issued by"), _("For what"), _("Issued on"), _("Valid until"), state],
        "instruments": [name, _("Calibration certificate"), _("Last calibrated"), _("Calibration holds until"), state],
        "products": [name, _("Step"), _("Construction"), _("GB 18401 class"), _("Colours")],
    }


def _certificate(row: SharedThing, today: date) -> dict[str, Any]:
    said, expires_on = row.facts, _day(row.facts["expires_on"])
    by_day = {"overdue": "expired", "due_soon": "due_soon"}.get(state_on(expires_on, on=today), said["state"])
    return {
        "row": row, "name": paper_name("certificate", said["standard"]), "number": said["number"], "state": "replaced" if said["is_replaced"] else by_day,
        "cells": [(_("Issued by"), said["issuer"]), (_("For what"), said["scope"])],
        "days": [(_("Issued on"), _day(said["issued_on"])), (_("Valid until"), expires_on)],
    }  # fmt: skip


def _instrument(row: SharedThing, today: date) -> dict[str, Any]:
    said, due = row.facts, _day(row.facts["calibration_due_on"])
    return {
        "name": instrument_name(said["kind"], said["model"]), "number": said["serial"], "state": state_on(due, on=today),
        "cells": [(_("Calibration certificate"), said["certificate_number"])],
        "days": [(_("Last calibrated"), _day(said["calibrated_on"])), (_("Calibration holds until"), due)],
    }  # fmt: skip


def _product(row: SharedThing) -> dict[str, Any]:
    said = row.facts
    step = node_names().get(said["node_code"], said["node_code"])
    cells = [
        (_("Step"), step),
        (_("Construction"), said["construction"]),
        (_("GB 18401 class"), said["safety_class"]),
        (_("Colours"), "、".join(said["colours"])),
    ]
    return {"name": said["name"], "number": said["code"], "cells": cells, "days": []}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
