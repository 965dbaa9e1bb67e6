"""Sampling series: the list, one with the whole history that led here, the chain owner's words on it, and the piece on a lot's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import in_language, refuse
from agreements.services.sides import OTHER
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.templatetags.qc import changed_query
from inspections.charts.oc import oc_chart
from inspections.listing import moment_cursor, page_of, table_file
from inspections.models import Inspection, SwitchingSeries, SwitchingStep
from inspections.on_lot import OnLot
from inspections.sampling_figures import operating_characteristic
from inspections.sampling_forms import WordForm
from inspections.sampling_plans import asked_plans, plan_for, size_of
from inspections.sampling_words import (
    CLASSES,
    DECISION_CHIPS,
    SEVERITY_CHIPS,
    SIDES,
    STAGES,
    outlook,
    plan_words,
    saved_words,
    since_words,
    step_words,
    terms_words,
)
from inspections.selectors.sampling import (
    PAGE,
    all_series,
    course_of,
    courses_of,
    generations_of,
    inspections_of,
    recent_steps,
    series_by_class,
    series_for,
    steps_of,
)
from inspections.services.sampling_series import allow_reduced, resume_sampling
from inspections.views.inspecting import plan_lines
from qualitystats.sampling import DISCONTINUED

BOTH = (Hat.OWNER, Hat.SUPPLIER)
SHOWN = 60  # steps on the page; the rest at one press


def piece(on: OnLot) -> dict[str, Any]:
    """What _lot_sampling.html shows, under the name `sampling`: a part for each plan that the text of the lot's day asks for."""
    plans = asked_plans(on.clauses)
    if on.is_own or not plans:
        return {"shown": False}
    filed = inspections_of(on.actor, [on.lot]).get(on.lot.pk, [])
    parts = [_part(on, asked, [row for row in filed if (row.stage, row.place) == (asked.stage, asked.place)]) for asked in plans]
    return {"shown": True, "parts": parts, "severities": SEVERITY_CHIPS, "decisions": DECISION_CHIPS}


def _part(on: OnLot, asked: Any, filed: list[Inspection]) -> dict[str, Any]:
    side = on.actor.hat.value
    mine = next((row for row in filed if row.side == side), None)
    part: dict[str, Any] = {
        "stage": STAGES[asked.stage], "name": in_language(asked.name_zh, asked.name_en), "mine": mine,
        "theirs": next((row for row in filed if row.side != side), None),
        "url": f"{reverse('inspections:inspect', args=[on.lot.pk])}?stage={asked.stage}&place={asked.place}",
        "terms": terms_words({"aql": " / ".join(terms.aql for terms in asked.terms.values()), "level": next(iter(asked.terms.values())).level}),
    }  # fmt: skip
    part["lines"] = [{**plan, "name": CLASSES[plan["klass"]]} for plan in mine.plans] if mine else []
    size = size_of(on.lot.quantity, on.lot.unit)
    if mine is None and size is not None:
        series = series_by_class(on.actor, on.lot, stage=asked.stage, side=side, place=asked.place)
        planned = plan_for(asked, size, courses_of(series))
        part |= {
            "planned": planned,
            "plans": plan_lines(planned, series),
            "stopped": [series[name] for name in planned.stopped if name in series],
        }
        shown = next((series[name] for name in ("major", "minor", "critical") if name in series), None)
        if shown is not None:
            part |= {"series": shown, "strip": recent_steps(on.actor, shown), "outlook": outlook(course_of(shown))}
    return part


@wearing(*BOTH)
@require_safe
def sampling_list(request: ActorRequest) -> HttpResponse:
    """Series that moved last come first; `?severity=` filters, `?after=` goes on."""
    actor, severity = request.actor, request.GET.get("severity", "")
    found = all_series(actor, severity=severity if severity in SEVERITY_CHIPS else "", after=moment_cursor(request))
    page, more = page_of(request, found, PAGE, lambda row: (row.moved_at, row.pk))
    views = [("", _("All")), *((name, chip[2]) for name, chip in SEVERITY_CHIPS.items())]
    context = {
        "lines": [_line(actor, row) for row in page], "chips": SEVERITY_CHIPS, "asked": severity,
        "heads": [{"label": label} for label in (_("Series"), _("Stage"), _("With"), _("Severity"), _("Lots"), pgettext("inspected lot", "Not accepted"), _("Pieces saved"))],
        "tabs": [
            {"label": label, "url": changed_query(request.GET, {"severity": name, "after": None, "seen": None}), "current": severity == name}
            for name, label in views
        ],
        **more,
    }  # fmt: skip
    return render(request, "inspections/sampling.html", context)


