"""Programmes of an owner, whom they cover, and what twelve months of one look like before it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from agreements.models import Agreement
from agreements.schedule import add_months
from audits.coverage import Interval, Reason, first_day
from audits.models import AuditProgramme, OwnerProgramme
from audits.risk import Rated, rate
from audits.schedule import Rhythm, dates_of
from audits.seasons import Quiet, Season, quiet_days, without
from audits.selectors.risk import facts_of, last_visits
from foundation.actor import Actor
from foundation.errors import Absent
from parties.selectors import working_calendar
from parties.working_days import WorkingCalendar
from suppliers.models import SupplyLink

PREVIEW_MONTHS = 12
MOST_LISTED = 20_000
BINDING = (Agreement.State.IN_FORCE, Agreement.State.SUSPENDED)


def programmes(actor: Actor) -> list[OwnerProgramme]:
    """The firm's programmes, newest first."""
    return list(
        OwnerProgramme.objects.visible_to(actor)
        .select_related("checklist")
        .prefetch_related("seasons")
        .order_by("-created_at", "-id")[:200]
    )


def programme_for(actor: Actor, programme_id: UUID) -> OwnerProgramme:
    """One programme with its checklist and seasons, or Absent outside the actor's world."""
    rows = OwnerProgramme.objects.visible_to(actor).select_related("checklist").prefetch_related("seasons")
    found = rows.filter(pk=programme_id).first()
    if found is None:
        raise Absent
    return found


def quiet_of(programme: OwnerProgramme) -> Quiet:
    """When it visits nobody."""
    seasons = tuple(Season(each.first_on, each.last_on, each.every_year) for each in programme.seasons.all())
    return Quiet(programme.spring_before, programme.spring_after, seasons)


def visiting_days(programme: OwnerProgramme, *, first: date, last: date) -> WorkingCalendar:
    """The days on which a programme visits: those that are worked, without its quiet ones."""
    return without(working_calendar(), quiet_days(quiet_of(programme), first=first, last=last))


def closed_days(programme: OwnerProgramme, *, first: date, last: date) -> frozenset[date]:
    """The quiet days alone, as a plan of visits asks for them."""
    return quiet_days(quiet_of(programme), first=first, last=last)


@dataclass(frozen=True, slots=True)
class Covered:
    """One firm of the list: visited from a day on in a rhythm, or not, and why."""

    link: SupplyLink
    agreement: Agreement | None = None
    rated: Rated | None = None
    first_on: date | None = None
    reason: Reason | None = None

    @property
    def visited(self) -> bool:
        return self.reason is None


def coverage(actor: Actor, programme: OwnerProgramme, *, today: date) -> list[Covered]:
    """Every firm of the owner's list that the programme is about, by name; who is not visited comes with the reason."""
    links = SupplyLink.objects.visible_to(actor).filter(owner_org_id=programme.owner_org_id).order_by("pinyin_key", "id")
    if programme.node_codes:
        links = links.filter(node_codes__overlap=programme.node_codes)
    lines = list(links[:MOST_LISTED])
    agreements = _agreements(actor, programme)
    ids = [line.supplier_org_id for line in lines if line.supplier_org_id in agreements]
    facts = facts_of(actor, programme.owner_org_id, ids, today=today)
    visits = last_visits(actor, programme.owner_org_id, ids)
    others = _others(actor, programme)
    starts = earliest(programme, today)
    return [_covered(programme, line, agreements, facts, visits, others, starts) for line in lines]


def earliest(programme: OwnerProgramme, today: date) -> date:
    """No visit before this day: the programme's first, and never without its whole notice."""
    return max(programme.starts_on, today + timedelta(days=programme.notice_days))


