"""Words on a clause, and the mark that it is fine: they change nothing of the text, and nobody waits for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from agreements.models import Agreement, AgreementVersion, Comment
from agreements.selectors import clauses_of
from agreements.selectors.negotiation import talked_about
from agreements.services.sides import HATS, MAY_WRITE, OTHER, facts_for, org_of, side_of
from foundation.actor import Actor
from foundation.errors import Absent, RuleBroken
from notices.services import tell

MOST_WORDS = 1000


@transaction.atomic
def comment(*, actor: Actor, agreement: Agreement, clause: int, text: str, client_id: UUID, now: datetime) -> Comment:
    """Say something about a clause of the sent text; the other side is told. Sent twice it is said once."""
    side, version, before = _on(actor, agreement, clause, client_id=client_id)
    if before is not None:
        return before
    text = text.strip()[:MOST_WORDS]
    if not text:
        raise RuleBroken("comment_needs_words", field="text")
    row = _row(actor, agreement, version, side, clause_order=clause, text=text, client_id=client_id, at=now)
    other = OTHER[side]
    tell(
        org_id=org_of(agreement, other),
        hat=HATS[other],
        kind="clause_commented",
        subject_id=agreement.pk,
        facts=facts_for(agreement, other),
        now=now,
    )
    return row


@transaction.atomic
def find_fine(*, actor: Actor, agreement: Agreement, clause: int, now: datetime) -> Comment:
    """Mark a clause as fine as it stands. Marked twice is marked once."""
    side, version, before = _on(actor, agreement, clause, kind=Comment.Kind.FINE, clause_order=clause, resolved_at=None)
    if before is not None:
        return before
    return _row(actor, agreement, version, side, clause_order=clause, kind=Comment.Kind.FINE, client_id=uuid4(), at=now)


@transaction.atomic
def resolve(*, actor: Actor, comment: Comment, now: datetime) -> Comment:
    """Talk about it is over: either side may say so. A mark of one's own is taken off again by the same verb."""
    side = side_of(actor, comment)
    actor.must_hold(*MAY_WRITE)
    if comment.kind == Comment.Kind.FINE and comment.side != side:
        raise RuleBroken("mark_is_the_other_sides")
    row: Comment = Comment.objects.visible_to(actor).select_for_update().get(pk=comment.pk)
    if row.resolved_at is None:
        row.resolved_at, row.resolved_by = now, actor.person_name
        row.save(update_fields=["resolved_at", "resolved_by"])
    return row


def _on(actor: Actor, agreement: Agreement, clause: int, **same: Any) -> tuple[str, AgreementVersion, Comment | None]:
    """The sent text with that clause, under a lock, and what was said by this side already."""
    side = side_of(actor, agreement)
    actor.must_hold(*MAY_WRITE)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    try:
        version = talked_about(actor, agreement)
    except Absent:
        raise RuleBroken("nothing_to_negotiate") from None
    if not any(each.order == clause for each in clauses_of(actor, version)):
        raise Absent
    return side, version, Comment.objects.visible_to(actor).filter(version=version, org_id=actor.org_id, **same).first()


def _row(actor: Actor, agreement: Agreement, version: AgreementVersion, side: str, **said: Any) -> Comment:
    return Comment.objects.create(
        agreement=agreement, version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, side=side,
        org_id=actor.org_id, person_id=actor.person_id, person_name=actor.person_name, **said,
    )  # fmt: skip
