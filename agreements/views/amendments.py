"""Another text: begun, renewed and taken back by the chain owner, asked for by the supplier."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.cards import firm_name, last_day, other_of
from agreements.forms import refuse
from agreements.life_cards import text_url, working_url
from agreements.life_forms import AmendForm, WishForm, WithdrawForm
from agreements.selectors import agreement_for
from agreements.selectors.agreements import version_at_work
from agreements.services.amending import (
    BINDING,
    MAY_BE_WITHDRAWN,
    ask_amendment,
    next_period,
    renew_agreement,
    start_amendment,
    was_shown,
    withdraw_text,
)
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """What changes, from when; the clauses in force are copied, and the text in force goes on until that day."""
    agreement = agreement_for(request.actor, agreement_id)
    form = AmendForm(request.POST or None, initial={"effective_from": timezone.localdate() + timedelta(days=30)})
    if request.method != "POST" and version_at_work(request.actor, agreement) is not None:
        return redirect(working_url(request.actor, agreement))
    if request.method == "POST" and form.is_valid():
        try:
            version = start_amendment(actor=request.actor, agreement=agreement, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("A draft with the clauses in force. Nobody but your firm sees it yet."))
            return redirect(text_url(agreement, version))
    context = {"form": form, "agreement": agreement, "name": firm_name(agreement, "supplier"), "last_day": last_day(agreement.effective_to)}
    return render(request, "agreements/amend.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """One press: a draft for the next period with the same clauses."""
    agreement = agreement_for(request.actor, agreement_id)
    if request.method == "POST":
        version = renew_agreement(actor=request.actor, agreement=agreement, now=timezone.now())
        messages.success(request, _("A draft for the next period. Nobody but your firm sees it yet."))
        return redirect(text_url(agreement, version))
    if agreement.effective_from is None or agreement.effective_to is None or agreement.state not in BINDING:
        return redirect("agreements:show", agreement.pk)
    first, after = next_period(agreement.effective_from, agreement.effective_to)
    context = {"agreement": agreement, "name": firm_name(agreement, "supplier"), "first": first, "last": last_day(after)}
    return render(request, "agreements/renew.html", context)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Take a draft or an offer back; with a reason where the supplier has seen a text."""
    agreement = agreement_for(request.actor, agreement_id)
    version = version_at_work(request.actor, agreement)
    if request.method != "POST" and (version is None or version.state not in MAY_BE_WITHDRAWN):
        return redirect("agreements:show", agreement.pk)
    asked = version is not None and was_shown(version)
    form = WithdrawForm(request.POST if request.method == "POST" else None, asked=asked)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_text(actor=request.actor, agreement=agreement, now=timezone.now(), reason=form.cleaned_data.get("reason", "") if asked else "")
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Taken back. Nothing else has changed."))
            return redirect("agreements:show", agreement.pk)
    context = {
        "form": form, "agreement": agreement, "version": version, "name": firm_name(agreement, "supplier"), "asked": asked,
        "is_amendment": agreement.state in BINDING,
    }  # fmt: skip
    return render(request, "agreements/withdraw.html", context, status=422 if form.errors else 200)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest, agreement_id: UUID, renewal: bool) -> HttpResponse:
    """The supplier says what it would like changed, or that it wants to go on; the chain owner drafts."""
    agreement = agreement_for(request.actor, agreement_id)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_amendment(
                actor=request.actor, agreement=agreement, reason=form.cleaned_data["reason"], renewal=renewal, now=timezone.now()
            )
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Asked. The chain owner has it on its list."))
            return redirect("agreements:show", agreement.pk)
    context = {"form": form, "agreement": agreement, "name": firm_name(agreement, other_of(request.actor)), "renewal": renewal}
    return render(request, "agreements/ask.html", context, status=422 if form.errors else 200)
