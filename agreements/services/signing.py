"""Both sides sign one SHA-256: who, when, in which role, under exactly the text that was shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Signature
from agreements.selectors import current_version, may_sign, signatures_of
from agreements.selectors.negotiation import open_proposals
from agreements.services.activation import activate_agreement
from agreements.services.drafting import OPEN_TO_SIGN
from agreements.services.sides import OTHER, ask, asked_no_more, side_of
from agreements.services.states import move
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from parties.limits import over_limit
from parties.models import Person
from records.services.entries import append_entry

VersionState = AgreementVersion.State
METHOD = "click_password"
LIMIT_NAME = "sign-password"
MOST_TRIES, WINDOW_SECONDS = 6, 15 * 60


@transaction.atomic
def sign_agreement(*, actor: Actor, agreement: Agreement, sha256: str, password: str, now: datetime, ip: str | None = None) -> Signature:
    """Sign for the actor's side; in force at once when both have signed and its day has come.

    Signed twice by the same person is signed once. Raises RuleBroken and changes nothing when the text shown is not the
    text that stands, the person is no signatory today, the password is wrong, or the hand is the other side's too.
    """
    side = side_of(actor, agreement)
    _check_password(actor, password)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    version = current_version(actor, agreement)
    signatures = signatures_of(actor, version)
    mine = signatures.get(side)
    if mine is not None and mine.person_id == actor.person_id and mine.sha256 == sha256:
        return mine
    _check_may_sign(actor, version, now)
    if sha256 != version.sha256:
        raise RuleBroken("text_changed")
    if mine is not None:
        raise RuleBroken("side_has_signed", name=mine.person_name)
    if any(other.person_id == actor.person_id for other in signatures.values()):
        raise RuleBroken("nobody_signs_for_both")
    signature = _sign(actor, version, side, now=now, ip=ip)
    payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256, "side": side, "method": METHOD}
    append_entry(actor=actor, stream=agreement, kind="agreement_signed", subject_id=agreement.pk, payload=payload, now=now)
    _move_on(agreement, version, side, both=bool(signatures), now=now)
    return signature


def _check_password(actor: Actor, password: str) -> None:
    """The person is asked again; wrong tries are counted in the cache, so that no rollback forgets them."""
    who = str(actor.person_id)
    if int(cache.get(f"limit:{LIMIT_NAME}:{who}", 0)) >= MOST_TRIES:
        raise RuleBroken("too_many_tries_to_sign", field="password")
    person = Person.objects.filter(pk=actor.person_id, is_active=True).first() if actor.person_id else None
    # Not person.check_password(): it would rewrite an old hash, and no business hat may write a password.
    if person is None or not check_password(password, person.password):
        over_limit(LIMIT_NAME, who, most=MOST_TRIES, seconds=WINDOW_SECONDS)
        raise RuleBroken("password_wrong", field="password")


def _check_may_sign(actor: Actor, version: AgreementVersion, now: datetime) -> None:
    if not may_sign(actor, on=timezone.localdate(now)):
        raise RuleBroken("signatory_only")
    if version.state not in OPEN_TO_SIGN:
        raise RuleBroken("agreement_is_not_open_for_signing")
    if open_proposals(actor, version):
        raise RuleBroken("proposals_are_open")
    if version.effective_to is not None and version.effective_to <= timezone.localdate(now):
        raise RuleBroken("agreement_has_run_out")


def _sign(actor: Actor, version: AgreementVersion, side: str, *, now: datetime, ip: str | None) -> Signature:
    row: dict[str, Any] = {"side": side, "org_id": actor.org_id, "person_id": actor.person_id, "person_name": actor.person_name}
    return Signature.objects.create(
        version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, **row,
        method=METHOD, sha256=version.sha256, at=now, ip=ip,
    )  # fmt: skip


def _move_on(agreement: Agreement, version: AgreementVersion, side: str, *, both: bool, now: datetime) -> None:
    asked_no_more(agreement, "agreement_to_review", "agreement_to_sign", side=side, now=now)
    if not both:
        move(agreement, version, VersionState.SIGNING)
        asked_no_more(agreement, "agreement_to_review", side=OTHER[side], now=now)
        ask(agreement, OTHER[side], "agreement_to_sign", now=now)
        return
    with acting_as(Hat.CLOCK):
        version.signed_at = now
        version.save(update_fields=["signed_at"])
        if agreement.signed_at is None:
            agreement.signed_at = now
            agreement.save(update_fields=["signed_at"])
    move(agreement, version, VersionState.SIGNED)
    if version.effective_from <= timezone.localdate(now):
        activate_agreement(agreement=agreement, now=now)
        agreement.refresh_from_db()
