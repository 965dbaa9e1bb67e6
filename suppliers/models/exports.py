"""Lists too long to be made while somebody waits: the file, kept for a day."""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from jobs.models import Job


class ExportFile(models.Model):
    """What one export made. The tick sweeps it once it has expired."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    job = models.OneToOneField(Job, on_delete=models.DO_NOTHING, related_name="export_file")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.CLOCK: EVERY}
