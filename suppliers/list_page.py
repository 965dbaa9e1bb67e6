"""What the list and a supplier's page show: rows, views, filters in words, and what happened. Finished values for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.actor import Actor
from foundation.templatetags.qc import changed_query
from suppliers.filters import NAMES, Wanted, wanted
from suppliers.kept_views import KeptList, kept_tabs
from suppliers.list_words import (
    APPROVAL_FILTERS,
    APPROVAL_STATES,
    PROBLEM_FILTERS,
    filters_said,
    target_said,
    tier_said,
    value_said,
)
from suppliers.models import CategoryApproval, SavedView, SupplyLink
from suppliers.selectors import approvals_of, edits_of_link
from suppliers.words import LINK_STATES, districts, in_language, node_names, nodes_said, place_said

LOOKS = ("table", "cards")
SUPPLIERS = KeptList(
    SavedView.Of.SUPPLIERS, gettext_lazy("Suppliers"), "suppliers:list", "suppliers:views", "suppliers:view", read=wanted, said=filters_said
)


def look_of(query: QueryDict) -> str:
    """ "table" or "cards" as the address says; "" is a table at a desk and cards on a phone."""
    look = query.get("look", "")
    return look if look in LOOKS else ""


def row_of(link: SupplyLink, approvals: Iterable[CategoryApproval] = (), *, today: date | None = None) -> dict[str, Any]:
    """One line of the list."""
    return {
        "link": link, "name": in_language(link.name_zh, link.name_en), "nodes": nodes_said(link.node_codes), "state": link.state_at(timezone.now()),
        "place": place_said(link.region_code, link.town_code), "tier": tier_said(link.tier),
        "approvals": [approval_chip(each, today=today) for each in approvals],
    }  # fmt: skip


def approval_chip(approval: CategoryApproval, *, today: date | None = None) -> dict[str, Any]:
    """An approval as it stands on a day: what has run out says so."""
    run_out = today is not None and approval.until is not None and approval.until < today and approval.state in ("approved", "conditional")
    tone, icon, label = APPROVAL_STATES["run_out" if run_out else approval.state]
    return {
        "tone": tone, "icon": icon, "label": str(label), "category": node_names().get(approval.category, approval.category), "row": approval,
    }  # fmt: skip


def view_tabs(views: Iterable[SavedView], asked: Wanted) -> list[dict[str, Any]]:
    """All, then the views kept."""
    here = asked.as_query()
    return [{"url": "?all=1", "label": _("All"), "current": not here}, *kept_tabs(SUPPLIERS, views, here, may_keep=bool(here))]


def selects(asked: Wanted, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The filters that are chosen from a list; states with how many there are."""
    states = {code: f"{chip[2]} ({counts.get(code, 0)})" for code, chip in LINK_STATES.items()}
    tiers = {str(tier): tier_said(tier) for tier in range(1, 6)}
    return [
        _select("state", _("State"), _("All states"), states, asked.state),
        _select("node", _("Chain step"), _("All steps"), node_names(), asked.node),
        _select("region", _("District"), _("All districts"), _places(asked.region), asked.region),
        _select("tier", _("Tier"), _("All tiers"), tiers, asked.tier),
        _select("approval", _("Approval"), _("Any approval"), APPROVAL_FILTERS, asked.approval),
        _select("problem", _("To mend"), _("With and without problems"), PROBLEM_FILTERS, asked.problem),
    ]


def _select(name: str, label: str, every: str, options: Mapping[str, Any], value: str) -> dict[str, Any]:
    listed = [{"value": "", "label": every}, *({"value": code, "label": str(words)} for code, words in options.items())]
    return {"name": name, "label": label, "options": listed, "value": value}


def _places(chosen: str) -> dict[str, str]:
    """The districts; a town that is asked for stands beside them, else the form would lose it."""
    places = dict(districts())
    return places if not chosen or chosen in places else {**places, chosen: place_said(chosen)}


def applied(query: QueryDict, asked: Wanted) -> list[dict[str, str]]:
    """Each filter in words, with the address without it."""
    return [{"label": words, "url": changed_query(query, {name: None, "after": None})} for name, words in filters_said(asked.chosen())]


def kept(query: QueryDict, asked: Wanted) -> list[dict[str, str]]:
    """What the form of filters has no field for, so that filtering keeps it."""
    rest = {"tag": asked.tag, "look": look_of(query)}
    return [{"name": name, "value": value} for name, value in rest.items() if value]


def looks(query: QueryDict) -> list[dict[str, Any]]:
    """The switch between table and cards."""
    now = look_of(query)
    words = {"table": (_("Table"), "tasks"), "cards": (_("Cards"), "factory")}
    return [
        {"url": changed_query(query, {"look": look, "after": None}), "label": label, "icon": icon, "current": now == look}
        for look, (label, icon) in words.items()
    ]


def without_strangers(query: QueryDict) -> str:
    """The filters of an address alone, "?…" or ""."""
    known = QueryDict(mutable=True)
    for name in NAMES:
        if value := query.get(name):
            known[name] = value
    return f"?{known.urlencode()}" if known else ""


def what_happened(actor: Actor, link: SupplyLink) -> list[dict[str, Any]]:
    """Changes of one line, newest first: decisions on it, and its part in changes of many."""
    events = [_decision(each) for each in approvals_of(actor, link)]
    for row in edits_of_link(actor, link):
        edit, field = row.edit, row.edit.field
        words = f"{value_said(field, row.before)} → {value_said(field, row.after)}" if field != "approval" else target_said(edit)
        url = reverse("suppliers:bulk_edit", args=[edit.pk])
        events.append({"tone": "", "icon": "pen", "words": words, "at": edit.at, "by": edit.person_name, "url": url, "note": ""})
        if row.became == "undone":
            events.append(
                {"tone": "", "icon": "undo", "words": _("Put back: %(words)s") % {"words": value_said(field, row.before)}, "at": edit.undone_at,
                 "by": edit.undone_by, "url": url, "note": ""}
            )  # fmt: skip
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _decision(approval: CategoryApproval) -> dict[str, Any]:
    said = approval_chip(approval)
    words = f"{said['category']}: {said['label']}"
    if approval.until:
        words = _("%(words)s, until %(day)s") % {"words": words, "day": approval.until.isoformat()}
    return {
        "tone": said["tone"],
        "icon": said["icon"],
        "words": words,
        "at": approval.at,
        "by": approval.by_name,
        "url": "",
        "note": approval.reason,
    }


def ids_said(values: Iterable[str], most: int = 5001) -> list[UUID]:
    """The ids among what a form sent, each alone or several with commas."""
    ids: dict[UUID, None] = {}
    for text in (part for value in values for part in value.split(",")):
        if len(ids) >= most:
            break
        try:
            ids[UUID(text.strip())] = None
        except ValueError:
            continue
    return list(ids)
