"""The compliance table's frame: filters, what is applied, tabs, exports. Every one of them is a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.words import AGREEMENT_CHIPS, SIDES
from foundation.templatetags.qc import changed_query
from oversight.filters import STATES, Asked
from oversight.selectors import AgreementRow, OwnerRow
from oversight.words import name_of
from parties.models import ChainNode, Region
from suppliers.words import in_language


def filter_face(
    query: QueryDict, asked: Asked, *, owners: list[dict[str, Any]], regions: list[Region], nodes: list[ChainNode]
) -> dict[str, Any]:
    """The filter form, the applied tokens, the tabs and the export links of the compliance table."""
    any_of = {"owner": _("All chain owners"), "region": _("All districts"), "town": _("All towns"), "node": _("All chain nodes")}
    any_of |= {"state": _("All states"), "side": _("Both sides"), "overdue": _("Overdue or not"), "work": _("Any work")}
    choices: dict[str, list[tuple[str, str]]] = {
        "owner": [(str(row["owner_org_id"]), in_language(row["name_zh"], row["name_en"])) for row in owners],
        "region": [(row.code, name_of(row)) for row in regions if row.kind in ("district", "zone")],
        "town": [(row.code, name_of(row)) for row in regions if asked.region and row.parent_id == asked.region],
        "node": [(row.code, name_of(row)) for row in nodes],
        "state": [(state, str(AGREEMENT_CHIPS[state][2])) for state in STATES],
        "side": [(side, str(words)) for side, words in SIDES.items()],
        "overdue": [("1", _("Only overdue"))],
        "work": [
            ("audits", _("Audit in the next 30 days")),
            ("verdicts", _("Self-check waits for its verdict")),
            ("findings", _("Open finding")),
        ],
    }
    values = asked.as_query()
    selects = [
        {
            "name": name,
            "label": any_of[name],
            "value": values.get(name, ""),
            "options": [{"value": "", "label": any_of[name]}, *_options(rows)],
        }
        for name, rows in choices.items()
        if rows
    ]
    by = query.get("by", "") if query.get("by") in ("owner", "worst") else ""
    bare = {**values, "by": by}
    return {
        "find": {"name": "q", "label": _("Supplier's name"), "value": asked.q},
        "selects": selects,
        "kept": [{"name": "by", "value": by}] if by else [],
        "applied": _tokens(query, values, choices),
        "clear_url": changed_query(QueryDict(), {"by": by}),
        "tabs": _tabs(values, by),
        "csv_url": reverse("oversight:compliance_export") + changed_query(QueryDict(), {**bare, "as": "csv"}),
        "xlsx_url": reverse("oversight:compliance_export") + changed_query(QueryDict(), {**bare, "as": "xlsx"}),
    }


def _options(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in rows]


def _tokens(query: QueryDict, values: dict[str, str], choices: dict[str, list[tuple[str, str]]]) -> list[dict[str, str]]:
    labels = {name: dict(rows).get(values.get(name, ""), values.get(name, "")) for name, rows in choices.items()}
    labels["q"] = _("name has “%(q)s”") % {"q": values.get("q", "")}
    gone = {"region": {"region": None, "town": None}}
    return [
        {"label": labels[name], "url": changed_query(query, {**gone.get(name, {name: None}), "after": None})}
        for name in values
        if name in labels
    ]


def _tabs(values: dict[str, str], by: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Each agreement"), "url": changed_query(QueryDict(), values), "current": not by},
        {"label": _("Worst overdue first"), "url": changed_query(QueryDict(), {**values, "by": "worst"}), "current": by == "worst"},
        {"label": _("By chain owner"), "url": changed_query(QueryDict(), {**values, "by": "owner"}), "current": by == "owner"},
        {"label": _("By quarter"), "url": reverse("oversight:compliance_trend") + changed_query(QueryDict(), values), "current": False},
    ]


def rows_face(found: Sequence[AgreementRow], sides: Sequence[str], places: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of the table with their words."""
    return [
        {
            "agreement": row.agreement,
            "owner_name": name_of(row.agreement, "owner_"),
            "supplier_name": name_of(row.agreement, "supplier_"),
            "place": " · ".join(places.get(code, code) for code in (row.agreement.region_code, row.agreement.town_code) if code),
            "sides": _sides(row, sides),
        }
        for row in found
    ]


def owners_face(found: Sequence[OwnerRow], sides: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of the roll-up with their words."""
    return [{"org_id": row.org_id, "owner_name": name_of(row), "agreements": row.agreements, "sides": _sides(row, sides)} for row in found]


def _sides(row: AgreementRow | OwnerRow, sides: Sequence[str]) -> list[dict[str, Any]]:
    return [{"label": SIDES[side], "kept": getattr(row, side)} for side in sides]


def heads_face(sides: Sequence[str], *, by_owner: bool) -> list[dict[str, Any]]:
    """The table's head."""
    first = [{"label": _("Chain owner")}, {"label": _("Agreements"), "end": True}]
    each = [{"label": _("Supplier")}, {"label": _("Chain owner, number")}, {"label": _("State")}, {"label": _("Place")}]
    return [*(first if by_owner else each), *({"label": words} for side, words in _side_heads() if side in sides)]


def _side_heads() -> list[tuple[str, str]]:
    return [("owner", _("The chain owner's side")), ("supplier", _("The supplier's side"))]
