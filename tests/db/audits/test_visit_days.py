"""The day of a visit: agreed, asked about twice, given, kept, moved, called off; and who goes. By verbs and by pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agreements.models import Obligation
from audits import services
from audits.models import Audit, AuditTeam, DateAsk
from audits.selectors.visits import visits_between
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from parties.models import Membership
from parties.selectors import working_calendar
from records.models import RecordEntry
from tests.cast import BY_NAME, actor, link_id
from tests.clients import signed_in
from tests.db.audits.stage import FREQUENCY, agreement_in_force, moment

pytestmark = pytest.mark.django_db
CLAUSE = {**FREQUENCY, "audit": "second_party"}
CHEN, LIN = "chen", "lin"


@pytest.fixture
def visit():
    """The first visit of Chen to Lin that a clause asks for: announced today, to be held in two weeks."""
    today = timezone.localdate()
    agreement = agreement_in_force(CHEN, LIN, starts=today, frequency=CLAUSE)
    services.tick(moment(today))
    with acting_as(Hat.CLOCK):
        audit = Audit.objects.filter(agreement=agreement, kind="second_party").earliest("visit_on")
        assert audit.notice_on >= today
    services.tick(moment(audit.notice_on))
    services.tell_of_audit(audit_id=audit.pk, now=moment(audit.notice_on))
    return now_of(audit)


def now_of(audit):
    with acting_as(Hat.CLOCK):
        return Audit.objects.get(pk=audit.pk)


def later(audit, days=7):
    return working_calendar().next_working(audit.visit_on + timedelta(days=days))


def does(who, verb, audit, **words):
    with as_actor(actor(who)):
        return verb(actor=actor(who), audit_id=audit.pk, now=timezone.now(), **words)


def entries(audit):
    with acting_as(Hat.CLOCK):
        return list(RecordEntry.objects.filter(subject_id=audit.pk).order_by("id").values_list("kind", flat=True))


def open_todos(audit):
    with acting_as(Hat.CLOCK):
        return set(Todo.objects.filter(subject_id=audit.pk, done_at=None).values_list("org_id", "kind"))


def test_the_firm_agrees_to_the_day_once(visit):
    assert visit.state == "notified"

    for _ in range(2):
        does(LIN, services.accept_day, visit)

    assert (now_of(visit).state, entries(visit)) == ("accepted", ["audit_scheduled", "visit_accepted"])
    assert open_todos(visit) == {(BY_NAME[CHEN].org_id, "owner_duty_due")} or open_todos(visit) == set()


def test_another_day_is_asked_for_and_given(visit):
    wanted = later(visit)

    for _ in range(2):
        does(LIN, services.ask_for_day, visit, wanted_on=wanted, reason="那天交货")
    assert now_of(visit).state == "reschedule_asked"
    assert (BY_NAME[CHEN].org_id, "visit_day_asked") in open_todos(visit)
    does(CHEN, services.give_day, visit)

    moved = now_of(visit)
    assert (moved.state, moved.visit_on, moved.visit_on - moved.notice_on) == ("accepted", wanted, visit.visit_on - visit.notice_on)
    assert entries(visit) == ["audit_scheduled", "visit_day_asked", "visit_moved"]
    with acting_as(Hat.CLOCK):
        assert list(DateAsk.objects.filter(audit=visit).values_list("answer", "given_on")) == [("given", wanted)]


def test_another_day_is_asked_for_twice_at_most_and_then_it_is_talked_about(visit):
    for days in (7, 14):
        does(LIN, services.ask_for_day, visit, wanted_on=later(visit, days), reason="那天交货")
        does(CHEN, services.keep_day, visit, words="审核员只有这天")

    with pytest.raises(RuleBroken, match="day_asked_twice"):
        does(LIN, services.ask_for_day, visit, wanted_on=later(visit, 21), reason="再改")

    assert (now_of(visit).state, now_of(visit).dates_asked, now_of(visit).visit_on) == ("notified", 2, visit.visit_on)
    does(CHEN, services.move_visit, visit, to=services.Moved(later(visit, 21), "电话里说好了"))
    assert (now_of(visit).state, now_of(visit).visit_on) == ("notified", later(visit, 21))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (lambda v: timezone.localdate(), "day_out_of_reach"),
        (lambda v: v.visit_on + timedelta(days=400), "day_out_of_reach"),
        (lambda v: v.visit_on, "day_is_the_same"),
        (
            lambda v: next(
                d for d in (v.visit_on + timedelta(days=n) for n in range(8)) if d.weekday() == 6 and not working_calendar().is_working(d)
            ),
            "day_is_not_worked",
        ),
    ],
)
def test_a_day_on_which_nobody_can_come_is_refused_and_nothing_changes(visit, wanted, code):
    with pytest.raises(RuleBroken, match=code):
        does(LIN, services.ask_for_day, visit, wanted_on=wanted(visit), reason="改期")

    assert (now_of(visit).state, now_of(visit).dates_asked) == ("notified", 0)


def test_a_moved_visit_is_told_again_and_asked_again(visit):
    does(LIN, services.accept_day, visit)

    with pytest.raises(RuleBroken, match="visit_needs_words"):
        does(CHEN, services.move_visit, visit, to=services.Moved(later(visit)))
    assert now_of(visit).visit_on == visit.visit_on
    does(CHEN, services.move_visit, visit, to=services.Moved(later(visit), "审核员生病", "am"))

    assert (now_of(visit).state, now_of(visit).half) == ("notified", "am")
    assert (BY_NAME[LIN].org_id, "visit_to_accept") in open_todos(visit)
    with acting_as(Hat.CLOCK):
        assert Notification.objects.filter(org_id=BY_NAME[LIN].org_id, kind="visit_moved", subject_id=visit.pk).count() == 1


def test_a_visit_called_off_is_told_and_its_duty_is_void(visit):
    for _ in range(2):
        does(CHEN, services.call_off, visit, words="改为线上")

    assert (now_of(visit).state, open_todos(visit)) == ("cancelled", set())
    with acting_as(Hat.CLOCK):
        assert Notification.objects.filter(kind="visit_called_off", subject_id=visit.pk).count() == 1
        assert Obligation.objects.get(subject_id=visit.pk).void_at is not None


def test_the_first_who_is_sent_leads_and_who_leaves_hands_on(visit):
    with acting_as(Hat.LOBBY):
        pass
    with as_actor(actor(CHEN)):
        for who, role in (("fang", "auditor"),):
            Membership.objects.create(
                person_id=BY_NAME[who].person_id, person_name=BY_NAME[who].name, org_id=BY_NAME[CHEN].org_id, org_name_zh="砚棠",
                role=role, valid_from=date(2026, 1, 1),
            )  # fmt: skip
    first = does(CHEN, services.join_team, visit, person_id=BY_NAME[CHEN].person_id)
    second = does(CHEN, services.join_team, visit, person_id=BY_NAME["fang"].person_id)
    assert (first.is_lead, second.is_lead) == (True, False)

    with as_actor(actor(CHEN)):
        services.leave_team(actor=actor(CHEN), audit_id=visit.pk, team_id=first.pk)

    with acting_as(Hat.CLOCK):
        assert list(AuditTeam.objects.filter(audit=visit).values_list("person_name", "is_lead")) == [(BY_NAME["fang"].name, True)]


def test_nobody_who_is_no_auditor_and_nobody_of_the_visited_firm_is_sent(visit):
    with as_actor(actor(CHEN)):
        Membership.objects.create(
            person_id=BY_NAME[LIN].person_id, person_name=BY_NAME[LIN].name, org_id=BY_NAME[CHEN].org_id, org_name_zh="砚棠", role="auditor",
            valid_from=date(2026, 1, 1),
        )  # fmt: skip

    for who, code in (("wu", "not_an_auditor"), (LIN, "auditor_of_own_firm")):
        with pytest.raises(RuleBroken, match=code):
            does(CHEN, services.join_team, visit, person_id=BY_NAME[who].person_id)

    with acting_as(Hat.CLOCK):
        assert AuditTeam.objects.count() == 0


def test_each_side_has_its_own_verbs_and_nobody_else_has_any(visit):
    for who, verb, words, error in (
        (CHEN, services.accept_day, {}, NotYours),
        (LIN, services.call_off, {"words": "不要"}, NotYours),
        ("wu", services.accept_day, {}, Absent),
        ("fang", services.call_off, {"words": "不要"}, Absent),
    ):
        with pytest.raises(error):
            does(who, verb, visit, **words)

    assert (now_of(visit).state, entries(visit)) == ("notified", ["audit_scheduled"])


def test_a_firm_finds_in_its_calendar_what_it_was_told_and_not_what_is_pencilled_in(visit):
    year = {"first": timezone.localdate(), "last": timezone.localdate() + timedelta(days=500)}
    with as_actor(actor(LIN)):
        assert [row.pk for row in visits_between(actor(LIN), **year)] == [visit.pk]
    with as_actor(actor(CHEN)):
        assert len(visits_between(actor(CHEN), **year)) > 3


def test_the_page_shows_each_side_its_buttons_and_keeps_what_was_typed(visit):
    lin, chen = signed_in(LIN), signed_in(CHEN)
    url = f"/audits/{visit.pk}/"

    assert "day/accept/" in lin.get(url).text
    refused = lin.post(f"{url}day/ask/", {"wanted_on": visit.visit_on.isoformat(), "reason": "改个日子吧"})
    assert (refused.status_code, "改个日子吧" in refused.text, now_of(visit).state) == (422, True, "notified")
    asked = lin.post(f"{url}day/ask/", {"wanted_on": later(visit).isoformat(), "reason": "改个日子吧"})
    assert (asked.status_code, now_of(visit).state) == (302, "reschedule_asked")
    page = chen.get(url).text
    assert ("改个日子吧" in page, "day/give/" in page, "day/accept/" in page) == (True, True, False)
    assert chen.post(f"{url}day/give/").status_code == 302
    assert now_of(visit).state == "accepted"
    assert chen.post(f"{url}team/", {"person_id": str(BY_NAME[CHEN].person_id)}).status_code == 302
    assert BY_NAME[CHEN].name in lin.get(url).text
    assert chen.post(f"{url}call-off/", {"words": "不来了"}).status_code == 302
    assert now_of(visit).state == "cancelled"


def test_the_calendar_and_the_secret_address_show_the_visits_of_who_goes(visit):
    chen = signed_in(CHEN)
    does(CHEN, services.join_team, visit, person_id=BY_NAME[CHEN].person_id)
    month = chen.get(f"/audits/calendar/?month={visit.visit_on:%Y-%m}")
    assert (month.status_code, f"/audits/{visit.pk}/" in month.text) == (200, True)

    page = chen.post("/audits/calendar/feed/", follow=True).text
    secret = page.split("/audits/feed/", 1)[1].split(".ics", 1)[0]

    feed = signed_in(LIN).get(f"/audits/feed/{secret}.ics")
    assert (feed.status_code, f"visit-{visit.pk}@qcchain" in feed.text) == (200, True)
    assert feed.text.count("BEGIN:VEVENT") == 1  # the others have no team yet
    chen.post("/audits/calendar/feed/close/")
    assert chen.get(f"/audits/feed/{secret}.ics").status_code == 404


def test_a_programme_is_drafted_seen_and_put_in_force_by_its_pages(visit):
    chen, today = signed_in(CHEN), timezone.localdate()
    typed = {
        "client_id": "p1", "name": "年度走访", "checklist": "mill-walk-1", "bands": ["C", "D"], "months_a": "24", "months_b": "12", "months_c": "6",
        "months_d": "3", "starts_on": today.isoformat(), "announced": "on", "notice_days": "30", "window_days": "10", "halves": "1",
        "review_days": "10", "spring_before": "10", "spring_after": "20", "season_name": "双十一", "season_first": "2026-11-01",
        "season_last": "2026-11-15",
    }  # fmt: skip

    wrong = chen.post("/audits/programmes/new/", {**typed, "season_last": ""})
    assert (wrong.status_code, "年度走访" in wrong.text) == (422, True)
    sent = chen.post("/audits/programmes/new/", typed)

    page = chen.get(sent.url)
    assert (page.status_code, f"/suppliers/{link_id(CHEN, LIN)}/risk/" in page.text, "双十一" in page.text) == (200, True, True)
    assert chen.get(f"{sent.url}edit/").status_code == 200
    assert chen.post(f"{sent.url}activate/").status_code == 302
    assert chen.get(f"{sent.url}edit/").status_code == 302
    assert chen.post(f"{sent.url}drop/").status_code == 422
    assert "年度走访" in chen.get("/audits/programmes/").text
    assert signed_in("fang").get(sent.url).status_code == 404
    assert signed_in(LIN).get(sent.url).status_code == 403