def _line(actor: Actor, row: SwitchingSeries) -> dict[str, Any]:
    return {"row": row, "other": other_name(actor, row), "stage": STAGES[row.stage], "klass": CLASSES[row.klass], "side": SIDES[row.side]}


def other_name(actor: Actor, row: Any) -> str:
    """The firm across the table, in the reader's language."""
    other = OTHER[actor.hat.value]
    return in_language(getattr(row, f"{other}_name_zh"), getattr(row, f"{other}_name_en"))


@wearing(*BOTH)
@require_safe
def sampling_series(request: ActorRequest, series_id: UUID) -> HttpResponse:
    """One series: where it stands and why, what its plan does to lots, and every step; `?generation=` shows how it stood before a correction."""
    row = series_for(request.actor, series_id)
    return render(request, "inspections/sampling_series.html", _series_context(request, row))


def _series_context(request: ActorRequest, row: SwitchingSeries) -> dict[str, Any]:
    actor = request.actor
    wanted = request.GET.get("generation", "")
    generation = int(wanted) if wanted.isdecimal() and len(wanted) < 6 and 1 <= int(wanted) < row.generation else None
    steps = steps_of(actor, row, generation=generation)
    course = course_of(row)
    lots = [step for step in steps if step.kind == SwitchingStep.Kind.LOT]
    size = next((step.lot_size for step in reversed(lots) if step.lot_size), None)
    plan = course.plan(size) if size else None
    return {
        "row": row, "course": course, "plan": plan, "plan_words": plan_words(plan) if plan else "", "severities": SEVERITY_CHIPS,
        "since": since_words(row.severity, row.since), "outlook": outlook(course), "other": other_name(actor, row), "stage": STAGES[row.stage],
        "klass": CLASSES[row.klass], "side": SIDES[row.side], "terms": terms_words(row.kept["terms"]), "saved": saved_words(row.pieces_saved),
        "steps": [_step_line(step, row.klass) for step in reversed(steps)][: None if "all" in request.GET else SHOWN], "strip": lots[-24:], "generation": generation, "curve": curve_of(row, plan),
        "steps_all": len(steps), "all_url": changed_query(request.GET, {"all": "1"}) if len(steps) > SHOWN and "all" not in request.GET else "",
        "generations": [
            {"number": first.generation - 1, "lot_no": first.lot_no, "at": first.inspection.filed_at if first.inspection else None, "by": first.inspection.filed_by if first.inspection else "", "reason": first.inspection.reason if first.inspection else ""}
            for first in generations_of(actor, row)
        ],
        "can_resume": actor.hat == Hat.OWNER and row.severity == DISCONTINUED, "can_allow": actor.hat == Hat.OWNER and course.terms.switches,
        "allowed": course.switching.reduced_authorised, "csv_url": reverse("inspections:sampling_series_csv", args=[row.pk]),
    }  # fmt: skip


def _step_line(step: SwitchingStep, klass: str) -> dict[str, Any]:
    """A step as the table says it. `differs`: the lot was inspected by another plan than the one that a correction leads to."""
    done = next((plan for plan in step.inspection.plans if plan["klass"] == klass), None) if step.inspection else None
    differs = bool(
        done and step.plan and (done["severity"], done["n"], done["ac"]) != (step.plan["severity"], step.plan["n"], step.plan["ac"])
    )
    return {
        "step": step, "words": step_words(step.code, step.facts), "terms": terms_words(step.terms) if step.terms else "", "done": done, "differs": differs,
        "version": step.inspection.version_number if step.inspection else None,
    }  # fmt: skip


