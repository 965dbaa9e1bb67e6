"""What a list may be asked for. An address, a kept view, a bulk edit and an export all speak of the same rows by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from urllib.parse import parse_qsl, urlencode

from parties.reference import chain_nodes, regions

STATES = ("listed", "invited", "joined", "declined")
TIERS = ("1", "2", "3", "4", "5")
APPROVALS = ("approved", "conditional", "applied", "suspended", "run_out", "none")
PROBLEMS = ("any", "no_phone", "invitation_over", "declined", "incomplete", "suspended")
LONGEST_QUERY, LONGEST_TAG = 80, 20


@dataclass(frozen=True)
class Wanted:
    """The filters of a list; "" means any. Made by wanted(), so its values are known ones."""

    query: str = ""
    state: str = ""
    node: str = ""
    region: str = ""
    tier: str = ""
    approval: str = ""
    problem: str = ""
    tag: str = ""

    def chosen(self) -> dict[str, str]:
        """Only the filters that narrow."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def as_query(self) -> str:
        return urlencode(self.chosen())

    def but(self, **changes: str) -> Wanted:
        return replace(self, **changes)


NAMES = tuple(field.name for field in fields(Wanted))


def wanted(said: Mapping[str, str]) -> Wanted:
    """The filters in an address; what is unknown is dropped.

    >>> wanted({"state": "joined", "tier": "9", "colour": "red"})
    Wanted(query='', state='joined', node='', region='', tier='', approval='', problem='', tag='')
    """
    asked = {name: str(said.get(name, "")).replace("\x00", "").strip()[:LONGEST_QUERY] for name in NAMES}
    asked["tag"] = asked["tag"][:LONGEST_TAG]
    known = _known()
    return Wanted(**{name: value if name not in known or value in known[name] else "" for name, value in asked.items()})


def wanted_of_query(query: str) -> Wanted:
    """The same from the text behind a question mark."""
    return wanted(dict(parse_qsl(query.removeprefix("?"), max_num_fields=50)))


@cache
def _known() -> dict[str, Collection[str]]:
    return {
        "state": STATES, "tier": TIERS, "approval": APPROVALS, "problem": PROBLEMS,
        "node": {node.code for node in chain_nodes()}, "region": {region.code for region in regions()},
    }  # fmt: skip


@cache
def towns() -> frozenset[str]:
    """Codes of towns and subdistricts: they stand in a column of their own."""
    return frozenset(region.code for region in regions() if region.kind == "town")
