"""Clause by clause: either side proposes other words or answers with its own; the supplier finds the whole text fine.

A text that was sent is never changed. What both accepted goes into the next one, which is sent by itself once nothing is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from agreements.clause_types import SIDES as BINDS
from agreements.clauses import SCHEMAS, editable, first_wording, rendered
from agreements.models import Agreement, AgreementVersion, Clause, Proposal
from agreements.proposing import changed_params, clause_sha
from agreements.selectors import clauses_of, signatures_of
from agreements.selectors.negotiation import open_proposals, proposals_of, wording_of
from agreements.services.checking import Library, check_checklist, check_clause
from agreements.services.settling import MOST_WORDS, Kind, State, Table, VersionState, note, pass_on, settle_row, sit_down
from agreements.services.sides import side_of
from agreements.services.states import move
from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from records.services.entries import append_entry


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


@transaction.atomic
def propose(*, actor: Actor, agreement: Agreement, wish: Wish, now: datetime) -> Proposal:
    """Propose other words for a clause, a new one, or to take one out. Sent twice with one client_id it is one proposal.

    Raises RuleBroken and changes nothing when the clause is not the one that was seen, is settled between both, or has an
    open proposal that was not seen; and when the words could not stand in an agreement.
    """
    table = sit_down(actor, agreement)
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
    note(table, "clause_countered" if standing and standing.side != table.side else "clause_proposed", proposal, now)
    pass_on(table, now)
    return proposal


def _make_way(table: Table, wish: Wish, now: datetime) -> Proposal | None:
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
        settle_row(table, met, State.COUNTERED if met.side != table.side else State.WITHDRAWN, now)
    return met


def _words(table: Table, clause: Clause | None, wish: Wish) -> dict[str, Any]:
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


def _new_words(table: Table, wish: Wish) -> dict[str, Any]:
    if wish.type not in SCHEMAS:
        raise RuleBroken("clause_type_unknown", field="type", clause=wish.clause, type=wish.type)
    params = {name: value for name, value in wish.params.items() if value not in (None, "")}
    check_clause(wish.clause + 1, wish.type, params)
    check_checklist(table.actor, wish.clause + 1, params)
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
def agree(*, actor: Actor, agreement: Agreement, sha256: str, now: datetime) -> AgreementVersion:
    """The supplier has nothing to change in the whole text that it was shown. Said twice is said once."""
    actor.must_act_for(agreement.supplier_org_id, Hat.SUPPLIER)
    table = sit_down(actor, agreement)
    if sha256 != table.version.sha256:
        raise RuleBroken("text_changed")
    if table.version.state != VersionState.IN_REVIEW:
        return table.version
    if open_proposals(actor, table.version):
        raise RuleBroken("proposals_are_open")
    move(table.agreement, table.version, VersionState.AGREED)
    payload = {"number": table.agreement.number, "version": table.version.number, "sha256": table.version.sha256}
    append_entry(actor=actor, stream=table.agreement, kind="agreement_agreed", subject_id=table.agreement.pk, payload=payload, now=now)
    pass_on(table, now)
    return table.version
