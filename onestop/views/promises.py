"""For the bureau and the platform: how the desk of services keeps its times, who is late, and no name of a firm that asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.listing import Table, moment_cursor, page_of, table_file
from onestop.selectors.requests import IN_WORK, PAGE, WATCHERS, Keeper, Promise, keepers, promises, states
from onestop.services.moving import end_of_day
from onestop.services.untouched import nudge_providers
from onestop.showing import clock_words, hours_words, kind_options, node_choices, place_names
from onestop.words_services import KINDS, REQUEST_CHIPS, kind_name, name_of

DAYS = 90
MOST_ROWS = 5_000


@wearing(*WATCHERS)
@require_safe
def promises_page(request: ActorRequest) -> HttpResponse:
    """The last ninety days by kind and by provider; below, each request's state. `?late=1` and `?kind=` narrow, `?after=` goes on."""
    late, kind = _narrowed(request)
    now = timezone.now()
    found = states(request.actor, late=late, kind=kind, now=now, after=moment_cursor(request))
    page, more = page_of(request, found, PAGE, lambda row: (row.created_at, row.pk))
    kept = promises(request.actor, since=_since(), now=now)
    nodes, places = dict(node_choices()), place_names()
    same = changed_query(request.GET, {"after": None, "seen": None})
    context = {
        "lines": [_line(row, nodes, places, now, may_nudge=request.actor.hat == Hat.BUREAU) for row in page],
        "providers": [_keeper(each) for each in keepers(request.actor, since=_since(), now=now)], "provider_heads": [{"label": label, "end": at > 0} for at, label in enumerate(_keeper_heads())],
        "providers_csv_url": reverse("onestop:keepers_file", args=["csv"]), "providers_xlsx_url": reverse("onestop:keepers_file", args=["xlsx"]), "kinds": [_kept(each) for each in kept], "chips": REQUEST_CHIPS, "days": DAYS,
        "untouched": sum(each.untouched for each in kept), "asked": sum(each.asked for each in kept), "narrowed": late or bool(kind), "id": "states",
        "tabs": [
            {"label": label, "url": changed_query(request.GET, {"late": value, "after": None, "seen": None}), "current": late == bool(value)}
            for value, label in (("", _("All requests")), ("1", pgettext("service", "Late")))
        ],
        "selects": [{"name": "kind", "label": _("Kind of service"), "value": kind, "options": kind_options()}],
        "kept": [{"name": "late", "value": "1"}] if late else [],
        "kind_heads": [{"label": label, "end": at > 0} for at, label in enumerate(_kind_heads())],
        "heads": [{"label": label} for label in (_("Kind of service"), _("State"), _("Clock"), _("Step of the chain"), _("Place"), _("Provider"), pgettext("service", "Asked on"))],
        "csv_url": reverse("onestop:promises_file", args=["csv"]) + same, "xlsx_url": reverse("onestop:promises_file", args=["xlsx"]) + same, **more,
    }  # fmt: skip
    return fragment(request, "onestop/_more_states.html", context, page="onestop/promises.html")


def _since() -> date:
    return timezone.localdate() - timedelta(days=DAYS)


def _kind_heads() -> list[str]:
    return [
        _("Kind of service"),
        pgettext("service", "Asked"),
        _("Answered in time"),
        _("Delivered in time"),
        _("Right the first time"),
        _("Satisfied"),
        _("Nobody answered"),
    ]


def _narrowed(request: ActorRequest) -> tuple[bool, str]:
    kind = request.GET.get("kind", "")
    return request.GET.get("late") == "1", (kind if kind in KINDS else "")


def _share(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole} if whole else "–"


def _kept(each: Promise) -> dict[str, Any]:
    return {
        "kind": kind_name(each.kind), "icon": KINDS[each.kind][1], "asked": each.asked, "untouched": each.untouched,
        "url": f"?kind={each.kind}",
        "shares": [
            _share(each.in_time, each.answered), _share(each.delivered_in_time, each.delivered), _share(each.first_pass, each.settled),
            _share(each.satisfied, each.rated),
        ],
    }  # fmt: skip


def _answered(minutes: int | None) -> str:
    return "" if minutes is None else _("answered in %(time)s") % {"time": hours_words(minutes)}


def _line(row: Any, nodes: dict[str, str], places: dict[str, str], now: Any, *, may_nudge: bool) -> dict[str, Any]:
    runs_until = row.answer_due_at if row.state == "new" else end_of_day(row.deliver_by) if row.state in IN_WORK else None
    tone, words = clock_words(runs_until, now) if runs_until else ("", _answered(row.answer_minutes))
    return {
        "row": row, "kind": kind_name(row.kind), "icon": KINDS[row.kind][1], "node": nodes.get(row.node_code, ""), "place": places.get(row.region_code, ""),
        "provider": name_of(row, "provider"), "tone": tone, "clock": words,
        "may_nudge": may_nudge and row.state == "new" and row.answer_due_at <= now,
    }  # fmt: skip


def _keeper_heads() -> list[str]:
    return [_("Provider"), _("Answers late now"), _("Reports late now"), _("Answered in time"), _("Delivered in time")]


def _keeper(each: Keeper) -> dict[str, Any]:
    return {
        "name": name_of(each, "provider"), "late": (each.late_answers, each.late_reports),
        "shares": (_share(each.in_time, each.answered), _share(each.delivered_in_time, each.delivered)),
    }  # fmt: skip


@wearing(*WATCHERS)
@require_safe
def keepers_file(request: ActorRequest, format: str) -> HttpResponse:
    """Providers by their times, to take away."""
    if format not in ("csv", "xlsx"):
        raise Absent
    lines = [_keeper(each) for each in keepers(request.actor, since=_since(), now=timezone.now(), limit=MOST_ROWS)]
    return table_file("service-providers", format, (_keeper_heads(), [[line["name"], *line["late"], *line["shares"]] for line in lines]))


@wearing(*WATCHERS)
@require_safe
def promises_file(request: ActorRequest, format: str) -> HttpResponse:
    """The states to take away."""
    if format not in ("csv", "xlsx"):
        raise Absent
    late, kind = _narrowed(request)
    nodes, places = dict(node_choices()), place_names()
    heads = [
        _("Kind of service"),
        _("State"),
        _("Step of the chain"),
        _("Place"),
        _("Provider"),
        pgettext("service", "Asked on"),
        _("Answer due"),
        _("Answered on"),
        _("Deliver by"),
        _("Delivered on"),
    ]
    table: Table = (
        heads,
        [
            [
                kind_name(row.kind), str(REQUEST_CHIPS[row.state][2]), nodes.get(row.node_code, ""), places.get(row.region_code, ""), name_of(row, "provider"),
                *(timezone.localdate(at) if at else None for at in (row.created_at, row.answer_due_at, row.answered_at)), row.deliver_by,
                timezone.localdate(row.delivered_at) if row.delivered_at else None,
            ]
            for row in states(request.actor, late=late, kind=kind, now=timezone.now(), limit=MOST_ROWS)[:MOST_ROWS]
        ],
    )  # fmt: skip
    return table_file("service-states", format, table)


@wearing(Hat.BUREAU)
@require_POST
def nudge(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Ask those who have not answered once more."""
    told = nudge_providers(actor=request.actor, request_id=request_id, now=timezone.now())
    messages.success(
        request,
        ngettext("%(n)s provider was asked again.", "%(n)s providers were asked again.", told) % {"n": told}
        if told
        else _("All were asked again today already."),
    )
    return redirect(reverse("onestop:promises") + "?late=1")
