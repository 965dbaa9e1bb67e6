"""Links to files that die in five minutes and open for one hat of one firm only. They never replace the check of the hat."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from foundation.actor import Actor

LIFE_SECONDS = 300
_SIGNER = signing.TimestampSigner(salt="records.evidence.link")


class LinkDied(Exception):
    """A good link, but its five minutes are over."""


def _said(actor: Actor, thing: str, thing_id: UUID, copy: str) -> str:
    return f"{thing}/{thing_id}/{copy}/{actor.org_id}/{actor.hat.value}"


def signature_for(actor: Actor, thing: str, thing_id: UUID, copy: str) -> str:
    """The signature of a fresh link: the moment and a mark over who may open what."""
    said = _said(actor, thing, thing_id, copy)
    return _SIGNER.sign(said)[len(said) + 1 :]


def is_good(signature: str, actor: Actor, thing: str, thing_id: UUID, copy: str) -> bool:
    """Whether this actor was given this link. Raises LinkDied when it was, but too long ago."""
    try:
        _SIGNER.unsign(f"{_said(actor, thing, thing_id, copy)}:{signature}", max_age=LIFE_SECONDS)
    except signing.SignatureExpired as error:
        raise LinkDied from error
    except signing.BadSignature:
        return False
    return True
