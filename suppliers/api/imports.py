"""A list on its way in: sent as a file or as text, looked at row by row, mended, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, StrictJson, verb
from suppliers.forms import LONGEST_LIST
from suppliers.import_words import issue_words
from suppliers.imports import FIELDS
from suppliers.models import ImportRow, SupplierImport
from suppliers.selectors import import_for, import_rows, import_totals, recent_imports
from suppliers.services.lists import confirm_import, map_columns, mend_row, read_row, start_import, undo_import

RECENT = 50


class ImportShape(Shape):
    id = serializers.UUIDField()
    file_name = serializers.CharField()
    state = serializers.CharField(help_text="needs_mapping, preview or done")
    person = serializers.CharField(source="person_name")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class ImportWholeShape(ImportShape):
    columns = serializers.ListField(child=serializers.DictField(), source="facts.columns", help_text="index, header, letter, field")
    totals = serializers.DictField(child=serializers.IntegerField(), help_text="Rows by outcome; `ready` are those that confirming would add.")


class RowShape(Shape):
    number = serializers.IntegerField()
    outcome = serializers.CharField(help_text="accepted, warning, duplicate, rejected or skipped")
    supplier = serializers.UUIDField(source="link_id", allow_null=True, help_text="The supplier it became.")
    cells = serializers.DictField(source="cells.cells", help_text="As typed, by field.")
    values = serializers.DictField(source="values.values", help_text="As read, by field.")
    problems = serializers.SerializerMethodField()

    def get_problems(self, row: ImportRow) -> list[dict[str, Any]]:
        issues = [issue for issue in read_row(row).issues if issue.level != "info"]
        said = []
        for issue in issues:
            words = {}
            for key, language in (("zh", "zh-hans"), ("en", "en")):
                with override(language):
                    words[key] = str(issue_words(issue))
            said.append({"field": issue.field, "level": issue.level, "code": issue.code, "message": words})
        return said


class ConfirmShape(Shape):
    added = serializers.IntegerField()


class UndoShape(Shape):
    removed = serializers.IntegerField()


class ImportSaid(Said):
    list = serializers.CharField(required=False, max_length=LONGEST_LIST, trim_whitespace=False, help_text="Rows with their header, as pasted.")
    file = serializers.FileField(required=False, max_length=300, help_text=".xlsx or .csv, up to 10 MB")

    def validate_file(self, file: Any) -> Any:
        if file.size > LONGEST_LIST:
            raise serializers.ValidationError(_("The file is larger than 10 MB. Split the list in two."), code="list_too_large")
        return file


class MappingSaid(Said):
    columns = serializers.DictField(child=serializers.ChoiceField(FIELDS, allow_null=True), help_text="Column index to field, or null to leave it out.")


class MendSaid(Said):
    field = serializers.ChoiceField(FIELDS)
    value = serializers.CharField(max_length=400, allow_blank=True)


class RowFilters(PageFilters):
    only = serializers.ChoiceField(["problems", "accepted", "warning", "duplicate", "rejected", "skipped"], required=False)


def _whole(actor: Actor, batch: SupplierImport) -> SupplierImport:
    batch.totals = import_totals(actor, batch)  # type: ignore[attr-defined]
    return batch


class Imports(Endpoint):
    hats = (Hat.OWNER,)
    parser_classes = [StrictJson, MultiPartParser]

    @verb("The latest lists: up to 50", gives=ImportShape(many=True))
    def get(self, actor: Actor) -> list[SupplierImport]:
        return recent_imports(actor, RECENT)

    @verb("Read a list into a preview; no supplier is written yet", takes=ImportSaid, gives=ImportWholeShape, status=201)
    def post(self, actor: Actor, said: Mapping[str, Any]) -> SupplierImport:
        file = said.get("file")
        name, data = (file.name, file.read()) if file else ("API", said.get("list", ""))
        return _whole(actor, start_import(actor=actor, file_name=name, data=data, now=timezone.now()))


class Import(Endpoint):
    hats = (Hat.OWNER,)

    @verb("One list with what became of its rows", gives=ImportWholeShape)
    def get(self, actor: Actor, import_id: UUID) -> SupplierImport:
        return _whole(actor, import_for(actor, import_id))


class ImportMapping(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Say which column is which", takes=MappingSaid, gives=ImportWholeShape)
    def post(self, actor: Actor, import_id: UUID, said: dict[str, Any]) -> SupplierImport:
        batch = import_for(actor, import_id)
        if not all(index.isascii() and index.isdecimal() and len(index) < 5 for index in said["columns"]):
            raise RuleBroken("column_unknown", field="columns")
        chosen = {int(index): field for index, field in said["columns"].items()}
        return _whole(actor, map_columns(actor=actor, batch=batch, chosen=chosen, now=timezone.now()))


class ImportRows(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The rows of a list in its order", gives=RowShape, asks=RowFilters, page=(int,))
    def get(self, actor: Actor, import_id: UUID, asked: Asked) -> Page:
        after, only = asked.after[0] if asked.after else 0, asked.filters.get("only", "")
        rows = import_rows(actor, import_for(actor, import_id), after=after, only=only, limit=asked.size + 1)
        return Page(rows, lambda row: (row.number,))


class ImportRowOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Mend one cell; the row is read anew", takes=MendSaid, gives=RowShape)
    def patch(self, actor: Actor, import_id: UUID, number: int, said: dict[str, Any]) -> ImportRow:
        return mend_row(actor=actor, batch=import_for(actor, import_id), number=number, now=timezone.now(), **said)


class ImportConfirm(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Put every ready row on the list; nobody is told", gives=ConfirmShape)
    def post(self, actor: Actor, import_id: UUID) -> dict[str, int]:
        return {"added": confirm_import(actor=actor, batch=import_for(actor, import_id), now=timezone.now())}


class ImportUndo(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Take back what an import added, within ten minutes", gives=UndoShape)
    def post(self, actor: Actor, import_id: UUID) -> dict[str, int]:
        return {"removed": undo_import(actor=actor, batch=import_for(actor, import_id), now=timezone.now())}
