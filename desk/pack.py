"""The quarterly pack of one relation: how both sides kept their word, what is open, what comes. One source for page, PDF and xlsx."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from agreements.cards import firm_name, obligation_cards
from agreements.compliance import Compliance, counted
from agreements.models import Agreement, Clause, Obligation, SealedSample
from agreements.schedule import add_months
from agreements.selectors import clauses_by_id, clauses_of, in_state, state_on, version_in_force
from agreements.selectors.samples import binding_samples
from agreements.selectors.standing import Stands, stands_of
from audits.models import Audit, Finding
from foundation.actor import Actor, Hat
from suppliers.models import SupplyLink

SIDES = ("owner", "supplier")
QUARTER_MONTHS = 3
MOST_DUTIES, MOST_FINDINGS, MOST_AHEAD = 2_000, 500, 40


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter: its first day, and the first day after it."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * QUARTER_MONTHS + 1, 1)

    @property
    def after(self) -> date:
        return add_months(self.first, QUARTER_MONTHS)

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def code(self) -> str:
        return f"{self.year}-Q{self.number}"

    def earlier(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // QUARTER_MONTHS + 1)

    @classmethod
    def named(cls, code: str, *, today: date) -> Quarter:
        """The quarter that an address names; anything unreadable, or still to come, is the running one."""
        year, mark, number = code.partition("-Q")
        if mark and year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4") and int(year) > 2000:
            asked = cls(int(year), int(number))
            if asked.first <= today:
                return asked
        return cls.of(today)


@dataclass(slots=True)
class Side:
    """One side's quarter: counts, and the duties that were not kept in time."""

    name: str
    kept: Compliance = field(default_factory=Compliance)
    late: list[dict[str, Any]] = field(default_factory=list)
    ahead: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Pack:
    """All that a quarterly meeting reads of one relation."""

    link: SupplyLink
    quarter: Quarter
    as_of: date
    agreements: list[Agreement]
    sides: dict[str, Side]
    audits: list[Audit]
    findings: list[Finding]
    samples: list[SealedSample]
    stands: list[tuple[Agreement, Stands]]
    is_cut: bool

    @property
    def is_running(self) -> bool:
        return self.quarter.after > self.as_of

    @property
    def has_data(self) -> bool:
        return bool(self.agreements)


def pack_for(actor: Actor, link: SupplyLink, quarter: Quarter, *, today: date) -> Pack:
    """The pack as it stands today. A duty belongs to the quarter of its due day; a finding to those in which it was raised, open or closed."""
    agreements = list(Agreement.objects.visible_to(actor).filter(link=link).exclude(state="draft").order_by("created_at", "id"))
    ids = [row.pk for row in agreements]
    duties, ahead = _duties(actor, ids, quarter)
    clauses = clauses_by_id(actor, [row.clause_id for row in (*duties, *ahead)])
    sides = {side: _side(actor, side, link, duties, ahead, clauses, today) for side in SIDES}
    audits = Audit.objects.visible_to(actor).filter(agreement_id__in=ids, visit_on__gte=quarter.first, visit_on__lt=quarter.after)
    findings = Finding.objects.visible_to(actor).filter(agreement_id__in=ids, raised_at__date__lt=quarter.after)
    touched = Q(closed_at=None) | Q(closed_at__date__gte=quarter.first)
    rows = list(findings.filter(touched).exclude(state__in=("draft", "withdrawn")).order_by("due_on", "id")[: MOST_FINDINGS + 1])
    return Pack(
        link=link, quarter=quarter, as_of=today, agreements=agreements, sides=sides,
        audits=list(audits.exclude(state="cancelled").order_by("visit_on", "id")[:MOST_FINDINGS]), findings=rows[:MOST_FINDINGS],
        samples=binding_samples(actor, link_id=link.pk, on=min(today, quarter.last)), stands=_stands(actor, agreements, today), is_cut=len(duties) > MOST_DUTIES or len(rows) > MOST_FINDINGS,
    )  # fmt: skip


