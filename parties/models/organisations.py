"""Firms and offices, and the hats each may wear."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from parties.models.reference import Region


class Organisation(models.Model):
    """One firm or office. Its social credit code lies in a table of its own: a row policy hides no column."""

    class Size(models.TextChoices):
        MICRO = "micro"
        SMALL = "small"
        MEDIUM = "medium"
        LARGE = "large"

    class State(models.TextChoices):
        REGISTERED = "registered"
        VERIFYING = "verifying"
        VERIFIED = "verified"
        SUSPENDED = "suspended"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    pinyin_key = models.CharField(max_length=200)
    size = models.CharField(max_length=8, choices=Size.choices, blank=True)
    above_scale = models.BooleanField(default=False)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REGISTERED)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "pk", Hat.SUPPLIER: "pk", Hat.LAB: "pk", Hat.PROVIDER: "pk", Hat.BUREAU: EVERY, Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}


class OrganisationCode(models.Model):
    """The unified social credit code of a firm (GB 32100-2015): read by the firm, the platform and the clock only."""

    org = models.OneToOneField(Organisation, primary_key=True, on_delete=models.PROTECT, related_name="code")
    claimed = models.CharField(max_length=18)  # as the firm says; two rows may claim one code until the platform verifies
    verified = models.CharField(max_length=18, unique=True, null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id", Hat.LAB: "org_id", Hat.PROVIDER: "org_id", Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}


class OrgRole(models.Model):
    """A hat that an organisation may wear. A firm can be supplier and chain owner at once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hats")
    hat = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "hat"], name="organisation_wears_a_hat_once")]
