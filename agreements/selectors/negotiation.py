"""Questions about what is said of a text: proposals and comments. Both sides read those of a sent text."""

from __future__ import annotations

from uuid import UUID

from agreements.clauses import PLACE, first_wording, rendered
from agreements.models import Agreement, AgreementVersion, Clause, Comment, Proposal
from agreements.proposing import applied
from agreements.selectors.agreements import clauses_of, signatures_of, template_for, working_version
from agreements.turns import TALKED_ABOUT, Turn, turn_of
from agreements.wording import base_of
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


def clauses_with_accepted(actor: Actor, version: AgreementVersion) -> list[Clause]:
    """The clauses of a text as the next one has them: with every change that both accepted. Copies, not to be saved as they are."""
    return applied(clauses_of(actor, version), [each for each in proposals_of(actor, version) if each.state == ACCEPTED])


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


def comments_before(actor: Actor, version: AgreementVersion) -> list[Comment]:
    """What nobody has settled yet of the texts that this one took the place of since something was last signed; each with its text."""
    replaced = AgreementVersion.State.REPLACED
    earlier = AgreementVersion.objects.visible_to(actor).filter(agreement_id=version.agreement_id, number__lt=version.number)
    signed = earlier.exclude(state=replaced).order_by("-number").values_list("number", flat=True).first() or 0
    rows = Comment.objects.visible_to(actor).filter(agreement_id=version.agreement_id, resolved_at=None, version__state=replaced)
    rows = rows.filter(version__number__lt=version.number, version__number__gt=signed)
    return list(rows.select_related("version").order_by("at", "id"))


def comment_for(actor: Actor, comment_id: UUID) -> Comment:
    """One comment with its agreement, or Absent."""
    found: Comment | None = Comment.objects.visible_to(actor).select_related("agreement").filter(pk=comment_id).first()
    if found is None:
        raise Absent
    return found


def former_text(actor: Actor, version: AgreementVersion) -> AgreementVersion | None:
    """The locked text that this one took the place of before it was signed."""
    rows = AgreementVersion.objects.visible_to(actor).filter(
        agreement_id=version.agreement_id, number__lt=version.number, locked_at__isnull=False
    )
    found: AgreementVersion | None = rows.order_by("-number").first()
    return found


def turn(actor: Actor, version: AgreementVersion, waiting: list[Proposal] | None = None) -> Turn | None:
    """Whose turn it is; `waiting` are the open proposals where the caller has them."""
    waiting = open_proposals(actor, version) if waiting is None else waiting
    return turn_of(version.state, waiting, set(signatures_of(actor, version)))


def wording_of(agreement: Agreement, clause: Clause) -> tuple[str, str] | None:
    """The sentence of a clause in both languages, with its places; None where its words are not known as a sentence with places."""
    bodies = [(body["text_zh"], body["text_en"]) for body in template_for(agreement.template_code).clauses if body["type"] == clause.type]
    first = first_wording(clause.type, clause.params)
    for zh, en in (*bodies, (first.zh, first.en)):
        if (rendered(zh, clause.params), rendered(en, clause.params)) == (clause.text_zh, clause.text_en):
            return zh, en
    return None


def places_of(agreement: Agreement, clause: Clause) -> set[str]:
    """The parameters that have a place in the sentence of a clause; none where it has no sentence with places."""
    return {base_of(name) for text in wording_of(agreement, clause) or () for name in PLACE.findall(text)}