def _duties(actor: Actor, ids: list[UUID], quarter: Quarter) -> tuple[list[Obligation], list[Obligation]]:
    """The duties due in the quarter, and the first of the next."""
    rows = Obligation.objects.visible_to(actor).filter(agreement_id__in=ids).order_by("due_on", "id").prefetch_related("agreement")
    due = rows.filter(due_on__gte=quarter.first, due_on__lt=quarter.after)
    coming = rows.filter(met_on=None, waived_at=None, void_at=None, due_on__gte=quarter.after, due_on__lt=add_months(quarter.after, QUARTER_MONTHS))
    return list(due[: MOST_DUTIES + 1]), list(coming[:MOST_AHEAD])


def _stands(actor: Actor, agreements: Iterable[Agreement], today: date) -> list[tuple[Agreement, Stands]]:
    """Where each clause in force today stands; a relation has a handful of agreements at most."""
    found = []
    for agreement in agreements:
        version = version_in_force(actor, agreement, today) if agreement.state in ("in_force", "suspended") else None
        if version is not None:
            rows = stands_of(actor, agreement, version, clauses_of(actor, version), today=today)
            found += [(agreement, each) for each in rows if each.standing.state != "not_computed"]
    return found


def _side(
    actor: Actor, side: str, link: SupplyLink, duties: Iterable[Obligation], ahead: Iterable[Obligation], clauses: dict[UUID, Clause], today: date
) -> Side:
    mine = [row for row in duties if row.side == side]
    late = [row for row in mine if state_on(row, today) in ("overdue", "met_late")]
    agreement = next((row.agreement for row in (*mine, *ahead)), None)
    name = firm_name(agreement, side) if agreement else ""
    return Side(
        name=name, kept=counted(state_on(row, today) for row in mine), late=obligation_cards(late, clauses, today=today),
        ahead=obligation_cards([row for row in ahead if row.side == side], clauses, today=today),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of the list: the relation, and how each side kept its word in the quarter."""

    link: SupplyLink
    kept: dict[str, Compliance]


def relations(actor: Actor, quarter: Quarter, *, today: date, query: str = "", after: tuple[str, UUID] | None = None, limit: int = 50) -> list[Relation]:
    """The firms with which there is an agreement, by name; one more than `limit` tells that there are more. Two queries."""
    with_agreement = Agreement.objects.visible_to(actor).filter(link_id=OuterRef("pk")).exclude(state="draft")
    rows = SupplyLink.objects.visible_to(actor).filter(Exists(with_agreement)).order_by("pinyin_key", "id")
    if query:
        name = "name" if actor.hat == Hat.OWNER else "owner_name"
        rows = rows.filter(Q(**{f"{name}_zh__icontains": query}) | Q(**{f"{name}_en__icontains": query}))
    if after is not None:
        rows = rows.filter(pinyin_key__gte=after[0]).filter(Q(pinyin_key__gt=after[0]) | Q(pinyin_key=after[0], pk__gt=after[1]))
    page = list(rows[: limit + 1])
    kept = _kept(actor, [link.pk for link in page], quarter, today)
    return [Relation(link, {side: kept.get((link.pk, side), Compliance()) for side in SIDES}) for link in page]


def _kept(actor: Actor, link_ids: list[UUID], quarter: Quarter, today: date) -> dict[tuple[UUID, str], Compliance]:
    names = ("met", "met_late", "overdue", "waived", "void")
    counts = {f"n_{name}": Count("pk", filter=in_state(name, today=today)) for name in names}
    rows = Obligation.objects.visible_to(actor).filter(agreement__link_id__in=link_ids, due_on__gte=quarter.first, due_on__lt=quarter.after)
    found = {}
    for row in rows.values("agreement__link_id", "side").annotate(n=Count("pk"), **counts).order_by():
        counted_here: dict[str, Any] = dict(row)
        judged = {name: counted_here[f"n_{name}"] for name in names}
        found[row["agreement__link_id"], row["side"]] = Compliance(**judged, open=row["n"] - sum(judged.values()))
    return found
