"""The piece of a lot's page about its results."""

from __future__ import annotations

from typing import Any

from inspections.on_lot import OnLot


def piece(on: OnLot) -> dict[str, Any]:
    """What _lot_results.html shows, under the name `results`."""
    return {"shown": False}
