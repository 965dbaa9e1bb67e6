"""Both sign one SHA-256; everything else is refused, and nothing is changed by it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from agreements.models import Agreement, Obligation, Signature
from agreements.selectors import current_version, signatures_of
from agreements.services import (
    sign_agreement,
)
from agreements.services.signing import ask_signatories
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from notices.models import Notification
from records.models import Grant
from tests.agreed import ENDS, NOW, STARTS, in_force, kinds, seen_by_clock, sent, signed_by, todos
from tests.cast import BY_NAME, PASSWORD, actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


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
    with as_actor(twin):
        version = current_version(twin, agreement)
    with as_actor(twin), pytest.raises(IntegrityError, match="nobody_signs_for_both"), transaction.atomic():
        Signature.objects.create(
            version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, side="owner", org_id=twin.org_id,
            person_id=LIN.person_id, person_name="林杼", method="click_password", sha256=version.sha256, at=NOW,
        )  # fmt: skip

    assert seen_by_clock(agreement).state == "signing"


def _sign_by_hand(version) -> None:
    Signature.objects.create(
        version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, side="owner", org_id=CHEN.org_id,
        person_id=CHEN.person_id, person_name="陈棠", method="click_password", sha256="0" * 64, at=NOW,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def test_the_database_knows_no_signature_under_another_text():
    agreement = sent()
    with as_actor(CHEN):
        version = current_version(CHEN, agreement)
    with as_actor(CHEN), pytest.raises(IntegrityError, match="signature_is_under_the_text_that_stands"), transaction.atomic():
        _sign_by_hand(version)

    assert_unsigned(agreement)


def test_a_lost_line_is_repeated_and_answered_with_what_was_signed():
    agreement = sent()
    first = signed_by("lin", agreement)
    signed_by("chen", agreement, now=NOW + timedelta(hours=1))

    again = signed_by("lin", agreement, now=NOW + timedelta(days=2))

    assert (again.pk, again.at) == (first.pk, NOW)
    assert kinds(agreement).count("agreement_signed") == 2
    page = signed_in("lin", "en").get(f"/agreements/{agreement.pk}/sign/").content.decode()
    assert "You signed on 2026-03-02 10:00." in page


def test_a_colleague_who_may_not_sign_asks_the_signatory_once():
    agreement = sent()
    with as_actor(LIN), connection.cursor() as cursor:
        cursor.execute("update parties_membership set valid_to = '2026-03-01' where role = 'signatory'")
    clerk = signed_in("lin", "en")
    with as_actor(LIN):
        told = [ask_signatories(actor=LIN, agreement=agreement, now=NOW) for _ in range(2)]
        lines = list(Notification.objects.visible_to(LIN).filter(kind="signatory_asked"))

    assert (told, len(lines)) == ([True, False], 1)
    assert "signatory_asked" in todos("lin")
    assert "signatory_asked" not in todos("chen")
    assert clerk.post(f"/agreements/{agreement.pk}/sign/ask/").status_code == 302
    assert clerk.get(f"/agreements/{agreement.pk}/sign/").status_code == 200
    assert_unsigned(agreement)


def test_signed_by_the_signatory_the_colleagues_question_is_off_the_list():
    agreement = sent()
    with as_actor(LIN):
        ask_signatories(actor=LIN, agreement=agreement, now=NOW)
    signed_by("lin", agreement)

    assert todos("lin") == []
    with as_actor(LIN), pytest.raises(RuleBroken, match="side_has_signed"):
        ask_signatories(actor=LIN, agreement=agreement, now=NOW)
