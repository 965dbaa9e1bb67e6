"""The published tables of this package as they lie in `tables/`; SOURCES.md beside them says who read what, where and when."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one table.

    Args:
        name: File name in ``qualitystats/tables``, such as ``astm_d5430_points.csv``.
    Returns:
        One mapping of column to text for each row; an empty cell is an empty text. Do not write to them: they are shared.
    Raises:
        FileNotFoundError: there is no such table.
    Source: ``tables/SOURCES.md``.

    >>> table("astm_d5430_points.csv")[0]["points"]
    '1'
    """
    text = files("qualitystats").joinpath("tables", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
