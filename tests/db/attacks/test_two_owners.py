"""A firm that serves two rivals betrays neither: whatever one of them asks, the answer is the same whether the other knows the firm.

Compared byte for byte after our own ids, tokens and drawings of tokens are masked; by the number of statements; and by time.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from scipy.stats import mannwhitneyu

from foundation.actor import Hat, acting_as, as_actor
from suppliers.models import SupplyLink
from suppliers.selectors import invited_by, supplier_links
from suppliers.services.invitations import invite
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.services.lists import start_import
from tests.cast import actor
from tests.clients import with_token
from tests.db.attacks.rivals import DEPTHS, Heard, ask_everything, masked, rival_knows
from tests.db.suppliers.stage import NOW

pytestmark = pytest.mark.django_db
CHEN = actor("chen")
# Two codes that differ in the place that a rival's knowledge would show, and in nothing else that costs time.
KNOWN, UNKNOWN = "0DEM0N1000000000AC", "0DEM0N1000000000CJ"
ROUNDS, MORE_OFTEN_THAN_CHANCE, NOTICEABLE = 60, 0.001, 1.25


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time stands."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def in_a_world(depth: str | None) -> list[Heard]:
    """Everything that Chen hears in a world of its own, which is gone afterwards."""
    cache.clear()
    with transaction.atomic():
        if depth:
            rival_knows(depth)
        before = rivals_lines()
        heard = ask_everything()
        assert rivals_lines() == before
        transaction.set_rollback(True)
    return heard


def rivals_lines() -> list[dict[str, Any]]:
    with as_actor(actor("fang")):
        return list(SupplyLink.objects.with_merged(actor("fang")).order_by("pk").values())


@pytest.fixture(scope="module")
def unknown() -> dict[str, list[Heard]]:
    """What is heard where the rival does not know the firm; filled by the first test, which also warms every cache."""
    return {}


@pytest.mark.parametrize("depth", DEPTHS)
def test_every_answer_is_the_same_whether_or_not_the_rival_knows_the_firm(depth: str, unknown: dict[str, list[Heard]]) -> None:
    if not unknown:
        in_a_world(None)
        unknown["heard"] = in_a_world(None)
    alone, beside = unknown["heard"], in_a_world(depth)

    assert [h.step for h in beside] == [h.step for h in alone]
    assert len(alone) > 100
    assert {h.status for h in alone} >= {200, 201, 302, 404, 422}
    differs = [
        (a.step, a.status, b.status) for a, b in zip(alone, beside, strict=True) if (a.status, a.kind, a.body) != (b.status, b.kind, b.body)
    ]
    assert differs == []
    assert [(a.step, a.queries, b.queries) for a, b in zip(alone, beside, strict=True) if a.queries != b.queries] == []


def test_the_mask_hides_only_what_is_random() -> None:
    one = masked(b'<a href="/suppliers/0198c3c6-1111-7000-8000-000000000001/">x</a> 0198c3c6-1111-7000-8000-000000000002')
    same = masked(b'<a href="/suppliers/0198c3c6-2222-7000-8000-000000000001/">x</a> 0198c3c6-2222-7000-8000-000000000002')
    twice = masked(b'<a href="/suppliers/0198c3c6-2222-7000-8000-000000000001/">x</a> 0198c3c6-2222-7000-8000-000000000001')

    assert one == same != twice


def test_the_comparison_sees_what_it_is_there_to_see(unknown: dict[str, list[Heard]]) -> None:
    """The same walk, with one line more on Chen's own list, is heard otherwise."""
    alone = unknown.get("heard") or in_a_world(None)
    with transaction.atomic():
        with as_actor(CHEN):
            add_supplier(actor=CHEN, firm=FirmSaid("宁波素杼辅料有限公司（示例）", "0DEM0X1000000000BK"), now=NOW)
        other = ask_everything()
        transaction.set_rollback(True)

    assert any(a.body != b.body for a, b in zip(alone, other, strict=True))


# What a curious owner would put a clock to: each is done for a code that the rival knows and for one that it does not.
def add(code: str) -> None:
    add_supplier(actor=CHEN, firm=FirmSaid("宁波素杼辅料有限公司（示例）", code, phone="19000000101"), now=NOW)


def read_a_list(code: str) -> None:
    start_import(
        actor=CHEN, file_name="list.csv", data=f"企业名称,统一社会信用代码\n宁波素杼辅料有限公司（示例）,{code}\n".encode(), now=NOW
    )


def search(code: str) -> None:
    supplier_links(CHEN, query=code)


def invite_it(code: str) -> None:
    link = SupplyLink(
        owner_org_id=CHEN.org_id, owner_name_zh=CHEN.org_name_zh, name_zh="素杼", pinyin_key="suzhu", uscc=code, created_at=NOW
    )
    link.save(force_insert=True)
    invite(actor=CHEN, links=[link], now=NOW)


def open_the_door(code: str) -> None:
    link = SupplyLink(
        owner_org_id=CHEN.org_id, owner_name_zh=CHEN.org_name_zh, name_zh="素杼", pinyin_key="suzhu", uscc=code, created_at=NOW
    )
    link.save(force_insert=True)
    ((_, token),) = invite(actor=CHEN, links=[link], now=NOW)
    with acting_as(Hat.LOBBY):
        for _ in range(5):
            invited_by(token, now=NOW)


def timed(verb: Callable[[str], Any], code: str) -> float:
    """Milliseconds of one try, of which nothing stays."""
    with as_actor(CHEN), transaction.atomic():
        began = perf_counter()
        verb(code)
        took = (perf_counter() - began) * 1000
        transaction.set_rollback(True)
    return took


@pytest.mark.parametrize("verb", [add, read_a_list, search, invite_it, open_the_door], ids=lambda verb: verb.__name__)
def test_no_verb_takes_longer_or_shorter_for_a_firm_that_the_rival_knows(verb: Callable[[str], Any]) -> None:
    rival_knows("agreed", code=KNOWN)
    for code in (KNOWN, UNKNOWN) * 3:
        timed(verb, code)  # warm
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for turn in range(ROUNDS):
        for code in (KNOWN, UNKNOWN) if turn % 2 else (UNKNOWN, KNOWN):
            took[code].append(timed(verb, code))

    apart = mannwhitneyu(took[KNOWN], took[UNKNOWN]).pvalue
    ratio = median(took[KNOWN]) / median(took[UNKNOWN])
    # A busy machine makes either of the two now and then; knowledge would make both, every time.
    assert not (apart < MORE_OFTEN_THAN_CHANCE and not 1 / NOTICEABLE < ratio < NOTICEABLE), (verb.__name__, apart, ratio)


def test_the_answers_of_the_api_carry_nothing_else_that_differs() -> None:
    """Headers too: no length, tag or hint of another's knowledge."""
    seen = []
    for depth in (None, "agreed"):
        with transaction.atomic():
            if depth:
                rival_knows(depth)
            answer = Client().get("/api/v1/suppliers/", {"query": KNOWN}, **with_token("chen"))
            seen.append({name: value for name, value in answer.headers.items() if name != "Set-Cookie"})
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
