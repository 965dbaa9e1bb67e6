"""Techniques: written by an institute or the bureau, published in versions, taken up by firms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import tell
from oversight.models import Adoption, Problem, ProblemReport, ProjectFirm, ResearchProject, Technique
from oversight.services.problems import LONGEST_REPORT, next_code, sentence
from parties.models import ChainNode
from parties.roles import MAY_FILE, MAY_WRITE

WRITERS = (Hat.LAB, Hat.BUREAU)
ADOPTERS = (Hat.SUPPLIER, Hat.OWNER)
LONGEST_STEPS = 6000


@dataclass(frozen=True, slots=True)
class TechniqueSaid:
    """A technique as it is written down."""

    name: str
    steps: str
    contact: str
    cost: str = ""
    limits: str = ""
    trial: str = ""
    question: str = ""
    nodes: Sequence[str] = ()

    def columns(self) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that says nothing."""
        nodes = ChainNode.objects.filter(pk__in=self.nodes).order_by("order").values_list("pk", flat=True)
        return {
            "name": sentence(self.name, longest=80, field="name") if len(self.name.strip()) >= 8 else _short(self.name),
            "steps": self.steps.strip()[:LONGEST_STEPS], "contact": self.contact.strip()[:120], "cost": self.cost.strip()[:200],
            "limits": self.limits.strip()[:LONGEST_REPORT], "trial": self.trial.strip()[:LONGEST_REPORT], "question": self.question.strip()[:200],
            "node_codes": list(nodes),
        }  # fmt: skip


def _short(name: str) -> str:
    name = name.strip()
    if len(name) < 2:  # a good name may be as short as two characters
        raise RuleBroken("problem_needs_words", field="name", shortest=2, longest=80)
    return name


@transaction.atomic
def draft_technique(
    *, actor: Actor, problem: Problem, project: ResearchProject | None, said: TechniqueSaid, client_id: UUID, now: datetime
) -> Technique:
    """Begin a technique. The same `client_id` begins once."""
    actor.must_wear(*WRITERS)
    actor.must_hold(*MAY_WRITE)
    code = next_code(Technique, "TQ", now)  # first: of two at once the second waits here, and then finds the first
    before: Technique | None = Technique.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    made: Technique = Technique.objects.create(
        code=code, problem=problem, project=project, publisher_org_id=actor.org_id, publisher_name_zh=actor.org_name_zh,
        publisher_name_en=actor.org_name_en, characteristic_code=problem.characteristic_code, written_by=actor.person_name, written_at=now,
        client_id=client_id, **said.columns(),
    )  # fmt: skip
    return made


def _own(actor: Actor, technique: Technique) -> Technique:
    actor.must_act_for(technique.publisher_org_id, *WRITERS)
    actor.must_hold(*MAY_WRITE)
    row: Technique = Technique.objects.visible_to(actor).select_for_update().get(pk=technique.pk)
    return row


@transaction.atomic
def write_technique(*, actor: Actor, technique: Technique, said: TechniqueSaid, now: datetime) -> Technique:
    """Change a draft. A published version is never changed."""
    row = _own(actor, technique)
    if row.state != "draft":
        raise RuleBroken("technique_not_draft")
    columns = said.columns()
    for name, value in columns.items():
        setattr(row, name, value)
    row.written_at = now
    row.save(update_fields=[*columns, "written_at"])
    return row


@transaction.atomic
def publish_technique(*, actor: Actor, technique: Technique, now: datetime) -> Technique:
    """Publish a draft; the version before it is retired, and whoever reported the problem or took part is told. Twice is once."""
    row = _own(actor, technique)
    if row.state == "published":
        return row
    if row.state != "draft" or not row.steps or not row.contact:
        raise RuleBroken("technique_needs_parts", field="steps")
    Technique.objects.visible_to(actor).filter(code=row.code, state="published").update(state="retired")
    row.state, row.published_at = "published", now
    row.save(update_fields=["state", "published_at"])
    facts = {"other_zh": row.name, "other_en": row.name, "number": row.code}
    with acting_as(Hat.CLOCK):
        told = {
            (org, Hat(hat))
            for org, hat in ProblemReport.objects.filter(problem_id=row.problem_id).values_list("reporter_org_id", "reporter_hat")
        }
        if row.project_id:
            told |= {
                (org, Hat.SUPPLIER)
                for org in ProjectFirm.objects.filter(project_id=row.project_id, revoked_at=None).values_list("firm_org_id", flat=True)
            }
    for org_id, hat in sorted(told):
        tell(org_id=org_id, hat=hat, kind="technique_published", subject_id=row.pk, facts=facts, now=now)
    return row


@transaction.atomic
def next_version(*, actor: Actor, technique: Technique, client_id: UUID, now: datetime) -> Technique:
    """Begin the next version from a published one; there is one draft at a time."""
    row = _own(actor, technique)
    newest: Technique = Technique.objects.visible_to(actor).filter(code=row.code).order_by("-version")[0]
    if newest.state == "draft":
        return newest
    copied = (
        "code",
        "problem",
        "project",
        "publisher_org_id",
        "publisher_name_zh",
        "publisher_name_en",
        "name",
        "steps",
        "cost",
        "limits",
        "trial",
    )
    more = ("contact", "question", "characteristic_code", "node_codes")
    made: Technique = Technique.objects.create(
        version=newest.version + 1,
        written_by=actor.person_name,
        written_at=now,
        client_id=client_id,
        **{name: getattr(newest, name) for name in copied + more},
    )
    return made


@transaction.atomic
def adopt_technique(*, actor: Actor, technique: Technique, now: datetime) -> Adoption:
    """Say that the firm works by it. Others read how many do, from five on. Said twice is said once."""
    actor.must_wear(*ADOPTERS)
    actor.must_hold(*MAY_FILE)
    if technique.state == "draft":
        raise RuleBroken("technique_not_published")
    row, new = Adoption.objects.visible_to(actor).get_or_create(
        technique_code=technique.code, firm_org_id=actor.org_id,
        defaults={"adopted_on": timezone.localdate(now), "adopted_by": actor.person_name, "at": now},
    )  # fmt: skip
    if not new and row.ended_on is not None:
        row.ended_on, row.adopted_on = None, timezone.localdate(now)
        row.save(update_fields=["ended_on", "adopted_on"])
    return row


@transaction.atomic
def drop_technique(*, actor: Actor, technique: Technique, now: datetime) -> None:
    """Say that the firm no longer works by it."""
    actor.must_wear(*ADOPTERS)
    Adoption.objects.visible_to(actor).filter(technique_code=technique.code, ended_on=None).update(ended_on=timezone.localdate(now))
