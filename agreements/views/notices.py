"""Stand still, go on, end: first what it would do, then the word that is given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agreements.cards import firm_name, last_day, other_of
from agreements.forms import refuse
from agreements.life_cards import effect_card, notice_card
from agreements.life_forms import ConsentForm, EndForm, ResumeForm, SuspendForm, TakeBackForm
from agreements.models import Agreement
from agreements.selectors import agreement_for, may_sign
from agreements.selectors.effects import would_be_void, would_go_on, would_stand_still, would_stay_owed
from agreements.selectors.versions import standing_notices, suspended_by
from agreements.services.amending import BINDING
from agreements.services.life import (
    consent_to_end,
    earliest_end,
    notice_days,
    resume_agreement,
    suspend_agreement,
    take_back_notice,
    terminate_agreement,
)
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken

State = Agreement.State


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """From which day it stands still; the page says which duties stop."""
    agreement, today = agreement_for(request.actor, agreement_id), timezone.localdate()
    if request.method != "POST" and agreement.state != State.IN_FORCE:
        return redirect("agreements:show", agreement.pk)
    form = SuspendForm(request.POST or None, initial={"effective_on": today + timedelta(days=1)})
    if _given(request, form):
        try:
            suspend_agreement(actor=request.actor, agreement=agreement, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Notice given. The other side reads it now; it is carried out on its day."))
            return redirect("agreements:show", agreement.pk)
    on = _day(form, "effective_on")
    effects = [effect_card(request.actor, would_stand_still(request.actor, agreement, on=on), _("These duties stop running"), today=today)]
    return _page(request, agreement, form, "agreements/suspend.html", {"effects": effects, "on": on})


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """From which day it goes on; the page says which duties go on."""
    actor, today = request.actor, timezone.localdate()
    agreement = agreement_for(actor, agreement_id)
    suspended = suspended_by(actor, agreement)
    if request.method != "POST" and (suspended is None or suspended.side != actor.hat.value):
        return redirect("agreements:show", agreement.pk)
    form = ResumeForm(request.POST or None, initial={"effective_on": today})
    if _given(request, form):
        try:
            notice = resume_agreement(actor=actor, agreement=agreement, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("It goes on.") if notice.done_at else _("Notice given. It goes on from that day."))
            return redirect("agreements:show", agreement.pk)
    effects = [effect_card(actor, would_go_on(actor, agreement), _("These duties go on, with the working days they had left"), today=today)]
    return _page(request, agreement, form, "agreements/resume.html", {"effects": effects, "on": _day(form, "effective_on")})


@sensitive_post_parameters("password")
@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def terminate(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The last day, after the days of notice; the page says what falls away and what stays owed."""
    actor, now = request.actor, timezone.now()
    agreement = agreement_for(actor, agreement_id)
    if request.method != "POST" and agreement.state not in BINDING:
        return redirect("agreements:show", agreement.pk)
    earliest = earliest_end(actor, agreement, now=now)
    form = EndForm(request.POST or None, initial={"effective_on": last_day(earliest)})
    if _given(request, form):
        try:
            terminate_agreement(actor=actor, agreement=agreement, now=now, **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Notice given. If the other side agrees, it ends at once; else on its day."))
            return redirect("agreements:show", agreement.pk)
    on = _day(form, "effective_on") if request.method == "POST" else earliest
    return _page(
        request, agreement, form, "agreements/terminate.html",
        {"effects": _ends(actor, agreement, on), "on": last_day(on), "days": notice_days(actor, agreement, now=now), "earliest": last_day(earliest),
         "may_sign": may_sign(actor, on=timezone.localdate())},
    )  # fmt: skip


@sensitive_post_parameters("password")
@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The other side reads why, and may agree that it ends today."""
    actor, today = request.actor, timezone.localdate()
    agreement = agreement_for(actor, agreement_id)
    notice = standing_notices(actor, agreement).get("terminate")
    if notice is None or notice.side == actor.hat.value:
        return redirect("agreements:show", agreement.pk)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            consent_to_end(actor=actor, agreement=agreement, notice_id=notice.pk, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Agreed. Today is the last day; both sides go on reading all of it."))
            return redirect("agreements:show", agreement.pk)
    context = {
        "effects": _ends(actor, agreement, today + timedelta(days=1)), "said": notice_card(actor, notice), "may_sign": may_sign(actor, on=today),
    }  # fmt: skip
    return _page(request, agreement, form, "agreements/consent.html", context)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def take_back(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Take a notice or a wish of one's own back, before its day."""
    agreement, form = agreement_for(request.actor, agreement_id), TakeBackForm(request.POST)
    if not form.is_valid():
        raise Absent
    take_back_notice(actor=request.actor, agreement=agreement, notice_id=form.cleaned_data["notice"], now=timezone.now())
    messages.success(request, _("Taken back. Nothing else has changed."))
    return redirect("agreements:show", agreement.pk)


def _given(request: ActorRequest, form: forms.Form) -> bool:
    """Whether the word is given; with `look` the page only says what the day would do."""
    return request.method == "POST" and "look" not in request.POST and form.is_valid()


def _day(form: forms.Form, name: str) -> date:
    """The day that the page speaks of: as typed, else as proposed."""
    if form.is_bound:
        form.is_valid()
        typed = form.cleaned_data.get(name)
        if isinstance(typed, date):
            return typed
    proposed: date | None = form.initial.get(name)
    return proposed or timezone.localdate()


def _ends(actor: Actor, agreement: Agreement, on: date) -> list[dict[str, Any]]:
    today = timezone.localdate()
    return [
        effect_card(actor, would_be_void(actor, agreement, on=on), _("These duties fall away"), today=today),
        effect_card(actor, would_stay_owed(actor, agreement, on=on), _("These stay owed"), today=today),
    ]


def _page(request: ActorRequest, agreement: Agreement, form: forms.Form, template: str, context: dict[str, Any]) -> HttpResponse:
    only_looking = "look" in request.POST
    if only_looking:
        form.errors.clear()
    context |= {"form": form, "agreement": agreement, "name": firm_name(agreement, other_of(request.actor))}
    return render(request, template, context, status=422 if form.errors and not only_looking else 200)
