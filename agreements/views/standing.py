"""Whether each clause is kept, and why: the piece on the agreement's page, and the page behind each "why?"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.cards import firm_name, obligation_cards
from agreements.compliance import PERIODS, period_of
from agreements.documents import Table
from agreements.duty_words import PERIODS as PERIOD_WORDS
from agreements.duty_words import STANDING_CHIPS, limit_said, period_words, value_words, why_words
from agreements.models import Agreement, ComplianceKept
from agreements.on_page import OnPage
from agreements.paging import table_file
from agreements.selectors import agreement_for, clauses_of, current_version
from agreements.selectors.standing import Stands, kept_in, stands_of
from agreements.standing import is_measured
from agreements.words import OBLIGATION_CHIPS, clause_title
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent
from foundation.templatetags.qc import chip_for

WORST_FIRST = ("breached", "at_risk", "met")


def piece(page: OnPage) -> dict[str, Any]:
    """What the agreement's page shows of it; nothing before something was in force."""
    actor, agreement, version, today = page.actor, page.agreement, page.version, page.today
    if not version.in_force:
        return {}
    lines = [
        standing_line(agreement, each, today) for each in stands_of(actor, agreement, version, page.clauses, today=today)
    ]
    kept = kept_in(actor, agreement, on=today)
    return {
        "by_clause": {line["number"]: line for line in lines},
        "lines": lines,
        "told": sorted((line for line in lines if line["state"] in WORST_FIRST), key=lambda line: WORST_FIRST.index(line["state"])),
        "quiet": [line for line in lines if line["state"] == "not_enough_data"],
        "words_only": sum(line["state"] == "not_computed" for line in lines),
        "chips": STANDING_CHIPS,
        "heads": [{"label": label} for label in (_("Clause"), _("State"), _("Value"), _("Limit"), _("n"))],
        "kept": kept_lines(agreement, kept, today),
        "kept_heads": [{"label": label} for label in (_("Period"), firm_name(agreement, "supplier"), firm_name(agreement, "owner"))],
    }


def standing_line(agreement: Agreement, stands: Stands, today: date) -> dict[str, Any]:
    """One clause as every face shows it."""
    clause, standing = stands.clause, stands.standing
    return {
        "number": clause.order,
        "title": clause_title(clause),
        "state": standing.state,
        "chips": STANDING_CHIPS,
        "value": value_words(standing),
        "limit": limit_said(standing.limit) or ("" if is_measured(clause.type) or standing.state == "not_computed" else _("on time")),
        "window": standing.window,
        "n": standing.n,
        "why": why_words(standing, today=today),
        "url": reverse("agreements:standing", args=[agreement.pk, clause.order]),
    }


def kept_lines(agreement: Agreement, kept: Mapping[str, Mapping[str, ComplianceKept]], today: date) -> list[dict[str, Any]]:
    """Month, quarter and twelve months: how each side kept its word, always with its n."""
    return [
        {
            "label": PERIOD_WORDS[kind],
            "when": period_words(period_of(kind, today)),
            **{side: _counts(kept[kind].get(side)) for side in ("supplier", "owner")},
        }
        for kind in PERIODS
    ]


def _counts(row: ComplianceKept | None) -> str:
    if row is None or not row.due:
        return _("nothing due")
    return _("%(met)s of %(due)s") % {"met": row.met, "due": row.due}


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def why(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """One clause: where it stands, by what, and the rows behind it."""
    agreement, stands = _asked(request.actor, agreement_id, number)
    today = timezone.localdate()
    behind = [row for row in stands.duties if row.pk in stands.standing.refs]
    reading = stands.reading
    context = {
        "agreement": agreement,
        "clause": stands.clause,
        "line": standing_line(agreement, stands, today),
        "chips": OBLIGATION_CHIPS,
        "standing_chips": STANDING_CHIPS,
        "cards": obligation_cards(
            behind, {stands.clause.pk: stands.clause} | {row.clause_id: stands.clause for row in behind}, today=today
        ),
        "reading": reading,
        "refs": reading.refs if reading else [],
        "csv_url": reverse("agreements:standing_csv", args=[agreement.pk, number]),
        "xlsx_url": reverse("agreements:standing_xlsx", args=[agreement.pk, number]),
    }
    return render(request, "agreements/standing.html", context)


def _asked(actor: Actor, agreement_id: UUID, number: int) -> tuple[Agreement, Stands]:
    today = timezone.localdate()
    agreement = agreement_for(actor, agreement_id)
    version = current_version(actor, agreement, on=today)
    clauses = [clause for clause in clauses_of(actor, version) if clause.order == number]
    if not clauses or not version.in_force:
        raise Absent
    (stands,) = stands_of(actor, agreement, version, clauses, today=today)
    return agreement, stands


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def why_csv(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    return _file(request, agreement_id, number, "csv")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def why_xlsx(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    return _file(request, agreement_id, number, "xlsx")


def _file(request: ActorRequest, agreement_id: UUID, number: int, kind: str) -> HttpResponse:
    """The rows behind a clause, to take away."""
    agreement, stands = _asked(request.actor, agreement_id, number)
    return table_file(f"{agreement.number}-{number}", kind, _table(stands))


def _table(stands: Stands) -> Table:
    today = timezone.localdate()
    cards = obligation_cards([row for row in stands.duties if row.pk in stands.standing.refs], {}, today=today)
    heads = [_("Row"), _("Due"), _("Met on"), _("State"), _("Value")]
    rows: list[list[Any]] = [[card["words"], card["due"], card["met"], chip_for(card["is"], OBLIGATION_CHIPS).label, ""] for card in cards]
    for ref in stands.reading.refs if stands.reading else []:
        rows.append([str(ref.get("label", "")), None, None, "", str(ref.get("value", ""))])
    return heads, rows
