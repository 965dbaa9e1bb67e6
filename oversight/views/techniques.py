"""Techniques for everybody, and an institute's room: problems in its field, its offers, what it writes down."""

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
from audits.selectors.checklists import drafts as checklist_drafts
from foundation.actor import BUSINESS_HATS, Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from oversight import lists
from oversight.categories import CATEGORIES
from oversight.forms_problems import ClientForm, CompetenceForm, OfferForm, QuestionForm, TechniqueForm, node_choices
from oversight.models import Problem, ResearchProject, Technique
from oversight.selectors.problems import problem_for
from oversight.selectors.projects import competence_of, feed, is_member, own_offers, project_for, projects
from oversight.selectors.techniques import (
    PAGE,
    adopters,
    offers_from,
    own_adoption,
    own_drafts,
    technique_for,
    techniques,
    versions_of,
)
from oversight.services.projects import offer_research, say_competence
from oversight.services.techniques import (
    ADOPTERS,
    WRITERS,
    TechniqueSaid,
    adopt_technique,
    draft_technique,
    drop_technique,
    next_version,
    publish_technique,
    write_technique,
)
from oversight.views.problems import exports, list_tabs
from oversight.words_problems import OFFER_CHIPS, PROBLEM_CHIPS, PROJECT_CHIPS, TECHNIQUE_CHIPS
from parties.roles import MAY_WRITE
from suppliers.words import in_language

MOST = 2000
MOST_DRAFTS = 50
HELPERS = (Hat.LAB, Hat.PROVIDER)
PARTS = ("name", "steps", "contact", "cost", "limits", "trial", "question", "nodes")


