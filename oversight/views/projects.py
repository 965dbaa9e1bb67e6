"""Research projects: the list, the page that everybody reads, the bureau's and the lead's steps, a firm's consent, and before and after."""

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
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms import refuse
from agreements.paging import cursor_of, more_of
from foundation.actor import BUSINESS_HATS, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from oversight import lists
from oversight.change_figures import change_figure, change_lines, pooled_words, published_words
from oversight.forms_problems import ChangeDayForm, DoneForm, JoinForm, MilestoneForm, ProjectForm, ResultForm
from oversight.models import ResearchProject
from oversight.problem_rules import LEADS_MOVES, PROJECT_MOVES
from oversight.selectors.before_after import own_change, published_figure
from oversight.selectors.problems import problem_for
from oversight.selectors.projects import (
    FEWEST,
    MOST,
    PAGE,
    firms_joined,
    institutes,
    is_member,
    late_milestones,
    members_of,
    milestones_of,
    offers_of,
    own_part,
    project_for,
    projects,
)
from oversight.selectors.techniques import techniques_of
from oversight.services.consents import OPEN_TO_FIRMS, join_project, revoke_consent, say_change_day
from oversight.services.projects import ProjectSaid, add_milestone, finish_milestone, move_project, propose_project
from oversight.views.problems import exports, list_tabs
from oversight.words_problems import PROJECT_CHIPS, PROJECT_DOES, TECHNIQUE_CHIPS
from suppliers.words import in_language

STATES = ("open", *PROJECT_CHIPS)


