"""The bureau's desk of problems: reports come in, are taken up, judged, confirmed and merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms import refuse
from agreements.paging import cursor_of, more_of
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from oversight.categories import CATEGORIES
from oversight.forms_problems import EvidenceForm, MergeForm, MoveForm, ProblemForm, ReplyForm
from oversight.models import Problem
from oversight.problem_rules import IN_FORCE, may_move
from oversight.selectors.problems import (
    PAGE,
    Wanted,
    desk_problems,
    events_of,
    evidence_of,
    family_of,
    problem_for,
    problems,
    report_for,
    reports,
    reports_of,
)
from oversight.selectors.projects import offers_of, projects_of
from oversight.services.problems import (
    EvidenceSaid,
    ProblemSaid,
    add_evidence,
    describe_problem,
    merge_problem,
    move_problem,
    register_problem,
    settle_report,
    unmerge_problem,
)
from oversight.views.problems import event_line, known_today, problem_words
from oversight.words_problems import EVIDENCE_KINDS, OFFER_CHIPS, ORIGINS, PROBLEM_CHIPS, PROBLEM_DOES, PROJECT_CHIPS, REPORT_CHIPS


@require_safe
@wearing(Hat.BUREAU)
def desk(request: ActorRequest) -> HttpResponse:
    """Reports that wait, and what was written down and not yet confirmed."""
    state = request.GET.get("state", "new")
    state = state if state in REPORT_CHIPS else "new"
    found = reports(request.actor, state=state, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    context = {
        "lines": [{"row": row, "category": CATEGORIES.get(row.category, "")} for row in page], "chips": REPORT_CHIPS, "problem_chips": PROBLEM_CHIPS,
        "heads": [{"label": label} for label in (_("What is reported"), _("Reported by"), _("State"), _("Day"))],
        "tabs": [{"label": words[2], "url": f"?state={name}", "current": name == state} for name, words in REPORT_CHIPS.items()],
        "waiting": [{"row": row, "category": CATEGORIES.get(row.category, "")} for row in desk_problems(request.actor)], "now": timezone.now(),
        **more_of(request, (page[-1].at, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "oversight/problem_desk_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def report(request: ActorRequest, report_of_problem_id: UUID) -> HttpResponse:
    """One report: it belongs to a problem, begins one, or is answered with a no."""
    row = report_for(request.actor, report_of_problem_id)
    known = [*desk_problems(request.actor), *problems(request.actor, Wanted(state="open"), limit=200)]
    form = ReplyForm(known, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        belongs = problem_for(request.actor, UUID(said["problem"])) if said["problem"] else None
        try:
            settle_report(actor=request.actor, report=row, problem=belongs, reply=said["reply"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Answered. The reporter is told."))
            return redirect("oversight:problem_desk", belongs.pk) if belongs else redirect("oversight:problem_desk_list")
    crumbs = [{"url": reverse("oversight:problem_desk_list"), "label": _("Problem desk")}, {"url": "", "label": _("Report")}]
    context = {
        "row": row, "form": form, "chips": REPORT_CHIPS, "category": CATEGORIES.get(row.category, ""), "origin": ORIGINS[row.origin], "crumbs": crumbs,
        "new_url": f"{reverse('oversight:problem_new')}?report={row.pk}", "now": timezone.now(),
    }  # fmt: skip
    return render(request, "oversight/problem_report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def problem_new(request: ActorRequest) -> HttpResponse:
    """Write a problem down: from a report (`?report=`), or prefilled from the map (`?node=&region=&category=`)."""
    said = request.GET.get("report", "")
    row = report_for(request.actor, UUID(said)) if _is_uuid(said) else None
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=_given(request, row))
    if request.method == "POST" and form.is_valid():
        try:
            made = register_problem(actor=request.actor, said=_said(form), report=row, client_id=form.said_id, now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:problem_desk", made.pk)
    crumbs = [{"url": reverse("oversight:problem_desk_list"), "label": _("Problem desk")}, {"url": "", "label": _("Write a problem down")}]
    return render(
        request, "oversight/problem_form.html", {"form": form, "report": row, "crumbs": crumbs}, status=422 if form.errors else 200
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _given(request: ActorRequest, row: Any) -> dict[str, str]:
    if row is None:
        return {name: request.GET.get(name, "")[:24] for name in ("category", "node", "region", "characteristic")}
    about = {"category": row.category, "node": row.node_code, "region": row.region_code, "characteristic": row.characteristic_code}
    return about | {"statement": row.words[:200]}


def _said(form: ProblemForm) -> ProblemSaid:
    said = form.cleaned_data
    return ProblemSaid(said["statement"], form.about(), said["severity"], said["cause"])


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def problem_edit(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    row = problem_for(request.actor, problem_id)
    given = {
        "statement": row.statement, "category": row.category, "severity": row.severity, "node": row.node_code, "cause": row.cause,
        "region": next(iter(row.region_codes), ""), "characteristic": row.characteristic_code,
    }  # fmt: skip
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            describe_problem(actor=request.actor, problem=row, said=_said(form), now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:problem_desk", row.pk)
    crumbs = [{"url": reverse("oversight:problem_desk", args=[row.pk]), "label": row.code}, {"url": "", "label": _("Word it anew")}]
    return render(request, "oversight/problem_form.html", {"form": form, "row": row, "crumbs": crumbs}, status=422 if form.errors else 200)


@require_safe
@wearing(Hat.BUREAU)
def problem_work(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    """A problem with everything that decides about it."""
    return _work(request, problem_for(request.actor, problem_id))


def _work(request: ActorRequest, row: Problem, *, forms: dict[str, Any] | None = None) -> HttpResponse:
    others = [
        each for each in [*desk_problems(request.actor), *problems(request.actor, Wanted(state="open"), limit=200)] if each.pk != row.pk
    ]
    family = family_of(row)
    context = {
        "row": row, **problem_words(row), "chips": PROBLEM_CHIPS, "known": known_today(row, family), "rule": IN_FORCE, "moves": _moves(row), "move_form": MoveForm(),
        "evidence": [{"row": each, "kind": EVIDENCE_KINDS[each.kind]} for each in evidence_of(request.actor, family)], "evidence_form": EvidenceForm(),
        "merge_form": MergeForm(others) if others and not row.duplicate_of_id else None, "reports": reports_of(request.actor, family),
        "report_chips": REPORT_CHIPS, "events": [event_line(each, is_bureau=True) for each in events_of(request.actor, row)],
        "offers": offers_of(request.actor, row), "offer_chips": OFFER_CHIPS, "projects": projects_of(request.actor, row), "project_chips": PROJECT_CHIPS,
        "crumbs": [{"url": reverse("oversight:problem_desk_list"), "label": _("Problem desk")}, {"url": "", "label": row.code}], "now": timezone.now(),
        **(forms or {}),
    }  # fmt: skip
    return render(request, "oversight/problem_desk.html", context, status=422 if forms else 200)


def _moves(row: Problem) -> list[tuple[str, Any]]:
    return [
        (state, words)
        for state, words in PROBLEM_DOES.items()
        if not row.duplicate_of_id and may_move(row.state, state, confirmed=row.confirmed_at is not None)
    ]


def _done(request: ActorRequest, row: Problem, name: str, form: Any, do: Any) -> HttpResponse:
    """Do one thing to a problem; where a rule refuses, the page comes back with its words and what was typed."""
    if form.is_valid():
        try:
            do(request.actor, form)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:problem_desk", row.pk)
    return _work(request, row, forms={name: form})


@require_POST
@wearing(Hat.BUREAU)
def problem_move(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    row, state = problem_for(request.actor, problem_id), request.POST.get("state", "")[:14]

    def do(actor: Actor, form: Any) -> None:
        move_problem(actor=actor, problem=row, state=state, words=form.cleaned_data["words"], now=timezone.now())

    return _done(request, row, "move_form", MoveForm(request.POST), do)


@require_POST
@wearing(Hat.BUREAU)
def evidence_add(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    row = problem_for(request.actor, problem_id)

    def do(actor: Actor, form: EvidenceForm) -> None:
        said = {name: form.cleaned_data[name] for name in ("kind", "source", "seen_on", "looked_at", "nonconforming")}
        add_evidence(actor=actor, problem=row, said=EvidenceSaid(**said), client_id=form.said_id, now=timezone.now())

    return _done(request, row, "evidence_form", EvidenceForm(request.POST), do)


@require_POST
@wearing(Hat.BUREAU)
def problem_merge(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    row = problem_for(request.actor, problem_id)
    others = [*desk_problems(request.actor), *problems(request.actor, Wanted(state="open"), limit=200)]

    def do(actor: Actor, form: MergeForm) -> None:
        merge_problem(actor=actor, problem=row, into=problem_for(actor, UUID(form.cleaned_data["into"])), now=timezone.now())

    return _done(request, row, "merge_form", MergeForm(others, request.POST), do)


@require_POST
@wearing(Hat.BUREAU)
def problem_unmerge(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    row = problem_for(request.actor, problem_id)
    unmerge_problem(actor=request.actor, problem=row, now=timezone.now())
    messages.success(request, _("Both problems stand as they stood."))
    return redirect("oversight:problem_desk", row.pk)
