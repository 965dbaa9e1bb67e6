"""The owner's list at work: views kept, many lines changed with a way back, approvals, places in the chain, exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.endpoints import Asked, Endpoint, Page, Said, Shape, verb
from suppliers.changes import FIELDS, MOST
from suppliers.documents import MIMES
from suppliers.filters import APPROVALS, PROBLEMS, STATES, TIERS, wanted
from suppliers.models import BulkEdit, BulkEditRow, CategoryApproval, SavedView
from suppliers.selectors import (
    approvals_of,
    bulk_edit_for,
    bulk_edit_rows,
    bulk_edits,
    export_file_for,
    export_for,
    exports,
    link_for,
    saved_view_for,
    saved_views,
    way_of,
)
from suppliers.services.approvals import Decision, decide_approval
from suppliers.services.bulk_edits import Picked, Preview, apply_bulk_edit, change_said, preview_bulk_edit, undo_bulk_edit
from suppliers.services.exports import ask_export
from suppliers.services.saved_views import ViewSaid, drop_view, keep_view, open_first, rename_view
from suppliers.services.tiers import place_in_chain


class FiltersSaid(Said):
    """The filters of the list; none: all suppliers."""

    query = serializers.CharField(required=False, max_length=80)
    state = serializers.ChoiceField(STATES, required=False)
    node = serializers.CharField(required=False, max_length=12)
    region = serializers.CharField(required=False, max_length=12)
    tier = serializers.ChoiceField(TIERS, required=False)
    approval = serializers.ChoiceField(APPROVALS, required=False)
    problem = serializers.ChoiceField(PROBLEMS, required=False)
    tag = serializers.CharField(required=False, max_length=20)


class ViewShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    query = serializers.CharField(help_text="The filters, as in the address of the list.")
    for_all = serializers.SerializerMethodField(help_text="Kept for the whole firm, not for one person.")
    opens_first = serializers.BooleanField(source="is_default")

    def get_for_all(self, view: SavedView) -> bool:
        return view.person_id is None


class ViewKept(Said):
    name = serializers.CharField(max_length=40)
    filters = FiltersSaid()
    for_all = serializers.BooleanField(required=False)
    opens_first = serializers.BooleanField(required=False)


class ViewChanged(Said):
    name = serializers.CharField(max_length=40, required=False)
    opens_first = serializers.BooleanField(required=False)


class Views(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The views that the firm and the speaker keep", gives=ViewShape(many=True))
    def get(self, actor: Actor) -> list[SavedView]:
        return saved_views(actor)

    @verb("Keep filters under a name", takes=ViewKept, gives=ViewShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> SavedView:
        view = ViewSaid(said["name"], said.get("for_all", False), said.get("opens_first", False))
        return keep_view(actor=actor, said=view, wanted=wanted(said["filters"]), now=timezone.now())


class View(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Rename a view, or let the list open with it", takes=ViewChanged, gives=ViewShape)
    def patch(self, actor: Actor, view_id: UUID, said: dict[str, Any]) -> SavedView:
        view = saved_view_for(actor, view_id)
        if "name" in said:
            rename_view(actor=actor, view=view, name=said["name"])
        return open_first(actor=actor, view=view, yes=said["opens_first"]) if "opens_first" in said else view

    @verb("Delete a view", status=204)
    def delete(self, actor: Actor, view_id: UUID) -> None:
        drop_view(actor=actor, view=saved_view_for(actor, view_id))


class ApprovalValueSaid(Said):
    category = serializers.CharField(max_length=12, help_text="A step of the chain.")
    state = serializers.ChoiceField(CategoryApproval.State.values)
    reason = serializers.CharField(max_length=300)
    until = serializers.DateField(required=False, allow_null=True)


class BulkSaid(Said):
    suppliers = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST, help_text="These; or `filters`.")
    filters = FiltersSaid(required=False)
    field = serializers.ChoiceField(FIELDS)
    value = serializers.JSONField(
        required=False, help_text="tag: text; tier: 1 to 5; nodes: a list of steps; add_node: a step; region: a code."
    )
    approval = ApprovalValueSaid(required=False, help_text="The value where the field is approval.")
    seen = serializers.CharField(
        max_length=64, required=False, help_text="`seen` of the preview: refused where the list has changed since."
    )
    preview = serializers.BooleanField(required=False, help_text="Say what would happen; write nothing.")


class BulkShape(Shape):
    id = serializers.UUIDField()
    field = serializers.CharField()
    value = serializers.JSONField()
    person = serializers.CharField(source="person_name")
    at = serializers.DateTimeField()
    written = serializers.IntegerField()
    skipped = serializers.IntegerField()
    undone_at = serializers.DateTimeField(allow_null=True)
    left = serializers.IntegerField(source="left_alone", help_text="Lines that an undo left: they hold another value since.")


class BulkRowShape(Shape):
    supplier = serializers.UUIDField(source="link_id")
    before = serializers.JSONField()
    after = serializers.JSONField()
    became = serializers.CharField(help_text="written, undone or left")


class BulkPlanShape(Shape):
    seen = serializers.CharField()
    write = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.DictField(), help_text="supplier, before, after; `skipped` says why it is left out.")


class BulkAnswerShape(Shape):
    preview = BulkPlanShape(allow_null=True)
    done = BulkShape(allow_null=True)


class BulkEdits(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Changes of many suppliers, newest first", gives=BulkShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(bulk_edits(actor, after=asked.after, size=asked.size), lambda edit: (edit.at, edit.pk))

    @verb("Change one field of many suppliers, or look what it would do", takes=BulkSaid, gives=BulkAnswerShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        if "suppliers" not in said and "filters" not in said:
            raise RuleBroken("nobody_picked", field="suppliers")
        picked = Picked(ids=said["suppliers"]) if "suppliers" in said else Picked(wanted=wanted(said["filters"]))
        now, value = timezone.now(), said.get("approval" if said["field"] == "approval" else "value")
        change = change_said(said["field"], value, now=now)
        if said.get("preview"):
            return {"preview": _plan(preview_bulk_edit(actor=actor, picked=picked, change=change)), "done": None}
        done = apply_bulk_edit(actor=actor, edit_id=uuid4(), picked=picked, change=change, seen=said.get("seen", ""), now=now)
        return {"preview": None, "done": done}


def _plan(preview: Preview) -> dict[str, Any]:
    rows = [{"supplier": str(row.link.pk), "before": row.before, "after": row.after, "skipped": row.skipped} for row in preview.rows]
    return {"seen": preview.seen, "write": len(preview.to_write), "rows": rows}


class BulkEditOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The lines of one change: before, after, and what became of each", gives=BulkRowShape(many=True))
    def get(self, actor: Actor, edit_id: UUID) -> list[BulkEditRow]:
        return bulk_edit_rows(actor, bulk_edit_for(actor, edit_id), size=MOST)


class BulkUndo(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Put back what still holds the value that was written", gives=BulkShape)
    def post(self, actor: Actor, edit_id: UUID) -> BulkEdit:
        return undo_bulk_edit(actor=actor, edit=bulk_edit_for(actor, edit_id), now=timezone.now())


class ApprovalShape(Shape):
    id = serializers.UUIDField()
    category = serializers.CharField()
    state = serializers.CharField(help_text="applied, conditional, approved or suspended")
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    by = serializers.CharField(source="by_name")
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When the next decision took its place; null: it stands.")


class ApprovalSaid(ApprovalValueSaid):
    since = serializers.DateField(required=False, allow_null=True)


class Approvals(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Every decision on one supplier, newest first", gives=ApprovalShape(many=True))
    def get(self, actor: Actor, link_id: UUID) -> list[CategoryApproval]:
        return approvals_of(actor, link_for(actor, link_id))

    @verb("Decide on one category; the decision before it ends", takes=ApprovalSaid, gives=ApprovalShape, status=201)
    def post(self, actor: Actor, link_id: UUID, said: dict[str, Any]) -> CategoryApproval:
        return decide_approval(actor=actor, link=link_for(actor, link_id), said=Decision(**said), now=timezone.now())


class ChainSaid(Said):
    via = serializers.UUIDField(required=False, allow_null=True, help_text="The supplier through which it delivers.")
    tier = serializers.IntegerField(min_value=1, max_value=5, required=False, help_text="Without `via`; with it, the tier follows.")


class ChainShape(Shape):
    tier = serializers.IntegerField()
    up = serializers.ListField(child=serializers.UUIDField(), help_text="The way up to the owner, the nearest first.")
    behind = serializers.ListField(child=serializers.UUIDField(), help_text="Who delivers through this firm.")


class Chain(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Where a supplier stands in the owner's chain", gives=ChainShape)
    def get(self, actor: Actor, link_id: UUID) -> dict[str, Any]:
        return _place(actor, link_id)

    @verb("Say through whom it delivers, or its tier", takes=ChainSaid, gives=ChainShape)
    def put(self, actor: Actor, link_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        place_in_chain(actor=actor, link=link_for(actor, link_id), via_id=said.get("via"), tier=said.get("tier"), now=timezone.now())
        return _place(actor, link_id)


def _place(actor: Actor, link_id: UUID) -> dict[str, Any]:
    link = link_for(actor, link_id)
    way = way_of(actor, link)
    return {"tier": link.tier, "up": [each.pk for each in way.up], "behind": [each.pk for each in way.behind]}


class ExportSaid(Said):
    filters = FiltersSaid(required=False)
    kind = serializers.ChoiceField(sorted(MIMES))
    language = serializers.ChoiceField(["zh-hans", "en"], required=False, default="zh-hans")


class ExportShape(Shape):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="waiting, running, done or failed; one that failed is tried again.")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    filters = serializers.DictField(source="facts.filters")
    kind = serializers.CharField(source="facts.kind")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class Exports(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The firm's last exports", gives=ExportShape(many=True))
    def get(self, actor: Actor) -> list[Any]:
        return exports(actor)

    @verb("Ask for the list as a file; it is made in the background and kept for a day", takes=ExportSaid, gives=ExportShape, status=202)
    def post(self, actor: Actor, said: dict[str, Any]) -> Any:
        asked = wanted(said.get("filters", {}))
        return ask_export(actor=actor, job_id=uuid4(), wanted=asked, kind=said["kind"], language=said["language"], now=timezone.now())


class ExportOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("How far one export is", gives=ExportShape)
    def get(self, actor: Actor, export_id: UUID) -> Any:
        return export_for(actor, export_id)


class ExportFileOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The file of an export, while it is kept")
    def get(self, actor: Actor, export_id: UUID) -> HttpResponse:
        file = export_file_for(actor, export_id, now=timezone.now())
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return HttpResponse(bytes(file.content), content_type=MIMES[file.kind], headers=headers)
