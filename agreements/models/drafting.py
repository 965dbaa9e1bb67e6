"""Drafts for many suppliers at once: one template, the same days, and what differs for one of them. The owner's alone."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import Agreement
from agreements.models.library import AgreementTemplate
from foundation.actor import Hat
from foundation.scope import ScopedQuerySet
from suppliers.models import SupplyLink


class DraftBatch(models.Model):
    """One template for a list of suppliers. Its id is the form's: sent twice, it is one."""

    class State(models.TextChoices):
        CHOOSING = "choosing"
        DRAFTING = "drafting"
        DRAFTED = "drafted"
        SENDING = "sending"
        SENT = "sent"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    template = models.ForeignKey(AgreementTemplate, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)  # first day no longer covered
    changes = models.JSONField(default=dict)  # for all: number of the clause -> what differs from the template
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHOOSING)
    round = models.PositiveSmallIntegerField(default=0)  # how often a worker was asked; each time is asked for once
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gt=models.F("effective_from")),
                name="batch_ends_after_it_starts",
            ),
            models.UniqueConstraint(fields=["id", "owner_org_id"], name="batch_names_its_owner"),
        ]
        indexes = [models.Index(fields=["owner_org_id", "-created_at", "-id"], name="batch_newest")]


class DraftBatchRow(models.Model):
    """One supplier in it: what differs, and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        REFUSED = "refused"  # no draft was made; `code` says why
        DRAFTED = "drafted"
        UNSENT = "unsent"  # the draft stands and could not be sent; `code` says why
        SENT = "sent"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    batch = models.ForeignKey(DraftBatch, on_delete=models.CASCADE, related_name="rows")
    link = models.ForeignKey(SupplyLink, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField()
    changes = models.JSONField(default=dict)
    own_days = models.BooleanField(default=False)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "link"], name="supplier_stands_once_in_a_batch"),
            models.UniqueConstraint(fields=["agreement"], name="draft_comes_of_one_row"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "refused"], agreement=None)
                | models.Q(state__in=["drafted", "unsent", "sent"], agreement__isnull=False),
                name="row_that_was_drafted_has_its_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(own_days=False, effective_from=None, effective_to=None)
                | models.Q(own_days=True, effective_from__isnull=False),
                name="row_has_days_of_its_own_or_none",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gt=models.F("effective_from")),
                name="row_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["batch", "state", "order"], name="row_of_batch")]
