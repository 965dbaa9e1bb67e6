"""Both sides sign one SHA-256: who, when, in which role, under exactly the text that was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Signature
from agreements.selectors import current_version, may_sign, signatures_of
from agreements.selectors.negotiation import open_proposals
from agreements.selectors.papers import own_signature, still_to_judge
from agreements.services.activation import activate_agreement
from agreements.services.drafting import OPEN_TO_SIGN
from agreements.services.papers_kept import check_text_paper
from agreements.services.sheets import ask_for_sheet
from agreements.services.sides import HATS, OTHER, ask, asked_no_more, facts_for, org_of, side_of
from agreements.services.states import move
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.models import Todo
from notices.services import put_todo, tell
from parties.limits import over_limit
from parties.models import Person
from records.services.entries import append_entry

VersionState = AgreementVersion.State
METHOD = "click_password"
LIMIT_NAME = "sign-password"
MOST_TRIES, WINDOW_SECONDS = 6, 15 * 60
ASKED, TO_CHECK = "signatory_asked", "stamped_to_check"
ON_THE_LIST = ("agreement_to_review", "agreement_to_sign", ASKED)


@dataclass(frozen=True)
class Hand:
    """How a signature is given: the hash of the text that was before the signer, the method, and what proves it."""

    sha256: str
    method: str = METHOD
    ip: str | None = None
    proof: str = ""  # SHA-256 of the paper that proves it: a stamped copy's first page, a certificate's answer


@transaction.atomic
def sign_agreement(*, actor: Actor, agreement: Agreement, sha256: str, password: str, now: datetime, ip: str | None = None) -> Signature:
    """Sign for the actor's side; in force at once when both have signed and its day has come.

    Signed twice by the same person is signed once, whatever became of the agreement since: a lost line may be repeated.
    Raises RuleBroken and changes nothing when the text shown is not the text that stands, the person is no signatory today,
    the password is wrong, a proposal waits for an answer, or the hand is the other side's too.
    """
    side = side_of(actor, agreement)
    check_person(actor, password)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    mine = own_signature(actor, agreement, sha256)
    if mine is not None:
        return mine
    version = current_version(actor, agreement)
    check_may_sign(actor, version, side, sha256, now=now)
    return put_hand(actor=actor, agreement=agreement, version=version, hand=Hand(sha256, ip=ip), now=now)


def check_person(actor: Actor, password: str) -> None:
    """The person is asked again; wrong tries are counted in the cache, so that no rollback forgets them."""
    who = str(actor.person_id)
    if int(cache.get(f"limit:{LIMIT_NAME}:{who}", 0)) >= MOST_TRIES:
        raise RuleBroken("too_many_tries_to_sign", field="password")
    person = Person.objects.filter(pk=actor.person_id, is_active=True).first() if actor.person_id else None
    # Not person.check_password(): it would rewrite an old hash, and no business hat may write a password.
    if person is None or not check_password(password, person.password):
        over_limit(LIMIT_NAME, who, most=MOST_TRIES, seconds=WINDOW_SECONDS)
        raise RuleBroken("password_wrong", field="password")


def check_may_sign(actor: Actor, version: AgreementVersion, side: str, sha256: str, *, now: datetime) -> None:
    """Whether this person may put a hand under that hash now. Raises RuleBroken for the first thing against it."""
    if not may_sign(actor, on=timezone.localdate(now)):
        raise RuleBroken("signatory_only")
    if sha256 != version.sha256:
        raise RuleBroken("text_changed")
    check_open(actor, version, side, now=now)
    if any(other.person_id == actor.person_id for other in signatures_of(actor, version).values()):
        raise RuleBroken("nobody_signs_for_both")


def check_open(actor: Actor, version: AgreementVersion, side: str, *, now: datetime) -> None:
    """Whether that side may still sign this text at all."""
    if version.state not in OPEN_TO_SIGN:
        raise RuleBroken("agreement_is_not_open_for_signing")
    mine = signatures_of(actor, version).get(side)
    if mine is not None:
        raise RuleBroken("side_has_signed", name=mine.person_name)
    if open_proposals(actor, version):
        raise RuleBroken("proposals_are_open")
    if version.effective_to is not None and version.effective_to <= timezone.localdate(now):
        raise RuleBroken("agreement_has_run_out")
    check_text_paper(actor, version)


def put_hand(*, actor: Actor, agreement: Agreement, version: AgreementVersion, hand: Hand, now: datetime) -> Signature:
    """Write one side's signature and what follows from it. The caller has checked, and holds the agreement's lock."""
    side, others = side_of(actor, agreement), bool(signatures_of(actor, version))
    row: dict[str, Any] = {"side": side, "org_id": actor.org_id, "person_id": actor.person_id, "person_name": actor.person_name}
    signature = Signature.objects.create(
        version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, **row,
        method=hand.method, sha256=version.sha256, at=now, ip=hand.ip,
    )  # fmt: skip
    payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256, "side": side, "method": hand.method}
    if hand.proof:
        payload["proof"] = hand.proof
    append_entry(actor=actor, stream=agreement, kind="agreement_signed", subject_id=agreement.pk, payload=payload, now=now)
    _move_on(agreement, version, side, both=others, now=now)
    compared(actor, agreement, version, now=now)
    return signature


def compared(actor: Actor, agreement: Agreement, version: AgreementVersion, *, now: datetime) -> None:
    """Take the comparing of stamped paper off the list of a side that has none to compare any more."""
    for side in OTHER.keys() - still_to_judge(actor, version):
        asked_no_more(agreement, TO_CHECK, side=side, now=now)


def _move_on(agreement: Agreement, version: AgreementVersion, side: str, *, both: bool, now: datetime) -> None:
    asked_no_more(agreement, *ON_THE_LIST, side=side, now=now)
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
    ask_for_sheet(version)
    if version.effective_from <= timezone.localdate(now):
        activate_agreement(agreement=agreement, now=now)
        agreement.refresh_from_db()


@transaction.atomic
def ask_signatories(*, actor: Actor, agreement: Agreement, now: datetime) -> bool:
    """Somebody who may read but not sign asks the firm's signatories; asked twice, they are told once. False the second time."""
    side = side_of(actor, agreement)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    check_open(actor, current_version(actor, agreement), side, now=now)
    if Todo.objects.visible_to(actor).filter(hat=actor.hat, kind=ASKED, subject_id=agreement.pk, done_at=None).exists():
        return False
    line: dict[str, Any] = {"org_id": org_of(agreement, side), "hat": HATS[side], "kind": ASKED, "subject_id": agreement.pk}
    facts = facts_for(agreement, side) | {"asked_by": actor.person_name}
    put_todo(**line, facts=facts, now=now)
    tell(**line, facts=facts, now=now)
    return True
