"""Questions about what an owner does with its list: views, changes of many lines, approvals, the way up, exports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from foundation.actor import Actor
from foundation.errors import Absent
from jobs.models import Job
from suppliers.models import BulkEdit, BulkEditRow, CategoryApproval, ExportFile, SavedView, SupplyLink

EXPORT = "suppliers.export"
MOST_TIERS = 5


def saved_views(actor: Actor, *, of: SavedView.Of = SavedView.Of.SUPPLIERS) -> list[SavedView]:
    """The firm's views of a list and the actor's own, the firm's first."""
    return sorted(_views(actor, of), key=lambda view: (view.person_id is not None, view.created_at, view.pk))


def _views(actor: Actor, of: SavedView.Of) -> QuerySet[SavedView]:
    rows = SavedView.objects.visible_to(actor).filter(hat=actor.hat.value, of=of)
    return rows.filter(Q(person_id=None) | Q(person_id=actor.person_id))


def saved_view_for(actor: Actor, view_id: UUID, *, of: SavedView.Of = SavedView.Of.SUPPLIERS) -> SavedView:
    """One view that the actor may open. Raises Absent."""
    view = _views(actor, of).filter(pk=view_id).first()
    if view is None:
        raise Absent
    return view


def bulk_edits(actor: Actor, *, after: tuple[datetime, UUID] | None = None, size: int = 25) -> list[BulkEdit]:
    """Changes of many lines, newest first; one row more than `size` if there are more."""
    rows = BulkEdit.objects.visible_to(actor)
    if after:
        rows = rows.filter(at__lte=after[0]).filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    return list(rows.order_by("-at", "-id")[: size + 1])


def bulk_edit_for(actor: Actor, edit_id: UUID) -> BulkEdit:
    edit = BulkEdit.objects.visible_to(actor).filter(pk=edit_id).first()
    if edit is None:
        raise Absent
    return edit


def bulk_edit_rows(actor: Actor, edit: BulkEdit, *, after: int = 0, size: int = 100) -> list[BulkEditRow]:
    """Its lines in the order in which they were written."""
    return list(BulkEditRow.objects.visible_to(actor).filter(edit=edit, pk__gt=after).order_by("pk")[:size])


def edits_of_link(actor: Actor, link: SupplyLink, *, size: int = 20) -> list[BulkEditRow]:
    """What was changed on one line among many, newest first."""
    return list(BulkEditRow.objects.visible_to(actor).filter(link=link).select_related("edit").order_by("-pk")[:size])


def approvals_of(actor: Actor, link: SupplyLink) -> list[CategoryApproval]:
    """Every decision on one supplier, newest first; those that stand have no end."""
    return list(CategoryApproval.objects.visible_to(actor).filter(link=link).order_by("-at", "-id"))


def standing_approvals(actor: Actor, link_ids: Iterable[UUID]) -> dict[UUID, list[CategoryApproval]]:
    """link -> what stands of it, for the rows of one page."""
    found: dict[UUID, list[CategoryApproval]] = {}
    rows = CategoryApproval.objects.visible_to(actor).filter(link_id__in=list(link_ids), ended_at=None)
    for approval in rows.order_by("category"):
        found.setdefault(approval.link_id, []).append(approval)
    return found


@dataclass(frozen=True)
class Way:
    """Where a firm stands in the owner's chain: through whom it delivers, up to the owner, and who delivers through it."""

    up: list[SupplyLink]  # the nearest first
    behind: list[SupplyLink]


def way_of(actor: Actor, link: SupplyLink) -> Way:
    """The way up (at most five steps), and the firms directly behind."""
    up: list[SupplyLink] = []
    at = link
    while at.via_id is not None and len(up) < MOST_TIERS:
        nearer = SupplyLink.objects.visible_to(actor).filter(pk=at.via_id).first()
        if nearer is None:
            break
        up.append(nearer)
        at = nearer
    return Way(up, list(SupplyLink.objects.visible_to(actor).filter(via=link).order_by("pinyin_key", "id")[:100]))


def has_suppliers_behind(actor: Actor, link_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these lines through which others deliver."""
    rows: Any = SupplyLink.objects.visible_to(actor).filter(via_id__in=list(link_ids))
    return set(rows.order_by().values_list("via_id", flat=True).distinct())


def behind_by_tier(actor: Actor, link: SupplyLink) -> list[list[SupplyLink]]:
    """All that delivers through a firm, tier by tier."""
    found: list[list[SupplyLink]] = []
    ids = [link.pk]
    while ids and len(found) < MOST_TIERS:
        level = list(SupplyLink.objects.visible_to(actor).filter(via_id__in=ids))
        ids = [each.pk for each in level]
        if level:
            found.append(level)
    return found


def exports(actor: Actor, *, size: int = 20) -> list[Job]:
    """The firm's exports in the background, newest first."""
    return list(Job.objects.visible_to(actor).filter(kind=EXPORT).order_by("-created_at", "-id")[:size])


def export_for(actor: Actor, export_id: UUID) -> Job:
    job = Job.objects.visible_to(actor).filter(kind=EXPORT, pk=export_id).first()
    if job is None:
        raise Absent
    return job


def export_file_for(actor: Actor, export_id: UUID, *, now: datetime) -> ExportFile:
    """The file of one export, while it is kept. Raises Absent."""
    file = ExportFile.objects.visible_to(actor).filter(job_id=export_id, expires_at__gt=now).first()
    if file is None:
        raise Absent
    return file


def export_files(actor: Actor, jobs: Iterable[Job], *, now: datetime) -> dict[UUID, ExportFile]:
    """job -> its file without the content, where it is still kept."""
    rows = ExportFile.objects.visible_to(actor).filter(job_id__in=[job.pk for job in jobs], expires_at__gt=now)
    return {file.job_id: file for file in rows.defer("content")}


def tag_counts(actor: Actor, *, size: int = 30) -> dict[str, int]:
    """tag -> how many lines wear it."""
    rows: Any = SupplyLink.objects.visible_to(actor).exclude(tag="").order_by("tag").values_list("tag")
    return dict(rows.annotate(n=Count("pk"))[:size])
