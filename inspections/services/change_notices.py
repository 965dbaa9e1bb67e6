"""Change notices: a supplier tells of a change once, every customer with a clause for it answers for itself or lets its days run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from agreements.services.facts import meet_obligation, owe_since
from agreements.services.obligations import void_from
from agreements.services.sides import HATS, MAY_FILE, MAY_WRITE, OTHER, org_of
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import ChangeNotice, ChangeReply
from inspections.selectors.change_notices import Told, customers_to_tell
from inspections.services.decisions import said_words
from notices.services import close_todo, put_todo, tell
from records.models import Evidence, Grant
from records.services.entries import append_entry
from records.services.evidence import share_evidence

State, Answer = ChangeNotice.State, ChangeReply.State
ANSWERS = (Answer.ACCEPTED, Answer.ACCEPTED_WITH_TRIAL, Answer.REFUSED)
WHAT = "changes"  # the class under which its photo is shown to a customer
LATEST = timedelta(days=366)
SHORTEST = 2
COPIED = ("kind", "products", "was", "becomes", "planned_on", "photo_id", "photo_hash", "is_demo")


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """What changes, from what to what, for which products, and from which day on."""

    kind: str
    products: str
    was: str
    becomes: str
    planned_on: date

    def columns(self, today: date) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        if self.kind not in ChangeNotice.Kind.values:
            raise RuleBroken("change_words_needed", field="kind")
        words = {"products": " ".join(self.products.split())[:200], "was": self.was.strip()[:500], "becomes": self.becomes.strip()[:500]}
        for field, value in words.items():
            if len(value) < SHORTEST:
                raise RuleBroken("change_words_needed", field=field)
        if not today < self.planned_on <= today + LATEST:
            raise RuleBroken("change_day", field="planned_on")
        return {"kind": self.kind, "planned_on": self.planned_on, **words}


@transaction.atomic
def draft_change(*, actor: Actor, said: ChangeSaid, client_id: UUID, now: datetime, photo: Evidence | None = None) -> ChangeNotice:
    """Note a change, seen by the own firm alone until it is sent. The same `client_id` drafts once."""
    actor.must_wear(Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    before: ChangeNotice | None = ChangeNotice.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    row = ChangeNotice(
        supplier_org_id=actor.org_id, drafted_by=actor.person_name, created_at=now, client_id=client_id, is_demo=actor.is_demo,
        **said.columns(timezone.localdate(now)), **_photo(actor, photo),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at once
        return ChangeNotice.objects.visible_to(actor).get(client_id=client_id)
    return row


def _photo(actor: Actor, photo: Evidence | None) -> dict[str, Any]:
    if photo is None:
        return {}
    actor.must_act_for(photo.org_id, Hat.SUPPLIER)
    return {"photo_id": photo.pk, "photo_hash": photo.shared_sha256}


@transaction.atomic
def change_draft(*, actor: Actor, change: ChangeNotice, said: ChangeSaid, now: datetime, photo: Evidence | None = None) -> ChangeNotice:
    """Mend a draft; a new photo takes the place of the former. Raises RuleBroken("change_is_sent")."""
    row = _own(actor, change)
    if row.state != State.DRAFT:
        raise RuleBroken("change_is_sent")
    columns = {**said.columns(timezone.localdate(now)), **_photo(actor, photo)}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    return row


def _own(actor: Actor, change: ChangeNotice) -> ChangeNotice:
    actor.must_act_for(change.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_FILE)
    row: ChangeNotice = ChangeNotice.objects.visible_to(actor).select_for_update().get(pk=change.pk)
    return row


@transaction.atomic
def send_change(*, actor: Actor, change: ChangeNotice, now: datetime) -> ChangeNotice:
    """Tell every customer whose agreement in force asks for it; each gets a row of its own. Sent twice is sent once.

    Raises RuleBroken("nobody_to_tell"), ("change_day") for a day that has come meanwhile, NotYours for a role that does not bind the firm.
    """
    row = _own(actor, change)
    actor.must_hold(*MAY_WRITE)
    if row.state != State.DRAFT:
        return row
    today = timezone.localdate(now)
    if row.planned_on <= today:
        raise RuleBroken("change_day", field="planned_on")
    told = customers_to_tell(actor, row.kind, today)
    if not told:
        raise RuleBroken("nobody_to_tell")
    row.state, row.sent_at = State.SENT, now
    row.save(update_fields=["state", "sent_at"])
    for one in told:
        _tell_customer(actor, row, one, now)
    return row


def _tell_customer(actor: Actor, row: ChangeNotice, told: Told, now: datetime) -> None:
    agreement, clause = told
    sides = {
        name: getattr(agreement, name)
        for name in (
            "link_id",
            "stream_id",
            "owner_org_id",
            "supplier_org_id",
            "owner_name_zh",
            "owner_name_en",
            "supplier_name_zh",
            "supplier_name_en",
        )
    }
    reply = ChangeReply(change=row, clause_id=clause.pk, sent_at=now, **sides, **{name: getattr(row, name) for name in COPIED})
    owed = owe_since(clause_id=clause.pk, event=f"change:{reply.pk}", on=timezone.localdate(now), now=now, subject_id=reply.pk)
    reply.due_on = owed.due_on if owed else row.planned_on
    with acting_as(Hat.CLOCK):
        reply.save(force_insert=True)
    if row.photo_id:
        _show_photo(actor, reply, now)
    _note(actor, reply, "change_told", now, was=reply.was, becomes=reply.becomes, due_on=reply.due_on.isoformat(), photo=reply.photo_hash)
    put_todo(**_line(reply, "owner", "change_to_answer"), due_on=reply.due_on, now=now)
    tell(**_line(reply, "owner", "change_to_answer"), now=now)


def _show_photo(actor: Actor, reply: ChangeReply, now: datetime) -> None:
    """The customer sees the photos of changes from the first one that it is told of; the supplier may switch that off."""
    given = {"from_org_id": actor.org_id, "to_org_id": reply.owner_org_id, "what": WHAT, "clause_id": None}
    names = {"to_name_zh": reply.owner_name_zh, "to_name_en": reply.owner_name_en}
    with acting_as(Hat.CLOCK):
        Grant.objects.bulk_create([Grant(**given, **names, valid_from=timezone.localdate(now))], ignore_conflicts=True)
    share_evidence(
        actor=actor, evidence_ids=[reply.photo_id] if reply.photo_id else [], grantee_org_id=reply.owner_org_id, what=WHAT, now=now
    )


@transaction.atomic
def answer_change(*, actor: Actor, reply: ChangeReply, answer: str, why: str = "", now: datetime) -> ChangeReply:
    """The customer answers for itself, once. The same answer again is the one that stands.

    Raises RuleBroken("change_answer_unknown"), ("change_answered_already"), ("words_needed") for a refusal or a trial without words.
    """
    if actor.hat != Hat.OWNER:
        raise RuleBroken("change_is_the_customers")
    actor.must_act_for(reply.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    change, row = _locked(reply)
    if answer not in ANSWERS:
        raise RuleBroken("change_answer_unknown", field="answer")
    if row.state != Answer.WAITING:
        if row.state == answer:
            return row
        raise RuleBroken("change_answered_already")
    words = why.strip()[:500] if answer == Answer.ACCEPTED else said_words(why)
    _moved(row, state=answer, why=words, answered_by=actor.person_name, answered_at=now)
    meet_obligation(clause_id=row.clause_id, side="owner", key=_key(row), now=now, subject_id=row.pk)
    _note(actor, row, f"change_{answer}", now, why=words)
    close_todo(kind="change_to_answer", subject_id=row.pk, now=now)
    facts = _line(row, "supplier", "change_answered")
    tell(**{**facts, "subject_id": change.pk}, now=now)
    _settle(change, now)
    return row


@transaction.atomic
def withdraw_change(*, actor: Actor, change: ChangeNotice, now: datetime) -> ChangeNotice:
    """The supplier leaves everything as it was, as long as the change is not effective. Withdrawn twice is withdrawn once."""
    row = _own(actor, change)
    actor.must_hold(*MAY_WRITE)
    if row.state == State.WITHDRAWN:
        return row
    if row.state == State.EFFECTIVE:
        raise RuleBroken("change_is_sent")
    with acting_as(Hat.CLOCK):
        replies = list(ChangeReply.objects.select_for_update().filter(change=row))
        ChangeNotice.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    for reply in replies:
        if reply.state == Answer.WAITING:
            _moved(reply, state=Answer.WITHDRAWN)
            void_from(clause_ids=[reply.clause_id], on=timezone.localdate(now), now=now, keys=[_key(reply)])
        _note(actor, reply, "change_withdrawn", now)
        close_todo(kind="change_to_answer", subject_id=reply.pk, now=now)
        tell(**_line(reply, "owner", "change_moved"), now=now)
    close_todo(kind="change_may_start", subject_id=row.pk, now=now)
    row.state = State.WITHDRAWN
    return row


def due_replies(now: datetime) -> QuerySet[ChangeReply]:
    """Nobody answered, and the last day is over. Clock only."""
    return ChangeReply.objects.filter(state=Answer.WAITING, due_on__lt=timezone.localdate(now)).order_by("due_on", "id")


@transaction.atomic
def lapse_reply(*, reply: ChangeReply, now: datetime) -> bool:
    """Its days ran out: the change no longer waits for this customer, whose duty stays overdue. Safe twice."""
    with acting_as(Hat.CLOCK):
        change, row = _locked(reply)
        if row.state != Answer.WAITING or row.due_on >= timezone.localdate(now):
            return False
        _moved(row, state=Answer.LAPSED)
        _note(CLOCK, row, "change_lapsed", now)
        close_todo(kind="change_to_answer", subject_id=row.pk, now=now)
        tell(**_line(row, "owner", "change_moved"), now=now)
        _settle(change, now)
    return True


@transaction.atomic
def make_effective(*, actor: Actor, change: ChangeNotice, now: datetime) -> ChangeNotice:
    """The supplier says that the change is in use from today, once every customer has answered or its days ran out. Twice is once.

    Not for a customer who refused: its goods stay as they were. The supplier says it and not the calendar, since a delay would tell one
    customer that another is waited for. Raises RuleBroken("change_waits"), ("change_day_is_to_come"), ("change_refused_by_all").
    """
    row = _own(actor, change)
    actor.must_hold(*MAY_WRITE)
    if row.state == State.EFFECTIVE:
        return row
    today = timezone.localdate(now)
    if row.state != State.SENT or row.settled_on is None:
        raise RuleBroken("change_waits")
    if row.planned_on > today:
        raise RuleBroken("change_day_is_to_come", planned_on=row.planned_on.isoformat())
    with acting_as(Hat.CLOCK):
        replies = list(ChangeReply.objects.select_for_update().filter(change=row).exclude(state__in=(Answer.REFUSED, Answer.WITHDRAWN)))
        if not replies:
            raise RuleBroken("change_refused_by_all")
        ChangeNotice.objects.filter(pk=row.pk).update(state=State.EFFECTIVE, effective_on=today)
    for reply in replies:
        _moved(reply, effective_on=today)
        _note(actor, reply, "change_effective", now)
        tell(**_line(reply, "owner", "change_moved"), now=now)
    row.state, row.effective_on = State.EFFECTIVE, today
    close_todo(kind="change_may_start", subject_id=row.pk, now=now)
    return row


def _locked(reply: ChangeReply) -> tuple[ChangeNotice, ChangeReply]:
    """The notice first, then the reply: two customers who answer at once settle it once."""
    with acting_as(Hat.CLOCK):
        change = ChangeNotice.objects.select_for_update().get(pk=reply.change_id)
        return change, ChangeReply.objects.select_for_update().get(pk=reply.pk)


def _moved(row: ChangeReply, **columns: Any) -> None:
    with acting_as(Hat.CLOCK):
        ChangeReply.objects.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)


def _settle(change: ChangeNotice, now: datetime) -> None:
    """Once nobody is waited for, the supplier may start on the planned day."""
    with acting_as(Hat.CLOCK):
        if ChangeReply.objects.filter(change=change, state=Answer.WAITING).exists():
            return
        if not ChangeNotice.objects.filter(pk=change.pk, state=State.SENT, settled_on=None).update(settled_on=timezone.localdate(now)):
            return
    line: dict[str, Any] = {"org_id": change.supplier_org_id, "hat": Hat.SUPPLIER, "kind": "change_may_start", "subject_id": change.pk}
    facts = {"other_zh": change.products, "other_en": change.products}
    put_todo(**line, facts=facts, due_on=change.planned_on, now=now)
    tell(**line, facts=facts, now=now)


def _key(row: ChangeReply) -> str:
    """The customer's duty to answer, as the clause's event made it."""
    return f"change_answer:change:{row.pk}"[:80]


def _line(row: ChangeReply, side: str, kind: str) -> dict[str, Any]:
    other = OTHER[side]
    facts = {"other_zh": getattr(row, f"{other}_name_zh"), "other_en": getattr(row, f"{other}_name_en")}
    return {"org_id": org_of(row, side), "hat": HATS[side], "kind": kind, "subject_id": row.pk, "facts": facts}


def _note(actor: Actor, row: ChangeReply, kind: str, now: datetime, **more: Any) -> None:
    payload = {"change": row.kind, "products": row.products, "planned_on": row.planned_on.isoformat(), **more}
    append_entry(actor=actor, stream=row, kind=kind, subject_id=row.pk, payload=payload, now=now)
