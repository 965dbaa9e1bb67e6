"""The text on paper with a stamp: sent in by one firm, held beside the text by both, and then that firm's signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Signature, StampedCopy, StampedWord
from agreements.selectors import current_version, may_sign, signatures_of
from agreements.selectors.papers import stamped_of, waits
from agreements.services.papers_kept import Kind, Made, clean_copy, keep
from agreements.services.sides import HATS, MAY_FILE, MAY_WRITE, OTHER, ask, asked_no_more, org_of, side_of
from agreements.services.signing import TO_CHECK, Hand, check_open, check_person, compared, put_hand
from foundation.actor import Actor, as_actor
from foundation.errors import RuleBroken
from records.models import Evidence
from records.services.entries import append_entry
from records.services.evidence import take_evidence

METHOD = "stamped_scan"
DIFFERS = "stamped_differs"
MIN_REASON, MOST_REASON, MOST_PAGES = 5, 500, 20


@transaction.atomic
def file_stamped(
    *, actor: Actor, agreement: Agreement, sha256: str, files: Sequence[UploadedFile], client_id: str, now: datetime
) -> StampedCopy:
    """Send in the photographed or scanned pages of the stamped text; the same `client_id` files once.

    Raises RuleBroken, and nothing is kept of it, when that side cannot sign this text now, another copy of that side waits,
    the text is not the one that stands, or a page does not pass screening.
    """
    side = side_of(actor, agreement)
    actor.must_hold(*MAY_FILE)
    agreement, version = _locked(actor, agreement)
    before = StampedCopy.objects.visible_to(actor).filter(version=version, side=side, client_id=client_id).first()
    if before is not None:
        return before
    if sha256 != version.sha256:
        raise RuleBroken("text_changed")
    check_open(actor, version, side, now=now)
    signatures = signatures_of(actor, version)
    if any(copy.side == side and waits(copy, signatures) for copy in stamped_of(actor, version)):
        raise RuleBroken("stamped_copy_waits")
    if not 0 < len(files) <= MOST_PAGES:
        raise RuleBroken("stamped_pages_missing" if not files else "stamped_pages_too_many", field="file", most=MOST_PAGES)
    taken = [take_evidence(actor=actor, now=now, client_id=f"{client_id[:60]}-{n}", file=file) for n, file in enumerate(files, start=1)]
    copy = StampedCopy.objects.create(**_said(version, side, actor), version=version, sha256=sha256, client_id=client_id, at=now)
    pages = [_page(copy, number, each, now=now) for number, each in enumerate(taken, start=1)]
    _tell_record(actor, agreement, "agreement_stamp_filed", copy, {"pages": pages}, now=now)
    for each in (side, OTHER[side]):
        ask(agreement, each, TO_CHECK, now=now)
    asked_no_more(agreement, DIFFERS, side=side, now=now)
    return copy


def _locked(actor: Actor, agreement: Agreement) -> tuple[Agreement, AgreementVersion]:
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    return agreement, current_version(actor, agreement)


def _said(version: AgreementVersion, side: str, actor: Actor) -> dict[str, Any]:
    sides = {"owner_org_id": version.owner_org_id, "supplier_org_id": version.supplier_org_id}
    return {**sides, "side": side, "org_id": actor.org_id, "person_id": actor.person_id, "person_name": actor.person_name}


def _page(copy: StampedCopy, number: int, evidence: Evidence, *, now: datetime) -> str:
    """A page for both sides; gives its hash."""
    made = Made(Kind.STAMPED, clean_copy(evidence), mime=evidence.mime, side=copy.side, stamped=copy, number=number)
    return keep(copy.version, made, now=now).sha256


@transaction.atomic
def say_it_matches(
    *, actor: Actor, agreement: Agreement, stamped: StampedCopy, now: datetime, password: str = "", ip: str | None = None
) -> StampedWord:
    """Say that the stamped copy is the text. Said by both, it is the signature of the side whose stamp it bears.

    The side that stamped says so through a signatory, who gives the password again: it is that person's signature.
    """
    side = side_of(actor, agreement)
    own = side == stamped.side
    if own:
        check_person(actor, password)
    else:
        actor.must_hold(*MAY_WRITE)
    agreement, version, before = _to_judge(actor, agreement, stamped, side, now=now)
    if before is not None:
        return before
    if own and not may_sign(actor, on=timezone.localdate(now)):
        raise RuleBroken("signatory_only")
    _not_for_both(actor, version, stamped)
    word = StampedWord.objects.create(**_said(version, side, actor), stamped=stamped, matches=True, ip=ip, at=now)
    _tell_record(actor, agreement, "agreement_stamp_matches", stamped, {}, now=now)
    compared(actor, agreement, version, now=now)
    words = {each.side: each for each in StampedWord.objects.visible_to(actor).filter(stamped=stamped, matches=True)}
    if len(words) == len(HATS):
        _count(agreement, version, stamped, words[stamped.side], now=now)
        agreement.refresh_from_db()
    return word


def _to_judge(
    actor: Actor, agreement: Agreement, stamped: StampedCopy, side: str, *, now: datetime
) -> tuple[Agreement, AgreementVersion, StampedWord | None]:
    """The text under its lock, and what that side has said already. Raises RuleBroken where nothing is to be said any more."""
    agreement, version = _locked(actor, agreement)
    before = StampedWord.objects.visible_to(actor).filter(stamped=stamped, side=side).first()
    if before is not None and before.person_id == actor.person_id and before.matches:
        return agreement, version, before
    refused = StampedWord.objects.visible_to(actor).filter(stamped=stamped, matches=False).exists()
    if before is not None or refused or stamped.version_id != version.pk:
        raise RuleBroken("stamped_copy_is_settled")
    check_open(actor, version, stamped.side, now=now)
    return agreement, version, None


def _not_for_both(actor: Actor, version: AgreementVersion, stamped: StampedCopy) -> None:
    others = StampedWord.objects.visible_to(actor).filter(stamped=stamped, person_id=actor.person_id)
    signed = any(row.person_id == actor.person_id for row in signatures_of(actor, version).values() if row.org_id != actor.org_id)
    if others.exists() or signed:
        raise RuleBroken("nobody_signs_for_both")


def _count(agreement: Agreement, version: AgreementVersion, stamped: StampedCopy, word: StampedWord, *, now: datetime) -> Signature:
    """Both have said that it is the text: the signatory's word is the signature, from this moment on."""
    signer = Actor(
        hat=HATS[stamped.side], org_id=org_of(agreement, stamped.side), person_id=word.person_id, person_name=word.person_name
    )  # fmt: skip
    first = stamped.pages.order_by("number").values_list("sha256", flat=True)[0]
    with as_actor(signer):
        hand = Hand(version.sha256, method=METHOD, ip=word.ip, proof=first)
        return put_hand(actor=signer, agreement=agreement, version=version, hand=hand, now=now)


