"""Who does what in a firm: invited once, roles by days, never without administrator and signatory, one chief quality officer."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from parties.models import ColleagueInvitation, CqoFacts, Membership, Person
from parties.selectors import colleague_by, token_hash
from parties.services import (
    ColleagueSaid,
    CqoSaid,
    accept_colleague,
    appoint_cqo,
    colleague_url,
    end_role,
    give_role,
    invite_colleague,
    revoke_colleague,
)
from parties.services.colleagues import colleague_token
from tests.cast import PASSWORD, actor, key
from tests.clients import signed_in
from tests.db.parties.stage import NOW, TODAY, colleague_of, on_day, person, roles_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIN = actor("lin")
SAID = ColleagueSaid("何经", "he@demo.example", ("quality", "staff"))


def invited(who="lin", said=SAID, now=NOW):
    with as_actor(actor(who)):
        row = invite_colleague(actor=actor(who), said=said, now=now)
    return row, colleague_token(row.pk)


def accepted(token, one=None, *, now=NOW, **said):
    with acting_as(Hat.LOBBY):
        return accept_colleague(token=token, person=one, now=now, **said)


def membership(who, role):
    with as_actor(actor(who)):
        return Membership.objects.visible_to(actor(who)).get(person_id=actor(who).person_id, role=role)


def refused(code):
    return pytest.raises(RuleBroken, match=f"^{code}$")


# ── the invitation ──


def test_a_newcomer_comes_in_with_the_roles_that_were_written():
    _row, token = invited()

    one = accepted(token, name="何经", password="cotton-on-indigo-9")

    assert (one.email, one.is_demo) == ("he@demo.example", True)
    assert roles_of("lin", one) == [("quality", TODAY, None), ("staff", TODAY, None)]
    found = on_day(one, TODAY)
    assert (found.org_id, found.hat, found.roles) == (LIN.org_id, Hat.SUPPLIER, {"quality", "staff"})


def test_somebody_who_signs_in_already_accepts_without_a_new_account():
    known, (_row, token) = person(), invited()

    accepted(token, known)

    assert roles_of("lin", known) == [("quality", TODAY, None), ("staff", TODAY, None)]
    with acting_as(Hat.LOBBY):
        assert Person.objects.filter(email="he@demo.example").count() == 1


def test_the_token_is_derived_and_only_its_hash_is_kept():
    row, token = invited()

    assert row.token_hash == token_hash(token)
    assert token in colleague_url(row.pk)
    with as_actor(LIN):
        assert token not in str(ColleagueInvitation.objects.filter(pk=row.pk).values())


@pytest.mark.parametrize("spoilt", ["used", "closed", "old", "unknown", "renewed"])
def test_an_invitation_that_is_over_opens_nothing(spoilt):
    row, token = invited()
    later = NOW
    if spoilt == "used":
        accepted(token, person())
    elif spoilt == "closed":
        with as_actor(LIN):
            revoke_colleague(actor=LIN, invitation_id=row.pk, now=NOW)
    elif spoilt == "old":
        later = NOW + 8 * DAY
    elif spoilt == "renewed":
        invited(now=NOW + timedelta(minutes=1))
    else:
        token = "no-such-token"

    with acting_as(Hat.LOBBY):
        assert colleague_by(token, now=later) is None
    with refused("colleague_over"):
        accepted(token, name="另一人", password="cotton-on-indigo-9", now=later)
    with acting_as(Hat.LOBBY):
        assert not Person.objects.filter(name="另一人").exists()


def test_nobody_comes_in_by_a_link_made_for_another_contact():
    other, (_row, token) = person("someone@demo.example", "别人"), invited()

    with refused("colleague_is_another"):
        accepted(token, other)
    with acting_as(Hat.LOBBY), connection.cursor() as cursor:
        cursor.execute("select colleague_take(%s, %s, %s)", [token_hash(token), other.pk, NOW])
        assert cursor.fetchone()[0] is None

    assert roles_of("lin", other) == []


def test_an_invitation_of_somebody_who_was_dismissed_opens_nothing():
    boss = colleague_of("lin", "org_admin", contact="boss@demo.example", since=TODAY - DAY)
    theirs = on_day(boss, TODAY)
    with as_actor(theirs):
        row = invite_colleague(actor=theirs, said=SAID, now=NOW)
    with as_actor(LIN):
        end_role(actor=LIN, membership_id=Membership.objects.get(person_id=boss.pk).pk, last_day=TODAY - DAY, now=NOW)

    with refused("colleague_over"):
        accepted(colleague_token(row.pk), person())


@pytest.mark.parametrize("roles", [(), ("king",), ("quality", "king"), ("cqo",)])
def test_an_invitation_names_roles_that_can_be_given(roles):
    with pytest.raises(RuleBroken), as_actor(LIN):
        invite_colleague(actor=LIN, said=replace(SAID, roles=roles), now=NOW)
    with as_actor(LIN):
        assert not ColleagueInvitation.objects.exists()


@pytest.mark.parametrize("roles", [{"quality"}, {"cqo"}, {"viewer"}, {"staff", "auditor"}])
def test_whoever_neither_administers_nor_signs_takes_nobody_in(roles):
    one = replace(LIN, roles=frozenset(roles))

    with as_actor(one):
        with pytest.raises(NotYours):
            invite_colleague(actor=one, said=SAID, now=NOW)
        with pytest.raises(NotYours):
            give_role(actor=one, person_id=LIN.person_id, role="staff", valid_from=TODAY, now=NOW)
        with pytest.raises(NotYours):
            end_role(actor=one, membership_id=membership("lin", "cqo").pk, last_day=TODAY, now=NOW)
        assert not ColleagueInvitation.objects.exists()


def test_no_hat_reads_another_firms_invitations_and_the_lobby_reads_none_without_its_token():
    invited()

    with as_actor(actor("wu")):
        assert not ColleagueInvitation.objects.exists()
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(Hat.LOBBY):
        list(ColleagueInvitation.objects.all())


# ── roles ──


def test_a_role_is_given_from_a_day_on_and_given_again_it_is_the_same():
    one = colleague_of("lin", "staff")
    with as_actor(LIN):
        first = give_role(actor=LIN, person_id=one.pk, role="quality", valid_from=TODAY + DAY, valid_to=TODAY + 5 * DAY, now=NOW)
        again = give_role(actor=LIN, person_id=one.pk, role="quality", valid_from=TODAY + DAY, valid_to=TODAY + 5 * DAY, now=NOW)

    assert first.pk == again.pk
    assert on_day(one, TODAY).roles == {"staff"}
    assert on_day(one, TODAY + DAY).roles == {"staff", "quality"}
    assert on_day(one, TODAY + 6 * DAY).roles == {"staff"}


def test_a_role_ends_with_its_last_day_and_stays_in_the_list():
    one = colleague_of("lin", "staff", "quality", since=TODAY - 3 * DAY)
    with as_actor(LIN):
        row = Membership.objects.get(person_id=one.pk, role="quality")
        end_role(actor=LIN, membership_id=row.pk, last_day=TODAY, now=NOW)

    assert on_day(one, TODAY).roles == {"staff", "quality"}
    assert on_day(one, TODAY + DAY).roles == {"staff"}
    assert roles_of("lin", one) == [("quality", TODAY - 3 * DAY, TODAY), ("staff", TODAY - 3 * DAY, None)]


@pytest.mark.parametrize(("role", "code"), [("org_admin", "last_administrator"), ("signatory", "last_signatory")])
def test_the_last_administrator_and_the_last_signatory_stay(role, code):
    row = membership("lin", role)

    with refused(code), as_actor(LIN):
        end_role(actor=LIN, membership_id=row.pk, last_day=TODAY, now=NOW)

    assert membership("lin", role).valid_to is None


def test_the_role_may_end_once_somebody_else_holds_it_without_an_end():
    one = colleague_of("lin", "org_admin")
    row = membership("lin", "org_admin")
    with as_actor(LIN):
        end_role(actor=LIN, membership_id=row.pk, last_day=TODAY, now=NOW)

    assert membership("lin", "org_admin").valid_to == TODAY
    with refused("last_administrator"), as_actor(LIN):
        end_role(actor=LIN, membership_id=Membership.objects.get(person_id=one.pk).pk, last_day=TODAY, now=NOW)


def test_nobody_raises_himself_without_being_administrator():
    one = colleague_of("lin", "signatory")
    signer = on_day(one, TODAY)
    with as_actor(signer):
        with pytest.raises(NotYours):
            give_role(actor=signer, person_id=one.pk, role="org_admin", valid_from=TODAY, now=NOW)
        with pytest.raises(NotYours):
            invite_colleague(actor=signer, said=replace(SAID, roles=("org_admin",)), now=NOW)

    assert roles_of("lin", one) == [("signatory", TODAY, None)]


@pytest.mark.parametrize(
    ("role", "first", "last", "code"),
    [
        ("cqo", 0, None, "cqo_is_appointed"),
        ("king", 0, None, "role_unknown"),
        ("staff", -1, None, "days_in_the_past"),
        ("staff", 3, 2, "days_turned_round"),
    ],
)
def test_a_role_that_cannot_be_given_changes_nothing(role, first, last, code):
    one = colleague_of("lin", "viewer")

    with refused(code), as_actor(LIN):
        give_role(actor=LIN, person_id=one.pk, role=role, valid_from=TODAY + first * DAY, valid_to=last and TODAY + last * DAY, now=NOW)

    assert roles_of("lin", one) == [("viewer", TODAY, None)]


def test_another_firms_people_and_roles_are_absent():
    theirs = membership("wu", "cqo")

    with as_actor(LIN):
        for missing in (theirs.pk, uuid4()):
            with pytest.raises(Absent):
                end_role(actor=LIN, membership_id=missing, last_day=TODAY, now=NOW)
        for missing in (actor("wu").person_id, uuid4()):
            with pytest.raises(Absent):
                give_role(actor=LIN, person_id=missing, role="staff", valid_from=TODAY, now=NOW)

    assert membership("wu", "cqo").valid_to is None


# ── the chief quality officer ──

CQO = CqoSaid(appointed_on=TODAY, years_in_quality=7, education="bachelor", training_certificate="CQO-330200-0001")


def test_a_signatory_appoints_and_whoever_was_it_hands_over():
    one = colleague_of("lin", "quality")
    with as_actor(LIN):
        facts = appoint_cqo(actor=LIN, person_id=one.pk, said=CQO, now=NOW)
        again = appoint_cqo(actor=LIN, person_id=one.pk, said=CQO, now=NOW)

    assert facts.pk == again.pk
    assert (facts.appointed_by, facts.years_in_quality, facts.education) == ("林杼", 7, "bachelor")
    assert on_day(one, TODAY).roles == {"quality", "cqo"}
    assert membership("lin", "cqo").valid_to == TODAY - DAY


def test_an_administrator_who_does_not_sign_appoints_nobody():
    one = replace(LIN, roles=frozenset({"org_admin"}))
    with pytest.raises(NotYours), as_actor(one):
        appoint_cqo(actor=one, person_id=LIN.person_id, said=CQO, now=NOW)
    with as_actor(LIN):
        assert not CqoFacts.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"education": "guru"}, "education_unknown"),
        ({"years_in_quality": 99}, "years_unlikely"),
        ({"appointed_on": TODAY + DAY}, "days_in_the_future"),
    ],
)
def test_an_appointment_rests_on_facts(change, code):
    one = colleague_of("lin", "quality")
    with refused(code), as_actor(LIN):
        appoint_cqo(actor=LIN, person_id=one.pk, said=replace(CQO, **change), now=NOW)

    assert roles_of("lin", one) == [("quality", TODAY, None)]
    assert membership("lin", "cqo").valid_to is None


# ── pages ──


def test_the_page_shows_people_roles_and_days_in_both_languages():
    chinese = signed_in("lin").get("/firm/people/")
    english = signed_in("chen", "en").get("/firm/people/")

    assert "林杼" in chinese.content.decode()
    assert "首席质量官" in chinese.content.decode()
    assert "Add a colleague" in english.content.decode()


def test_a_reader_sees_the_page_without_anything_to_press():
    one = colleague_of("lin", "viewer", since=timezone.localdate())
    client = Client()
    with acting_as(Hat.LOBBY):
        client.force_login(one, backend="parties.sign_in.SignInBackend")

    page = client.get("/firm/people/")

    assert page.status_code == 200
    assert page.context["may_file"] is False
    assert b"/firm/people/invite/" not in page.content
    assert client.post("/firm/people/invite/", {"name": "x", "contact": "x@demo.example", "roles": "staff"}).status_code == 403


@pytest.mark.parametrize(("roles", "offered"), [(("viewer",), False), (("staff",), False), (("quality",), True)])
def test_a_button_that_would_be_refused_is_not_offered(roles, offered):
    one = colleague_of("chen", *roles, since=timezone.localdate())
    client = Client()
    with acting_as(Hat.LOBBY):
        client.force_login(one, backend="parties.sign_in.SignInBackend")

    page = client.get("/agreements/").content.decode()

    assert ('href="/agreements/new/' in page) is offered


def test_a_colleague_comes_in_by_the_pages_from_invitation_to_first_page():
    boss, newcomer = signed_in("lin"), Client()
    made = boss.post("/firm/people/invite/", {"name": "何经", "contact": "190 0000 0077", "roles": ["quality"]}, follow=True)
    address = made.context["url"].split("//", 1)[1].partition("/")[2]

    asked = newcomer.get(f"/{address}")
    joined = newcomer.post(f"/{address}", {"name": "何经", "password": "cotton-on-indigo-9"}, follow=True)

    assert made.status_code == asked.status_code == joined.status_code == 200
    assert "+86190****0077" in asked.content.decode() or "+86190" in asked.content.decode()
    assert joined.wsgi_request.actor.org_id == LIN.org_id
    assert newcomer.get(f"/{address}").status_code == 404


def test_the_appointment_is_a_paper_to_print():
    client = signed_in("lin", "en")
    said = {"person": str(key("person", "lin")), "appointed_on": "2026-01-05", "education": "college", "years_in_quality": "9"}

    page = client.post("/firm/people/cqo/", said, follow=True)

    assert page.status_code == 200
    assert "Appointment of the chief quality officer" in page.content.decode()
    assert PASSWORD not in page.content.decode()
