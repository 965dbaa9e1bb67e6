"""How the matrix fills an address: from a story, or with a thing that does not exist."""

from __future__ import annotations

from typing import Any

from tests.contract.matrix.people import ABSENT, ABSENT_WORDS, FIXED
from tests.contract.matrix.routes import Route
from tests.world import Story

# A token in an address is a capability: whoever holds it is invited. Its unknown and spent forms are tested with the door.
CAPABILITIES = {"token", "gate_token", "report_token", "paper_hash", "feed_token", "portrait_token"}
# The bureau reads the state of every agreement, and only through these addresses. The laboratory of the cast is asked in every story.
OPEN_TO = {
    "zhou": ("bureau/", "api/v1/bureau/", "rounds/", "api/v1/rounds/"),
    "mei": ("arbitrations/", "api/v1/samples-to-test/", "appeals/", "api/v1/appeals/", "rounds/", "api/v1/rounds/"),
    "an": ("services/", "api/v1/services/"),
    "pan": ("bureau/chain/", "api/v1/bureau/chain/", "jobs/", "api/v1/jobs/", "platform/", "api/v1/platform/", "library/", "api/v1/library/"),
}


def values(route: Route, story: Story | None) -> dict[str, Any]:
    """The holes filled from a story (None: nothing of it exists), or the reason why that cannot be."""
    filled: dict[str, Any] = {}
    for name in route.params:
        if name in FIXED:
            filled[name] = FIXED[name]
        elif name in CAPABILITIES:
            filled[name] = "no-such-token"
        else:
            filled[name] = ABSENT_WORDS.get(name, ABSENT) if story is None else story.ids[name]
    return filled


def things(route: Route) -> list[str]:
    """The holes that name a thing of a firm."""
    return [name for name in route.params if name not in FIXED and name not in CAPABILITIES]
