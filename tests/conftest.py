"""One template database, built by the owner role; each test process clones it and connects as the login role.

A superuser would silently switch row security off, and the record refuses the TRUNCATE of a flush: so a test runs in a
transaction that is rolled back, or (`fresh_database`) in a clone of its own that is dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from django.db import connections, transaction

from tests import harness
from tests.own import forget_counts

harness.keep_bytecode()
# How long an example takes says how busy the machine is; speed has its benchmarks.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def servers() -> Iterator[harness.Servers]:
    running = harness.start_servers()
    yield running
    running.release()


@pytest.fixture(scope="session")
def template(servers: harness.Servers) -> str:
    return harness.ensure_template(servers)


@pytest.fixture(scope="session")
def django_db_setup(servers: harness.Servers, template: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    name = harness.clone(servers, template, f"qcc_t_{os.getpid()}_{uuid4().hex[:6]}")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        harness.point_django_at(servers, name)
        yield
        connections.close_all()
    harness.drop(servers, name)


@pytest.fixture(scope="session")
def peopled(servers: harness.Servers, template: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Any]:
    """Three stories told once in a run; a module clones the database in which they stand."""
    from tests.peopled import Peopled

    told = Peopled(servers, template, django_db_blocker)
    yield told
    told.release()


@pytest.fixture(scope="module")
def _where_it_was_told(servers: harness.Servers, peopled: Any, django_db_blocker: pytest.FixtureRequest) -> Iterator[Any]:
    before, name = harness.addresses(), peopled.clone(f"qcc_w_{os.getpid()}_{uuid4().hex[:6]}")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        harness.point_django_at(servers, name)
        yield {(story.owner, story.supplier): story for story in peopled.stories}
        connections.close_all()
        harness.point_django_back(before)
    harness.drop(servers, name)


@pytest.fixture
def told(_where_it_was_told: Any, django_db_blocker: pytest.FixtureRequest) -> Iterator[Any]:
    """The stories by their pair; what a test adds is undone."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield _where_it_was_told
        transaction.set_rollback(True)


@pytest.fixture
def fresh_database(
    servers: harness.Servers, template: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of the test's own, for what must really commit: several processes, kills, on_commit."""
    before = harness.addresses()
    name = harness.clone(servers, template, f"qcc_f_{os.getpid()}_{uuid4().hex[:6]}")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        harness.point_django_at(servers, name)
        yield name
        connections.close_all()
        harness.point_django_back(before)
    harness.drop(servers, name)


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    """No wrong password and no knock at a door of one test is held against the next."""
    yield
    forget_counts()


@pytest.fixture
def papers_unprinted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A paper answers with the words that would be printed. In a packed PDF no canary would be found, and a thousand of them take minutes."""

    from jobs import papers

    monkeypatch.setattr(papers, "_drawn", lambda words, *_how: words.encode())
    papers._printed.cache_clear()
    yield
    papers._printed.cache_clear()
