"""What every verb here needs of the two sides: who may act, which row is held while it changes, what the other is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agreements.models import Agreement
from agreements.services.sides import MAY_FILE, MAY_WRITE, facts_for
from audits.models import Audit, Finding
from foundation.actor import Actor, Hat
from foundation.errors import Absent

# Who judges for a chain owner.
MAY_JUDGE = (*MAY_WRITE, "auditor")


def audit_held(actor: Actor, audit_id: UUID) -> Audit:
    """The audit, held until the transaction ends: two answers, or an answer and a submission, come one after the other."""
    rows = Audit.objects.visible_to(actor).select_related("agreement", "programme").select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=audit_id).first()
    if found is None:
        raise Absent
    return found


def finding_held(actor: Actor, finding_id: UUID) -> Finding:
    """The finding with its words, held until the transaction ends."""
    rows = Finding.objects.visible_to(actor).select_related("text", "audit", "agreement").select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=finding_id).first()
    if found is None:
        raise Absent
    return found


def must_file(actor: Actor, org_id: UUID) -> None:
    """Refuse unless the actor works for that supplier."""
    actor.must_act_for(org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)


def must_judge(actor: Actor, org_id: UUID) -> None:
    """Refuse unless the actor judges for that chain owner."""
    actor.must_act_for(org_id, Hat.OWNER)
    actor.must_hold(*MAY_JUDGE)


def for_supplier(agreement: Agreement) -> dict[str, Any]:
    """Who and how the supplier is told: about the chain owner."""
    return {"org_id": agreement.supplier_org_id, "hat": Hat.SUPPLIER, "facts": facts_for(agreement, "supplier")}


def for_owner(agreement: Agreement) -> dict[str, Any]:
    """Who and how the chain owner is told: about the supplier."""
    return {"org_id": agreement.owner_org_id, "hat": Hat.OWNER, "facts": facts_for(agreement, "owner")}
