"""Joint research: competence and offers of institutes, projects with their milestones, and how they go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.models import Characteristic, MethodEdition
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell
from oversight.categories import CATEGORIES
from oversight.models import Competence, Milestone, Problem, ProjectMember, ResearchOffer, ResearchProject
from oversight.problem_rules import LEADS_MOVES, PROJECT_MOVES, number_of
from oversight.selectors.projects import institutes
from oversight.services.problems import LONGEST_REPORT, bureaus, move_problem, next_code, sentence
from parties.models import ChainNode
from parties.roles import MAY_WRITE

KINDS = ("variable", "ordinal")
MONTH = timedelta(days=30)


@transaction.atomic
def say_competence(*, actor: Actor, categories: Sequence[str], nodes: Sequence[str], now: datetime) -> Competence:
    """What an institute can work on. Said again replaces what was said."""
    actor.must_wear(Hat.LAB)
    actor.must_hold(*MAY_WRITE)
    known = set(ChainNode.objects.filter(pk__in=nodes).values_list("pk", flat=True))
    said = {"categories": [c for c in CATEGORIES if c in categories], "node_codes": sorted(known), "updated_at": now}
    row, _new = Competence.objects.visible_to(actor).update_or_create(org_id=actor.org_id, defaults=said)
    return row


@transaction.atomic
def offer_research(*, actor: Actor, problem: Problem, words: str, now: datetime) -> ResearchOffer:
    """An institute offers to work on a confirmed problem. Offered twice is offered once."""
    actor.must_wear(Hat.LAB)
    actor.must_hold(*MAY_WRITE)
    before = ResearchOffer.objects.visible_to(actor).filter(problem=problem).first()
    if before is not None:
        return before
    row = ResearchOffer(
        problem=problem, org_id=actor.org_id, org_name_zh=actor.org_name_zh, org_name_en=actor.org_name_en, offered_by=actor.person_name, at=now,
        words=sentence(words, longest=LONGEST_REPORT, field="words"),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return ResearchOffer.objects.visible_to(actor).get(problem=problem)
    for org_id in bureaus(is_demo=actor.is_demo):
        put_todo(org_id=org_id, hat=Hat.BUREAU, kind="research_offered", subject_id=problem.pk, facts=_facts(actor), now=now)
    return row


def _facts(actor: Actor, code: str = "") -> dict[str, Any]:
    return {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en, "number": code}


@dataclass(frozen=True, slots=True)
class ProjectSaid:
    """What a project is after: a characteristic from here to there, in so many firms, in so many months."""

    title: str
    lead: UUID
    members: Sequence[UUID]
    characteristic: str
    edition: str
    from_value: str
    to_value: str
    firms: int
    months: int


@transaction.atomic
def propose_project(*, actor: Actor, problem: Problem, said: ProjectSaid, client_id: UUID, now: datetime) -> ResearchProject:
    """Set a project up. Offers of its institutes are taken with it. The same `client_id` proposes once.

    Raises RuleBroken("problem_not_open_to_research"), ("project_institute_unknown") and what _aim() says.
    """
    actor.must_wear(Hat.BUREAU)
    code = next_code(ResearchProject, "RP", now)  # first: of two at once the second waits here, and then finds the first
    before: ResearchProject | None = ResearchProject.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    if problem.confirmed_at is None or problem.state == "closed" or problem.duplicate_of_id:
        raise RuleBroken("problem_not_open_to_research")
    known = {row.pk: row for row in institutes(actor)}
    if said.lead not in known or not set(said.members) <= set(known):
        raise RuleBroken("project_institute_unknown", field="lead")
    lead = known[said.lead]
    row = ResearchProject(
        code=code, problem=problem, title=sentence(said.title, longest=120, field="title"), lead_org_id=lead.pk,
        lead_name_zh=lead.name_zh, lead_name_en=lead.name_en, target_firms=said.firms, months=said.months, state_since=now,
        proposed_by=actor.person_name, proposed_at=now, client_id=client_id, **_aim(said),
    )  # fmt: skip
    row.save(force_insert=True)
    for org_id in dict.fromkeys(said.members):
        if org_id != lead.pk:
            member = known[org_id]
            ProjectMember.objects.create(project=row, org_id=org_id, org_name_zh=member.name_zh, org_name_en=member.name_en, joined_at=now)
    _settle_offers(actor, problem, {lead.pk, *said.members}, now)
    return row


def _aim(said: ProjectSaid) -> dict[str, Any]:
    what = Characteristic.objects.filter(pk=said.characteristic).first()
    if what is None or what.kind not in KINDS:
        raise RuleBroken("project_kind_unfit", field="characteristic")
    if said.edition and not MethodEdition.objects.filter(pk=said.edition, method__characteristic_codes__contains=[what.pk]).exists():
        raise RuleBroken("project_edition_unknown", field="edition")
    start, aim = number_of(said.from_value), number_of(said.to_value)
    if start is None or aim is None:
        raise RuleBroken("project_value_unreadable", field="from_value" if start is None else "to_value")
    if start == aim:
        raise RuleBroken("project_aim_is_where_it_starts", field="to_value")
    return {
        "characteristic_code": what.pk, "edition_code": said.edition, "kind": what.kind, "direction": "upper" if aim > start else "lower",
        "from_value": said.from_value.strip(), "to_value": said.to_value.strip(), "target": Decimal(str(aim)),
    }  # fmt: skip


def _settle_offers(actor: Actor, problem: Problem, chosen: set[UUID], now: datetime) -> None:
    for offer in ResearchOffer.objects.visible_to(actor).filter(problem=problem, state="waiting"):
        offer.state = "taken" if offer.org_id in chosen else "declined"
        offer.save(update_fields=["state"])
        tell(org_id=offer.org_id, hat=Hat.LAB, kind="research_offer_settled", subject_id=problem.pk, facts=_facts(actor), now=now)
    close_todo(kind="research_offered", subject_id=problem.pk, now=now)


@transaction.atomic
def add_milestone(*, actor: Actor, project: ResearchProject, name: str, due_on: date, now: datetime) -> Milestone:
    """A dated step; by the lead or the bureau. The same name is one milestone."""
    row = _locked(actor, project)
    today = timezone.localdate(now)
    if not (row.starts_on or today) <= due_on <= (row.starts_on or today) + (row.months + 12) * MONTH:
        raise RuleBroken("milestone_day_odd", field="due_on")
    words = sentence(name, longest=80, field="name")
    found: Milestone | None = Milestone.objects.visible_to(actor).filter(project=row, name=words).first()
    if found is not None and found.due_on != due_on:
        raise RuleBroken("milestone_named_already", field="name")
    return found or Milestone.objects.create(project=row, lead_org_id=row.lead_org_id, name=words, due_on=due_on)


@transaction.atomic
def finish_milestone(*, actor: Actor, project: ResearchProject, milestone_id: UUID, done_on: date, words: str, now: datetime) -> Milestone:
    """Say that a step is done. Said twice keeps the first day."""
    row = _locked(actor, project)
    step: Milestone | None = Milestone.objects.visible_to(actor).filter(project=row, pk=milestone_id).first()
    if step is None:
        raise RuleBroken("project_move_unknown")
    if step.done_on is None:
        if not timezone.localdate(row.proposed_at) - MONTH <= done_on <= timezone.localdate(now):
            raise RuleBroken("milestone_day_odd", field="done_on")
        step.done_on, step.note = done_on, words.strip()[:200]
        step.save(update_fields=["done_on", "note"])
    return step


def _locked(actor: Actor, project: ResearchProject) -> ResearchProject:
    """The project for its lead or the bureau, locked."""
    if actor.hat != Hat.BUREAU:
        actor.must_act_for(project.lead_org_id, Hat.LAB)
        actor.must_hold(*MAY_WRITE)
    row: ResearchProject = ResearchProject.objects.visible_to(actor).select_for_update().get(pk=project.pk)
    return row


@transaction.atomic
def move_project(*, actor: Actor, project: ResearchProject, state: str, words: str, now: datetime) -> ResearchProject:
    """Take a project one step on: the lead begins and hands in, the bureau approves, adopts and stops. Moved twice is moved once."""
    row = _locked(actor, project)
    if row.state == state:
        return row
    if state not in PROJECT_MOVES[row.state] or (actor.hat != Hat.BUREAU and (row.state, state) not in LEADS_MOVES):
        raise RuleBroken("project_move_unknown", field="state")
    if state == "running" and not row.milestones.exists():
        raise RuleBroken("project_needs_milestone", field="state")
    if state in ("review", "stopped"):
        row.result = sentence(words, longest=LONGEST_REPORT, field="words")
    columns = ["state", "state_since", "result"]
    if state == "approved":
        row.starts_on = timezone.localdate(now)
        row.ends_on = row.starts_on + row.months * MONTH
        columns += ["starts_on", "ends_on"]
    row.state, row.state_since = state, now
    row.save(update_fields=columns)
    if actor.hat == Hat.BUREAU:
        _problem_follows(actor, row, now)
    _say_on(actor, row, now)
    return row


def _problem_follows(actor: Actor, row: ResearchProject, now: datetime) -> None:
    """An approved project is research under way; an adopted one is a solution on trial."""
    wanted = {"approved": ("confirmed", "in_research"), "adopted": ("in_research", "solution_trial")}.get(row.state)
    if wanted and row.problem.state == wanted[0]:
        move_problem(actor=actor, problem=row.problem, state=wanted[1], words=row.code, now=now)


def _say_on(actor: Actor, row: ResearchProject, now: datetime) -> None:
    members = [row.lead_org_id, *ProjectMember.objects.visible_to(actor).filter(project=row, left_at=None).values_list("org_id", flat=True)]
    for org_id in members:
        if org_id != actor.org_id:
            tell(org_id=org_id, hat=Hat.LAB, kind="project_moved", subject_id=row.pk, facts=_facts(actor, row.code), now=now)
    if row.state == "review":
        for office in bureaus(is_demo=actor.is_demo):
            put_todo(org_id=office, hat=Hat.BUREAU, kind="project_to_judge", subject_id=row.pk, facts=_facts(actor, row.code), now=now)
    else:
        close_todo(kind="project_to_judge", subject_id=row.pk, now=now)
