"""The constants of control charts, from the distribution of the range and of the standard deviation of normal samples."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, lgamma, sqrt

from qualitystats.readings import whole

SMALLEST, LARGEST = 2, 100


@dataclass(frozen=True)
class ChartConstants:
    """Constants for subgroups of n readings, dimensionless, by the names that the standards give them."""

    n: int
    d2: float
    d3: float
    c4: float
    A2: float
    A3: float
    D3: float
    D4: float
    B3: float
    B4: float
    E2: float


@cache
def _ranges() -> dict[int, tuple[float, float]]:
    text = files("qualitystats").joinpath("tables", "range_of_normal_samples.csv").read_text(encoding="utf-8")
    return {int(row["n"]): (float(row["d2"]), float(row["d3"])) for row in csv.DictReader(text.splitlines())}


def c4(n: int) -> float:
    """Find the mean of the sample standard deviation of normal readings, in units of sigma.

    Args:
        n: Number of readings, at least 2.
    Returns:
        c4, dimensionless, below 1.
    Raises:
        ValueError: ``n`` is not a whole number of at least 2.
    Source: closed form sqrt(2/(n-1))·Γ(n/2)/Γ((n-1)/2), as in NIST/SEMATECH e-Handbook 6.3.2.

    >>> round(c4(10), 4)
    0.9727
    """
    size = whole("n", n, at_least=2)
    return sqrt(2.0 / (size - 1)) * exp(lgamma(size / 2.0) - lgamma((size - 1) / 2.0))


def constants(n: int) -> ChartConstants:
    """Find the control chart constants of a subgroup size.

    They are computed from their definitions, not copied from a table: some printed tables carry roundings of roundings (E2 of two
    readings is 2.6587, not 2.660).

    Args:
        n: Number of readings in a subgroup, 2 to 100.
    Returns:
        d2, d3, c4, A2, A3, D3, D4, B3, B4, E2.
    Raises:
        ValueError: ``n`` is not a whole number from 2 to 100.
    Source: definitions as in NIST/SEMATECH e-Handbook 6.3.2; d2 and d3 by quadrature (see tables/SOURCES.md).

    >>> found = constants(5)
    >>> round(found.d2, 3), round(found.A2, 3), round(found.D4, 3), round(found.B4, 3)
    (2.326, 0.577, 2.114, 2.089)
    """
    size = whole("n", n, at_least=SMALLEST)
    if size > LARGEST:
        raise ValueError(f"n is {size}: must be {SMALLEST} to {LARGEST}")
    d2, d3 = _ranges()[size]
    mean = c4(size)
    spread = sqrt(1.0 - mean * mean) / mean
    return ChartConstants(
        n=size,
        d2=d2,
        d3=d3,
        c4=mean,
        A2=3.0 / (d2 * sqrt(size)),
        A3=3.0 / (mean * sqrt(size)),
        D3=max(0.0, 1.0 - 3.0 * d3 / d2),
        D4=1.0 + 3.0 * d3 / d2,
        B3=max(0.0, 1.0 - 3.0 * spread),
        B4=1.0 + 3.0 * spread,
        E2=3.0 / d2,
    )
