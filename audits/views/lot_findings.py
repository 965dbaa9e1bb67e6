"""A finding of a lot that was not accepted: raised by its customer, under the agreement of its day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import ChoiceField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.gist import limit_words
from audits import services
from audits.forms import FindingForm
from audits.selectors.findings import deadline_clause
from audits.services.sides import MAY_JUDGE
from audits.status import GRADE_CHIPS
from audits.views.tools import tried
from foundation.actor import ActorRequest, Hat, wearing
from inspections.lot_words import LOT_CHIPS, amount
from inspections.models import Lot
from inspections.selectors.decisions import was_not_accepted
from inspections.selectors.lots import lot_for
from inspections.selectors.versions_of_day import versions_for
from parties.forms import NamesSelect


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def raise_of_lot(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """Three lines, with the lot and the limits of its day at hand."""
    lot = lot_for(request.actor, lot_id)
    request.actor.must_hold(*MAY_JUDGE)
    of_day = versions_for(request.actor, [lot]).get(lot.pk)
    form = _form(request, of_day.clauses if of_day else ())
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        values: dict[str, Any] = {"actor": request.actor, "lot": lot, "client_id": said.pop("client_id"), "now": timezone.now()}
        raised: list[Any] = []
        if tried(form, lambda: raised.append(services.raise_finding_of_lot(**values, seen=services.Observation(**said)))):
            messages.success(request, _("The finding is raised. The supplier is told."))
            return redirect("audits:finding", raised[0].pk)
    clause = deadline_clause(request.actor, of_day.agreement.pk) if of_day else None
    context = {
        "lot": lot, "form": form, "chips": LOT_CHIPS, "amount": amount(lot.quantity, lot.unit), "refused": was_not_accepted(request.actor, lot),
        "days": [(GRADE_CHIPS[grade][2], clause.params[grade]) for grade in ("critical", "major", "minor")] if clause else [],
        "limits": _limits(lot, of_day.clauses if of_day else ()), "can": clause is not None,
    }  # fmt: skip
    return render(request, "audits/lot_finding.html", context, status=422 if form.errors else 200)


def _form(request: ActorRequest, clauses: Any) -> FindingForm:
    """Of a lot one says which characteristic it is about, where the agreement limits some: so that it is known when found again."""
    form = FindingForm([], request.POST or None)
    del form.fields["question_code"]
    limited = {each.params["characteristic"]: limit_words(each.params) for each in clauses if each.type == "characteristic_limit"}
    if limited:
        choices = [("", _("None of them")), *limited.items()]
        form.fields["characteristic_code"] = ChoiceField(label=_("Characteristic"), choices=choices, required=False, widget=NamesSelect)
    return form


def _limits(lot: Lot, clauses: Any) -> list[str]:
    return [limit_words(clause.params) for clause in clauses if clause.type == "characteristic_limit"]
