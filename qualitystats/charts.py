"""What every control chart is: points, a centre and limits, or the reason why there are none yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qualitystats.readings import FloatArray, whole


@dataclass(frozen=True)
class Chart:
    """A chart with straight limits, all in the unit of its points. `baseline` is the number of first points that made the limits.

    `centre`, `lcl` and `ucl` are None where no limits can be stated, and `reason` says why.
    """

    statistic: str
    points: tuple[float, ...]
    centre: float | None
    lcl: float | None
    ucl: float | None
    baseline: int
    reason: str = ""

    @property
    def outside(self) -> tuple[bool, ...]:
        """For each point whether it lies beyond a limit; a point on the limit does not."""
        if self.lcl is None or self.ucl is None:
            return (False,) * len(self.points)
        return tuple(not self.lcl <= point <= self.ucl for point in self.points)

    @property
    def signals(self) -> tuple[int, ...]:
        """The points beyond a limit, counted from 1."""
        return tuple(at for at, out in enumerate(self.outside, start=1) if out)


@dataclass(frozen=True)
class VaryingChart:
    """A chart whose limits differ from point to point; otherwise as `Chart`. Empty limits mean none, and `reason` says why."""

    statistic: str
    points: tuple[float, ...]
    centre: float | None
    lcl: tuple[float, ...]
    ucl: tuple[float, ...]
    baseline: int
    reason: str = ""

    @property
    def outside(self) -> tuple[bool, ...]:
        """For each point whether it lies beyond its limit; a point on the limit does not."""
        if not self.ucl:
            return (False,) * len(self.points)
        return tuple(not low <= point <= high for low, point, high in zip(self.lcl, self.points, self.ucl, strict=True))

    @property
    def signals(self) -> tuple[int, ...]:
        """The points beyond a limit, counted from 1."""
        return tuple(at for at, out in enumerate(self.outside, start=1) if out)


@dataclass(frozen=True)
class ChartPair:
    """Two charts of the same subgroups: of their location and of their spread. `sigma` is the spread within subgroups.

    The charts also go by their usual names: `xbar` or `x`, and `r`, `s` or `mr`.
    """

    location: Chart
    spread: Chart
    sigma: float | None
    n: int

    def __iter__(self) -> Iterator[Chart]:
        return iter((self.location, self.spread))

    @property
    def xbar(self) -> Chart:
        return self.location

    @property
    def x(self) -> Chart:
        return self.location

    @property
    def r(self) -> Chart:
        return self.spread

    @property
    def s(self) -> Chart:
        return self.spread

    @property
    def mr(self) -> Chart:
        return self.spread

    @property
    def reason(self) -> str:
        """Why there are no limits; empty when there are."""
        return self.location.reason


def baseline_of(points: int, baseline: int | None, *, at_least: int) -> tuple[int, str]:
    """Decide which first points make the limits.

    Args:
        points: How many points there are.
        baseline: How many are agreed to be needed; None for all that there are.
        at_least: How many the chart needs in any case.
    Returns:
        The number of points to use, and why there can be no limits yet (empty when there can).
    Raises:
        ValueError: ``baseline`` is not a whole number of at least ``at_least``.
    Source: none, a rule of this package: no limits before the stated baseline is complete.

    >>> baseline_of(12, 25, at_least=2)
    (0, '12 of 25 baseline points: no limits yet')
    """
    wanted = points if baseline is None else whole("baseline", baseline, at_least=at_least)
    if points < max(wanted, at_least):
        return 0, f"{points} of {max(wanted, at_least)} baseline points: no limits yet"
    return wanted, ""


def without_limits(statistic: str, points: FloatArray, reason: str) -> Chart:
    """Make a chart that shows its points and says why it has no limits.

    Args:
        statistic: What is plotted.
        points: The points, shape (k,).
        reason: Why there are no limits.
    Returns:
        The chart; centre and limits are None.
    Source: none.

    >>> import numpy as np
    >>> without_limits("mean", np.array([1.0]), "too few").ucl is None
    True
    """
    return Chart(statistic, tuple(points.tolist()), None, None, None, 0, reason)
