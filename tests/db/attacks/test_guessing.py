"""Nobody guesses a password by writing the same name in another way, through another port, or at another door."""

import pytest
from django.test import Client

from foundation.actor import Hat, acting_as
from parties.models import Person
from tests.cast import PASSWORD, key

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
WRONG = "wrong-password-1"


@pytest.fixture(autouse=True)
def lins_phone():
    with acting_as(Hat.LOBBY):
        Person.objects.filter(pk=key("person", "lin")).update(phone="+8619000000001")


def is_let_in(login, password=PASSWORD, **how):
    return Client().post(SIGN_IN, {"login": login, "password": password}, **how).status_code == 302


def test_wrong_tries_are_counted_by_person_however_the_name_is_written():
    for login in ("19000000001", "190 0000 0001", "190-0000-0001", "+86 19000000001", "LIN@demo.example"):
        assert not is_let_in(login, WRONG)

    assert not is_let_in("(190)00000001")
    assert not is_let_in("lin")
    assert is_let_in("chen")


def test_wrong_tries_are_counted_whatever_port_the_host_header_says():
    for port in range(1, 6):
        assert not is_let_in("lin", WRONG, HTTP_HOST=f"testserver:{port}")

    assert not is_let_in("lin", HTTP_HOST="testserver:6")


def test_a_dead_join_link_is_no_second_place_to_guess_passwords():
    door = "/join/no-such-token/account/"
    for _ in range(5):
        assert Client().post(door, {"contact": "lin@demo.example", "password": WRONG}).status_code == 404

    client = Client()
    answer = client.post(door, {"contact": "lin@demo.example", "password": PASSWORD})

    assert answer.status_code == 404
    assert "sessionid" not in client.cookies
    assert not is_let_in("lin")
