"""The month of visits, of the whole firm or of one auditor; and the secret address under which another calendar reads one's own."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_POST, require_safe

from agreements.documents import public_address
from agreements.schedule import add_months
from audits.models import Audit
from audits.selectors.visit_feeds import behind_visit_feed, visit_feed_of
from audits.selectors.visits import auditors, visits_between
from audits.services.visit_feeds import close_visit_feed, open_visit_feed
from audits.status import AHEAD
from audits.views.tools import other_of
from audits.visit_feed import visits_as_calendar
from audits.words_programmes import HALF_WORDS
from foundation.actor import ActorRequest, Hat, as_actor, wearing
from foundation.errors import Absent
from foundation.templatetags.qc import WEEKDAYS, changed_query
from parties.limits import address_of, over_limit

EACH_DAY = 4
YEARS = (2000, 2099)
BEHIND, AHEAD_OF = timedelta(days=183), timedelta(days=400)
TRIES, WINDOW_SECONDS = 120, 300
NEW_ADDRESS = "visit_feed_address"


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def month(request: ActorRequest) -> HttpResponse:
    """One month; `?month=2026-03` names it, `?auditor=` one of the firm's people. Anything unreadable is this month, and everybody."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    last = add_months(first, 1) - timedelta(days=1)
    people = auditors(request.actor) if request.actor.hat is Hat.OWNER else []
    chosen = _auditor(request.GET.get("auditor", ""), {one.person_id for one in people})
    rows = visits_between(request.actor, first=first, last=last, person_id=chosen)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row.visit_on, []).append(_card(request, row, today))
    same = {
        name: changed_query(request.GET, {"month": f"{add_months(first, step):%Y-%m}"}) for name, step in (("before", -1), ("after", 1))
    }
    context = {
        "title": date_format(first, pgettext("date format", "F Y")), "weekdays": [str(WEEKDAYS[day]) for day in range(7)],
        "days": [_day(day, by_day, first, today) for day in _shown(first)], "total": len(rows), **same,
        "is_now": first == today.replace(day=1), "people": _people(request, people, chosen),
        "feed": visit_feed_of(request.actor) if people else None, "address": request.session.pop(NEW_ADDRESS, "") if people else "",
        "is_owner": request.actor.hat is Hat.OWNER,
    }  # fmt: skip
    return render(request, "audits/visit_calendar.html", context)


def _month(said: str, today: date) -> date:
    try:
        first = datetime.strptime(said, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)
    return first if YEARS[0] <= first.year <= YEARS[1] else today.replace(day=1)


def _auditor(said: str, known: set[UUID]) -> UUID | None:
    try:
        pk = UUID(said)
    except ValueError:
        return None
    return pk if pk in known else None


def _people(request: ActorRequest, people: list[Any], chosen: UUID | None) -> list[dict[str, Any]]:
    if len(people) < 2:
        return []
    tabs = [{"url": changed_query(request.GET, {"auditor": None}), "label": _("Everybody"), "current": chosen is None}]
    return tabs + [
        {"url": changed_query(request.GET, {"auditor": str(one.person_id)}), "label": one.name, "current": one.person_id == chosen}
        for one in people[:12]
    ]


def _shown(first: date) -> list[date]:
    """The days of whole weeks, Monday first, that hold the month."""
    return [day for week in months.Calendar().monthdatescalendar(first.year, first.month) for day in week]


def _card(request: ActorRequest, row: Audit, today: date) -> dict[str, Any]:
    if row.state in AHEAD:
        state = "late" if row.visit_on < today else "soon" if row.state == "reschedule_asked" else ""
    else:
        state = "met"
    names = [one.person_name for one in row.team.all()] if request.actor.hat is Hat.OWNER else []
    return {
        "url": reverse("audits:audit", args=[row.pk]), "name": other_of(request.actor, row.agreement), "state": state,
        "half": HALF_WORDS[row.half], "team": "、".join(names), "nobody": request.actor.hat is Hat.OWNER and not names and row.state in AHEAD,
    }  # fmt: skip


def _day(day: date, by_day: dict[date, list[dict[str, Any]]], first: date, today: date) -> dict[str, Any]:
    inside = day.month == first.month
    cards = by_day.get(day, []) if inside else []
    return {
        "day": day, "inside": inside, "is_today": day == today, "n": len(cards), "cards": cards[:EACH_DAY], "rest": cards[EACH_DAY:],
    }  # fmt: skip


@wearing(Hat.OWNER)
@require_POST
def make_feed(request: ActorRequest) -> HttpResponse:
    """A new secret address; it is shown on the next page, once."""
    _feed, secret = open_visit_feed(actor=request.actor, now=timezone.now())
    request.session[NEW_ADDRESS] = public_address(reverse("audits:visit_feed", args=[secret]))
    return redirect(reverse("audits:visit_calendar") + "#feed")


@wearing(Hat.OWNER)
@require_POST
def end_feed(request: ActorRequest) -> HttpResponse:
    """The address answers no more."""
    close_visit_feed(actor=request.actor, now=timezone.now())
    return redirect(reverse("audits:visit_calendar") + "#feed")


@require_safe
def feed(request: HttpRequest, feed_token: str) -> HttpResponse:
    """The visits behind a secret address, for programs that sign in nowhere. A wrong address is 404, whatever is wrong with it."""
    if over_limit("visit-feed", address_of(request), most=TRIES, seconds=WINDOW_SECONDS):
        return HttpResponse(_("Too many tries. Wait a few minutes."), status=429, content_type="text/plain; charset=utf-8")
    behind = behind_visit_feed(feed_token)
    if behind is None:
        raise Absent
    row, actor = behind
    today = timezone.localdate()
    with as_actor(actor), override(row.language):
        rows = visits_between(actor, first=today - BEHIND, last=today + AHEAD_OF, person_id=actor.person_id)
        body = visits_as_calendar(rows, language=row.language[:2], now=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="visits.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response
