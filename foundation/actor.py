"""Who acts, for which firm, in what hat. Every read and every write starts from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from foundation.errors import NotYours


class Hat(StrEnum):
    """The database roles a process may put on. The first two are nobody's business hat."""

    LOBBY = "lobby"
    CLOCK = "clock"
    OWNER = "owner"
    SUPPLIER = "supplier"
    BUREAU = "bureau"
    LAB = "lab"
    PROVIDER = "provider"
    PLATFORM = "platform"


BUSINESS_HATS = (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM)


@dataclass(frozen=True)
class Actor:
    """One person (or the clock) acting for one organisation in one hat."""

    hat: Hat
    # Whoever acts in a business hat acts for a firm, as a person. The clock alone has neither, and no business verb takes it.
    org_id: UUID = None  # type: ignore[assignment]
    org_name_zh: str = ""
    org_name_en: str = ""
    person_id: UUID = None  # type: ignore[assignment]
    person_name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    is_demo: bool = False
    scopes: frozenset[str] | None = None  # None: a person at a page; a set: an API token, which may do only this
    stands_for: tuple[str, ...] = ()  # names of the colleagues for whom this person stands in today; their roles are among `roles`

    def must_act_for(self, org_id: UUID | None, *hats: Hat) -> None:
        """Refuse unless the actor acts for that firm in one of those hats."""
        if self.hat not in hats or org_id is None or self.org_id != org_id:
            raise NotYours

    def must_wear(self, *hats: Hat) -> None:
        """Refuse unless the actor wears one of those hats."""
        if self.hat not in hats:
            raise NotYours

    def must_hold(self, *roles: str) -> None:
        """Refuse unless the actor holds one of those roles in the firm."""
        if not self.roles.intersection(roles):
            raise NotYours("role_missing")


CLOCK = Actor(hat=Hat.CLOCK, person_name="clock")


def role_of(hat: Hat) -> str:
    """The database role of a hat; roles are cluster-wide, so each installation has its own prefix."""
    return f"{settings.QCCHAIN_ROLE_PREFIX}hat_{hat.value}"


_READ = "select current_setting('role'), current_setting('app.org', true), current_setting('app.user', true)"
_PUT = "select set_config('role', %s, true), set_config('app.org', %s, true), set_config('app.user', %s, true)"


def put_on(hat: Hat, *, org_id: UUID | None = None, person_id: UUID | None = None) -> None:
    """Wear a hat until the transaction ends or another is put on. Middleware and acting_as() only."""
    _put(role_of(hat), str(org_id or ""), str(person_id or ""))


def _put(*values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PUT, values)


@contextmanager
def acting_as(hat: Hat, *, org_id: UUID | None = None, person_id: UUID | None = None) -> Iterator[None]:
    """Wear a hat for a block, then put back what was there.

    SET LOCAL ends with the transaction, not with the block: inside a longer transaction the former hat
    must be restored by hand. After an error the savepoint's rollback restores it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            former = cursor.fetchone()
        put_on(hat, org_id=org_id, person_id=person_id)
        yield
        _put(former[0] or "none", former[1] or "", former[2] or "")


@contextmanager
def as_actor(actor: Actor) -> Iterator[None]:
    """acting_as() for a whole actor, as jobs and commands need it."""
    with acting_as(actor.hat, org_id=actor.org_id, person_id=actor.person_id):
        yield


class ActorRequest(HttpRequest):
    """A request whose actor the hat middleware has found."""

    actor: Actor
    wearables: list[Any]


def wearing(*hats: Hat) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page for these hats: a stranger is sent to sign in, any other hat is refused with 403."""

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor is None and not request.user.is_authenticated:
                where = urlencode({"next": request.get_full_path()}, safe="/")
                return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{where}")
            if request.actor is None or request.actor.hat not in hats:
                raise NotYours("other_hat")
            return view(request, *args, **kwargs)

        guarded.hats = hats  # type: ignore[attr-defined]
        return guarded

    return wrap
