"""Every long list is read along its index, as the hat that reads it: under row security an operator that leaks is not used.

The tables of a test are small: the statistics of a city are written over theirs, and scans, bitmaps and sorts are priced out.
What remains of them is what the index cannot do.
"""

import json
import os
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.selectors import agreements, obligations
from audits.selectors import audits, findings
from foundation.actor import as_actor
from inspections.lot_filters import LotsWanted
from inspections.selectors.change_notices import changes, told_changes
from inspections.selectors.decisions import samples_for_lab
from inspections.selectors.lots import lots
from inspections.selectors.signals import signals
from notices.selectors import inbox_page
from oversight.filters import Asked
from oversight.selectors import compliance_page
from records.selectors import entries, streams
from suppliers.models import SupplyLink
from suppliers.selectors import bulk_edits, links_matching, state_counts, supplier_links
from suppliers.selectors.links import begins_with
from suppliers.selectors.merges import PAIRS_STATEMENT
from tests import harness
from tests.cast import actor, key
from tests.world import build_story

AT, DAY, ID = datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1), key("anything")
NO_SCAN = "set local enable_seqscan = off; set local enable_bitmapscan = off;"
NO_SORT = "set local enable_sort = off; set local enable_hashagg = off"
FEW_ARE_SORTED = ("gram_stands_once", "approval_standing", "link_by_initials")  # what a search finds is few: it may be sorted after it
SEVERAL_WAYS = ("link_by_initials",)  # initials, pinyin or code: one bitmap of three indexes, or else every line is read
ONLY_BITMAPS = "set local enable_seqscan = off; set local enable_indexscan = off; set local enable_indexonlyscan = off;"
NO_AUTOVACUUM = """do $$ declare t regclass; begin
  for t in select c.oid from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace loop
    execute format('alter table %s set (autovacuum_enabled = off)', t);
  end loop; end $$"""
MANY_NAMES = """set session_replication_role = replica;
  insert into suppliers_linkgram (owner_org_id, first_id, link_ids, gram)
    select owner_org_id, new, array[new], chr(20000 + n % 5000) || '州'
    from (select owner_org_id, n, gen_random_uuid() as new from suppliers_supplylink cross join generate_series(1, 2000) n) pair;
  set session_replication_role = origin"""
MANY_LINKS = """set session_replication_role = replica;
  insert into suppliers_supplylink (id, owner_org_id, owner_name_zh, owner_name_en, name_zh, name_en, pinyin_key, initials, uscc, contact, phone,
      node_codes, region_code, town_code, address, state, is_demo, created_at)
    select gen_random_uuid(), owner_org_id, '', '', '宁波' || n, '', 'ningbo' || md5(n::text), md5(n::text), 'X' || n, '', '', '{}', '', '', '', 'listed',
      true, now() from (select distinct owner_org_id from suppliers_supplylink) o cross join generate_series(1, 5000) n;
  set session_replication_role = origin"""
MANY_APPROVALS = """set session_replication_role = replica;
  insert into suppliers_categoryapproval (id, owner_org_id, link_id, category, state, since, reason, by_name, at)
    select gen_random_uuid(), owner_org_id, id, 'c' || n, (array['applied', 'conditional', 'approved', 'suspended'])[1 + n % 4], now(), '', '', now()
    from suppliers_supplylink cross join generate_series(1, 2000) n where suppliers_supplylink.state = 'joined';
  set session_replication_role = origin"""
BUSY = """select pg_restore_relation_stats('schemaname', 'public', 'relname', c.relname::text,
    'relpages', greatest(pg_relation_size(c.oid) / 8192, 1)::integer, 'reltuples', 200000::real)
  from pg_class c where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace"""
OWNED_BY_MANY = """select pg_restore_attribute_stats('schemaname', 'public', 'relname', c.relname::text, 'attname', a.attname::text,
    'inherited', false, 'null_frac', 0::real, 'avg_width', 16, 'n_distinct', case when a.attname = 'gram' then 20000::real else 400::real end)
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname in ('owner_org_id', 'supplier_org_id', 'org_id', 'gram')"""

