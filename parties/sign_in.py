"""Sign-in by name, e-mail or phone: one field, whatever people type into it."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from parties.models import Person
from parties.phones import phone_e164


class SignInBackend(BaseBackend):
    """Looks a person up by what they typed. Runs in the lobby."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Person | None:
        person = find_person(username or "")
        if person is None:
            Person().set_password(password)  # the same work, so that time does not tell whether a name is known
            return None
        return person if person.check_password(password or "") and person.is_active else None

    def get_user(self, user_id: Any) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()


def find_person(typed: str) -> Person | None:
    """The person whose name, e-mail or phone this is."""
    typed = typed.strip()
    if "@" in typed:
        return Person.objects.filter(email__iexact=typed).first()
    phone = phone_e164(typed)
    if phone:
        return Person.objects.filter(phone=phone).first()
    return Person.objects.filter(username=typed).first()


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a firm comes in by an invitation, a colleague by the firm's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong tries are counted by person: neither another spelling of the phone nor another port of the host starts anew."""
        typed = str(credentials.get("username") or "")
        person = find_person(typed)
        return str(person.pk) if person else typed.strip().lower()
