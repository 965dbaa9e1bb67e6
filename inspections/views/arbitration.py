"""Arbitration: asked for on the lot's page, seen by both sides, decided by a laboratory that sees its sample only."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import in_language, refuse
from agreements.gist import limit_words
from agreements.models import Characteristic, Clause
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from inspections.deciding import DECIDERS
from inspections.decision_forms import ArbitrationForm, VerdictForm, WordsForm
from inspections.decision_words import ARBITRATION_CHIPS, VERDICTS
from inspections.listing import day_cursor, page_of
from inspections.lot_words import LOT_CHIPS, amount, firm_across
from inspections.models import ArbitrationSample, Lot
from inspections.selectors.decisions import (
    PAGE,
    arbitration_for,
    clause_of_day,
    laboratories,
    limits_of_day,
    sample_for_lab,
    samples_for_lab,
)
from inspections.selectors.lots import lot_for
from inspections.services.arbitration import (
    ArbitrationSaid,
    ask_arbitration,
    decide_sample,
    decline_sample,
    say_verdict,
    take_sample,
    withdraw_arbitration,
)

SIDES = (Hat.OWNER, Hat.SUPPLIER)
NAMED = "named"  # the laboratory that the agreement names in words


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def arbitration_new(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """Choose what is to be tested and who tests it."""
    actor = request.actor
    lot = lot_for(actor, lot_id)
    actor.must_hold(*DECIDERS)
    limits = limits_of_day(actor, lot)
    form = ArbitrationForm(_characteristics(limits), _labs(actor, lot), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        limit = next((each for each in limits if each.params["characteristic"] == said["characteristic"]), None)
        asked = ArbitrationSaid(
            said["characteristic"], said["why"], edition=str(limit.params.get("edition") or limit.params.get("method") or "")[:40] if limit else "",
            lab_org_id=None if said["laboratory"] == NAMED else UUID(said["laboratory"]),
        )  # fmt: skip
        try:
            row = ask_arbitration(actor=actor, lot=lot, said=asked, client_id=said["client_id"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Asked. What the laboratory finds binds both sides."))
            return redirect("inspections:arbitration", row.pk)
    context = {"lot": lot, "form": form, "chips": LOT_CHIPS, "amount": amount(lot.quantity, lot.unit), "possible": _labs(actor, lot)}
    return render(request, "inspections/arbitration_new.html", context, status=422 if form.errors else 200)


def _characteristics(limits: list[Clause]) -> list[tuple[str, str]]:
    found = {each.params["characteristic"]: limit_words(each.params) for each in limits}
    if found:
        return list(found.items())
    return [(row.code, in_language(row.name_zh, row.name_en)) for row in Characteristic.objects.order_by("code")]


def _labs(actor: Actor, lot: Lot) -> list[tuple[str, str]]:
    found = [(str(each.pk), in_language(each.name_zh, each.name_en)) for each in laboratories(actor, lot)]
    clause = clause_of_day(actor, lot, "dispute")
    if clause is not None:
        name = in_language(clause.params["lab_zh"], clause.params.get("lab_en", ""))
        found.append((NAMED, _("%(name)s, as the agreement says") % {"name": name}))
    return found


@wearing(Hat.LAB)
@require_safe
def samples(request: ActorRequest) -> HttpResponse:
    """The laboratory's samples, newest first; `?after=` goes on."""
    cursor = day_cursor(request)
    rows, more = page_of(request, samples_for_lab(request.actor, after=cursor[1] if cursor else None), PAGE, _place)
    names = _names({row.characteristic_code for row in rows})
    context = {
        "lines": [{"row": row, "what": names.get(row.characteristic_code, row.characteristic_code)} for row in rows], "chips": ARBITRATION_CHIPS,
        "heads": [{"label": label} for label in (_("Sample"), _("State"), _("What is to be tested"), _("Product"), _("Asked"))],
        "id": "samples", **more,
    }  # fmt: skip
    return fragment(request, "inspections/_more_samples.html", context, page="inspections/samples_to_test.html")


def _place(row: ArbitrationSample) -> tuple[date, UUID]:
    return timezone.localdate(row.asked_at), row.pk


def _names(codes: set[str]) -> dict[str, str]:
    return {row.pk: in_language(row.name_zh, row.name_en) for row in Characteristic.objects.filter(pk__in=codes)}


@wearing(*SIDES, Hat.LAB)
@require_http_methods(["GET", "HEAD", "POST"])
def arbitration(request: ActorRequest, arbitration_id: UUID) -> HttpResponse:
    """For a side: how it stands. For the laboratory: its sample, and what it found."""
    if request.actor.hat == Hat.LAB:
        return _for_lab(request, arbitration_id)
    row = arbitration_for(request.actor, arbitration_id)
    verb = request.POST.get("do", "")
    if request.method == "POST":
        if verb == "withdraw":
            withdraw_arbitration(actor=request.actor, arbitration=row, now=timezone.now())
        else:
            say_verdict(actor=request.actor, arbitration=row, verdict=verb, now=timezone.now())
        return redirect("inspections:arbitration", row.pk)
    side = request.actor.hat.value
    open_ = row.state in ("asked", "accepted")
    context = {
        "row": row, "lot": row.lot, "chips": ARBITRATION_CHIPS, "firm": firm_across(request.actor, row.lot), "verdicts": VERDICTS,
        "lab": in_language(row.lab_name_zh, row.lab_name_en), "what": _names({row.characteristic_code}).get(row.characteristic_code, row.characteristic_code),
        "verdict": VERDICTS.get(row.verdict, ""), "mine": row.asked_side == side, "said": VERDICTS.get(getattr(row, f"{side}_said"), ""),
        "they_said": VERDICTS.get(row.supplier_said if side == "owner" else row.owner_said, ""),
        "may_say": open_ and row.lab_org_id is None and bool(request.actor.roles.intersection(DECIDERS)),
        "may_withdraw": row.state == "asked" and row.asked_side == side and bool(request.actor.roles.intersection(DECIDERS)),
    }  # fmt: skip
    return render(request, "inspections/arbitration.html", context)


def _for_lab(request: ActorRequest, arbitration_id: UUID) -> HttpResponse:
    row = sample_for_lab(request.actor, arbitration_id)
    verb, now = request.POST.get("do", ""), timezone.now()
    said = request.POST or None
    form: Any = VerdictForm(said if verb in VERDICTS else None)
    no: Any = WordsForm(said if verb == "decline" else None, auto_id="id_no_%s")
    typed = no if verb == "decline" else form
    if request.method == "POST" and (verb == "take" or typed.is_valid()):
        try:
            if verb == "take":
                take_sample(actor=request.actor, sample=row, now=now)
            elif verb == "decline":
                decline_sample(actor=request.actor, sample=row, why=no.cleaned_data["why"], now=now)
            else:
                decide_sample(actor=request.actor, sample=row, verdict=verb, why=form.cleaned_data["why"], now=now)
        except RuleBroken as broken:
            if verb == "take":
                raise
            refuse(typed, broken)
        else:
            return redirect("inspections:arbitration", row.pk)
    context = {
        "row": row, "chips": ARBITRATION_CHIPS, "what": _names({row.characteristic_code}).get(row.characteristic_code, row.characteristic_code),
        "bounds": limit_words(row.bounds) if row.bounds else "", "form": form, "no": no, "verdict": VERDICTS.get(row.verdict, ""),
    }  # fmt: skip
    return render(request, "inspections/arbitration_sample.html", context, status=422 if form.errors or no.errors else 200)
