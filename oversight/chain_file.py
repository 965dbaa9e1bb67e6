"""A file of statistics as lines of the chain map, or as what must be mended first. Pure: the cells come from the list reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oversight.chain import BANDS, SIZES, UNSAID, Counted, Counts
from parties.reference import chain_nodes, regions
from suppliers.imports import Table
from suppliers.imports.places import node_code, region_code, town_code, town_match
from suppliers.imports.shapes import Cell

MOST_FAULTS = 20
MOST_FIRMS = 1_000_000
PARTS = ("above_scale", "certified", "signed")
HEADERS: Mapping[str, str] = {
    word: name
    for name, words in {
        "place": "region_code|region|place|town|district|地区|区县|区县（市）|镇街|街道|地区代码|代码",
        "node": "node|chain node|环节|产业链环节",
        "size": "size|size class|规模|企业规模",
        "firms": "firms|number of firms|企业数|企业数量|家数",
        "above_scale": "above_scale|above scale|规上|规上企业|规上企业数|规上数",
        "certified": "certified|certified firms|获证|获证企业|获证企业数",
        "signed": "signed|signed firms|签约|签约企业|签约企业数",
        "output_band": "output_band|output band|产值档|产值",
    }.items()
    for word in words.split("|")
}
SIZE_WORDS = {
    "微型": "micro",
    "小型": "small",
    "中型": "medium",
    "大型": "large",
    "微": "micro",
    "小": "small",
    "中": "medium",
    "大": "large",
}
ALL_WORDS = {"", "all", "total", "合计", "全部", "小计"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one line of the file; its words are said by code."""

    line: int
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChainFile:
    """Lines as counted, or faults; never a part of a file."""

    lines: tuple[Counted, ...]
    faults: tuple[Fault, ...]


class _Wrong(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def read_chain_file(table: Table) -> ChainFile:
    """Every line, or the first faults. A file with one wrong line is not taken: a map with a hole looks like a place without firms."""
    head, *rows = table.records
    columns = _columns([str(cell) for cell in head.cells])
    missing = [name for name in ("place", "firms") if name not in columns]
    if missing:
        return ChainFile((), (Fault(head.number, f"chain_column_{missing[0]}_missing"),))
    lines: dict[tuple[str, str, str], Counted] = {}
    faults: list[Fault] = []
    for row in rows:
        cells = {name: _text(row.cells[at]) if at < len(row.cells) else "" for name, at in columns.items()}
        if not any(cells.values()):
            continue
        try:
            line = _line(cells)
            if (line.place, line.node, line.size) in lines:
                raise _Wrong("chain_line_twice", place=cells["place"])
            lines[line.place, line.node, line.size] = line
        except _Wrong as wrong:
            faults.append(Fault(row.number, wrong.code, wrong.facts))
    if not lines and not faults:
        faults.append(Fault(head.number, "chain_file_without_lines"))
    return ChainFile(() if faults else tuple(lines.values()), tuple(faults[:MOST_FAULTS]))


def _columns(heads: Sequence[str]) -> dict[str, int]:
    """The first column of each meaning: a code beside a name says the same place."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        name = HEADERS.get(head.strip().casefold())
        if name and name not in found:
            found[name] = at
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _line(cells: Mapping[str, str]) -> Counted:
    parent, place = _place(cells["place"])
    firms = _count(cells["firms"], "firms")
    parts = {name: _count(cells[name], name) if cells.get(name) else None for name in PARTS}
    for name, n in parts.items():
        if n is not None and n > firms:
            raise _Wrong("chain_part_above_firms", n=n, firms=firms, column=name)
    return Counted(
        parent,
        place,
        _node(cells.get("node", "")),
        _size(cells.get("size", "")),
        Counts(firms, **parts, output_band=_band(cells.get("output_band", ""))),
    )


def _place(text: str) -> tuple[str, str]:
    parents = {row.code: row.parent for row in regions()}
    code = text if parents.get(text) else region_code(text)
    if code is None and (town := town_match(text, None).name):
        code = town_code(town)
    parent = parents.get(code or "")
    if not code or not parent:
        raise _Wrong("chain_place_unknown", place=text[:40])
    return parent, code


def _node(text: str) -> str:
    if text.casefold() in ALL_WORDS:
        return ""
    code = node_code(text) or next((row.code for row in chain_nodes() if row.code == text.casefold()), None)
    if code is None:
        raise _Wrong("chain_node_unknown", node=text[:40])
    return code


def _size(text: str) -> str:
    if text.casefold() in ALL_WORDS:
        return ""
    size = SIZE_WORDS.get(text.removesuffix("企业"), text.casefold())
    if size not in SIZES or size == UNSAID:
        raise _Wrong("chain_size_unknown", size=text[:40])
    return size


def _count(text: str, column: str) -> int:
    plain = text.replace(",", "").replace("，", "")
    if not (plain.isascii() and plain.isdigit()) or int(plain) > MOST_FIRMS:
        raise _Wrong("chain_count_unreadable", found=text[:20], column=column)
    return int(plain)


def _band(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= len(BANDS):
        raise _Wrong("chain_band_unknown", found=text[:20], most=len(BANDS))
    return int(text)
