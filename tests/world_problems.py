"""A confirmed problem, a project and a technique that everybody reads, and what one chain owner reported of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from foundation.actor import as_actor
from oversight.models import Problem, ProblemReport, ResearchProject, Technique
from oversight.services.consents import join_project
from oversight.services.problems import (
    About,
    EvidenceSaid,
    ProblemSaid,
    add_evidence,
    move_problem,
    register_problem,
    report_problem,
    settle_report,
)
from oversight.services.projects import ProjectSaid, add_milestone, move_project, offer_research, propose_project, say_competence
from oversight.services.techniques import TechniqueSaid, adopt_technique, draft_technique, publish_technique
from tests.cast import actor, key

# Everybody reads these: one of each in a world, under the same address.
PROBLEM, PROJECT, TECHNIQUE = key("problem"), key("project"), key("technique")
STATEMENT = "针织面料水洗后酸碱度超出约定范围"


def a_report(who: str, *, now: datetime, **about: Any) -> ProblemReport:
    """What one of the cast reports."""
    with as_actor(actor(who)):
        return report_problem(
            actor=actor(who), words=f"{STATEMENT}，近三个月四批", about=About("safety", "knitting", **about), origin="variation", client_id=uuid4(), now=now
        )


def a_problem(*, now: datetime, report: ProblemReport | None = None, pk: UUID | None = None) -> Problem:
    """A problem that the bureau wrote down."""
    zhou = actor("zhou")
    with as_actor(zhou):
        if pk is not None:
            return Problem.objects.create(
                id=pk, code="QP-2020-001", statement=STATEMENT, category="safety", node_code="knitting", characteristic_code="PH", state="triaged",
                state_since=now, registered_by=zhou.person_name, registered_at=now, client_id=uuid4(),
            )  # fmt: skip
        said = ProblemSaid(STATEMENT, About("safety", "knitting", characteristic="PH"))
        return register_problem(actor=zhou, said=said, report=report, client_id=uuid4(), now=now)


def confirmed(problem: Problem, *, now: datetime) -> Problem:
    """Confirmed on a supervision sample of twenty-four firms, nine of which did not conform."""
    zhou = actor("zhou")
    with as_actor(zhou):
        said = EvidenceSaid("supervision", "2025年秋季针织品监督抽查", timezone.localdate(now) - timedelta(days=30), 24, 9)
        add_evidence(actor=zhou, problem=problem, said=said, client_id=uuid4(), now=now)
        if problem.state == "reported":
            move_problem(actor=zhou, problem=problem, state="triaged", words="", now=now)
        return move_problem(actor=zhou, problem=problem, state="confirmed", words="", now=now)


def a_project(problem: Problem, *, now: datetime, pk: UUID | None = None, firms: int = 20) -> ResearchProject:
    """Mei leads it; approved, with one step, running."""
    zhou, mei = actor("zhou"), actor("mei")
    with as_actor(zhou):
        if pk is not None:
            row = ResearchProject.objects.create(
                id=pk, code="RP-2020-001", problem=problem, title="水洗酸碱度攻关", lead_org_id=mei.org_id, lead_name_zh=mei.org_name_zh,
                lead_name_en=mei.org_name_en, characteristic_code="PH", kind="variable", direction="lower", from_value="8.2", to_value="7.0",
                target=Decimal("7"), target_firms=firms, months=6, state_since=now, proposed_by=zhou.person_name, proposed_at=now, client_id=uuid4(),
            )  # fmt: skip
        else:
            said = ProjectSaid("水洗酸碱度攻关小组", mei.org_id, [], "PH", "", "8.2", "7.0", firms, 6)
            row = propose_project(actor=zhou, problem=problem, said=said, client_id=uuid4(), now=now)
        row = move_project(actor=zhou, project=row, state="approved", words="", now=now)
    with as_actor(mei):
        add_milestone(actor=mei, project=row, name="基线测试完成并汇总", due_on=timezone.localdate(now) + timedelta(days=60), now=now)
        return move_project(actor=mei, project=row, state="running", words="", now=now)


def said_technique(name: str = "水洗末道加酸中和") -> TechniqueSaid:
    return TechniqueSaid(name, "末道清水浴加入有机酸\n调到六点五再出布", "初经检测 梅析", trial="五家试用，均值下降0.6", question="末道水洗后是否逐缸测酸碱度？", nodes=["knitting"])


def a_technique(problem: Problem, project: ResearchProject | None, *, now: datetime, pk: UUID | None = None) -> Technique:
    """Written and published by Mei."""
    mei = actor("mei")
    with as_actor(mei):
        if pk is not None:
            row = Technique.objects.create(
                id=pk, code="TQ-2020-001", problem=problem, project=project, publisher_org_id=mei.org_id, publisher_name_zh=mei.org_name_zh,
                publisher_name_en=mei.org_name_en, written_by=mei.person_name, written_at=now, client_id=uuid4(), **said_technique().columns(),
            )  # fmt: skip
        else:
            row = draft_technique(actor=mei, problem=problem, project=project, said=said_technique(), client_id=uuid4(), now=now)
        return publish_technique(actor=mei, technique=row, now=now)


def problems_told(owner: str, supplier: str, *, now: datetime) -> dict[str, Any]:
    """What a story has of it: the owner's own report. What everybody reads is told once in a world."""
    with as_actor(actor("zhou")):
        known = Problem.objects.filter(pk=PROBLEM).first()
    if known is None:
        known = confirmed(a_problem(now=now, pk=PROBLEM), now=now)
        mei = actor("mei")
        with as_actor(mei):
            say_competence(actor=mei, categories=["safety"], nodes=[], now=now)
            offer_research(actor=mei, problem=known, words="有恒温水洗中试线和三名工程师", now=now)
        a_technique(known, a_project(known, now=now, pk=PROJECT), now=now, pk=TECHNIQUE)
    report = a_report(owner, now=now)
    with as_actor(actor("zhou")):
        settle_report(actor=actor("zhou"), report=report, problem=known, reply="已收到，谢谢", now=now)
    maker = actor(supplier)
    with as_actor(maker):
        join_project(actor=maker, project=ResearchProject.objects.get(pk=PROJECT), consents=True, changed_on=timezone.localdate(now), now=now)
        adopt_technique(actor=maker, technique=Technique.objects.get(pk=TECHNIQUE), now=now)
    return {"report_of_problem_id": report.pk, "problem_id": PROBLEM, "project_id": PROJECT, "technique_id": TECHNIQUE}


__all__ = ["PROBLEM", "PROJECT", "TECHNIQUE", "a_problem", "a_project", "a_report", "a_technique", "confirmed", "problems_told", "said_technique"]
