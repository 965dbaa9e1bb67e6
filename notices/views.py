"""The inbox: what the firm was told, newest first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import BUSINESS_HATS, ActorRequest, Hat, wearing
from foundation.asked import moment_of, onward
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from notices.kinds import subject_of
from notices.links import leads_to
from notices.models import Notification
from notices.selectors import inbox_page
from notices.services import mark_read

PAGE = 25


@require_safe
@wearing(*BUSINESS_HATS)
def inbox(request: ActorRequest) -> HttpResponse:
    unread_only = request.GET.get("show") == "unread"
    found, more = inbox_page(request.actor, unread_only=unread_only, after=_cursor(request.GET.get("after", "")), size=PAGE)
    context = {"lines": [_line(each) for each in found], "unread_only": unread_only, "now": timezone.now()}
    if more:
        context["more_url"] = changed_query(request.GET, {"after": f"{found[-1].at.isoformat()}~{found[-1].pk}"})
    return render(request, "notices/inbox.html", context)


def _line(told: Notification) -> dict[str, object]:
    return {
        "id": told.pk,
        "words": subject_of(told.kind, told.facts),
        "number": told.facts.get("number", ""),
        "at": told.at,
        "unread": told.read_at is None,
        "url": leads_to(told.kind, Hat(told.hat), told.subject_id),
    }


@require_safe
@wearing(*BUSINESS_HATS)
def count(request: ActorRequest) -> HttpResponse:
    """The bar's own small question, once a minute."""
    return fragment(request, "parts/_inbox.html", {})


@require_POST
@wearing(*BUSINESS_HATS)
def read(request: ActorRequest) -> HttpResponse:
    """One line, or all of them. From a line the reader goes on to what it speaks of."""
    one = _uuid(request.POST.get("notification", ""))
    if one or request.POST.get("all"):
        mark_read(actor=request.actor, notification_id=one, now=timezone.now())
    return redirect(onward(request, reverse("notices:inbox")))


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    moment, _tilde, ident = text.partition("~")
    found = _uuid(ident)
    at = moment_of(moment)
    return (at, found) if found and at else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
