"""A piece for htmx, else the whole page: the two cannot differ because the page includes the piece."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def fragment(request: HttpRequest, piece: str, context: dict[str, Any], *, page: str | None = None, status: int = 200) -> HttpResponse:
    """Render `piece` for an htmx request and `page` (default: the piece's page) for any other."""
    is_piece = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    response = render(request, piece if is_piece else (page or piece), context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
