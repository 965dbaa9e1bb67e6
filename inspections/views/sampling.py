"""The piece of a lot's page about its sampling."""

from __future__ import annotations

from typing import Any

from inspections.on_lot import OnLot


def piece(on: OnLot) -> dict[str, Any]:
    """What _lot_sampling.html shows, under the name `sampling`."""
    return {"shown": False}
