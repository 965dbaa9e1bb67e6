"""The library: characteristics, method editions, standards and limits; the platform proposes and releases."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from agreements.limit_files import MOST_ROWS, Line, judged
from agreements.limits import LimitSaid, has_run_out, superseded_by
from agreements.models import Characteristic, MethodEdition, ProductStandard, SpecLimit
from agreements.selectors import library
from agreements.services.library import propose_limit, propose_limits, release_limit, withdraw_limit
from foundation.actor import BUSINESS_HATS, Actor, Hat
from foundation.errors import in_both_languages
from parties.endpoints import Asked, Endpoint, Filters, InBoth, Page, PageFilters, Said, Shape, verb

KINDS, DIRECTIONS, STATES = Characteristic.Kind.values, Characteristic.Direction.values, SpecLimit.State.values


class CharacteristicShape(Shape):
    code = serializers.CharField()
    name = InBoth("name")
    kind = serializers.ChoiceField(KINDS)
    unit = serializers.CharField(allow_blank=True)
    decimals = serializers.IntegerField()
    direction = serializers.ChoiceField(DIRECTIONS, help_text="On which side a reading may be wrong.")
    reading_schema = serializers.ListField(child=serializers.CharField())
    node_codes = serializers.ListField(child=serializers.CharField())
    note = InBoth("note")


class TwinShape(Shape):
    code = serializers.CharField()
    verified = serializers.BooleanField()


class EditionShape(Shape):
    code = serializers.CharField()
    method = serializers.CharField(source="method_id")
    name = InBoth("method.name")
    characteristics = serializers.ListField(child=serializers.CharField(), source="method.characteristic_codes")
    supersedes = serializers.CharField(source="supersedes_id", allow_null=True)
    superseded_by = serializers.CharField(source="newer", allow_blank=True)
    has_run_out = serializers.BooleanField(source="over")
    valid_from = serializers.DateField(allow_null=True, help_text="Null as long as nobody has read it.")
    valid_to = serializers.DateField(allow_null=True)
    twins = TwinShape(many=True)
    verified = serializers.BooleanField()
    source_text = InBoth("source")


class StandardShape(Shape):
    code = serializers.CharField()
    name = InBoth("name")
    product = serializers.CharField(source="product_id", allow_null=True)
    replaces = InBoth("replaces")
    verified = serializers.BooleanField()
    source_text = InBoth("source")


class LimitShape(Shape):
    id = serializers.UUIDField()
    characteristic = serializers.CharField(source="characteristic_id")
    edition = serializers.CharField(source="edition_id")
    product = serializers.CharField(source="product_id", allow_null=True)
    safety_class = serializers.CharField(allow_blank=True)
    grade = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    lower = serializers.CharField(allow_blank=True, help_text="As it is written: 4.0 is not 4.")
    target = serializers.CharField(allow_blank=True)
    upper = serializers.CharField(allow_blank=True)
    grade_floor = serializers.CharField(allow_blank=True)
    max_cv_percent = serializers.CharField(allow_blank=True)
    max_lot_delta_e = serializers.CharField(allow_blank=True)
    source_text = InBoth("source")
    read_in = serializers.CharField(allow_blank=True)
    verified = serializers.BooleanField()
    state = serializers.ChoiceField(STATES)
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    proposed_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class CharacteristicWholeShape(CharacteristicShape):
    editions = EditionShape(many=True)
    limits = LimitShape(many=True)


class AffectedShape(Shape):
    templates = serializers.ListField(child=serializers.CharField())
    agreements = serializers.IntegerField(allow_null=True, help_text="In force and quoting it; null below five.")


class LimitWholeShape(LimitShape):
    reason = serializers.CharField(allow_blank=True)
    proposed_by = serializers.CharField(allow_blank=True)
    released_by = serializers.CharField(allow_blank=True)
    ended_by = serializers.CharField(allow_blank=True)
    ended_why = serializers.CharField(allow_blank=True)
    affected = AffectedShape()


class FaultShape(Shape):
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.DictField(child=serializers.CharField())


class ChangeShape(Shape):
    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class LineShape(Shape):
    row = serializers.IntegerField()
    outcome = serializers.ChoiceField(("new", "changed", "same", "faulty"))
    faults = FaultShape(many=True)
    changes = ChangeShape(many=True)


class LimitImportShape(Shape):
    rows = LineShape(many=True)
    proposed = serializers.ListField(child=serializers.UUIDField())


class CharacteristicFilters(Filters):
    q = serializers.CharField(required=False, max_length=60)
    kind = serializers.ChoiceField(KINDS, required=False)
    node = serializers.CharField(required=False, max_length=12, help_text="A step of the chain.")


class LimitFilters(PageFilters):
    state = serializers.ChoiceField(STATES, required=False, help_text="What was never released is the platform's own.")
    q = serializers.CharField(required=False, max_length=60)


def _value() -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=17, default="")


class LimitRowSaid(Said):
    characteristic = serializers.CharField(max_length=20)
    edition = serializers.CharField(max_length=40)
    product = serializers.CharField(required=False, allow_blank=True, max_length=30, default="")
    safety_class = serializers.CharField(required=False, allow_blank=True, max_length=1, default="")
    grade = serializers.CharField(required=False, allow_blank=True, max_length=10, default="")
    unit = serializers.CharField(
        required=False, allow_blank=True, max_length=24, default="", help_text="Compared with the characteristic's."
    )
    lower, target, upper, max_cv_percent, max_lot_delta_e = (_value() for _ in range(5))
    grade_floor = serializers.CharField(required=False, allow_blank=True, max_length=3, default="")
    source_zh = serializers.CharField(max_length=200)
    source_en = serializers.CharField(max_length=200)
    read_in = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    verified = serializers.BooleanField(required=False, default=False)


class LimitProposal(LimitRowSaid):
    why = serializers.CharField(max_length=300)


class LimitsImportSaid(Said):
    limits = LimitRowSaid(many=True)
    why = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    dry_run = serializers.BooleanField(required=False, default=True, help_text="True: judge the rows and write nothing.")

    def validate_limits(self, value: list[Any]) -> list[Any]:
        if not 1 <= len(value) <= MOST_ROWS:
            raise serializers.ValidationError(f"1–{MOST_ROWS}")
        return value


class LimitWhy(Said):
    why = serializers.CharField(max_length=300)


def _with_state(rows: list[MethodEdition]) -> list[MethodEdition]:
    today = timezone.localdate()
    for row in rows:
        row.newer, row.over = superseded_by(row.code, rows, on=today), has_run_out(row, on=today)  # type: ignore[attr-defined]
    return rows


class LibraryCharacteristics(Endpoint):
    hats = BUSINESS_HATS

    @verb("What can be measured or judged", gives=CharacteristicShape(many=True), asks=CharacteristicFilters)
    def get(self, actor: Actor, asked: Asked) -> list[Characteristic]:
        return library.characteristics(**asked.filters)


class LibraryCharacteristic(Endpoint):
    hats = BUSINESS_HATS

    @verb("One characteristic with its method editions and the limits that stand", gives=CharacteristicWholeShape)
    def get(self, actor: Actor, library_code: str) -> Characteristic:
        row = library.characteristic_for(library_code)
        row.editions = _with_state(library.editions_of(row.code))  # type: ignore[attr-defined]
        row.__dict__["limits"] = library.limits_of(row.code)
        return row


class LibraryEditions(Endpoint):
    hats = BUSINESS_HATS

    @verb("Method editions with their twins, and which are superseded", gives=EditionShape(many=True))
    def get(self, actor: Actor) -> list[MethodEdition]:
        return _with_state(library.editions())


class LibraryStandards(Endpoint):
    hats = BUSINESS_HATS

    @verb("The product standards known by name", gives=StandardShape(many=True))
    def get(self, actor: Actor) -> list[ProductStandard]:
        return library.product_standards()


class LibraryLimits(Endpoint):
    hats = BUSINESS_HATS
    write_hats = (Hat.PLATFORM,)

    @verb("Revisions of limits, newest first", gives=LimitShape, asks=LimitFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = asked.filters
        rows = library.limit_revisions(actor, state=said.get("state", ""), q=said.get("q", ""), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.proposed_at, row.pk))

    @verb("Propose a limit; a second person releases it", takes=LimitProposal, gives=LimitWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> SpecLimit:
        why = said.pop("why")
        return _whole(actor, propose_limit(actor=actor, said=LimitSaid(**said), why=why, now=timezone.now()))


def _whole(actor: Actor, row: SpecLimit) -> SpecLimit:
    affected = library.affected_by(actor, row)
    row.affected = {"templates": [template.code for template in affected.templates], "agreements": affected.agreements}  # type: ignore[attr-defined]
    return row


class LibraryLimit(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("One revision, and who is affected by it", gives=LimitWholeShape)
    def get(self, actor: Actor, limit_id: UUID) -> SpecLimit:
        return _whole(actor, library.limit_one(actor, limit_id))


class LibraryLimitRelease(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Release a draft that somebody else proposed", gives=LimitWholeShape)
    def post(self, actor: Actor, limit_id: UUID) -> SpecLimit:
        return _whole(actor, release_limit(actor=actor, limit_id=limit_id, now=timezone.now()))


class LibraryLimitWithdraw(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Withdraw a draft or a released limit, with a reason", takes=LimitWhy, gives=LimitWholeShape)
    def post(self, actor: Actor, limit_id: UUID, said: dict[str, Any]) -> SpecLimit:
        return _whole(actor, withdraw_limit(actor=actor, limit_id=limit_id, why=said["why"], now=timezone.now()))


class LibraryLimitsImport(Endpoint):
    hats = (Hat.PLATFORM,)

    @verb("Judge many limits; without dry_run, propose those that are right", takes=LimitsImportSaid, gives=LimitImportShape)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        lines = [Line(number, LimitSaid(**row)) for number, row in enumerate(said["limits"], start=1)]
        found = judged(lines, library.shelf(), library.known_limits(actor), library.waiting_places(actor), on=timezone.localdate())
        good = [line.said for line in found if line.outcome in ("new", "changed")]
        made = [] if said["dry_run"] else propose_limits(actor=actor, rows=good, why=said["why"], now=timezone.now())
        return {"rows": [_line(line) for line in found], "proposed": [row.pk for row in made]}


def _line(line: Line) -> dict[str, Any]:
    return {
        "row": line.number,
        "outcome": line.outcome,
        "faults": [{**asdict(fault), "message": in_both_languages(fault.code, fault.facts)} for fault in line.faults],
        "changes": [{"field": name, "before": before, "after": after} for name, before, after in line.changes],
    }
