"""What a benchmark says of itself, and the verdict it ends with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any, ClassVar

from benchmarks import machine
from benchmarks.figures import Ratio, ratio_of
from benchmarks.rounds import race

MET, MISSED, NO_VERDICT = "met", "missed", "no verdict"


class Unequal(Exception):
    """The variants do not give the same output: nothing may be timed."""


@dataclass
class Result:
    """What came out, as people read it (`lines`) and as programs do (`figures`)."""

    verdict: str
    lines: list[str]
    figures: dict[str, Any] = field(default_factory=dict)


class Benchmark(ABC):
    """One question to the product. `open` builds what it needs on a stack that is always unwound."""

    title: ClassVar[str]
    anchor: ClassVar[str]  # what a Django user would pick
    tuned: ClassVar[str] = "–"  # the same after tuning
    ours: ClassVar[str]
    limit: ClassVar[str]
    goal: ClassVar[str]

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick

    @abstractmethod
    def open(self, stack: ExitStack) -> None:
        """Make the data and start the servers; whatever must end is put on the stack."""

    @abstractmethod
    def check(self) -> None:
        """Raise Unequal unless every variant gives the same output."""

    @abstractmethod
    def measure(self) -> Result:
        """Time it, or count it."""


class Race(Benchmark):
    """Variants measured as rates (more is better) in interleaved rounds; ours must be so many times `over`."""

    over: ClassVar[str]
    at_least: ClassVar[float]
    unit: ClassVar[str]

    @abstractmethod
    def lanes(self) -> Mapping[str, Callable[[], float]]:
        """Variant -> one round of it, returning its rate. One is called "ours"."""

    def notes(self) -> list[str]:
        """More lines for the report, after the rounds."""
        return []

    def measure(self) -> Result:
        lanes = self.lanes()
        for lane in lanes.values():  # once each to warm up, not counted
            lane()
        load_before = machine.wait_until_quiet(0 if self.quick else machine.PATIENCE)
        rounds = race(lanes)
        ratios = {name: ratio_of(rounds["ours"], figures) for name, figures in rounds.items() if name != "ours"}
        verdict = NO_VERDICT if machine.too_busy(load_before, machine.cores()) else judged(ratios[self.over], self.at_least)
        lines = [f"{name:<12} {median(figures):>10,.1f} {self.unit}" for name, figures in rounds.items()]
        lines += [f"ours / {name:<6} {ratio}" for name, ratio in ratios.items()]
        lines += [*self.notes(), f"load average before timing: {load_before:.2f} on {machine.cores()} cores"]
        return Result(verdict, lines, {"rounds": rounds, "ratios": {n: vars(r) for n, r in ratios.items()}, "load_before": load_before})


def judged(ratio: Ratio, at_least: float) -> str:
    """The goal is met when the median meets it; the interval is printed beside."""
    return MET if ratio.value >= at_least else MISSED