@require_safe
@wearing(*BUSINESS_HATS)
def technique_list(request: ActorRequest) -> HttpResponse:
    node, q = _asked(request)
    found = techniques(request.actor, node=node, q=q, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    counted = adopters(row.code for row in page)
    options = [{"value": key, "label": words} for key, words in node_choices(_("All chain nodes"))]
    context = {
        "lines": [{"row": row, "by": in_language(row.publisher_name_zh, row.publisher_name_en), "firms": lists.adopters_words(counted[row.code])} for row in page],
        "heads": [{"label": words} for words in (_("Technique"), _("For the problem"), _("Published by"), _("Firms that work by it"))],
        "find": {"name": "q", "label": _("Words or number"), "value": q}, "asked": bool(node or q), "tabs": list_tabs("oversight:techniques"),
        "selects": [{"name": "node", "label": _("Node"), "value": node, "options": options}], "drafts": own_drafts(request.actor),
        "chips": TECHNIQUE_CHIPS, "now": timezone.now(), **exports(request, "oversight:techniques_export"),
        **more_of(request, (page[-1].published_at, page[-1].pk) if more and page[-1].published_at else None, len(page)),
    }  # fmt: skip
    return render(request, "oversight/techniques.html", context)


def _asked(request: ActorRequest) -> tuple[str, str]:
    return request.GET.get("node", "")[:12].replace("\x00", ""), request.GET.get("q", "").strip()[:80].replace("\x00", "")


@require_safe
@wearing(*BUSINESS_HATS)
def techniques_export(request: ActorRequest) -> HttpResponse:
    node, q = _asked(request)
    rows = techniques(request.actor, node=node, q=q, limit=MOST)
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    table = lists.techniques_table(rows, adopters(row.code for row in rows))
    return lists.file_answer(f"techniques-{timezone.localdate()}", kind, _("Techniques"), table)


@require_safe
@wearing(*BUSINESS_HATS)
def technique(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    row, actor = technique_for(request.actor, technique_id), request.actor
    known = lists.names()
    own = actor.hat in WRITERS and row.publisher_org_id == actor.org_id
    may_check = actor.hat == Hat.OWNER and bool(row.question) and row.state == "published"
    context = {
        "row": row, "chips": TECHNIQUE_CHIPS, "by": in_language(row.publisher_name_zh, row.publisher_name_en), "steps": row.steps.splitlines(),
        "nodes": [known["node"].get(code, code) for code in row.node_codes], "firms": lists.adopters_words(adopters([row.code])[row.code]),
        "versions": versions_of(actor, row), "own": own, "can_adopt": actor.hat in ADOPTERS and row.state == "published", "client": ClientForm(),
        "adopted": own_adoption(actor, row) if actor.hat in ADOPTERS else None, "question_form": QuestionForm(_own_checklists(actor)) if may_check else None,
        "offers": [(each, in_language(each.provider_name_zh, each.provider_name_en)) for each in offers_from(actor, row)], "may_offer": actor.hat in HELPERS and row.state == "published" and bool(actor.roles.intersection(MAY_WRITE)), "now": timezone.now(),
        "crumbs": [{"url": reverse("oversight:techniques"), "label": _("Techniques")}, {"url": "", "label": row.code}],
    }  # fmt: skip
    return render(request, "oversight/technique.html", context)


def _own_checklists(actor: Actor) -> list[tuple[UUID, str]]:
    """The checklists on the reader's desk that a question may go into, the last touched first."""
    return [(each.pk, in_language(each.body["name_zh"], each.body["name_en"])) for each in checklist_drafts(actor, limit=MOST_DRAFTS)]


def _said(form: TechniqueForm) -> TechniqueSaid:
    return TechniqueSaid(**{name: form.cleaned_data[name] for name in PARTS})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*WRITERS)
def technique_new(request: ActorRequest) -> HttpResponse:
    """Write a technique: from a project of one's own (`?project=`) or for a problem (`?problem=`)."""
    if not {"project", "problem"} & request.GET.keys():
        return redirect("oversight:problems")
    project, about = _source(request)
    form = TechniqueForm(
        request.POST if request.method == "POST" else None, initial={"nodes": [about.node_code] if about.node_code else []}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_technique(
                actor=request.actor, problem=about, project=project, said=_said(form), client_id=form.said_id, now=timezone.now()
            )
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:technique", made.pk)
    crumbs = [{"url": reverse("oversight:techniques"), "label": _("Techniques")}, {"url": "", "label": _("Write a technique")}]
    return render(
        request, "oversight/technique_form.html", {"form": form, "problem": about, "crumbs": crumbs}, status=422 if form.errors else 200
    )


def _source(request: ActorRequest) -> tuple[ResearchProject | None, Problem]:
    try:
        if said := request.GET.get("project", ""):
            row = project_for(request.actor, UUID(said))
            if request.actor.hat != Hat.BUREAU and not is_member(request.actor, row):
                raise Absent
            return row, row.problem
        return None, problem_for(request.actor, UUID(request.GET.get("problem", "")))
    except ValueError:
        raise Absent from None


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*WRITERS)
def technique_edit(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    row = _own(request, technique_id)
    given: dict[str, Any] = {name: getattr(row, name) for name in PARTS if name != "nodes"}
    form = TechniqueForm(request.POST if request.method == "POST" else None, initial={**given, "nodes": row.node_codes})
    if request.method == "POST" and form.is_valid():
        try:
            write_technique(actor=request.actor, technique=row, said=_said(form), now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:technique", row.pk)
    crumbs = [{"url": reverse("oversight:technique", args=[row.pk]), "label": row.code}, {"url": "", "label": _("Change the draft")}]
    return render(
        request,
        "oversight/technique_form.html",
        {"form": form, "problem": row.problem, "crumbs": crumbs},
        status=422 if form.errors else 200,
    )


def _own(request: ActorRequest, technique_id: UUID) -> Technique:
    row = technique_for(request.actor, technique_id)
    if row.publisher_org_id != request.actor.org_id:
        raise Absent
    return row


@require_POST
@wearing(*WRITERS)
def technique_publish(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    row = publish_technique(actor=request.actor, technique=_own(request, technique_id), now=timezone.now())
    messages.success(request, _("Published. Whoever reported the problem or takes part is told."))
    return redirect("oversight:technique", row.pk)


@require_POST
@wearing(*WRITERS)
def technique_version(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    form = ClientForm(request.POST)
    if not form.is_valid():
        raise Absent
    made = next_version(actor=request.actor, technique=_own(request, technique_id), client_id=form.said_id, now=timezone.now())
    return redirect("oversight:technique_edit", made.pk)


@require_POST
@wearing(*ADOPTERS)
def technique_adopt(request: ActorRequest, technique_id: UUID) -> HttpResponse:
    """Say that the firm works by it, or (`?end=1`) no longer does."""
    row = technique_for(request.actor, technique_id)
    if request.POST.get("end"):
        drop_technique(actor=request.actor, technique=row, now=timezone.now())
    else:
        adopt_technique(actor=request.actor, technique=row, now=timezone.now())
    return redirect("oversight:technique", row.pk)


@require_safe
@wearing(Hat.LAB)
def research(request: ActorRequest) -> HttpResponse:
    """An institute's room: open problems in its field, and its own projects."""
    actor = request.actor
    competence = competence_of(actor)
    found = feed(actor, competence, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    offers, known = own_offers(actor, page), lists.names()
    mine = [row for row in projects(actor, limit=200) if is_member(actor, row)] if not request.GET.get("after") else []
    context = {
        "lines": [
            {"row": row, "category": CATEGORIES.get(row.category, ""), "where": lists.where_of(row, known), "offer": offers.get(row.pk)} for row in page
        ],
        "chips": PROBLEM_CHIPS, "offer_chips": OFFER_CHIPS, "project_chips": PROJECT_CHIPS, "mine": mine, "competence": competence,
        "fields": [CATEGORIES[code] for code in competence.categories if code in CATEGORIES] if competence else [], "now": timezone.now(),
        "heads": [{"label": words} for words in (_("Problem"), _("Kind"), _("Where"), _("State"), _("Our offer"))],
        **more_of(request, (page[-1].state_since, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "oversight/research.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.LAB)
def competence(request: ActorRequest) -> HttpResponse:
    known = competence_of(request.actor)
    given = {"categories": known.categories, "nodes": known.node_codes} if known else {}
    form = CompetenceForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        say_competence(actor=request.actor, categories=said["categories"], nodes=said["nodes"], now=timezone.now())
        return redirect("oversight:research")
    crumbs = [{"url": reverse("oversight:research"), "label": _("Research")}, {"url": "", "label": _("What we work on")}]
    return render(request, "oversight/competence.html", {"form": form, "crumbs": crumbs}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.LAB)
def offer(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    """Offer to work on a problem."""
    row = problem_for(request.actor, problem_id)
    form = OfferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            offer_research(actor=request.actor, problem=row, words=form.cleaned_data["words"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Offered. The bureau decides who works on it."))
            return redirect("oversight:problem", row.pk)
    crumbs = [{"url": reverse("oversight:problem", args=[row.pk]), "label": row.code}, {"url": "", "label": _("Offer to work on it")}]
    return render(request, "oversight/offer.html", {"form": form, "row": row, "crumbs": crumbs}, status=422 if form.errors else 200)
