"""The plan of a year at the planner's desk: asked for, looked at month by month, confirmed; and the page of one visit that is moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.schedule import add_months
from audits.forms_planning import MoveBookingForm, PlanDaysForm
from audits.models import Booking, PlanLine, YearPlan
from audits.selectors.planning import booking_for, bookings_between, lines_of, next_working_day, plan_for, planners, plans, speaks
from audits.services.bookings import FIRM, To, consequences, move_booking
from audits.services.planning import ask_plan, confirm_plan, drop_plan
from audits.services.sides import MAY_JUDGE
from audits.views.tools import other_of, tried
from audits.words_planning import AGAINST, HALF_CHOICES, LANGUAGE_WORDS, LEAVE_WORDS, LEFT_OUT, PLAN_CHIPS
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.htmx import fragment
from jobs.models import Job
from parties.selectors import names_of, regions
from suppliers.words import node_names

SHOWN = 50


def may_plan(actor: Actor) -> bool:
    return bool(actor.roles.intersection(MAY_JUDGE))


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_list(request: ActorRequest) -> HttpResponse:
    """Who visits, the plans so far, and a new one."""
    now = timezone.now()
    first = next_working_day(now)
    form = PlanDaysForm(request.POST or None, initial={"first_on": first, "last_on": add_months(first, 12) - timedelta(days=1)})
    asked: list[YearPlan] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: asked.append(ask_plan(actor=request.actor, now=now, **form.cleaned_data)))
    ):
        return redirect("audits:plan", asked[0].pk)
    people = planners(request.actor, today=timezone.localdate(now))
    names, places = node_names(), names_of(regions(), get_language() or "")
    context = {
        "form": form, "plans": plans(request.actor), "chips": PLAN_CHIPS, "may_plan": may_plan(request.actor), "leave_words": LEAVE_WORDS,
        "people": [
            {
                "one": one, "place": places.get(one.profile.home_region if one.profile else "", ""), "leave": one.leave[:1],
                "nodes": [names.get(code, code) for code in (one.profile.node_codes if one.profile else ())],
            }
            for one in people if one.is_auditor or one.profile
        ],
    }  # fmt: skip
    return render(request, "audits/plans.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_safe
def plan(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """How far it is; then one month of it, what it leaves out and why, and how far it can be from the best."""
    row = plan_for(request.actor, plan_id)
    job = Job.objects.visible_to(request.actor).filter(pk=plan_id).first()
    context: dict[str, Any] = {
        "plan": row, "chips": PLAN_CHIPS, "may_plan": may_plan(request.actor),
        "job": {
            "id": row.pk, "url": request.path, "title": _("The plan is being made"), "done": job.done if job else 0, "total": 0,
            "ended": row.state != YearPlan.State.WAITING, "note": "" if job is None else f"{job.done} %",
        },
    }  # fmt: skip
    if row.state != YearPlan.State.WAITING:
        context |= _looked_at(request, row)
    return fragment(request, "audits/_year_plan.html", context, page="audits/year_plan.html")


def _looked_at(request: ActorRequest, row: YearPlan) -> dict[str, Any]:
    lines = lines_of(request.actor, row)
    placed, left = [line for line in lines if line.day], [line for line in lines if not line.day]
    months = sorted({(line.day.year, line.day.month) for line in placed if line.day})
    wanted = request.GET.get("month", "")
    chosen = next((month for month in months if wanted == f"{month[0]}-{month[1]:02}"), months[0] if months else None)
    shown = [line for line in placed if line.day and (line.day.year, line.day.month) == chosen]
    prefetch_related_objects([*shown, *left[:SHOWN]], "audit__agreement")  # of one month, however long the plan is
    booked = _booked(request.actor, shown) if row.state == YearPlan.State.CONFIRMED else {}
    people = sorted({(line.person_name, line.person_id) for line in placed if line.person_id})
    load = Counter(line.person_id for line in placed for _half in range(line.halves))
    return {
        "months": [
            {
                "url": f"?month={year}-{month:02}", "current": (year, month) == chosen,
                "label": date_format(date(year, month, 1), "YEAR_MONTH_FORMAT"),
            }
            for year, month in months
        ],
        "people": [{"name": name, "load": load[pk]} for name, pk in people],
        "weeks": _weeks(request.actor, shown, list(people), booked), "gap": _gap_words(row),
        "left": [{"name": other_of(request.actor, line.audit.agreement), "line": line, "reason": LEFT_OUT[line.cause]} for line in left[:SHOWN]],
        "more_left": max(len(left) - SHOWN, 0), "left_n": len(left), "would_take": _would_take(row), "placed_n": len(placed),
    }  # fmt: skip


def _booked(actor: Actor, lines: list[PlanLine]) -> dict[UUID, Booking]:
    days = [line.day for line in lines if line.day]
    found: dict[UUID, Booking] = {}
    for row in bookings_between(actor, first=min(days), last=max(days)) if days else []:
        found.setdefault(row.audit_id, row)
    return found


def _weeks(actor: Actor, lines: list[PlanLine], people: list[tuple[str, UUID | None]], booked: dict[UUID, Booking]) -> list[dict[str, Any]]:
    """For each week of a month what each auditor has in it."""
    found: dict[date, dict[UUID | None, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line.day is not None:
            stands = booked.get(line.audit_id)
            found[line.day - timedelta(days=line.day.weekday())][line.person_id].append({
                "line": line, "name": other_of(actor, line.audit.agreement), "booking": stands,
                "moved": bool(booked) and (stands is None or stands.day != line.day or stands.person_id != line.person_id),
                "half": _("whole day") if line.halves == 2 else str(HALF_CHOICES[line.half]),
            })  # fmt: skip
    return [
        {"monday": monday, "cells": [{"who": who, "there": cells.get(pk, [])} for who, pk in people]}
        for monday, cells in sorted(found.items())
    ]


def _gap_words(row: YearPlan) -> str:
    said = row.figures
    if not said.get("placed"):
        return ""
    hours, gap = round(said["travel"] / 60), said["gap"]
    road = ngettext("The auditors are about %(n)s hour on the road.", "The auditors are about %(n)s hours on the road.", hours) % {
        "n": hours
    }
    if gap < 0.0005:
        return f"{road} " + _("No plan of these days is better: this is the best there is.")
    return f"{road} " + _("The best plan there is could be better by %(share)s %% at most.") % {"share": f"{100 * gap:.1f}"}


def _would_take(row: YearPlan) -> list[str]:
    names, said = {**node_names(), **{speaks(code): words for code, words in LANGUAGE_WORDS.items()}}, []
    for one in row.figures.get("would_take", []):
        n = one["halves"]
        if one["needs"]:
            who = ", ".join(str(names.get(code, code)) for code in one["needs"])
            words = ngettext("%(n)s half-day more of somebody who knows %(who)s", "%(n)s half-days more of somebody who knows %(who)s", n)
            said.append(words % {"n": n, "who": who})
        else:
            said.append(ngettext("%(n)s half-day more of any auditor", "%(n)s half-days more of any auditor", n) % {"n": n})
    return said


@wearing(Hat.OWNER)
@require_POST
def confirm(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Book it."""
    done = confirm_plan(actor=request.actor, plan_id=plan_id, now=timezone.now())
    messages.success(request, ngettext("%(n)s visit is booked.", "%(n)s visits are booked.", done.booked) % {"n": done.booked})
    if done.passed_over:
        words = ngettext(
            "%(n)s visit was changed by somebody since the plan was made, and stays as it is.",
            "%(n)s visits were changed by somebody since the plan was made, and stay as they are.", done.passed_over,
        )  # fmt: skip
        messages.warning(request, words % {"n": done.passed_over})
    return redirect("audits:plan", plan_id)


