"""Where a firm stands in the owner's chain: its tier, and the firm through which it delivers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.roles import MAY_FILE
from suppliers.models import SupplyLink
from suppliers.selectors import MOST_TIERS, behind_by_tier


@transaction.atomic
def place_in_chain(*, actor: Actor, link: SupplyLink, via_id: UUID | None, tier: int | None = None, now: datetime) -> SupplyLink:
    """Say through whom a firm delivers; its tier, and that of all behind it, follows. Without `via_id`, the tier is as said.

    Raises RuleBroken("via_unknown"), ("way_is_a_circle"), ("way_is_too_long"), ("tier_follows"), ("value_unknown").
    """
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    # Two people at two ends of one way: the second sees what the first wrote.
    mine = SupplyLink.objects.visible_to(actor).select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in mine.filter(pk__in=[link.pk, *([via_id] if via_id else [])])}
    link = found[link.pk]
    behind = behind_by_tier(actor, link)
    placed = _tier_of(found, link, via_id, tier, [row for level in behind for row in level])
    if placed + len(behind) > MOST_TIERS:
        raise RuleBroken("way_is_too_long", field="via")
    SupplyLink.objects.visible_to(actor).filter(pk=link.pk).update(via_id=via_id, tier=placed)
    for steps, level in enumerate(behind, start=1):
        SupplyLink.objects.visible_to(actor).filter(pk__in=[row.pk for row in level]).update(tier=placed + steps)
    link.via_id, link.tier = via_id, placed
    return link


def _tier_of(found: dict[UUID, SupplyLink], link: SupplyLink, via_id: UUID | None, tier: int | None, behind: list[SupplyLink]) -> int:
    if via_id is None:
        if tier is None or not 1 <= tier <= MOST_TIERS:
            raise RuleBroken("value_unknown", field="tier")
        return tier
    via = found.get(via_id)
    if via is None:
        raise RuleBroken("via_unknown", field="via")
    if via.pk == link.pk or via.pk in {row.pk for row in behind}:
        raise RuleBroken("way_is_a_circle", field="via", name=via.name_zh)
    if tier is not None and tier != via.tier + 1:
        raise RuleBroken("tier_follows", field="tier")
    return via.tier + 1
