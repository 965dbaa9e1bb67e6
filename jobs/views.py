"""The platform's page of work in the background: what waits, what gave up, and the way to try again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from jobs.selectors import STILL, dead_letters, health, pulses, waiting
from jobs.services import retry_dead

LINES = 50


@require_safe
@wearing(Hat.PLATFORM)
def work(request: ActorRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "health": health(request.actor),
        "dead": dead_letters(request.actor, size=LINES),
        "waiting": waiting(request.actor, size=LINES),
        "pulses": [{"name": each.name, "at": each.at, "still": now - each.at > STILL} for each in pulses(request.actor)],
        "now": now,
        "most": LINES,
    }
    return render(request, "jobs/work.html", context)


@require_POST
@wearing(Hat.PLATFORM)
def retry(request: ActorRequest, event_id: UUID) -> HttpResponse:
    retry_dead(actor=request.actor, event_id=event_id, now=timezone.now())
    messages.success(request, _("It will be tried again within a minute."))
    return redirect("jobs:work")
