"""The bureau keeps the list of measures; a firm says that it has asked for one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from oversight.campaign_rules import Rule
from oversight.models import PolicyTool, PolicyUse
from oversight.selectors.policies import policy_for
from parties.roles import MAY_WRITE


@dataclass(frozen=True, slots=True)
class PolicySaid:
    """Everything that a measure says."""

    kind: str
    title_zh: str
    eligible_zh: str
    apply_zh: str
    valid_from: date
    title_en: str = ""
    eligible_en: str = ""
    apply_en: str = ""
    contact: str = ""
    source: str = ""
    valid_to: date | None = None
    rule: Rule = field(default_factory=Rule)

    def columns(self) -> dict[str, Any]:
        return {**asdict(self), "rule": self.rule.as_json()}


@transaction.atomic
def draft_policy(*, actor: Actor, said: PolicySaid, client_id: str, now: datetime) -> PolicyTool:
    """A measure that nobody else sees yet. The same client_id is drafted once."""
    _must_keep_the_list(actor, actor.org_id)
    _sound(said)
    row = PolicyTool(
        org_id=actor.org_id, client_id=client_id, created_at=now, changed_at=now, changed_by=actor.person_name, **said.columns()
    )
    PolicyTool.objects.bulk_create([row], ignore_conflicts=True)
    return PolicyTool.objects.visible_to(actor).get(org_id=actor.org_id, client_id=client_id)


@transaction.atomic
def change_policy(*, actor: Actor, policy_id: UUID, said: PolicySaid, now: datetime) -> PolicyTool:
    """Say it anew, as a draft or on the list. Raises RuleBroken("policy_is_retired") for one that was taken off."""
    row = _own(actor, policy_id)
    if row.state == PolicyTool.State.RETIRED:
        raise RuleBroken("policy_is_retired")
    _sound(said)
    _update(row, **said.columns(), changed_by=actor.person_name, changed_at=now)
    return _own(actor, policy_id)


@transaction.atomic
def publish_policy(*, actor: Actor, policy_id: UUID, now: datetime) -> PolicyTool:
    """Put it on the list, for everybody. Done again, nothing happens."""
    row = _own(actor, policy_id)
    if row.state == PolicyTool.State.RETIRED:
        raise RuleBroken("policy_is_retired")
    if row.state == PolicyTool.State.DRAFT:
        _update(row, state=PolicyTool.State.PUBLISHED, changed_by=actor.person_name, changed_at=now)
    return _own(actor, policy_id)


@transaction.atomic
def retire_policy(*, actor: Actor, policy_id: UUID, now: datetime) -> PolicyTool:
    """Take it off the list. Who used it still finds it."""
    row = _own(actor, policy_id)
    if row.state != PolicyTool.State.RETIRED:
        _update(row, state=PolicyTool.State.RETIRED, changed_by=actor.person_name, changed_at=now)
    return _own(actor, policy_id)


@transaction.atomic
def say_used(*, actor: Actor, policy_id: UUID, now: datetime) -> PolicyUse:
    """The firm has asked for the measure; counted once. Raises RuleBroken("policy_not_open") for one that is not offered."""
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    row = policy_for(actor, policy_id)
    if row.state != PolicyTool.State.PUBLISHED:
        raise RuleBroken("policy_not_open")
    use = PolicyUse(org_id=actor.org_id, policy=row, at=now)
    PolicyUse.objects.bulk_create([use], ignore_conflicts=True)
    return PolicyUse.objects.visible_to(actor).get(policy=row)


def _must_keep_the_list(actor: Actor, org_id: UUID) -> None:
    actor.must_act_for(org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)


def _own(actor: Actor, policy_id: UUID) -> PolicyTool:
    actor.must_wear(Hat.BUREAU)
    row = PolicyTool.objects.visible_to(actor).filter(pk=policy_id).select_for_update().first()
    if row is None:
        raise Absent
    _must_keep_the_list(actor, row.org_id)
    return row


def _update(row: PolicyTool, **changes: Any) -> None:
    PolicyTool.objects.filter(pk=row.pk, org_id=row.org_id).update(**changes)


def _sound(said: PolicySaid) -> None:
    if said.valid_to is not None and said.valid_to < said.valid_from:
        raise RuleBroken("policy_days", field="valid_to")
