"""The platform's firms on the chain map: what the page reads equals what a GROUP BY counts, whatever changes and whether or not it is added up."""

from datetime import date, datetime
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from agreements.models import Agreement
from foundation.actor import CLOCK, Hat, acting_as, as_actor
from oversight.models import ChainFirm, ChainImport, ChainStat, ChainSum, ChainTouch
from oversight.selectors.chain_map import Source, counted, platform_now
from oversight.services.chain_map import tick
from parties.models import Organisation
from suppliers.models import Paper
from tests.cast import BY_NAME, actor
from tests.db.oversight.rows import NOW, SHANGHAI, TODAY, agreement, days

pytestmark = pytest.mark.django_db
ZHOU = actor("zhou")
CITY, HAISHU = "330200", "330203"
COUNTED = """
with firm as (
  select o.id, coalesce(o.region_id, '') as region, coalesce(o.town_id, '') as town, coalesce(r.parent_id, '') as city, o.node_codes, o.size, o.above_scale,
    exists (select 1 from suppliers_paper p where p.org_id = o.id and p.kind = 'certificate' and p.retired_at is null and p.state <> 'rejected'
            and coalesce(p.expires_on, 'infinity') >= %(today)s) as certified,
    exists (select 1 from agreements_agreement a where o.id in (a.owner_org_id, a.supplier_org_id) and a.state in ('signed', 'in_force', 'suspended')) as signed
  from parties_organisation o left join parties_region r on r.code = o.region_id where o.state <> 'closed' and o.node_codes <> '{}'
)
select place.parent, place.code, step.node, size, count(*), sum(above_scale::int), sum(certified::int), sum(signed::int)
from firm cross join lateral (select city as parent, region as code union all select region, town where town <> '') place
cross join lateral (select '' as node union all select distinct unnest(node_codes)) step
group by 1, 2, 3, 4
"""


def grouped(today=TODAY):
    """(parent, place, node, size) -> (firms, above scale, certified, signed), as the clock, who sees every row."""
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute(COUNTED, {"today": today})
        return {tuple(row[:4]): tuple(row[4:]) for row in cursor.fetchall()}


def kept():
    with as_actor(ZHOU):
        return {(line.parent, line.place, line.node, line.size): parts(line.counts) for line in platform_now(ZHOU).lines}


def parts(counts):
    return counts.firms, counts.above_scale, counts.certified, counts.signed


def waiting():
    """How many statements the clock has not added up yet."""
    with as_actor(CLOCK):
        return ChainTouch.objects.count()


def haishu():
    """Firms, above scale, certified and signed of the district, over all sizes."""
    return tuple(sum(column) for column in zip(*(n for key, n in kept().items() if key[:3] == (CITY, HAISHU, "")), strict=True))


def certificate(who, expires_on, **more):
    firm = BY_NAME[who].org_id
    with acting_as(Hat.SUPPLIER, org_id=firm):
        return Paper.objects.create(
            org_id=firm,
            kind="certificate",
            standard="iso_9001",
            evidence_id=uuid4(),
            issued_on=days(-300),
            expires_on=expires_on,
            filed_at=NOW,
            **more,
        )


