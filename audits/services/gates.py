"""The code at a gate: made when its firm first asks for it, hung where an auditor comes in."""

from __future__ import annotations

from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from suppliers.models import Site


@transaction.atomic
def gate_token_of(*, actor: Actor, site_id: UUID) -> tuple[Site, str]:
    """One's own site and the token of its gate; asked again, the same token."""
    actor.must_wear(Hat.SUPPLIER)
    site = Site.objects.visible_to(actor).filter(pk=site_id, retired_at=None).select_for_update(no_key=True).first()
    if site is None:
        raise Absent
    if not site.gate_token:
        site.gate_token = token_urlsafe(16)
        site.save(update_fields=["gate_token"])
    return site, site.gate_token
