"""Where clauses stand, how sides kept their word, reminders and the calendar's address, for programs."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from rest_framework import serializers

from agreements.compliance import PERIODS
from agreements.documents import public_address
from agreements.duty_words import why_words
from agreements.selectors import agreement_for, clauses_of, current_version
from agreements.selectors.standing import Stands, kept_over_time, stands_of
from agreements.services.feeds import close_feed, open_feed
from agreements.services.nudges import MOST, preview_nudges, send_nudges
from agreements.standing import STATES
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)
ALL = (*SIDES, Hat.BUREAU)


class StandingLimitShape(Shape):
    lower = serializers.CharField(allow_blank=True)
    upper = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()


class StandingShape(Shape):
    clause = serializers.UUIDField(source="clause.pk")
    number = serializers.IntegerField(source="clause.order")
    type = serializers.CharField(source="clause.type")
    state = serializers.CharField(source="standing.state", help_text=", ".join(STATES))
    value = serializers.CharField(source="standing.value", allow_blank=True)
    limit = StandingLimitShape(source="standing.limit")
    window = serializers.SerializerMethodField(help_text="First and last day looked at, or null.")
    n = serializers.IntegerField(source="standing.n")
    why = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField(help_text="The duties and values behind it.")

    def get_window(self, stands: Stands) -> list[date] | None:
        return list(stands.standing.window) if stands.standing.window else None

    def get_why(self, stands: Stands) -> dict[str, str]:
        said = {}
        for name, language in (("zh", "zh-hans"), ("en", "en")):
            with override(language):
                said[name] = why_words(stands.standing)
        return said

    def get_rows(self, stands: Stands) -> list[Any]:
        return [ref if isinstance(ref, dict) else {"kind": "obligation", "id": str(ref)} for ref in stands.standing.refs]


class AgreementStanding(Endpoint):
    hats = SIDES

    @verb("Where each clause stands today, and why", gives=StandingShape(many=True))
    def get(self, actor: Actor, agreement_id: UUID) -> list[Stands]:
        today, agreement = timezone.localdate(), agreement_for(actor, agreement_id)
        version = current_version(actor, agreement, on=today)
        return stands_of(actor, agreement, version, clauses_of(actor, version), today=today) if version.in_force else []


class KeptInPeriodShape(Shape):
    agreement = serializers.UUIDField(source="agreement_id")
    agreement_number = serializers.CharField(source="agreement.number")
    owner = InBoth("agreement.owner_name")
    supplier = InBoth("agreement.supplier_name")
    side = serializers.CharField()
    period = serializers.CharField(help_text="month, quarter or 12m")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The first day no longer counted.")
    met = serializers.IntegerField()
    met_late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    open = serializers.IntegerField()
    waived = serializers.IntegerField()
    void = serializers.IntegerField()
    n = serializers.IntegerField(source="due", help_text="met, met_late and overdue together.")
    weighted = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    as_of = serializers.DateField()
    method = serializers.IntegerField()
    inputs_sha256 = serializers.CharField()


class KeptFilters(PageFilters):
    agreement = serializers.UUIDField(required=False)
    period = serializers.ChoiceField(PERIODS, required=False)
    side = serializers.ChoiceField(["owner", "supplier"], required=False)


class Kept(Endpoint):
    hats = ALL

    @verb("How each side kept its word, newest period first", gives=KeptInPeriodShape, asks=KeptFilters, page=(date, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = dict(asked.filters)
        if "agreement" in said:
            said["agreement"] = agreement_for(actor, said["agreement"])
        rows = kept_over_time(actor, after=asked.after, limit=asked.size, **said)
        return Page(rows, lambda row: (row.starts_on, row.pk))


class NudgeSaid(Said):
    obligations = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)
    send = serializers.BooleanField(default=False, help_text="Without it, only what would be told, and to whom.")


class NudgedShape(Shape):
    told = serializers.IntegerField(help_text="Sides told now, or that would be.")
    told_before = serializers.IntegerField(help_text="Sides that were told today already.")


class Nudges(Endpoint):
    hats = ALL

    @verb("Remind bound sides of duties, each once a day at most", takes=NudgeSaid, gives=NudgedShape)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, int]:
        now, ids = timezone.now(), said["obligations"]
        if said["send"]:
            told, before = send_nudges(actor=actor, obligation_ids=ids, now=now)
        else:
            nudges = preview_nudges(actor=actor, obligation_ids=ids, now=now)
            before = sum(nudge.told_today for nudge in nudges)
            told = len(nudges) - before
        return {"told": told, "told_before": before}


class FeedShape(Shape):
    address = serializers.CharField(help_text="A secret; shown this once. It reads titles, numbers and days.")


class ClosedShape(Shape):
    closed = serializers.BooleanField(help_text="Whether there was one.")


class Feed(Endpoint):
    hats = SIDES

    @verb("Make the secret address of one's calendar of duties; the one before it ends", gives=FeedShape, status=201)
    def post(self, actor: Actor) -> dict[str, str]:
        _feed, secret = open_feed(actor=actor, now=timezone.now())
        return {"address": public_address(reverse("agreements:feed", args=[secret]))}


class FeedClose(Endpoint):
    hats = SIDES

    @verb("Close the secret address of one's calendar", gives=ClosedShape)
    def post(self, actor: Actor) -> dict[str, bool]:
        return {"closed": close_feed(actor=actor, now=timezone.now())}
