"""Which firms a campaign or a measure is meant for: a rule as data, and how a number of firms may be said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from oversight.suppression import MINIMUM

SIZES = ("micro", "small", "medium", "large")


@dataclass(frozen=True, slots=True)
class Rule:
    """Empty says nothing: all firms of the chain. What is named narrows, and all that is named must hold.

    The registry's part (place, node, size) is what the bureau reads of every firm anyhow. The closer part (papers, findings,
    agreements) is a firm's own: only the clock looks at it, when a campaign is sent.
    """

    regions: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    above_scale: bool = False
    lacks_certificate: str = ""
    open_findings: bool = False
    no_agreement: bool = False

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """The rule that was kept as JSON; what it does not name, or names strangely, is left out."""
        given: dict[str, Any] = {}
        for each in fields(cls):
            value = said.get(each.name)
            if each.default == ():
                given[each.name] = tuple(str(code) for code in value) if isinstance(value, list | tuple) else ()
            else:
                given[each.name] = value if isinstance(value, type(each.default)) else each.default
        return cls(**given)

    def as_json(self) -> dict[str, Any]:
        """What is named, for keeping."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value}

    @property
    def looks_closer(self) -> bool:
        """Whether it asks something that only the clock may look at."""
        return bool(self.lacks_certificate or self.open_findings or self.no_agreement)

    def fits(self, firm: Any) -> bool:
        """Whether the registry's part holds for a firm: what the firm itself is told beside a measure."""
        return (
            (not self.regions or firm.region_id in self.regions)
            and (not self.towns or firm.town_id in self.towns)
            and (not self.nodes or bool(set(self.nodes).intersection(firm.node_codes)))
            and (not self.sizes or firm.size in self.sizes)
            and (not self.above_scale or firm.above_scale)
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """A number of firms as it may be told: never exact, never a few, never all but a few."""

    least: int = 0  # a multiple of MINIMUM; 0: fewer than MINIMUM, or none
    untold: bool = False


def crowd(n: int, *, out_of: int | None = None) -> Crowd:
    """How n firms (out of so many) may be told.

    Rounded down to fives, and never nearer than five to the whole: each answer stands for five numbers or more, and nobody learns that
    all did it. Out of fewer than ten nothing is told. Two rules that differ by one firm can fall on either side of a five; each of them
    is a message that all its firms read, so that nobody tries many unseen.
    """
    if out_of is not None and out_of < 2 * MINIMUM:
        return Crowd(untold=True)
    most = n if out_of is None else min(n, out_of - MINIMUM)
    return Crowd(least=most - most % MINIMUM)


def funnel(steps: Iterable[int], *, out_of: int | None = None) -> list[Crowd]:
    """The steps of an uptake, each out of the first: told, seen, done.

    The first is out of `out_of` where who was told is itself a firm's own: that all of a place were, says what each of them lacks.
    """
    counts = list(steps)
    return [crowd(counts[0], out_of=out_of), *(crowd(n, out_of=counts[0]) for n in counts[1:])]
