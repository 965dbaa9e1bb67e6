"""How the API finds its actor: the token was read by the hat middleware, here it is only shown to the framework."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.actor import Actor, Hat


class ActorAuthentication(BaseAuthentication):
    """The actor behind `Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        actor = getattr(request._request, "actor", None)
        return (actor, None) if actor else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasActor(BasePermission):
    """A view names its `hats` and its `scope`; anything else is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = request.user
        if not isinstance(actor, Actor):
            return False
        hats: tuple[Hat, ...] = getattr(view, "hats", ())
        scope = getattr(view, "scope", "read") if request.method in ("GET", "HEAD", "OPTIONS") else getattr(view, "write_scope", "write")
        return actor.hat in hats and (actor.scopes is None or scope in actor.scopes)


class AlwaysJson(DefaultContentNegotiation):
    """One representation: JSON, whatever Accept says."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
