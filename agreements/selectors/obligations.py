"""Questions about who owes what: states are asked as days, so that no job has to move them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from agreements.compliance import SOON_DAYS, Compliance, state_of
from agreements.models import Agreement, Obligation, Waiver
from foundation.actor import Actor
from foundation.errors import Absent
from records.models import RecordEntry
from suppliers.models import Paper

PAGE = 25
OPEN = Q(met_on=None, void_at=None, waived_at=None)


def in_state(state: str, *, today: date) -> Q:
    """The rows whose state is this on the day: the same rule as compliance.state_of(), said to the database.

    "open" joins all that is still to do, "near" what of it is due within days or overdue; an unknown state matches nothing.
    """
    soon = today + timedelta(days=SOON_DAYS)
    running = OPEN & Q(paused_on=None)
    questions = {
        "met": Q(met_on__isnull=False, met_on__lte=F("due_on")),
        "met_late": Q(met_on__gt=F("due_on")),
        "void": Q(met_on=None, void_at__isnull=False),
        "waived": Q(met_on=None, void_at=None, waived_at__isnull=False),
        "overdue": running & Q(due_on__lt=today, grace_until__lt=today),
        "due": running & Q(due_on__lte=today, grace_until__gte=today),
        "due_soon": running & Q(due_on__gt=today, due_on__lte=soon),
        "scheduled": OPEN & (Q(due_on__gt=soon) | Q(paused_on__isnull=False)),
        "near": running & Q(due_on__lte=soon),
        "open": OPEN,
    }
    return questions.get(state, Q(pk__in=[]))


def state_on(obligation: Obligation, today: date) -> str:
    """The state of a row on a day."""
    return state_of(
        obligation.due_on, obligation.met_on, obligation.waived_at is not None, obligation.void_at is not None, today,
        grace_days=obligation.grace_days, paused=obligation.paused_on is not None,
    )  # fmt: skip


class Filters(TypedDict, total=False):
    """What a list of duties may be asked for; what is empty asks for everything."""

    side: str
    state: str
    agreement: Agreement | None
    day: date | None


def obligations(
    actor: Actor, *, today: date, after: tuple[date, UUID] | None = None, limit: int = PAGE, **asked: Unpack[Filters]
) -> list[Obligation]:  # fmt: skip
    """By due day; one more than `limit` tells that there are more."""
    # Fetched beside, not joined: with a wall on both tables the planner takes the second for a choice of rows, and reads all.
    rows = Obligation.objects.visible_to(actor).order_by("due_on", "id").prefetch_related("agreement")
    same = {"side": asked.get("side"), "agreement": asked.get("agreement"), "due_on": asked.get("day")}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if state := asked.get("state"):
        rows = rows.filter(in_state(state, today=today))
    if after is not None:
        due_on, pk = after
        rows = rows.filter(due_on__gte=due_on).filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))
    return list(rows[: limit + 1])


def next_duties(actor: Actor, agreement: Agreement, *, each: int) -> dict[str, list[Obligation]]:
    """side -> its first open duties under an agreement, by due day. One query for both sides."""
    place = Window(RowNumber(), partition_by="side", order_by=["due_on", "id"])
    rows = Obligation.objects.visible_to(actor).filter(OPEN, agreement=agreement).annotate(place=place).filter(place__lte=each)
    found: dict[str, list[Obligation]] = {"supplier": [], "owner": []}
    for row in rows.order_by("due_on", "id"):
        row.agreement = agreement
        found[row.side].append(row)
    return found


def obligation_for(actor: Actor, obligation_id: UUID) -> Obligation:
    """One obligation with its agreement, or Absent."""
    found = Obligation.objects.visible_to(actor).filter(pk=obligation_id).select_related("agreement").first()
    if found is None:
        raise Absent
    return found


def waiver_of(actor: Actor, obligation: Obligation) -> Waiver | None:
    """Why the other side let a duty go; None where it did not."""
    return Waiver.objects.visible_to(actor).filter(pk=obligation.pk).first()


def entries_of(actor: Actor, obligation: Obligation) -> list[RecordEntry]:
    """What the common record says of one duty, newest first."""
    rows = RecordEntry.objects.visible_to(actor).filter(stream_id=obligation.agreement.stream_id, subject_id=obligation.pk)
    return list(rows.select_related("payload").order_by("-at", "-id"))


def papers_for(actor: Actor, kind: str, *, on: date) -> list[Paper]:
    """The actor's own papers of a kind that are valid on the day, newest first."""
    rows = Paper.objects.visible_to(actor).filter(kind=kind, retired_at=None).exclude(state="rejected")
    return list(rows.filter(Q(expires_on=None) | Q(expires_on__gte=on)).order_by("-filed_at", "-id")[:5])


def compliance_of(actor: Actor, agreements: Iterable[Agreement | UUID], *, today: date) -> dict[UUID, dict[str, Compliance]]:
    """agreement -> side -> how that side kept its word up to the day. One query, whatever the number of agreements."""
    ids = [a if isinstance(a, UUID) else a.pk for a in agreements]
    counts = {
        name: Count("pk", filter=in_state(state, today=today))
        for name, state in (("n_met", "met"), ("n_late", "met_late"), ("n_overdue", "overdue"), ("n_waived", "waived"), ("n_void", "void"))
    }
    rows = Obligation.objects.visible_to(actor).filter(agreement_id__in=ids).values("agreement_id", "side")
    found: dict[UUID, dict[str, Compliance]] = {pk: {"owner": Compliance(), "supplier": Compliance()} for pk in ids}
    for row in rows.annotate(n=Count("pk"), **counts).order_by():
        counted: dict[str, Any] = dict(row)
        judged = {name: counted[f"n_{short}"] for name, short in _SHORT.items()}
        found[row["agreement_id"]][row["side"]] = Compliance(**judged, open=counted["n"] - sum(judged.values()))
    return found


_SHORT = {"met": "met", "met_late": "late", "overdue": "overdue", "waived": "waived", "void": "void"}


def by_day(actor: Actor, *, first: date, last: date, each: int) -> tuple[dict[date, int], list[Obligation]]:
    """How many duties of both sides fall due on each day, and the first few of every day. Two queries, however long the days are."""
    rows = Obligation.objects.visible_to(actor).filter(due_on__gte=first, due_on__lte=last, void_at=None)
    counts = dict(rows.values_list("due_on").annotate(n=Count("pk")).order_by("due_on"))
    place = Window(RowNumber(), partition_by="due_on", order_by=["side", "id"])
    shown = rows.annotate(place=place).filter(place__lte=each).order_by("due_on", "place").prefetch_related("agreement")
    return counts, list(shown)


def ahead_of(actor: Actor, *, first: date, last: date, limit: int) -> list[Obligation]:
    """What a calendar shows: duties of both sides within these days that are still to do, or were done, by day."""
    rows = Obligation.objects.visible_to(actor).filter(due_on__gte=first, due_on__lte=last, void_at=None, waived_at=None)
    return list(rows.order_by("due_on", "id").prefetch_related("agreement")[:limit])
