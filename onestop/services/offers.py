"""Offers of providers and institutes: drafted, published, paused. What was asked of one stays as it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from onestop.models import Kind, ServiceOffer
from parties.models import ChainNode
from parties.roles import MAY_WRITE

MOST = {"answer_hours": 80, "service_days": 250, "capacity": 500}


@dataclass(frozen=True, slots=True)
class OfferSaid:
    """What a provider says of one offer. Hours and days are working ones."""

    kind: str
    title: str
    about: str
    price_note: str
    answer_hours: int
    service_days: int
    capacity: int
    node_codes: Sequence[str] = field(default_factory=list)


@transaction.atomic
def draft_offer(*, actor: Actor, said: OfferSaid, client_id: UUID, now: datetime) -> ServiceOffer:
    """A new offer, still the provider's own. The same `client_id` drafts once.

    Raises RuleBroken("service_kind_unknown"), ("offer_words_missing"), ("offer_numbers_out_of_range"), ("service_step_unknown").
    """
    _must_offer(actor)
    before: ServiceOffer | None = ServiceOffer.objects.visible_to(actor).filter(provider_org_id=actor.org_id, client_id=client_id).first()
    if before is not None:
        return before
    row = ServiceOffer(
        provider_org_id=actor.org_id, provider_hat=actor.hat.value, provider_name_zh=actor.org_name_zh, provider_name_en=actor.org_name_en,
        is_demo=actor.is_demo, created_at=now, client_id=client_id, **_checked(said),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@transaction.atomic
def change_offer(*, actor: Actor, offer: ServiceOffer, said: OfferSaid) -> ServiceOffer:
    """Say it otherwise; requests that were sent before keep what they were told."""
    row = _own(actor, offer)
    words = _checked(said)
    for name, value in words.items():
        setattr(row, name, value)
    row.save(update_fields=list(words))
    return row


@transaction.atomic
def put_offer(*, actor: Actor, offer: ServiceOffer, state: str) -> ServiceOffer:
    """Publish an offer or pause it; repeating changes nothing. Raises RuleBroken("offer_state_unknown")."""
    row = _own(actor, offer)
    if state not in (ServiceOffer.State.PUBLISHED, ServiceOffer.State.PAUSED):
        raise RuleBroken("offer_state_unknown", field="state")
    if row.state != state:
        row.state = state
        row.save(update_fields=["state"])
    return row


def _must_offer(actor: Actor) -> None:
    actor.must_wear(Hat.PROVIDER, Hat.LAB)
    actor.must_hold(*MAY_WRITE)


def _own(actor: Actor, offer: ServiceOffer) -> ServiceOffer:
    actor.must_act_for(offer.provider_org_id, Hat.PROVIDER, Hat.LAB)
    actor.must_hold(*MAY_WRITE)
    row: ServiceOffer = ServiceOffer.objects.visible_to(actor).select_for_update().get(pk=offer.pk)
    return row


def _checked(said: OfferSaid) -> dict[str, object]:
    words = asdict(said) | {"title": said.title.strip(), "about": said.about.strip(), "price_note": said.price_note.strip()}
    if said.kind not in Kind.values:
        raise RuleBroken("service_kind_unknown", field="kind")
    for name in ("title", "about", "price_note"):
        if not words[name]:
            raise RuleBroken("offer_words_missing", field=name)
    for name, most in MOST.items():
        if not 1 <= getattr(said, name) <= most:
            raise RuleBroken("offer_numbers_out_of_range", field=name)
    known = set(ChainNode.objects.values_list("code", flat=True))
    if not set(said.node_codes) <= known:
        raise RuleBroken("service_step_unknown", field="node_codes")
    words["node_codes"] = sorted(set(said.node_codes))
    return words
