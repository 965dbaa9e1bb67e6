"""Open the shared book of a relation."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import NotYours
from records.models import RecordStream


@transaction.atomic
def open_stream(*, actor: Actor, owner_org_id: UUID, supplier_org_id: UUID, now: datetime) -> RecordStream:
    """A new stream of two firms; the actor must be one of them."""
    if actor.org_id not in (owner_org_id, supplier_org_id):
        raise NotYours
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER)
    return RecordStream.objects.create(owner_org_id=owner_org_id, supplier_org_id=supplier_org_id, opened_at=now)
