"""What a lot's page shows of its findings, and where one is raised."""

from __future__ import annotations

from django.urls import reverse

from audits.models import Finding
from audits.services.sides import MAY_JUDGE
from audits.status import FINDING_CHIPS
from foundation.actor import Actor, Hat
from inspections.finding_links import FindingLink, FindingsOfLot
from inspections.models import Lot
from inspections.selectors.decisions import was_not_accepted

LONGEST_TITLE = 60


def findings_on(actor: Actor, lot: Lot) -> FindingsOfLot:
    """The findings of a lot, oldest first; the customer of one that was not accepted may raise another."""
    if lot.owner_org_id is None:
        return FindingsOfLot()
    rows = Finding.objects.visible_to(actor).filter(lot_id=lot.pk).prefetch_related("text").order_by("raised_at", "id")
    raised = [
        FindingLink(reverse("audits:finding", args=[row.pk]), row.text.requirement[:LONGEST_TITLE], row.state, FINDING_CHIPS)
        for row in rows
    ]
    may = actor.hat is Hat.OWNER and bool(actor.roles.intersection(MAY_JUDGE)) and was_not_accepted(actor, lot)
    return FindingsOfLot(raised, reverse("audits:lot_finding", args=[lot.pk]) if may else "")
