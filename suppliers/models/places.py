"""Where a firm works, and the papers it keeps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

OWN = {Hat.SUPPLIER: "org_id", Hat.OWNER: "org_id", Hat.LAB: "org_id", Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}


class Site(models.Model):
    """A place where a firm works; audits visit sites."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    is_main = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id"], condition=models.Q(is_main=True), name="firm_has_one_main_site")]


class Paper(models.Model):
    """A document of a firm with its kind, number and days: licence, certificate, report."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    evidence_id = models.UUIDField()
    state = models.CharField(max_length=10, default="uploaded")  # uploaded, verified, rejected
    filed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "evidence_id", "kind"], name="paper_is_filed_once")]
