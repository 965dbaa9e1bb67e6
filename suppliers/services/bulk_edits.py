"""One field of many lines: looked at first, written once, put back where nobody has changed it since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.roles import MAY_FILE, MAY_WRITE
from suppliers.changes import FIELDS, MOST, Around, Change, Planned, columns_of, fingerprint, node_order, place_of_code, plan, value_of
from suppliers.filters import Wanted
from suppliers.models import BulkEdit, BulkEditRow, SupplyLink
from suppliers.selectors import has_suppliers_behind, links_wanted, standing_approvals
from suppliers.services.approvals import Decision, end_standing, judged, write_decisions

BATCH = 1000


@dataclass(frozen=True)
class Picked:
    """Which lines: those with these ids, or all that fit these filters."""

    ids: Sequence[UUID] = ()
    wanted: Wanted | None = None


@dataclass(frozen=True)
class Preview:
    """What would happen, and the mark by which an apply knows that it still would."""

    rows: list[Planned]
    seen: str

    @property
    def to_write(self) -> list[Planned]:
        return [row for row in self.rows if not row.skipped]

    @property
    def left_out(self) -> list[Planned]:
        return [row for row in self.rows if row.skipped]


def change_said(field: str, value: Any, *, now: datetime) -> Change:
    """A change as it may be written. Raises RuleBroken("value_missing"), ("value_unknown") and those of an approval."""
    if field not in FIELDS:
        raise RuleBroken("value_missing", field="field")
    return Change(field, _READERS[field](value, now))


def preview_bulk_edit(*, actor: Actor, picked: Picked, change: Change) -> Preview:
    """Before → after of each line. Nothing is written. Raises RuleBroken("nobody_picked"), ("too_many_lines")."""
    return _planned(actor, _lines(actor, picked), change)


@transaction.atomic
def apply_bulk_edit(*, actor: Actor, edit_id: UUID, picked: Picked, change: Change, seen: str, now: datetime) -> BulkEdit:
    """Write what the preview showed, once for each `edit_id`; `seen` is the preview's mark, "" where none was looked at.

    Raises RuleBroken("list_has_changed"), ("nothing_to_change") and those of the preview.
    """
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*(MAY_WRITE if change.field == "approval" else MAY_FILE))
    done = BulkEdit.objects.visible_to(actor).filter(pk=edit_id).first()
    if done is not None:
        return done
    planned = _planned(actor, _locked(actor, [link.pk for link in _lines(actor, picked)]), change)
    if seen and seen != planned.seen:
        raise RuleBroken("list_has_changed")
    if not planned.to_write:
        raise RuleBroken("nothing_to_change")
    edit = BulkEdit.objects.create(
        id=edit_id, owner_org_id=actor.org_id, person_name=actor.person_name, at=now, field=change.field, value=change.value,
        written=len(planned.to_write), skipped=len(planned.left_out),
    )  # fmt: skip
    _write(actor, change.field, {row.link.pk: row.after for row in planned.to_write}, now=now)
    BulkEditRow.objects.bulk_create(
        [
            BulkEditRow(
                owner_org_id=actor.org_id, edit=edit, link_id=row.link.pk, name_zh=row.link.name_zh, before=row.before, after=row.after
            )
            for row in planned.to_write
        ],
        batch_size=BATCH,
    )
    return edit


@transaction.atomic
def undo_bulk_edit(*, actor: Actor, edit: BulkEdit, now: datetime) -> BulkEdit:
    """Put back every line that still holds what the edit wrote; the others are left, and counted. Twice is once."""
    actor.must_act_for(edit.owner_org_id, Hat.OWNER)
    actor.must_hold(*(MAY_WRITE if edit.field == "approval" else MAY_FILE))
    edit = BulkEdit.objects.visible_to(actor).select_for_update().get(pk=edit.pk)
    if edit.undone_at is not None:
        return edit
    rows = list(BulkEditRow.objects.visible_to(actor).filter(edit=edit).order_by("pk"))
    links = {link.pk: link for link in _locked(actor, [row.link_id for row in rows])}
    around, change = _around(actor, links.values()), Change(edit.field, edit.value)
    back: list[BulkEditRow] = []
    left: list[BulkEditRow] = []
    for row in rows:
        link = links.get(row.link_id)
        bound = link is not None and edit.field == "tier" and (link.via_id is not None or link.pk in around.leading)
        same = link is not None and not bound and value_of(change, link, around) == row.after
        (back if same else left).append(row)
    _write(actor, edit.field, {row.link_id: row.before for row in back}, now=now, category=_category(edit))
    for rows_of, became in ((back, BulkEditRow.Became.UNDONE), (left, BulkEditRow.Became.LEFT)):
        BulkEditRow.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows_of]).update(became=became)
    edit.undone_at, edit.undone_by, edit.left_alone = now, actor.person_name, len(left)
    edit.save(update_fields=["undone_at", "undone_by", "left_alone"])
    return edit


def _lines(actor: Actor, picked: Picked) -> list[SupplyLink]:
    actor.must_act_for(actor.org_id, Hat.OWNER)
    if picked.wanted is not None:
        found = list(links_wanted(actor, picked.wanted)[: MOST + 1])
    else:
        found = list(SupplyLink.objects.visible_to(actor).filter(pk__in=list(picked.ids)[: MOST + 1]).order_by("pinyin_key", "id"))
    if not found:
        raise RuleBroken("nobody_picked")
    if len(found) > MOST:
        raise RuleBroken("too_many_lines", most=MOST)
    return found


def _locked(actor: Actor, ids: Sequence[UUID]) -> list[SupplyLink]:
    rows = SupplyLink.objects.visible_to(actor).filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return sorted(rows, key=lambda link: (link.pinyin_key, link.pk))


def _planned(actor: Actor, links: Sequence[SupplyLink], change: Change) -> Preview:
    rows = plan(change, links, _around(actor, links))
    return Preview(rows, fingerprint(rows))


def _around(actor: Actor, links: Iterable[SupplyLink]) -> Around:
    ids = [link.pk for link in links]
    return Around(standing_approvals(actor, ids), has_suppliers_behind(actor, ids))


def _write(actor: Actor, field: str, values: dict[UUID, Any], *, now: datetime, category: str = "") -> None:
    """Each line its value: one statement for all that get the same one."""
    groups: dict[str, list[UUID]] = {}
    for link_id, value in values.items():
        groups.setdefault(json.dumps(value, sort_keys=True, ensure_ascii=False), []).append(link_id)
    for text, ids in groups.items():
        value = json.loads(text)
        if field != "approval":
            SupplyLink.objects.visible_to(actor).filter(pk__in=ids).update(**columns_of(field, value))
        elif not value:
            end_standing(actor, ids, category, now=now)
        else:
            until = date.fromisoformat(value["until"]) if value["until"] else None
            write_decisions(actor, ids, Decision(value["category"], value["state"], value["reason"], until), now=now)


def _category(edit: BulkEdit) -> str:
    return str(edit.value["category"]) if edit.field == "approval" else ""


def _tag(value: Any, now: datetime) -> str:
    return str(value or "").strip()[:20]


def _tier(value: Any, now: datetime) -> int:
    if str(value) not in ("1", "2", "3", "4", "5"):
        raise RuleBroken("value_unknown", field="tier")
    return int(value)


def _nodes(value: Any, now: datetime) -> list[str]:
    codes = [str(code) for code in (value if isinstance(value, list | tuple) else [value]) if code]
    if len(node_order(codes)) != len(set(codes)):
        raise RuleBroken("value_unknown", field="nodes")
    if not codes:
        raise RuleBroken("value_missing", field="nodes")
    return node_order(codes)


def _add_node(value: Any, now: datetime) -> str:
    return _nodes(value, now)[0]


def _region(value: Any, now: datetime) -> dict[str, str]:
    place = place_of_code(str(value or ""))
    if not place:
        raise RuleBroken("value_unknown", field="region")
    return place


def _approval(value: Any, now: datetime) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RuleBroken("value_missing", field="approval")
    said = judged(Decision(value["category"], value["state"], value.get("reason") or "", value.get("until")), now=now)
    return {"category": said.category, "state": said.state, "until": said.until.isoformat() if said.until else None, "reason": said.reason}


_READERS = {"tag": _tag, "tier": _tier, "nodes": _nodes, "add_node": _add_node, "region": _region, "approval": _approval}
