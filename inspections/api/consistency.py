"""Consistency: the same figures as the pages, and joint actions with the same verbs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from agreements.selectors.library import characteristic_for
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from inspections.consistency import Asked as Limits
from inspections.consistency import biases, compare, index_of, tree_of
from inspections.models import JointAction
from inspections.selectors.actions import action_for, actions, figures_of, links_chosen
from inspections.selectors.consistency import Group, Window, asked_of, groups_of, link_of, order_of, overview, pool_of, supplier_names
from inspections.services.actions import ActionSaid, answer_action, close_action, open_actions
from parties.endpoints import Asked, Endpoint, Filters, InBoth, Page, PageFilters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class ConsistencyFilters(Filters):
    months = serializers.IntegerField(
        required=False, min_value=1, max_value=60, default=12, help_text="How far back, by the day a lot was made."
    )
    product = serializers.CharField(required=False, max_length=40, allow_blank=True)
    edition = serializers.CharField(
        required=False, max_length=40, allow_blank=True, help_text="Else the edition with the most tests; never two together."
    )
    unit = serializers.CharField(required=False, max_length=24, allow_blank=True)


class FirmConsistencyFilters(ConsistencyFilters):
    reproducibility = serializers.CharField(required=False, max_length=20, help_text="R of the method, in the unit, where it is known.")


class OverviewShape(Shape):
    characteristic = serializers.CharField()
    rows = serializers.IntegerField()
    suppliers = serializers.IntegerField()
    lots = serializers.IntegerField()
    judged = serializers.IntegerField()
    out = serializers.IntegerField()


class OverviewsShape(Shape):
    characteristics = OverviewShape(many=True)


class GroupShape(Shape):
    edition = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    rows = serializers.IntegerField()


class BranchShape(Shape):
    name = serializers.CharField(help_text="supplier, lot, tester or within")
    groups = serializers.IntegerField()
    share = serializers.FloatField()
    low = serializers.FloatField(help_text="90 % interval, approximate.")
    high = serializers.FloatField()
    sd = serializers.FloatField()


class FirmBesideShape(Shape):
    supplier = serializers.UUIDField(source="supplier_org_id")
    name = InBoth("name")
    lots = serializers.IntegerField()
    readings = serializers.IntegerField(source="n")
    judged = serializers.IntegerField()
    out = serializers.IntegerField()
    conforming = serializers.FloatField(allow_null=True)
    conforming_low = serializers.FloatField(allow_null=True)
    conforming_high = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    mean_low = serializers.FloatField(allow_null=True)
    mean_high = serializers.FloatField(allow_null=True)
    between = serializers.FloatField(allow_null=True, help_text="Standard deviation between lots.")
    within = serializers.FloatField(allow_null=True, help_text="Standard deviation within a lot.")
    first = serializers.IntegerField(help_text="The best place it may have; 0: no place is told.")
    last = serializers.IntegerField()


class VariationShape(Shape):
    groups = GroupShape(many=True, help_text="What there is; only `chosen` is told below.")
    chosen = GroupShape(allow_null=True)
    readings = serializers.IntegerField()
    branches = BranchShape(many=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why there are no branches.")
    lots_missing = serializers.IntegerField()
    suppliers = FirmBesideShape(many=True)


class PartShape(Shape):
    name = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    state = serializers.CharField(help_text="scored, not_enough_data or not_applicable")
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)


class BiasShape(Shape):
    tester = serializers.CharField()
    lots = serializers.IntegerField(source="n")
    mean = serializers.FloatField(allow_null=True, help_text="Own minus theirs, in the unit.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class FirmConsistencyShape(Shape):
    chosen = GroupShape(allow_null=True)
    parts = PartShape(many=True, help_text="Weakest first; there is no sum.")
    retests = BiasShape(many=True)


class JointActionShape(Shape):
    id = serializers.UUIDField()
    link = serializers.UUIDField(source="link_id")
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    aim = serializers.CharField()
    facts = serializers.JSONField(help_text="The supplier's own figures, frozen when it was opened.")
    due_on = serializers.DateField()
    state = serializers.CharField(help_text="open, answered or closed")
    opened_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class JointActionFilters(PageFilters):
    state = serializers.ChoiceField(JointAction.State.values, required=False)


class JointActionSaid(Said):
    links = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    characteristic = serializers.CharField(max_length=20)
    aim = serializers.CharField(max_length=2000)
    due_on = serializers.DateField()
    client_id = serializers.UUIDField(required=False, help_text="The same client_id opens once.")


class JointActionsShape(Shape):
    actions = JointActionShape(many=True)


class ActionAnswerSaid(Said):
    answer = serializers.CharField(max_length=2000)


class ActionOutcomeSaid(Said):
    outcome = serializers.CharField(max_length=2000)


def _window(said: dict[str, Any]) -> Window:
    today = timezone.localdate()
    return Window(today - timedelta(days=round(said["months"] * 30.4375)), today, said.get("product", "").replace("\x00", ""))


def _chosen(groups: list[Group], said: dict[str, Any]) -> Group | None:
    fitting = [each for each in groups if said.get("edition", each.edition) == each.edition and said.get("unit", each.unit) == each.unit]
    return fitting[0] if fitting else None


class Consistency(Endpoint):
    hats = SIDES

    @verb("What was measured, characteristic by characteristic", gives=OverviewsShape, asks=ConsistencyFilters)
    def get(self, actor: Actor, asked: Asked) -> dict[str, Any]:
        return {"characteristics": [asdict(row) for row in overview(actor, _window(asked.filters))]}


class Variation(Endpoint):
    hats = SIDES

    @verb(
        "Where the variation of a characteristic comes from, and its suppliers beside each other",
        gives=VariationShape,
        asks=ConsistencyFilters,
    )
    def get(self, actor: Actor, characteristic: str, asked: Asked) -> dict[str, Any]:
        what, window = characteristic_for(characteristic), _window(asked.filters)
        groups = groups_of(actor, what.code, window)
        group = _chosen(groups, asked.filters)
        told: dict[str, Any] = {
            "groups": groups,
            "chosen": group,
            "readings": 0,
            "branches": [],
            "reason": "",
            "lots_missing": 0,
            "suppliers": [],
        }
        if group is None:
            return told
        pool = pool_of(actor, what.code, what.kind, window, group)
        tree, names = tree_of(pool), supplier_names(actor, pool.suppliers)
        firms = []
        for firm in compare(pool):
            zh, en, _link = names.get(firm.supplier_org_id, ("", "", None))
            firms.append({**asdict(firm), "name_zh": zh, "name_en": en})
        return told | {
            "readings": pool.n, "branches": [asdict(each) for each in tree.branches], "reason": tree.reason, "lots_missing": tree.missing,
            "suppliers": firms,
        }  # fmt: skip


class VariationOf(Endpoint):
    hats = SIDES

    @verb(
        "The five parts of one relation's consistency, and own tests against others'",
        gives=FirmConsistencyShape,
        asks=FirmConsistencyFilters,
    )
    def get(self, actor: Actor, characteristic: str, link_id: UUID, asked: Asked) -> dict[str, Any]:
        what, link, window = characteristic_for(characteristic), link_of(actor, link_id), _window(asked.filters)
        group = _chosen(groups_of(actor, what.code, window, link=link), asked.filters)
        if group is None:
            return {"chosen": None, "parts": [], "retests": []}
        pool = pool_of(actor, what.code, what.kind, window, group, link=link)
        limits: Limits = asked_of(actor, link, what.code, group.edition, asked.filters.get("reproducibility", ""))
        parts = index_of(pool, limits, order=order_of(pool)).worst_first
        return {"chosen": group, "parts": [asdict(part) for part in parts], "retests": [asdict(each) for each in biases(pool)]}


class JointActions(Endpoint):
    hats = SIDES

    @verb("Joint actions, newest first", gives=JointActionShape, asks=JointActionFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = actions(actor, state=asked.filters.get("state", ""), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.opened_at, row.pk))

    @verb(
        "Open one with each supplier named; each reads its own figures of the last twelve months",
        takes=JointActionSaid,
        gives=JointActionsShape,
        status=201,
    )
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        what, window = characteristic_for(said["characteristic"]), _window({"months": 12})
        links = links_chosen(actor, said["links"])
        if len(links) < len(set(said["links"])):
            raise Absent
        group = _chosen(groups_of(actor, what.code, window), {})
        facts: dict[UUID, dict[str, Any]] = {}
        if group is not None:
            pool = pool_of(actor, what.code, what.kind, window, group)
            firms = {firm.supplier_org_id: firm for firm in compare(pool)}
            facts = {
                link.pk: figures_of(firms[link.supplier_org_id], pool, group, window) for link in links if link.supplier_org_id in firms
            }
        words = ActionSaid(what.code, group.edition if group else "", group.unit if group else "", said["aim"], said["due_on"])
        client_id = said.get("client_id") or uuid4()
        return {"actions": open_actions(actor=actor, links=links, said=words, facts=facts, client_id=client_id, now=timezone.now())}


class JointActionOne(Endpoint):
    hats = SIDES

    @verb("One joint action", gives=JointActionShape)
    def get(self, actor: Actor, action_id: UUID) -> JointAction:
        return action_for(actor, action_id)


class JointActionAnswer(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Say what was found and done", takes=ActionAnswerSaid, gives=JointActionShape)
    def post(self, actor: Actor, action_id: UUID, said: dict[str, Any]) -> JointAction:
        return answer_action(actor=actor, action=action_for(actor, action_id), answer=said["answer"], now=timezone.now())


class JointActionClose(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Say what came of it", takes=ActionOutcomeSaid, gives=JointActionShape)
    def post(self, actor: Actor, action_id: UUID, said: dict[str, Any]) -> JointAction:
        return close_action(actor=actor, action=action_for(actor, action_id), outcome=said["outcome"], now=timezone.now())
