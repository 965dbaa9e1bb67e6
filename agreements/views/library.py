"""The library as everybody reads it: characteristics, one of them with its methods and limits, standards by name."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.library_words import CLASSES, DIRECTIONS, KINDS, QUOTED, VERIFIED, bound_words, in_language, scope_words, unit_words
from agreements.limit_files import HEADS
from agreements.limits import has_run_out, superseded_by
from agreements.models import Characteristic, MethodEdition, SpecLimit
from agreements.selectors.library import (
    characteristic_for,
    characteristics,
    class_limits,
    editions_of,
    limits_of,
    own_agreements_quoting,
    product_standards,
    released_limits,
)
from foundation.actor import BUSINESS_HATS, ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from jobs.exports import Value, csv_bytes, xlsx_bytes
from parties.models import ChainNode

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@wearing(*BUSINESS_HATS)
@require_safe
def library(request: ActorRequest) -> HttpResponse:
    """What can be measured or judged; `?q=`, `?kind=` and `?node=` filter."""
    asked, nodes = _asked(request), {row.code: row for row in ChainNode.objects.order_by("order")}
    rows = characteristics(**asked)
    context = {
        "lines": [_line(row, nodes) for row in rows],
        "heads": [{"label": label} for label in (_("Characteristic"), _("Kind"), _("Unit"), _("What is wrong"), _("Steps of the chain"))],
        "tabs": tabs(request, "library"), "find": {"name": "q", "label": _("Name or code"), "value": asked["q"]}, "selects": _selects(asked, nodes),
        "asked": any(asked.values()), "count": len(rows),
        "csv_url": reverse("agreements:library_csv") + changed_query(request.GET, {}),
        "xlsx_url": reverse("agreements:library_xlsx") + changed_query(request.GET, {}),
    }  # fmt: skip
    return fragment(request, "agreements/_library_rows.html", context, page="agreements/library.html")


def tabs(request: ActorRequest, here: str) -> list[dict[str, Any]]:
    """The pages of the library; proposals are the platform's."""
    places = [("library", _("Characteristics")), ("library_standards", _("Standards and classes"))]
    if request.actor.hat == Hat.PLATFORM:
        places += [("library_limits", _("Proposed and released")), ("library_import", _("Import a file"))]
    return [{"url": reverse(f"agreements:{name}"), "label": label, "current": name == here} for name, label in places]


def _asked(request: ActorRequest) -> dict[str, str]:
    kind, node = request.GET.get("kind", ""), text_of(request, "node", most=12)
    return {"kind": kind if kind in KINDS else "", "node": node, "q": text_of(request, "q", most=60)}


def _selects(asked: dict[str, str], nodes: dict[str, ChainNode]) -> list[dict[str, Any]]:
    kinds = [{"value": "", "label": _("Every kind")}, *({"value": code, "label": label} for code, label in KINDS.items())]
    steps = [
        {"value": "", "label": _("Every step")},
        *({"value": row.code, "label": in_language(row.name_zh, row.name_en)} for row in nodes.values()),
    ]
    return [
        {"name": "kind", "label": _("Kind"), "options": kinds, "value": asked["kind"]},
        {"name": "node", "label": _("Step of the chain"), "options": steps, "value": asked["node"]},
    ]


def _line(row: Characteristic, nodes: dict[str, ChainNode]) -> dict[str, Any]:
    steps = [in_language(nodes[code].name_zh, nodes[code].name_en) for code in row.node_codes if code in nodes]
    return {
        "row": row, "name": in_language(row.name_zh, row.name_en), "kind": KINDS[row.kind], "unit": unit_words(row.unit) or "–",
        "direction": DIRECTIONS[row.direction], "steps": _(", ").join(steps), "note": in_language(row.note_zh, row.note_en),
    }  # fmt: skip


@wearing(*BUSINESS_HATS)
@require_safe
def characteristic(request: ActorRequest, library_code: str) -> HttpResponse:
    """One characteristic: its methods with editions and twins, its limits with their sources, and who of one's own quotes them."""
    row = characteristic_for(library_code)
    nodes = {node.code: node for node in ChainNode.objects.order_by("order")}
    limits, today = limits_of(row.code), timezone.localdate()
    found = editions_of(row.code)
    quoting = own_agreements_quoting(request.actor, limits) if request.actor.hat in (Hat.OWNER, Hat.SUPPLIER) else []
    context = {
        "one": _line(row, nodes), "row": row, "reading": " · ".join(row.reading_schema), "chips": VERIFIED, "quoted": QUOTED,
        "editions": [_edition(each, found, today) for each in found], "limits": [limit_line(each, row) for each in limits],
        "edition_heads": [{"label": label} for label in (_("Method"), _("Edition"), _("Twins"), _("From and to"), _("State"))],
        "limit_heads": [{"label": label} for label in (_("For"), _("Limit"), _("Method edition"), _("Source"), _("State"))],
        "quoting": quoting, "may_propose": request.actor.hat == Hat.PLATFORM,
    }  # fmt: skip
    return render(request, "agreements/library_characteristic.html", context)


