"""What a plan does to lots, in figures: the operating characteristic that a page draws. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from inspections.switching import ClassPlan
from qualitystats.acceptance import BINOMIAL, POISSON, acceptance_probability, fraction_accepted, oc_curve
from qualitystats.plans import HIGHEST_PERCENT

# Quality in multiples of the AQL: what a table beside the curve names.
MULTIPLES = (0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Operating:
    """How often lots of some quality are accepted. Shares are 0 to 1; above AQL 10 they are nonconformities per piece."""

    aql: float
    at_aql: float
    tenth: float
    curve: tuple[tuple[float, float], ...]
    table: tuple[tuple[str, str], ...]
    counts_nonconformities: bool

    @property
    def aql_words(self) -> str:
        return f"{100 * self.aql:g}"

    @property
    def at_aql_words(self) -> str:
        return f"{100 * self.at_aql:.1f}"

    @property
    def tenth_words(self) -> str:
        return f"{100 * self.tenth:.2g}" if self.tenth < 0.01 else f"{100 * self.tenth:.1f}"


def operating_characteristic(plan: ClassPlan) -> Operating | None:
    """Of the plan at work; None where every piece of the lot is looked at, and nothing is left to chance."""
    if plan.inspect_all:
        return None
    kind = POISSON if float(plan.aql) > HIGHEST_PERCENT else BINOMIAL
    aql = float(plan.aql) / 100
    curve = oc_curve(n=plan.n, ac=plan.ac, kind=kind)
    shares = [aql * each for each in MULTIPLES if kind == POISSON or aql * each <= 1]
    accepted = acceptance_probability(n=plan.n, ac=plan.ac, fraction=shares, kind=kind)
    return Operating(
        aql=aql, at_aql=float(acceptance_probability(n=plan.n, ac=plan.ac, fraction=aql, kind=kind)),
        tenth=fraction_accepted(n=plan.n, ac=plan.ac, probability=0.1, kind=kind), curve=tuple(curve),
        table=tuple((f"{100 * share:g}", f"{100 * chance:.1f}") for share, chance in zip(shares, accepted, strict=True)),
        counts_nonconformities=kind == POISSON,
    )  # fmt: skip