# who reads · which list · its index · the columns that bound the range, after a cursor
LISTS: list[tuple[str, Any, str, tuple[str, ...]]] = [
    ("chen", lambda a: list(links_matching(a, after=("k", ID))[:51]), "link_by_name", ("owner_org_id", "pinyin_key")),
    ("chen", lambda a: supplier_links(a, state="joined"), "link_by_state", ("owner_org_id", "state")),
    ("chen", lambda a: supplier_links(a, query="云杼"), "gram_stands_once", ("owner_org_id", "gram")),
    (
        "chen",
        lambda a: list(SupplyLink.objects.visible_to(a).filter(begins_with("nbyz"))),
        "link_by_initials",
        ("owner_org_id", "initials"),
    ),
    ("chen", lambda a: supplier_links(a, tier="2"), "link_behind_another", ("owner_org_id", "tier")),
    ("chen", lambda a: supplier_links(a, tag="autumn"), "link_by_tag", ("owner_org_id", "tag")),
    ("chen", lambda a: supplier_links(a, approval="approved"), "approval_standing", ("owner_org_id", "state")),
    ("chen", lambda a: state_counts(a), "link_by_state", ("owner_org_id",)),
    ("chen", lambda a: bulk_edits(a, after=(AT, ID)), "bulk_edit_newest", ("owner_org_id", "at")),
    ("chen", lambda a: agreements(a, after=(AT, ID)), "agreement_of_owner", ("owner_org_id", "created_at")),
    ("lin", lambda a: agreements(a, after=(AT, ID)), "agreement_of_supplier", ("supplier_org_id", "created_at")),
    ("zhou", lambda a: compliance_page(a, Asked(), today=DAY, after=(AT, ID), size=25), "agreement_newest", ("created_at",)),
    ("chen", lambda a: obligations(a, today=DAY, after=(DAY, ID)), "obligation_of_owner", ("owner_org_id", "due_on")),
    ("lin", lambda a: obligations(a, today=DAY, after=(DAY, ID)), "obligation_of_supplier", ("supplier_org_id", "due_on")),
    ("chen", lambda a: audits(a, after=(DAY, ID)), "audit_told_of_owner", ("owner_org_id", "visit_on")),
    ("lin", lambda a: audits(a, after=(DAY, ID)), "audit_told_of_supplier", ("supplier_org_id", "visit_on")),
    ("chen", lambda a: findings(a, after=(AT, ID)), "finding_of_owner", ("owner_org_id", "raised_at")),
    ("lin", lambda a: findings(a, after=(AT, ID)), "finding_of_supplier", ("supplier_org_id", "raised_at")),
    ("chen", lambda a: lots(a, LotsWanted(), after=(DAY, ID)), "lot_of_owner", ("owner_org_id", "made_on")),
    ("lin", lambda a: lots(a, LotsWanted(), after=(DAY, ID)), "lot_of_supplier", ("supplier_org_id", "made_on")),
    ("chen", lambda a: signals(a, after=(6, ID)), "signal_of_owner", ("owner_org_id", "rank")),
    ("lin", lambda a: signals(a, after=(6, ID)), "signal_of_supplier", ("supplier_org_id", "rank")),
    ("chen", lambda a: told_changes(a, after=(DAY, ID)), "change_reply_of_owner", ("owner_org_id", "planned_on")),
    ("lin", lambda a: changes(a, after=(DAY, ID)), "change_of_supplier", ("supplier_org_id", "planned_on")),
    ("mei", lambda a: samples_for_lab(a, after=ID), "sample_of_laboratory", ("lab_org_id", "arbitration_id")),
    ("chen", lambda a: streams(a, after=(AT, ID)), "stream_newest_of_owner", ("owner_org_id", "last_at")),
    ("lin", lambda a: streams(a, after=(AT, ID)), "stream_newest_of_supplier", ("supplier_org_id", "last_at")),
    ("lin", lambda a: entries(a, stream_id=ID, after=(AT, ID)), "entry_newest_in_stream", ("stream_id", "at")),
    ("lin", lambda a: inbox_page(a, after=(AT, ID)), "notification_newest", ("org_id", "hat", "at")),
]


@pytest.fixture(scope="module")
def busy(servers, template, django_db_setup, django_db_blocker):
    """A story's rows in a database of their own, with the statistics of a city: never those of an autovacuum that came or did not."""
    before, name = harness.addresses(), harness.clone(servers, template, f"qcc_busy_{os.getpid()}")
    with django_db_blocker.unblock():
        harness.point_django_at(servers, name)
        build_story("chen", "lin", now=timezone.now())
        with psycopg.connect(servers.postgres.superuser_url(name), autocommit=True) as superuser:
            superuser.execute(NO_AUTOVACUUM)
            superuser.execute("delete from pg_statistic")
            superuser.execute(MANY_NAMES)
            superuser.execute(MANY_APPROVALS)
            superuser.execute(MANY_LINKS)
            superuser.execute("analyze suppliers_supplylink")  # an OR of ranges is judged by how names are spread
            superuser.execute(BUSY)
            superuser.execute(OWNED_BY_MANY)
        yield
        connections.close_all()
        harness.point_django_back(before)
    harness.drop(servers, name)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def plan_of(who: str, read: Any, priced_out: str) -> list[dict[str, Any]]:
    """The nodes of the plan of a list's first query, made as the hat that asks it."""
    with as_actor(actor(who)), transaction.atomic(), connection.cursor() as cursor:
        with CaptureQueriesContext(connection) as queries:
            read(actor(who))
        cursor.execute(priced_out)
        asked = next(q["sql"] for q in queries.captured_queries if q["sql"].startswith("SELECT"))
        cursor.execute(f"explain (format json) {asked}")
        found = cursor.fetchone()[0]
    return nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


@pytest.mark.parametrize(("who", "read", "index", "bounds"), LISTS, ids=[f"{who}-{index}" for who, _read, index, _bounds in LISTS])
def test_a_list_is_read_along_its_index_by_the_hat_that_reads_it(busy, who, read, index, bounds):
    way = ONLY_BITMAPS if index in SEVERAL_WAYS else NO_SCAN
    found = plan_of(who, read, way + (NO_SORT if index not in FEW_ARE_SORTED else ""))

    used = {node["Index Name"]: node.get("Index Cond", "") for node in found if "Index Name" in node}
    assert index in used, used
    assert [column for column in bounds if f"{column} " not in used[index] and f"({column})" not in used[index]] == []
    if index not in FEW_ARE_SORTED:
        assert [node["Node Type"] for node in found if "Sort" in node["Node Type"]] == []


def test_likely_pairs_are_read_off_an_index_by_the_hat_that_reads_them(busy):
    values = {"org": actor("chen").org_id, "after": "", "one": ID, "other": ID, "limit": 25, "groups": 200}

    with as_actor(actor("chen")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NO_SCAN)
        cursor.execute(f"explain (format json) {PAIRS_STATEMENT}", values)
        found = cursor.fetchone()[0]

    used = [node for node in nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]) if "Index Name" in node]
    assert [node["Index Name"] for node in used].count("link_by_name_core") == 3
    assert all("owner_org_id" in node["Index Cond"] for node in used)
