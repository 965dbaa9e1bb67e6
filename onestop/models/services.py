"""The desk of services: what providers offer, what firms ask for, and the copy of a request that one provider reads."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from foundation.actor import Hat
from foundation.scope import EVERY, ScopedQuerySet

ASKERS = {Hat.OWNER: "org_id", Hat.SUPPLIER: "org_id"}


class Kind(models.TextChoices):
    """The nine kinds of the one-stop platform."""

    STANDARDS = "standards"
    METROLOGY = "metrology"
    CERTIFICATION = "certification"
    TESTING = "testing"
    QUALITY = "quality"
    PROPERTY = "property"
    BRAND = "brand"
    REGISTRATION = "registration"
    CREDIT = "credit"


class ServiceOffer(models.Model):
    """What a provider does for firms, for about how much, and how soon it answers. Read by all once it is published."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        PAUSED = "paused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider_org_id = models.UUIDField()
    provider_hat = models.CharField(max_length=8)  # provider, or lab: an institute offers too
    provider_name_zh = models.CharField(max_length=80)
    provider_name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    title = models.CharField(max_length=80)
    about = models.CharField(max_length=1000)
    price_note = models.CharField(max_length=200)
    answer_hours = models.PositiveSmallIntegerField()  # working hours until a request has its first answer
    service_days = models.PositiveSmallIntegerField()  # working days from the start to the report, as a rule
    capacity = models.PositiveSmallIntegerField()  # requests that can be in work at one time
    node_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)  # empty: the whole chain
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # What firms said of this provider in this kind, counted anew with each rating by the clock.
    n_rated = models.PositiveIntegerField(default=0)
    n_first_pass = models.PositiveIntegerField(default=0)
    n_satisfied = models.PositiveIntegerField(default=0)
    answer_minutes = models.PositiveIntegerField(null=True, blank=True)  # the middle one, in working time
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    # A wall below lets everybody else read published ones only.
    seen_by = dict.fromkeys((Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM, Hat.CLOCK), EVERY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider_org_id", "client_id"], name="offer_is_made_once"),
            models.CheckConstraint(condition=Q(answer_hours__gte=1) & Q(service_days__gte=1) & Q(capacity__gte=1), name="offer_has_hours_days_and_room"),
            models.CheckConstraint(
                condition=Q(n_first_pass__lte=models.F("n_rated")) & Q(n_satisfied__lte=models.F("n_rated")), name="offer_counts_no_more_than_rated"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "-created_at", "-id"], condition=Q(state="published"), name="offer_published"),
            models.Index(fields=["provider_org_id", "-created_at", "-id"], name="offer_of_provider"),
        ]


