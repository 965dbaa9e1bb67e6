"""Clause by clause: either side proposes other words, the other accepts, counters or declines; both talk; the supplier finds it fine.

A text that was sent is never changed. What both accepted goes into the next one, which is sent by itself once nothing is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from agreements.clause_types import SIDES as BINDS
from agreements.clauses import SCHEMAS, editable, first_wording, rendered
from agreements.models import Agreement, AgreementVersion, Clause, Proposal
from agreements.proposing import changed_params, clause_sha, words_sha
from agreements.selectors import clauses_of, signatures_of
from agreements.selectors.negotiation import clauses_with_accepted, open_proposals, proposals_of, talked_about, turn, wording_of
from agreements.services.checking import Library, check_clause
from agreements.services.drafting import change_clause, lock_and_send, next_draft
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
class Wish:
    """What one side would rather have of a clause: `params` as far as they differ, or a whole new clause after that number.

    `base` is the SHA-256 of the clause as its reader saw it, `seen` the open proposal that this one answers or replaces;
    `client_id` makes a second tap the same proposal.
    """

    clause: int
    kind: str = Kind.CHANGE
    params: Mapping[str, Any] = field(default_factory=dict)
    type: str = ""
    binds: str = ""
    note: str = ""
    base: str = ""
    seen: UUID | None = None
    client_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class _Table:
    """What a verb works on, under the agreement's lock."""

    actor: Actor
    side: str
    agreement: Agreement
    version: AgreementVersion
    before: Turn | None

    def clause(self, number: int) -> Clause | None:
        return next((each for each in clauses_of(self.actor, self.version) if each.order == number), None)


def _sit_down(actor: Actor, agreement: Agreement, version_id: UUID | None = None) -> _Table:
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
    return _Table(actor, side, agreement, version, turn(actor, version))


@transaction.atomic
def propose(*, actor: Actor, agreement: Agreement, wish: Wish, now: datetime) -> Proposal:
    """Propose other words for a clause, a new one, or to take one out. Sent twice with one client_id it is one proposal.

    Raises RuleBroken and changes nothing when the clause is not the one that was seen, is settled between both, or has an
    open proposal that was not seen; and when the words could not stand in an agreement.
    """
    table = _sit_down(actor, agreement)
    same = Proposal.objects.visible_to(actor).filter(org_id=actor.org_id, client_id=wish.client_id).first()
    if same is not None:
        return same
    if table.side in signatures_of(actor, table.version):
        raise RuleBroken("signed_text_is_not_haggled_over")
    clause = table.clause(wish.clause)
    if clause is None and not (wish.kind == Kind.ADD and wish.clause == 0):
        raise Absent
    if wish.base and clause is not None and clause_sha(clause) != wish.base:
        raise RuleBroken("clause_changed_since", clause=wish.clause)
    standing = _make_way(table, wish, now)
    proposal = Proposal(
        agreement=table.agreement, version=table.version, owner_org_id=table.version.owner_org_id, supplier_org_id=table.version.supplier_org_id,
        clause_order=wish.clause, kind=wish.kind, **_words(table, clause, wish), note=wish.note.strip()[:MOST_WORDS],
        base=clause_sha(clause) if clause is not None and wish.kind != Kind.ADD else "", side=table.side, org_id=actor.org_id,
        person_id=actor.person_id, person_name=actor.person_name, answers=standing, client_id=wish.client_id, at=now,
    )  # fmt: skip
    proposal.save(force_insert=True)
    if table.version.state == VersionState.AGREED:
        move(table.agreement, table.version, VersionState.IN_REVIEW)
    _note(table, "clause_countered" if standing and standing.side != table.side else "clause_proposed", proposal, now)
    _pass_on(table, now)
    return proposal


def _make_way(table: _Table, wish: Wish, now: datetime) -> Proposal | None:
    """The open proposal that this one answers or replaces, settled by it."""
    here = [each for each in proposals_of(table.actor, table.version) if each.clause_order == wish.clause]
    if wish.kind != Kind.ADD and any(each.state == State.ACCEPTED and each.kind != Kind.ADD for each in here):
        raise RuleBroken("clause_is_settled", clause=wish.clause)
    standing = [each for each in here if each.state == State.OPEN]
    met = next((each for each in standing if each.pk == wish.seen), None)
    rival = next((each for each in standing if each.kind != Kind.ADD), None)
    if wish.kind != Kind.ADD and rival is not None and rival is not met:
        raise RuleBroken("clause_has_a_proposal", clause=wish.clause, name=rival.person_name)
    if met is not None:
        _settle_row(table, met, State.COUNTERED if met.side != table.side else State.WITHDRAWN, now)
    return met


