"""The planner's pages: who visits, a plan looked at and confirmed, a visit moved by hand, a sick day seen before it is noted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audits import services
from audits.models import AuditorLeave, AuditorProfile, Booking, PlanLine, YearPlan
from audits.services.planning import ProfileSaid, make_plan, write_profile
from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force
from tests.db.audits.test_programmes import in_force
from tests.db.audits.test_year_plan import colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    return signed_in("chen")


@pytest.fixture
def visits():
    """Visits of today's year: pages ask the clock on the wall."""
    today = timezone.localdate()
    agreement_in_force("chen", "lin", starts=today)
    agreement_in_force("chen", "wu", starts=today)
    in_force(on=today, starts_on=today, months_c=6, window_days=10, notice_days=30)
    services.tick(timezone.now())
    chen = actor("chen")
    with as_actor(chen):
        write_profile(actor=chen, person_id=chen.person_id, said=ProfileSaid(home_region="330203"), now=timezone.now())


def rows(model, **wanted):
    with as_actor(actor("chen")):
        return list(model.objects.filter(**wanted).order_by("id"))


def planned(chen):
    first = timezone.localdate() + timedelta(days=1)
    key = uuid4()
    said = {"plan_id": key, "first_on": first, "last_on": first + timedelta(days=364)}
    answer = chen.post(reverse("audits:plans"), said)
    assert answer["Location"] == reverse("audits:plan", args=[key])
    making = chen.get(answer["Location"]).content.decode()
    assert "hx-get" in making
    make_plan(key=f"year-plan:{key}", plan_id=key, org_id=actor("chen").org_id)
    return rows(YearPlan)[0]


def test_a_colleague_is_taken_in_and_described(chen):
    person = colleague("沈巡")

    made = chen.post(reverse("audits:auditor_new"), {"person_id": person.pk})
    said = {"home_region": "330203", "node_codes": ["dyeing"], "languages": ["zh", "en"], "days_per_month": 12}
    saved = chen.post(made["Location"], said)

    assert saved.status_code == 302
    (row,) = rows(AuditorProfile)
    assert (row.person_name, row.home_region, row.node_codes, row.days_per_month) == ("沈巡", "330203", ["dyeing"], 12)
    assert "沈巡" in chen.get(reverse("audits:plans")).content.decode()


def test_a_number_of_days_that_no_month_has_is_refused_and_kept_on_the_page(chen):
    person = colleague("沈巡")
    made = chen.post(reverse("audits:auditor_new"), {"person_id": person.pk})

    refused = chen.post(made["Location"], {"home_region": "330203", "days_per_month": 40})

    assert refused.status_code == 422
    assert 'value="40"' in refused.content.decode()
    assert rows(AuditorProfile)[0].days_per_month == 10


def test_a_plan_is_looked_at_confirmed_and_one_visit_moved(chen, visits):
    plan = planned(chen)
    page = chen.get(reverse("audits:plan", args=[plan.pk])).content.decode()
    assert reverse("audits:plan_confirm", args=[plan.pk]) in page

    chen.post(reverse("audits:plan_confirm", args=[plan.pk]))
    booking = rows(Booking)[0]
    move = reverse("audits:booking_move", args=[booking.pk])
    half = "pm" if booking.half == "am" else "am"
    said = {"person_id": booking.person_id, "day": booking.day, "half": half}
    seen = chen.get(move, said)
    assert (seen.status_code, rows(Booking)[0].half) == (200, booking.half)
    done = chen.post(move, said)

    assert done["Location"] == reverse("audits:audit", args=[booking.audit_id])
    assert [(row.day, row.half) for row in rows(Booking, audit=booking.audit_id)] == [(booking.day, half)]


def test_a_visit_is_not_put_where_another_is(chen, visits):
    plan = planned(chen)
    chen.post(reverse("audits:plan_confirm", args=[plan.pk]))
    one, other = rows(Booking)[:2]
    said = {"person_id": other.person_id, "day": other.day, "half": other.half}

    seen = chen.get(reverse("audits:booking_move", args=[one.pk]), said)
    refused = chen.post(reverse("audits:booking_move", args=[one.pk]), said)

    assert ("banner round bad" in seen.content.decode(), refused.status_code) == (True, 422)
    assert rows(Booking, pk=one.pk) == [one]


def test_a_sick_day_is_seen_before_it_is_noted(chen, visits):
    plan = planned(chen)
    chen.post(reverse("audits:plan_confirm", args=[plan.pk]))
    booking, (profile,) = rows(Booking)[0], rows(AuditorProfile)
    leave = reverse("audits:auditor_leave", args=[profile.pk])
    said = {"kind": "sick", "first_on": booking.day, "last_on": booking.day, "half": "", "client_id": uuid4().hex}

    seen = chen.get(leave, said)
    assert (seen.status_code, rows(AuditorLeave), rows(Booking, pk=booking.pk)) == (200, [], [booking])
    noted = chen.post(leave, said)
    chen.post(leave, said)

    assert noted["Location"] == reverse("audits:auditor", args=[profile.pk])
    (row,) = rows(AuditorLeave)
    assert rows(Booking, day=booking.day) == []
    chen.post(reverse("audits:auditor_leave_drop", args=[profile.pk]), {"leave_id": row.pk})
    assert rows(AuditorLeave) == []


def test_an_empty_calendar_says_what_makes_visits(chen):
    plan = planned(chen)

    page = chen.get(reverse("audits:plan", args=[plan.pk])).content.decode()

    assert reverse("audits:programmes") in page
    assert rows(PlanLine) == []


def test_a_stranger_meets_nothing(chen, visits):
    plan = planned(chen)
    chen.post(reverse("audits:plan_confirm", args=[plan.pk]))
    fang, lin = signed_in("fang"), signed_in("lin")
    booking = rows(Booking)[0]

    for address in (reverse("audits:plan", args=[plan.pk]), reverse("audits:booking_move", args=[booking.pk])):
        assert fang.get(address).status_code == 404
        assert lin.get(address).status_code in (403, 404)
    assert fang.post(reverse("audits:plan_confirm", args=[plan.pk])).status_code == 404
