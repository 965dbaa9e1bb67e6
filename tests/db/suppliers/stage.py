"""What the tests of supplier lists share."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from foundation.actor import as_actor
from suppliers.models import Invitation, SupplyLink
from suppliers.services.invitations import invite
from suppliers.services.links import FirmSaid, add_supplier
from tests.cast import actor

SAMPLES = Path(__file__).parents[2] / "data" / "import-samples"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NEW_CODE = "0DEM0N1000000000AC"


def sample(name: str) -> tuple[bytes, dict[str, Any]]:
    """A supplier list and what is expected of it."""
    return (SAMPLES / name).read_bytes(), json.loads((SAMPLES / f"{name}.expected.json").read_text())


def listed(who: str = "chen", uscc: str = NEW_CODE, name: str = "宁波禾缕纺纱有限公司（示例）", **more: Any) -> SupplyLink:
    """A firm that one of the cast has just put on its list."""
    with as_actor(actor(who)):
        return add_supplier(actor=actor(who), firm=FirmSaid(name, uscc, **{"phone": "19000000123", **more}), now=NOW)


def invited(who: str = "chen", now: datetime = NOW, **more: Any) -> tuple[Invitation, str]:
    """The same, with an open invitation and its token."""
    link = listed(who, **more)
    with as_actor(actor(who)):
        return invite(actor=actor(who), links=[link], now=now)[0]


def state_of(link_id: Any, who: str = "chen") -> SupplyLink:
    with as_actor(actor(who)):
        return SupplyLink.objects.get(pk=link_id)
