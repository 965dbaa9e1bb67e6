"""What is overdue, the worst first; a round of reminders with its preview; both sides by quarter; what the morning needs."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.models import Obligation
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from notices.models import Notification
from oversight.filters import Asked
from oversight.models import ReminderRound
from oversight.selectors import morning
from oversight.selectors.needs import good_story, is_spike
from oversight.selectors.trend import kept_by_quarter, overdue_asked, overdue_of, reminder_rounds, worst_page
from oversight.services.clockwork import tell_mornings
from oversight.services.reminders import preview_round, send_round
from records.models import RecordEntry
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.oversight.rows import NOW, TODAY, agreement, days, owed

pytestmark = pytest.mark.django_db
HAT = re.compile("set_config|current_setting|SAVEPOINT")  # what a hat and a block cost, which are not counted here
ZHOU = actor("zhou")
ANY = Asked()


@pytest.fixture
def late():
    """Lin's agreement with three overdue duties, Wu's with one, Fang's with none, and one that is suspended."""
    lin, wu = agreement("chen", "lin", "A-1"), agreement("chen", "wu", "A-2")
    home, still = agreement("fang", "wu", "F-1"), agreement("chen", "lin", "A-3", state="suspended")
    for back in (-30, -20, -10):
        owed(lin, "supplier", days(back))
    owed(wu, "owner", days(-40))
    owed(home, "supplier", days(-100), met_on=days(-101))
    return {"lin": lin, "wu": wu, "home": home, "still": still}


def told(who):
    with as_actor(actor(who)):
        return Notification.objects.filter(org_id=actor(who).org_id, kind="duty_reminded").count()


def previewed(late, *, now=NOW, side=""):
    with as_actor(ZHOU):
        return preview_round(actor=ZHOU, agreement_ids=[row.pk for row in late.values()], side=side, now=now)


def sent(ids, *, key="k", now=NOW):
    with as_actor(ZHOU):
        return send_round(actor=ZHOU, obligation_ids=ids, skipped=2, client_id=key, now=now)


def test_the_most_overdue_come_first_and_pages_follow_without_gap_or_twin(late):
    with as_actor(ZHOU):
        first, cursor = worst_page(ZHOU, ANY, today=TODAY, size=1)
        second, end = worst_page(ZHOU, ANY, today=TODAY, after=cursor, size=1)

    assert [row.agreement.number for row in (*first, *second)] == ["A-1", "A-2"]
    assert (first[0].supplier.overdue, second[0].owner.overdue, end) == (3, 1, None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [(Asked(side="owner"), ["A-2"]), (Asked(q="云杼"), ["A-1"]), (Asked(region="330206"), []), (Asked(state="in_force"), ["A-1", "A-2"])],
)
def test_the_worst_keep_to_the_filters(late, asked, found):
    with as_actor(ZHOU):
        assert [row.agreement.number for row in worst_page(ZHOU, asked, today=TODAY, size=9)[0]] == found


def test_a_round_costs_as_many_statements_for_ten_sides_as_for_one(late):
    def statements(*rows):
        ids = [owed(row, "supplier", days(-5)) for row in rows]
        with as_actor(ZHOU), CaptureQueriesContext(connection) as queries:
            assert send_round(actor=ZHOU, obligation_ids=ids, skipped=0, client_id=f"{len(rows)}", now=NOW).told == len(rows)
        return len([query for query in queries if not HAT.search(query["sql"])])

    one = statements(agreement("chen", "lin", "B-0"))
    ten = statements(*(agreement("chen", "lin", f"B-{number}") for number in range(1, 11)))

    assert ten == one
    assert told("lin") == 11
    with acting_as(Hat.CLOCK):
        assert RecordEntry.objects.filter(kind="duty_reminded").count() == 11


def test_a_preview_says_who_is_told_and_who_is_left_out_and_writes_nothing(late):
    found = previewed(late)

    assert sorted((nudge.agreement.number, nudge.side, len(nudge.duties)) for nudge in found.nudges) == [
        ("A-1", "supplier", 3),
        ("A-2", "owner", 1),
    ]
    assert [row.number for row in found.nothing] == ["F-1"]
    assert [row.number for row in found.standing_still] == ["A-3"]
    assert (told("lin"), told("chen")) == (0, 0)


def test_a_round_is_sent_once_and_a_side_is_told_once_a_day(late):
    ids = previewed(late).obligation_ids
    first, again = sent(ids), sent(ids)
    other = sent(ids, key="another")

    assert (first.pk, first.told, first.skipped) == (again.pk, 2, 2)
    assert (other.told, other.skipped) == (0, 4)
    assert (told("lin"), told("chen"), told("wu")) == (1, 1, 0)
    assert sorted(nudge.agreement.number for nudge in previewed(late).told_today) == ["A-1", "A-2"]


