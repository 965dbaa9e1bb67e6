"""What two firms signed. The agreement is a state that the bureau may see; its words lie in tables of their own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet
from records.models import RecordStream
from suppliers.models import SupplyLink

BOTH_SIDES = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}


class Agreement(models.Model):
    """A quality-consistency agreement of two firms: parties, state and days. No word of its content."""

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        AGREED = "agreed"  # the supplier has nothing to change; nobody has signed
        SIGNING = "signing"
        SIGNED = "signed"  # both have signed, its day has not come
        IN_FORCE = "in_force"
        SUSPENDED = "suspended"
        EXPIRED = "expired"
        TERMINATED = "terminated"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=30)
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    owner_name_zh = models.CharField(max_length=80)
    owner_name_en = models.CharField(max_length=120, blank=True)
    supplier_name_zh = models.CharField(max_length=80)
    supplier_name_en = models.CharField(max_length=120, blank=True)
    link = models.ForeignKey(SupplyLink, on_delete=models.PROTECT, related_name="agreements")
    stream = models.ForeignKey(RecordStream, on_delete=models.PROTECT, related_name="agreements")
    template_code = models.CharField(max_length=40)
    region_code = models.CharField(max_length=12, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)  # first day no longer covered
    sent_at = models.DateTimeField(null=True, blank=True)  # first shown to the supplier; before that a draft is its owner's own
    signed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "number"], name="agreement_number_is_the_owners"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="agreement_names_its_sides"),
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gt=models.F("effective_from")),
                name="agreement_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~models.Q(owner_org_id=models.F("supplier_org_id")), name="agreement_has_two_firms"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "-created_at", "-id"], name="agreement_of_owner"),
            models.Index(fields=["supplier_org_id", "-created_at", "-id"], name="agreement_of_supplier"),
            models.Index(fields=["-created_at", "-id"], name="agreement_newest"),
        ]


class AgreementVersion(models.Model):
    """The text that both sign. From its lock on nothing of it can change but where it stands and the day on which it ends."""

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        AGREED = "agreed"
        SIGNING = "signing"
        SIGNED = "signed"
        IN_FORCE = "in_force"
        SUPERSEDED = "superseded"  # in force until a later version's first day
        ENDED = "ended"
        REPLACED = "replaced"  # a later text took its place before it was signed by both
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    number = models.PositiveSmallIntegerField(default=1)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    in_force = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    summary = models.CharField(max_length=500, blank=True, default="", db_default="")  # of an amendment: what it changes, in the owner's words
    signed_at = models.DateTimeField(null=True, blank=True)
    canonical = models.TextField(blank=True)  # RFC 8785, written when signing opens
    sha256 = models.CharField(max_length=64, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_number_stands_once"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="version_names_its_sides"),
        ]


class Clause(models.Model):
    """One duty or limit: typed parameters that compute, and the words that people read."""

    class Side(models.TextChoices):
        OWNER = "owner"
        SUPPLIER = "supplier"
        BOTH = "both"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="clauses")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    order = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=30)
    side = models.CharField(max_length=8, choices=Side.choices)
    params = models.JSONField()
    text_zh = models.TextField()
    text_en = models.TextField()
    # Who of the owner's people last changed it in the draft: said to a colleague who was changing it too.
    changed_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {**BOTH_SIDES, Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="clause_has_its_place")]


class Signature(models.Model):
    """One side's hand under the exact SHA-256 that was shown. Never changed, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    method = models.CharField(max_length=20)  # click_password
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="each_side_signs_once"),
            models.UniqueConstraint(fields=["version", "person_id"], name="nobody_signs_for_both"),
            models.CheckConstraint(
                condition=models.Q(side="owner", org_id=models.F("owner_org_id"))
                | models.Q(side="supplier", org_id=models.F("supplier_org_id")),
                name="signature_is_given_by_its_side",
            ),
        ]
