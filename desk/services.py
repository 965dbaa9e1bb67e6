"""What a person changes about themselves."""

from __future__ import annotations

from django.db import transaction

from foundation.actor import BUSINESS_HATS, Actor
from parties.models import Person


@transaction.atomic
def change_me(*, actor: Actor, name: str, locale: str) -> None:
    """The person's own name and language. What they signed before keeps the name it was signed with."""
    actor.must_wear(*BUSINESS_HATS)
    Person.objects.filter(pk=actor.person_id).update(name=name, locale=locale)
