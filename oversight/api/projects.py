"""Research and techniques as data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import BUSINESS_HATS, Actor, Hat
from foundation.errors import Absent
from oversight import lists
from oversight.categories import CATEGORIES
from oversight.models import Competence, Milestone, ProjectFirm, ResearchOffer, ResearchProject, Technique
from oversight.selectors.before_after import published_figure
from oversight.selectors.problems import problem_for
from oversight.selectors.projects import is_member, milestones_of, own_part, project_for, projects
from oversight.selectors.techniques import adopters, offers_from, technique_for, techniques
from oversight.services.consents import join_project, revoke_consent, say_change_day
from oversight.services.projects import (
    ProjectSaid,
    add_milestone,
    finish_milestone,
    move_project,
    offer_research,
    propose_project,
    say_competence,
)
from oversight.services.techniques import (
    ADOPTERS,
    WRITERS,
    TechniqueSaid,
    adopt_technique,
    draft_technique,
    drop_technique,
    next_version,
    publish_technique,
    write_technique,
)
from oversight.words_problems import PROJECT_CHIPS, TECHNIQUE_CHIPS
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb


class ProjectShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    problem = serializers.UUIDField(source="problem_id")
    lead = InBoth("lead_name")
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    from_value = serializers.CharField()
    to_value = serializers.CharField()
    target_firms = serializers.IntegerField()
    months = serializers.IntegerField()
    state = serializers.ChoiceField(list(PROJECT_CHIPS))
    ends_on = serializers.DateField(allow_null=True)


class MilestoneShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    due_on = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)


class ProjectChangeShape(Shape):
    published_on = serializers.DateField(help_text="The figure stays as it was published on that day.")
    firms = serializers.IntegerField()
    difference = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ProjectWholeShape(Shape):
    project = ProjectShape()
    milestones = MilestoneShape(many=True)
    change = ProjectChangeShape(allow_null=True, help_text="null: nothing is published of fewer than five firms.")


class ConsentShape(Shape):
    known_as = serializers.CharField(source="label", help_text="The firm's random label in this project.")
    consented_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    changed_on = serializers.DateField(allow_null=True)


class ProjectReadingShape(Shape):
    firm = serializers.CharField(help_text="A random label.")
    day = serializers.IntegerField(help_text="Days since the firm's own change.")
    readings = serializers.ListField(child=serializers.FloatField())


class ResearchOfferShape(Shape):
    id = serializers.UUIDField()
    problem = serializers.UUIDField(source="problem_id")
    words = serializers.CharField()
    state = serializers.CharField()


class CompetenceShape(Shape):
    categories = serializers.ListField(child=serializers.CharField())
    nodes = serializers.ListField(child=serializers.CharField(), source="node_codes")


class TechniqueShape(Shape):
    id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(list(TECHNIQUE_CHIPS))
    name = serializers.CharField()
    problem = serializers.UUIDField(source="problem_id")
    publisher = InBoth("publisher_name")
    steps = serializers.CharField()
    cost = serializers.CharField(allow_blank=True)
    limits = serializers.CharField(allow_blank=True)
    trial = serializers.CharField(allow_blank=True)
    question = serializers.CharField(allow_blank=True)
    contact = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)


class TechniqueWholeShape(Shape):
    technique = TechniqueShape()
    adopters = serializers.IntegerField(allow_null=True, help_text="null: one to four, which is not said.")
    offers = serializers.ListField(child=serializers.UUIDField(), help_text="Offers of the desk that were made from it.")


class ProjectFilters(PageFilters):
    state = serializers.ChoiceField(["open", *PROJECT_CHIPS], required=False)
    q = serializers.CharField(required=False, max_length=80)


class TechniqueFilters(PageFilters):
    node = serializers.CharField(required=False, max_length=12)
    q = serializers.CharField(required=False, max_length=80)


class ProjectBody(Said):
    client_id = serializers.UUIDField()
    problem = serializers.UUIDField()
    title = serializers.CharField(max_length=120)
    lead = serializers.UUIDField(help_text="The institute's firm.")
    members = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)
    characteristic = serializers.CharField(max_length=20)
    edition = serializers.CharField(required=False, max_length=40, default="", allow_blank=True)
    from_value = serializers.CharField(max_length=12)
    to_value = serializers.CharField(max_length=12)
    firms = serializers.IntegerField(min_value=5, max_value=500)
    months = serializers.IntegerField(min_value=1, max_value=60)


class ProjectMoveSaid(Said):
    state = serializers.ChoiceField(list(PROJECT_CHIPS))
    words = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)


class MilestoneSaid(Said):
    name = serializers.CharField(max_length=80)
    due_on = serializers.DateField()


class MilestoneDoneSaid(Said):
    milestone = serializers.UUIDField()
    done_on = serializers.DateField()
    note = serializers.CharField(required=False, max_length=200, default="", allow_blank=True)


class TakingPartSaid(Said):
    consents = serializers.BooleanField(required=False, default=False)
    changed_on = serializers.DateField(required=False, allow_null=True, default=None)


class ResearchOfferSaid(Said):
    words = serializers.CharField(max_length=2000)


class CompetenceSaid(Said):
    categories = serializers.ListField(child=serializers.ChoiceField(list(CATEGORIES)), max_length=20)
    nodes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=20)


class TechniqueWords(Said):
    name = serializers.CharField(max_length=80)
    steps = serializers.CharField(max_length=6000)
    contact = serializers.CharField(max_length=120)
    cost = serializers.CharField(required=False, max_length=200, default="", allow_blank=True)
    limits = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)
    trial = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)
    question = serializers.CharField(required=False, max_length=200, default="", allow_blank=True)
    nodes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=20)


class TechniqueBody(TechniqueWords):
    client_id = serializers.UUIDField()
    problem = serializers.UUIDField(required=False)
    project = serializers.UUIDField(required=False, help_text="Instead of a problem: a project of one's own.")


class NextVersionSaid(Said):
    client_id = serializers.UUIDField()


class ResearchProjects(Endpoint):
    hats = BUSINESS_HATS

    @verb("Projects, the latest step first", gives=ProjectShape, asks=ProjectFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(projects(actor, **asked.filters, after=asked.after, limit=asked.size + 1), lambda row: (row.state_since, row.pk))


class BureauProjects(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Set a project up on a confirmed problem", takes=ProjectBody, gives=ProjectShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ResearchProject:
        client_id, about = said.pop("client_id"), problem_for(actor, said.pop("problem"))
        return propose_project(actor=actor, problem=about, said=ProjectSaid(**said), client_id=client_id, now=timezone.now())


class OneProject(Endpoint):
    hats = BUSINESS_HATS

    @verb("One project with its steps, and the change of all firms together as it was published", gives=ProjectWholeShape)
    def get(self, actor: Actor, project_id: UUID) -> dict[str, Any]:
        row = project_for(actor, project_id)
        return {"project": row, "milestones": milestones_of(actor, row), "change": published_figure(actor, row)}


class ProjectMoves(Endpoint):
    hats = (Hat.BUREAU, Hat.LAB)

    @verb("Take a project one step on", takes=ProjectMoveSaid, gives=ProjectShape)
    def post(self, actor: Actor, project_id: UUID, said: dict[str, Any]) -> ResearchProject:
        return move_project(actor=actor, project=project_for(actor, project_id), state=said["state"], words=said["words"], now=timezone.now())


class ProjectMilestones(Endpoint):
    hats = (Hat.BUREAU, Hat.LAB)

    @verb("Add a dated step", takes=MilestoneSaid, gives=MilestoneShape, status=201)
    def post(self, actor: Actor, project_id: UUID, said: dict[str, Any]) -> Milestone:
        return add_milestone(actor=actor, project=project_for(actor, project_id), name=said["name"], due_on=said["due_on"], now=timezone.now())

    @verb("Say that a step is done", takes=MilestoneDoneSaid, gives=MilestoneShape)
    def patch(self, actor: Actor, project_id: UUID, said: dict[str, Any]) -> Milestone:
        row = project_for(actor, project_id)
        return finish_milestone(
            actor=actor, project=row, milestone_id=said["milestone"], done_on=said["done_on"], words=said["note"], now=timezone.now()
        )


class ProjectConsent(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The firm's own consent", gives=ConsentShape)
    def get(self, actor: Actor, project_id: UUID) -> ProjectFirm:
        part = own_part(actor, project_for(actor, project_id))
        if part is None:
            raise Absent
        return part

    @verb("Take part, or name the day of the change", takes=TakingPartSaid, gives=ConsentShape)
    def put(self, actor: Actor, project_id: UUID, said: dict[str, Any]) -> ProjectFirm:
        row, now = project_for(actor, project_id), timezone.now()
        part = own_part(actor, row)
        if part is not None and part.revoked_at is None:
            return say_change_day(actor=actor, project=row, changed_on=said["changed_on"], now=now)
        return join_project(actor=actor, project=row, consents=said["consents"], changed_on=said["changed_on"], now=now)

    @verb("Take the consent back", gives=ConsentShape)
    def delete(self, actor: Actor, project_id: UUID) -> ProjectFirm:
        return revoke_consent(actor=actor, project=project_for(actor, project_id), now=timezone.now())


class ProjectData(Endpoint):
    hats = (Hat.LAB,)

    @verb("Readings under labels, for the project's institutes alone", gives=ProjectReadingShape(many=True))
    def get(self, actor: Actor, project_id: UUID) -> list[dict[str, Any]]:
        row = project_for(actor, project_id)
        if not is_member(actor, row):
            raise Absent
        return [
            {"firm": label, "day": day, "readings": [value / 10**decimals for value in readings]}
            for label, day, readings, decimals in lists.lines_of(actor, row)
        ]


class ResearchOffers(Endpoint):
    hats = (Hat.LAB,)

    @verb("Offer to work on a problem", takes=ResearchOfferSaid, gives=ResearchOfferShape, status=201)
    def post(self, actor: Actor, problem_id: UUID, said: dict[str, Any]) -> ResearchOffer:
        return offer_research(actor=actor, problem=problem_for(actor, problem_id), words=said["words"], now=timezone.now())


class OwnCompetence(Endpoint):
    hats = (Hat.LAB,)

    @verb("Say what the institute works on", takes=CompetenceSaid, gives=CompetenceShape)
    def put(self, actor: Actor, said: dict[str, Any]) -> Competence:
        return say_competence(actor=actor, categories=said["categories"], nodes=said["nodes"], now=timezone.now())


class Techniques(Endpoint):
    hats = BUSINESS_HATS
    write_hats = WRITERS

    @verb("Published techniques, newest first", gives=TechniqueShape, asks=TechniqueFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(techniques(actor, **asked.filters, after=asked.after, limit=asked.size + 1), lambda row: (row.published_at, row.pk))

    @verb("Write a technique down as a draft", takes=TechniqueBody, gives=TechniqueShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Technique:
        client_id, source, about = said.pop("client_id"), said.pop("project", None), said.pop("problem", None)
        if (source is None) == (about is None):
            raise Absent
        project = project_for(actor, source) if source else None
        if project is not None and actor.hat != Hat.BUREAU and not is_member(actor, project):
            raise Absent
        problem = project.problem if project else problem_for(actor, about)
        return draft_technique(actor=actor, problem=problem, project=project, said=TechniqueSaid(**said), client_id=client_id, now=timezone.now())


class OneTechnique(Endpoint):
    hats = BUSINESS_HATS
    write_hats = WRITERS

    @verb("One technique", gives=TechniqueWholeShape)
    def get(self, actor: Actor, technique_id: UUID) -> dict[str, Any]:
        row = technique_for(actor, technique_id)
        offers = [each.pk for each in offers_from(actor, row)]
        return {"technique": row, "adopters": adopters([row.code])[row.code], "offers": offers}

    @verb("Change a draft", takes=TechniqueWords, gives=TechniqueShape)
    def put(self, actor: Actor, technique_id: UUID, said: dict[str, Any]) -> Technique:
        return write_technique(actor=actor, technique=technique_for(actor, technique_id), said=TechniqueSaid(**said), now=timezone.now())


class TechniquePublish(Endpoint):
    hats = WRITERS

    @verb("Publish a draft", gives=TechniqueShape)
    def post(self, actor: Actor, technique_id: UUID) -> Technique:
        return publish_technique(actor=actor, technique=technique_for(actor, technique_id), now=timezone.now())


class TechniqueVersions(Endpoint):
    hats = WRITERS

    @verb("Begin the next version", takes=NextVersionSaid, gives=TechniqueShape, status=201)
    def post(self, actor: Actor, technique_id: UUID, said: dict[str, Any]) -> Technique:
        return next_version(actor=actor, technique=technique_for(actor, technique_id), client_id=said["client_id"], now=timezone.now())


class TechniqueAdoption(Endpoint):
    hats = ADOPTERS

    @verb("Say that the firm works by it", gives=TechniqueShape)
    def put(self, actor: Actor, technique_id: UUID) -> Technique:
        row = technique_for(actor, technique_id)
        adopt_technique(actor=actor, technique=row, now=timezone.now())
        return row

    @verb("Say that the firm no longer works by it", gives=TechniqueShape)
    def delete(self, actor: Actor, technique_id: UUID) -> Technique:
        row = technique_for(actor, technique_id)
        drop_technique(actor=actor, technique=row, now=timezone.now())
        return row
