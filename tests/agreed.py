"""Agreements of the cast, brought about by the verbs themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agreements.models import Agreement
from agreements.selectors import current_version, timeline
from agreements.services import draft_agreement, send_agreement, sign_agreement
from foundation.actor import Hat, acting_as, as_actor
from notices.models import Todo
from suppliers.models import SupplyLink
from tests.cast import PASSWORD, actor, link_id

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
STARTS = date(2026, 3, 2)
ENDS = date(2027, 3, 2)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)


def drafted(
    owner: str = "chen", supplier: str = "lin", *, template: str = "garment-1", starts: date = STARTS, ends: date | None = ENDS,
    now: datetime = NOW,
) -> Agreement:  # fmt: skip
    with as_actor(actor(owner)):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier))
        return draft_agreement(actor=actor(owner), link=link, template_code=template, effective_from=starts, effective_to=ends, now=now)


def sent(owner: str = "chen", supplier: str = "lin", **words) -> Agreement:
    agreement = drafted(owner, supplier, **words)
    with as_actor(actor(owner)):
        return send_agreement(actor=actor(owner), agreement=agreement, now=words.get("now", NOW))


def signed_by(who: str, agreement: Agreement, *, now: datetime = NOW, password: str = PASSWORD, sha256: str | None = None):
    with as_actor(actor(who)):
        version = current_version(actor(who), agreement)
        return sign_agreement(
            actor=actor(who), agreement=agreement, sha256=sha256 or version.sha256, password=password, now=now, ip="192.0.2.7"
        )  # fmt: skip


def in_force(owner: str = "chen", supplier: str = "lin", **words) -> Agreement:
    """Drafted, sent and signed by both, within one hour."""
    now = words.get("now", NOW)
    agreement = sent(owner, supplier, **words)
    signed_by(supplier, agreement, now=now + timedelta(minutes=10))
    signed_by(owner, agreement, now=now + timedelta(minutes=20))
    with as_actor(actor(owner)):
        return Agreement.objects.get(pk=agreement.pk)


def seen_by_clock(agreement: Agreement) -> Agreement:
    with acting_as(Hat.CLOCK):
        return Agreement.objects.get(pk=agreement.pk)


def todos(who: str) -> list[str]:
    """The kinds of what stands open on a firm's list."""
    with as_actor(actor(who)):
        return sorted(Todo.objects.visible_to(actor(who)).filter(done_at=None).values_list("kind", flat=True))


def kinds(agreement: Agreement, who: str = "chen") -> list[str]:
    """The kinds of entries on record, newest first."""
    with as_actor(actor(who)):
        return [entry.kind for entry in timeline(actor(who), agreement)]
