"""What every list of this floor shares: where a page goes on, how much is shown by then, and a table that leaves as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from foundation.asked import moment_of
from foundation.templatetags.qc import changed_query
from jobs.exports import Value, csv_bytes, xlsx_bytes

Table = tuple[list[str], list[list[Value]]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def day_cursor(request: HttpRequest) -> tuple[date, UUID] | None:
    """Where a list by days goes on; anything unreadable is the beginning."""
    day, _mark, pk = request.GET.get("after", "").partition("_")
    try:
        return date.fromisoformat(day), UUID(pk)
    except ValueError:
        return None


def moment_cursor(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """Where a list by moments goes on; anything unreadable is the beginning."""
    said, _mark, pk = request.GET.get("after", "").partition("_")
    at = moment_of(said)
    try:
        return (at, UUID(pk)) if at else None
    except ValueError:
        return None


def page_of(request: HttpRequest, found: Sequence[Any], size: int, place: Any) -> tuple[list[Any], dict[str, Any]]:
    """The rows of this page, and what more.html wants: how many are shown by now and where the next page is.

    `found` has one row more than `size` if there are more; `place(row)` is its (day, id).
    """
    page = list(found[:size])
    seen = request.GET.get("seen", "")
    shown = len(page) + (int(seen) if seen.isdecimal() and len(seen) < 7 else 0)
    if len(found) <= size:
        return page, {"shown": shown, "more_url": ""}
    day, pk = place(page[-1])
    return page, {"shown": shown, "more_url": changed_query(request.GET, {"after": f"{day.isoformat()}_{pk}", "seen": shown})}


def table_file(name: str, kind: str, table: Table) -> HttpResponse:
    """The table as a download: "csv" or "xlsx"."""
    body = csv_bytes(*table) if kind == "csv" else xlsx_bytes(name, *table)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
