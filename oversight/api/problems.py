"""Problems, reports, research and techniques as data: the same verbs and the same walls as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import BUSINESS_HATS, Actor, Hat
from oversight.categories import CATEGORIES
from oversight.models import Problem, ProblemReport
from oversight.selectors.problems import Wanted, problem_for, problems, report_for, reports
from oversight.services.problems import (
    REPORTERS,
    About,
    EvidenceSaid,
    ProblemSaid,
    add_evidence,
    merge_problem,
    move_problem,
    register_problem,
    report_problem,
    settle_report,
    unmerge_problem,
)
from oversight.words_problems import EVIDENCE_KINDS, PROBLEM_CHIPS, REPORT_CHIPS
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, verb


class QualityProblemShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    statement = serializers.CharField()
    category = serializers.ChoiceField(list(CATEGORIES))
    node = serializers.CharField(source="node_code", allow_blank=True)
    regions = serializers.ListField(child=serializers.CharField(), source="region_codes")
    characteristic = serializers.CharField(source="characteristic_code", allow_blank=True)
    severity = serializers.IntegerField()
    state = serializers.ChoiceField(list(PROBLEM_CHIPS))
    state_since = serializers.DateTimeField()
    duplicate_of = serializers.UUIDField(source="duplicate_of_id", allow_null=True)


class ProblemReportShape(Shape):
    id = serializers.UUIDField()
    words = serializers.CharField()
    category = serializers.CharField(allow_blank=True)
    node = serializers.CharField(source="node_code", allow_blank=True)
    characteristic = serializers.CharField(source="characteristic_code", allow_blank=True)
    state = serializers.ChoiceField(list(REPORT_CHIPS))
    reply = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class ProblemFilters(PageFilters):
    state = serializers.CharField(required=False, max_length=14)
    category = serializers.ChoiceField(list(CATEGORIES), required=False)
    node = serializers.CharField(required=False, max_length=12)
    region = serializers.CharField(required=False, max_length=12)
    q = serializers.CharField(required=False, max_length=80)


class SaidAbout(Said):
    client_id = serializers.UUIDField(help_text="Made by the caller: the same one is taken once.")
    category = serializers.ChoiceField(list(CATEGORIES), required=False, default="")
    node = serializers.CharField(required=False, max_length=12, default="")
    regions = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=20)
    characteristic = serializers.CharField(required=False, max_length=20, default="")


class ProblemReportSaid(SaidAbout):
    words = serializers.CharField(max_length=2000)
    origin = serializers.CharField(required=False, max_length=12, default="words")


class QualityProblemSaid(SaidAbout):
    statement = serializers.CharField(max_length=200)
    cause = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)
    severity = serializers.IntegerField(required=False, min_value=1, max_value=5, default=3)
    report = serializers.UUIDField(required=False, help_text="The report that it begins from.")


class ProblemMoveSaid(Said):
    state = serializers.ChoiceField(list(PROBLEM_CHIPS))
    words = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)


class ReportReplySaid(Said):
    problem = serializers.UUIDField(required=False, help_text="The problem it belongs to; without it, the report is declined.")
    reply = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)


class ProblemMergeSaid(Said):
    into = serializers.UUIDField()


class ProblemEvidenceSaid(Said):
    client_id = serializers.UUIDField()
    kind = serializers.ChoiceField(list(EVIDENCE_KINDS))
    source = serializers.CharField(max_length=120)  # type: ignore[assignment]  # as the page names it
    seen_on = serializers.DateField()
    looked_at = serializers.IntegerField(min_value=1, max_value=100_000)
    nonconforming = serializers.IntegerField(min_value=0, max_value=100_000)


def about_of(said: dict[str, Any]) -> About:
    """What a body says a problem is about."""
    return About(said["category"], said["node"], said["regions"], said["characteristic"])


class QualityProblems(Endpoint):
    hats = BUSINESS_HATS

    @verb("Confirmed problems, the latest step first", gives=QualityProblemShape, asks=ProblemFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows = problems(actor, Wanted(**asked.filters), after=asked.after, limit=asked.size + 1)
        return Page(rows, lambda row: (row.state_since, row.pk))


class QualityProblem(Endpoint):
    hats = BUSINESS_HATS

    @verb("One problem", gives=QualityProblemShape)
    def get(self, actor: Actor, problem_id: UUID) -> Problem:
        return problem_for(actor, problem_id)


class ProblemReports(Endpoint):
    hats = (*REPORTERS, Hat.BUREAU)
    write_hats = REPORTERS

    @verb("Reports of the caller's world, newest first", gives=ProblemReportShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(reports(actor, after=asked.after, limit=asked.size + 1), lambda row: (row.at, row.pk))

    @verb("Report a problem: read by the bureau alone", takes=ProblemReportSaid, gives=ProblemReportShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ProblemReport:
        return report_problem(
            actor=actor, words=said["words"], about=about_of(said), origin=said["origin"], client_id=said["client_id"], now=timezone.now()
        )


class OneProblemReport(Endpoint):
    hats = REPORTERS

    @verb("One report of one's own, with the bureau's answer", gives=ProblemReportShape)
    def get(self, actor: Actor, report_of_problem_id: UUID) -> ProblemReport:
        return report_for(actor, report_of_problem_id)


class BureauProblemReport(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Answer a report: it belongs to a problem, or is declined with words", takes=ReportReplySaid, gives=ProblemReportShape)
    def post(self, actor: Actor, report_of_problem_id: UUID, said: dict[str, Any]) -> ProblemReport:
        row = report_for(actor, report_of_problem_id)
        belongs = problem_for(actor, said["problem"]) if "problem" in said else None
        return settle_report(actor=actor, report=row, problem=belongs, reply=said["reply"], now=timezone.now())


class BureauProblems(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Write a problem down", takes=QualityProblemSaid, gives=QualityProblemShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Problem:
        report = report_for(actor, said["report"]) if "report" in said else None
        meant = ProblemSaid(said["statement"], about_of(said), said["severity"], said["cause"])
        return register_problem(actor=actor, said=meant, report=report, client_id=said["client_id"], now=timezone.now())


class BureauProblemMoves(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Take a problem one step on", takes=ProblemMoveSaid, gives=QualityProblemShape)
    def post(self, actor: Actor, problem_id: UUID, said: dict[str, Any]) -> Problem:
        return move_problem(actor=actor, problem=problem_for(actor, problem_id), state=said["state"], words=said["words"], now=timezone.now())


class BureauProblemEvidence(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Put a result of supervision, a round or a study to a problem", takes=ProblemEvidenceSaid, gives=QualityProblemShape, status=201)
    def post(self, actor: Actor, problem_id: UUID, said: dict[str, Any]) -> Problem:
        row = problem_for(actor, problem_id)
        meant = EvidenceSaid(said["kind"], said["source"], said["seen_on"], said["looked_at"], said["nonconforming"])
        add_evidence(actor=actor, problem=row, said=meant, client_id=said["client_id"], now=timezone.now())
        return row


class BureauProblemMerge(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Say that two problems are one", takes=ProblemMergeSaid, gives=QualityProblemShape)
    def post(self, actor: Actor, problem_id: UUID, said: dict[str, Any]) -> Problem:
        row, into = problem_for(actor, problem_id), problem_for(actor, said["into"])
        return merge_problem(actor=actor, problem=row, into=into, now=timezone.now())

    @verb("Undo the merging", gives=QualityProblemShape)
    def delete(self, actor: Actor, problem_id: UUID) -> Problem:
        return unmerge_problem(actor=actor, problem=problem_for(actor, problem_id), now=timezone.now())


