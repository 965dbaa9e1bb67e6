"""Publishing a quarter of the problem map, and the bureau's word on a cell that is no problem."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from oversight.categories import CATEGORIES
from oversight.models import WeakLinkCut, WeakLinkFigure, WeakLinkNote
from oversight.selectors.problem_map import counted_quarters, ground, leaves_of
from oversight.weak_links import METHOD, Figure, figures_of

# What is filed late within these days still counts; after them the quarter stands.
PUBLISHED_AFTER = timedelta(days=10)
MOST_WORDS = 300
FOLD = """
with taken as (delete from oversight_weaklinkcell where period_on = %s returning *)
insert into oversight_weaklinkcell (id, period_on, category, region_code, town_code, node_code, firms, minor, major, critical)
select uuidv7(), period_on, category, region_code, town_code, node_code, sum(firms), sum(minor), sum(major), sum(critical)
from taken group by 2, 3, 4, 5, 6 having (sum(firms), sum(minor), sum(major), sum(critical)) <> (0, 0, 0, 0)
"""


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def next_quarter(period_on: date) -> date:
    """The first day of the quarter after."""
    return quarter_of(period_on + timedelta(days=100))


def publish_due_quarters(now: datetime) -> int:
    """Publish every quarter that has ended and waited its days, oldest first. Safe twice; how many were published."""
    with acting_as(Hat.CLOCK):
        fold_looks()
        last = WeakLinkCut.objects.order_by("-period_on").values_list("period_on", flat=True).first()
        latest = quarter_of(timezone.localdate(now - PUBLISHED_AFTER))  # it is still running, or its late entries are awaited
        if last is not None and next_quarter(last) >= latest:
            return 0
        due = [period for period in counted_quarters() if period < latest and (last is None or period > last)]
        return sum(publish_quarter(period_on=period, now=now) for period in due)


def fold_looks() -> int:
    """Take what statements added into the counts of firms and cells, as the clock; how many rows that were."""
    with connection.cursor() as cursor:
        cursor.execute("select weak_links_fold()")
        return int(cursor.fetchone()[0])


@transaction.atomic
def publish_quarter(*, period_on: date, now: datetime) -> bool:
    """Freeze one quarter's figures, as the clock; False when it stands already. Small cells go in without a number."""
    with acting_as(Hat.CLOCK):
        fold_looks()  # one at a time: a second worker waits here, and finds the quarter published
        if WeakLinkCut.objects.filter(pk=period_on).exists():
            return False
        with connection.cursor() as cursor:
            cursor.execute(FOLD, [period_on])
        cut = WeakLinkCut.objects.create(period_on=period_on, published_at=now, method=METHOD)
        places = ground()
        for category in CATEGORIES:
            figures = figures_of(leaves_of(period_on, category, places), places)
            WeakLinkFigure.objects.bulk_create([_row(cut, category, figure) for figure in figures], batch_size=2000)
        return True


def _row(cut: WeakLinkCut, category: str, figure: Figure) -> WeakLinkFigure:
    place, node = figure.cell
    row = WeakLinkFigure(cut=cut, category=category, place_code=place, node_code=node, is_hidden=figure.tally is None)
    if figure.tally is None:
        return row
    for name in ("firms", "minor", "major", "critical"):
        setattr(row, name, getattr(figure.tally, name))
    for name in ("share", "lower", "upper", "shrunken", "standing"):
        setattr(row, name, getattr(figure, name))
    return row


@transaction.atomic
def note_cell(*, actor: Actor, figure: WeakLinkFigure | None, words: str, client_id: UUID, now: datetime) -> WeakLinkNote:
    """Say why a published cell is not taken up as a problem. The same `client_id` notes once.

    Raises RuleBroken("cell_note_empty"), ("cell_note_long"); Absent where nothing was published of the cell.
    """
    actor.must_wear(Hat.BUREAU)
    before = WeakLinkNote.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    if figure is None:
        raise Absent
    said = words.strip()
    if not said:
        raise RuleBroken("cell_note_empty", field="words")
    if len(said) > MOST_WORDS:
        raise RuleBroken("cell_note_long", field="words", most=MOST_WORDS)
    note = WeakLinkNote(
        cut_id=figure.cut_id, category=figure.category, place_code=figure.place_code, node_code=figure.node_code, words=said,
        noted_by=actor.person_name, noted_at=now, client_id=client_id,
    )  # fmt: skip
    WeakLinkNote.objects.bulk_create([note], ignore_conflicts=True)  # pressed twice at once: the second finds the first one's
    return WeakLinkNote.objects.visible_to(actor).get(client_id=client_id)