def at(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def test_firms_of_the_template_are_counted_once_at_each_place_and_node_added_up_or_not():
    assert waiting() > 0
    before = kept()
    assert before == grouped()
    assert haishu()[0] == 8

    tick(at(TODAY))

    assert (waiting(), kept()) == (0, before)
    with as_actor(CLOCK):
        assert (
            ChainFirm.objects.exclude(node_codes=[]).count() == Organisation.objects.exclude(node_codes=[]).exclude(state="closed").count()
        )


def test_signing_filing_and_closing_are_counted_as_they_happen():
    tick(at(TODAY))
    assert waiting() == 0
    agreement("chen", "lin", "A-1")
    withdrawn = agreement("chen", "wu", "A-2", state="signing")
    certificate("lin", days(40))
    running = certificate("wu", days(5))
    certificate("wu", None)
    assert kept() == grouped()
    assert haishu()[2:] == (2, 2)

    with acting_as(Hat.OWNER, org_id=BY_NAME["chen"].org_id):
        Agreement.objects.filter(pk=withdrawn.pk).update(state="signed")
    with acting_as(Hat.SUPPLIER, org_id=BY_NAME["wu"].org_id):
        Paper.objects.filter(pk=running.pk).update(retired_at=NOW)
    with acting_as(Hat.PLATFORM, org_id=BY_NAME["pan"].org_id):
        Organisation.objects.filter(pk=BY_NAME["lin"].org_id).update(state="closed")
    assert kept() == grouped()
    assert haishu()[0] == 7
    assert haishu()[2:] == (1, 2)
    tick(at(TODAY))
    assert (waiting(), kept()) == (0, grouped())


def test_what_counts_for_nothing_is_not_noted():
    withdrawn = agreement("chen", "wu", "A-2", state="signing")
    before = waiting()

    with acting_as(Hat.OWNER, org_id=BY_NAME["chen"].org_id):
        Agreement.objects.filter(pk=withdrawn.pk).update(sent_at=NOW)
    with acting_as(Hat.PLATFORM, org_id=BY_NAME["pan"].org_id):
        Organisation.objects.filter(pk=BY_NAME["lin"].org_id).update(state="suspended")

    assert waiting() == before


def test_two_verbs_of_one_cell_never_wait_for_each_other_nor_for_the_clock(servers):
    close = "update parties_organisation set state = 'closed' where id = %s"
    with acting_as(Hat.PLATFORM, org_id=BY_NAME["pan"].org_id), connection.cursor() as cursor:
        cursor.execute(close, [BY_NAME["lin"].org_id])
    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.postgres.superuser_url(name), port=5432) as other:  # all stand in Haishu, at all nodes, of no size
        other.execute("set lock_timeout = '1s'")
        assert other.execute(close, [BY_NAME["wu"].org_id]).rowcount == 1
        tick(at(TODAY))  # adds up the first, which is its own, while the second is not committed
        assert other.execute(close, [BY_NAME["fang"].org_id]).rowcount == 1
        other.rollback()
    assert kept() == grouped()


def test_a_certificate_counts_until_its_last_day_is_over():
    tick(at(TODAY))
    certificate("lin", days(3))
    tick(at(days(3)))
    assert haishu()[2] == 1

    tick(at(days(4)))
    tick(at(days(4)))

    assert haishu()[2] == 0
    assert kept() == grouped(days(4))
    tick(at(TODAY))  # a clock that goes back takes no day away
    assert haishu()[2] == 0


def test_an_ended_quarter_is_kept_once_and_soon():
    tick(at(date(2026, 7, 20)))
    with as_actor(ZHOU):
        assert ChainImport.objects.count() == 0

    tick(at(date(2026, 10, 2)))
    tick(at(date(2026, 10, 3)))

    with as_actor(ZHOU):
        batches = {batch.parent_code: batch for batch in ChainImport.objects.all()}
        assert {code: (batch.origin, batch.quarter, batch.as_of, batch.firms) for code, batch in batches.items()} == {
            CITY: ("platform", "2026Q3", date(2026, 9, 30), 8), HAISHU: ("platform", "2026Q3", date(2026, 9, 30), 8),
        }  # fmt: skip
        source = Source("platform", "2026Q3", tuple(batches.values()), None)
        assert sorted(map(str, counted(ZHOU, source, [CITY, HAISHU]))) == sorted(map(str, platform_now(ZHOU).under([CITY, HAISHU])))


@pytest.mark.parametrize("who", ["chen", "lin", "mei", "an"])
def test_a_firm_reads_no_count_and_no_statistic(who):
    with as_actor(actor(who)):
        for model in (ChainSum, ChainImport, ChainStat, ChainFirm, ChainTouch):
            assert not model.objects.visible_to(actor(who)).exists()
            with pytest.raises(ProgrammingError), transaction.atomic():
                model.objects.exists()
        for statement in ("select chain_unfolded()", "select chain_fold('2026-01-01')", "select * from chain_changes('{}')"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
