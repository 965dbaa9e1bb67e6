"""What an address or a hidden field asks, read so that no value of it can become an error of ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_ADDRESS = 2000
# Marks without a shape, and those that turn the writing round: what is read must be what is kept. Joiners stay inside a text: emoji need them.
_UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANK = re.compile(r"[\s\u115f\u1160\u200c\u200d\u2800\u3164\ufe0e\ufe0f\uffa0]+")


def moment_of(text: str) -> datetime | None:
    """The moment a cursor names, in UTC; None for anything that PostgreSQL could not compare with.

    Python takes offsets of 23:59 and of half a second, the database does not: the moment itself is what both know.
    """
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def seen(text: str) -> str:
    """A text as people see it: without marks that have no shape; empty where nothing of it can be seen.

    >>> seen("\\u202e布\\u200b样"), seen("\\u200b\\u3000")
    ('布样', '')
    """
    if text.isascii():
        return text
    kept = _UNSEEN.sub("", text)
    return "" if _BLANK.fullmatch(kept) else kept


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
