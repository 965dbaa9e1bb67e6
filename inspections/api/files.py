"""A file of results on its way in: sent, looked at row by row, mended, confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import override
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from inspections.file_words import issue_words
from inspections.models import CharacteristicResult, ResultImport, ResultImportRow
from inspections.selectors.result_files import recent_result_imports, result_import_for, result_import_row_for, result_import_rows
from inspections.services.result_files import (
    LONGEST_LINE,
    cancel_result_import,
    confirm_result_import,
    file_results_at_once,
    forget_result_columns,
    map_result_columns,
    mend_result_row,
    name_editions,
    start_result_import,
)
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, verb
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
OUTCOMES = ["accepted", "warning", "duplicate", "rejected", "skipped"]


class ResultFileShape(Shape):
    id = serializers.UUIDField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(ResultImport.State.values)
    layout = serializers.CharField(allow_blank=True, help_text="long (a result a row), wide (a lot a row) or lines (JSON Lines).")
    origin = serializers.ChoiceField(CharacteristicResult.Origin.values)
    link = serializers.UUIDField(source="link_id", allow_null=True, help_text="Whose lots are in it; null: any of the firm's.")
    person = serializers.CharField(source="person_name")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    rows_done = serializers.IntegerField(help_text="How far a worker is, while reading or filing.")
    rows_total = serializers.IntegerField()
    filed = serializers.IntegerField(help_text="Sets of readings that were new.")
    known = serializers.IntegerField(help_text="Sets that had been filed before.")


class ResultFileWholeShape(ResultFileShape):
    columns = serializers.SerializerMethodField(help_text="index, header, letter, field")
    totals = serializers.DictField(child=serializers.IntegerField(), help_text="Rows by outcome; sets and readings that are ready.")
    editions = serializers.SerializerMethodField(help_text="Characteristic → edition, as said of a wide sheet.")
    messages = serializers.SerializerMethodField(help_text="What is to be said of the file: level, code, found; why it was refused.")

    def get_columns(self, batch: ResultImport) -> list[dict[str, Any]]:
        return list(batch.facts.get("columns", []))

    def get_editions(self, batch: ResultImport) -> dict[str, str]:
        return dict(batch.facts.get("editions") or {})

    def get_messages(self, batch: ResultImport) -> list[dict[str, Any]]:
        said = [batch.refusal] if batch.refusal else batch.facts.get("messages", [])
        return [{"level": each["level"], "code": each["code"], "found": each["found"]} for each in said]


class ResultRowShape(Shape):
    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(OUTCOMES)
    cells = serializers.ListField(child=serializers.JSONField(), help_text="As typed or mended, by place.")
    values = serializers.DictField(help_text="As read.")
    normalised = serializers.ListField(child=serializers.CharField(), help_text="Fields that were only tidied up.")
    issues = serializers.ListField(child=serializers.DictField(), help_text="level, field, code, cell, facts; message in zh and en.")
    reason = serializers.CharField(allow_null=True)
    duplicate_of = serializers.IntegerField(allow_null=True)


class ResultFileSaid(Said):
    file = serializers.FileField(max_length=300, help_text=".xlsx, .csv or .jsonl, up to 10 MB")
    link = serializers.UUIDField(required=False, allow_null=True, help_text="The relation whose lots are in it.")
    origin = serializers.ChoiceField(CharacteristicResult.Origin.values, required=False)
    at_once = serializers.BooleanField(
        required=False,
        help_text="File a wide sheet in one go where nothing in it wants a look (state: done); else it is a preview as ever.",
    )
    editions = serializers.JSONField(required=False, help_text="With at_once: a JSON object, characteristic to edition.")

    def validate_editions(self, editions: Any) -> dict[str, str]:
        if not isinstance(editions, dict) or not all(isinstance(each, str) and len(each) <= 40 for each in editions.values()):
            raise serializers.ValidationError("characteristic to edition", code="invalid")
        return editions


class ResultMappingSaid(Said):
    columns = serializers.DictField(
        child=serializers.CharField(max_length=30, allow_null=True),
        help_text="Column index to field, to the place of a reading such as “PH x1”, or null to leave it out.",
    )
    header_row = serializers.IntegerField(required=False, min_value=1, help_text="Which row is the header, where none was found.")


class EditionsSaid(Said):
    editions = serializers.DictField(child=serializers.CharField(max_length=40, allow_blank=True), help_text="Characteristic to edition.")


class CellsSaid(Said):
    cells = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_LINE, allow_blank=True), help_text="Place from 0 to what should stand there."
    )


class FiledShape(Shape):
    filed = serializers.IntegerField()


class HeadersForgottenShape(Shape):
    forgotten = serializers.IntegerField()


class ResultRowFilters(PageFilters):
    only = serializers.ChoiceField(OUTCOMES, required=False)


def _row(row: ResultImportRow) -> dict[str, Any]:
    said = row.said
    return {
        "number": row.number, "outcome": row.outcome, "cells": row.cells, "values": said.get("values", {}),
        "normalised": said.get("normalised", []), "issues": [_issue(each) for each in said.get("issues", [])],
        "reason": said.get("reason"), "duplicate_of": said.get("duplicate_of"),
    }  # fmt: skip


def _issue(issue: dict[str, Any]) -> dict[str, Any]:
    words = {}
    for language, name in (("zh-hans", "zh"), ("en", "en")):
        with override(language):
            words[name] = issue_words(issue)
    return {**issue, "message": words}


def _places(said: dict[str, Any]) -> dict[int, Any]:
    if not all(index.isascii() and index.isdecimal() and len(index) < 5 for index in said):
        raise RuleBroken("column_unknown", field="columns")
    return {int(index): value for index, value in said.items()}


class ResultFiles(Endpoint):
    hats = SIDES
    parser_classes = [MultiPartParser]

    @verb("The latest files of results: up to 20", gives=ResultFileShape(many=True))
    def get(self, actor: Actor) -> list[ResultImport]:
        return recent_result_imports(actor)

    @verb(
        "Read a file of results into a preview; nothing is filed yet, unless at_once is said",
        takes=ResultFileSaid,
        gives=ResultFileWholeShape,
        status=201,
    )
    def post(self, actor: Actor, said: dict[str, Any]) -> ResultImport:
        link = link_for(actor, said["link"]) if said.get("link") else None
        file, now, origin = said["file"], timezone.now(), said.get("origin", "")
        if said.get("at_once"):
            return file_results_at_once(
                actor=actor, file_name=file.name, data=file.read(), editions=said.get("editions"), now=now, link=link, origin=origin
            )
        return start_result_import(actor=actor, file_name=file.name, data=file.read(), now=now, link=link, origin=origin)


class ResultFileOne(Endpoint):
    hats = SIDES

    @verb("One file with what became of its rows", gives=ResultFileWholeShape)
    def get(self, actor: Actor, result_import_id: UUID) -> ResultImport:
        return result_import_for(actor, result_import_id)


class ResultFileMapping(Endpoint):
    hats = SIDES

    @verb("Say which column is which", takes=ResultMappingSaid, gives=ResultFileWholeShape)
    def post(self, actor: Actor, result_import_id: UUID, said: dict[str, Any]) -> ResultImport:
        batch = result_import_for(actor, result_import_id)
        chosen = _places(said["columns"])
        return map_result_columns(actor=actor, batch=batch, chosen=chosen, header_row=said.get("header_row"), now=timezone.now())


class ResultFileEditions(Endpoint):
    hats = SIDES

    @verb("Say by which editions a sheet was measured", takes=EditionsSaid, gives=ResultFileWholeShape)
    def post(self, actor: Actor, result_import_id: UUID, said: dict[str, Any]) -> ResultImport:
        return name_editions(actor=actor, batch=result_import_for(actor, result_import_id), editions=said["editions"], now=timezone.now())


class ResultFileRows(Endpoint):
    hats = SIDES

    @verb("The rows to look at, and the first of the others", gives=ResultRowShape, asks=ResultRowFilters, page=(int,))
    def get(self, actor: Actor, result_import_id: UUID, asked: Asked) -> Page:
        after, only = asked.after[0] if asked.after else 0, asked.filters.get("only")
        batch = result_import_for(actor, result_import_id)
        rows = result_import_rows(actor, batch, outcomes=[only] if only else [], after=after, limit=asked.size)
        return Page([_row(row) for row in rows], lambda row: (row["number"],))


class ResultFileRow(Endpoint):
    hats = SIDES

    @verb("One row", gives=ResultRowShape)
    def get(self, actor: Actor, result_import_id: UUID, number: int) -> dict[str, Any]:
        return _row(result_import_row_for(actor, result_import_for(actor, result_import_id), number))

    @verb("Mend cells; the file is read anew with them", takes=CellsSaid, gives=ResultRowShape)
    def patch(self, actor: Actor, result_import_id: UUID, number: int, said: dict[str, Any]) -> dict[str, Any]:
        batch = result_import_for(actor, result_import_id)
        return _row(mend_result_row(actor=actor, batch=batch, number=number, cells=_places(said["cells"]), now=timezone.now()))


class ResultFileConfirm(Endpoint):
    hats = SIDES

    @verb("File every ready row; of many, 0 is the answer and a worker goes on", gives=FiledShape)
    def post(self, actor: Actor, result_import_id: UUID) -> dict[str, int]:
        return {"filed": confirm_result_import(actor=actor, batch=result_import_for(actor, result_import_id), now=timezone.now())}


class ResultFileCancel(Endpoint):
    hats = SIDES

    @verb("Stop: a file that is read is thrown away, of one that is filed what is filed stays", gives=ResultFileWholeShape)
    def post(self, actor: Actor, result_import_id: UUID) -> ResultImport:
        return cancel_result_import(actor=actor, batch=result_import_for(actor, result_import_id), now=timezone.now())


class ResultHeaders(Endpoint):
    hats = SIDES

    @verb("Forget what was said of columns; files that were read stand", gives=HeadersForgottenShape)
    def delete(self, actor: Actor) -> dict[str, int]:
        return {"forgotten": forget_result_columns(actor=actor)}
