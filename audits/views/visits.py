"""The page of a visit: who comes and when, where it stands, what is to be prepared, and the pieces of other topics."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext

from audits.models import Audit
from audits.selectors import findings_of
from audits.status import AUDIT_CHIPS, FINDING_CHIPS, GRADE_CHIPS
from audits.views.tools import home_crumb, in_language, other_of
from audits.views.visit_pieces import pieces_of
from foundation.actor import ActorRequest, Hat

STEPS = ("planned", "notified", "accepted", "in_progress", "submitted", "reviewed", "closed")
# States beside the straight way stand where they lie on it.
BESIDE = {"reschedule_asked": "notified", "packed": "accepted"}


def visit_page(request: ActorRequest, audit: Audit) -> HttpResponse:
    """One visit, for whoever sees it."""
    name = other_of(request.actor, audit.agreement)
    context = {
        "audit": audit, "name": name, "title": in_language(audit.checklist.name_zh, audit.checklist.name_en), "chips": AUDIT_CHIPS,
        "grades": GRADE_CHIPS, "finding_chips": FINDING_CHIPS, "steps": _steps(audit), "crumbs": [*home_crumb(), {"label": name}],
        "findings": findings_of(request.actor, audit), "now": timezone.now(), "is_owner": request.actor.hat is Hat.OWNER,
        "team": list(audit.team.order_by("-is_lead", "joined_at", "id")), **pieces_of(request, audit),
    }  # fmt: skip
    return render(request, "audits/visit.html", context)


def _steps(audit: Audit) -> list[dict[str, Any]]:
    if audit.state == "cancelled":
        return []
    words = {
        "planned": pgettext("audit", "Planned"),
        "notified": pgettext("audit", "Announced"),
        "accepted": pgettext("audit", "Day agreed"),
        "in_progress": pgettext("audit", "Under way"),
        "submitted": pgettext("audit", "Submitted"),
        "reviewed": pgettext("audit", "Reviewed"),
        "closed": pgettext("audit", "Closed"),
    }
    shown = [step for step in STEPS if audit.announced or step not in ("notified", "accepted")]
    here = BESIDE.get(audit.state, audit.state)
    at = shown.index(here) if here in shown else 0
    last = len(shown) - 1
    states = ["done" if n < at or at == last else "now" if n == at else "" for n in range(len(shown))]
    return [{"label": words[step], "state": state} for step, state in zip(shown, states, strict=True)]
