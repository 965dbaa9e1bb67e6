"""How both sides kept their word by quarter, the agreements that wait longest, and what a reminder would reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncQuarter

from agreements.compliance import period_of
from agreements.models import Agreement, Obligation
from agreements.schedule import add_months
from foundation.actor import Actor
from oversight.filters import Asked
from oversight.models import ReminderRound
from oversight.selectors.compliance import AgreementRow, asked_for, count_into
from oversight.selectors.counting import MET, ON_TIME, overdue

QUARTERS = 8
MOST_REMINDED = 200


@dataclass
class QuarterKept:
    """One side in one quarter: met on time, late, or overdue, of the duties whose day fell in it."""

    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def n(self) -> int:
        return self.on_time + self.late + self.overdue

    @property
    def rate(self) -> int | None:
        """Met on time of all that came due, in whole per cent, rounded down; None where nothing came due."""
        return self.on_time * 100 // self.n if self.n else None


@dataclass
class Quarter:
    """Both sides in one quarter."""

    starts_on: date
    owner: QuarterKept = field(default_factory=QuarterKept)
    supplier: QuarterKept = field(default_factory=QuarterKept)


def kept_by_quarter(actor: Actor, asked: Asked, *, today: date) -> list[Quarter]:
    """The last eight quarters, the running one last; counted from the duties themselves. One query."""
    running = period_of("quarter", today).starts_on
    starts = [add_months(running, -3 * back) for back in range(QUARTERS - 1, -1, -1)]
    rows = Obligation.objects.visible_to(actor).filter(due_on__gte=starts[0], due_on__lte=today, **_within(asked))
    counted = (
        rows.order_by().annotate(quarter=TruncQuarter("due_on")).values_list("quarter", "side")
        .annotate(on_time=Count("id", filter=ON_TIME), met=Count("id", filter=MET), overdue=Count("id", filter=overdue(today)))
    )  # fmt: skip
    found = {start: Quarter(start) for start in starts}
    for start, side, on_time, met, late in counted:
        if start in found:
            setattr(found[start], side, QuarterKept(on_time, met - on_time, late))
    return list(found.values())


def _within(asked: Asked) -> dict[str, Any]:
    same = {
        "owner_org_id": asked.owner, "agreement__region_code": asked.region, "agreement__town_code": asked.town,
        "agreement__node_codes__contains": [asked.node] if asked.node else "",
    }  # fmt: skip
    return {name: value for name, value in same.items() if value}


def worst_page(
    actor: Actor, asked: Asked, *, today: date, after: tuple[int, date, UUID] | None = None, size: int
) -> tuple[list[AgreementRow], tuple[int, date, UUID] | None]:
    """Agreements with something overdue, the most of it first, then the longest wait; and where the next page goes on. Three queries."""
    late = Obligation.objects.visible_to(actor).filter(overdue(today), **_within(asked))
    if asked.side:
        late = late.filter(side=asked.side)
    if asked.q or asked.state or asked.work:
        late = late.filter(agreement__in=asked_for(actor, asked, today).values("pk"))
    ranked = late.order_by().values("agreement_id").annotate(n=Count("id"), first=Min("due_on"))
    if after is not None:
        n, first, pk = after
        ranked = ranked.filter(Q(n__lt=n) | Q(n=n, first__gt=first) | Q(n=n, first=first, agreement_id__gt=pk))
    found = list(ranked.order_by("-n", "first", "agreement_id")[: size + 1])
    page = found[:size]
    known = Agreement.objects.visible_to(actor).in_bulk([row["agreement_id"] for row in page])
    rows = [AgreementRow(known[row["agreement_id"]]) for row in page if row["agreement_id"] in known]
    count_into(actor, {row.agreement.pk: row for row in rows}, today)
    last = page[-1] if len(found) > size else None
    return rows, (last["n"], last["first"], last["agreement_id"]) if last else None


def overdue_of(actor: Actor, agreement_ids: Iterable[UUID], *, side: str, today: date) -> list[UUID]:
    """The overdue duties of some agreements, the longest wait first."""
    rows = Obligation.objects.visible_to(actor).filter(overdue(today), agreement_id__in=list(agreement_ids))
    if side:
        rows = rows.filter(side=side)
    return list(rows.order_by("due_on", "id").values_list("pk", flat=True)[:MOST_REMINDED])


def overdue_asked(actor: Actor, asked: Asked, *, today: date) -> list[UUID]:
    """The agreements that fit the filters and have something overdue, the worst first."""
    rows, _more = worst_page(actor, asked, today=today, size=MOST_REMINDED)
    return [row.agreement.pk for row in rows]


def agreements_by_id(actor: Actor, ids: Iterable[UUID]) -> list[Agreement]:
    """Those of the ids that the actor sees."""
    return list(Agreement.objects.visible_to(actor).filter(pk__in=list(ids)).order_by("number", "pk"))


@dataclass
class RoundAnswered:
    """One bulk reminder and what came of it."""

    row: ReminderRound
    duties: int
    met: int


def reminder_rounds(actor: Actor, *, limit: int = 25) -> list[RoundAnswered]:
    """The newest rounds, each with how many of its duties were met since. Two queries."""
    rows = list(ReminderRound.objects.visible_to(actor).order_by("-sent_at", "-id")[:limit])
    ids = [pk for row in rows for pk in row.obligation_ids]
    met: dict[UUID, Any] = dict(Obligation.objects.visible_to(actor).filter(pk__in=ids, met_at__isnull=False).values_list("pk", "met_at"))
    return [
        RoundAnswered(row, len(row.obligation_ids), sum(pk in met and met[pk] >= row.sent_at for pk in row.obligation_ids)) for row in rows
    ]
