"""Draft, send, sign by both, in force, duties: the agreement's life, with what the database itself refuses."""

import hashlib
import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import IntegrityError, ProgrammingError, connection, transaction

from agreements import tasks
from agreements.models import Agreement, AgreementVersion, Clause, Obligation, Signature
from agreements.selectors import agreement_for, agreements, clauses_of, current_version, signatures_of, timeline
from agreements.services import (
    activate_agreement,
    change_clause,
    draft_agreement,
    due_activations,
    expire_agreement,
    extend_duties,
    return_agreement,
    send_agreement,
    set_days,
)
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Todo
from records.models import Grant
from suppliers.models import SupplyLink
from tests.agreed import ENDS, NOW, STARTS, at, drafted, in_force, sent, signed_by
from tests.cast import BY_NAME, PASSWORD, actor, key, link_id

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


@pytest.fixture(autouse=True)
def _no_wrong_passwords_yet(db):
    for who in ("chen", "lin", "wu"):
        cache.delete(f"limit:sign-password:{key('person', who)}")


def seen_by_clock(agreement: Agreement) -> Agreement:
    with acting_as(Hat.CLOCK):
        return Agreement.objects.get(pk=agreement.pk)


def todos(who: str) -> list[str]:
    with as_actor(actor(who)):
        return sorted(Todo.objects.visible_to(actor(who)).filter(done_at=None).values_list("kind", flat=True))


def kinds(agreement: Agreement, who: str = "chen") -> list[str]:
    with as_actor(actor(who)):
        return [entry.kind for entry in timeline(actor(who), agreement)]


def test_a_draft_holds_the_templates_clauses_with_their_words():
    agreement = drafted()

    with as_actor(CHEN):
        clauses = clauses_of(CHEN, current_version(CHEN, agreement))
    assert agreement.number == "QCA-2026-0001"
    assert agreement.state == "draft"
    assert [c.order for c in clauses] == list(range(1, 9))
    assert clauses[2].text_en.startswith("Every 3 month(s) the supplier completes a self-check (5 questions")
    assert not any("{" in c.text_zh + c.text_en for c in clauses)


def test_numbers_are_the_owners_own():
    first, second = drafted(), drafted(starts=STARTS + timedelta(days=1))
    foreign = drafted("fang", "wu")

    assert [a.number for a in (first, second, foreign)] == ["QCA-2026-0001", "QCA-2026-0002", "QCA-2026-0001"]


def test_the_same_draft_asked_twice_is_one():
    assert drafted().pk == drafted().pk


def test_an_unsent_draft_is_its_owners_own():
    agreement = drafted()

    with as_actor(LIN):
        assert agreements(LIN) == []
        with pytest.raises(Absent):
            agreement_for(LIN, agreement.pk)
        # the wall below says the same
        assert not Agreement.objects.filter(pk=agreement.pk).exists()
        assert not Clause.objects.filter(version__agreement_id=agreement.pk).exists()
    with as_actor(actor("zhou")):
        assert not Agreement.objects.filter(pk=agreement.pk).exists()


def test_only_a_joined_supplier_gets_an_agreement():
    with as_actor(CHEN):
        SupplyLink.objects.filter(pk=link_id("chen", "lin")).update(state="invited")
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        with pytest.raises(RuleBroken, match="supplier_has_not_joined"):
            draft_agreement(actor=CHEN, link=link, template_code="garment-1", effective_from=STARTS, effective_to=None, now=NOW)
        assert Agreement.objects.count() == 0


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [(STARTS - timedelta(days=1), ENDS, "starts_in_the_past"), (STARTS, STARTS, "ends_before_it_starts")],
)
def test_days_that_cannot_be_are_refused(starts, ends, code):
    with pytest.raises(RuleBroken, match=code):
        drafted(starts=starts, ends=ends)

    with as_actor(CHEN):
        assert Agreement.objects.count() == 0


def test_a_supplier_cannot_draft():
    with as_actor(LIN):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        with pytest.raises(NotYours):
            draft_agreement(actor=LIN, link=link, template_code="garment-1", effective_from=STARTS, effective_to=None, now=NOW)


def test_a_changed_clause_has_new_words():
    agreement = drafted()
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[2]
        changed = change_clause(actor=CHEN, clause=clause, params={"every_months": 2, "review_days": 3}, now=NOW)

        stored = Clause.objects.get(pk=clause.pk)
    assert changed.params["every_months"] == 2
    assert stored.text_en.startswith("Every 2 month(s)")
    assert "3 个工作日" in stored.text_zh