def test_what_comes_of_a_round_is_counted_from_the_duties(late):
    ids = previewed(late).obligation_ids
    sent(ids)
    with acting_as(Hat.CLOCK):
        Obligation.objects.filter(pk=ids[0]).update(met_on=days(1), met_at=NOW + timedelta(days=1))

    with as_actor(ZHOU):
        (found,) = reminder_rounds(ZHOU)
    assert (found.duties, found.met) == (4, 1)


def test_nobody_else_sends_a_round(late):
    with as_actor(ZHOU):
        ids = overdue_of(ZHOU, [late["lin"].pk], side="", today=TODAY)
    with as_actor(actor("chen")), pytest.raises(NotYours):
        send_round(actor=actor("chen"), obligation_ids=ids, skipped=0, client_id="x", now=NOW)
    with as_actor(ZHOU), pytest.raises(RuleBroken) as nothing:
        preview_round(actor=ZHOU, agreement_ids=[uuid4()], side="", now=NOW)

    assert (nothing.value.code, told("lin")) == ("nothing_fits_to_remind", 0)
    with as_actor(ZHOU):
        assert not ReminderRound.objects.visible_to(ZHOU).exists()


def test_all_that_fit_the_filters_are_those_with_something_overdue(late):
    with as_actor(ZHOU):
        assert overdue_asked(ZHOU, ANY, today=TODAY) == [late["lin"].pk, late["wu"].pk]


def test_each_quarter_counts_the_duties_whose_day_fell_in_it(late):
    owed(late["lin"], "supplier", days(-9), met_on=days(-5))
    with as_actor(ZHOU):
        quarters = kept_by_quarter(ZHOU, ANY, today=TODAY)
        haishu = kept_by_quarter(ZHOU, Asked(region="330206"), today=TODAY)

    assert [f"{q.starts_on:%Y-%m}" for q in quarters][-2:] == ["2026-01", "2026-04"]
    assert (quarters[-1].supplier.on_time, quarters[-1].supplier.late, quarters[-1].supplier.overdue, quarters[-1].supplier.rate) == (
        0,
        1,
        3,
        0,
    )
    assert (quarters[-2].supplier.on_time, quarters[-2].supplier.rate, quarters[-2].owner.rate) == (1, 100, None)
    assert sum(q.owner.n + q.supplier.n for q in haishu) == 0


def test_the_pages_lead_from_the_worst_to_the_answer(late):
    client = signed_in("zhou", "en")
    page = client.get("/bureau/agreements/?by=worst").content.decode()
    assert page.index("A-1") < page.index("A-2")
    look = client.post("/bureau/reminders/new/", {"all": "1", "query": ""})
    assert look.status_code == 200 and "A-1" in look.content.decode() and told("lin") == 0

    with as_actor(ZHOU):
        ids = [str(pk) for pk in overdue_of(ZHOU, [late["lin"].pk], side="", today=timezone.localdate())]
    done = client.post("/bureau/reminders/send/", {"ids": ids, "client_id": "c", "skipped": "1"}, follow=True)

    assert done.status_code == 200 and told("lin") == 1
    assert client.get("/bureau/agreements/trend/").status_code == 200
    assert "Q1 2026" in client.get("/bureau/agreements/trend/export/?as=csv").content.decode("utf-8-sig")
    said = client.post(
        "/api/v1/bureau/reminders/", {"agreements": [str(late["wu"].pk)]}, content_type="application/json", **with_token("zhou")
    )
    assert (said.status_code, said.json()["told"]) == (201, 1)


def test_a_spike_is_more_than_chance_and_never_a_handful():
    assert [is_spike(n, before) for n, before in ((4, 0), (5, 0), (9, 32), (10, 32), (11, 32))] == [False, True, False, False, True]


def test_the_morning_knows_what_stood_a_week_ago(late):
    with as_actor(ZHOU):
        said = morning(ZHOU, now=NOW, today=TODAY)
        story = good_story(ZHOU, now=NOW)

    assert (said.overdue, said.overdue_before, said.in_force, said.in_force_before) == (4, 4, 3, 3)
    assert (said.rate, said.rate_before) == (20, 20)
    assert (story.problem, story.finding) == (None, None)


def test_the_morning_is_told_once_a_working_day_from_half_past_eight():
    early, at = NOW.replace(hour=8, minute=29), NOW.replace(hour=8, minute=30)
    sunday = NOW - timedelta(days=1)
    for now in (early, sunday, at, at + timedelta(hours=3)):
        tell_mornings(now)

    with as_actor(ZHOU):
        (line,) = Notification.objects.filter(kind="bureau_digest")
    assert (line.at, line.facts["other_en"]) == (at, "0 overdue duties, 0 on the chain owner's side; 0 open findings")
