"""The desk of services in the world of tests: An offers, the supplier asks, An quotes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from foundation.actor import as_actor
from onestop.models import ServiceCall, ServiceOffer, ServiceRequest
from onestop.services.offers import OfferSaid, draft_offer, put_offer
from onestop.services.requests import RequestSaid, ask_service
from onestop.services.serving import quote_service
from tests.cast import actor


def an_offer(*, now: datetime, kind: str = "quality", who: str = "an", publish: bool = True) -> ServiceOffer:
    """What a provider offers; published unless said otherwise."""
    provider = actor(who)
    said = OfferSaid(kind, "针织染整工艺诊断", "到厂看一天，给出改进清单", "首次免费", 8, 5, 400)
    with as_actor(provider):
        row = draft_offer(actor=provider, said=said, client_id=uuid4(), now=now)
        return put_offer(actor=provider, offer=row, state="published") if publish else row


def asked_for(maker: Any, *, now: datetime, mark: str = "", kind: str = "quality", **more: Any) -> ServiceRequest:
    """A request of a firm to everybody who offers the kind."""
    said = RequestSaid(kind, "湿摩擦色牢度只有2-3级", f"林师傅{mark}", "19000000001", "dyeing", **more)
    with as_actor(maker):
        return ask_service(actor=maker, said=said, client_id=uuid4(), now=now)


def quoted(row: ServiceRequest, *, now: datetime, who: str = "an") -> ServiceCall:
    """The provider's quote on a request."""
    provider = actor(who)
    with as_actor(provider):
        call = ServiceCall.objects.visible_to(provider).get(request_id=row.pk)
        return quote_service(actor=provider, call=call, price="800元", days=5, words="先看染色工序", now=now)


def a_service(maker: Any, *, now: datetime, mark: str = "") -> dict[str, Any]:
    """A request with its quote, and an offer that is still the provider's own. Only the contact carries the mark: all else is for providers to read."""
    if not _offered():
        an_offer(now=now)
    own = an_offer(now=now, publish=False)
    row = asked_for(maker, now=now, mark=mark)
    quoted(row, now=now)
    return {"request_id": row.pk, "offer_id": own.pk}


def _offered() -> bool:
    provider = actor("an")
    with as_actor(provider):
        return bool(
            ServiceOffer.objects.visible_to(provider).filter(provider_org_id=provider.org_id, kind="quality", state="published").exists()
        )
