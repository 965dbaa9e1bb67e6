"""How a request and the copies of it move together: written by the clock after the verb has asked who acts."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from foundation.templatetags.qc import SHANGHAI
from notices.services import close_todo, put_todo, tell
from onestop.clock import SHUTS
from onestop.models import ServiceCall, ServiceRequest

ASKING = (Hat.OWNER, Hat.SUPPLIER)
SERVING = (Hat.PROVIDER, Hat.LAB)


def held_request(actor: Actor, request: ServiceRequest) -> ServiceRequest:
    """The firm's request, locked."""
    actor.must_act_for(request.org_id, *ASKING)
    return locked(request.pk)


def held_call(actor: Actor, call: ServiceCall) -> tuple[ServiceRequest, ServiceCall]:
    """The request behind a provider's copy, and the copy, both locked."""
    actor.must_act_for(call.provider_org_id, *SERVING)
    row = locked(call.request_id)
    with acting_as(Hat.CLOCK):
        mine: ServiceCall = ServiceCall.objects.select_for_update().get(pk=call.pk)
    return row, mine


def locked(request_id: UUID) -> ServiceRequest:
    """One request for writing. As the clock."""
    with acting_as(Hat.CLOCK):
        row: ServiceRequest | None = ServiceRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise Absent
    return row


def chosen_of(row: ServiceRequest) -> ServiceCall:
    """The copy of the chosen provider."""
    with acting_as(Hat.CLOCK):
        call: ServiceCall | None = ServiceCall.objects.filter(request=row, state="chosen").first()
    if call is None:
        raise RuleBroken("service_over")
    return call


def move(row: ServiceRequest, **columns: Any) -> None:
    """Write columns of a request; its copies learn how far it is."""
    with acting_as(Hat.CLOCK):
        ServiceRequest.objects.filter(pk=row.pk).update(**columns)
        if "state" in columns:
            ServiceCall.objects.filter(request=row).update(stage=columns["state"])
    for name, value in columns.items():
        setattr(row, name, value)


def move_call(call: ServiceCall, **columns: Any) -> None:
    """Write columns of one copy."""
    with acting_as(Hat.CLOCK):
        ServiceCall.objects.filter(pk=call.pk).update(**columns)
    for name, value in columns.items():
        setattr(call, name, value)


def move_others(row: ServiceRequest, but: ServiceCall | None, state: str) -> list[ServiceCall]:
    """Whoever was asked or has quoted, and is not chosen, is let go. Returns those who had quoted."""
    with acting_as(Hat.CLOCK):
        rows = ServiceCall.objects.filter(Q(state="asked") | Q(state="quoted"), request=row)
        rows = rows.exclude(pk=but.pk) if but else rows
        quoted = list(rows.filter(state="quoted"))
        rows.update(state=state)
    return quoted


def end_of_day(day: Any) -> datetime:
    """When offices shut on a day."""
    return datetime.combine(day, time(SHUTS.hour), tzinfo=SHANGHAI)


def tell_firm(row: ServiceRequest, kind: str, call: ServiceCall | None, now: datetime, *, todo: bool = False) -> None:
    """The firm that asked hears of it, with the provider's name or, of none, the kind of service."""
    names = {"other_zh": call.provider_name_zh, "other_en": call.provider_name_en} if call else kind_facts(row.kind)
    line: dict[str, Any] = {"org_id": row.org_id, "hat": Hat(row.hat), "kind": kind, "subject_id": row.pk, "facts": names}
    if todo:
        put_todo(**line, now=now)
    tell(**line, now=now)


def tell_provider(call: ServiceCall, kind: str, facts: dict[str, str], now: datetime) -> None:
    """One provider hears of it."""
    tell(org_id=call.provider_org_id, hat=Hat(call.provider_hat), kind=kind, subject_id=call.request_id, facts=facts, now=now)


def ask_provider(call: ServiceCall, kind: str, facts: dict[str, str], due: Any, now: datetime) -> None:
    """One provider is asked to do something, by a day."""
    line: dict[str, Any] = {
        "org_id": call.provider_org_id, "hat": Hat(call.provider_hat), "kind": kind, "subject_id": call.request_id, "facts": facts,
    }  # fmt: skip
    put_todo(**line, due_on=due, now=now)
    tell(**line, now=now)


def firm_facts(row: ServiceRequest) -> dict[str, str]:
    return {"other_zh": row.org_name_zh, "other_en": row.org_name_en}


# The kind of service as a line of an inbox says it; the line is kept in both languages.
NAMES = {
    "standards": ("标准", "standards"),
    "metrology": ("计量", "metrology"),
    "certification": ("认证认可", "certification"),
    "testing": ("检验检测", "testing"),
    "quality": ("质量管理", "quality management"),
    "property": ("知识产权", "intellectual property"),
    "brand": ("品牌", "brand"),
    "registration": ("注册", "registration"),
    "credit": ("信贷融资", "credit financing"),
}


def kind_facts(kind: str) -> dict[str, str]:
    zh, en = NAMES[kind]
    return {"other_zh": zh, "other_en": en}


def close_answers(row: ServiceRequest, now: datetime) -> None:
    """Nobody is asked for an answer any more."""
    close_todo(kind="service_to_answer", subject_id=row.pk, now=now)
    close_todo(kind="service_quoted", subject_id=row.pk, now=now)
