"""Whose calendar a secret address is: asked in the lobby, for nobody is signed in where a calendar reads."""

from __future__ import annotations

from agreements.models import CalendarFeed
from foundation.actor import Actor, Hat, acting_as
from parties.models import Person
from parties.selectors import actor_of, today, token_hash, wearables


def feed_of(actor: Actor) -> CalendarFeed | None:
    """The actor's open address in this firm and hat."""
    rows = CalendarFeed.objects.visible_to(actor).filter(hat=actor.hat.value, person_id=actor.person_id, closed_at=None)
    return rows.first()


def behind_feed(secret: str) -> tuple[CalendarFeed, Actor] | None:
    """The feed and who reads by it; None once it is closed, or the person has left the firm. The same None for an address never made."""
    with acting_as(Hat.LOBBY):
        feed = CalendarFeed.objects.filter(token_hash=token_hash(secret), closed_at=None).first()
        person = Person.objects.filter(pk=feed.person_id, is_active=True).first() if feed else None
        if feed is None or person is None:
            return None
        worn = [hat for hat in wearables(person, on=today()) if (hat.org_id, hat.hat.value) == (feed.org_id, feed.hat)]
        return (feed, actor_of(person, worn[0])) if worn else None
