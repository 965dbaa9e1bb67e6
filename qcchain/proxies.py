"""Whose address a request has when a proxy stands before us: limits count it, and a signature keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

Wsgi = Callable[..., Any]


def behind(application: Wsgi, proxies: str) -> Wsgi:
    """The application as seen from behind these proxies: addresses and networks, comma-separated; none believes no header.

    Of X-Forwarded-For the last address that is not a proxy's own counts: what a caller writes before it is not believed.
    """
    trusted = [proxy.strip() for proxy in proxies.split(",") if proxy.strip()]
    wrapped: Wsgi = wrap_wsgi_with_proxy_headers(application, trusted_hosts=trusted) if trusted else application
    return wrapped
