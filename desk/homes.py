"""The home of each hat: a task list, never a dashboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from desk.lines import Line, done_line, first_of, in_order, line_of
from desk.selectors import kept_by_side
from foundation.actor import Actor, Hat
from jobs.selectors import STILL, health, pulses
from notices.selectors import done_todos, open_todos
from oversight.faces import morning_face
from suppliers.selectors import waiting_firms

DONE_SHOWN_FOR = timedelta(days=30)
MOST_STITCHES = 40
MOST_COUNTED = 100
Page = tuple[str, dict[str, Any]]


def home_of(actor: Actor, *, now: datetime) -> Page:
    """(template, context) of the actor's home."""
    return _HOMES[actor.hat](actor, now)


def _lines(actor: Actor) -> list[Line]:
    return [line_of(todo) for todo in open_todos(actor)]


def _done(actor: Actor, now: datetime) -> list[Line]:
    return [done_line(todo) for todo in done_todos(actor, since=now - DONE_SHOWN_FOR)]


def _supplier(actor: Actor, now: datetime) -> Page:
    today, lines, done = timezone.localdate(now), _lines(actor), _done(actor, now)
    first = first_of(lines, today=today)
    total = len(lines) + len(done)
    context = {
        "first": first,
        "next": [line for line in in_order(lines, today=today) if line is not first],
        "done": done,
        "done_count": len(done),
        "total": total,
        "stitched": 0 < total <= MOST_STITCHES,
        "kept": kept_by_side(actor, today=today),
        "now": now,
    }
    return "desk/home_supplier.html", context


def _owner(actor: Actor, now: datetime) -> Page:
    today = timezone.localdate(now)
    lines = in_order(_lines(actor), today=today)
    late = [line for line in lines if line.due is not None and line.due < today]
    context = {
        "late": late,
        "ahead": [line for line in lines if line not in late],
        "count": len(lines),
        "ours": sum(line.ours for line in late),
        "done": _done(actor, now),
        "kept": kept_by_side(actor, today=today),
        "now": now,
    }
    return "desk/home_owner.html", context


def _bureau(actor: Actor, now: datetime) -> Page:
    return "oversight/morning.html", {**morning_face(actor, now=now), "todos": _lines(actor)}


def _platform(actor: Actor, now: datetime) -> Page:
    outbox, work = health(actor), reverse("jobs:work")
    still = [pulse.name for pulse in pulses(actor) if now - pulse.at > STILL]
    tasks, waiting = [], waiting_firms(actor, most=MOST_COUNTED)
    if waiting:
        many = f"{waiting}+" if waiting == MOST_COUNTED else str(waiting)
        verb = ngettext("Verify %(n)s firm", "Verify %(n)s firms", waiting) % {"n": many}
        sub = _("Its licence beside what it says of itself: two clicks")
        tasks.append({"verb": verb, "sub": sub, "icon": "shield", "tone": "muted", "url": reverse("suppliers:verifications")})
    if outbox.dead:
        verb = ngettext("Look at %(n)s line that gave up", "Look at %(n)s lines that gave up", outbox.dead) % {"n": outbox.dead}
        tasks.append({"verb": verb, "sub": _("A mail or message that failed eight times"), "icon": "alert", "url": work})
    if still:
        loops = ("、" if (get_language() or "").startswith("zh") else ", ").join(still)
        tasks.append({"verb": _("Start what stands still"), "sub": loops, "icon": "clock", "url": work})
    return "desk/home_platform.html", {"tasks": tasks, "todos": _lines(actor), "health": outbox, "now": now}


def _lab(actor: Actor, now: datetime) -> Page:
    return "desk/home_lab.html", {"lines": _lines(actor), "now": now}


_HOMES: dict[Hat, Callable[[Actor, datetime], Page]] = {
    Hat.SUPPLIER: _supplier,
    Hat.OWNER: _owner,
    Hat.BUREAU: _bureau,
    Hat.PLATFORM: _platform,
    Hat.LAB: _lab,
    Hat.PROVIDER: _lab,
}
