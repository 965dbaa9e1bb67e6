"""Questions about requests: the firm's own, the copy of one provider, what the bureau and the platform see of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Max, Q, Value, When
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from onestop.demand import WINDOW_DAYS, Cell, published
from onestop.models import Kind, ServiceCall, ServiceOffer, ServiceRequest
from onestop.selectors.offers import AT_WORK
from parties.selectors import chain_nodes

PAGE = 25
OPEN = ("new", "offered", *AT_WORK)
VIEWS: dict[str, Q] = {"open": Q(state__in=OPEN), "done": ~Q(state__in=OPEN)}
# What the board shows in each of its views. What is asked and not answered stands first, then what is in work.
BOARD: dict[str, Q] = {
    "todo": Q(state="asked") | Q(state="chosen", stage__in=("accepted", "in_service", "disputed")),
    "waiting": Q(state="quoted") | Q(state="chosen", stage="delivered"),
    "done": Q(state__in=("passed", "handed_over", "not_chosen", "withdrawn")) | Q(state="chosen", stage__in=("confirmed", "rated")),
}
_STATES = (
    "id", "kind", "node_code", "region_code", "state", "created_at", "answer_due_at", "answered_at", "escalated_at", "provider_org_id",
    "provider_name_zh", "provider_name_en", "accepted_at", "deliver_by", "started_at", "delivered_at", "disputes", "confirmed_at", "rated_at",
    "satisfaction", "answer_minutes", "is_demo",
)  # fmt: skip


def requests(
    actor: Actor, *, view: str = "", kind: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[ServiceRequest]:
    """The firm's own requests, newest first; one more than `limit` tells that there are more."""
    rows = ServiceRequest.objects.visible_to(actor).order_by("-created_at", "-id")
    if view in VIEWS:
        rows = rows.filter(VIEWS[view])
    if kind:
        rows = rows.filter(kind=kind)
    return list(_after(rows, "created_at", after)[: limit + 1])


def request_for(actor: Actor, request_id: UUID) -> ServiceRequest:
    """The firm's own request, or Absent."""
    found: ServiceRequest | None = None
    if actor.hat in (Hat.OWNER, Hat.SUPPLIER):
        found = ServiceRequest.objects.visible_to(actor).filter(pk=request_id).first()
    if found is None:
        raise Absent
    return found


def calls_of(actor: Actor, request: ServiceRequest) -> list[ServiceCall]:
    """Who was asked and what they said: the chosen one first, then quotes by days."""
    rank = Case(When(state="chosen", then=Value(0)), When(state="quoted", then=Value(1)), default=Value(2), output_field=IntegerField())
    rows = ServiceCall.objects.visible_to(actor).filter(request=request).annotate(rank=rank)
    return list(rows.order_by("rank", "days", "asked_at", "id"))


def call_for(actor: Actor, request_id: UUID) -> ServiceCall:
    """The provider's copy of a request, or Absent."""
    found: ServiceCall | None = None
    if actor.hat in (Hat.PROVIDER, Hat.LAB):
        found = ServiceCall.objects.visible_to(actor).filter(request_id=request_id).first()
    if found is None:
        raise Absent
    return found


