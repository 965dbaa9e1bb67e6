"""What all verbs of a firm's own lists share: who may keep them, added once, saved under a rule of no twins."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.reference import chain_nodes
from parties.roles import MAY_FILE
from suppliers.expiry import FIRST_DAY, LAST_DAY

FIRM_HATS = (Hat.SUPPLIER, Hat.OWNER, Hat.LAB, Hat.PROVIDER)
Thing = TypeVar("Thing", bound=Model)


def must_keep(actor: Actor, org_id: UUID) -> None:
    """Refuse unless the actor may keep the lists of that firm."""
    actor.must_act_for(org_id, *FIRM_HATS)
    actor.must_hold(*MAY_FILE)


def added_before(actor: Actor, model: type[Thing], client_id: UUID) -> Thing | None:
    """What the same form added already."""
    return model.objects.visible_to(actor).filter(client_id=client_id).first()  # type: ignore[attr-defined,no-any-return]


def add(thing: Thing, *, twin: RuleBroken, once: str = "client_id") -> Thing:
    """Insert one row, or give the one that the same form has just added at another line. Any other refusal is the rule `twin`."""
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError:
        same = {"org_id": thing.org_id, once: getattr(thing, once)}  # type: ignore[attr-defined]
        first: Thing | None = type(thing).objects.filter(**same).first()  # type: ignore[attr-defined]
        if first is None:
            raise twin from None
        return first
    return thing


def save(thing: Thing, fields: list[str], *, twin: RuleBroken) -> Thing:
    """Write some columns of one row. A constraint that refuses it is the rule `twin`; nothing is written then."""
    try:
        with transaction.atomic():
            thing.save(update_fields=fields)
    except IntegrityError:
        raise twin from None
    return thing


def say_of(thing: Any, said: dict[str, Any]) -> list[str]:
    """Put the words on the row; the names of the columns that changed."""
    changed = [name for name, value in said.items() if getattr(thing, name) != value]
    for name in changed:
        setattr(thing, name, said[name])
    return changed


def check_days(**days: date | None) -> None:
    """Raises RuleBroken("day_out_of_range") on the first day that cannot be meant."""
    for name, day in days.items():
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise RuleBroken("day_out_of_range", field=name)


def check_step(code: str, *, field: str, optional: bool = False) -> None:
    if not (optional and not code) and code not in {node.code for node in chain_nodes()}:
        raise RuleBroken("step_unknown", field=field)
