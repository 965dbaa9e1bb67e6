"""Questions about problems and reports. What others may read of firms is counted here, and hidden under five."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from inspections.models import CharacteristicResult
from oversight.models import Problem, ProblemEvent, ProblemEvidence, ProblemReport
from oversight.problem_rules import Known
from parties.models import Organisation

PAGE = 25
YEAR = timedelta(days=365)
MOST = 2000


@dataclass(frozen=True)
class Wanted:
    """The filters of the list of problems; each is one parameter of the address."""

    state: str = ""
    category: str = ""
    node: str = ""
    region: str = ""
    q: str = ""


def problem_for(actor: Actor, problem_id: UUID) -> Problem:
    """One problem of the actor's world, or Absent. Before it is confirmed only the bureau's world holds it."""
    found: Problem | None = Problem.objects.visible_to(actor).select_related("duplicate_of").filter(pk=problem_id).first()
    if found is None:
        raise Absent
    return found


def problems(actor: Actor, wanted: Wanted, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE + 1) -> list[Problem]:
    """Confirmed problems, the latest step first; a merged one is found under the other."""
    rows = Problem.objects.visible_to(actor).exclude(confirmed_at=None).filter(duplicate_of=None)
    rows = _narrowed(rows, wanted)
    if after is not None:
        rows = rows.filter(state_since__lte=after[0]).exclude(state_since=after[0], pk__gte=after[1])
    return list(rows.order_by("-state_since", "-id")[:limit])


def _narrowed(rows: Any, wanted: Wanted) -> Any:
    if wanted.state == "open":
        rows = rows.exclude(state__in=("solved", "closed"))
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    for column, value in (("category", wanted.category), ("node_code", wanted.node)):
        if value:
            rows = rows.filter(**{column: value})
    if wanted.region:
        rows = rows.filter(Q(region_codes=[]) | Q(region_codes__contains=[wanted.region]))
    if wanted.q:
        rows = rows.filter(Q(statement__icontains=wanted.q) | Q(code__iexact=wanted.q))
    return rows


def desk_problems(actor: Actor) -> list[Problem]:
    """What the bureau has written down and not confirmed, the gravest first."""
    return list(
        Problem.objects.visible_to(actor)
        .filter(state__in=("reported", "triaged"), duplicate_of=None)
        .order_by("-severity", "state_since")[:200]
    )


def reports(actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE + 1) -> list[ProblemReport]:
    """Reports of the actor's world, newest first: a firm's own, or all for the bureau."""
    rows = ProblemReport.objects.visible_to(actor).select_related("problem")
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(at__lte=after[0]).exclude(at=after[0], pk__gte=after[1])
    return list(rows.order_by("-at", "-id")[:limit])


def report_for(actor: Actor, report_id: UUID) -> ProblemReport:
    """One report of the actor's world, or Absent."""
    found: ProblemReport | None = ProblemReport.objects.visible_to(actor).select_related("problem").filter(pk=report_id).first()
    if found is None:
        raise Absent
    return found


def events_of(actor: Actor, problem: Problem) -> list[ProblemEvent]:
    """The steps of a problem, newest first."""
    return list(ProblemEvent.objects.visible_to(actor).filter(problem=problem).order_by("-at", "-id")[:100])


def evidence_of(actor: Actor, family: Sequence[UUID]) -> list[ProblemEvidence]:
    """What sources outside the platform say, newest first; for the bureau and the institutes."""
    return list(ProblemEvidence.objects.visible_to(actor).filter(problem_id__in=family).order_by("-seen_on", "-id")[:100])


def reports_of(actor: Actor, family: Sequence[UUID]) -> list[ProblemReport]:
    """The reports that belong to a problem and to those merged into it, as far as the actor may read them."""
    return list(ProblemReport.objects.visible_to(actor).filter(problem_id__in=family).order_by("-at", "-id")[:100])


def family_of(problem: Problem) -> list[UUID]:
    """The problem and those merged into it."""
    with acting_as(Hat.CLOCK):
        return [problem.pk, *Problem.objects.filter(duplicate_of=problem).values_list("pk", flat=True)]


def known_of(problem: Problem, *, today: date, family: Sequence[UUID] = ()) -> Known:
    """What is known today, as counts and no names. Counted by the clock: the bureau reads no results."""
    family = family or family_of(problem)
    with acting_as(Hat.CLOCK):
        reporters = ProblemReport.objects.filter(problem_id__in=family, state="taken").values("reporter_org_id").distinct().count()
        outside = [
            (row.nonconforming, row.looked_at)
            for row in ProblemEvidence.objects.filter(problem_id__in=family, seen_on__gte=today - 3 * YEAR)
        ]
        looked, firms = _firms(problem, today)
    best = max(outside, default=(0, 0))
    return Known(firms=firms, looked_at=looked, reporters=reporters, outside_firms=best[0], outside_looked_at=best[1])


def _firms(problem: Problem, today: date) -> tuple[int, int]:
    """(firms of the node and place whose lots were judged within a year, those of them with a lot beyond its limit)."""
    if not problem.characteristic_code:
        return 0, 0
    rows = CharacteristicResult.objects.filter(
        characteristic_code=problem.characteristic_code, made_on__gte=today - YEAR, verdict__in=("in", "out"), replaced_by=None
    )
    if problem.node_code or problem.region_codes:
        there = Organisation.objects.all()
        if problem.node_code:
            there = there.filter(node_codes__contains=[problem.node_code])
        if problem.region_codes:
            there = there.filter(Q(region_id__in=problem.region_codes) | Q(town_id__in=problem.region_codes))
        rows = rows.filter(supplier_org_id__in=there.values("pk"))
    worst = rows.values_list("supplier_org_id").annotate(worst=Max("verdict"))  # "out" stands after "in"
    judged = [verdict == "out" for _firm, verdict in worst]
    return len(judged), sum(judged)


def all_problems(actor: Actor, wanted: Wanted) -> Sequence[Problem]:
    """Every problem of the list, for a file."""
    return problems(actor, wanted, limit=MOST)
