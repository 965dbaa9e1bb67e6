"""What a firm sees of itself: its places, papers, people, and who sees what of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from foundation.actor import Actor
from foundation.errors import Absent
from parties.models import Membership, Organisation, OrganisationCode
from parties.selectors import own_organisation
from records.models import Evidence, Grant
from suppliers.models import Paper, Site


@dataclass(frozen=True)
class Seen:
    """One line of "who sees what", straight from a grant."""

    grant: Grant
    by_a_clause: bool
    may_be_switched_off: bool


def who_sees_what(actor: Actor, *, on: date | None = None) -> list[Seen]:
    """Every grant of the actor's firm that stands on that day, by receiver."""
    day = on or timezone.localdate()
    grants = (
        Grant.objects.visible_to(actor)
        .filter(revoked_at=None, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .order_by("to_name_zh", "to_org_id", "valid_from", "id")
    )
    return [Seen(g, g.clause_id is not None, g.clause_id is None and g.what != "firm") for g in grants]


def grant_for(actor: Actor, grant_id: UUID) -> Grant:
    grant = Grant.objects.visible_to(actor).filter(pk=grant_id).first()
    if grant is None:
        raise Absent
    return grant


@dataclass(frozen=True)
class Firm:
    """All that a firm sees of itself."""

    org: Organisation
    uscc: str
    sites: list[Site]
    colleagues: list[tuple[str, list[str]]]


def own_firm(actor: Actor, *, on: date) -> Firm:
    """The actor's firm with its sites in use and its people."""
    code = OrganisationCode.objects.visible_to(actor).filter(pk=actor.org_id).first()
    sites = list(Site.objects.visible_to(actor).filter(org_id=actor.org_id, retired_at=None).order_by("-is_main", "name_zh", "id"))
    return Firm(own_organisation(actor), code.claimed if code else "", sites, _colleagues(actor, on))


def papers_of(actor: Actor) -> list[tuple[Paper, Evidence | None]]:
    """The firm's papers with their files, newest first."""
    papers = list(Paper.objects.visible_to(actor).filter(retired_at=None).order_by("-filed_at", "-id"))
    files = Evidence.objects.visible_to(actor).in_bulk([paper.evidence_id for paper in papers])
    return [(paper, files.get(paper.evidence_id)) for paper in papers]


def _colleagues(actor: Actor, on: date) -> list[tuple[str, list[str]]]:
    rows = Membership.objects.visible_to(actor).filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    people: dict[UUID, tuple[str, list[str]]] = {}
    for row in rows.order_by("person_name", "person_id", "role"):
        people.setdefault(row.person_id, (row.person_name, []))[1].append(row.role)
    return list(people.values())


def claimed_code(actor: Actor) -> str:
    """The code that the actor's firm says is its own."""
    code = OrganisationCode.objects.visible_to(actor).filter(pk=actor.org_id).first()
    return code.claimed if code else ""
