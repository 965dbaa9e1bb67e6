"""What a firm does with a request for help: it asks, chooses a quote, confirms or sends back, and rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median_low
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import close_todo
from onestop.anonymous import names_in
from onestop.clock import OPEN_HOURS, after_working_hours, working_minutes
from onestop.models import Kind, ServiceCall, ServiceOffer, ServiceRequest
from onestop.selectors.consented import facts_about, place_told, said_in_both
from onestop.selectors.offers import in_work, offer_for, open_offers
from onestop.services.moving import (
    ASKING,
    ask_provider,
    chosen_of,
    close_answers,
    end_of_day,
    firm_facts,
    held_request,
    kind_facts,
    move,
    move_call,
    move_others,
    tell_provider,
)
from parties.models import ChainNode
from parties.phones import can_be_dialled
from parties.roles import MAY_FILE, MAY_WRITE
from parties.selectors import own_organisation, working_calendar
from records.models import Evidence
from records.services.handing import hand_over_file

State = ServiceRequest.State
WANTED_WITHIN = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class RequestSaid:
    """What a firm asks for. `facts` are the codes of what providers may read of the thing the request is about."""

    kind: str
    need: str
    contact: str
    phone: str = ""
    node_code: str = ""
    wanted_on: date | None = None
    about: str = ""
    subject_id: UUID | None = None
    facts: Sequence[str] = field(default_factory=list)


@transaction.atomic
def ask_service(
    *, actor: Actor, said: RequestSaid, client_id: UUID, now: datetime, offer: ServiceOffer | None = None, photo: Evidence | None = None
) -> ServiceRequest:
    """Ask one provider, or all who offer the kind. None of them learns who asks before it is chosen. The same `client_id` asks once.

    Raises RuleBroken("service_…") and Absent for a thing that is not the actor's.
    """
    actor.must_wear(*ASKING)
    actor.must_hold(*MAY_FILE)
    before: ServiceRequest | None = ServiceRequest.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    _check(actor, said, timezone.localdate(now))
    asked = _asked_of(actor, said.kind, offer)
    firm = own_organisation(actor)
    row = ServiceRequest(
        org_id=actor.org_id, hat=actor.hat.value, org_name_zh=actor.org_name_zh, org_name_en=actor.org_name_en, kind=said.kind,
        need=said.need.strip(), node_code=said.node_code, region_code=place_told(firm, said.node_code), about=said.about, subject_id=said.subject_id,
        facts=said_in_both(actor, said.about, said.subject_id, list(said.facts)), photo_id=photo.pk if photo else None,
        contact=said.contact.strip(), phone=said.phone.strip(), offer_id=offer.pk if offer else None, wanted_on=said.wanted_on,
        asked_by=actor.person_name, created_at=now, client_id=client_id, is_demo=actor.is_demo,
        answer_due_at=after_working_hours(working_calendar(), now, offer.answer_hours if offer else OPEN_HOURS),
    )  # fmt: skip
    row.save(force_insert=True)
    for each in asked:
        call_provider(row, each, now)
    return row


def call_provider(row: ServiceRequest, offer: ServiceOffer, now: datetime) -> ServiceCall:
    """One provider gets its copy, and the clock of the request."""
    call = ServiceCall(
        request=row, provider_org_id=offer.provider_org_id, provider_hat=offer.provider_hat, provider_name_zh=offer.provider_name_zh,
        provider_name_en=offer.provider_name_en, kind=row.kind, need=row.need, node_code=row.node_code, region_code=row.region_code,
        facts=row.facts, wanted_on=row.wanted_on, stage=row.state, asked_at=now, clock_at=row.answer_due_at, is_demo=row.is_demo,
    )  # fmt: skip
    with acting_as(Hat.CLOCK):
        call.save(force_insert=True)
    ask_provider(call, "service_to_answer", kind_facts(row.kind), timezone.localdate(row.answer_due_at), now)
    return call


def _check(actor: Actor, said: RequestSaid, today: date) -> None:
    if said.kind not in Kind.values:
        raise RuleBroken("service_kind_unknown", field="kind")
    if not said.need.strip():
        raise RuleBroken("service_need_missing", field="need")
    if names_in(said.need, (actor.org_name_zh, actor.org_name_en)):
        raise RuleBroken("service_names_firm", field="need")
    if not said.contact.strip():
        raise RuleBroken("service_contact_missing", field="contact")
    if said.phone.strip() and not can_be_dialled(said.phone):
        raise RuleBroken("service_phone_unreadable", field="phone")
    if said.wanted_on is not None and not today <= said.wanted_on <= today + WANTED_WITHIN:
        raise RuleBroken("service_day_out_of_reach", field="wanted_on")
    if said.node_code and not ChainNode.objects.filter(pk=said.node_code).exists():
        raise RuleBroken("service_step_unknown", field="node_code")
    known = {fact.code for fact in facts_about(actor, said.about, said.subject_id)}
    if not set(said.facts) <= known:
        raise RuleBroken("service_fact_unknown", field="facts")


def _asked_of(actor: Actor, kind: str, offer: ServiceOffer | None) -> list[ServiceOffer]:
    if offer is None:
        found = [each for each in open_offers(kind, is_demo=actor.is_demo) if each.provider_org_id != actor.org_id]
        if not found:
            raise RuleBroken("service_nobody_offers", field="kind")
        return found
    row = offer_for(actor, offer.pk)
    if row.provider_org_id == actor.org_id:
        raise RuleBroken("service_of_ones_own")
    if row.state != ServiceOffer.State.PUBLISHED or row.kind != kind:
        raise RuleBroken("service_offer_gone")
    if in_work(row.provider_org_id, kind) >= row.capacity:
        raise RuleBroken("service_offer_full")
    return [row]


@transaction.atomic
def withdraw_service(*, actor: Actor, request: ServiceRequest, now: datetime) -> ServiceRequest:
    """Take a request back, as long as nobody works on it. Taken back twice is taken back once."""
    row = held_request(actor, request)
    actor.must_hold(*MAY_FILE)
    if row.state == State.WITHDRAWN:
        return row
    if row.state not in (State.NEW, State.OFFERED, State.ACCEPTED):
        raise RuleBroken("service_over")
    told = move_others(row, None, "withdrawn")
    if row.state == State.ACCEPTED:
        told.append(chosen_of(row))
    move(row, state=State.WITHDRAWN)
    close_answers(row, now)
    close_todo(kind="service_to_deliver", subject_id=row.pk, now=now)
    for call in told:
        tell_provider(call, "service_not_chosen", kind_facts(row.kind), now)
    return row


@transaction.atomic
def accept_quote(*, actor: Actor, request: ServiceRequest, call: ServiceCall, now: datetime) -> ServiceRequest:
    """Order what one provider quoted, as `call` says it: this one learns who asks, the others that another was chosen.

    Raises RuleBroken("service_quote_unknown"), ("service_over"), or ("service_quote_changed") where the provider has said it anew since.
    """
    row = held_request(actor, request)
    actor.must_hold(*MAY_WRITE)
    if row.provider_org_id == call.provider_org_id and row.state != State.WITHDRAWN:
        return row
    if row.state != State.OFFERED:
        raise RuleBroken("service_over")
    if call.request_id != row.pk or call.state != ServiceCall.State.QUOTED:
        raise RuleBroken("service_quote_unknown")
    if (call.price, call.days) != ServiceCall.objects.visible_to(actor).values_list("price", "days").get(pk=call.pk):
        raise RuleBroken("service_quote_changed")
    calendar = working_calendar()
    by = calendar.add_working_days(timezone.localdate(now), call.days or 1)
    told = move_others(row, call, "not_chosen")
    photo = Evidence.objects.visible_to(actor).filter(pk=row.photo_id).first() if row.photo_id else None
    copy = (
        hand_over_file(actor=actor, evidence=photo, to_org_id=call.provider_org_id, client_id=f"service-{row.pk}-ask", now=now)
        if photo
        else None
    )
    move_call(
        call, state="chosen", firm_name_zh=row.org_name_zh, firm_name_en=row.org_name_en, contact=row.contact, phone=row.phone,
        photo_id=copy.pk if copy else None, clock_at=end_of_day(by),
    )  # fmt: skip
    move(
        row, state=State.ACCEPTED, provider_org_id=call.provider_org_id, provider_name_zh=call.provider_name_zh,
        provider_name_en=call.provider_name_en, accepted_at=now, deliver_by=by,
        answer_minutes=working_minutes(calendar, call.asked_at, call.answered_at or now),
    )  # fmt: skip
    close_answers(row, now)
    ask_provider(call, "service_to_deliver", firm_facts(row), by, now)
    for other in told:
        tell_provider(other, "service_not_chosen", kind_facts(row.kind), now)
    return row


@transaction.atomic
def confirm_service(*, actor: Actor, request: ServiceRequest, now: datetime) -> ServiceRequest:
    """What was delivered is what was ordered. Confirmed twice is confirmed once."""
    row = held_request(actor, request)
    actor.must_hold(*MAY_WRITE)
    if row.state in (State.CONFIRMED, State.RATED):
        return row
    if row.state not in (State.DELIVERED, State.DISPUTED):
        raise RuleBroken("service_over")
    call = chosen_of(row)
    move(row, state=State.CONFIRMED, confirmed_at=now)
    close_todo(kind="service_to_confirm", subject_id=row.pk, now=now)
    close_todo(kind="service_to_deliver", subject_id=row.pk, now=now)
    tell_provider(call, "service_confirmed", firm_facts(row), now)
    return row


@transaction.atomic
def dispute_service(*, actor: Actor, request: ServiceRequest, why: str, now: datetime) -> ServiceRequest:
    """Send it back with the reason; the provider delivers again, or talks. Raises RuleBroken("service_words_missing")."""
    row = held_request(actor, request)
    actor.must_hold(*MAY_WRITE)
    if row.state == State.DISPUTED:
        return row
    if row.state != State.DELIVERED:
        raise RuleBroken("service_over")
    if not why.strip():
        raise RuleBroken("service_words_missing", field="why")
    call = chosen_of(row)
    move(row, state=State.DISPUTED, why=why.strip(), disputes=row.disputes + 1)
    move_call(call, why=why.strip())
    close_todo(kind="service_to_confirm", subject_id=row.pk, now=now)
    ask_provider(call, "service_sent_back", firm_facts(row), None, now)
    return row


@transaction.atomic
def rate_service(*, actor: Actor, request: ServiceRequest, satisfaction: int, words: str, now: datetime) -> ServiceRequest:
    """One to five, once. The offer shows it among five or more others. Raises RuleBroken("service_rating_unknown")."""
    row = held_request(actor, request)
    actor.must_hold(*MAY_WRITE)
    if row.state == State.RATED:
        return row
    if row.state != State.CONFIRMED:
        raise RuleBroken("service_over")
    if satisfaction not in range(1, 6):
        raise RuleBroken("service_rating_unknown", field="satisfaction")
    call = chosen_of(row)
    said = {"satisfaction": satisfaction, "rating_words": words.strip()}
    move(row, state=State.RATED, rated_at=now, **said)
    move_call(call, **said)
    _count_again(call)
    tell_provider(call, "service_rated", firm_facts(row), now)
    return row


def _count_again(call: ServiceCall) -> None:
    """What firms said of this provider in this kind, from the rows themselves."""
    with acting_as(Hat.CLOCK):
        rated = list(
            ServiceRequest.objects.filter(provider_org_id=call.provider_org_id, kind=call.kind, state=State.RATED).values_list(
                "satisfaction", "disputes", "answer_minutes"
            )
        )
        minutes = [each for _, _, each in rated if each is not None]
        ServiceOffer.objects.filter(provider_org_id=call.provider_org_id, kind=call.kind).update(
            n_rated=len(rated), n_first_pass=sum(not disputes for _, disputes, _ in rated),
            n_satisfied=sum((said or 0) >= 4 for said, _, _ in rated), answer_minutes=median_low(minutes) if minutes else None,
        )  # fmt: skip
