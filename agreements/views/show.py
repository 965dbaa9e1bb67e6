"""One agreement: in plain words, with its text, its duties and its record; and the text as paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.cards import (
    clause_cards,
    firm_name,
    gist_cards,
    last_day,
    obligation_cards,
    other_of,
    side_cards,
    signers,
    steps_of,
)
from agreements.documents import paper_context
from agreements.forms import in_language
from agreements.models import Agreement, AgreementVersion, Clause, Obligation
from agreements.on_page import OnPage
from agreements.selectors import (
    agreement_for,
    clauses_by_id,
    clauses_of,
    compliance_of,
    current_version,
    next_duties,
    signatures_of,
    template_for,
    timeline,
)
from agreements.selectors.versions import version_numbered, versions_of
from agreements.services.drafting import OPEN_TO_SIGN
from agreements.services.states import BEFORE
from agreements.views import life, negotiation, papers, samples, standing
from agreements.views.drafts import asks_of
from agreements.words import VERSION_CHIPS
from foundation.actor import Actor, ActorRequest, Hat, wearing
from records.timeline import lines_of

NEXT_DUTIES = 5
LONGEST_NUMBER = 5
PIECES = {"talk": negotiation, "life": life, "papers": papers, "standing": standing, "samples": samples}
# Something was in force: duties stand, kept or not.
BINDING = (Agreement.State.IN_FORCE, Agreement.State.SUSPENDED, Agreement.State.EXPIRED, Agreement.State.TERMINATED)


def shown_version(actor: Actor, agreement: Agreement, number: str = "") -> AgreementVersion:
    """The version of that number; without one the version in force today, else the newest that the reader may see."""
    if number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER:
        return version_numbered(actor, agreement, int(number))
    return current_version(actor, agreement, on=timezone.localdate())


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def agreement(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    found = agreement_for(actor, agreement_id)
    version = shown_version(actor, found, request.GET.get("version", ""))
    clauses, signatures = clauses_of(actor, version), signatures_of(actor, version)
    next_of = next_duties(actor, found, each=NEXT_DUTIES)
    by_id = _clauses_of(actor, clauses, next_of)
    cards = {side: obligation_cards(rows, by_id, today=today) for side, rows in next_of.items()}
    template = template_for(found.template_code)
    page = OnPage(actor, found, version, today, clauses, signatures, versions_of(actor, found))
    pieces = {name: part.piece(page) for name, part in PIECES.items()}
    context = {
        "agreement": found, "version": version, "chips": VERSION_CHIPS, "title": in_language(template.name_zh, template.name_en),
        "owner_name": firm_name(found, "owner"), "supplier_name": firm_name(found, "supplier"), **_days(found, version),
        "steps": steps_of(_state(found, version), signatures), "gist": gist_cards(actor, clauses), "clauses": _with_pieces(clause_cards(clauses), pieces),
        "sides": side_cards(found, clauses, cards, compliance_of(actor, [found], today=today)[found.pk]),
        "signers": signers(found, version, signatures), "lines": lines_of(actor, timeline(actor, found)),
        "asks": None if version.in_force else asks_of(version, clauses),
        "timeline_more": found.stream_id, **_actions(actor, found, version, signatures), **pieces,
    }  # fmt: skip
    return render(request, "agreements/show.html", context)


def _state(found: Agreement, version: AgreementVersion) -> str:
    """Where the page stands: with the agreement; with the version where that is not the text in force."""
    is_current = version.state == AgreementVersion.State.IN_FORCE or found.state in BEFORE
    ended = version.state == AgreementVersion.State.ENDED and version.in_force
    return found.state if is_current or ended else version.state


def _days(found: Agreement, version: AgreementVersion) -> dict[str, Any]:
    """The state and the days that stand under the title."""
    state = _state(found, version)
    of = found if state == found.state else version
    return {"state": state, "first_day": of.effective_from, "last_day": last_day(of.effective_to)}


def _clauses_of(actor: Actor, known: list[Clause], next_of: dict[str, list[Obligation]]) -> dict[UUID, Clause]:
    """The clauses of these duties: mostly of the text that is shown, else of one before it."""
    asked = {row.clause_id for rows in next_of.values() for row in rows}
    found = {clause.pk: clause for clause in known if clause.pk in asked}
    return found | clauses_by_id(actor, asked - set(found)) if asked - set(found) else found


def _with_pieces(cards: list[dict[str, Any]], pieces: dict[str, Any]) -> list[dict[str, Any]]:
    """What a part says of one clause, by the clause's number, stands on that clause's card."""
    for card in cards:
        for name in ("talk", "standing"):
            card[name] = pieces[name].get("by_clause", {}).get(card["clause"].order)
    return cards


def _actions(actor: Actor, found: Agreement, version: AgreementVersion, signatures: dict[str, Any]) -> dict[str, bool]:
    """What this side may do now."""
    open_for_signing = version.state in OPEN_TO_SIGN
    signed = actor.hat.value in signatures
    return {
        "is_owner": actor.hat == Hat.OWNER,
        "can_edit": actor.hat == Hat.OWNER and version.state == AgreementVersion.State.DRAFT,
        "can_sign": open_for_signing and not signed,
        "can_return": open_for_signing and not signed and actor.hat == Hat.SUPPLIER,
        "waits_for_other": open_for_signing and signed,
        "binds": found.state in BINDING and version.in_force,
    }


def _paper(request: ActorRequest, agreement_id: UUID) -> dict[str, Any]:
    actor = request.actor
    found = agreement_for(actor, agreement_id)
    version = shown_version(actor, found, request.GET.get("version", ""))
    template = template_for(found.template_code)
    names = (template.name_zh, template.name_en)
    return paper_context(found, version, clauses_of(actor, version), signatures_of(actor, version), names)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def text(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The whole text in both languages, for reading and printing."""
    context = _paper(request, agreement_id)
    context["other_name"] = firm_name(context["agreement"], other_of(request.actor))
    return render(request, "agreements/text.html", context)
