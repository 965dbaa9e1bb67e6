"""/healthz: the process answers. /readyz: it may serve. Both stand before the lobby, so that they answer without a session."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from qcchain.readiness import readiness


class HealthMiddleware:
    """Answers the two probes and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"process": "ok"})
        if request.path == "/readyz":
            checks = readiness()
            return JsonResponse(checks, status=200 if all(c["ok"] for c in checks.values()) else 503)
        return self.get_response(request)