def _covered(programme, line, agreements, facts, visits, others, starts) -> Covered:  # type: ignore[no-untyped-def]
    supplier = line.supplier_org_id
    if supplier is None:
        return Covered(line, reason=Reason("not_joined"))
    agreement = agreements.get(supplier)
    if agreement is None:
        return Covered(line, reason=Reason("no_agreement"))
    if agreement.state == Agreement.State.SUSPENDED:
        return Covered(line, agreement, reason=Reason("suspended"))
    rated = rate(facts[supplier])
    if supplier in others:
        return Covered(line, agreement, rated, reason=Reason("other_programme", others[supplier]))
    if rated.band not in programme.bands:
        return Covered(line, agreement, rated, reason=Reason("other_band", rated.band))
    interval = Interval(programme.months_of(rated.band), starts, visits.get(supplier))
    return Covered(line, agreement, rated, first_day(interval, supplier))


def _agreements(actor: Actor, programme: OwnerProgramme) -> dict[UUID, Agreement]:
    """The agreement under which each supplier is visited: the oldest that binds; one in force goes before one that stands still."""
    rows = Agreement.objects.visible_to(actor).filter(owner_org_id=programme.owner_org_id, state__in=BINDING)
    # Later ones first, so that the first in force is what stays.
    ordered = sorted(rows, key=lambda row: (row.state == Agreement.State.IN_FORCE, -row.created_at.timestamp(), row.pk.int))
    return {row.supplier_org_id: row for row in ordered}


def _others(actor: Actor, programme: OwnerProgramme) -> dict[UUID, str]:
    """Suppliers that another programme of the firm visits by the same checklist: nobody is visited twice for one thing."""
    rows = AuditProgramme.objects.visible_to(actor).filter(
        owner_org_id=programme.owner_org_id, is_active=True, checklist=programme.checklist_id, owner_programme__isnull=False
    )
    names = rows.exclude(owner_programme=programme.pk).values_list("supplier_org_id", "owner_programme__name")
    return dict(names)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a preview: visits and half-days, of this programme and of what stands on the calendar already."""

    first: date
    visits: int
    halves: int
    standing: int  # half-days of visits that are on the calendar without this programme


@dataclass(frozen=True, slots=True)
class Preview:
    """Twelve months of a programme, from a day on."""

    covered: list[Covered]
    left_out: list[Covered]
    months: list[Month]
    visits: int
    halves: int


def visit_days(covered: Covered, programme: OwnerProgramme, worked: WorkingCalendar, *, until: date) -> list[date]:
    """The days of one firm's visits up to a day: what the calendar will make of them."""
    if covered.first_on is None or covered.rated is None:
        return []
    rhythm = Rhythm(
        took_effect_on=covered.first_on - timedelta(days=programme.notice_days), every_months=programme.months_of(covered.rated.band),
        every_days=0, notice_days=programme.notice_days, ends_on=programme.ends_on,
    )  # fmt: skip
    days = []
    for period in range(PREVIEW_MONTHS * 2):
        dates = dates_of(rhythm, period, worked)
        if dates.nominal_on > until or (rhythm.ends_on is not None and dates.nominal_on >= rhythm.ends_on):
            break
        days.append(dates.visit_on)
    return days


def preview(actor: Actor, programme: OwnerProgramme, *, today: date, standing: Iterable[tuple[date, int]] = ()) -> Preview:
    """What a programme would ask for in its first twelve months. Nothing is written."""
    begins = max(today, programme.starts_on).replace(day=1)
    until = add_months(begins, PREVIEW_MONTHS) - timedelta(days=1)
    worked = visiting_days(programme, first=begins, last=until + timedelta(days=120))
    rows = coverage(actor, programme, today=today)
    visited = [row for row in rows if row.visited]
    by_month = {add_months(begins, n): [0, 0, 0] for n in range(PREVIEW_MONTHS)}
    for row in visited:
        for day in visit_days(row, programme, worked, until=until):
            count = by_month.get(day.replace(day=1))
            if count is not None:
                count[0] += 1
                count[1] += programme.halves
    for day, halves in standing:
        if day.replace(day=1) in by_month:
            by_month[day.replace(day=1)][2] += halves
    months = [Month(first, *counts) for first, counts in by_month.items()]
    visited = [replace(row, first_on=worked.next_working(row.first_on)) if row.first_on else row for row in visited]
    return Preview(visited, [row for row in rows if not row.visited], months, sum(m.visits for m in months), sum(m.halves for m in months))
