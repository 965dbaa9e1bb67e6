"""How sides kept their word, period by period: the rows as they were counted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from agreements.cards import firm_name, whose
from agreements.compliance import Period
from agreements.documents import Table
from agreements.duty_words import PERIOD_KINDS, period_words
from agreements.models import Agreement, ComplianceKept
from agreements.paging import cursor_of, more_of, table_file
from agreements.selectors import agreement_for
from agreements.selectors.standing import kept_over_time as rows_over_time
from agreements.words import SIDES
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query

PAGE, MOST_ROWS = 50, 20_000
WHO = (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU)


@wearing(*WHO)
@require_safe
def kept_over_time(request: ActorRequest) -> HttpResponse:
    """Newest period first; `?agreement=`, `?period=` and `?side=` filter, `?after=` goes on."""
    asked = _filters(request)
    found = rows_over_time(request.actor, **asked, after=cursor_of(request, date.fromisoformat), limit=PAGE)
    page, more = found[:PAGE], len(found) > PAGE
    agreement = asked["agreement"]
    context = {
        "lines": [_line(row, request.actor) for row in page],
        "heads": [
            {"label": label} for label in (_("Period"), _("Firm"), _("Agreement"), _("On time"), _("Late"), _("Overdue"), _("Waived"))
        ],
        "selects": _selects(asked),
        "kept_filters": [{"name": "agreement", "value": agreement.pk}] if agreement else [],
        "csv_url": reverse("agreements:kept_csv") + changed_query(request.GET, {"after": None, "seen": None}),
        "xlsx_url": reverse("agreements:kept_xlsx") + changed_query(request.GET, {"after": None, "seen": None}),
        "is_bureau": request.actor.hat == Hat.BUREAU,
        **more_of(request, (page[-1].starts_on, page[-1].pk) if more else None, len(page)),
    }
    return fragment(request, "agreements/_more_kept.html", context, page="agreements/kept.html")


def _filters(request: ActorRequest) -> dict[str, Any]:
    period, side, agreement = request.GET.get("period", ""), request.GET.get("side", ""), None
    if request.GET.get("agreement"):
        agreement = agreement_for(request.actor, _id(request.GET["agreement"]))
    return {"period": period if period in PERIOD_KINDS else "", "side": side if side in SIDES else "", "agreement": agreement}


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def _selects(asked: dict[str, Any]) -> list[dict[str, Any]]:
    periods = [{"value": "", "label": _("All periods")}, *({"value": key, "label": label} for key, label in PERIOD_KINDS.items())]
    sides = [{"value": "", "label": _("Both sides")}, *({"value": key, "label": label} for key, label in SIDES.items())]
    return [
        {"name": "period", "label": _("Period"), "options": periods, "value": asked["period"]},
        {"name": "side", "label": _("Whose"), "options": sides, "value": asked["side"]},
    ]


def _line(row: ComplianceKept, actor: Actor) -> dict[str, Any]:
    period = Period(row.period, row.starts_on, row.ends_on)
    agreement: Agreement = row.agreement
    said = f"{firm_name(agreement, row.side)} · {SIDES[row.side]}" if actor.hat == Hat.BUREAU else whose(actor, agreement, row.side)
    return {
        "row": row, "period": period_words(period), "kind": PERIOD_KINDS[row.period], "whose": said,
        "number": agreement.number, "on_time": _("%(met)s of %(due)s") % {"met": row.met, "due": row.due} if row.due else _("nothing due"),
    }  # fmt: skip


@wearing(*WHO)
@require_safe
def kept_csv(request: ActorRequest) -> HttpResponse:
    return table_file("kept", "csv", _table(request))


@wearing(*WHO)
@require_safe
def kept_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("kept", "xlsx", _table(request))


def _table(request: ActorRequest) -> Table:
    heads = [
        _("Period"), _("First day"), _("Last day"), _("Agreement"), _("Firm"), _("Whose"), _("On time"), _("Late"), _("Overdue"), pgettext("duties", "Open"), _("Waived"),
        _("Void"), _("n"), _("Weighted share"), _("As of"), _("SHA-256 of the rows behind it"),
    ]  # fmt: skip
    rows = rows_over_time(request.actor, **_filters(request), limit=MOST_ROWS)[:MOST_ROWS]
    return heads, [
        [
            str(PERIOD_KINDS[row.period]), row.starts_on, date.fromordinal(row.ends_on.toordinal() - 1), row.agreement.number,
            firm_name(row.agreement, row.side), str(SIDES[row.side]), row.met, row.met_late, row.overdue, row.open, row.waived, row.void, row.due,
            row.weighted, row.as_of, row.inputs_sha256,
        ]
        for row in rows
    ]  # fmt: skip
