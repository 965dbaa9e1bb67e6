"""Files that prove something: filed once by their owner, granted to others pair by pair."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

OWN = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id", Hat.LAB: "org_id", Hat.PROVIDER: "org_id"}


class Evidence(models.Model):
    """One file of one firm: the sealed original, and the copy that may be shared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    kind = models.CharField(max_length=12)  # jpeg, png, webp, pdf, xlsx …
    mime = models.CharField(max_length=100)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    shared_sha256 = models.CharField(max_length=64)
    original_path = models.CharField(max_length=200)
    shared_path = models.CharField(max_length=200)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    # The day from which it says how things are, as its sender says; when we learned of it is `received_at`.
    counts_from = models.DateField()
    revises = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    look = models.BigIntegerField(null=True, blank=True)  # of a picture: records.likeness
    person_name = models.CharField(max_length=60)
    client_id = models.CharField(max_length=64)  # chosen by the sender, so that a re-sent request files once

    objects = ScopedQuerySet.as_manager()
    seen_by = {**OWN, Hat.BUREAU: EVERY}  # the bureau: under a duty case, look by look

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="evidence_is_filed_once"),
            models.UniqueConstraint(fields=["revises"], name="evidence_is_revised_by_one"),
            models.UniqueConstraint(fields=["id", "org_id"], name="evidence_names_its_firm"),
        ]
        indexes = [models.Index(fields=["org_id", "-received_at", "-id"], name="evidence_newest")]


class UploadSession(models.Model):
    """An upload that may be cut and continued: what is declared, and how much has arrived."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    client_id = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=12)  # photo, paper, table: which kinds it may turn out to be
    declared_size = models.PositiveBigIntegerField()
    declared_sha256 = models.CharField(max_length=64)
    received = models.PositiveBigIntegerField(default=0)
    path = models.CharField(max_length=200)
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "client_id"], name="upload_is_opened_once")]


class Grant(models.Model):
    """A firm lets another see a class of its things, because of a clause or by its own free will."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    from_org_id = models.UUIDField()
    to_org_id = models.UUIDField()
    to_name_zh = models.CharField(max_length=80)
    to_name_en = models.CharField(max_length=120, blank=True)
    what = models.CharField(max_length=30)  # audit_evidence, documents, results, firm
    clause_id = models.UUIDField(null=True, blank=True)
    agreement_id = models.UUIDField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day on which it holds
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    # A grant is shown to the one who gives. The one who receives sees the shares.
    seen_by = {Hat.SUPPLIER: "from_org_id", Hat.OWNER: "from_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_org_id", "to_org_id", "what", "clause_id"], nulls_distinct=False, name="grant_is_given_once"
            )
        ]


class EvidenceShare(models.Model):
    """One evidence shown to one firm. It carries all that the reader may know, so that no join to the owner's row is needed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    evidence_id = models.UUIDField()  # no foreign key: the reader may not see the owner's row
    org_id = models.UUIDField()
    grantee_org_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    mime = models.CharField(max_length=100)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    taken_at = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    counts_from = models.DateField(null=True, blank=True)
    look = models.BigIntegerField(null=True, blank=True)
    granted_at = models.DateTimeField()
    # The classes of grants under which it was shown; it closes when none of them stands any more. Empty: shown before this was kept.
    whats = ArrayField(models.CharField(max_length=30), default=list)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "grantee_org_id", Hat.SUPPLIER: "grantee_org_id", Hat.PLATFORM: "grantee_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence_id", "grantee_org_id"], name="evidence_is_shared_once")]
        indexes = [models.Index(fields=["grantee_org_id", "evidence_id"], name="share_by_reader")]


class AccessEvent(models.Model):
    """Who looked at whose thing, and when: shown to the thing's owner."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()  # whose thing
    viewer_org_id = models.UUIDField()
    viewer_name_zh = models.CharField(max_length=80)
    viewer_name_en = models.CharField(max_length=120, blank=True)
    person_name = models.CharField(max_length=60)
    what = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    # No default of the database here: it would be read back, and who looks may not read what the firm is told.
    # Of a look under a duty case: its code, the kind of reason, the reason in words, and when the firm was told (the look itself may be older).
    case_code = models.CharField(max_length=12, blank=True, default="")
    reason = models.CharField(max_length=12, blank=True, default="")
    why = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        indexes = [models.Index(fields=["org_id", "-at", "-id"], name="access_newest")]
