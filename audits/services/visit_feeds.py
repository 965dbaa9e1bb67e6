"""The secret address of an auditor's visits: made, made anew, closed. The secret is shown once and never stored."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from audits.models import VisitFeed
from audits.selectors.visit_feeds import visit_feed_of
from foundation.actor import Actor, Hat
from foundation.errors import NotYours
from parties.selectors import token_hash


@transaction.atomic
def open_visit_feed(*, actor: Actor, now: datetime) -> tuple[VisitFeed, str]:
    """A new address, in the language in force; the one before it ends by it. The row, and the secret that is shown this once."""
    actor.must_wear(Hat.OWNER)
    if actor.scopes is not None and "write" not in actor.scopes:
        raise NotYours
    close_visit_feed(actor=actor, now=now)
    secret = secrets.token_urlsafe(32)
    feed = VisitFeed.objects.create(
        org_id=actor.org_id, person_id=actor.person_id, token_hash=token_hash(secret), language=get_language() or "en", created_at=now
    )  # fmt: skip
    return feed, secret


@transaction.atomic
def close_visit_feed(*, actor: Actor, now: datetime) -> bool:
    """The address answers no more; False where there was none."""
    actor.must_wear(Hat.OWNER)
    feed = visit_feed_of(actor)
    return feed is not None and bool(VisitFeed.objects.filter(pk=feed.pk, closed_at=None).update(closed_at=now))
