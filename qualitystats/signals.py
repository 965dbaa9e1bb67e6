"""Patterns that a process without special causes seldom makes: signals to look at, never violations.

One series or many at once: the rules are written for a block with points along the first axis, so both paths are one code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qualitystats.readings import FloatArray, Numbers, finite, finite_array, whole

BoolArray: TypeAlias = NDArray[np.bool_]
ByteArray: TypeAlias = NDArray[np.uint8]
# Rule -> (points in its pattern, words).
NELSON: dict[int, tuple[int, str]] = {
    1: (1, "a point more than 3 sigma from the centre"),
    2: (9, "9 points in a row on one side of the centre"),
    3: (6, "6 points in a row, each above or each below the one before"),
    4: (14, "14 points in a row going up and down in turn"),
    5: (3, "2 of 3 points more than 2 sigma from the centre, on one side"),
    6: (5, "4 of 5 points more than 1 sigma from the centre, on one side"),
    7: (15, "15 points in a row within 1 sigma of the centre"),
    8: (8, "8 points in a row more than 1 sigma from the centre, on both sides"),
}
WESTERN_ELECTRIC: dict[int, tuple[int, str]] = {
    1: NELSON[1],
    2: NELSON[5],
    3: NELSON[6],
    4: (8, "8 points in a row on one side of the centre"),
}
BLOCK_VALUES = 32_768  # a block and its flags stay in the cache of one core


@dataclass(frozen=True)
class Signal:
    """One pattern: the rule, the point that completes it and its first point (both counted from 1), and the rule in words."""

    rule: int
    index: int
    first: int
    words: str


@dataclass(frozen=True)
class Signals:
    """All patterns found in one series, by point and then by rule."""

    signals: tuple[Signal, ...]

    def __iter__(self) -> Iterator[Signal]:
        return iter(self.signals)

    def __len__(self) -> int:
        return len(self.signals)

    @property
    def by_rule(self) -> dict[int, tuple[int, ...]]:
        """Rule -> the points that complete it, counted from 1; only rules that were met."""
        rules = sorted({signal.rule for signal in self.signals})
        return {rule: tuple(signal.index for signal in self.signals if signal.rule == rule) for rule in rules}


def nelson_signals(values: Numbers, *, centre: float, sigma: float, rules: Iterable[int] = tuple(NELSON)) -> Signals:
    """Look for the eight patterns of Nelson in one series.

    Inequalities are strict: a point on the centre line breaks a run, a point on a sigma line is not beyond it, and equal neighbours
    break a trend. Where 2 of 3 or 4 of 5 count, the point that completes the pattern is itself beyond the line.

    Args:
        values: One value per point in time order, shape (k,), in the characteristic's unit.
        centre: Centre line, same unit.
        sigma: Standard deviation of a plotted point, same unit; > 0.
        rules: Which of the rules 1 to 8 to look for.
    Returns:
        The patterns found, each at the point that completes it, counted from 1.
    Raises:
        ValueError: a value is not finite, ``sigma`` is not > 0, or a rule is none of the eight.
    Source: Nelson, Journal of Quality Technology 16(4), 1984, 237-239, as restated in public sources (paper unread).

    >>> nelson_signals([0.5, -3.2, 0.2], centre=0, sigma=1).by_rule
    {1: (2,)}
    """
    return _signals(values, centre, sigma, _chosen(rules, NELSON), NELSON, _nelson_bits)


def western_electric_signals(values: Numbers, *, centre: float, sigma: float, rules: Iterable[int] = tuple(WESTERN_ELECTRIC)) -> Signals:
    """Look for the four patterns of Western Electric in one series; its run is of 8 points where Nelson's is of 9.

    Args:
        values: One value per point in time order, shape (k,), in the characteristic's unit.
        centre: Centre line, same unit.
        sigma: Standard deviation of a plotted point, same unit; > 0.
        rules: Which of the rules 1 to 4 to look for.
    Returns:
        The patterns found, each at the point that completes it, counted from 1.
    Raises:
        ValueError: as ``nelson_signals``.
    Source: Western Electric, Statistical Quality Control Handbook, 1956, as stated in NIST/SEMATECH e-Handbook 6.3.2.

    >>> western_electric_signals([0.5] * 8, centre=0, sigma=1).by_rule
    {4: (8,)}
    """
    return _signals(values, centre, sigma, _chosen(rules, WESTERN_ELECTRIC), WESTERN_ELECTRIC, _western_electric_bits)


def nelson_bits(values: Numbers, *, centre: Numbers, sigma: Numbers, rules: Iterable[int] = tuple(NELSON)) -> ByteArray:
    """Look for the patterns of Nelson in many series at once.

    Args:
        values: One row per series, shape (s, k), points in time order.
        centre: Centre line of each series, shape (s,), or one for all; same unit as its row.
        sigma: Standard deviation of a plotted point, shape (s,), or one for all; at least 0. A series whose sigma is 0 has no limits
            and gets no flags.
        rules: Which of the rules 1 to 8 to look for.
    Returns:
        Shape (s, k): bit r-1 of a point is set where it completes rule r.
    Raises:
        ValueError: as ``nelson_signals``; wrong shapes.
    Source: as ``nelson_signals``.

    >>> nelson_bits([[0.5, -3.2, 0.2]], centre=0, sigma=1).tolist()
    [[0, 1, 0]]
    """
    readings = finite_array("values", values, ndim=2)
    wanted = _chosen(rules, NELSON)
    series = len(readings)
    centres, sigmas = _per_series("centre", centre, series), _per_series("sigma", sigma, series)
    if series and sigmas.min() < 0:
        raise ValueError(f"sigma is {sigmas.min()}: must be >= 0")
    return bits_of_blocks(readings, centres, sigmas, wanted)


def nelson_flags(values: Numbers, centre: Numbers, sigma: Numbers, rules: Sequence[int] = tuple(NELSON)) -> BoolArray:
    """Look for the patterns of Nelson in many series at once, one plane of flags per rule.

    Args:
        values: One row per series, shape (s, k), points in time order.
        centre: Centre line of each series, shape (s,), or one for all.
        sigma: Standard deviation of a plotted point, shape (s,), or one for all; at least 0, where 0 means no limits and no flags.
        rules: Which of the rules 1 to 8 to look for.
    Returns:
        Shape (len(rules), s, k): true where a point completes that rule.
    Raises:
        ValueError: as ``nelson_bits``.
    Source: as ``nelson_signals``.

    >>> nelson_flags([[0.5, -3.2, 0.2]], 0, 1, rules=[1]).tolist()
    [[[False, True, False]]]
    """
    bits = nelson_bits(values, centre=centre, sigma=sigma, rules=rules)
    planes: BoolArray = np.empty((len(rules), *bits.shape), dtype=np.bool_)
    for plane, rule in zip(planes, rules, strict=True):
        np.not_equal(bits & np.uint8(1 << (rule - 1)), 0, out=plane)
    return planes


def spread_too_small(subgroups: Numbers, *, sigma: float, share: float = 1 / 3, run: int = 4) -> tuple[int, ...]:
    """Find where the spread within subgroups stays far below what it should be: copied readings, or a changed method.

    Simulated for 5 normal readings a subgroup, 20 subgroups, 1,000 runs: copies with a spread of 0.08 sigma were found in every run,
    4 copied readings of 5 in 23 % of the runs and 3 of 5 in 1 %; honest readings in no run. It finds blatant
    copying and little else.

    Args:
        subgroups: Readings, shape (k, n) with n at least 2, subgroups in time order.
        sigma: The usual standard deviation within a subgroup, same unit; > 0.
        share: A subgroup is suspiciously even when its standard deviation is below this share of ``sigma``; between 0 and 1.
        run: How many such subgroups in a row make a signal.
    Returns:
        The subgroups that complete such a run, counted from 1.
    Raises:
        ValueError: an argument out of its range or shape.
    Source: a rule of this package, from the product's own simulation (see tables/SOURCES.md); no standard.

    >>> spread_too_small([[5.0, 5.01, 5.0]] * 5, sigma=0.2)
    (4, 5)
    """
    readings, usual = finite_array("subgroups", subgroups, ndim=2), finite("sigma", sigma, above=0)
    below, length = finite("share", share, above=0, at_most=1), whole("run", run, at_least=1)
    if readings.shape[1] < 2:
        raise ValueError(f"subgroups has {readings.shape[1]} readings each: must have at least 2")
    even = readings.std(axis=1, ddof=1) < below * usual
    return tuple((np.flatnonzero(_run(even, length)) + length).tolist())


def repeated_readings(subgroups: Numbers) -> tuple[tuple[int, int], ...]:
    """Find subgroups whose readings are, in some order, exactly those of an earlier subgroup, or all one value.

    With a coarse instrument this also happens by itself: ``plausibility.exact_repeats`` says how often.

    Args:
        subgroups: Readings as noted, shape (k, n) with n at least 2, in time order.
    Returns:
        Pairs counted from 1: the subgroup, and the first earlier one that it repeats, or itself when all its readings are one value.
    Raises:
        ValueError: not finite numbers, or not of that shape.
    Source: a rule of this package; no standard.

    >>> repeated_readings([[1.2, 1.4], [1.3, 1.1], [1.4, 1.2], [1.5, 1.5]])
    ((3, 1), (4, 4))
    """
    readings = np.sort(finite_array("subgroups", subgroups, ndim=2), axis=1)
    if readings.shape[1] < 2:
        raise ValueError(f"subgroups has {readings.shape[1]} readings each: must have at least 2")
    seen: dict[tuple[float, ...], int] = {}
    found: list[tuple[int, int]] = []
    for at, row in enumerate(readings.tolist(), start=1):
        first = seen.setdefault(tuple(row), at)
        if first != at or row[0] == row[-1]:
            found.append((at, first))
    return tuple(found)


def _chosen(rules: Iterable[int], known: dict[int, tuple[int, str]]) -> frozenset[int]:
    wanted = frozenset(rules)
    if not wanted <= set(known):
        raise ValueError(f"rules has {sorted(wanted - set(known), key=str)}: must be among {sorted(known)}")
    return wanted


def _per_series(name: str, value: Numbers, series: int) -> FloatArray:
    array = finite_array(name, value)
    if array.ndim > 1 or (array.ndim == 1 and len(array) != series):
        raise ValueError(f"{name} has shape {array.shape}: must be one number, or one for each of {series} series")
    return np.broadcast_to(array, (series,))


def _signals(values: Numbers, centre: float, sigma: float, wanted: frozenset[int], known: dict[int, tuple[int, str]], find: Any) -> Signals:
    raw = finite_array("values", values, ndim=1)[:, None]
    z = (raw - finite("centre", centre)) / finite("sigma", sigma, above=0)
    bits = find(raw, z, wanted)[:, 0]
    found = []
    for at in np.flatnonzero(bits).tolist():
        for rule in sorted(known):
            if bits[at] >> (rule - 1) & 1:
                length, words = known[rule]
                found.append(Signal(rule, at + 1, max(1, at + 2 - length), words))
    return Signals(tuple(found))


def _nelson_bits(raw: FloatArray, z: FloatArray, wanted: frozenset[int]) -> ByteArray:
    """Bits of each point, shape (points, series): every helper returns the flags of the last points, and is set in from there."""
    bits: ByteArray = np.zeros(z.shape, dtype=np.uint8)
    high, low = z > 1, z < -1
    if 1 in wanted:
        _set(bits, 1, (z > 3) | (z < -3))
    if 2 in wanted:
        _set(bits, 2, _run(z > 0, 9) | _run(z < 0, 9))
    if wanted & {3, 4}:
        rising, falling = raw[1:] > raw[:-1], raw[1:] < raw[:-1]
        if 3 in wanted:
            _set(bits, 3, _run(rising, 5) | _run(falling, 5))
        if 4 in wanted:
            _set(bits, 4, _run((rising[1:] & falling[:-1]) | (falling[1:] & rising[:-1]), 12))
    if 5 in wanted:
        _set(bits, 5, _two_of_three(z > 2) | _two_of_three(z < -2))
    if 6 in wanted:
        _set(bits, 6, _four_of_five(high) | _four_of_five(low))
    if 7 in wanted:
        _set(bits, 7, _run((z < 1) & (z > -1), 15))
    if 8 in wanted:
        _set(bits, 8, _run(high | low, 8) & ~_run(high, 8) & ~_run(low, 8))
    return bits


def bits_of_blocks(readings: FloatArray, centres: FloatArray, sigmas: FloatArray, wanted: frozenset[int]) -> ByteArray:
    """Look for patterns block by block, in readings that have already been through the door.

    Args:
        readings: Finite values, shape (s, k).
        centres, sigmas: Shape (s,); sigmas at least 0, where 0 means no limits.
        wanted: Which of the rules 1 to 8.
    Returns:
        As ``nelson_bits``.
    Source: as ``nelson_signals``.

    >>> bits_of_blocks(np.array([[0.5, -3.2]]), np.zeros(1), np.ones(1), frozenset({1})).tolist()
    [[0, 1]]
    """
    series, points = readings.shape
    limited = sigmas > 0
    units = np.where(limited, sigmas, 1.0)
    found: ByteArray = np.empty((series, points), dtype=np.uint8)
    step = max(1, BLOCK_VALUES // max(1, points))
    for start in range(0, series, step):
        part = slice(start, start + step)
        raw = np.ascontiguousarray(readings[part].T)
        found[part] = _nelson_bits(raw, (raw - centres[part]) / units[part], wanted).T
    found[~limited] = 0
    return found


def _western_electric_bits(raw: FloatArray, z: FloatArray, wanted: frozenset[int]) -> ByteArray:
    bits: ByteArray = np.zeros(z.shape, dtype=np.uint8)
    flags = {
        1: (z > 3) | (z < -3),
        2: _two_of_three(z > 2) | _two_of_three(z < -2),
        3: _four_of_five(z > 1) | _four_of_five(z < -1),
        4: _run(z > 0, 8) | _run(z < 0, 8),
    }
    for rule in wanted:
        _set(bits, rule, flags[rule])
    return bits


def _set(bits: ByteArray, rule: int, flags: BoolArray) -> None:
    if len(flags):
        bits[len(bits) - len(flags) :] |= flags.view(np.uint8) << np.uint8(rule - 1)


def _run(flags: BoolArray, length: int) -> BoolArray:
    """Whether each point ends a run of that length: the first length - 1 points have no entry."""
    if len(flags) < length:
        return flags[:0]
    done = 1
    while done < length:
        step = min(done, length - done)
        flags = flags[step:] & flags[:-step]
        done += step
    return flags


def _two_of_three(beyond: BoolArray) -> BoolArray:
    """Whether each point is beyond and one of the two before it was."""
    before = np.zeros_like(beyond)
    before[1:] = beyond[:-1]
    before[2:] |= beyond[:-2]
    return before & beyond


def _four_of_five(beyond: BoolArray) -> BoolArray:
    """Whether each point is beyond and three of the four before it were."""
    count: ByteArray = np.zeros(beyond.shape, dtype=np.uint8)
    for back in range(1, 5):
        count[back:] += beyond[:-back].view(np.uint8)
    found: BoolArray = (count >= 3) & beyond
    return found
