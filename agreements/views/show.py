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
from agreements.documents import paper_context, paper_pdf
from agreements.forms import in_language
from agreements.models import Agreement, AgreementVersion
from agreements.selectors import (
    agreement_for,
    clauses_by_id,
    clauses_of,
    compliance_of,
    current_version,
    obligations,
    signatures_of,
    template_for,
    timeline,
)
from agreements.words import AGREEMENT_CHIPS
from foundation.actor import Actor, ActorRequest, Hat, wearing
from records.timeline import lines_of

NEXT_DUTIES = 5


def shown_version(actor: Actor, agreement: Agreement) -> AgreementVersion:
    """The version in force today, else the newest that the reader may see."""
    on = timezone.localdate() if agreement.state == Agreement.State.IN_FORCE else None
    return current_version(actor, agreement, on=on)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def agreement(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    found = agreement_for(actor, agreement_id)
    version = shown_version(actor, found)
    clauses, signatures = clauses_of(actor, version), signatures_of(actor, version)
    next_of = {
        side: obligations(actor, today=today, agreement=found, side=side, state="open", limit=NEXT_DUTIES)[:NEXT_DUTIES]
        for side in ("supplier", "owner")
    }
    by_id = clauses_by_id(actor, [row.clause_id for rows in next_of.values() for row in rows])
    cards = {side: obligation_cards(rows, by_id, today=today) for side, rows in next_of.items()}
    template = template_for(found.template_code)
    context = {
        "agreement": found, "version": version, "chips": AGREEMENT_CHIPS, "title": in_language(template.name_zh, template.name_en),
        "owner_name": firm_name(found, "owner"), "supplier_name": firm_name(found, "supplier"), "last_day": last_day(found.effective_to),
        "steps": steps_of(found, signatures), "gist": gist_cards(actor, clauses), "clauses": clause_cards(clauses),
        "sides": side_cards(found, clauses, cards, compliance_of(actor, [found], today=today)[found.pk]),
        "signers": signers(found, version, signatures), "lines": lines_of(actor, timeline(actor, found)),
        "timeline_more": found.stream_id, **_actions(actor, found, signatures),
    }  # fmt: skip
    return render(request, "agreements/show.html", context)


def _actions(actor: Actor, found: Agreement, signatures: dict[str, Any]) -> dict[str, bool]:
    """What this side may do now."""
    open_for_signing = found.state in (Agreement.State.IN_REVIEW, Agreement.State.SIGNING)
    signed = actor.hat.value in signatures
    return {
        "is_owner": actor.hat == Hat.OWNER,
        "can_edit": actor.hat == Hat.OWNER and found.state == Agreement.State.DRAFT,
        "can_sign": open_for_signing and not signed,
        "can_return": open_for_signing and not signed and actor.hat == Hat.SUPPLIER,
        "waits_for_other": open_for_signing and signed,
    }


def _paper(request: ActorRequest, agreement_id: UUID) -> dict[str, Any]:
    actor = request.actor
    found = agreement_for(actor, agreement_id)
    version = shown_version(actor, found)
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


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def text_pdf(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    context = _paper(request, agreement_id)
    response = HttpResponse(paper_pdf(context), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{context["agreement"].number}.pdf"'
    return response
