"""From a thing on a page to the form in which help is asked for it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from foundation.actor import Actor, Hat
from parties.roles import MAY_FILE


def ask_url(actor: Actor, about: str, subject_id: UUID) -> str:
    """For whoever may ask on the firm's behalf."""
    if actor.hat not in (Hat.OWNER, Hat.SUPPLIER) or not actor.roles.intersection(MAY_FILE):
        return ""
    return f"{reverse('onestop:ask')}?{urlencode({'about': about, 'subject': subject_id})}"
