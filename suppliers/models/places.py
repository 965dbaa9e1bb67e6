"""Where a firm works, and the papers it keeps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

OWN = {Hat.SUPPLIER: "org_id", Hat.OWNER: "org_id", Hat.LAB: "org_id", Hat.PROVIDER: "org_id", Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}


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
    headcount = models.PositiveIntegerField(null=True, blank=True)
    floor_notes = models.CharField(max_length=500, blank=True, default="", db_default="")
    gate_token = models.CharField(max_length=43, unique=True, null=True, blank=True)  # null: the door founded the firm; made on first need
    is_main = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(null=True, editable=False)  # null: made by the door, not by a form

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id"], condition=models.Q(is_main=True), name="firm_has_one_main_site"),
            models.UniqueConstraint(fields=["org_id", "client_id"], name="site_is_added_once"),
            models.UniqueConstraint(fields=["id", "org_id"], name="site_names_its_firm"),
            models.CheckConstraint(condition=models.Q(retired_at=None) | models.Q(is_main=False), name="main_site_is_at_work"),
        ]


class Paper(models.Model):
    """A document of a firm with its kind, number and days: licence, certificate, report.

    A certificate also says which standard it is of, who issued it and for what. A newer one `replaces` an older; both stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    standard = models.CharField(max_length=20, blank=True, default="", db_default="")  # of a certificate: suppliers.firm_words.STANDARDS
    number = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=300, blank=True, default="", db_default="")
    issuer = models.CharField(max_length=120, blank=True, default="", db_default="")
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    evidence_id = models.UUIDField()
    state = models.CharField(max_length=10, default="uploaded")  # uploaded, verified, rejected
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    filed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    remind_on = models.DateField(null=True, blank=True)  # the next day on which its firm is reminded

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "evidence_id", "kind"], name="paper_is_filed_once"),
            models.UniqueConstraint(fields=["replaces"], condition=models.Q(retired_at=None), name="paper_is_replaced_once"),
            models.UniqueConstraint(fields=["id", "org_id"], name="paper_names_its_firm"),
        ]
        indexes = [models.Index(fields=["remind_on"], condition=models.Q(retired_at=None), name="paper_to_remind_of")]
