"""What a supplier is approved for: a decision is added, what stood before has ended and stays in the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.reference import chain_nodes
from parties.roles import MAY_WRITE
from suppliers.models import CategoryApproval, SupplyLink

STATES = CategoryApproval.State.values


@dataclass(frozen=True)
class Decision:
    """One state of one category, with its reason and, if it ends, its last day."""

    category: str
    state: str
    reason: str
    until: date | None = None
    since: date | None = None  # today, where it is not said


@transaction.atomic
def decide_approval(*, actor: Actor, link: SupplyLink, said: Decision, now: datetime) -> CategoryApproval:
    """Decide on one supplier. The same said again adds nothing.

    Raises RuleBroken("reason_missing"), ("value_unknown"), ("ends_before_it_starts"), ("until_is_past").
    """
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    said = judged(said, now=now)
    SupplyLink.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=link.pk)  # two decisions at once: one after the other
    standing = CategoryApproval.objects.visible_to(actor).filter(link=link, category=said.category, ended_at=None).first()
    if standing is not None and (standing.state, standing.until, standing.reason) == (said.state, said.until, said.reason):
        return standing
    return write_decisions(actor, [link.pk], said, now=now)[0]


def judged(said: Decision, *, now: datetime) -> Decision:
    """The decision as it may be written."""
    today = timezone.localdate(now)
    reason = said.reason.strip()[:300]
    since = said.since or today
    if said.category not in {node.code for node in chain_nodes()} or said.state not in STATES:
        raise RuleBroken("value_unknown", field="category" if said.state in STATES else "state")
    if not reason:
        raise RuleBroken("reason_missing", field="reason")
    if said.until is not None and said.until < today:
        raise RuleBroken("until_is_past", field="until")
    if said.until is not None and said.until < since:
        raise RuleBroken("ends_before_it_starts", field="until")
    return Decision(said.category, said.state, reason, said.until, since)


def write_decisions(actor: Actor, link_ids: Sequence[UUID], said: Decision, *, now: datetime) -> list[CategoryApproval]:
    """End what stands and add the decision, for each of these lines. The caller has asked and locked."""
    end_standing(actor, link_ids, said.category, now=now)
    rows = [
        CategoryApproval(
            owner_org_id=actor.org_id, link_id=link_id, category=said.category, state=said.state, since=said.since or timezone.localdate(now),
            until=said.until, reason=said.reason, by_name=actor.person_name, at=now,
        )
        for link_id in link_ids
    ]  # fmt: skip
    return CategoryApproval.objects.bulk_create(rows, batch_size=1000)


def end_standing(actor: Actor, link_ids: Sequence[UUID], category: str, *, now: datetime) -> None:
    CategoryApproval.objects.visible_to(actor).filter(link_id__in=link_ids, category=category, ended_at=None).update(ended_at=now)
