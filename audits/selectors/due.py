"""What the clock asks: which audits are due at a moment and not yet made. Three questions, however many programmes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from audits.models import Audit, AuditProgramme
from audits.schedule import Rhythm, periods_due
from foundation.actor import CLOCK
from parties.selectors import working_calendar
from suppliers.models import Site


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


def due_audits(now: datetime) -> list[Due]:
    """Every (programme, site, period) whose notice day has come and which has no audit yet. As the clock."""
    today, worked = timezone.localdate(now), working_calendar()
    programmes = list(
        AuditProgramme.objects.visible_to(CLOCK)
        .filter(is_active=True, took_effect_on__lte=today)
        .select_related("agreement")
        .order_by("id")
    )
    sites = _sites({p.supplier_org_id for p in programmes})
    made = _made()
    due: list[Due] = []
    holed: list[Due] = []
    for programme in programmes:
        for site in sites.get(programme.supplier_org_id, []):
            number, last = made.get((programme.pk, site.pk), (0, -1))
            # Periods 0 to last are all there: only what follows can be due. Otherwise one failed, and is looked for by name.
            unbroken = number == last + 1
            periods = periods_due(rhythm_of(programme), worked, today=today, made_upto=last if unbroken else -1)
            (due if unbroken else holed).extend(Due(programme, site, period) for period in periods)
    return due + _without_made(holed)


def _sites(org_ids: set[UUID]) -> dict[UUID, list[Site]]:
    found: dict[UUID, list[Site]] = {}
    for site in Site.objects.visible_to(CLOCK).filter(org_id__in=org_ids, is_main=True).order_by("id"):
        found.setdefault(site.org_id, []).append(site)
    return found


def _made() -> dict[tuple[UUID, UUID], tuple[int, int]]:
    rows = (
        Audit.objects.visible_to(CLOCK)
        .filter(programme__is_active=True)
        .values("programme_id", "site_id")
        .annotate(number=Count("id"), last=Max("period"))
    )
    return {(row["programme_id"], row["site_id"]): (row["number"], row["last"]) for row in rows}


def _without_made(wanted: list[Due]) -> list[Due]:
    if not wanted:
        return []
    rows = Audit.objects.visible_to(CLOCK).filter(programme__in={due.programme.pk for due in wanted})
    made = set(rows.values_list("programme_id", "site_id", "period"))
    return [due for due in wanted if (due.programme.pk, due.site.pk, due.period) not in made]