class ServiceRequest(models.Model):
    """What a firm needs. The firm's own; a provider reads its copy of it, the bureau its state and times."""

    class State(models.TextChoices):
        NEW = "new"
        OFFERED = "offered"
        ACCEPTED = "accepted"
        IN_SERVICE = "in_service"
        DELIVERED = "delivered"
        DISPUTED = "disputed"
        CONFIRMED = "confirmed"
        RATED = "rated"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    hat = models.CharField(max_length=8)
    org_name_zh = models.CharField(max_length=80)
    org_name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    need = models.CharField(max_length=1000)
    node_code = models.CharField(max_length=12, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    about = models.CharField(max_length=14, blank=True)  # finding, signal, clause, instrument; empty: nothing of ours
    subject_id = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict)  # what the firm lets providers read, as it was said, in both languages
    photo_id = models.UUIDField(null=True, blank=True)  # handed to the chosen provider only
    contact = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    offer_id = models.UUIDField(null=True, blank=True)  # asked of one offer; empty: of everybody who offers this kind
    wanted_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    asked_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)  # the first quote
    escalated_at = models.DateTimeField(null=True, blank=True)
    provider_org_id = models.UUIDField(null=True, blank=True)
    provider_name_zh = models.CharField(max_length=80, blank=True)
    provider_name_en = models.CharField(max_length=120, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    deliver_by = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)  # the last time
    why = models.CharField(max_length=500, blank=True)  # of the last dispute
    disputes = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_words = models.CharField(max_length=500, blank=True)
    answer_minutes = models.PositiveIntegerField(null=True, blank=True)  # of the chosen provider, in working time
    is_demo = models.BooleanField(default=False)
    client_id = models.UUIDField()

    objects = ScopedQuerySet.as_manager()
    seen_by = {**ASKERS, Hat.BUREAU: EVERY, Hat.PLATFORM: EVERY, Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "client_id"], name="service_is_asked_for_once"),
            models.CheckConstraint(
                condition=Q(state__in=["new", "offered", "withdrawn"]) | Q(provider_org_id__isnull=False, accepted_at__isnull=False),
                name="service_in_work_has_a_provider",
            ),
            models.CheckConstraint(condition=~Q(provider_org_id=models.F("org_id")), name="nobody_serves_itself"),
            models.CheckConstraint(condition=~Q(state__in=["confirmed", "rated"]) | Q(confirmed_at__isnull=False), name="settled_service_was_confirmed"),
            models.CheckConstraint(condition=~Q(state="rated") | Q(satisfaction__gte=1, satisfaction__lte=5), name="rating_is_one_to_five"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["org_id", "-created_at", "-id"], name="service_of_firm"),
            models.Index(fields=["-created_at", "-id"], name="service_newest"),
            models.Index(fields=["answer_due_at"], condition=Q(state="new", escalated_at=None), name="service_untouched"),
        ]


class ServiceCall(models.Model):
    """One provider's copy of a request, and its quote. The firm stands in it only once it has chosen this provider."""

    class State(models.TextChoices):
        ASKED = "asked"
        QUOTED = "quoted"
        PASSED = "passed"
        HANDED_OVER = "handed_over"
        CHOSEN = "chosen"
        NOT_CHOSEN = "not_chosen"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="calls")
    provider_org_id = models.UUIDField()
    provider_hat = models.CharField(max_length=8)
    provider_name_zh = models.CharField(max_length=80)
    provider_name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    need = models.CharField(max_length=1000)
    node_code = models.CharField(max_length=12, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=dict)
    wanted_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    stage = models.CharField(max_length=10, choices=ServiceRequest.State.choices, default=ServiceRequest.State.NEW)  # of the request
    asked_at = models.DateTimeField()
    clock_at = models.DateTimeField()  # until when the next step is due: the answer, then the report
    price = models.CharField(max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)  # of the quote, or why it was passed
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    # Only for the chosen one:
    firm_name_zh = models.CharField(max_length=80, blank=True)
    firm_name_en = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    photo_id = models.UUIDField(null=True, blank=True)  # the provider's own copy
    report = models.CharField(max_length=1000, blank=True)
    files = models.JSONField(default=list)  # what was delivered: name, the provider's file, the firm's file
    why = models.CharField(max_length=500, blank=True)  # of the last dispute
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_words = models.CharField(max_length=500, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()
    # A wall below lets a firm read the calls of its own requests only.
    seen_by = {Hat.OWNER: EVERY, Hat.SUPPLIER: EVERY, Hat.LAB: "provider_org_id", Hat.PROVIDER: "provider_org_id", Hat.CLOCK: EVERY}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "provider_org_id"], name="provider_is_called_once"),
            models.UniqueConstraint(fields=["request"], condition=Q(state="chosen"), name="one_provider_is_chosen"),
            models.CheckConstraint(
                condition=Q(state="chosen") | Q(firm_name_zh="", contact="", phone=""), name="only_the_chosen_learn_who_asks"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["quoted", "chosen"]) | (~Q(price="") & Q(days__gte=1)), name="quote_has_price_and_days"
            ),
        ]
        indexes = [
            models.Index(fields=["provider_org_id", "clock_at", "id"], name="call_by_clock"),
            models.Index(fields=["provider_org_id", "-asked_at", "-id"], name="call_newest"),
        ]
