"""What the clock makes of the programmes of owners: a rhythm for each relation they cover, and another one when its band has changed.

Two clocks at once make one rhythm: the unique (programme, supplier, serial) decides, and at most one of a relation is active.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone

from agreements.models import Agreement
from agreements.schedule import add_months
from audits.coverage import Interval, first_day
from audits.models import Audit, AuditProgramme, OwnerProgramme, RiskRating
from audits.risk import VERSION, rate
from audits.selectors.programmes import BINDING, earliest
from audits.selectors.risk import facts_of, last_visits, newest_rating
from audits.services.telling import called_off
from audits.status import AHEAD, VISIT_MOVES, moved
from foundation.actor import CLOCK, Hat
from foundation.wake import each

RATED_FOR = timedelta(days=7)  # so long a band stands before it is found again
MOST_AT_ONCE = 2_000  # relations in one turn of the clock; the next turn goes on


def cover(now: datetime) -> None:
    """Bring the rhythms in line with the programmes, the agreements and the bands of today. As the clock."""
    today = timezone.localdate(now)
    _end_rhythms(now)
    for programme in OwnerProgramme.objects.visible_to(CLOCK).filter(state=OwnerProgramme.State.ACTIVE).order_by("id"):
        each([programme], partial(_cover_one, today=today, now=now))


class _Wanted(NamedTuple):
    agreement: Agreement
    band: str


def _cover_one(programme: OwnerProgramme, *, today: date, now: datetime) -> None:
    if programme.ends_on is not None and programme.ends_on <= today:
        return
    _rate_again(programme, today, now)
    rows = [_Wanted(agreement, band) for agreement in _uncovered(programme, today) if (band := agreement.band) in programme.bands]
    visits = last_visits(CLOCK, programme.owner_org_id, [row.agreement.supplier_org_id for row in rows])
    serials = _serials(programme, rows)
    made = [
        _rhythm(
            programme, row, serials.get(row.agreement.supplier_org_id, -1) + 1,
            first_day(
                Interval(programme.months_of(row.band), earliest(programme, today), visits.get(row.agreement.supplier_org_id)),
                row.agreement.supplier_org_id,
            ),
        )
        for row in rows
    ]  # fmt: skip
    AuditProgramme.objects.bulk_create(made, ignore_conflicts=True)


def _rhythm(programme: OwnerProgramme, row: _Wanted, serial: int, first_on: date) -> AuditProgramme:
    return AuditProgramme(
        agreement=row.agreement, owner_org_id=programme.owner_org_id, supplier_org_id=row.agreement.supplier_org_id,
        owner_programme=programme, serial=serial, kind=Audit.Kind.SECOND_PARTY, checklist_id=programme.checklist_id,
        every_months=programme.months_of(row.band), notice_days=programme.notice_days, review_days=programme.review_days,
        took_effect_on=first_on - timedelta(days=programme.notice_days), ends_on=programme.ends_on, announced=programme.announced,
        halves=programme.halves,
    )  # fmt: skip


def _serials(programme: OwnerProgramme, rows: Iterable[_Wanted]) -> dict[UUID, int]:
    mine = AuditProgramme.objects.filter(owner_programme=programme, supplier_org_id__in=[row.agreement.supplier_org_id for row in rows])
    return {row["supplier_org_id"]: row["last"] for row in mine.values("supplier_org_id").annotate(last=Max("serial")).order_by()}


def _uncovered(programme: OwnerProgramme, today: date) -> list[Any]:
    """One agreement in force of each supplier that the programme is about and has no rhythm for; `band` is its newest one."""
    rhythm = AuditProgramme.objects.filter(
        owner_org_id=programme.owner_org_id, supplier_org_id=OuterRef("supplier_org_id"), is_active=True, owner_programme__isnull=False
    )
    rows = Agreement.objects.visible_to(CLOCK).filter(_in_force(today), owner_org_id=programme.owner_org_id)
    if programme.node_codes:
        rows = rows.filter(link__node_codes__overlap=programme.node_codes)
    # Neither this programme nor another one by the same checklist visits the firm.
    rows = rows.exclude(Exists(rhythm.filter(Q(owner_programme=programme) | Q(checklist=programme.checklist_id))))
    rows = rows.annotate(band=newest_rating("band")).order_by("supplier_org_id", "created_at", "id").distinct("supplier_org_id")
    return list(rows[:MOST_AT_ONCE])


def _in_force(today: date) -> Q:
    return Q(state=Agreement.State.IN_FORCE) & (Q(effective_to=None) | Q(effective_to__gt=today))


def _rate_again(programme: OwnerProgramme, today: date, now: datetime) -> None:
    """Find the band of every relation of the programme whose last one is older than a week, and let its rhythm follow."""
    rows = Agreement.objects.visible_to(CLOCK).filter(_in_force(today), owner_org_id=programme.owner_org_id)
    if programme.node_codes:
        rows = rows.filter(link__node_codes__overlap=programme.node_codes)
    fresh = RiskRating.objects.filter(
        owner_org_id=OuterRef("owner_org_id"), supplier_org_id=OuterRef("supplier_org_id"), rated_on__gt=today - RATED_FOR, version=VERSION
    )
    old = rows.exclude(Exists(fresh)).order_by("supplier_org_id").values_list("supplier_org_id", flat=True).distinct()
    rate_relations(programme.owner_org_id, list(old[:MOST_AT_ONCE]), now=now)
    _follow_bands(programme, today, now)


def rate_relations(owner_org_id: UUID, supplier_ids: list[UUID], *, now: datetime) -> None:
    """Find the bands of these relations and keep them with what they were found from. Once a day. As the clock."""
    today = timezone.localdate(now)
    rows = []
    for pk, facts in facts_of(CLOCK, owner_org_id, supplier_ids, today=today).items() if supplier_ids else ():
        rated = rate(facts)
        rows.append(
            RiskRating(
                owner_org_id=owner_org_id, supplier_org_id=pk, rated_on=today, version=VERSION, inputs=facts.kept(),
                points=rated.points, band=rated.band, created_at=now,
            )
        )  # fmt: skip
    RiskRating.objects.bulk_create(rows, ignore_conflicts=True)


def _follow_bands(programme: OwnerProgramme, today: date, now: datetime) -> None:
    """A relation that is in another band now gets another rhythm, or none where the programme does not visit that band."""
    rows = AuditProgramme.objects.visible_to(CLOCK).filter(owner_programme=programme, is_active=True).select_related("agreement")
    rows = rows.annotate(band=newest_rating("band")).exclude(band=None)
    stays = Q(pk__in=[])
    for band in programme.bands:
        stays |= Q(band=band, every_months=programme.months_of(band))
    each(list(rows.exclude(stays).order_by("id")[:MOST_AT_ONCE]), partial(_change_rhythm, programme=programme, today=today, now=now))


def _change_rhythm(rhythm: Any, *, programme: OwnerProgramme, today: date, now: datetime) -> None:
    AuditProgramme.objects.filter(pk=rhythm.pk).update(is_active=False, ends_on=today)
    # What was told, booked or begun stands, and the new rhythm counts from it; what is only pencilled in goes.
    pencilled = Q(state=Audit.State.PLANNED, half="", visit_on__gt=today)
    Audit.objects.filter(pencilled, programme=rhythm).update(state=Audit.State.CANCELLED)
    if rhythm.band not in programme.bands:
        return
    kept = Audit.objects.filter(programme__owner_programme=programme, supplier_org_id=rhythm.supplier_org_id)
    last = kept.exclude(state=Audit.State.CANCELLED).aggregate(on=Max("nominal_on"))["on"]
    months = programme.months_of(rhythm.band)
    soonest = earliest(programme, today)
    first = max(add_months(last, months), soonest) if last else first_day(Interval(months, soonest, None), rhythm.supplier_org_id)
    row = _Wanted(rhythm.agreement, rhythm.band)
    AuditProgramme.objects.bulk_create([_rhythm(programme, row, rhythm.serial + 1, first)], ignore_conflicts=True)


def _end_rhythms(now: datetime) -> None:
    """A rhythm ends with its agreement or its programme; what was still ahead is called off, and whoever was told is told."""
    today = timezone.localdate(now)
    over = Q(owner_programme__state=OwnerProgramme.State.ENDED) | Q(owner_programme__ends_on__lte=today)
    unbound = ~Q(agreement__state__in=BINDING) | Q(agreement__effective_to__lte=today)
    rows = AuditProgramme.objects.visible_to(CLOCK).filter(over | unbound, is_active=True, owner_programme__isnull=False)
    ended = list(rows.values_list("pk", flat=True))
    if not ended:
        return
    AuditProgramme.objects.filter(pk__in=ended).update(is_active=False, ends_on=today)
    ahead = Audit.objects.filter(programme__in=ended, state__in=AHEAD, visit_on__gte=F("programme__ends_on"))
    by_state: dict[str, list[Audit]] = defaultdict(list)
    for audit in ahead.select_related("agreement").order_by("id"):
        by_state[audit.state].append(audit)
    for state, audits in by_state.items():
        to = moved(VISIT_MOVES, state, "cancel", Hat.CLOCK)
        Audit.objects.filter(pk__in=[audit.pk for audit in audits], state=state).update(state=to)
    each([audit for state, rows in by_state.items() if state != "planned" for audit in rows], partial(called_off, now=now))
