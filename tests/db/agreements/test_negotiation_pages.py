"""Talking a text over in the browser without script, and by API: what is typed is kept, and strangers meet nothing."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from agreements.models import Comment, Proposal
from foundation.actor import Hat, acting_as
from tests.agreed import in_force, sent, signed_by
from tests.clients import signed_in, with_token
from tests.talked import answered, proposed, text_now

pytestmark = pytest.mark.django_db


def hidden(page):
    """The hidden fields of the form on a page, as a browser would send them."""
    body = page.content.decode()
    return dict(re.findall(r'<input type="hidden" name="(client_id|kind|base|seen)" value="([^"]*)"', body)) | dict.fromkeys(
        [name for name in ("seen", "base") if f'name="{name}" id' in body], ""
    )


def form_of(client, agreement, number, **query):
    page = client.get(reverse("agreements:propose", args=[agreement.pk, number]), query)
    assert page.status_code == 200
    return reverse("agreements:propose", args=[agreement.pk, number]), hidden(page), page


def all_proposals():
    with acting_as(Hat.CLOCK):
        return list(Proposal.objects.order_by("at", "id").values_list("side", "kind", "state", "note"))


def test_a_supplier_proposes_and_the_owner_reads_whose_turn_it_is_with_both_texts():
    agreement, lin, chen = sent(), signed_in("lin"), signed_in("chen", "en")
    assert "轮到您了" in lin.get(reverse("agreements:show", args=[agreement.pk])).content.decode()
    address, start, _ = form_of(lin, agreement, 1)

    for _ in range(2):  # a double click
        answer = lin.post(address, {**start, "lower": "2-3", "note": "三级做不到"})
        assert answer.status_code == 302

    assert all_proposals() == [("supplier", "change", "open", "三级做不到")]
    body = chen.get(reverse("agreements:talk", args=[agreement.pk])).content.decode()
    assert "Your turn" in body
    assert '<del><span class="vh">taken out: </span>3</del>' in body
    assert '<ins><span class="vh">put in: </span>2-3</ins>' in body
    assert "等对方处理" in lin.get(reverse("agreements:show", args=[agreement.pk])).content.decode()


def test_what_was_typed_stays_when_somebody_else_was_quicker():
    agreement, lin = sent(), signed_in("lin")
    address, start, _ = form_of(lin, agreement, 1)
    other = proposed("chen", agreement, params={"lower": "3-4"})

    answer = lin.post(address, {**start, "lower": "2-3", "note": "三级做不到"})

    assert answer.status_code == 422
    body = answer.content.decode()
    assert ("三级做不到" in body, "3-4 级" in body, f'value="{other.pk}"' in body) == (True, True, True)
    assert all_proposals() == [("owner", "change", "open", "")]
    assert lin.post(address, {**start, **hidden(answer), "lower": "2-3", "note": "三级做不到"}).status_code == 302
    assert [state for _, _, state, _ in all_proposals()] == ["countered", "open"]


def test_a_grade_that_is_none_is_said_on_its_field_and_nothing_is_kept():
    agreement, lin = sent(), signed_in("lin")
    address, start, _ = form_of(lin, agreement, 1)

    answer = lin.post(address, {**start, "lower": "6"})

    assert (answer.status_code, all_proposals()) == (422, [])
    assert 'value="6"' in answer.content.decode()


def test_a_clause_is_added_in_one_language_and_another_taken_out():
    agreement, lin = sent(), signed_in("lin")
    address, start, _ = form_of(lin, agreement, 2, kind="add")
    assert lin.post(address, {**start, "words": "每箱不超过 20 公斤。", "binds": "both"}).status_code == 302
    address, start, _ = form_of(lin, agreement, 2, kind="remove")
    assert lin.post(address, start).status_code == 302

    assert [(kind, state) for _, kind, state, _ in all_proposals()] == [("add", "open"), ("remove", "open")]
    assert "每箱不超过" in signed_in("chen", "en").get(reverse("agreements:talk", args=[agreement.pk])).content.decode()


def test_accepted_on_the_page_it_is_the_next_text_with_its_changes_and_a_second_click_is_one():
    agreement, chen, lin = sent(), signed_in("chen"), signed_in("lin")
    asked = proposed("lin", agreement)

    for _ in range(2):
        assert chen.post(reverse("agreements:accept", args=[asked.pk])).status_code == 302

    assert text_now(agreement)[0].number == 2
    body = lin.get(reverse("agreements:talk", args=[agreement.pk])).content.decode()
    assert ("与上一版相比的改动" in body, "2-3 级</ins>" in body, "核对并签署" in body or reverse("agreements:sign", args=[agreement.pk]) in body) == (True, True, True)


def test_a_refusal_is_said_above_the_text_as_it_stands():
    agreement, lin = sent(), signed_in("lin")
    asked = proposed("lin", agreement)

    answer = lin.post(reverse("agreements:accept", args=[asked.pk]))

    assert (answer.status_code, "由对方答复" in answer.content.decode()) == (422, True)
    assert all_proposals()[0][2] == "open"


def test_the_supplier_marks_says_and_finds_all_of_it_fine():
    agreement, lin, chen = sent(), signed_in("lin"), signed_in("chen")
    sha256 = text_now(agreement)[0].sha256
    fine, say = (reverse(f"agreements:{name}", args=[agreement.pk, 2]) for name in ("fine", "comment"))
    assert lin.post(fine).status_code == 302
    assert lin.post(say, {"text": "样品另寄", "client_id": uuid4()}).status_code == 302
    assert lin.post(say, {"text": "  ", "client_id": uuid4()}).status_code == 422
    assert "样品另寄" in chen.get(reverse("agreements:talk", args=[agreement.pk])).content.decode()

    assert lin.post(reverse("agreements:agree", args=[agreement.pk]), {"sha256": "0" * 64}).status_code == 422
    assert lin.post(reverse("agreements:agree", args=[agreement.pk]), {"sha256": sha256}).status_code == 302

    assert text_now(agreement)[0].state == "agreed"


def test_neither_page_nor_verb_is_there_for_another_firm():
    agreement = sent()
    asked = proposed("lin", agreement)
    for who in ("wu", "fang"):
        stranger = signed_in(who)
        pages = [("talk", [agreement.pk]), ("propose", [agreement.pk, 1])]
        verbs = [("accept", [asked.pk]), ("decline", [asked.pk]), ("withdraw", [asked.pk]), ("fine", [agreement.pk, 1])]
        assert {stranger.get(reverse(f"agreements:{name}", args=args)).status_code for name, args in pages} == {404}
        assert {stranger.post(reverse(f"agreements:{name}", args=args)).status_code for name, args in verbs} == {404}

    assert [state for _, _, state, _ in all_proposals()] == ["open"]


def test_there_is_nothing_to_talk_over_once_it_is_in_force():
    agreement, lin = in_force(), signed_in("lin")
    shown = reverse("agreements:show", args=[agreement.pk])

    assert lin.get(reverse("agreements:talk", args=[agreement.pk])).url == shown
    assert lin.get(reverse("agreements:propose", args=[agreement.pk, 1])).url == shown
    assert "逐条查看" not in lin.get(shown).content.decode()


def api(who, client, verb, path, body=None):
    headers = with_token(who)
    return client.generic(verb, f"/api/v1/{path}", json.dumps(body) if body is not None else "", content_type="application/json", **headers)


def test_programs_propose_counter_and_accept(client):
    agreement = sent()
    one = f"agreements/{agreement.pk}/"
    asked = api("lin", client, "POST", f"{one}clauses/1/proposals/", {"params": {"lower": "2-3"}, "note": "n"})
    assert (asked.status_code, asked.json()["params"]["lower"]) == (201, "2-3")
    again = api("chen", client, "POST", f"{one}clauses/1/proposals/", {"params": {"lower": "3-4"}})
    assert (again.status_code, again.json()["code"]) == (422, "clause_has_a_proposal")
    met = api("chen", client, "POST", f"proposals/{asked.json()['id']}/counter/", {"params": {"lower": "3-4"}})
    assert (met.status_code, met.json()["answers"]) == (201, asked.json()["id"])
    talk = api("lin", client, "GET", f"{one}negotiation/").json()
    assert (talk["turn"], talk["version"]) == ({"side": "supplier", "step": "agreement_to_answer"}, 1)

    taken = api("lin", client, "POST", f"proposals/{met.json()['id']}/accept/")

    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")
    assert api("lin", client, "GET", f"{one}negotiation/").json()["state"] == "agreed"
    assert api("wu", client, "GET", f"proposals/{met.json()['id']}/").status_code == 404
    assert api("wu", client, "POST", f"proposals/{met.json()['id']}/accept/").status_code == 404


def test_programs_talk_mark_and_agree(client):
    agreement = sent()
    one = f"agreements/{agreement.pk}/"
    said = api("chen", client, "POST", f"{one}clauses/2/comments/", {"text": "please look"})
    assert (said.status_code, said.json()["side"]) == (201, "owner")
    assert api("lin", client, "POST", f"{one}clauses/2/fine/").json()["kind"] == "fine"
    assert api("lin", client, "POST", f"comments/{said.json()['id']}/resolve/").json()["resolved_by"] == "林杼"
    asked = proposed("lin", agreement)
    assert api("chen", client, "POST", f"proposals/{asked.pk}/decline/", {"reply": "no"}).json()["reply"] == "no"
    assert api("chen", client, "POST", f"proposals/{asked.pk}/take-back/").json()["state"] == "open"
    assert api("lin", client, "POST", f"proposals/{asked.pk}/withdraw/").json()["state"] == "withdrawn"

    sha256 = text_now(agreement)[0].sha256
    assert api("lin", client, "POST", f"{one}agree/", {"sha256": sha256}).json()["state"] == "agreed"
    assert answered("lin", "withdraw", asked).state == "withdrawn"


def test_a_character_that_no_text_can_hold_is_left_out_and_breaks_nothing():
    agreement, lin, chen = sent(), signed_in("lin"), signed_in("chen")
    say = reverse("agreements:comment", args=[agreement.pk, 2])
    assert lin.post(say, {"text": "样品\x00另寄", "client_id": uuid4()}).status_code == 302
    assert lin.post(say, {"text": "\x00", "client_id": uuid4()}).status_code == 422
    asked = proposed("lin", agreement)

    assert chen.post(reverse("agreements:decline", args=[asked.pk]), {"reply": "暂不\x00改"}).status_code == 302

    with acting_as(Hat.CLOCK):
        assert list(Comment.objects.values_list("text", flat=True)) == ["样品另寄"]
        assert Proposal.objects.get(pk=asked.pk).reply == "暂不改"


def test_a_question_and_a_mark_go_along_into_the_next_text_and_end_with_it():
    agreement, lin, chen = sent(), signed_in("lin"), signed_in("chen", "en")
    for number in (1, 2):
        assert lin.post(reverse("agreements:fine", args=[agreement.pk, number])).status_code == 302
    assert lin.post(reverse("agreements:comment", args=[agreement.pk, 2]), {"text": "样品另寄", "client_id": uuid4()}).status_code == 302
    answered("chen", "accept", proposed("lin", agreement))
    assert text_now(agreement)[0].number == 2

    body = chen.get(reverse("agreements:talk", args=[agreement.pk])).content.decode()
    assert body.count("样品另寄") == 1
    assert body.count("The other side finds it fine.") == 1  # clause 2 alone: clause 1 reads otherwise now
    with acting_as(Hat.CLOCK):
        said = Comment.objects.get(kind="said")
    assert chen.post(reverse("agreements:resolve", args=[said.pk])).status_code == 302
    assert "样品另寄" not in chen.get(reverse("agreements:talk", args=[agreement.pk])).content.decode()


def test_who_has_signed_is_not_told_to_sign():
    agreement, lin = sent(), signed_in("lin")
    signed_by("lin", agreement)

    body = lin.get(reverse("agreements:show", args=[agreement.pk])).content.decode()

    assert ("您已签署，等对方签署。" in body, "您也可以先签" in body) == (True, False)
