"""The compliance table as rows to take away: the same filters, the same columns, the same counts as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agreements.words import AGREEMENT_CHIPS
from foundation.actor import Actor
from jobs.exports import Value, csv_bytes, xlsx_bytes
from oversight.filters import Asked
from oversight.selectors import AgreementRow, OwnerRow, PlaceCounts, compliance_by_owner, compliance_page
from oversight.words import MEASURES, name_of
from parties.models import Region

MOST_ROWS = 20_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Table = tuple[list[str], list[list[Value]]]


def sides_of(asked: Asked) -> tuple[str, ...]:
    """Which sides the table shows."""
    return (asked.side,) if asked.side else ("owner", "supplier")


def count_heads(sides: Sequence[str]) -> list[str]:
    """Four columns for each side."""
    said = {
        "owner": [_("Chain owner: met"), _("Chain owner: met on time"), _("Chain owner: due"), _("Chain owner: overdue")],
        "supplier": [_("Supplier: met"), _("Supplier: met on time"), _("Supplier: due"), _("Supplier: overdue")],
    }
    return [head for side in sides for head in said[side]]


def _counts(row: AgreementRow | OwnerRow, sides: Sequence[str]) -> list[Value]:
    return [value for side in sides for kept in [getattr(row, side)] for value in (kept.met, kept.on_time, kept.due, kept.overdue)]


def agreements_table(actor: Actor, asked: Asked, *, today: date, places: dict[str, str]) -> Table:
    """Every agreement asked for, up to MOST_ROWS; one more line says so where there are more."""
    sides = sides_of(asked)
    heads = [_("Number"), _("Chain owner"), _("Supplier"), _("District"), _("Town"), _("State"), _("In force from"), _("Ends on")]
    found, more = compliance_page(actor, asked, today=today, size=MOST_ROWS)
    rows: list[list[Value]] = [[*_facts(row.agreement, places), *_counts(row, sides)] for row in found]
    if more:
        rows.append([_("Only the first %(n)s rows. Narrow the filters to get the rest.") % {"n": MOST_ROWS}])
    return [*heads, *count_heads(sides)], rows


def _facts(agreement: Any, places: dict[str, str]) -> list[Value]:
    return [
        agreement.number,
        name_of(agreement, "owner_"),
        name_of(agreement, "supplier_"),
        places.get(agreement.region_code, agreement.region_code),
        places.get(agreement.town_code, agreement.town_code),
        str(AGREEMENT_CHIPS[agreement.state][2]),
        agreement.effective_from,
        agreement.effective_to,
    ]


def owners_table(actor: Actor, asked: Asked, *, today: date) -> Table:
    """Every chain owner asked for."""
    sides = sides_of(asked)
    rows = compliance_by_owner(actor, asked, today=today)
    return (
        [_("Chain owner"), _("Agreements"), *count_heads(sides)],
        [[name_of(row), row.agreements, *_counts(row, sides)] for row in rows],
    )


def places_table(places: Sequence[Region], counts: PlaceCounts) -> Table:
    """The map's numbers, all measures beside each other."""
    heads = [_("Code"), _("Place"), *(str(words) for words in MEASURES.values()), _("Overdue on the chain owner's side")]
    rows: list[list[Value]] = [
        [
            place.code,
            name_of(place),
            counts.firms.get(place.code, 0),
            counts.agreements.get(place.code, 0),
            counts.overdue.get(place.code, 0),
            counts.overdue_owner.get(place.code, 0),
        ]
        for place in places
    ]
    return heads, rows


def file_of(kind: str, title: str, table: Table) -> bytes:
    """The table as csv or xlsx."""
    heads, rows = table
    return csv_bytes(heads, rows) if kind == "csv" else xlsx_bytes(title, heads, rows)
