"""Signing in by name, e-mail or phone; the lobby, the hat and the way back."""

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from parties.models import Person
from parties.services import issue_token, revoke_token
from tests.cast import PASSWORD, actor, key
from tests.clients import signed_in, with_token

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"


@pytest.fixture(autouse=True)
def lins_phone():
    with acting_as(Hat.LOBBY):
        Person.objects.filter(pk=key("person", "lin")).update(phone="+8619000000001")


def sign_in(login, password=PASSWORD):
    client = Client()
    response = client.post(SIGN_IN, {"login": login, "password": password})
    return client, response


@pytest.mark.parametrize("login", ["lin", "lin@demo.example", "LIN@demo.example", "19000000001", "+86 190-0000-0001"])
def test_a_person_signs_in_by_name_mail_or_phone(login):
    client, response = sign_in(login)

    assert (response.status_code, response["Location"]) == (302, "/home/")
    assert client.get("/home/").status_code == 200


@pytest.mark.parametrize(("login", "password"), [("lin", "wrong-password-1"), ("nobody", PASSWORD), ("", PASSWORD), ("lin", "")])
def test_a_wrong_pair_is_refused_in_the_same_words(login, password):
    client, response = sign_in(login, password)

    assert response.status_code == 200
    assert "sessionid" not in client.cookies
    assert client.get("/home/")["Location"] == "/account/sign-in/?next=/home/"


def test_after_too_many_wrong_tries_the_right_password_waits_too():
    for number in range(6):
        sign_in("lin", f"wrong-password-{number}")

    client, response = sign_in("lin")

    assert response.status_code == 200
    assert "sessionid" not in client.cookies
    assert sign_in("chen")[1].status_code == 302


def test_signing_out_ends_the_session():
    client, _ = sign_in("lin")

    assert client.post("/account/sign-out/").status_code == 302
    assert client.get("/home/").status_code == 302


def test_nobody_signs_up_by_themselves():
    assert Client().get("/account/sign-up/").status_code == 404


def test_after_a_request_the_test_is_without_a_hat_again():
    signed_in("lin").get("/home/")

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role')")
        assert cursor.fetchone()[0] == "qcc_hat_lobby"  # the lobby's own transaction is undone with the test's


def test_a_membership_that_has_ended_opens_nothing():
    client = signed_in("lin")
    with as_actor(actor("lin")):
        from parties.models import Membership

        Membership.objects.visible_to(actor("lin")).update(valid_to="2026-01-31")

    assert client.get("/suppliers/").status_code == 403
    assert client.get("/firm/").status_code == 403


def test_a_token_acts_in_its_hat_until_it_is_revoked():
    with as_actor(actor("chen")):
        token, secret = issue_token(actor=actor("chen"), name="erp", scopes=["read"], now=timezone.now())
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    first = Client().get("/api/v1/me/", **headers)
    with as_actor(actor("chen")):
        revoke_token(actor=actor("chen"), token_id=token.pk, now=timezone.now())
    second = Client().get("/api/v1/me/", **headers)

    assert (first.status_code, second.status_code) == (200, 401)
    assert token.hash != secret


def test_a_session_is_no_key_to_the_api_and_a_token_is_no_key_to_the_pages():
    assert signed_in("chen").get("/api/v1/me/").status_code == 401
    assert Client().get("/home/", **with_token("chen")).status_code == 302
