"""Questions about change notices. A supplier reads its notice with every answer; a customer reads its own copy and nothing of others."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Prefetch, Q

from agreements.models import Agreement, Clause
from foundation.actor import Actor
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet
from inspections.models import ChangeNotice, ChangeReply

PAGE = 25
# What the tabs show: of a supplier's notices, of a customer's copies.
OF_SUPPLIER = {"draft": ("draft",), "waiting": ("sent",), "done": ("effective", "withdrawn")}
OF_OWNER = {"waiting": ("waiting",), "accepted": ("accepted", "accepted_with_trial"), "refused": ("refused",), "lapsed": ("lapsed",)}


class Told(NamedTuple):
    """One customer's agreement, and the clause in it that asks to be told."""

    agreement: Agreement
    clause: Clause


def customers_to_tell(actor: Actor, kind: str, today: date) -> list[Told]:
    """One clause of each relation: of the texts in force today that ask to be told of this kind, the one with the most days."""
    rows = Clause.objects.visible_to(actor).filter(type="change_notice", version__in_force=True, version__effective_from__lte=today)
    rows = rows.filter(
        Q(version__effective_to=None) | Q(version__effective_to__gt=today), version__agreement__state__in=("in_force", "suspended")
    )
    found: dict[UUID, Told] = {}
    for clause in rows.select_related("version__agreement").order_by("version__agreement__created_at", "id"):
        agreement = clause.version.agreement
        known = found.get(agreement.link_id)
        if clause.params.get("what") and kind not in clause.params["what"]:
            continue
        if known is None or int(clause.params["days"]) > int(known.clause.params["days"]):
            found[agreement.link_id] = Told(agreement, clause)
    return list(found.values())


def change_for(actor: Actor, change_id: UUID) -> ChangeNotice:
    """A supplier's own notice, or Absent."""
    found: ChangeNotice | None = ChangeNotice.objects.visible_to(actor).filter(pk=change_id).first()
    if found is None:
        raise Absent
    return found


def reply_for(actor: Actor, reply_id: UUID) -> ChangeReply:
    """One customer's copy, for the two of that relation; else Absent."""
    found: ChangeReply | None = ChangeReply.objects.visible_to(actor).filter(pk=reply_id).first()
    if found is None:
        raise Absent
    return found


def replies_of(actor: Actor, change: ChangeNotice) -> list[ChangeReply]:
    """Every answer to a notice, for its supplier: what is waited for first."""
    return sorted(
        ChangeReply.objects.visible_to(actor).filter(change=change), key=lambda row: (row.state != "waiting", row.due_on, row.owner_name_zh)
    )


def changes(
    actor: Actor, *, state: str = "", kind: str = "", after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> list[ChangeNotice]:
    """A supplier's notices with their answers, the latest planned first; one more than `limit` tells that there are more."""
    rows = _narrowed(ChangeNotice.objects.visible_to(actor), OF_SUPPLIER, state, kind, after)
    return list(rows.prefetch_related(Prefetch("replies", ChangeReply.objects.visible_to(actor)))[: limit + 1])


def told_changes(
    actor: Actor, *, state: str = "", kind: str = "", after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> list[ChangeReply]:
    """What a customer was told, the latest planned first; one more than `limit` tells that there are more."""
    return list(_narrowed(ChangeReply.objects.visible_to(actor), OF_OWNER, state, kind, after)[: limit + 1])


def _narrowed(
    rows: ScopedQuerySet, groups: dict[str, tuple[str, ...]], state: str, kind: str, after: tuple[date, UUID] | None
) -> ScopedQuerySet:
    if state in groups:
        rows = rows.filter(state__in=groups[state])
    if kind in ChangeNotice.Kind.values:
        rows = rows.filter(kind=kind)
    if after is not None:
        day, pk = after
        rows = rows.filter(planned_on__lte=day).filter(Q(planned_on__lt=day) | Q(planned_on=day, pk__lt=pk))
    return rows.order_by("-planned_on", "-id")
