"""Filing an inspection by attributes, and putting one right: the plan in a sentence, counts by class, the verdict before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import in_language, refuse
from agreements.services.sides import MAY_FILE
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from inspections.lot_words import LOT_CHIPS, amount
from inspections.models import Inspection, Lot, SwitchingSeries
from inspections.sampling_forms import CorrectForm, CountsForm, InspectForm, SizeForm
from inspections.sampling_plans import LARGEST_LOT, AskedPlan, Planned, judged, plan_of_size, read_plans, size_of
from inspections.sampling_words import CLASSES, DECISION_CHIPS, SEVERITY_CHIPS, SIDES, STAGES, plan_words, since_words
from inspections.selectors.lots import lot_for
from inspections.selectors.sampling import (
    OfLot,
    correction_of,
    inspection_for,
    planned_for,
    plans_asked,
    series_of_inspection,
    stands_of_lot,
)
from inspections.services.sampling import correct_inspection, file_inspection
from inspections.switching import ClassPlan

BOTH = (Hat.OWNER, Hat.SUPPLIER)


def plan_lines(planned: Planned, series: dict[str, SwitchingSeries]) -> list[dict[str, Any]]:
    """Each class of a plan as the page says it."""
    return [
        {
            "name": CLASSES[name], "klass": name, "plan": plan, "words": plan_words(plan), "series": series.get(name),
            "severity": plan.severity if plan.code_letter else "", "why": _why(planned, series, name),
        }
        for name, plan in planned.plans.items()
    ]  # fmt: skip


def _why(planned: Planned, series: dict[str, SwitchingSeries], name: str) -> str:
    row, course = series.get(name), planned.courses.get(name)
    if course is None:
        return ""
    since = row.since if row and row.kept and row.severity == course.severity else {}
    if row and row.kept and course.segment != int(row.kept["segment"]):
        since = {"code": "terms_changed" if course.segment > int(row.kept["segment"]) else "terms_back"}
    return since_words(course.severity, since)


@wearing(*BOTH)
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """`?stage=` and `?place=` choose the clause, `?size=` says how many pieces the lot is. Nothing is filed before its verdict was shown."""
    actor = request.actor
    lot = lot_for(actor, lot_id)
    actor.must_hold(*MAY_FILE)
    of_lot = plans_asked(actor, lot)
    asked = _asked(request, of_lot) if of_lot else None
    context: dict[str, Any] = {"lot": lot, "chips": LOT_CHIPS, "amount": amount(lot.quantity, lot.unit), "stages": STAGES}
    if of_lot is None or asked is None:
        return render(request, "inspections/inspect_no_plan.html", context)
    sizes = SizeForm(request.GET if "size" in request.GET else None)
    typed = sizes.cleaned_data["size"] if sizes.is_bound and sizes.is_valid() else None
    size = typed or size_of(lot.quantity, lot.unit)
    context |= {
        "asked": asked,
        "of_lot": of_lot,
        "sizes": sizes,
        "size": size,
        "stage": STAGES[asked.stage],
        "tabs": _tabs(lot, of_lot, asked),
    }
    if size is None:
        return render(request, "inspections/inspect_size.html", context)
    planned, series = planned_for(actor, lot, asked, side=actor.hat.value, lot_size=size)
    context |= {"planned": planned, "plans": plan_lines(planned, series), "severities": SEVERITY_CHIPS}
    if planned.stopped:
        context["stopped"] = [series[name] for name in planned.stopped if name in series]
        return render(request, "inspections/inspect_stopped.html", context)
    former = stands_of_lot(actor, lot, stage=asked.stage, side=actor.hat.value, place=asked.place)
    form = InspectForm(planned, request.POST or None, inspected_before=former is not None, initial={"inspected_on": timezone.localdate()})
    context |= {"form": form, "former": former, "decisions": DECISION_CHIPS}
    return _file(request, context) if request.method == "POST" else render(request, "inspections/inspect.html", context)


def _asked(request: ActorRequest, of_lot: OfLot) -> AskedPlan:
    place = request.GET.get("place", "0")
    chosen = of_lot.at(request.GET.get("stage", ""), int(place) if place.isdecimal() and len(place) < 3 else 0)
    return chosen or next((each for each in of_lot.plans if each.stage == "final"), of_lot.plans[0])


def _tabs(lot: Lot, of_lot: OfLot, asked: AskedPlan) -> list[dict[str, Any]]:
    url = reverse("inspections:inspect", args=[lot.pk])
    several = {each.stage for each in of_lot.plans if each.place}
    return [
        {
            "label": f"{STAGES[each.stage]} · {in_language(each.name_zh, each.name_en)}" if each.stage in several else STAGES[each.stage],
            "url": f"{url}?stage={each.stage}&place={each.place}", "current": each == asked,
        }
        for each in of_lot.plans
    ]  # fmt: skip


def _file(request: ActorRequest, context: dict[str, Any]) -> HttpResponse:
    """The verdict first; filed once the same counts come back with the word to file them."""
    form: InspectForm = context["form"]
    planned: Planned = context["planned"]
    if form.is_valid():
        if request.POST.get("do") != "file" or form.cleaned_data["judged"] != form.counted():
            return _verdict(request, "inspections/inspect.html", context)
        try:
            row = file_inspection(
                actor=request.actor, lot=context["lot"], said=form.said(planned), client_id=form.cleaned_data["client_id"], now=timezone.now()
            )  # fmt: skip
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Filed. The inspection is on record; the lot waits for a decision."))
            return redirect("inspections:inspection", row.pk)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "inspections/_verdict.html", context)
    _show_current_plan(form, planned)
    return render(request, "inspections/inspect.html", context, status=422)


def _show_current_plan(form: CountsForm, planned: Planned) -> None:
    """What is filed next is gone by the plan that this page shows."""
    said = QueryDict(mutable=True)
    said.update(form.data)
    said["seen"], said["judged"] = planned.seen, ""
    form.data = said


def _verdict(request: ActorRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    """What the counts mean, shown on the page or, while somebody counts, beside the counts alone."""
    form: CountsForm = context["form"]
    context["verdict"] = verdict_of(form.plans, form.counts())
    context["judged"] = form.counted()
    return render(request, "inspections/_verdict.html" if request.htmx else page, context)  # type: ignore[attr-defined]


def verdict_of(plans: Mapping[str, ClassPlan], counts: Mapping[str, int]) -> dict[str, Any]:
    """The verdict as the page says it."""
    found = judged(plans, counts)
    lines = [
        {
            "name": CLASSES[name], "found": counts[name], "plan": plan, "accepted": found.classes[name],
            "at_limit": found.classes[name] and counts[name] == plan.ac and plan.ac > 0,
        }
        for name, plan in plans.items()
    ]  # fmt: skip
    return {"accepted": found.accepted, "lines": lines, "missed": [str(CLASSES[name]) for name in found.missed]}


@wearing(*BOTH)
@require_safe
def inspection(request: ActorRequest, inspection_id: UUID) -> HttpResponse:
    """One inspection as it was filed, what corrects it, and the series that it moved."""
    row = inspection_for(request.actor, inspection_id)
    return render(request, "inspections/inspection.html", _context(request.actor, row))


def _context(actor: Actor, row: Inspection) -> dict[str, Any]:
    series = series_of_inspection(actor, row)
    plans = read_plans(row.plans)
    lines = [
        {
            "name": CLASSES[plan["klass"]], "plan": plan, "words": plan_words(plans[plan["klass"]]), "series": series.get(plan["klass"]),
            "reasons": [count for count in row.counts.all() if count.klass == plan["klass"] and count.words],
        }
        for plan in row.plans
    ]  # fmt: skip
    return {
        "row": row, "lot": row.lot, "lines": lines, "stage": STAGES[row.stage], "side": SIDES[row.side], "decisions": DECISION_CHIPS,
        "severities": SEVERITY_CHIPS, "newer": correction_of(row), "mine": actor.org_id == row.org_id, "lot_chips": LOT_CHIPS,
        "pieces": max(plan["n"] for plan in row.plans),
    }  # fmt: skip


@wearing(*BOTH)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ActorRequest, inspection_id: UUID) -> HttpResponse:
    """The figures put right by the firm that filed them: a row of its own, and the series is told again from this lot on."""
    actor = request.actor
    row = inspection_for(actor, inspection_id)
    if correction_of(row) is not None or actor.org_id != row.org_id:
        return redirect("inspections:inspection", row.pk)
    actor.must_hold(*MAY_FILE)
    plans = read_plans(row.plans)
    size = request.POST.get("lot_size", "")
    if size.isdecimal() and len(size) < 9 and 2 <= int(size) <= LARGEST_LOT and int(size) != row.lot_size:
        plans = plan_of_size(plans, int(size))
    form = CorrectForm(row, plans, request.POST or None)
    context: dict[str, Any] = {
        **_context(actor, row),
        "form": form,
        "counting": [(CLASSES[name], plan_words(plan)) for name, plan in plans.items()],
    }
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") != "file" or form.cleaned_data["judged"] != form.counted():
            return _verdict(request, "inspections/inspection_correct.html", context)
        try:
            newer = correct_inspection(
                actor=actor, inspection=row, said=form.said(), client_id=form.cleaned_data["client_id"], now=timezone.now()
            )
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Corrected. The former figures stay readable, and the series was told again from this lot on."))
            return redirect("inspections:inspection", newer.pk)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "inspections/_verdict.html", context)
    return render(request, "inspections/inspection_correct.html", context, status=422 if form.errors else 200)
