"""What the world of tests has of planning: an auditor with leave, a plan with a visit in it and one left out, a booked half-day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from audits.models import Audit, Booking, PlanLine, YearPlan
from audits.services.planning import LeaveSaid, ProfileSaid, note_leave, write_profile
from foundation.actor import Actor, as_actor


def a_plan(buyer: Actor, audit: Audit, *, now: datetime) -> dict[str, Any]:
    """A plan that is ready, and a half-day in the next months that no other story of the same auditor has."""
    today = timezone.localdate(now)
    sides = {"owner_org_id": audit.owner_org_id, "supplier_org_id": audit.supplier_org_id}
    with as_actor(buyer):
        said = ProfileSaid(home_region="330203", node_codes=["dyeing"], languages=["zh"])
        profile = write_profile(actor=buyer, person_id=buyer.person_id, said=said, now=now)
        day = today + timedelta(days=60 + Booking.objects.visible_to(buyer).count())
        booking = Booking.objects.create(
            **sides, audit=audit, person_id=buyer.person_id, day=day, half="am", booked_by=buyer.person_name, booked_at=now
        )
        away = LeaveSaid("leave", today + timedelta(days=300), today + timedelta(days=301))
        note_leave(actor=buyer, auditor_id=profile.pk, said=away, client_id=f"away-{buyer.org_id}", now=now)
        plan = YearPlan.objects.create(
            owner_org_id=buyer.org_id, first_on=day, last_on=day + timedelta(days=30), state="ready", asked_by=buyer.person_name, asked_at=now,
            ready_at=now, figures={"placed": 1, "left_out": 0, "gap": 0.01, "travel": 90, "cost": 90, "bound": 89, "would_take": []},
        )  # fmt: skip
        PlanLine.objects.create(
            plan=plan, owner_org_id=buyer.org_id, audit=audit, person_id=buyer.person_id, person_name=buyer.person_name, day=day, half="am"
        )
    return {"auditor_id": profile.pk, "plan_id": plan.pk, "booking_id": booking.pk}
