"""What every page's frame needs: links, counts, hats. Two small queries for the signed-in, none for anybody else."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from desk.nav import HAT_WORDS, foot_of, rail_of
from foundation.actor import Actor, Hat
from notices.selectors import Open, open_by_kind, unread_count
from parties.middleware import LOBBY_PATHS
from parties.roles import MAY_FILE, MAY_WRITE
from parties.selectors import Wearable
from suppliers.words import in_language


def shell(request: HttpRequest) -> dict[str, Any]:
    """`theme` always; `may_file`, `may_write` and `nav` for the signed-in, made only where a template asks for it."""
    said: dict[str, Any] = {"theme": request.COOKIES.get("theme", "")}
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None:
        # A reader of the firm is shown no button that would be refused.
        said["may_file"] = bool(actor.roles.intersection(MAY_FILE))
        said["may_write"] = bool(actor.roles.intersection(MAY_WRITE))
        said["nav"] = SimpleLazyObject(lambda: nav_of(request, actor))
    return said


def nav_of(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The contract of base.html."""
    counts, unread = _counts(request, actor)
    return {
        "rail": rail_of(actor.hat, request.path, counts),
        "foot": foot_of(actor.hat, request.path),
        "inbox_count": unread,
        "inbox_url": reverse("notices:inbox"),
        "inbox_poll_url": reverse("notices:count"),
        "hats": [_hat(worn, actor) for worn in getattr(request, "wearables", [])],
        "hat": {"org": in_language(actor.org_name_zh, actor.org_name_en), "sub": HAT_WORDS[actor.hat]},
        "hat_url": reverse("desk:hat"),
        "is_demo": actor.is_demo,
    }


def _counts(request: HttpRequest, actor: Actor) -> tuple[dict[str, Open], int]:
    # On the lobby's pages no hat is on, and after a database error nothing may be asked.
    if request.path.startswith(LOBBY_PATHS) or connection.needs_rollback:
        return {}, 0
    return open_by_kind(actor), unread_count(actor)


def _hat(worn: Wearable, actor: Actor) -> dict[str, Any]:
    name = in_language(worn.org_name_zh, worn.org_name_en)
    return {
        "id": worn.key,
        "label": name,
        "sub": HAT_WORDS[Hat(worn.hat)],
        "current": worn.org_id == actor.org_id and worn.hat == actor.hat,
    }
