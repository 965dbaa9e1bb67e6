"""A firm comes in. Everything that touches another firm's rows happens behind the door, in the database."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InternalError, connection, transaction

from foundation.actor import Actor, Hat, as_actor
from foundation.errors import RuleBroken
from notices.services import tell
from parties.models import Person
from parties.names import pinyin_key
from parties.reference import chain_nodes
from parties.roles import MAY_WRITE
from parties.selectors import token_hash
from parties.services import create_person
from suppliers.selectors import Invited, claimed_code, invited_by

# PostgreSQL can hold neither in text.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody at the door who has no account yet."""

    name: str
    contact: str
    password: str
    locale: str = "zh-hans"


@transaction.atomic
def join_as_new_firm(*, token: str, who: Person | Newcomer, node_codes: Sequence[str], now: datetime) -> Person:
    """Found the firm that the invitation names, with its first person, and join the chain owner. In the lobby only.

    `who` is somebody signed in who belongs to no firm yet, or a newcomer of whom a person is made.
    Raises RuleBroken("invitation_over") whatever the reason, ("node_missing"), or what create_person() raises; nothing is left then.
    """
    invited = _opened(token, now)
    nodes = [node.code for node in chain_nodes() if node.code in node_codes]
    if not nodes:
        raise RuleBroken("node_missing", field="nodes")
    person = create_person(**asdict(who), now=now, is_demo=invited.is_demo) if isinstance(who, Newcomer) else who
    facts = {"name_en": invited.name_en, "pinyin_key": pinyin_key(invited.name_zh)[:200], "node_codes": nodes}
    try:
        with transaction.atomic():
            org = _call("select door_found(%s, %s, %s::jsonb, %s)", token_hash(token), person.pk, json.dumps(facts), now)
    except InternalError:  # the door closed between reading and taking
        org = None
    if org is None:
        raise RuleBroken("invitation_over")
    _tell_owner(invited, "supplier_joined", now)
    return person


@transaction.atomic
def join_with_own_firm(*, actor: Actor, token: str, now: datetime) -> UUID:
    """The actor's firm accepts an invitation that names its code; the link's id.

    Raises RuleBroken("invitation_over") or ("names_another_firm").
    """
    actor.must_wear(Hat.SUPPLIER, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    with as_actor(actor):
        invited = _opened(token, now)
        if claimed_code(actor) != invited.uscc or invited.owner_org_id == actor.org_id:
            raise RuleBroken("names_another_firm")
        link_id: UUID | None = _call("select door_take(%s, %s, %s)", token_hash(token), actor.org_id, now)
    if link_id is None:
        raise RuleBroken("invitation_over")
    _tell_owner(invited, "supplier_joined", now)
    return link_id


@transaction.atomic
def decline(*, token: str, now: datetime, word: str = "") -> None:
    """This is not us: the invitation ends and its owner is told, with the word that was left. Raises RuleBroken("invitation_over")."""
    invited = _opened(token, now)
    if not _call("select door_decline(%s, %s, %s)", token_hash(token), _said(word), now):
        raise RuleBroken("invitation_over")
    _tell_owner(invited, "supplier_declined", now)


def _said(word: str) -> str:
    """One line of text, as it may be kept."""
    return " ".join(_UNSTORABLE.sub("", word).split())[:200]


def _opened(token: str, now: datetime) -> Invited:
    invited = invited_by(token, now=now)
    if invited is None:
        raise RuleBroken("invitation_over")
    return invited


def _call(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _tell_owner(invited: Invited, kind: str, now: datetime) -> None:
    tell(
        org_id=invited.owner_org_id, hat=Hat.OWNER, kind=kind, subject_id=invited.link_id,
        facts={"other_zh": invited.name_zh, "other_en": invited.name_en}, now=now,
    )  # fmt: skip
