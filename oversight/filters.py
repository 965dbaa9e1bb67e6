"""What the bureau asked for, read from the address. A value that means nothing is left out, never an error page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.http import QueryDict

from foundation.asked import moment_of

MOST_DIGITS = 9
WORK = ("audits", "verdicts", "findings")
MEASURES = ("firms", "agreements", "overdue")
STATES = ("in_review", "agreed", "signing", "signed", "in_force", "suspended", "expired", "terminated", "withdrawn")


@dataclass(frozen=True)
class Asked:
    """The filters of the compliance table; each is one parameter of the address."""

    owner: str = ""
    q: str = ""
    region: str = ""
    town: str = ""
    node: str = ""
    state: str = ""
    side: str = ""
    overdue: str = ""
    work: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        said = {each.name: query.get(each.name, "").strip()[:80].replace("\x00", "") for each in fields(cls)}
        said["owner"] = said["owner"] if _uuid(said["owner"]) else ""
        said["state"] = said["state"] if said["state"] in STATES else ""
        said["side"] = said["side"] if said["side"] in ("owner", "supplier") else ""
        said["work"] = said["work"] if said["work"] in WORK else ""
        said["overdue"] = "1" if said["overdue"] else ""
        if said["town"] and not said["town"].startswith(said["region"] or "-"):
            said["town"] = ""
        return cls(**said)

    def as_query(self) -> dict[str, str]:
        """Only what was asked, for links and exports."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def cursor_of(text: str) -> tuple[datetime, UUID] | None:
    """Where a page goes on: "moment~id"; anything else starts from the top."""
    moment, _tilde, ident = text.partition("~")
    found = _uuid(ident)
    at = moment_of(moment)
    return (at, found) if found and at else None


def worst_cursor(text: str) -> tuple[int, date, UUID] | None:
    """Where the worst go on: "overdue~first day~agreement"; anything else starts from the top."""
    count, _tilde, rest = text.partition("~")
    day, _tilde, ident = rest.partition("~")
    found = _uuid(ident)
    try:
        first = date.fromisoformat(day)
    except ValueError:
        return None
    return (int(count), first, found) if found and count.isdecimal() and len(count) < MOST_DIGITS else None


def cursor_text(at: datetime, ident: UUID) -> str:
    """The cursor after a row."""
    return f"{at.isoformat()}~{ident}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
