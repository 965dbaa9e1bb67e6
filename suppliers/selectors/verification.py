"""Questions about the platform's look at firms: the queue by age, one asking, and what a firm sees of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from foundation.actor import Actor
from foundation.errors import Absent
from parties.models import Organisation, OrganisationCode
from records.models import EvidenceShare
from suppliers.models import Verification

QUEUE = 25
UNDO_FOR = timedelta(minutes=10)
State = Verification.State


def verifications(
    actor: Actor, *, state: str = "waiting", q: str = "", after: tuple[datetime, UUID] | None = None, limit: int = QUEUE
) -> list[Verification]:
    """Those that wait, oldest first; those decided, newest first. One more than `limit` tells that there are more."""
    rows = Verification.objects.visible_to(actor).filter(state=state)
    if q:
        rows = rows.filter(Q(name_zh__icontains=q) | Q(name_en__icontains=q) | Q(uscc__startswith=q.upper()))
    waits = state == State.WAITING
    name, step, order = ("asked_at", "gt", ("asked_at", "id")) if waits else ("decided_at", "lt", ("-decided_at", "-id"))
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(**{f"{name}__{step}": at}) | Q(**{name: at, f"pk__{step}": pk}))
    return list(rows.order_by(*order)[: limit + 1])


def verification_for(actor: Actor, verification_id: UUID) -> Verification:
    """One asking, or Absent."""
    found = Verification.objects.visible_to(actor).filter(pk=verification_id).first()
    if found is None:
        raise Absent
    return found


def just_decided(actor: Actor, *, now: datetime) -> list[Verification]:
    """What the platform decided within the last minutes and may still take back, newest first."""
    rows = Verification.objects.visible_to(actor).filter(state__in=(State.VERIFIED, State.RETURNED), decided_at__gte=now - UNDO_FOR)
    return list(rows.order_by("-decided_at", "-id")[:10])


def waiting_firms(actor: Actor, *, most: int = 100) -> int:
    """How many firms wait for a look; counted no further than `most`."""
    return Verification.objects.visible_to(actor).filter(state=State.WAITING)[:most].count()


def neighbours(actor: Actor, one: Verification) -> tuple[UUID | None, UUID | None]:
    """(before, after) in the queue of those that wait."""
    rows = Verification.objects.visible_to(actor).filter(state=State.WAITING).exclude(pk=one.pk)
    later = Q(asked_at__gt=one.asked_at) | Q(asked_at=one.asked_at, pk__gt=one.pk)
    before = rows.exclude(later).order_by("-asked_at", "-id").values_list("pk", flat=True).first()
    return before, rows.filter(later).order_by("asked_at", "id").values_list("pk", flat=True).first()


@dataclass(frozen=True)
class SameCode:
    """Another organisation that says the same credit code is its own. For the platform's eyes only."""

    name_zh: str
    name_en: str
    state: str
    is_verified: bool


def same_code(actor: Actor, one: Verification) -> list[SameCode]:
    """Who else claims the code of an asking, or is verified with it."""
    if not one.uscc:
        return []
    rows = OrganisationCode.objects.visible_to(actor).exclude(pk=one.org_id).filter(Q(claimed=one.uscc) | Q(verified=one.uscc))
    found = rows.select_related("org").order_by("org__created_at", "pk")[:10]
    return [SameCode(row.org.name_zh, row.org.name_en, row.org.state, row.verified == one.uscc) for row in found]


def state_of_firm(actor: Actor, org_id: UUID) -> str:
    """The state of a firm as the platform, or the firm itself, reads it."""
    return Organisation.objects.visible_to(actor).values_list("state", flat=True).get(pk=org_id)


def licence_of(actor: Actor, one: Verification) -> EvidenceShare | None:
    """The licence as it is shown to the platform; None once it no longer is."""
    return EvidenceShare.objects.visible_to(actor).filter(evidence_id=one.evidence_id, revoked_at=None).first()


def own_verification(actor: Actor) -> Verification | None:
    """The newest asking of the actor's own firm."""
    return Verification.objects.visible_to(actor).filter(org_id=actor.org_id).order_by("-asked_at", "-id").first()
