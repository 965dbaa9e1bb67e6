"""Inviting and reminding many: each firm once, at an hour when messages may ring, and whoever says "not us" is heard."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from jobs.models import Job, OutboxEvent
from notices.models import Todo
from notices.quiet import send_after
from suppliers.filters import Wanted
from suppliers.models import Invitation, SupplyLink
from suppliers.selectors import invited_by
from suppliers.selectors.invitations import INVITE, REMIND, last_word
from suppliers.services.invitations import VALID_FOR, invite, remind, revoke, token_of
from suppliers.services.inviting import AT_ONCE, start_inviting, sweep_run_out, work_invitations
from suppliers.services.joining import decline
from tests.cast import actor, link_id
from tests.db.suppliers.stage import NOW, invited, listed, state_of

pytestmark = pytest.mark.django_db
CHEN = actor("chen")
SHANGHAI = ZoneInfo("Asia/Shanghai")
CODES = ("0DEM0N1000000000AC", "0DEM0N1000000000BF", "0DEM04E914JL3PWRKK")
AFTER = NOW + VALID_FOR + timedelta(hours=1)


@pytest.fixture
def three() -> list[SupplyLink]:
    return [listed(uscc=code, name=f"宁波禾缕{n}厂", phone="" if n == 2 else f"1900000012{n}") for n, code in enumerate(CODES)]


def started(do=INVITE, wanted=None, ids=(), now=NOW, job_id=None, who="chen") -> Job:
    with as_actor(actor(who)):
        return start_inviting(actor=actor(who), job_id=job_id or uuid4(), do=do, wanted=wanted, ids=ids, now=now)


def messages() -> list[OutboxEvent]:
    with acting_as(Hat.CLOCK):
        return list(OutboxEvent.objects.filter(task="suppliers.send_invitation").order_by("next_try_at", "id"))


def invitations() -> int:
    with as_actor(CHEN):
        return Invitation.objects.visible_to(CHEN).count()


def many(n: int) -> None:
    """Listed lines by the hundred."""
    with as_actor(CHEN):
        SupplyLink.objects.bulk_create(
            SupplyLink(
                owner_org_id=CHEN.org_id, owner_name_zh=CHEN.org_name_zh, name_zh=f"厂{at}", pinyin_key="chang", uscc=f"X{at:017}",
                phone="+8619000000001", tag="many", is_demo=True, created_at=NOW,
            )
            for at in range(n)
        )  # fmt: skip


def test_all_that_match_are_invited_once(three):
    with as_actor(CHEN):
        invite(actor=CHEN, links=three[:1], now=NOW)

    job = started(wanted=Wanted(query="禾缕"))

    assert (job.state, job.total, job.done, job.facts["sent"], job.facts["no_phone"]) == ("done", 2, 2, 2, 1)
    assert invitations() == 3
    assert {state_of(link.pk).state for link in three} == {"invited"}
    assert len(messages()) == 2  # one has no number: it gets a poster
    with pytest.raises(RuleBroken, match="nothing_to_invite"):
        started(wanted=Wanted(query="禾缕"))
    assert invitations() == 3


def test_a_form_that_is_sent_twice_invites_once(three):
    job_id = uuid4()

    first, again = started(ids=[link.pk for link in three], job_id=job_id), started(ids=[link.pk for link in three], job_id=job_id)

    assert first.pk == again.pk
    assert invitations() == 3


def test_more_than_two_hundred_are_left_to_a_worker_that_may_begin_again():
    many(AT_ONCE + 5)
    job = started(wanted=Wanted(tag="many"))
    assert (job.state, job.total, invitations()) == ("waiting", AT_ONCE + 5, 0)
    with acting_as(Hat.CLOCK):
        event = OutboxEvent.objects.get(task="suppliers.work_invitations")
    assert event.payload == {"job_id": str(job.pk), "org_id": str(CHEN.org_id), "person_id": str(CHEN.person_id)}

    work_invitations(actor=CHEN, job_id=job.pk, now=NOW)
    work_invitations(actor=CHEN, job_id=job.pk, now=NOW)

    with as_actor(CHEN):
        job = Job.objects.get(pk=job.pk)
    assert (job.state, job.done, job.facts["sent"], invitations()) == ("done", AT_ONCE + 5, AT_ONCE + 5, AT_ONCE + 5)
    assert [event.patient for event in messages()].count(True) == AT_ONCE  # the five of the last step hold nobody up


def test_lines_that_joined_declined_or_are_somebody_elses_are_left_out(three):
    with as_actor(CHEN):
        ((_, token), *_rest) = invite(actor=CHEN, links=three[:1], now=NOW)
    with acting_as(Hat.LOBBY):
        decline(token=token, now=NOW)
    theirs = listed("fang", uscc=CODES[0])

    by_filter = started(wanted=Wanted())
    with pytest.raises(RuleBroken, match="nothing_to_invite"):
        started(ids=[link_id("chen", "lin"), theirs.pk])
    by_hand = started(ids=[three[0].pk, theirs.pk])

    assert (by_filter.total, by_hand.total) == (2, 1)
    assert state_of(three[0].pk).state == "invited"
    assert state_of(theirs.pk, "fang").state == "listed"


def test_a_reader_of_the_firm_invites_nobody(three):
    from dataclasses import replace

    viewer = replace(CHEN, roles=frozenset({"viewer"}))
    with as_actor(viewer), pytest.raises(NotYours):
        start_inviting(actor=viewer, job_id=uuid4(), do=INVITE, wanted=Wanted(), now=NOW)
    assert invitations() == 0


def test_everybody_who_waits_is_reminded_once_a_day(three):
    started(ids=[link.pk for link in three])
    tomorrow = NOW + timedelta(days=1)

    job = started(REMIND, Wanted(), now=tomorrow)
    started(REMIND, Wanted(), now=tomorrow + timedelta(hours=2))

    assert (job.total, job.facts["sent"], job.facts["no_phone"]) == (3, 2, 1)
    assert len(messages()) == 4


def test_nobody_waits_nobody_is_reminded(three):
    with pytest.raises(RuleBroken, match="nobody_waits"):
        started(REMIND, Wanted())


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ((2026, 11, 23, 10, 0), (2026, 11, 23, 10, 0)), ((2026, 11, 23, 7, 30), (2026, 11, 23, 7, 30)),
        ((2026, 11, 23, 7, 29), (2026, 11, 23, 7, 30)), ((2026, 11, 23, 21, 0), (2026, 11, 24, 7, 30)),
        ((2026, 11, 27, 22, 0), (2026, 11, 30, 7, 30)), ((2026, 11, 28, 12, 0), (2026, 11, 30, 7, 30)),
        ((2026, 10, 1, 9, 0), (2026, 10, 8, 7, 30)),
    ],
)  # fmt: skip
def test_messages_wait_for_the_working_morning(at, goes):
    with as_actor(CHEN):
        assert send_after(datetime(*at, tzinfo=SHANGHAI)) == datetime(*goes, tzinfo=SHANGHAI)


def test_an_invitation_by_night_waits_and_is_not_doubled_by_a_reminder():
    night = datetime(2026, 11, 27, 22, 0, tzinfo=SHANGHAI)
    invitation, _ = invited(now=night)
    with as_actor(CHEN):
        remind(actor=CHEN, link=state_of(invitation.link_id), now=night + timedelta(hours=10))

    (event,) = messages()
    assert event.next_try_at == datetime(2026, 11, 30, 7, 30, tzinfo=SHANGHAI)


def test_an_invitation_runs_out_is_shown_so_and_its_owner_is_told_once(three):
    started(ids=[link.pk for link in three])
    assert state_of(three[0].pk).state_at(AFTER - timedelta(hours=2)) == "invited"
    assert state_of(three[0].pk).state_at(AFTER) == "expired"

    assert (sweep_run_out(NOW), sweep_run_out(AFTER), sweep_run_out(AFTER)) == (0, 1, 0)

    with as_actor(CHEN):
        todo = Todo.objects.visible_to(CHEN).get(kind="invitations_ran_out")
    assert (todo.subject_id, todo.done_at, todo.facts["other_en"]) == (CHEN.org_id, None, "宁波禾缕0厂 and 2 more")
    again = started(ids=[link.pk for link in three], now=AFTER)
    assert again.facts["sent"] == 3
    with as_actor(CHEN):
        assert Todo.objects.visible_to(CHEN).get(kind="invitations_ran_out").done_at == AFTER


def test_an_invitation_that_is_taken_back_opens_nothing():
    invitation, token = invited()
    with as_actor(CHEN):
        revoke(actor=CHEN, link=state_of(invitation.link_id), now=NOW)
        with pytest.raises(RuleBroken, match="invitation_not_open"):
            revoke(actor=CHEN, link=state_of(invitation.link_id), now=NOW)

    with acting_as(Hat.LOBBY):
        assert invited_by(token, now=NOW) is None
    assert (state_of(invitation.link_id).state, state_of(invitation.link_id).invited_until) == ("listed", None)


def test_a_word_of_whoever_is_not_meant_reaches_the_owner_and_nobody_else():
    invitation, token = invited()
    with acting_as(Hat.LOBBY):
        decline(token=token, word="  我们是另一家\x00\n企业 " + "长" * 300, now=NOW)

    with as_actor(CHEN):
        kept = last_word(CHEN, state_of(invitation.link_id))
        assert (kept.declined_at, kept.declined_word) == (NOW, ("我们是另一家 企业 " + "长" * 300)[:200])
    with as_actor(actor("fang")):
        assert last_word(actor("fang"), state_of(invitation.link_id)) is None


def test_a_corrected_number_is_invited_anew():
    invitation, token = invited()
    with acting_as(Hat.LOBBY):
        decline(token=token, now=NOW)
    with as_actor(CHEN):
        SupplyLink.objects.visible_to(CHEN).filter(pk=invitation.link_id).update(phone="+8619000000999")
        ((fresh, new),) = invite(actor=CHEN, links=[state_of(invitation.link_id)], now=NOW + timedelta(hours=1))

    assert new == token_of(fresh.pk) != token
    assert messages()[-1].payload["phone"] == "+8619000000999"
