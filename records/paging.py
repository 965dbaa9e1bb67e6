"""Where a list goes on: by the moment and the id of its last row, in the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from foundation.actor import ActorRequest
from foundation.asked import moment_of
from foundation.templatetags.qc import changed_query


def more_of(request: ActorRequest, at: datetime | None, pk: UUID | None, count: int) -> dict[str, Any]:
    """How many are shown by now, and the address of the next page."""
    seen = request.GET.get("seen", "")
    shown = count + (int(seen) if seen.isdecimal() and len(seen) < 7 else 0)
    after = f"{at.isoformat()}_{pk}" if at else ""
    return {"shown": shown, "more_url": changed_query(request.GET, {"after": after, "seen": shown}) if at else ""}


def cursor_of(request: ActorRequest) -> tuple[datetime, UUID] | None:
    """Where the page goes on; anything unreadable is the beginning."""
    at, _mark, pk = request.GET.get("after", "").partition("_")
    try:
        moment, last = moment_of(at), UUID(pk)
    except ValueError:
        return None
    return (moment, last) if moment else None
