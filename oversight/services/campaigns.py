"""A campaign: drafted by the bureau, sent as a job in pieces, taken up by firms, stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from foundation.actor import CLOCK, Actor, Hat
from foundation.errors import Absent, RuleBroken
from jobs.services import put_outbox, run_effect
from notices.services import Line, close_todo, put_todos, tell_each
from oversight.campaign_rules import Rule
from oversight.models import Campaign, CampaignReach
from oversight.selectors.campaigns import count_of, firms_of, reach_for
from oversight.selectors.policies import policy_for
from oversight.selectors.problems import problem_for
from oversight.suppression import MINIMUM
from parties.roles import MAY_FILE, MAY_WRITE

TASK = "oversight.tell_campaign"
KIND = "campaign_task"
PIECE = 1_000


@dataclass(frozen=True, slots=True)
class CampaignSaid:
    """Everything that a draft says."""

    title_zh: str
    message_zh: str
    task_zh: str
    due_on: date
    title_en: str = ""
    message_en: str = ""
    task_en: str = ""
    rule: Rule = field(default_factory=Rule)
    policy_id: UUID | None = None
    problem_id: UUID | None = None

    def columns(self) -> dict[str, Any]:
        return {**asdict(self), "rule": self.rule.as_json()}


@transaction.atomic
def draft_campaign(*, actor: Actor, said: CampaignSaid, client_id: str, now: datetime) -> Campaign:
    """A draft that nobody is told of. The same client_id is drafted once."""
    _must_run(actor, actor.org_id)
    _sound(actor, said)
    row = Campaign(
        org_id=actor.org_id, org_name_zh=actor.org_name_zh, org_name_en=actor.org_name_en, created_by=actor.person_name, created_at=now,
        client_id=client_id, **said.columns(),
    )  # fmt: skip
    Campaign.objects.bulk_create([row], ignore_conflicts=True)
    return Campaign.objects.visible_to(actor).get(org_id=actor.org_id, client_id=client_id)


@transaction.atomic
def change_campaign(*, actor: Actor, campaign_id: UUID, said: CampaignSaid) -> Campaign:
    """Say a draft anew. Raises RuleBroken("campaign_is_sent")."""
    row = _own(actor, campaign_id)
    _must_be_draft(row)
    _sound(actor, said)
    Campaign.objects.filter(pk=row.pk).update(**said.columns())
    return _own(actor, campaign_id)


@transaction.atomic
def drop_campaign(*, actor: Actor, campaign_id: UUID) -> None:
    """Throw a draft away."""
    row = _own(actor, campaign_id)
    _must_be_draft(row)
    row.delete()


@transaction.atomic
def send_campaign(*, actor: Actor, campaign_id: UUID, now: datetime) -> Campaign:
    """Send it to every firm that fits, in the background. Sent again, nothing happens.

    Raises RuleBroken("campaign_too_narrow") where the registry knows fewer than five such firms, ("campaign_day_past").
    """
    row = _own(actor, campaign_id)
    if row.state != Campaign.State.DRAFT:
        return row
    today = timezone.localdate(now)
    if row.due_on < today:
        raise RuleBroken("campaign_day_past", field="due_on")
    fits = count_of(Rule.of(row.rule), today=today)
    if fits < MINIMUM:
        raise RuleBroken("campaign_too_narrow", n=MINIMUM)
    Campaign.objects.filter(pk=row.pk).update(state=Campaign.State.SENDING, sent_at=now, sent_by=actor.person_name, fits=fits)
    put_outbox(TASK, key=f"{row.pk}:", campaign_id=str(row.pk), after="")
    return _own(actor, campaign_id)


def tell_piece(*, key: str, campaign_id: UUID, after: str) -> bool:
    """Tell the next firms, by id, and ask for the piece after them; each piece exactly once."""
    return run_effect(TASK, key, partial(tell_firms, campaign_id=campaign_id, after=after))


def tell_firms(now: datetime, *, campaign_id: UUID, after: str) -> None:
    """Tell PIECE firms after one, as the clock; the caller has claimed the piece. As many statements for one firm as for all of them."""
    row = Campaign.objects.visible_to(CLOCK).filter(pk=campaign_id, state=Campaign.State.SENDING).first()
    if row is None:  # stopped meanwhile: whoever was not told yet is not told
        return
    firms = firms_of(Rule.of(row.rule), today=timezone.localdate(now), closer=True)
    firms = firms.exclude(Exists(CampaignReach.objects.filter(campaign=row, org_id=OuterRef("pk")))).order_by("pk")
    piece = list((firms.filter(pk__gt=UUID(after)) if after else firms).values_list("pk", "told_as")[:PIECE])
    facts = {"other_zh": row.title_zh, "other_en": row.title_en or row.title_zh}
    lines = [Line(org_id, Hat(hat), KIND, row.pk, facts) for org_id, hat in piece]
    CampaignReach.objects.bulk_create([CampaignReach(campaign=row, org_id=org_id, told_at=now) for org_id, _hat in piece])
    put_todos(lines, due_on=row.due_on, now=now)
    tell_each(lines, now=now, patient=True)
    if len(piece) == PIECE:
        last = str(piece[-1][0])
        put_outbox(TASK, key=f"{row.pk}:{last}", patient=True, campaign_id=str(row.pk), after=last)
    else:
        Campaign.objects.filter(pk=row.pk).update(state=Campaign.State.SENT)


@transaction.atomic
def stop_campaign(*, actor: Actor, campaign_id: UUID, now: datetime) -> Campaign:
    """Nothing is asked any more: the task leaves every list. Stopped again, nothing happens."""
    row = _own(actor, campaign_id)
    if row.state == Campaign.State.DRAFT:
        raise RuleBroken("campaign_not_sent")
    if row.state != Campaign.State.STOPPED:
        Campaign.objects.filter(pk=row.pk).update(state=Campaign.State.STOPPED, stopped_at=now, stopped_by=actor.person_name)
        close_todo(kind=KIND, subject_id=row.pk, now=now)
    return _own(actor, campaign_id)


@transaction.atomic
def note_seen(*, actor: Actor, campaign_id: UUID, now: datetime) -> CampaignReach:
    """The firm has opened it; the first time counts."""
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER)
    reach = reach_for(actor, campaign_id)
    if reach.seen_at is None:
        CampaignReach.objects.filter(pk=reach.pk, seen_at=None).update(seen_at=now)
        reach.seen_at = now
    return reach


@transaction.atomic
def answer_campaign(*, actor: Actor, campaign_id: UUID, done: bool, now: datetime) -> CampaignReach:
    """The firm has done the task, or says that it is not for it; it may say otherwise later. Raises RuleBroken("campaign_over")."""
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    reach = note_seen(actor=actor, campaign_id=campaign_id, now=now)
    if reach.campaign.state == Campaign.State.STOPPED:
        raise RuleBroken("campaign_over")
    said, other = ("done_at", "passed_at") if done else ("passed_at", "done_at")
    if getattr(reach, said) is None:
        CampaignReach.objects.filter(pk=reach.pk).update(**{said: now, other: None})
        close_todo(kind=KIND, subject_id=campaign_id, now=now, org_id=actor.org_id)
    return reach_for(actor, campaign_id)


def _must_run(actor: Actor, org_id: UUID) -> None:
    actor.must_act_for(org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)


def _own(actor: Actor, campaign_id: UUID) -> Campaign:
    actor.must_wear(Hat.BUREAU)
    row = Campaign.objects.visible_to(actor).filter(pk=campaign_id).select_for_update().first()
    if row is None:
        raise Absent
    _must_run(actor, row.org_id)
    return row


def _must_be_draft(row: Campaign) -> None:
    if row.state != Campaign.State.DRAFT:
        raise RuleBroken("campaign_is_sent")


def _sound(actor: Actor, said: CampaignSaid) -> None:
    if said.policy_id is not None:
        policy_for(actor, said.policy_id)
    if said.problem_id is not None:
        problem_for(actor, said.problem_id)
