"""What a series of lots is told, and what it answers: the lot as inspected, and the step that the series took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from qualitystats.plans import SinglePlan
from qualitystats.readings import whole


@dataclass(frozen=True)
class InspectedLot:
    """What inspection found in one lot; `original` is false for a lot that was submitted again."""

    nonconforming: int
    lot_size: int | None = None
    original: bool = True
    production_steady: bool = True


# A count found in an original lot; ["resub", count]; {"nonconforming": …, "lot_size": …}; or an InspectedLot.
LotLike: TypeAlias = "InspectedLot | int | tuple[str, int] | list[Any] | Mapping[str, Any]"


@dataclass(frozen=True)
class Step:
    """What one lot did to the series. `accepted` is None where inspection had been discontinued; `code` is the reason for programs."""

    lot: int
    original: bool
    nonconforming: int
    severity: str
    plan: SinglePlan | None
    accepted: bool | None
    switching_score_after: int | None
    severity_after: str
    reason: str = ""
    code: str = ""

    @property
    def switched(self) -> bool:
        """Whether the next lot is inspected with another severity."""
        return self.severity != self.severity_after


def read_lot(lot: LotLike) -> InspectedLot:
    """Read a lot from whatever form the caller has it in.

    Args:
        lot: An ``InspectedLot``, a count, ``("resub", count)`` or a mapping with the names of ``InspectedLot``.
    Returns:
        The lot, its counts checked.
    Raises:
        ValueError: none of these forms, or a count that is not a whole number of at least 0.
    Source: none, a rule of this package.

    >>> read_lot(["resub", 2])
    InspectedLot(nonconforming=2, lot_size=None, original=False, production_steady=True)
    """
    if isinstance(lot, Mapping):
        unknown = set(lot) - set(InspectedLot.__dataclass_fields__)
        if unknown or "nonconforming" not in lot:
            raise ValueError(
                f"lot has the names {sorted(lot)}: must have 'nonconforming', and may have {list(InspectedLot.__dataclass_fields__)}"
            )
        lot = InspectedLot(**lot)
    elif isinstance(lot, (tuple, list)):
        if len(lot) != 2 or lot[0] != "resub":
            raise ValueError(f"lot is {lot!r}: must be ('resub', count)")
        lot = InspectedLot(lot[1], original=False)
    elif not isinstance(lot, InspectedLot):
        lot = InspectedLot(lot)
    size = None if lot.lot_size is None else whole("lot_size", lot.lot_size, at_least=2)
    return replace(lot, nonconforming=whole("nonconforming", lot.nonconforming), lot_size=size)
