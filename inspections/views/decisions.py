"""The piece of a lot's page about its decisions."""

from __future__ import annotations

from typing import Any

from inspections.on_lot import OnLot


def piece(on: OnLot) -> dict[str, Any]:
    """What _lot_decisions.html shows, under the name `decisions`."""
    return {"shown": False}
