"""Views of a list that somebody keeps: for oneself, or for the whole firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import IntegrityError, transaction

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.roles import MAY_FILE
from suppliers.models import SavedView

MOST = 20
Of = SavedView.Of
# Who has which list.
HATS = {Of.SUPPLIERS: (Hat.OWNER,), Of.LOTS: (Hat.OWNER, Hat.SUPPLIER)}


class Narrowing(Protocol):
    """The filters of a list."""

    def chosen(self) -> dict[str, str]: ...
    def as_query(self) -> str: ...


@dataclass(frozen=True)
class ViewSaid:
    """A name, and for whom."""

    name: str
    for_all: bool = False
    opens_first: bool = False


@transaction.atomic
def keep_view(*, actor: Actor, said: ViewSaid, wanted: Narrowing, now: datetime, of: Of = Of.SUPPLIERS) -> SavedView:
    """Keep these filters under a name. Raises RuleBroken("view_empty"), ("value_missing"), ("view_name_taken"), ("too_many_views")."""
    actor.must_wear(*HATS[of])
    if said.for_all:
        actor.must_hold(*MAY_FILE)
    name = said.name.strip()[:40]
    if not wanted.chosen():
        raise RuleBroken("view_empty")
    if not name:
        raise RuleBroken("value_missing", field="name")
    beside = SavedView.objects.visible_to(actor).filter(hat=actor.hat.value, of=of, person_id=None if said.for_all else actor.person_id)
    if beside.count() >= MOST:
        raise RuleBroken("too_many_views")
    view = SavedView(
        owner_org_id=actor.org_id, hat=actor.hat.value, of=of, person_id=None if said.for_all else actor.person_id, person_name=actor.person_name, name=name,
        query=wanted.as_query()[:600], created_at=now,
    )  # fmt: skip
    _save(view, force_insert=True)
    return open_first(actor=actor, view=view) if said.opens_first else view


@transaction.atomic
def rename_view(*, actor: Actor, view: SavedView, name: str) -> SavedView:
    _must_be_mine(actor, view)
    view.name = name.strip()[:40]
    if not view.name:
        raise RuleBroken("value_missing", field="name")
    _save(view, update_fields=["name"])
    return view


@transaction.atomic
def open_first(*, actor: Actor, view: SavedView, yes: bool = True) -> SavedView:
    """The view that the list opens with: one per person, else one per firm."""
    _must_be_mine(actor, view)
    beside = SavedView.objects.visible_to(actor).filter(hat=view.hat, of=view.of, person_id=view.person_id)
    beside.filter(is_default=True).update(is_default=False)
    view.is_default = yes
    view.save(update_fields=["is_default"])
    return view


@transaction.atomic
def drop_view(*, actor: Actor, view: SavedView) -> None:
    _must_be_mine(actor, view)
    view.delete()


def _must_be_mine(actor: Actor, view: SavedView) -> None:
    actor.must_act_for(view.owner_org_id, Hat(view.hat))
    if view.person_id is None:
        actor.must_hold(*MAY_FILE)


def _save(view: SavedView, **how: object) -> None:
    try:
        with transaction.atomic():
            view.save(**how)  # type: ignore[arg-type]
    except IntegrityError as error:
        if "view_has_a_name_of_its_own" not in str(error):
            raise
        raise RuleBroken("view_name_taken", field="name") from error
