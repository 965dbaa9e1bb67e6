"""The table at which both sides talk a text over: its lock, its record, whose turn comes next, and the text that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Clause, Proposal
from agreements.proposing import words_sha
from agreements.selectors import clauses_of
from agreements.selectors.negotiation import clauses_with_accepted, proposals_of, talked_about, turn
from agreements.services.drafting import lock_and_send, next_draft
from agreements.services.sides import MAY_WRITE, ask, asked_no_more, side_of
from agreements.services.states import BEFORE, move
from agreements.turns import Turn
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from records.services.entries import append_entry

State, VersionState, Kind = Proposal.State, AgreementVersion.State, Proposal.Kind
STEPS = ("agreement_to_review", "agreement_to_answer", "agreement_to_sign", "agreement_returned")
MOST_WORDS = 1000


@dataclass(frozen=True)
class Table:
    """What a verb works on, under the agreement's lock."""

    actor: Actor
    side: str
    agreement: Agreement
    version: AgreementVersion
    before: Turn | None

    def clause(self, number: int) -> Clause | None:
        return next((each for each in clauses_of(self.actor, self.version) if each.order == number), None)


def sit_down(actor: Actor, agreement: Agreement, version_id: UUID | None = None) -> Table:
    """The sent text under a lock. Raises RuleBroken when there is none, or when it is no longer the one that was meant."""
    side = side_of(actor, agreement)
    actor.must_hold(*MAY_WRITE)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    try:
        version = talked_about(actor, agreement)
    except Absent:
        raise RuleBroken("nothing_to_negotiate") from None
    if version_id not in (None, version.pk):
        raise RuleBroken("proposal_is_of_a_former_text", number=version.number)
    return Table(actor, side, agreement, version, turn(actor, version))


def settle_row(table: Table, proposal: Proposal, state: str, now: datetime) -> None:
    proposal.state, proposal.settled_at, proposal.settled_side = State(state), now, table.side
    proposal.settled_by = table.actor.person_name
    proposal.save(update_fields=["state", "settled_at", "settled_side", "settled_by", "reply"])


def note(table: Table, kind: str, proposal: Proposal, now: datetime) -> None:
    """Put a step into the record of both: which clause, the words that stood and those proposed, each with its hash."""
    clause = table.clause(proposal.clause_order) if proposal.kind != Kind.ADD else None
    payload = {
        "number": table.agreement.number, "version": table.version.number, "clause": proposal.clause_order, "change": proposal.kind,
        "proposal": str(proposal.pk), "base_sha256": proposal.base, "sha256": words_sha(proposal),
        "was": {"zh": clause.text_zh, "en": clause.text_en} if clause else None,
        "words": {"zh": proposal.text_zh, "en": proposal.text_en} if proposal.text_zh else None,
        "note": proposal.note, "reply": proposal.reply,
    }  # fmt: skip
    append_entry(actor=table.actor, stream=table.agreement, kind=kind, subject_id=table.agreement.pk, payload=payload, now=now)


def pass_on(table: Table, now: datetime) -> None:
    """The next to act is asked, once; and where nothing is open any more, what was accepted becomes the next text."""
    said = proposals_of(table.actor, table.version)
    waiting = [each for each in said if each.state == State.OPEN]
    if not waiting and any(each.state == State.ACCEPTED for each in said):
        _next_text(table, said, now)
        return
    after = turn(table.actor, table.version, waiting)
    if after != table.before:
        asked_no_more(table.agreement, *STEPS, now=now)
        if after is not None:
            ask(table.agreement, after.side, after.step, now=now)


def _next_text(table: Table, said: list[Proposal], now: datetime) -> None:
    """Version n+1 with what both accepted, locked and before both; agreed at once where the supplier got what it asked for."""
    if not clauses_with_accepted(table.actor, table.version):
        raise RuleBroken("agreement_needs_a_clause")
    agreed = _nothing_left(table, said)
    asked_no_more(table.agreement, *STEPS, now=now)
    new = next_draft(actor=table.actor, agreement=table.agreement, version=table.version)
    with acting_as(Hat.CLOCK):
        _not_backwards(table.agreement, new, now)
        step = "agreement_to_sign" if agreed else "agreement_to_review"
        lock_and_send(actor=table.actor, agreement=table.agreement, version=new, now=now, step=step)
    if agreed:
        move(table.agreement, new, VersionState.AGREED)


def _nothing_left(table: Table, said: list[Proposal]) -> bool:
    """Whether the supplier has read the text and got every change that it asked for, or words that it accepted instead."""
    asked = any(each.side == "supplier" and each.state in (State.ACCEPTED, State.COUNTERED) for each in said)
    refused = any(each.state == State.DECLINED and each.side == "supplier" for each in said)
    counter_refused = any(each.state == State.DECLINED and each.side == "owner" and each.answers_id for each in said)
    return asked and not refused and not counter_refused


def _not_backwards(agreement: Agreement, version: AgreementVersion, now: datetime) -> None:
    """A first day that passed while both talked moves to today: nobody is bound backwards."""
    today = timezone.localdate(now)
    if version.effective_from >= today:
        return
    for row in (agreement, version) if agreement.state in BEFORE else (version,):
        row.effective_from = today
        row.save(update_fields=["effective_from"])
