"""A committed world with four stories, and who asks from where."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.cast import BY_NAME
from tests.clients import signed_in, with_token
from tests.contract.matrix.looking import WATCH
from tests.world import Story
from tests.world_campaigns import POLICY
from tests.world_problems import PROBLEM, PROJECT, TECHNIQUE

ABSENT = UUID("00000000-0000-7000-8000-000000000000")
# What an address holds that is no id: nobody's, and as long as a true one, since a page may say its own address.
ABSENT_WORDS = {"lot_token": "A" * 22, "checklist_code": "own-zzzzzzzz-1"}
# Numbers of stories, as they were told. Each of "others" is a way in which somebody could peep.
OTHERS = {"chen": [1], "fang": [0, 2], "lin": [1, 2], "wu": [0], "zhou": [0], "mei": [0], "an": [0], "pan": [0], "nobody": [0]}
OWN = {"chen": 0, "fang": 1, "lin": 0, "wu": 1}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# An address may carry these; the value says which thing of a story fills it. A name that is missing here fails the matrix.
FIXED = {
    "number": 1, "format": "csv", "kind": "csv", "code": "330203", "extension": "csv", "library_code": "PH", "characteristic": "PH",
    # What everybody reads: there is one of each in a world.
    "policy_id": POLICY, "problem_id": PROBLEM, "project_id": PROJECT, "technique_id": TECHNIQUE,
}  # fmt: skip


class Plain(Client):
    """Sends a request and hands back the answer: it keeps no cookie (signing out is undone too) and no copy of what the templates took."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


@dataclass
class Crowd:
    """Clients and API headers of everybody."""

    clients: dict[str, Client]
    headers: dict[str, dict[str, str]]
    stories: list[Story]
    api: Client = field(default_factory=Plain)
    closed: dict[tuple[str, str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clients = {who: _plain(client) for who, client in self.clients.items()}


def _plain(client: Client) -> Plain:
    made = Plain()
    made.cookies = client.cookies
    return made


def assemble(stories: list[Story]) -> Crowd:
    """Sign everybody in. Commits."""
    people = [who for who in OTHERS if who != "nobody"]
    clients = {who: signed_in(who) for who in people} | {"nobody": Client()}
    return Crowd(clients, {who: with_token(who) for who in people} | {"nobody": {}}, stories)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a request writes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(crowd: Crowd, who: str, method: str, address: str) -> Any:
    """One request of one person; API addresses carry a token, pages a session. The answer says what the view `looks` at."""
    headers = crowd.headers[who] if address.startswith("/api/") else {}
    client = crowd.api if address.startswith("/api/") else crowd.clients[who]
    looks = WATCH.begin()
    with undone():
        response: Any = client.generic(method, address, b"", content_type="application/json" if headers else "text/plain", **headers)
        response.body = b"".join(response.streaming_content) if response.streaming else response.content
    response.looks = looks
    return response


def opens(crowd: Crowd, method: str, address: str) -> bool:
    """False where this method is refused before anybody asks who comes: a stranger hears 405 then, not a way to the door.

    The guard that answers a stranger so answers all others the same, and need not be asked by each of them.
    """
    if (method, address) not in crowd.closed:
        answer = ask(crowd, "nobody", method, address)
        crowd.closed[method, address] = answer.status_code == 405 and answer.looks.blind
    return not crowd.closed[method, address]


def shut_to(who: str, address: str) -> bool:
    """Whether the one guard of a page refuses this person's hat: whatever method is sent meets it first, and need not be sent.

    A refusal of any other making says nothing of the other methods; nor has an address of the API a guard that we could read.
    """
    hats = getattr(resolve(address.partition("?")[0]).func, "hats", None)
    return who in BY_NAME and hats is not None and BY_NAME[who].hat not in {hat.value for hat in hats}


_NOISE = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'), b"CSRF"),
    (re.compile(rb'"X-CSRFToken": ?"[^"]+"'), b"CSRF"),
    (re.compile(rb"X-CSRFToken&quot;: ?&quot;[^&]+&quot;"), b"CSRF"),
    (re.compile(rb'name="(client|batch)_id" value="[^"]+"'), b"CLIENT"),
    (re.compile(rb'nonce="[^"]+"'), b"NONCE"),
    (re.compile(rb"nonce-[A-Za-z0-9+/=_-]+"), b"NONCE"),
]


def _unpacked(body: bytes) -> bytes:
    """A workbook's sheets and words, without the moment at which it was packed."""
    if body[:2] != b"PK":
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return b"".join(book.read(name) for name in sorted(book.namelist()) if not name.startswith("docProps/"))


def face_of(response: Any, *ids: Any) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body without nonce, CSRF token and the asked ids."""
    body = _unpacked(response.body)
    for pattern, word in _NOISE:
        body = pattern.sub(word, body)
    text = {
        k: re.sub(r"nonce-[A-Za-z0-9+/=_-]+", "NONCE", v)
        for k, v in response.headers.items()
        if k not in ("Set-Cookie", "Expires", "Last-Modified")
    }
    if response.body[:2] == b"PK":
        text.pop("Content-Length", None)  # the packed size follows the moment of packing
    for value in ids:
        body = body.replace(str(value).encode(), b"ID")
        text = {k: v.replace(str(value), "ID") for k, v in text.items()}
    return response.status_code, text, body
