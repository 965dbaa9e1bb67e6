"""What needs an officer this morning, and what went well: appeals, spikes, stalled projects, and the last thing that was solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from django.db.models import Count, F, Q

from audits.models import Finding
from foundation.actor import Actor
from oversight.models import Milestone, Problem, ResearchProject

WEEK = timedelta(days=7)
WEEKS_BEFORE = 8
# A week's findings are held against the eight weeks before, as counts that vary by chance: three of their own spreads above, and
# never fewer than five. Chosen by us; a spike is something to look at, not a verdict.
FEWEST, SPREADS = 5, 3
MOST = 5
STORY_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Spike:
    """A district in which far more findings were raised this week than usually."""

    region_code: str
    this_week: int
    usual: float


def is_spike(this_week: int, before: int) -> bool:
    """Whether a week's count stands out from the sum of the eight weeks before."""
    usual = before / WEEKS_BEFORE
    return this_week >= FEWEST and this_week > usual + SPREADS * sqrt(usual)


def spikes(actor: Actor, *, now: datetime) -> list[Spike]:
    """Districts where this week stands out, the largest first. One query over nine weeks of findings."""
    fresh = Q(raised_at__gt=now - WEEK)
    rows = Finding.objects.visible_to(actor).filter(raised_at__gt=now - WEEK * (WEEKS_BEFORE + 1), raised_at__lte=now)
    rows = rows.exclude(grade=Finding.Grade.OFI).exclude(agreement__region_code="")
    counted = (
        rows.order_by().values_list("agreement__region_code").annotate(fresh=Count("id", filter=fresh), before=Count("id", filter=~fresh))
    )
    found = [Spike(code, n, before / WEEKS_BEFORE) for code, n, before in counted if is_spike(n, before)]
    return sorted(found, key=lambda each: (-each.this_week, each.region_code))[:MOST]


@dataclass(frozen=True)
class Stalled:
    """A project at work whose step is late."""

    project: ResearchProject
    due_on: date


def stalled_projects(actor: Actor, *, today: date) -> list[Stalled]:
    """Projects at work with a late step, the longest wait first. One query."""
    rows = Milestone.objects.visible_to(actor).filter(done_on=None, due_on__lt=today, project__state__in=["approved", "running", "review"])
    first: dict[object, Stalled] = {}
    for step in rows.select_related("project").order_by("due_on", "id")[: MOST * 5]:
        first.setdefault(step.project_id, Stalled(step.project, step.due_on))
    return list(first.values())[:MOST]


@dataclass(frozen=True)
class Story:
    """The last thing that went well: a problem solved, or the finding that took longest among those closed last week."""

    problem: Problem | None = None
    finding: Finding | None = None


def good_story(actor: Actor, *, now: datetime) -> Story:
    """Two queries at most; empty where nothing was solved or closed."""
    solved = Problem.objects.visible_to(actor).filter(state="solved", state_since__gt=now - STORY_FOR, state_since__lte=now)
    problem = solved.order_by("-state_since", "-id").first()
    if problem is not None:
        return Story(problem=problem)
    closed = Finding.objects.visible_to(actor).filter(state="closed", closed_at__gt=now - WEEK, closed_at__lte=now)
    took = closed.exclude(grade=Finding.Grade.OFI).annotate(took=F("closed_at") - F("raised_at")).select_related("agreement")
    return Story(finding=took.order_by("-took", "id").first())
