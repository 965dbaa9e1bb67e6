"""What a change of many lines would do, row by row: decided from values already loaded, nothing is written here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parties.reference import chain_nodes, regions

MOST = 5000
FIELDS = ("tag", "tier", "nodes", "add_node", "region", "approval")


@dataclass(frozen=True)
class Change:
    """One field and its new value; for an approval also why, and until when."""

    field: str
    value: Any


@dataclass(frozen=True)
class Planned:
    """One line of a preview. `skipped` is the reason's code; then nothing is written."""

    link: Any
    before: Any
    after: Any
    skipped: str = ""


@dataclass(frozen=True)
class Around:
    """What a plan must know beside the lines: what stands of their approvals, and through whom others deliver."""

    standing: Mapping[UUID, list[Any]]
    leading: Collection[UUID]


def plan(change: Change, links: Iterable[Any], around: Around) -> list[Planned]:
    """Before → after of each line, in their order."""
    return [_planned(change, link, around) for link in links]


def _planned(change: Change, link: Any, around: Around) -> Planned:
    before = value_of(change, link, around)
    after = _after(change, before)
    if before == after or (change.field == "approval" and _says_the_same(before, after)):
        return Planned(link, before, before, "same")
    if change.field == "tier" and link.via_id is not None:
        return Planned(link, before, before, "via")
    if change.field == "tier" and link.pk in around.leading:
        return Planned(link, before, before, "behind")
    return Planned(link, before, after)


def value_of(change: Change, link: Any, around: Around) -> Any:
    """What a line holds now, as it is kept in an edit."""
    if change.field == "approval":
        found = (each for each in around.standing.get(link.pk, []) if each.category == change.value["category"])
        return approval_image(next(found, None))
    if change.field == "region":
        return {"region": link.region_code, "town": link.town_code}
    return {"tag": link.tag, "tier": link.tier}.get(change.field, list(link.node_codes))


def approval_image(approval: Any) -> dict[str, Any]:
    """An approval as an edit keeps it; {} where none stands."""
    if approval is None:
        return {}
    until = approval.until.isoformat() if approval.until else None
    return {"category": approval.category, "state": approval.state, "until": until, "reason": approval.reason}


def _after(change: Change, before: Any) -> Any:
    if change.field == "add_node":
        return before if change.value in before else [*before, change.value]
    return change.value


def _says_the_same(before: Any, after: Any) -> bool:
    return bool(before) and (before["state"], before["until"]) == (after["state"], after["until"])


def columns_of(field: str, value: Any) -> dict[str, Any]:
    """The columns that hold a value."""
    if field == "region":
        return {"region_code": value["region"], "town_code": value["town"]}
    return {{"nodes": "node_codes", "add_node": "node_codes"}.get(field, field): value}


def place_of_code(code: str) -> dict[str, str]:
    """District and town by the code of either; {} for a code that is neither."""
    found = next((region for region in regions() if region.code == code), None)
    if found is None or found.kind == "city":
        return {}
    return {"region": found.parent or "", "town": code} if found.kind == "town" else {"region": code, "town": ""}


def node_order(codes: Iterable[str]) -> list[str]:
    """Known steps in the order of the chain."""
    chosen = set(codes)
    return [node.code for node in chain_nodes() if node.code in chosen]


def fingerprint(planned: Iterable[Planned]) -> str:
    """Equal as long as the lines of a preview and their values are the same."""
    told = [[str(row.link.pk), row.before, row.skipped] for row in planned]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
