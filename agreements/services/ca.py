"""The port for a certificate authority: a third party that knows the person and signs the hash with a certificate of theirs.

None is built in. An installation names a class in QCCHAIN_CA; it is made without arguments and does what CaProvider asks.
A signature takes three steps, none of which the authority can skip: we send the person there with the hash and a state of ours;
the person comes back with an answer; and before anything is written, verify() says that the answer is a signature under that very hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.module_loading import import_string

from agreements.models import Agreement, Signature
from agreements.selectors import current_version
from agreements.selectors.papers import own_signature
from agreements.services.papers_kept import Kind, Made, keep
from agreements.services.sides import side_of
from agreements.services.signing import Hand, check_may_sign, put_hand
from foundation.actor import Actor
from foundation.errors import RuleBroken

METHOD = "certificate"
SALT, LIFE_SECONDS = "agreements.ca", 30 * 60
MOST_PROOF_BYTES = 1024 * 1024


class CaRefused(Exception):
    """The authority's answer is not a signature of that hash by that person; `args[0]` is for our log, not for people."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of the authority: this person of this firm signs this hash, and comes back to that address."""

    sha256: str
    person_name: str
    org_name_zh: str
    number: str
    back_url: str
    state: str


@dataclass(frozen=True)
class Proof:
    """A detached signature as it is kept, and whom its certificate names."""

    raw: bytes
    subject: str
    serial: str


class CaProvider(Protocol):
    """What a provider must do. Raises CaRefused, never answers with half a proof."""

    name_zh: str
    name_en: str

    def begin(self, wanted: Wanted) -> str:
        """The address to send the person to. It must carry `state` back untouched."""

    def read_return(self, answer: Mapping[str, str]) -> bytes:
        """The detached signature from what the person came back with; the provider may ask the authority for it."""

    def verify(self, *, sha256: str, raw: bytes, at: datetime) -> Proof:
        """Check chain, validity at that moment and the hash. The only step that is believed."""


def provider() -> CaProvider | None:
    """The provider of this installation, if it has one."""
    named: str = settings.AGREEMENT_CA
    return import_string(named)() if named else None


def begin_certificate(*, actor: Actor, agreement: Agreement, sha256: str, back_url: str, now: datetime) -> str:
    """Where to send the signatory. Raises RuleBroken where this person could not sign anyway; nothing is written."""
    ca = _provider()
    side = side_of(actor, agreement)
    version = current_version(actor, agreement)
    check_may_sign(actor, version, side, sha256, now=now)
    state = signing.dumps([str(version.pk), str(actor.person_id), sha256], salt=SALT)
    return ca.begin(Wanted(sha256, actor.person_name, actor.org_name_zh, agreement.number, back_url, state))


@transaction.atomic
def sign_with_certificate(*, actor: Actor, agreement: Agreement, state: str, answer: Mapping[str, str], now: datetime) -> Signature:
    """Take the authority's answer as the actor's signature, once its proof is verified and kept.

    Repeated, it is the same signature. Raises RuleBroken and changes nothing for an answer that is late, of another person or
    text, or no valid signature of the hash.
    """
    ca = _provider()
    side = side_of(actor, agreement)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    version_id, sha256 = _asked(actor, state)
    mine = own_signature(actor, agreement, sha256)
    if mine is not None:
        return mine
    version = current_version(actor, agreement)
    if version.pk != version_id:
        raise RuleBroken("text_changed")
    check_may_sign(actor, version, side, sha256, now=now)
    proof = _proof(ca, answer, sha256, now)
    kept = keep(version, Made(Kind.PROOF, proof.raw, mime="application/pkcs7-signature", side=side), now=now)
    return put_hand(actor=actor, agreement=agreement, version=version, hand=Hand(sha256, method=METHOD, proof=kept.sha256), now=now)


def _provider() -> CaProvider:
    ca = provider()
    if ca is None:
        raise RuleBroken("ca_is_off")
    return ca


def _asked(actor: Actor, state: str) -> tuple[UUID, str]:
    try:
        version_id, person_id, sha256 = signing.loads(state, salt=SALT, max_age=LIFE_SECONDS)
    except signing.BadSignature:
        raise RuleBroken("ca_answer_is_not_ours") from None
    if person_id != str(actor.person_id):
        raise RuleBroken("ca_answer_is_not_ours")
    return UUID(version_id), sha256


def _proof(ca: CaProvider, answer: Mapping[str, str], sha256: str, now: datetime) -> Proof:
    try:
        raw = ca.read_return(answer)
        if not 0 < len(raw) <= MOST_PROOF_BYTES:
            raise CaRefused(f"{len(raw)} bytes")
        return ca.verify(sha256=sha256, raw=raw, at=now)
    except CaRefused:
        raise RuleBroken("ca_signature_is_not_valid") from None
