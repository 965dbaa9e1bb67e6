"""The desk of services: the verbs of its pages, for firms, for providers, and the states that the bureau sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from onestop.api.service_shapes import (
    BoardFilters,
    BoardShape,
    DeliverySaid,
    DemandShape,
    HandOverSaid,
    PromisesShape,
    QuoteChosen,
    QuoteSaid,
    RequestNudgedShape,
    ServiceAsked,
    ServiceFactFilters,
    ServiceFactsShape,
    ServiceOfferFilters,
    ServiceOfferMade,
    ServiceOfferPut,
    ServiceOfferSaid,
    ServiceOfferShape,
    ServiceRatingSaid,
    ServiceRequestFilters,
    ServiceRequestOneShape,
    ServiceRequestShape,
    ServiceStateFilters,
    ServiceStateShape,
    ServiceWhySaid,
)
from onestop.models import ServiceCall, ServiceOffer, ServiceRequest
from onestop.selectors.consented import facts_about
from onestop.selectors.offers import offer_for, offers, own_offers
from onestop.selectors.requests import WATCHERS, board, call_for, calls_of, demand, keepers, promises, request_for, requests, states
from onestop.services.offers import OfferSaid, change_offer, draft_offer, put_offer
from onestop.services.requests import (
    RequestSaid,
    accept_quote,
    ask_service,
    confirm_service,
    dispute_service,
    rate_service,
    withdraw_service,
)
from onestop.services.serving import begin_service, deliver_service, hand_over_service, pass_service, quote_service
from onestop.services.untouched import nudge_providers
from parties.endpoints import Asked, Endpoint, Page, verb
from records.selectors import evidence_for

ASKING = (Hat.OWNER, Hat.SUPPLIER)
SERVING = (Hat.PROVIDER, Hat.LAB)
ALL = (*ASKING, *SERVING, Hat.BUREAU)
DAYS = 90
MOST_PROVIDERS = 500


def _by_day(row: Any) -> tuple[datetime, UUID]:
    return row.created_at, row.pk


class ServiceOffers(Endpoint):
    hats = ALL

    @verb("What is offered, newest first", gives=ServiceOfferShape, asks=ServiceOfferFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = dict(asked.filters)
        if said.pop("mine", False):
            return Page(own_offers(actor, after=asked.after, limit=asked.size), _by_day)
        return Page(offers(actor, after=asked.after, limit=asked.size, **said), _by_day)

    @verb("A provider writes an offer", takes=ServiceOfferMade, gives=ServiceOfferShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ServiceOffer:
        client_id = said.pop("client_id", None) or uuid4()
        return draft_offer(actor=actor, said=OfferSaid(**said), client_id=client_id, now=timezone.now())


class ServiceOfferOne(Endpoint):
    hats = ALL

    @verb("One offer", gives=ServiceOfferShape)
    def get(self, actor: Actor, offer_id: UUID) -> ServiceOffer:
        return offer_for(actor, offer_id)

    @verb("Say an offer of one's own otherwise", takes=ServiceOfferSaid, gives=ServiceOfferShape)
    def put(self, actor: Actor, offer_id: UUID, said: dict[str, Any]) -> ServiceOffer:
        return change_offer(actor=actor, offer=offer_for(actor, offer_id), said=OfferSaid(**said))


class ServiceOfferState(Endpoint):
    hats = SERVING

    @verb("Publish an offer, or pause it", takes=ServiceOfferPut, gives=ServiceOfferShape)
    def post(self, actor: Actor, offer_id: UUID, said: dict[str, Any]) -> ServiceOffer:
        return put_offer(actor=actor, offer=offer_for(actor, offer_id), **said)


class ServiceRequests(Endpoint):
    hats = ASKING

    @verb("The firm's requests, newest first", gives=ServiceRequestShape, asks=ServiceRequestFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(requests(actor, after=asked.after, limit=asked.size, **asked.filters), _by_day)

    @verb("Ask for help", takes=ServiceAsked, gives=ServiceRequestShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ServiceRequest:
        client_id, offer, photo = (said.pop(name, None) for name in ("client_id", "offer", "photo"))
        said["subject_id"] = said.pop("subject", None)
        return ask_service(
            actor=actor, said=RequestSaid(**said), client_id=client_id or uuid4(), now=timezone.now(),
            offer=offer_for(actor, offer) if offer else None, photo=evidence_for(actor, photo) if photo else None,
        )  # fmt: skip


class ServiceFacts(Endpoint):
    hats = ASKING

    @verb("What providers could read of a thing of yours, if you let them", gives=ServiceFactsShape, asks=ServiceFactFilters)
    def get(self, actor: Actor, asked: Asked) -> dict[str, Any]:
        return {"facts": facts_about(actor, asked.filters["about"], asked.filters["subject"])}


class ServiceRequestOne(Endpoint):
    hats = ASKING

    @verb("One request with whom it went to", gives=ServiceRequestOneShape)
    def get(self, actor: Actor, request_id: UUID) -> ServiceRequest:
        row: Any = request_for(actor, request_id)
        row.__dict__["calls"] = calls_of(actor, row)
        return row


class ServiceAccept(Endpoint):
    hats = ASKING

    @verb("Choose a quote: this provider learns who asks", takes=QuoteChosen, gives=ServiceRequestShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceRequest:
        row = request_for(actor, request_id)
        call = next((each for each in calls_of(actor, row) if each.pk == said["call"]), None)
        if call is None:
            raise RuleBroken("service_quote_unknown", field="call")
        call.price, call.days = said["price"], said["days"]
        return accept_quote(actor=actor, request=row, call=call, now=timezone.now())


class ServiceWithdraw(Endpoint):
    hats = ASKING

    @verb("Take a request back", gives=ServiceRequestShape)
    def post(self, actor: Actor, request_id: UUID) -> ServiceRequest:
        return withdraw_service(actor=actor, request=request_for(actor, request_id), now=timezone.now())


class ServiceConfirm(Endpoint):
    hats = ASKING

    @verb("What was delivered is what was ordered", gives=ServiceRequestShape)
    def post(self, actor: Actor, request_id: UUID) -> ServiceRequest:
        return confirm_service(actor=actor, request=request_for(actor, request_id), now=timezone.now())


class ServiceDispute(Endpoint):
    hats = ASKING

    @verb("Send what was delivered back", takes=ServiceWhySaid, gives=ServiceRequestShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceRequest:
        return dispute_service(actor=actor, request=request_for(actor, request_id), now=timezone.now(), **said)


class ServiceRate(Endpoint):
    hats = ASKING

    @verb("Rate a service", takes=ServiceRatingSaid, gives=ServiceRequestShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceRequest:
        return rate_service(actor=actor, request=request_for(actor, request_id), now=timezone.now(), **said)


class ServiceBoard(Endpoint):
    hats = SERVING

    @verb("The provider's board by the service clock", gives=BoardShape, asks=BoardFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        done = asked.filters.get("view") == "done"
        rows = board(actor, after=asked.after, limit=asked.size, **asked.filters)
        return Page(rows, lambda row: (row.asked_at if done else row.clock_at, row.pk))


class ServiceBoardOne(Endpoint):
    hats = SERVING

    @verb("The provider's copy of a request", gives=BoardShape)
    def get(self, actor: Actor, request_id: UUID) -> ServiceCall:
        return call_for(actor, request_id)


class ServiceQuote(Endpoint):
    hats = SERVING

    @verb("Quote", takes=QuoteSaid, gives=BoardShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceCall:
        return quote_service(actor=actor, call=call_for(actor, request_id), now=timezone.now(), **said)


class ServicePass(Endpoint):
    hats = SERVING

    @verb("It cannot be done here", takes=ServiceWhySaid, gives=BoardShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceCall:
        return pass_service(actor=actor, call=call_for(actor, request_id), now=timezone.now(), **said)


class ServiceHandOver(Endpoint):
    hats = SERVING

    @verb("Hand a request over; the clock goes on", takes=HandOverSaid, gives=BoardShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceCall:
        call = call_for(actor, request_id)
        return hand_over_service(actor=actor, call=call, to_org_id=offer_for(actor, said["to"]).provider_org_id, now=timezone.now())


class ServiceBegin(Endpoint):
    hats = SERVING

    @verb("Begin the work", gives=BoardShape)
    def post(self, actor: Actor, request_id: UUID) -> ServiceCall:
        return begin_service(actor=actor, call=call_for(actor, request_id), now=timezone.now())


class ServiceDeliver(Endpoint):
    hats = SERVING

    @verb("Deliver: the files are filed among the firm's own", takes=DeliverySaid, gives=BoardShape)
    def post(self, actor: Actor, request_id: UUID, said: dict[str, Any]) -> ServiceCall:
        files = [evidence_for(actor, each) for each in said["files"]]
        return deliver_service(actor=actor, call=call_for(actor, request_id), report=said["report"], files=files, now=timezone.now())


class ServiceDemand(Endpoint):
    hats = ALL

    @verb("How many firms asked for what in the last half year, from five firms on", gives=DemandShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return {"cells": [cell for line in demand(actor, today=timezone.localdate()) for cell in line]}


class BureauServices(Endpoint):
    hats = WATCHERS

    @verb(
        "States and times of requests, newest first; whose they are stays with the firms",
        gives=ServiceStateShape,
        asks=ServiceStateFilters,
        page=(datetime, UUID),
    )
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(states(actor, now=timezone.now(), after=asked.after, limit=asked.size, **asked.filters), _by_day)


class BureauPromises(Endpoint):
    hats = WATCHERS

    @verb("How each kind of service and each provider kept its times in the last ninety days, and who is late now", gives=PromisesShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        since, now = timezone.localdate() - timedelta(days=DAYS), timezone.now()
        return {
            "since": since, "kinds": promises(actor, since=since, now=now), "providers": keepers(actor, since=since, now=now, limit=MOST_PROVIDERS),
        }  # fmt: skip


class BureauNudge(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Ask those who have not answered once more", gives=RequestNudgedShape)
    def post(self, actor: Actor, request_id: UUID) -> dict[str, int]:
        return {"told": nudge_providers(actor=actor, request_id=request_id, now=timezone.now())}
