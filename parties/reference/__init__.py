"""The reference data as they stand in the files beside this one; SOURCES.md says where each comes from."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A place; `tile` is its (column, row) on the schematic map, where it has one."""

    code: str
    kind: str  # city, district, zone, town
    parent: str | None
    name_zh: str
    name_en: str
    pinyin: str
    tile: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ChainNodeRow:
    """A step of the industry chain; `words` are what suppliers' lists call it, both names among them."""

    code: str
    order: int
    parent: str | None
    name_zh: str
    name_en: str
    words: tuple[str, ...]


@cache
def regions() -> tuple[RegionRow, ...]:
    """The city, then its districts and zones, then their towns: a parent always comes before its children."""
    return tuple(
        RegionRow(
            row["code"],
            row["kind"],
            row["parent"] or None,
            row["name_zh"],
            row["name_en"],
            row["pinyin"],
            (int(row["tile_col"]), int(row["tile_row"])) if row["tile_col"] else None,
        )
        for row in _read("regions.csv")
    )


@cache
def chain_nodes() -> tuple[ChainNodeRow, ...]:
    """The ten steps in the order of the chain."""
    return tuple(
        ChainNodeRow(
            row["code"],
            int(row["order"]),
            row["parent"] or None,
            row["name_zh"],
            row["name_en"],
            (row["name_zh"], row["name_en"], *row["words"].split("|")),
        )
        for row in _read("chain_nodes.csv")
    )


@cache
def unusual_days() -> tuple[tuple[date, str], ...]:
    """(day, "holiday" | "workday") for each day that departs from Monday to Friday."""
    return tuple((date.fromisoformat(row["day"]), row["kind"]) for row in _read("working_days.csv"))


def _read(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
