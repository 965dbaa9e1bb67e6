"""Questions about techniques and their adopters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from onestop.models import ServiceOffer
from oversight.models import Adoption, Problem, ResearchProject, Technique, TechniqueOffer
from oversight.selectors.projects import FEWEST

PAGE = 25


def technique_for(actor: Actor, technique_id: UUID) -> Technique:
    """One version of the actor's world, or Absent."""
    found: Technique | None = Technique.objects.visible_to(actor).select_related("problem", "project").filter(pk=technique_id).first()
    if found is None:
        raise Absent
    return found


def techniques(
    actor: Actor, *, node: str = "", q: str = "", problem: Problem | None = None, after: tuple[datetime, UUID] | None = None, limit: int = PAGE + 1
) -> list[Technique]:  # fmt: skip
    """Published techniques, newest first."""
    rows = Technique.objects.visible_to(actor).select_related("problem").filter(state="published")
    if node:
        rows = rows.filter(Q(node_codes=[]) | Q(node_codes__contains=[node]))
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(code__iexact=q))
    if problem is not None:
        rows = rows.filter(problem=problem)
    if after is not None:
        rows = rows.filter(published_at__lte=after[0]).exclude(published_at=after[0], pk__gte=after[1])
    return list(rows.order_by("-published_at", "-id")[:limit])


def own_drafts(actor: Actor) -> list[Technique]:
    """The drafts of the actor's institute."""
    if actor.hat not in (Hat.LAB, Hat.BUREAU):
        return []
    return list(
        Technique.objects.visible_to(actor)
        .select_related("problem")
        .filter(state="draft", publisher_org_id=actor.org_id)
        .order_by("-written_at")[:50]
    )


def techniques_of(actor: Actor, project: ResearchProject) -> list[Technique]:
    """What came out of a project, drafts of the reader's own among it."""
    return list(Technique.objects.visible_to(actor).filter(project=project).exclude(state="retired").order_by("code", "-version"))


def versions_of(actor: Actor, technique: Technique) -> list[Technique]:
    """Every version that the actor may read, newest first."""
    return list(Technique.objects.visible_to(actor).filter(code=technique.code).order_by("-version"))


def adopters(codes: Iterable[str]) -> dict[str, int | None]:
    """How many firms work by each technique: None for one to four, which could be guessed."""
    wanted = list(codes)
    with acting_as(Hat.CLOCK):
        rows = Adoption.objects.filter(technique_code__in=wanted, ended_on=None).values_list("technique_code").annotate(n=Count("id"))
        counted = dict(rows)
    return {code: (n if (n := counted.get(code, 0)) >= FEWEST or n == 0 else None) for code in wanted}


def own_adoption(actor: Actor, technique: Technique) -> Adoption | None:
    """Whether the actor's firm works by it."""
    found: Adoption | None = Adoption.objects.visible_to(actor).filter(technique_code=technique.code, ended_on=None).first()
    return found


def offers_from(actor: Actor, technique: Technique, *, most: int = PAGE) -> list[ServiceOffer]:
    """Who helps to work by a technique, in any of its versions: published offers, and the reader's own; newest first."""
    rows = TechniqueOffer.objects.visible_to(actor).filter(technique_code=technique.code, offer__is_demo=actor.is_demo)
    rows = rows.filter(Q(offer__state="published") | Q(provider_org_id=actor.org_id)).select_related("offer")
    return [row.offer for row in rows.order_by("-at", "-id")[:most]]
