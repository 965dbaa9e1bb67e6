"""What the desk composes, for programs: the quarterly pack of a relation."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from desk.pack import Pack, Quarter, pack_for
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, Filters, Shape, verb
from suppliers.selectors import link_for


class PackFilters(Filters):
    quarter = serializers.RegexField(r"^20\d\d-Q[1-4]\Z", required=False, help_text="2026-Q3; left out, the last whole quarter.")


class PackKeptShape(Shape):
    due = serializers.IntegerField(help_text="Judged so far: met on time, met late, or overdue.")
    met = serializers.IntegerField(help_text="On time.")
    met_late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    waived = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Not yet late and not yet met.")


class LateShape(Shape):
    obligation = serializers.UUIDField(source="id")
    due_on = serializers.DateField(source="due")
    met_on = serializers.DateField(source="met", allow_null=True)
    state = serializers.CharField(source="is")


class PackSideShape(Shape):
    kept = PackKeptShape()
    late = LateShape(many=True)


class PackSidesShape(Shape):
    owner = PackSideShape()
    supplier = PackSideShape()


class PackFindingShape(Shape):
    id = serializers.UUIDField()
    grade = serializers.CharField()
    state = serializers.CharField()
    raised_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    closed_at = serializers.DateTimeField(allow_null=True)


class PackAuditShape(Shape):
    id = serializers.UUIDField()
    state = serializers.CharField()
    visit_on = serializers.DateField()
    result_class = serializers.CharField(allow_blank=True)


class PackShape(Shape):
    quarter = serializers.CharField(source="quarter.code")
    as_of = serializers.DateField(help_text="The day on which it was counted: a duty may still be met late.")
    is_running = serializers.BooleanField()
    sides = PackSidesShape()
    audits = PackAuditShape(many=True)
    findings = PackFindingShape(many=True)
    is_cut = serializers.BooleanField(help_text="true: there is more than fits one pack; take the lists.")


class QuarterlyPack(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER)

    @verb("The quarterly pack of one relation, the same for either side", gives=PackShape, asks=PackFilters)
    def get(self, actor: Actor, link_id: UUID, asked: Asked) -> Pack:
        today, code = timezone.localdate(), asked.filters.get("quarter", "")
        quarter = Quarter.named(code, today=today) if code else Quarter.of(today).earlier()
        return pack_for(actor, link_for(actor, link_id), quarter, today=today)
