"""The lists: agreements and obligations, their filters in the URL, and the same rows to take away."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.cards import firm_name, last_day, obligation_cards, other_of
from agreements.documents import Table, agreements_table, obligations_table
from agreements.models import Agreement, Obligation
from agreements.paging import cursor_of, more_of, table_file
from agreements.selectors import agreement_for, agreements, clauses_by_id, compliance_of, obligations
from agreements.selectors.agreements import GROUPS, PAGE
from agreements.words import AGREEMENT_CHIPS, OBLIGATION_CHIPS, SIDES
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import moment_of, text_of
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query, day_words

MOST_ROWS = 20_000


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def agreements_list(request: ActorRequest) -> HttpResponse:
    """Newest first; `?state=` and `?q=` filter, `?after=` goes on."""
    found = _agreements(request, limit=PAGE)
    page, more = found[:PAGE], len(found) > PAGE
    today = timezone.localdate()
    kept = compliance_of(request.actor, page, today=today)
    other = other_of(request.actor)
    state, query = _asked(request)
    context = {
        "lines": [{"row": row, "name": firm_name(row, other), "last_day": last_day(row.effective_to), "kept": kept[row.pk]} for row in page],
        "chips": AGREEMENT_CHIPS,
        "heads": [{"label": label} for label in (_("Agreement"), _("State"), _("First and last day"), _("Supplier kept"), _("Chain owner kept"))],
        "tabs": _tabs(request, state),
        "find": {"name": "q", "label": _("Number or firm"), "value": query},
        "kept_filters": [{"name": "state", "value": state}] if state else [],
        "asked": state or query,
        **more_of(request, (page[-1].created_at, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return fragment(request, "agreements/_more_agreements.html", context, page="agreements/list.html")


def _asked(request: ActorRequest) -> tuple[str, str]:
    state = request.GET.get("state", "")
    return (state if state in GROUPS else ""), text_of(request, "q", most=60)


def _agreements(request: ActorRequest, *, limit: int) -> list[Agreement]:
    state, query = _asked(request)
    after = cursor_of(request, moment_of)
    return agreements(request.actor, state=state, query=query, after=after, limit=limit)


def _tabs(request: ActorRequest, state: str) -> list[dict[str, Any]]:
    views = (("", _("All")), ("open", _("Not yet in force")), ("in_force", _("In force")), ("ended", _("Ended")))
    return [
        {"label": label, "url": changed_query(request.GET, {"state": value, "after": None, "seen": None}), "current": state == value}
        for value, label in views
    ]


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def agreements_csv(request: ActorRequest) -> HttpResponse:
    return table_file("agreements", "csv", _agreements_table(request))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def agreements_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("agreements", "xlsx", _agreements_table(request))


def _agreements_table(request: ActorRequest) -> Table:
    rows = _agreements(request, limit=MOST_ROWS)[:MOST_ROWS]
    return agreements_table(request.actor, rows, compliance_of(request.actor, rows, today=timezone.localdate()))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def obligations_list(request: ActorRequest) -> HttpResponse:
    """By due day; `?side=`, `?state=`, `?agreement=` and `?day=` filter, `?after=` goes on."""
    asked = _filters(request)
    found = _obligations(request, asked, limit=PAGE)
    page, more = found[:PAGE], len(found) > PAGE
    clauses = clauses_by_id(request.actor, [row.clause_id for row in page])
    other = other_of(request.actor)
    cards = obligation_cards(page, clauses, today=timezone.localdate())
    context = {
        "lines": [{**card, "name": firm_name(card["row"].agreement, other), "side": SIDES[card["row"].side]} for card in cards],
        "chips": OBLIGATION_CHIPS,
        "heads": [{"label": label} for label in (_("Duty"), _("Whose"), str(SIDES[other]), _("State"), _("Due"))],
        "selects": _selects(asked),
        "agreement": asked["agreement"],
        "applied": _applied(request, asked),
        "kept_filters": _kept(asked),
        "csv_url": reverse("agreements:obligations_csv") + changed_query(request.GET, {"after": None, "seen": None}),
        "xlsx_url": reverse("agreements:obligations_xlsx") + changed_query(request.GET, {"after": None, "seen": None}),
        **more_of(request, (page[-1].due_on, page[-1].pk) if more else None, len(page)),
    }
    return fragment(request, "agreements/_more_obligations.html", context, page="agreements/obligations.html")


def _filters(request: ActorRequest) -> dict[str, Any]:
    """The filters as asked; a foreign or unreadable agreement is Absent, like one that never was."""
    side, state, agreement = request.GET.get("side", ""), request.GET.get("state", "open"), None
    if request.GET.get("agreement"):
        agreement = agreement_for(request.actor, _id(request.GET["agreement"]))
    known = state in OBLIGATION_CHIPS or state in ("open", "all")
    return {"side": side if side in SIDES else "", "state": state if known else "open", "agreement": agreement, "day": _day(request)}


def _day(request: ActorRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def _obligations(request: ActorRequest, asked: dict[str, Any], *, limit: int) -> list[Obligation]:
    state = "" if asked["state"] == "all" else asked["state"]
    after = cursor_of(request, date.fromisoformat)
    return obligations(
        request.actor, today=timezone.localdate(), side=asked["side"], state=state, agreement=asked["agreement"], day=asked["day"], after=after, limit=limit
    )  # fmt: skip


def _selects(asked: dict[str, Any]) -> list[dict[str, Any]]:
    sides = [{"value": "", "label": _("Both sides")}, *({"value": key, "label": label} for key, label in SIDES.items())]
    states = [{"value": "open", "label": _("Still to do")}, {"value": "all", "label": _("All states")}]
    states += [{"value": key, "label": label} for key, (_tone, _icon, label) in OBLIGATION_CHIPS.items()]
    return [
        {"name": "side", "label": _("Whose"), "options": sides, "value": asked["side"]},
        {"name": "state", "label": _("State"), "options": states, "value": asked["state"]},
    ]


def _kept(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What the address asks besides the filters of the form."""
    kept = [{"name": "agreement", "value": asked["agreement"].pk}] if asked["agreement"] else []
    return [*kept, {"name": "day", "value": asked["day"].isoformat()}] if asked["day"] else kept


def _applied(request: ActorRequest, asked: dict[str, Any]) -> list[dict[str, str]]:
    without = {"after": None, "seen": None}
    tokens = []
    if asked["agreement"]:
        tokens.append({"label": asked["agreement"].number, "url": changed_query(request.GET, {**without, "agreement": None})})
    if asked["day"]:
        tokens.append(
            {"label": day_words(asked["day"], now=timezone.localdate()), "url": changed_query(request.GET, {**without, "day": None})}
        )
    if asked["side"]:
        tokens.append({"label": str(SIDES[asked["side"]]), "url": changed_query(request.GET, {**without, "side": None})})
    return tokens


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def obligations_csv(request: ActorRequest) -> HttpResponse:
    return table_file("obligations", "csv", _obligations_table(request))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def obligations_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("obligations", "xlsx", _obligations_table(request))


def _obligations_table(request: ActorRequest) -> Table:
    rows = _obligations(request, _filters(request), limit=MOST_ROWS)[:MOST_ROWS]
    clauses = clauses_by_id(request.actor, {row.clause_id for row in rows})
    return obligations_table(request.actor, rows, clauses, today=timezone.localdate())
