"""What can go wrong by rule, and its one translation to a page and to JSON."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.signals import got_request_exception
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from rest_framework import exceptions
from rest_framework.response import Response

# Each app adds its own sentences (code -> lazy words with %(fact)s places) when it starts.
WORDS: dict[str, Any] = {
    "not_found": _("There is no such page or paper here. Check the address, or go back to your list."),
    "not_yours": _("This is not yours to do in this hat. Switch the hat, or ask a colleague who may."),
    "other_hat": _("This page belongs to another hat. Switch the hat at the top, or go back to your list."),
    "role_missing": _("Your role in the firm does not cover this. Ask your firm's administrator."),
    "sign_in_needed": _("Sign in first, or send a valid token."),
    "method_not_allowed": _("This address does not take that method."),
    "media_type_unknown": _("Send JSON, or a form with files."),
    "too_many_requests": _("Too many tries. Wait a few minutes, then try again."),
    "body_unreadable": _("The body could not be read. Check that it is complete and valid JSON."),
    "fields_to_mend": _("Some fields need mending."),
    "line_cut": _("The line was cut and nothing was changed. Send it again."),
    "fields_missing": _("A needed field is missing."),
    "scope_missing": _("This key may not do that. Make a key with the scope that is needed."),
    "field_unknown": _("There is no such field here."),
    "request_too_large": _("This is larger than %(most)s MB, and nothing was changed. Send a smaller file."),
    "filter_unknown": _("This list has no such filter."),
    "cursor_unreadable": _("This is not a cursor of this list. Take the address in “next” as it is, or start from the first page."),
    "text_unstorable": _("The text holds a character that cannot be kept: NUL, or half of a character pair. Take it out."),
    "year_out_of_reach": _("Check the year: a day lies between %(first)s and %(last)s."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request. Take a new key for each new request."),
    "idempotency_key_invalid": _("An Idempotency-Key has 1 to 255 printable ASCII characters."),
    "link_died": _("This link was good for five minutes. Ask for the file again."),
    "broken": _("Something broke on our side, and nothing was changed. Try again; if it stays so, tell us the time."),
}
DOCS = "/api/docs/problems/"
UNIQUE_VIOLATION = "23505"
log = logging.getLogger("django.request")


class RuleBroken(Exception):
    """A rule of the house refuses this; `code` names the rule, `facts` fill its sentence."""

    status = 422

    def __init__(self, code: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.facts = code, field, facts

    def words(self) -> str:
        """The sentence for a person, in the language in force."""
        sentence = WORDS.get(self.code)
        return str(sentence) % self.facts if sentence else self.code


class FieldsToMend(RuleBroken):
    """Some of what was sent cannot be read; `errors` name each place and say why in both languages."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("fields_to_mend")
        self.errors = errors


class NotYours(PermissionDenied):
    """Inside the actor's world, but not theirs to do. Outside of it there is only "not found"."""

    def __init__(self, code: str = "not_yours") -> None:
        super().__init__(code)
        self.code = code


class Absent(Http404):
    """There is no such thing in the actor's world, whether or not it exists elsewhere."""


def say(words: dict[str, Any]) -> None:
    """Register an app's sentences; called from its AppConfig.ready(). No code has two of them."""
    twice = [code for code, sentence in words.items() if WORDS.get(code, sentence) is not sentence]
    if twice:
        raise ImproperlyConfigured(f"Two sentences for {', '.join(twice)}.")
    WORDS.update(words)


def in_both_languages(code: str, facts: dict[str, Any]) -> dict[str, str]:
    """The sentence for `code` in Chinese and in English."""
    said = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            said[key] = RuleBroken(code, **facts).words()
    return said


_CODES: list[tuple[type[Exception], int, str]] = [
    (Http404, 404, "not_found"),
    (exceptions.NotFound, 404, "not_found"),
    (exceptions.NotAuthenticated, 401, "sign_in_needed"),
    (exceptions.AuthenticationFailed, 401, "sign_in_needed"),
    (PermissionDenied, 403, "not_yours"),
    (exceptions.PermissionDenied, 403, "not_yours"),
    (exceptions.MethodNotAllowed, 405, "method_not_allowed"),
    (exceptions.UnsupportedMediaType, 415, "media_type_unknown"),
    (exceptions.Throttled, 429, "too_many_requests"),
    (exceptions.ParseError, 400, "body_unreadable"),
]


def problem(status: int, code: str, *, facts: dict[str, Any] | None = None, errors: list[dict[str, Any]] | None = None) -> Response:
    """One problem document (RFC 9457)."""
    body: dict[str, Any] = {
        "type": f"{DOCS}#{code}",
        "status": status,
        "code": code,
        "title": in_both_languages(code, facts or {}),
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type="application/problem+json")


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document of an exception. Whatever the request had written by then is rolled back."""
    if written_at_once(error) and not hasattr(context["request"]._request, "asked_again"):
        return None  # raised on: the middleware asks once more, and the second then finds what the first wrote
    answer = _foreseen(error) or _unforeseen(error, context)
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    if challenge := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        answer["Retry-After"] = str(int(wait))
    return answer


def written_at_once(error: Exception) -> bool:
    """Whether a row was refused because another of its key was written: of two who look and then write at once, the second."""
    return isinstance(error, IntegrityError) and getattr(error.__cause__, "sqlstate", "") == UNIQUE_VIOLATION


def _foreseen(error: Exception) -> Response | None:
    if isinstance(error, FieldsToMend):
        return problem(error.status, error.code, errors=error.errors)
    if isinstance(error, RuleBroken):
        place = {"pointer": f"/{error.field}", "code": error.code, "message": in_both_languages(error.code, error.facts)}
        return problem(error.status, error.code, facts=error.facts, errors=[place] if error.field else None)
    if isinstance(error, exceptions.ValidationError):
        return problem(422, "fields_to_mend", errors=list(pointers(error.detail)))
    for kind, status, code in _CODES:
        if isinstance(error, kind):
            return problem(status, getattr(error, "code", code) if isinstance(error, PermissionDenied) else code)
    return None


def _unforeseen(error: Exception, context: dict[str, Any]) -> Response:
    request = context["request"]._request
    got_request_exception.send(sender=None, request=request)  # a test fails on it, a monitor sees it
    log.error("Broken: %s", request.path, exc_info=error, extra={"status_code": 500, "request": request})
    return problem(500, "broken")


def pointers(detail: Any, at: str = "") -> Iterator[dict[str, Any]]:
    """The places (RFC 6901) of everything wrong in what a serializer says of a body."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from pointers(inner, at if key == "non_field_errors" else f"{at}/{key}")
    elif isinstance(detail, list) and detail and not isinstance(detail[0], (dict, list)):
        for message in detail:
            yield {"pointer": at, "code": getattr(message, "code", "invalid"), "message": str(message)}
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from pointers(inner, f"{at}/{number}")
