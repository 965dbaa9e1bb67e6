"""Open the shared book of a relation."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import NotYours
from parties.models import Organisation
from records.models import RecordStream


@transaction.atomic
def open_stream(*, actor: Actor, owner_org_id: UUID, supplier_org_id: UUID, now: datetime) -> RecordStream:
    """A new stream of two firms; the actor must be one of them. It carries both names, because neither side may read the other's row."""
    if actor.org_id not in (owner_org_id, supplier_org_id):
        raise NotYours
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER)
    with acting_as(Hat.CLOCK):
        names = {org.pk: org for org in Organisation.objects.filter(pk__in=[owner_org_id, supplier_org_id]).only("name_zh", "name_en")}
    owner, supplier = names[owner_org_id], names[supplier_org_id]
    return RecordStream.objects.create(
        owner_org_id=owner_org_id, supplier_org_id=supplier_org_id, owner_name_zh=owner.name_zh, owner_name_en=owner.name_en,
        supplier_name_zh=supplier.name_zh, supplier_name_en=supplier.name_en, opened_at=now, last_at=now,
    )  # fmt: skip
