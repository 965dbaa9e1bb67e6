"""What the agreement of a lot's day asks of its inspection, and the plan that follows from it and from the lots before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from uuid import UUID

from inspections.switching import CLASSES, ClassPlan, Course, Terms, course_for, none_accepted_plan
from qualitystats.sampling import DISCONTINUED, single_plan

# Of these a lot is drawn piece by piece; of what is weighed or measured somebody says how many cones or rolls it is.
COUNTED_UNITS = ("pcs", "set", "roll")
LARGEST_LOT = 10_000_000


class ClauseLike(Protocol):
    """What is read of a clause."""

    pk: UUID
    type: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedPlan:
    """One clause on sampling: at which stage, and on what terms for each class. `place`: the how-many-th of its stage, from 0."""

    stage: str
    place: int
    clause_id: UUID
    name_zh: str
    name_en: str
    terms: Mapping[str, Terms]
    specimens: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """How one lot is inspected: a plan for each class, and the series that led to it. `stopped`: classes whose inspection is discontinued."""

    asked: AskedPlan
    lot_size: int
    plans: Mapping[str, ClassPlan]
    courses: Mapping[str, Course]
    stopped: tuple[str, ...] = ()

    @property
    def pieces(self) -> int:
        """How many pieces are taken: the most that any class asks for."""
        return max((plan.n for plan in self.plans.values()), default=0)

    @property
    def seen(self) -> str:
        """What whoever inspects goes by: it comes back with the counts, for the plan may have changed meanwhile."""
        said = [f"{name}:{plan.severity}:{plan.n}:{plan.ac}" for name, plan in self.plans.items()]
        return ";".join([f"{self.lot_size}", *said, *(f"{name}:{DISCONTINUED}" for name in self.stopped)])


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from the counts: each class by itself, and the lot, which is accepted where every class is."""

    classes: Mapping[str, bool]

    @property
    def accepted(self) -> bool:
        return all(self.classes.values())

    @property
    def missed(self) -> list[str]:
        return [name for name, accepted in self.classes.items() if not accepted]


def asked_plans(clauses: Iterable[ClauseLike]) -> list[AskedPlan]:
    """The clauses that ask for inspection by attributes, in their order. One that only names specimens to measure is none."""
    found: list[AskedPlan] = []
    for clause in clauses:
        terms = _terms(clause.params) if clause.type == "sampling_plan" else {}
        if not terms:
            continue
        stage = str(clause.params["stage"])
        place = sum(1 for each in found if each.stage == stage)
        names = (str(clause.params.get("name_zh", "")), str(clause.params.get("name_en", "")))
        found.append(AskedPlan(stage, place, clause.pk, *names, terms, int(clause.params.get("n") or 0)))
    return found


def _terms(params: Mapping[str, Any]) -> dict[str, Terms]:
    level, switches = str(params.get("level") or ""), bool(params.get("switching"))
    found = {name: Terms(str(aql), level, switches) for name in CLASSES if (aql := params.get(f"aql_{name}"))}
    if all(terms.none_accepted for terms in found.values()) and not params.get("n"):
        return {}
    return found if level else {}


def plan_for(asked: AskedPlan, lot_size: int, before: Mapping[str, Course]) -> Planned:
    """The plan for a lot of that size, after what each class's series has been told so far."""
    courses = {name: course_for(name, terms, before.get(name)) for name, terms in asked.terms.items() if not terms.none_accepted}
    plans, stopped = {}, []
    for name, course in courses.items():
        plan = course.plan(lot_size)
        if plan is None:
            stopped.append(name)
        else:
            plans[name] = plan
    pieces = max((plan.n for plan in plans.values()), default=min(asked.specimens or lot_size, lot_size))
    for name, terms in asked.terms.items():
        if terms.none_accepted:
            plans[name] = none_accepted_plan(name, pieces=pieces, lot_size=lot_size)
    ordered = {name: plans[name] for name in CLASSES if name in plans}
    return Planned(asked, lot_size, ordered, courses, tuple(stopped))


def plan_of_size(plans: Mapping[str, ClassPlan], lot_size: int) -> dict[str, ClassPlan]:
    """The same severities for a lot that turns out to be of another size."""
    made = {}
    for name, plan in plans.items():
        if plan.level:
            table = single_plan(lot_size=lot_size, level=plan.level, aql=plan.aql, severity=plan.severity)
            made[name] = ClassPlan(
                name, table.aql, plan.level, table.severity, table.code_letter, table.plan_letter, table.n_inspect, table.ac, table.re,
                lot_size, table.inspect_all,
            )  # fmt: skip
    pieces = max((plan.n for plan in made.values()), default=min(lot_size, max(plan.n for plan in plans.values())))
    for name, plan in plans.items():
        if not plan.level:
            made[name] = none_accepted_plan(name, pieces=pieces, lot_size=lot_size)
    return {name: made[name] for name in plans}


def judged(plans: Mapping[str, ClassPlan], counts: Mapping[str, int]) -> Judged:
    """The lot by its plans."""
    return Judged({name: plan.accepts(counts[name]) for name, plan in plans.items()})


def kept_plans(plans: Mapping[str, ClassPlan], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The plans as they were carried out, with what was found: as an inspection keeps them."""
    verdict = judged(plans, counts).classes
    return [{**asdict(plan), "found": counts[name], "accepted": verdict[name]} for name, plan in plans.items()]


def read_plans(kept: Iterable[Mapping[str, Any]]) -> dict[str, ClassPlan]:
    """The plans out of what kept_plans() wrote."""
    names = ClassPlan.__dataclass_fields__
    return {row["klass"]: ClassPlan(**{name: row[name] for name in names}) for row in kept}


def size_of(quantity: Any, unit: str) -> int | None:
    """How many pieces a lot is, where its quantity counts them."""
    whole = int(quantity)
    return whole if unit in COUNTED_UNITS and whole == quantity and 2 <= whole <= LARGEST_LOT else None
