"""Readings that look alike more than measuring makes them: a reason to ask, never a proof that anybody copied.

What this can and cannot see is said beside each question; a person who changes a copied number a little is seldom found.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, factorial

import numpy as np
import scipy
from numpy.typing import NDArray

from qualitystats.readings import Numbers, finite, finite_array, whole
from qualitystats.signals import repeated_readings, spread_too_small

# Below this probability a pattern is worth a question: one honest series in a thousand is asked too.
RARE = 0.001
# With a spread of at least this many last digits, normal readings use all ten last digits alike (to 0.7 %).
DIGITS_OF_SPREAD = 5.0


@dataclass(frozen=True)
class Likeness:
    """One answer. `looks_alike` is None where nothing can be said, and `reason` says why; `chance` is how often honest readings do it.

    `places` are what to look at, counted from 1: readings for digits and runs, subgroups for subgroups.
    """

    question: str
    n: int
    count: int
    expected: float | None
    chance: float | None
    looks_alike: bool | None
    places: tuple[int, ...] = ()
    reason: str = ""


def exact_repeats(subgroups: Numbers, *, decimals: int) -> Likeness:
    """Count subgroups that have exactly the readings of an earlier one, and judge how often that happens by chance.

    Simulated (5 normal readings a subgroup, 20 subgroups, 1,000 runs): with a spread of 10 last digits one copied subgroup was found
    in 92 % of the runs, and honest readings were asked about in 0.2 %; with a spread of 5 last digits the copy was found in 0.3 %,
    because honest readings repeat there too. A copy with one reading changed is not found.

    Args:
        subgroups: Readings as noted, shape (k, n) with n at least 2, in time order; the order within a subgroup does not matter.
        decimals: How many decimals were noted; negative for tens.
    Returns:
        How many subgroups repeat an earlier one, how many would by chance, and whether that is rare. By chance: pairs of subgroups
        times n! times the n-th power of the share of equal pairs of readings, which is an upper bound.
    Raises:
        ValueError: not finite numbers of that shape.
    Source: a rule of this package; no standard.

    >>> exact_repeats([[1.21, 1.43], [1.35, 1.17], [1.43, 1.21], [1.52, 1.08]], decimals=2).places
    (3,)
    """
    noted = np.round(finite_array("subgroups", subgroups, ndim=2) * 10.0 ** _decimals(decimals)).astype(np.int64)
    question = "subgroups with exactly the readings of an earlier one"
    repeats = [at for at, first in repeated_readings(noted) if at != first]
    pairs = comb(len(noted), 2)
    if len(np.unique(noted)) < 2 or pairs == 0:
        reason = "fewer than 2 subgroups, or all readings are one value: nothing can be compared"
        return Likeness(question, len(noted), len(repeats), None, None, None, tuple(repeats), reason)
    expected = pairs * _chance_of_equal_subgroups(noted)
    chance = float(scipy.stats.poisson.sf(len(repeats) - 1, expected)) if repeats else 1.0
    return Likeness(question, len(noted), len(repeats), expected, chance, chance < RARE, tuple(repeats))


def longest_repeat(values: Numbers, *, decimals: int) -> Likeness:
    """Find the longest run of one and the same reading, and judge how often so long a run happens by chance.

    Simulated (100 normal readings with a spread of 10 last digits, 1,000 runs): one reading noted 5 times in a row was found in 71 %
    of the runs, 4 times in 4 %; honest readings in none.

    Args:
        values: Readings as noted, shape (k,), in time order.
        decimals: How many decimals were noted; negative for tens.
    Returns:
        The length of the longest run (``count``), its places, and how probable so long a run is when readings are independent with
        the shares seen here: an upper bound, the sum over all places where a run could begin.
    Raises:
        ValueError: not finite numbers of that shape.
    Source: a rule of this package; no standard.

    >>> longest_repeat([7.1, 7.2, 7.2, 7.2, 7.3], decimals=1).places
    (2, 3, 4)
    """
    noted = np.round(finite_array("values", values, ndim=1) * 10.0 ** _decimals(decimals)).astype(np.int64)
    question, n = "the same reading again and again", len(noted)
    if n < 2:
        return Likeness(question, n, n, None, None, None, (), f"{n} readings: at least 2 are needed")
    ends = np.flatnonzero(np.r_[noted[1:] != noted[:-1], True])
    lengths = np.diff(np.r_[-1, ends])
    longest, end = int(lengths.max()), int(ends[np.argmax(lengths)])
    shares = np.unique(noted, return_counts=True)[1] / n
    if len(shares) == 1:
        return Likeness(question, n, n, None, None, None, (), "all readings are one value: the instrument may be too coarse")
    chance = min(1.0, float((n - longest + 1) * (shares**longest).sum()))
    places = tuple(range(end - longest + 2, end + 2)) if longest > 1 else ()
    return Likeness(question, n, longest, None, chance, chance < RARE, places)


def terminal_digits(values: Numbers, *, decimals: int) -> Likeness:
    """Ask whether the last noted digit is spread evenly; invented or rounded readings prefer some digits.

    Simulated (normal readings with a spread of 20 last digits, 1,000 runs each): of 100 readings rounded to end in 0 or 5 every run was
    found, with every third of them rounded so 99.6 % were; honest ones in 0.1 %.

    Args:
        values: Readings as noted, shape (k,), k at least 50.
        decimals: How many decimals were noted; the digit at this place is looked at. Negative for tens.
    Returns:
        The count of the commonest digit, what it would be, and the probability of so uneven digits (chi-square, 9 degrees of
        freedom). Nothing is said of fewer than 50 readings, or where they spread over too few last digits to use them evenly.
    Raises:
        ValueError: not finite numbers of that shape.
    Source: chi-square goodness of fit; the question is a rule of this package, no standard.

    >>> terminal_digits([7.1, 7.2], decimals=1).reason
    '2 readings: at least 50 are needed'
    """
    noted = np.round(finite_array("values", values, ndim=1) * 10.0 ** _decimals(decimals)).astype(np.int64)
    question, n = "last digits that are not spread evenly", len(noted)
    counts = np.bincount(np.abs(noted) % 10, minlength=10)
    common = int(counts.argmax())
    if n < 50:
        return Likeness(question, n, int(counts.max()), None, None, None, (), f"{n} readings: at least 50 are needed")
    if noted.std(ddof=1) < DIGITS_OF_SPREAD:
        reason = f"the readings spread over less than {DIGITS_OF_SPREAD:g} last digits: these cannot be even"
        return Likeness(question, n, int(counts.max()), None, None, None, (), reason)
    chance = float(scipy.stats.chisquare(counts).pvalue)
    places = tuple((np.flatnonzero(np.abs(noted) % 10 == common) + 1).tolist()) if chance < RARE else ()
    return Likeness(question, n, int(counts.max()), n / 10, chance, chance < RARE, places)


def too_alike(subgroups: Numbers, *, sigma: float, share: float = 1 / 3, run: int = 4) -> Likeness:
    """Ask whether readings within subgroups are more alike than the usual spread allows, several subgroups in a row.

    What it finds and what not is simulated in ``control_charts.spread_too_small``: blatant copying always, 4 copied readings of 5
    in 23 % of the series, 3 of 5 in 1 %.

    Args:
        subgroups: Readings, shape (k, n) with n at least 2, in time order.
        sigma: The usual standard deviation within a subgroup, same unit; > 0.
        share: A subgroup is suspiciously even when its standard deviation is below this share of ``sigma``.
        run: How many such subgroups in a row raise the question.
    Returns:
        How many subgroups complete such a run, their places, and a bound of how probable one run is for normal readings.
    Raises:
        ValueError: an argument out of its range or shape.
    Source: a rule of this package, from the product's own simulation (see tables/SOURCES.md); no standard.

    >>> found = too_alike([[5.0, 5.01, 5.0, 5.0, 5.01]] * 5, sigma=0.2)
    >>> found.looks_alike, found.places
    (True, (4, 5))
    """
    readings = finite_array("subgroups", subgroups, ndim=2)
    question = "readings within subgroups more alike than usual"
    places = spread_too_small(readings, sigma=sigma, share=share, run=run)
    k, n = readings.shape
    length, below = whole("run", run, at_least=1), finite("share", share, above=0)
    if k < length:
        return Likeness(question, k, 0, None, None, None, (), f"{k} subgroups: at least {length} are needed")
    one = float(scipy.stats.chi2.cdf((n - 1) * below**2, n - 1))
    return Likeness(question, k, len(places), None, min(1.0, (k - length + 1) * one**length), bool(places), places)


def _decimals(decimals: int) -> int:
    places = finite("decimals", decimals, at_least=-9, at_most=9)
    if places != int(places):
        raise ValueError(f"decimals is {places}: must be a whole number")
    return int(places)


def _chance_of_equal_subgroups(noted: NDArray[np.int64]) -> float:
    """A bound of how probable two subgroups are equal in some order: any of n! orders, each reading meeting its like."""
    counts = np.unique(noted, return_counts=True)[1]
    alike = float((counts * (counts - 1)).sum()) / (noted.size * (noted.size - 1))
    return min(1.0, float(factorial(noted.shape[1])) * float(alike ** noted.shape[1]))
