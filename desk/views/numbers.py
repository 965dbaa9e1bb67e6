"""The numbers to try, open to everybody: a plan, a capability, a colour difference, and the proof. Each answer has an address."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from desk.forms import CapabilityForm, ColourForm, PlanForm
from desk.numbers import REFERENCES, capability_shown, colour_shown, deviation_words, plan_shown, validation_report
from foundation.actor import ActorRequest
from qualitystats.capability import NO_SPREAD, NO_TARGET, ONE_LIMIT, RANGES

TABS = (
    ("desk:numbers", gettext_lazy("Sampling plan")),
    ("desk:numbers_capability", gettext_lazy("Capability")),
    ("desk:numbers_colour", gettext_lazy("Colour difference")),
    ("desk:numbers_proof", gettext_lazy("Validation report")),
)
# An example to look at, of no firm: five subgroups of four readings.
EXAMPLE = {
    "readings": "20.1 19.8 20.3 20.0\n20.2 20.4 19.9 20.1\n19.7 20.0 20.2 19.9\n20.3 20.1 20.0 20.2\n19.9 20.1 20.4 20.0",
    "lower": 19,
    "target": 20,
    "upper": 21,
}
SPREADS = {"within": gettext_lazy("within subgroups"), "overall": gettext_lazy("overall")}
REASONS = {
    NO_SPREAD: gettext_lazy("zero spread: nothing can be said"),
    ONE_LIMIT: gettext_lazy("only one limit is given"),
    NO_TARGET: gettext_lazy("no target is given"),
    RANGES: gettext_lazy("no bounds: the spread comes from ranges"),
}


@require_safe
def plan(request: ActorRequest) -> HttpResponse:
    form = _asked(request, PlanForm)
    said = form.cleaned_data if form.is_valid() else None
    answer = plan_shown(lot_size=said["lot"], level=said["level"], aql=said["aql"], severity=said["severity"]) if said else None
    per_items = answer is not None and answer.plan.per_100_items_only
    context = {
        "answer": answer,
        "unit": _("per 100 items") if per_items else "%",
        "unit_long": _("Nonconformities per 100 items") if per_items else _("Nonconforming items, %"),
        "curve_csv": f"{reverse('desk:numbers_curve')}?{urlencode(form.data)}" if answer else "",
    }
    return _page(request, "desk/numbers_plan.html", form, context)


@require_safe
def curve(request: ActorRequest) -> HttpResponse:
    """The curve of the same question as a file."""
    form = _asked(request, PlanForm)
    if not form.is_valid():
        return _page(request, "desk/numbers_plan.html", form, {})
    said = form.cleaned_data
    answer = plan_shown(lot_size=said["lot"], level=said["level"], aql=said["aql"], severity=said["severity"])
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="oc-curve.csv"'})
    response.write("\ufeff")
    rows = csv.writer(response)
    rows.writerow(["nonconforming_per_100", "accepted_percent"])
    rows.writerows((f"{share:.4f}", f"{chance:.4f}") for share, chance in (answer.curve.rows if answer.curve else ()))
    return response


@require_safe
def capability(request: ActorRequest) -> HttpResponse:
    form = CapabilityForm(request.GET) if request.GET else CapabilityForm()
    context: dict[str, Any] = {"example": urlencode(EXAMPLE)}
    if form.is_bound and form.is_valid():
        answer, indices = capability_shown(**form.cleaned_data)
        rows = [
            {"name": i.name, "spread": SPREADS[i.spread], "value": i.value, "bounds": i.bounds, "why": REASONS.get(i.reason, i.reason)}
            for i in indices
        ]
        context |= {"answer": answer, "rows": rows}
    return _page(request, "desk/numbers_capability.html", form, context)


@require_safe
def colour(request: ActorRequest) -> HttpResponse:
    form = _asked(request, ColourForm)
    return _page(request, "desk/numbers_colour.html", form, {"answer": colour_shown(**form.cleaned_data) if form.is_valid() else None})


@require_safe
def proof(request: ActorRequest) -> HttpResponse:
    report = validation_report(REFERENCES)
    shown = None
    if report is not None:
        files = [
            {"file": r.file, "cases": r.cases, "passed": r.passed, "ok": r.ok, "note": r.note, "deviation": deviation_words(r.worst)}
            for r in report.reports
        ]
        shown = {"ok": report.ok, "reports": files, "unknown": report.unknown}
    return _page(request, "desk/numbers_proof.html", None, {"report": shown})


def _asked(request: ActorRequest, kind: Any) -> Any:
    """The question in the address, or the form's own example when there is none."""
    example = {name: field.initial for name, field in kind.base_fields.items()}
    return kind(request.GET.dict() if request.GET else example)


def _page(request: ActorRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    here = request.resolver_match.view_name  # type: ignore[union-attr]
    tabs = [{"url": reverse(name), "label": label, "current": name == here} for name, label in TABS]
    status = 422 if form is not None and form.is_bound and form.errors else 200
    base = "base.html" if request.actor else "base_public.html"
    return render(request, template, {"form": form, "tabs": tabs, "base": base, **context}, status=status)
