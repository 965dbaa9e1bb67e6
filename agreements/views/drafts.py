"""The chain owner drafts: choose, change, send."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.ask_cards import ask_cards
from agreements.cards import firm_name, gist_cards, last_day
from agreements.forms import DaysForm, DraftForm, in_language, refuse
from agreements.life_cards import text_url, working_url
from agreements.models import AgreementVersion, Clause
from agreements.schedule import MONTHS, add_months
from agreements.selectors import agreement_for, clauses_of, current_version, joined_links
from agreements.selectors.agreements import templates_to_choose
from agreements.services import draft_agreement, send_agreement, set_days
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from parties.selectors import working_calendar


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Choose the supplier, the template and the days; the clauses come from the template."""
    links, known = joined_links(request.actor), templates_to_choose()
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
    return render(
        request, "agreements/new.html", {"form": form, "links": links, "asked": _asked_by(known)}, status=422 if form.errors else 200
    )


def _initial(request: ActorRequest, known: list[Any]) -> dict[str, Any]:
    """From the first of next month, for a year."""
    starts = add_months(timezone.localdate().replace(day=1), 1)
    ends = add_months(starts, MONTHS) - timedelta(days=1)
    template = known[0].pk if known else None
    return {"link": request.GET.get("link", ""), "template": template, "effective_from": starts, "effective_to": ends}


def _asked_by(known: list[Any]) -> list[dict[str, Any]]:
    """What each newest template asks of the two sides in a month, over a year from the first of next month."""
    starts, days = add_months(timezone.localdate().replace(day=1), 1), working_calendar()
    rows = []
    for template in known:
        if template.is_newest:
            bodies = [SimpleNamespace(type=body["type"], params=body["params"]) for body in template.clauses]
            cards = ask_cards(bodies, effective_from=starts, effective_to=None, days=days)
            rows.append({"name": in_language(template.name_zh, template.name_en), "clauses": len(bodies), **cards})
    return rows


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The days of a draft."""
    agreement = agreement_for(request.actor, agreement_id)
    version = current_version(request.actor, agreement)
    if request.method != "POST" and version.state != AgreementVersion.State.DRAFT:
        return redirect("agreements:show", agreement.pk)
    initial = {"effective_from": version.effective_from, "effective_to": last_day(version.effective_to)}
    form = DaysForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_days(actor=request.actor, agreement=agreement, now=timezone.now(), **form.days())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect(working_url(request.actor, agreement))
    context = {"form": form, "agreement": agreement, "name": firm_name(agreement, "supplier")}
    return render(request, "agreements/days.html", context, status=422 if form.errors else 200)


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
            return redirect(working_url(request.actor, agreement_for(request.actor, agreement_id)))
    version = current_version(request.actor, agreement)
    clauses = clauses_of(request.actor, version)
    context = {
        "asks": asks_of(version, clauses),
        "agreement": agreement, "name": firm_name(agreement, "supplier"), "broken": broken_words, "last_day": last_day(version.effective_to),
        "version": version, "back": text_url(agreement, version), "gist": gist_cards(request.actor, clauses), "is_draft": version.locked_at is None,
    }  # fmt: skip
    return render(request, "agreements/send.html", context, status=422 if broken_words else 200)


def asks_of(version: AgreementVersion, clauses: list[Clause]) -> dict[str, Any]:
    """What a version asks of both sides each month."""
    return ask_cards(clauses, effective_from=version.effective_from, effective_to=version.effective_to, days=working_calendar())
