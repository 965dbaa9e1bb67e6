"""What a side says of an entry: agreed, disputed with a reason, settled. A later word never erases an earlier one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import NotYours, RuleBroken
from notices.services import close_todo, put_todo, tell
from parties.roles import MAY_WRITE
from records.models import Ack, RecordEntry
from records.selectors import last_words

OTHER = {"owner": ("supplier", Hat.SUPPLIER), "supplier": ("owner", Hat.OWNER)}


def _say(*, actor: Actor, entry: RecordEntry, word: str, reason: str, now: datetime) -> Ack:
    side = actor.hat.value
    mine = {"owner": entry.owner_org_id, "supplier": entry.supplier_org_id}.get(side)
    if mine is None or mine != actor.org_id:
        raise NotYours
    actor.must_hold(*MAY_WRITE)
    before = last_words(actor, [entry.pk]).get(entry.pk, {}).get(side)
    if before is not None and before.word == word and before.reason == reason:
        return before  # said twice is said once
    return Ack.objects.create(
        entry=entry, owner_org_id=entry.owner_org_id, supplier_org_id=entry.supplier_org_id, side=side, org_id=actor.org_id,
        word=word, reason=reason, person_name=actor.person_name, at=now,
    )  # fmt: skip


@transaction.atomic
def agree_with(*, actor: Actor, entry: RecordEntry, now: datetime) -> Ack:
    """This side agrees with the entry; a dispute of its own is settled by that."""
    before = last_words(actor, [entry.pk]).get(entry.pk, {}).get(actor.hat.value)
    word = Ack.Word.SETTLED if before is not None and before.word == Ack.Word.DISPUTED else Ack.Word.AGREED
    ack = _say(actor=actor, entry=entry, word=word, reason="", now=now)
    close_todo(kind="entry_disputed", subject_id=entry.pk, now=now)
    return ack


@transaction.atomic
def dispute(*, actor: Actor, entry: RecordEntry, reason: str, now: datetime) -> Ack:
    """This side disputes the entry, with a reason; the other side is told and has it on its list."""
    reason = reason.strip()
    if len(reason) < 5:
        raise RuleBroken("dispute_needs_a_reason", field="reason")
    ack = _say(actor=actor, entry=entry, word=Ack.Word.DISPUTED, reason=reason, now=now)
    if ack.at == now:
        _tell_other(actor, entry, now)
    return ack


def _tell_other(actor: Actor, entry: RecordEntry, now: datetime) -> None:
    side, hat = OTHER[actor.hat.value]
    org_id = entry.owner_org_id if side == "owner" else entry.supplier_org_id
    facts = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en, "entry_kind": entry.kind}
    put_todo(org_id=org_id, hat=hat, kind="entry_disputed", subject_id=entry.pk, facts=facts, now=now)
    tell(org_id=org_id, hat=hat, kind="entry_disputed", subject_id=entry.pk, facts=facts, now=now)