def _words(table: _Table, clause: Clause | None, wish: Wish) -> dict[str, Any]:
    """Type, side, parameters and both texts of what is proposed; what could not stand in a text is refused."""
    if wish.kind == Kind.ADD:
        return _new_words(table, wish)
    if clause is None:
        raise Absent
    same = {"type": clause.type, "binds": clause.side}
    if wish.kind == Kind.REMOVE:
        if len(clauses_of(table.actor, table.version)) == 1:
            raise RuleBroken("agreement_needs_a_clause")
        return {**same, "params": clause.params}
    for name, value in wish.params.items():
        if name not in editable(clause.type) and clause.params.get(name) != value:
            raise RuleBroken(
                "param_is_the_templates" if name in SCHEMAS[clause.type] else "param_unknown", field=name, clause=clause.order, label=name
            )
    params = changed_params(clause.params, wish.params)
    if params == clause.params:
        raise RuleBroken("proposal_changes_nothing", clause=clause.order)
    wording = wording_of(table.agreement, clause)
    if wording is None:
        raise RuleBroken("clause_has_fixed_words", clause=clause.order)
    words = _rendered(clause.order, clause.type, params, wording)
    if (words["text_zh"], words["text_en"]) == (clause.text_zh, clause.text_en):  # a number without a place in the sentence
        raise RuleBroken("clause_has_fixed_words", clause=clause.order)
    Library(table.version.effective_from).check(clause.order, clause.type, params)
    return {**same, **words}


def _new_words(table: _Table, wish: Wish) -> dict[str, Any]:
    if wish.type not in SCHEMAS:
        raise RuleBroken("clause_type_unknown", field="type", clause=wish.clause, type=wish.type)
    params = {name: value for name, value in wish.params.items() if value not in (None, "")}
    check_clause(wish.clause + 1, wish.type, params)
    Library(table.version.effective_from).check(wish.clause + 1, wish.type, params)
    first = first_wording(wish.type, params)
    words = _rendered(wish.clause + 1, wish.type, params, (first.zh, first.en))
    return {"type": wish.type, "binds": wish.binds or BINDS[wish.type], **words}


def _rendered(order: int, clause_type: str, params: dict[str, Any], wording: tuple[str, str]) -> dict[str, Any]:
    check_clause(order, clause_type, params, wording)
    return {"params": params, "text_zh": rendered(wording[0], params), "text_en": rendered(wording[1], params)}


def counter(*, actor: Actor, proposal: Proposal, wish: Wish, now: datetime) -> Proposal:
    """Answer a proposal of the other side with other words; it is settled by that."""
    same = Proposal.objects.visible_to(actor).filter(org_id=actor.org_id, client_id=wish.client_id).first()
    if same is not None:
        return same
    if proposal.side == side_of(actor, proposal):
        raise RuleBroken("own_proposal_is_not_answered")
    if proposal.state != State.OPEN:
        raise RuleBroken("proposal_is_settled", name=proposal.settled_by)
    return propose(actor=actor, agreement=proposal.agreement, wish=wish, now=now)


@transaction.atomic
def accept(*, actor: Actor, proposal: Proposal, now: datetime) -> Proposal:
    """Accept a proposal of the other side; the last one answered makes the next text. In a draft, take a colleague's edit over.

    Accepted twice is accepted once. Raises RuleBroken when the clause is no longer the one that the proposal was made on.
    """
    proposal = _locked(actor, proposal)
    if _is_done(actor, proposal, State.ACCEPTED):
        return proposal
    table = _table_of(actor, proposal)
    _check_may_answer(table, proposal)
    clause = table.clause(proposal.clause_order)
    if proposal.base and (clause is None or clause_sha(clause) != proposal.base):
        raise RuleBroken("clause_changed_since", clause=proposal.clause_order)
    _settle_row(table, proposal, State.ACCEPTED, now)
    if proposal.in_draft and clause is not None:
        differing = {name for name in {**clause.params, **proposal.params} if clause.params.get(name) != proposal.params.get(name)}
        change_clause(actor=actor, clause=clause, params={name: proposal.params.get(name, "") for name in differing}, now=now)
        return proposal
    _note(table, "clause_accepted", proposal, now)
    _pass_on(table, now)
    return proposal


@transaction.atomic
def decline(*, actor: Actor, proposal: Proposal, reply: str = "", now: datetime) -> Proposal:
    """The clause stays as it is; in a draft, a colleague's late edit is dropped. Declined twice is declined once."""
    proposal = _locked(actor, proposal)
    if _is_done(actor, proposal, State.DECLINED):
        return proposal
    table = _table_of(actor, proposal)
    _check_may_answer(table, proposal)
    proposal.reply = reply.strip()[:MOST_WORDS]
    _settle_row(table, proposal, State.DECLINED, now)
    if not proposal.in_draft:
        _note(table, "clause_declined", proposal, now)
        _pass_on(table, now)
    return proposal


