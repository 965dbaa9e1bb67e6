"""The figure that everybody reads of a project: frozen on its day, and never such that two of them give a firm away."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from oversight.models import FigurePart, ProjectFigure, ProjectReading
from oversight.selectors.before_after import published_figure
from oversight.services.figures import publish_all, publish_figure
from oversight.services.research_clock import tick
from tests.cast import CAST, actor
from tests.clients import signed_in, with_token
from tests.world_problems import a_problem, a_project, confirmed

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(day=2)
ZHOU = actor("zhou")


def month(number):
    return NOW + timedelta(days=31 * number)


@pytest.fixture
def project():
    return a_project(confirmed(a_problem(now=NOW), now=NOW), now=NOW)


def measured(project, *firms, fall=None):
    """Three lots before and three after in each firm, their mean lower by `fall` tenths, else by as many as the firm's number; anew."""
    with acting_as(Hat.CLOCK):
        ProjectReading.objects.filter(project=project, series_id__in=[UUID(int=firm) for firm in firms]).delete()
        ProjectReading.objects.bulk_create(
            ProjectReading(project=project, series_id=UUID(int=firm), label=f"F{100 + firm}", day=day, readings=[80 + day - (day >= 0) * (fall or firm)], decimals=1)
            for firm in firms
            for day in (-3, -2, -1, 0, 1, 2)
        )  # fmt: skip


def left(project, *firms):
    with acting_as(Hat.CLOCK):
        ProjectReading.objects.filter(project=project, series_id__in=[UUID(int=firm) for firm in firms]).delete()


def read(project):
    """What an officer reads: how many firms, and their mean change."""
    with as_actor(ZHOU):
        found = published_figure(ZHOU, project)
    return found and (found.firms, found.difference)


def test_one_firm_that_leaves_moves_no_figure_and_five_that_leave_do(project):
    measured(project, *range(1, 11))
    first = publish_figure(project, now=month(0))
    left(project, 10)  # without it the mean would be -0.2, and ten times the old less nine times the new its own -0.7
    alone = publish_figure(project, now=month(1))
    unmoved = read(project)
    left(project, 9, 8, 7, 6)
    five = publish_figure(project, now=month(2))

    assert (first.firms, first.difference, alone, unmoved) == (10, -0.25, None, (10, -0.25))
    assert (five.firms, five.difference, read(project)) == (5, 0.0, (5, 0.0))


def test_a_newcomer_waits_for_four_more_while_the_others_are_told_again(project):
    measured(project, *range(1, 6))
    publish_figure(project, now=month(0))
    measured(project, 1, 2, 3, 4, 5, fall=6)
    measured(project, 1, fall=11)
    measured(project, 6)
    told = publish_figure(project, now=month(1))
    measured(project, 7, 8, 9, 10)

    assert (told.firms, told.difference) == (5, -0.4)
    assert publish_figure(project, now=month(2)).firms == 10


def test_a_figure_does_not_move_because_one_firm_measured_on(project):
    measured(project, *range(1, 8))
    publish_figure(project, now=month(0))
    measured(project, 7, fall=20)
    one = publish_figure(project, now=month(1))
    measured(project, 1, 2, 3, 4, fall=15)
    five = publish_figure(project, now=month(2))

    assert (one, five.firms) == (None, 7)


def test_a_month_has_one_figure_and_four_firms_or_firms_that_all_changed_alike_have_none(project):
    measured(project, 1, 2, 3, 4)
    four = publish_figure(project, now=month(0))
    measured(project, 1, 2, 3, 4, 5, fall=3)
    alike = publish_figure(project, now=month(0))
    measured(project, 1, fall=4)
    looked = publish_all(month(0))
    found = read(project)
    measured(project, 6, 7, 8, 9, 10)

    assert (four, alike, looked, found) == (None, None, 1, (5, -0.02))
    assert (publish_figure(project, now=month(0)), read(project)) == (None, found)


def test_a_published_figure_is_read_by_all_who_read_the_project_and_changed_by_nobody(project):
    measured(project, *range(1, 7))
    night = NOW.replace(hour=20)  # 4 o'clock in Shanghai
    for _twice in range(2):
        tick(night)
    with as_actor(ZHOU):
        made = published_figure(ZHOU, project)
        assert ProjectFigure.objects.count() == 1
    for member in CAST:
        with as_actor(actor(member.who)):
            assert published_figure(actor(member.who), project) == made
            with pytest.raises(DatabaseError), transaction.atomic():
                FigurePart.objects.count()
    with acting_as(Hat.CLOCK), pytest.raises(DatabaseError), transaction.atomic():
        ProjectFigure.objects.filter(pk=made.pk).update(difference=0)
    day = timezone.localdate(night)
    page = signed_in("zhou").get(f"/projects/{project.pk}/").content.decode()
    said = Client().get(f"/api/v1/projects/{project.pk}/", **with_token("wu")).json()["change"]

    assert ("6 家企业" in page, "发布日期" in page) == (True, True)
    assert said == {"published_on": day.isoformat(), "firms": 6, "difference": made.difference, "low": made.low, "high": made.high}
