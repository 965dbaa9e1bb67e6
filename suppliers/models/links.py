"""A chain owner's supplier list: private lines, until the firm accepts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet


class SupplyLink(models.Model):
    """One line of an owner's list. It meets the firm's registry row only when the firm accepts."""

    class State(models.TextChoices):
        LISTED = "listed"
        INVITED = "invited"
        JOINED = "joined"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField(null=True, blank=True)
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    pinyin_key = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18)
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    headcount = models.PositiveIntegerField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LISTED)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "uscc"], name="owner_lists_a_code_once"),
            models.UniqueConstraint(fields=["owner_org_id", "supplier_org_id"], name="owner_links_a_firm_once"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="link_names_its_sides"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "pinyin_key", "id"], name="link_by_name"),
            models.Index(fields=["owner_org_id", "state", "pinyin_key", "id"], name="link_by_state"),
            models.Index(fields=["supplier_org_id", "-created_at", "-id"], name="link_of_supplier"),
        ]


class LinkGram(models.Model):
    """Two neighbouring characters of a listed name: what a search for Chinese words looks up under the owner's hat."""

    id = models.BigAutoField(primary_key=True)
    owner_org_id = models.UUIDField()
    gram = models.CharField(max_length=8)
    link = models.ForeignKey(SupplyLink, on_delete=models.CASCADE, related_name="grams")

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_org_id", "gram", "link"], name="gram_stands_once")]


class Invitation(models.Model):
    """A one-time way in for one listed firm. Only the token's SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    link = models.ForeignKey(SupplyLink, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}
