"""Two Chinese characters typed into the search of a list of 20,000 suppliers, with the hat on."""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import median
from typing import Any

import dj_database_url
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from foundation.actor import Actor, as_actor
from parties.names import pinyin_initials
from tests.cast import actor

BRAND = "云杼禾缕青纬素岚彩经纶锦绮罗织棉麻丝绒绡绢绫缎纱绮帛纤维染坊梭机杵砧针线絮絺绤缟素缦缨缀绣绘緣澜泽溪山海川江河湖峰岭松竹梅兰菊荷莲枫桐柏楠桂瑞祥福禄康宁泰和顺达兴隆昌盛旺发"
TRADES = ("纺织", "针织", "印染", "辅料", "服饰", "毛纺", "家纺", "绣品", "织造", "纺纱")
ENDS = ("有限公司（示例）", "厂（示例）", "股份有限公司（示例）")
FREE = "without_row_security"
SAMPLE, COMMON = 60, ("宁波", "纺织", "有限")


class Search20000(Race):
    title = "a two-character search over 20,000 suppliers: the first 50 by name"
    anchor = 'the statement of filter(owner_org_id=…, name_zh__icontains=…).order_by("pinyin_key", "id")[:51], no row security (superuser)'
    tuned = "the same statement with the hat on"
    ours = "every statement of suppliers.selectors.supplier_links(actor, query=…), the hat on: pairs of characters in an index of their own"
    limit = "one line by its primary key, the hat on"
    goal = "at least 10× the anchor"
    over, at_least, unit = "anchor", 10.0, "searches/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("search"))
        self._free, self._chen = cluster.superuser(stack, name), actor("chen")
        began = time.perf_counter()
        self._names = names_of_firms(2_000 if self.quick else 20_000)
        for who, names in (("chen", self._names), ("fang", self._names[::5])):
            list_firms(actor(who), names)
        self._free.execute("vacuum (analyze) suppliers_supplylink")
        self._free.execute("vacuum (analyze) suppliers_linkgram")
        self._made = time.perf_counter() - began
        self._queries = random.Random(11).sample([name[2:4] for name in self._names], SAMPLE)
        self._ours = {query: questions(self._chen, lambda q=query: self._found(q)) for query in self._queries}
        self._theirs = {query: questions(self._chen, lambda q=query: list(icontains(self._chen, q))) for query in self._queries}
        self._one = {query: questions(self._chen, lambda: one_line(self._chen)) for query in self._queries}
        add_free_connection(stack, cluster.servers().postgres.superuser_url(name))

    def check(self) -> None:
        for query in (*self._queries, *COMMON):
            mine, theirs = ([str(link.pk) for link in search(query)] for search in (self._found, self._found_plainly))
            if mine != theirs[:50] or not mine:
                raise Unequal(f"{query}: {len(mine)} of ours, {len(theirs)} of the anchor, or not the same ones")
        used = index_conditions(plan_as(self._chen, self._ours[self._queries[0]][0]))
        if "gram" not in used.get("gram_stands_once", "") or "owner_org_id" not in used["gram_stands_once"]:
            raise Unequal(f"the search is not read along the pairs of characters: {used}")
        self._used = used

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": partial(self._rate, self._hatted, self._ours), "anchor": partial(self._rate, self._free_hand, self._theirs),
            "tuned": partial(self._rate, self._hatted, self._theirs), "limit": partial(self._rate, self._hatted, self._one),
        }  # fmt: skip

    def _rate(self, ask: Callable[[list[str]], None], statements: Mapping[str, list[str]]) -> float:
        asked = [statement for query in self._queries for statement in statements[query]]
        began = time.perf_counter()
        ask(asked)
        return len(self._queries) / (time.perf_counter() - began)

    # The hat is put on once for all, as a request does, and its time is counted.
    def _hatted(self, statements: list[str]) -> None:
        with transaction.atomic(), as_actor(self._chen), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    def _free_hand(self, statements: list[str]) -> None:
        with connections[FREE].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    def _found(self, query: str) -> list[Any]:
        from suppliers.selectors import supplier_links

        with transaction.atomic(), as_actor(self._chen):
            return supplier_links(self._chen, query=query).rows

    def _found_plainly(self, query: str) -> list[Any]:
        return list(icontains(self._chen, query).using(FREE))

    def notes(self) -> list[str]:
        lines = [f"{len(self._names):,} firms listed with pinyin, initials and pairs in {self._made:.0f} s (in batches of 1,000)"]
        for query in (*self._queries[:2], *COMMON):
            ms = [median(timed(search, query) for _ in range(15)) for search in (self._found, self._found_plainly)]
            lines.append(
                f"with Django's objects and the hat put on for each, {query}: ours {ms[0]:.1f} ms, anchor {ms[1]:.1f} ms (not judged)"
            )
        lines += [f"index as the hat: {name}: {condition}" for name, condition in sorted(self._used.items())]
        lines += [f"explain as the hat, {self._queries[0]}: {line}" for line in text_plan(self._chen, self._ours[self._queries[0]][0])]
        initials = pinyin_initials(self._names[7])[:5]
        found = index_conditions(plan_as(self._chen, questions(self._chen, lambda: self._found(initials))[-1]))
        lines.append(f"initials {initials} as the hat: {', '.join(sorted(found)) or 'NO INDEX'}")
        pages = "select pg_size_pretty(sum(pg_total_relation_size(c))) from unnest(array['suppliers_linkgram'::regclass]) c"
        lines.append(f"pairs on the disk with their indexes: {self._free.execute(pages).fetchone()[0]}")
        lines.append(f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")
        return lines


def names_of_firms(many: int) -> list[str]:
    """Invented names as a list of Ningbo has them: the city, two characters of its own, a trade, a legal ending."""
    rng = random.Random(7)
    return [f"宁波{rng.choice(BRAND)}{rng.choice(BRAND)}{rng.choice(TRADES)}{n % 97 or ''}{rng.choice(ENDS)}" for n in range(many)]


def add_free_connection(stack: ExitStack, url: str) -> None:
    """A second connection of Django's, as the superuser: what an application without row security would have."""
    parsed = dj_database_url.parse(url)
    settings = {
        **connections["default"].settings_dict,
        **{key: parsed.get(key, "") for key in ("NAME", "USER", "HOST", "PORT", "PASSWORD")},
    }
    connections.databases[FREE] = {**settings, "OPTIONS": {**settings["OPTIONS"], **parsed.get("OPTIONS", {})}}
    stack.callback(lambda: connections[FREE].close())


def list_firms(owner: Actor, names: Sequence[str]) -> None:
    from suppliers.services.links import link_of_values, write_links

    now = timezone.now()
    for at in range(0, len(names), 1000):
        with transaction.atomic(), as_actor(owner):
            values = [{"name_zh": name, "uscc": f"0DEM0{n:013d}"} for n, name in enumerate(names[at : at + 1000], start=at)]
            write_links(owner, [link_of_values(owner, each, now=now) for each in values])


def icontains(owner: Actor, query: str) -> Any:
    from suppliers.models import SupplyLink

    return SupplyLink.objects.filter(owner_org_id=owner.org_id, name_zh__icontains=query).order_by("pinyin_key", "id")[:51]


def one_line(owner: Actor) -> Any:
    from suppliers.models import SupplyLink

    return SupplyLink.objects.visible_to(owner).filter(pk=owner.org_id).first()


def questions(owner: Actor, read: Callable[[], Any]) -> list[str]:
    """What the product asks, as SQL with its values in it."""
    with transaction.atomic(), as_actor(owner), CaptureQueriesContext(connection) as queries:
        read()
    return [each["sql"] for each in queries.captured_queries if each["sql"].startswith("SELECT") and " FROM " in each["sql"]]


def plan_as(owner: Actor, statement: str) -> dict[str, Any]:
    with transaction.atomic(), as_actor(owner), connection.cursor() as cursor:
        cursor.execute(f"explain (format json) {statement}")
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def index_conditions(plan: dict[str, Any]) -> dict[str, str]:
    """Index → its condition, over a whole plan."""
    used = {plan["Index Name"]: plan.get("Index Cond", "")} if "Index Name" in plan else {}
    for inner in plan.get("Plans", []):
        used |= index_conditions(inner)
    return used


def text_plan(owner: Actor, statement: str) -> list[str]:
    with transaction.atomic(), as_actor(owner), connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, costs off, timing off) {statement}")
        return [row[0] for row in cursor.fetchall()]


def timed(search: Callable[[str], Any], query: str) -> float:
    began = time.perf_counter()
    search(query)
    return (time.perf_counter() - began) * 1000
