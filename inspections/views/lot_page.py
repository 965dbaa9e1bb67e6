"""One lot: what it is, what was found on it, what was decided, and where it comes from. Put together from the parts of its topics."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.actor import ActorRequest, Hat, wearing
from inspections.lot_words import LOT_CHIPS, amount, firm_across
from inspections.selectors.lots import hangs_nothing, lot_by_token, lot_for
from inspections.selectors.versions_of_day import on_lot
from inspections.views import decisions, descent, results, sampling
from records.selectors import entries_of_subject
from records.timeline import lines_of

SIDES = (Hat.OWNER, Hat.SUPPLIER)
# Each part is asked by its name and shown by templates/inspections/_lot_<name>.html under that name.
PIECES = {"sampling": sampling, "results": results, "decisions": decisions, "descent": descent}


@wearing(*SIDES)
@require_safe
def lot(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """The page of a lot. A part may say under `jump` what is to be done: a phone then has a button to it at the top."""
    actor = request.actor
    row = lot_for(actor, lot_id)
    on = on_lot(actor, row)
    pieces = {name: part.piece(on) for name, part in PIECES.items()}
    entries = entries_of_subject(actor, row.stream_id, [row.pk]) if row.stream_id else []
    context: dict[str, Any] = {
        "lot": row, "on": on, "chips": LOT_CHIPS, "amount": amount(row.quantity, row.unit), "lines": lines_of(actor, entries),
        "record_url": reverse("records:stream", args=[row.stream_id]) if row.stream_id else "", "firm": firm_across(actor, row),
        "can_change": actor.hat == Hat.SUPPLIER and row.whole_id is None and hangs_nothing(row), **pieces,
    }  # fmt: skip
    return render(request, "inspections/lot.html", context)


@wearing(*SIDES)
@require_safe
def by_token(request: ActorRequest, lot_token: str) -> HttpResponse:
    """What a label's QR code carries: it leads to the lot, and opens nothing to whoever may not see it anyway."""
    return redirect("inspections:lot", lot_by_token(request.actor, lot_token).pk)
