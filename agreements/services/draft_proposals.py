"""Two colleagues at one draft: the later edit of a clause is kept as a proposal, beside what the earlier one made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from agreements.models import Clause, Proposal
from agreements.proposing import clause_sha
from agreements.services.sides import MAY_WRITE
from foundation.actor import Actor, Hat


@transaction.atomic
def propose_in_draft(
    *, actor: Actor, clause: Clause, params: Mapping[str, Any], text: tuple[str, str], now: datetime, note: str = "",
    client_id: UUID | None = None,
) -> Proposal:  # fmt: skip
    """Keep an edit that came too late: whole `params` and both texts, beside the clause as it stands. The owner's people alone see it."""
    actor.must_act_for(clause.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    client_id = client_id or uuid4()
    before = Proposal.objects.visible_to(actor).filter(org_id=actor.org_id, client_id=client_id).first()
    if before is not None:
        return before
    return Proposal.objects.create(
        agreement_id=clause.version.agreement_id, version_id=clause.version_id, owner_org_id=clause.owner_org_id,
        supplier_org_id=clause.supplier_org_id, clause_order=clause.order, kind=Proposal.Kind.CHANGE, type=clause.type, binds=clause.side,
        params=dict(params), text_zh=text[0], text_en=text[1], note=note.strip(), base=clause_sha(clause), in_draft=True, side="owner",
        org_id=actor.org_id, person_id=actor.person_id, person_name=actor.person_name, client_id=client_id, at=now,
    )  # fmt: skip
