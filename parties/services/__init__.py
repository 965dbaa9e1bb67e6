"""Verbs about who: each is one transaction."""

from parties.services.colleagues import COLLEAGUE_DAYS, ColleagueSaid, accept_colleague, colleague_url, invite_colleague, revoke_colleague
from parties.services.deputies import end_deputy, name_deputy
from parties.services.keys import SCOPES, issue_token, revoke_token
from parties.services.people import add_colleague, contact_of, create_person, set_language
from parties.services.roles import CqoSaid, appoint_cqo, end_role, give_role

__all__ = [
    "COLLEAGUE_DAYS",
    "ColleagueSaid",
    "CqoSaid",
    "SCOPES",
    "accept_colleague",
    "add_colleague",
    "appoint_cqo",
    "colleague_url",
    "contact_of",
    "create_person",
    "end_deputy",
    "end_role",
    "give_role",
    "invite_colleague",
    "issue_token",
    "name_deputy",
    "revoke_colleague",
    "revoke_token",
    "set_language",
]
