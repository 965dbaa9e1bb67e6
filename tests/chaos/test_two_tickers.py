"""Two real ticker processes over committed data: one is stopped for three days, one has a clock that jumps. Every audit
exists exactly once, and none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from agreements.models import Obligation
from audits.models import Audit
from audits.schedule import Rhythm, dates_of
from foundation.actor import Hat, acting_as
from jobs.models import OutboxEvent
from parties.selectors import working_calendar
from records.models import RecordEntry
from tests.db.audits.stage import FREQUENCY, STARTS, agreement_in_force, moment

pytestmark = pytest.mark.chaos
ROOT = Path(__file__).resolve().parent.parent.parent
DAILY = {**FREQUENCY, "every_months": 0, "every_days": 1, "notice_days": 2}
DAYS = 12


class Ticker:
    """A process of the product that ticks at the moments it is told."""

    def __init__(self) -> None:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "qcchain.settings.test"}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "tick", "--follow"], cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.waiting = 0

    def send(self, at: datetime) -> None:
        """Ask for a tick and do not wait."""
        self.process.stdin.write(f"{at.isoformat()}\n")
        self.process.stdin.flush()
        self.waiting += 1

    def heard(self) -> list[int]:
        """How many audits each asked tick made."""
        made = [int(self.process.stdout.readline().split()[-1]) for _ in range(self.waiting)]
        self.waiting = 0
        return made

    def tick(self, at: datetime) -> int:
        self.send(at)
        return self.heard()[-1]

    def end(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture
def tickers(fresh_database):
    with transaction.atomic():
        for number in range(8):
            agreement_in_force("chen", "lin" if number % 2 else "wu", frequency=DAILY, number=f"C-{number}")
    both = Ticker(), Ticker()
    yield both
    for ticker in both:
        ticker.end()


def wanted(upto: datetime) -> int:
    """How many periods of one programme have had their notice day."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        worked = working_calendar()
    rhythm = Rhythm(STARTS, 0, 1, DAILY["notice_days"])
    return sum(dates_of(rhythm, period, worked).notice_on <= upto.date() for period in range(60))


def test_every_audit_exists_exactly_once_and_none_is_lost(tickers):
    steady, jumpy = tickers
    start, hour = moment(STARTS, 0, 30), timedelta(hours=1)
    made = 0
    # Both tick every six hours, at once, over and over the same moments; one clock is an hour ahead.
    for step in range(4 * 4):
        at = start + step * 6 * hour
        steady.send(at)
        jumpy.send(at + hour)
        made += sum(steady.heard()) + sum(jumpy.heard())

    # One is stopped in the middle of a tick, for three days of the other, whose clock goes an hour back in between.
    at = start + timedelta(days=4)
    steady.send(at)
    os.kill(steady.process.pid, signal.SIGSTOP)
    for step in range(3 * 4):
        made += jumpy.tick(at + step * 6 * hour + (hour if step < 6 else timedelta()))
    os.kill(steady.process.pid, signal.SIGCONT)
    made += sum(steady.heard())

    # The stopped one goes on from where it was, with moments that are past.
    for step in range(3 * 4):
        made += steady.tick(at + step * 6 * hour)
    last = start + timedelta(days=DAYS)
    made += steady.tick(last) + jumpy.tick(last - hour) + jumpy.tick(last)

    with transaction.atomic(), acting_as(Hat.CLOCK):
        rows = list(Audit.objects.values_list("programme_id", "site_id", "period"))
        duties = Obligation.objects.filter(kind="self_check").count()
        entries = RecordEntry.objects.filter(kind="audit_scheduled").count()
        told = OutboxEvent.objects.filter(task="audits.tell_of_audit").count()
    expected = wanted(last)
    assert expected > DAYS - 3
    assert Counter(Counter((programme, site) for programme, site, _ in rows).values()) == {expected: 8}
    assert len(set(rows)) == len(rows) == made == 8 * expected
    assert {period for _, _, period in rows} == set(range(expected))
    assert (duties, entries, told) == (8 * expected,) * 3


def test_a_ticker_that_dies_in_its_tick_leaves_nothing_half_made(tickers):
    doomed, survivor = tickers
    for step in range(4):
        doomed.send(moment(STARTS, 1 + step))
    os.kill(doomed.process.pid, signal.SIGKILL)
    doomed.process.wait(timeout=10)
    last = moment(STARTS, 9)

    survivor.tick(last)
    survivor.tick(last)

    with transaction.atomic(), acting_as(Hat.CLOCK):
        audits = set(Audit.objects.values_list("pk", flat=True))
        entries = set(RecordEntry.objects.filter(kind="audit_scheduled").values_list("subject_id", flat=True))
        duties = set(Obligation.objects.filter(kind="self_check").values_list("subject_id", flat=True))
    assert len(audits) == 8 * wanted(last)
    assert audits == entries == duties


def test_visits_of_a_year_are_made_once_and_announced_once_though_clocks_race_jump_and_die(fresh_database):
    every, notice = 18, 10
    rule = {**FREQUENCY, "audit": "second_party", "every_months": 0, "every_days": every, "notice_days": notice}
    with transaction.atomic():
        for number in range(10):
            agreement_in_force("chen", "lin" if number % 2 else "wu", frequency=rule, number=f"V-{number}")
    doomed, other, survivor = Ticker(), Ticker(), Ticker()
    try:
        for step in range(3):
            doomed.send(moment(STARTS, 1 + step))
            other.send(moment(STARTS, 1 + step))
        os.kill(doomed.process.pid, signal.SIGKILL)
        other.heard()
        # A clock that is two days ahead announces early, and the one that is right announces nothing of it again.
        announced = moment(STARTS + timedelta(days=every))
        for at in (announced + timedelta(days=2), announced, announced + timedelta(days=1)):
            survivor.send(at)
            other.send(at)
        survivor.heard()
        other.heard()
    finally:
        for ticker in (doomed, other, survivor):
            ticker.end()

    last = announced + timedelta(days=2)
    with transaction.atomic(), acting_as(Hat.CLOCK):
        worked = working_calendar()
        rows = list(Audit.objects.values_list("programme_id", "site_id", "period"))
        told = list(Audit.objects.exclude(state="planned").values_list("pk", flat=True))
        entries = list(RecordEntry.objects.filter(kind="audit_scheduled").values_list("subject_id", flat=True))
        duties = list(Obligation.objects.filter(kind="visit").values_list("subject_id", flat=True))
        due = Audit.objects.filter(notice_on__lte=last.date()).count()
    rhythm, ahead = Rhythm(STARTS, 0, every, notice), last.date() + timedelta(days=366)
    expected = sum(dates_of(rhythm, period, worked).notice_on <= ahead for period in range(60))
    assert len(rows) == len(set(rows)) == 10 * expected >= 200
    assert {period for _, _, period in rows} == set(range(expected))
    assert len(told) == due >= 20
    assert sorted(told) == sorted(entries) == sorted(duties)
