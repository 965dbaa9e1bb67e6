"""Outbox, leases, claims, back-off and dead letters."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours
from jobs.models import Claim, OutboxEvent
from jobs.services import MAX_ATTEMPTS, lease_events, note_failure, once, pause_after, put_outbox, retry_dead, run_effect
from tests.cast import actor, key

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def waiting():
    with as_actor(actor("chen")):
        put_outbox("notices.send_mail", key="mail:1", notification_id="n1")


def events():
    with acting_as(Hat.CLOCK):
        return list(OutboxEvent.objects.order_by("id"))


def test_asking_twice_asks_once(waiting):
    with as_actor(actor("lin")):
        put_outbox("notices.send_mail", key="mail:1", notification_id="other")

    assert [e.payload for e in events()] == [{"notification_id": "n1"}]


def test_a_rolled_back_verb_asks_for_nothing():
    def broken_verb():
        with as_actor(actor("chen")):
            put_outbox("notices.send_mail", key="mail:2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_verb()

    assert events() == []


def test_a_leased_event_is_not_leased_again_before_its_lease_ends(waiting):
    now = timezone.now()

    first, second = lease_events(now=now), lease_events(now=now + timedelta(seconds=59))
    third = lease_events(now=now + timedelta(seconds=61))

    assert [len(first), len(second), len(third)] == [1, 0, 1]


def test_after_the_last_try_an_event_is_dead_and_stays_so_until_the_platform_says_retry(waiting):
    now = timezone.now()
    for _ in range(MAX_ATTEMPTS + 1):
        now += timedelta(hours=1)
        lease_events(now=now)
    (dead,) = events()

    assert dead.dead_at == now
    assert lease_events(now=now + timedelta(days=1)) == []
    with as_actor(actor("pan")):
        retry_dead(actor=actor("pan"), event_id=dead.pk, now=now)
    assert len(lease_events(now=now + timedelta(seconds=1))) == 1


def test_only_the_platform_retries(waiting):
    (event,) = events()

    with pytest.raises(NotYours), as_actor(actor("chen")):
        retry_dead(actor=actor("chen"), event_id=event.pk, now=NOW)
    with pytest.raises(Absent), as_actor(actor("pan")):
        retry_dead(actor=actor("pan"), event_id=key("nothing"), now=NOW)
    assert events()[0].attempts == 0


def test_an_effect_is_done_once_and_its_event_is_closed(waiting):
    done = []

    first = run_effect("notices.send_mail", "mail:1", done.append)
    second = run_effect("notices.send_mail", "mail:1", done.append)

    assert (first, second, len(done)) == (True, False, 1)
    assert events()[0].done_at is not None


def test_a_failed_effect_leaves_no_claim_and_is_tried_again(waiting):
    def fails(now):
        raise ValueError("the mail server is away")

    with pytest.raises(ValueError, match="away"):
        run_effect("notices.send_mail", "mail:1", fails)
    note_failure("notices.send_mail", "mail:1", "ValueError: the mail server is away")

    with acting_as(Hat.CLOCK):
        assert not Claim.objects.exists()
    assert (events()[0].done_at, events()[0].last_error) == (None, "ValueError: the mail server is away")
    assert run_effect("notices.send_mail", "mail:1", lambda now: None) is True


def test_the_database_refuses_a_second_claim():
    once("t", "k", now=NOW)

    with pytest.raises(IntegrityError, match="effect_is_done_once"), transaction.atomic(), acting_as(Hat.CLOCK):
        Claim.objects.create(task="t", key="k", at=NOW)


def test_pauses_double_and_are_capped():
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 4, 20)] == [5, 10, 20, 40, 1800]


def test_what_is_asked_for_by_the_thousand_lets_later_work_pass_and_is_then_done():
    now = timezone.now()
    with as_actor(actor("chen")):
        for n in range(60):
            put_outbox("suppliers.send_invitation", key=f"many:{n}", not_before=now - timedelta(minutes=1), patient=True)
        put_outbox("notices.send_mail", key="mail:9", not_before=now)
        put_outbox("notices.send_mail", key="not yet", not_before=now + timedelta(minutes=1))

    first, second = (lease_events(now=now, limit=50) for _ in range(2))

    assert [event.key for event in first] == ["mail:9", *(f"many:{n}" for n in range(49))]
    assert [event.key for event in second] == [f"many:{n}" for n in range(49, 60)]
