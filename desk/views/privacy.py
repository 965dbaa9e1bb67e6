"""Who sees what of a firm and why, what may be switched off, and who looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from desk.sharing import GIVERS, LOOKS, just_switched_off, looks_said, who_sees
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import moment_of, text_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from jobs.exports import csv_bytes
from records.selectors import PAGE, LookFilters, accesses, lookers
from records.services.evidence import restore_grant, revoke_grant
from suppliers.selectors import grant_for
from suppliers.words import in_language

LOOKED_AT = (*GIVERS, Hat.LAB, Hat.PROVIDER)  # whose things others may look at
LATEST = 5
DAYS = (7, 30, 90, 365)
MOST_EXPORTED = 10_000


@require_safe
def privacy(request: ActorRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    looked_at = actor is not None and actor.hat in LOOKED_AT
    context = {
        "sees": who_sees(actor), "just": just_switched_off(actor, now=now), "now": now, "looked_at": looked_at,
        "looks": looks_said(actor, accesses(actor, limit=LATEST)[:LATEST]) if looked_at else [],
    }  # fmt: skip
    return render(request, "desk/privacy.html", {**context, "base": "base.html" if actor else "base_public.html"})


@require_POST
@wearing(*GIVERS)
def switch_off(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    return _switched(request, grant_id, revoke_grant, _("Switched off. %(name)s no longer sees it."))


@require_POST
@wearing(*GIVERS)
def switch_on(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """Take a switch-off back within ten minutes."""
    return _switched(request, grant_id, restore_grant, _("Taken back. %(name)s sees it again."))


def _switched(request: ActorRequest, grant_id: UUID, change: Callable[..., Any], words: str) -> HttpResponse:
    grant = grant_for(request.actor, grant_id)
    try:
        change(actor=request.actor, grant=grant, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        messages.success(request, words % {"name": in_language(grant.to_name_zh, grant.to_name_en)})
    return redirect("desk:privacy")


@require_safe
@wearing(*LOOKED_AT)
def looks(request: ActorRequest) -> HttpResponse:
    """Who looked at the firm's things: by organisation, person, thing and days, all in the address."""
    rows = accesses(request.actor, _filters(request), after=_after(request))
    shown = rows[:PAGE]
    cursor = {"after": f"{shown[-1].at.isoformat()},{shown[-1].pk}"} if len(rows) > PAGE else {}
    context = {
        "looks": looks_said(request.actor, shown), "shown": len(shown), "more_url": changed_query(request.GET, cursor) if cursor else "",
        "selects": _selects(request), "export_query": changed_query(request.GET, {"after": None}), "filtered": bool(request.GET),
        "now": timezone.now(),
    }  # fmt: skip
    return fragment(request, "desk/_more_looks.html" if "after" in request.GET else "desk/_looks.html", context, page="desk/looks.html")


@require_safe
@wearing(*LOOKED_AT)
def looks_csv(request: ActorRequest) -> HttpResponse:
    """The same, to take away."""
    rows = accesses(request.actor, _filters(request), limit=MOST_EXPORTED)
    if len(rows) > MOST_EXPORTED:
        raise RuleBroken("looks_too_many", limit=MOST_EXPORTED)
    heads = [_("When (Shanghai)"), _("Organisation"), _("Person"), _("What was looked at"), _("Which"), _("Reason"), _("Duty case")]
    table = (
        [f"{timezone.localtime(each['row'].at):%Y-%m-%d %H:%M:%S}", each["firm"], each["row"].person_name, str(each["did"]), each["thing"],
         f"{each['reason']}: {each['row'].why}" if each["row"].case_code else "", each["row"].case_code]
        for each in looks_said(request.actor, rows)
    )
    response = HttpResponse(csv_bytes(heads, table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="who-looked.csv"'
    return response


def _filters(request: ActorRequest) -> LookFilters:
    try:
        viewer = UUID(request.GET.get("viewer", ""))
    except ValueError:
        viewer = None
    what, days = request.GET.get("what", ""), request.GET.get("days", "")
    since = timezone.now() - timedelta(days=int(days)) if days in map(str, DAYS) else None
    return LookFilters(viewer, text_of(request, "person", most=60), what if what in LOOKS else "", since)


def _after(request: ActorRequest) -> tuple[Any, UUID] | None:
    at, _comma, pk = request.GET.get("after", "").partition(",")
    try:
        moment, last = moment_of(at.replace(" ", "+")), UUID(pk)
    except ValueError:
        return None
    return (moment, last) if moment else None


def _selects(request: ActorRequest) -> list[dict[str, Any]]:
    known, said = lookers(request.actor), request.GET
    firms = {str(pk): in_language(zh, en) for pk, zh, en, _person in known}
    people = dict.fromkeys(person for _pk, _zh, _en, person in known)
    days = [(str(n), ngettext("last %(n)s day", "last %(n)s days", n) % {"n": n}) for n in DAYS]
    return [
        _select("viewer", _("Organisation"), _("Every organisation"), list(firms.items()), said),
        _select("person", _("Person"), _("Everybody"), [(name, name) for name in people], said),
        _select("what", _("What was looked at"), _("Everything"), list(LOOKS.items()), said),
        _select("days", _("Days"), _("All days"), days, said),
    ]


def _select(name: str, label: str, every: str, options: list[Any], said: Any) -> dict[str, Any]:
    offered = [{"value": "", "label": every}, *({"value": value, "label": words} for value, words in options)]
    return {"name": name, "label": label, "options": offered, "value": said.get(name, "")}
