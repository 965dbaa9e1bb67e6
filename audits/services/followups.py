"""A follow-up goes and looks at what is still open of an audit, and at nothing else. An audit itself is never opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audits.models import Audit, AuditTeam, Finding, FollowUpItem
from audits.selectors.followups import follow_ups_of, item_for, open_of
from audits.services.attaching import hung
from audits.services.corrective import refuse_action, verify_action
from audits.services.sides import audit_held, for_supplier, must_judge
from audits.status import REVIEWABLE, VISIT_MOVES, moved
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import tell
from records.services.entries import append_entry

ENDED = (*REVIEWABLE, "closed", "cancelled")
LOOKED_AT = ("in_progress", *REVIEWABLE)
ANSWER_WAITS = (Finding.State.ANSWERED, Finding.State.IMPLEMENTED)


@dataclass(frozen=True, slots=True)
class FollowUpSaid:
    """When it takes place, in which half of the day, and whether the supplier is told ahead."""

    visit_on: date
    half: str = ""
    announced: bool = True


@transaction.atomic
def start_follow_up(*, actor: Actor, audit_id: UUID, said: FollowUpSaid, now: datetime) -> Audit:
    """Plan a follow-up of an audit that was handed in: its open findings are on the list, whoever plans it leads it.

    As long as one stands that is not handed in, that one is given back. Raises RuleBroken("audit_not_submitted"),
    ("nothing_to_follow_up"), ("follow_up_in_the_past").
    """
    before = audit_held(actor, audit_id)
    must_judge(actor, before.owner_org_id)
    if before.state not in (*REVIEWABLE, "closed"):
        raise RuleBroken("audit_not_submitted")
    earlier = follow_ups_of(actor, before)
    waiting = next((one for one in earlier if one.state not in ENDED), None)
    if waiting is not None:
        return waiting
    found = open_of(actor, before)
    if not found:
        raise RuleBroken("nothing_to_follow_up")
    if said.visit_on < timezone.localdate(now):
        raise RuleBroken("follow_up_in_the_past", field="visit_on")
    audit = Audit(
        agreement=before.agreement, owner_org_id=before.owner_org_id, supplier_org_id=before.supplier_org_id, follows=before,
        site_id=before.site_id, period=len(earlier) + 1, kind=Audit.Kind.FOLLOW_UP, checklist_id=before.checklist_id,
        nominal_on=said.visit_on, visit_on=said.visit_on, notice_on=timezone.localdate(now), half=said.half, announced=said.announced,
        created_at=now,
    )  # fmt: skip
    Audit.objects.bulk_create([audit])
    FollowUpItem.objects.bulk_create([FollowUpItem(audit=audit, finding=finding, **_sides(audit)) for finding in found])
    AuditTeam(audit=audit, **_sides(audit), person_id=actor.person_id, person_name=actor.person_name, is_lead=True, joined_at=now).save(
        force_insert=True
    )
    if said.announced:
        _announce(audit, len(found), now)
    return audit


def _sides(audit: Audit) -> dict[str, Any]:
    return {"owner_org_id": audit.owner_org_id, "supplier_org_id": audit.supplier_org_id}


def _announce(audit: Audit, findings: int, now: datetime) -> None:
    audit.state = moved(VISIT_MOVES, audit.state, "notify", Hat.CLOCK)
    with acting_as(Hat.CLOCK):
        Audit.objects.filter(pk=audit.pk).update(state=audit.state)
        append_entry(
            actor=CLOCK, stream=audit.agreement, kind="follow_up_planned", subject_id=audit.pk, effective_on=audit.visit_on, now=now,
            payload={"scheduled_on": audit.visit_on.isoformat(), "findings": findings},
        )  # fmt: skip
    tell(**for_supplier(audit.agreement), kind="audit_scheduled", subject_id=audit.pk, now=now)


@transaction.atomic
def look_again(
    *, actor: Actor, audit_id: UUID, finding_id: UUID, outcome: str, seen: str, now: datetime, evidence_ids: Iterable[UUID] = ()
) -> FollowUpItem:
    """What was seen of one finding on site. An answer that waits is verified or sent back by it; one that is still owed stays owed.

    The same outcome said again changes nothing. Raises RuleBroken("outcome_unknown"), ("finding_reason_missing"), ("follow_up_not_begun").
    """
    audit = audit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    item = item_for(actor, finding_id, audit)
    if audit.state not in LOOKED_AT:
        raise RuleBroken("follow_up_not_begun")
    if outcome not in FollowUpItem.Outcome.values:
        raise RuleBroken("outcome_unknown", field="outcome")
    if not seen.strip():
        raise RuleBroken("finding_reason_missing", field="seen")
    if item.outcome == outcome:
        return item
    hung(actor, item.finding, "follow_up", evidence_ids, now)
    item.outcome, item.seen, item.seen_at = outcome, seen.strip(), now
    item.seen_by_id, item.seen_by_name = actor.person_id, actor.person_name
    item.save(update_fields=["outcome", "seen", "seen_at", "seen_by_id", "seen_by_name"])
    if item.finding.state in ANSWER_WAITS:
        if outcome == FollowUpItem.Outcome.PUT_RIGHT:
            verify_action(actor=actor, finding_id=item.finding_id, now=now)
        else:
            refuse_action(actor=actor, finding_id=item.finding_id, reason=item.seen, now=now)
    return item
