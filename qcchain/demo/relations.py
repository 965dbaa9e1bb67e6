"""Who supplies whom: lines of the owners' lists that have met their firms, and what joining granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from foundation.actor import Hat
from parties.names import pinyin_key
from qcchain.demo.firms import BATCH, Firm, stable_id
from qcchain.demo.names import SEED, phone
from records.models import Grant
from suppliers.models import SupplyLink
from suppliers.services.grams import put_grams

JOINED = timedelta(days=560)
HEADCOUNTS = {"micro": (4, 19), "small": (20, 120), "medium": (130, 480), "large": (520, 1800)}
SECOND_OWNER = 0.15
Pair = tuple[Firm, Firm]
# The pairs that the stories need.
STORY_PAIRS = (
    ("yantang", "yunzhu"), ("yantang", "lanzhi"), ("yantang", "qingwei"), ("yantang", "helv"), ("yantang", "shisha"), ("yantang", "lancai"),
    ("yantang", "suzhu"), ("yantang", "xixu"), ("lucen", "yunzhu"), ("lucen", "lanzhi"), ("boyang", "yunzhu"), ("lucen", "helv"), ("lucen", "qingwei"), ("lucen", "shisha"),
)  # fmt: skip

# Pairs beside the stories, so that the smallest profile has them too.
MORE_PAIRS = (
    ("consinee", "helv"),
    ("consinee", "suzhu"),
    ("boyang", "xixu"),
    ("lucen", "lancai"),
)


def link_id(owner: Firm, supplier: Firm) -> UUID:
    return stable_id("link", owner.key, supplier.key)


def pairs_of(firms: Sequence[Firm]) -> list[Pair]:
    """The stories' pairs, then every other supplier with one owner, some with two."""
    random, by_key = Random(SEED), {firm.key: firm for firm in firms}
    pairs = [(by_key[owner], by_key[supplier]) for owner, supplier in (*STORY_PAIRS, *MORE_PAIRS)]
    owners = [firm for firm in firms if firm.hat == Hat.OWNER]
    turns = cycle(owners)
    in_stories = {supplier.key for _owner, supplier in pairs}
    for firm in firms:
        if firm.hat == Hat.SUPPLIER and firm.key not in in_stories:
            first = next(turns)
            pairs.append((first, firm))
            if random.random() < SECOND_OWNER:
                pairs.append((random.choice([owner for owner in owners if owner is not first]), firm))
    return pairs


def write_relations(pairs: Sequence[Pair], *, now: datetime) -> None:
    """Links with their search grams, and the grants that came with joining."""
    at = now - JOINED
    SupplyLink.objects.bulk_create([_link(owner, supplier, at) for owner, supplier in pairs], batch_size=BATCH)
    for owner_id in dict.fromkeys(owner.id for owner, _ in pairs):
        put_grams(owner_id, [(link_id(owner, supplier), supplier.name.zh) for owner, supplier in pairs if owner.id == owner_id])
    Grant.objects.bulk_create(
        Grant(
            from_org_id=supplier.id, to_org_id=owner.id, to_name_zh=owner.name.zh, to_name_en=owner.name.en, what="firm",
            valid_from=at.date(),
        )
        for owner, supplier in pairs
    )  # fmt: skip


def _link(owner: Firm, supplier: Firm, at: datetime) -> SupplyLink:
    return SupplyLink(
        id=link_id(owner, supplier), owner_org_id=owner.id, supplier_org_id=supplier.id, owner_name_zh=owner.name.zh,
        owner_name_en=owner.name.en, name_zh=supplier.name.zh, name_en=supplier.name.en, pinyin_key=pinyin_key(supplier.name.zh)[:200],
        uscc=supplier.uscc, contact=supplier.person, phone=phone(supplier.number), node_codes=list(supplier.nodes),
        region_code=supplier.region, town_code=supplier.town, headcount=Random(supplier.number).randint(*HEADCOUNTS[supplier.size]),
        address=f"示例路 {supplier.number + 1} 号", since=at.date(), state=SupplyLink.State.JOINED, is_demo=True, created_at=at, joined_at=at,
    )  # fmt: skip
