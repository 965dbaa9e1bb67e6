"""The edge to the outside: text messages through a port. No provider is built in; the default writes to the log."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class SmsPort(Protocol):
    """What a provider must do. `key` is the same at every retry: a provider that knows it sends once."""

    def send(self, *, phone: str, text: str, key: str) -> None: ...


class LoggedSms:
    """Says what would be sent, without the number's middle."""

    def send(self, *, phone: str, text: str, key: str) -> None:
        log.warning("SMS %s to %s…%s: %s", key, phone[:6], phone[-2:], text)


class KeptSms:
    """The test double: keeps what was sent."""

    sent: list[tuple[str, str, str]] = []

    def send(self, *, phone: str, text: str, key: str) -> None:
        self.sent.append((phone, text, key))


def port() -> SmsPort:
    """The provider of this installation."""
    return import_string(settings.SMS_PORT)()