@pytest.mark.parametrize(
    ("order", "params", "code", "field"),
    [
        (1, {"lower": "6"}, "param_not_a_grade", "lower"),
        (1, {"lower": "4"}, "source_is_of_the_former_limit", "source"),
        (1, {"lower": ""}, "param_missing", "lower"),
        (1, {"method": "GB/T 1"}, "param_is_the_templates", "method"),
        (2, {"upper": "3", "source": "a", "source_zh": "甲"}, "limits_cross", "upper"),
        (3, {"every_months": 0}, "param_not_in_range", "every_months"),
        (3, {"penalty": 1}, "param_unknown", "penalty"),
    ],
)
def test_a_clause_that_cannot_compute_is_refused_with_its_field(order, params, code, field):
    agreement = drafted()
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[order - 1]
        before = (clause.params, clause.text_zh, clause.text_en)

        with pytest.raises(RuleBroken, match=code) as refused:
            change_clause(actor=CHEN, clause=clause, params=params, now=NOW)

        stored = Clause.objects.get(pk=clause.pk)
    assert refused.value.field == field
    assert refused.value.facts["clause"] == order
    assert (stored.params, stored.text_zh, stored.text_en) == before


def test_sending_locks_one_text_and_asks_the_supplier():
    agreement = sent()

    with as_actor(LIN):
        version = current_version(LIN, agreement)
    body = json.loads(version.canonical)
    assert agreement.state == "in_review"
    assert version.sha256 == hashlib.sha256(version.canonical.encode()).hexdigest()
    assert body["number"] == agreement.number
    assert len(body["clauses"]) == 8
    assert todos("lin") == ["agreement_to_review"]
    assert kinds(agreement, "lin") == ["agreement_sent"]


def test_sent_twice_is_sent_once():
    agreement = sent()
    with as_actor(CHEN):
        send_agreement(actor=CHEN, agreement=agreement, now=NOW)

    assert kinds(agreement) == ["agreement_sent"]


def test_a_sent_text_is_not_changed_by_its_owner():
    agreement = sent()
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[2]
        with pytest.raises(RuleBroken, match="agreement_is_no_draft"):
            change_clause(actor=CHEN, clause=clause, params={"every_months": 1}, now=NOW)
        with pytest.raises(RuleBroken, match="agreement_is_no_draft"):
            set_days(actor=CHEN, agreement=agreement, effective_from=STARTS, effective_to=None, now=NOW)
        assert Clause.objects.get(pk=clause.pk).params["every_months"] == 3


def test_a_returned_text_is_kept_and_a_new_draft_is_the_owners():
    agreement = sent()
    with as_actor(LIN):
        first = current_version(LIN, agreement)
        return_agreement(actor=LIN, agreement=agreement, reason="自查每半年一次即可", now=NOW + timedelta(hours=1))
        still = current_version(LIN, agreement)
    with as_actor(CHEN):
        draft = current_version(CHEN, agreement)

    assert seen_by_clock(agreement).state == "draft"
    assert (still.pk, still.sha256) == (first.pk, first.sha256)
    assert (draft.number, draft.locked_at) == (2, None)
    assert kinds(agreement) == ["agreement_returned", "agreement_sent"]
    assert (todos("lin"), todos("chen")) == ([], ["agreement_returned"])


def test_a_return_needs_a_reason():
    agreement = sent()
    with as_actor(LIN), pytest.raises(RuleBroken, match="return_needs_a_reason"):
        return_agreement(actor=LIN, agreement=agreement, reason=" no ", now=NOW)

    assert seen_by_clock(agreement).state == "in_review"


def test_a_second_version_can_be_sent_and_signed():
    agreement = sent()
    with as_actor(LIN):
        return_agreement(actor=LIN, agreement=agreement, reason="自查每半年一次即可", now=NOW)
    with as_actor(CHEN):
        clause = clauses_of(CHEN, current_version(CHEN, agreement))[2]
        change_clause(actor=CHEN, clause=clause, params={"every_months": 6}, now=NOW)
        send_agreement(actor=CHEN, agreement=agreement, now=NOW)
    signed_by("lin", agreement)
    signed_by("chen", agreement)

    with as_actor(LIN):
        version = current_version(LIN, agreement, on=STARTS)
        assert (version.number, version.in_force) == (2, True)
        assert clauses_of(LIN, version)[2].params["every_months"] == 6


def test_both_sign_one_hash_and_it_is_in_force_with_duties_of_either_side():
    agreement = sent()
    signed_by("lin", agreement, now=NOW + timedelta(hours=1))
    assert seen_by_clock(agreement).state == "signing"
    assert (todos("lin"), todos("chen")) == ([], ["agreement_to_sign"])
    signed_by("chen", agreement, now=NOW + timedelta(hours=2))

    stored = seen_by_clock(agreement)
    with as_actor(LIN):
        version = current_version(LIN, agreement, on=STARTS)
        signatures = signatures_of(LIN, version)
        duties = list(Obligation.objects.visible_to(LIN).order_by("due_on").values_list("side", "kind", "key", "due_on"))
    assert (stored.state, stored.effective_from) == ("in_force", STARTS)
    assert {s.sha256 for s in signatures.values()} == {version.sha256}
    assert {side: s.person_name for side, s in signatures.items()} == {"owner": "陈棠", "supplier": "林杼"}
    assert duties[0] == ("supplier", "document", "business_licence:0", date(2026, 4, 1))
    assert duties[1] == ("owner", "owner_duty", "share_results:0", date(2026, 4, 13))  # 12 April is a Sunday
    assert len(duties) == 1 + 11  # eleven months end, and are answered for, within the year
    assert kinds(agreement) == ["agreement_in_force", "agreement_signed", "agreement_signed", "agreement_sent"]
    assert todos("chen") == []