def _edition(row: MethodEdition, known: list[MethodEdition], today: Any) -> dict[str, Any]:
    return {
        "row": row, "name": in_language(row.method.name_zh, row.method.name_en), "newer": superseded_by(row.code, known, on=today),
        "over": has_run_out(row, on=today), "verified": "yes" if row.verified else "no", "source": in_language(row.source_zh, row.source_en),
    }  # fmt: skip


def limit_line(one: SpecLimit, row: Characteristic) -> dict[str, Any]:
    """A limit as a table prints it."""
    return {
        "row": one, "scope": scope_words(one), "bound": bound_words(one, row.kind, unit_words(row.unit)),
        "source": in_language(one.source_zh, one.source_en), "verified": "yes" if one.verified else "no",
    }  # fmt: skip


@wearing(*BUSINESS_HATS)
@require_safe
def standards(request: ActorRequest) -> HttpResponse:
    """The safety classes side by side, and the product standards by name."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in class_limits():
        what = one.characteristic
        line = rows.setdefault(
            (what.code, one.edition_id), {"row": what, "name": in_language(what.name_zh, what.name_en), "edition": one.edition_id, "by": {}}
        )
        line["by"][one.safety_class] = bound_words(one, what.kind, unit_words(what.unit))
    for line in rows.values():
        line["cells"] = [(CLASSES[letter], line["by"].get(letter, "–")) for letter in CLASSES]
    context = {
        "tabs": tabs(request, "library_standards"), "classes": list(rows.values()), "quoted": QUOTED,
        "class_heads": [{"label": label} for label in (_("Characteristic"), *CLASSES.values(), _("Method edition"))],
        "standards": [
            {
                "row": row, "name": in_language(row.name_zh, row.name_en), "replaces": in_language(row.replaces_zh, row.replaces_en),
                "product": in_language(row.product.name_zh, row.product.name_en) if row.product else "",
                "source": in_language(row.source_zh, row.source_en), "verified": "yes" if row.verified else "no",
            }
            for row in product_standards()
        ],
        "standard_heads": [{"label": label} for label in (_("Standard"), _("Product"), _("Source"), _("State"))],
    }  # fmt: skip
    return render(request, "agreements/library_standards.html", context)


@wearing(*BUSINESS_HATS)
@require_safe
def library_csv(request: ActorRequest) -> HttpResponse:
    return _file("characteristics", "csv", _characteristics_table(request))


@wearing(*BUSINESS_HATS)
@require_safe
def library_xlsx(request: ActorRequest) -> HttpResponse:
    return _file("characteristics", "xlsx", _characteristics_table(request))


def _characteristics_table(request: ActorRequest) -> tuple[list[str], list[list[Value]]]:
    heads = [
        _("Code"),
        _("Chinese name"),
        _("English name"),
        _("Kind"),
        _("Unit"),
        _("Decimals"),
        _("What is wrong"),
        _("Reading"),
        _("Steps of the chain"),
        _("Note"),
    ]
    steps = {node.code: in_language(node.name_zh, node.name_en) for node in ChainNode.objects.all()}
    rows: list[list[Value]] = [
        [
            row.code, row.name_zh, row.name_en, str(KINDS[row.kind]), unit_words(row.unit), row.decimals, str(DIRECTIONS[row.direction]),
            ", ".join(row.reading_schema), _(", ").join(steps.get(code, code) for code in row.node_codes), in_language(row.note_zh, row.note_en),
        ]
        for row in characteristics(**_asked(request))
    ]  # fmt: skip
    return heads, rows


@wearing(*BUSINESS_HATS)
@require_safe
def limits_csv(request: ActorRequest) -> HttpResponse:
    return _file("limits", "csv", limits_table())


@wearing(*BUSINESS_HATS)
@require_safe
def limits_xlsx(request: ActorRequest) -> HttpResponse:
    return _file("limits", "xlsx", limits_table())


def limits_table() -> tuple[list[str], list[list[Value]]]:
    """Every limit that stands, as a file that may be imported again."""
    heads = [in_language(zh, en) for en, zh in HEADS.values()]
    rows: list[list[Value]] = []
    for one in released_limits():
        said = {
            **{name: getattr(one, name, "") for name in HEADS}, "characteristic": one.characteristic_id, "edition": one.edition_id,
            "product": one.product_id or "", "unit": one.characteristic.unit, "verified": in_language("是", "yes") if one.verified else in_language("否", "no"),
        }  # fmt: skip
        rows.append([said[name] for name in HEADS])
    return heads, rows


def _file(name: str, kind: str, table: tuple[list[str], list[list[Value]]]) -> HttpResponse:
    body = csv_bytes(*table) if kind == "csv" else xlsx_bytes(name, *table)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
