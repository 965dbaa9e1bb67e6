"""What the two sides of the cast say of a text, by the verbs themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, Proposal
from agreements.selectors import clauses_of, current_version
from agreements.selectors.negotiation import proposal_for, turn
from agreements.services import draft_agreement, send_agreement
from agreements.services.answers import accept, decline, take_back, withdraw
from agreements.services.negotiation import Wish, counter, propose
from agreements.services.talk import comment
from foundation.actor import as_actor
from suppliers.models import SupplyLink
from tests.agreed import NOW
from tests.cast import actor, link_id

LATER = NOW + timedelta(hours=1)
VERBS = {"accept": accept, "decline": decline, "withdraw": withdraw, "take_back": take_back}
# Clause 1 of garment-1 is a fastness limit of grade 3, clause 3 the self-check every three months.
GRADE = {"lower": "2-3"}


def proposed(who: str, agreement: Agreement, clause: int = 1, *, minutes: int = 0, **wish: Any) -> Proposal:
    said = {"params": GRADE if clause == 1 else {"every_months": 6}, **wish}
    with as_actor(actor(who)):
        return propose(actor=actor(who), agreement=agreement, wish=Wish(clause, **said), now=LATER + timedelta(minutes=minutes))


def answered(who: str, verb: str, proposal: Proposal, *, minutes: int = 30) -> Proposal:
    with as_actor(actor(who)):
        found = proposal_for(actor(who), proposal.pk)
        return VERBS[verb](actor=actor(who), proposal=found, now=LATER + timedelta(minutes=minutes))


def countered(who: str, proposal: Proposal, *, minutes: int = 20, **params: Any) -> Proposal:
    with as_actor(actor(who)):
        found = proposal_for(actor(who), proposal.pk)
        wish = Wish(found.clause_order, params=params, seen=found.pk, client_id=uuid4())
        return counter(actor=actor(who), proposal=found, wish=wish, now=LATER + timedelta(minutes=minutes))


def text_now(agreement: Agreement, who: str = "lin") -> tuple[AgreementVersion, list[Any]]:
    """The newest text that this side sees, with its clauses."""
    with as_actor(actor(who)):
        version = current_version(actor(who), agreement)
        return version, clauses_of(actor(who), version)


def turn_now(agreement: Agreement, who: str = "lin") -> tuple[str, str] | None:
    with as_actor(actor(who)):
        found = turn(actor(who), current_version(actor(who), agreement))
        return (found.side, found.step) if found else None


def talked_over(owner: str, supplier: str, *, now: Any, mark: str = "") -> dict[str, Any]:
    """A sent text that waits for the owner's answer, with a word on it; its ids by the names that addresses use."""
    buyer, maker = actor(owner), actor(supplier)
    with as_actor(buyer):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier))
        starts = timezone.localdate(now) + timedelta(days=40)
        draft = draft_agreement(actor=buyer, link=link, template_code="garment-1", effective_from=starts, effective_to=None, now=now)
        agreement = send_agreement(actor=buyer, agreement=draft, now=now)
    with as_actor(maker):
        wish = Wish(1, params=GRADE, note=f"深色做不到三级{mark}")
        proposal = propose(actor=maker, agreement=agreement, wish=wish, now=now)
        said = comment(actor=maker, agreement=agreement, clause=2, text=f"样品另寄{mark}", client_id=uuid4(), now=now)
    return {"talk_id": agreement.pk, "proposal_id": proposal.pk, "comment_id": said.pk}
