"""A firm asks the platform to look at its licence; the platform verifies it, or returns it with reasons. Every step may be repeated.

registered → verifying → verified ⇄ suspended. A return leads back to registered. Closing a firm has no verb yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from notices.services import close_todo, put_todo, tell
from parties.models import Organisation, OrganisationCode
from parties.roles import MAY_FILE, MAY_WRITE
from parties.uscc import problem
from records.models import EvidenceShare
from suppliers.models import Paper, Verification
from suppliers.selectors.verification import UNDO_FOR, same_code, verification_for
from suppliers.verification_words import REASONS

TO_MEND = "licence_to_mend"
LONGEST_NOTE = 300
State, Org = Verification.State, Organisation.State


@transaction.atomic
def ask_verification(actor: Actor, evidence_id: UUID, now: datetime) -> Verification | None:
    """Ask the platform to look at this licence of the actor's firm: it sees the file as long as the firm waits.

    The same licence asks once; a newer one takes the place of the one that waits. None for a firm that is verified already.
    """
    actor.must_wear(Hat.SUPPLIER, Hat.OWNER, Hat.LAB, Hat.PROVIDER)
    actor.must_hold(*MAY_FILE)
    with connection.cursor() as cursor:
        cursor.execute("select verification_ask(%s, %s, %s, %s)", [evidence_id, actor.hat.value, actor.person_name, now])
        (found,) = cursor.fetchone()
    if found is None:
        return None
    close_todo(kind=TO_MEND, subject_id=actor.org_id, org_id=actor.org_id, now=now)
    return verification_for(actor, found)


@transaction.atomic
def verify_firm(*, actor: Actor, verification_id: UUID, now: datetime) -> Verification:
    """The licence says what the firm says: from now on its code is the firm's alone. Verified again, nothing changes.

    Raises RuleBroken("verification_decided"), ("verification_code_wrong") or ("verification_code_taken").
    """
    row = _held(actor, verification_id)
    if row.state == State.VERIFIED:
        return row
    _must_wait(row)
    if problem(row.uscc) is not None:
        raise RuleBroken("verification_code_wrong")
    _take_code(actor, row)
    _decide(row, actor, State.VERIFIED, now=now)
    _set_state(row, Org.VERIFIED)
    Verification.objects.filter(org_id=row.org_id, state=State.SUSPENDED).update(state=State.RETURNED)  # this look takes its place
    _judge_paper(row, "verified")
    _hide_licence(row, now)
    _tell(actor, row, "firm_verified", now)
    return row


@transaction.atomic
def return_firm(*, actor: Actor, verification_id: UUID, reasons: Sequence[str], note: str = "", now: datetime) -> Verification:
    """Send the licence back with ready reasons; the firm is told what to mend. Returned again, nothing changes.

    Raises RuleBroken("verification_decided"), ("verification_reason_missing"), ("verification_reason_unknown") or
    ("verification_note_missing") where the reason is another.
    """
    row = _held(actor, verification_id)
    given, note = [code for code in REASONS if code in reasons], note.strip()[:LONGEST_NOTE]
    if not given:
        raise RuleBroken("verification_reason_missing", field="reasons")
    if set(reasons) - set(given):
        raise RuleBroken("verification_reason_unknown", field="reasons")
    if "other" in given and not note:
        raise RuleBroken("verification_note_missing", field="note")
    if row.state == State.RETURNED and row.reasons == given:
        return row
    _must_wait(row)
    _decide(row, actor, State.RETURNED, reasons=given, note=note, now=now)
    Organisation.objects.filter(pk=row.org_id, state=Org.VERIFYING).update(state=Org.REGISTERED)
    _judge_paper(row, "rejected")
    _hide_licence(row, now)
    put_todo(org_id=row.org_id, hat=Hat(row.hat), kind=TO_MEND, subject_id=row.org_id, facts=_facts(actor), now=now)
    _tell(actor, row, "firm_returned", now)
    return row


@transaction.atomic
def undo_decision(*, actor: Actor, verification_id: UUID, now: datetime) -> Verification:
    """Take a decision back within ten minutes: the firm waits again, and is told so. Repeating changes nothing.

    Raises RuleBroken("verification_undo_late"), or ("verification_newer") when the firm has asked again since.
    """
    row = _held(actor, verification_id)
    if row.state == State.WAITING:
        return row
    if row.state not in (State.VERIFIED, State.RETURNED) or row.decided_at is None or now > row.decided_at + UNDO_FOR:
        raise RuleBroken("verification_undo_late")
    if Verification.objects.filter(org_id=row.org_id, state=State.WAITING).exists():
        raise RuleBroken("verification_newer")
    if row.state == State.VERIFIED:
        OrganisationCode.objects.filter(pk=row.org_id, verified=row.uscc).update(verified=None)
        row.verified_at, row.verified_by = None, ""
    row.state, row.decided_at, row.decided_by, row.reasons, row.note = State.WAITING, None, "", [], ""
    row.save(update_fields=["state", "decided_at", "decided_by", "verified_at", "verified_by", "reasons", "note"])
    _set_state(row, Org.VERIFYING)
    _judge_paper(row, "uploaded")
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.filter(evidence_id=row.evidence_id, whats__contains=["verification"]).update(revoked_at=None)
    close_todo(kind=TO_MEND, subject_id=row.org_id, org_id=row.org_id, now=now)
    _tell(actor, row, "firm_checked_again", now)
    return row


@transaction.atomic
def suspend_firm(*, actor: Actor, verification_id: UUID, note: str, now: datetime) -> Verification:
    """Take a verification back for now, with words that the firm reads. Suspended again, nothing changes.

    Raises RuleBroken("verification_not_verified") or ("verification_note_missing").
    """
    row = _held(actor, verification_id)
    if row.state == State.SUSPENDED:
        return row
    if row.state != State.VERIFIED:
        raise RuleBroken("verification_not_verified")
    if not note.strip():
        raise RuleBroken("verification_note_missing", field="note")
    _decide(row, actor, State.SUSPENDED, note=note.strip()[:LONGEST_NOTE], now=now)
    _set_state(row, Org.SUSPENDED)
    _tell(actor, row, "firm_suspended", now)
    return row


@transaction.atomic
def reinstate_firm(*, actor: Actor, verification_id: UUID, now: datetime) -> Verification:
    """Give a suspended verification back. Repeating changes nothing. Raises RuleBroken("verification_not_verified")."""
    row = _held(actor, verification_id)
    if row.state == State.VERIFIED:
        return row
    if row.state != State.SUSPENDED:
        raise RuleBroken("verification_not_verified")
    _decide(row, actor, State.VERIFIED, now=now)
    _set_state(row, Org.VERIFIED)
    _tell(actor, row, "firm_verified", now)
    return row


def _held(actor: Actor, verification_id: UUID) -> Verification:
    """The asking, held until the transaction ends: two clerks take turns."""
    actor.must_wear(Hat.PLATFORM)
    actor.must_hold(*MAY_WRITE)
    row = Verification.objects.visible_to(actor).select_for_update().filter(pk=verification_id).first()
    if row is None:
        raise Absent
    return row


def _must_wait(row: Verification) -> None:
    if row.state != State.WAITING:
        raise RuleBroken("verification_decided")


def _decide(row: Verification, actor: Actor, state: str, *, reasons: Sequence[str] = (), note: str = "", now: datetime) -> None:
    row.state, row.decided_at, row.decided_by, row.reasons, row.note = state, now, actor.person_name, list(reasons), note
    if state == State.VERIFIED and row.verified_at is None:
        row.verified_at, row.verified_by = now, actor.person_name
    row.save(update_fields=["state", "decided_at", "decided_by", "verified_at", "verified_by", "reasons", "note"])


def _take_code(actor: Actor, row: Verification) -> None:
    holder = next((other for other in same_code(actor, row) if other.is_verified), None)
    if holder is not None:
        raise RuleBroken("verification_code_taken", name=holder.name_zh)
    try:
        # In a savepoint of its own: two firms verified with one code at once are told apart by the unique index alone.
        with transaction.atomic():
            OrganisationCode.objects.filter(pk=row.org_id, claimed=row.uscc).update(verified=row.uscc)
    except IntegrityError:
        raise RuleBroken("verification_code_taken", name=row.name_zh) from None


def _set_state(row: Verification, state: str) -> None:
    Organisation.objects.filter(pk=row.org_id).exclude(state=Org.CLOSED).update(state=state)


def _judge_paper(row: Verification, state: str) -> None:
    Paper.objects.filter(org_id=row.org_id, evidence_id=row.evidence_id, kind="business_licence").update(state=state)


def _hide_licence(row: Verification, now: datetime) -> None:
    """The platform sees a licence only while the firm waits."""
    with acting_as(Hat.CLOCK):
        shown = EvidenceShare.objects.filter(evidence_id=row.evidence_id, whats__contains=["verification"], revoked_at=None)
        shown.update(revoked_at=now)


def _facts(actor: Actor) -> dict[str, Any]:
    return {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en}


def _tell(actor: Actor, row: Verification, kind: str, now: datetime) -> None:
    tell(org_id=row.org_id, hat=Hat(row.hat), kind=kind, subject_id=row.org_id, facts=_facts(actor), now=now)
