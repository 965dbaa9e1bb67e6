"""Inviting many and the words at the door, as a browser without script gets them."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFilter

from foundation.actor import Hat, acting_as, as_actor
from suppliers.models import Paper
from suppliers.services.invitations import VALID_FOR, join_url
from suppliers.services.joining import decline
from tests.cast import actor
from tests.clients import signed_in
from tests.db.suppliers.stage import NOW, invited, listed, state_of

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]")
CODES = ("0DEM0N1000000000AC", "0DEM0N1000000000BF", "0DEM04E914JL3PWRKK")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    at = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: at[0])
    return at


def words(response) -> str:
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", " ", re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", body, flags=re.S))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole_in_both_languages(language, clock):
    for code in CODES:
        listed(uscc=code, name=f"宁波禾缕{code[-2:]}厂")
    chen = signed_in("chen", language)
    overview = reverse("suppliers:invitations")
    started = chen.post(reverse("suppliers:invite"), {"all": "1", "do": "invite", "query": "query=禾缕"})
    guest, (_, token) = Client(), invited("fang")
    guest.cookies["django_language"] = language
    pages = [
        (chen, overview),
        (chen, f"{overview}?query=禾缕"),
        (chen, started["Location"]),
        (guest, reverse("suppliers:join_not_us", args=[token])),
    ]
    for client, page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert bool(HAN.search(words(response))) == (language == "zh-hans"), (page, HAN.findall(words(response)))
    clock[0] = NOW + VALID_FOR + timedelta(days=1)
    chen = signed_in("chen", language)
    for page in (overview, reverse("suppliers:list")):
        assert ("已过期" if language == "zh-hans" else "ran out") in words(chen.get(page))


def test_all_that_match_are_invited_and_taken_away_on_paper():
    links = [listed(uscc=code, name=f"宁波禾缕{code[-2:]}厂") for code in CODES]
    chen = signed_in("chen", "en")

    page = chen.post(reverse("suppliers:invite"), {"all": "1", "do": "invite", "query": "query=禾缕"})["Location"]

    shown = chen.get(page).content.decode()
    assert "3 firms are invited." in shown
    files = re.findall(r'href="(/suppliers/invitations/[a-z]+\.(?:pdf|xlsx)[^"]*)"', shown)
    assert len(files) == 3
    posters, labels, sheet = (chen.get(file.replace("&amp;", "&")) for file in files)
    assert [posters.content[:5], labels.content[:5]] == [b"%PDF-", b"%PDF-"]
    rows = list(load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True))
    assert {row[1] for row in rows[1:]} == set(CODES)
    with as_actor(actor("chen")):
        urls = {join_url(link.invitations.get(revoked_at=None).pk) for link in links}
    assert {row[5] for row in rows[1:]} == urls
    assert chen.get(reverse("suppliers:poster_pdf", args=[links[0].pk])).content[:5] == b"%PDF-"


def test_papers_of_others_rounds_and_of_nobody_are_absent():
    listed(uscc=CODES[0])
    page = signed_in("chen").post(reverse("suppliers:invite"), {"all": "1", "do": "invite"})["Location"]
    round_id = page.rstrip("/").rsplit("/", 1)[1]
    fang = signed_in("fang")

    assert fang.get(page).status_code == 404
    for kind in ("posters", "labels", "links"):
        for query in ({"round": round_id}, {"round": "x"}, {"part": "9"}, {}):
            assert fang.get(reverse(f"suppliers:invitation_{kind}"), query).status_code == 404


def test_nobody_is_reminded_twice_by_two_presses():
    listed(uscc=CODES[0])
    chen = signed_in("chen", "en")
    chen.post(reverse("suppliers:invite"), {"all": "1", "do": "invite"})
    both = [chen.get(chen.post(reverse("suppliers:invite"), {"all": "1", "do": "remind"})["Location"]).content.decode() for _ in range(2)]

    assert "1 firm is reminded." in both[0]
    assert "0 firms are reminded." in both[1]


def test_whoever_is_not_meant_says_so_and_the_owner_corrects_the_number():
    invitation, token = invited()
    guest, chen = Client(), signed_in("chen", "en")
    guest.cookies["django_language"] = "zh-hans"

    done = guest.post(reverse("suppliers:join_not_us", args=[token]), {"why": "other_firm", "word": " 我们是禾缕针织 "})

    assert done.status_code == 200
    page = reverse("suppliers:invitation", args=[invitation.link_id])
    for seen in (page, reverse("suppliers:supplier", args=[invitation.link_id])):
        assert "我们是另一家企业。·我们是禾缕针织" in re.sub(r"<[^>]+>|\s", "", chen.get(seen).content.decode())
    wrong = chen.post(page, {"do": "correct", "contact": "何禾", "phone": "123"})
    assert (wrong.status_code, state_of(invitation.link_id).state) == (302, "declined")
    chen.post(page, {"do": "correct", "contact": "何禾", "phone": "19000000555"})
    link = state_of(invitation.link_id)
    assert (link.state, link.contact, link.phone) == ("invited", "何禾", "+8619000000555")
    assert guest.get(reverse("suppliers:join", args=[token])).status_code == 404


def test_a_person_who_was_not_meant_joins_with_the_right_invitation():
    _, wrong = invited()
    _, right = invited("fang", uscc=CODES[1], name="宁波禾缕针织厂")
    guest = Client()
    guest.post(reverse("suppliers:join_not_us", args=[wrong]))

    assert guest.get(reverse("suppliers:join", args=[right])).status_code == 200
    joined = guest.post(
        reverse("suppliers:join_account", args=[right]),
        {"nodes": "knitting", "name": "何禾", "contact": "19000000777", "password": "cotton-and-indigo"},
    )
    assert joined["Location"] == reverse("suppliers:welcome")


def test_an_invitation_is_taken_back_on_its_page():
    invitation, token = invited()
    chen = signed_in("chen")

    chen.post(reverse("suppliers:invitation", args=[invitation.link_id]), {"do": "revoke"})

    assert state_of(invitation.link_id).state == "listed"
    assert Client().get(reverse("suppliers:join", args=[token])).status_code == 404


def test_nobody_declines_by_looking():
    invitation, token = invited()
    Client().get(reverse("suppliers:join_not_us", args=[token]))
    assert state_of(invitation.link_id).state == "invited"


def licence(blur: int) -> SimpleUploadedFile:
    image = Image.new("RGB", (1400, 1000), (238, 232, 215))
    draw = ImageDraw.Draw(image)
    for row in range(12):
        draw.text((120, 80 + row * 70), "LICENCE 0DEM0N1000000000AC " * 2, fill=(30, 30, 30), font_size=36)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=88)
    return SimpleUploadedFile("licence.jpg", out.getvalue(), "image/jpeg")


def test_a_blurred_licence_is_kept_and_asked_for_again(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    lin, page = signed_in("lin", "en"), reverse("suppliers:welcome")
    soft = lin.post(page, {"file": licence(7), "client_id": "0a4b1f6e-1111-4a6e-9d1f-000000000001"})

    assert soft["Location"] == f"{page}?blurred=1"
    shown = lin.get(soft["Location"]).content.decode()
    assert "The photo looks blurred." in shown and "The licence is saved" in shown and 'href="/firm/"' in shown
    assert 'name="file"' in lin.get(page, {"again": "1"}).content.decode()
    sharp = lin.post(f"{page}?again=1", {"file": licence(0), "client_id": "0a4b1f6e-1111-4a6e-9d1f-000000000002"})

    assert sharp["Location"] == page
    with as_actor(actor("lin")):
        assert Paper.objects.visible_to(actor("lin")).filter(kind="business_licence").count() == 2


def test_declining_needs_no_word():
    _, token = invited()
    with acting_as(Hat.LOBBY):
        decline(token=token, now=NOW)
    assert Client().get(reverse("suppliers:join_not_us", args=[token])).status_code == 404
