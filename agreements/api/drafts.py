"""Drafting: the clauses of a draft, and drafts for many suppliers. The same verbs as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from agreements.ask_cards import ask_numbers
from agreements.clause_types import SCHEMAS
from agreements.models import Clause, DraftBatch, DraftBatchRow
from agreements.proposing import clause_sha
from agreements.selectors import agreement_for, clauses_of, current_version
from agreements.selectors.batches import MOST, batch_for, batch_rows, batches, links_picked
from agreements.services import add_clause, move_clause, remove_clause
from agreements.services.batches import (
    DRAFT,
    SEND,
    BatchSaid,
    add_suppliers,
    ask_work,
    differ,
    leave_out,
    set_batch_days,
    start_batch,
)
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Asked, Endpoint, Page, PageFilters, Said, Shape, verb

SEEN = "The clause's `sha256` as it was read: refused where somebody changed it meanwhile."


class DraftClauseShape(Shape):
    id = serializers.UUIDField()
    number = serializers.IntegerField(source="order")
    type = serializers.CharField()
    side = serializers.CharField()
    params = serializers.DictField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    sha256 = serializers.SerializerMethodField(help_text="Of what the clause says, whatever its place.")

    def get_sha256(self, clause: Clause) -> str:
        return clause_sha(clause)


class ClauseAdded(Said):
    type = serializers.ChoiceField(sorted(SCHEMAS))
    params = serializers.DictField(child=serializers.JSONField(allow_null=True))
    side = serializers.ChoiceField(["owner", "supplier", "both"], required=False)
    after = serializers.IntegerField(min_value=0, max_value=200, required=False, help_text="After the clause of that number; 0 is first.")


class ClauseMoved(Said):
    seen = serializers.CharField(max_length=64, help_text=SEEN)
    to = serializers.IntegerField(min_value=1, max_value=200)


class ClauseRemoved(Said):
    seen = serializers.CharField(max_length=64, help_text=SEEN)


class AskedShape(Shape):
    months = serializers.IntegerField(help_text="Over how many months it was counted.")
    tests_a_lot = serializers.IntegerField()
    records_a_lot = serializers.IntegerField()
    supplier = serializers.ListField(
        child=serializers.DictField(), help_text="kind, n, and the minutes of one: our estimate, not measured."
    )
    owner = serializers.ListField(child=serializers.DictField())


class DraftClauses(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The clauses of the newest text in their order, each with its SHA-256", gives=DraftClauseShape(many=True))
    def get(self, actor: Actor, agreement_id: UUID) -> list[Clause]:
        return clauses_of(actor, current_version(actor, agreement_for(actor, agreement_id)))

    @verb("Add a clause to a draft; the same clause added twice is one", takes=ClauseAdded, gives=DraftClauseShape, status=201)
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> Clause:
        params = {name: value for name, value in said["params"].items() if value is not None}
        return add_clause(
            actor=actor, agreement=agreement_for(actor, agreement_id), clause_type=said["type"], params=params, side=said.get("side", ""),
            after=said.get("after"), now=timezone.now(),
        )  # fmt: skip


class DraftClauseMove(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Put a clause of a draft at another number", takes=ClauseMoved, gives=DraftClauseShape(many=True))
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> list[Clause]:
        agreement = agreement_for(actor, agreement_id)
        move_clause(actor=actor, agreement=agreement, seen=said["seen"], to=said["to"], now=timezone.now())
        return clauses_of(actor, current_version(actor, agreement))


class DraftClauseRemove(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Take a clause out of a draft; gone already is well", takes=ClauseRemoved, gives=DraftClauseShape(many=True))
    def post(self, actor: Actor, agreement_id: UUID, said: dict[str, Any]) -> list[Clause]:
        agreement = agreement_for(actor, agreement_id)
        remove_clause(actor=actor, agreement=agreement, seen=said["seen"], now=timezone.now())
        return clauses_of(actor, current_version(actor, agreement))


class AgreementAsks(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER)

    @verb("What the newest text asks of both sides, counted from its schedule", gives=AskedShape)
    def get(self, actor: Actor, agreement_id: UUID) -> dict[str, Any]:
        version = current_version(actor, agreement_for(actor, agreement_id))
        return ask_numbers(clauses_of(actor, version), effective_from=version.effective_from, effective_to=version.effective_to)


class BatchRowShape(Shape):
    link = serializers.UUIDField(source="link_id")
    name_zh = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    state = serializers.CharField(help_text="waiting, refused, drafted, unsent or sent")
    code = serializers.CharField(allow_blank=True, help_text="The rule that refused it.")
    changes = serializers.DictField(help_text="Number of the clause -> what differs from what all get.")
    effective_from = serializers.DateField(allow_null=True, help_text="Its own first day; null: as all.")
    effective_to = serializers.DateField(allow_null=True)
    agreement = serializers.UUIDField(source="agreement_id", allow_null=True)


class BatchShape(Shape):
    id = serializers.UUIDField()
    template = serializers.CharField(source="template_id")
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="The first day no longer covered.")
    changes = serializers.DictField(help_text="For all: number of the clause -> what differs from the template.")
    state = serializers.CharField(help_text="choosing, drafting, drafted, sending or sent")
    created_at = serializers.DateTimeField()


class BatchWholeShape(BatchShape):
    rows = BatchRowShape(many=True, source="all_rows")


class LinksSaid(Said):
    links = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST, help_text="Suppliers of the list.")


class BatchDaysSaid(Said):
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(required=False, allow_null=True, default=None)


class BatchBegun(BatchDaysSaid, LinksSaid):
    id = serializers.UUIDField(required=False, help_text="Chosen by you, so that the same request begins one batch.")
    template = serializers.CharField(max_length=40)


class DifferenceSaid(Said):
    params = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text="What differs; {} puts it back.")


def _whole(actor: Actor, batch: DraftBatch) -> DraftBatch:
    batch = batch_for(actor, batch.pk)
    batch.all_rows = batch_rows(actor, batch)  # type: ignore[attr-defined]
    return batch


class Batches(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The firm's batches of drafts, newest first", gives=BatchShape, asks=PageFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(batches(actor, after=asked.after, limit=asked.size), lambda row: (row.created_at, row.pk))

    @verb("Begin a batch: one template for many suppliers; nothing is drafted yet", takes=BatchBegun, gives=BatchWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> DraftBatch:
        all_of = BatchSaid(said["template"], said["effective_from"], said["effective_to"])
        links = links_picked(actor, said["links"])
        return _whole(actor, start_batch(actor=actor, batch_id=said.get("id") or uuid4(), said=all_of, links=links, now=timezone.now()))


class BatchOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("One batch: who is in it, what differs, and what came of each", gives=BatchWholeShape)
    def get(self, actor: Actor, batch_id: UUID) -> DraftBatch:
        return _whole(actor, batch_for(actor, batch_id))


class BatchSuppliers(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Put more suppliers in; who is in it already stays as it is", takes=LinksSaid, gives=BatchWholeShape)
    def post(self, actor: Actor, batch_id: UUID, said: dict[str, Any]) -> DraftBatch:
        batch = batch_for(actor, batch_id)
        add_suppliers(actor=actor, batch=batch, links=links_picked(actor, said["links"]), now=timezone.now())
        return _whole(actor, batch)


class BatchDays(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The days of all", takes=BatchDaysSaid, gives=BatchWholeShape)
    def put(self, actor: Actor, batch_id: UUID, said: dict[str, Any]) -> DraftBatch:
        return _whole(actor, set_batch_days(actor=actor, batch=batch_for(actor, batch_id), now=timezone.now(), **said))


class BatchClause(Endpoint):
    hats = (Hat.OWNER,)

    @verb("What one clause says for all", takes=DifferenceSaid, gives=BatchWholeShape)
    def put(self, actor: Actor, batch_id: UUID, number: int, said: dict[str, Any]) -> DraftBatch:
        return _whole(actor, differ(actor=actor, batch=batch_for(actor, batch_id), number=number, params=_said(said), now=timezone.now()))


def _said(said: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if value is None else value for name, value in said["params"].items()}


class BatchSupplier(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Leave a supplier out that has no draft yet", status=204)
    def delete(self, actor: Actor, batch_id: UUID, link_id: UUID) -> None:
        leave_out(actor=actor, batch=_with(actor, batch_id, link_id), link_id=link_id, now=timezone.now())


class BatchSupplierDays(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The days of one supplier, where they differ", takes=BatchDaysSaid, gives=BatchWholeShape)
    def put(self, actor: Actor, batch_id: UUID, link_id: UUID, said: dict[str, Any]) -> DraftBatch:
        batch = _with(actor, batch_id, link_id)
        return _whole(actor, set_batch_days(actor=actor, batch=batch, link_id=link_id, now=timezone.now(), **said))


class BatchSupplierClause(Endpoint):
    hats = (Hat.OWNER,)

    @verb("What one clause says for one supplier, where it differs", takes=DifferenceSaid, gives=BatchWholeShape)
    def put(self, actor: Actor, batch_id: UUID, link_id: UUID, number: int, said: dict[str, Any]) -> DraftBatch:
        batch = _with(actor, batch_id, link_id)
        return _whole(actor, differ(actor=actor, batch=batch, number=number, params=_said(said), link_id=link_id, now=timezone.now()))


def _with(actor: Actor, batch_id: UUID, link_id: UUID) -> DraftBatch:
    batch = batch_for(actor, batch_id)
    if not DraftBatchRow.objects.visible_to(actor).filter(batch=batch, link_id=link_id).exists():
        raise Absent
    return batch


class BatchDraft(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Draft whoever has no draft yet, one by one in the background", gives=BatchWholeShape, status=202)
    def post(self, actor: Actor, batch_id: UUID) -> DraftBatch:
        return _whole(actor, ask_work(actor=actor, batch=batch_for(actor, batch_id), do=DRAFT, now=timezone.now()))


class BatchSend(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Lock and send every draft of the batch, one by one in the background", gives=BatchWholeShape, status=202)
    def post(self, actor: Actor, batch_id: UUID) -> DraftBatch:
        return _whole(actor, ask_work(actor=actor, batch=batch_for(actor, batch_id), do=SEND, now=timezone.now()))
