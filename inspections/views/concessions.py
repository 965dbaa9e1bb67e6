"""Concessions: asked for by the supplier, answered by those whom the agreement names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.forms import refuse
from agreements.selectors import clauses_by_id
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from inspections.decision_forms import ConcessionForm, GrantForm, WordsForm
from inspections.decision_words import CONCESSION_CHIPS, GRANTERS
from inspections.lot_words import LOT_CHIPS, amount, firm_across
from inspections.models import Concession
from inspections.selectors.decisions import concession_for, concession_rule
from inspections.selectors.lots import lot_for
from inspections.services.concessions import AnswerSaid, answer_concession, ask_concession, may_answer, most_of, withdraw_concession
from parties.roles import MAY_WRITE

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def concession_new(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """Ask to deliver a lot as it is, within what the agreement of its day allows."""
    actor = request.actor
    lot = lot_for(actor, lot_id)
    actor.must_hold(*MAY_WRITE)
    rule = concession_rule(actor, lot)
    form = ConcessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = {"quantity": form.cleaned_data["quantity"], "why": form.cleaned_data["why"]}
            row = ask_concession(actor=actor, lot=lot, client_id=form.cleaned_data["client_id"], now=timezone.now(), **said)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Asked. You are told when it is answered."))
            return redirect("inspections:concession", row.pk)
    context = {
        "lot": lot, "form": form, "chips": LOT_CHIPS, "amount": amount(lot.quantity, lot.unit), "rule": rule,
        "most": amount(most_of(lot, rule), lot.unit) if rule else "", "who": GRANTERS[rule.params["granted_by"]] if rule else "",
    }  # fmt: skip
    return render(request, "inspections/concession_new.html", context, status=422 if form.errors else 200)


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def concession(request: ActorRequest, concession_id: UUID) -> HttpResponse:
    """One concession, the same page for both sides; it is answered, or taken back, here."""
    row = concession_for(request.actor, concession_id)
    forms = _forms(request, row)
    verb = request.POST.get("do", "")
    form = forms.get(verb)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _act(request, row, verb, form)
        except RuleBroken as broken:
            if form is None:
                raise
            refuse(form, broken)
        else:
            messages.success(request, _("Taken back.") if verb == "withdraw" else _("Answered. The supplier is told."))
            return redirect("inspections:concession", row.pk)
    rule = clauses_by_id(request.actor, [row.clause_id]).get(row.clause_id)
    mine = request.actor.hat == Hat.OWNER
    context = {
        "row": row, "lot": row.lot, "chips": CONCESSION_CHIPS, "amount": amount(row.quantity, row.lot.unit), "firm": firm_across(request.actor, row.lot),
        "granted": amount(row.granted_quantity, row.lot.unit), "forms": forms, "refused": form.errors if form else None,
        "may_answer": mine and row.state == "asked" and rule is not None and may_answer(request.actor, rule),
        "may_withdraw": not mine and row.state == "asked" and bool(request.actor.roles.intersection(MAY_WRITE)),
        "who": GRANTERS[rule.params["granted_by"]] if rule else "", "rule": rule, "mine": mine,
    }  # fmt: skip
    return render(request, "inspections/concession.html", context, status=422 if form is not None and form.errors else 200)


def _forms(request: ActorRequest, row: Concession) -> dict[str, Any]:
    if request.actor.hat != Hat.OWNER:
        return {}
    rule = clauses_by_id(request.actor, [row.clause_id]).get(row.clause_id)
    last = timezone.localdate() + timedelta(days=int(rule.params["expiry_days"])) if rule else None
    said, verb = request.POST or None, request.POST.get("do", "")
    start = {"quantity": f"{row.quantity.normalize():f}", "until": last}
    return {
        "grant": GrantForm(said if verb == "grant" else None, initial=start, auto_id="id_grant_%s"),
        "refuse": WordsForm(said if verb == "refuse" else None, auto_id="id_refuse_%s"),
    }


def _act(request: ActorRequest, row: Concession, verb: str, form: Any) -> None:
    now = timezone.now()
    if verb == "grant" and form is not None:
        said = form.cleaned_data
        answer = AnswerSaid(True, why=said["why"], quantity=said["quantity"], until=said["until"])
        answer_concession(actor=request.actor, concession=row, said=answer, now=now)
    elif verb == "refuse" and form is not None:
        answer_concession(actor=request.actor, concession=row, said=AnswerSaid(False, why=form.cleaned_data["why"]), now=now)
    else:
        withdraw_concession(actor=request.actor, concession=row, now=now)
