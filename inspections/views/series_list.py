"""The list of series: every characteristic of every product, each with its course at a glance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.forms import in_language
from agreements.paging import table_file
from agreements.selectors.library import characteristics
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.models import WatchedSeries
from inspections.selectors.series import key_of, known_series, series_by_key
from inspections.series_tables import list_table, series_lines

SIDES = (Hat.OWNER, Hat.SUPPLIER)
PAGE = 25
GLANCE = 60  # lots of a series in a list
MOST_ROWS = 500


@wearing(*SIDES)
@require_safe
def characteristics_list(request: ActorRequest) -> HttpResponse:
    """Every series, by characteristic; `?characteristic=`, `?supplier=` and the other parts of a key filter, `?after=` goes on."""
    rows = _listed(request, limit=PAGE + 1, after=_after(request))
    page, more = rows[:PAGE], len(rows) > PAGE
    lines = lines_of(request, page)
    seen = request.GET.get("seen", "")
    count = len(page) + (int(seen) if seen.isdecimal() and len(seen) < 7 else 0)
    known = [row for row in characteristics() if row.kind]
    code = request.GET.get("characteristic", "")
    context = {
        "lines": lines, "heads": [{"label": label, "end": end} for label, end in list_heads()], "asked": bool(code), "now": timezone.now(),
        "selects": [{
            "name": "characteristic", "label": _("Characteristic"), "value": code,
            "options": [{"value": "", "label": _("All characteristics")}, *({"value": row.code, "label": in_language(row.name_zh, row.name_en)} for row in known)],
        }],
        "shown": count, "more_url": changed_query(request.GET, {"after": f"{page[-1].characteristic_code}_{page[-1].pk}", "seen": count}) if more else "",
        "csv_url": reverse("inspections:characteristics_csv") + changed_query(request.GET, {"after": None, "seen": None}),
        "xlsx_url": reverse("inspections:characteristics_xlsx") + changed_query(request.GET, {"after": None, "seen": None}),
    }  # fmt: skip
    return fragment(request, "inspections/_more_series.html", context, page="inspections/characteristics.html")


def list_heads() -> list[tuple[str, bool]]:
    return [
        (_("Characteristic"), False), (_("Firm"), False), (_("Tested by"), False), (_("Lots"), True), (_("Newest"), True),
        (_("Course"), False), (_("What to look at"), False),
    ]  # fmt: skip


def _listed(request: ActorRequest, *, limit: int, after: tuple[str, UUID] | None = None) -> list[WatchedSeries]:
    code = request.GET.get("characteristic", "").replace("\x00", "")[:20]
    of: dict[str, Any] = {}
    for name, column in (("supplier", "supplier_org_id"), ("customer", "owner_org_id")):
        if request.GET.get(name):
            of[column] = _uuid(request.GET[name])
    return known_series(request.actor, characteristic=code, after=after, limit=limit, **of)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Absent from None


def _after(request: ActorRequest) -> tuple[str, UUID] | None:
    code, _mark, pk = request.GET.get("after", "").replace("\x00", "").rpartition("_")
    try:
        return (code[:20], UUID(pk)) if code else None
    except ValueError:
        return None


def lines_of(request: ActorRequest, rows: list[WatchedSeries]) -> list[dict[str, Any]]:
    series = series_by_key(request.actor, [key_of(row) for row in rows], limit=GLANCE)
    names = {row.code: row for row in characteristics()}
    return series_lines(request.actor, rows, series, names, timezone.now())


@wearing(*SIDES)
@require_safe
def characteristics_csv(request: ActorRequest) -> HttpResponse:
    return table_file("characteristics", "csv", list_table(lines_of(request, _listed(request, limit=MOST_ROWS))))


@wearing(*SIDES)
@require_safe
def characteristics_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("characteristics", "xlsx", list_table(lines_of(request, _listed(request, limit=MOST_ROWS))))
