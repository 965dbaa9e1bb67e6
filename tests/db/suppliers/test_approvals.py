"""What a supplier is approved for: decided with a reason, one standing state per category, every state kept."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from foundation.actor import as_actor
from foundation.errors import NotYours, RuleBroken
from suppliers.models import CategoryApproval, SupplyLink
from suppliers.selectors import approvals_of, supplier_links
from suppliers.services.approvals import Decision, decide_approval
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.db.suppliers.stage import NOW, listed, state_of

pytestmark = pytest.mark.django_db
LIN = link_id("chen", "lin")


def decide(*said, who="chen", **more):
    with as_actor(actor(who)):
        return decide_approval(actor=actor(who), link=state_of(LIN), said=Decision(*said, **more), now=NOW)


def history():
    with as_actor(actor("chen")):
        return [(each.category, each.state, each.ended_at is None) for each in approvals_of(actor("chen"), state_of(LIN))]


def test_a_new_decision_ends_the_one_before_and_both_stay():
    decide("knitting", "applied", "送样")
    decide("dyeing", "applied", "送样")
    decide("knitting", "approved", "三批合格", until=date(2027, 11, 22))

    assert sorted(history()) == [("dyeing", "applied", True), ("knitting", "applied", False), ("knitting", "approved", True)]


def test_the_same_decision_twice_is_one():
    assert decide("knitting", "approved", "合格").pk == decide("knitting", "approved", "合格").pk

    assert history() == [("knitting", "approved", True)]


@pytest.mark.parametrize(
    ("said", "more", "code"),
    [
        (("knitting", "approved", "  "), {}, "reason_missing"),
        (("sewing-machines", "approved", "x"), {}, "value_unknown"),
        (("knitting", "loved", "x"), {}, "value_unknown"),
        (("knitting", "approved", "x"), {"until": date(2026, 11, 22)}, "until_is_past"),
        (("knitting", "approved", "x"), {"until": date(2026, 12, 1), "since": date(2026, 12, 2)}, "ends_before_it_starts"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_nothing_is_written(said, more, code):
    with pytest.raises(RuleBroken) as refused:
        decide(*said, **more)

    assert refused.value.code == code
    assert history() == []


def test_neither_a_reader_nor_another_owner_nor_the_supplier_decides():
    chen = actor("chen")
    staff = type(chen)(**{**vars(chen), "roles": frozenset({"staff"})})
    for who in (staff, actor("fang"), actor("lin")):
        with as_actor(chen), pytest.raises(NotYours):
            decide_approval(actor=who, link=state_of(LIN), said=Decision("knitting", "approved", "x"), now=NOW)

    assert history() == []


def test_nobody_else_sees_an_approval():
    decide("knitting", "suspended", "色差")

    for who in ("fang", "lin", "wu"):
        with as_actor(actor(who)):
            assert list(CategoryApproval.objects.visible_to(actor(who))) == []
    with as_actor(actor("fang")), connection.cursor() as cursor:
        cursor.execute("select count(*) from suppliers_categoryapproval")
        assert cursor.fetchone()[0] == 0


def test_history_is_neither_rewritten_nor_removed_and_two_states_never_stand():
    decide("knitting", "applied", "x")
    chen = actor("chen")
    for statement in ("update suppliers_categoryapproval set state = 'approved'", "delete from suppliers_categoryapproval"):
        with pytest.raises(Exception, match="permission denied"), as_actor(chen), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError, match="one_approval_stands_per_category"), as_actor(chen), transaction.atomic():
        CategoryApproval.objects.create(
            owner_org_id=chen.org_id,
            link_id=LIN,
            category="knitting",
            state="approved",
            since=date(2026, 11, 23),
            reason="x",
            by_name="x",
            at=NOW,
        )

    assert history() == [("knitting", "applied", True)]


def test_an_approval_goes_with_its_line():
    link = listed()
    chen = actor("chen")
    with as_actor(chen):
        decide_approval(actor=chen, link=link, said=Decision("knitting", "approved", "x"), now=NOW)
        SupplyLink.objects.filter(pk=link.pk).delete()

        assert CategoryApproval.objects.count() == 0


def test_what_has_run_out_is_not_approved_any_more(monkeypatch):
    decide("knitting", "approved", "一年", until=date(2026, 12, 31))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2027, 1, 1))

    with as_actor(actor("chen")):
        assert supplier_links(actor("chen"), approval="approved").rows == []
        assert [link.pk for link in supplier_links(actor("chen"), approval="run_out").rows] == [LIN]


def test_the_page_decides_with_a_reason_and_shows_the_history():
    client, path = signed_in("chen"), reverse("suppliers:approvals", args=[LIN])

    refused = client.post(path, {"category": "knitting", "state": "suspended", "reason": " "})
    done = client.post(path, {"category": "knitting", "state": "suspended", "reason": "连续两批色差"})

    assert refused.status_code == 422
    assert done.status_code == 302
    assert history() == [("knitting", "suspended", True)]
    for page in (path, reverse("suppliers:supplier", args=[LIN]), "/suppliers/?approval=suspended"):
        assert "暂停" in client.get(page).content.decode(), page
    assert "连续两批色差" in client.get(path).content.decode()
    assert client.get(reverse("suppliers:approvals", args=[link_id("fang", "wu")])).status_code == 404
