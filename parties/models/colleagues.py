"""How somebody becomes a colleague, what the chief quality officer's appointment rests on, and who stands in for whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from parties.models.people import Membership, Person

OWN = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM), "org_id")


class ColleagueInvitation(models.Model):
    """A one-time way into a firm for one contact. Only the token's SHA-256 is kept; the lobby reads it by the door's functions alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    org_is_demo = models.BooleanField(default=False)
    name = models.CharField(max_length=60)
    contact = models.CharField(max_length=60)  # E.164 or an e-mail address: whoever accepts signs in with it
    roles = ArrayField(models.CharField(max_length=12))
    token_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.CharField(max_length=60)
    sent_by_id = models.UUIDField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        indexes = [models.Index(fields=["org_id", "-sent_at"], name="colleague_asked_newest")]


class CqoFacts(models.Model):
    """What the chief quality officer's appointment rests on. Beside the membership, because the lobby reads memberships."""

    class Education(models.TextChoices):
        VOCATIONAL = "vocational"
        COLLEGE = "college"
        BACHELOR = "bachelor"
        MASTER = "master"

    membership = models.OneToOneField(Membership, primary_key=True, on_delete=models.PROTECT, related_name="cqo_facts")
    org_id = models.UUIDField()
    appointed_on = models.DateField()
    appointed_by = models.CharField(max_length=60)
    appointed_by_id = models.UUIDField()
    training_certificate = models.CharField(max_length=60, blank=True)
    years_in_quality = models.PositiveSmallIntegerField()
    education = models.CharField(max_length=10, choices=Education.choices)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER), "org_id")


class Deputy(models.Model):
    """One person stands in for another in a firm: on these days, in these roles, as far as the other holds them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in")
    person_name = models.CharField(max_length=60)
    stands_for = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputies")
    stands_for_name = models.CharField(max_length=60)
    roles = ArrayField(models.CharField(max_length=12))
    valid_from = models.DateField()
    valid_to = models.DateField()
    named_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "person", "stands_for", "valid_from"], name="deputy_is_named_once"),
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")), name="deputy_ends_after_it_starts"),
            models.CheckConstraint(condition=~models.Q(person=models.F("stands_for")), name="nobody_stands_in_for_himself"),
        ]
