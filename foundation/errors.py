"""What can go wrong by rule, and its one translation to a page and to JSON."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
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
}


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


class NotYours(PermissionDenied):
    """Inside the actor's world, but not theirs to do. Outside of it there is only "not found"."""

    def __init__(self, code: str = "not_yours") -> None:
        super().__init__(code)
        self.code = code


class Absent(Http404):
    """There is no such thing in the actor's world, whether or not it exists elsewhere."""


def say(words: dict[str, Any]) -> None:
    """Register an app's sentences; called from its AppConfig.ready()."""
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
    """One problem document."""
    body: dict[str, Any] = {
        "type": f"/api/docs/problems#{code}",
        "status": status,
        "code": code,
        "title": in_both_languages(code, facts or {}),
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type="application/problem+json")


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document of an exception, or None for one that nobody foresaw."""
    if isinstance(error, RuleBroken):
        pointer = [{"pointer": f"/{error.field}", "code": error.code}] if error.field else None
        return problem(error.status, error.code, facts=error.facts, errors=pointer)
    if isinstance(error, exceptions.ValidationError):
        return problem(422, "fields_to_mend", errors=list(_pointers(error.detail, "")))
    for kind, status, code in _CODES:
        if isinstance(error, kind):
            return problem(status, getattr(error, "code", code) if isinstance(error, PermissionDenied) else code)
    return None


def _pointers(detail: Any, at: str) -> Any:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _pointers(inner, f"{at}/{key}")
    elif isinstance(detail, list) and detail and not isinstance(detail[0], (dict, list)):
        for message in detail:
            yield {"pointer": at or "/", "code": getattr(message, "code", "invalid"), "message": str(message)}
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _pointers(inner, f"{at}/{number}")
