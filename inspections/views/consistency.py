"""Where the variation of a characteristic comes from, its suppliers side by side, and the five parts of one supplier's consistency."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.documents import Table
from agreements.forms import in_language
from agreements.library_words import unit_words
from agreements.models import Characteristic
from agreements.paging import cursor_of, more_of, table_file
from agreements.selectors.library import characteristic_for
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.templatetags.qc import changed_query
from inspections.consistency import Firm, Pool, biases, compare, index_of, tree_of
from inspections.consistency_cards import bias_lines, firm_lines, firm_picture, index_lines, row_lines, tree_lines, tree_picture
from inspections.consistency_words import VERDICT_CHIPS, finding, why_not
from inspections.selectors.consistency import (
    Group,
    Window,
    asked_of,
    groups_of,
    link_of,
    order_of,
    overview,
    pool_of,
    products_of,
    results_page,
    supplier_names,
)
from inspections.views.windows import MONTHS, chosen_group, window_of

SIDES = (Hat.OWNER, Hat.SUPPLIER)
PAGE = 50


@wearing(*SIDES)
@require_safe
def overview_page(request: ActorRequest) -> HttpResponse:
    """What was measured in the window; each line leads to its tree."""
    window, months = window_of(request)
    same = changed_query(request.GET, {})
    context = {
        "lines": _overview_lines(request.actor, window), "selects": [_months_select(months)],
        "heads": [{"label": label, "end": at > 0} for at, label in enumerate((_("Characteristic"), _("Suppliers"), _("Lots"), _("Tests"), _("Out of limits")))],
        "csv_url": reverse("inspections:consistency_csv") + same, "xlsx_url": reverse("inspections:consistency_xlsx") + same,
    }  # fmt: skip
    return render(request, "inspections/consistency.html", context)


def _overview_lines(actor: Actor, window: Window) -> list[dict[str, Any]]:
    rows = overview(actor, window)
    known = Characteristic.objects.in_bulk([row.characteristic for row in rows])
    lines = []
    for row in rows:
        found = known.get(row.characteristic)
        name = in_language(found.name_zh, found.name_en) if found else row.characteristic
        lines.append({"row": row, "name": name, "share": 100 * row.out / row.judged if row.judged else None})
    return lines


def _overview_table(request: ActorRequest) -> Table:
    heads = [_("Code"), _("Characteristic"), _("Suppliers"), _("Lots"), _("Tests"), _("Judged"), _("Out of limits")]
    lines = _overview_lines(request.actor, window_of(request)[0])
    return heads, [
        [x["row"].characteristic, x["name"], x["row"].suppliers, x["row"].lots, x["row"].rows, x["row"].judged, x["row"].out] for x in lines
    ]


@wearing(*SIDES)
@require_safe
def overview_csv(request: ActorRequest) -> HttpResponse:
    return table_file("consistency", "csv", _overview_table(request))


@wearing(*SIDES)
@require_safe
def overview_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("consistency", "xlsx", _overview_table(request))


def _months_select(months: int) -> dict[str, Any]:
    options = [{"value": each, "label": _("Last %(n)d months") % {"n": each}} for each in MONTHS]
    return {"name": "months", "label": _("Window"), "options": options, "value": months}


@wearing(*SIDES)
@require_safe
def tree_page(request: ActorRequest, characteristic: str) -> HttpResponse:
    """The tree and the suppliers beside each other, of one edition and one unit; others are offered, never pooled."""
    what = characteristic_for(characteristic)
    window, months = window_of(request)
    groups = groups_of(request.actor, what.code, window)
    group = chosen_group(request, groups)
    context = _shared(request, what, window, months, groups, group)
    if group is not None:
        context |= _told(request, what, pool_of(request.actor, what.code, what.kind, window, group))
    return render(request, "inspections/variation.html", context)


def _shared(
    request: ActorRequest, what: Characteristic, window: Window, months: int, groups: list[Group], group: Group | None
) -> dict[str, Any]:
    products = products_of(request.actor, what.code, window)
    product = [{"value": "", "label": _("All products")}, *({"value": code, "label": code} for code in products)]
    selects = [_months_select(months), {"name": "product", "label": _("Product"), "options": product, "value": window.product_code}]
    same = changed_query(request.GET, {})
    others = [
        {"group": each, "url": changed_query(request.GET, {"edition": each.edition, "unit": each.unit}), "current": each == group}
        for each in groups
    ]
    kept = [{"name": name, "value": getattr(group, name)} for name in ("edition", "unit")] if group else []
    return {
        "what": what, "name": in_language(what.name_zh, what.name_en), "window": window, "selects": selects, "kept": kept,
        "group": group, "groups": others if len(groups) > 1 else [], "no_rows": group is None,
        "csv_url": reverse("inspections:variation_csv", args=[what.code]) + same,
        "xlsx_url": reverse("inspections:variation_xlsx", args=[what.code]) + same,
        "rows_url": reverse("inspections:variation_rows", args=[what.code]) + same,
    }  # fmt: skip


def _told(request: ActorRequest, what: Characteristic, pool: Pool) -> dict[str, Any]:
    tree, firms = tree_of(pool), compare(pool)
    names = supplier_names(request.actor, pool.suppliers)
    said, follows = finding(tree)
    return {
        "tree": tree, "finding": said, "follows": follows, "why_not": why_not(tree), "picture": tree_picture(tree, pool.unit, what),
        "branches": tree_lines(tree, pool.decimals, reverse("inspections:variation_rows", args=[what.code]) + changed_query(request.GET, {})), "firms": firm_lines(firms, names, pool, what.code), "n": pool.n,
        "firms_picture": firm_picture(firms, names) if len(firms) > 1 else "", "unit": pool.unit, "is_owner": request.actor.hat == Hat.OWNER,
    }  # fmt: skip


def _compare_table(request: ActorRequest, characteristic: str) -> Table:
    what = characteristic_for(characteristic)
    window, _months = window_of(request)
    group = chosen_group(request, groups_of(request.actor, what.code, window))
    heads = [
        _("Supplier"), _("Lots"), _("Readings"), _("Judged"), _("Out of limits"), _("Conforming share"), _("Lower bound of the share"),
        _("Upper bound of the share"), _("Mean"), _("Lower bound of the mean"), _("Upper bound of the mean"), _("Between lots (SD)"), _("Within a lot (SD)"), _("Edition"), _("Unit"),
    ]  # fmt: skip
    if group is None:
        return heads, []
    pool = pool_of(request.actor, what.code, what.kind, window, group)
    names = supplier_names(request.actor, pool.suppliers)
    return heads, [_compare_row(firm, names, group) for firm in compare(pool)]


def _compare_row(firm: Firm, names: dict[UUID, tuple[str, str, UUID]], group: Group) -> list[Any]:
    zh, en, _link = names.get(firm.supplier_org_id, ("", "", None))
    numbers = (
        firm.conforming, firm.conforming_low, firm.conforming_high, firm.mean, firm.mean_low, firm.mean_high, firm.between, firm.within,
    )  # fmt: skip
    told = ["" if value is None else round(value, 6) for value in numbers]
    return [in_language(zh, en), firm.lots, firm.n, firm.judged, firm.out, *told, group.edition, unit_words(group.unit)]


@wearing(*SIDES)
@require_safe
def compare_csv(request: ActorRequest, characteristic: str) -> HttpResponse:
    return table_file(f"variation-{characteristic}"[:60], "csv", _compare_table(request, characteristic))


@wearing(*SIDES)
@require_safe
def compare_xlsx(request: ActorRequest, characteristic: str) -> HttpResponse:
    return table_file(f"variation-{characteristic}"[:60], "xlsx", _compare_table(request, characteristic))


@wearing(*SIDES)
@require_safe
def rows_page(request: ActorRequest, characteristic: str) -> HttpResponse:
    """The tests behind the shares, newest lots first."""
    what = characteristic_for(characteristic)
    window, months = window_of(request)
    groups = groups_of(request.actor, what.code, window)
    group = chosen_group(request, groups)
    found = (
        results_page(request.actor, what.code, window, group, after=cursor_of(request, date.fromisoformat), limit=PAGE + 1) if group else []
    )
    page, more = found[:PAGE], len(found) > PAGE
    names = supplier_names(request.actor, [row.supplier_org_id for row in page])
    context = _shared(request, what, window, months, groups, group) | {
        "lines": row_lines(page, names), "chips": VERDICT_CHIPS,
        "heads": [{"label": label} for label in (_("Lot"), _("Supplier"), _("Made on"), _("Tested by"), _("Readings"), _("Verdict"))],
        **more_of(request, (page[-1].made_on, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "inspections/variation_rows.html", context)


@wearing(*SIDES)
@require_safe
def firm_page(request: ActorRequest, characteristic: str, link_id: UUID) -> HttpResponse:
    """One supplier in one relation: the five parts of its consistency, worst first, and its own tests against others'."""
    what, link = characteristic_for(characteristic), link_of(request.actor, link_id)
    window, months = window_of(request)
    groups = groups_of(request.actor, what.code, window, link=link)
    group = chosen_group(request, groups)
    context = _shared(request, what, window, months, groups, group) | {"link": link, "firm": in_language(link.name_zh, link.name_en)}
    if group is not None:
        pool = pool_of(request.actor, what.code, what.kind, window, group, link=link)
        said = request.GET.get("r", "")
        asked = asked_of(request.actor, link, what.code, group.edition, said)
        context |= {
            "parts": index_lines(index_of(pool, asked, order=order_of(pool))), "biases": bias_lines(biases(pool), group.unit), "unit": group.unit,
            "n": pool.n, "lots": len(pool.lots), "r": said[:12], "asked": asked, "tree": tree_of(pool), "why_not": why_not(tree_of(pool)),
        }  # fmt: skip
    return render(request, "inspections/variation_of.html", context)
