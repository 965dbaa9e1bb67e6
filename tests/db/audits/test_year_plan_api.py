"""Planning by the API: an auditor, a plan, a move, a sick day."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audits import services
from audits.models import Booking
from audits.services.planning import make_plan
from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import with_token
from tests.db.audits.stage import agreement_in_force
from tests.db.audits.test_programmes import in_force

pytestmark = pytest.mark.django_db
AUDITORS, PLANS, BOOKINGS = "/api/v1/audits/auditors/", "/api/v1/audits/plans/", "/api/v1/audits/bookings/"


def call(method, url, headers, said=None):
    return getattr(Client(), method)(url, said, content_type="application/json", **headers)


def test_a_year_is_planned_booked_moved_and_replanned_by_the_api():
    chen, today = with_token("chen"), timezone.localdate()
    agreement_in_force("chen", "lin", starts=today)
    in_force(on=today, starts_on=today, months_c=6, window_days=10, notice_days=30)
    services.tick(timezone.now())
    me = str(actor("chen").person_id)

    auditor = call("put", AUDITORS, chen, {"person": me, "home_region": "330203", "days_per_month": 8}).json()
    key = str(uuid4())
    asked = call("post", PLANS, chen, {"id": key, "first_on": str(today), "last_on": str(today + timedelta(days=365))})
    make_plan(key=f"year-plan:{key}", plan_id=key, org_id=actor("chen").org_id)
    whole = call("get", f"{PLANS}{key}/", chen).json()
    done = call("post", f"{PLANS}{key}/confirm/", chen).json()

    assert (auditor["days_per_month"], auditor["leave"]) == (8, [])
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting")
    assert (whole["state"], whole["done"], {line["cause"] for line in whole["lines"]}) == ("ready", 100, {""})
    assert done == {"booked": len(whole["lines"]), "passed_over": 0}

    one = call("get", BOOKINGS, chen).json()["results"][0]
    half = "pm" if one["half"] == "am" else "am"
    to = {"person": me, "day": one["day"], "half": half}
    seen = call("post", f"{BOOKINGS}{one['id']}/preview/", chen, to).json()
    moved = call("post", f"{BOOKINGS}{one['id']}/move/", chen, to).json()["results"]
    assert (seen["refused"], [row["half"] for row in moved]) == ([], [half])

    leave = f"{AUDITORS}{auditor['id']}/leave/"
    said = {"kind": "sick", "first_on": one["day"], "last_on": one["day"]}
    preview = call("post", f"{leave}preview/", chen, said).json()
    noted = call("post", leave, chen, {**said, "client_id": "ill"})
    assert (noted.status_code, noted.json()) == (201, preview)
    assert [change["audit"] for change in preview["changes"]] == [one["audit"]]
    away = call("get", f"{AUDITORS}{auditor['id']}/", chen).json()["leave"]
    assert [row["kind"] for row in away] == ["sick"]
    dropped = call("post", f"{leave}drop/", chen, {"leave": away[0]["id"]}).json()
    assert dropped["leave"] == []


def test_another_firm_finds_none_of_it():
    chen = with_token("chen")
    auditor = call("put", AUDITORS, chen, {"person": str(actor("chen").person_id), "home_region": "330203"}).json()

    assert call("get", f"{AUDITORS}{auditor['id']}/", with_token("fang")).status_code == 404
    assert call("get", AUDITORS, with_token("lin")).status_code in (403, 404)
    with as_actor(actor("fang")):
        assert list(Booking.objects.all()) == []
