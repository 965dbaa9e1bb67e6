"""Single sampling plans for lot-by-lot inspection by attributes: from lot size, level, AQL and severity to n, Ac and Re.

Arrows are followed to the plan that is used: the letter of Table 1 and the letter of the plan are two things, and both are told.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qualitystats.readings import finite, whole

EDITION = "ISO 2859-1:1999 (GB/T 2828.1-2012)"
NORMAL, TIGHTENED, REDUCED = "normal", "tightened", "reduced"
SEVERITIES = (NORMAL, TIGHTENED, REDUCED)
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
# Above this an AQL counts nonconformities per 100 items; a percentage of items cannot be meant.
HIGHEST_PERCENT = 10.0


@dataclass(frozen=True)
class SinglePlan:
    """One single sampling plan as it is to be carried out.

    `code_letter` stands in Table 1 for the lot; `plan_letter` is the row whose plan is used, another one where an arrow led there.
    `n` is the sample size of that row. When the lot is not larger, `inspect_all` is true and `n_inspect` is the lot.
    """

    code_letter: str
    plan_letter: str
    n: int
    ac: int
    re: int
    aql: str
    severity: str
    inspect_all: bool = False
    lot_size: int | None = None
    level: str | None = None
    arrow: str = ""
    disputed: str = ""
    edition: str = EDITION

    @property
    def n_inspect(self) -> int:
        """How many items to inspect: the sample, or the whole lot when that is not larger."""
        return self.n if self.lot_size is None else min(self.n, self.lot_size)

    @property
    def per_100_items_only(self) -> bool:
        """Whether this AQL can only mean nonconformities per 100 items, not percent nonconforming."""
        return float(self.aql) > HIGHEST_PERCENT

    def accepts(self, nonconforming: int) -> bool:
        """Whether a lot with so many found in its sample is accepted."""
        return nonconforming <= self.ac


def code_letter(lot_size: int, level: str = "II") -> str:
    """Look up the sample size code letter of a lot.

    Args:
        lot_size: Number of items in the lot, at least 2.
        level: Inspection level: "I", "II", "III", or a special level "S-1" to "S-4".
    Returns:
        The letter, "A" to "R" (there is no I and no O).
    Raises:
        ValueError: ``lot_size`` is not a whole number of at least 2, or ``level`` is none of the seven.
    Source: ISO 2859-1:1999, Table 1, as in GB/T 2828.1-2012 (see tables/SOURCES.md).

    >>> code_letter(1200, "II")
    'J'
    """
    size, column = whole("lot_size", lot_size, at_least=2), read_level(level)
    # Rows begin where the one before ends; the last has no end.
    row = max((row for row in _table("sampling_code_letters") if int(row["lot_min"]) <= size), key=lambda row: int(row["lot_min"]))
    return row[column]


def single_plan(*, lot_size: int, level: str = "II", aql: float | str, severity: str = NORMAL) -> SinglePlan:
    """Look up the single sampling plan of a lot, arrows followed.

    Args:
        lot_size: Number of items in the lot, at least 2.
        level: "I", "II", "III", "S-1", "S-2", "S-3" or "S-4".
        aql: One of the 26 preferred AQLs, 0.010 to 1000, as number or text.
        severity: "normal", "tightened" or "reduced".
    Returns:
        The plan; ``inspect_all`` when its sample size reaches the lot, ``disputed`` filled where sources differ on the cell.
    Raises:
        ValueError: an argument is none of the allowed values.
    Source: ISO 2859-1:1999, Tables 1, 2-A, 2-B, 2-C, as in GB/T 2828.1-2012 (see tables/SOURCES.md).

    >>> plan = single_plan(lot_size=1200, level="II", aql=2.5)
    >>> plan.code_letter, plan.plan_letter, plan.n, plan.ac, plan.re
    ('J', 'J', 80, 5, 6)
    >>> plan = single_plan(lot_size=8, level="II", aql="0.65")
    >>> plan.code_letter, plan.plan_letter, plan.n, plan.inspect_all, plan.n_inspect
    ('A', 'F', 20, True, 8)
    """
    size, level = whole("lot_size", lot_size, at_least=2), read_level(level)
    return plan_of_letter(code_letter=code_letter(size, level), aql=aql, severity=severity, lot_size=size, level=level)


def plan_of_letter(
    *, code_letter: str, aql: float | str, severity: str = NORMAL, lot_size: int | None = None, level: str | None = None
) -> SinglePlan:
    """Look up the single sampling plan of a code letter, arrows followed.

    Args:
        code_letter: "A" to "R"; "S" has one plan, on tightened inspection, that only an arrow leads to.
        aql: One of the 26 preferred AQLs, as number or text.
        severity: "normal", "tightened" or "reduced".
        lot_size: Number of items in the lot, when known: then ``inspect_all`` can be told.
        level: Inspection level, handed on into the plan.
    Returns:
        The plan that is used.
    Raises:
        ValueError: an argument is none of the allowed values, or the cell is blank.
    Source: ISO 2859-1:1999, Tables 2-A, 2-B, 2-C, as in GB/T 2828.1-2012 (see tables/SOURCES.md).

    >>> plan = plan_of_letter(code_letter="K", aql="0.40", severity="reduced")
    >>> plan.plan_letter, plan.n, plan.ac, plan.re, plan.arrow
    ('L', 80, 1, 2, 'down')
    """
    key, word = read_aql(aql), read_severity(severity)
    rows = _master(word)
    letters = list(rows)
    if code_letter not in rows or rows[code_letter][1][key] == "blank":
        raise ValueError(
            f"code_letter is {code_letter!r}: must be one of {', '.join(letters)} with a plan at AQL {key} on {word} inspection"
        )
    first = cell = rows[code_letter][1][key]
    at = letters.index(code_letter)
    while cell in ("down", "up"):
        at += 1 if cell == "down" else -1
        cell = rows[letters[at]][1][key]
    n = rows[letters[at]][0]
    ac, re = (int(number) for number in cell.split("/"))
    return SinglePlan(
        code_letter=code_letter,
        plan_letter=letters[at],
        n=n,
        ac=ac,
        re=re,
        aql=key,
        severity=word,
        inspect_all=lot_size is not None and n >= lot_size,
        lot_size=lot_size,
        level=level,
        arrow=first if first in ("down", "up") else "",
        disputed=_disputed().get((word, letters[at], key)) or _disputed().get((word, code_letter, key), ""),
    )


def z14_reduced_plan(*, code_letter: str, aql: float | str) -> SinglePlan:
    """Look up a reduced plan of ANSI/ASQ Z1.4, which differs from ISO's: between Ac and Re there may be a gap.

    A lot found inside the gap is accepted, and reduced inspection ends with it.

    Args:
        code_letter: "A" to "R".
        aql: One of the 26 preferred AQLs, as number or text.
    Returns:
        The plan after its arrows; ``plan_letter`` is empty, the source does not tell it.
    Raises:
        ValueError: an argument is none of the allowed values.
    Source: ANSI/ASQ Z1.4 reduced single plans, through R AQLSchemes 1.7-2 (clause unread).

    >>> plan = z14_reduced_plan(code_letter="K", aql=2.5)
    >>> plan.n, plan.ac, plan.re
    (50, 3, 6)
    """
    key, found = read_aql(aql), _z14()
    if (code_letter, key) not in found:
        raise ValueError(f"code_letter is {code_letter!r}: must be one of {', '.join(sorted({letter for letter, _ in found}))}")
    n, ac, re = found[code_letter, key]
    return SinglePlan(code_letter, "", n, ac, re, key, REDUCED, edition="ANSI/ASQ Z1.4 (edition unread)")


def aql_below(aql: float | str) -> str | None:
    """Name the preferred AQL one step tighter.

    Args:
        aql: One of the 26 preferred AQLs, as number or text.
    Returns:
        The next lower one as the tables write it; None below 0.010.
    Raises:
        ValueError: ``aql`` is none of the 26.
    Source: ISO 2859-1:1999, the columns of Table 2-A (see tables/SOURCES.md).

    >>> aql_below(2.5)
    '1.5'
    """
    at = aqls().index(read_aql(aql))
    return aqls()[at - 1] if at else None


@cache
def aqls() -> tuple[str, ...]:
    """Name the 26 preferred AQLs as the tables write them.

    Returns:
        Text from "0.010" to "1000", percent nonconforming up to "10", nonconformities per 100 items throughout.
    Source: ISO 2859-1:1999, the columns of Table 2-A (see tables/SOURCES.md).

    >>> aqls()[0], aqls()[12], len(aqls())
    ('0.010', '2.5', 26)
    """
    return tuple(_table("sampling_single_normal")[0])[2:]


def read_aql(aql: float | str) -> str:
    """Read an AQL as the tables write it.

    Args:
        aql: A number or text: 0.01, "0.01" and "0.010" are one AQL.
    Returns:
        The text of the table's column.
    Raises:
        ValueError: not one of the 26 preferred AQLs; a plan for a value between them does not exist.
    Source: ISO 2859-1:1999, the columns of Table 2-A (see tables/SOURCES.md).

    >>> read_aql(0.01)
    '0.010'
    """
    number: Any = aql
    if isinstance(aql, str):
        try:
            number = float(aql)
        except ValueError:
            number = None
    value = None if number is None else finite("aql", number)
    for key in aqls():
        if value is not None and abs(float(key) - value) <= 1e-9 * value:
            return key
    raise ValueError(f"aql is {aql!r}: must be one of {', '.join(aqls())}")


def read_level(level: str) -> str:
    """Read an inspection level; small letters are fine.

    Args:
        level: "I", "II", "III", "S-1", "S-2", "S-3" or "S-4".
    Returns:
        The level as Table 1 writes it.
    Raises:
        ValueError: none of the seven.
    Source: ISO 2859-1:1999, the columns of Table 1 (see tables/SOURCES.md).

    >>> read_level("s-3")
    'S-3'
    """
    word = level.strip().upper() if isinstance(level, str) else level
    if word not in LEVELS:
        raise ValueError(f"level is {level!r}: must be one of {', '.join(LEVELS)}")
    return word


def read_severity(severity: str) -> str:
    """Read a severity of inspection; capitals are fine.

    Args:
        severity: "normal", "tightened" or "reduced".
    Returns:
        The word in small letters.
    Raises:
        ValueError: none of the three.
    Source: ISO 2859-1:1999, Tables 2-A, 2-B, 2-C (see tables/SOURCES.md).

    >>> read_severity("Tightened")
    'tightened'
    """
    word = severity.strip().lower() if isinstance(severity, str) else severity
    if word not in SEVERITIES:
        raise ValueError(f"severity is {severity!r}: must be one of {', '.join(SEVERITIES)}")
    return word


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    text = files("qualitystats").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _master(severity: str) -> dict[str, tuple[int, dict[str, str]]]:
    """Code letter -> sample size and cells by AQL, in the order of the table: arrows walk it."""
    return {row["code_letter"]: (int(row["sample_size"]), row) for row in _table(f"sampling_single_{severity}")}


@cache
def _disputed() -> dict[tuple[str, str, str], str]:
    return {(row["severity"], row["code_letter"], row["aql"]): row["note"] for row in _table("sampling_disputed_cells")}


@cache
def _z14() -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(row["code_letter"], row["aql"]): (int(row["n"]), int(row["ac"]), int(row["re"])) for row in _table("sampling_z14_reduced")}
