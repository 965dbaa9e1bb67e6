"""Labels to print: of one lot, or of those that a list shows."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from inspections.lot_documents import MOST_LABELS, labels_pdf
from inspections.lot_filters import wanted
from inspections.models import Lot
from inspections.selectors.lots import lot_for, lots

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@wearing(*SIDES)
@require_safe
def lot_label(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    row = lot_for(request.actor, lot_id)
    return _paper([row], f"label-{row.pk}")


@wearing(*SIDES)
@require_safe
def lot_labels(request: ActorRequest) -> HttpResponse:
    """The youngest of those that the filters of the list choose, as many as one goes to print."""
    rows = lots(request.actor, wanted(request.GET), limit=MOST_LABELS)[:MOST_LABELS]
    if not rows:
        raise RuleBroken("no_lots_to_label")
    return _paper(rows, "labels")


def _paper(rows: list[Lot], name: str) -> HttpResponse:
    response = HttpResponse(labels_pdf(rows), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
