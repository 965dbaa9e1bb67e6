"""Two hands at once, two clocks at once, and the owner role's own hand: committed for real, in a database of their own."""

import os
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections, transaction

from agreements.models import Agreement, AgreementVersion, Obligation, Signature
from agreements.services import activate_agreement, send_agreement, start_amendment
from foundation.actor import Hat, acting_as, as_actor
from records.models import RecordEntry
from tests.agreed import NOW, at, drafted, in_force, sent, signed_by
from tests.cast import actor


def together(*calls):
    """Run the calls in threads of their own, each with its own connection; returns what each returned or raised."""

    def alone(call):
        try:
            with transaction.atomic():
                return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(alone, calls))


def counts(agreement):
    with transaction.atomic(), acting_as(Hat.CLOCK):
        return (
            Agreement.objects.get(pk=agreement.pk).state,
            Signature.objects.filter(version__agreement=agreement).count(),
            RecordEntry.objects.filter(kind="agreement_in_force", subject_id=agreement.pk).count(),
            Obligation.objects.filter(agreement=agreement).count(),
        )


def test_two_signers_at_once_put_it_in_force_once(fresh_database):
    with transaction.atomic():
        agreement = sent()

    results = together(*[lambda who=who: signed_by(who, agreement) for who in ("chen", "lin", "chen", "lin")])

    assert all(isinstance(result, Signature) for result in results), results
    assert counts(agreement) == ("in_force", 2, 1, 12)


def test_a_double_click_sends_once_and_both_clicks_are_told_so(fresh_database):
    with transaction.atomic():
        agreement = drafted()
    chen = actor("chen")

    def send():
        with as_actor(chen):
            return send_agreement(actor=chen, agreement=agreement, now=NOW)

    results = together(send, send)

    assert [getattr(result, "pk", result) for result in results] == [agreement.pk, agreement.pk]
    with transaction.atomic(), acting_as(Hat.CLOCK):
        assert RecordEntry.objects.filter(kind="agreement_sent", subject_id=agreement.pk).count() == 1


def test_two_clocks_at_once_activate_once(fresh_database):
    day = at(NOW.date().replace(day=16))
    with transaction.atomic():
        agreement = in_force(starts=day.date())

    results = together(*[lambda: activate_agreement(agreement=agreement, now=day)] * 4)

    assert sorted(results) == [False, False, False, True]
    assert counts(agreement)[0::2] == ("in_force", 1)


REFUSED = [
    "update agreements_agreementversion set canonical = '{}'",
    "update agreements_agreementversion set locked_at = null",
    "delete from agreements_agreementversion",
    "update agreements_clause set params = '{}'",
    "delete from agreements_clause",
    "insert into agreements_clause select gen_random_uuid(), owner_org_id, supplier_org_id, 99, type, side, params, text_zh, text_en, version_id "
    "from agreements_clause limit 1",
    "update agreements_signature set person_name = 'x'",
    "delete from agreements_signature",
    "truncate agreements_signature cascade",
    "truncate agreements_clause cascade",
    "truncate agreements_agreementversion cascade",
    "update agreements_agreementtemplate set name_en = 'x'",
]


def test_what_was_signed_is_not_changed_by_the_owner_role_either(fresh_database):
    with transaction.atomic():
        agreement = in_force()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.RestrictViolation):
                owner.execute(statement)
        with pytest.raises(psycopg.errors.ExclusionViolation):
            owner.execute(
                "insert into agreements_agreementversion (id, agreement_id, owner_org_id, supplier_org_id, number, effective_from, in_force, "
                "state, canonical, sha256) select gen_random_uuid(), agreement_id, owner_org_id, supplier_org_id, 9, effective_from, true, "
                "'in_force', '', '' "
                "from agreements_agreementversion limit 1"
            )
        kept = owner.execute("select count(*), bool_and(encode(sha256(convert_to(canonical, 'UTF8')), 'hex') = sha256) "
                             "from agreements_agreementversion").fetchone()  # fmt: skip

    assert kept == (1, True)
    assert counts(agreement)[:2] == ("in_force", 2)
    with transaction.atomic(), as_actor(actor("lin")):
        assert Agreement.objects.get(pk=agreement.pk).state == "in_force"


def test_two_clocks_at_once_activate_an_amendment_once(fresh_database):
    day = NOW.date().replace(month=9, day=1)
    with transaction.atomic():
        agreement = in_force()
        with as_actor(actor("chen")):
            start_amendment(actor=actor("chen"), agreement=agreement, summary="", effective_from=day, now=NOW)
            send_agreement(actor=actor("chen"), agreement=agreement, now=NOW)
        signed_by("lin", agreement)
        signed_by("chen", agreement)
        before = counts(agreement)[3]

    results = together(*[lambda: activate_agreement(agreement=agreement, now=at(day))] * 4)

    assert sorted(results) == [False, False, False, True]
    with transaction.atomic(), acting_as(Hat.CLOCK):
        spans = AgreementVersion.objects.filter(agreement=agreement, in_force=True).order_by("number")
        assert list(spans.values_list("effective_from", "effective_to")) == [(NOW.date(), day), (day, agreement.effective_to)]
        assert Obligation.objects.filter(agreement=agreement, void_at=None).count() == before
        assert RecordEntry.objects.filter(kind="amendment_in_force", subject_id=agreement.pk).count() == 1


def test_two_hands_at_once_begin_one_amendment(fresh_database):
    day = NOW.date().replace(month=9, day=1)
    with transaction.atomic():
        agreement = in_force()

    def begin(summary):
        with as_actor(actor("chen")):
            return start_amendment(actor=actor("chen"), agreement=agreement, summary=summary, effective_from=day, now=NOW)

    results = together(*[lambda words=words: begin(words) for words in ("one", "two", "one", "two")])

    made = [each for each in results if isinstance(each, AgreementVersion)]
    assert len({each.pk for each in made}) == 1
    assert {str(each) for each in results if isinstance(each, Exception)} <= {"amendment_is_under_way"}
    with transaction.atomic(), acting_as(Hat.CLOCK):
        assert AgreementVersion.objects.filter(agreement=agreement).count() == 2
