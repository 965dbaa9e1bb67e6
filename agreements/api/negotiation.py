"""Talking a text over: proposals on its clauses, answers, words, and the supplier's word that all of it is fine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from agreements.clause_types import SCHEMAS
from agreements.models import AgreementVersion, Comment, Proposal
from agreements.selectors import agreement_for
from agreements.selectors.negotiation import comment_for, comments_of, proposal_for, proposals_of, talked_about, turn
from agreements.services.answers import accept, decline, take_back, withdraw
from agreements.services.negotiation import Wish, agree, counter, propose
from agreements.services.talk import comment, find_fine, resolve
from foundation.actor import Actor, Hat
from parties.endpoints import Endpoint, InBoth, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)
MARK = "Makes a second sending the same one."


class ProposalShape(Shape):
    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id")
    clause = serializers.IntegerField(
        source="clause_order", help_text="For a new clause: the number after which it comes; 0 is before the first."
    )
    kind = serializers.ChoiceField(Proposal.Kind.values)
    type = serializers.CharField()
    binds = serializers.CharField()
    params = serializers.DictField()
    text = InBoth("text")
    note = serializers.CharField(allow_blank=True)
    base = serializers.CharField(allow_blank=True, help_text="SHA-256 of the clause as the proposer saw it.")
    side = serializers.CharField()
    person = serializers.CharField(source="person_name")
    state = serializers.ChoiceField(Proposal.State.values)
    answers = serializers.UUIDField(source="answers_id", allow_null=True, help_text="The proposal that this one answers or replaces.")
    at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(allow_blank=True)
    reply = serializers.CharField(allow_blank=True)


class CommentShape(Shape):
    id = serializers.UUIDField()
    clause = serializers.IntegerField(source="clause_order")
    kind = serializers.ChoiceField(Comment.Kind.values, help_text="said: a word; fine: the mark that the clause is fine as it stands.")
    side = serializers.CharField()
    person = serializers.CharField(source="person_name")
    text = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.CharField(allow_blank=True)


class TurnShape(Shape):
    side = serializers.CharField()
    step = serializers.CharField()


class TalkShape(Shape):
    version = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.CharField()
    turn = TurnShape(allow_null=True)
    proposals = ProposalShape(many=True)
    comments = CommentShape(many=True)


class WordsSaid(Said):
    params = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False, help_text="Only what differs from the clause that stands."
    )
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    client_id = serializers.UUIDField(required=False, help_text=MARK)


class WishSaid(WordsSaid):
    kind = serializers.ChoiceField(Proposal.Kind.values, required=False, default="change")
    type = serializers.ChoiceField(sorted(SCHEMAS), required=False, help_text="Of a new clause.")
    binds = serializers.ChoiceField(["owner", "supplier", "both"], required=False, help_text="Of a new clause.")
    base = serializers.RegexField(r"^[0-9a-f]{64}\Z", required=False, help_text="Refused when the clause is another by now.")
    seen = serializers.UUIDField(required=False, help_text="The open proposal on this clause that yours answers or replaces.")


class ReplySaid(Said):
    reply = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class AgreeSaid(Said):
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="Of the text that was read.")


class CommentSaid(Said):
    text = serializers.CharField(max_length=1000)
    client_id = serializers.UUIDField(required=False, help_text=MARK)


def _talk(actor: Actor, version: AgreementVersion) -> dict[str, Any]:
    return {
        "version": version.number, "sha256": version.sha256, "state": version.state, "turn": turn(actor, version),
        "proposals": proposals_of(actor, version), "comments": comments_of(actor, version),
    }  # fmt: skip


class Negotiation(Endpoint):
    hats = SIDES

    @verb("The text that is talked over: whose turn it is, proposals, comments; absent where none is", gives=TalkShape)
    def get(self, actor: Actor, agreement_id: UUID) -> dict[str, Any]:
        return _talk(actor, talked_about(actor, agreement_for(actor, agreement_id)))


class ClauseProposals(Endpoint):
    hats = SIDES

    @verb("Propose other words for a clause, a new one after it, or to take it out", takes=WishSaid, gives=ProposalShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, number: int, said: dict[str, Any]) -> Proposal:
        wish = Wish(clause=number, **said)
        return propose(actor=actor, agreement=agreement_for(actor, agreement_id), wish=wish, now=timezone.now())


class ProposalOne(Endpoint):
    hats = SIDES

    @verb("One proposal", gives=ProposalShape)
    def get(self, actor: Actor, proposal_id: UUID) -> Proposal:
        return proposal_for(actor, proposal_id)


def _settled(do: Callable[..., Proposal], actor: Actor, proposal_id: UUID, **said: Any) -> Proposal:
    do(actor=actor, proposal=proposal_for(actor, proposal_id), now=timezone.now(), **said)
    return proposal_for(actor, proposal_id)


class ProposalAccept(Endpoint):
    hats = SIDES

    @verb("Accept a proposal of the other side; the last one answered makes the next text", gives=ProposalShape)
    def post(self, actor: Actor, proposal_id: UUID) -> Proposal:
        return _settled(accept, actor, proposal_id)


class ProposalDecline(Endpoint):
    hats = SIDES

    @verb("Decline a proposal: the clause stays as it is", takes=ReplySaid, gives=ProposalShape)
    def post(self, actor: Actor, proposal_id: UUID, said: dict[str, Any]) -> Proposal:
        return _settled(decline, actor, proposal_id, reply=said["reply"])


class ProposalWithdraw(Endpoint):
    hats = SIDES

    @verb("Withdraw a proposal of one's own side", gives=ProposalShape)
    def post(self, actor: Actor, proposal_id: UUID) -> Proposal:
        return _settled(withdraw, actor, proposal_id)


class ProposalTakeBack(Endpoint):
    hats = SIDES

    @verb("Take an answer back while no later text was made of it", gives=ProposalShape)
    def post(self, actor: Actor, proposal_id: UUID) -> Proposal:
        return _settled(take_back, actor, proposal_id)


class ProposalCounter(Endpoint):
    hats = SIDES

    @verb("Answer a proposal of the other side with other words", takes=WordsSaid, gives=ProposalShape, status=201)
    def post(self, actor: Actor, proposal_id: UUID, said: dict[str, Any]) -> Proposal:
        found = proposal_for(actor, proposal_id)
        new = found.kind == Proposal.Kind.ADD
        wish = Wish(
            clause=found.clause_order, kind=found.kind if new else Proposal.Kind.CHANGE, type=found.type if new else "",
            binds=found.binds if new else "", seen=found.pk, **said,
        )  # fmt: skip
        return counter(actor=actor, proposal=found, wish=wish, now=timezone.now())


class AgreementAgree(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The supplier finds the whole text fine", takes=AgreeSaid, gives=TalkShape)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        return _talk(actor, agree(actor=actor, agreement=agreement_for(actor, agreement_id), sha256=said["sha256"], now=timezone.now()))


class ClauseComments(Endpoint):
    hats = SIDES

    @verb("Say something about a clause", takes=CommentSaid, gives=CommentShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, number: int, said: dict[str, Any]) -> Comment:
        words = {"text": said["text"], "client_id": said.get("client_id") or uuid4()}
        return comment(actor=actor, agreement=agreement_for(actor, agreement_id), clause=number, now=timezone.now(), **words)


class ClauseFine(Endpoint):
    hats = SIDES

    @verb("Mark a clause as fine as it stands", gives=CommentShape)
    def post(self, actor: Actor, agreement_id: UUID, number: int) -> Comment:
        return find_fine(actor=actor, agreement=agreement_for(actor, agreement_id), clause=number, now=timezone.now())


class CommentResolve(Endpoint):
    hats = SIDES

    @verb("Talk about it is over; a mark of one's own is taken off", gives=CommentShape)
    def post(self, actor: Actor, comment_id: UUID) -> Comment:
        return resolve(actor=actor, comment=comment_for(actor, comment_id), now=timezone.now())
