"""What a list of lots may be asked for: an address, an export and a sheet of labels speak of the same rows by it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

# What the tabs show, and what a state in the address may be.
GROUPS: dict[str, tuple[str, ...]] = {
    "open": ("registered", "inspecting"),
    "held": ("held",),
    "released": ("released", "concession"),
    "refused": ("not_accepted", "regraded", "scrapped"),
    **{state: (state,) for state in ("registered", "inspecting", "concession", "not_accepted", "regraded", "scrapped")},
}
LONGEST = 60


@dataclass(frozen=True)
class LotsWanted:
    """The filters of a list of lots; what is empty does not narrow. Made by wanted(), so its values are readable ones."""

    number: str = ""
    state: str = ""
    link: UUID | None = None
    firm: str = ""
    product: str = ""
    colour: str = ""
    since: date | None = None
    until: date | None = None

    def chosen(self) -> dict[str, str]:
        """Only the filters that narrow, as an address has them."""
        return {field.name: str(value) for field in fields(self) if (value := getattr(self, field.name))}

    def as_query(self) -> str:
        return urlencode(self.chosen())


def wanted(said: Mapping[str, str]) -> LotsWanted:
    """The filters in an address; what cannot be read is dropped.

    >>> wanted({"state": "held", "since": "2026-02-31", "link": "x"}).chosen()
    {'state': 'held'}
    """
    words = {name: str(said.get(name, "")).replace("\x00", "").strip()[:LONGEST] for name in ("number", "firm", "product", "colour")}
    state = said.get("state", "")
    return LotsWanted(
        **words, state=state if state in GROUPS else "", link=_uuid(said.get("link", "")), since=_day(said.get("since", "")), until=_day(said.get("until", "")),
    )  # fmt: skip


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
