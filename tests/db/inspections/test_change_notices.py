"""Change notices: each customer with a clause answers for itself and learns nothing of the others."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from agreements.models import Obligation
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import ChangeNotice, ChangeReply
from inspections.services.change_notices import (
    ChangeSaid,
    answer_change,
    change_draft,
    draft_change,
    lapse_reply,
    make_effective,
    send_change,
    withdraw_change,
)
from inspections.tasks_decisions import tick
from records.models import EvidenceShare
from tests.agreed import NOW, at, in_force, todos
from tests.cast import actor
from tests.clients import signed_in
from tests.world import photo

pytestmark = pytest.mark.django_db
SAID = ChangeSaid("material", "针织面料 40S", "原料：甲纺 40S 精梳纱", "原料：乙纺 40S 精梳纱", date(2026, 3, 20))


def drafted(who="wu", said=SAID, client_id=None):
    with as_actor(actor(who)):
        return draft_change(actor=actor(who), said=said, client_id=client_id or uuid4(), now=NOW)


def sent(who="wu", **words):
    row = drafted(who, **words)
    with as_actor(actor(who)):
        return send_change(actor=actor(who), change=row, now=NOW)


def reply(owner, row):
    with as_actor(actor(owner)):
        return ChangeReply.objects.visible_to(actor(owner)).get(change_id=row.pk)


def answered(owner, row, answer, why="", now=NOW):
    one = reply(owner, row)
    with as_actor(actor(owner)):
        return answer_change(actor=actor(owner), reply=one, answer=answer, why=why, now=now)


def both():
    in_force("chen", "wu")
    in_force("fang", "wu")


def test_every_customer_with_a_clause_is_told_and_sees_itself_only():
    both()
    once = uuid4()
    row, again = sent(client_id=once), sent(client_id=once)
    assert row.pk == again.pk
    for owner, other in (("chen", ("鹿岑", "Lucen")), ("fang", ("砚棠", "Yantang"))):
        one = reply(owner, row)
        assert (one.state, one.owner_org_id) == ("waiting", actor(owner).org_id)
        assert "change_to_answer" in todos(owner)
        with as_actor(actor(owner)):
            assert not ChangeNotice.objects.visible_to(actor(owner)).exists()
            duty = Obligation.objects.visible_to(actor(owner)).get(kind="change_answer")
        assert duty.due_on == one.due_on
        client = signed_in(owner, "en")
        for path in (f"/changes/told/{one.pk}/", "/changes/", "/changes/export.csv", "/inbox/"):
            page = client.get(path).content.decode()
            assert not [name for name in (*other, str(row.pk), " of 2") if name in page], path
        assert client.get(f"/changes/{row.pk}/").status_code == 403
    foreign = reply("fang", row)
    assert [signed_in(who).get(f"/changes/told/{foreign.pk}/").status_code for who in ("chen", "lin", "wu", "fang")] == [404, 404, 200, 200]
    page = signed_in("wu", "en").get(f"/changes/{row.pk}/").content.decode()
    assert "Yantang" in page and "Lucen" in page


def test_it_holds_once_everybody_has_answered_or_let_the_days_run_out():
    both()
    row, wu = sent(), actor("wu")
    answered("chen", row, "accepted_with_trial", "先做 50 米试样。")
    with as_actor(wu), pytest.raises(RuleBroken) as broken:
        make_effective(actor=wu, change=row, now=at(date(2026, 3, 20)))
    assert broken.value.code == "change_waits"
    late = reply("fang", row)
    last = at(late.due_on)
    assert not lapse_reply(reply=late, now=last)
    assert tick(last + timedelta(days=1)) >= 1
    assert reply("fang", row).state == "lapsed"
    assert "change_may_start" in todos("wu")
    with as_actor(wu):
        day = max(late.due_on + timedelta(days=1), SAID.planned_on)
        assert make_effective(actor=wu, change=row, now=at(day)).effective_on == day
        assert make_effective(actor=wu, change=row, now=at(day)).effective_on == day
    assert {reply(owner, row).effective_on for owner in ("chen", "fang")} == {day}
    with pytest.raises(RuleBroken) as broken:
        answered("fang", row, "refused", "现在才说不行。")
    assert broken.value.code == "change_answered_already"


def test_a_customer_who_refused_keeps_what_it_had():
    both()
    row, wu = sent(), actor("wu")
    answered("chen", row, "refused", "新纱强力不足。")
    answered("fang", row, "accepted")
    with as_actor(wu):
        with pytest.raises(RuleBroken) as broken:
            make_effective(actor=wu, change=row, now=at(date(2026, 3, 19)))
        assert broken.value.code == "change_day_is_to_come"
        make_effective(actor=wu, change=row, now=at(date(2026, 3, 20)))
    assert (reply("chen", row).effective_on, reply("fang", row).effective_on) == (None, date(2026, 3, 20))
    with as_actor(actor("chen")):
        assert Obligation.objects.visible_to(actor("chen")).get(kind="change_answer").met_on == NOW.date()


def test_the_first_answer_stands_and_others_cannot_give_it():
    both()
    row = sent()
    one = reply("chen", row)
    for who, error in (("fang", NotYours), ("wu", RuleBroken)):
        with as_actor(actor(who)), pytest.raises(error):
            answer_change(actor=actor(who), reply=one, answer="accepted", now=NOW)
    for answer, why, code in (("perhaps", "", "change_answer_unknown"), ("refused", "", "words_needed"), ("lapsed", "", "change_answer_unknown")):
        with pytest.raises(RuleBroken) as broken:
            answered("chen", row, answer, why)
        assert broken.value.code == code
    assert reply("chen", row).state == "waiting"
    answered("chen", row, "accepted")
    answered("chen", row, "accepted")
    with pytest.raises(RuleBroken):
        answered("chen", row, "refused", "又改主意。")
    with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
        ChangeReply.objects.filter(pk=one.pk).update(state="refused", why="改写")
    with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
        ChangeNotice.objects.filter(pk=row.pk).update(settled_on=NOW.date())
    assert reply("chen", row).state == "accepted"


def test_what_was_told_stays_and_a_draft_is_its_firms_own():
    row = drafted()
    with as_actor(actor("wu")), pytest.raises(RuleBroken) as broken:
        send_change(actor=actor("wu"), change=row, now=NOW)
    assert broken.value.code == "nobody_to_tell"
    both()
    with as_actor(actor("wu")):
        row = change_draft(actor=actor("wu"), change=row, said=ChangeSaid("method", *(SAID.products, SAID.was, "退浆改为酶法"), SAID.planned_on), now=NOW)
        send_change(actor=actor("wu"), change=row, now=NOW)
        with pytest.raises(RuleBroken) as broken:
            change_draft(actor=actor("wu"), change=row, said=SAID, now=NOW)
        assert broken.value.code == "change_is_sent"
        with pytest.raises(DatabaseError), transaction.atomic():
            ChangeNotice.objects.filter(pk=row.pk).update(becomes="改写")
        assert withdraw_change(actor=actor("wu"), change=row, now=NOW).state == "withdrawn"
    assert [reply(owner, row).state for owner in ("chen", "fang")] == ["withdrawn", "withdrawn"]
    assert "change_to_answer" not in todos("chen")
    with as_actor(actor("chen")):
        duty = Obligation.objects.visible_to(actor("chen")).get(kind="change_answer")
    assert (duty.met_on, duty.void_at) == (None, NOW)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (ChangeSaid("brand", "纱", "甲纺", "乙纺", date(2026, 3, 20)), "change_words_needed"),
        (ChangeSaid("method", " ", "甲纺", "乙纺", date(2026, 3, 20)), "change_words_needed"),
        (ChangeSaid("method", "针织", "甲纺", "乙纺", NOW.date()), "change_day"),
        (ChangeSaid("method", "针织", "甲纺", "乙纺", date(2027, 4, 20)), "change_day"),
    ],
)
def test_a_change_that_cannot_be_is_refused(said, code):
    with pytest.raises(RuleBroken) as broken:
        drafted(said=said)
    assert broken.value.code == code
    with acting_as(Hat.CLOCK):
        assert not ChangeNotice.objects.exists()


def test_the_pages_walk_from_the_draft_to_the_answer(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    both()
    supplier, owner = signed_in("wu", "en"), signed_in("chen", "en")
    said = {"client_id": str(uuid4()), "kind": "machine", "products": "针织面料", "was": "8 号圆机", "becomes": "12 号圆机", "planned_on": "2026-03-20"}
    assert supplier.post("/changes/new/", {**said, "was": ""}).status_code == 422
    where = supplier.post("/changes/new/", said)["Location"]
    assert "Yantang" in supplier.get(where).content.decode()
    assert supplier.post(where, {"do": "send"}).status_code == 302
    page = owner.get("/changes/?state=waiting&kind=machine").content.decode()
    assert "针织面料" in page
    with as_actor(actor("chen")):
        told = f"/changes/told/{ChangeReply.objects.visible_to(actor('chen')).get().pk}/"
    assert owner.post(told, {"do": "refused", "why": ""}).status_code == 422
    assert owner.post(told, {"do": "accepted_with_trial", "why": "先打一匹。"}).status_code == 302
    assert "先打一匹" in supplier.get(where).content.decode()
    assert [signed_in("wu").get(path).status_code for path in ("/changes/", "/changes/export.csv", "/changes/export.xlsx", f"{where}edit/")] == [200, 200, 200, 302]


def test_a_photo_is_shown_to_those_who_are_told_and_to_nobody_else(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    in_force("chen", "wu")
    supplier = signed_in("wu", "en")
    file = SimpleUploadedFile("机器.jpg", photo().read_bytes(), "image/jpeg")
    said = {"client_id": str(uuid4()), "kind": "machine", "products": "针织面料", "was": "8 号圆机", "becomes": "12 号圆机", "planned_on": "2026-03-20", "file": file}
    where = supplier.post("/changes/new/", said)["Location"]
    assert supplier.post(where, {"do": "send"}).status_code == 302
    with as_actor(actor("chen")):
        told = ChangeReply.objects.visible_to(actor("chen")).get()
        share = EvidenceShare.objects.visible_to(actor("chen")).get(evidence_id=told.photo_id)
    assert f"/evidence/shared/{share.pk}/file/" in signed_in("chen").get(f"/changes/told/{told.pk}/").content.decode()
    assert f"/evidence/{told.photo_id}/file/" in supplier.get(where).content.decode()
    assert [signed_in(who).get(f"/evidence/shared/{share.pk}/file/").status_code for who in ("chen", "fang")] == [302, 404]
