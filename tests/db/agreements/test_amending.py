"""A later text: begun with the clauses in force, bound by nobody before its day, the old one in force until then."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from agreements import tasks
from agreements.models import Agreement, AgreementVersion, Clause, Obligation, StatusNotice
from agreements.selectors import agreement_for, clauses_of, current_version, working_version
from agreements.selectors.versions import version_on, versions_of
from agreements.services import (
    activate_agreement,
    ask_amendment,
    change_clause,
    renew_agreement,
    return_agreement,
    send_agreement,
    start_amendment,
    withdraw_text,
)
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from records.models import Grant
from tests.agreed import ENDS, NOW, STARTS, at, drafted, in_force, kinds, seen_by_clock, sent, signed_by, todos
from tests.cast import actor

pytestmark = pytest.mark.django_db
CHEN, LIN, WU, ZHOU, FANG = actor("chen"), actor("lin"), actor("wu"), actor("zhou"), actor("fang")
DAY = date(2026, 9, 1)
LATER = at(date(2026, 8, 3))


def amended(agreement: Agreement, *, starts: date = DAY, now=LATER, months: int = 2) -> AgreementVersion:
    """A draft in which results are shared every second month."""
    with as_actor(CHEN):
        version = start_amendment(actor=CHEN, agreement=agreement, summary="结果改为两月一报", effective_from=starts, now=now)
        clause = next(c for c in clauses_of(CHEN, version) if c.type == "owner_duty")
        clause.version = version
        change_clause(actor=CHEN, clause=clause, params={"every_months": months}, now=now)
        return AgreementVersion.objects.get(pk=version.pk)


def signed_by_both(agreement: Agreement, *, now=LATER) -> None:
    with as_actor(CHEN):
        send_agreement(actor=CHEN, agreement=agreement, now=now)
    signed_by("lin", agreement, now=now + timedelta(hours=1))
    signed_by("chen", agreement, now=now + timedelta(hours=2))


def states(agreement: Agreement) -> list[tuple[int, str, bool]]:
    with acting_as(Hat.CLOCK):
        return list(AgreementVersion.objects.filter(agreement=agreement).order_by("number").values_list("number", "state", "in_force"))


def duties(agreement: Agreement, **wanted) -> list[tuple[str, date]]:
    with acting_as(Hat.CLOCK):
        rows = Obligation.objects.filter(agreement=agreement, void_at=None, **wanted).order_by("due_on", "key")
        return list(rows.values_list("key", "due_on"))


def test_an_amendment_goes_the_whole_way_while_the_old_text_binds():
    agreement = in_force()
    before = duties(agreement)
    amended(agreement)
    assert states(agreement) == [(1, "in_force", True), (2, "draft", False)]
    assert seen_by_clock(agreement).state == "in_force"
    with as_actor(LIN), pytest.raises(Absent):
        working_version(LIN, agreement)  # an unsent draft is its owner's own

    signed_by_both(agreement)
    assert states(agreement) == [(1, "in_force", True), (2, "signed", False)]
    assert duties(agreement) == before
    with as_actor(LIN):
        assert current_version(LIN, agreement, on=DAY - timedelta(days=1)).number == 1

    assert tasks.tick(at(DAY - timedelta(days=1), 23)) >= 0
    assert states(agreement)[1] == (2, "signed", False)
    tasks.tick(at(DAY, 0))

    assert states(agreement) == [(1, "superseded", True), (2, "in_force", True)]
    with as_actor(LIN):
        assert [version_on(LIN, agreement, day).number for day in (STARTS, DAY - timedelta(days=1), DAY)] == [1, 1, 2]
        with pytest.raises(Absent):
            version_on(LIN, agreement, STARTS - timedelta(days=1))
        old, new = reversed(versions_of(LIN, agreement))
    assert (old.effective_to, new.effective_from, new.effective_to) == (DAY, DAY, ENDS)
    assert kinds(agreement)[:4] == ["amendment_in_force", "agreement_signed", "agreement_signed", "agreement_sent"]
    assert (todos("chen"), "agreement_to_sign" in todos("lin")) == (todos("chen"), False)


def test_duties_leave_no_gap_and_none_is_asked_twice():
    agreement = in_force()
    before = dict(duties(agreement))
    amended(agreement, months=2)
    signed_by_both(agreement)
    activate_agreement(agreement=agreement, now=at(DAY, 0))

    with acting_as(Hat.CLOCK):
        old, new = AgreementVersion.objects.filter(agreement=agreement).order_by("number")
        of_old = Obligation.objects.filter(clause_id__in=old.clauses.values("pk"))
        of_new = Obligation.objects.filter(clause_id__in=new.clauses.values("pk"))
        assert not of_old.filter(void_at=None, due_on__gte=DAY).exists()
        assert not of_new.filter(due_on__lt=DAY).exists()
        assert of_old.filter(void_at=None, due_on__lt=DAY).count() == sum(day < DAY for day in before.values())
        # the document was asked for once, under the old text; the changed rhythm counts from its first day
        assert not of_new.filter(kind="document").exists()
        found = list(of_new.filter(kind="owner_duty").order_by("due_on").values_list("key", "due_on"))
    assert found[0] == ("share_results:0", date(2026, 11, 11))
    assert activate_agreement(agreement=agreement, now=at(DAY, 1)) is False


def test_what_stays_the_same_keeps_its_keys_and_days():
    agreement = in_force()
    before = duties(agreement)
    with as_actor(CHEN):
        start_amendment(actor=CHEN, agreement=agreement, summary="同样的条款", effective_from=DAY, now=LATER)
    signed_by_both(agreement)

    activate_agreement(agreement=agreement, now=at(DAY, 0))

    assert duties(agreement) == before


def test_grants_end_the_day_before_and_begin_on_the_day():
    agreement = in_force()
    with as_actor(CHEN):
        start_amendment(actor=CHEN, agreement=agreement, summary="同样的条款", effective_from=DAY, now=LATER)
    signed_by_both(agreement)
    activate_agreement(agreement=agreement, now=at(DAY, 0))

    with acting_as(Hat.CLOCK):
        spans = sorted(Grant.objects.filter(agreement_id=agreement.pk, what="documents").values_list("valid_from", "valid_to"))
    assert spans == [(STARTS, DAY - timedelta(days=1)), (DAY, ENDS - timedelta(days=1))]


def test_one_text_at_a_time_and_the_same_draft_when_asked_twice():
    agreement = in_force()
    first = amended(agreement)
    with as_actor(CHEN):
        again = start_amendment(actor=CHEN, agreement=agreement, summary="结果改为两月一报", effective_from=DAY, now=LATER)
        assert again.pk == first.pk
        with pytest.raises(RuleBroken, match="amendment_is_under_way"):
            start_amendment(actor=CHEN, agreement=agreement, summary="另一件事", effective_from=DAY, now=LATER)
        sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        with pytest.raises(IntegrityError, match="one_version_is_worked_on"), transaction.atomic():
            AgreementVersion.objects.create(agreement=agreement, number=9, effective_from=DAY, **sides)
    assert len(states(agreement)) == 2


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (LATER.date(), "amendment_starts_too_early"),
        (date(2020, 1, 1), "amendment_starts_too_early"),
        (ENDS + timedelta(days=1), "amendment_starts_after_the_end"),
        (ENDS, "ends_before_it_starts"),
    ],
)
def test_a_first_day_that_cannot_be_is_refused(day, code):
    agreement = in_force()

    with as_actor(CHEN), pytest.raises(RuleBroken, match=code):
        start_amendment(actor=CHEN, agreement=agreement, summary="", effective_from=day, now=LATER)

    assert states(agreement) == [(1, "in_force", True)]


def test_who_may_not_amend_changes_nothing():
    agreement = in_force()

    for who in (LIN, FANG, WU, ZHOU):
        with as_actor(who), pytest.raises(NotYours):
            start_amendment(actor=who, agreement=agreement, summary="", effective_from=DAY, now=LATER)
    draft = drafted(now=NOW + timedelta(hours=3), starts=date(2026, 4, 1))
    with as_actor(CHEN), pytest.raises(RuleBroken, match="agreement_is_not_in_force"):
        start_amendment(actor=CHEN, agreement=draft, summary="", effective_from=DAY, now=LATER)

    assert states(agreement) == [(1, "in_force", True)]


def test_an_amendment_taken_back_changes_nothing_else():
    agreement = in_force()
    before, record = duties(agreement), kinds(agreement)
    amended(agreement)
    with as_actor(CHEN):
        assert withdraw_text(actor=CHEN, agreement=agreement, now=LATER).number == 2
        assert withdraw_text(actor=CHEN, agreement=agreement, now=LATER).number == 2  # twice is once

    assert (kinds(agreement), duties(agreement)) == (record, before)  # nobody saw the draft: the record says nothing of it
    amended(agreement)
    with as_actor(CHEN):
        send_agreement(actor=CHEN, agreement=agreement, now=LATER)
        with pytest.raises(RuleBroken, match="notice_needs_a_reason"):
            withdraw_text(actor=CHEN, agreement=agreement, now=LATER)
        withdraw_text(actor=CHEN, agreement=agreement, now=LATER, reason="检测能力还没准备好")
    assert states(agreement) == [(1, "in_force", True), (2, "withdrawn", False), (3, "withdrawn", False)]
    assert kinds(agreement)[:2] == ["amendment_withdrawn", "agreement_sent"]
    assert "agreement_to_review" not in todos("lin")
    with as_actor(LIN):
        assert current_version(LIN, agreement, on=LATER.date()).number == 1
    assert seen_by_clock(agreement).state == "in_force"


def test_what_both_signed_is_not_taken_back():
    agreement = in_force()
    amended(agreement)
    signed_by_both(agreement)

    with as_actor(CHEN), pytest.raises(RuleBroken, match="both_have_signed"):
        withdraw_text(actor=CHEN, agreement=agreement, now=LATER, reason="改主意了，先不签")

    assert states(agreement)[1] == (2, "signed", False)


def test_a_first_text_is_withdrawn_and_an_unsent_one_stays_its_owners_own():
    unsent = drafted()
    with as_actor(CHEN):
        withdraw_text(actor=CHEN, agreement=unsent, now=NOW)
    assert seen_by_clock(unsent).state == "withdrawn"
    for who in (LIN, ZHOU):
        with as_actor(who):
            assert not Agreement.objects.filter(pk=unsent.pk).exists()

    offered = sent(starts=date(2026, 4, 1))
    with as_actor(LIN), pytest.raises(NotYours):
        withdraw_text(actor=LIN, agreement=offered, now=NOW, reason="供应商不能撤")
    with as_actor(CHEN):
        withdraw_text(actor=CHEN, agreement=offered, now=NOW, reason="换了模板，重新起草")
    assert seen_by_clock(offered).state == "withdrawn"
    assert kinds(offered)[0] == "agreement_withdrawn"
    assert todos("lin") == []
    with pytest.raises(RuleBroken, match="agreement_is_not_open_for_signing"):
        signed_by("lin", offered)


def test_a_returned_amendment_is_drafted_again_and_taken_back_with_a_word():
    agreement = in_force()
    amended(agreement)
    with as_actor(CHEN):
        send_agreement(actor=CHEN, agreement=agreement, now=LATER)
    with as_actor(LIN):
        return_agreement(actor=LIN, agreement=agreement, reason="八月做不到", now=LATER)
    assert states(agreement) == [(1, "in_force", True), (2, "replaced", False), (3, "draft", False)]
    with acting_as(Hat.CLOCK):
        assert AgreementVersion.objects.get(agreement=agreement, number=3).summary == "结果改为两月一报"

    with as_actor(CHEN):
        withdraw_text(actor=CHEN, agreement=agreement, now=LATER, reason="不改了，照旧执行")
    assert kinds(agreement)[0] == "amendment_withdrawn"


def test_a_supplier_asks_for_another_text_once_and_is_answered_by_a_draft():
    agreement = in_force()
    with as_actor(LIN):
        wish = ask_amendment(actor=LIN, agreement=agreement, reason="pH 上限想放宽", now=LATER)
        assert ask_amendment(actor=LIN, agreement=agreement, reason="pH 上限想放宽", now=LATER).pk == wish.pk
        with pytest.raises(RuleBroken, match="notice_needs_a_reason"):
            ask_amendment(actor=LIN, agreement=agreement, reason=" ", renewal=True, now=LATER)
    assert todos("chen").count("amendment_asked") == 1
    assert kinds(agreement)[0] == "agreement_amendment_asked"
    with as_actor(ZHOU):
        assert StatusNotice.objects.count() == 0  # a wish is between the sides
    with as_actor(CHEN), pytest.raises(NotYours):
        ask_amendment(actor=CHEN, agreement=agreement, reason="自己问自己", now=LATER)

    amended(agreement)

    assert "amendment_asked" not in todos("chen")
    with as_actor(LIN):
        assert StatusNotice.objects.get(pk=wish.pk).done_at is not None


def test_a_renewal_follows_without_a_gap_and_the_agreement_does_not_end():
    agreement = in_force()
    with as_actor(CHEN):
        version = renew_agreement(actor=CHEN, agreement=agreement, now=LATER)
        assert (version.effective_from, version.effective_to) == (ENDS, date(2028, 3, 2))
        assert renew_agreement(actor=CHEN, agreement=agreement, now=LATER).pk == version.pk
    signed_by_both(agreement)

    tasks.tick(at(ENDS, 0))

    stored = seen_by_clock(agreement)
    assert (stored.state, stored.effective_from, stored.effective_to) == ("in_force", STARTS, date(2028, 3, 2))
    assert states(agreement) == [(1, "superseded", True), (2, "in_force", True)]
    with as_actor(LIN):
        assert [version_on(LIN, agreement, ENDS - timedelta(days=n)).number for n in (1, 0)] == [1, 2]
    # the last month of the first period is answered for under the second
    assert ("share_results:11", date(2027, 3, 12)) in duties(agreement, kind="owner_duty")


def test_an_agreement_that_ends_takes_its_unsigned_text_with_it():
    agreement = in_force(ends=date(2026, 6, 1))
    with as_actor(CHEN):
        renew_agreement(actor=CHEN, agreement=agreement, now=at(date(2026, 5, 4)))
        send_agreement(actor=CHEN, agreement=agreement, now=at(date(2026, 5, 4)))

    tasks.tick(at(date(2026, 6, 1), 0))

    assert states(agreement) == [(1, "ended", True), (2, "withdrawn", False)]
    assert seen_by_clock(agreement).state == "expired"
    assert "agreement_to_review" not in todos("lin")
    with pytest.raises(RuleBroken, match="agreement_is_not_open_for_signing"):
        signed_by("lin", agreement, now=at(date(2026, 6, 2)))
    for who in (CHEN, LIN):
        with as_actor(who):
            assert agreement_for(who, agreement.pk).state == "expired"
            assert len(clauses_of(who, version_on(who, agreement, STARTS))) == Clause.objects.filter(version__number=1).count()


def test_nobody_else_sees_an_amendment_or_a_notice():
    agreement = in_force()
    amended(agreement)
    with as_actor(LIN):
        ask = StatusNotice.objects.count()
    for who in (WU, FANG):
        with as_actor(who):
            assert AgreementVersion.objects.filter(agreement_id=agreement.pk).count() == 0
            assert StatusNotice.objects.count() == 0
            with pytest.raises(Absent):
                agreement_for(who, agreement.pk)
    assert ask == 0


def test_through_many_amendments_every_day_has_one_text_and_every_duty_its_day():
    agreement = in_force()
    before, rows = duties(agreement), []
    with acting_as(Hat.CLOCK):
        first = AgreementVersion.objects.get(agreement=agreement)
        clauses = list(Clause.objects.filter(version=first).order_by("order"))
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    for number, day in enumerate(sorted(Random(5).sample(range(3, 360), 8)), start=2):
        starts = STARTS + timedelta(days=day)
        with acting_as(Hat.CLOCK):
            version = AgreementVersion.objects.create(agreement=agreement, **sides, number=number, effective_from=starts, effective_to=ENDS)
            Clause.objects.bulk_create(
                Clause(version=version, **sides, order=c.order, type=c.type, side=c.side, params=c.params, text_zh="条", text_en="c")
                for c in clauses
            )
            AgreementVersion.objects.filter(pk=version.pk).update(state="signed", signed_at=NOW)
        late = at(starts + timedelta(days=number % 3), 1)  # the tick may come late
        assert activate_agreement(agreement=agreement, now=late) is True
        rows.append(starts)

    with acting_as(Hat.CLOCK):
        spans = AgreementVersion.objects.filter(agreement=agreement, in_force=True).order_by("number")
        assert list(spans.values_list("effective_from", "effective_to")) == list(zip([STARTS, *rows], [*rows, ENDS], strict=True))
    assert duties(agreement) == before
    with as_actor(LIN):
        day, seen = STARTS, []
        while day < ENDS:
            holding = [v for v in versions_of(LIN, agreement) if v.effective_from <= day < v.effective_to]
            seen.append(len(holding))
            day += timedelta(days=17)
    assert set(seen) == {1}


def test_a_year_beyond_the_calendar_is_refused_where_an_agreement_has_no_end():
    agreement = in_force(ends=None)
    with as_actor(CHEN), pytest.raises(RuleBroken) as refused:
        start_amendment(actor=CHEN, agreement=agreement, summary="另一件事", effective_from=date.max, now=LATER)
    assert (refused.value.code, refused.value.field, len(states(agreement))) == ("day_too_far", "effective_from", 1)
