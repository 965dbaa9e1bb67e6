"""Who may take which step with a lot, from where to where, and for what reasons. Pure; the database holds the same moves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

# Who decides about lots for a firm; a hold of a chief quality officer is ended by such an officer only.
DECIDERS = ("cqo", "quality")
OFFICER = "cqo"
OTHER_WHY = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the states it leaves, the one it leads to ("" where that depends), and whose it is in a relation."""

    leaves: tuple[str, ...]
    to: str
    sides: tuple[str, ...]
    reasons: tuple[str, ...]


BOTH = ("owner", "supplier")
STEPS: dict[str, Step] = {
    "release": Step(("inspecting", "held"), "released", ("owner",), ("meets", "own_test", "retested", OTHER_WHY)),
    "hold": Step(
        ("registered", "inspecting", "released", "concession", "regraded", "held"),
        "held",
        BOTH,
        ("out_of_limits", "colour", "look_closer", "papers", "complaint", OTHER_WHY),
    ),
    "lift": Step(("held", "not_accepted"), "", BOTH, ("cleared_up", "retested", "mistake", OTHER_WHY)),
    "not_accept": Step(
        ("inspecting", "held"), "not_accepted", ("owner",), ("out_of_limits", "sampling", "colour", "wrong_goods", OTHER_WHY)
    ),
    "rework": Step(("held", "not_accepted"), "inspecting", BOTH, ("finish_again", "sort_out", "repack", OTHER_WHY)),
    "regrade": Step(("held", "not_accepted"), "regraded", ("owner",), ("colour", "looks", OTHER_WHY)),
    "scrap": Step(("held", "not_accepted", "regraded"), "scrapped", BOTH, ("cannot_be_mended", "not_worth_it", OTHER_WHY)),
}
ASKS_CONCESSION = ("inspecting", "held", "not_accepted")
ASKS_ARBITRATION = ("held", "not_accepted")


def is_whose(kind: str, side: str, *, own_lot: bool) -> bool:
    """Whether the step is that side's to take; of a supplier's own lot every step is the supplier's.

    >>> is_whose("release", "supplier", own_lot=False), is_whose("release", "supplier", own_lot=True)
    (False, True)
    """
    return side in STEPS[kind].sides or (own_lot and side == "supplier")


def steps_open(state: str, side: str, roles: Collection[str], *, own_lot: bool) -> list[str]:
    """The steps that this reader may take with a lot in that state, as far as holds allow.

    >>> steps_open("inspecting", "supplier", {"quality"}, own_lot=False)
    ['hold']
    """
    if not set(roles).intersection(DECIDERS):
        return []
    return [kind for kind, step in STEPS.items() if state in step.leaves and is_whose(kind, side, own_lot=own_lot)]
