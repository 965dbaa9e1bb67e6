"""What a proposal makes of a clause, and what the accepted ones make of a text. Pure: rows are copied, never saved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from agreements.clauses import source_is_stale
from records.canonical import canonical

# Where a number comes from that the two sides agreed on themselves.
AGREED_SOURCE = {"source": "agreed by both sides", "source_zh": "双方约定"}


def clause_sha(clause: Any) -> str:
    """The SHA-256 of what a clause says, whatever its place: whom it binds, its parameters, both languages."""
    said = {"type": clause.type, "side": clause.side, "params": clause.params, "zh": clause.text_zh, "en": clause.text_en}
    return hashlib.sha256(canonical(said)).hexdigest()


def words_sha(proposal: Any) -> str:
    """The SHA-256 of what a proposal would make of its clause; empty where the clause is to go."""
    if proposal.kind == "remove":
        return ""
    said = {"type": proposal.type, "side": proposal.binds, "params": proposal.params, "zh": proposal.text_zh, "en": proposal.text_en}
    return hashlib.sha256(canonical(said)).hexdigest()


def changed_params(before: Mapping[str, Any], wished: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with those wished for; an empty one is taken out. A limit that moved without a source is agreed by both sides."""
    merged = {**before, **wished}
    after = {name: value for name, value in merged.items() if value not in (None, "") or (name in before and before[name] == value)}
    if source_is_stale(before, after):
        after |= {name: words for name, words in AGREED_SOURCE.items() if name in before and before.get(name) == after.get(name)}
    return after


def applied(clauses: Sequence[Any], accepted: Iterable[Any]) -> list[Any]:
    """The clauses of the next text in their order: changed, taken out and added as was accepted."""
    changes: dict[int, Any] = {}
    added: dict[int, list[Any]] = {}
    for proposal in sorted(accepted, key=lambda each: (each.at, each.pk)):
        if proposal.kind == "add":
            added.setdefault(proposal.clause_order, []).append(proposal)
        else:
            changes[proposal.clause_order] = proposal
    following: list[Any] = []
    for place, clause in [(0, None), *((each.order, each) for each in clauses)]:
        change = changes.get(place)
        if clause is not None and not (change and change.kind == "remove"):
            following.append(_with(clause, change) if change else copy(clause))
        following += [_with(clauses[0], new) for new in added.get(place, [])]
    for order, clause in enumerate(following, start=1):
        clause.order = order
    return following


def _with(clause: Any, proposal: Any) -> Any:
    new = copy(clause)
    new.type, new.side, new.params = proposal.type, proposal.binds, proposal.params
    new.text_zh, new.text_en = proposal.text_zh, proposal.text_en
    return new
