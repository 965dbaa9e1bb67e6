"""How a side kept its word in a period: counted by the database as the pure rule counts it, again and again the same."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from agreements import tasks
from agreements.compliance import counted, period_of, periods_to_look_at, weight_of
from agreements.models import ComplianceKept, Obligation
from agreements.selectors import state_on
from agreements.services.compliance_kept import count_kept, count_kept_tonight
from agreements.services.duty_lines import COUNT_KEPT
from agreements.services.obligations import meet, pause_duties, resume_duties
from foundation.actor import Hat, acting_as, as_actor
from jobs.models import OutboxEvent
from tests.agreed import NOW, at, in_force
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN, WU, ZHOU = actor("chen"), actor("lin"), actor("wu"), actor("zhou")
TODAY = date(2026, 7, 20)


def lived(supplier: str = "lin"):
    """An agreement with something of everything behind it."""
    agreement = in_force("chen", supplier)
    with acting_as(Hat.CLOCK):
        rows = {row.key: row for row in Obligation.objects.filter(agreement=agreement)}
        facts = {
            "share_results:0": {"met_on": date(2026, 4, 10), "met_at": NOW},
            "share_results:1": {"met_on": date(2026, 6, 1), "met_at": NOW},
            "share_results:2": {"waived_at": NOW},
            "share_results:4": {"void_at": NOW},
            "share_results:5": {"paused_on": date(2026, 7, 1)},
            "business_licence:0": {"grace_days": 200},
        }
        for key, facts_of in facts.items():
            Obligation.objects.filter(pk=rows[key].pk).update(**facts_of)
    return agreement


def rows_of(agreement) -> dict[tuple, ComplianceKept]:
    with acting_as(Hat.CLOCK):
        return {(row.side, row.period, row.starts_on): row for row in ComplianceKept.objects.filter(agreement=agreement)}


def test_the_database_counts_as_the_rule_does_and_counted_again_nothing_changes():
    agreement = lived()
    days = [date(2026, month, 1) for month in range(3, 13)]

    written = count_kept(now=at(TODAY), agreement_ids=[agreement.pk], days=days)

    kept = rows_of(agreement)
    with acting_as(Hat.CLOCK):
        duties = list(Obligation.objects.filter(agreement=agreement))
    looked = {*periods_to_look_at(TODAY), *(period_of(kind, day) for day in days for kind in ("month", "quarter", "12m"))}
    wanted = {}
    for period in looked:
        for side in ("owner", "supplier"):
            mine = [row for row in duties if row.side == side and period.holds(row.due_on)]
            if mine:
                wanted[side, period.kind, period.starts_on] = (mine, period)
    assert set(kept) == set(wanted)
    assert written == len(wanted)
    for key, (mine, period) in wanted.items():
        states = [(row, state_on(row, TODAY)) for row in mine]
        said = counted(state for _row, state in states)
        row = kept[key]
        assert (row.met, row.met_late, row.overdue, row.open, row.waived, row.void) == (
            said.met, said.met_late, said.overdue, said.open, said.waived, said.void,
        ), key  # fmt: skip
        weights = {
            state: sum(weight_of(each.due_on, period) for each, is_ in states if is_ == state) for state in ("met", "met_late", "overdue")
        }
        share = Decimal(weights["met"]) / sum(weights.values()) if said.has_data else None
        assert row.weighted == (share.quantize(Decimal("0.0001"), ROUND_HALF_UP) if share is not None else None), key
    assert count_kept(now=at(TODAY) + timedelta(hours=1), agreement_ids=[agreement.pk], days=days) == 0
    assert {key: (row.inputs_sha256, row.computed_at) for key, row in rows_of(agreement).items()} == {
        key: (row.inputs_sha256, row.computed_at) for key, row in kept.items()
    }


def test_all_agreements_are_counted_once_a_night():
    first, second = lived(), lived("wu")

    assert count_kept_tonight(at(TODAY, 0)) > 0
    assert count_kept_tonight(at(TODAY, 1)) == 0

    assert set(rows_of(first)) == set(rows_of(second)) != set()
    before = rows_of(first)["supplier", "12m", date(2025, 8, 1)]
    assert (before.met, before.overdue, before.open) == (0, 0, 1)
    count_kept_tonight(at(date(2027, 1, 4), 0))
    after = rows_of(first)["supplier", "12m", date(2026, 2, 1)]
    assert (after.overdue, after.due) == (1, 1)


def test_a_duty_that_is_met_is_counted_by_the_worker_once():
    agreement = in_force()
    with acting_as(Hat.CLOCK):
        row = Obligation.objects.get(agreement=agreement, key="business_licence:0")
    meet(clause_id=row.clause_id, side="supplier", key=row.key, now=NOW)

    with acting_as(Hat.CLOCK):
        event = OutboxEvent.objects.get(task=COUNT_KEPT)
    assert tasks.count_kept_once(key=event.key, **event.payload) is True
    assert tasks.count_kept_once(key=event.key, **event.payload) is False

    kept = rows_of(agreement)["supplier", "month", date(2026, 4, 1)]
    assert (kept.met, kept.due) == (1, 1)


def test_what_a_pause_carries_out_of_a_month_is_no_longer_counted_there():
    agreement = in_force()
    count_kept(now=at(date(2026, 3, 20)), agreement_ids=[agreement.pk], days=[date(2026, 4, 1)])
    assert rows_of(agreement)["supplier", "month", date(2026, 4, 1)].open == 1
    pause_duties(agreement=agreement, on=date(2026, 3, 23), now=at(date(2026, 3, 23)))
    resume_duties(agreement=agreement, on=date(2026, 6, 1), now=at(date(2026, 6, 1)))

    count_kept(now=at(date(2026, 6, 1)), agreement_ids=[agreement.pk], days=[date(2026, 4, 1), date(2026, 6, 15)])

    assert rows_of(agreement)["supplier", "month", date(2026, 4, 1)].open == 0
    assert rows_of(agreement)["supplier", "month", date(2026, 6, 1)].open == 1


def test_both_sides_and_the_bureau_read_counts_and_strangers_none():
    agreement = lived()
    count_kept(now=at(TODAY), agreement_ids=[agreement.pk])

    seen = {}
    for name, who in (("chen", CHEN), ("lin", LIN), ("wu", WU), ("zhou", ZHOU)):
        with as_actor(who):
            seen[name] = ComplianceKept.objects.visible_to(who).filter(agreement_id=agreement.pk).count()
    assert seen["chen"] == seen["lin"] == seen["zhou"] > 0
    assert seen["wu"] == 0
    assert agreement.number in signed_in("zhou").get("/obligations/kept/").text
    assert agreement.number in signed_in("lin").get(f"/obligations/kept/?agreement={agreement.pk}&period=12m").text
    assert signed_in("wu").get(f"/obligations/kept/?agreement={agreement.pk}").status_code == 404
    assert signed_in("lin").get("/obligations/kept/export.csv").content.count(b"\r\n") == seen["lin"] + 1
