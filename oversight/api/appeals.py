"""Appeals, bulk reminders and compliance by quarter as data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from oversight.filters import Asked as AskedRows
from oversight.models import ReminderRound
from oversight.selectors.appeals import appeals
from oversight.selectors.trend import Quarter, kept_by_quarter, overdue_of
from oversight.services.reminders import preview_round, send_round
from parties.endpoints import Asked, Endpoint, Filters, InBoth, Page, PageFilters, Said, Shape, verb
from records import appeal_questions
from records.models import ScoreAppeal
from records.services import appeals as verbs

BUREAU = (Hat.BUREAU,)
LONGEST = 2000
MOST = 200


class ScoreAppealShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    firm = InBoth("org_name")
    part = serializers.CharField()
    state = serializers.CharField()
    outcome = serializers.CharField(allow_blank=True)
    reasons = serializers.CharField(allow_blank=True)
    filed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class AppealOnTimelineShape(ScoreAppealShape):
    """As the bureau lists them, whatever they are against."""

    kind = serializers.CharField(help_text="score, finding, or lot. Of the last two there is no more than what stands here.")
    chain_owner = InBoth("respondent_name")
    laboratory = InBoth("lab_name")
    grade = serializers.CharField(allow_blank=True, help_text="Of a finding.")


class ScoreAppealLineShape(Shape):
    side = serializers.CharField(help_text="appellant, respondent or bureau")
    words = serializers.CharField()
    at = serializers.DateTimeField()


class ScoreAppealWholeShape(Shape):
    appeal = ScoreAppealShape()
    lines = ScoreAppealLineShape(many=True)


class ScoreAppealFilters(PageFilters):
    state = serializers.ChoiceField(["open", "decided"], required=False)


class AppealLineSaid(Said):
    words = serializers.CharField(max_length=LONGEST)
    client_id = serializers.CharField(required=False, max_length=60)


class AppealLabSaid(Said):
    lab = serializers.UUIDField()
    question = serializers.CharField(max_length=LONGEST)


class AppealDecisionSaid(Said):
    outcome = serializers.ChoiceField(ScoreAppeal.Outcome.values)
    reasons = serializers.CharField(max_length=LONGEST)


class OpinionSaid(Said):
    words = serializers.CharField(max_length=LONGEST)
    declined = serializers.BooleanField(required=False, default=False)


class AppealOpinionShape(Shape):
    code = serializers.CharField()
    question = serializers.CharField()
    state = serializers.CharField(help_text="asked, given or declined")
    opinion = serializers.CharField(allow_blank=True)


class ReminderSaid(Said):
    agreements = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
    side = serializers.ChoiceField(["owner", "supplier"], required=False)
    client_id = serializers.CharField(required=False, max_length=60)


class ReminderRoundShape(Shape):
    id = serializers.UUIDField()
    sent_at = serializers.DateTimeField()
    told = serializers.IntegerField(help_text="Sides that were told.")
    skipped = serializers.IntegerField(help_text="Sides and agreements that were left out.")


class QuarterSideShape(Shape):
    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    n = serializers.IntegerField()


class KeptQuarterShape(Shape):
    starts_on = serializers.DateField()
    owner = QuarterSideShape()
    supplier = QuarterSideShape()


class QuarterFilters(Filters):
    owner = serializers.UUIDField(required=False)
    region = serializers.CharField(required=False, max_length=12)
    node = serializers.CharField(required=False, max_length=12)


class BureauAppeals(Endpoint):
    hats = BUREAU

    @verb("Appeals against scores and findings, and of lots, newest first", gives=AppealOnTimelineShape, asks=ScoreAppealFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = appeals(actor, state=asked.filters.get("state", ""), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.filed_at, row.id))


class ScoreAppeals(Endpoint):
    hats = (Hat.SUPPLIER, Hat.OWNER)

    @verb(
        "Appeals against scores that are the firm's own or concern it",
        gives=ScoreAppealShape,
        asks=ScoreAppealFilters,
        page=(datetime, UUID),
    )
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = appeal_questions.score_appeals(actor, state=asked.filters.get("state", ""), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.filed_at, row.pk))


def _timeline(actor: Actor, appeal_id: UUID) -> dict[str, Any]:
    row = appeal_questions.score_appeal_for(actor, appeal_id)
    return {"appeal": row, "lines": appeal_questions.entries_of_appeal(actor, row)}


class BureauAppealOne(Endpoint):
    hats = BUREAU

    @verb("One appeal with its timeline", gives=ScoreAppealWholeShape)
    def get(self, actor: Actor, score_appeal_id: UUID) -> dict[str, Any]:
        return _timeline(actor, score_appeal_id)


class BureauAppealLab(Endpoint):
    hats = BUREAU

    @verb("Ask a laboratory of neither side", takes=AppealLabSaid, gives=AppealOpinionShape, status=201)
    def post(self, actor: Actor, score_appeal_id: UUID, said: dict[str, Any]) -> Any:
        row = appeal_questions.score_appeal_for(actor, score_appeal_id)
        return verbs.ask_lab(actor=actor, appeal=row, lab_org_id=said["lab"], question=said["question"], now=timezone.now())


class BureauAppealDecision(Endpoint):
    hats = BUREAU

    @verb("Decide an appeal with reasons; the score is counted anew", takes=AppealDecisionSaid, gives=ScoreAppealShape)
    def post(self, actor: Actor, score_appeal_id: UUID, said: dict[str, Any]) -> ScoreAppeal:
        row = appeal_questions.score_appeal_for(actor, score_appeal_id)
        return verbs.decide_score_appeal(actor=actor, appeal=row, now=timezone.now(), **said)


class ScoreAppealOne(Endpoint):
    hats = (Hat.SUPPLIER, Hat.OWNER)

    @verb("One appeal of a side, with its timeline", gives=ScoreAppealWholeShape)
    def get(self, actor: Actor, score_appeal_id: UUID) -> dict[str, Any]:
        return _timeline(actor, score_appeal_id)


class ScoreAppealLines(Endpoint):
    hats = (Hat.SUPPLIER, Hat.OWNER, Hat.BUREAU)

    @verb("Say one more thing on the timeline of an appeal", takes=AppealLineSaid, gives=ScoreAppealLineShape, status=201)
    def post(self, actor: Actor, score_appeal_id: UUID, said: dict[str, Any]) -> Any:
        row = appeal_questions.score_appeal_for(actor, score_appeal_id)
        key = said.get("client_id") or uuid4().hex
        return verbs.say_on_appeal(actor=actor, appeal=row, words=said["words"], client_id=key, now=timezone.now())


class ScoreAppealWithdrawal(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Take an appeal back", gives=ScoreAppealShape)
    def post(self, actor: Actor, score_appeal_id: UUID) -> ScoreAppeal:
        verbs.withdraw_score_appeal(actor=actor, appeal=appeal_questions.score_appeal_for(actor, score_appeal_id), now=timezone.now())
        return appeal_questions.score_appeal_for(actor, score_appeal_id)


class ScoreAppealOpinion(Endpoint):
    hats = (Hat.LAB,)

    @verb("What the laboratory is asked in an appeal", gives=AppealOpinionShape)
    def get(self, actor: Actor, score_appeal_id: UUID) -> Any:
        return appeal_questions.opinion_for(actor, score_appeal_id)

    @verb("Give an opinion, or say that none can be given", takes=OpinionSaid, gives=AppealOpinionShape)
    def post(self, actor: Actor, score_appeal_id: UUID, said: dict[str, Any]) -> Any:
        opinion = appeal_questions.opinion_for(actor, score_appeal_id)
        return verbs.give_opinion(actor=actor, opinion=opinion, now=timezone.now(), **said)


class BureauReminders(Endpoint):
    hats = BUREAU

    @verb(
        "Remind the sides of what is overdue under some agreements, once a day each",
        takes=ReminderSaid,
        gives=ReminderRoundShape,
        status=201,
    )
    def post(self, actor: Actor, said: dict[str, Any]) -> ReminderRound:
        now, side = timezone.now(), said.get("side", "")
        found = preview_round(actor=actor, agreement_ids=said["agreements"], side=side, now=now)
        left_out = len(found.told_today) + len(found.nothing) + len(found.standing_still)
        ids = overdue_of(actor, said["agreements"], side=side, today=timezone.localdate(now))
        key = said.get("client_id") or uuid4().hex
        return send_round(actor=actor, obligation_ids=ids, skipped=left_out - len(found.told_today), client_id=key, now=now)


class BureauQuarters(Endpoint):
    hats = BUREAU

    @verb("How both sides kept their word, by quarter", gives=KeptQuarterShape(many=True), asks=QuarterFilters)
    def get(self, actor: Actor, asked: Asked) -> list[Quarter]:
        wanted = AskedRows(**{name: str(value) for name, value in asked.filters.items()})
        return kept_by_quarter(actor, wanted, today=timezone.localdate())
