"""The platform's page of background work."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.actor import Hat, acting_as
from jobs.models import OutboxEvent
from jobs.services import beat
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def event(task: str, **more) -> OutboxEvent:
    with acting_as(Hat.CLOCK):
        beat("relay", now=timezone.now())
    row = OutboxEvent(task=task, key=str(uuid4()), created_at=NOW, next_try_at=NOW, **more)
    with acting_as(Hat.LOBBY):
        OutboxEvent.objects.bulk_create([row])
    return row


def test_what_gave_up_and_what_waits_is_shown_with_the_loops():
    event("notices.send_mail", dead_at=NOW, attempts=9, last_error="ConnectionRefusedError: no mail server")
    event("notices.send_sms", attempts=1)
    event("records.number", done_at=NOW)

    page = signed_in("pan", "en").get("/jobs/")

    health = page.context["health"]
    assert (health.dead, health.waiting) == (1, 1)
    assert [pulse["name"] for pulse in page.context["pulses"] if not pulse["still"]] == ["relay"]
    assert "ConnectionRefusedError" in page.content.decode()


def test_a_dead_letter_gets_its_tries_back():
    dead = event("notices.send_mail", dead_at=NOW - timedelta(days=1), attempts=9)

    answer = signed_in("pan").post(f"/jobs/{dead.pk}/retry/")

    assert answer["Location"] == "/jobs/"
    with acting_as(Hat.CLOCK):
        row = OutboxEvent.objects.get(pk=dead.pk)
    assert (row.dead_at, row.attempts) == (None, 0)


def test_an_absent_event_is_not_found():
    assert signed_in("pan").post(f"/jobs/{uuid4()}/retry/").status_code == 404


@pytest.mark.parametrize("who", ["chen", "lin", "zhou", "mei"])
def test_other_hats_are_refused(who):
    dead = event("notices.send_mail", dead_at=NOW, attempts=9)

    assert signed_in(who).get("/jobs/").status_code == 403
    assert signed_in(who).post(f"/jobs/{dead.pk}/retry/").status_code == 403
    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.get(pk=dead.pk).attempts == 9
