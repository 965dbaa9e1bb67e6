"""The lobby and the hat: no request touches the database without one of them on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request, override
from rest_framework.renderers import JSONRenderer

from foundation.actor import Actor, Hat, put_on
from foundation.asked import LONGEST_ADDRESS, seen
from foundation.errors import RuleBroken, problem, written_at_once
from parties.selectors import HAT_KEY as HAT_KEY
from parties.selectors import Wearable, actor_of, actor_of_token, today, wearables

GetResponse = Callable[[HttpRequest], HttpResponse]
# Sign-in, sign-out, passwords and the choice of a hat are the lobby's own business.
LOBBY_PATHS = ("/account/", "/hat/", "/language/", "/join/", "/colleague/")
# A cookie that the phone's own script reads: what one person took along is never shown to the next.
HERE = "qcc_here"
HERE_SECONDS = 60 * 60 * 24 * 90


class LobbyMiddleware:
    """Reads the whole body first (a slow phone must not hold a connection), then opens the transaction in the lobby."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.EVIDENCE_MAX_BYTES + 1024 * 1024:
            return _refused(request, 413, "request_too_large", most=settings.EVIDENCE_MAX_BYTES // 1024 // 1024)
        if not _received(request):
            return _refused(request, 400, "line_cut")
        if request.method == "POST":
            _keep_what_is_seen(request)
        _without_nul(request)
        with transaction.atomic():
            put_on(Hat.LOBBY)
            return self.get_response(request)


def _received(request: HttpRequest) -> bool:
    """Read the body; False when the line was cut: behind WSGI a cut line looks like a clean end."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return True
    declared = int(request.META.get("CONTENT_LENGTH") or 0)
    try:
        if request.content_type != "multipart/form-data" or request.method != "POST":
            return len(request.body) >= declared
        request.POST  # noqa: B018 - reading it is the point
    except (UnreadablePostError, LookupError, UnicodeError):  # "charset=hex" is a codec, and no way to write text
        return False
    return getattr(getattr(request, "_stream", None), "_pos", declared) >= declared


def _without_nul(request: HttpRequest) -> None:
    """No column holds a NUL: in an address it names nothing, in the question to a page it says nothing. The API judges it itself."""
    request.path_info = request.path_info.replace("\x00", "\ufffd")
    if "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/api/"):
        asked = request.GET.copy()
        for name, values in request.GET.lists():
            asked.setlist(name, [value.replace("\x00", "") for value in values])
        asked._mutable = False  # as the framework gives it
        request.GET = asked  # type: ignore[assignment]


def _keep_what_is_seen(request: HttpRequest) -> None:
    """Every field of a form without marks that nobody sees. A password is kept as it was typed: no one reads it."""
    if not request.POST:
        return
    form = request.POST.copy()
    for name, values in request.POST.lists():
        if "password" not in name:
            form.setlist(name, [seen(value) for value in values])
    form._mutable = False  # as the framework gives it
    request.POST = form  # type: ignore[assignment]


def _refused(request: HttpRequest, status: int, code: str, **facts: Any) -> HttpResponse:
    """Words before anybody knows who asks, in the language that the browser carries; the pages themselves need the hat."""
    if request.path.startswith("/api/"):
        body = JSONRenderer().render(problem(status, code, facts=facts).data)
        return HttpResponse(body, status=status, content_type="application/problem+json")
    with override(get_language_from_request(request)):
        return HttpResponse(RuleBroken(code, **facts).words(), status=status, content_type="text/plain; charset=utf-8")


class HatMiddleware:
    """Puts the actor's hat on for the view and, on the way out, the lobby back: the session is saved after the view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        response = _kept_private(request, self._answered(request))
        return remember_who(request, response) if HERE in request.COOKIES else response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        if request.actor is None or request.path.startswith(LOBBY_PATHS):  # type: ignore[attr-defined]
            return self.get_response(request)
        actor: Actor = request.actor  # type: ignore[attr-defined]
        put_on(actor.hat, org_id=actor.org_id, person_id=actor.person_id)
        try:
            return self.get_response(request)
        finally:
            put_on(Hat.LOBBY)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A rule that no form caught: said in words, with the way back. The view's transaction is already rolled back.

        Two who write the same at once: the second is asked once more, and then finds what the first wrote.
        """
        if written_at_once(error) and request.method not in ("GET", "HEAD") and not hasattr(request, "asked_again"):
            request.asked_again = True  # type: ignore[attr-defined]
            try:
                return _asked_again(request)
            except Exception as second:
                error = second
                if not isinstance(second, RuleBroken):
                    raise
        if not isinstance(error, RuleBroken) and _holds_nul(request, error):
            error = RuleBroken("text_unstorable")
        if isinstance(error, RuleBroken) and not request.path.startswith("/api/"):
            said = {"words": error.words(), "code": error.code, "back": _came_from(request)}
            return render(request, "parts/rule_broken.html", said, status=error.status)
        return None

    def _actor(self, request: HttpRequest) -> Actor | None:
        request.wearables = []  # type: ignore[attr-defined]
        if request.path.startswith("/api/"):
            scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
            return actor_of_token(secret.strip()) if scheme.lower() == "bearer" and secret else None
        if not request.user.is_authenticated:
            return None
        worn = wearables(request.user, on=today())  # type: ignore[arg-type]
        request.wearables = worn  # type: ignore[attr-defined]
        chosen = chosen_hat(request, worn)
        return actor_of(request.user, chosen) if chosen else None  # type: ignore[arg-type]


def _asked_again(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    assert match is not None  # a view has raised
    for _name, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    with transaction.atomic():  # as the framework wraps a view: what it raises leaves nothing behind
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def _holds_nul(request: HttpRequest, error: Exception) -> bool:
    """Whether the database refused a NUL of a hidden field: what people fill in is judged by its form."""
    nul = isinstance(error, (ValueError, DataError)) and "NUL" in str(error)
    return nul and any("\x00" in value for _name, values in request.POST.lists() for value in values)


def _came_from(request: HttpRequest) -> str:
    """The page that sent the form, if it is one of ours."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return page if ours and len(page) <= LONGEST_ADDRESS else ""


def _kept_private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What a firm reads is kept by nobody on the way. Not no-store: a phone that goes back would lose what was typed."""
    if request.actor is not None and "Cache-Control" not in response:  # type: ignore[attr-defined]
        response["Cache-Control"] = "private, no-cache"
    return response


def remember_who(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell this browser, by an opaque word, whose packs it may show without a network: a person's under one hat, "-" after signing out.

    A session that only ran out changes nothing: what that person wrote stays in sight and waits for the next sign-in.
    """
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    stands = request.COOKIES.get(HERE, "")
    if actor is not None and not request.user.is_authenticated and not request.path.startswith("/api/"):
        here = "-"
    elif actor is not None:
        here = salted_hmac("qcchain.runner", f"{actor.person_id}:{actor.hat.value}:{actor.org_id}").hexdigest()[:24]
    else:
        here = stands or "-"
    if here != stands:
        response.set_cookie(HERE, here, max_age=HERE_SECONDS, samesite="Lax", secure=request.is_secure())
    return response


def chosen_hat(request: HttpRequest, worn: list[Wearable]) -> Wearable | None:
    """The hat chosen in this session, else the first."""
    key = request.session.get(HAT_KEY)
    return next((w for w in worn if w.key == key), worn[0] if worn else None)
