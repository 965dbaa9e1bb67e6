"""How many firms stand where: the given counts, scaled down without losing one. Pure but for the two files beside it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

_HERE = Path(__file__).parent
Key = TypeVar("Key")


def shared_out(total: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """`total` split in proportion to the weights by largest remainders; the parts sum to the total.

    >>> shared_out(5, {"a": 3, "b": 1, "c": 1})
    {'a': 3, 'b': 1, 'c': 1}
    """
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: total * weights[key] % whole, reverse=True)  # sorted() keeps ties in order
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


@cache
def chain_counts() -> dict[tuple[str, str], int]:
    """(region code, chain node) -> firms: synthetic shares over Ningbo's ten districts and two zones."""
    return {(row["region_code"], row["node"]): int(row["firms"]) for row in _rows("chain_counts.csv")}


@cache
def above_scale_counts() -> dict[tuple[str, str], int]:
    """(region code, chain node) -> firms above scale, of the same count."""
    return {(row["region_code"], row["node"]): int(row["above_scale"]) for row in _rows("chain_counts.csv")}


@cache
def haishu_counts() -> dict[str, int]:
    """Town of Haishu by its Chinese name -> firms."""
    return {row["town"]: int(row["firms"]) for row in _rows("haishu_towns.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
