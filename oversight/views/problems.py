"""Problems as everybody reads them, and the report that anybody makes in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import refuse
from agreements.paging import cursor_of, more_of
from foundation.actor import BUSINESS_HATS, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.templatetags.qc import changed_query
from oversight import lists
from oversight.categories import CATEGORIES
from oversight.forms_problems import ReportForm, node_choices, place_choices
from oversight.models import Problem, ProblemEvent
from oversight.problem_rules import IN_FORCE
from oversight.selectors.problems import (
    PAGE,
    Wanted,
    all_problems,
    events_of,
    evidence_of,
    family_of,
    known_of,
    problem_for,
    problems,
    report_for,
    reports,
)
from oversight.selectors.projects import FEWEST, offers_of, projects_of
from oversight.selectors.techniques import adopters, techniques
from oversight.services.problems import ORIGINS, REPORTERS, report_problem
from oversight.words_problems import EVENTS, EVIDENCE_KINDS, OFFER_CHIPS, PROBLEM_CHIPS, PROJECT_CHIPS, REPORT_CHIPS, ROADS, SEVERITIES
from oversight.words_problems import ORIGINS as ORIGIN_WORDS

STATES = ("open", *(state for state in PROBLEM_CHIPS if state not in ("reported", "triaged")))


def wanted_of(query: QueryDict) -> Wanted:
    """The filters of the list; a value that means nothing is left out."""
    said = {name: query.get(name, "").strip()[:80].replace("\x00", "") for name in ("state", "category", "node", "region", "q")}
    said["state"] = said["state"] if said["state"] in STATES else ""
    said["category"] = said["category"] if said["category"] in CATEGORIES else ""
    return Wanted(**said)


def list_tabs(here: str) -> list[dict[str, Any]]:
    """The three lists beside each other."""
    places = (
        ("oversight:problems", _("Problems")), ("oversight:projects", _("Research")), ("oversight:policies", _("Policy tools")),
        ("oversight:techniques", _("Techniques")),
    )  # fmt: skip
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in places]


@require_safe
@wearing(*BUSINESS_HATS)
def problem_list(request: ActorRequest) -> HttpResponse:
    wanted, known = wanted_of(request.GET), lists.names()
    found = problems(request.actor, wanted, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    context = {
        "lines": [_line(row, known) for row in page], "chips": PROBLEM_CHIPS,
        "heads": [{"label": label} for label in (_("Problem"), _("Kind"), _("Where"), _("State"), _("Since"))],
        "find": {"name": "q", "label": _("Words or number"), "value": wanted.q}, "selects": _selects(wanted),
        "tabs": list_tabs("oversight:problems"), "asked": any(vars(wanted).values()), "can_report": request.actor.hat in REPORTERS,
        "is_bureau": request.actor.hat == Hat.BUREAU, "now": timezone.now(), **exports(request, "oversight:problems_export"),
        **more_of(request, (page[-1].state_since, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "oversight/problems.html", context)


def exports(request: ActorRequest, name: str) -> dict[str, str]:
    """The same rows as files."""
    return {
        f"{kind}_url": reverse(name) + changed_query(request.GET, {"as": kind, "after": None, "seen": None}) for kind in ("csv", "xlsx")
    }


def _line(row: Problem, known: Any) -> dict[str, Any]:
    return {"row": row, "category": CATEGORIES.get(row.category, row.category), "where": lists.where_of(row, known)}


def _selects(wanted: Wanted) -> list[dict[str, Any]]:
    states = [("", _("All states")), ("open", _("Still open")), *((state, PROBLEM_CHIPS[state][2]) for state in STATES[1:])]
    choices = (
        ("state", _("State"), states, wanted.state), ("category", _("Kind"), [("", _("All kinds")), *CATEGORIES.items()], wanted.category),
        ("node", _("Node"), node_choices(_("All chain nodes")), wanted.node), ("region", _("District"), place_choices(_("All districts")), wanted.region),
    )  # fmt: skip
    return [
        {"name": name, "label": label, "value": value, "options": [{"value": key, "label": words} for key, words in options]}
        for name, label, options, value in choices
    ]


@require_safe
@wearing(*BUSINESS_HATS)
def problems_export(request: ActorRequest) -> HttpResponse:
    rows, today = all_problems(request.actor, wanted_of(request.GET)), timezone.localdate()
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return lists.file_answer(f"problems-{today}", kind, _("Problems"), lists.problems_table(rows, lists.names(), asked_on=today))


@require_safe
@wearing(*BUSINESS_HATS)
def problem(request: ActorRequest, problem_id: UUID) -> HttpResponse:
    """One problem: what it is, what is known, who works on it, what came of it."""
    row = problem_for(request.actor, problem_id)
    found = techniques(request.actor, problem=row)
    counted, hat = adopters(each.code for each in found), request.actor.hat
    context = {
        "row": row, **problem_words(row), "chips": PROBLEM_CHIPS, "known": known_words(row), "project_chips": PROJECT_CHIPS,
        "projects": projects_of(request.actor, row), "techniques": [{"row": each, "firms": lists.adopters_words(counted[each.code])} for each in found],
        "events": [event_line(each, is_bureau=hat == Hat.BUREAU) for each in events_of(request.actor, row)],
        "evidence": [{"row": each, "kind": EVIDENCE_KINDS[each.kind]} for each in evidence_of(request.actor, family_of(row))] if hat in (Hat.BUREAU, Hat.LAB) else [],
        "offers": offers_of(request.actor, row) if hat == Hat.LAB else [], "offer_chips": OFFER_CHIPS, "is_lab": hat == Hat.LAB,
        "is_bureau": hat == Hat.BUREAU, "can_report": hat in REPORTERS, "now": timezone.now(),
        "crumbs": [{"url": reverse("oversight:problems"), "label": _("Problems")}, {"url": "", "label": row.code}],
    }  # fmt: skip
    return render(request, "oversight/problem.html", context)


def problem_words(row: Problem) -> dict[str, Any]:
    """Kind, place and gravity in words."""
    known = lists.names()
    return {
        "category": CATEGORIES.get(row.category, row.category), "where": lists.where_of(row, known), "severity": SEVERITIES[row.severity],
        "characteristic": known["characteristic"].get(row.characteristic_code, ""),
    }  # fmt: skip


def known_words(row: Problem) -> list[tuple[Any, str]]:
    """What the problem was confirmed on, as everybody may read it: a count under five is not said."""
    if not row.confirmed_on:
        return []
    said = row.confirmed_on
    facts: list[tuple[Any, str]] = [(_("Confirmed because"), str(ROADS.get(said["road"], "")))]
    for label, key in (
        (_("Firms that did not conform"), "firms"),
        (_("Firms that report it"), "reporters"),
        (_("Outside sample: did not conform"), "outside_firms"),
    ):
        if said.get(key):
            facts.append((label, in_fives(said[key])))
    facts.append((_("Rule"), _("version %(number)s") % {"number": said["rule"]}))
    return facts


def in_fives(count: int) -> str:
    """A count of firms as it may be said: in steps of five, so that two of them, of places that differ by one firm, tell little of it."""
    if not count:
        return "0"
    return _("%(n)s or more") % {"n": count - count % FEWEST} if count >= FEWEST else _("fewer than 5")


def known_today(row: Problem, family: Sequence[UUID]) -> list[tuple[Any, str]]:
    """What the bureau decides on, today."""
    known = known_of(row, today=timezone.localdate(), family=family)
    share = f"{'≥' if known.share_floor >= IN_FORCE.share_floor else '<'} {IN_FORCE.share_floor:.0%}"  # more of it would say the counts again
    return [
        (_("Firms looked at within a year"), in_fives(known.looked_at)), (_("Firms that did not conform"), in_fives(known.firms)),
        (_("Lowest likely share (95 %)"), share if known.firms >= FEWEST else "—"),
        (_("Firms that report it"), str(known.reporters)), (_("Outside sample: did not conform"), f"{known.outside_firms} / {known.outside_looked_at}"),
    ]  # fmt: skip


def event_line(row: ProblemEvent, *, is_bureau: bool) -> dict[str, Any]:
    """A step of a problem for the timeline; who took it is the bureau's own matter."""
    words = f"{EVENTS[row.kind]}" if row.kind != "moved" else str(PROBLEM_CHIPS[row.state][2])
    tone, icon, _label = PROBLEM_CHIPS[row.state]
    return {"tone": tone, "icon": icon, "words": words, "at": row.at, "by": row.said_by if is_bureau else "", "note": row.words}


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*REPORTERS)
def report_new(request: ActorRequest) -> HttpResponse:
    """A problem in the reporter's own words. The address may prefill it: `?characteristic=`, `node=`, `category=`, `region=`, `origin=`."""
    given = {name: request.GET.get(name, "")[:24] for name in ("characteristic", "node", "category", "region")}
    origin = request.GET.get("origin", "")
    form = ReportForm(
        request.POST if request.method == "POST" else None, initial={**given, "origin": origin if origin in ORIGINS else "words"}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = report_problem(
                actor=request.actor,
                words=said["words"],
                about=form.about(),
                origin=said["origin"],
                client_id=form.said_id,
                now=timezone.now(),
            )
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Sent. The bureau answers here; nobody else learns that you reported."))
            return redirect("oversight:own_report", row.pk)
    return render(request, "oversight/report_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@wearing(*REPORTERS)
def own_reports(request: ActorRequest) -> HttpResponse:
    found = reports(request.actor, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    context = {
        "lines": page, "chips": REPORT_CHIPS, "heads": [{"label": label} for label in (_("What you reported"), _("State"), _("Day"))],
        "now": timezone.now(), **more_of(request, (page[-1].at, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "oversight/own_reports.html", context)


@require_safe
@wearing(*REPORTERS)
def own_report(request: ActorRequest, report_of_problem_id: UUID) -> HttpResponse:
    row = report_for(request.actor, report_of_problem_id)
    # Before it is confirmed, a problem is not for the reporter's eyes.
    known = Problem.objects.visible_to(request.actor).filter(pk=row.problem_id).first() if row.problem_id else None
    crumbs = [{"url": reverse("oversight:own_reports"), "label": _("Our reports")}, {"url": "", "label": _("Report")}]
    context = {
        "row": row, "chips": REPORT_CHIPS, "problem": known, "problem_chips": PROBLEM_CHIPS, "crumbs": crumbs, "now": timezone.now(),
        "category": CATEGORIES.get(row.category, ""), "origin": ORIGIN_WORDS[row.origin],
    }  # fmt: skip
    return render(request, "oversight/own_report.html", context)
