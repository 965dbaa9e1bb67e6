"""What was filed is looked at: signals are raised once, withdrawn when they no longer stand, and shown to the supplier first."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import ProgrammingError, transaction

from foundation.actor import Hat, acting_as, as_actor
from inspections import tasks_signals as tasks
from inspections.models import CharacteristicResult, Signal, WatchedSeries
from inspections.selectors.series import key_of, series_of
from inspections.series import chart_of
from inspections.services import watching
from inspections.services.changes import mark_change
from inspections.services.signals_kept import show_owners
from inspections.services.watching import ask_for_the_night, watch_all, watch_due
from jobs.models import OutboxEvent
from notices.models import Notification, Todo
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.lots import a_lot
from tests.results import filed, ph
from tests.series import many_lots, results_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=25)


def quiet(lots: int, *, seed: int = 4, spread: float = 60) -> np.ndarray:
    """Readings of a series in which nothing changes, in hundredths of a tex; this seed gives no signal."""
    rng = np.random.default_rng(seed)
    return np.rint(3850 + rng.normal(0, 20, (lots, 1)) + rng.normal(0, spread, (lots, 5))).astype(int)


def seen_by(who: str) -> list[tuple[str, str]]:
    with as_actor(actor(who)):
        rows = Signal.objects.visible_to(actor(who)).filter(withdrawn_at=None).order_by("kind", "lot_no")
        return list(rows.values_list("kind", "lot_no"))


def everything() -> list[tuple]:
    with acting_as(Hat.CLOCK):
        return list(Signal.objects.order_by("pk").values_list())


def shifted() -> np.ndarray:
    readings = quiet(40)
    readings[31] += 400
    return readings


def test_quiet_series_stay_quiet_and_know_how_many_lots_they_lack():
    lots = many_lots(24)
    results_of(lots, quiet(24))
    assert watch_due(now=NOW) == 1
    assert seen_by("lin") == []
    with as_actor(actor("lin")):
        row = WatchedSeries.objects.get()
    assert (row.is_due, row.lots, row.missing, row.newest) == (False, 24, 1, lots[-1].made_on)


def test_a_lot_out_of_the_limits_is_a_signal_to_its_maker_first_and_to_its_customer_a_day_later():
    results_of(many_lots(40), shifted())
    watch_due(now=NOW)
    assert ("beyond", "S-031") in seen_by("lin")
    assert [seen_by(who) for who in ("chen", "fang", "wu")] == [[], [], []]
    with acting_as(Hat.CLOCK):
        assert show_owners(now=NOW + timedelta(hours=23)) == 0
        shown = show_owners(now=LATER)
    assert shown == len(seen_by("lin"))
    assert seen_by("chen") == seen_by("lin")
    assert [seen_by(who) for who in ("fang", "wu")] == [[], []]


def test_signals_are_those_of_the_chart_that_the_page_draws():
    lots = many_lots(60, first=NOW.date() - timedelta(days=200))
    readings = quiet(60, seed=11)
    readings[40:] += 90
    results_of(lots, readings)
    watch_due(now=NOW)
    with as_actor(actor("lin")):
        row = WatchedSeries.objects.get()
        series = series_of(actor("lin"), key_of(row))
        chart = chart_of(series)
        kept = {kind: set(Signal.objects.filter(kind=kind).values_list("lot_no", flat=True)) for kind in ("beyond", "ewma")}
        value = Signal.objects.filter(kind="ewma").earliest("lot_no")
    assert kept["beyond"] == {series.lot_nos[at] for at in np.flatnonzero(chart.beyond)}
    begins = np.flatnonzero(chart.moved & ~np.r_[False, chart.moved[:-1]])
    assert kept["ewma"] == {series.lot_nos[at] for at in begins}
    assert len(kept["ewma"]) >= 1
    assert value.facts["value"] == f"{chart.average[begins[0]]:.5g}"
    assert (value.harm, value.rank) == (2, 2 * value.certainty)


def test_looking_again_by_night_and_by_day_changes_nothing():
    results_of(many_lots(40), shifted())
    watch_due(now=NOW)
    before = everything()
    assert before
    with acting_as(Hat.CLOCK):
        WatchedSeries.objects.update(is_due=True)
    assert watch_due(now=NOW) == 1
    assert watch_all(now=NOW, day=NOW.date()) == 1
    assert watch_all(now=NOW, day=NOW.date()) == 0  # done this night
    assert everything() == before


def test_a_correction_withdraws_what_no_longer_stands_and_keeps_it():
    lots, readings = many_lots(40), shifted()
    rows = results_of(lots, readings)
    watch_due(now=NOW)
    right = results_of([lots[31]], [quiet(40)[31]], corrects_id=rows[31].pk)[0]
    with acting_as(Hat.CLOCK):
        CharacteristicResult.objects.filter(pk=rows[31].pk).update(replaced_by=right.pk)
    watch_due(now=LATER)
    assert seen_by("lin") == []
    with as_actor(actor("lin")):
        row = Signal.objects.get(kind="beyond", lot_no="S-031")
        assert (row.withdrawn_why, row.withdrawn_at) == ("corrected", LATER)
        assert not Todo.objects.filter(kind="signals_to_look_at", done_at=None).exists()


def test_limits_begin_anew_at_a_change_point_and_what_they_flagged_is_withdrawn_with_that_reason():
    lots, readings = many_lots(40), quiet(40)
    readings[30:] += 300
    results_of(lots, readings)
    watch_due(now=NOW)
    assert ("ewma", "S-030") in seen_by("lin")
    with as_actor(actor("lin")):
        mark_change(actor=actor("lin"), lot_id=lots[30].pk, characteristic="YRN-CNT", cause="machine", now=LATER)
    watch_due(now=LATER)
    with as_actor(actor("lin")):
        assert set(Signal.objects.values_list("withdrawn_why", flat=True)) == {"new_baseline"}
        assert WatchedSeries.objects.get().missing == 15


def test_a_reading_out_of_limits_is_told_to_both_sides_at_once_whatever_the_kind_of_result():
    lots = many_lots(3)
    results_of(
        lots[:2], [[25], [20]], characteristic_code="FOR", edition_code="GB/T 2912.1-2009", unit="mg/kg", decimals=0, qualifiers=["<"]
    )
    results_of(
        lots[2:],
        [[88, 91]],
        characteristic_code="FOR",
        edition_code="GB/T 2912.1-2009",
        unit="mg/kg",
        decimals=0,
        verdict="out",
        out_count=2,
    )
    watch_due(now=NOW)
    assert seen_by("lin") == seen_by("chen") == [("out_of_limits", "S-002")]
    for who in ("lin", "chen"):
        with as_actor(actor(who)):
            row = Signal.objects.get()
            assert (row.facts, row.harm, row.certainty, row.rank) == ({"out": 2}, 4, 3, 12)
            told = Notification.objects.get(kind="reading_out_of_limits")
            assert (told.subject_id, told.facts["number"]) == (row.pk, "S-002")
            assert Todo.objects.get(kind="signals_to_look_at").facts["other_zh"] == "1"


def test_copied_readings_are_asked_of_the_firm_alone():
    readings = quiet(30, spread=90)
    readings[20] = readings[7][::-1]
    results_of(many_lots(30), readings)
    watch_due(now=NOW)
    assert ("repeated", "S-020") in seen_by("lin")
    with as_actor(actor("lin")):
        assert Signal.objects.get(kind="repeated").facts["other"] == "S-007"
    with acting_as(Hat.CLOCK):
        show_owners(now=LATER)
    assert "repeated" not in [kind for kind, _lot in seen_by("chen")]
    with acting_as(Hat.CLOCK):
        show_owners(now=NOW + timedelta(days=8))
    assert ("repeated", "S-020") in seen_by("chen")


def test_what_the_supplier_keeps_to_itself_raises_signals_for_it_alone():
    results_of(many_lots(40), shifted(), shown=False)
    watch_due(now=NOW)
    assert ("beyond", "S-031") in seen_by("lin")
    with acting_as(Hat.CLOCK):
        assert show_owners(now=LATER) == 0
    assert seen_by("chen") == []


def test_colours_that_all_pass_may_differ_from_each_other():
    lots = many_lots(26)
    drift = [[5000, 200, round(1000 + 12 * n)] * 2 for n in range(26)]
    results_of(lots, drift, characteristic_code="COL-DE", edition_code="GB/T 8424.3", unit="ΔE CMC(2:1)", width=3)
    results_of(many_lots(26, mark="T", colour="藏青"), [[2000, 200, -900] * 2] * 26, characteristic_code="COL-DE", edition_code="GB/T 8424.3", unit="ΔE CMC(2:1)", width=3)  # fmt: skip
    watch_due(now=NOW)
    assert seen_by("lin") == [("drift_b", "S-025")]  # no agreement: no limit on two lots


def test_nobody_raises_or_rewrites_a_signal_by_hand():
    results_of(many_lots(40), shifted())
    watch_due(now=NOW)
    before = everything()
    for who in ("lin", "chen"):
        with pytest.raises(ProgrammingError), as_actor(actor(who)), transaction.atomic():
            Signal.objects.update(rank=1)
    with pytest.raises(ProgrammingError), as_actor(actor("lin")), transaction.atomic():
        Signal.objects.create(supplier_org_id=actor("lin").org_id, kind="beyond", facts={}, harm=1, certainty=1, rank=1, found_at=NOW)
    assert everything() == before


def test_two_filings_of_one_day_stand_in_the_order_of_their_lot_numbers():
    lots = many_lots(40)
    readings = shifted()
    results_of(lots[:31] + lots[32:], np.delete(readings, 31, axis=0))
    late = many_lots(1, mark="R", first=lots[31].made_on)[0]
    results_of([late, lots[31]], [readings[31], quiet(40)[31]])
    watch_due(now=NOW)
    assert ("beyond", "R-000") in seen_by("lin")


def test_a_night_that_was_killed_goes_on_behind_its_last_block(monkeypatch):
    for maker in ("lin", "wu"):
        results_of(many_lots(40, supplier=maker), shifted(), by=maker)
    monkeypatch.setattr(watching, "NIGHT_ROWS", 1)  # a block for each supplier
    kept, calls = watching.keep_signals, []

    def killed(signals, *, now):
        calls.append(signals)
        if len(calls) == 2:
            raise KeyboardInterrupt
        kept(signals, now=now)

    monkeypatch.setattr(watching, "keep_signals", killed)
    with pytest.raises(KeyboardInterrupt):
        watch_all(now=NOW, day=NOW.date())
    half = everything()
    assert half
    monkeypatch.setattr(watching, "keep_signals", kept)
    assert watch_all(now=NOW, day=NOW.date()) == 1  # the series of the second block alone
    whole = everything()
    assert len(whole) == 2 * len(half)
    assert [row for row in whole if row in half] == half
    assert watch_all(now=LATER, day=LATER.date()) == 2
    assert everything() == whole


def test_the_night_is_asked_for_once_a_day_after_one_o_clock():
    early, late = NOW.replace(hour=0, minute=50), NOW.replace(hour=1, minute=10)
    with acting_as(Hat.CLOCK):
        assert [ask_for_the_night(now=each) for each in (early, late, late + timedelta(hours=3))] == [False, True, True]
        assert list(OutboxEvent.objects.filter(task="inspections.watch_all").values_list("key", flat=True)) == ["watch-all:2026-03-02"]


def test_what_is_filed_asks_for_a_look_once_it_is_committed():
    in_force(template="garment-2")
    filed(a_lot(), ph("9.4"))
    with acting_as(Hat.CLOCK):
        event = OutboxEvent.objects.get(task="inspections.watch")
    assert tasks.watch_once(key=event.key) is True
    assert tasks.watch_once(key=event.key) is False
    assert seen_by("chen") == seen_by("lin") == [("out_of_limits", "YZ2603-001")]


def test_copied_readings_in_four_lots_running_are_a_spread_too_small():
    readings = quiet(40)
    readings[30:36] = np.rint(
        readings[30:36].mean(axis=1, keepdims=True) + (readings[30:36] - readings[30:36].mean(axis=1, keepdims=True)) * 0.08
    )
    results_of(many_lots(40), readings)
    watch_due(now=NOW)
    assert [lot for kind, lot in seen_by("lin") if kind == "even"] == ["S-033"]
    with as_actor(actor("lin")):
        assert Signal.objects.get(kind="even").certainty == 3


def test_own_tests_that_differ_from_a_laboratorys_on_the_same_lots_are_a_signal_of_the_own_series():
    lots, readings = many_lots(20), quiet(20)
    results_of(lots, readings)
    results_of(lots, readings + 60 + quiet(20, seed=8) - 3850, origin="customer", by="chen")
    watch_due(now=NOW)
    with as_actor(actor("lin")):
        row = Signal.objects.select_related("series").get(kind="own_bias")
    assert (row.facts["others"], row.facts["n"], row.lot_id, row.series.origin) == ("customer", 20, None, "self")
    assert float(row.facts["low"]) < float(row.facts["mean"]) < float(row.facts["high"]) < 0
