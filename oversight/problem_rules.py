"""How a problem, a project and a technique go on, and how much must be known before a problem counts as confirmed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qualitystats.small_areas import wilson_interval

MOVES: Mapping[str, tuple[str, ...]] = {
    "reported": ("triaged", "closed"),
    "triaged": ("confirmed", "closed"),
    "confirmed": ("in_research", "solution_trial", "watch", "closed"),
    "in_research": ("solution_trial", "confirmed", "watch"),
    "solution_trial": ("solved", "watch", "in_research"),
    "solved": ("closed", "watch"),
    "watch": ("closed", "in_research", "solved"),
    "closed": ("triaged", "watch"),  # back to judging where it never was confirmed, else under watch
}
PROJECT_MOVES: Mapping[str, tuple[str, ...]] = {
    "proposed": ("approved", "stopped"),
    "approved": ("running", "stopped"),
    "running": ("review", "stopped"),
    "review": ("adopted", "running", "stopped"),
    "adopted": (),
    "stopped": (),
}
# What the institute in the lead may do itself; approving, adopting and stopping are the bureau's.
LEADS_MOVES = (("approved", "running"), ("running", "review"))
UNCONFIRMED = ("reported", "triaged")


@dataclass(frozen=True)
class EvidenceRule:
    """How much must be known. Each version stays as it was: a problem keeps the number of the one it was confirmed by."""

    version: int
    firms: int  # a problem of fewer firms is a matter between them; and nothing under five is ever published
    share_floor: float  # at 95 %, of the firms that were looked at: rarer than this is not common
    reporters: int  # independent firms that say the same
    looked_at: int  # of a supervision sample: fewer give an interval as wide as the question
    severe: int  # from this severity on three firms are enough: waiting for two more harms people


RULES = {1: EvidenceRule(version=1, firms=5, share_floor=0.05, reporters=5, looked_at=20, severe=5)}
IN_FORCE = RULES[1]
SEVERE_FIRMS = 3


@dataclass(frozen=True)
class Known:
    """What is known of a problem today: counts only."""

    firms: int = 0  # that had a confirmed nonconformity in the last year
    looked_at: int = 0  # firms that were looked at
    reporters: int = 0
    outside_firms: int = 0  # of the best outside source
    outside_looked_at: int = 0

    @property
    def share_floor(self) -> float:
        """The lower Wilson limit of the share of firms, on the platform."""
        return wilson_interval(self.firms, n=self.looked_at).lower if self.looked_at else 0.0

    @property
    def outside_floor(self) -> float:
        """The same of the outside source."""
        return wilson_interval(self.outside_firms, n=self.outside_looked_at).lower if self.outside_looked_at else 0.0


def road_of(known: Known, *, severity: int, rule: EvidenceRule = IN_FORCE) -> str:
    """By which road the evidence suffices: "firms", "outside", "reports", "severe"; "" where it does not."""
    if known.firms >= rule.firms and known.share_floor >= rule.share_floor:
        return "firms"
    if known.outside_looked_at >= rule.looked_at and known.outside_firms >= rule.firms and known.outside_floor >= rule.share_floor:
        return "outside"
    if known.reporters >= rule.reporters:
        return "reports"
    if severity >= rule.severe and max(known.firms, known.outside_firms, known.reporters) >= SEVERE_FIRMS:
        return "severe"
    return ""


def may_move(state: str, to: str, *, confirmed: bool) -> bool:
    """Whether a problem goes from one state to another; a closed one goes back to where it came from."""
    if state == "closed":
        return to == ("watch" if confirmed else "triaged")
    return to in MOVES[state]


def frozen(known: Known, road: str, rule: EvidenceRule = IN_FORCE) -> dict[str, Any]:
    """What a confirmed problem keeps."""
    return {"rule": rule.version, "road": road, **asdict(known)}


def number_of(text: str) -> float | None:
    """A value as people say it, as a number: "3-4" is 3.5, "2" is 2.0; None where it is neither a number nor a half grade."""
    said = text.strip().replace("\u2013", "-").replace("~", "-")
    low, mark, high = said.partition("-") if not said.startswith("-") else (said, "", "")
    try:
        first = float(low)
        if not mark:
            return first if abs(first) < 1e7 else None
        return first + 0.5 if float(high) == first + 1 else None
    except ValueError:
        return None
