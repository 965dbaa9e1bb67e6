"""The findings board: a column for every step, the most pressing first. Filters in the address; each card opens its finding."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from audits.selectors.findings import board_of
from audits.status import FINDING_CHIPS, FINDING_OPEN, GRADE_CHIPS
from audits.views.findings import asked_with, filters_of, selects_of
from audits.views.tools import other_of
from foundation.actor import ActorRequest, Hat, wearing
from foundation.templatetags.qc import changed_query

IN_A_COLUMN = 12
COLUMNS = {
    "raised": ("raised", "accepted", "reopened"),
    "contested": ("contested",),
    "contained": ("contained",),
    "planned": ("action_planned",),
    "judged": ("answered", "implemented"),
    "verify": ("verify",),
}


def _words() -> dict[str, str]:
    return {
        "raised": _("To be answered"), "contested": _("Contested"), "contained": _("Contained"), "planned": _("Planned"),
        "judged": _("To be verified"), "verify": _("Effect is watched"),
    }  # fmt: skip


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def board(request: ActorRequest) -> HttpResponse:
    """What is open, column by column."""
    filters, words = filters_of(request), _words()
    columns = [_column(request, name, words[name], filters) for name in COLUMNS]
    context = {
        "columns": columns, "any": any(column["cards"] for column in columns), "applied": any(filters[name] for name in ("firm", "grade", "state", "late")), "chips": FINDING_CHIPS, "grades": GRADE_CHIPS,
        "now": timezone.now(), "selects": selects_of(request.actor, filters, {state: FINDING_CHIPS[state] for state in FINDING_OPEN}),
        "tabs": _tabs(), "export_query": changed_query(request.GET, {"view": "open"}), "is_owner": request.actor.hat is Hat.OWNER,
    }  # fmt: skip
    return render(request, "audits/board.html", context)


def _column(request: ActorRequest, name: str, label: str, filters: dict[str, str]) -> dict[str, Any]:
    state = filters["state"] or COLUMNS[name][0]
    shut = filters["state"] and filters["state"] not in COLUMNS[name]
    found = [] if shut else board_of(request.actor, COLUMNS[name], asked_with(filters), limit=IN_A_COLUMN)
    return {
        "name": name, "label": label, "cards": [{"finding": row, "name": other_of(request.actor, row.agreement)} for row in found[:IN_A_COLUMN]],
        "more": f"{reverse('audits:findings')}{changed_query(request.GET, {'state': state})}" if len(found) > IN_A_COLUMN else "",
        "n": f"{IN_A_COLUMN}+" if len(found) > IN_A_COLUMN else len(found),
    }  # fmt: skip


def _tabs() -> list[dict[str, Any]]:
    home = reverse("audits:findings")
    words = {"": _("All"), "open": pgettext("finding", "Open"), "done": pgettext("finding", "Closed")}
    tabs = [{"url": f"{home}?view={key}" if key else home, "label": label, "current": False} for key, label in words.items()]
    return [*tabs, {"url": reverse("audits:findings_board"), "label": _("Board"), "icon": "tasks", "current": True}]
