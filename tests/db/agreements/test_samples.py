"""Sealed samples: offered by one side, sealed by both, changed by nobody; a newer one takes its place."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.db.utils import IntegrityError

from agreements.models import SealedSample
from agreements.selectors.samples import binding_samples, sample_for, samples
from agreements.services.samples import (
    SampleSaid,
    change_sample,
    confirm_sample,
    draft_sample,
    expire_sample,
    offer_sample,
    remind_of_sample,
    return_sample,
    withdraw_sample,
)
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Todo
from records.models import Evidence, EvidenceShare, Grant, RecordEntry
from suppliers.models import SupplyLink
from tests.agreed import NOW, at
from tests.cast import actor, link_id
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, FANG, LIN, WU = actor("chen"), actor("fang"), actor("lin"), actor("wu")
LAST = date(2027, 3, 1)


def said(**words) -> SampleSaid:
    facts = {
        "product": "2/26Nm 羊绒纱", "colour": "驼色 7041", "lab": ("52.31", "8.4", "-3.10"), "illuminant": "D65", "observer": 10, "expires_on": LAST,
        "holder": "打样间 3 号柜",
    }  # fmt: skip
    return SampleSaid(**{**facts, **words})


def photo_of(me) -> Evidence:
    return Evidence.objects.create(
        org_id=me.org_id, kind="jpeg", mime="image/jpeg", name="swatch.jpg", size=9, sha256="a" * 64, shared_sha256="b" * 64,
        original_path="o", shared_path="s", received_at=NOW, counts_from=NOW.date(), person_name=me.person_name, client_id=str(uuid4()),
    )  # fmt: skip


def drafted(who=LIN, *, photo=True, **words) -> SealedSample:
    with as_actor(who):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        return draft_sample(actor=who, link=link, said=said(**words), client_id=uuid4(), now=NOW, photo=photo_of(who) if photo else None)


def offered(who=LIN, **words) -> SealedSample:
    row = drafted(who, **words)
    with as_actor(who):
        return offer_sample(actor=who, sample=row, now=NOW)


def sealed(who=LIN, by=CHEN, *, now=NOW, **words) -> SealedSample:
    row = offered(who, **words)
    with as_actor(by):
        return confirm_sample(actor=by, sample=sample_for(by, row.pk), holder="质检室", now=now)


def seen(row: SealedSample) -> SealedSample:
    with acting_as(Hat.CLOCK):
        return SealedSample.objects.get(pk=row.pk)


def kinds(row: SealedSample) -> list[str]:
    with acting_as(Hat.CLOCK):
        return list(RecordEntry.objects.filter(subject_id=row.pk).order_by("at", "id").values_list("kind", flat=True))


def test_a_draft_is_its_sides_own_until_it_is_offered():
    row = drafted()

    with as_actor(CHEN):
        assert samples(CHEN) == []
        with pytest.raises(Absent):
            sample_for(CHEN, row.pk)
        assert SealedSample.objects.filter(pk=row.pk).count() == 0  # the database says so too
    with as_actor(LIN):
        offer_sample(actor=LIN, sample=row, now=NOW)
    with as_actor(CHEN):
        assert sample_for(CHEN, row.pk).state == "offered"


def test_both_confirm_their_half_and_it_binds_from_that_day_to_its_last():
    row = sealed()

    assert (row.state, row.sealed_on, row.owner_holder, row.supplier_holder) == ("sealed", date(2026, 3, 2), "质检室", "打样间 3 号柜")
    assert (row.owner_confirmed_by, row.supplier_confirmed_by) == (CHEN.person_name, LIN.person_name)
    assert kinds(row) == ["sample_offered", "sample_sealed"]
    with as_actor(CHEN):
        days = {day: [each.pk for each in binding_samples(CHEN, link_id=row.link_id, on=day)] for day in (date(2026, 3, 1), date(2026, 3, 2), LAST, LAST + timedelta(1))}
    assert days == {date(2026, 3, 1): [], date(2026, 3, 2): [row.pk], LAST: [row.pk], LAST + timedelta(1): []}


def test_the_other_side_sees_the_photo_once_the_sample_is_offered():
    row = drafted()
    with as_actor(CHEN):
        assert EvidenceShare.objects.visible_to(CHEN).filter(evidence_id=row.photo_id).count() == 0

    with as_actor(LIN):
        offer_sample(actor=LIN, sample=row, now=NOW)

    with as_actor(CHEN):
        assert EvidenceShare.objects.visible_to(CHEN).get(evidence_id=row.photo_id).whats == ["samples"]
    with as_actor(LIN):
        assert Grant.objects.visible_to(LIN).get(what="samples").to_org_id == CHEN.org_id


def test_what_is_asked_twice_happens_once():
    row = offered()
    with as_actor(LIN):
        offer_sample(actor=LIN, sample=row, now=at(date(2026, 3, 3)))
    with as_actor(CHEN):
        confirm_sample(actor=CHEN, sample=row, holder="质检室", now=NOW)
        confirm_sample(actor=CHEN, sample=row, holder="另一处", now=at(date(2026, 3, 4)))

    kept = seen(row)
    assert (kept.sealed_on, kept.owner_holder, kept.supplier_confirmed_at) == (date(2026, 3, 2), "质检室", NOW)
    assert kinds(row) == ["sample_offered", "sample_sealed"]
    with as_actor(CHEN):
        assert Todo.objects.visible_to(CHEN).filter(kind="sample_to_confirm", subject_id=row.pk, done_at=None).count() == 0


def test_a_new_sample_of_the_same_colour_takes_the_place_of_the_former():
    first = sealed()
    second = sealed(CHEN, LIN, now=at(date(2026, 5, 4)), lab=("52.00", "8.5", "-3"))

    old = seen(first)
    assert (old.state, old.ended_on, old.replaced_by_id) == ("replaced", date(2026, 5, 4), second.pk)
    with as_actor(LIN):
        on = [binding_samples(LIN, link_id=first.link_id, on=day)[0].pk for day in (date(2026, 5, 3), date(2026, 5, 4))]
    assert on == [first.pk, second.pk]
    assert kinds(first)[-1] == "sample_replaced"


def test_what_does_not_match_goes_back_with_a_reason_and_may_be_offered_again():
    row = offered()
    with as_actor(CHEN):
        with pytest.raises(RuleBroken) as broken:
            return_sample(actor=CHEN, sample=row, reason=" 红 ", now=NOW)
        assert broken.value.code == "return_needs_a_reason"
        return_sample(actor=CHEN, sample=row, reason="D65 下我方一半偏红", now=NOW)
        with pytest.raises(Absent):
            sample_for(CHEN, row.pk)

    with as_actor(LIN):
        again = sample_for(LIN, row.pk)
        change_sample(actor=LIN, sample=again, said=said(note="重新打样"), now=NOW)
        offer_sample(actor=LIN, sample=again, now=NOW)
    assert (seen(row).state, seen(row).note) == ("offered", "重新打样")
    assert kinds(row) == ["sample_offered", "sample_returned", "sample_offered"]


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        ({"product": "  "}, "product", "sample_needs_a_name"),
        ({"lab": ("152.3", "8", "3")}, "lab_l", "lab_out_of_range"),
        ({"lab": ("52", "eight", "3")}, "lab_a", "lab_not_a_number"),
        ({"lab": ("52", "8", "3.001")}, "lab_b", "lab_too_fine"),
        ({"lab": ("NaN", "8", "3")}, "lab_l", "lab_out_of_range"),
        ({"illuminant": "D93"}, "illuminant", "illuminant_unknown"),
        ({"observer": 5}, "observer", "observer_unknown"),
        ({"expires_on": date(2026, 3, 2)}, "expires_on", "sample_day_out_of_range"),
        ({"expires_on": date(2032, 3, 2)}, "expires_on", "sample_day_out_of_range"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(words, field, code):
    with pytest.raises(RuleBroken) as broken:
        drafted(**words)

    assert (broken.value.field, broken.value.code) == (field, code)
    with acting_as(Hat.CLOCK):
        assert SealedSample.objects.count() == 0


def test_a_sample_is_not_offered_without_a_photo_or_a_holder():
    bare, unheld = drafted(photo=False), drafted(holder="")
    for row, code in ((bare, "sample_needs_a_photo"), (unheld, "sample_needs_a_holder")):
        with as_actor(LIN), pytest.raises(RuleBroken) as broken:
            offer_sample(actor=LIN, sample=row, now=NOW)
        assert broken.value.code == code
        assert (seen(row).state, kinds(row)) == ("draft", [])


def test_nobody_confirms_its_own_offer_and_no_stranger_sees_it():
    row = offered()
    with as_actor(LIN), pytest.raises(RuleBroken) as broken:
        confirm_sample(actor=LIN, sample=row, holder="x", now=NOW)
    assert broken.value.code == "sample_is_not_offered"
    for stranger in (WU, FANG):
        with as_actor(stranger):
            assert samples(stranger) == []
            with pytest.raises(NotYours):
                draft_sample(actor=stranger, link=SupplyLink(pk=row.link_id, owner_org_id=CHEN.org_id, supplier_org_id=LIN.org_id, state="joined"), said=said(), client_id=uuid4(), now=NOW)  # fmt: skip
    assert seen(row).state == "offered"


def test_the_database_lets_no_side_confirm_for_the_other_nor_change_what_was_offered():
    row = offered()
    with as_actor(LIN):
        for change in ({"owner_confirmed_at": NOW}, {"lab_l": 10}, {"state": "sealed"}):
            with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
                SealedSample.objects.filter(pk=row.pk).update(**change)
    kept = seen(row)
    assert (kept.state, kept.owner_confirmed_at, str(kept.lab_l)) == ("offered", None, "52.31")


def test_it_binds_no_more_after_its_last_day_and_both_are_told_a_month_before():
    row = sealed()
    month_before = at(LAST - timedelta(days=30))

    assert [remind_of_sample(sample=row, now=month_before), remind_of_sample(sample=row, now=month_before)] == [True, False]
    assert [expire_sample(sample=row, now=at(LAST)), expire_sample(sample=row, now=at(LAST + timedelta(1))), expire_sample(sample=row, now=at(LAST + timedelta(1)))] == [False, True, False]
    assert (seen(row).state, seen(row).ended_on) == ("expired", LAST + timedelta(1))
    for who in (CHEN, LIN):
        with as_actor(who):
            assert Todo.objects.visible_to(who).filter(kind="sample_runs_out", subject_id=row.pk).count() == 1


def test_what_is_sealed_is_not_taken_back():
    row = sealed()
    with as_actor(LIN), pytest.raises(RuleBroken) as broken:
        withdraw_sample(actor=LIN, sample=row, now=NOW)
    assert (broken.value.code, seen(row).state) == ("sample_is_no_draft", "sealed")


def test_the_page_tells_how_far_a_reading_lies_from_the_sample():
    row = sealed()
    client = signed_in("chen")

    page = client.get(f"/samples/{row.pk}/", {"lab_l": "52.31", "lab_a": "8.40", "lab_b": "-2.10"}, headers={"accept-language": "en"})

    assert page.status_code == 200
    found = dict(page.context["differences"])
    assert (found["ΔE*ab"], found["ΔL*"], found["Δb*"]) == ("1.00", "+0.00", "+1.00")
    wrong = client.get(f"/samples/{row.pk}/", {"lab_l": "520", "lab_a": "8", "lab_b": "3"})
    assert (wrong.status_code, wrong.context["differences"], list(wrong.context["reading"].errors)) == (200, [], ["lab_l"])
