"""What every list of this floor shares: where a page goes on, how much is shown by then, and a table that leaves as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from agreements.documents import Table
from foundation.templatetags.qc import changed_query
from jobs.exports import csv_bytes, xlsx_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cursor_of(request: HttpRequest, read: Any) -> tuple[Any, UUID] | None:
    """Where the page goes on; anything unreadable is the beginning."""
    at, _mark, pk = request.GET.get("after", "").partition("_")
    try:
        place, last = read(at), UUID(pk)
    except ValueError:
        return None
    return (place, last) if place else None


def more_of(request: HttpRequest, last: tuple[date, UUID] | None, count: int) -> dict[str, Any]:
    """How many are shown by now, and the address of the next page."""
    seen = request.GET.get("seen", "")
    shown = count + (int(seen) if seen.isdecimal() and len(seen) < 7 else 0)
    url = changed_query(request.GET, {"after": f"{last[0].isoformat()}_{last[1]}", "seen": shown}) if last else ""
    return {"shown": shown, "more_url": url}


def table_file(name: str, kind: str, table: Table) -> HttpResponse:
    """The table as a download: "csv" or "xlsx"."""
    body = csv_bytes(*table) if kind == "csv" else xlsx_bytes(name, *table)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
