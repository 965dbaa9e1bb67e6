"""What everybody reads of a project's firms, published on a day and kept.

Who reads two figures can subtract. So one is published only where, beside all that were ever published of the project, it leaves nobody
with a group of fewer than five firms: neither because firms joined or left, nor because the measurements of a few went on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from math import floor, log10
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from foundation.actor import Hat, acting_as
from foundation.wake import each
from oversight.models import FigurePart, ProjectFigure, ProjectReading, ResearchProject
from oversight.selectors.before_after import changes_in
from oversight.selectors.projects import FEWEST
from oversight.services.consents import FOLLOWED
from oversight.suppression import may_all_be_known
from qualitystats.before_after import pooled_difference

Changes = Mapping[UUID, float]  # series -> the firm's change
Shown = tuple[float, float, float]  # difference, low, high


def publish_all(now: datetime) -> int:
    """What the clock does once a day: every project that goes on and may say something new. How many were looked at."""
    with acting_as(Hat.CLOCK):
        rows = list(ResearchProject.objects.filter(state__in=FOLLOWED).order_by("id"))
    return each(rows, partial(publish_figure, now=now))


@transaction.atomic
def publish_figure(project: ResearchProject, *, now: datetime) -> ProjectFigure | None:
    """The figure of this month, unless it is there; None where nothing may be said. At most one a month, so that nobody can probe it.

    All firms whose change is known; where that would give some away, those of the last figure alone, if all of them are still there.
    """
    today = timezone.localdate(now)
    with acting_as(Hat.CLOCK):
        past = list(ProjectFigure.objects.filter(project=project).order_by("month").prefetch_related("parts"))
        if any(row.month == today.replace(day=1) for row in past):
            return None
        known = _known(project)
        before = [{part.series_id: part.mark for part in row.parts.all()} for row in past]
        for changes in _choices(known, before[-1] if before else {}):
            marks = {series: _mark(series, change) for series, change in changes.items()}
            shown = _shown(project, changes)
            if shown is not None and _nobody_given_away([*before, marks]):
                return _published(project, shown, marks, today)
    return None


def _known(project: ResearchProject) -> Changes:
    rows = ProjectReading.objects.filter(project=project).order_by("label", "day", "id")
    found = list(rows.values_list("label", "day", "readings", "decimals", "series_id"))
    series = {row[0]: row[4] for row in found}
    firms = changes_in(project, [row[:4] for row in found]).firms
    return {series[firm.label]: firm.change.difference for firm in firms if firm.change.difference is not None}


def _choices(known: Changes, last: Mapping[UUID, UUID]) -> Iterator[Changes]:
    yield known
    if last and set(last) < set(known):
        yield {series: known[series] for series in last}


def _mark(series: UUID, change: float) -> UUID:
    """Equal for equal changes of one firm, and nothing that its change could be guessed from."""
    digest = salted_hmac("oversight.figure", f"{series}:{change + 0.0:.9g}", algorithm="sha256").digest()
    return UUID(bytes=digest[:16])


def _shown(project: ResearchProject, changes: Changes) -> Shown | None:
    """The figure as people read it. None under five firms, and where all changed alike: then it would be each firm's own."""
    found = pooled_difference(list(changes.values()), least_firms=FEWEST)
    if found.difference is None or found.low is None or found.high is None:
        return None
    wide = found.high - found.low
    if wide <= 1e-9 * (1 + abs(found.difference)):
        return None
    places = 2 if project.kind == "ordinal" else 2 - floor(log10(wide))
    difference, low, high = (round(value, places) + 0.0 for value in (found.difference, found.low, found.high))
    return (difference, low, high) if low < high else None


def _nobody_given_away(figures: list[Mapping[UUID, UUID]]) -> bool:
    """By who is in them, and by whose change is another one since."""
    return may_all_be_known([set(each) for each in figures]) and may_all_be_known([set(each.items()) for each in figures])


def _published(project: ResearchProject, shown: Shown, marks: Mapping[UUID, UUID], today: date) -> ProjectFigure:
    difference, low, high = shown
    made: ProjectFigure = ProjectFigure.objects.create(
        project=project, month=today.replace(day=1), published_on=today, firms=len(marks), difference=difference, low=low, high=high
    )
    FigurePart.objects.bulk_create(FigurePart(figure=made, series_id=series, mark=mark) for series, mark in marks.items())
    return made