@wearing(Hat.OWNER)
@require_POST
def drop(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Let it go."""
    drop_plan(actor=request.actor, plan_id=plan_id, now=timezone.now())
    messages.success(request, _("The plan was let go. Nothing of it was booked."))
    return redirect("audits:plans")


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: ActorRequest, booking_id: UUID) -> HttpResponse:
    """Another auditor, day or half. First what it would do, then the deed; both are forms."""
    booking = booking_for(request.actor, booking_id)
    people = [
        (str(one.person_id), one.name) for one in planners(request.actor, today=timezone.localdate()) if one.is_auditor or one.profile
    ]
    stands = {"person_id": str(booking.person_id), "day": booking.day, "half": booking.half}
    typed = request.POST or (request.GET if "day" in request.GET else None)
    form = MoveBookingForm(people, typed, initial=stands)
    seen: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        to = To(UUID(said["person_id"]), said["day"], said["half"])
        if request.method == "POST" and tried(form, lambda: _moved(request, booking, to, said["words"])):
            messages.success(request, _("The visit was moved."))
            return redirect("audits:audit", booking.audit_id)
        seen = _seen(request, booking, to)
    context = {
        "form": form, "booking": booking, "name": other_of(request.actor, booking.audit.agreement), "who": dict(people).get(str(booking.person_id), ""),
        "half": HALF_CHOICES[booking.half], "back": reverse("audits:audit", args=[booking.audit_id]), **seen,
    }  # fmt: skip
    return render(request, "audits/booking_move.html", context, status=422 if form.errors else 200)


def _moved(request: ActorRequest, booking: Booking, to: To, words: str) -> None:
    now = timezone.now()
    move_booking(actor=request.actor, booking_id=booking.pk, to=to, words=words, now=now, today=timezone.localdate(now))


def _seen(request: ActorRequest, booking: Booking, to: To) -> dict[str, Any]:
    """What the move would do, in words."""
    year, found = consequences(request.actor, booking.audit, to, today=timezone.localdate())
    if found is None:
        return {"seen": True, "refused": [_("This day cannot be planned: it is not worked, or lies too far away.")]}
    minutes = round(found.travel)
    if minutes > 0:
        road = ngettext("%(n)s minute more on the road", "%(n)s minutes more on the road", minutes) % {"n": minutes}
    elif minutes < 0:
        road = ngettext("%(n)s minute less on the road", "%(n)s minutes less on the road", -minutes) % {"n": -minutes}
    else:
        road = _("as long on the road as before")
    return {
        "seen": True, "road": road, "refused": [AGAINST[name] for name in found.against if name in FIRM],
        "warned": [AGAINST[name] for name in found.against if name not in FIRM],
        "in_the_way": [other_of(request.actor, year.audits[n].agreement) for n in found.in_the_way],
        "told": booking.audit.announced and booking.audit.state != "planned" and to.day != booking.day,
    }  # fmt: skip
