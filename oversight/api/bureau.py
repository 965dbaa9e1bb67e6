"""The bureau's balcony as data: states and counts; contents are closed to it here as well."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from agreements.models import Obligation
from agreements.selectors import state_on
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from oversight.filters import STATES, Asked
from oversight.selectors import agreement_for, compliance_page, obligations_of, place_counts, places, work_states
from oversight.selectors.places import CITY
from parties.endpoints import Asked as AskedPage
from parties.endpoints import Endpoint, Filters, InBoth, Page, PageFilters, Shape, verb
from records.services.evidence import note_looks

MOST_OBLIGATIONS = 200


class SideKeptShape(Shape):
    met = serializers.IntegerField()
    on_time = serializers.IntegerField()
    due = serializers.IntegerField()
    overdue = serializers.IntegerField()


class StateShape(Shape):
    id = serializers.UUIDField()
    number = serializers.CharField()
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    region_code = serializers.CharField(allow_blank=True)
    town_code = serializers.CharField(allow_blank=True)
    node_codes = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True)


class ComplianceShape(Shape):
    agreement = StateShape()
    owner = SideKeptShape(help_text="How the chain owner kept its own duties.")
    supplier = SideKeptShape()


class DutyShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    side = serializers.CharField()
    state = serializers.SerializerMethodField()
    due_on = serializers.DateField()
    met_on = serializers.DateField(allow_null=True)

    def get_state(self, row: Obligation) -> str:
        return state_on(row, timezone.localdate())


class WorkCountShape(Shape):
    grade = serializers.CharField(required=False)
    state = serializers.CharField()
    n = serializers.IntegerField()


class ComplianceWholeShape(Shape):
    agreement = StateShape()
    obligations = DutyShape(many=True, help_text="The latest 200.")
    audits = WorkCountShape(many=True)
    findings = WorkCountShape(many=True)


class PlaceShape(Shape):
    code = serializers.CharField()
    name = InBoth("name")
    col = serializers.IntegerField(source="tile_col")
    row = serializers.IntegerField(source="tile_row")
    firms = serializers.IntegerField()
    agreements = serializers.IntegerField()
    overdue = serializers.IntegerField()
    overdue_owner = serializers.IntegerField()


class ComplianceFilters(PageFilters):
    owner = serializers.UUIDField(required=False, help_text="A chain owner's firm.")
    q = serializers.CharField(required=False, max_length=80)
    region = serializers.CharField(required=False, max_length=12)
    town = serializers.CharField(required=False, max_length=12)
    node = serializers.CharField(required=False, max_length=12)
    state = serializers.ChoiceField(STATES, required=False)
    side = serializers.ChoiceField(["owner", "supplier"], required=False)
    overdue = serializers.ChoiceField(["1"], required=False)


class MapFilters(Filters):
    region = serializers.CharField(required=False, max_length=12, help_text="A district, for its towns; without it, the city.")


class BureauAgreements(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Agreements with what each side has kept, newest first", gives=ComplianceShape, asks=ComplianceFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: AskedPage) -> Page:
        wanted = Asked(**{name: str(value) for name, value in asked.filters.items()})
        rows, _more = compliance_page(actor, wanted, today=timezone.localdate(), after=asked.after, size=asked.size + 1)
        return Page(rows, lambda row: (row.agreement.created_at, row.agreement.pk))


class BureauAgreement(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("One agreement as states: duties, audits, findings", gives=ComplianceWholeShape)
    def get(self, actor: Actor, agreement_id: UUID) -> dict[str, Any]:
        agreement = agreement_for(actor, agreement_id)
        both = (agreement.owner_org_id, agreement.supplier_org_id)
        note_looks(actor=actor, org_ids=both, what="agreement_state", subject_id=agreement.pk, now=timezone.now())
        owed = obligations_of(actor, agreement.pk, size=MOST_OBLIGATIONS)
        return {"agreement": agreement, "obligations": owed, **work_states(actor, agreement.pk)}


class BureauMap(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Firms, signed agreements and overdue duties by district, or by town", gives=PlaceShape(many=True), asks=MapFilters)
    def get(self, actor: Actor, asked: AskedPage) -> list[dict[str, Any]]:
        parent = asked.filters.get("region", CITY)
        here = places(parent)
        if not here:
            raise Absent
        counts = place_counts(actor, parent=parent, today=timezone.localdate())
        measures = ("firms", "agreements", "overdue", "overdue_owner")
        return [{**_place(place), **{name: getattr(counts, name).get(place.code, 0) for name in measures}} for place in here]


def _place(place: Any) -> dict[str, Any]:
    return {name: getattr(place, name) for name in ("code", "name_zh", "name_en", "tile_col", "tile_row")}
