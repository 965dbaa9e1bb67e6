"""Planning a year of visits: numbers only. The problem, the plan, why something is left out, and changes to a plan that stands."""

from audits.planning.changes import Change, Moved, Replanned, moved_by_hand, without
from audits.planning.problem import HALVES, Auditor, Booking, Problem, Visit
from audits.planning.reasons import LeftOut, why_left_out, would_take
from audits.planning.solve import Plan, plan_year

__all__ = [
    "HALVES",
    "Auditor",
    "Booking",
    "Change",
    "LeftOut",
    "Moved",
    "Plan",
    "Problem",
    "Replanned",
    "Visit",
    "moved_by_hand",
    "plan_year",
    "why_left_out",
    "without",
    "would_take",
]
