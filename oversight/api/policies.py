"""The list of policy tools as data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.actor import BUSINESS_HATS, Actor, Hat
from oversight.api.campaigns import CrowdShape, RuleGiven, rule_of
from oversight.campaign_rules import crowd
from oversight.models import PolicyTool
from oversight.selectors.policies import STATES, PoliciesAsked, policies, policy_for
from oversight.services.policies import PolicySaid, change_policy, draft_policy, publish_policy, retire_policy, say_used
from oversight.words_campaigns import POLICY_KINDS
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb

BUREAU = (Hat.BUREAU,)


class PolicyShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = InBoth("title")
    eligible = InBoth("eligible")
    apply = InBoth("apply")
    contact = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # the column is called so
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    state = serializers.CharField(help_text="draft, published or retired")
    rule = serializers.DictField()
    used = serializers.SerializerMethodField(help_text="Firms that say they asked for it.")

    @extend_schema_field(CrowdShape)
    def get_used(self, row: PolicyTool) -> dict[str, Any]:
        return dict(CrowdShape(crowd(row.n_used)).data)


class PolicyGiven(RuleGiven):
    kind = serializers.ChoiceField(list(POLICY_KINDS))
    title_zh = serializers.CharField(max_length=80)
    title_en = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    eligible_zh = serializers.CharField(max_length=2000)
    eligible_en = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    apply_zh = serializers.CharField(max_length=2000)
    apply_en = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    contact = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    source = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")  # type: ignore[assignment]  # as above
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)


class PolicyNewGiven(PolicyGiven):
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is drafted once.")


class PolicyFilters(PageFilters):
    kind = serializers.ChoiceField(list(POLICY_KINDS), required=False)
    q = serializers.CharField(required=False, max_length=60)
    state = serializers.ChoiceField(STATES, required=False)


class Policies(Endpoint):
    hats = BUSINESS_HATS

    @verb("Measures a firm can get, newest first", gives=PolicyShape, asks=PolicyFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        wanted = PoliciesAsked(**asked.filters)
        rows, _more = policies(actor, wanted, today=timezone.localdate(), after=asked.after, size=asked.size + 1)
        return Page(rows, lambda row: (row.created_at, row.pk))


class BureauPolicies(Endpoint):
    hats = BUREAU

    @verb("Draft a measure; nobody else sees it before it is published", takes=PolicyNewGiven, gives=PolicyShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> PolicyTool:
        client_id = said.pop("client_id", "") or str(uuid4())
        return draft_policy(actor=actor, said=PolicySaid(rule=rule_of(said), **said), client_id=client_id, now=timezone.now())


class PolicyOne(Endpoint):
    hats = BUSINESS_HATS

    @verb("One measure", gives=PolicyShape)
    def get(self, actor: Actor, policy_id: UUID) -> PolicyTool:
        return policy_for(actor, policy_id)


class BureauPolicy(Endpoint):
    hats = BUREAU

    @verb("Say a measure anew", takes=PolicyGiven, gives=PolicyShape)
    def put(self, actor: Actor, policy_id: UUID, said: dict[str, Any]) -> PolicyTool:
        return change_policy(actor=actor, policy_id=policy_id, said=PolicySaid(rule=rule_of(said), **said), now=timezone.now())


class PolicyMoveSaid(Said):
    step = serializers.ChoiceField(("publish", "retire"))


class PolicyMove(Endpoint):
    hats = BUREAU

    @verb("Put a measure on the list, take it off", takes=PolicyMoveSaid, gives=PolicyShape)
    def post(self, actor: Actor, policy_id: UUID, said: dict[str, Any]) -> PolicyTool:
        move = publish_policy if said["step"] == "publish" else retire_policy
        return move(actor=actor, policy_id=policy_id, now=timezone.now())


class PolicyUseOne(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER)

    @verb("The firm has asked for a measure; counted once", gives=PolicyShape)
    def post(self, actor: Actor, policy_id: UUID) -> PolicyTool:
        say_used(actor=actor, policy_id=policy_id, now=timezone.now())
        return policy_for(actor, policy_id)
