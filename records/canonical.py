"""How an entry becomes bytes, and bytes become a leaf.

An entry holds only a salted commitment of its payload: who holds the tree can guess nothing from it, and a payload can be
erased (text and salt destroyed) while the tree stands. Everything here is public arithmetic: no key, no database.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import rfc8785

from records.merkle import leaf_hash

ALGORITHM = "sha256-rfc6962/hmac-sha256/jcs-1"
SALT_SIZE = 32
FIELDS = frozenset(
    ("algorithm", "id", "stream", "kind", "actor", "subject", "at", "effective_on", "corrects", "commitment"),
)


@dataclass(frozen=True, slots=True)
class EntryActor:
    """Who acted. The clock and the platform have neither firm nor person, but always a hat."""

    org: UUID | None
    person: UUID | None
    hat: str


@dataclass(frozen=True, slots=True)
class EntrySubject:
    kind: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the common record, before it is bytes."""

    id: UUID
    stream: UUID
    kind: str
    actor: EntryActor
    subject: EntrySubject
    at: datetime
    commitment: bytes
    effective_on: date | None = None
    corrects: UUID | None = None


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value.

    Raises ValueError for what two readers could read differently: NaN, infinities, integers beyond ±(2**53 - 1), keys that
    are not text, lone surrogates, and anything that is not JSON.
    """
    try:
        return rfc8785.dumps(value)
    except (UnicodeError, TypeError, RecursionError) as error:
        raise ValueError(f"value has no canonical form: {error}") from error


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_SIZE)


def commitment(payload: bytes, salt: bytes) -> bytes:
    """HMAC-SHA-256 of the payload, keyed with its salt: hides like a keyed function, binds like the hash beneath."""
    if len(salt) != SALT_SIZE:  # HMAC pads short keys with zeros: only a fixed length keeps one salt from meaning two
        raise ValueError(f"salt has {len(salt)} bytes, must have {SALT_SIZE}")
    return hmac.digest(salt, payload, "sha256")


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC, cut (never rounded) to milliseconds."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def entry_document(entry: Entry) -> dict[str, Any]:
    if len(entry.commitment) != hashlib.sha256().digest_size:
        raise ValueError(f"commitment has {len(entry.commitment)} bytes, must have 32")
    return {
        "algorithm": ALGORITHM,
        "id": str(entry.id),
        "stream": str(entry.stream),
        "kind": entry.kind,
        "actor": {"org": _text(entry.actor.org), "person": _text(entry.actor.person), "hat": entry.actor.hat},
        "subject": {"kind": entry.subject.kind, "id": str(entry.subject.id)},
        "at": moment_text(entry.at),
        "effective_on": entry.effective_on.isoformat() if entry.effective_on else None,
        "corrects": _text(entry.corrects),
        "commitment": entry.commitment.hex(),
    }


def leaf(document: dict[str, Any]) -> bytes:
    return leaf_hash(canonical(document))


def check_entry(canonical_bytes: bytes, leaf: bytes, payload: bytes | None, salt: bytes | None) -> str | None:
    """The first thing wrong with a stored entry, as a code; None when it holds.

    ``payload`` and ``salt`` are both None once erased: the entry then still proves that *something* stood here.
    """
    if not hmac.compare_digest(leaf_hash(canonical_bytes), leaf):
        return "leaf_differs"
    try:
        document = json.loads(canonical_bytes)
        is_canonical = canonical(document) == canonical_bytes
    except (ValueError, RecursionError):
        return "not_canonical"
    if not is_canonical:
        return "not_canonical"
    if not isinstance(document, dict) or document.keys() != FIELDS:
        return "fields_differ"
    if document["algorithm"] != ALGORITHM:
        return "unknown_algorithm"
    return _payload_problem(str(document["commitment"]), payload, salt)


def _payload_problem(committed: str, payload: bytes | None, salt: bytes | None) -> str | None:
    if payload is None and salt is None:
        return None
    if payload is None:
        return "payload_missing"
    if salt is None:
        return "salt_missing"
    if len(salt) != SALT_SIZE or commitment(payload, salt).hex() != committed:
        return "payload_differs"
    return None


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
