"""A committed world with two stories, and callers with keys. Whatever a test writes is rolled back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.test import Client

from tests import harness
from tests.clients import with_token
from tests.world import Story

PEOPLE = ("chen", "fang", "lin", "wu", "zhou", "mei", "an", "pan")


@dataclass
class Answer:
    """Status, headers and body of one call."""

    status: int
    headers: Any
    body: Any
    raw: bytes


@dataclass
class Caller:
    """A program with a key of one of the cast."""

    headers: dict[str, str]

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Answer:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        kind = sent.pop("HTTP_CONTENT_TYPE", "application/json")
        response = Client().generic(method, _address(address), data, content_type=kind, **self.headers, **sent)
        return _answer(response)

    def form(self, address: str, fields: dict[str, Any], **headers: str) -> Answer:
        sent = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        return _answer(Client().post(_address(address), fields, **self.headers, **sent))


def _address(address: str) -> str:
    return address if address.startswith("/") else f"/api/v1/{address}"


def _answer(response: Any) -> Answer:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    is_json = "json" in response.headers.get("Content-Type", "")
    return Answer(response.status_code, response.headers, json.loads(raw) if is_json and raw else None, raw)


@dataclass
class World:
    """Two stories and everybody's keys."""

    lin: Story
    wu: Story
    callers: dict[str, Caller]

    def __call__(self, who: str, method: str, address: str, body: Any = None, **headers: str) -> Answer:
        return self.callers[who](method, address, body, **headers)


@pytest.fixture(scope="package")
def built(servers: Any, peopled: Any, django_db_blocker: Any) -> Iterator[World]:
    before = harness.addresses()
    name = peopled.clone(f"qcc_a_{os.getpid()}_{uuid4().hex[:6]}")
    with django_db_blocker.unblock():
        harness.point_django_at(servers, name)
        callers = {who: Caller(with_token(who)) for who in PEOPLE}
        callers |= {"reader": Caller(with_token("chen", "read")), "nobody": Caller({})}
        yield World(*peopled.stories[:2], callers)
        connections.close_all()
        harness.point_django_back(before)
    harness.drop(servers, name)


@pytest.fixture
def world(built: World, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield built
        transaction.set_rollback(True)
