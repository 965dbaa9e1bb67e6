"""The schematic map as geometry and steps. Places are data (column, row): no border is drawn, so none can be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

TILE, PITCH, STEPS, BAR = 84, 90, 5, 66
# What a tile leaves out of a place's name; the table beside says it in full.
_TAILS_EN = (" New Area", " Subdistrict", " Township", " District", " County", " City", " Town", " Zone")
_TAILS_ZH = ("街道", "区", "县", "市", "镇", "乡")
_KEPT_ZH = ("新区",)  # 前湾新区, 高新区


@dataclass(frozen=True)
class Place:
    """One place of the map, with its column and row."""

    code: str
    name: str
    col: int
    row: int


def short_name(name: str) -> str:
    """The name as it fits a tile: 海曙 for 海曙区, Haishu for Haishu District; 高新区 stays whole."""
    for tail in _TAILS_EN:
        if name.endswith(tail):
            return name.removesuffix(tail)
    if name.endswith(_KEPT_ZH):
        return name
    for tail in _TAILS_ZH:
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            return name.removesuffix(tail)
    return name


def step_limits(values: Iterable[int], *, steps: int = STEPS) -> list[int]:
    """The upper end of each step, so that the non-zero values spread evenly over the steps (quantiles, rising, no twins).

    Zero has the first step to itself; an empty map has no limits.
    """
    counted = sorted(value for value in values if value > 0)
    if not counted:
        return []
    uppers = [counted[max(0, -(-len(counted) * part // (steps - 1)) - 1)] for part in range(1, steps)]
    return sorted({0, *uppers})


def step_of(value: int, limits: Sequence[int]) -> int:
    """Which step (1 to 5) a value has under those limits; above the last limit is the last step."""
    for number, upper in enumerate(limits, start=1):
        if value <= upper:
            return number
    return max(len(limits), 1)


def step_ranges(limits: Sequence[int]) -> list[tuple[int, int, int]]:
    """(step, from, to) of each step, for the legend."""
    lower, out = 0, []
    for number, upper in enumerate(limits, start=1):
        out.append((number, lower, upper))
        lower = upper + 1
    return out


def bar_of(value: int, biggest: int) -> int:
    """The tile's bar in drawing units: as long as the value's share of the biggest one."""
    return round(BAR * value / biggest) if biggest > 0 else 0


def size_of(places: Sequence[Place]) -> tuple[int, int]:
    """Width and height of the drawing."""
    if not places:
        return (PITCH, PITCH)
    return (PITCH * (max(p.col for p in places) + 1), PITCH * (max(p.row for p in places) + 1))


def tiles(places: Sequence[Place], *, firms: Mapping[str, int], values: Mapping[str, int]) -> list[dict[str, object]]:
    """One tile for each place: where it lies, its number, its step; hatched where there is no firm to speak of."""
    limits = step_limits(values.get(place.code, 0) for place in places)
    biggest = max((firms.get(place.code, 0) for place in places), default=0)
    return [
        {
            "code": place.code,
            "x": place.col * PITCH,
            "y": place.row * PITCH,
            "name": short_name(place.name),
            "value": values.get(place.code, 0),
            "step": step_of(values.get(place.code, 0), limits),
            "hatched": firms.get(place.code, 0) == 0 and values.get(place.code, 0) == 0,
            "bar": bar_of(firms.get(place.code, 0), biggest),
        }
        for place in places
    ]
