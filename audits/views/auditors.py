"""An auditor as the planner knows them: what they can, when they are away, and what their absence changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.forms_planning import LeaveForm, NewAuditorForm, ProfileForm
from audits.half_days import HALF_NAMES
from audits.models import AuditorProfile
from audits.selectors.planning import bookings_between, leave_of, planners, profile_for
from audits.services.planning import ProfileSaid, Replan, drop_leave, note_leave, replan_without, write_profile
from audits.services.sides import must_judge
from audits.views.tools import other_of, tried
from audits.words_planning import HALF_CHOICES, LEAVE_WORDS
from foundation.actor import ActorRequest, Hat, wearing
from parties.selectors import names_of, regions

SHOWN = 30


def _places() -> list[tuple[str, str]]:
    return list(names_of([row for row in regions() if row.tile_col is not None], get_language() or "").items())


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def auditor_new(request: ActorRequest) -> HttpResponse:
    """Take a colleague into the planning."""
    must_judge(request.actor, request.actor.org_id)
    people = [one for one in planners(request.actor, today=timezone.localdate()) if one.profile is None]
    form = NewAuditorForm([(str(one.person_id), one.name) for one in people], request.POST or None)
    made: list[AuditorProfile] = []

    def make() -> None:
        said = ProfileSaid(home_region=_places()[0][0] if _places() else "")
        made.append(write_profile(actor=request.actor, person_id=UUID(form.cleaned_data["person_id"]), said=said, now=timezone.now()))

    if request.method == "POST" and form.is_valid() and tried(form, make):
        return redirect("audits:auditor", made[0].pk)
    context = {"form": form, "any": bool(people), "back": reverse("audits:plans")}
    return render(request, "audits/auditor_new.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def auditor(request: ActorRequest, auditor_id: UUID) -> HttpResponse:
    """One auditor; written over by who plans."""
    row, today = profile_for(request.actor, auditor_id), timezone.localdate()
    initial = {name: getattr(row, name) for name in ("home_region", "node_codes", "languages", "days_per_month")}
    form = ProfileForm(_places(), request.POST or None, initial=initial)

    def save() -> None:
        write_profile(actor=request.actor, person_id=row.person_id, said=form.said(), now=timezone.now())

    if request.method == "POST" and form.is_valid() and tried(form, save):
        messages.success(request, _("Saved. The next plan goes by it."))
        return redirect("audits:auditor", row.pk)
    context = {
        "row": row, "form": form, "back": reverse("audits:plans"), "leave": leave_of(request.actor, row, today=today), "leave_words": LEAVE_WORDS,
        "leave_form": LeaveForm(auto_id="leave_%s"), "booked": _booked(request, row),
    }  # fmt: skip
    return render(request, "audits/auditor.html", context, status=422 if form.errors else 200)


def _booked(request: ActorRequest, row: AuditorProfile) -> list[dict[str, Any]]:
    today = timezone.localdate()
    rows = bookings_between(request.actor, first=today, last=today.replace(year=today.year + 1, day=1), person_id=row.person_id)
    return [{"row": each, "half": HALF_CHOICES[each.half], "name": other_of(request.actor, each.audit.agreement)} for each in rows[:SHOWN]]


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActorRequest, auditor_id: UUID) -> HttpResponse:
    """First what these hours would change, nothing written; then the deed."""
    row = profile_for(request.actor, auditor_id)
    must_judge(request.actor, row.owner_org_id)
    form = LeaveForm(request.POST or request.GET or None)
    seen: list[Replan] = []
    if form.is_valid():
        now = timezone.now()
        if request.method == "POST":
            asked = {"auditor_id": row.pk, "said": form.said(), "client_id": form.cleaned_data["client_id"], "now": now}
            if tried(form, lambda: note_leave(actor=request.actor, **asked)):
                messages.success(request, _("Noted. The visits were moved as shown."))
                return redirect("audits:auditor", row.pk)
        elif tried(form, lambda: seen.append(replan_without(request.actor, row, form.said(), now=now))):
            pass
    context = {
        "row": row,
        "form": form,
        "back": reverse("audits:auditor", args=[row.pk]),
        "seen": bool(seen),
        **(_changes(request, seen[0]) if seen else {}),
    }
    return render(request, "audits/auditor_leave.html", context, status=422 if form.errors else 200)


def _changes(request: ActorRequest, found: Replan) -> dict[str, Any]:
    year = found.year

    def said(slot: Any) -> dict[str, Any] | None:
        if slot is None:
            return None
        return {"day": year.day(slot.day), "half": HALF_CHOICES[HALF_NAMES[slot.half]], "who": year.people[slot.auditor].name}

    rows = [
        {"name": other_of(request.actor, year.audits[c.visit].agreement), "before": said(c.before), "after": said(c.after)}
        for c in found.changes
    ]
    return {"changes": rows, "left_n": sum(row["after"] is None for row in rows), "minutes": round(found.minutes)}


@wearing(Hat.OWNER)
@require_POST
def leave_drop(request: ActorRequest, auditor_id: UUID) -> HttpResponse:
    """The auditor is there after all."""
    try:
        leave_id = UUID(request.POST.get("leave_id", ""))
    except ValueError:
        return redirect("audits:auditor", auditor_id)
    drop_leave(actor=request.actor, auditor_id=auditor_id, leave_id=leave_id)
    messages.success(request, _("Taken away. What was moved stays where it is now."))
    return redirect("audits:auditor", auditor_id)
