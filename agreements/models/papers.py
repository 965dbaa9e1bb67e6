"""Papers as their bytes were kept: the text that both hold, its signature sheet, and paper that came back with a stamp."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import BOTH_SIDES, AgreementVersion, Clause
from foundation.scope import ScopedQuerySet

Side = Clause.Side


def by_its_side(name: str) -> models.CheckConstraint:
    """What a side says is said by that side's firm."""
    owner = models.Q(side="owner", org_id=models.F("owner_org_id"))
    return models.CheckConstraint(condition=owner | models.Q(side="supplier", org_id=models.F("supplier_org_id")), name=name)


class StampedCopy(models.Model):
    """The printed text with a firm's stamp, sent in by that firm. It counts once both sides have said that it is the text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="stamped")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Side.choices)  # whose stamp it bears
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)  # of the text that it is said to be
    client_id = models.CharField(max_length=64)  # chosen by the sender, so that a re-sent form files once
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "side", "client_id"], name="stamped_copy_is_filed_once"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="stamped_copy_names_its_sides"),
            by_its_side("stamped_copy_is_filed_by_its_side"),
        ]


class StampedWord(models.Model):
    """What one side says of a stamped copy after holding it beside the text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stamped = models.ForeignKey(StampedCopy, on_delete=models.PROTECT, related_name="words")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Side.choices)
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    matches = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stamped", "side"], name="each_side_judges_a_stamped_copy_once"),
            models.UniqueConstraint(fields=["stamped", "person_id"], name="nobody_judges_a_stamped_copy_for_both"),
            models.CheckConstraint(condition=models.Q(matches=True) | ~models.Q(reason=""), name="what_does_not_match_has_a_reason"),
            by_its_side("stamped_word_is_given_by_its_side"),
        ]


class AgreementPaper(models.Model):
    """One file of one version, known by the SHA-256 of its bytes. Rendered or taken once, never again, never changed."""

    class Kind(models.TextChoices):
        TEXT = "text"  # rendered before the text is locked, which names its hash
        SIGNATURES = "signatures"  # the sheet, rendered once both have signed and the record has numbered it
        STAMPED = "stamped"  # a page of a stamped copy
        PROOF = "proof"  # what a certificate authority gave for a signature

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="papers")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    side = models.CharField(max_length=8, choices=Side.choices, blank=True)  # whose stamp, or whose certificate
    stamped = models.ForeignKey(StampedCopy, null=True, blank=True, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField(default=1)  # of the page, in a stamped copy
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind"], condition=models.Q(kind__in=["text", "signatures"]), name="paper_is_rendered_once"
            ),
            models.UniqueConstraint(fields=["version", "side"], condition=models.Q(kind="proof"), name="proof_is_kept_once_a_side"),
            models.UniqueConstraint(fields=["stamped", "number"], name="stamped_page_has_its_place"),
            models.CheckConstraint(
                condition=models.Q(kind="stamped", stamped__isnull=False) | (~models.Q(kind="stamped") & models.Q(stamped=None)),
                name="stamped_paper_belongs_to_a_stamped_copy",
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="paper_by_its_hash")]
