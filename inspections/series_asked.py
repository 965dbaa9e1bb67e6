"""Which series a page was asked for, from what stands in its address. Pure: the known series come in, the ones that fit go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import UUID

NONE = "-"  # in an address: a part of the key that is empty
PARTS = ("supplier", "customer", "product", "edition", "origin")


class SeriesLike(Protocol):
    """What is read of a series that exists."""

    supplier_org_id: UUID
    owner_org_id: UUID | None
    product_code: str
    characteristic_code: str
    edition_code: str
    origin: str


@dataclass(frozen=True)
class Choice:
    """What fits the address. One key: `rows` are it, else the reader has to choose; `mixed` where only method or tester differ."""

    rows: Sequence[Any]
    asked: Mapping[str, str]

    @property
    def is_one(self) -> bool:
        return len({tuple(parts_of(row).values()) for row in self.rows}) == 1

    @property
    def is_mixed(self) -> bool:
        return not self.is_one and len({tuple(parts_of(row)[name] for name in PARTS[:3]) for row in self.rows}) == 1


def parts_of(row: SeriesLike) -> dict[str, str]:
    """The key as it stands in an address."""
    said = (row.supplier_org_id, row.owner_org_id, row.product_code, row.edition_code, row.origin)
    return dict(zip(PARTS, (str(each or NONE) for each in said), strict=True))


def chosen(rows: Sequence[Any], query: Mapping[str, str]) -> Choice:
    """The series that the address leaves."""
    asked = {name: str(query.get(name, ""))[:60] for name in PARTS if query.get(name)}
    return Choice([row for row in rows if all(parts_of(row)[name] == value for name, value in asked.items())], asked)


def address_of(row: SeriesLike) -> str:
    """The query that names this series and no other."""
    return "?" + urlencode(parts_of(row))
