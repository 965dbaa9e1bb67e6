"""One person with several hats: each shows its own world and nothing of the others."""

from datetime import date

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.actor import Hat, as_actor
from parties.models import Membership
from suppliers.models import SupplyLink
from suppliers.services.invitations import invite
from tests.cast import BY_NAME, actor, key
from tests.clients import signed_in, with_token


def wear(client: Client, who: str, hat: str) -> None:
    assert client.post("/hat/", {"hat": f"{BY_NAME[who].org_id}:{hat}"})["Location"] == "/home/"


def worn(client: Client) -> tuple[str, list[str]]:
    """The firm that is acted for now, and how many hats there are to choose from."""
    nav = client.get("/home/").context["nav"]
    return nav["hat"]["org"], sorted(hat["id"] for hat in nav["hats"])


def status(client: Client, name: str, *args: object) -> int:
    return client.get(reverse(name, args=args)).status_code


def invited_by_chen(who: str) -> str:
    """The token of an invitation by Chen to the firm of one of the cast."""
    m, chen, now = BY_NAME[who], actor("chen"), timezone.now()
    with as_actor(chen):
        link = SupplyLink.objects.create(
            owner_org_id=chen.org_id, owner_name_zh=chen.org_name_zh, owner_name_en=chen.org_name_en, name_zh=m.org_zh, pinyin_key="x",
            uscc=m.uscc, created_at=now,
        )  # fmt: skip
        return invite(actor=chen, links=[link], now=now)[0][1]


def test_a_chain_owner_that_joins_another_chain_wears_either_hat(told):
    own = told["fang", "wu"]
    client, token = signed_in("fang", "en"), invited_by_chen("fang")

    shown = client.get(reverse("suppliers:join", args=[token]))
    accepted = client.post(reverse("suppliers:join_accept", args=[token]))

    assert shown.context["is_own"] is True
    assert [line["name"] for line in shown.context["will_see"]] == ["Yantang Apparel (demo)"]
    assert accepted["Location"] == reverse("suppliers:welcome")
    hats = sorted(f"{BY_NAME['fang'].org_id}:{hat}" for hat in ("owner", "supplier"))
    assert worn(client) == (BY_NAME["fang"].org_en, hats)
    # as a supplier: its own firm, and nothing of what it leads
    agreement = own.ids["agreement_id"]
    assert (status(client, "suppliers:welcome"), status(client, "suppliers:list"), status(client, "agreements:show", agreement)) == (
        200,
        403,
        404,
    )
    wear(client, "fang", "owner")
    assert (status(client, "suppliers:welcome"), status(client, "suppliers:list"), status(client, "agreements:show", agreement)) == (
        403,
        200,
        200,
    )


def serve_wu_too(valid_to: date | None = None) -> None:
    """Lin helps out in Wu's mill."""
    lin, wu = BY_NAME["lin"], actor("wu")
    with as_actor(wu):
        Membership.objects.create(
            person_id=lin.person_id, person_name=lin.name, org_id=wu.org_id, org_name_zh=wu.org_name_zh, org_name_en=wu.org_name_en,
            org_is_demo=True, role="quality", valid_from=date(2026, 2, 2), valid_to=valid_to,
        )  # fmt: skip


def test_a_person_in_two_firms_sees_one_at_a_time(told):
    ids = {who: told["chen", who].ids["agreement_id"] for who in ("lin", "wu")}
    serve_wu_too()
    client = signed_in("lin")

    assert worn(client)[0] == BY_NAME["lin"].org_zh
    assert [status(client, "agreements:show", ids[who]) for who in ("lin", "wu")] == [200, 404]
    wear(client, "wu", "supplier")
    assert worn(client)[0] == BY_NAME["wu"].org_zh
    assert [status(client, "agreements:show", ids[who]) for who in ("lin", "wu")] == [404, 200]
    with as_actor(actor("wu")):
        Membership.objects.filter(person_id=key("person", "lin")).update(valid_to=date(2026, 2, 3))
    assert worn(client)[0] == BY_NAME["lin"].org_zh


def test_a_key_stays_in_the_hat_it_was_made_in(told):
    serve_wu_too()
    headers = with_token("lin")
    client = signed_in("lin")
    wear(client, "wu", "supplier")

    told = client.get("/api/v1/me/", **headers).json()

    assert (told["hat"], told["firm"]["id"]) == (Hat.SUPPLIER.value, str(BY_NAME["lin"].org_id))