def board(
    actor: Actor, *, view: str = "todo", kind: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[ServiceCall]:
    """The provider's board by the service clock: what runs out first stands first; what is over, newest first."""
    rows = ServiceCall.objects.visible_to(actor).filter(BOARD.get(view, BOARD["todo"]))
    if kind:
        rows = rows.filter(kind=kind)
    if view == "done":
        return list(_after(rows.order_by("-asked_at", "-id"), "asked_at", after)[: limit + 1])
    rows = rows.order_by("clock_at", "id")
    if after is not None:
        at, pk = after
        rows = rows.filter(clock_at__gte=at).filter(Q(clock_at__gt=at) | Q(clock_at=at, pk__gt=pk))
    return list(rows[: limit + 1])


def _after(rows: Any, column: str, after: tuple[datetime, UUID] | None) -> Any:
    if after is None:
        return rows
    at, pk = after
    return rows.filter(**{f"{column}__lte": at}).filter(Q(**{f"{column}__lt": at}) | Q(**{column: at}, pk__lt=pk))


def could_take(actor: Actor, call: ServiceCall) -> list[ServiceOffer]:
    """Whom a provider may hand a request over to: one offer of each other provider of the kind that was not asked yet."""
    with acting_as(Hat.CLOCK):
        asked = list(ServiceCall.objects.filter(request_id=call.request_id).values_list("provider_org_id", flat=True))
    rows = (
        ServiceOffer.objects.visible_to(actor)
        .filter(kind=call.kind, state="published", is_demo=call.is_demo)
        .exclude(provider_org_id__in=asked)
    )
    return sorted(
        rows.order_by("provider_org_id", "answer_hours", "id").distinct("provider_org_id"), key=lambda offer: offer.provider_name_zh
    )


def demand(actor: Actor, *, today: date) -> list[list[Cell]]:
    """How many firms asked for what in the last half year, by step and kind; under five firms nothing is said."""
    actor.must_wear(Hat.PROVIDER, Hat.LAB, Hat.BUREAU, Hat.OWNER, Hat.SUPPLIER)
    since = today - timedelta(days=WINDOW_DAYS)
    with acting_as(Hat.CLOCK):
        rows = ServiceRequest.objects.filter(created_at__date__gte=since, is_demo=actor.is_demo).exclude(state="withdrawn")
        counts = list(rows.values_list("node_code", "kind").order_by().annotate(Count("org_id", distinct=True)))
    return published(counts, nodes=[node.code for node in chain_nodes()], kinds=Kind.values)


@dataclass(frozen=True, slots=True)
class Promise:
    """How one kind of service keeps its times."""

    kind: str
    asked: int
    untouched: int
    in_time: int
    answered: int
    delivered_in_time: int
    delivered: int
    first_pass: int
    settled: int
    satisfied: int
    rated: int


WATCHERS = (Hat.BUREAU, Hat.PLATFORM)


def promises(actor: Actor, *, since: date, now: datetime) -> list[Promise]:
    """By kind, of what was asked since a day: states and times, and no firm that asked."""
    actor.must_wear(*WATCHERS)
    late = Q(answered_at__gt=F("answer_due_at"))
    settled = Q(state__in=("confirmed", "rated"))
    rows = ServiceRequest.objects.visible_to(actor).filter(created_at__date__gte=since, is_demo=actor.is_demo).exclude(state="withdrawn")
    found = rows.order_by().values("kind").annotate(
        asked=Count("id"),
        untouched=Count("id", filter=Q(answered_at=None, answer_due_at__lte=now)),
        in_time=Count("id", filter=Q(answered_at__isnull=False) & ~late),
        answered=Count("id", filter=Q(answered_at__isnull=False)),
        delivered_in_time=Count("id", filter=Q(delivered_at__date__lte=F("deliver_by"))),
        delivered=Count("id", filter=Q(delivered_at__isnull=False)),
        first_pass=Count("id", filter=settled & Q(disputes=0)),
        settled=Count("id", filter=settled),
        satisfied=Count("id", filter=Q(satisfaction__gte=4)),
        rated=Count("id", filter=Q(satisfaction__isnull=False)),
    )  # fmt: skip
    by_kind = {row["kind"]: Promise(**row) for row in found}
    return [by_kind.get(kind, Promise(kind, *([0] * 10))) for kind in Kind.values]


@dataclass(frozen=True, slots=True)
class Keeper:
    """How one provider keeps its times: what is late with it now, and of what it answered and delivered, how much was in time."""

    provider_name_zh: str
    provider_name_en: str
    late_answers: int
    late_reports: int
    in_time: int
    answered: int
    delivered_in_time: int
    delivered: int


_OPEN_CALL = Q(state="asked", stage__in=("new", "offered"))
IN_WORK = ("accepted", "in_service", "disputed")


def keepers(actor: Actor, *, since: date, now: datetime, limit: int = PAGE) -> list[Keeper]:
    """By provider, of what it was asked since a day: who is late now stands first."""
    actor.must_wear(*WATCHERS)
    chosen, answered = Q(state="chosen"), Q(answered_at__isnull=False)
    delivered = chosen & Q(request__delivered_at__isnull=False)
    with acting_as(Hat.CLOCK):
        rows: Any = ServiceCall.objects.filter(asked_at__date__gte=since, is_demo=actor.is_demo).order_by().values("provider_org_id").annotate(
            provider_name_zh=Max("provider_name_zh"), provider_name_en=Max("provider_name_en"),
            late_answers=Count("id", filter=_OPEN_CALL & Q(clock_at__lte=now)),
            late_reports=Count("id", filter=chosen & Q(stage__in=IN_WORK, request__deliver_by__lt=timezone.localdate(now))),
            in_time=Count("id", filter=answered & Q(answered_at__lte=F("request__answer_due_at"))), answered=Count("id", filter=answered),
            delivered_in_time=Count("id", filter=delivered & Q(request__delivered_at__date__lte=F("request__deliver_by"))),
            delivered=Count("id", filter=delivered),
        )  # fmt: skip
        found = list(rows.order_by("-late_answers", "-late_reports", "provider_name_zh", "provider_org_id")[:limit])
    return [Keeper(**{name: value for name, value in row.items() if name != "provider_org_id"}) for row in found]


def states(
    actor: Actor, *, late: bool = False, kind: str = "", now: datetime, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[Any]:
    """What is seen of each request: its state and times, the provider, the step and the district. Newest first.

    `late`: not answered in its hours, or not delivered by its day.
    """
    actor.must_wear(*WATCHERS)
    rows = ServiceRequest.objects.visible_to(actor).filter(is_demo=actor.is_demo).only(*_STATES).order_by("-created_at", "-id")
    if late:
        rows = rows.filter(Q(state="new", answer_due_at__lte=now) | Q(state__in=IN_WORK, deliver_by__lt=timezone.localdate(now)))
    if kind:
        rows = rows.filter(kind=kind)
    return list(_after(rows, "created_at", after)[: limit + 1])
