"""What comes of a technique elsewhere: its question in a chain owner's checklist, and help with it at the desk of services."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audits.checklist_body import LONGEST, whole
from audits.checklist_edits import Body, free_code, with_question
from audits.models import ChecklistDraft
from audits.selectors.checklists import draft_for
from audits.services.checklists import begin_draft, save_draft
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from foundation.templatetags.qc import HAN
from onestop.models import ServiceOffer
from onestop.services.offers import OfferSaid, draft_offer
from oversight.models import Technique, TechniqueOffer


@transaction.atomic
def put_question(*, actor: Actor, technique: Technique, draft_id: UUID | None, client_id: UUID, now: datetime) -> ChecklistDraft:
    """Put a technique's question into one of the actor's drafts, or into a new one, with its origin; put again it is said anew, once.

    Raises RuleBroken("technique_not_in_force"), ("technique_without_question"), and what save_draft() raises.
    """
    actor.must_wear(Hat.OWNER)
    _must_be_in_force(technique)
    if not technique.question:
        raise RuleBroken("technique_without_question")
    if draft_id is None:
        body = with_it(whole({"name_zh": technique.name}), technique)
        return begin_draft(actor=actor, client_id=f"technique-{client_id}", body=body, now=now)
    draft = draft_for(actor, draft_id, to_change=True)
    return save_draft(actor=actor, draft_id=draft.pk, revision=draft.revision, body=with_it(whole(draft.body), technique), now=now)


def with_it(body: Body, technique: Technique) -> Body:
    """The body with the question of a technique in it: where an earlier version asked, there it asks; else at the end."""
    origin = f"{technique.code}/{technique.version} · {technique.name}"[: LONGEST["source"]]
    said: dict[str, Any] = {"text_zh": "", "text_en": "", "source": origin}
    said["text_zh" if HAN.search(technique.question) else "text_en"] = technique.question
    for number, question in enumerate(body["questions"], start=1):
        if str(question["source"]).startswith(f"{technique.code}/"):
            return with_question(body, said, number)
    return with_question(body, {**said, "code": free_code(body, ""), "node_codes": list(technique.node_codes)})


@transaction.atomic
def offer_technique(*, actor: Actor, technique: Technique, said: OfferSaid, client_id: UUID, now: datetime) -> ServiceOffer:
    """Offer help with a technique at the desk: a draft of the provider's own, which is published there. The same `client_id` drafts once.

    Raises RuleBroken("technique_not_in_force"), and what draft_offer() raises.
    """
    actor.must_wear(Hat.PROVIDER, Hat.LAB)
    _must_be_in_force(technique)
    made = draft_offer(actor=actor, said=said, client_id=client_id, now=now)
    link = TechniqueOffer(technique_code=technique.code, offer=made, provider_org_id=actor.org_id, at=now)
    TechniqueOffer.objects.bulk_create([link], ignore_conflicts=True)
    return made


def _must_be_in_force(technique: Technique) -> None:
    if technique.state != Technique.State.PUBLISHED:
        raise RuleBroken("technique_not_in_force")
