"""Questions about research: projects, their institutes and steps, what an institute could work on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from agreements.models import Characteristic
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from oversight.models import Competence, Milestone, Problem, ProjectFirm, ProjectMember, ResearchOffer, ResearchProject
from parties.models import Organisation

PAGE = 25
MOST = 2000
FEWEST = 5  # a count of firms below is never said


def project_for(actor: Actor, project_id: UUID) -> ResearchProject:
    """One project of the actor's world, or Absent."""
    found: ResearchProject | None = ResearchProject.objects.visible_to(actor).select_related("problem").filter(pk=project_id).first()
    if found is None:
        raise Absent
    return found


def projects(
    actor: Actor, *, state: str = "", q: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE + 1
) -> list[ResearchProject]:
    """Projects, the latest step first."""
    rows = ResearchProject.objects.visible_to(actor).select_related("problem")
    if state == "open":
        rows = rows.exclude(state__in=("adopted", "stopped"))
    elif state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(code__iexact=q))
    if after is not None:
        rows = rows.filter(state_since__lte=after[0]).exclude(state_since=after[0], pk__gte=after[1])
    return list(rows.order_by("-state_since", "-id")[:limit])


def projects_of(actor: Actor, problem: Problem) -> list[ResearchProject]:
    """The projects on one problem."""
    return list(ResearchProject.objects.visible_to(actor).filter(problem=problem).order_by("-proposed_at"))


def members_of(actor: Actor, project: ResearchProject) -> list[ProjectMember]:
    """The institutes beside the lead."""
    return list(ProjectMember.objects.visible_to(actor).filter(project=project, left_at=None).order_by("joined_at", "id"))


def milestones_of(actor: Actor, project: ResearchProject) -> list[Milestone]:
    """The dated steps of a project."""
    return list(Milestone.objects.visible_to(actor).filter(project=project).order_by("due_on", "id"))


def late_milestones(actor: Actor, ids: list[UUID], *, today: date) -> dict[UUID, int]:
    """How many steps of each project are late."""
    late: dict[UUID, int] = {}
    for project in (
        Milestone.objects.visible_to(actor).filter(project_id__in=ids, done_on=None, due_on__lt=today).values_list("project_id", flat=True)
    ):
        late[project] = late.get(project, 0) + 1
    return late


def is_member(actor: Actor, project: ResearchProject) -> bool:
    """Whether the actor's institute leads or works on the project."""
    if actor.hat != Hat.LAB:
        return False
    return (
        project.lead_org_id == actor.org_id
        or ProjectMember.objects.visible_to(actor).filter(project=project, org_id=actor.org_id, left_at=None).exists()
    )


def institutes(actor: Actor) -> list[Organisation]:
    """The institutes and laboratories that a project may be given to; demo firms are among themselves."""
    with acting_as(Hat.CLOCK):
        rows = Organisation.objects.filter(hats__hat=Hat.LAB.value, state="verified", is_demo=actor.is_demo)
        return list(rows.order_by("pinyin_key", "id")[:200])


def measurable() -> list[Characteristic]:
    """The characteristics that can be followed before and after."""
    return list(Characteristic.objects.filter(kind__in=("variable", "ordinal")).order_by("order"))


def firms_joined(project: ResearchProject) -> int:
    """How many firms consent today. For a rule; a page says it only from FEWEST on."""
    with acting_as(Hat.CLOCK):
        return ProjectFirm.objects.filter(project=project, revoked_at=None).count()


def own_part(actor: Actor, project: ResearchProject) -> ProjectFirm | None:
    """The actor's own place in a project, also after it left."""
    found: ProjectFirm | None = ProjectFirm.objects.visible_to(actor).filter(project=project).first()
    return found


def competence_of(actor: Actor) -> Competence | None:
    """What the actor's institute said it can work on."""
    found: Competence | None = Competence.objects.visible_to(actor).filter(org_id=actor.org_id).first()
    return found


def feed(
    actor: Actor, competence: Competence | None, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE + 1
) -> list[Problem]:
    """Open confirmed problems in the institute's field; all of them where it has said no field."""
    rows = Problem.objects.visible_to(actor).exclude(confirmed_at=None).filter(duplicate_of=None).exclude(state__in=("solved", "closed"))
    if competence is not None and competence.categories:
        rows = rows.filter(category__in=competence.categories)
    if competence is not None and competence.node_codes:
        rows = rows.filter(Q(node_code="") | Q(node_code__in=competence.node_codes))
    if after is not None:
        rows = rows.filter(state_since__lte=after[0]).exclude(state_since=after[0], pk__gte=after[1])
    return list(rows.order_by("-state_since", "-id")[:limit])


def offers_of(actor: Actor, problem: Problem) -> list[ResearchOffer]:
    """The offers for a problem that the actor may read: all for the bureau, an institute's own."""
    return list(ResearchOffer.objects.visible_to(actor).filter(problem=problem).order_by("at", "id"))


def own_offers(actor: Actor, problems: list[Problem]) -> dict[UUID, ResearchOffer]:
    """problem -> the institute's own offer."""
    return {row.problem_id: row for row in ResearchOffer.objects.visible_to(actor).filter(problem__in=problems)}