@transaction.atomic
def say_it_differs(*, actor: Actor, agreement: Agreement, stamped: StampedCopy, reason: str, now: datetime) -> StampedWord:
    """Say why the stamped copy is not the text: it never counts, and a better one may be sent in."""
    side = side_of(actor, agreement)
    actor.must_hold(*MAY_WRITE)
    reason = reason.strip()
    if not MIN_REASON <= len(reason) <= MOST_REASON:
        raise RuleBroken("stamped_needs_a_reason", field="reason", most=MOST_REASON)
    said = StampedWord.objects.visible_to(actor).filter(stamped=stamped, side=side, person_id=actor.person_id, matches=False).first()
    if said is not None:
        return said
    agreement, version, before = _to_judge(actor, agreement, stamped, side, now=now)
    if before is not None:
        raise RuleBroken("stamped_copy_is_settled")
    word = StampedWord.objects.create(**_said(version, side, actor), stamped=stamped, matches=False, reason=reason, at=now)
    _tell_record(actor, agreement, "agreement_stamp_differs", stamped, {"reason": reason}, now=now)
    compared(actor, agreement, version, now=now)
    ask(agreement, stamped.side, DIFFERS, now=now)
    return word


def _tell_record(actor: Actor, agreement: Agreement, kind: str, copy: StampedCopy, more: dict[str, Any], *, now: datetime) -> None:
    payload = {"number": agreement.number, "version": copy.version.number, "sha256": copy.sha256, "side": copy.side, **more}
    append_entry(actor=actor, stream=agreement, kind=kind, subject_id=agreement.pk, payload=payload, now=now)
