"""Drafts for many suppliers: chosen, told apart, looked at, then made or sent one by one by a worker.

Each supplier is one step with its own commit, under the lock of its row: a killed worker's batch goes on where it stopped, and nobody
gets two drafts. What one supplier is refused stops no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agreements.clauses import editable, source_is_stale
from agreements.models import Agreement, AgreementTemplate, DraftBatch, DraftBatchRow
from agreements.selectors import clauses_of, current_version
from agreements.selectors.batches import MOST
from agreements.services.checking import Library, check_clause, place_of
from agreements.services.clause_edits import change_clause
from agreements.services.drafting import check_days, draft_agreement, send_agreement
from agreements.services.sides import MAY_WRITE
from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import Absent, RuleBroken
from jobs.services import put_outbox
from notices.services import tell
from suppliers.models import SupplyLink

TASK = "agreements.work_batch"
DRAFT, SEND = "draft", "send"
State, RowState = DraftBatch.State, DraftBatchRow.State
WORKING = (State.DRAFTING, State.SENDING)
# What a worker finds to do in each state, and where the batch is when there is no more of it.
WORK = {State.DRAFTING: (RowState.WAITING, State.DRAFTED), State.SENDING: (RowState.DRAFTED, State.SENT)}
# A supplier with an agreement in one of these needs no second one of the same template.
LIVE = (
    Agreement.State.DRAFT, Agreement.State.IN_REVIEW, Agreement.State.AGREED, Agreement.State.SIGNING, Agreement.State.SIGNED,
    Agreement.State.IN_FORCE, Agreement.State.SUSPENDED,
)  # fmt: skip
Changes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class BatchSaid:
    """What all of a batch share."""

    template_code: str
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True)
class Outlook:
    """What would come of one row: the code of the rule that will refuse it, or ""; and what is worth knowing first."""

    row: DraftBatchRow
    code: str = ""
    facts: Mapping[str, Any] | None = None
    has_one: Agreement | None = None  # an agreement of the same template that is alive


@transaction.atomic
def start_batch(*, actor: Actor, batch_id: UUID, said: BatchSaid, links: Sequence[SupplyLink], now: datetime) -> DraftBatch:
    """Begin a batch for these suppliers; nothing is drafted yet. Asked twice with one id, it is one."""
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    before = DraftBatch.objects.visible_to(actor).filter(pk=batch_id).first()
    if before is not None:
        return before
    template = AgreementTemplate.objects.filter(pk=said.template_code).first()
    if template is None:
        raise RuleBroken("template_unknown", field="template")
    check_days(said.effective_from, said.effective_to, now)
    if not links:
        raise RuleBroken("batch_needs_a_supplier", field="names")
    batch = DraftBatch.objects.create(
        id=batch_id, owner_org_id=actor.org_id, template=template, effective_from=said.effective_from, effective_to=said.effective_to,
        person_id=actor.person_id, person_name=actor.person_name, created_at=now,
    )  # fmt: skip
    _add(actor, batch, links)
    return batch


@transaction.atomic
def add_suppliers(*, actor: Actor, batch: DraftBatch, links: Sequence[SupplyLink], now: datetime) -> int:
    """Put more suppliers in; who is in it already stays as it is. Returns how many came in."""
    return _add(actor, _open(actor, batch), links)


def _add(actor: Actor, batch: DraftBatch, links: Sequence[SupplyLink]) -> int:
    there = set(DraftBatchRow.objects.visible_to(actor).filter(batch=batch).values_list("link_id", flat=True))
    new = [link for link in links if link.pk not in there]
    if len(there) + len(new) > MOST:
        raise RuleBroken("batch_too_long", field="names", most=MOST)
    DraftBatchRow.objects.bulk_create(
        DraftBatchRow(owner_org_id=batch.owner_org_id, batch=batch, link=link, name_zh=link.name_zh, name_en=link.name_en, order=order)
        for order, link in enumerate(new, start=len(there) + 1)
    )
    return len(new)


@transaction.atomic
def leave_out(*, actor: Actor, batch: DraftBatch, link_id: UUID, now: datetime) -> None:
    """Take a supplier out that has no draft yet. Left out twice is left out once."""
    _open(actor, batch)
    DraftBatchRow.objects.visible_to(actor).filter(batch=batch, link_id=link_id, agreement=None).delete()


def _open(actor: Actor, batch: DraftBatch) -> DraftBatch:
    """The batch under its lock; refuses while a worker is at it."""
    actor.must_act_for(batch.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    batch = DraftBatch.objects.visible_to(actor).select_for_update().get(pk=batch.pk)
    if batch.state in WORKING:
        raise RuleBroken("batch_is_at_work")
    return batch


@transaction.atomic
def differ(
    *, actor: Actor, batch: DraftBatch, number: int, params: Mapping[str, Any], link_id: UUID | None = None, now: datetime
) -> DraftBatch:
    """Say what one clause says for all, or for one supplier where it differs; empty parameters put it back.

    Raises RuleBroken as a change of a draft's clause would, with number and field. What is drafted already is not touched.
    """
    batch = _open(actor, batch)
    row = _waiting_row(actor, batch, link_id) if link_id else None
    base = batch.changes.get(str(number), {}) if row is not None else {}
    own = _checked(batch, number, base, params) if params else {}
    kept = row or batch
    kept.changes = {order: said for order, said in {**kept.changes, str(number): own}.items() if said}
    kept.save(update_fields=["changes"])
    return batch


def _waiting_row(actor: Actor, batch: DraftBatch, link_id: UUID) -> DraftBatchRow:
    row = DraftBatchRow.objects.visible_to(actor).select_for_update().filter(batch=batch, link_id=link_id).first()
    if row is None:
        raise Absent
    if row.agreement_id is not None:
        raise RuleBroken("batch_row_is_drafted", name=row.name_zh)
    return row


def _checked(batch: DraftBatch, number: int, base: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Of the parameters, those that differ from what all have; refused as a change of a draft would be."""
    body = body_of(batch.template, number)
    before = merged(body["params"], base)
    for name, value in params.items():
        if name not in editable(body["type"]) and before.get(name) != value:
            raise RuleBroken("param_is_the_templates", field=name, **place_of(number, name))
    after = merged(before, params)
    check_clause(number, body["type"], after, (body["text_zh"], body["text_en"]))
    if source_is_stale(before, after):
        raise RuleBroken("source_is_of_the_former_limit", field="source", **place_of(number, "source"))
    Library(batch.effective_from).check(number, body["type"], after)
    return {name: value for name, value in params.items() if before.get(name) != after.get(name)}


