"""Results: what was filed on a lot, the same verbs as the pages, and measurements by the thousand as machines send them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from foundation.actor import Actor, Hat
from foundation.errors import FieldsToMend, RuleBroken, in_both_languages
from inspections.filing import values_of
from inspections.models import CharacteristicResult
from inspections.reading import LineReader, ResultRow, parse_line
from inspections.reading.lines import NAMES
from inspections.selectors.lots import lot_for
from inspections.selectors.reading_context import Met, context_for
from inspections.selectors.results import result_for, results_of
from inspections.services.results import MOST_SETS, Kept, Meant, ResultsToMend, file_meant, file_results
from inspections.services.results_corrected import LONGEST_REASON, correct_result
from inspections.services.results_shown import show_results
from inspections.typed import MOST_READINGS, SetSaid
from parties.endpoints import Asked, Endpoint, Filters, Page, Said, Shape, StrictJson, verb
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class ResultShape(Shape):
    id = serializers.UUIDField()
    lot = serializers.UUIDField(source="lot_id")
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    readings = serializers.SerializerMethodField(
        help_text="Numbers as text; null is a reading not taken; a colour has three numbers to a reading."
    )
    width = serializers.IntegerField(help_text="Numbers to a reading: 1, or 3 for L*, a*, b*.")
    qualifiers = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Beside each reading: = < <= >= >; null: all =."
    )
    measured_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    origin = serializers.CharField(help_text="self, customer, lab or instrument")
    entered_via = serializers.CharField(help_text="web, file or api")
    instrument = serializers.CharField(allow_blank=True)
    verdict = serializers.CharField(help_text="in, out, unclear or not_judged")
    out_count = serializers.IntegerField(help_text="Readings beyond a limit.")
    clause = serializers.UUIDField(source="clause_id", allow_null=True, help_text="By which it was judged.")
    marks = serializers.ListField(child=serializers.CharField())
    details = serializers.JSONField(allow_null=True)
    corrects = serializers.UUIDField(source="corrects_id", allow_null=True)
    replaced_by = serializers.UUIDField(allow_null=True)

    def get_readings(self, row: CharacteristicResult) -> list[str | None]:
        return [None if value is None else format(value, "f") for value in values_of(row)]


class SetWords(Said):
    values = serializers.ListField(
        child=serializers.CharField(max_length=40, allow_blank=True), min_length=1, max_length=MOST_READINGS * 3,
        help_text='As typed: "38.6", "<20", "未检出", "3-4", "" for a reading not taken. A colour: L*, a*, b* one after the other.',
    )  # fmt: skip
    edition = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="The method's edition: GB/T 7573-2009.")
    unit = serializers.CharField(
        max_length=24, required=False, allow_blank=True, help_text="Of the values; left out: the characteristic's own."
    )
    measured_at = serializers.DateTimeField(required=False)
    instrument = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="The number on its plate.")
    sample = serializers.CharField(max_length=60, required=False, allow_blank=True)
    operator = serializers.CharField(max_length=60, required=False, allow_blank=True)
    laboratory = serializers.CharField(max_length=120, required=False, allow_blank=True)
    lab_status = serializers.ListField(child=serializers.ChoiceField(["cma", "cnas"]), required=False, max_length=2)
    evidence = serializers.UUIDField(required=False, help_text="A photo of the instrument's screen: POST /evidence/ first.")
    key = serializers.CharField(max_length=255, required=False, help_text="The same key with the same content files once.")


class SetFiled(SetWords):
    characteristic = serializers.CharField(max_length=20, help_text="A code of the library.")
    origin = serializers.ChoiceField(["self", "customer", "lab", "instrument"], required=False, help_text="Left out: by the hat.")


class SetsFiled(Said):
    sets = SetFiled(many=True, min_length=1, max_length=200)  # type: ignore[call-arg]


class CorrectionSaid(SetWords):
    reason = serializers.CharField(max_length=LONGEST_REASON)


def _set_of(said: dict[str, Any], **more: Any) -> SetSaid:
    evidence = said.pop("evidence", None)
    return SetSaid(**{"characteristic": "", **said, **more}, evidence_id=evidence)


def _refuse(broken: ResultsToMend) -> FieldsToMend:
    places = []
    for fault in broken.faults:
        at = f"/sets/{fault.set}/{fault.field}" + (f"/{fault.at}" if fault.at is not None else "")
        places.append({"pointer": at, "code": fault.code, "message": in_both_languages(fault.code, fault.facts or {})})
    return FieldsToMend(places)


class LotResults(Endpoint):
    hats = SIDES

    @verb("What was filed on a lot, as far as the caller sees it, in the order of filing", gives=ResultShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked, lot_id: UUID) -> Page:
        rows = results_of(actor, lot_for(actor, lot_id), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.received_at, row.pk))

    @verb("File readings as they were typed: all of it or nothing", takes=SetsFiled, gives=ResultShape(many=True), status=201)
    def post(self, actor: Actor, lot_id: UUID, said: dict[str, Any]) -> list[CharacteristicResult]:
        lot = lot_for(actor, lot_id)
        try:
            kept = file_results(
                actor=actor, lot=lot, sets=[_set_of(dict(each)) for each in said["sets"]], now=timezone.now(), entered_via="api"
            )
        except ResultsToMend as broken:
            raise _refuse(broken) from broken
        return [each.row for each in kept]


class ResultOne(Endpoint):
    hats = SIDES

    @verb("One result", gives=ResultShape)
    def get(self, actor: Actor, result_id: UUID) -> CharacteristicResult:
        return result_for(actor, result_id)


class ResultCorrection(Endpoint):
    hats = SIDES

    @verb("Correct a result by a row of its own, with the reason", takes=CorrectionSaid, gives=ResultShape, status=201)
    def post(self, actor: Actor, result_id: UUID, said: dict[str, Any]) -> CharacteristicResult:
        reason = said.pop("reason")
        try:
            return correct_result(actor=actor, result=result_for(actor, result_id), said=_set_of(said), reason=reason, now=timezone.now())
        except ResultsToMend as broken:
            raise _refuse(broken) from broken


class ResultsShown(Shape):
    shown = serializers.IntegerField(help_text="How many results the customer sees now that it did not see before.")


class ResultsShowing(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Let the chain owner of a relation see the readings of its lots, those filed before too", gives=ResultsShown)
    def post(self, actor: Actor, link_id: UUID) -> dict[str, int]:
        return {"shown": show_results(actor=actor, link=link_for(actor, link_id), now=timezone.now())}


class SetsJson(StrictJson):
    """{"rows": [...]} with numbers as they are written: 39.10 is not a float."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = json.loads(stream.read().decode(), parse_float=Decimal, parse_int=Decimal, parse_constant=_refused)
        except (ValueError, ArithmeticError, RecursionError):
            raise ParseError from None
        return body


