"""The chain owner drafts: choose, change, send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.cards import firm_name, gist_cards, last_day
from agreements.forms import ClauseForm, DaysForm, DraftForm
from agreements.models import Agreement, Clause
from agreements.schedule import MONTHS, add_months
from agreements.selectors import agreement_for, clauses_of, current_version, joined_links, templates
from agreements.services import change_clause, draft_agreement, send_agreement, set_days
from agreements.words import clause_title
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Choose the supplier, the template and the days; the clauses come from the template."""
    links, known = joined_links(request.actor), templates()
    form = DraftForm(links, known, request.POST or None, initial=_initial(request, known))
    if request.method == "POST" and form.is_valid():
        link = next(link for link in links if str(link.pk) == form.cleaned_data["link"])
        try:
            agreement = draft_agreement(
                actor=request.actor, link=link, template_code=form.cleaned_data["template"], now=timezone.now(), **form.days()
            )  # fmt: skip
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("agreements:show", agreement.pk)
    return render(request, "agreements/new.html", {"form": form, "links": links}, status=422 if form.errors else 200)


def _initial(request: ActorRequest, known: list[Any]) -> dict[str, Any]:
    """From the first of next month, for a year."""
    starts = add_months(timezone.localdate().replace(day=1), 1)
    ends = add_months(starts, MONTHS) - timedelta(days=1)
    template = known[0].pk if known else None
    return {"link": request.GET.get("link", ""), "template": template, "effective_from": starts, "effective_to": ends}


def refuse(form: forms.Form, broken: RuleBroken) -> None:
    """Put a rule's words on the field it names, else on the form."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.words())


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The days of a draft."""
    agreement = agreement_for(request.actor, agreement_id)
    if request.method != "POST" and agreement.state != Agreement.State.DRAFT:
        return redirect("agreements:show", agreement.pk)
    initial = {"effective_from": agreement.effective_from, "effective_to": last_day(agreement.effective_to)}
    form = DaysForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_days(actor=request.actor, agreement=agreement, now=timezone.now(), **form.days())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("agreements:show", agreement.pk)
    context = {"form": form, "agreement": agreement, "name": firm_name(agreement, "supplier")}
    return render(request, "agreements/days.html", context, status=422 if form.errors else 200)


def _clause(request: ActorRequest, agreement_id: UUID, number: int) -> Clause:
    agreement = agreement_for(request.actor, agreement_id)
    version = current_version(request.actor, agreement)
    for clause in clauses_of(request.actor, version):
        if clause.order == number:
            clause.version = version
            version.agreement = agreement
            return clause
    raise Absent


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """What one clause of a draft allows to be changed."""
    found = _clause(request, agreement_id, number)
    if request.method != "POST" and found.version.agreement.state != Agreement.State.DRAFT:
        return redirect("agreements:show", agreement_id)
    form = ClauseForm(found.type, found.params, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_clause(actor=request.actor, clause=found, params=form.params(), now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Clause %(n)s changed.") % {"n": number})
            return redirect("agreements:show", agreement_id)
    context = {"form": form, "clause": found, "title": clause_title(found), "agreement": found.version.agreement}
    return render(request, "agreements/clause.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Check, then lock the text and put it before the supplier."""
    agreement = agreement_for(request.actor, agreement_id)
    broken_words = ""
    if request.method == "POST":
        try:
            send_agreement(actor=request.actor, agreement=agreement, now=timezone.now())
        except RuleBroken as broken:
            broken_words = broken.words()
        else:
            messages.success(request, _("Sent. The supplier has it on its task list."))
            return redirect("agreements:show", agreement.pk)
    version = current_version(request.actor, agreement)
    context = {
        "agreement": agreement, "name": firm_name(agreement, "supplier"), "broken": broken_words, "last_day": last_day(agreement.effective_to),
        "gist": gist_cards(request.actor, clauses_of(request.actor, version)), "is_draft": version.locked_at is None,
    }  # fmt: skip
    return render(request, "agreements/send.html", context, status=422 if broken_words else 200)
