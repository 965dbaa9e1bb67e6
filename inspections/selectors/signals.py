"""Questions about signals: the most harmful and most certain first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict, Unpack
from uuid import UUID

from django.db.models import Count, Q

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet
from inspections.control_limits import FIRST_FIT, SECOND_FIT
from inspections.models import Signal, WatchedSeries
from inspections.signals import FALSE_IN_20_LOTS

PAGE = 25
STATES: dict[str, Q] = {
    "open": Q(state=Signal.State.OPEN, withdrawn_at=None),
    "cause_noted": Q(state=Signal.State.CAUSE_NOTED),
    "dismissed": Q(state=Signal.State.DISMISSED),
    "withdrawn": Q(withdrawn_at__isnull=False),
    "all": Q(),
}


class Asked(TypedDict, total=False):
    """What the list may be asked for; what is empty asks for everything."""

    state: str
    kind: str
    characteristic: str


@dataclass(frozen=True, slots=True)
class Expected:
    """How many series are watched, how many of them have limits, and how many false signals these give in 20 further lots each."""

    series: int
    with_limits: int
    false_signals: float


def visible_signals(actor: Actor) -> ScopedQuerySet:
    """The actor's own; a customer's only from the moment it was shown them."""
    rows: ScopedQuerySet = Signal.objects.visible_to(actor)
    return rows.filter(owner_sees_at__isnull=False) if actor.hat is Hat.OWNER else rows


def signals(actor: Actor, *, after: tuple[int, UUID] | None = None, limit: int = PAGE, **asked: Unpack[Asked]) -> list[Signal]:
    """By harm × certainty, the newest first among equals; one more than `limit` tells that there are more."""
    rows = visible_signals(actor).filter(STATES.get(asked.get("state", ""), STATES["open"])).order_by("-rank", "-id")
    if kind := asked.get("kind"):
        rows = rows.filter(kind=kind)
    if code := asked.get("characteristic"):
        rows = rows.filter(characteristic_code=code)
    if after is not None:
        rank, pk = after
        rows = rows.filter(rank__lte=rank).filter(Q(rank__lt=rank) | Q(pk__lt=pk))
    return list(rows[: limit + 1])


def signal_for(actor: Actor, signal_id: UUID) -> Signal:
    """One signal with its series, or Absent."""
    found: Signal | None = visible_signals(actor).filter(pk=signal_id).select_related("series").first()
    if found is None:
        raise Absent
    return found


def last_signal(actor: Actor) -> Signal | None:
    """The newest one, whatever became of it."""
    found: Signal | None = visible_signals(actor).order_by("-id").first()
    return found


def characteristics_with_signals(actor: Actor) -> list[str]:
    """The codes that a filter may ask for."""
    rows = visible_signals(actor).exclude(characteristic_code="").order_by("characteristic_code")
    return list(rows.values_list("characteristic_code", flat=True).distinct())


def expected(actor: Actor) -> Expected:
    """What quiet series would give with the rules at work: counted, one question."""
    rows = WatchedSeries.objects.visible_to(actor)
    limited = Q(missing=0)
    found = rows.aggregate(
        series=Count("pk"), young=Count("pk", filter=limited & Q(lots__lt=SECOND_FIT)), old=Count("pk", filter=limited & Q(lots__gte=SECOND_FIT))
    )  # fmt: skip
    false = found["young"] * FALSE_IN_20_LOTS[FIRST_FIT] + found["old"] * FALSE_IN_20_LOTS[SECOND_FIT]
    return Expected(found["series"], found["young"] + found["old"], false)
