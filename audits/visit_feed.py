"""An auditor's visits as a calendar that other programs read (RFC 5545): firm, day and half, and nothing of what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from agreements.documents import public_address
from audits.models import Audit

REFRESH = timedelta(hours=6)
PRODUCT = "-//qcchain//visits//"
SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGINS = {"am": time(9), "pm": time(13, 30)}
HALF_DAY = timedelta(hours=3, minutes=30)


def visits_as_calendar(rows: Iterable[Audit], *, language: str, now: datetime) -> bytes:
    """Each visit under a name that it keeps, so that a calendar moves it and does not show it twice."""
    book = Calendar()
    book.add("prodid", PRODUCT + language.upper())
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _("Visits to suppliers"))
    book.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows:
        book.add_component(_event(row, now))
    return bytes(book.to_ical())


def _event(row: Audit, now: datetime) -> Any:
    zh = (get_language() or "").startswith("zh")
    name = row.agreement.supplier_name_zh if zh or not row.agreement.supplier_name_en else row.agreement.supplier_name_en
    event = Event()
    event.add("uid", f"visit-{row.pk}@qcchain")
    event.add("dtstamp", now)
    if row.half in BEGINS:
        begins = datetime.combine(row.visit_on, BEGINS[row.half], SHANGHAI)
        event.add("dtstart", begins)
        # Half a day; what takes more fills the day, and the days after it are in the plan.
        event.add("dtend", begins + (HALF_DAY if row.halves == 1 or row.half == "pm" else timedelta(hours=8)))
    else:
        event.add("dtstart", row.visit_on)
        event.add("dtend", row.visit_on + timedelta(days=max((row.halves + 1) // 2, 1)))
    event.add("summary", _("Visit to %(name)s") % {"name": name})
    event.add("url", public_address(reverse("audits:audit", args=[row.pk])))
    event.add(
        "status", "CONFIRMED" if row.state in ("accepted", "packed", "in_progress", "submitted", "reviewed", "closed") else "TENTATIVE"
    )
    return event
