"""What was measured, lot after lot, in the stories and behind them: one seed, one past. Pure.

A value is the target, what the supplier is off by, what the lot is off by, and the noise of a reading; the spreads are those that the
trade would expect. A story changes one of these from one lot on. Grades come from a latent normal cut at half steps, formaldehyde
from a log-normal, most of it below what can be seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

CHANGE_AT = 30  # the lot from which a story's series is another: five lots after its limits stand


@dataclass(frozen=True)
class Measured:
    """How one characteristic lies: target, spread between lots, spread of a reading, decimals that are noted."""

    code: str
    edition: str
    target: float
    between: float
    within: float
    decimals: int
    readings: int = 5


@dataclass(frozen=True)
class Story:
    """A product whose lots tell something; `alarms` are the kinds of signal that it must raise, and no others on its own series."""

    key: str
    product_code: str
    product: str
    what: Measured
    alarms: frozenset[str]
    turn: Callable[[int, Measured, Random], tuple[float, float]] = field(default=lambda lot, what, random: (0.0, 1.0))
    lots: int = 40
    colour: str = ""
    node: str = "spinning"


def shifted(by: float) -> Callable[[int, Measured, Random], tuple[float, float]]:
    """From the turn on, so many standard deviations of a lot's mean higher."""
    return lambda lot, what, random: (by * spread_of_mean(what) if lot >= CHANGE_AT else 0.0, 1.0)


def scattered(times: float) -> Callable[[int, Measured, Random], tuple[float, float]]:
    """From the turn on, lots lie so many times as far apart."""
    return lambda lot, what, random: (random.gauss(0, math.sqrt(times**2 - 1) * what.between) if lot >= CHANGE_AT else 0.0, 1.0)


def alternating(by: float) -> Callable[[int, Measured, Random], tuple[float, float]]:
    """From the turn on, lots of two machines in turn: one above, one below."""
    return lambda lot, what, random: ((1 if lot % 2 else -1) * by * spread_of_mean(what) if lot >= CHANGE_AT else 0.0, 1.0)


def copied(share: float) -> Callable[[int, Measured, Random], tuple[float, float]]:
    """From the turn on, readings of a lot lie as near to each other as no instrument lets them."""
    return lambda lot, what, random: (0.0, share if lot >= CHANGE_AT else 1.0)


def outliers(at: Sequence[int], value: float) -> Callable[[int, Measured, Random], tuple[float, float]]:
    """Some lots lie at another value altogether."""
    return lambda lot, what, random: (value - what.target if lot in at else 0.0, 1.0)


def spread_of_mean(what: Measured) -> float:
    """Standard deviation of a lot's mean."""
    return math.sqrt(what.between**2 + what.within**2 / what.readings)


def readings_of(story: Story, random: Random) -> Iterator[list[str]]:
    """The readings of each lot as they were noted."""
    what = story.what
    for lot in range(story.lots):
        moved, share = story.turn(lot, what, random)
        mean = what.target + moved + random.gauss(0, what.between)
        yield [noted(random.gauss(mean, what.within * share), what.decimals) for _ in range(what.readings)]


def retested(readings: Sequence[str], what: Measured, off: float, random: Random) -> list[str]:
    """Another laboratory on the same lot: its readings lie off by so much of a reading's spread."""
    mean = sum(map(float, readings)) / len(readings)
    return [noted(random.gauss(mean + off * what.within, what.within * 0.8), what.decimals) for _ in readings]


def noted(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


def drifting(lots: int, start: tuple[float, float, float], drift: float, random: Random) -> Iterator[list[str]]:
    """L*, a*, b* of dye lots whose b* drifts: each passes, the first and the last do not match."""
    for lot in range(lots):
        shift = drift * (lot / (lots - 1) - 0.5)
        yield [
            noted(start[0] + random.gauss(0, 0.08), 2),
            noted(start[1] + random.gauss(0, 0.05), 2),
            noted(start[2] + shift + random.gauss(0, 0.05), 2),
        ]


GRADES = ("1", "1-2", "2", "2-3", "3", "3-4", "4", "4-5", "5")


def grade(random: Random, *, mean: float = 3.7, spread: float = 0.45) -> str:
    """A fastness grade: a latent normal, cut at half steps."""
    return GRADES[min(max(round(2 * random.gauss(mean, spread)) - 2, 0), 8)]


def formaldehyde(random: Random) -> str:
    """mg/kg, log-normal: seven in ten lie below the 20 that the method can see; none of these lots is out of its limit."""
    value = min(math.exp(random.gauss(2.6, 0.8)), 68.0)
    return "<20" if value < 20 else noted(value, 0)


COUNT = Measured("YRN-CNT", "GB/T 4743-2009", 38.5, 0.45, 0.60, 1)
TWIST = Measured("YRN-TWI", "GB/T 2543.1-2015", 480, 9, 14, 0)
STRENGTH = Measured("YRN-STR", "GB/T 3916", 210, 8, 27, 0)
EVENNESS = Measured("YRN-EVN", "GB/T 3292.1", 14.2, 0.4, 0.5, 2)
CASHMERE = Measured("FIB-CON", "GB/T 40905.1-2021", 97.4, 0.4, 0.3, 1, readings=3)
ACID = Measured("PH", "GB/T 7573-2009", 6.6, 0.25, 0.10, 2, readings=3)
SHRINKAGE = Measured("DIM", "GB/T 8628-2013", -1.0, 0.35, 0.25, 1, readings=3)

YARN_STORIES = (
    Story("spindle", "HL-26A", "羊绒针织纱 26/2 Nm", COUNT, frozenset({"ewma", "beyond"}), shifted(2.6)),
    Story("bales", "HL-26B", "羊绒针织纱 26/2 Nm 乙线", TWIST, frozenset({"beyond"}), scattered(4.0)),
    Story("machines", "HL-36C", "羊绒针织纱 36/2 Nm", TWIST, frozenset({"beyond"}), alternating(3.2)),
    Story("copied", "HL-48D", "精纺羊绒纱 48/2 Nm", COUNT, frozenset({"even"}), copied(0.08)),
    Story("laboratory", "HL-26E", "羊绒羊毛混纺纱 26/2 Nm", TWIST, frozenset({"own_bias"})),
    Story("cashmere", "HL-26F", "100%羊绒纱 26/2 Nm", CASHMERE, frozenset({"out_of_limits", "beyond"}), outliers((33, 36), 92.0)),
)
DYE_STORIES = (
    Story(
        "rinsing",
        "QW-D19",
        "羊绒纱染色 D-19",
        ACID,
        frozenset({"out_of_limits", "beyond"}),
        outliers((35,), 8.9),
        node="dyeing",
        colour="靛蓝 D-19",
    ),
)
