"""Duties that stand still and go on, are made ahead for all at once, are owed because something happened; reasons; reminders; feeds."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from icalendar import Calendar

from agreements.models import CalendarFeed, ClauseReading, DutyPause, Obligation, Waiver
from agreements.selectors import clauses_of, current_version, obligations, state_on
from agreements.selectors.standing import stands_of
from agreements.services.ahead import EXTEND, arise_ahead, arise_dated
from agreements.services.facts import meet_first, meet_obligation, owe_since, report_reading, sample_renewed
from agreements.services.feeds import open_feed
from agreements.services.nudges import preview_nudges, send_nudges
from agreements.services.obligations import arise, meet, pause_duties, resume_duties, void_from, waive
from agreements.services.papers import file_record
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from jobs.models import Claim
from notices.models import Notification, Todo
from records.models import RecordEntry
from tests.agreed import NOW, at, in_force, kinds
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN, WU, ZHOU = actor("chen"), actor("lin"), actor("wu"), actor("zhou")


def row_of(agreement, name: str) -> Obligation:
    with acting_as(Hat.CLOCK):
        return Obligation.objects.select_related("agreement").get(agreement=agreement, key=name)


def days_of(agreement) -> dict[str, date]:
    with acting_as(Hat.CLOCK):
        return dict(Obligation.objects.filter(agreement=agreement).values_list("key", "due_on"))


def clause_of(agreement, kind: str, who=CHEN):
    with as_actor(who):
        version = current_version(who, agreement, on=NOW.date())
        return next(clause for clause in clauses_of(who, version) if clause.type == kind)


def stands(agreement, kind: str, *, today: date, who=CHEN):
    with as_actor(who):
        version = current_version(who, agreement, on=today)
        found = stands_of(who, agreement, version, clauses_of(who, version), today=today)
    return next(each for each in found if each.clause.type == kind).standing


def test_a_pause_keeps_what_was_left_and_nothing_becomes_overdue():
    agreement = in_force()
    before = days_of(agreement)

    stopped = pause_duties(agreement=agreement, on=date(2026, 3, 23), now=at(date(2026, 3, 23)))
    again = pause_duties(agreement=agreement, on=date(2026, 3, 24), now=at(date(2026, 3, 24)))

    late = date(2026, 9, 1)
    assert (stopped, again) == (len(before), 0)
    assert state_on(row_of(agreement, "business_licence:0"), late) == "scheduled"
    with as_actor(CHEN):
        assert obligations(CHEN, today=late, state="overdue") == []

    going_on = resume_duties(agreement=agreement, on=date(2026, 4, 20), now=at(date(2026, 4, 20)))
    after = days_of(agreement)
    # Seven working days lay between 23 March and the licence's 1 April; the same seven lie behind 20 April.
    assert (before["business_licence:0"], after["business_licence:0"]) == (date(2026, 4, 1), date(2026, 4, 29))
    assert all(after[key] > before[key] for key in before)
    with acting_as(Hat.CLOCK):
        assert Obligation.objects.filter(agreement=agreement, void_at=None).count() == going_on
        assert not Obligation.objects.filter(agreement=agreement).exclude(paused_on=None).exists()
        assert DutyPause.objects.get(agreement=agreement).resumed_on == date(2026, 4, 20)


def test_what_a_pause_carries_past_the_last_day_is_void():
    agreement = in_force()
    with acting_as(Hat.CLOCK):
        last = Obligation.objects.filter(agreement=agreement).order_by("-due_on").first()
    pause_duties(agreement=agreement, on=date(2026, 3, 3), now=at(date(2026, 3, 3)))

    resume_duties(agreement=agreement, on=date(2026, 9, 1), now=at(date(2026, 9, 1)))

    stored = row_of(agreement, last.key)
    assert (stored.due_on >= date(2027, 3, 2), stored.void_at is not None) == (True, True)
    with acting_as(Hat.CLOCK):
        assert not Obligation.objects.filter(agreement=agreement, void_at=None, due_on__gte=date(2027, 3, 2)).exists()


def test_made_again_after_a_pause_the_duties_are_the_same():
    agreement = in_force(ends=None)
    pause_duties(agreement=agreement, on=date(2026, 3, 23), now=at(date(2026, 3, 23)))
    resume_duties(agreement=agreement, on=date(2026, 4, 20), now=at(date(2026, 4, 20)))
    before = days_of(agreement)

    arise_dated(agreement_ids=[agreement.pk], now=at(date(2026, 4, 20)))  # a month later, a month more is looked ahead
    assert arise_dated(agreement_ids=[agreement.pk], now=at(date(2026, 4, 20))) == 0
    assert {key: day for key, day in days_of(agreement).items() if key in before} == before
    added = [day for key, day in days_of(agreement).items() if key not in before]
    assert all(day > max(before.values()) for day in added)


def test_what_arises_while_the_clock_stands_still_stands_still_too():
    agreement = in_force()
    clause_id = row_of(agreement, "share_results:0").clause_id
    pause_duties(agreement=agreement, on=date(2026, 3, 23), now=at(date(2026, 3, 23)))

    row = arise(
        agreement=agreement, clause_id=clause_id, side="owner", kind="reply", key="reply:1", due_on=date(2026, 3, 27), now=at(date(2026, 3, 24))
    )  # fmt: skip

    assert row.paused_on == date(2026, 3, 24)


def test_void_from_a_day_leaves_what_was_due_before():
    agreement = in_force()
    clause_id = row_of(agreement, "share_results:0").clause_id

    voided = void_from(clause_ids=[clause_id], on=date(2026, 6, 1), now=NOW)

    with acting_as(Hat.CLOCK):
        open_days = Obligation.objects.filter(clause_id=clause_id, void_at=None).values_list("due_on", flat=True)
        assert [day.month for day in open_days.order_by("due_on")] == [4, 5]
    assert voided == 9
    assert void_from(clause_ids=[clause_id], on=date(2026, 6, 1), now=NOW) == 0


def test_all_agreements_are_looked_ahead_at_once_and_once_a_month():
    first, second = in_force(ends=None), in_force("chen", "wu", ends=None)
    before = len(days_of(first))
    later = at(date(2026, 5, 4))

    assert arise_ahead(now=later) == 2
    assert arise_ahead(now=later + timedelta(days=1)) == 0

    assert (len(days_of(first)), len(days_of(second))) == (before + 2, before + 2)
    with acting_as(Hat.CLOCK):
        assert Claim.objects.filter(task=EXTEND, key__endswith=":2026-05").count() == 2


def test_a_reason_is_the_two_sides_own():
    agreement = in_force()
    row = row_of(agreement, "business_licence:0")
    with as_actor(CHEN), pytest.raises(RuleBroken, match="waiver_needs_a_reason"):
        waive(actor=CHEN, obligation=row, why="  ", now=NOW)
    assert row_of(agreement, "business_licence:0").waived_at is None

    with as_actor(CHEN):
        waive(actor=CHEN, obligation=row, why="总部已提供执照副本", now=NOW)

    for who, seen in ((CHEN, 1), (LIN, 1), (WU, 0), (ZHOU, 0)):
        with as_actor(who):
            assert Waiver.objects.visible_to(who).count() == seen
    with as_actor(LIN):
        entry = RecordEntry.objects.visible_to(LIN).select_related("payload").get(kind="obligation_waived")
        assert "总部已提供执照副本" in entry.payload.text
    with as_actor(ZHOU), pytest.raises(DatabaseError), transaction.atomic():
        list(Waiver.objects.all())


def test_grace_is_due_and_kept_in_it_is_kept_late():
    agreement = in_force()
    with acting_as(Hat.CLOCK):
        Obligation.objects.filter(agreement=agreement, key="business_licence:0").update(grace_days=5)
    row = row_of(agreement, "business_licence:0")
    assert row.grace_until == date(2026, 4, 6)
    assert [state_on(row, day) for day in (date(2026, 4, 1), date(2026, 4, 6), date(2026, 4, 7))] == ["due", "due", "overdue"]

    meet(clause_id=row.clause_id, side="supplier", key=row.key, now=at(date(2026, 4, 3)))

    assert state_on(row_of(agreement, "business_licence:0"), date(2026, 5, 1)) == "met_late"


def test_an_event_makes_a_side_owe_an_answer_once():
    agreement = in_force()
    clause = clause_of(agreement, "change_notice")

    first = owe_since(clause_id=clause.pk, event="n-1", on=date(2026, 3, 6), now=NOW)
    second = owe_since(clause_id=clause.pk, event="n-1", on=date(2026, 3, 20), now=NOW)

    assert first is not None
    assert second is not None
    assert (first.pk, first.side, first.kind, second.due_on) == (second.pk, "owner", "change_answer", first.due_on)
    assert owe_since(clause_id=clause_of(agreement, "data_sharing").pk, event="x", on=NOW.date(), now=NOW) is None
    assert meet_first(clause_id=clause.pk, kind="change_answer", now=NOW) == 1
    assert meet_first(clause_id=clause.pk, kind="change_answer", now=NOW) == 0
    assert meet_obligation is meet


def test_a_process_record_is_shown_with_words():
    agreement = in_force()
    clause_id = row_of(agreement, "business_licence:0").clause_id
    row = arise(
        agreement=agreement, clause_id=clause_id, side="supplier", kind="process_record", key="process_record:0", due_on=date(2026, 3, 9), now=NOW
    )  # fmt: skip
    with as_actor(CHEN), pytest.raises(NotYours):
        file_record(actor=CHEN, obligation=row, note="染浴每班检查", now=NOW)
    with as_actor(LIN), pytest.raises(RuleBroken, match="record_needs_words"):
        file_record(actor=LIN, obligation=row, note="好", now=NOW)
    assert row_of(agreement, "process_record:0").met_on is None

    with as_actor(LIN):
        file_record(actor=LIN, obligation=row, note="染浴每班检查，21 班全签", now=at(date(2026, 3, 3)))

    assert row_of(agreement, "process_record:0").met_on == date(2026, 3, 3)
    assert kinds(agreement)[:2] == ["obligation_met", "record_filed"]


def test_a_reading_is_kept_once_judged_by_the_limit_and_seen_by_two_sides():
    agreement = in_force()
    clause = clause_of(agreement, "characteristic_limit")
    lower, upper = clause.params.get("lower"), clause.params.get("upper")
    outside = "1" if clause.params["kind"] == "ordinal" else str(float(upper) * 3) if upper else str(float(lower) / 3)
    said = {
        "n": 12,
        "window": {"from": "2026-02-01", "to": "2026-02-28"},
        "refs": [{"kind": "lot", "id": "l-1", "label": "L-1", "value": outside}],
    }
    assert stands(agreement, "characteristic_limit", today=NOW.date()).state == "not_enough_data"

    first = report_reading(clause_id=clause.pk, value=outside, as_of=NOW.date(), now=NOW, **said)
    second = report_reading(clause_id=clause.pk, value=outside, as_of=NOW.date(), now=NOW + timedelta(hours=1), **said)

    assert (first.pk, first.state) == (second.pk, "breached")
    standing = stands(agreement, "characteristic_limit", today=NOW.date(), who=LIN)
    assert (standing.state, standing.n, standing.refs[0]["label"]) == ("breached", 12, "L-1")
    for who, seen in ((CHEN, 1), (LIN, 1), (WU, 0)):
        with as_actor(who):
            assert ClauseReading.objects.visible_to(who).count() == seen
    with acting_as(Hat.CLOCK), pytest.raises(DatabaseError), transaction.atomic():
        ClauseReading.objects.filter(pk=first.pk).update(value="0")


def test_documents_say_where_their_clause_stands(django_assert_max_num_queries):
    agreement = in_force()
    row = row_of(agreement, "business_licence:0")
    seen = [stands(agreement, "document_required", today=day).state for day in (date(2026, 3, 2), date(2026, 3, 28), date(2026, 4, 2))]
    meet(clause_id=row.clause_id, side="supplier", key=row.key, now=NOW)

    assert seen == ["not_enough_data", "at_risk", "breached"]
    assert stands(agreement, "document_required", today=date(2026, 4, 2)).state == "met"
    with as_actor(CHEN):
        version = current_version(CHEN, agreement, on=NOW.date())
        clauses = clauses_of(CHEN, version)
        with django_assert_max_num_queries(2):
            stands_of(CHEN, agreement, version, clauses, today=NOW.date())


def test_each_bound_side_is_reminded_once_a_day_whoever_asks():
    agreement = in_force()
    late, own = row_of(agreement, "business_licence:0"), row_of(agreement, "share_results:0")
    morning = at(date(2026, 4, 10))
    with as_actor(CHEN):
        (nudge,) = preview_nudges(actor=CHEN, obligation_ids=[late.pk, own.pk], now=morning)
        assert ([row.pk for row in nudge.duties], nudge.side, nudge.told_today) == ([late.pk], "supplier", False)
        with pytest.raises(RuleBroken, match="nothing_to_remind_of"):
            preview_nudges(actor=CHEN, obligation_ids=[own.pk], now=morning)
        assert send_nudges(actor=CHEN, obligation_ids=[late.pk, own.pk], now=morning) == (1, 0)
    with as_actor(ZHOU):
        assert send_nudges(actor=ZHOU, obligation_ids=[late.pk, own.pk], now=morning + timedelta(hours=1)) == (1, 1)
    with as_actor(CHEN):
        assert send_nudges(actor=CHEN, obligation_ids=[late.pk], now=morning + timedelta(days=1)) == (1, 0)

    with acting_as(Hat.CLOCK):
        told = Notification.objects.filter(kind="duty_reminded").order_by("at").values_list("org_id", "facts__other_zh")
        assert list(told) == [(LIN.org_id, CHEN.org_name_zh), (CHEN.org_id, ZHOU.org_name_zh), (LIN.org_id, CHEN.org_name_zh)]
    assert kinds(agreement)[:3] == ["duty_reminded"] * 3


def test_a_stranger_and_a_viewer_remind_nobody():
    agreement = in_force()
    row, morning = row_of(agreement, "business_licence:0"), at(date(2026, 4, 10))
    viewer = type(CHEN)(**{**CHEN.__dict__, "roles": frozenset({"viewer"})})

    with as_actor(WU), pytest.raises(RuleBroken, match="nothing_to_remind_of"):
        send_nudges(actor=WU, obligation_ids=[row.pk], now=morning)
    with as_actor(viewer), pytest.raises(NotYours):
        send_nudges(actor=viewer, obligation_ids=[row.pk], now=morning)

    with acting_as(Hat.CLOCK):
        assert not Notification.objects.filter(kind="duty_reminded").exists()


def test_the_secret_address_reads_titles_and_days_until_it_is_closed_or_its_person_leaves(client, monkeypatch):
    agreement = in_force(now=NOW)
    with as_actor(LIN):
        _feed, secret = open_feed(actor=LIN, now=NOW)
    cache.clear()

    answer = client.get(f"/obligations/feed/{secret}.ics")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["UID"]) for event in events} <= {f"{pk}@qcchain" for pk in _ids(agreement)}
    with as_actor(LIN):
        assert CalendarFeed.objects.visible_to(LIN).get().token_hash != secret
        _feed, newer = open_feed(actor=LIN, now=NOW)
    assert client.get(f"/obligations/feed/{secret}.ics").status_code == 404
    assert client.get(f"/obligations/feed/{newer}.ics").status_code == 200
    assert client.get("/obligations/feed/no-such.ics").status_code == 404
    monkeypatch.setattr("agreements.selectors.feeds.wearables", lambda person, on: [])  # no longer of any firm
    assert client.get(f"/obligations/feed/{newer}.ics").status_code == 404


def _ids(agreement):
    with acting_as(Hat.CLOCK):
        return list(Obligation.objects.filter(agreement=agreement).values_list("pk", flat=True))


def test_too_many_tries_at_secret_addresses_are_put_off(client, monkeypatch):
    monkeypatch.setattr("agreements.views.calendar.TRIES", 2)
    cache.clear()

    assert [client.get(f"/obligations/feed/guess-{n}.ics").status_code for n in range(3)] == [404, 404, 429]


def test_the_month_shows_both_sides_and_its_address_once():
    in_force()
    chen = signed_in("chen")

    page = chen.get("/obligations/calendar/?month=2026-04").text
    assert "2026-04-01" in page
    assert "month=2026-03" in page
    assert "month=2026-05" in page
    assert chen.get("/obligations/calendar/?month=nonsense").status_code == 200
    chen.post("/obligations/calendar/feed/")
    assert "/obligations/feed/" in chen.get("/obligations/calendar/").text
    assert 'id="feed-address"' not in chen.get("/obligations/calendar/").text
    assert signed_in("zhou").get("/obligations/calendar/").status_code == 403


def test_a_firm_s_name_never_stands_by_the_role_of_the_one_that_reads():
    in_force()
    chen, lin = signed_in("chen", "en"), signed_in("lin")

    for page in ("/obligations/calendar/?month=2026-04", "/obligations/kept/"):
        body = chen.get(page).text
        assert "Yunzhu Textile (demo) · Chain owner" not in body
        assert "宁波砚棠服饰有限公司（示例） · 供应商" not in lin.get(page).text
    assert "our side, towards Yunzhu Textile (demo)" in chen.get("/obligations/calendar/?month=2026-04").text
    assert "Yunzhu Textile (demo) · Supplier" in chen.get("/obligations/calendar/?month=2026-04").text


def test_the_todo_of_a_paused_duty_leaves_and_comes_back():
    from agreements import tasks

    agreement = in_force()
    tasks.tick(NOW + timedelta(hours=1))

    def open_lines():
        with as_actor(LIN):
            return [todo.due_on for todo in Todo.objects.visible_to(LIN).filter(done_at=None, kind="document_due")]

    assert open_lines() == [date(2026, 4, 1)]
    pause_duties(agreement=agreement, on=date(2026, 3, 23), now=at(date(2026, 3, 23)))
    assert open_lines() == []
    resume_duties(agreement=agreement, on=date(2026, 4, 20), now=at(date(2026, 4, 20)))
    assert open_lines() == [row_of(agreement, "business_licence:0").due_on]


def test_a_sample_sealed_anew_keeps_the_renewal_of_both_holders_when_it_is_near():
    agreement = in_force()
    clause_id = row_of(agreement, "business_licence:0").clause_id
    for side in ("owner", "supplier"):
        for number, day in ((1, date(2026, 5, 4)), (2, date(2027, 1, 4))):
            arise(
                agreement=agreement,
                clause_id=clause_id,
                side=side,
                kind="sealed_sample",
                key=f"sealed_sample:{number}",
                due_on=day,
                now=NOW,
            )
    sample_id = clause_id  # any id will do: the duty only names it

    assert sample_renewed(link_id=agreement.link_id, sample_id=sample_id, now=at(date(2026, 1, 5))) == 0
    assert sample_renewed(link_id=agreement.link_id, sample_id=sample_id, now=at(date(2026, 4, 1))) == 2
    assert sample_renewed(link_id=agreement.link_id, sample_id=sample_id, now=at(date(2026, 4, 2))) == 0

    with acting_as(Hat.CLOCK):
        met = Obligation.objects.filter(agreement=agreement, kind="sealed_sample").exclude(met_on=None)
        assert sorted(met.values_list("side", "key", "subject_id")) == [
            ("owner", "sealed_sample:1", sample_id), ("supplier", "sealed_sample:1", sample_id),
        ]  # fmt: skip
