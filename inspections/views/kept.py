"""Views of the list of lots that somebody keeps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from foundation.actor import ActorRequest, Hat, wearing
from inspections.lot_list import LOTS
from suppliers.kept_views import change_view, views_page

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*SIDES)
def views(request: ActorRequest) -> HttpResponse:
    return views_page(request, LOTS)


@require_POST
@wearing(*SIDES)
def change(request: ActorRequest, view_id: UUID) -> HttpResponse:
    return change_view(request, LOTS, view_id)
