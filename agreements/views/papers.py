"""The papers of an agreement as they were kept: downloads, and what the agreement's page shows of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.documents import text_paper
from agreements.models import Agreement, AgreementPaper, AgreementVersion
from agreements.on_page import OnPage
from agreements.selectors import agreement_for, clauses_of, current_version, signatures_of, template_for, text_of
from agreements.selectors.papers import locked_version, paper_for, papers_of, stamped_of, waits
from agreements.services.drafting import OPEN_TO_SIGN
from agreements.services.papers_kept import PDF, bytes_of
from agreements.stamped_cards import copy_card
from agreements.text import document
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent
from records.files import HEADERS, through_the_gate

Kind = AgreementPaper.Kind


def piece(page: OnPage) -> dict[str, Any]:
    """The papers of the text that is shown, and of the one that is being signed beside it."""
    texts = [each for each in (page.at_work, page.version) if each is not None and each.locked_at]
    return {"texts": [_papers(page, each) for each in {each.pk: each for each in texts}.values()]}


def _papers(page: OnPage, version: AgreementVersion) -> dict[str, Any]:
    actor, kept = page.actor, papers_of(page.actor, version)
    signatures = page.signatures if version.pk == page.version.pk else signatures_of(actor, version)
    by_kind = {paper.kind: paper for paper in kept}
    copies = stamped_of(actor, version)
    has_text = Kind.TEXT in by_kind
    return {
        "version": version, "text": by_kind.get(Kind.TEXT), "sheet": by_kind.get(Kind.SIGNATURES),
        "sheet_is_made": has_text and len(signatures) == 2 and Kind.SIGNATURES not in by_kind,
        "proofs": [paper for paper in kept if paper.kind == Kind.PROOF],
        "copies": [copy_card(copy, signatures) for copy in copies],
        "can_stamp": has_text and version.state in OPEN_TO_SIGN and actor.hat.value not in signatures
        and not any(copy.side == actor.hat.value and waits(copy, signatures) for copy in copies),
    }  # fmt: skip


def _attached(raw: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type=mime, headers=HEADERS)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def text_pdf(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The text of the version in force, else of the newest, as a PDF."""
    agreement = agreement_for(request.actor, agreement_id)
    return _text_of(request.actor, agreement, current_version(request.actor, agreement, on=timezone.localdate()))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def version_pdf(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """The text of one locked version as a PDF."""
    agreement = agreement_for(request.actor, agreement_id)
    return _text_of(request.actor, agreement, locked_version(request.actor, agreement, number))


def _text_of(actor: Actor, agreement: Agreement, version: AgreementVersion) -> HttpResponse:
    """The paper that was kept; a draft, and a text from before papers were kept, are printed now and say so."""
    name = f"{agreement.number}-v{version.number}.pdf"
    paper = next((each for each in papers_of(actor, version) if each.kind == Kind.TEXT), None)
    if paper is not None:
        return _attached(bytes_of(paper), PDF, name)
    text, today = text_of(version), timezone.localdate()
    if text is not None:
        return _attached(text_paper(text, is_demo=agreement.is_demo, fingerprint=version.sha256, printed_on=today), PDF, name)
    template = template_for(agreement.template_code)
    names = (template.name_zh, template.name_en)
    draft = document(agreement=agreement, version=version, names=names, clauses=clauses_of(actor, version))
    return _attached(text_paper(draft, is_demo=agreement.is_demo, is_draft=True), PDF, f"{agreement.number}-draft.pdf")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def sheet_pdf(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """The signature sheet of one version; absent until it was made."""
    agreement = agreement_for(request.actor, agreement_id)
    version = locked_version(request.actor, agreement, number)
    paper = next((each for each in papers_of(request.actor, version) if each.kind == Kind.SIGNATURES), None)
    if paper is None:
        raise Absent
    return _attached(bytes_of(paper), PDF, f"{agreement.number}-v{number}-signatures.pdf")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def kept(request: ActorRequest, agreement_id: UUID, kept_id: UUID) -> HttpResponseBase:
    """Any kept paper by its id: a stamped page, a proof; by a link that dies in five minutes."""
    agreement = agreement_for(request.actor, agreement_id)
    paper = paper_for(request.actor, agreement, kept_id)
    not_yet = through_the_gate(request, "agreement_paper", kept_id, "shared")
    if not_yet is not None:
        return not_yet
    ending = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}.get(paper.mime, "p7s")
    return _attached(bytes_of(paper), paper.mime, f"{agreement.number}-{paper.kind}-{paper.side or 'both'}-{paper.number}.{ending}")
