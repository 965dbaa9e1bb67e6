"""Questions about who: asked in the lobby to find the actor, and by the floors above."""

from parties.selectors.actors import HAT_KEY, Wearable, actor_of, actor_of_token, today, token_hash, wearables
from parties.selectors.firms import chain_nodes, names_of, own_organisation, people_of, regions, working_calendar
from parties.selectors.people import (
    Asked,
    Colleague,
    colleague_by,
    colleague_invitation_for,
    colleagues,
    cqo_facts_for,
    cqo_today,
    deputies,
    membership_for,
    open_colleague_invitations,
)

__all__ = [
    "HAT_KEY",
    "Asked",
    "Colleague",
    "Wearable",
    "actor_of",
    "actor_of_token",
    "chain_nodes",
    "colleague_by",
    "colleague_invitation_for",
    "colleagues",
    "cqo_facts_for",
    "cqo_today",
    "deputies",
    "membership_for",
    "names_of",
    "open_colleague_invitations",
    "own_organisation",
    "people_of",
    "regions",
    "today",
    "token_hash",
    "wearables",
    "working_calendar",
]
