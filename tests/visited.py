"""A programme of visits of a chain owner, somebody on a team, and a day that was asked for: what the world of tests has of visits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from audits.models import Audit, AuditTeam, DateAsk
from audits.services import ProgrammeSaid, SeasonSaid, draft_programme, move_programme
from foundation.actor import Actor, as_actor


def a_programme(buyer: Actor, maker: Actor, audit: Audit, *, now: datetime, mark: str = "") -> dict[str, Any]:
    """Put in force and paused at once, so that no visit comes of it while other tests let time pass."""
    today = timezone.localdate(now)
    said = ProgrammeSaid(
        name=f"年度走访{mark}", checklist="mill-walk-1", starts_on=today + timedelta(days=30),
        seasons=(SeasonSaid(f"双十一{mark}", today.replace(month=11, day=1), today.replace(month=11, day=15)),),
    )  # fmt: skip
    sides = {"owner_org_id": audit.owner_org_id, "supplier_org_id": audit.supplier_org_id}
    with as_actor(buyer):
        row = draft_programme(actor=buyer, said=said, client_id=f"programme-{audit.pk}", now=now)
        for verb in ("activate", "pause"):
            move_programme(actor=buyer, programme_id=row.pk, verb=verb, now=now)
        team = AuditTeam.objects.create(
            audit=audit, **sides, person_id=buyer.person_id, person_name=buyer.person_name, is_lead=True, joined_at=now
        )
    with as_actor(maker):
        ask = DateAsk.objects.create(
            audit=audit, **sides, number=1, was_on=audit.visit_on, wanted_on=audit.visit_on + timedelta(days=7), reason=f"那天交货{mark}",
            asked_by=maker.person_name, asked_at=now,
        )  # fmt: skip
    with as_actor(buyer):
        DateAsk.objects.filter(pk=ask.pk).update(
            answer="kept", words=f"审核员只有这天{mark}", answered_by=buyer.person_name, answered_at=now
        )
    return {"programme_id": row.pk, "team_id": team.pk}
