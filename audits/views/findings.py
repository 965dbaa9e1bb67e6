"""Findings of both sides: the list with its export, and one of them with its before, its after and its story."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from audits.forms import ActionForm, ReasonForm
from audits.models import Finding
from audits.selectors import actions_of, finding_for, findings, sheet_of, story_of
from audits.selectors.findings import PAGE, VIEWS, Wanted, firms_with_findings
from audits.status import FINDING_CHIPS, FINDING_MOVES, GRADE_CHIPS, may
from audits.views.finding_parts import is_grave, long_way, short_way, step_forms
from audits.views.tools import asked, home_crumb, in_language, moment_cursor, other_of, pictures, shown
from audits.words import STORY
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from jobs.exports import csv_bytes, xlsx_bytes
from records.models import RecordEntry

MIMES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_EXPORTED = 20_000
VERBS = ("accept", "contest", "answer", "uphold", "withdraw", "verify", "refuse")


def filters_of(request: ActorRequest) -> dict[str, Any]:
    """The filters of the list, as they stand in the address."""
    known: dict[str, Any] = {"view": VIEWS, "grade": GRADE_CHIPS, "state": FINDING_CHIPS, "late": ("1",)}
    sent = {name: request.GET.get(name, "") for name in known}
    return {**{name: value if value in known[name] else "" for name, value in sent.items()}, "firm": _firm(request)}


def _firm(request: ActorRequest) -> str:
    try:
        return str(UUID(request.GET.get("firm", "")))
    except ValueError:
        return ""


def asked_with(filters: dict[str, Any]) -> Wanted:
    """The filters as the questions take them. Past its day is what was due before today."""
    firm = UUID(filters["firm"]) if filters["firm"] else None
    return Wanted(filters["view"], filters["grade"], filters["state"], firm, timezone.localdate() if filters["late"] else None)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def finding_list(request: ActorRequest) -> HttpResponse:
    """Newest first; filters in the address."""
    filters = filters_of(request)
    found = findings(request.actor, asked_with(filters), after=moment_cursor(request))
    page = found[:PAGE]
    context = {
        "rows": "audits/_finding_rows.html", "id": "findings", "findings": [_row(request, finding) for finding in page],
        "chips": FINDING_CHIPS, "grades": GRADE_CHIPS, "heads": _heads(), "tabs": _tabs(request, filters), "selects": selects_of(request.actor, filters, FINDING_CHIPS),
        "shown": shown(request, len(page)), "step": PAGE, "now": timezone.now(), "applied": any(filters.values()),
        "kept": [{"name": "view", "value": filters["view"]}], "export_query": changed_query(request.GET, {"after": None, "seen": None}),
        "more_url": _more(request, page[-1], len(page)) if len(found) > PAGE else "", "is_owner": request.actor.hat is Hat.OWNER,
    }  # fmt: skip
    piece = "parts/_more_rows.html" if request.GET.get("after") else "audits/_findings.html"
    return fragment(request, piece, context, page="audits/findings.html")


def _heads() -> list[dict[str, Any]]:
    words = (_("Requirement"), _("State"), _("Grade"), pgettext("audit list", "Firm"), _("Due"))
    return [{"label": label, "end": number == len(words) - 1} for number, label in enumerate(words)]


def _tabs(request: ActorRequest, filters: dict[str, str]) -> list[dict[str, Any]]:
    words = {"": _("All"), "open": pgettext("finding", "Open"), "done": pgettext("finding", "Closed")}
    board = {"url": reverse("audits:findings_board"), "label": _("Board"), "icon": "tasks", "current": False}
    tabs = [
        {"url": changed_query(request.GET, {"view": key, "after": None, "seen": None}), "label": label, "current": key == filters["view"]}
        for key, label in words.items()
    ]
    return [*tabs, board]


def selects_of(actor: Actor, filters: dict[str, str], states: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The filters as choices; `states` are those to choose from."""
    def select(name: str, label: str, every: str, options: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        said = [{"value": "", "label": every}, *({"value": key, "label": words} for key, words in options)]
        return {"name": name, "label": label, "options": said, "value": filters[name]}

    firms = sorted(((str(pk), in_language(zh, en)) for pk, zh, en in firms_with_findings(actor)), key=lambda one: one[1])
    return [
        select("firm", pgettext("audit list", "Firm"), _("All firms"), firms),
        select("grade", _("Grade"), _("All grades"), ((key, chip[2]) for key, chip in GRADE_CHIPS.items())),
        select("state", _("State"), _("All states"), ((key, chip[2]) for key, chip in states.items())),
        select("late", _("Day"), _("Any day"), [("1", _("Past its day"))]),
    ]


def _row(request: ActorRequest, finding: Finding) -> dict[str, Any]:
    return {"finding": finding, "name": other_of(request.actor, finding.agreement), "met": finding.closed_at}


def _more(request: ActorRequest, last: Finding, here: int) -> str:
    return changed_query(request.GET, {"after": f"{last.raised_at.isoformat()}_{last.pk}", "seen": shown(request, here)})


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def export(request: ActorRequest, kind: str) -> HttpResponse:
    """The list under the filters of the page it was asked from."""
    heads = [_("Agreement"), pgettext("audit list", "Firm"), _("Grade"), _("State"), _("Requirement"), _("Observed"), _("Gap"), _("Found how often"),
             pgettext("finding", "Raised"), _("Due"), pgettext("finding", "Contained"), pgettext("finding", "Answered"), pgettext("finding", "Closed")]  # fmt: skip
    rows = [
        [f.agreement.number, other_of(request.actor, f.agreement), str(GRADE_CHIPS[f.grade][2]), str(FINDING_CHIPS[f.state][2]),
         f.text.requirement, f.text.observed, f.text.gap, f.nth, timezone.localdate(f.raised_at), f.due_on, _day(f.contained_at),
         _day(f.answered_at), _day(f.closed_at)]
        for f in findings(request.actor, asked_with(filters_of(request)), limit=MOST_EXPORTED)
    ]  # fmt: skip
    body = xlsx_bytes(_("Findings"), heads, rows) if kind == "xlsx" else csv_bytes(heads, rows)
    headers = {"Content-Disposition": f'attachment; filename="findings.{kind}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=MIMES[kind], headers=headers)


def _day(moment: Any) -> Any:
    return timezone.localdate(moment) if moment else None


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def finding(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """One finding with what the reader may do about it."""
    return finding_page(request, finding_for(request.actor, finding_id))


def finding_page(request: ActorRequest, of: Finding, *, form: Any = None, verb: str = "", status: int = 200) -> HttpResponse:
    """The page of a finding; `form` is the one that was refused, for `verb`."""
    tries = actions_of(request.actor, of)
    shots = pictures(request.actor, [action.evidence_id for action in tries], _("Photo of how it is now"))
    name, way = other_of(request.actor, of.agreement), long_way(request.actor, of)
    verbs = [verb_ for verb_ in VERBS if may(FINDING_MOVES, of.state, verb_, request.actor.hat)]
    if not short_way(of) and "answer" in verbs:
        verbs.remove("answer")
    if not way["decides"]:
        verbs = [verb_ for verb_ in verbs if of.state != Finding.State.CONTESTED or verb_ not in ("uphold", "withdraw")]
    forms: dict[str, Any] = {v: ActionForm() if v == "answer" else ReasonForm(auto_id=f"id_{v}_%s") for v in verbs}
    forms |= step_forms(request.actor, of)
    if way["plan_waits"] and request.actor.hat is Hat.OWNER:
        forms["return_plan"] = ReasonForm(auto_id="id_return_plan_%s")
    if form is not None:
        forms[verb] = form
    context = {
        "finding": of, "name": name, "chips": FINDING_CHIPS, "grades": GRADE_CHIPS, "tries": _tries(of, tries, shots), "verbs": verbs,
        "forms": forms, "question": _question(request, of), "before": way["shots"].get("raise") or _before(request, of),
        "events": [_event(e) for e in story_of(request.actor, of)], "is_owner": request.actor.hat is Hat.OWNER, "grave": is_grave(of),
        "critical": of.grade == Finding.Grade.CRITICAL, "now": timezone.now(), "crumbs": [*home_crumb("findings"), {"label": name}],
        "can_plan": may(FINDING_MOVES, of.state, "plan", request.actor.hat), "refused_verb": verb, **way,
    }  # fmt: skip
    return render(request, "audits/finding.html", context, status=status)


def _question(request: ActorRequest, of: Finding) -> str:
    if of.audit is None:
        return ""
    sheet = sheet_of(request.actor, of.audit)
    found = next((q for q in sheet.questions if q.code == of.text.question_code), None)
    return asked(found) if found else ""


def _before(request: ActorRequest, of: Finding) -> list[dict[str, Any]]:
    """The photos under the answer in question: how it was."""
    if of.audit is None:
        return []
    sheet = sheet_of(request.actor, of.audit)
    found = next((q for q in sheet.questions if q.code == of.text.question_code), None)
    ids = [row.evidence_id for row in sheet.photos_under(found)] if found else []
    shots = pictures(request.actor, ids, _("Photo of how it was"))
    return [shots[pk] for pk in ids if pk in shots]


def _tries(of: Finding, tries: list[Any], shots: dict[UUID, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"action": action, "photo": shots.get(action.evidence_id), "hidden": bool(action.evidence_id) and action.evidence_id not in shots}
        for action in reversed(tries)
    ]


def _event(entry: RecordEntry) -> dict[str, Any]:
    tone, icon, words = STORY.get(entry.kind, ("", "record", entry.kind))
    payload = getattr(entry, "payload", None)
    reason = json.loads(payload.text).get("reason", "") if payload else ""
    return {
        "tone": tone, "icon": icon, "words": str(words), "at": entry.at, "by": entry.actor_name, "note": reason,
        "url": reverse("records:entry", args=[entry.pk]),
    }  # fmt: skip
