"""Audits of both sides: the list, and one of them as a state with its days."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from audits.models import Audit
from audits.selectors import audit_for, audits, findings_of, sheet_of
from audits.selectors.audits import PAGE, VIEWS
from audits.status import AUDIT_CHIPS, FINDING_CHIPS, GRADE_CHIPS
from audits.views.follow_up_piece import follow_up_piece
from audits.views.score_piece import score_piece
from audits.views.tools import day_cursor, home_crumb, in_language, other_of, shown
from audits.views.visits import visit_page
from foundation.actor import ActorRequest, Hat, wearing
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query

STEPS = ("planned", "in_progress", "submitted", "reviewed", "closed")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def audit_list(request: ActorRequest) -> HttpResponse:
    """Latest visit first; `?view=` is a saved view, `?after=` goes on."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    found = audits(request.actor, view=view, after=day_cursor(request))
    page = found[:PAGE]
    context = {
        "rows": "audits/_audit_rows.html", "id": "audits", "audits": [_row(request, audit) for audit in page], "chips": AUDIT_CHIPS,
        "heads": _heads(), "tabs": _tabs(request, view), "shown": shown(request, len(page)), "step": PAGE, "now": timezone.now(),
        "more_url": _more(request, page[-1], len(page)) if len(found) > PAGE else "", "view": view,
    }  # fmt: skip
    piece = "parts/_more_rows.html" if request.GET.get("after") else "audits/_audits.html"
    return fragment(request, piece, context, page="audits/list.html")


def _heads() -> list[dict[str, Any]]:
    words = (pgettext("audit list", "Firm"), _("State"), _("Checklist"), pgettext("audit list", "Class"), pgettext("audit list", "Day"))
    return [{"label": label, "end": number == len(words) - 1} for number, label in enumerate(words)]


def _tabs(request: ActorRequest, view: str) -> list[dict[str, Any]]:
    words = {
        "": _("All"),
        "open": pgettext("audit", "To be filed"),
        "visits": pgettext("audit", "Visits ahead"),
        "review": pgettext("audit", "To be reviewed"),
        "done": pgettext("audit", "Reviewed"),
    }
    tabs = [
        {"url": changed_query(request.GET, {"view": key, "after": None, "seen": None}), "label": label, "current": key == view}
        for key, label in words.items()
    ]
    beside = [
        ("audits:findings", _("Findings"), "alert"),
        ("audits:visit_calendar", _("Calendar of visits"), "calendar"),
        ("audits:shown", _("Shown audits"), "eye"),
    ]
    if request.actor.hat is Hat.OWNER:
        beside.append(("audits:programmes", _("Visit programmes"), "factory"))
        beside.append(("audits:plans", _("Plan of visits"), "tasks"))
    return [*tabs, *({"url": reverse(name), "label": label, "icon": icon, "current": False} for name, label, icon in beside)]


def _row(request: ActorRequest, audit: Audit) -> dict[str, Any]:
    return {
        "audit": audit,
        "name": other_of(request.actor, audit.agreement),
        "checklist": in_language(audit.checklist.name_zh, audit.checklist.name_en),
        "met": audit.submitted_at,
    }


def _more(request: ActorRequest, last: Audit, here: int) -> str:
    return changed_query(request.GET, {"after": f"{last.visit_on.isoformat()}_{last.pk}", "seen": shown(request, here)})


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def audit(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """One audit: where it stands, what is next, what was found."""
    of = audit_for(request.actor, audit_id)
    if of.kind != Audit.Kind.SELF_CHECK:
        return visit_page(request, of)
    sheet = sheet_of(request.actor, of)
    name = other_of(request.actor, of.agreement)
    context = {
        "audit": of, "name": name, "title": in_language(of.checklist.name_zh, of.checklist.name_en), "chips": AUDIT_CHIPS,
        "grades": GRADE_CHIPS, "finding_chips": FINDING_CHIPS, "steps": _steps(of), "crumbs": [*home_crumb(), {"label": name}],
        "done": sheet.done(), "total": len(sheet.asked()), "findings": findings_of(request.actor, of), "now": timezone.now(),
        "can_file": request.actor.hat is Hat.SUPPLIER and of.is_answered_by_site, "next_number": _next_number(sheet),
        "is_owner": request.actor.hat is Hat.OWNER, "filed": of.state in ("submitted", "reviewed", "closed"), **score_piece(request, of),
        **follow_up_piece(request, of),
    }  # fmt: skip
    return render(request, "audits/audit.html", context)


def _next_number(sheet: Any) -> int:
    """The first question that lacks something; the first of all where none does."""
    asked = sheet.asked()
    return next((question.order for question in asked if sheet.lacks(question)), asked[0].order if asked else 1)


def _steps(audit: Audit) -> list[dict[str, Any]]:
    if audit.state == "cancelled":
        return []
    words = {
        "planned": pgettext("audit", "Planned"),
        "in_progress": pgettext("audit", "Under way"),
        "submitted": pgettext("audit", "Submitted"),
        "reviewed": pgettext("audit", "Reviewed"),
        "closed": pgettext("audit", "Closed"),
    }
    at = STEPS.index("planned" if audit.state == "notified" else audit.state)
    last = len(STEPS) - 1
    states = ["done" if n < at or at == last else "now" if n == at else "" for n in range(len(STEPS))]
    return [{"label": words[step], "state": state} for step, state in zip(STEPS, states, strict=True)]
