"""One relation with its record: Chen's and Lin's. Wu has nothing to do with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from foundation.actor import as_actor
from records.models import RecordEntry, RecordStream
from records.services.entries import append_entry
from records.services.streams import open_stream
from tests.cast import BY_NAME, actor, key

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
Write = Callable[..., RecordEntry]


def bare(page: bytes, thing: object) -> str:
    """A page without what differs between any two answers: the token of its forms, and the id that was asked for."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "token", page.decode()).replace(str(thing), "id")


def begin_stream(owner: str = "chen", supplier: str = "lin") -> RecordStream:
    with as_actor(actor(owner)):
        return open_stream(actor=actor(owner), owner_org_id=BY_NAME[owner].org_id, supplier_org_id=BY_NAME[supplier].org_id, now=NOW)


def write_entry(stream: RecordStream, who: str = "chen", kind: str = "agreement_sent", *, minute: int = 0, **more: Any) -> RecordEntry:
    payload = more.pop("payload", {"number": "QX-2026-0417"})
    with as_actor(actor(who)):
        return append_entry(
            actor=actor(who), stream=stream, kind=kind, subject_id=more.pop("subject_id", key("agreement", "one")), payload=payload,
            now=NOW + timedelta(minutes=minute), **more,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def evidence_root(tmp_path: Path, settings: Any) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def stream(db: None) -> RecordStream:
    return begin_stream()


@pytest.fixture
def write(stream: RecordStream) -> Write:
    def writer(who: str = "chen", kind: str = "agreement_sent", **more: Any) -> RecordEntry:
        return write_entry(stream, who, kind, **more)

    return writer
