"""What the clock asks: which audits are due at a moment and not yet made. Four questions, however many programmes.

Programmes of one agreement that count from one day in one rhythm are one line: the text changed, and the visits go on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from agreements.models import Agreement, DutyPause
from audits.models import Audit, AuditProgramme, OwnerProgramme
from audits.schedule import Rhythm, nominal_day, periods_due
from audits.selectors.programmes import visiting_days
from foundation.actor import CLOCK
from parties.selectors import working_calendar
from parties.working_days import WorkingCalendar
from suppliers.models import Site

# A visit stands on the calendar a year ahead, so that a year can be planned; it is announced on its notice day.
VISITS_AHEAD = timedelta(days=366)


class Due(NamedTuple):
    """One audit that has to be made: unique by programme, site and period."""

    programme: AuditProgramme
    site: Site
    period: int


def rhythm_of(programme: AuditProgramme) -> Rhythm:
    """The pure rule's view of a programme."""
    return Rhythm(
        took_effect_on=programme.took_effect_on,
        every_months=programme.every_months,
        every_days=programme.every_days,
        notice_days=programme.notice_days,
        ends_on=programme.ends_on,
    )


# What makes the audits of two programmes come round alike.
RHYTHM = ("kind", "checklist_id", "every_months", "every_days", "owner_programme_id")
LINE = ("agreement_id", *RHYTHM, "took_effect_on")
Line = tuple[Any, ...]
Pauses = dict[UUID, list[tuple[date, date]]]


def rhythm_key(programme: AuditProgramme) -> dict[str, Any]:
    """The fields by which another programme has the same rhythm."""
    return {name: getattr(programme, name) for name in RHYTHM}


def _line(programme: AuditProgramme) -> Line:
    return tuple(getattr(programme, name) for name in LINE)


def due_audits(now: datetime) -> list[Due]:
    """Every (programme, site, period) whose notice day has come and which has no audit yet. As the clock.

    An agreement that stands still asks for none, and what would have fallen into a pause is not made up for. A visit is made a year
    before its notice day, on a day on which its programme visits.
    """
    today = timezone.localdate(now)
    programmes = list(
        AuditProgramme.objects.visible_to(CLOCK)
        .filter(Q(took_effect_on__lte=today) | Q(kind=Audit.Kind.SECOND_PARTY), is_active=True)
        .exclude(agreement__state=Agreement.State.SUSPENDED)
        .exclude(owner_programme__state=OwnerProgramme.State.PAUSED)
        .select_related("agreement")
        .order_by("id")
    )
    days = calendars_of(programmes, today)
    sites = _sites({p.supplier_org_id for p in programmes})
    made, pauses = _made(), _pauses()
    due: list[Due] = []
    holed: list[Due] = []
    for programme in programmes:
        rhythm, stopped = rhythm_of(programme), pauses.get(programme.agreement_id, [])
        worked, upto = days[programme.owner_programme_id], today + VISITS_AHEAD if programme.kind == Audit.Kind.SECOND_PARTY else today
        for site in sites.get(programme.supplier_org_id, []):
            number, last = made.get((_line(programme), site.pk), (0, -1))
            # Periods 0 to last are all there: only what follows can be due. Otherwise one failed, and is looked for by name.
            unbroken = number == last + 1
            periods = periods_due(rhythm, worked, today=upto, made_upto=last if unbroken else -1)
            wanted = [period for period in periods if not _in_a_pause(nominal_day(rhythm, period), stopped)]
            (due if unbroken else holed).extend(Due(programme, site, period) for period in wanted)
    return due + _without_made(holed)


def calendars_of(programmes: list[AuditProgramme], today: date) -> dict[UUID | None, WorkingCalendar]:
    """The days on which each programme of an owner visits; under None, those of what a clause asks for."""
    wanted = {programme.owner_programme_id for programme in programmes if programme.owner_programme_id}
    rows = OwnerProgramme.objects.visible_to(CLOCK).filter(pk__in=wanted).prefetch_related("seasons")
    last = today + 2 * VISITS_AHEAD
    return {None: working_calendar(), **{row.pk: visiting_days(row, first=today - VISITS_AHEAD, last=last) for row in rows}}


def _in_a_pause(day: date, stopped: list[tuple[date, date]]) -> bool:
    return any(first <= day < after for first, after in stopped)


def _pauses() -> Pauses:
    found: Pauses = {}
    rows = DutyPause.objects.visible_to(CLOCK).filter(resumed_on__isnull=False)
    for pause in rows:
        if pause.resumed_on is not None:
            found.setdefault(pause.agreement_id, []).append((pause.paused_on, pause.resumed_on))
    return found


def _sites(org_ids: set[UUID]) -> dict[UUID, list[Site]]:
    found: dict[UUID, list[Site]] = {}
    for site in Site.objects.visible_to(CLOCK).filter(org_id__in=org_ids, is_main=True).order_by("id"):
        found.setdefault(site.org_id, []).append(site)
    return found


def _made() -> dict[tuple[Line, UUID], tuple[int, int]]:
    active = AuditProgramme.objects.filter(
        agreement=OuterRef("programme__agreement"), took_effect_on=OuterRef("programme__took_effect_on"), is_active=True
    )
    names = [f"programme__{name}" for name in LINE]
    rows = Audit.objects.visible_to(CLOCK).filter(Exists(active)).values(*names, "site_id").annotate(number=Count("id"), last=Max("period"))
    return {(tuple(row[name] for name in names), row["site_id"]): (row["number"], row["last"]) for row in rows.order_by()}


def _without_made(wanted: list[Due]) -> list[Due]:
    if not wanted:
        return []
    rows = Audit.objects.visible_to(CLOCK).filter(agreement__in={due.programme.agreement_id for due in wanted})
    names = [f"programme__{name}" for name in LINE]
    made = {(row[:-2], *row[-2:]) for row in rows.values_list(*names, "site_id", "period")}
    return [due for due in wanted if (_line(due.programme), due.site.pk, due.period) not in made]
