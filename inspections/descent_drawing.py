"""Where the boxes and threads of a descent stand: what it was made of on the left, what became of it on the right. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 184, 64, 56, 14, 8
LONGEST = 20  # half-width letters that fit a box


@dataclass(frozen=True, slots=True)
class Thing:
    """What one box says. Its address is empty for words of a label. `warns`: the last line is something to look at."""

    key: Any
    first: str
    second: str
    third: str = ""
    url: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """From what it was made of (`older`) to what became of it; how far it lies from the lot in the middle."""

    older: Any
    younger: Any
    way: str
    depth: int


@dataclass(frozen=True, slots=True)
class Box:
    thing: Thing
    x: int
    y: int
    is_middle: bool

    @property
    def lines(self) -> list[tuple[str, int, str]]:
        """Mark, height and words of each line."""
        rows = (("b", 22, self.thing.first), ("t2", 40, self.thing.second), ("tag-bad" if self.thing.warns else "t3", 56, self.thing.third))
        return [(mark, self.y + down, short(words)) for mark, down, words in rows if words]

    @property
    def text_x(self) -> int:
        return self.x + 10


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: Sequence[Box]
    threads: Sequence[str]  # the path of each
    wide: int = WIDE
    high: int = HIGH


def short(words: str, longest: int = LONGEST) -> str:
    """Words cut to what a box holds; a Chinese character takes the room of two letters.

    >>> short("羊绒针织纱 2/26Nm 驼色")
    '羊绒针织纱 2/26Nm…'
    """
    if _room(words) <= longest:
        return words
    while _room(words) > longest - 1:
        words = words[:-1]
    return words.rstrip() + "…"


def _room(words: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def drawing_of(middle: Thing, things: Mapping[Any, Thing], threads: Sequence[Thread]) -> Drawing:
    """Boxes in columns by how far they lie from the middle one, each near those it hangs on."""
    columns: dict[int, list[Any]] = defaultdict(list)
    columns[0].append(middle.key)
    place = {middle.key: 0}
    for thread in sorted(threads, key=lambda each: (each.depth, each.way)):
        far = thread.older if thread.way == "up" else thread.younger
        if far not in place:
            place[far] = -thread.depth if thread.way == "up" else thread.depth
            columns[place[far]].append(far)
    ordered = _near_their_own(columns, threads)
    left, tallest = min(columns), max(len(keys) for keys in columns.values())
    spots: dict[Any, tuple[int, int]] = {}
    for column, keys in ordered.items():
        top = (tallest - len(keys)) * (HIGH + GAP_Y) // 2
        for row, key in enumerate(keys):
            spots[key] = (EDGE + (column - left) * (WIDE + GAP_X), EDGE + top + row * (HIGH + GAP_Y))
    boxes = [Box(middle if key == middle.key else things[key], x, y, key == middle.key) for key, (x, y) in spots.items()]
    width = (len(columns) * (WIDE + GAP_X)) - GAP_X + 2 * EDGE
    paths = [_path(spots[each.older], spots[each.younger]) for each in threads if each.older in spots and each.younger in spots]
    return Drawing(width, tallest * (HIGH + GAP_Y) - GAP_Y + 2 * EDGE, boxes, list(dict.fromkeys(paths)))


def _near_their_own(columns: Mapping[int, list[Any]], threads: Iterable[Thread]) -> dict[int, list[Any]]:
    """From the middle outwards, each column in the order of what its boxes hang on: few threads cross."""
    hangs: dict[Any, list[Any]] = defaultdict(list)
    for thread in threads:
        near, far = (thread.younger, thread.older) if thread.way == "up" else (thread.older, thread.younger)
        hangs[far].append(near)
    ordered = {0: columns[0]}
    for column in sorted((each for each in columns if each), key=abs):
        inner = {key: row for row, key in enumerate(ordered.get(column - 1 if column > 0 else column + 1, []))}
        rows = {key: [inner[near] for near in hangs[key] if near in inner] or [0] for key in columns[column]}
        ordered[column] = sorted(columns[column], key=lambda key: sum(rows[key]) / len(rows[key]))
    return ordered


def _path(older: tuple[int, int], younger: tuple[int, int]) -> str:
    x, y = older[0] + WIDE, older[1] + HIGH // 2
    to_x, to_y = younger[0], younger[1] + HIGH // 2
    bend = (to_x - x) // 2
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
