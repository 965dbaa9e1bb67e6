"""Anybody may ask whether a paper stands: by its hash, or by the file, which is hashed while it comes in and never kept.

Every question gets the same page with one of four answers. Nothing on it tells whose paper it is, or that another one exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import CheckForm
from agreements.hash_only import Hashed
from agreements.paper_words import ANSWERS
from agreements.selectors.papers import state_of_hash
from parties.limits import address_of, over_limit

MOST, WINDOW_SECONDS = 60, 600
MOST_BYTES = 20 * 1024 * 1024
HASH = re.compile(r"[0-9a-f]{64}\Z")
SPACES = re.compile(r"[\s:·-]+")
View = Callable[..., HttpResponse]


def counted(view: View) -> View:
    """So many questions from one address, and no more for a while."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if over_limit("check-paper", address_of(request), most=MOST, seconds=WINDOW_SECONDS):
            return render(request, "429.html", {"wait_minutes": WINDOW_SECONDS // 60}, status=429)
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@counted
def check(request: HttpRequest) -> HttpResponse:
    """The page to ask on; POST asks, with a typed fingerprint or a file."""
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if not isinstance(file, Hashed):
        return _typed(request, request.POST.get("sha256", ""))
    if (file.size or 0) > MOST_BYTES:
        return _page(request, error=_("A paper of ours is never larger than %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024})
    return _page(request, sha256=file.sha256)


@require_safe
@counted
def check_hash(request: HttpRequest, paper_hash: str) -> HttpResponse:
    """What the code on a paper opens."""
    return _typed(request, paper_hash)


def _typed(request: HttpRequest, said: str) -> HttpResponse:
    sha256 = SPACES.sub("", said).lower()
    if not HASH.match(sha256):
        return _page(request, error=_("A fingerprint has 64 characters, 0 to 9 and a to f. Type it again, or choose the file."), typed=said)
    return _page(request, sha256=sha256)


def _page(request: HttpRequest, *, sha256: str = "", error: str = "", typed: str = "") -> HttpResponse:
    answer = ANSWERS[state_of_hash(sha256)] if sha256 else None
    form = CheckForm(initial={"sha256": typed[:200]})
    context = {"sha256": sha256, "answer": answer, "error": error, "form": form, "most": MOST_BYTES // 1024 // 1024}
    return render(request, "agreements/verify.html", context, status=422 if error else 200)
