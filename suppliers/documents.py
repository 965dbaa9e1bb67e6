"""Tables to take away."""

from collections.abc import Sequence

from jobs.exports import Value, csv_bytes, xlsx_bytes

MIMES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def table_document(kind: str, *, title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """The table as "csv" or "xlsx"."""
    return xlsx_bytes(title, heads, rows) if kind == "xlsx" else csv_bytes(heads, rows)
