"""The page of a visit: who comes and when, where it stands, what is to be prepared, and the pieces of other topics."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext

from agreements.services.sides import MAY_FILE
from audits.forms_programmes import AskDayForm, CallOffForm, KeepDayForm, MoveForm, TeamForm
from audits.models import Audit
from audits.models.talks import MOST_ASKS
from audits.selectors import findings_of
from audits.selectors.visits import auditors, date_asks_of, team_of
from audits.services.sides import MAY_JUDGE
from audits.status import AHEAD, AUDIT_CHIPS, FINDING_CHIPS, GRADE_CHIPS, VISIT_MOVES, may
from audits.views.tools import home_crumb, in_language, other_of
from audits.views.visit_pieces import pieces_of
from audits.words_programmes import HALF_WORDS, PREPARE
from foundation.actor import Actor, ActorRequest, Hat

STEPS = ("planned", "notified", "accepted", "in_progress", "submitted", "reviewed", "closed")
# States beside the straight way stand where they lie on it.
BESIDE = {"reschedule_asked": "notified", "packed": "accepted"}


def visit_page(request: ActorRequest, audit: Audit, *, forms: dict[str, Any] | None = None, refused_verb: str = "") -> HttpResponse:
    """One visit, for whoever sees it. `forms` are those that were refused, with what was typed."""
    name, is_owner = other_of(request.actor, audit.agreement), request.actor.hat is Hat.OWNER
    asks = date_asks_of(request.actor, audit)
    verbs = _verbs(audit, request.actor)
    context = {
        "audit": audit, "name": name, "title": in_language(audit.checklist.name_zh, audit.checklist.name_en), "chips": AUDIT_CHIPS,
        "grades": GRADE_CHIPS, "finding_chips": FINDING_CHIPS, "steps": _steps(audit), "crumbs": [*home_crumb(), {"label": name}],
        "findings": findings_of(request.actor, audit), "now": timezone.now(), "is_owner": is_owner, "ahead": audit.state in AHEAD,
        "team": team_of(request.actor, audit), "half": HALF_WORDS.get(audit.half, ""), "date_asks": asks, "verbs": verbs,
        "forms": _forms(request, audit, verbs) | (forms or {}), "refused_verb": refused_verb, "asks_left": MOST_ASKS - audit.dates_asked,
        "prepare": PREPARE, "late": audit.state in AHEAD and audit.visit_on < timezone.localdate(),
        "waiting_ask": next((ask for ask in asks if not ask.answer), None), **pieces_of(request, audit),
    }  # fmt: skip
    return render(request, "audits/visit.html", context)


def _verbs(audit: Audit, actor: Actor) -> list[str]:
    """What this side may do about the day and the team."""
    if actor.hat is Hat.SUPPLIER:
        verbs = {"accept": "accept", "ask": "ask_date"} if actor.roles.intersection(MAY_FILE) else {}
        found = [verb for verb, move in verbs.items() if may(VISIT_MOVES, audit.state, move, Hat.SUPPLIER)]
        return [verb for verb in found if verb != "ask" or audit.dates_asked < MOST_ASKS]
    if not actor.roles.intersection(MAY_JUDGE):
        return []
    owners = {"give": "give_date", "keep": "keep_date", "move": "move", "off": "call_off"}
    found = [verb for verb, move in owners.items() if may(VISIT_MOVES, audit.state, move, Hat.OWNER)]
    return [*found, "team"] if audit.state in (*AHEAD, "in_progress") else found


def _forms(request: ActorRequest, audit: Audit, verbs: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ask": AskDayForm, "keep": KeepDayForm, "off": CallOffForm,
        "move": lambda: MoveForm.of(audit.visit_on, audit.half),
        "team": lambda: TeamForm([(str(one.person_id), one.name) for one in auditors(request.actor)]),
    }  # fmt: skip
    return {verb: made[verb]() for verb in verbs if verb in made}


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
