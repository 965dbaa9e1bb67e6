"""Browsers without a screen: signed in as one of the cast."""

from __future__ import annotations

from django.test import Client

from foundation.actor import Hat, acting_as
from parties.models import Person
from parties.services import issue_token
from tests.cast import actor, key


def signed_in(who: str, language: str = "zh-hans") -> Client:
    """A client whose session belongs to one of the cast."""
    client = Client()
    with acting_as(Hat.LOBBY):
        client.force_login(Person.objects.get(pk=key("person", who)), backend="parties.sign_in.SignInBackend")
    client.cookies["django_language"] = language
    return client


def with_token(who: str, *scopes: str) -> dict[str, str]:
    """Headers of an API caller in the hat of one of the cast."""
    from django.utils import timezone

    from foundation.actor import as_actor

    with as_actor(actor(who)):
        _, secret = issue_token(actor=actor(who), name="test", scopes=list(scopes or ("read", "write")), now=timezone.now())
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
