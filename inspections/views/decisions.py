"""Deciding on a lot: the piece of its page, and the page of a step with its reasons as buttons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.forms import refuse
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from inspections.deciding import ASKS_ARBITRATION, ASKS_CONCESSION, DECIDERS, STEPS
from inspections.decision_forms import DecideForm
from inspections.decision_words import ARBITRATION_CHIPS, CONCESSION_CHIPS, REASONS, STEP_WORDS
from inspections.finding_links import findings_of_lot
from inspections.lot_standing import hold_lines, last_words, standing_words, steps_now
from inspections.lot_words import LOT_CHIPS, amount
from inspections.on_lot import OnLot
from inspections.selectors.decisions import arbitrations_of, concessions_of, decisions_of, holds_of
from inspections.selectors.lots import lot_for
from inspections.services.decisions import DecisionSaid, decide_lot
from parties.roles import MAY_WRITE

SIDES = (Hat.OWNER, Hat.SUPPLIER)


def piece(on: OnLot) -> dict[str, Any]:
    """What _lot_decisions.html shows, under the name `decisions`."""
    lot, actor = on.lot, on.actor
    holds, decided = holds_of(actor, lot), decisions_of(actor, lot)
    steps = steps_now(actor, lot, holds)
    last = next((row for row in decided if row.to_state == lot.state and (row.from_state != lot.state or row.kind == "arbitration")), None)
    concessions, arbitrations = concessions_of(actor, lot), arbitrations_of(actor, lot)
    runs = any(row.state in ("asked", "granted") for row in concessions)
    decides = bool(actor.roles.intersection(DECIDERS))
    return {
        "shown": True, "words": standing_words(actor, lot, holds), "holds": hold_lines(holds),
        "last": last_words(last),
        "steps": [{"kind": kind, "icon": STEP_WORDS[kind][0], "words": STEP_WORDS[kind][1], "first": kind == "release"} for kind in steps],
        "jump": _("Decide on this lot") if {"release", "lift"}.intersection(steps) or (steps and lot.state == "not_accepted") else "",
        "concessions": [{"row": row, "amount": amount(row.granted_quantity or row.quantity, lot.unit)} for row in concessions],
        "concession_chips": CONCESSION_CHIPS, "arbitrations": arbitrations, "arbitration_chips": ARBITRATION_CHIPS,
        "may_ask_concession": actor.hat == Hat.SUPPLIER and lot.state in ASKS_CONCESSION and not runs and bool(on.clauses_of("concession_rule"))
        and bool(actor.roles.intersection(MAY_WRITE)) and not any(hold.held_with for hold in holds),
        "may_ask_arbitration": decides and not on.is_own and lot.state in ASKS_ARBITRATION
        and not any(row.state in ("asked", "accepted") for row in arbitrations) and not (last is not None and last.kind == "arbitration"),
        "findings": findings_of_lot(actor, lot),
    }  # fmt: skip


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """`?do=` names the step. A reason is the button that takes it; words are asked for with "another reason" only."""
    actor, kind = request.actor, request.GET.get("do", "")
    lot = lot_for(actor, lot_id)
    if kind not in STEPS:
        return redirect("inspections:lot", lot.pk)
    form = DecideForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = DecisionSaid(
            kind, why_code=request.POST.get("why_code", "")[:20], why=form.cleaned_data["why"], new_grade=form.cleaned_data.get("new_grade", ""),
            quantity=form.cleaned_data.get("quantity"),
        )  # fmt: skip
        try:
            decide_lot(actor=actor, lot=lot, said=said, client_id=form.cleaned_data["client_id"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Decided. It stands in the common record.") if lot.owner_org_id else _("Decided."))
            return redirect("inspections:lot", lot.pk)
    icon, words, means = STEP_WORDS[kind]
    context = {
        "lot": lot, "form": form, "kind": kind, "icon": icon, "words": words, "means": means, "chips": LOT_CHIPS,
        "amount": amount(lot.quantity, lot.unit), "reasons": [(code, REASONS[code]) for code in STEPS[kind].reasons],
        "may": kind in steps_now(actor, lot, holds_of(actor, lot)),
    }  # fmt: skip
    return render(request, "inspections/lot_decide.html", context, status=422 if form.errors else 200)
