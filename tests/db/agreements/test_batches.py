"""Drafts for many: nobody gets two, one refusal stops no other, and a killed worker's batch goes on where it stopped."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from agreements.models import Agreement, AgreementVersion, DraftBatch, DraftBatchRow
from agreements.selectors import clauses_of, current_version
from agreements.selectors.batches import batch_for, batch_rows, batches, suppliers_named
from agreements.services import batches as verbs
from agreements.services.batches import (
    DRAFT,
    SEND,
    BatchSaid,
    add_suppliers,
    ask_work,
    differ,
    leave_out,
    outlooks,
    set_batch_days,
    start_batch,
    work_batch,
)
from agreements.tasks import draft_or_send_many
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from jobs.models import OutboxEvent
from notices.models import Notification
from suppliers.models import SupplyLink
from tests.agreed import ENDS, NOW, STARTS, drafted
from tests.cast import actor, link_id

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")
SAID = BatchSaid("garment-1", STARTS, ENDS)
CHANGE = {"lower": "4", "source": "agreed by both sides", "source_zh": "双方商定"}


def begun(*suppliers, said=SAID, batch_id=None, now=NOW):
    with as_actor(CHEN):
        links = [SupplyLink.objects.get(pk=link_id("chen", each)) for each in suppliers or ("lin", "wu")]
        return start_batch(actor=CHEN, batch_id=batch_id or uuid4(), said=said, links=links, now=now)


def worked(batch, do=DRAFT, now=NOW):
    with as_actor(CHEN):
        ask_work(actor=CHEN, batch=batch, do=do, now=now)
    return work_batch(actor=CHEN, batch_id=batch.pk, now=now)


def rows_of(batch):
    with as_actor(CHEN):
        return batch_rows(CHEN, batch)


def limits_of(agreement, order=1):
    with as_actor(CHEN):
        return clauses_of(CHEN, current_version(CHEN, agreement))[order - 1].params


def agreements_count():
    with as_actor(CHEN):
        return Agreement.objects.visible_to(CHEN).count()


def test_every_supplier_gets_one_draft_with_a_number_of_its_own():
    batch = begun()
    assert agreements_count() == 0

    assert worked(batch) == 2

    rows = rows_of(batch)
    assert [row.state for row in rows] == ["drafted", "drafted"]
    assert sorted(row.agreement.number for row in rows) == ["QCA-2026-0001", "QCA-2026-0002"]
    with as_actor(CHEN):
        assert batch_for(CHEN, batch.pk).state == "drafted"
        assert [line.kind for line in Notification.objects.visible_to(CHEN).filter(subject_id=batch.pk)] == ["batch_drafted"]


def test_what_differs_for_one_differs_for_nobody_else():
    batch = begun()
    with as_actor(CHEN):
        differ(actor=CHEN, batch=batch, number=3, params={"every_months": 6}, now=NOW)
        differ(actor=CHEN, batch=batch, number=1, params=CHANGE, link_id=link_id("chen", "lin"), now=NOW)
        differ(actor=CHEN, batch=batch, number=3, params={"every_months": 3}, link_id=link_id("chen", "lin"), now=NOW)
        set_batch_days(
            actor=CHEN, batch=batch, effective_from=STARTS + timedelta(days=9), effective_to=None, link_id=link_id("chen", "wu"), now=NOW
        )

    worked(batch)

    by_link = {row.link_id: row.agreement for row in rows_of(batch)}
    lin, wu = by_link[link_id("chen", "lin")], by_link[link_id("chen", "wu")]
    assert (limits_of(lin)["lower"], limits_of(wu)["lower"]) == ("4", "3")
    assert (limits_of(lin, 3)["every_months"], limits_of(wu, 3)["every_months"]) == (3, 6)
    assert (lin.effective_from, lin.effective_to) == (STARTS, ENDS)
    assert (wu.effective_from, wu.effective_to) == (STARTS + timedelta(days=9), None)


def test_one_refusal_among_many_stops_no_other_and_says_why():
    batch = begun()
    with as_actor(CHEN):
        SupplyLink.objects.filter(pk=link_id("chen", "lin")).update(state="invited")

    worked(batch)

    by_link = {row.link_id: row for row in rows_of(batch)}
    refused, made = by_link[link_id("chen", "lin")], by_link[link_id("chen", "wu")]
    assert (refused.state, refused.code, refused.agreement_id) == ("refused", "supplier_has_not_joined", None)
    assert refused.facts["name"] == refused.name_zh
    assert (made.state, made.agreement.supplier_org_id) == ("drafted", WU.org_id)
    with as_actor(CHEN):
        SupplyLink.objects.filter(pk=link_id("chen", "lin")).update(state="joined")

    assert worked(batch) == 1
    assert sorted(row.state for row in rows_of(batch)) == ["drafted", "drafted"]
    assert agreements_count() == 2


def test_a_killed_worker_goes_on_after_its_last_supplier(monkeypatch):
    batch = begun()
    with as_actor(CHEN):
        ask_work(actor=CHEN, batch=batch, do=DRAFT, now=NOW)
    whole = verbs.draft_agreement
    calls = []

    def killed(**words):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(**words)

    monkeypatch.setattr(verbs, "draft_agreement", killed)
    with pytest.raises(KeyboardInterrupt):
        work_batch(actor=CHEN, batch_id=batch.pk, now=NOW)
    assert sorted(row.state for row in rows_of(batch)) == ["drafted", "waiting"]

    assert work_batch(actor=CHEN, batch_id=batch.pk, now=NOW) == 1
    assert work_batch(actor=CHEN, batch_id=batch.pk, now=NOW) == 0
    assert agreements_count() == 2


def test_the_task_called_twice_drafts_once():
    now = timezone.now()
    batch = begun(said=BatchSaid("garment-1", timezone.localdate(now) + timedelta(days=30), None), now=now)
    with as_actor(CHEN):
        ask_work(actor=CHEN, batch=batch, do=DRAFT, now=now)
        ask_work(actor=CHEN, batch=batch, do=DRAFT, now=now)
    with acting_as(Hat.CLOCK):
        [event] = OutboxEvent.objects.filter(task="agreements.work_batch")

    draft_or_send_many(key=event.key, **event.payload)
    draft_or_send_many(key=event.key, **event.payload)

    assert agreements_count() == 2
    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.get(pk=event.pk).done_at is not None


def test_whoever_may_no_longer_draft_lends_no_hand():
    batch = begun()
    with as_actor(CHEN):
        ask_work(actor=CHEN, batch=batch, do=DRAFT, now=NOW)

    draft_or_send_many(key=f"{batch.pk}:1", batch_id=str(batch.pk), org_id=str(CHEN.org_id), person_id=str(LIN.person_id))

    assert agreements_count() == 0
    assert [row.state for row in rows_of(batch)] == ["waiting", "waiting"]


def test_a_draft_made_by_hand_is_not_taken_over():
    by_hand = drafted()
    batch = begun("lin")
    with as_actor(CHEN):
        [look] = outlooks(CHEN, batch, batch_rows(CHEN, batch), now=NOW)

    worked(batch)

    [row] = rows_of(batch)
    assert (look.code, row.state, row.code, row.facts) == (
        "draft_is_there_already",
        "refused",
        "draft_is_there_already",
        {"number": by_hand.number},
    )
    assert agreements_count() == 1


def test_all_drafts_of_a_batch_are_sent_at_once_and_what_cannot_go_says_why():
    batch = begun()
    worked(batch)
    with as_actor(CHEN):
        late = DraftBatchRow.objects.get(batch=batch, link_id=link_id("chen", "wu")).agreement
        later = NOW + timedelta(days=1)
        AgreementVersion.objects.filter(agreement=late).update(effective_from=STARTS - timedelta(days=30))
        AgreementVersion.objects.exclude(agreement=late).update(effective_from=STARTS + timedelta(days=9))

    worked(batch, SEND, later)

    by_link = {row.link_id: row for row in rows_of(batch)}
    assert (by_link[link_id("chen", "lin")].state, by_link[link_id("chen", "lin")].agreement.state) == ("sent", "in_review")
    assert (by_link[link_id("chen", "wu")].state, by_link[link_id("chen", "wu")].code) == ("unsent", "starts_in_the_past")


@pytest.mark.parametrize(
    ("number", "params", "code", "field"),
    [
        (1, {"lower": "6"}, "param_not_a_grade", "lower"),
        (1, {"lower": "4"}, "source_is_of_the_former_limit", "source"),
        (1, {"method": "GB/T 1"}, "param_is_the_templates", "method"),
        (3, {"every_months": 0}, "param_not_in_range", "every_months"),
    ],
)
def test_a_difference_that_cannot_be_is_refused_with_its_field(number, params, code, field):
    batch = begun()
    with as_actor(CHEN):
        for one in (None, link_id("chen", "lin")):
            with pytest.raises(RuleBroken, match=code) as refused:
                differ(actor=CHEN, batch=batch, number=number, params=params, link_id=one, now=NOW)
            assert (refused.value.field, refused.value.facts["clause"]) == (field, number)

        assert batch_for(CHEN, batch.pk).changes == {}
        assert [row.changes for row in batch_rows(CHEN, batch)] == [{}, {}]


def test_a_difference_is_put_back():
    batch = begun()
    with as_actor(CHEN):
        differ(actor=CHEN, batch=batch, number=1, params=CHANGE, link_id=link_id("chen", "lin"), now=NOW)
        differ(actor=CHEN, batch=batch, number=1, params={}, link_id=link_id("chen", "lin"), now=NOW)

        assert [row.changes for row in batch_rows(CHEN, batch)] == [{}, {}]


def test_a_clause_that_the_template_lacks_is_absent():
    batch = begun()
    with as_actor(CHEN), pytest.raises(Absent):
        differ(actor=CHEN, batch=batch, number=9, params={"days": 3}, now=NOW)


def test_asked_twice_it_is_one_batch_and_a_supplier_stands_in_it_once():
    name = uuid4()
    first, second = begun("lin", batch_id=name), begun("lin", "wu", batch_id=name)
    with as_actor(CHEN):
        links = [SupplyLink.objects.get(pk=link_id("chen", each)) for each in ("lin", "wu")]
        added = [add_suppliers(actor=CHEN, batch=first, links=links, now=NOW) for _ in range(2)]

    assert first.pk == second.pk
    assert added == [1, 0]
    assert [row.link_id for row in rows_of(first)] == [link_id("chen", "lin"), link_id("chen", "wu")]


def test_whoever_is_left_out_gets_nothing_and_whoever_has_a_draft_stays():
    batch = begun()
    with as_actor(CHEN):
        leave_out(actor=CHEN, batch=batch, link_id=link_id("chen", "lin"), now=NOW)
    worked(batch)
    with as_actor(CHEN):
        leave_out(actor=CHEN, batch=batch, link_id=link_id("chen", "wu"), now=NOW)

    assert [(row.link_id, row.state) for row in rows_of(batch)] == [(link_id("chen", "wu"), "drafted")]


def test_nothing_changes_while_a_worker_is_at_it():
    batch = begun()
    with as_actor(CHEN):
        ask_work(actor=CHEN, batch=batch, do=DRAFT, now=NOW)
        for verb in (
            lambda: differ(actor=CHEN, batch=batch, number=3, params={"every_months": 6}, now=NOW),
            lambda: set_batch_days(actor=CHEN, batch=batch, effective_from=STARTS, effective_to=None, now=NOW),
            lambda: leave_out(actor=CHEN, batch=batch, link_id=link_id("chen", "lin"), now=NOW),
        ):
            with pytest.raises(RuleBroken, match="batch_is_at_work"):
                verb()

        assert (batch_for(CHEN, batch.pk).changes, len(batch_rows(CHEN, batch))) == ({}, 2)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (BatchSaid("garment-9", STARTS, ENDS), "template_unknown"),
        (BatchSaid("garment-1", STARTS, STARTS), "ends_before_it_starts"),
        (BatchSaid("garment-1", STARTS - timedelta(days=1), ENDS), "starts_in_the_past"),
    ],
)
def test_a_batch_that_cannot_be_is_not_begun(said, code):
    with pytest.raises(RuleBroken, match=code):
        begun(said=said)

    with as_actor(CHEN):
        assert batches(CHEN) == []


def test_a_supplier_begins_no_batch_and_nobody_else_sees_one():
    batch = begun("lin")
    with as_actor(LIN):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        with pytest.raises(NotYours):
            start_batch(actor=LIN, batch_id=uuid4(), said=SAID, links=[link], now=NOW)
    for who in ("fang",):
        with as_actor(actor(who)):
            assert not DraftBatch.objects.filter(pk=batch.pk).exists()
            assert not DraftBatchRow.objects.filter(batch_id=batch.pk).exists()
            with pytest.raises(Absent):
                batch_for(actor(who), batch.pk)


def test_a_pasted_list_finds_names_and_codes_and_names_what_it_does_not():
    with as_actor(CHEN):
        lin, wu = (SupplyLink.objects.get(pk=link_id("chen", each)) for each in ("lin", "wu"))
        named = suppliers_named(CHEN, f"{lin.name_zh}\n {wu.uscc.lower()} \n没有这家纺织厂\n{lin.name_zh}\n\n")

    assert {link.pk for link in named.links} == {lin.pk, wu.pk}
    assert (named.unknown, named.unclear) == (["没有这家纺织厂"], [])
