"""What either side does about a finding, one form each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audits import services
from audits.forms import ActionForm, ReasonForm
from audits.forms_corrective import ContestForm
from audits.selectors import evidence_sent_as, finding_for
from audits.views.findings import finding_page
from audits.views.tools import tried, uploaded_photo
from foundation.actor import ActorRequest, Hat, wearing
from records.models import Evidence


@wearing(Hat.SUPPLIER)
@require_POST
def accept(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    services.accept_finding(actor=request.actor, finding_id=finding_id, now=timezone.now())
    return redirect("audits:finding", finding_id)


@wearing(Hat.OWNER)
@require_POST
def verify(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    services.verify_action(actor=request.actor, finding_id=finding_id, now=timezone.now())
    messages.success(request, _("The finding is closed. The supplier is told."))
    return redirect("audits:finding", finding_id)


@wearing(Hat.SUPPLIER)
@require_POST
def contest(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """With a reason, and a photo where there is one."""
    of, form = finding_for(request.actor, finding_id), ContestForm(request.POST, request.FILES, auto_id="id_contest_%s")
    if form.is_valid():
        photos: list[Evidence] = []
        taken = tried(form, lambda: photos.extend(_photos(request, form.cleaned_data.get("client_id") or str(finding_id), timezone.now())))
        values = {"actor": request.actor, "finding_id": finding_id, "reason": form.cleaned_data["reason"], "now": timezone.now()}
        if taken and tried(form, lambda: services.contest_finding(**values, evidence_ids=[photo.pk for photo in photos])):
            return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="contest", status=422)


@wearing(Hat.OWNER)
@require_POST
def send_back(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    return _with_reason(request, finding_id, "refuse", services.refuse_action)


@wearing(Hat.OWNER)
@require_POST
def uphold(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    return _with_reason(request, finding_id, "uphold", services.uphold_finding)


@wearing(Hat.OWNER)
@require_POST
def withdraw(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    return _with_reason(request, finding_id, "withdraw", services.withdraw_finding)


def _with_reason(request: ActorRequest, finding_id: UUID, verb: str, act: Callable[..., Any]) -> HttpResponse:
    of = finding_for(request.actor, finding_id)
    form = ReasonForm(request.POST, auto_id=f"id_{verb}_%s")
    if form.is_valid():
        values = {"actor": request.actor, "finding_id": finding_id, "reason": form.cleaned_data["reason"], "now": timezone.now()}
        if tried(form, lambda: act(**values)):
            return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb=verb, status=422)


@wearing(Hat.SUPPLIER)
@require_POST
def answer(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """Correction now, cause, corrective action, and a photo. A photo is kept even where a field is still missing."""
    of, now = finding_for(request.actor, finding_id), timezone.now()
    form = ActionForm(request.POST, request.FILES)
    complete, photos = form.is_valid(), []
    client_id = form.cleaned_data.get("client_id", "")
    taken = tried(form, lambda: photos.extend(_photos(request, client_id, now)))
    if complete and taken and tried(form, lambda: _answer(request, finding_id, photos, form.cleaned_data, now)):
        messages.success(request, _("Your answer is with the chain owner."))
        return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="answer", status=422)


def _photos(request: ActorRequest, client_id: str, now: datetime) -> list[Evidence]:
    """The photo sent now, else the one that came with an earlier try of the same form."""
    key = f"{client_id}-p"
    return uploaded_photo(request, client_id=key, now=now) or evidence_sent_as(request.actor, key)


def _answer(request: ActorRequest, finding_id: UUID, photos: list[Evidence], sent: dict[str, Any], now: datetime) -> None:
    services.answer_finding(
        actor=request.actor, finding_id=finding_id, evidence_id=photos[0].pk if photos else None, client_id=sent["client_id"], now=now,
        said=services.ActionWords(sent["correction"], sent["cause"], sent["action"]),
    )  # fmt: skip