def curve_of(row: SwitchingSeries, plan: Any) -> dict[str, Any]:
    """The operating characteristic of the plan at work, drawn and as a table; nothing where every piece is looked at."""
    found = operating_characteristic(plan) if plan and plan.aql != "0" else None
    if found is None:
        return {}
    says = _("Of lots at the AQL, %(share)s %% nonconforming, %(accepted)s %% are accepted; of lots with %(worse)s %% nonconforming, every tenth.") % {
        "share": found.aql_words, "accepted": found.at_aql_words, "worse": found.tenth_words,
    }  # fmt: skip
    marks = [(found.aql, found.at_aql, "AQL"), (found.tenth, 0.1, "10 %")] if not found.counts_nonconformities else []
    title = _("How often the plan accepts a lot")
    return {
        "svg": oc_chart(f"oc-{row.pk}", found.curve, marks=marks, title=title, says=says),
        "says": says,
        "rows": found.table,
        "found": found,
    }


@wearing(*BOTH)
@require_safe
def sampling_series_csv(request: ActorRequest, series_id: UUID) -> HttpResponse:
    """Every step that stands, as a table."""
    row = series_for(request.actor, series_id)
    heads = [
        pgettext("sampling", "Step"), _("What"), _("Lot"), _("Pieces in the lot"), _("Severity"), _("Code letter"), "n", "Ac", "Re", _("Found"), _("Accepted"),
        _("Score"), _("Severity after"), _("What followed"), _("Reason"), _("By"), _("At"),
    ]  # fmt: skip
    names = {name: str(chip[2]) for name, chip in SEVERITY_CHIPS.items()}
    rows = [
        [
            step.number, step.kind, step.lot_no, step.lot_size, names[step.severity], *_plan_cells(step.plan), step.found,
            "" if step.accepted is None else (_("yes") if step.accepted else _("no")), step.score, names[step.severity_after],
            step_words(step.code, step.facts), step.reason, step.by, timezone.localtime(step.at).isoformat(),
        ]
        for step in steps_of(request.actor, row)
    ]  # fmt: skip
    return table_file("sampling", "csv", (heads, rows))


def _plan_cells(plan: dict[str, Any] | None) -> list[Any]:
    return [plan["code_letter"], plan["n"], plan["ac"], plan["re"]] if plan else ["", "", "", ""]


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def sampling_resume(request: ActorRequest, series_id: UUID) -> HttpResponse:
    """The supplier has acted: inspection goes on, tightened."""
    row = series_for(request.actor, series_id)
    if request.method != "POST" and row.severity != DISCONTINUED:
        return redirect("inspections:sampling_series", row.pk)
    form = WordForm(request.POST or None)
    form.fields["reason"].help_text = _(
        "What the supplier has done since, for example: needles changed, three lots retested. It stands in the common record."
    )
    if request.method == "POST" and form.is_valid():
        try:
            resume_sampling(actor=request.actor, series=row, reason=form.cleaned_data["reason"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Resumed. The next lot is on tightened inspection."))
            return redirect("inspections:sampling_series", row.pk)
    context = {**_line(request.actor, row), "form": form, "why": since_words(row.severity, row.since)}
    return render(request, "inspections/sampling_resume.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def sampling_reduced(request: ActorRequest, series_id: UUID) -> HttpResponse:
    """Allow reduced inspection for a series, or no longer."""
    row = series_for(request.actor, series_id)
    allowed = course_of(row).switching.reduced_authorised
    form = WordForm(request.POST or None)
    form.fields["reason"].help_text = _("For example: a year of steady lots. It stands in the common record.")
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("allowed") == "yes"
        try:
            allow_reduced(actor=request.actor, series=row, allowed=wanted, reason=form.cleaned_data["reason"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(
                request,
                _("Allowed. At a switching score of 30 inspection is reduced.")
                if wanted
                else _("No longer allowed. The next lot is on normal inspection."),
            )
            return redirect("inspections:sampling_series", row.pk)
    context = {**_line(request.actor, row), "form": form, "allowed": allowed}
    return render(request, "inspections/sampling_reduced.html", context, status=422 if form.errors else 200)
