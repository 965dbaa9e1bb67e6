"""Seven people in five hats. In whatever only one firm may read stands that firm's canary, and nobody else's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from tests.cast import BY_NAME, CAST, key
from tests.clients import signed_in, with_token

CANARY = re.compile(rb"kanari[0-9a-f]{10}")
CSRF = "b" * 32
LISTED = """
insert into suppliers_supplylink (id, owner_org_id, owner_name_zh, owner_name_en, name_zh, name_en, pinyin_key, uscc, contact, phone, node_codes,
  region_code, town_code, address, state, is_demo, created_at)
select %(id)s, %(org)s, '主', '', %(bird)s, %(bird)s, 'a', '0DEM0LEAKS00000000', %(bird)s, '', '{}', '', '', %(bird)s, 'listed', true, now()
"""
TOLD = """
insert into notices_notification (id, org_id, hat, kind, subject_id, facts, at)
select uuidv7(), %(org)s, %(hat)s, 'supplier_joined', %(id)s, jsonb_build_object('other_zh', %(bird)s::text, 'other_en', %(bird)s::text), now()
"""
NAMED = [
    "update suppliers_site set name_zh = %(bird)s, name_en = %(bird)s, address = %(bird)s where org_id = %(org)s",
    "update parties_person set name = %(bird)s where id = %(person)s",
    "update parties_membership set person_name = %(bird)s where org_id = %(org)s",
]


@dataclass
class Caller:
    """One person with a session and a key, what only they may read, and where they go."""

    who: str
    hat: str
    canary: bytes
    cookie: dict[str, str]
    token: dict[str, str]
    private_id: UUID
    pages: list[str] = field(default_factory=list)
    api: list[str] = field(default_factory=list)


PAGES = {
    "owner": ["/suppliers/", "/inbox/", "/record/", "/home/", "/me/", "/agreements/"],
    "supplier": ["/firm/", "/inbox/", "/record/", "/home/", "/me/", "/agreements/"],
    "bureau": ["/inbox/", "/me/"],
    "lab": ["/inbox/", "/me/"],
    "provider": ["/inbox/", "/me/"],
    "platform": ["/inbox/", "/me/"],
}
API = {
    "owner": ["me/", "suppliers/", "notifications/", "agreements/", "obligations/"],
    "supplier": ["me/", "firm/", "notifications/", "agreements/", "obligations/"],
    "bureau": ["me/", "notifications/"],
    "lab": ["me/", "notifications/"],
    "provider": ["me/", "notifications/"],
    "platform": ["me/", "notifications/"],
}


def assemble(free: Any) -> list[Caller]:
    """Hang up the canaries (as the superuser) and sign everybody in."""
    callers = []
    for member in CAST:
        bird, private = f"kanari{uuid4().hex[:10]}", key("private", member.who)
        values = {"bird": bird, "org": member.org_id, "person": member.person_id, "hat": member.hat, "id": private}
        for statement in [*NAMED, *([LISTED] if member.hat == "owner" else []), *[TOLD] * 5]:
            free.execute(statement, values)
        session = signed_in(member.who).cookies["sessionid"].value
        cookie = {"Cookie": f"sessionid={session}; csrftoken={CSRF}; django_language=en", "X-CSRFToken": CSRF}
        token = {"Authorization": with_token(member.who)["HTTP_AUTHORIZATION"]}
        paths = [f"/api/v1/{path}" for path in API[member.hat]]
        callers.append(Caller(member.who, member.hat, bird.encode(), cookie, token, private, PAGES[member.hat], paths))
    return callers


def strangers_thing(caller: Caller) -> str:
    """The address of something that exists, but not in this caller's world."""
    other = "fang" if caller.who == "chen" else "chen"
    return str(key("private", BY_NAME[other].who))


def refused_body() -> bytes:
    """A write that the rules refuse, after the hat is on."""
    return json.dumps({"name_zh": f"云杼{timezone.now():%f}", "uscc": "0DEM0WRONG"}).encode()