def _refused(word: str) -> Any:
    raise ValueError(word)


class SetsLines(BaseParser):
    """One JSON object a line; a line that is none spoils no other."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        lines = stream.read().decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
        return {"lines": lines[:-1] if lines and not lines[-1].strip() else lines}


class MeasurementSaid(Said):
    """One set of readings of one lot, as a machine sends it."""

    idempotency_key = serializers.CharField(max_length=255, help_text="The same key with the same content is stored once.")
    lot = serializers.CharField(help_text="The lot's number.")
    characteristic = serializers.CharField(help_text="Its code, or its name in the library.")
    values = serializers.ListField(
        child=serializers.JSONField(),
        max_length=MOST_READINGS,
        help_text="Numbers, or numbers in quotes; null is a reading not taken; a colour is [L, a, b].",
    )
    measured_at = serializers.DateTimeField(help_text="Without a zone: Asia/Shanghai.")
    edition = serializers.CharField(required=False)
    unit = serializers.CharField(required=False)
    instrument = serializers.CharField(required=False)
    sample = serializers.CharField(required=False)
    operator = serializers.CharField(required=False)
    laboratory = serializers.CharField(required=False)


class MeasurementsSaid(Said):
    rows = MeasurementSaid(many=True, max_length=MOST_SETS)  # type: ignore[call-arg]


class MeasurementFilters(Filters):
    origin = serializers.ChoiceField(["instrument"], required=False, help_text="The readings were sent by the device, and typed by nobody.")


class MeasurementTold(Shape):
    row = serializers.IntegerField(help_text="From 1, in the order of the request.")
    status = serializers.IntegerField(help_text="201 stored, 200 stored before, 422 refused.")
    id = serializers.UUIDField(allow_null=True)
    duplicate_of = serializers.IntegerField(allow_null=True, help_text="The row of this request that said the same before.")
    issues = serializers.ListField(child=serializers.JSONField(), help_text="level, field, code and what was found.")


class MeasurementsTold(Shape):
    rows = MeasurementTold(many=True)
    stored = serializers.IntegerField()
    repeated = serializers.IntegerField()
    refused = serializers.IntegerField()


class Measurements(Endpoint):
    hats = SIDES
    parser_classes = [SetsJson, SetsLines]

    @extend_schema(request={"application/json": MeasurementsSaid, "application/x-ndjson": OpenApiTypes.STR})
    @verb("Up to 1,000 sets of readings, each stored or refused by itself", gives=MeasurementsTold, asks=MeasurementFilters)
    def post(self, actor: Actor, asked: Asked) -> dict[str, Any]:
        now = timezone.now()
        sent = list(_sent(self.request.data))
        if not 1 <= len(sent) <= MOST_SETS:
            raise RuleBroken("too_many_results" if sent else "results_missing", field="rows", most=MOST_SETS)
        met = context_for(actor, _numbers(stored for _line, stored in sent if stored is not None), today=timezone.localdate(now))
        reader = LineReader(met.context, now=now)
        rows = [_read(reader, number, stored) for number, (_line, stored) in enumerate(sent, start=1)]
        return _told(rows, _kept(actor, rows, met, asked.filters.get("origin", ""), now))


def _sent(body: Any) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """The sets of a request, None for one that is no object. Raises FieldsToMend where there is no list of them."""
    if isinstance(body, Mapping) and isinstance(body.get("lines"), list):
        yield from ((line, parse_line(line)) for line in body["lines"] if line.strip())
        return
    rows = body.get("rows") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise FieldsToMend([{"pointer": "/rows", "code": "required", "message": in_both_languages("results_missing", {})}])
    for row in rows:
        yield "", row if isinstance(row, dict) else None


def _numbers(sets: Iterable[Mapping[str, Any]]) -> set[str]:
    """The numbers of lots that can be asked for: the database knows neither NUL nor half of a character pair."""
    said = {stored["lot"].strip() for stored in sets if isinstance(stored.get("lot"), str)}
    return {number for number in said if not UNSTORABLE.search(number)}


def _read(reader: LineReader, number: int, stored: Mapping[str, Any] | None) -> ResultRow:
    return reader.line(number, None) if stored is None else reader.object(number, {name: stored[name] for name in stored if name in NAMES})


def _kept(actor: Actor, rows: Sequence[ResultRow], met: Met, origin: str, now: datetime) -> dict[int, Kept]:
    """number of a row -> what became of its set."""
    good = [(row.number, read) for row in rows for read in row.sets]
    meant = [Meant(met.lots[read.lot], read, origin) for _number, read in good]
    return {
        number: kept for (number, _read), kept in zip(good, file_meant(actor=actor, meant=meant, now=now, entered_via="api"), strict=True)
    }


def _told(rows: Sequence[ResultRow], kept: Mapping[int, Kept]) -> dict[str, Any]:
    lines = [_line(row, kept.get(row.number if row.duplicate_of is None else row.duplicate_of)) for row in rows]
    states = [line["status"] for line in lines]
    return {"rows": lines, "stored": states.count(201), "repeated": states.count(200), "refused": states.count(422)}


def _line(row: ResultRow, kept: Kept | None) -> dict[str, Any]:
    status, issues = row.http, [_plain(issue) for issue in row.as_dict().get("issues", [])]
    if kept is not None and kept.state == "key_reused":
        status, issues = 422, [{"level": "error", "field": "idempotency_key", "code": "key_reused"}]
    elif kept is not None and kept.state == "repeated":
        status = 200
    found = kept.row.pk if kept is not None and status != 422 else None
    return {"row": row.number, "status": status, "id": found, "duplicate_of": row.duplicate_of, "issues": issues}


def _plain(value: Any) -> Any:
    """What was found, as an answer can carry it: half of a character pair cannot."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
