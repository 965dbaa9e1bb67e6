"""A list on its way in: sent as a file or as text, looked at row by row, mended, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, StrictJson, verb
from suppliers.forms import LONGEST_LIST
from suppliers.imports import FIELDS
from suppliers.models import ImportRow, SupplierImport
from suppliers.row_report import row_report
from suppliers.selectors import LookAlike, import_for, import_rows, import_totals, lookalikes, recent_imports
from suppliers.services.lists import (
    answer_lookalike,
    cancel_import,
    confirm_import,
    forget_columns,
    map_columns,
    mend_row,
    read_row,
    start_import,
    undo_import,
)
from suppliers.services.mends import WORDS_OF, mend_word, take_suggestions

RECENT = 50


class ImportShape(Shape):
    id = serializers.UUIDField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(SupplierImport.State.values)
    person = serializers.CharField(source="person_name")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    rows_done = serializers.IntegerField(help_text="How far a worker is, while reading or writing.")
    rows_total = serializers.IntegerField()


class ImportWholeShape(ImportShape):
    columns = serializers.ListField(child=serializers.DictField(), source="facts.columns", help_text="index, header, letter, field")
    totals = serializers.DictField(
        child=serializers.IntegerField(), help_text="Rows by outcome; `ready` are those that confirming would add."
    )
    messages = serializers.SerializerMethodField(help_text="What is to be said of the file: level, code, found; why a list was refused.")

    def get_messages(self, batch: SupplierImport) -> list[dict[str, Any]]:
        said = [batch.refusal] if batch.refusal else batch.facts.get("messages", [])
        return [{"level": each["level"], "code": each["code"], "found": each["found"]} for each in said]


class ProblemSaidShape(Shape):
    field = serializers.CharField(allow_null=True)
    level = serializers.ChoiceField(["error", "warning"])
    code = serializers.CharField()
    cell = serializers.CharField(allow_null=True, help_text="Such as B7.")
    facts = serializers.DictField(help_text="found, position (counted from 1), expected, suggestion and others, by code")
    message = serializers.DictField(child=serializers.CharField(), help_text="zh and en")


class RowShape(Shape):
    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(["accepted", "warning", "duplicate", "rejected", "skipped"])
    supplier = serializers.UUIDField(allow_null=True, help_text="The supplier it became.")
    cells = serializers.DictField(help_text="As typed or mended, by field.")
    values = serializers.DictField(help_text="As read, by field.")
    normalised = serializers.ListField(child=serializers.CharField(), help_text="Fields that were only tidied up.")
    problems = ProblemSaidShape(many=True)
    reason = serializers.CharField(allow_null=True, help_text="Why a row is skipped.")
    duplicate_of = serializers.IntegerField(allow_null=True, help_text="The first row with this code.")
    known = serializers.BooleanField(help_text="A duplicate of a firm on your list.")
    differs = serializers.ListField(child=serializers.CharField(), help_text="Fields in which a duplicate differs from the first.")
    adds = serializers.ListField(child=serializers.CharField(), help_text="Fields that the first has empty.")
    message = serializers.DictField(
        allow_null=True, child=serializers.CharField(), help_text="Why it is skipped or counted once, zh and en."
    )


class AlikeShape(Shape):
    number = serializers.IntegerField()
    name = serializers.CharField()
    uscc = serializers.CharField()
    other_number = serializers.IntegerField(allow_null=True, help_text="An earlier row.")
    other_link_id = serializers.UUIDField(allow_null=True, help_text="Or a supplier of your list.")
    other_name = serializers.CharField()
    other_uscc = serializers.CharField()
    answer = serializers.CharField(help_text="Empty, same or different")


class ForgottenShape(Shape):
    forgotten = serializers.IntegerField()


class MendedShape(Shape):
    mended = serializers.IntegerField()


class ConfirmShape(Shape):
    added = serializers.IntegerField()


class UndoShape(Shape):
    removed = serializers.IntegerField()


class ImportSaid(Said):
    list = serializers.CharField(
        required=False, max_length=LONGEST_LIST, trim_whitespace=False, help_text="Rows with their header, as pasted."
    )
    file = serializers.FileField(required=False, max_length=300, help_text=".xlsx or .csv, up to 10 MB")

    def validate_file(self, file: Any) -> Any:
        if file.size > LONGEST_LIST:
            raise serializers.ValidationError(_("The file is larger than 10 MB. Split the list in two."), code="list_too_large")
        return file


class MappingSaid(Said):
    columns = serializers.DictField(
        child=serializers.ChoiceField(FIELDS, allow_null=True), help_text="Column index to field, or null to leave it out."
    )
    header_row = serializers.IntegerField(required=False, min_value=1, help_text="Which row is the header, where none was found.")


class WordSaid(Said):
    field = serializers.ChoiceField(WORDS_OF)
    found = serializers.CharField(max_length=400)
    value = serializers.CharField(max_length=400)


class AlikeSaid(Said):
    other_number = serializers.IntegerField(required=False, min_value=1)
    other_link_id = serializers.UUIDField(required=False)
    answer = serializers.ChoiceField(["same", "different"])


class MendSaid(Said):
    field = serializers.ChoiceField(FIELDS)
    value = serializers.CharField(max_length=400, allow_blank=True)


class RowFilters(PageFilters):
    only = serializers.ChoiceField(["problems", "accepted", "warning", "duplicate", "rejected", "skipped"], required=False)


def _row(row: ImportRow) -> dict[str, Any]:
    return row_report(read_row(row), row.link_id)


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
        return _whole(actor, map_columns(actor=actor, batch=batch, chosen=chosen, header_row=said.get("header_row"), now=timezone.now()))


class ImportRows(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The rows of a list in its order", gives=RowShape, asks=RowFilters, page=(int,))
    def get(self, actor: Actor, import_id: UUID, asked: Asked) -> Page:
        after, only = asked.after[0] if asked.after else 0, asked.filters.get("only", "")
        rows = import_rows(actor, import_for(actor, import_id), after=after, only=only, limit=asked.size + 1)
        return Page([_row(row) for row in rows], lambda row: (row["number"],))


class ImportRowOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Mend one cell; the row is read anew", takes=MendSaid, gives=RowShape)
    def patch(self, actor: Actor, import_id: UUID, number: int, said: dict[str, Any]) -> dict[str, Any]:
        return _row(mend_row(actor=actor, batch=import_for(actor, import_id), number=number, now=timezone.now(), **said))


class ImportWords(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Put a word right in every row that carries it", takes=WordSaid, gives=MendedShape)
    def post(self, actor: Actor, import_id: UUID, said: dict[str, Any]) -> dict[str, int]:
        return {"mended": mend_word(actor=actor, batch=import_for(actor, import_id), now=timezone.now(), **said)}


class ImportSuggestions(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Take every suggestion for a code", gives=MendedShape)
    def post(self, actor: Actor, import_id: UUID) -> dict[str, int]:
        return {"mended": take_suggestions(actor=actor, batch=import_for(actor, import_id), now=timezone.now())}


class ImportAlike(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Names that look alike under other codes: up to 200, the unanswered first", gives=AlikeShape(many=True))
    def get(self, actor: Actor, import_id: UUID) -> list[LookAlike]:
        return lookalikes(actor, import_for(actor, import_id))


class ImportAlikeOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Say whether a row and the one that looks alike are one firm", takes=AlikeSaid, gives=RowShape)
    def post(self, actor: Actor, import_id: UUID, number: int, said: dict[str, Any]) -> dict[str, Any]:
        other = said.get("other_link_id") or said.get("other_number")
        if other is None:
            raise Absent
        batch, is_same = import_for(actor, import_id), said["answer"] == "same"
        return _row(answer_lookalike(actor=actor, batch=batch, number=number, other=other, is_same=is_same, now=timezone.now()))


class ImportCancel(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Stop: a list that is read is thrown away, of one that is written what is written stays", gives=ImportWholeShape)
    def post(self, actor: Actor, import_id: UUID) -> SupplierImport:
        return _whole(actor, cancel_import(actor=actor, batch=import_for(actor, import_id), now=timezone.now()))


class ImportColumns(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Forget what was said of columns; lists that were read stand", gives=ForgottenShape)
    def delete(self, actor: Actor) -> dict[str, int]:
        return {"forgotten": forget_columns(actor=actor)}


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
