"""Whose visits a secret address is: asked in the lobby, for nobody is signed in where a calendar reads."""

from __future__ import annotations

from audits.models import VisitFeed
from foundation.actor import Actor, Hat, acting_as
from parties.models import Person
from parties.selectors import actor_of, today, token_hash, wearables


def visit_feed_of(actor: Actor) -> VisitFeed | None:
    """The actor's open address."""
    return VisitFeed.objects.visible_to(actor).filter(person_id=actor.person_id, closed_at=None).first()


def behind_visit_feed(secret: str) -> tuple[VisitFeed, Actor] | None:
    """The feed and who reads by it; None once it is closed, or the person has left the firm. The same None for an address never made."""
    with acting_as(Hat.LOBBY):
        feed = VisitFeed.objects.filter(token_hash=token_hash(secret), closed_at=None).first()
        person = Person.objects.filter(pk=feed.person_id, is_active=True).first() if feed else None
        if feed is None or person is None:
            return None
        worn = [hat for hat in wearables(person, on=today()) if (hat.org_id, hat.hat) == (feed.org_id, Hat.OWNER)]
        return (feed, actor_of(person, worn[0])) if worn else None
