"""The bureau's table: what each side has kept, counted from rows on a day that is given."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from agreements.compliance import counted, state_of
from agreements.models import Obligation
from foundation.actor import as_actor
from foundation.errors import Absent
from oversight.documents import agreements_table, owners_table
from oversight.filters import Asked, cursor_of, cursor_text
from oversight.selectors import agreement_for, compliance_by_owner, compliance_page
from tests.cast import BY_NAME, actor, key
from tests.db.oversight.rows import NOW, TODAY, agreement, days, owed

pytestmark = pytest.mark.django_db
ZHOU = actor("zhou")
EVERYTHING = Asked()


@pytest.fixture
def three():
    """Chen's two agreements and Fang's one, with every state an obligation can be in."""
    lin = agreement("chen", "lin", "A-1", created_at=NOW.replace(hour=9))
    wu = agreement("chen", "wu", "A-2", region_code="330206", town_code="330206001", node_codes=["dyeing"], created_at=NOW.replace(hour=10))
    home = agreement("fang", "wu", "F-1", state="signed", created_at=NOW.replace(hour=11))
    owed(lin, "supplier", days(-20), met_on=days(-21))
    owed(lin, "supplier", days(-10), met_on=days(-5))
    owed(lin, "supplier", days(-1))
    owed(lin, "supplier", days(0))
    owed(lin, "supplier", days(40))
    owed(lin, "owner", days(-6))
    owed(lin, "owner", days(-9), ended="waived")
    owed(wu, "supplier", days(-3), ended="void")
    owed(wu, "owner", days(-2), met_on=days(-2))
    return {"lin": lin, "wu": wu, "home": home}


def page(asked: Asked = EVERYTHING, **more):
    with as_actor(ZHOU):
        return compliance_page(ZHOU, asked, today=TODAY, **{"size": 25, **more})


def numbers(asked: Asked) -> list[str]:
    return [row.agreement.number for row in page(asked)[0]]


def test_each_side_is_counted_on_its_day(three):
    rows, more = page()

    assert [row.agreement.number for row in rows] == ["F-1", "A-2", "A-1"]
    assert not more
    lin = rows[2]
    assert (lin.supplier.met, lin.supplier.on_time, lin.supplier.due, lin.supplier.overdue) == (2, 1, 2, 1)
    assert (lin.owner.met, lin.owner.on_time, lin.owner.due, lin.owner.overdue) == (0, 0, 0, 1)
    assert lin.supplier.rate == 33
    assert (rows[0].owner.rate, rows[0].supplier.came_due) == (None, 0)


def test_the_database_counts_as_the_pure_rule_does(three):
    row = page()[0][2]

    with as_actor(ZHOU):
        owed_by_lin = Obligation.objects.filter(agreement=three["lin"], side="supplier")
        states = [state_of(o.due_on, o.met_on, o.waived_at is not None, o.void_at is not None, TODAY) for o in owed_by_lin]
    rule = counted(states)
    assert (rule.met, rule.met_late, rule.overdue, rule.open) == (1, 1, 1, 2)
    assert (row.supplier.on_time, row.supplier.met, row.supplier.overdue, row.supplier.due) == (1, 2, 1, 2)


def test_tomorrow_more_is_overdue_without_a_row_changing(three):
    with as_actor(ZHOU):
        rows, _more = compliance_page(ZHOU, EVERYTHING, today=days(1), size=25)

    assert (rows[2].supplier.overdue, rows[2].supplier.due) == (2, 1)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(owner=str(BY_NAME["fang"].org_id)), ["F-1"]),
        (Asked(owner=str(key("nobody here"))), []),
        (Asked(q="云杼"), ["A-1"]),
        (Asked(q="lanzhi"), ["F-1", "A-2"]),
        (Asked(region="330206"), ["A-2"]),
        (Asked(region="330203", town="330203009"), ["F-1", "A-1"]),
        (Asked(node="dyeing"), ["A-2"]),
        (Asked(state="signed"), ["F-1"]),
        (Asked(overdue="1"), ["A-1"]),
        (Asked(overdue="1", side="owner"), ["A-1"]),
        (Asked(overdue="1", owner=str(BY_NAME["fang"].org_id)), []),
    ],
)
def test_each_filter_finds_its_own(three, asked, found):
    assert numbers(asked) == found


def test_pages_follow_each_other_without_gap_or_twin(three):
    first, more = page(size=2)
    last = first[-1].agreement
    second, end = page(size=2, after=cursor_of(cursor_text(last.created_at, last.pk)))

    assert more
    assert not end
    assert [row.agreement.number for row in first + second] == ["F-1", "A-2", "A-1"]


def test_a_draft_that_was_never_sent_is_its_owners_own():
    draft = agreement("chen", "lin", "D-1", state="draft", signed_at=None)

    assert numbers(EVERYTHING) == []
    with as_actor(ZHOU), pytest.raises(Absent):
        agreement_for(ZHOU, draft.pk)


def test_chain_owners_are_rolled_up_with_their_own_side_first(three):
    with as_actor(ZHOU):
        rows = compliance_by_owner(ZHOU, EVERYTHING, today=TODAY)

    assert [(row.name_en, row.agreements) for row in rows] == [("Yantang Apparel (demo)", 2), ("Lucen Home (demo)", 1)]
    chen = rows[0]
    assert (chen.owner.met, chen.owner.on_time, chen.owner.due, chen.owner.overdue) == (1, 1, 0, 1)
    assert (chen.supplier.met, chen.supplier.on_time, chen.supplier.due, chen.supplier.overdue) == (2, 1, 2, 1)


def test_queries_do_not_grow_with_the_rows(three, django_assert_num_queries):
    with as_actor(ZHOU):
        with django_assert_num_queries(2):
            compliance_page(ZHOU, EVERYTHING, today=TODAY, size=25)
        with django_assert_num_queries(1):
            compliance_by_owner(ZHOU, EVERYTHING, today=TODAY)


def test_the_export_equals_the_table(three):
    rows, _more = page()
    with as_actor(ZHOU):
        heads, lines = agreements_table(ZHOU, EVERYTHING, today=TODAY, places={"330203": "海曙区"})

    assert len(heads) == 8 + 8
    sides = [[side.met, side.on_time, side.due, side.overdue] for row in rows for side in (row.owner, row.supplier)]
    assert [half for line in lines for half in (line[8:12], line[12:16])] == sides
    assert [line[0] for line in lines] == ["F-1", "A-2", "A-1"]
    assert lines[0][3:5] == ["海曙区", "330203009"]


def test_one_side_asked_for_is_one_side_exported(three):
    with as_actor(ZHOU):
        heads, lines = owners_table(ZHOU, replace(EVERYTHING, side="owner"), today=TODAY)

    assert len(heads) == 2 + 4
    assert lines[0][1:] == [2, 1, 1, 0, 1]


def test_what_means_nothing_in_the_address_is_left_out():
    query = QueryDict("owner=x&state=draft&side=both&town=330206001&region=330203&overdue=yes&q=%00a")

    assert Asked.of(query).as_query() == {"q": "a", "region": "330203", "overdue": "1"}
    assert cursor_of("yesterday~1") is None
