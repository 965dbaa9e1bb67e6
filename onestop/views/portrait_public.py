"""A portrait as somebody outside reads it: no sign-in, no index, so many tries from one address; its firm sees each opening."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from onestop.portrait_cards import card
from onestop.services.portraits import open_portrait
from parties.limits import address_of, over_limit

MOST, WINDOW_SECONDS = 30, 600
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@require_safe
@never_cache
def public(request: HttpRequest, portrait_token: str) -> HttpResponse:
    """What the firm shows. A link that is unknown, over or taken back answers the same: not there."""
    if over_limit("portrait", address_of(request), most=MOST, seconds=WINDOW_SECONDS):
        return render(request, "429.html", {"wait_minutes": WINDOW_SECONDS // 60}, status=429)
    agent = request.META.get("HTTP_USER_AGENT", "")
    row = open_portrait(portrait_token, net=net_of(address_of(request)), device=device_of(agent), now=timezone.now())
    heads = [
        {"label": pgettext("part of a score", "Part")},
        {"label": pgettext("part of a score", "Score"), "end": True},
        {"label": _("Middle of the node"), "end": True},
        {"label": _("On what it stands")},
    ]
    response = render(request, "onestop/portrait_public.html", {"row": row, "card": card(row.body), "heads": heads})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


def net_of(address: str) -> str:
    """An address without its end: about from where, not from which machine.

    >>> net_of("203.0.113.77"), net_of("2001:db8:1:2::7"), net_of("")
    ('203.0.113.0', '2001:db8:1::', '')
    """
    if re.fullmatch(r"[0-9.]{7,15}", address):
        return address.rpartition(".")[0] + ".0"
    if ":" in address:
        return ":".join(address.split("::")[0].split(":")[:3]) + "::"
    return ""


def device_of(agent: str) -> str:
    """Browser and system by the words that a browser says of itself; no more than that.

    >>> device_of("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36")
    'Chrome · Windows'
    """
    said = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in said if name)
