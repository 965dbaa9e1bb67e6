"""The questions, as data. A published version is never edited: a change is a new version, made from a draft.

The library is everybody's; what a chain owner wrote is its own, and a supplier reads it where an audit of its own uses it.
"""

from django.db import models
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

READ_BY_ALL = dict.fromkeys(Hat, EVERY)  # which rows of it, the database narrows


class ChecklistVersion(models.Model):
    """One published version of a checklist. Without a firm it belongs to the library."""

    class Scoring(models.TextChoices):
        WEIGHTED = "weighted"
        VDA63 = "vda63"

    code = models.CharField(primary_key=True, max_length=40)  # with its version: mill-walk-1
    owner_org_id = models.UUIDField(null=True, blank=True)
    family = models.CharField(max_length=36, blank=True, default="")  # what its versions have in common: mill-walk
    number = models.PositiveSmallIntegerField(default=1)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField()
    scoring = models.CharField(max_length=8, choices=Scoring.choices, default=Scoring.WEIGHTED)
    sections = models.JSONField(default=list, blank=True)  # [{"code", "name_zh", "name_en"}], in order; empty: no sections
    node_codes = models.JSONField(default=list, blank=True)  # for which nodes of the chain it was written; empty: for all
    source_zh = models.CharField(max_length=300, blank=True, default="")
    source_en = models.CharField(max_length=300, blank=True, default="")
    question_count = models.PositiveSmallIntegerField(default=0)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["family", "number"], name="checklist_has_each_version_once")]
        indexes = [models.Index(fields=["owner_org_id", "family", "-number"], name="checklist_of_owner")]

    @property
    def state(self) -> str:
        return "retired" if self.retired_at else "published"


class Question(models.Model):
    """One question: how it is answered, what proves it, when it is asked. What its answers mean is in `audits.questions`."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no"
        SCALE = "scale"
        NUMBER = "number"
        CHOICE = "choice"
        TEXT = "text"
        PHOTO = "photo"
        SIGNATURE = "signature"

    class Photo(models.TextChoices):
        NONE = "none"
        OPTIONAL = "optional"
        ON_NO = "on_no"
        ALWAYS = "always"

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="questions")
    owner_org_id = models.UUIDField(null=True, blank=True)  # its version's
    order = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=20, blank=True, default="")  # the code of one of its version's
    code = models.CharField(max_length=20)
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300)
    help_zh = models.CharField(max_length=300, blank=True)
    help_en = models.CharField(max_length=400, blank=True)
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.YES_NO)
    # choice: [{"code", "zh", "en", "share"}], the share of fulfilment in per cent or null; scale: [{"points", "zh", "en"}], empty: 0 4 6 8 10
    options = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=20, blank=True, default="")
    lowest = models.CharField(max_length=20, blank=True, default="")  # a decimal as written; empty: no limit on this side
    highest = models.CharField(max_length=20, blank=True, default="")
    weight = models.PositiveSmallIntegerField(default=1)
    is_critical = models.BooleanField(default=False)  # in a VDA 6.3-shaped checklist: starred
    photo = models.CharField(max_length=8, choices=Photo.choices, default=Photo.NONE)
    photos_least = models.PositiveSmallIntegerField(default=1)  # how many, where the rule asks for photos
    show_if = models.JSONField(default=list, blank=True)  # all of [{"code", "is": […]}]; see audits.questions
    node_codes = models.JSONField(default=list, blank=True)  # asked at sites of these nodes only; empty: everywhere
    clause_type = models.CharField(max_length=40, blank=True, default="")  # the kind of clause of the agreement that it is about
    source = models.CharField(max_length=120, blank=True, default="")
    element = models.CharField(max_length=4, blank=True, default="")  # P2 to P7
    sub_element = models.CharField(max_length=4, blank=True, default="")  # EU1 to EU6, in P6
    proposes = models.CharField(max_length=20, blank=True, default="")  # which master data the answer may correct: site.headcount
    example_id = models.UUIDField(null=True, blank=True)  # the evidence that shows how good looks

    objects = ScopedQuerySet.as_manager()
    seen_by = READ_BY_ALL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="question_has_its_place"),
            models.UniqueConstraint(fields=["version", "code"], name="question_has_its_code"),
        ]


class ChecklistDraft(models.Model):
    """A checklist on its owner's desk. Once published it stays, with the code it became."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_org_id = models.UUIDField()
    based_on = models.ForeignKey(ChecklistVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.JSONField(default=dict)  # see audits.checklist_body
    revision = models.PositiveIntegerField(default=1)  # who writes over an older one is told
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    published = models.OneToOneField(ChecklistVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()
    seen_by = {Hat.OWNER: "owner_org_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_org_id", "client_id"], name="checklist_draft_is_begun_once")]
        indexes = [models.Index(fields=["owner_org_id", "-changed_at", "-id"], name="checklist_draft_of_owner")]
