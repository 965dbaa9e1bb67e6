"""An invented sheet as a spinning mill would send it: a lot a row, four characteristics side by side, one reading in a thousand not taken."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    ("YRN-CNT", "线密度", "tex", 38.5, 0.6, 1),
    ("YRN-TWI", "捻度", "T/m", 480, 14, 0),
    ("YRN-STR", "单纱断裂强力", "cN", 205, 15, 0),
    ("PH", "pH值", "", 6.6, 0.15, 2),
)
EDITIONS = {"YRN-CNT": "GB/T 4743-2009", "YRN-TWI": "GB/T 2543.1-2015", "YRN-STR": "GB/T 3916", "PH": "GB/T 7573-2009"}
GAP = 0.001


def lot_no(number: int) -> str:
    return f"B{number:06d}"


def rows_of(lots: int, each: int) -> Iterator[tuple[str, list[list[str]]]]:
    """(lot, readings of each characteristic as typed); the same for the same size."""
    pick = random.Random(lots * 1000 + each)
    for number in range(lots):
        yield (
            lot_no(number),
            [
                ["" if pick.random() < GAP else f"{pick.gauss(middle, spread):.{decimals}f}" for _ in range(each)]
                for _code, _name, _unit, middle, spread, decimals in COLUMNS
            ],
        )


def write_sheet(path: Path, lots: int, each: int) -> int:
    """The CSV; how many readings are in it."""
    many = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(",".join(["批号", *(f"{name} x{at}" for _c, name, *_r in COLUMNS for at in range(1, each + 1))]) + "\n")
        out.write(",".join(["", *(unit for _c, _n, unit, *_r in COLUMNS for _ in range(each))]) + "\n")
        for lot, sets in rows_of(lots, each):
            many += sum(1 for readings in sets for reading in readings if reading)
            out.write(",".join([lot, *(reading for readings in sets for reading in readings)]) + "\n")
    return many
