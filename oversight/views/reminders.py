"""Bulk reminders: pick agreements or take all that fit the filters, look who would be told and who is left out, send, see what comes of it."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import typed
from foundation.errors import RuleBroken
from oversight.faces import trend as faces
from oversight.filters import Asked
from oversight.selectors.trend import MOST_REMINDED, overdue_asked, reminder_rounds
from oversight.services.reminders import preview_round, send_round


@wearing(Hat.BUREAU)
@require_safe
def rounds(request: ActorRequest) -> HttpResponse:
    return render(request, "oversight/reminders.html", {**faces.rounds_face(reminder_rounds(request.actor)), "now": timezone.now()})


@wearing(Hat.BUREAU)
@require_POST
def preview(request: ActorRequest) -> HttpResponse:
    """Nothing is written here: who would be told of what, who is skipped and why."""
    asked, now = Asked.of(QueryDict(typed(request, "query")[:2000])), timezone.now()
    ids = overdue_asked(request.actor, asked, today=timezone.localdate(now)) if "all" in request.POST else _ids(request.POST.getlist("ids"))
    try:
        found = preview_round(actor=request.actor, agreement_ids=ids, side=asked.side, now=now)
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("oversight:reminders")
    return render(
        request, "oversight/reminders_new.html", {**faces.preview_face(found), "client_id": uuid4().hex, "most": MOST_REMINDED, "now": now}
    )


@wearing(Hat.BUREAU)
@require_POST
def send(request: ActorRequest) -> HttpResponse:
    skipped, ids = typed(request, "skipped"), _ids(request.POST.getlist("ids"))
    left_out = int(skipped) if skipped.isdecimal() and len(skipped) < len(str(MOST_REMINDED)) + 1 else 0
    try:
        sent = send_round(
            actor=request.actor, obligation_ids=ids, skipped=left_out, client_id=typed(request, "client_id")[:60] or uuid4().hex,
            now=timezone.now(),
        )  # fmt: skip
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        words = ngettext(
            "%(n)s side was reminded. Here you see what comes of it.",
            "%(n)s sides were reminded. Here you see what comes of it.",
            sent.told,
        )
        messages.success(request, words % {"n": sent.told})
    return redirect("oversight:reminders")


def _ids(values: list[str]) -> list[UUID]:
    found = []
    for value in values[:MOST_REMINDED]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
