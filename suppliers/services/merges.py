"""Merge and split of an owner's own lines. A merge moves and deletes nothing, so that it can be taken back at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from parties.names import pinyin_initials, pinyin_key
from parties.roles import MAY_FILE
from suppliers.models import Invitation, Merge, SupplyLink, ToldApart
from suppliers.selectors.merges import FACTS, differences, told_apart_key
from suppliers.services.grams import put_grams, take_out_grams

KEPT, OTHER, BOTH = "kept", "other", "both"


@transaction.atomic
def merge_links(*, actor: Actor, kept: SupplyLink, absorbed: SupplyLink, chosen: Mapping[str, str], now: datetime) -> Merge:
    """Take one line of the list into another. `chosen`: fact → "kept", "other" or, for steps, "both"; blanks fill themselves.

    The kept line's code stays; the absorbed one leaves the list, and its open invitation ends. Done twice, it is done once.
    Raises RuleBroken("merge_itself"), ("merged_already"), ("merge_two_joined"), ("merge_joined_stays"), ("merge_behind"), ("merge_choice").
    """
    actor.must_act_for(kept.owner_org_id, Hat.OWNER)
    actor.must_act_for(absorbed.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    if kept.pk == absorbed.pk:
        raise RuleBroken("merge_itself")
    kept, absorbed = _both_locked(actor, kept, absorbed)
    if absorbed.merged_into_id == kept.pk:
        return Merge.objects.visible_to(actor).get(absorbed=absorbed, undone_at=None)
    check_mergeable(actor, kept, absorbed)
    wrote = _values_of(kept, absorbed, chosen)
    before = {column: _kept_as_json(getattr(kept, column)) for column in wrote}
    _write(actor, kept, wrote)
    was = _leave_the_list(actor, kept, absorbed, now)
    merge = Merge(
        owner_org_id=actor.org_id, kept=kept, absorbed=absorbed, wrote=wrote, before=before, absorbed_state=was,
        person_name=actor.person_name, at=now,
    )  # fmt: skip
    merge.save(force_insert=True)
    return merge


def check_mergeable(actor: Actor, kept: SupplyLink, absorbed: SupplyLink) -> None:
    """Refuse in words what cannot be one firm, or cannot be merged this way round."""
    if kept.merged_into_id is not None or absorbed.merged_into_id is not None:
        raise RuleBroken("merged_already")
    if absorbed.supplier_org_id is not None:
        raise RuleBroken("merge_two_joined" if kept.supplier_org_id is not None else "merge_joined_stays")
    if SupplyLink.objects.visible_to(actor).filter(via=absorbed).exists():
        raise RuleBroken("merge_behind")


@transaction.atomic
def split_links(*, actor: Actor, merge: Merge, now: datetime) -> Merge:
    """Take a merge back: both lines stand again, each with its own facts. Fields that somebody changed since stay, and are named
    in `stayed`. Done twice, it is done once."""
    actor.must_act_for(merge.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    # The lines before the merge, as merge_links() locks them.
    kept, absorbed = _both_locked(actor, merge.kept, merge.absorbed)
    found = Merge.objects.visible_to(actor).select_for_update().filter(pk=merge.pk).first()
    if found is None:
        raise Absent
    if found.undone_at is not None:
        return found
    back, stayed = _put_back(actor, found, kept)
    _write(actor, kept, back)
    state = SupplyLink.State.LISTED if found.absorbed_state == SupplyLink.State.INVITED else found.absorbed_state
    SupplyLink.objects.with_merged(actor).filter(pk=absorbed.pk).update(merged_into=None, state=state, invited_until=None)
    Merge.objects.visible_to(actor).filter(pk=found.pk).update(undone_at=now, undone_by=actor.person_name, stayed=stayed)
    found.refresh_from_db()
    return found


@transaction.atomic
def tell_apart(*, actor: Actor, one: SupplyLink, other: SupplyLink, now: datetime) -> None:
    """These are two firms: the pair is not shown again, neither here nor in a later list. Safe to repeat."""
    actor.must_act_for(one.owner_org_id, Hat.OWNER)
    actor.must_act_for(other.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    if one.pk == other.pk:
        raise RuleBroken("merge_itself")
    first, second = told_apart_key(one, other)
    ToldApart.objects.bulk_create([ToldApart(owner_org_id=actor.org_id, uscc=first, other_uscc=second)], ignore_conflicts=True)


def _both_locked(actor: Actor, *links: SupplyLink) -> list[SupplyLink]:
    """In one order for everybody: two people who merge the same lines crosswise wait for each other, and the second is told."""
    rows = SupplyLink.objects.with_merged(actor).filter(pk__in=[link.pk for link in links]).select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(links):
        raise Absent
    return [found[link.pk] for link in links]


def _values_of(kept: SupplyLink, absorbed: SupplyLink, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Column → value that the merge puts into the kept line; only where something changes."""
    if not chosen.keys() <= FACTS.keys() or not set(chosen.values()) <= {KEPT, OTHER, BOTH}:
        raise RuleBroken("merge_choice")
    wrote: dict[str, Any] = {}
    for each in differences(kept, absorbed):
        choice = OTHER if each.how == "filled" else chosen.get(each.fact, KEPT) if each.how == "differs" else KEPT
        if choice == BOTH and each.fact == "nodes":
            wrote["node_codes"] = [*kept.node_codes, *(code for code in absorbed.node_codes if code not in kept.node_codes)]
        elif choice == OTHER:
            wrote |= dict(zip(FACTS[each.fact], map(_kept_as_json, each.other), strict=True))
        elif choice == BOTH:
            raise RuleBroken("merge_choice")
    return {column: value for column, value in wrote.items() if value != _kept_as_json(getattr(kept, column))}


