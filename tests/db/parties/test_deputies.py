"""Somebody stands in: what they then hold, for how long, and what is never lent."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from parties.models import Deputy, Membership
from parties.selectors import actor_of_token, wearables
from parties.services import end_deputy, end_role, issue_token, name_deputy
from records.models import RecordEntry
from records.services.entries import append_entry
from records.services.streams import open_stream
from tests.cast import actor, link_id
from tests.db.parties.stage import NOW, TODAY, colleague_of, on_day

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIN = actor("lin")
DAYS = (TODAY, TODAY + 5 * DAY)


def named(one, *roles, days=DAYS, by=LIN, stands_for=LIN.person_id):
    with as_actor(by):
        return name_deputy(actor=by, person_id=one.pk, stands_for_id=stands_for, roles=roles, days=days, now=NOW)


def all_deputies(who="lin"):
    with as_actor(actor(who)):
        return Deputy.objects.count()


def test_a_deputy_holds_the_lent_roles_from_the_first_day_to_the_last():
    one = colleague_of("lin", "viewer", since=TODAY - DAY)

    named(one, "cqo", "quality")

    assert on_day(one, TODAY - DAY).roles == {"viewer"}
    assert on_day(one, TODAY).roles == {"viewer", "cqo", "quality"}
    assert on_day(one, TODAY).stands_for == ("林杼",)
    assert on_day(one, TODAY + 5 * DAY).roles == {"viewer", "cqo", "quality"}
    assert on_day(one, TODAY + 6 * DAY).roles == {"viewer"}
    assert on_day(one, TODAY + 6 * DAY).stands_for == ()


def test_must_hold_sees_the_lent_role_on_the_day():
    one = colleague_of("lin", "viewer", since=TODAY - DAY)
    named(one, "quality")

    on_day(one, TODAY).must_hold("quality")

    with pytest.raises(NotYours):
        on_day(one, TODAY - DAY).must_hold("quality")


def test_a_key_of_the_deputy_may_do_the_same():
    now = timezone.now()
    today = timezone.localdate(now)
    one = colleague_of("lin", "viewer", since=today)
    with as_actor(LIN):
        name_deputy(actor=LIN, person_id=one.pk, stands_for_id=LIN.person_id, roles=["quality"], days=(today, today), now=now)
    theirs = replace(LIN, person_id=one.pk, roles=frozenset({"viewer"}))
    with as_actor(theirs):
        _row, secret = issue_token(actor=theirs, name="erp", scopes=["read"], now=now)

    with acting_as(Hat.LOBBY):
        found = actor_of_token(secret)

    assert (found.roles, found.stands_for) == ({"viewer", "quality"}, ("林杼",))


def test_finding_the_actor_costs_two_statements_with_or_without_a_deputy():
    one = colleague_of("lin", "viewer")
    named(one, "quality")

    with acting_as(Hat.LOBBY), CaptureQueriesContext(connection) as asked:
        wearables(one, on=TODAY)

    assert len(asked) == 2


def test_a_deputy_holds_no_more_than_the_one_who_is_away_holds_that_day():
    one = colleague_of("lin", "viewer")
    named(one, "cqo")
    with as_actor(LIN):
        row = Membership.objects.get(person_id=LIN.person_id, role="cqo")
        end_role(actor=LIN, membership_id=row.pk, last_day=TODAY, now=NOW)

    assert on_day(one, TODAY).roles == {"viewer", "cqo"}
    assert on_day(one, TODAY + DAY).roles == {"viewer"}


def test_a_deputy_who_has_left_the_firm_stands_in_for_nobody():
    one = colleague_of("lin", "viewer", since=TODAY - 2 * DAY)
    named(one, "quality")
    with as_actor(LIN):
        end_role(actor=LIN, membership_id=Membership.objects.get(person_id=one.pk).pk, last_day=TODAY - DAY, now=NOW)

    assert on_day(one, TODAY) is None


@pytest.mark.parametrize("role", ["signatory", "org_admin", "viewer"])
def test_signing_and_administering_are_not_lent(role):
    one = colleague_of("lin", "viewer")

    with pytest.raises(RuleBroken, match="^role_not_lent$"):
        named(one, role)
    with pytest.raises(RuleBroken, match="^role_not_lent$"):
        named(one, "quality", role)

    assert all_deputies() == 0


@pytest.mark.parametrize(
    ("days", "roles", "code"),
    [
        ((TODAY - DAY, TODAY), ["quality"], "days_in_the_past"),
        ((TODAY + DAY, TODAY), ["quality"], "days_turned_round"),
        ((TODAY, TODAY + 400 * DAY), ["quality"], "days_too_many"),
        (DAYS, ["auditor"], "role_not_held"),
        (DAYS, [], "role_not_lent"),
    ],
)
def test_what_cannot_be_lent_changes_nothing(days, roles, code):
    one = colleague_of("lin", "viewer")

    with pytest.raises(RuleBroken, match=f"^{code}$"):
        named(one, *roles, days=days)

    assert all_deputies() == 0


def test_nobody_stands_in_for_himself_or_from_outside():
    with pytest.raises(RuleBroken, match="^deputy_is_another$"), as_actor(LIN):
        name_deputy(actor=LIN, person_id=LIN.person_id, stands_for_id=LIN.person_id, roles=["quality"], days=DAYS, now=NOW)
    for stranger in (actor("wu").person_id, uuid4()):
        with pytest.raises(Absent), as_actor(LIN):
            name_deputy(actor=LIN, person_id=stranger, stands_for_id=LIN.person_id, roles=["quality"], days=DAYS, now=NOW)

    assert all_deputies() == 0


def test_a_colleague_lends_his_own_work_but_takes_nobody_elses():
    one = colleague_of("lin", "staff")
    other = colleague_of("lin", "viewer", contact="two@demo.example", name="周二")
    staff = on_day(one, TODAY)

    named(other, "staff", by=staff, stands_for=one.pk)
    with pytest.raises(NotYours):
        named(one, "quality", by=staff)

    assert on_day(other, TODAY).roles == {"viewer", "staff"}
    assert on_day(one, TODAY).roles == {"staff"}


def test_naming_twice_is_naming_once_and_ending_is_at_once():
    one = colleague_of("lin", "viewer")
    first, again = named(one, "quality"), named(one, "quality")
    assert first.pk == again.pk

    with as_actor(LIN):
        ended = end_deputy(actor=LIN, deputy_id=first.pk, now=NOW)
        twice = end_deputy(actor=LIN, deputy_id=first.pk, now=NOW + DAY)

    assert ended.ended_at == twice.ended_at == NOW
    assert on_day(one, TODAY).roles == {"viewer"}


def test_another_firm_sees_and_ends_no_deputy():
    row = named(colleague_of("lin", "viewer"), "quality")
    wu = actor("wu")

    for missing in (row.pk, uuid4()):
        with pytest.raises(Absent), as_actor(wu):
            end_deputy(actor=wu, deputy_id=missing, now=NOW)

    assert all_deputies("wu") == 0
    with as_actor(LIN):
        assert Deputy.objects.get(pk=row.pk).ended_at is None


def test_the_record_says_for_whom_somebody_stood_in():
    one = colleague_of("lin", "viewer")
    named(one, "quality")
    deputy = on_day(one, TODAY)
    with as_actor(deputy):
        stream = open_stream(actor=deputy, owner_org_id=actor("chen").org_id, supplier_org_id=LIN.org_id, now=NOW)
        entry = append_entry(
            actor=deputy, stream=stream, kind="document_filed", subject_id=link_id("chen", "lin"), payload={"number": "1"}, now=NOW
        )
        text = RecordEntry.objects.select_related("payload").get(pk=entry.pk).payload.text

    assert '"stands_for":["林杼"]' in text


def test_both_see_the_deputy_on_the_page():
    today = timezone.localdate()
    one = colleague_of("lin", "viewer", since=today)
    with as_actor(LIN):
        name_deputy(
            actor=LIN, person_id=one.pk, stands_for_id=LIN.person_id, roles=["quality"], days=(today, today + DAY), now=timezone.now()
        )
    client = Client()
    with acting_as(Hat.LOBBY):
        client.force_login(one, backend="parties.sign_in.SignInBackend")
    client.cookies["django_language"] = "en"

    page = client.get("/firm/people/").content.decode()

    assert "stands in for" in page
    assert "Back again" in page
