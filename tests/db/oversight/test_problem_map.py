"""Weak links: what the triggers keep is what a GROUP BY gives; a quarter is published once, without small cells."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import F, Sum

from audits.models import Finding
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from inspections.models import CharacteristicResult, Lot
from oversight.categories import CHARACTERISTICS, SECTIONS, of_characteristic, of_section
from oversight.models import WeakLinkCell, WeakLinkCut, WeakLinkFigure, WeakLinkFirm, WeakLinkNote
from oversight.selectors.problem_map import cell_over_time, figure_of, figures_in, published_quarters
from oversight.services.problem_map import fold_looks, next_quarter, note_cell, publish_due_quarters, publish_quarter, quarter_of
from tests.agreed import NOW
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
AUTUMN = date(2025, 7, 1)
LATER = datetime(2025, 10, 20, 9, tzinfo=SHANGHAI)

# The same counts the long way: every result that counts, by firm, then by cell.
BY_GROUP = """
select period_on, category, region, town, node, count(*) as firms,
  count(*) filter (where worst = 1), count(*) filter (where worst = 2), count(*) filter (where worst = 3)
from (
  select weak_link_quarter(r.made_on) as period_on, k.category, coalesce(o.region_id, '') as region, coalesce(o.town_id, '') as town,
    coalesce(o.node_codes[1], '') as node, r.supplier_org_id,
    max(case when r.verdict = 'in' then 0 when k.category = 'safety' then 3 else 2 end) as worst
  from inspections_characteristicresult r join parties_organisation o on o.id = r.supplier_org_id
  cross join lateral (select weak_link_of_characteristic(r.characteristic_code) as category) k
  where r.replaced_by is null and r.verdict in ('in', 'out')
  group by 1, 2, 3, 4, 5, 6
) firms group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""
KEPT = """
select period_on, category, region_code, town_code, node_code, sum(firms), sum(minor), sum(major), sum(critical)
from oversight_weaklinkcell group by 1, 2, 3, 4, 5 having sum(firms) <> 0 order by 1, 2, 3, 4, 5
"""

