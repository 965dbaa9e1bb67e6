"""Somebody who only reads in the firm is shown no button that would be refused."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from suppliers.models import SupplyLink
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.db.parties.stage import colleague_of
from tests.world import invited

pytestmark = pytest.mark.django_db
EVERYBODYS = ("/hat/", "/language/", "/account/sign-out/", "/me/")
TO_CHANGE = re.compile(r"/(add|import|invite|bulk|twins|merge|approvals|chain|sharing|new|edit|retire|take-back|share)/(\?[^\"]*)?$")


def reader(who: str, *roles: str) -> Client:
    one, client = colleague_of(who, *roles, since=date(2026, 1, 6)), Client()
    with acting_as(Hat.LOBBY):
        client.force_login(one, backend="parties.sign_in.SignInBackend")
    return client


def offered(client: Client, address: str) -> set[str]:
    """What the main part of a page lets one press: where its forms are sent, where its buttons lead."""
    page = client.get(address)
    assert page.status_code == 200, address
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    sent = [re.search(r'action="([^"]*)"', form) for form in re.findall(r'<form[^>]*method="post"[^>]*>', main)]
    forms = {found[1] if found else address for found in sent}
    buttons = {href for href in re.findall(r'<a class="btn[^"]*" href="([^"]*)"', main) if TO_CHANGE.search(href)}
    return {each for each in forms | buttons if not each.startswith(EVERYBODYS)}


def owners_pages() -> list[str]:
    link, _token = invited("chen", now=timezone.now())
    with as_actor(actor("chen")):
        SupplyLink.objects.filter(pk=link_id("chen", "wu")).update(state="listed")
    lin = f"/suppliers/{link_id('chen', 'lin')}/"
    waiting = f"/suppliers/{link.pk}/"
    idle = f"/suppliers/{link_id('chen', 'wu')}/"
    return [
        "/suppliers/",
        "/suppliers/?query=nobody",
        lin,
        waiting,
        f"{waiting}invitation/",
        idle,
        f"{idle}invitation/",
        "/suppliers/invitations/",
    ]


def test_a_reader_of_a_chain_owner_is_offered_nothing_to_change():
    pages, one, chief = owners_pages(), reader("chen", "viewer"), signed_in("chen")

    assert {page: offered(one, page) for page in pages} == {page: set() for page in pages}
    assert all(offered(chief, page) for page in pages if "query" not in page)


def test_a_reader_with_an_empty_list_is_told_so_and_offered_nothing():
    with as_actor(actor("fang")):
        SupplyLink.objects.all().delete()
    page = reader("fang", "viewer").get("/suppliers/")

    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()


@pytest.mark.parametrize("address", ["/firm/", "/firm/sites/", "/firm/papers/"])
def test_a_reader_of_a_mill_is_offered_nothing_to_change(address):
    assert offered(reader("lin", "viewer"), address) == set()
    assert offered(signed_in("lin"), address) != set()


def test_who_files_may_change_the_list_but_not_invite():
    pages = owners_pages()
    said = offered(reader("chen", "staff"), pages[0])

    assert "/suppliers/add/" in said
    assert not [each for each in said if "/invitations/" in each]