@require_safe
@wearing(*BUSINESS_HATS)
def project_list(request: ActorRequest) -> HttpResponse:
    state, q = _asked(request)
    found = projects(request.actor, state=state, q=q, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    late = late_milestones(request.actor, [row.pk for row in page], today=timezone.localdate())
    options = [("", _("All states")), ("open", _("Still open")), *((name, words[2]) for name, words in PROJECT_CHIPS.items())]
    context = {
        "lines": [{"row": row, "lead": in_language(row.lead_name_zh, row.lead_name_en), "late": late.get(row.pk, 0), "runs": bool(PROJECT_MOVES[row.state])} for row in page],
        "chips": PROJECT_CHIPS, "heads": [{"label": label} for label in (_("Project"), _("Aim"), _("Leads"), _("State"), _("Ends on"))],
        "find": {"name": "q", "label": _("Words or number"), "value": q}, "asked": bool(state or q), "tabs": list_tabs("oversight:projects"),
        "selects": [{"name": "state", "label": _("State"), "value": state, "options": [{"value": key, "label": words} for key, words in options]}],
        "now": timezone.now(), **exports(request, "oversight:projects_export"),
        **more_of(request, (page[-1].state_since, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "oversight/projects.html", context)


def _asked(request: ActorRequest) -> tuple[str, str]:
    state = request.GET.get("state", "")
    return state if state in STATES else "", request.GET.get("q", "").strip()[:80].replace("\x00", "")


@require_safe
@wearing(*BUSINESS_HATS)
def projects_export(request: ActorRequest) -> HttpResponse:
    (state, q), today = _asked(request), timezone.localdate()
    rows = projects(request.actor, state=state, q=q, limit=MOST)
    late = late_milestones(request.actor, [row.pk for row in rows], today=today)
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return lists.file_answer(f"projects-{today}", kind, _("Research"), lists.projects_table(rows, lists.names(), late, asked_on=today))


@require_safe
@wearing(*BUSINESS_HATS)
def project(request: ActorRequest, project_id: UUID) -> HttpResponse:
    """One project: its aim, steps and institutes; what changed, as far as it may be said; and what is the reader's to do."""
    return _page(request, project_for(request.actor, project_id))


def _page(request: ActorRequest, row: ResearchProject, *, forms: dict[str, Any] | None = None) -> HttpResponse:
    actor, joined = request.actor, firms_joined(row)
    leads = actor.hat == Hat.BUREAU or (actor.hat == Hat.LAB and actor.org_id == row.lead_org_id)
    known = lists.names()
    context = {
        "row": row, "chips": PROJECT_CHIPS, "lead": in_language(row.lead_name_zh, row.lead_name_en), "members": members_of(actor, row),
        "what": known["characteristic"].get(row.characteristic_code, row.characteristic_code), "milestones": milestones_of(actor, row), "leads": leads,
        "firms": str(joined) if joined >= FEWEST or joined == 0 else _("fewer than 5"), "pooled": published_words(row, published_figure(actor, row)), "is_member": is_member(actor, row),
        "moves": _moves(request, row), "move_form": ResultForm(), "milestone_form": MilestoneForm(), "done_form": DoneForm(auto_id=False),
        "techniques": techniques_of(actor, row), "technique_chips": TECHNIQUE_CHIPS, "is_supplier": actor.hat == Hat.SUPPLIER,
        "part": own_part(actor, row) if actor.hat == Hat.SUPPLIER else None, "open_to_firms": row.state in OPEN_TO_FIRMS, "now": timezone.now(),
        "crumbs": [{"url": reverse("oversight:projects"), "label": _("Research")}, {"url": "", "label": row.code}], **(forms or {}),
    }  # fmt: skip
    return render(request, "oversight/project.html", context, status=422 if forms else 200)


def _moves(request: ActorRequest, row: ResearchProject) -> list[tuple[str, Any]]:
    actor = request.actor
    if actor.hat == Hat.BUREAU:
        return [(state, PROJECT_DOES[state]) for state in PROJECT_MOVES[row.state]]
    leads = actor.hat == Hat.LAB and actor.org_id == row.lead_org_id
    return [(state, PROJECT_DOES[state]) for was, state in LEADS_MOVES if leads and was == row.state]


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def project_new(request: ActorRequest) -> HttpResponse:
    """Set a project up on a confirmed problem: `?problem=`; without one, choose it first."""
    try:
        about = problem_for(request.actor, UUID(request.GET.get("problem", "")))
    except ValueError:
        return redirect("oversight:problems")
    able = [(str(row.pk), in_language(row.name_zh, row.name_en)) for row in institutes(request.actor)]
    offers = [str(row.org_id) for row in offers_of(request.actor, about)]
    given = {
        "title": about.statement[:120],
        "characteristic": about.characteristic_code,
        "lead": next(iter(offers), ""),
        "members": offers[1:],
    }
    form = ProjectForm(able, request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        parts = ("title", "characteristic", "edition", "from_value", "to_value", "firms", "months")
        said: dict[str, Any] = {name: form.cleaned_data[name] for name in parts}
        said |= {"lead": UUID(form.cleaned_data["lead"]), "members": [UUID(each) for each in form.cleaned_data["members"]]}
        try:
            made = propose_project(actor=request.actor, problem=about, said=ProjectSaid(**said), client_id=form.said_id, now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:project", made.pk)
    crumbs = [{"url": reverse("oversight:problem_desk", args=[about.pk]), "label": about.code}, {"url": "", "label": _("Set up a project")}]
    return render(
        request, "oversight/project_new.html", {"form": form, "problem": about, "crumbs": crumbs}, status=422 if form.errors else 200
    )


def _done(request: ActorRequest, row: ResearchProject, name: str, form: Any, do: Any) -> HttpResponse:
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:project", row.pk)
    return _page(request, row, forms={name: form})


@require_POST
@wearing(Hat.BUREAU, Hat.LAB)
def project_move(request: ActorRequest, project_id: UUID) -> HttpResponse:
    row, state = project_for(request.actor, project_id), request.POST.get("state", "")[:8]
    do = lambda said: move_project(actor=request.actor, project=row, state=state, words=said["words"], now=timezone.now())
    return _done(request, row, "move_form", ResultForm(request.POST), do)


@require_POST
@wearing(Hat.BUREAU, Hat.LAB)
def milestone_add(request: ActorRequest, project_id: UUID) -> HttpResponse:
    row = project_for(request.actor, project_id)
    do = lambda said: add_milestone(actor=request.actor, project=row, name=said["name"], due_on=said["due_on"], now=timezone.now())
    return _done(request, row, "milestone_form", MilestoneForm(request.POST), do)


@require_POST
@wearing(Hat.BUREAU, Hat.LAB)
def milestone_done(request: ActorRequest, project_id: UUID) -> HttpResponse:
    row = project_for(request.actor, project_id)

    def do(said: dict[str, Any]) -> None:
        try:
            which = UUID(request.POST.get("milestone", ""))
        except ValueError:
            raise RuleBroken("project_move_unknown") from None
        finish_milestone(
            actor=request.actor, project=row, milestone_id=which, done_on=said["done_on"], words=said["note"], now=timezone.now()
        )

    return _done(request, row, "done_form", DoneForm(request.POST, auto_id=False), do)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.SUPPLIER)
def join(request: ActorRequest, project_id: UUID) -> HttpResponse:
    """What a firm consents to, in full, before it does; afterwards what the project sees of it, and the way out."""
    row = project_for(request.actor, project_id)
    part = own_part(request.actor, row)
    taken = part is not None and part.revoked_at is None
    form: Any = (ChangeDayForm if taken else JoinForm)(
        request.POST if request.method == "POST" else None, initial={"changed_on": part.changed_on if part and taken else None}
    )
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        try:
            if taken:
                say_change_day(actor=request.actor, project=row, changed_on=said["changed_on"], now=now)
            else:
                join_project(actor=request.actor, project=row, consents=said["consents"], changed_on=said["changed_on"], now=now)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("oversight:project_join", row.pk)
    own = own_change(request.actor, row)
    context = {
        "row": row, "part": part if taken else None, "form": form, "lead": in_language(row.lead_name_zh, row.lead_name_en),
        "members": members_of(request.actor, row), "open_to_firms": row.state in OPEN_TO_FIRMS, "now": timezone.now(),
        "lines": change_lines(row, [own]) if own else [], "figure": change_figure(row, [own], None) if own else "",
        "heads": _change_heads(), "what": lists.names()["characteristic"].get(row.characteristic_code, row.characteristic_code),
        "crumbs": [{"url": reverse("oversight:project", args=[row.pk]), "label": row.code}, {"url": "", "label": _("Our part in it")}],
    }  # fmt: skip
    return render(request, "oversight/project_join.html", context, status=422 if form.errors else 200)


def _change_heads() -> list[dict[str, Any]]:
    return [
        {"label": words} for words in (_("Firm"), _("Lots before, after"), pgettext("a change", "Before"), pgettext("a change", "After"), pgettext("a change", "Difference"), _("Step without drift"))
    ]


@require_POST
@wearing(Hat.SUPPLIER)
def leave(request: ActorRequest, project_id: UUID) -> HttpResponse:
    row = project_for(request.actor, project_id)
    revoke_consent(actor=request.actor, project=row, now=timezone.now())
    messages.success(request, _("Taken back. Your readings are deleted, and no figure from now on counts you."))
    return redirect("oversight:project_join", row.pk)


@require_safe
@wearing(Hat.LAB)
def data(request: ActorRequest, project_id: UUID) -> HttpResponse:
    """Before and after, firm by firm under labels: for the project's institutes alone."""
    row = _for_members(request, project_id)
    change = lists.change_for(request.actor, row)
    card = lists.data_card(row, change, asked_on=timezone.localdate())
    url = reverse("oversight:project_export", args=[row.pk])
    context = {
        "row": row, "lines": change_lines(row, change.firms), "heads": _change_heads(), "pooled": pooled_words(row, change.counted, change.pooled), "card": card[1],
        "figure": change_figure(row, change.firms, change.pooled) if change.firms else "", "csv_url": f"{url}?as=csv", "xlsx_url": f"{url}?as=xlsx",
        "card_url": f"{url}?as=csv&part=card", "what": lists.names()["characteristic"].get(row.characteristic_code, row.characteristic_code),
        "crumbs": [{"url": reverse("oversight:project", args=[row.pk]), "label": row.code}, {"url": "", "label": _("Before and after")}],
    }  # fmt: skip
    return render(request, "oversight/project_data.html", context)


def _for_members(request: ActorRequest, project_id: UUID) -> ResearchProject:
    row = project_for(request.actor, project_id)
    if not is_member(request.actor, row):
        raise Absent
    return row


@require_safe
@wearing(Hat.LAB)
def data_export(request: ActorRequest, project_id: UUID) -> HttpResponse:
    row = _for_members(request, project_id)
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    if request.GET.get("part") == "card":
        card = lists.data_card(row, lists.change_for(request.actor, row), asked_on=timezone.localdate())
        return lists.file_answer(f"{row.code}-data-card", kind, _("Data card"), card)
    return lists.file_answer(f"{row.code}-data", kind, row.code, lists.data_table(request.actor, row))