def _leave_the_list(actor: Actor, kept: SupplyLink, absorbed: SupplyLink, now: datetime) -> str:
    was: str = absorbed.state
    Invitation.objects.visible_to(actor).filter(link=absorbed, used_at=None, revoked_at=None).update(revoked_at=now)
    SupplyLink.objects.with_merged(actor).filter(pk=absorbed.pk).update(merged_into=kept)
    return was


def _put_back(actor: Actor, merge: Merge, kept: SupplyLink) -> tuple[dict[str, Any], list[str]]:
    """What the split writes, and the columns that stay because they hold something else by now.

    Where a later merge wrote over this one, that merge is told what stood before both: taken back in any order, they end alike.
    """
    back: dict[str, Any] = {}
    stayed = []
    later = list(Merge.objects.visible_to(actor).filter(kept=kept, undone_at=None, at__gt=merge.at).order_by("at", "id"))
    for column, wrote in merge.wrote.items():
        above = next((other for other in later if column in other.wrote and other.before.get(column) == wrote), None)
        if above is not None:
            above.before[column] = merge.before[column]
            Merge.objects.visible_to(actor).filter(pk=above.pk).update(before=above.before)
        elif _kept_as_json(getattr(kept, column)) == wrote:
            back[column] = merge.before[column]
        else:
            stayed.append(column)
    return back, stayed


def _write(actor: Actor, link: SupplyLink, values: Mapping[str, Any]) -> None:
    """Put values into a line, and what its search needs beside a name."""
    if not values:
        return
    columns: dict[str, Any] = dict(values)
    if "since" in columns:
        columns["since"] = date.fromisoformat(columns["since"]) if columns["since"] else None
    if "name_zh" in columns:
        columns["pinyin_key"] = pinyin_key(columns["name_zh"])[:200]
        columns["initials"] = pinyin_initials(columns["name_zh"])[:80]
        take_out_grams(actor.org_id, [link.pk], name=link.name_zh)
        put_grams(actor.org_id, [(link.pk, columns["name_zh"])])
    for column, value in columns.items():
        setattr(link, column, value)
    SupplyLink.objects.with_merged(actor).filter(pk=link.pk).update(**columns)


def _kept_as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, (list, tuple)) else value
