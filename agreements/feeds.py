"""Duties as a calendar that other programs read (RFC 5545): titles, numbers and days, and no value of an agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from agreements.documents import public_address
from agreements.models import Clause, Obligation
from agreements.words import SIDES, obligation_words

REFRESH = timedelta(hours=6)
PRODUCT = "-//qcchain//duties//"


def calendar_of(rows: Iterable[Obligation], clauses: Mapping[UUID, Clause], *, language: str, now: datetime) -> bytes:
    """Each duty as a whole day; the same duty keeps its name, so that a calendar moves it and does not show it twice."""
    book = Calendar()
    book.add("prodid", PRODUCT + language.upper())
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _("Quality duties"))
    book.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows:
        book.add_component(_event(row, clauses.get(row.clause_id), now))
    return bytes(book.to_ical())


def _event(row: Obligation, clause: Clause | None, now: datetime) -> Any:
    words = obligation_words(row.kind, clause.params if clause else None)
    said = {"side": SIDES[row.side], "words": words, "number": row.agreement.number}
    event = Event()
    event.add("uid", f"{row.pk}@qcchain")
    event.add("dtstamp", now)
    event.add("dtstart", row.due_on)
    event.add("dtend", row.due_on + timedelta(days=1))
    event.add("summary", ("✓ " if row.met_on else "") + _("%(side)s: %(words)s · %(number)s") % said)
    event.add("url", public_address(reverse("agreements:obligation", args=[row.pk])))
    event.add("transp", "TRANSPARENT")  # nobody is busy because a paper is due
    event.add("status", "CONFIRMED")
    return event
