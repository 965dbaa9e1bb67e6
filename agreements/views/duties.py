"""Reminding of many duties at once: pick, look who would be told of what, tell."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agreements.cards import firm_name, obligation_cards
from agreements.paging import cursor_of, more_of
from agreements.selectors import clauses_by_id, obligations
from agreements.services.nudges import MOST, Nudge, preview_nudges, send_nudges
from agreements.services.sides import OTHER
from agreements.words import OBLIGATION_CHIPS, SIDES
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.templatetags.qc import sentences

SHOWN = 50


@wearing(Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def remind_of(request: ActorRequest) -> HttpResponse:
    """The other side's duties that are due within days or overdue, to pick from; then who would be told; then done."""
    if request.method != "POST":
        return render(request, "agreements/remind.html", _to_pick(request))
    ids, now = _ids(request.POST.getlist("ids")), timezone.now()
    try:
        if "send" in request.POST:
            told, before = send_nudges(actor=request.actor, obligation_ids=ids, now=now)
            messages.success(request, _said(told, before))
            return redirect("agreements:remind")
        nudges = preview_nudges(actor=request.actor, obligation_ids=ids, now=now)
    except RuleBroken as broken:
        return render(request, "agreements/remind.html", {**_to_pick(request), "error": broken.words()}, status=422)
    return render(request, "agreements/remind_look.html", _looked(request.actor, nudges, ids))


def _ids(typed: list[str]) -> list[UUID]:
    found = []
    for each in typed[: MOST + 1]:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


def _said(told: int, before: int) -> str:
    words = ngettext("%(n)s side was reminded.", "%(n)s sides were reminded.", told) % {"n": told}
    if before:
        return sentences(words, ngettext("%(n)s had been reminded today.", "%(n)s had been reminded today.", before) % {"n": before})
    return words


def _to_pick(request: ActorRequest) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    side = _side(request)
    found = obligations(actor, today=today, side=side, state="near", after=cursor_of(request, date.fromisoformat), limit=SHOWN)
    page, more = found[:SHOWN], len(found) > SHOWN
    cards = obligation_cards(page, clauses_by_id(actor, [row.clause_id for row in page]), today=today)
    is_bureau = actor.hat == Hat.BUREAU
    options = [{"value": "", "label": _("Both sides")}, *({"value": key, "label": label} for key, label in SIDES.items())]
    return {
        "lines": [
            {**card, "bound": firm_name(card["row"].agreement, card["row"].side), "link": "" if is_bureau else card["url"]}
            for card in cards
        ],
        "picked": sum(card["state"] == "late" for card in cards),
        "chips": OBLIGATION_CHIPS,
        "is_bureau": is_bureau,
        "selects": [{"name": "side", "label": _("Whose"), "options": options, "value": side}] if is_bureau else [],
        **more_of(request, (page[-1].due_on, page[-1].pk) if more else None, len(page)),
    }


def _side(request: ActorRequest) -> str:
    """A firm reminds the other side; the bureau either."""
    if request.actor.hat != Hat.BUREAU:
        return OTHER[request.actor.hat.value]
    side = request.GET.get("side", "")
    return side if side in SIDES else ""


def _looked(actor: Actor, nudges: list[Nudge], ids: list[UUID]) -> dict[str, Any]:
    today = timezone.localdate()
    clauses = clauses_by_id(actor, [row.clause_id for nudge in nudges for row in nudge.duties])
    return {
        "nudges": [
            {
                "firm": firm_name(nudge.agreement, nudge.side), "number": nudge.agreement.number, "told_today": nudge.told_today,
                "cards": obligation_cards(nudge.duties, clauses, today=today),
            }
            for nudge in nudges
        ],
        "ids": [row.pk for nudge in nudges for row in nudge.duties],
        "left_out": len(ids) - sum(len(nudge.duties) for nudge in nudges),
        "fresh": sum(not nudge.told_today for nudge in nudges),
    }  # fmt: skip
