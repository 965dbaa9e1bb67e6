"""How the API finds its actor: the token was read by the hat middleware, here it is only shown to the framework."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.actor import Actor, Hat
from foundation.errors import NotYours

SAFE = ("GET", "HEAD", "OPTIONS")


class ActorAuthentication(BaseAuthentication):
    """The actor behind `Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        actor = getattr(request._request, "actor", None)
        return (actor, None) if actor else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="qcchain"'


class HasActor(BasePermission):
    """A view names its `hats` (and `write_hats` where fewer may write); anything else is refused, with the reason."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = request.user
        if not isinstance(actor, Actor):
            return False
        writes = request.method not in SAFE
        hats: tuple[Hat, ...] = getattr(view, "hats", ())
        if actor.hat not in (getattr(view, "write_hats", hats) if writes else hats):
            raise NotYours("other_hat")
        scope = getattr(view, "write_scope", "write") if writes else getattr(view, "scope", "read")
        if actor.scopes is not None and scope not in actor.scopes:
            raise NotYours("scope_missing")
        return True


class AlwaysJson(DefaultContentNegotiation):
    """One representation: JSON, whatever Accept says."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