@transaction.atomic
def withdraw(*, actor: Actor, proposal: Proposal, now: datetime) -> Proposal:
    """Take one's own proposal back while nobody has answered it."""
    proposal = _locked(actor, proposal)
    if _is_done(actor, proposal, State.WITHDRAWN):
        return proposal
    table = _table_of(actor, proposal)
    if proposal.side != table.side:
        raise RuleBroken("proposal_is_the_other_sides")
    if proposal.state != State.OPEN:
        raise RuleBroken("proposal_is_settled", name=proposal.settled_by)
    _settle_row(table, proposal, State.WITHDRAWN, now)
    if not proposal.in_draft:
        _note(table, "clause_withdrawn", proposal, now)
        _pass_on(table, now)
    return proposal


@transaction.atomic
def take_back(*, actor: Actor, proposal: Proposal, now: datetime) -> Proposal:
    """Take an answer back, for as long as no later text was made of it; the proposal is open again."""
    proposal = _locked(actor, proposal)
    if proposal.state == State.OPEN:
        return proposal
    table = _table_of(actor, proposal)
    if proposal.in_draft or proposal.state not in (State.ACCEPTED, State.DECLINED) or proposal.settled_side != table.side:
        raise RuleBroken("answer_stands")
    if any(each.state == State.OPEN and each.clause_order == proposal.clause_order for each in proposals_of(actor, table.version)):
        raise RuleBroken("answer_stands")
    _note(table, "clause_answer_taken_back", proposal, now)
    proposal.state, proposal.settled_at, proposal.settled_side, proposal.settled_by, proposal.reply = State.OPEN, None, "", "", ""
    proposal.save(update_fields=["state", "settled_at", "settled_side", "settled_by", "reply"])
    _pass_on(table, now)
    return proposal


@transaction.atomic
def agree(*, actor: Actor, agreement: Agreement, sha256: str, now: datetime) -> AgreementVersion:
    """The supplier has nothing to change in the whole text that it was shown. Said twice is said once."""
    actor.must_act_for(agreement.supplier_org_id, Hat.SUPPLIER)
    table = _sit_down(actor, agreement)
    if sha256 != table.version.sha256:
        raise RuleBroken("text_changed")
    if table.version.state != VersionState.IN_REVIEW:
        return table.version
    if open_proposals(actor, table.version):
        raise RuleBroken("proposals_are_open")
    move(table.agreement, table.version, VersionState.AGREED)
    payload = {"number": table.agreement.number, "version": table.version.number, "sha256": table.version.sha256}
    append_entry(actor=actor, stream=table.agreement, kind="agreement_agreed", subject_id=table.agreement.pk, payload=payload, now=now)
    _pass_on(table, now)
    return table.version


def _locked(actor: Actor, proposal: Proposal) -> Proposal:
    """The proposal as it stands, with its agreement locked until commit."""
    side_of(actor, proposal)
    actor.must_hold(*MAY_WRITE)
    Agreement.objects.visible_to(actor).select_for_update().get(pk=proposal.agreement_id)
    found: Proposal = Proposal.objects.visible_to(actor).select_related("agreement", "version").get(pk=proposal.pk)
    return found


def _is_done(actor: Actor, proposal: Proposal, state: str) -> bool:
    """Whether this side has settled it so already: a second tap."""
    return proposal.state == state and proposal.settled_side == side_of(actor, proposal)


def _table_of(actor: Actor, proposal: Proposal) -> _Table:
    """The text that the proposal is about; a draft is the owner's own."""
    if not proposal.in_draft:
        return _sit_down(actor, proposal.agreement, proposal.version_id)
    actor.must_act_for(proposal.owner_org_id, Hat.OWNER)
    if proposal.version.state != VersionState.DRAFT:
        raise RuleBroken("agreement_is_no_draft")
    return _Table(actor, "owner", proposal.agreement, proposal.version, None)


def _check_may_answer(table: _Table, proposal: Proposal) -> None:
    if not proposal.in_draft and proposal.side == table.side:
        raise RuleBroken("own_proposal_is_not_answered")
    if proposal.state != State.OPEN:
        raise RuleBroken("proposal_is_settled", name=proposal.settled_by)


def _settle_row(table: _Table, proposal: Proposal, state: str, now: datetime) -> None:
    proposal.state, proposal.settled_at, proposal.settled_side = State(state), now, table.side
    proposal.settled_by = table.actor.person_name
    proposal.save(update_fields=["state", "settled_at", "settled_side", "settled_by", "reply"])


def _note(table: _Table, kind: str, proposal: Proposal, now: datetime) -> None:
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


def _pass_on(table: _Table, now: datetime) -> None:
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


def _next_text(table: _Table, said: list[Proposal], now: datetime) -> None:
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


def _nothing_left(table: _Table, said: list[Proposal]) -> bool:
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
