"""The clock reminds a firm of certificates, papers and calibrations before they run out, and once when they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from foundation.actor import Hat, acting_as
from foundation.wake import each
from jobs.services import once
from notices.services import put_todo, tell
from parties.selectors import working_calendar
from suppliers.expiry import LAPSED, next_reminder, stage_of
from suppliers.firm_words import instrument_name, paper_name
from suppliers.models import Instrument, Paper
from suppliers.selectors.firm_reminders import hats_of, instruments_to_remind_of, papers_to_remind_of

REMIND = "suppliers.remind_of_expiry"
# Nobody is woken for a paper: reminders wait for a working day, from nine in the morning to nine in the evening.
MORNING, EVENING = 9, 21
BATCH = 500


@dataclass(frozen=True)
class Lane:
    """One kind of thing that runs out: its last day, its name, and what its firm is told before and after that day."""

    model: Any
    key: str
    last_day: str
    name: Callable[[Any], str]
    coming: str
    lapsed: str


PAPERS = Lane(Paper, "paper", "expires_on", lambda row: paper_name(row.kind, row.standard), "paper_expiring", "paper_lapsed")
INSTRUMENTS = Lane(
    Instrument, "instrument", "calibration_due_on", lambda row: f"{instrument_name(row.kind, row.model)} {row.serial}", "calibration_due",
    "calibration_lapsed",
)  # fmt: skip


def remind_of_expiry(now: datetime) -> int:
    """Remind of everything that is due; the number of reminders. Safe twice, and in two ticks at once.

    A tick that was missed is caught up with the nearest stage only: three reminders never come together.
    """
    local = timezone.localtime(now)
    if not MORNING <= local.hour < EVENING:
        return 0
    today = local.date()
    with acting_as(Hat.CLOCK):
        if not working_calendar().is_working(today):
            return 0
        papers, instruments = papers_to_remind_of(today, BATCH), instruments_to_remind_of(today, BATCH)
        hats = hats_of({row.org_id for row in papers} | {row.org_id for row in instruments})
        done = each(papers, lambda row: _remind(PAPERS, row, hats[row.org_id], today, now))
        return done + each(instruments, lambda row: _remind(INSTRUMENTS, row, hats[row.org_id], today, now))


def _remind(lane: Lane, row: Any, hat: Hat, today: date, now: datetime) -> None:
    last_day: date = getattr(row, lane.last_day)
    mine = lane.model.objects.filter(pk=row.pk, remind_on=row.remind_on, retired_at=None, **{lane.last_day: last_day})
    if not mine.update(remind_on=next_reminder(last_day, after=today)):
        return  # another tick was here, or the firm has just renewed it
    stage = stage_of(last_day, on=today)
    if once(REMIND, f"{lane.key}:{row.pk}:{stage}:{last_day}", now=now):
        said: dict[str, Any] = {"org_id": row.org_id, "hat": hat, "subject_id": row.pk, "facts": _facts(lane, row, last_day), "now": now}
        put_todo(**said, kind=lane.coming, due_on=last_day)
        tell(**said, kind=lane.lapsed if stage == LAPSED else lane.coming)


def _facts(lane: Lane, row: Any, last_day: date) -> dict[str, Any]:
    """The thing's name in both languages: whoever reads chooses."""
    facts = {"day": last_day.isoformat()}
    for key, language in (("other_zh", "zh-hans"), ("other_en", "en")):
        with override(language):
            facts[key] = lane.name(row)
    return facts
