"""Who looked at the firm's things, and a switch-off taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.models import Grant
from records.selectors import LookFilters, accesses, grants_given
from records.services.evidence import restore_grant


class LookShape(Shape):
    id = serializers.UUIDField()
    viewer = serializers.UUIDField(source="viewer_org_id")
    viewer_name = InBoth("viewer_name")
    person = serializers.CharField(source="person_name")
    what = serializers.CharField(help_text="evidence, verification, agreement_state, certificates, instruments, products, or duty_clauses, duty_finding, duty_lots, duty_results, duty_files, duty_file")
    subject = serializers.UUIDField(source="subject_id")
    at = serializers.DateTimeField()
    case = serializers.CharField(source="case_code", allow_blank=True, help_text="The duty case under which the bureau looked.")
    reason = serializers.CharField(allow_blank=True, help_text="supervision, complaint, appeal or statistics")
    why = serializers.CharField(allow_blank=True)
    told_at = serializers.DateTimeField(allow_null=True)


class LookedFilters(PageFilters):
    viewer = serializers.UUIDField(required=False)
    person = serializers.CharField(required=False, max_length=60)
    what = serializers.CharField(required=False, max_length=30)
    days = serializers.IntegerField(required=False, min_value=1, max_value=3660, help_text="Of the last so many days.")


class GrantSaid(Said):
    grant = serializers.UUIDField()


class GrantBackShape(Shape):
    id = serializers.UUIDField()
    to = InBoth("to_name")
    what = serializers.CharField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class Looks(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)

    @verb("Who looked at the firm's things, newest first", gives=LookShape, asks=LookedFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = dict(asked.filters)
        days = said.pop("days", None)
        filters = LookFilters(**said, since=timezone.now() - timedelta(days=days) if days else None)
        return Page(accesses(actor, filters, after=asked.after, limit=asked.size), lambda row: (row.at, row.pk))


class SharingUndo(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER)

    @verb("Take a switch-off back within ten minutes", takes=GrantSaid, gives=GrantBackShape)
    def post(self, actor: Actor, said: dict[str, Any]) -> Grant:
        grant = next((each for each in grants_given(actor) if each.pk == said["grant"]), None)
        if grant is None:
            raise Absent
        restore_grant(actor=actor, grant=grant, now=timezone.now())
        grant.refresh_from_db()
        return grant
