"""Duty cases as data: the same verbs, the same looks that are noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from inspections.filing import values_of
from oversight.models import DutyCase, DutyScope
from oversight.selectors import duty as questions
from oversight.services.duty import CaseSaid, close_case, look, open_case, widen_case
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.files import file_response

BUREAU = (Hat.BUREAU,)
LONGEST = 2000


class DutyScopeShape(Shape):
    kind = serializers.CharField(help_text="firm, agreement, finding or lot")
    id = serializers.UUIDField(source="subject_id")
    name = InBoth("name")


class DutyCaseShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    reason = serializers.CharField(help_text="supervision, complaint, appeal or statistics")
    why = serializers.CharField()
    flagged = serializers.BooleanField(help_text="The firms are told at its close.")
    opened_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    scopes = DutyScopeShape(many=True)


class DutyScopeSaid(Said):
    kind = serializers.ChoiceField(DutyScope.Kind.values)
    id = serializers.UUIDField()


class DutyCaseSaid(Said):
    reason = serializers.ChoiceField(DutyCase.Reason.values)
    why = serializers.CharField(max_length=LONGEST)
    scopes = DutyScopeSaid(many=True)
    flagged = serializers.BooleanField(required=False, default=False)
    flagged_why = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST)
    client_id = serializers.CharField(required=False, max_length=60)


class DutyCloseSaid(Said):
    outcome = serializers.CharField(max_length=LONGEST)


class DutyCaseFilters(PageFilters):
    view = serializers.ChoiceField(["open", "closed"], required=False)


class DutyClauseShape(Shape):
    order = serializers.IntegerField()
    type = serializers.CharField()
    side = serializers.CharField()
    text = InBoth("text")


class DutyClausesShape(Shape):
    number = serializers.IntegerField(allow_null=True, help_text="Of the version.")
    clauses = DutyClauseShape(many=True)


class DutyAnswerShape(Shape):
    correction = serializers.CharField()
    cause = serializers.CharField()
    action = serializers.CharField()
    answered_at = serializers.DateTimeField()


class DutyFindingShape(Shape):
    requirement = serializers.CharField()
    observed = serializers.CharField()
    gap = serializers.CharField(allow_blank=True)
    answers = DutyAnswerShape(many=True)
    files = serializers.ListField(child=serializers.UUIDField())


class DutyResultShape(Shape):
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    values = serializers.SerializerMethodField()
    verdict = serializers.CharField()
    measured_at = serializers.DateTimeField()

    def get_values(self, row: Any) -> list[str | None]:
        return [None if value is None else str(value) for value in values_of(row)]


class DutyLotShape(Shape):
    id = serializers.UUIDField()
    lot_no = serializers.CharField()
    product = serializers.CharField()
    made_on = serializers.DateField()


class DutyFileShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    received_at = serializers.DateTimeField()


class DutyCases(Endpoint):
    hats = BUREAU

    @verb("Duty cases of the office, newest first", gives=DutyCaseShape, asks=DutyCaseFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = questions.cases(actor, view=asked.filters.get("view", ""), after=asked.after, limit=asked.size)
        return Page([_whole(actor, row) for row in rows], lambda row: (row["opened_at"], row["id"]))

    @verb("Open a duty case; its firms are told", takes=DutyCaseSaid, gives=DutyCaseShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        scopes = tuple((each["kind"], each["id"]) for each in said["scopes"])
        words = CaseSaid(said["reason"], said["why"], scopes, said["flagged"], said["flagged_why"])
        return _whole(actor, open_case(actor=actor, said=words, client_id=said.get("client_id") or uuid4().hex, now=timezone.now()))


def _whole(actor: Actor, case: DutyCase) -> dict[str, Any]:
    names = ("id", "code", "reason", "why", "flagged", "opened_at", "ends_at", "closed_at")
    return {**{name: getattr(case, name) for name in names}, "scopes": list(case.scopes.all())}


class DutyCaseOne(Endpoint):
    hats = BUREAU

    @verb("One duty case", gives=DutyCaseShape)
    def get(self, actor: Actor, case_id: UUID) -> dict[str, Any]:
        return _whole(actor, questions.case_for(actor, case_id))


class DutyCaseClose(Endpoint):
    hats = BUREAU

    @verb("Close a duty case; whoever was not told of a look is told now", takes=DutyCloseSaid, gives=DutyCaseShape)
    def post(self, actor: Actor, case_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        case = questions.case_for(actor, case_id)
        close_case(actor=actor, case=case, outcome=said["outcome"], now=timezone.now())
        return _whole(actor, questions.case_for(actor, case_id))


class DutyClauses(Endpoint):
    hats = BUREAU

    @verb("Look at the clauses of an agreement under a case; its firms are told", gives=DutyClausesShape)
    def get(self, actor: Actor, case_id: UUID, agreement_id: UUID) -> dict[str, Any]:
        look(actor=actor, case=questions.case_for(actor, case_id), what="clauses", subject_id=agreement_id, now=timezone.now())
        version, clauses = questions.clauses_opened(actor, agreement_id)
        return {"number": version.number if version else None, "clauses": clauses}


class DutyFinding(Endpoint):
    hats = BUREAU

    @verb("Look at the words of a finding under a case; its firms are told", gives=DutyFindingShape)
    def get(self, actor: Actor, case_id: UUID, finding_id: UUID) -> dict[str, Any]:
        look(actor=actor, case=questions.case_for(actor, case_id), what="finding", subject_id=finding_id, now=timezone.now())
        found = questions.finding_opened(actor, finding_id)
        words = {name: getattr(found.text, name, "") for name in ("requirement", "observed", "gap")}
        return {**words, "answers": found.actions, "files": found.evidence_ids}


class DutyResults(Endpoint):
    hats = BUREAU

    @verb("Look at the results of a lot under a case; its firms are told", gives=DutyResultShape(many=True))
    def get(self, actor: Actor, case_id: UUID, lot_id: UUID) -> list[Any]:
        look(actor=actor, case=questions.case_for(actor, case_id), what="results", subject_id=lot_id, now=timezone.now())
        return questions.lot_opened(actor, lot_id)[1]


class DutyScopes(Endpoint):
    hats = BUREAU

    @verb("Take one more thing into an open case; its firms are told", takes=DutyScopeSaid, gives=DutyScopeShape, status=201)
    def post(self, actor: Actor, case_id: UUID, said: dict[str, Any]) -> DutyScope:
        case = questions.case_for(actor, case_id)
        return widen_case(actor=actor, case=case, kind=said["kind"], subject_id=said["id"], now=timezone.now())


class DutyLots(Endpoint):
    hats = BUREAU

    @verb("Look at a firm's list of lots under a case; the firm is told", gives=DutyLotShape(many=True))
    def get(self, actor: Actor, case_id: UUID, firm_id: UUID) -> list[Any]:
        look(actor=actor, case=questions.case_for(actor, case_id), what="lots", subject_id=firm_id, now=timezone.now())
        return questions.lots_opened(actor, firm_id)


class DutyFiles(Endpoint):
    hats = BUREAU

    @verb("Look at a firm's list of files under a case; the firm is told", gives=DutyFileShape(many=True))
    def get(self, actor: Actor, case_id: UUID, firm_id: UUID) -> list[Any]:
        look(actor=actor, case=questions.case_for(actor, case_id), what="files", subject_id=firm_id, now=timezone.now())
        return questions.files_opened(actor, firm_id)


class DutyFile(Endpoint):
    hats = BUREAU

    @verb("Take the clean copy of a file under a case; its firm is told")
    def get(self, actor: Actor, case_id: UUID, evidence_id: UUID) -> HttpResponseBase:
        look(actor=actor, case=questions.case_for(actor, case_id), what="file", subject_id=evidence_id, now=timezone.now())
        row = questions.file_opened(actor, evidence_id)
        return file_response(row.shared_path, row)
