"""What a day brings: in force, ahead, the end; what nobody changes or sees."""

import hashlib
import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from agreements import tasks
from agreements.models import Agreement, AgreementVersion, Clause, Obligation, Signature
from agreements.selectors import agreement_for, agreements, clauses_of, current_version, signatures_of
from agreements.services import (
    activate_agreement,
    arise_ahead,
    due_activations,
    expire_agreement,
)
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent
from tests.agreed import STARTS, at, drafted, in_force, kinds, seen_by_clock, sent, signed_by, todos
from tests.cast import actor

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


def test_a_later_day_waits_for_the_clock_and_is_done_once():
    starts = date(2026, 3, 16)
    agreement = in_force(starts=starts)
    assert seen_by_clock(agreement).state == "signed"

    with acting_as(Hat.CLOCK):
        assert list(due_activations(at(date(2026, 3, 15), 23))) == []
        assert [a.pk for a in due_activations(at(starts, 0))] == [agreement.pk]
        assert activate_agreement(agreement=agreement, now=at(date(2026, 3, 19))) is True
        assert activate_agreement(agreement=agreement, now=at(date(2026, 3, 19))) is False
        duties = Obligation.objects.filter(agreement=agreement)
        assert duties.get(kind="document").due_on == date(2026, 4, 15)  # counted from its day, not from the late tick

    assert seen_by_clock(agreement).effective_from == starts
    assert kinds(agreement).count("agreement_in_force") == 1


def test_signed_after_its_day_it_binds_nobody_backwards():
    agreement = sent()
    signed_by("lin", agreement)
    signed_by("chen", agreement, now=at(date(2026, 3, 9)))

    with as_actor(CHEN):
        version = current_version(CHEN, agreement, on=date(2026, 3, 9))
        first = Obligation.objects.visible_to(CHEN).order_by("due_on").first()
    assert seen_by_clock(agreement).effective_from == date(2026, 3, 9)
    assert (version.effective_from, version.in_force) == (date(2026, 3, 9), True)
    assert json.loads(version.canonical)["effective_from"] == "2026-03-02"
    assert first.due_on == date(2026, 4, 8)


def test_one_version_is_in_force_at_any_instant():
    agreement = in_force()
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}

    with acting_as(Hat.CLOCK), pytest.raises(IntegrityError, match="one_version_in_force_at_any_instant"), transaction.atomic():
        AgreementVersion.objects.create(agreement=agreement, number=2, effective_from=date(2026, 9, 1), in_force=True, **sides)


def test_no_hand_of_a_side_puts_a_version_in_force():
    agreement = in_force()
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    new = {"agreement": agreement, "number": 2, "effective_from": date(2027, 9, 1), "effective_to": date(2027, 10, 1), **sides}

    with as_actor(CHEN):
        with pytest.raises(ProgrammingError, match="by its signatures and its day"), transaction.atomic():
            AgreementVersion.objects.create(**new, in_force=True)
        draft = AgreementVersion.objects.create(**new)
        with pytest.raises(ProgrammingError, match="by its signatures and its day"), transaction.atomic():
            AgreementVersion.objects.filter(pk=draft.pk).update(in_force=True)

        assert not AgreementVersion.objects.get(pk=draft.pk).in_force


CHANGES = [
    ("update agreements_agreementversion set canonical = '{}' where agreement_id = %s", "locked agreement version is not changed"),
    ("update agreements_agreementversion set sha256 = repeat('0', 64) where agreement_id = %s", "locked agreement version is not changed"),
    ("update agreements_agreementversion set effective_from = effective_from - 1 where agreement_id = %s", "is not changed"),
    ("delete from agreements_agreementversion where agreement_id = %s", "locked agreement version is not changed"),
    ("update agreements_clause set text_en = '' where version_id in (select id from agreements_agreementversion where agreement_id = %s)",
     "clause of a locked agreement version is not changed"),
    ("delete from agreements_clause where version_id in (select id from agreements_agreementversion where agreement_id = %s)",
     "clause of a locked agreement version is not changed"),
    ("update agreements_signature set person_name = '' where version_id in (select id from agreements_agreementversion where agreement_id = %s)",
     "append-only"),
    ("delete from agreements_signature where version_id in (select id from agreements_agreementversion where agreement_id = %s)", "append-only"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), CHANGES)
