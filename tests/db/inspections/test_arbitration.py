"""Arbitration: a laboratory of neither side tests a blind sample, and its verdict binds both; a finding follows a lot that was refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from audits.models import Finding
from audits.services import ActionWords, Observation, answer_finding, raise_finding_of_lot, verify_action
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import Arbitration, ArbitrationSample, Lot
from inspections.selectors.decisions import arbitration_for, sample_for_lab
from inspections.services.arbitration import (
    ArbitrationSaid,
    ask_arbitration,
    decide_sample,
    decline_sample,
    say_verdict,
    take_sample,
    withdraw_arbitration,
)
from inspections.services.decisions import DecisionSaid, decide_lot
from inspections.services.lots import move_lot
from notices.models import Notification
from tests.agreed import NOW, in_force, todos
from tests.cast import actor
from tests.clients import signed_in
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
MEI = actor("mei").org_id


def step(who, lot, kind, why_code, *, now=LATER):
    with as_actor(actor(who)):
        return decide_lot(actor=actor(who), lot=lot, said=DecisionSaid(kind, why_code=why_code), client_id=uuid4(), now=now)


def held(**words):
    lot = move_lot(a_lot(**words), Lot.State.INSPECTING, now=NOW)
    step("lin", lot, "hold", "out_of_limits")
    return lot


def asked(lot, *, who="chen", lab=MEI, client_id=None, now=LATER):
    with as_actor(actor(who)):
        said = ArbitrationSaid("PH", "双方测得的 pH 不一致。", edition="GB/T 7573-2009", lab_org_id=lab)
        return ask_arbitration(actor=actor(who), lot=lot, said=said, client_id=client_id or uuid4(), now=now)


def sample(row):
    with as_actor(actor("mei")):
        return sample_for_lab(actor("mei"), row.pk)


def state(lot):
    with acting_as(Hat.CLOCK):
        return Lot.objects.get(pk=lot.pk).state


def decided(row, verdict):
    with as_actor(actor("mei")):
        take_sample(actor=actor("mei"), sample=sample(row), now=LATER)
        return decide_sample(actor=actor("mei"), sample=sample(row), verdict=verdict, why="实测 pH 6.4，报告 A-1。", now=LATER + timedelta(hours=1))


def test_the_laboratory_sees_a_code_and_never_a_name():
    in_force()
    lot = held()
    row = asked(lot)

    with as_actor(actor("mei")):
        assert not Arbitration.objects.visible_to(actor("mei")).exists()
        assert not Lot.objects.visible_to(actor("mei")).exists()
        seen = ArbitrationSample.objects.visible_to(actor("mei")).get()
    assert (seen.product, seen.characteristic_code, seen.bounds["upper"]) == ("羊绒针织纱 2/26Nm", "PH", "8.5")
    for path in (f"/arbitrations/{row.pk}/", "/arbitrations/", "/inbox/", "/"):
        page = signed_in("mei", "en").get(path, follow=True).content.decode()
        for name in ("砚棠", "Yantang", "云杼", "Yunzhu", lot.lot_no, "陈棠", "林杼", str(lot.pk)):
            assert name not in page, (path, name)
    assert row.sample_code in signed_in("mei", "en").get("/arbitrations/").content.decode()
    assert [signed_in(who).get(f"/arbitrations/{row.pk}/").status_code for who in ("chen", "lin", "wu", "fang", "zhou")] == [200, 200, 404, 404, 403]


@pytest.mark.parametrize(("verdict", "stands"), [("meets", "released"), ("fails", "not_accepted")])
def test_the_verdict_binds_both_and_beats_an_officers_hold(verdict, stands):
    lot = held()
    row = asked(lot)
    with as_actor(actor("mei")), pytest.raises(RuleBroken) as broken:
        decide_sample(actor=actor("mei"), sample=sample(row), verdict=verdict, why="尚未收样。", now=LATER)
    assert (broken.value.code, state(lot)) == ("arbitration_not_taken", "held")
    assert decided(row, verdict).verdict == verdict

    assert state(lot) == stands
    told = {}
    with acting_as(Hat.CLOCK):
        for line in Notification.objects.filter(kind="arbitration_decided", subject_id=row.pk):
            told[line.org_id] = line.at
    assert set(told) == {actor("chen").org_id, actor("lin").org_id} and len(set(told.values())) == 1
    with as_actor(actor("mei")), pytest.raises(RuleBroken) as broken:
        decide_sample(actor=actor("mei"), sample=sample(row), verdict="fails" if verdict == "meets" else "meets", why="改主意了。", now=LATER)
    assert (broken.value.code, state(lot)) == ("arbitration_is_over", stands)
    assert "arbitration_to_test" not in todos("mei")
    with pytest.raises(RuleBroken) as broken:
        asked(lot, who="lin")
    assert broken.value.code == ("arbitration_not_from_here" if stands == "released" else "arbitration_is_over")


def test_a_lot_that_was_not_accepted_is_released_by_arbitration_only():
    lot = move_lot(a_lot(), Lot.State.INSPECTING, now=NOW)
    step("chen", lot, "not_accept", "out_of_limits")
    with pytest.raises(DatabaseError), acting_as(Hat.CLOCK), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(state="released", state_since=LATER)
    decided(asked(lot, who="lin"), "meets")
    assert state(lot) == "released"


def test_what_cannot_be_asked_is_refused_and_the_same_is_asked_once():
    lot = move_lot(a_lot(), Lot.State.INSPECTING, now=NOW)
    for wrong, code in ((lot, "arbitration_not_from_here"), (a_lot("OWN-1", owner=None), "arbitration_not_from_here")):
        with pytest.raises(RuleBroken) as broken:
            asked(wrong, who="lin")
        assert broken.value.code == code
    step("lin", lot, "hold", "colour")
    for lab, code in ((actor("wu").org_id, "laboratory_unknown"), (actor("lin").org_id, "laboratory_unknown"), (None, "laboratory_unknown")):
        with pytest.raises(RuleBroken) as broken:
            asked(lot, lab=lab)
        assert broken.value.code == code
    with acting_as(Hat.CLOCK):
        assert not Arbitration.objects.exists()
    once = uuid4()
    assert asked(lot, client_id=once).pk == asked(lot, client_id=once).pk
    with pytest.raises(RuleBroken) as broken:
        asked(lot)
    assert broken.value.code == "arbitration_asked_already"


def test_another_laboratory_and_a_side_decide_nothing():
    row = asked(held())
    one = sample(row)
    for who in ("chen", "lin", "zhou"):
        with as_actor(actor(who)), pytest.raises(NotYours):
            take_sample(actor=actor(who), sample=one, now=LATER)
    with as_actor(actor("chen")):
        with pytest.raises(RuleBroken) as broken:
            say_verdict(actor=actor("chen"), arbitration=arbitration_for(actor("chen"), row.pk), verdict="fails", now=LATER)
        assert broken.value.code == "verdict_is_the_laboratorys"
        assert withdraw_arbitration(actor=actor("chen"), arbitration=row, now=LATER).state == "withdrawn"
    assert sample(row).state == "withdrawn"
    again = asked(row.lot)
    with as_actor(actor("mei")):
        assert decline_sample(actor=actor("mei"), sample=sample(again), why="没有这项资质。", now=LATER).state == "declined"


def test_a_laboratory_named_in_words_binds_once_both_say_the_same():
    in_force(template="accessories-1")
    lot = held()
    row = asked(lot, lab=None)
    with as_actor(actor("chen")):
        say_verdict(actor=actor("chen"), arbitration=row, verdict="fails", now=LATER)
    assert state(lot) == "held"
    with as_actor(actor("lin")):
        assert say_verdict(actor=actor("lin"), arbitration=row, verdict="meets", now=LATER).state == "asked"
        assert say_verdict(actor=actor("lin"), arbitration=row, verdict="fails", now=LATER + timedelta(hours=1)).state == "decided"
    assert state(lot) == "not_accepted"


def test_a_finding_is_raised_of_a_lot_that_was_not_accepted():
    in_force(template="accessories-1")
    lot = move_lot(a_lot(), Lot.State.INSPECTING, now=NOW)
    seen, chen = Observation("major", "拉头不得卡滞", "1200 件中 41 件卡滞"), actor("chen")
    with as_actor(chen), pytest.raises(RuleBroken) as broken:
        raise_finding_of_lot(actor=chen, lot=lot, seen=seen, client_id="f", now=LATER)
    assert broken.value.code == "lot_was_accepted"
    step("chen", lot, "not_accept", "out_of_limits")
    assert "lot_finding_to_raise" in todos("chen")
    with as_actor(chen):
        first = raise_finding_of_lot(actor=chen, lot=lot, seen=seen, client_id="f", now=LATER)
        again = raise_finding_of_lot(actor=chen, lot=lot, seen=seen, client_id="f", now=LATER)
    assert (first.pk, first.audit_id, first.lot_id) == (again.pk, None, lot.pk)
    assert "lot_finding_to_raise" not in todos("chen") and "finding_raised" in todos("lin")
    with as_actor(actor("lin")), pytest.raises(NotYours):
        raise_finding_of_lot(actor=actor("lin"), lot=lot, seen=seen, client_id="g", now=LATER)
    with as_actor(actor("wu")):
        assert not Finding.objects.visible_to(actor("wu")).exists()

    page = signed_in("lin", "en").get(f"/findings/{first.pk}/").content.decode()
    assert f"/lots/{lot.pk}/" in page
    for who, can in (("chen", True), ("lin", False)):
        page = signed_in(who, "en").get(f"/lots/{lot.pk}/").content.decode()
        assert f"/findings/{first.pk}/" in page
        assert (f"/lots/{lot.pk}/finding/" in page) is can
    for path in (f"/findings/{first.pk}/", "/findings/", "/findings/export.csv", f"/lots/{lot.pk}/finding/"):
        assert signed_in("chen").get(path).status_code == 200

    with as_actor(actor("lin")):
        words = ActionWords(correction="全批隔离", cause="拉头电镀批次不稳", action="更换电镀厂并加严来料检验")
        answer_finding(actor=actor("lin"), finding_id=first.pk, said=words, evidence_id=None, client_id="a", now=LATER)
    with as_actor(chen):
        assert verify_action(actor=chen, finding_id=first.pk, now=LATER).state == "closed"
    with pytest.raises(DatabaseError), as_actor(chen), transaction.atomic():
        Finding.objects.create(
            agreement_id=first.agreement_id, owner_org_id=first.owner_org_id, supplier_org_id=first.supplier_org_id, grade="minor", raised_at=LATER,
            due_on=first.due_on, client_id="neither",
        )  # fmt: skip
