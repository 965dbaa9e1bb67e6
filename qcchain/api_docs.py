"""What the API says of itself: the schema, a page to read and try it, and a page of every problem it can answer with."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from foundation.errors import WORDS


@cache
def schema_bytes() -> bytes:
    """The schema as JSON, made once: it changes with the code only."""
    return OpenApiJsonRenderer().render(SchemaGenerator().get_schema(request=None, public=True))


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(schema_bytes(), content_type="application/vnd.oai.openapi+json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own server; its one script of ours is a file, so that the strict CSP holds."""
    return render(request, "api/docs.html")


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    told = [{"code": code, **_words(code)} for code in sorted(WORDS)]
    return render(request, "api/problems.html", {"problems": told})


class _Places(dict[str, str]):
    """Facts that are known only when the problem happens stand as dots."""

    def __missing__(self, name: str) -> str:
        return "…"


def _words(code: str) -> dict[str, str]:
    said = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            said[key] = str(WORDS[code]) % _Places()
    return said
