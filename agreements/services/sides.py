"""The two sides of an agreement, and what each is told of the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from agreements.models import Agreement
from foundation.actor import Actor, Hat
from foundation.errors import NotYours
from notices.services import close_todo, put_todo, tell
from parties.roles import MAY_FILE as MAY_FILE
from parties.roles import MAY_WRITE as MAY_WRITE

HATS = {"owner": Hat.OWNER, "supplier": Hat.SUPPLIER}
OTHER = {"owner": "supplier", "supplier": "owner"}


def org_of(row: Any, side: str) -> UUID:
    """The firm on that side of an agreement or of anything that names both sides."""
    org_id: UUID = row.owner_org_id if side == "owner" else row.supplier_org_id
    return org_id


def side_of(actor: Actor, row: Any) -> str:
    """Which side the actor acts for; NotYours for anybody else."""
    for side, hat in HATS.items():
        if actor.hat == hat and actor.org_id == org_of(row, side):
            return side
    raise NotYours


def facts_for(agreement: Agreement, side: str) -> dict[str, Any]:
    """What a line told to that side says: the other firm's names and the number, never a value of the text."""
    other = OTHER[side]
    return {
        "other_zh": getattr(agreement, f"{other}_name_zh"),
        "other_en": getattr(agreement, f"{other}_name_en"),
        "number": agreement.number,
    }


def ask(agreement: Agreement, side: str, kind: str, *, now: datetime) -> None:
    """Put the next step on that side's list and tell it once."""
    line: dict[str, Any] = {"org_id": org_of(agreement, side), "hat": HATS[side], "kind": kind, "subject_id": agreement.pk}
    put_todo(**line, facts=facts_for(agreement, side), now=now)
    tell(**line, facts=facts_for(agreement, side), now=now)


def tell_side(agreement: Agreement, side: str, kind: str, *, now: datetime) -> None:
    """Tell one side something; there is nothing for it to do."""
    tell(org_id=org_of(agreement, side), hat=HATS[side], kind=kind, subject_id=agreement.pk, facts=facts_for(agreement, side), now=now)


# Steps that stand only as long as somebody is asked to sign.
WITH_SIGNING = ("signatory_asked", "stamped_to_check", "stamped_differs")


def asked_no_more(agreement: Agreement, *kinds: str, side: str | None = None, now: datetime) -> None:
    """Take those steps off the list of one side, or of both. A text that neither side is to sign any more takes what hangs on it along."""
    if side is None and "agreement_to_sign" in kinds:
        kinds += WITH_SIGNING
    org_id = org_of(agreement, side) if side else None
    for kind in kinds:
        close_todo(kind=kind, subject_id=agreement.pk, org_id=org_id, now=now)
