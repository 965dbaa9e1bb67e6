"""Requests and offers as a page shows them: names of steps and places, the clock in words, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from onestop.clock import working_minutes
from onestop.words_services import KINDS
from parties.selectors import chain_nodes, names_of, regions, working_calendar

STEPS = ("new", "offered", "accepted", "in_service", "delivered", "confirmed", "rated")


def node_choices() -> list[tuple[str, str]]:
    return list(names_of(chain_nodes(), get_language() or "zh").items())


def place_names() -> dict[str, str]:
    return names_of(regions(), get_language() or "zh")


def facts_said(facts: Mapping[str, Any]) -> list[list[str]]:
    """The snapshot in the reader's language."""
    return list(facts.get("zh" if (get_language() or "").startswith("zh") else "en") or [])


def clock_words(due: datetime, now: datetime) -> tuple[str, str]:
    """(tone, words): how many working hours are left, or by how many it is over."""
    calendar = working_calendar()
    if due <= now:
        hours = working_minutes(calendar, due, now) // 60
        return "bad", ngettext("%(n)s working hour over", "%(n)s working hours over", hours) % {"n": hours}
    hours = working_minutes(calendar, now, due) // 60
    return ("warn" if hours < 4 else ""), ngettext("%(n)s working hour left", "%(n)s working hours left", hours) % {"n": hours}


def hours_words(minutes: int | None) -> str:
    """Working time in hours, to half an hour; nothing of nothing."""
    if minutes is None:
        return ""
    return _("%(n)s h") % {"n": f"{max(1, round(minutes / 30)) / 2:g}"}


def steps_of(state: str) -> list[dict[str, Any]]:
    """How far a request is; a dispute stands at its delivery."""
    labels = (
        pgettext("service step", "Asked"),
        pgettext("service step", "Quoted"),
        pgettext("service step", "Ordered"),
        pgettext("service step", "In work"),
        pgettext("service step", "Delivered"),
        pgettext("service step", "Confirmed"),
    )
    here = STEPS.index("delivered" if state == "disputed" else state) if state != "withdrawn" else -1
    done = 6 if state == "rated" else here
    return [{"label": label, "state": "done" if n < done else "now" if n == done else ""} for n, label in enumerate(labels)]


def kind_options() -> list[dict[str, Any]]:
    return [
        {"value": "", "label": _("All kinds of service")},
        *({"value": code, "label": words} for code, (words, _icon, _sub) in KINDS.items()),
    ]
