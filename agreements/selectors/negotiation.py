"""Questions about what is said of a text: proposals and comments. Both sides read those of a sent text."""

from __future__ import annotations

from uuid import UUID

from agreements.models import Agreement, AgreementVersion, Comment, Proposal
from agreements.selectors.agreements import signatures_of, working_version
from agreements.turns import TALKED_ABOUT, Turn, turn_of
from foundation.actor import Actor
from foundation.errors import Absent

OPEN, ACCEPTED = Proposal.State.OPEN, Proposal.State.ACCEPTED


def talked_about(actor: Actor, agreement: Agreement) -> AgreementVersion:
    """The sent text that both sides may still talk about; Absent when there is none."""
    version = working_version(actor, agreement)
    if version.state not in TALKED_ABOUT:
        raise Absent
    return version


def proposals_of(actor: Actor, version: AgreementVersion) -> list[Proposal]:
    """Every proposal made on a sent text, in the order in which they were made."""
    rows = Proposal.objects.visible_to(actor).filter(version=version, in_draft=False)
    return list(rows.order_by("at", "id"))


def open_proposals(actor: Actor, version: AgreementVersion) -> list[Proposal]:
    """Those that wait for an answer, the longest first."""
    rows = Proposal.objects.visible_to(actor).filter(version=version, in_draft=False, state=OPEN)
    return list(rows.order_by("at", "id"))


def proposals_in_draft(actor: Actor, version: AgreementVersion) -> list[Proposal]:
    """What the owner's own people propose to each other in an unsent draft, and nobody has settled."""
    rows = Proposal.objects.visible_to(actor).filter(version=version, in_draft=True, state=OPEN)
    return list(rows.order_by("at", "id"))


def proposal_for(actor: Actor, proposal_id: UUID) -> Proposal:
    """One proposal with its text and its agreement, or Absent."""
    rows = Proposal.objects.visible_to(actor).select_related("version", "agreement")
    found: Proposal | None = rows.filter(pk=proposal_id).first()
    if found is None:
        raise Absent
    return found


def comments_of(actor: Actor, version: AgreementVersion) -> list[Comment]:
    """Every word and mark on a sent text, in the order in which they were made."""
    return list(Comment.objects.visible_to(actor).filter(version=version).order_by("at", "id"))


def comment_for(actor: Actor, comment_id: UUID) -> Comment:
    """One comment with its agreement, or Absent."""
    found: Comment | None = Comment.objects.visible_to(actor).select_related("agreement").filter(pk=comment_id).first()
    if found is None:
        raise Absent
    return found


def turn(actor: Actor, version: AgreementVersion, waiting: list[Proposal] | None = None) -> Turn | None:
    """Whose turn it is; `waiting` are the open proposals where the caller has them."""
    waiting = open_proposals(actor, version) if waiting is None else waiting
    return turn_of(version.state, waiting, set(signatures_of(actor, version)))
