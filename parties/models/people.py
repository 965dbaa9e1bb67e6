"""People, what they may do in which firm, and the keys that programs carry."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from parties.models.organisations import Organisation


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody who signs in, by name, e-mail or phone. Rights come from memberships, never from here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(unique=True, null=True, blank=True)
    phone = models.CharField(max_length=16, unique=True, null=True, blank=True)  # E.164
    locale = models.CharField(max_length=8, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()


class Membership(models.Model):
    """One role of a person in an organisation. It carries the firm's name, because the lobby may not read firms."""

    class Role(models.TextChoices):
        SIGNATORY = "signatory"
        CQO = "cqo"
        QUALITY = "quality"
        AUDITOR = "auditor"
        STAFF = "staff"
        VIEWER = "viewer"
        ORG_ADMIN = "org_admin"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    person_name = models.CharField(max_length=60)
    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    org_is_demo = models.BooleanField(default=False)
    role = models.CharField(max_length=12, choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM), "org_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "org", "role", "valid_from"], name="membership_is_given_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")), name="membership_ends_after_it_starts"
            ),
        ]


class ApiToken(models.Model):
    """A key that a program carries for one firm in one hat. Only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="tokens")
    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    hat = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM), "org_id")
