"""What the beat's tick does, app by app, lowest floor first: an agreement takes effect before its audits are planned."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

CLOCKWORK: dict[str, Callable[[datetime], Any]] = {}