def test_in_force_opens_what_the_clauses_let_the_other_see():
    agreement = in_force()

    with acting_as(Hat.CLOCK):
        given = set(Grant.objects.filter(agreement_id=agreement.pk).values_list("from_org_id", "to_org_id", "what", "valid_to"))
    lin, chen, last = BY_NAME["lin"].org_id, BY_NAME["chen"].org_id, ENDS - timedelta(days=1)
    assert given == {(lin, chen, "audit_evidence", last), (lin, chen, "documents", last), (chen, lin, "results", last)}


def assert_unsigned(agreement: Agreement, state: str = "in_review") -> None:
    with acting_as(Hat.CLOCK):
        assert Signature.objects.filter(version__agreement=agreement).count() == 0
    assert seen_by_clock(agreement).state == state
    assert kinds(agreement) == ["agreement_sent"]


def test_a_hash_that_was_not_shown_is_refused():
    agreement = sent()

    with pytest.raises(RuleBroken, match="text_changed"):
        signed_by("lin", agreement, sha256="0" * 64)

    assert_unsigned(agreement)


def test_a_wrong_password_is_refused_and_counted():
    agreement = sent()

    for _ in range(6):
        with pytest.raises(RuleBroken, match="password_wrong"):
            signed_by("lin", agreement, password="indigo")
    with pytest.raises(RuleBroken, match="too_many_tries_to_sign"):
        signed_by("lin", agreement, password=PASSWORD)

    assert_unsigned(agreement)


def test_only_a_signatory_of_that_day_signs():
    agreement = sent()
    with as_actor(LIN), connection.cursor() as cursor:
        cursor.execute("update parties_membership set valid_to = %s where role = 'signatory'", [STARTS - timedelta(days=1)])

    with pytest.raises(RuleBroken, match="signatory_only"):
        signed_by("lin", agreement)

    assert_unsigned(agreement)


def test_another_firm_does_not_sign():
    agreement = sent()

    with as_actor(WU), pytest.raises(NotYours):
        from agreements.services import sign_agreement

        sign_agreement(actor=WU, agreement=agreement, sha256="0" * 64, password=PASSWORD, now=NOW)

    assert_unsigned(agreement)


def test_signed_twice_is_signed_once():
    agreement = sent()
    first, second = signed_by("lin", agreement), signed_by("lin", agreement)

    assert first.pk == second.pk
    assert kinds(agreement) == ["agreement_signed", "agreement_sent"]


def test_nobody_signs_for_both():
    agreement = sent()
    signed_by("lin", agreement)
    twin = actor("chen")
    with as_actor(twin), pytest.raises(IntegrityError, match="nobody_signs_for_both"), transaction.atomic():
        version = current_version(twin, agreement)
        Signature.objects.create(
            version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, side="owner", org_id=twin.org_id,
            person_id=LIN.person_id, person_name="林杼", method="click_password", sha256=version.sha256, at=NOW,
        )  # fmt: skip

    assert seen_by_clock(agreement).state == "signing"


def test_the_database_knows_no_signature_under_another_text():
    agreement = sent()
    with as_actor(CHEN), pytest.raises(IntegrityError, match="signature_is_under_the_text_that_stands"), transaction.atomic():
        version = current_version(CHEN, agreement)
        Signature.objects.create(
            version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, side="owner", org_id=CHEN.org_id,
            person_id=CHEN.person_id, person_name="陈棠", method="click_password", sha256="0" * 64, at=NOW,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")

    assert_unsigned(agreement)


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

    with as_actor(CHEN), pytest.raises(IntegrityError, match="one_version_in_force_at_any_instant"), transaction.atomic():
        AgreementVersion.objects.create(agreement=agreement, number=2, effective_from=date(2026, 9, 1), in_force=True, **sides)


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

    with pytest.raises((IntegrityError, ProgrammingError), match=f"{words}|permission denied"), transaction.atomic(), as_actor(CHEN):
        with connection.cursor() as cursor:
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

        extend_duties(agreement=agreement, now=later)
        grown = Obligation.objects.filter(agreement=agreement).count()
        extend_duties(agreement=agreement, now=later + timedelta(days=1))

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
    for model in (AgreementVersion, Clause, Signature):
        with as_actor(actor("zhou")), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.count()


def test_ids_of_agreements_say_when_and_not_how_many():
    assert UUID(str(drafted().pk)).version == 7