FROM_FIRMS = """
select period_on, category, region_code, town_code, node_code, count(*), count(*) filter (where critical = 0 and major = 0 and minor > 0),
  count(*) filter (where critical = 0 and major > 0), count(*) filter (where critical > 0)
from oversight_weaklinkfirm where looks > 0 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""
# A story's published quarter is made of cells alone.
NOT_OF_FIRMS = KEPT.replace("group by", "where period_on < '2025-01-01' group by")


def asked(sql: str) -> list[tuple]:
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        fold_looks()
        cursor.execute(sql)
        return cursor.fetchall()


def a_result(lot: Lot, code: str, verdict: str, **more: object) -> CharacteristicResult:
    facts: dict[str, object] = {
        "owner_org_id": lot.owner_org_id, "made_on": lot.made_on, "product_code": lot.product_code, "characteristic_code": code, "edition_code": "", "unit": "", "readings": [70],
        "decimals": 1, "measured_at": NOW, "received_at": NOW, "origin": "self", "entered_via": "web", "verdict": verdict,
        "said_key": uuid4(), "said": uuid4(), **more,
    }  # fmt: skip
    return CharacteristicResult(lot=lot, supplier_org_id=lot.supplier_org_id, org_id=lot.supplier_org_id, **facts)


def test_the_database_calls_every_weak_link_by_the_name_of_the_list() -> None:
    codes = [*CHARACTERISTICS, "OWN-01", ""]
    sections = [*SECTIONS, "P6", ""]
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute("select weak_link_of_characteristic(c) from unnest(%s::text[]) with ordinality u (c, n) order by n", [codes])
        assert [row[0] for row in cursor.fetchall()] == [of_characteristic(code) for code in codes]
        cursor.execute("select weak_link_of_section(c) from unnest(%s::text[]) with ordinality u (c, n) order by n", [sections])
        assert [row[0] for row in cursor.fetchall()] == [of_section(code) for code in sections]


def test_counts_are_those_of_a_group_by_after_any_filing_and_correction() -> None:
    rng = random.Random(8)
    lots = [
        a_lot(f"W-{n}", made_on=NOW.date() - timedelta(days=92 * (n % 3) + 1), supplier=maker, now=NOW)
        for n, maker in enumerate(["lin"] * 5 + ["wu"] * 3)
    ]
    standing: list[tuple[str, CharacteristicResult]] = []
    for _ in range(25):
        lot = rng.choice(lots)
        maker = "lin" if lot.supplier_org_id == actor("lin").org_id else "wu"
        codes = rng.choices(["PH", "CF-RUB", "DIM", "UNKNOWN"], k=rng.randint(1, 5))
        rows = [a_result(lot, code, rng.choice(["in", "in", "out", "unclear", "not_judged"])) for code in codes]
        with as_actor(actor(maker)):
            CharacteristicResult.objects.bulk_create(rows)
        standing += [(maker, row) for row in rows]
        if rng.random() < 0.6:
            author, wrong = standing.pop(rng.randrange(len(standing)))
            lot = next(each for each in lots if each.pk == wrong.lot_id)
            right = a_result(lot, wrong.characteristic_code, rng.choice(["in", "out"]), corrects_id=wrong.pk)
            with as_actor(actor(author)):
                right.save(force_insert=True)
            with acting_as(Hat.CLOCK):
                CharacteristicResult.objects.filter(pk=wrong.pk).update(replaced_by=right.pk)
            standing.append((author, right))
    kept = asked(KEPT)
    assert kept == asked(BY_GROUP)
    assert len(kept) > 8


def cells(period_on: date, category: str, *rows: tuple[str, str, str, int, int]) -> None:
    """(region, town, node, firms, majors) as the triggers would have added them."""
    with acting_as(Hat.CLOCK):
        WeakLinkCell.objects.bulk_create(
            WeakLinkCell(
                period_on=period_on,
                category=category,
                region_code=region,
                town_code=town,
                node_code=node,
                firms=firms,
                minor=0,
                major=major,
                critical=0,
            )
            for region, town, node, firms, major in rows
        )


def a_quarter(period_on: date = AUTUMN) -> None:
    """Three dyers of Yinzhou are too few, and so are two of Gaoqiao; every other cell has its five."""
    rows = [("330203", "330203009", "dyeing", 20, 4), ("330203", "330203009", "dyeing", 3, 1), ("330203", "330203100", "dyeing", 2, 2)]
    rows += [("330203", "330203009", "knitting", 9, 1), ("330203", "330203101", "dyeing", 6, 0), ("330203", "330203102", "knitting", 11, 2)]
    rows += [("330212", "", "dyeing", 3, 3), ("330212", "", "knitting", 30, 2), ("330212", "", "garment", 8, 1)]
    rows += [
        ("330225", "", "dyeing", 12, 5),
        ("330225", "", "garment", 7, 1),
        ("330205", "", "dyeing", 9, 1),
        ("330205", "", "garment", 14, 2),
    ]
    cells(period_on, "colour", *rows)


def test_a_quarter_is_published_once_and_holds_no_number_of_a_small_cell() -> None:
    a_quarter()
    assert publish_due_quarters(LATER) == 1
    with as_actor(actor("zhou")):
        shown = figures_in(
            actor("zhou"), period_on=AUTUMN, category="colour", places=["330200", "330203", "330212", "330225", "330203009", "330203100"]
        )
        whole = shown["330200", "*"]
        assert (whole.firms, whole.major, whole.share) == (134, 25, round(10_000 * 25 * 0.6 / 134))
        assert [row.published_at for row in published_quarters(actor("zhou"))] == [LATER]
        small = shown["330212", "dyeing"]
        assert small.is_hidden is True
        assert {small.firms, small.minor, small.major, small.critical, small.share, small.lower, small.upper, small.shrunken} == {None}
        assert shown["330212", "garment"].is_hidden is True  # else the row's total would give the three dyers away
        assert ("330225", "knitting") not in shown
    a_quarter()
    assert publish_due_quarters(LATER + timedelta(days=3)) == 0
    with as_actor(actor("zhou")):
        assert figure_of(actor("zhou"), period_on=AUTUMN, category="colour", place="330200", node="*") == whole


def test_two_clocks_publish_a_quarter_once(monkeypatch: pytest.MonkeyPatch) -> None:
    a_quarter()

    def the_other_was_first() -> int:
        """What a worker finds when the fold that it waited for has ended."""
        WeakLinkCut.objects.create(period_on=AUTUMN, published_at=LATER, method="weak-link-1")
        return 0

    monkeypatch.setattr("oversight.services.problem_map.fold_looks", the_other_was_first)
    assert publish_quarter(period_on=AUTUMN, now=LATER) is False
    with acting_as(Hat.CLOCK):
        assert (WeakLinkCut.objects.filter(pk=AUTUMN).count(), WeakLinkFigure.objects.filter(cut_id=AUTUMN).count()) == (1, 0)


def test_a_quarter_waits_ten_days_for_what_is_filed_late() -> None:
    a_quarter()
    assert publish_due_quarters(datetime(2025, 10, 10, 9, tzinfo=SHANGHAI)) == 0
    assert publish_due_quarters(datetime(2025, 10, 11, 9, tzinfo=SHANGHAI)) == 1
    assert (quarter_of(date(2025, 12, 31)), next_quarter(date(2025, 10, 1))) == (date(2025, 10, 1), date(2026, 1, 1))


def test_publishing_folds_the_rows_of_a_cell_and_leaves_its_counts() -> None:
    a_quarter()
    before = asked(KEPT)
    assert publish_quarter(period_on=AUTUMN, now=LATER) is True
    with acting_as(Hat.CLOCK):
        assert (asked(KEPT), WeakLinkCell.objects.filter(period_on=AUTUMN).count()) == (before, 12)


def test_what_was_published_cannot_be_changed_and_running_counts_are_nobodys_to_read() -> None:
    a_quarter()
    publish_due_quarters(LATER)
    for who in ("zhou", "chen", "lin", "mei", "pan"):
        with pytest.raises(ProgrammingError), as_actor(actor(who)), transaction.atomic():
            WeakLinkCell.objects.count()
    for who in ("chen", "lin", "mei"):
        with pytest.raises(ProgrammingError), as_actor(actor(who)), transaction.atomic():
            WeakLinkFigure.objects.count()
    with pytest.raises(ProgrammingError), as_actor(actor("zhou")), transaction.atomic():
        WeakLinkFigure.objects.update(firms=99)
    with acting_as(Hat.CLOCK):
        assert WeakLinkCut.objects.count() == 1


def test_the_bureau_says_once_why_a_cell_is_no_problem() -> None:
    a_quarter()
    publish_due_quarters(LATER)
    zhou, key = actor("zhou"), UUID(int=5)
    with as_actor(zhou):
        cell = figure_of(zhou, period_on=AUTUMN, category="colour", place="330225", node="dyeing")
        for _ in range(2):
            note_cell(actor=zhou, figure=cell, words=" 两家在换染料，已在复检 ", client_id=key, now=LATER)
        with pytest.raises(RuleBroken, match="cell_note_empty"):
            note_cell(actor=zhou, figure=cell, words="  ", client_id=uuid4(), now=LATER)
        assert [(note.words, note.noted_by) for note in WeakLinkNote.objects.all()] == [("两家在换染料，已在复检", zhou.person_name)]
        assert [row.cut_id for row in cell_over_time(zhou, category="colour", place="330225", node="dyeing")] == [AUTUMN]


def test_a_note_that_is_sent_twice_at_once_is_kept_once() -> None:
    a_quarter()
    publish_due_quarters(LATER)
    zhou, key = actor("zhou"), UUID(int=6)
    with as_actor(zhou):
        cell = figure_of(zhou, period_on=AUTUMN, category="colour", place="330225", node="dyeing")

        class Meanwhile(str):
            __slots__ = ()

            def strip(self, chars: str | None = None) -> str:
                """The other request lands between the look for an earlier note and the writing of this one."""
                note_cell(actor=zhou, figure=cell, words="已在复检", client_id=key, now=LATER)
                return "已在复检"

        note = note_cell(actor=zhou, figure=cell, words=Meanwhile("已在复检"), client_id=key, now=LATER)
        assert [(each.pk, each.words) for each in WeakLinkNote.objects.all()] == [(note.pk, "已在复检")]


def weak_links_of(org_id: UUID) -> dict[str, tuple[int, int]]:
    """category -> (looks, nonconformities of any severity) of a firm, over all quarters."""
    with acting_as(Hat.CLOCK):
        fold_looks()
        rows = WeakLinkFirm.objects.filter(supplier_org_id=org_id).order_by("category")
        summed = rows.values_list("category").annotate(n=Sum("looks"), out=Sum(F("minor") + F("major") + F("critical")))
        return {category: (looks, out) for category, looks, out in summed}


def test_what_a_finding_says_counts_until_it_is_contested_or_withdrawn(told: dict) -> None:
    story, lin = told["chen", "lin"], actor("lin").org_id
    before = weak_links_of(lin)
    assert before["process"][1] > 0
    with acting_as(Hat.CLOCK):
        Finding.objects.filter(pk=story.ids["finding_id"]).update(state="contested")
        contested = weak_links_of(lin)
        Finding.objects.filter(pk=story.ids["finding_id"]).update(state="closed")
    assert {category: before[category] for category in before if before[category] != contested.get(category)} != {}
    assert sum(out for _looks, out in before.values()) - sum(out for _looks, out in contested.values()) == 1
    assert weak_links_of(lin) == before


def test_the_cells_of_a_whole_world_are_those_of_its_firms(told: dict) -> None:
    assert (asked(KEPT), len(asked(KEPT)) > 5) == (sorted(asked(FROM_FIRMS) + asked(NOT_OF_FIRMS)), True)
