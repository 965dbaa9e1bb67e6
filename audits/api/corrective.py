"""Corrective action step by step, contests reworded, appeals, drafts and follow-ups: the verbs of the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from audits import services
from audits.api.findings import FindingSaid, FindingWholeShape, ReasonSaid, whole
from audits.models import Audit, Finding, FindingAppeal, FollowUpItem
from audits.selectors import audit_for, finding_for
from audits.selectors.appeals import appeal_for, appeals
from audits.selectors.corrective import appeals_of, containments_of, contests_of, effect_checks_of, plans_of, third_parties
from audits.selectors.followups import item_with, items_of
from audits.services.effect import MOST_LOTS
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)
ONCE = "The same client_id is done once."
EVIDENCE = "Photos or papers of the firm."


class ContainmentShape(Shape):
    id = serializers.UUIDField()
    measures = serializers.CharField()
    scope = serializers.CharField(allow_blank=True)
    contained_by = serializers.CharField()
    contained_at = serializers.DateTimeField()


class ActionPlanShape(Shape):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="proposed, returned or accepted")
    whys = serializers.ListField(child=serializers.CharField())
    fishbone = serializers.DictField(child=serializers.CharField(), help_text="man, machine, material, method, measurement, environment")
    cause = serializers.CharField()
    action = serializers.CharField()
    prevention = serializers.CharField(allow_blank=True)
    responsible = serializers.CharField()
    planned_for = serializers.DateField()
    planned_by = serializers.CharField()
    planned_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class FindingContestShape(Shape):
    id = serializers.UUIDField()
    reason = serializers.CharField()
    contested_by = serializers.CharField()
    contested_at = serializers.DateTimeField()
    decision = serializers.CharField(allow_blank=True, help_text="upheld, reworded, withdrawn, or nothing yet")
    decision_reason = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class EffectCheckShape(Shape):
    id = serializers.UUIDField()
    lots_wanted = serializers.IntegerField()
    since_on = serializers.DateField(help_text="Lots made after that day count.")
    effective = serializers.BooleanField(allow_null=True)
    words = serializers.CharField(allow_blank=True)
    judged_at = serializers.DateTimeField(allow_null=True)


class AppealShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.CharField(help_text="asked, declined or decided")
    outcome = serializers.CharField(allow_blank=True, help_text="upheld or withdrawn")
    grade = serializers.CharField()
    requirement = serializers.CharField()
    observed = serializers.CharField()
    gap = serializers.CharField(allow_blank=True)
    contested_because = serializers.CharField()
    upheld_because = serializers.CharField()
    why = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CorrectiveShape(FindingWholeShape):
    gap = serializers.CharField(source="text.gap", allow_blank=True)
    clause_ref = serializers.CharField(source="text.clause_ref", allow_blank=True)
    nth = serializers.IntegerField(help_text="How often it was found, this time included.")
    repeat_of = serializers.UUIDField(source="repeat_of_id", allow_null=True, help_text="The first of its kind.")
    contain_by = serializers.DateTimeField(allow_null=True)
    contained_at = serializers.DateTimeField(allow_null=True)
    containments = ContainmentShape(many=True, source="contained_rows")
    plans = ActionPlanShape(many=True, source="plan_rows")
    contests = FindingContestShape(many=True, source="contest_rows")
    appeals = AppealShape(many=True, source="appeal_rows")
    effect_checks = EffectCheckShape(many=True, source="effect_rows")


class ThirdPartyShape(Shape):
    id = serializers.UUIDField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class FollowUpItemShape(Shape):
    id = serializers.UUIDField()
    finding = serializers.UUIDField(source="finding_id")
    outcome = serializers.CharField(allow_blank=True, help_text="put_right, still_open, or nothing yet")
    seen = serializers.CharField(allow_blank=True)
    seen_at = serializers.DateTimeField(allow_null=True)


class FollowUpShape(Shape):
    id = serializers.UUIDField()
    follows = serializers.UUIDField(source="follows_id")
    visit_on = serializers.DateField()
    half = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    items = FollowUpItemShape(many=True, source="item_rows")


class ContainFindingSaid(Said):
    measures = serializers.CharField(max_length=2000)
    scope = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    evidence = serializers.ListField(child=serializers.UUIDField(), max_length=12, required=False, help_text=EVIDENCE)
    client_id = serializers.CharField(max_length=64, required=False, help_text=ONCE)


class PlanFindingSaid(Said):
    whys = serializers.ListField(child=serializers.CharField(max_length=200, allow_blank=True), max_length=5, required=False)
    fishbone = serializers.DictField(child=serializers.CharField(max_length=200, allow_blank=True), required=False)
    cause = serializers.CharField(max_length=2000)
    action = serializers.CharField(max_length=2000)
    prevention = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    responsible = serializers.CharField(max_length=60)
    planned_for = serializers.DateField()
    client_id = serializers.CharField(max_length=64, required=False, help_text=ONCE)


class CarryOutFindingSaid(Said):
    done = serializers.CharField(max_length=2000)
    evidence = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=12, help_text="Newer than the plan.")
    client_id = serializers.CharField(max_length=64, required=False, help_text=ONCE)


class WatchFindingSaid(Said):
    lots_wanted = serializers.IntegerField(min_value=1, max_value=MOST_LOTS)


class EffectSaid(Said):
    works = serializers.BooleanField()
    words = serializers.CharField(max_length=2000)


class RewordSaid(ReasonSaid):
    grade = serializers.ChoiceField(["critical", "major", "minor"])
    requirement = serializers.CharField(max_length=1000)
    observed = serializers.CharField(max_length=2000)
    gap = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class AppealSaid(ReasonSaid):
    arbiter = serializers.UUIDField()
    client_id = serializers.CharField(max_length=64, required=False, help_text=ONCE)


class DecideAppealSaid(ReasonSaid):
    outcome = serializers.ChoiceField(FindingAppeal.Outcome.values)


class PlanFollowUpSaid(Said):
    visit_on = serializers.DateField()
    half = serializers.ChoiceField(["am", "pm"], required=False)
    announced = serializers.BooleanField(required=False, default=True)


class LookAgainApiSaid(Said):
    outcome = serializers.ChoiceField(FollowUpItem.Outcome.values)
    seen = serializers.CharField(max_length=2000)
    evidence = serializers.ListField(child=serializers.UUIDField(), max_length=12, required=False, help_text=EVIDENCE)


def corrective(actor: Actor, finding_id: UUID) -> Finding:
    """A finding with everything of its way."""
    finding: Any = whole(actor, finding_id)
    finding.contained_rows, finding.plan_rows = containments_of(actor, finding), plans_of(actor, finding)
    finding.contest_rows, finding.appeal_rows = contests_of(actor, finding), appeals_of(actor, finding)
    finding.effect_rows = effect_checks_of(actor, finding)
    return finding  # type: ignore[no-any-return]


def _key(said: dict[str, Any]) -> str:
    return said.pop("client_id", "") or str(uuid4())


class FindingWay(Endpoint):
    hats = SIDES

    @verb("One finding with its whole way: contained, planned, contested, appealed, watched", gives=CorrectiveShape)
    def get(self, actor: Actor, finding_id: UUID) -> Finding:
        return corrective(actor, finding_id)


class FindingContain(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Tell what was done at once", takes=ContainFindingSaid, gives=CorrectiveShape, status=201)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        services.contain_finding(
            actor=actor, finding_id=finding_id, measures=said["measures"], scope=said.get("scope", ""), evidence_ids=said.get("evidence", []),
            client_id=_key(said), now=timezone.now(),
        )  # fmt: skip
        return corrective(actor, finding_id)


class FindingPlan(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Propose what will be done about the cause", takes=PlanFindingSaid, gives=CorrectiveShape, status=201)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        client_id = _key(said)
        services.plan_action(actor=actor, finding_id=finding_id, said=services.PlanSaid(**said), client_id=client_id, now=timezone.now())
        return corrective(actor, finding_id)


class FindingPlanAccept(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Accept the plan", gives=CorrectiveShape)
    def post(self, actor: Actor, finding_id: UUID) -> Finding:
        services.accept_plan(actor=actor, finding_id=finding_id, now=timezone.now())
        return corrective(actor, finding_id)


class FindingPlanReturn(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Return the plan with a reason; the day stays", takes=ReasonSaid, gives=CorrectiveShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        services.return_plan(actor=actor, finding_id=finding_id, now=timezone.now(), **said)
        return corrective(actor, finding_id)


class FindingCarryOut(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The plan was carried out, with evidence newer than the plan", takes=CarryOutFindingSaid, gives=CorrectiveShape, status=201)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        client_id = _key(said)
        services.carry_out(
            actor=actor, finding_id=finding_id, done=said["done"], evidence_ids=said["evidence"], client_id=client_id, now=timezone.now()
        )
        return corrective(actor, finding_id)


class FindingWatch(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Verify, and watch the next lots before it is closed", takes=WatchFindingSaid, gives=CorrectiveShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        services.verify_action(actor=actor, finding_id=finding_id, now=timezone.now(), **said)
        return corrective(actor, finding_id)


class FindingEffect(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Say whether it works: closed, or open again", takes=EffectSaid, gives=CorrectiveShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        services.judge_effect(actor=actor, finding_id=finding_id, now=timezone.now(), **said)
        return corrective(actor, finding_id)


class FindingReword(Endpoint):
    hats = (Hat.OWNER,)

    @verb("A contested finding in other words; what it said before is kept", takes=RewordSaid, gives=CorrectiveShape)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        reason = said.pop("reason")
        services.reword_finding(actor=actor, finding_id=finding_id, seen=services.Observation(**said), reason=reason, now=timezone.now())
        return corrective(actor, finding_id)


class FindingParties(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Who may be asked to decide an appeal", gives=ThirdPartyShape(many=True))
    def get(self, actor: Actor, finding_id: UUID) -> list[Any]:
        return third_parties(actor, finding_for(actor, finding_id))


class FindingAppealed(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Take a finding that was upheld to a third party", takes=AppealSaid, gives=CorrectiveShape, status=201)
    def post(self, actor: Actor, finding_id: UUID, said: dict[str, Any]) -> Finding:
        services.appeal_finding(
            actor=actor, finding_id=finding_id, arbiter_org_id=said["arbiter"], why=said["reason"], client_id=_key(said), now=timezone.now()
        )
        return corrective(actor, finding_id)


class AuditDrafts(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Write a finding down without raising it", takes=FindingSaid, gives=CorrectiveShape, status=201)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Finding:
        client_id = _key(said)
        row = services.draft_finding(actor=actor, audit_id=audit_id, seen=services.Observation(**said), client_id=client_id, now=timezone.now())
        return corrective(actor, row.pk)


class FindingRaise(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Raise a draft", gives=CorrectiveShape)
    def post(self, actor: Actor, finding_id: UUID) -> Finding:
        services.raise_draft(actor=actor, finding_id=finding_id, now=timezone.now())
        return corrective(actor, finding_id)


class Appeals(Endpoint):
    hats = (Hat.LAB,)

    @verb("The appeals that one is asked to decide, newest first", gives=AppealShape, asks=PageFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(appeals(actor, after=asked.after, limit=asked.size), lambda row: (row.asked_at, row.pk))


class AppealOne(Endpoint):
    hats = (Hat.LAB,)

    @verb("One appeal: the words of both sides, and no name", gives=AppealShape)
    def get(self, actor: Actor, appeal_id: UUID) -> FindingAppeal:
        return appeal_for(actor, appeal_id)


class AppealDecide(Endpoint):
    hats = (Hat.LAB,)

    @verb("Decide; the word binds both sides", takes=DecideAppealSaid, gives=AppealShape)
    def post(self, actor: Actor, appeal_id: UUID, said: dict[str, Any]) -> FindingAppeal:
        services.decide_appeal(actor=actor, appeal_id=appeal_id, outcome=said["outcome"], words=said["reason"], now=timezone.now())
        return appeal_for(actor, appeal_id)


class AppealDecline(Endpoint):
    hats = (Hat.LAB,)

    @verb("One cannot decide; the finding stands as it was", takes=ReasonSaid, gives=AppealShape)
    def post(self, actor: Actor, appeal_id: UUID, said: dict[str, Any]) -> FindingAppeal:
        services.decline_appeal(actor=actor, appeal_id=appeal_id, words=said["reason"], now=timezone.now())
        return appeal_for(actor, appeal_id)


class AuditFollowUp(Endpoint):
    hats = SIDES

    @verb("What a follow-up looks at", gives=FollowUpShape)
    def get(self, actor: Actor, audit_id: UUID) -> Audit:
        audit = audit_for(actor, audit_id)
        if audit.follows_id is None:
            raise Absent
        return _with_items(actor, audit)

    @verb("Plan a follow-up of what is still open", takes=PlanFollowUpSaid, gives=FollowUpShape, status=201)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Audit:
        made = services.start_follow_up(actor=actor, audit_id=audit_id, said=services.FollowUpSaid(**said), now=timezone.now())
        return _with_items(actor, made)


def _with_items(actor: Actor, audit: Any) -> Audit:
    audit.item_rows = items_of(actor, audit)
    return audit  # type: ignore[no-any-return]


class FollowUpLook(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Say what was seen of one finding at a follow-up", takes=LookAgainApiSaid, gives=FollowUpItemShape)
    def post(self, actor: Actor, follow_up_item_id: UUID, said: dict[str, Any]) -> FollowUpItem:
        item = item_with(actor, follow_up_item_id)
        services.look_again(
            actor=actor, audit_id=item.audit_id, finding_id=item.finding_id, outcome=said["outcome"], seen=said["seen"],
            evidence_ids=said.get("evidence", []), now=timezone.now(),
        )  # fmt: skip
        return item_with(actor, follow_up_item_id)
