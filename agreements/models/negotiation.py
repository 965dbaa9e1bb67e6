"""What is said about a text before it is signed: proposals on its clauses, and talk. Kept as it was said; only settled."""

from django.db import models
from uuid_utils.compat import uuid7

from agreements.models.agreements import BOTH_SIDES, Agreement, AgreementVersion, Clause
from foundation.scope import ScopedQuerySet

SAID_BY_ITS_SIDE = models.Q(side="owner", org_id=models.F("owner_org_id")) | models.Q(side="supplier", org_id=models.F("supplier_org_id"))


class Proposal(models.Model):
    """Other words for one clause of a locked text, or a later edit of an unsent draft. What it says never changes."""

    class Kind(models.TextChoices):
        CHANGE = "change"
        ADD = "add"  # after the clause of that number; 0 is before the first
        REMOVE = "remove"

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        COUNTERED = "countered"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="proposals")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="proposals")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    clause_order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    type = models.CharField(max_length=30)
    binds = models.CharField(max_length=8, choices=Clause.Side.choices)  # whom the clause would bind
    params = models.JSONField()
    text_zh = models.TextField(blank=True)  # empty where the clause is to go
    text_en = models.TextField(blank=True)
    note = models.TextField(blank=True)
    base = models.CharField(max_length=64, blank=True)  # SHA-256 of the clause as the proposer saw it; empty for a new one
    in_draft = models.BooleanField(default=False)  # among the owner's own people, before the text was sent
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answered_by")
    client_id = models.UUIDField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_side = models.CharField(max_length=8, blank=True)
    settled_by = models.CharField(max_length=60, blank=True)
    reply = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="proposal_is_made_once"),
            models.UniqueConstraint(fields=["id", "version"], name="proposal_names_its_version"),
            models.UniqueConstraint(
                fields=["version", "clause_order"],
                condition=models.Q(state="open", in_draft=False) & ~models.Q(kind="add"),
                name="one_open_proposal_for_each_clause",
            ),
            models.CheckConstraint(condition=SAID_BY_ITS_SIDE, name="proposal_is_made_by_its_side"),
            models.CheckConstraint(condition=models.Q(in_draft=False) | models.Q(side="owner"), name="proposal_in_a_draft_is_the_owners"),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at=None, settled_side="")
                | models.Q(state="withdrawn", settled_at__isnull=False, settled_side=models.F("side"))
                | models.Q(state__in=["accepted", "declined"], settled_at__isnull=False, in_draft=True)
                | (
                    models.Q(state__in=["accepted", "declined", "countered"], settled_at__isnull=False, settled_side__in=["owner", "supplier"])
                    & ~models.Q(settled_side=models.F("side"))
                ),
                name="proposal_is_answered_by_the_other_side",
            ),
        ]
        indexes = [models.Index(fields=["version", "clause_order", "at"], name="proposal_of_version")]


class Comment(models.Model):
    """A word on one clause of a text, or the mark that it is fine as it stands."""

    class Kind(models.TextChoices):
        SAID = "said"
        FINE = "fine"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="comments")
    owner_org_id = models.UUIDField()
    supplier_org_id = models.UUIDField()
    clause_order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SAID)
    side = models.CharField(max_length=8, choices=Clause.Side.choices)
    org_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    client_id = models.UUIDField()
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=60, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = BOTH_SIDES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="comment_is_made_once"),
            models.UniqueConstraint(
                fields=["version", "clause_order", "side"], condition=models.Q(kind="fine", resolved_at=None), name="clause_is_found_fine_once"
            ),
            models.CheckConstraint(condition=SAID_BY_ITS_SIDE, name="comment_is_made_by_its_side"),
            models.CheckConstraint(condition=models.Q(kind="fine", text="") | models.Q(kind="said") & ~models.Q(text=""), name="comment_has_words"),
        ]
        indexes = [models.Index(fields=["version", "clause_order", "at"], name="comment_of_version")]
