"""The steps of the long way, one form each, and a finding that is not raised yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits import services
from audits.forms import FindingForm, ReasonForm
from audits.forms_corrective import ContainForm, DoneForm, EffectForm, PlanForm, RewordForm, VerifyForm
from audits.models import Finding
from audits.selectors import evidence_sent_as, finding_for, sheet_of
from audits.services.sides import must_file, must_judge
from audits.statement import FISHBONE
from audits.status import FINDING_MOVES, may
from audits.views.findings import finding_page
from audits.views.tools import asked, home_crumb, other_of, tried, uploaded_photo
from audits.words_corrective import BRANCHES
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent


def photos_with(request: ActorRequest, form: Any) -> list[UUID]:
    """The photos of a form that is sent now, else those that came with an earlier try of it. A refused one becomes the form's error."""
    found: list[Any] = []
    key = f"{form.cleaned_data.get('client_id', '')}-p"
    tried(form, lambda: found.extend(uploaded_photo(request, client_id=key, now=timezone.now()) or evidence_sent_as(request.actor, key)))
    return [evidence.pk for evidence in found]


@wearing(Hat.SUPPLIER)
@require_POST
def contain(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    of, form = finding_for(request.actor, finding_id), ContainForm(request.POST, request.FILES, auto_id="id_contain_%s")
    complete, photos = form.is_valid(), []
    if "client_id" in form.cleaned_data:
        photos = photos_with(request, form)
    sent = form.cleaned_data
    if complete and not form.errors and tried(form, lambda: services.contain_finding(
        actor=request.actor, finding_id=finding_id, measures=sent["measures"], scope=sent["scope"], evidence_ids=photos,
        client_id=sent["client_id"], now=timezone.now(),
    )):  # fmt: skip
        messages.success(request, _("Noted. Next comes the cause and the plan."))
        return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="contain", status=422)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """Whys, fishbone, cause, plan: a page of its own."""
    of = finding_for(request.actor, finding_id)
    must_file(request.actor, of.supplier_org_id)
    form = PlanForm(request.POST or None, initial={"responsible": request.actor.person_name, "planned_for": of.due_on})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        said = services.PlanSaid(
            sent["cause"], sent["action"], sent["responsible"], sent["planned_for"], sent["prevention"], form.whys(), form.fishbone()
        )
        if tried(form, lambda: services.plan_action(
            actor=request.actor, finding_id=finding_id, said=said, client_id=sent["client_id"], now=timezone.now()
        )):  # fmt: skip
            messages.success(request, _("Your plan is with the chain owner."))
            return redirect("audits:finding", finding_id)
    context = {
        "finding": of, "form": form, "name": other_of(request.actor, of.agreement), "can": may(FINDING_MOVES, of.state, "plan", request.actor.hat),
        "whys": [form[f"why_{n}"] for n in range(1, 6)], "branches": [form[f"fish_{b}"] for b in FISHBONE], "branch_words": BRANCHES,
        "rest": [form[name] for name in ("cause", "action", "prevention", "responsible", "planned_for")],
        "crumbs": [*home_crumb("findings"), {"label": other_of(request.actor, of.agreement)}],
    }  # fmt: skip
    return render(request, "audits/plan.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_POST
def accept_plan(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    services.accept_plan(actor=request.actor, finding_id=finding_id, now=timezone.now())
    messages.success(request, _("The plan is accepted. The supplier is told."))
    return redirect("audits:finding", finding_id)


@wearing(Hat.OWNER)
@require_POST
def return_plan(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    of, form = finding_for(request.actor, finding_id), ReasonForm(request.POST, auto_id="id_return_plan_%s")
    if form.is_valid() and tried(form, lambda: services.return_plan(
        actor=request.actor, finding_id=finding_id, reason=form.cleaned_data["reason"], now=timezone.now()
    )):  # fmt: skip
        return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="return_plan", status=422)


@wearing(Hat.SUPPLIER)
@require_POST
def carry_out(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    of, form = finding_for(request.actor, finding_id), DoneForm(request.POST, request.FILES, auto_id="id_done_%s")
    complete, photos = form.is_valid(), []
    if "client_id" in form.cleaned_data:
        photos = photos_with(request, form)
    sent = form.cleaned_data
    if complete and not form.errors and tried(form, lambda: services.carry_out(
        actor=request.actor, finding_id=finding_id, done=sent["done"], evidence_ids=photos, client_id=sent["client_id"], now=timezone.now()
    )):  # fmt: skip
        messages.success(request, _("What you did is with the chain owner."))
        return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="done", status=422)


@wearing(Hat.OWNER)
@require_POST
def watch(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """Verify; close at once, or watch some lots first."""
    of, form = finding_for(request.actor, finding_id), VerifyForm(request.POST, auto_id="id_verify_%s")
    if form.is_valid() and tried(form, lambda: services.verify_action(
        actor=request.actor, finding_id=finding_id, lots_wanted=form.cleaned_data["lots_wanted"] or 0, now=timezone.now()
    )):  # fmt: skip
        messages.success(request, _("Verified. The supplier is told."))
        return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="verify", status=422)


@wearing(Hat.OWNER)
@require_POST
def effect(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    of, form = finding_for(request.actor, finding_id), EffectForm(request.POST, auto_id="id_effect_%s")
    if form.is_valid() and tried(form, lambda: services.judge_effect(
        actor=request.actor, finding_id=finding_id, works=form.cleaned_data["works"] == "yes", words=form.cleaned_data["words"], now=timezone.now()
    )):  # fmt: skip
        return redirect("audits:finding", finding_id)
    return finding_page(request, of, form=form, verb="effect", status=422)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def reword(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """Other words, perhaps a lesser grade: a page of its own, the contest beside it."""
    of = finding_for(request.actor, finding_id)
    must_judge(request.actor, of.owner_org_id)
    grades = ["critical"] if of.grade == Finding.Grade.CRITICAL else ["major", "minor"]
    words = {"grade": of.grade, "requirement": of.text.requirement, "observed": of.text.observed, "gap": of.text.gap}
    form = RewordForm(grades, request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        seen = services.Observation(sent["grade"], sent["requirement"], sent["observed"], gap=sent["gap"])
        if tried(form, lambda: services.reword_finding(
            actor=request.actor, finding_id=finding_id, seen=seen, reason=sent["reason"], now=timezone.now()
        )):  # fmt: skip
            messages.success(request, _("Worded anew. The supplier is told."))
            return redirect("audits:finding", finding_id)
    context = {"finding": of, "form": form, "name": other_of(request.actor, of.agreement), "can": of.state == Finding.State.CONTESTED}
    return render(request, "audits/reword.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """A finding that is not raised yet: change its words, raise it, drop it."""
    of = finding_for(request.actor, finding_id)
    must_judge(request.actor, of.owner_org_id)
    if of.audit is None:
        raise Absent
    questions = [(q.code, f"{q.order} · {asked(q)}") for q in sheet_of(request.actor, of.audit).questions]
    words = {name: getattr(of.text, name) for name in ("requirement", "observed", "gap", "clause_ref", "question_code")}
    form = FindingForm(questions, request.POST or None, initial={**words, "grade": of.grade})
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        sent.pop("client_id")
        if tried(form, lambda: _changed(request, of, services.Observation(**sent))):
            return redirect("audits:finding", finding_id)
    context = {"finding": of, "form": form, "name": other_of(request.actor, of.agreement), "can": of.state == Finding.State.DRAFT}
    return render(request, "audits/draft.html", context, status=422 if form.errors else 200)


def _changed(request: ActorRequest, of: Finding, seen: Any) -> None:
    services.change_draft(actor=request.actor, finding_id=of.pk, seen=seen)
    if request.POST.get("do") == "raise":
        services.raise_draft(actor=request.actor, finding_id=of.pk, now=timezone.now())
        messages.success(request, _("The finding is raised. The supplier is told."))


@wearing(Hat.OWNER)
@require_POST
def drop(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    of = finding_for(request.actor, finding_id)
    services.drop_draft(actor=request.actor, finding_id=finding_id)
    messages.success(request, _("The draft is thrown away."))
    return redirect("audits:audit", of.audit_id) if of.audit_id else redirect("audits:findings")
