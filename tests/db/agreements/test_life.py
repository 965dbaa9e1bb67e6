"""Standing still, going on, ending: said by a side for a day to come, carried out by the clock, read by both."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agreements import tasks
from agreements.models import Agreement, AgreementVersion, Obligation, StatusNotice, StatusWords
from agreements.selectors import agreement_for, in_state
from agreements.selectors.versions import notices_of
from agreements.services import (
    carry_out,
    consent_to_end,
    due_endings,
    due_notices,
    renew_agreement,
    resume_agreement,
    send_agreement,
    start_amendment,
    suspend_agreement,
    take_back_notice,
    tell_ending,
    terminate_agreement,
)
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification
from records.models import Grant, RecordEntry
from tests.agreed import ENDS, NOW, STARTS, at, in_force, kinds, seen_by_clock, signed_by, todos
from tests.cast import PASSWORD, actor

pytestmark = pytest.mark.django_db
CHEN, LIN, WU, ZHOU, FANG = actor("chen"), actor("lin"), actor("wu"), actor("zhou"), actor("fang")
REASON = "印染车间停产检修"
SUSPENDED = date(2026, 3, 23)
SAID = NOW + timedelta(hours=1)  # once it is in force


def suspended(agreement: Agreement, who=CHEN, *, on: date = SUSPENDED, now=SAID) -> StatusNotice:
    with as_actor(who):
        return suspend_agreement(actor=who, agreement=agreement, reason=REASON, effective_on=on, now=now)


def resumed(agreement: Agreement, who=CHEN, *, on: date, now) -> StatusNotice:
    with as_actor(who):
        return resume_agreement(actor=who, agreement=agreement, reason="设备已修好", effective_on=on, now=now)


def ended(agreement: Agreement, who=CHEN, *, on: date, now=SAID, password: str = PASSWORD) -> StatusNotice:
    with as_actor(who):
        return terminate_agreement(actor=who, agreement=agreement, reason="产品线转产，不再合作", effective_on=on, password=password, now=now)


def overdue(agreement: Agreement, on: date) -> int:
    with acting_as(Hat.CLOCK):
        return Obligation.objects.filter(in_state("overdue", today=on), agreement=agreement).count()


def told(who, kind: str) -> int:
    with as_actor(who):
        return Notification.objects.visible_to(who).filter(kind=kind).count()


def test_a_suspended_agreement_lets_nothing_fall_overdue_and_the_clock_is_kept():
    agreement = in_force()
    suspended(agreement)
    assert seen_by_clock(agreement).state == "in_force"  # the notice speaks of a day to come
    tasks.tick(at(SUSPENDED, 0))
    assert tasks.tick(at(SUSPENDED, 1)) == 0
    assert seen_by_clock(agreement).state == "suspended"
    assert overdue(agreement, date(2026, 12, 1)) == 0

    resumed(agreement, on=date(2026, 6, 1), now=at(date(2026, 5, 20)))
    tasks.tick(at(date(2026, 6, 1), 0))

    assert seen_by_clock(agreement).state == "in_force"
    assert overdue(agreement, date(2026, 6, 1)) == 0
    with acting_as(Hat.CLOCK):
        document = Obligation.objects.get(agreement=agreement, kind="document")
    # 23 March to 1 April: seven working days were left, and seven are left from 1 June on
    assert document.due_on == date(2026, 6, 10)
    assert overdue(agreement, date(2026, 6, 11)) == 1
    assert kinds(agreement)[:4] == ["agreement_resumed", "agreement_resume_notice", "agreement_suspended", "agreement_suspend_notice"]
    assert (told(LIN, "agreement_suspended"), told(CHEN, "agreement_suspended"), told(LIN, "suspend_notice")) == (1, 1, 1)


def test_what_was_overdue_before_a_suspension_stays_overdue():
    agreement = in_force()
    day = date(2026, 4, 7)
    suspended(agreement, on=day, now=at(date(2026, 4, 6)))
    tasks.tick(at(day, 0))

    assert overdue(agreement, day) == 1


def test_either_side_suspends_and_only_that_side_lets_it_go_on():
    agreement = in_force()
    first = suspended(agreement, LIN)
    assert suspended(agreement, LIN).pk == first.pk  # a double click
    with pytest.raises(RuleBroken, match="notice_stands"):
        suspended(agreement, CHEN)
    tasks.tick(at(SUSPENDED, 0))

    with pytest.raises(RuleBroken, match="who_suspended_resumes"):
        resumed(agreement, CHEN, on=SUSPENDED + timedelta(days=1), now=at(SUSPENDED))
    assert seen_by_clock(agreement).state == "suspended"
    notice = resumed(agreement, LIN, on=SUSPENDED + timedelta(days=2), now=at(SUSPENDED + timedelta(days=2)))

    assert notice.done_at is not None  # its day is today: done at once
    assert seen_by_clock(agreement).state == "in_force"


@pytest.mark.parametrize(
    ("reason", "day", "code"),
    [
        (" 短 ", SUSPENDED, "notice_needs_a_reason"),
        (REASON, NOW.date(), "notice_comes_too_early"),
        (REASON, ENDS, "agreement_ends_before"),
        (REASON, date(2400, 1, 1), "day_too_far"),
    ],
)
def test_a_notice_that_cannot_be_changes_nothing(reason, day, code):
    agreement = in_force()

    with as_actor(CHEN), pytest.raises(RuleBroken, match=code):
        suspend_agreement(actor=CHEN, agreement=agreement, reason=reason, effective_on=day, now=SAID)

    with acting_as(Hat.CLOCK):
        assert (StatusNotice.objects.count(), StatusWords.objects.count()) == (0, 0)
    assert kinds(agreement)[0] == "agreement_in_force"


def test_a_stranger_gives_no_notice_and_reads_none():
    agreement = in_force()
    for who in (WU, FANG, ZHOU):
        with as_actor(who), pytest.raises(NotYours):
            suspend_agreement(actor=who, agreement=agreement, reason=REASON, effective_on=SUSPENDED, now=SAID)
    suspended(agreement)

    with as_actor(LIN):
        (notice,) = notices_of(LIN, agreement)
        assert [word.reason for word in notice.words.all()] == [REASON]
    with as_actor(ZHOU):  # the bureau sees the day, and no word
        assert StatusNotice.objects.get().effective_on == SUSPENDED
        with pytest.raises(DatabaseError), transaction.atomic():
            StatusWords.objects.count()
    for who in (WU, FANG):
        with as_actor(who):
            assert (StatusNotice.objects.count(), StatusWords.objects.count()) == (0, 0)


def test_a_notice_is_kept_as_it_was_given():
    agreement = in_force()
    notice = suspended(agreement)
    for statement in (
        "update agreements_statusnotice set effective_on = effective_on + 1",
        "update agreements_statusnotice set dropped_at = now()",
        "delete from agreements_statusnotice",
        "update agreements_statuswords set reason = 'x'",
    ):
        with as_actor(CHEN), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with acting_as(Hat.CLOCK):
        StatusNotice.objects.filter(pk=notice.pk).update(done_at=SAID)
        with pytest.raises(DatabaseError, match="kept as it was given"), transaction.atomic():
            StatusNotice.objects.filter(pk=notice.pk).update(done_at=None)


def test_a_notice_is_taken_back_by_who_gave_it():
    agreement = in_force()
    notice = suspended(agreement)
    with as_actor(LIN), pytest.raises(NotYours):
        take_back_notice(actor=LIN, agreement=agreement, notice_id=notice.pk, now=SAID)
    with as_actor(CHEN):
        take_back_notice(actor=CHEN, agreement=agreement, notice_id=notice.pk, now=SAID)
        assert take_back_notice(actor=CHEN, agreement=agreement, notice_id=notice.pk, now=SAID).dropped_at is not None

    tasks.tick(at(SUSPENDED, 1))

    assert seen_by_clock(agreement).state == "in_force"
    assert kinds(agreement)[:2] == ["agreement_notice_taken_back", "agreement_suspend_notice"]


def test_termination_waits_for_the_days_of_notice_and_then_ends_duties_and_grants():
    agreement = in_force()
    early = NOW.date() + timedelta(days=30)
    with pytest.raises(RuleBroken, match="notice_is_too_short"):
        ended(agreement, LIN, on=early)
    day = early + timedelta(days=1)
    notice = ended(agreement, LIN, on=day)
    assert ended(agreement, LIN, on=day).pk == notice.pk
    assert "end_to_consent" in todos("chen")
    with acting_as(Hat.CLOCK):
        assert not due_notices(at(day - timedelta(days=1), 23)).exists()

    tasks.tick(at(day, 0))

    stored = seen_by_clock(agreement)
    assert (stored.state, stored.effective_to) == ("terminated", day)
    with acting_as(Hat.CLOCK):
        version = AgreementVersion.objects.get(agreement=agreement)
        assert (version.state, version.effective_to) == ("ended", day)
        open_rows = Obligation.objects.filter(agreement=agreement, void_at=None)
        assert [row.due_on for row in open_rows] == [date(2026, 4, 1)]  # due on the last day: still owed
        assert set(Grant.objects.filter(agreement_id=agreement.pk).values_list("valid_to", flat=True)) == {day - timedelta(days=1)}
    assert "end_to_consent" not in todos("chen")
    for who in (CHEN, LIN):
        with as_actor(who):
            assert agreement_for(who, agreement.pk).state == "terminated"
            assert RecordEntry.objects.visible_to(who).filter(kind="agreement_terminate_notice").count() == 1
            with pytest.raises(RuleBroken, match="agreement_is_not_in_force"):
                suspend_agreement(actor=who, agreement=agreement, reason=REASON, effective_on=day + timedelta(days=9), now=at(day))


def test_with_the_other_sides_consent_it_ends_at_once():
    agreement = in_force()
    notice = ended(agreement, LIN, on=date(2026, 6, 1))
    today = NOW + timedelta(days=7)
    with as_actor(LIN), pytest.raises(NotYours):
        consent_to_end(actor=LIN, agreement=agreement, notice_id=notice.pk, password=PASSWORD, now=today)
    with as_actor(CHEN), pytest.raises(RuleBroken, match="password_wrong"):
        consent_to_end(actor=CHEN, agreement=agreement, notice_id=notice.pk, password="indigo", now=today)
    assert seen_by_clock(agreement).state == "in_force"

    with as_actor(CHEN):
        done = consent_to_end(actor=CHEN, agreement=agreement, notice_id=notice.pk, password=PASSWORD, now=today)
        again = consent_to_end(actor=CHEN, agreement=agreement, notice_id=notice.pk, password=PASSWORD, now=today)

    assert (done.consented_at, again.consented_at) == (today, today)
    stored = seen_by_clock(agreement)
    assert (stored.state, stored.effective_to) == ("terminated", today.date() + timedelta(days=1))
    assert kinds(agreement)[:3] == ["agreement_terminated", "agreement_end_agreed", "agreement_terminate_notice"]
    tasks.tick(at(date(2026, 6, 1), 1))
    assert kinds(agreement).count("agreement_terminated") == 1


def test_only_a_signatory_with_the_password_ends_it():
    agreement = in_force()
    with pytest.raises(RuleBroken, match="password_wrong"):
        ended(agreement, CHEN, on=date(2026, 6, 1), password="indigo")
    with as_actor(CHEN), connection.cursor() as cursor:
        cursor.execute("update parties_membership set valid_to = %s where role = 'signatory'", [STARTS - timedelta(days=1)])
    with pytest.raises(RuleBroken, match="signatory_only"):
        ended(agreement, CHEN, on=date(2026, 6, 1))

    with acting_as(Hat.CLOCK):
        assert StatusNotice.objects.count() == 0


def test_a_text_signed_for_after_the_end_falls_away_with_it():
    agreement = in_force()
    with as_actor(CHEN):
        start_amendment(actor=CHEN, agreement=agreement, summary="", effective_from=date(2026, 6, 15), now=SAID)
        send_agreement(actor=CHEN, agreement=agreement, now=SAID)
    signed_by("lin", agreement)
    signed_by("chen", agreement)
    ended(agreement, on=date(2026, 6, 1))

    tasks.tick(at(date(2026, 6, 20), 0))  # the platform slept over both days

    assert seen_by_clock(agreement).state == "terminated"
    with acting_as(Hat.CLOCK):
        rows = AgreementVersion.objects.filter(agreement=agreement).order_by("number").values_list("state", "in_force", "effective_to")
        assert list(rows) == [("ended", True, date(2026, 6, 1)), ("ended", False, ENDS)]
    with as_actor(CHEN), pytest.raises(RuleBroken, match="agreement_is_not_in_force"):
        start_amendment(actor=CHEN, agreement=agreement, summary="", effective_from=date(2026, 7, 15), now=at(date(2026, 6, 21)))


def test_a_suspended_agreement_ends_on_its_day_and_what_stood_still_is_void():
    agreement = in_force(ends=date(2026, 6, 1))
    suspended(agreement)
    tasks.tick(at(SUSPENDED, 0))

    tasks.tick(at(date(2026, 6, 1), 0))

    assert seen_by_clock(agreement).state == "expired"
    with acting_as(Hat.CLOCK):
        assert not Obligation.objects.filter(agreement=agreement, void_at=None, met_on=None).exists()


def test_an_amendment_takes_effect_during_a_suspension_and_its_duties_stand_still():
    agreement = in_force()
    with as_actor(CHEN):
        start_amendment(actor=CHEN, agreement=agreement, summary="", effective_from=date(2026, 5, 4), now=SAID)
        send_agreement(actor=CHEN, agreement=agreement, now=SAID)
    signed_by("lin", agreement)
    signed_by("chen", agreement)
    suspended(agreement)
    tasks.tick(at(SUSPENDED, 0))
    tasks.tick(at(date(2026, 5, 4), 0))

    assert seen_by_clock(agreement).state == "suspended"
    assert overdue(agreement, date(2027, 1, 1)) == 0
    resumed(agreement, on=date(2026, 6, 1), now=at(date(2026, 6, 1), 0))

    with acting_as(Hat.CLOCK):
        new = AgreementVersion.objects.get(agreement=agreement, number=2)
        document = Obligation.objects.get(agreement=agreement, kind="document", void_at=None)
        assert document.clause_id in set(new.clauses.values_list("pk", flat=True))
        assert document.due_on == date(2026, 6, 10)


def test_an_end_is_told_sixty_thirty_and_seven_days_ahead_once_each():
    agreement = in_force()
    last = ENDS - timedelta(days=1)
    days = {}
    for before in (61, 60, 59, 31, 30, 8, 7, 6, 1, 0):
        now = at(last - timedelta(days=before))
        with acting_as(Hat.CLOCK):
            for row in due_endings(now):
                tell_ending(agreement=row, now=now)
                assert tell_ending(agreement=row, now=now) is False
        days[before] = (told(CHEN, "agreement_ending"), told(LIN, "agreement_ending"))
    assert days == {61: (0, 0), 60: (1, 1), 59: (1, 1), 31: (1, 1), 30: (2, 2), 8: (2, 2), 7: (3, 3), 6: (3, 3), 1: (3, 3), 0: (3, 3)}
    assert todos("chen").count("agreement_ending") == 1
    with as_actor(CHEN):
        renew_agreement(actor=CHEN, agreement=agreement, now=at(last - timedelta(days=1)))
    assert "agreement_ending" not in todos("chen")


def test_carrying_out_twice_does_it_once():
    agreement = in_force()
    notice = suspended(agreement)

    assert carry_out(notice=notice, now=at(SUSPENDED - timedelta(days=1))) is False
    assert carry_out(notice=notice, now=at(SUSPENDED)) is True
    assert carry_out(notice=notice, now=at(SUSPENDED)) is False
    assert kinds(agreement).count("agreement_suspended") == 1


def test_another_agreements_notice_is_not_found():
    agreement, other = in_force(), in_force("chen", "wu")
    notice = suspended(other)

    with as_actor(CHEN), pytest.raises(Absent):
        take_back_notice(actor=CHEN, agreement=agreement, notice_id=notice.pk, now=SAID)

    assert STARTS < SUSPENDED
    with acting_as(Hat.CLOCK):
        assert StatusNotice.objects.get().dropped_at is None
