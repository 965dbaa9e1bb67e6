"""Joint actions: a chain owner puts figures before a supplier and says what both are after; the supplier answers; the owner closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.services.sides import HATS, MAY_WRITE, OTHER, org_of, side_of
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import JointAction
from inspections.services.lots import stream_of
from notices.services import close_todo, put_todo, tell
from records.services.entries import append_entry
from suppliers.models import SupplyLink

State = JointAction.State
SHORTEST, LONGEST = 10, 2000
MOST = 50  # suppliers in one go
LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ActionSaid:
    """What both are after, in words, and until when the supplier answers."""

    characteristic: str
    edition: str
    unit: str
    aim: str
    due_on: date

    def columns(self, today: date) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        if not today < self.due_on <= today + LATEST:
            raise RuleBroken("action_day_out_of_range", field="due_on")
        return {
            "characteristic_code": self.characteristic, "edition_code": self.edition, "unit": self.unit,
            "aim": words_of(self.aim, "aim"), "due_on": self.due_on,
        }  # fmt: skip


def words_of(text: str, field: str) -> str:
    """A sentence or two. Raises RuleBroken where it says nothing or is a letter of its own."""
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise RuleBroken("action_needs_words", field=field, shortest=SHORTEST, longest=LONGEST)
    return text


@transaction.atomic
def open_actions(
    *, actor: Actor, links: Sequence[SupplyLink], said: ActionSaid, facts: Mapping[UUID, Mapping[str, Any]], client_id: UUID, now: datetime
) -> list[JointAction]:  # fmt: skip
    """One action for each relation: each supplier reads its own figures and no word of the others. The same `client_id` opens once.

    Raises RuleBroken("action_needs_a_supplier"), ("too_many_at_once") and what columns() says.
    """
    actor.must_wear(Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    columns = said.columns(timezone.localdate(now))
    if not links:
        raise RuleBroken("action_needs_a_supplier", field="links")
    if len(links) > MOST:
        raise RuleBroken("too_many_at_once", field="links", most=MOST)
    return [_opened(actor, link, columns, dict(facts.get(link.pk, {})), client_id, now) for link in links]


def _opened(actor: Actor, link: SupplyLink, columns: dict[str, Any], facts: dict[str, Any], client_id: UUID, now: datetime) -> JointAction:
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    if link.supplier_org_id is None:
        raise RuleBroken("supplier_has_not_joined", field="links", name=link.name_zh)
    before = JointAction.objects.visible_to(actor).filter(link_id=link.pk, client_id=client_id).first()
    if before is not None:
        return before
    row = JointAction(
        link_id=link.pk, stream_id=stream_of(actor, link, now), owner_org_id=link.owner_org_id, supplier_org_id=link.supplier_org_id,
        owner_name_zh=link.owner_name_zh, owner_name_en=link.owner_name_en, supplier_name_zh=link.name_zh, supplier_name_en=link.name_en,
        facts=facts, opened_by=actor.person_name, opened_at=now, client_id=client_id, **columns,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at once
        return JointAction.objects.visible_to(actor).get(link_id=link.pk, client_id=client_id)
    _note(actor, row, "joint_action_opened", now, aim=row.aim, facts=facts, due_on=row.due_on.isoformat())
    _ask(row, "supplier", "joint_action_to_answer", now, due_on=row.due_on)
    return row


@transaction.atomic
def answer_action(*, actor: Actor, action: JointAction, answer: str, now: datetime) -> JointAction:
    """The supplier says what it found and did. Answered twice keeps the first; a change is another sentence at the closing."""
    row = _locked(actor, action)
    if side_of(actor, row) != "supplier":
        raise RuleBroken("action_is_the_suppliers_to_answer")
    actor.must_hold(*MAY_WRITE)
    if row.state != State.OPEN:
        return row
    row = _moved(row, state=State.ANSWERED, answer=words_of(answer, "answer"), answered_by=actor.person_name, answered_at=now)
    _note(actor, row, "joint_action_answered", now, answer=row.answer)
    close_todo(kind="joint_action_to_answer", subject_id=row.pk, now=now)
    _ask(row, "owner", "joint_action_to_close", now)
    return row


@transaction.atomic
def close_action(*, actor: Actor, action: JointAction, outcome: str, now: datetime) -> JointAction:
    """The owner says what came of it. Closed twice is closed once."""
    row = _locked(actor, action)
    if side_of(actor, row) != "owner":
        raise RuleBroken("action_is_the_owners_to_close")
    actor.must_hold(*MAY_WRITE)
    if row.state == State.CLOSED:
        return row
    row = _moved(row, state=State.CLOSED, outcome=words_of(outcome, "outcome"), closed_by=actor.person_name, closed_at=now)
    _note(actor, row, "joint_action_closed", now, outcome=row.outcome)
    for kind in ("joint_action_to_answer", "joint_action_to_close"):
        close_todo(kind=kind, subject_id=row.pk, now=now)
    tell(**_line(row, "supplier", "joint_action_closed"), now=now)
    return row


def _locked(actor: Actor, action: JointAction) -> JointAction:
    side_of(actor, action)
    with acting_as(Hat.CLOCK):
        row: JointAction = JointAction.objects.select_for_update().get(pk=action.pk)
    return row


def _moved(row: JointAction, **columns: Any) -> JointAction:
    with acting_as(Hat.CLOCK):
        JointAction.objects.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def _note(actor: Actor, row: JointAction, kind: str, now: datetime, **more: Any) -> None:
    append_entry(
        actor=actor, stream=row, kind=kind, subject_id=row.pk, payload={"characteristic": row.characteristic_code, **more}, now=now
    )


def _line(row: JointAction, side: str, kind: str) -> dict[str, Any]:
    other = OTHER[side]
    facts = {"other_zh": getattr(row, f"{other}_name_zh"), "other_en": getattr(row, f"{other}_name_en")}
    return {"org_id": org_of(row, side), "hat": HATS[side], "kind": kind, "subject_id": row.pk, "facts": facts}


def _ask(row: JointAction, side: str, kind: str, now: datetime, *, due_on: date | None = None) -> None:
    put_todo(**_line(row, side, kind), due_on=due_on, now=now)
    tell(**_line(row, side, kind), now=now)
