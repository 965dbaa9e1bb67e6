"""What the bureau's pages share: choices, cursors, files, a rule that becomes a form's error."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from foundation.actor import ActorRequest
from foundation.errors import RuleBroken
from oversight.documents import TYPES, Table, file_of
from oversight.filters import cursor_of, cursor_text
from oversight.words import name_of
from parties.models import Region
from parties.roles import MAY_WRITE
from parties.selectors import names_of, regions
from suppliers.words import node_names

FILE_TYPES = {**TYPES, "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def tried(form: Any, act: Any) -> bool:
    """Do what a form asks for; a rule that refuses becomes the form's error."""
    try:
        act()
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        return False
    return True


def may_write(request: ActorRequest) -> bool:
    """Whether this person may do more than read."""
    return bool(request.actor.roles.intersection(MAY_WRITE))


def rule_choices() -> dict[str, list[tuple[str, str]]]:
    """Places and steps to tick, in the reader's language."""
    known: list[Region] = regions()
    return {
        "regions": [(row.code, name_of(row)) for row in known if row.kind in ("district", "zone")],
        "towns": [(row.code, name_of(row)) for row in known if row.kind == "town" and row.tile_col is not None],
        "nodes": list(node_names().items()),
    }


def place_names() -> dict[str, str]:
    """code -> the place's name in the reader's language."""
    return names_of(regions(), get_language() or "")


def after_of(request: ActorRequest) -> tuple[datetime, UUID] | None:
    return cursor_of(request.GET.get("after", ""))


def after_text(at: datetime, ident: UUID) -> str:
    return cursor_text(at, ident)


def file_response(body: bytes, name: str, extension: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(body, content_type=FILE_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def table_response(request: ActorRequest, title: str, name: str, table: Table) -> HttpResponse:
    """The table as ?as=csv or ?as=xlsx, named by its day."""
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return file_response(file_of(kind, title, table), f"{name}-{timezone.localdate()}", kind)
