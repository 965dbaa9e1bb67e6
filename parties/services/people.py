"""People: written here, whoever asks."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.actor import BUSINESS_HATS, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from parties.models import Membership, Person
from parties.phones import phone_e164

LONGEST_CONTACT = 60


def contact_of(typed: str) -> tuple[str | None, str | None]:
    """(phone, e-mail), one of them None. Raises RuleBroken("contact_invalid") for anything that is neither."""
    typed = typed.strip()
    if len(typed) <= LONGEST_CONTACT and "@" in typed:
        try:
            validate_email(typed)
        except ValidationError:
            raise RuleBroken("contact_invalid", field="contact") from None
        return None, typed.lower()
    phone = phone_e164(typed)
    if phone is None:
        raise RuleBroken("contact_invalid", field="contact")
    return phone, None


@transaction.atomic
def create_person(*, name: str, contact: str, password: str, now: datetime, locale: str = "zh-hans", is_demo: bool = False) -> Person:
    """A new person who signs in by phone or e-mail. In the lobby only.

    Raises RuleBroken("contact_invalid") or ("contact_taken"); the caller has judged the password.
    """
    phone, email = contact_of(contact)
    person = Person(
        username=phone or email or "", name=name.strip(), phone=phone, email=email, locale=locale, is_demo=is_demo, created_at=now
    )  # fmt: skip
    person.set_password(password)
    try:
        # In a savepoint of its own: two requests at once are told apart by the unique index alone.
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken("contact_taken", field="contact") from None
    return person


@transaction.atomic
def set_language(*, person: Person, language: str) -> None:
    """Remember the language a person reads. In the lobby, or in the person's own hat."""
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken("language_unknown", field="language")
    Person.objects.filter(pk=person.pk).update(locale=language)


@transaction.atomic
def add_colleague(*, actor: Actor, name: str, contact: str, roles: Sequence[str], now: datetime) -> tuple[Person, str]:
    """Take a colleague into the actor's firm: the person, and the first password, which is shown this once."""
    actor.must_wear(*BUSINESS_HATS)
    actor.must_hold(Membership.Role.ORG_ADMIN)
    wanted = [role for role in Membership.Role.values if role in roles]
    if not wanted or len(wanted) != len(set(roles)):
        raise RuleBroken("role_unknown", field="roles")
    password = secrets.token_urlsafe(9)
    with acting_as(Hat.LOBBY):
        person = create_person(name=name, contact=contact, password=password, now=now, is_demo=actor.is_demo)
    Membership.objects.bulk_create(
        Membership(
            person_id=person.pk, person_name=person.name, org_id=actor.org_id, org_name_zh=actor.org_name_zh, org_name_en=actor.org_name_en,
            org_is_demo=actor.is_demo, role=role, valid_from=timezone.localdate(now),
        )
        for role in wanted
    )  # fmt: skip
    return person, password
