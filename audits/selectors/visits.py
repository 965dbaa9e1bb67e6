"""Questions about visits: what is on the calendar, who is on the team, what was said of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.schedule import add_months
from audits.models import Audit, AuditTeam, DateAsk, OwnerProgramme
from audits.status import AHEAD
from foundation.actor import Actor, Hat
from parties.models import Membership

VISITS = (Audit.Kind.SECOND_PARTY, Audit.Kind.FOLLOW_UP)
CONDUCTS = ("auditor", "quality", "cqo", "org_admin")
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Auditor:
    """Somebody of the chain owner's firm who may conduct a visit."""

    person_id: UUID
    name: str
    is_auditor: bool  # holds the role itself, and not one that covers it


def auditors(actor: Actor) -> list[Auditor]:
    """Who of the firm may conduct visits today: those who are auditors first, then by name."""
    today = timezone.localdate()
    rows = Membership.objects.visible_to(actor).filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today, role__in=CONDUCTS)
    found: dict[UUID, Auditor] = {}
    for row in rows.order_by("person_name", "person_id", "id"):
        was = found.get(row.person_id)
        is_auditor = row.role == "auditor" or (was is not None and was.is_auditor)
        found[row.person_id] = Auditor(row.person_id, row.person_name, is_auditor)
    return sorted(found.values(), key=lambda one: not one.is_auditor)


def visits(actor: Actor) -> QuerySet[Audit]:
    """Every visit that the actor sees."""
    return Audit.objects.visible_to(actor).filter(kind__in=VISITS)


def team_of(actor: Actor, audit: Audit) -> list[AuditTeam]:
    """Who conducts a visit, the lead first."""
    return list(AuditTeam.objects.visible_to(actor).filter(audit=audit).order_by("-is_lead", "joined_at", "id"))


def on_team(actor: Actor, audit: Audit) -> bool:
    """Whether the person who acts conducts this visit."""
    return AuditTeam.objects.visible_to(actor).filter(audit=audit, person_id=actor.person_id).exists()


def date_asks_of(actor: Actor, audit: Audit) -> list[DateAsk]:
    """What was said of the day, newest first."""
    return list(DateAsk.objects.visible_to(actor).filter(audit=audit).order_by("-number"))


def visits_between(actor: Actor, *, first: date, last: date, person_id: UUID | None = None) -> list[Audit]:
    """Visits from a day to a day, both included, by day; of one auditor where one is named. What was called off is not there."""
    rows = visits(actor).filter(visit_on__gte=first, visit_on__lte=last).exclude(state=Audit.State.CANCELLED)
    if actor.hat is not Hat.OWNER:
        rows = rows.exclude(state=Audit.State.PLANNED)  # pencilled in, and told to nobody yet
    if person_id is not None:
        rows = rows.filter(pk__in=AuditTeam.objects.visible_to(actor).filter(person_id=person_id).values("audit_id"))
    return list(rows.prefetch_related("agreement", "checklist", "team").order_by("visit_on", "half", "id")[:MOST])


def visits_of_programme(actor: Actor, programme: OwnerProgramme, *, limit: int = 12) -> list[Audit]:
    """The next visits of a programme, by day."""
    rows = visits(actor).filter(programme__owner_programme=programme, state__in=AHEAD, visit_on__gte=timezone.localdate())
    return list(rows.prefetch_related("agreement", "team").order_by("visit_on", "id")[:limit])


def standing_load(actor: Actor, *, first: date, last: date, without: OwnerProgramme | None = None) -> list[tuple[date, int]]:
    """Day and half-days of every visit that is on the calendar already, but for those of one programme."""
    rows = visits(actor).filter(state__in=AHEAD, visit_on__gte=first, visit_on__lte=last)
    if without is not None:
        rows = rows.exclude(programme__owner_programme=without)
    return list(rows.values_list("visit_on", "halves"))


@dataclass(frozen=True, slots=True)
class AuditorLoad:
    """The half-days of one auditor in each of some months: what is agreed already."""

    auditor: Auditor
    halves: dict[date, int]


def loads(actor: Actor, *, first: date, months: int) -> list[AuditorLoad]:
    """For every auditor of the firm, the half-days of visits on whose team it stands, by month."""
    last = add_months(first, months) - timedelta(days=1)
    rows = AuditTeam.objects.visible_to(actor).filter(audit__state__in=AHEAD, audit__visit_on__gte=first, audit__visit_on__lte=last)
    counted: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for person_id, day, halves in rows.values_list("person_id", "audit__visit_on", "audit__halves"):
        counted[person_id][day.replace(day=1)] += halves
    return [AuditorLoad(one, dict(counted.get(one.person_id, {}))) for one in auditors(actor)]


def share_out(loads_now: Iterable[AuditorLoad], wanted: dict[date, int]) -> list[AuditorLoad]:
    """The same auditors with new half-days given to whoever has least in that month: what activation would mean for each."""
    rows = [(load.auditor, dict(load.halves)) for load in loads_now]
    # Auditors by role carry the work; others only where there is nobody.
    bearers = [row for row in rows if row[0].is_auditor] or rows
    for month, halves in wanted.items():
        for _half in range(halves if bearers else 0):
            _one, has = min(bearers, key=lambda row: row[1].get(month, 0))
            has[month] = has.get(month, 0) + 1
    return [AuditorLoad(auditor, has) for auditor, has in rows]
