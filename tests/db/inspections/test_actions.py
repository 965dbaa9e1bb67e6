"""A joint action: opened with each supplier's own figures, answered by it, closed by the chain owner."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import JointAction
from inspections.services.actions import ActionSaid, answer_action, close_action, open_actions
from records.models import RecordEntry
from suppliers.models import SupplyLink
from tests.agreed import NOW, todos
from tests.cast import actor, link_id
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
AIM = "线密度批间差偏大，请一起查原料与设备。"
SAID = ActionSaid("YRN-CNT", "GB/T 4743-2009", "tex", AIM, date(2026, 4, 1))


def opened(*suppliers: str, client_id=None, said=SAID, **words):
    with as_actor(actor("chen")):
        links = [SupplyLink.objects.get(pk=link_id("chen", supplier)) for supplier in suppliers]
        facts = {link.pk: {"lots": 6 + at, "readings": 18} for at, link in enumerate(links)}
        return open_actions(actor=actor("chen"), links=links, said=said, facts=facts, client_id=client_id or uuid4(), now=NOW, **words)


def test_each_supplier_reads_its_own_figures_and_no_word_of_the_other():
    opened("lin", "wu")

    seen = {}
    for who in ("lin", "wu", "fang"):
        with as_actor(actor(who)):
            seen[who] = [row.facts["lots"] for row in JointAction.objects.visible_to(actor(who))]

    assert seen == {"lin": [6], "wu": [7], "fang": []}
    assert todos("lin") == ["joint_action_to_answer"]


def test_the_same_form_twice_opens_once():
    once = uuid4()
    first, second = opened("lin", client_id=once), opened("lin", client_id=once)

    assert first[0].pk == second[0].pk
    with as_actor(actor("lin")):
        assert RecordEntry.objects.visible_to(actor("lin")).filter(kind="joint_action_opened").count() == 1


def test_it_is_answered_and_closed_and_nothing_said_can_change():
    (row,) = opened("lin")
    with as_actor(actor("lin")):
        row = answer_action(actor=actor("lin"), action=row, answer="换锭子后偏粗，3月10日已校正。", now=NOW)
        again = answer_action(actor=actor("lin"), action=row, answer="另一种说法，不应覆盖前一种。", now=NOW)
    assert (again.answer, again.state) == ("换锭子后偏粗，3月10日已校正。", "answered")
    with as_actor(actor("chen")):
        row = close_action(actor=actor("chen"), action=row, outcome="后续六批回到目标值附近。", now=NOW)
        kinds = list(RecordEntry.objects.visible_to(actor("chen")).filter(subject_id=row.pk).order_by("at", "id").values_list("kind", flat=True))
    assert sorted(kinds) == ["joint_action_answered", "joint_action_closed", "joint_action_opened"]
    with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
        JointAction.objects.filter(pk=row.pk).update(answer="改写")


def test_nobody_answers_for_the_supplier_and_a_viewer_opens_nothing():
    (row,) = opened("lin")
    with as_actor(actor("chen")), pytest.raises(RuleBroken) as refused:
        answer_action(actor=actor("chen"), action=row, answer="替供应商回答是不行的。", now=NOW)
    assert refused.value.code == "action_is_the_suppliers_to_answer"
    with as_actor(actor("wu")), pytest.raises(NotYours):
        answer_action(actor=actor("wu"), action=row, answer="别家的行动也不能回答。", now=NOW)
    with as_actor(actor("chen")):
        assert JointAction.objects.get(pk=row.pk).state == "open"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (ActionSaid("PH", "", "", "短", date(2026, 4, 1)), "action_needs_words"),
        (ActionSaid("PH", "", "", AIM, NOW.date()), "action_day_out_of_range"),
        (ActionSaid("PH", "", "", AIM, NOW.date() + timedelta(days=400)), "action_day_out_of_range"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stands(said, code):
    with pytest.raises(RuleBroken) as refused:
        opened("lin", said=said)
    assert refused.value.code == code
    with acting_as(Hat.CLOCK):
        assert not JointAction.objects.exists()


def test_the_pages_walk_from_the_comparison_to_the_closing(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    owner, supplier = signed_in("chen", "en"), signed_in("lin", "en")
    form = owner.get(f"/consistency/YRN-CNT/action/?link={link_id('chen', 'lin')}")
    assert form.status_code == 200 and "Yunzhu" in form.content.decode()

    said = {"link": str(link_id("chen", "lin")), "client_id": str(uuid4()), "aim": AIM, "due_on": "2026-04-01"}
    where = owner.post("/consistency/YRN-CNT/action/", said)["Location"]
    assert supplier.post(where, {"answer": "短"}).status_code == 422
    assert supplier.post(where, {"answer": "换锭子后偏粗，3月10日已校正。"}).status_code == 302
    assert "换锭子后偏粗" in owner.get(where).content.decode()
    assert owner.post(where, {"outcome": "后续六批回到目标值附近。"}).status_code == 302
    assert "Closed" in supplier.get("/actions/").content.decode()
    assert [signed_in(who).get(where).status_code for who in ("wu", "fang")] == [404, 404]


def test_a_line_of_another_owners_list_cannot_be_picked(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    said = {"link": str(link_id("fang", "wu")), "client_id": str(uuid4()), "aim": AIM, "due_on": "2026-04-01"}

    assert signed_in("chen").post("/consistency/YRN-CNT/action/", said).status_code == 422
    with acting_as(Hat.CLOCK):
        assert not JointAction.objects.exists()
