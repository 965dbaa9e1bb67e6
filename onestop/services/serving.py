"""What a provider does with a request: it quotes or passes, hands over, begins, and delivers into the firm's own record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import close_todo
from onestop.models import ServiceCall, ServiceRequest
from onestop.selectors.requests import could_take
from onestop.services.moving import end_of_day, held_call, move, move_call, tell_firm
from onestop.services.requests import call_provider
from onestop.services.untouched import escalate
from parties.roles import MAY_FILE, MAY_WRITE
from records.models import Evidence
from records.services.handing import hand_over_file

Call, State = ServiceCall.State, ServiceRequest.State
MOST_DAYS = 250
# A number alone is an amount: whole yuan below a hundred million, and fen.
_AMOUNT = re.compile(r"\d{1,8}(\.\d{1,2})?", re.ASCII)
_BELOW_NOTHING = re.compile(r"[-\u2212]\s*\d")


def is_price(words: str) -> bool:
    """Whether it says about what something costs: an amount of 0 or more, alone or in words; no other number.

    >>> [is_price(each) for each in ("800.50", "每天 800 元", "-5", "−5 元", "NaN", "1e308")]
    [True, True, False, False, False, False]
    """
    said = unicodedata.normalize("NFKC", words).strip()
    try:
        float(said)
    except ValueError:
        return not _BELOW_NOTHING.match(said)
    return bool(_AMOUNT.fullmatch(said))


@transaction.atomic
def quote_service(*, actor: Actor, call: ServiceCall, price: str, days: int, words: str, now: datetime) -> ServiceCall:
    """Say about what it costs and in how many working days; said again before the firm chooses, the newer one stands.

    Raises RuleBroken("service_over"), ("service_price_missing"), ("service_price_unreadable") or ("service_days_missing").
    """
    row, mine = held_call(actor, call)
    actor.must_hold(*MAY_WRITE)
    if mine.state not in (Call.ASKED, Call.QUOTED) or row.state not in (State.NEW, State.OFFERED):
        raise RuleBroken("service_over")
    if not price.strip():
        raise RuleBroken("service_price_missing", field="price")
    if not is_price(price):
        raise RuleBroken("service_price_unreadable", field="price")
    if not 1 <= days <= MOST_DAYS:
        raise RuleBroken("service_days_missing", field="days")
    said = {"price": price.strip(), "days": days, "words": words.strip()}
    if mine.state == Call.QUOTED and said == {name: getattr(mine, name) for name in said}:
        return mine
    move_call(mine, state=Call.QUOTED, answered_at=mine.answered_at or now, answered_by=actor.person_name, **said)
    if row.state == State.NEW:
        move(row, state=State.OFFERED, answered_at=now)
        mine.stage = State.OFFERED
    close_todo(kind="service_to_answer", subject_id=row.pk, org_id=actor.org_id, now=now)
    tell_firm(row, "service_quoted", mine, now, todo=True)
    return mine


@transaction.atomic
def pass_service(*, actor: Actor, call: ServiceCall, why: str, now: datetime) -> ServiceCall:
    """Say that it cannot be done here. When nobody is left, the bureau hears of it. Raises RuleBroken("service_words_missing")."""
    row, mine = held_call(actor, call)
    actor.must_hold(*MAY_WRITE)
    if mine.state == Call.PASSED:
        return mine
    if mine.state != Call.ASKED or row.state not in (State.NEW, State.OFFERED):
        raise RuleBroken("service_over")
    if not why.strip():
        raise RuleBroken("service_words_missing", field="why")
    move_call(mine, state=Call.PASSED, words=why.strip(), answered_at=now, answered_by=actor.person_name)
    close_todo(kind="service_to_answer", subject_id=row.pk, org_id=actor.org_id, now=now)
    with acting_as(Hat.CLOCK):
        anybody = ServiceCall.objects.filter(request=row, state__in=(Call.ASKED, Call.QUOTED)).exists()
    if not anybody:
        tell_firm(row, "service_passed", None, now)
        escalate(row.pk, now=now)
    return mine


@transaction.atomic
def hand_over_service(*, actor: Actor, call: ServiceCall, to_org_id: UUID, now: datetime) -> ServiceCall:
    """Another provider of the kind answers instead; the clock goes on. Raises RuleBroken("service_next_unknown")."""
    row, mine = held_call(actor, call)
    actor.must_hold(*MAY_WRITE)
    if mine.state == Call.HANDED_OVER:
        return mine
    if mine.state != Call.ASKED or row.state not in (State.NEW, State.OFFERED):
        raise RuleBroken("service_over")
    other = next((offer for offer in could_take(actor, mine) if offer.provider_org_id == to_org_id), None)
    if other is None:
        raise RuleBroken("service_next_unknown", field="to")
    move_call(mine, state=Call.HANDED_OVER, answered_at=now, answered_by=actor.person_name)
    close_todo(kind="service_to_answer", subject_id=row.pk, org_id=actor.org_id, now=now)
    call_provider(row, other, now)
    return mine


@transaction.atomic
def begin_service(*, actor: Actor, call: ServiceCall, now: datetime) -> ServiceCall:
    """The work begins; the firm cannot take the request back any more. Begun twice is begun once."""
    row, mine = held_call(actor, call)
    actor.must_hold(*MAY_FILE)
    if mine.state != Call.CHOSEN or row.state == State.WITHDRAWN:
        raise RuleBroken("service_over")
    if row.state == State.ACCEPTED:
        move(row, state=State.IN_SERVICE, started_at=now)
        mine.stage = State.IN_SERVICE
        tell_firm(row, "service_begun", mine, now)
    return mine


@transaction.atomic
def deliver_service(*, actor: Actor, call: ServiceCall, report: str, files: Sequence[Evidence], now: datetime) -> ServiceCall:
    """Deliver: each file is filed among the firm's own, where it can be shown for what the request was about.

    Raises RuleBroken("service_over"), ("service_report_missing") or ("service_file_missing").
    """
    row, mine = held_call(actor, call)
    actor.must_hold(*MAY_FILE)
    if mine.state != Call.CHOSEN or row.state not in (State.ACCEPTED, State.IN_SERVICE, State.DISPUTED, State.DELIVERED):
        raise RuleBroken("service_over")
    known = {each["evidence_id"] for each in mine.files}
    fresh = [each for each in files if str(each.pk) not in known]
    if row.state == State.DELIVERED and not fresh:
        return mine
    if row.state == State.DELIVERED:
        raise RuleBroken("service_over")
    if not report.strip():
        raise RuleBroken("service_report_missing", field="report")
    if not fresh:
        raise RuleBroken("service_file_missing", field="file")
    filed = [
        {
            "name": each.name, "evidence_id": str(each.pk),
            "handed_id": str(hand_over_file(actor=actor, evidence=each, to_org_id=row.org_id, client_id=f"service-{each.pk}", now=now).pk),
        }
        for each in fresh
    ]  # fmt: skip
    if row.state == State.ACCEPTED:
        move(row, state=State.IN_SERVICE, started_at=now)
    move(row, state=State.DELIVERED, delivered_at=now)
    move_call(mine, report=report.strip(), files=[*mine.files, *filed], stage=State.DELIVERED, clock_at=end_of_day(row.deliver_by))
    for kind in ("service_to_deliver", "service_sent_back"):
        close_todo(kind=kind, subject_id=row.pk, now=now)
    tell_firm(row, "service_to_confirm", mine, now, todo=True)
    return mine
