"""Views of the list of suppliers that somebody keeps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from foundation.actor import ActorRequest, Hat, wearing
from suppliers.kept_views import change_view, views_page
from suppliers.list_page import SUPPLIERS


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def views(request: ActorRequest) -> HttpResponse:
    return views_page(request, SUPPLIERS)


@require_POST
@wearing(Hat.OWNER)
def change(request: ActorRequest, view_id: UUID) -> HttpResponse:
    return change_view(request, SUPPLIERS, view_id)
