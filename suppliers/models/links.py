"""A chain owner's supplier list: private lines, until the firm accepts."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat
from foundation.scope import EVERY, ScopedQuerySet


class LinkQuerySet(ScopedQuerySet):
    """Lines that stand. One that was merged into another is kept, and only `with_merged()` asks for it."""

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(merged_into=None)

    def with_merged(self, actor: Actor) -> Self:
        """The actor's lines and those that were merged into them: what an import and a history must know."""
        return super().visible_to(actor)


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
    # First letters of the pinyin, in the order of their codes: a beginning is one range of an index, under row security too.
    initials = models.CharField(max_length=80, default="", db_default="", db_collation="C")
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
    tag = models.CharField(max_length=20, blank=True, default="", db_default="")  # the owner's own word for a group of lines
    # 1 delivers to the owner, 2 to a firm of tier 1, and so on. `via`: through whom, one tier nearer; so no way up is a circle.
    tier = models.PositiveSmallIntegerField(default=1, db_default=1)
    via = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="suppliers_behind"
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    invited_until = models.DateTimeField(null=True, blank=True)  # when its newest invitation runs out: what a list shows without a join
    # Of the same owner: a foreign key of two columns, in SQL, and no second one that says less.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="absorbed"
    )

    objects = LinkQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id", Hat.SUPPLIER: "supplier_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_org_id", "uscc"], name="owner_lists_a_code_once"),
            models.UniqueConstraint(fields=["owner_org_id", "supplier_org_id"], name="owner_links_a_firm_once"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "supplier_org_id"], name="link_names_its_sides"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(supplier_org_id=None) & ~models.Q(merged_into=models.F("id")),
                name="merged_line_has_met_no_firm",
            ),
            models.UniqueConstraint(fields=["id", "owner_org_id"], name="link_names_its_owner"),
            models.UniqueConstraint(fields=["id", "owner_org_id", "tier"], name="link_names_its_tier"),
            models.CheckConstraint(condition=models.Q(tier__gte=1, tier__lte=5), name="tier_is_one_to_five"),
        ]
        indexes = [
            models.Index(fields=["owner_org_id", "pinyin_key", "id"], name="link_by_name"),
            models.Index(fields=["owner_org_id", "state", "pinyin_key", "id"], name="link_by_state"),
            models.Index(
                fields=["supplier_org_id", "-created_at", "-id"],
                condition=models.Q(supplier_org_id__isnull=False),
                name="link_of_supplier",
            ),
            models.Index(fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="link_absorbed"),
            models.Index(fields=["owner_org_id", "initials"], name="link_by_initials"),
            models.Index(fields=["owner_org_id", "tier", "pinyin_key", "id"], condition=models.Q(tier__gt=1), name="link_behind_another"),
            models.Index(fields=["via", "owner_org_id"], condition=models.Q(via__isnull=False), name="link_of_via"),
            models.Index(fields=["owner_org_id", "tag", "pinyin_key", "id"], condition=~models.Q(tag=""), name="link_by_tag"),
            models.Index(fields=["invited_until"], condition=models.Q(state="invited", merged_into=None), name="link_invitation_runs_out"),
        ]

    def state_at(self, now: datetime) -> str:
        """The state as it is shown: an invitation that nobody took in its days has run out."""
        if self.state == self.State.INVITED and self.invited_until is not None and self.invited_until <= now:
            return "expired"
        return self.state


class LinkGram(models.Model):
    """Two neighbouring characters of listed names, and lines that hold them: what a search for Chinese words looks up under the owner's hat.

    A pair has a list for each time that lines were written. A row for each line would be a dozen of them per firm, and half of an import.
    A search asks for the lines under the hat anyway, so that one that is gone is not found.
    """

    pk = models.CompositePrimaryKey("owner_org_id", "gram", "first_id")
    owner_org_id = models.UUIDField()
    gram = models.CharField(max_length=8)
    first_id = models.UUIDField()
    link_ids = ArrayField(models.UUIDField())

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(link_ids__0=models.F("first_id")), name="gram_list_begins_with_its_first")]


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
    declined_word = models.CharField(max_length=200, blank=True, default="")
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}
