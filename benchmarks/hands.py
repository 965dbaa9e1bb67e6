"""The other end of a Crew: one command a line, one answer a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any


def obey(work: Callable[..., dict[str, Any]]) -> None:
    """Do as told until the standard input ends."""
    for line in sys.stdin:
        print(json.dumps(work(**json.loads(line))), flush=True)
