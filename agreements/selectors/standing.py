"""Where the clauses of one agreement stand, and how its sides kept their word: a handful of questions, however many clauses it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from agreements.compliance import METHOD, PERIODS, period_of
from agreements.lineage import Lines
from agreements.models import Agreement, AgreementVersion, Clause, ClauseReading, ComplianceKept, Obligation
from agreements.standing import Standing, standing_of
from foundation.actor import Actor


@dataclass(frozen=True)
class Stands:
    """One clause, where it stands, and the rows behind that."""

    clause: Clause
    standing: Standing
    duties: Sequence[Obligation]
    reading: ClauseReading | None


def stands_of(actor: Actor, agreement: Agreement, version: AgreementVersion, clauses: Sequence[Clause], *, today: date) -> list[Stands]:
    """Every clause of the version in its order. Duties that it goes on with from an earlier text count with its own."""
    of = _lines(actor, agreement, version, clauses)
    duties: dict[UUID, list[Obligation]] = defaultdict(list)
    for row in Obligation.objects.visible_to(actor).filter(agreement=agreement, clause_id__in=list(of)).order_by("due_on", "id"):
        duties[of[row.clause_id]].append(row)
    latest: dict[UUID, ClauseReading] = {}
    asked = ClauseReading.objects.visible_to(actor).filter(agreement=agreement, clause_id__in=list(of), as_of__lte=today)
    for reading in asked.order_by("clause_id", "-as_of", "-at", "-id").distinct("clause_id"):
        heir = of[reading.clause_id]
        # A reading was held against the words of its own clause: one of an earlier text stands only until the new clause has its own.
        if heir == reading.clause_id or heir not in latest:
            latest[heir] = reading
    return [_stands(clause, duties[clause.pk], latest.get(clause.pk), today) for clause in clauses]


def _stands(clause: Clause, duties: list[Obligation], reading: ClauseReading | None, today: date) -> Stands:
    standing = standing_of(clause.type, clause.params, [reading] if reading else [], duties, today)
    return Stands(clause, standing, duties, reading)


def _lines(actor: Actor, agreement: Agreement, version: AgreementVersion, clauses: Sequence[Clause]) -> Mapping[UUID, UUID]:
    """Each clause, and each clause that it goes on with: to the clause as it stands in this version."""
    of = {clause.pk: clause.pk for clause in clauses}
    if version.number == 1 or not version.in_force:
        return of
    texts: dict[int, tuple[date, list[Clause]]] = {}
    rows = Clause.objects.visible_to(actor).filter(
        version__agreement=agreement, version__in_force=True, version__number__lte=version.number
    )
    for clause in rows.select_related("version").order_by("version__number", "order"):
        texts.setdefault(clause.version.number, (clause.version.effective_from, []))[1].append(clause)
    lines = Lines(list(texts.values()))
    for clause in clauses:
        of |= dict.fromkeys(lines.before.get(clause.pk, ()), clause.pk)
    return of


def kept_in(actor: Actor, agreement: Agreement, *, on: date) -> dict[str, dict[str, ComplianceKept]]:
    """period -> side -> how that side kept its word in the month, the quarter and the twelve months of the day. One query."""
    looked = [period_of(kind, on) for kind in PERIODS]
    mine = Q(pk=None)
    for period in looked:
        mine |= Q(period=period.kind, starts_on=period.starts_on)
    found: dict[str, dict[str, ComplianceKept]] = {period.kind: {} for period in looked}
    for row in ComplianceKept.objects.visible_to(actor).filter(mine, agreement=agreement, method=METHOD):
        found[row.period][row.side] = row
    return found


def kept_over_time(
    actor: Actor, *, agreement: Agreement | None = None, period: str = "", side: str = "", after: tuple[date, UUID] | None = None, limit: int = 25
) -> list[ComplianceKept]:  # fmt: skip
    """Newest period first; one more than `limit` tells that there are more."""
    rows = ComplianceKept.objects.visible_to(actor).filter(method=METHOD).order_by("-starts_on", "-id").prefetch_related("agreement")
    same = {"agreement": agreement, "period": period, "side": side}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if after is not None:
        day, pk = after
        rows = rows.filter(starts_on__lte=day).filter(Q(starts_on__lt=day) | Q(starts_on=day, pk__lt=pk))
    return list(rows[: limit + 1])
