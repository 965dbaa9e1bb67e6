"""The clock reminds at 60, 30 and 7 days and once when the day has passed: exactly once each, by any clock."""

import threading
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction

from foundation.actor import Hat, acting_as, as_actor
from notices.models import Notification, Todo
from suppliers.models import Instrument, Paper
from suppliers.selectors.firm_lists import thing_for
from suppliers.services.firm import PaperFacts, edit_paper, retire_paper
from suppliers.services.firm_instruments import InstrumentSaid, edit_instrument
from suppliers.services.firm_reminders import remind_of_expiry
from tests.cast import actor
from tests.db.suppliers.firm_stage import certificate, in_days, instrument
from tests.db.suppliers.stage import NOW

LIN = actor("lin")


def told(who="lin"):
    with as_actor(actor(who)):
        rows = Notification.objects.visible_to(actor(who)).filter(kind__regex="^(paper|calibration)_").order_by("at", "id")
        return [(row.kind, row.facts["day"]) for row in rows]


def open_todos():
    with as_actor(LIN):
        return sorted(
            Todo.objects.visible_to(LIN).filter(done_at=None, kind__in=["paper_expiring", "calibration_due"]).values_list("kind", "due_on")
        )


def at(days: int, hour: int = 10) -> datetime:
    return NOW.replace(hour=hour) + timedelta(days=days)


def run(first: int, last: int) -> int:
    """Each day at ten."""
    return sum(remind_of_expiry(at(day)) for day in range(first, last))


@pytest.mark.django_db
def test_each_stage_is_told_once_while_the_clock_ticks_on():
    day = str(in_days(100))
    certificate(expires_on=in_days(100))

    made = run(0, 200)

    assert made == 4
    assert told() == [("paper_expiring", day)] * 3 + [("paper_lapsed", day)]
    assert open_todos() == [("paper_expiring", in_days(100))]
    assert run(0, 200) == 0


@pytest.mark.django_db
def test_a_calibration_is_told_of_like_a_certificate():
    instrument(calibration_due_on=in_days(35))

    assert run(0, 60) == 3
    assert [kind for kind, _ in told()] == ["calibration_due", "calibration_due", "calibration_lapsed"]
    with as_actor(LIN):
        facts = Notification.objects.visible_to(LIN).filter(kind="calibration_due").first().facts
    assert facts == {"day": str(in_days(35)), "other_zh": "天平 TP-100", "other_en": "Balance TP-100"}


@pytest.mark.django_db
def test_a_clock_that_jumped_says_only_the_nearest():
    certificate(expires_on=in_days(70))

    assert remind_of_expiry(at(65)) == 1
    assert told() == [("paper_expiring", str(in_days(70)))]
    assert remind_of_expiry(at(91)) == 1
    assert [kind for kind, _ in told()] == ["paper_expiring", "paper_lapsed"]
    assert run(66, 200) == 0


@pytest.mark.django_db
def test_a_clock_that_jumped_back_says_nothing_again():
    certificate(expires_on=in_days(70))
    remind_of_expiry(at(11))
    with acting_as(Hat.CLOCK):
        Paper.objects.update(remind_on=in_days(10))

    assert remind_of_expiry(at(11)) == 1
    assert len(told()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("moment", [at(11, hour=8), at(11, hour=21), at(12, hour=3)])
def test_nobody_is_told_at_night(moment):
    certificate(expires_on=in_days(70))

    assert remind_of_expiry(moment) == 0
    assert told() == []


@pytest.mark.django_db
def test_what_falls_on_a_day_off_is_told_on_the_next_worked_day():
    saturday = datetime(2026, 12, 5, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    certificate(expires_on=saturday.date() + timedelta(days=60))

    assert [remind_of_expiry(saturday + timedelta(days=n)) for n in range(3)] == [0, 0, 1]


@pytest.mark.django_db
def test_a_renewed_certificate_is_not_reminded_of_and_its_task_closes():
    old = certificate(number="OLD", expires_on=in_days(62))
    assert run(0, 10) == 1

    certificate(number="NEW", expires_on=in_days(2000), replaces=old)

    assert open_todos() == []
    assert run(10, 100) == 0


@pytest.mark.django_db
def test_a_day_that_was_mended_starts_anew():
    paper = certificate(expires_on=in_days(62))
    run(0, 10)

    with as_actor(LIN):
        edit_paper(actor=LIN, paper=thing_for(LIN, Paper, paper.pk), said=PaperFacts("certificate", expires_on=in_days(400)), now=at(10))

    assert open_todos() == []
    assert run(10, 420) == 4


@pytest.mark.django_db
def test_a_new_calibration_closes_the_task():
    row = instrument(calibration_due_on=in_days(8))
    assert run(0, 5) == 1
    assert open_todos() == [("calibration_due", in_days(8))]

    with as_actor(LIN):
        kept = thing_for(LIN, Instrument, row.pk)
        edit_instrument(actor=LIN, instrument=kept, said=InstrumentSaid("balance", "TP-100", calibration_due_on=in_days(373)), now=at(5))

    assert open_todos() == []
    assert run(5, 20) == 0


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_is_retired_rejected_or_long_gone():
    retired, rejected = certificate(number="A", expires_on=in_days(62)), certificate(number="B", expires_on=in_days(62))
    certificate(number="C", expires_on=in_days(-5))
    with as_actor(LIN):
        retire_paper(actor=LIN, paper=retired, now=NOW)
    with as_actor(actor("pan")):
        Paper.objects.filter(pk=rejected.pk).update(state="rejected")

    assert run(0, 100) == 0


@pytest.mark.django_db
def test_only_the_firm_itself_is_told():
    certificate(expires_on=in_days(62))
    run(0, 10)

    assert (len(told()), told("wu"), told("chen")) == (1, [], [])


@pytest.mark.django_db
def test_the_tick_asks_by_an_index_and_touches_nothing_when_nothing_is_due(django_assert_max_num_queries):
    certificate(expires_on=in_days(70))
    remind_of_expiry(NOW)

    with django_assert_max_num_queries(12):
        remind_of_expiry(NOW)
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select * from suppliers_paper where remind_on <= current_date and retired_at is null order by remind_on limit 500"
        )
        assert "paper_to_remind_of" in "\n".join(row[0] for row in cursor.fetchall())


def test_two_ticks_at_once_make_one_reminder(fresh_database, django_db_blocker):
    """Committed, in two connections: the second waits for the row and finds it done."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            certificate(expires_on=in_days(62))
        done, gate = [], threading.Barrier(2)

        def tick():
            try:
                with transaction.atomic():
                    gate.wait(timeout=10)
                    done.append(remind_of_expiry(at(4)))
                    time.sleep(0.3)  # the other stands before the row that this one holds
            finally:
                connections.close_all()

        threads = [threading.Thread(target=tick) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(done) == 2
        with transaction.atomic():
            assert len(told()) == 1
            assert len(open_todos()) == 1
