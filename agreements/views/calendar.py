"""The month: what both sides owe, day by day; and the secret address under which another calendar reads it."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_POST, require_safe

from agreements.cards import obligation_cards, whose
from agreements.documents import public_address
from agreements.feeds import calendar_of
from agreements.schedule import add_months
from agreements.selectors import clauses_by_id
from agreements.selectors.feeds import behind_feed, feed_of
from agreements.selectors.obligations import ahead_of, by_day
from agreements.services.feeds import close_feed, open_feed
from foundation.actor import ActorRequest, Hat, as_actor, wearing
from foundation.errors import Absent
from foundation.templatetags.qc import WEEKDAYS
from parties.limits import address_of, over_limit

EACH_DAY = 3
YEARS = (2000, 2099)
# What a calendar is given: half a year behind, a little more than a year ahead.
BEHIND, AHEAD, MOST_EVENTS = timedelta(days=183), timedelta(days=400), 2_000
TRIES, WINDOW_SECONDS = 120, 300
NEW_ADDRESS = "feed_address"


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def month(request: ActorRequest) -> HttpResponse:
    """One month; `?month=2026-03` names it, anything unreadable is this one."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    return render(request, "agreements/calendar.html", _context(request, first, today))


def _month(said: str, today: date) -> date:
    try:
        first = datetime.strptime(said, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)
    return first if YEARS[0] <= first.year <= YEARS[1] else today.replace(day=1)


def _context(request: ActorRequest, first: date, today: date) -> dict[str, Any]:
    last = add_months(first, 1) - timedelta(days=1)
    counts, rows = by_day(request.actor, first=first, last=last, each=EACH_DAY)
    clauses = clauses_by_id(request.actor, [row.clause_id for row in rows])
    cards: dict[date, list[dict[str, Any]]] = {}
    for card in obligation_cards(rows, clauses, today=today):
        said = whose(request.actor, card["row"].agreement, card["row"].side)
        cards.setdefault(card["due"], []).append({**card, "whose": said})
    return {
        "first": first,
        "title": date_format(first, pgettext("date format", "F Y")),
        "weekdays": [str(WEEKDAYS[day]) for day in range(7)],
        "days": [_day(day, counts, cards, first, today) for day in _shown(first)],
        "total": sum(counts.values()),
        "before": f"?month={add_months(first, -1):%Y-%m}",
        "after": f"?month={add_months(first, 1):%Y-%m}",
        "is_now": first == today.replace(day=1),
        "feed": feed_of(request.actor),
        "address": request.session.pop(NEW_ADDRESS, ""),
    }


def _shown(first: date) -> list[date]:
    """The days of whole weeks, Monday first, that hold the month."""
    return [day for week in months.Calendar().monthdatescalendar(first.year, first.month) for day in week]


def _day(day: date, counts: dict[date, int], cards: dict[date, list[dict[str, Any]]], first: date, today: date) -> dict[str, Any]:
    inside = day.month == first.month
    n = counts.get(day, 0) if inside else 0
    return {
        "day": day, "inside": inside, "is_today": day == today, "n": n, "cards": cards.get(day, []) if inside else [],
        "more": max(n - EACH_DAY, 0), "url": f"{reverse('agreements:obligations')}?day={day.isoformat()}&state=all",
    }  # fmt: skip


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def make_feed(request: ActorRequest) -> HttpResponse:
    """A new secret address; it is shown on the next page, once."""
    _feed, secret = open_feed(actor=request.actor, now=timezone.now())
    request.session[NEW_ADDRESS] = public_address(reverse("agreements:feed", args=[secret]))
    return redirect(reverse("agreements:calendar") + "#feed")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def end_feed(request: ActorRequest) -> HttpResponse:
    close_feed(actor=request.actor, now=timezone.now())
    return redirect(reverse("agreements:calendar") + "#feed")


@require_safe
def feed(request: HttpRequest, feed_token: str) -> HttpResponse:
    """The calendar behind a secret address, for programs that sign in nowhere. A wrong address is 404, whatever is wrong with it."""
    if over_limit("calendar-feed", address_of(request), most=TRIES, seconds=WINDOW_SECONDS):
        return HttpResponse(_("Too many tries. Wait a few minutes."), status=429, content_type="text/plain; charset=utf-8")
    behind = behind_feed(feed_token)
    if behind is None:
        raise Absent
    row, actor = behind
    today = timezone.localdate()
    with as_actor(actor), override(row.language):
        rows = ahead_of(actor, first=today - BEHIND, last=today + AHEAD, limit=MOST_EVENTS)
        body = calendar_of(rows, clauses_by_id(actor, {each.clause_id for each in rows}), language=row.language[:2], now=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="duties.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response
