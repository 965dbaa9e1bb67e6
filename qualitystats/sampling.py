"""Lot inspection by attributes in one place: plans, what they do to lots, and the switching rules.

The rooms behind this door are `plans` (the tables), `acceptance` (probabilities) and `switching` (severity from lot to lot).
"""

from qualitystats.acceptance import OcCurve, acceptance_probability, aoql, fraction_accepted, oc_curve
from qualitystats.inspected_lots import InspectedLot, Step
from qualitystats.plans import (
    EDITION,
    LEVELS,
    SEVERITIES,
    SinglePlan,
    aqls,
    code_letter,
    plan_of_letter,
    single_plan,
    z14_reduced_plan,
)
from qualitystats.switching import DISCONTINUED, Replay, SwitchingState, replay, replay_by_class

__all__ = [
    "DISCONTINUED",
    "EDITION",
    "InspectedLot",
    "LEVELS",
    "OcCurve",
    "Replay",
    "SEVERITIES",
    "SinglePlan",
    "Step",
    "SwitchingState",
    "acceptance_probability",
    "aoql",
    "aqls",
    "code_letter",
    "fraction_accepted",
    "oc_curve",
    "plan_of_letter",
    "replay",
    "replay_by_class",
    "single_plan",
    "z14_reduced_plan",
]
