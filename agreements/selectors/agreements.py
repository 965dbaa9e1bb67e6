"""Questions about agreements: all start from the actor. An unsent draft is its owner's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from agreements.models import Agreement, AgreementTemplate, AgreementVersion, Clause, Signature
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet
from parties.models import Membership
from records import selectors as records
from records.models import RecordEntry
from suppliers.models import SupplyLink

PAGE = 25
State = Agreement.State
# In these states an agreement that was never sent is its owner's own.
UNSENT = (State.DRAFT, State.WITHDRAWN)
# What the tabs of the list show, and what a state in the URL may be.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "open": (State.DRAFT, State.IN_REVIEW, State.AGREED, State.SIGNING, State.SIGNED),
    "in_force": (State.IN_FORCE, State.SUSPENDED),
    "ended": (State.EXPIRED, State.TERMINATED, State.WITHDRAWN),
    **{state: (state,) for state in State.values if state != State.IN_FORCE},
}


def templates() -> list[AgreementTemplate]:
    """Every published template."""
    return list(AgreementTemplate.objects.order_by("code"))


def templates_to_choose() -> list[AgreementTemplate]:
    """Every template with `is_newest`: the newest edition of each first, then the earlier ones."""
    rows = templates()
    newest: dict[str, int] = {}
    for row in rows:
        kind, edition = edition_of(row.pk)
        newest[kind] = max(edition, newest.get(kind, 0))
    for row in rows:
        kind, edition = edition_of(row.pk)
        row.is_newest = newest[kind] == edition  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: not row.is_newest)  # type: ignore[attr-defined]


def edition_of(code: str) -> tuple[str, int]:
    """garment-2 -> ("garment", 2): the template and its edition."""
    kind, _, edition = code.rpartition("-")
    return (kind, int(edition)) if kind and edition.isdecimal() else (code, 0)


def template_for(code: str) -> AgreementTemplate:
    """One template, or Absent."""
    found = AgreementTemplate.objects.filter(pk=code).first()
    if found is None:
        raise Absent
    return found


def joined_links(actor: Actor) -> list[SupplyLink]:
    """The suppliers with whom the actor's firm may make an agreement, by name."""
    rows = SupplyLink.objects.visible_to(actor).filter(state=SupplyLink.State.JOINED, supplier_org_id__isnull=False)
    return list(rows.order_by("pinyin_key", "id"))


def _mine(actor: Actor) -> ScopedQuerySet:
    rows = Agreement.objects.visible_to(actor)
    return rows.exclude(state__in=UNSENT, sent_at=None) if actor.hat == Hat.SUPPLIER else rows


def agreements(
    actor: Actor, *, state: str = "", query: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[Agreement]:
    """Newest first; one more than `limit` tells that there are more."""
    rows = _mine(actor).order_by("-created_at", "-id")
    if state in GROUPS:
        rows = rows.filter(state__in=GROUPS[state])
    if query:
        other = ("supplier_name_zh", "supplier_name_en") if actor.hat == Hat.OWNER else ("owner_name_zh", "owner_name_en")
        said = Q(number__icontains=query)
        for name in other:
            said |= Q(**{f"{name}__icontains": query})
        rows = rows.filter(said)
    if after is not None:
        at, pk = after
        rows = rows.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def agreement_for(actor: Actor, agreement_id: UUID) -> Agreement:
    """One agreement, or Absent outside the actor's world."""
    found: Agreement | None = _mine(actor).filter(pk=agreement_id).first()
    if found is None:
        raise Absent
    return found


def visible_versions(actor: Actor, agreement: Agreement) -> ScopedQuerySet:
    """The versions that the actor may see: an unsent draft is its owner's own."""
    rows = AgreementVersion.objects.visible_to(actor).filter(agreement=agreement)
    return rows.filter(Q(locked_at__isnull=False) | Q(in_force=True)) if actor.hat == Hat.SUPPLIER else rows


def current_version(actor: Actor, agreement: Agreement, *, on: date | None = None) -> AgreementVersion:
    """The version in force on the day, else the last one that was; where none ever was, the newest that the actor may see.

    Without a day it is the newest, whatever it is.
    """
    rows = visible_versions(actor, agreement).order_by("-number")
    found: AgreementVersion | None = None
    if on is not None:
        found = version_in_force(actor, agreement, on) or rows.filter(in_force=True).first()
    found = found or rows.first()
    if found is None:
        raise Absent
    return found


# The states in which a version is still being worked on.
WORKING = ("draft", "in_review", "agreed", "signing", "signed")


def version_at_work(actor: Actor, agreement: Agreement) -> AgreementVersion | None:
    """The version that is being drafted, agreed or signed, as far as the actor may see one."""
    found: AgreementVersion | None = visible_versions(actor, agreement).filter(state__in=WORKING).order_by("-number").first()
    return found


def working_version(actor: Actor, agreement: Agreement) -> AgreementVersion:
    """The version at work; Absent when there is none."""
    found = version_at_work(actor, agreement)
    if found is None:
        raise Absent
    return found


def version_in_force(actor: Actor, agreement: Agreement, on: date) -> AgreementVersion | None:
    """The version that binds both sides on that day."""
    rows = visible_versions(actor, agreement).filter(Q(effective_to=None) | Q(effective_to__gt=on), in_force=True, effective_from__lte=on)
    found: AgreementVersion | None = rows.first()
    return found


def version_of(actor: Actor, version_id: UUID) -> AgreementVersion:
    """One version, or Absent."""
    found = AgreementVersion.objects.visible_to(actor).filter(pk=version_id).first()
    if found is None:
        raise Absent
    return found


def text_of(version: AgreementVersion) -> dict[str, Any] | None:
    """The locked text as it was hashed; None while it is a draft."""
    return json.loads(version.canonical) if version.locked_at else None


def clauses_of(actor: Actor, version: AgreementVersion) -> list[Clause]:
    """The clauses of a version in their order."""
    return list(Clause.objects.visible_to(actor).filter(version=version).order_by("order"))


def clauses_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Clause]:
    """Clauses by id, as far as the actor may see them."""
    return {row.pk: row for row in Clause.objects.visible_to(actor).filter(pk__in=set(ids))}


def signatures_of(actor: Actor, version: AgreementVersion) -> dict[str, Signature]:
    """side -> its signature."""
    return {row.side: row for row in Signature.objects.visible_to(actor).filter(version=version)}


def signatories(actor: Actor, *, on: date) -> list[Membership]:
    """Who may sign for the actor's firm on that day."""
    rows = Membership.objects.visible_to(actor).filter(role=Membership.Role.SIGNATORY, valid_from__lte=on)
    return list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("person_name", "id"))


def may_sign(actor: Actor, *, on: date) -> bool:
    """Whether the actor is a signatory of the firm on that very day; the session's word is not enough."""
    return any(row.person_id == actor.person_id for row in signatories(actor, on=on))


def timeline(actor: Actor, agreement: Agreement, *, limit: int = 30) -> list[RecordEntry]:
    """What the common record says of this agreement, newest first."""
    return records.entries(actor, stream_id=agreement.stream_id, limit=limit)[:limit]
