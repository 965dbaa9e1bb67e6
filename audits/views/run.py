"""The phone on site: one page for everybody that holds no word of anybody, its worker, and what the worker keeps.

What a person may see comes as JSON (docs/adr/0030); the page itself is kept on the phone and opens without a network.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe

from audits.words_run import RUN
from foundation.errors import Absent
from parties.middleware import remember_who

MODULES = sorted(path.name for path in (settings.ROOT / "static" / "runner").glob("*.js"))
STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "css/runner.css")


def _files() -> list[str]:
    return [static(name) for name in (*STYLES, "icons.svg", "mark.svg", "ui.js", *(f"runner/{name}" for name in MODULES))]


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page of the runner; the same for everybody who reads this language."""
    told: dict[str, Any] = {
        "language": get_language() or "",
        "icons": static("icons.svg"),
        "words": {key: str(words) for key, words in RUN.items()},
        "urls": {
            "run": reverse("audits:run"), "worker": reverse("audits:run_worker"), "packs": reverse("audits:packs"), "tus": "/evidence/tus/",
            "sign_in": f"{reverse(settings.LOGIN_URL)}?next={reverse('audits:run')}",
        },
    }  # fmt: skip
    response = render(request, "audits/run.html", {"told": told})
    response["Cache-Control"] = "no-cache"
    return remember_who(request, response)


@require_safe
def gate(request: HttpRequest, gate_token: str) -> HttpResponse:
    """The address on a gate's sheet: the same page, which finds the visit by itself. Nobody is told whether the gate exists."""
    return shell(request)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its address never changes: a worker of an older name would serve old pages for ever."""
    files = _files()
    version = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16] + ("" if not settings.DEBUG else "-debug")
    context = {"files": json.dumps(files), "version": version, "page": reverse("audits:run")}
    response = render(request, "audits/run_worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Who wants an icon for it may have one; nothing needs it."""
    here = reverse("audits:run")
    body = {
        "name": pgettext("runner", "Visits on this phone"), "short_name": "qcchain", "start_url": here, "scope": here, "display": "standalone",
        "background_color": "#f6f3ec", "theme_color": "#1c2858", "icons": [{"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return JsonResponse(body, content_type="application/manifest+json")


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """The root certificate that `make run PHONE=1` made for this machine; absent anywhere else."""
    path = Path(settings.DATA) / "phone" / "root.crt"
    if not path.exists():
        raise Absent
    return HttpResponse(path.read_bytes(), content_type="application/x-x509-ca-cert")
