"""The answer to a proposal: accepted, declined; withdrawn by its own side; an answer taken back. A second tap changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from agreements.models import Agreement, Proposal
from agreements.proposing import clause_sha
from agreements.selectors.negotiation import proposals_of
from agreements.services.drafting import change_clause
from agreements.services.settling import MOST_WORDS, State, Table, VersionState, note, pass_on, settle_row, sit_down
from agreements.services.sides import MAY_WRITE, side_of
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken


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
    settle_row(table, proposal, State.ACCEPTED, now)
    if proposal.in_draft and clause is not None:
        differing = {name for name in {**clause.params, **proposal.params} if clause.params.get(name) != proposal.params.get(name)}
        change_clause(actor=actor, clause=clause, params={name: proposal.params.get(name, "") for name in differing}, now=now)
        return proposal
    note(table, "clause_accepted", proposal, now)
    pass_on(table, now)
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
    settle_row(table, proposal, State.DECLINED, now)
    if not proposal.in_draft:
        note(table, "clause_declined", proposal, now)
        pass_on(table, now)
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
    settle_row(table, proposal, State.WITHDRAWN, now)
    if not proposal.in_draft:
        note(table, "clause_withdrawn", proposal, now)
        pass_on(table, now)
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
    note(table, "clause_answer_taken_back", proposal, now)
    proposal.state, proposal.settled_at, proposal.settled_side, proposal.settled_by, proposal.reply = State.OPEN, None, "", "", ""
    proposal.save(update_fields=["state", "settled_at", "settled_side", "settled_by", "reply"])
    pass_on(table, now)
    return proposal


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


def _table_of(actor: Actor, proposal: Proposal) -> Table:
    """The text that the proposal is about; a draft is the owner's own."""
    if not proposal.in_draft:
        return sit_down(actor, proposal.agreement, proposal.version_id)
    actor.must_act_for(proposal.owner_org_id, Hat.OWNER)
    if proposal.version.state != VersionState.DRAFT:
        raise RuleBroken("agreement_is_no_draft")
    return Table(actor, "owner", proposal.agreement, proposal.version, None)


def _check_may_answer(table: Table, proposal: Proposal) -> None:
    if not proposal.in_draft and proposal.side == table.side:
        raise RuleBroken("own_proposal_is_not_answered")
    if proposal.state != State.OPEN:
        raise RuleBroken("proposal_is_settled", name=proposal.settled_by)
