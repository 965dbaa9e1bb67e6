"""What an address or a hidden field asks, read so that no value of it can become an error of ours."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_ADDRESS = 2000


def moment_of(text: str) -> datetime | None:
    """The moment a cursor names, in UTC; None for anything that PostgreSQL could not compare with.

    Python takes offsets of 23:59 and of half a second, the database does not: the moment itself is what both know.
    """
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def text_of(request: HttpRequest, name: str, *, most: int) -> str:
    """A word to look for, without the NUL that no text column can hold."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:most]


def typed(request: HttpRequest, name: str) -> str:
    """What was typed into a field that no form reads, without the NUL that no text column can hold."""
    return request.POST.get(name, "").replace("\x00", "")


def onward(request: HttpRequest, otherwise: str) -> str:
    """Where a form asked to go on, if that is a page of ours: a path from the root, never another host."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") and len(wanted) <= LONGEST_ADDRESS else otherwise
