"""Who sees what of a firm, computed from its grants and never a fixed text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from foundation.actor import Actor, Hat
from parties.selectors import today
from records.selectors import grants_given
from suppliers.words import in_language

WHAT: dict[str, Any] = {
    "firm": _("Your firm's name, place and processes"),
    "audit_evidence": _("Photos and answers of the self-checks you submit"),
    "documents": _("Documents that an agreement asks for"),
    "results": _("Test results of the lots you deliver"),
}
GIVERS = (Hat.SUPPLIER, Hat.OWNER)


@dataclass
class Reader:
    """One firm that may see something, and what."""

    name: str
    lines: list[dict[str, Any]]


def who_sees(actor: Actor | None) -> list[Reader] | None:
    """The firms that see something of the actor's firm today; None for a hat that gives no grants, or nobody."""
    if actor is None or actor.hat not in GIVERS:
        return None
    on = today()
    readers: dict[UUID, Reader] = {}
    for grant in grants_given(actor):
        if _holds(grant, on):
            reader = readers.setdefault(grant.to_org_id, Reader(in_language(grant.to_name_zh, grant.to_name_en), []))
            reader.lines.append(
                {"what": WHAT.get(grant.what, grant.what), "by_clause": grant.clause_id is not None, "until": grant.valid_to}
            )
    return list(readers.values())


def _holds(grant: Any, on: date) -> bool:
    return grant.revoked_at is None and grant.valid_from <= on and (grant.valid_to is None or grant.valid_to >= on)