def test_what_was_signed_is_not_changed_by_its_firms(statement, words):
    agreement = in_force()

    with (
        pytest.raises((IntegrityError, ProgrammingError), match=f"{words}|permission denied"),
        transaction.atomic(),
        as_actor(CHEN),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [agreement.pk])

    with as_actor(LIN):
        version = current_version(LIN, agreement, on=STARTS)
        assert version.sha256 == hashlib.sha256(version.canonical.encode()).hexdigest()
        assert len(signatures_of(LIN, version)) == 2
        assert len(clauses_of(LIN, version)) == 8


def test_the_end_voids_what_comes_after_it_and_keeps_what_was_owed():
    agreement = in_force(ends=date(2026, 6, 1))

    with acting_as(Hat.CLOCK):
        Obligation.objects.filter(key="share_results:1").update(subject_id=None)
        late = Obligation.objects.get(agreement=agreement, key="share_results:1")
        assert late.due_on == date(2026, 5, 12)
        assert expire_agreement(agreement=agreement, now=at(date(2026, 5, 31))) is False
        assert expire_agreement(agreement=agreement, now=at(date(2026, 6, 1), 0)) is True
        assert expire_agreement(agreement=agreement, now=at(date(2026, 6, 1), 0)) is False
        late.refresh_from_db()
        assert late.void_at is None
        assert not Obligation.objects.filter(agreement=agreement, due_on__gte=date(2026, 6, 1), void_at=None).exists()
    assert seen_by_clock(agreement).state == "expired"


def test_duties_are_extended_once_a_month_and_never_twice():
    agreement = in_force(ends=None)
    with acting_as(Hat.CLOCK):
        before = Obligation.objects.filter(agreement=agreement).count()
        later = at(date(2026, 8, 3))

        arise_ahead(now=later)
        grown = Obligation.objects.filter(agreement=agreement).count()
        arise_ahead(now=later + timedelta(days=1))

        assert Obligation.objects.filter(agreement=agreement).count() == grown
        assert grown == before + 5
        keys = Obligation.objects.filter(agreement=agreement, kind="owner_duty").order_by("due_on").values_list("key", flat=True)
        assert list(keys) == [f"share_results:{n}" for n in range(len(keys))]


def test_the_tick_is_safe_twice():
    agreement = in_force(starts=date(2026, 3, 16))
    morning = at(date(2026, 3, 16))

    assert tasks.tick(morning) > 0
    assert tasks.tick(morning) == 0

    assert seen_by_clock(agreement).state == "in_force"
    assert kinds(agreement).count("agreement_in_force") == 1
    assert todos("lin") == ["document_due"]


def test_wu_sees_nothing_of_lins_agreement():
    agreement = in_force()

    with as_actor(WU):
        assert agreements(WU) == []
        with pytest.raises(Absent):
            agreement_for(WU, agreement.pk)
        assert Agreement.objects.count() == 0
        assert AgreementVersion.objects.count() == 0
        assert Clause.objects.count() == 0
        assert Signature.objects.count() == 0
        assert Obligation.objects.count() == 0


def test_the_bureau_sees_the_state_and_no_word_of_the_text():
    agreement = in_force()

    with as_actor(actor("zhou")):
        assert Agreement.objects.get(pk=agreement.pk).state == "in_force"
        assert Obligation.objects.filter(agreement=agreement).count() == 12
        # Words are read under a duty case alone, look by look.
        assert (AgreementVersion.objects.count(), Clause.objects.count()) == (0, 0)
    with as_actor(actor("zhou")), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Signature.objects.count()


def test_ids_of_agreements_say_when_and_not_how_many():
    assert UUID(str(drafted().pk)).version == 7
