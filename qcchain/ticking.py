"""What the beat's tick does, app by app, lowest floor first: an agreement takes effect before its audits are planned."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from agreements.tasks import tick as agreements_tick
from audits.services import tick as audits_tick
from records.services.uploads import sweep_incoming

CLOCKWORK: dict[str, Callable[[datetime], Any]] = {
    "records": lambda now: sweep_incoming(now=now),
    "agreements": agreements_tick,
    "audits": audits_tick,
}
