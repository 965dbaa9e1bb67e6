"""One answer for many rows of a list: what a word stands for, every suggestion taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from foundation.actor import Actor
from foundation.errors import RuleBroken
from suppliers import imports
from suppliers.imports import Row, display
from suppliers.models import ImportRow, SupplierImport
from suppliers.selectors.previews import rows_with_word, suggested_rows
from suppliers.services.lists import at_rest
from suppliers.services.lists_near import settle_near
from suppliers.services.lists_rows import clean_text, read_row

WORDS_OF = ("nodes", "region")


@transaction.atomic
def mend_word(*, actor: Actor, batch: SupplierImport, field: str, found: str, value: str, now: datetime) -> int:
    """Put `value` for a word nobody knows into every row that carries it; how many. Other words of a cell stay.

    Raises RuleBroken("word_missing") when nothing was chosen, ("list_at_work") while a worker has the list.
    """
    batch = at_rest(actor, batch)
    value = clean_text(value).strip()
    if field not in WORDS_OF or not found or not value:
        raise RuleBroken("word_missing")
    rows = rows_with_word(actor, batch, field, found)
    return _mended(actor, batch, {row.number: _with_word(read_row(row), field, found, value) for row in rows})


@transaction.atomic
def take_suggestions(*, actor: Actor, batch: SupplierImport, now: datetime) -> int:
    """Put the look-alike into every code that fits with it; how many. Raises RuleBroken("list_at_work")."""
    batch = at_rest(actor, batch)
    return _mended(actor, batch, {row.number: _with_suggestion(row) for row in suggested_rows(actor, batch)})


def _mended(actor: Actor, batch: SupplierImport, mended: Mapping[int, Row]) -> int:
    if mended:
        settle_near(actor, batch, mended)
    return len(mended)


def _with_word(row: Row, field: str, found: str, value: str) -> Row:
    typed = display(row.cells[field])
    return imports.mend(row, field, typed.replace(found, value) if field == "nodes" and found in typed else value)


def _with_suggestion(stored: ImportRow) -> Row:
    row = read_row(stored)
    facts = next(issue.facts for issue in row.issues if issue.code == "uscc_char" and issue.facts.get("suggestion"))
    code, place = row.values["uscc"], facts["position"]
    return imports.mend(row, "uscc", f"{code[: place - 1]}{facts['suggestion']}{code[place:]}")
