"""Every long list is read along its index, as the hat that reads it: under row security an operator that leaks is not used.

The tables of a test are small, so scans, bitmaps and sorts are priced out: what remains of them is what the index cannot do.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.selectors import agreements, obligations
from audits.selectors import audits, findings
from foundation.actor import as_actor
from notices.selectors import inbox_page
from oversight.filters import Asked
from oversight.selectors import compliance_page
from records.selectors import entries, streams
from suppliers.selectors import links_matching, supplier_links
from tests.cast import actor, key

pytestmark = pytest.mark.django_db
AT, DAY, ID = datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1), key("anything")
PRICED_OUT = (
    "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off; set local enable_hashagg = off"
)

# who reads · which list · its index · the columns that bound the range, after a cursor
LISTS: list[tuple[str, Any, str, tuple[str, ...]]] = [
    ("chen", lambda a: list(links_matching(a, after=("k", ID))[:51]), "link_by_name", ("owner_org_id", "pinyin_key")),
    ("chen", lambda a: supplier_links(a, state="joined"), "link_by_state", ("owner_org_id", "state")),
    ("chen", lambda a: supplier_links(a, query="云杼"), "gram_stands_once", ("owner_org_id", "gram")),
    ("chen", lambda a: agreements(a, after=(AT, ID)), "agreement_of_owner", ("owner_org_id", "created_at")),
    ("lin", lambda a: agreements(a, after=(AT, ID)), "agreement_of_supplier", ("supplier_org_id", "created_at")),
    ("zhou", lambda a: compliance_page(a, Asked(), today=DAY, after=(AT, ID), size=25), "agreement_newest", ("created_at",)),
    ("chen", lambda a: obligations(a, today=DAY, after=(DAY, ID)), "obligation_of_owner", ("owner_org_id", "due_on")),
    ("lin", lambda a: obligations(a, today=DAY, after=(DAY, ID)), "obligation_of_supplier", ("supplier_org_id", "due_on")),
    ("chen", lambda a: audits(a, after=(DAY, ID)), "audit_of_owner", ("owner_org_id", "visit_on")),
    ("lin", lambda a: audits(a, after=(DAY, ID)), "audit_of_supplier", ("supplier_org_id", "visit_on")),
    ("chen", lambda a: findings(a, after=(AT, ID)), "finding_of_owner", ("owner_org_id", "raised_at")),
    ("lin", lambda a: findings(a, after=(AT, ID)), "finding_of_supplier", ("supplier_org_id", "raised_at")),
    ("chen", lambda a: streams(a, after=(AT, ID)), "stream_newest_of_owner", ("owner_org_id", "last_at")),
    ("lin", lambda a: streams(a, after=(AT, ID)), "stream_newest_of_supplier", ("supplier_org_id", "last_at")),
    ("lin", lambda a: entries(a, stream_id=ID, after=(AT, ID)), "entry_newest_in_stream", ("stream_id", "at")),
    ("lin", lambda a: inbox_page(a, after=(AT, ID)), "notification_newest", ("org_id", "hat", "at")),
]


@pytest.fixture
def bureaus_index_put_aside(servers, db):
    """On a table without rows the bureau's index over all days would do as well; with rows it would not."""
    turn = "update pg_index set indisvalid = %s where indexrelid = 'obligation_by_day'::regclass"
    with psycopg.connect(servers.postgres.superuser_url(connection.settings_dict["NAME"]), port=5432, autocommit=True) as superuser:
        superuser.execute(turn, [False])
        yield
        superuser.execute(turn, [True])


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def plan_of(who: str, read: Any) -> list[dict[str, Any]]:
    """The nodes of the plan of a list's first query, made as the hat that asks it."""
    with as_actor(actor(who)), connection.cursor() as cursor:
        with CaptureQueriesContext(connection) as queries:
            read(actor(who))
        cursor.execute(PRICED_OUT)
        asked = next(q["sql"] for q in queries.captured_queries if q["sql"].startswith("SELECT"))
        cursor.execute(f"explain (format json) {asked}")
        found = cursor.fetchone()[0]
    return nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


@pytest.mark.parametrize(("who", "read", "index", "bounds"), LISTS, ids=[f"{who}-{index}" for who, _read, index, _bounds in LISTS])
def test_a_list_is_read_along_its_index_by_the_hat_that_reads_it(bureaus_index_put_aside, who, read, index, bounds):
    found = plan_of(who, read)

    used = {node["Index Name"]: node.get("Index Cond", "") for node in found if "Index Name" in node}
    assert index in used, used
    assert [column for column in bounds if f"{column} " not in used[index] and f"({column})" not in used[index]] == []
    if index != "gram_stands_once":  # the few that a search finds are sorted after it
        assert [node["Node Type"] for node in found if "Sort" in node["Node Type"]] == []
