"""Campaigns as data: the bureau drafts, sends and stops; a firm reads what it was told and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.actor import Actor, Hat
from oversight.campaign_rules import SIZES, Rule
from oversight.models import Campaign, CampaignReach
from oversight.selectors.campaigns import campaign_for, campaigns, preview, reach_state, told_to, uptake_of
from oversight.services.campaigns import (
    CampaignSaid,
    answer_campaign,
    change_campaign,
    draft_campaign,
    drop_campaign,
    note_seen,
    send_campaign,
    stop_campaign,
)
from oversight.words_campaigns import CAMPAIGN_CHIPS
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from suppliers.firm_words import STANDARDS

BUREAU, FIRMS = (Hat.BUREAU,), (Hat.OWNER, Hat.SUPPLIER)


def _codes(most: int) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=most)


class CrowdShape(Shape):
    """A number of firms, in fives."""

    at_least = serializers.IntegerField(source="least", help_text="A multiple of five; 0: fewer than five.")
    untold = serializers.BooleanField(help_text="Nothing is told: out of fewer than ten firms.")


class UptakeShape(Shape):
    told = CrowdShape()
    seen = CrowdShape()
    done = CrowdShape()
    passed = CrowdShape(help_text="Firms that say that it is not for them.")


class RuleGiven(Said):
    """For whom: all that is named must hold."""

    regions = _codes(40)
    towns = _codes(200)
    nodes = _codes(40)
    sizes = serializers.ListField(child=serializers.ChoiceField(SIZES), required=False, default=list, max_length=4)
    above_scale = serializers.BooleanField(required=False, default=False)


class CampaignGiven(RuleGiven):
    title_zh = serializers.CharField(max_length=60)
    title_en = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    message_zh = serializers.CharField(max_length=2000)
    message_en = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    task_zh = serializers.CharField(max_length=200)
    task_en = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    due_on = serializers.DateField()
    policy_id = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="A measure of the list that helps.")
    problem_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    lacks_certificate = serializers.ChoiceField(["", *STANDARDS], required=False, allow_blank=True, default="")
    open_findings = serializers.BooleanField(required=False, default=False, help_text="With a critical or major finding that is open.")
    no_agreement = serializers.BooleanField(required=False, default=False, help_text="Without an agreement in force.")


class CampaignNewGiven(CampaignGiven):
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is drafted once.")


class CampaignShape(Shape):
    id = serializers.UUIDField()
    title = InBoth("title")
    state = serializers.CharField(help_text="draft, sending, sent or stopped")
    due_on = serializers.DateField()
    rule = serializers.DictField()
    policy = serializers.UUIDField(source="policy_id", allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    uptake = serializers.SerializerMethodField()

    @extend_schema_field(UptakeShape)
    def get_uptake(self, row: Campaign) -> dict[str, Any]:
        return dict(UptakeShape(uptake_of(row)).data)


class CampaignWholeShape(CampaignShape):
    message = InBoth("message")
    task = InBoth("task")
    fit = CrowdShape(help_text="Firms by place, step and size; what the rule asks beyond that is never counted before it is sent.")


class CampaignFilters(PageFilters):
    state = serializers.ChoiceField(list(CAMPAIGN_CHIPS), required=False)


def rule_of(said: dict[str, Any]) -> Rule:
    """Take the rule out of a body."""
    names = Rule.__dataclass_fields__.keys() & said.keys()
    return Rule.of({name: said.pop(name) for name in names})


def _whole(actor: Actor, campaign_id: UUID) -> Campaign:
    row = campaign_for(actor, campaign_id)
    row.fit = preview(Rule.of(row.rule), today=timezone.localdate())  # type: ignore[attr-defined]
    return row


class Campaigns(Endpoint):
    hats = BUREAU

    @verb("The bureau's campaigns with their uptake, newest first", gives=CampaignShape, asks=CampaignFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows, _more = campaigns(actor, state=asked.filters.get("state", ""), after=asked.after, size=asked.size + 1)
        return Page(rows, lambda row: (row.created_at, row.pk))

    @verb("Draft a campaign; nobody is told before it is sent", takes=CampaignNewGiven, gives=CampaignWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Campaign:
        client_id = said.pop("client_id", "") or str(uuid4())
        row = draft_campaign(actor=actor, said=CampaignSaid(rule=rule_of(said), **said), client_id=client_id, now=timezone.now())
        return _whole(actor, row.pk)


class CampaignOne(Endpoint):
    hats = BUREAU

    @verb("One campaign", gives=CampaignWholeShape)
    def get(self, actor: Actor, campaign_id: UUID) -> Campaign:
        return _whole(actor, campaign_id)

    @verb("Say a draft anew", takes=CampaignGiven, gives=CampaignWholeShape)
    def put(self, actor: Actor, campaign_id: UUID, said: dict[str, Any]) -> Campaign:
        change_campaign(actor=actor, campaign_id=campaign_id, said=CampaignSaid(rule=rule_of(said), **said))
        return _whole(actor, campaign_id)

    @verb("Throw a draft away", status=204)
    def delete(self, actor: Actor, campaign_id: UUID) -> None:
        drop_campaign(actor=actor, campaign_id=campaign_id)


class CampaignSend(Endpoint):
    hats = BUREAU

    @verb("Send it to every firm that fits, in the background", gives=CampaignWholeShape)
    def post(self, actor: Actor, campaign_id: UUID) -> Campaign:
        send_campaign(actor=actor, campaign_id=campaign_id, now=timezone.now())
        return _whole(actor, campaign_id)


class CampaignStop(Endpoint):
    hats = BUREAU

    @verb("Stop it; the task leaves every list", gives=CampaignWholeShape)
    def post(self, actor: Actor, campaign_id: UUID) -> Campaign:
        stop_campaign(actor=actor, campaign_id=campaign_id, now=timezone.now())
        return _whole(actor, campaign_id)


class CampaignToldShape(Shape):
    id = serializers.UUIDField(source="campaign_id")
    sender = InBoth("campaign.org_name")
    title = InBoth("campaign.title")
    message = InBoth("campaign.message")
    task = InBoth("campaign.task")
    due_on = serializers.DateField(source="campaign.due_on")
    policy = serializers.UUIDField(source="campaign.policy_id", allow_null=True)
    told_at = serializers.DateTimeField()
    state = serializers.SerializerMethodField(help_text="open, done, passed or stopped")

    def get_state(self, row: CampaignReach) -> str:
        return reach_state(row)


class CampaignsTold(Endpoint):
    hats = FIRMS

    @verb("What the bureau asked of the firm, newest first", gives=CampaignToldShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows, _more = told_to(actor, after=asked.after, size=asked.size + 1)
        return Page(rows, lambda row: (row.told_at, row.pk))


class CampaignTold(Endpoint):
    hats = FIRMS

    @verb("One campaign that reached the firm; opened, it counts as seen", gives=CampaignToldShape)
    def get(self, actor: Actor, campaign_id: UUID) -> CampaignReach:
        return note_seen(actor=actor, campaign_id=campaign_id, now=timezone.now())


class CampaignAnswerSaid(Said):
    done = serializers.BooleanField(help_text="false: this is not for the firm.")


class CampaignAnswer(Endpoint):
    hats = FIRMS

    @verb("The task is done, or not for the firm", takes=CampaignAnswerSaid, gives=CampaignToldShape)
    def post(self, actor: Actor, campaign_id: UUID, said: dict[str, Any]) -> CampaignReach:
        return answer_campaign(actor=actor, campaign_id=campaign_id, done=said["done"], now=timezone.now())
