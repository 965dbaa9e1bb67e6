"""Days counted from today in Shanghai; nothing that has happened lies in the future."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from agreements.schedule import add_months
from parties.selectors import working_calendar
from parties.working_days import WorkingCalendar


@dataclass(frozen=True)
class Moments:
    """The moment that counts as now, and what is told from it."""

    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def worked(self) -> WorkingCalendar:
        return working_calendar()

    def on(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """That hour of a day in Shanghai, or now where it has not come yet."""
        moment = datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())
        return min(moment, self.now)

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """That hour, so many days ago."""
        return self.on(self.today - timedelta(days=days), hour, minute)

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=days)

    def worked_before(self, days: int) -> date:
        """The last worked day at least so many days ago."""
        return self.worked.add_working_days(self.day(1 - days), -1)

    def worked_after(self, days: int) -> date:
        """The first worked day at least so many days ahead."""
        return self.worked.next_working(self.day(days))


def start_for(due_on: date, *, months: int, days: int) -> date:
    """The first day from which a duty after `months` and `days` falls on `due_on`; where months are short, a day off at most."""
    nominal = due_on - timedelta(days=days)
    candidates: Iterable[date] = (add_months(nominal, -months) + timedelta(days=shift) for shift in (0, 1, -1, 2, -2, 3))
    return min(candidates, key=lambda start: abs((add_months(start, months) - nominal).days))