def body_of(template: AgreementTemplate, number: int) -> dict[str, Any]:
    """One clause of a template by its number, or Absent."""
    if not 1 <= number <= len(template.clauses):
        raise Absent
    body: dict[str, Any] = template.clauses[number - 1]
    return body


def merged(params: Mapping[str, Any], *changes: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with what differs; an empty one is taken out."""
    out = dict(params)
    for change in changes:
        out |= change
    return {name: value for name, value in out.items() if value not in (None, "", [])}


@transaction.atomic
def set_batch_days(
    *, actor: Actor, batch: DraftBatch, effective_from: date, effective_to: date | None, link_id: UUID | None = None, now: datetime
) -> DraftBatch:  # fmt: skip
    """The days of all, or of one supplier where they differ; the days of all given to one are no longer its own."""
    batch = _open(actor, batch)
    check_days(effective_from, effective_to, now)
    row = _waiting_row(actor, batch, link_id) if link_id else None
    if row is None:
        batch.effective_from, batch.effective_to = effective_from, effective_to
        batch.save(update_fields=["effective_from", "effective_to"])
    else:
        row.own_days = (effective_from, effective_to) != (batch.effective_from, batch.effective_to)
        row.effective_from, row.effective_to = (effective_from, effective_to) if row.own_days else (None, None)
        row.save(update_fields=["own_days", "effective_from", "effective_to"])
    return batch


def days_of(batch: DraftBatch, row: DraftBatchRow) -> tuple[date, date | None]:
    """The first day of a row, and the first one no longer covered."""
    return (row.effective_from, row.effective_to) if row.own_days and row.effective_from else (batch.effective_from, batch.effective_to)


def outlooks(actor: Actor, batch: DraftBatch, rows: Iterable[DraftBatchRow], *, now: datetime) -> list[Outlook]:
    """What would come of each row if it were drafted now. Two questions, however many rows."""
    rows = list(rows)
    alive: dict[UUID, Agreement] = {}
    drafts: dict[tuple[UUID, date | None, date | None], Agreement] = {}
    mine = Agreement.objects.visible_to(actor).filter(
        link__in=[row.link_id for row in rows], template_code=batch.template_id, state__in=LIVE
    )
    for one in mine.order_by("created_at"):
        alive[one.link_id] = one
        if one.state == Agreement.State.DRAFT and one.sent_at is None:
            drafts[one.link_id, one.effective_from, one.effective_to] = one
    return [_outlook(batch, row, drafts.get((row.link_id, *days_of(batch, row))), alive.get(row.link_id), now) for row in rows]


def _outlook(batch: DraftBatch, row: DraftBatchRow, draft: Agreement | None, alive: Agreement | None, now: datetime) -> Outlook:
    if row.agreement_id is not None:
        return Outlook(row, row.code, row.facts)
    try:
        if row.link.state != SupplyLink.State.JOINED or row.link.supplier_org_id is None:
            raise RuleBroken("supplier_has_not_joined", name=row.name_zh)
        check_days(*days_of(batch, row), now)
        if draft is not None:
            raise RuleBroken("draft_is_there_already", number=draft.number)
    except RuleBroken as broken:
        return Outlook(row, broken.code, broken.facts, alive)
    return Outlook(row, has_one=alive)


@transaction.atomic
def ask_work(*, actor: Actor, batch: DraftBatch, do: str, now: datetime) -> DraftBatch:
    """Ask a worker to draft whoever has no draft yet, or to send every draft that stands. Asked twice while it works is asked once."""
    actor.must_act_for(batch.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    batch = DraftBatch.objects.visible_to(actor).select_for_update().get(pk=batch.pk)
    if batch.state in WORKING:
        return batch
    rows = DraftBatchRow.objects.visible_to(actor).filter(batch=batch)
    if do == DRAFT:
        rows.filter(state=RowState.REFUSED).update(state=RowState.WAITING, code="", facts={})
    else:
        rows.filter(state=RowState.UNSENT).update(state=RowState.DRAFTED, code="", facts={})
    state = State.DRAFTING if do == DRAFT else State.SENDING
    if not rows.filter(state=WORK[state][0]).exists():
        raise RuleBroken("batch_has_nothing_to_do")
    batch.state, batch.round, batch.ended_at = state, batch.round + 1, None
    batch.save(update_fields=["state", "round", "ended_at"])
    put_outbox(
        TASK, key=f"{batch.pk}:{batch.round}", batch_id=str(batch.pk), org_id=str(actor.org_id), person_id=str(actor.person_id)
    )  # fmt: skip
    return batch


def work_batch(*, actor: Actor, batch_id: UUID, now: datetime) -> int:
    """Go on with a batch, one supplier a commit, to the end. Returns how many were settled by this call."""
    settled = 0
    while True:
        with transaction.atomic(), as_actor(actor):
            if not _step(actor, batch_id, now):
                return settled
        settled += 1


def give_up(*, org_id: UUID, batch_id: UUID, now: datetime) -> None:
    """Whoever asked may not draft for this firm any more: nobody else's hand is lent. What is done stays."""
    with transaction.atomic(), acting_as(Hat.OWNER, org_id=org_id):
        batch = DraftBatch.objects.select_for_update().filter(pk=batch_id, state__in=WORKING).first()
        if batch is not None:
            DraftBatch.objects.filter(pk=batch_id).update(state=WORK[State(batch.state)][1], ended_at=now)


def _step(actor: Actor, batch_id: UUID, now: datetime) -> bool:
    """Settle the next row; False once there is none. Two workers take turns: the lock of the batch is theirs until commit."""
    batch = DraftBatch.objects.visible_to(actor).select_for_update(of=("self",)).select_related("template").filter(pk=batch_id).first()
    if batch is None or batch.state not in WORKING:
        return False
    wanted, after = WORK[State(batch.state)]
    rows = DraftBatchRow.objects.visible_to(actor).select_for_update(of=("self",)).select_related("link", "agreement")
    row = rows.filter(batch=batch, state=wanted).order_by("order").first()
    if row is None:
        DraftBatch.objects.visible_to(actor).filter(pk=batch_id).update(state=after, ended_at=now)
        _tell(actor, batch, now)
        return False
    try:
        with transaction.atomic():
            if row.agreement is None:
                row.agreement = _draft(actor, batch, row, now)
                row.state = RowState.DRAFTED
            else:
                send_agreement(actor=actor, agreement=row.agreement, now=now)
                row.state = RowState.SENT
    except RuleBroken as broken:
        row.agreement = row.agreement if batch.state == State.SENDING else None
        row.state = RowState.UNSENT if batch.state == State.SENDING else RowState.REFUSED
        row.code, row.facts = broken.code, {name: str(value) for name, value in broken.facts.items()}
    row.save(update_fields=["state", "code", "facts", "agreement"])
    return True


def _draft(actor: Actor, batch: DraftBatch, row: DraftBatchRow, now: datetime) -> Agreement:
    """The draft of one row, with what differs in it. A draft that somebody made by hand is not taken over."""
    effective_from, effective_to = days_of(batch, row)
    there = Agreement.objects.visible_to(actor).filter(
        link_id=row.link_id, template_code=batch.template_id, effective_from=effective_from, effective_to=effective_to,
        state=Agreement.State.DRAFT, sent_at=None,
    )  # fmt: skip
    if (draft := there.first()) is not None:
        raise RuleBroken("draft_is_there_already", number=draft.number)
    agreement = draft_agreement(
        actor=actor, link=row.link, template_code=batch.template_id, effective_from=effective_from, effective_to=effective_to, now=now
    )
    version = current_version(actor, agreement)
    version.agreement = agreement
    for clause in clauses_of(actor, version):
        said = {**batch.changes.get(str(clause.order), {}), **row.changes.get(str(clause.order), {})}
        if said:
            clause.version = version
            change_clause(actor=actor, clause=clause, params=said, now=now)
    return agreement


def _tell(actor: Actor, batch: DraftBatch, now: datetime) -> None:
    sent = batch.state == State.SENDING
    rows = DraftBatchRow.objects.visible_to(actor).filter(batch=batch)
    n = str((rows.filter(state=RowState.SENT) if sent else rows.exclude(agreement=None)).count())
    kind = "batch_sent" if sent else "batch_drafted"
    tell(org_id=batch.owner_org_id, hat=Hat.OWNER, kind=kind, subject_id=batch.pk, facts={"other_zh": n, "other_en": n}, now=now)
