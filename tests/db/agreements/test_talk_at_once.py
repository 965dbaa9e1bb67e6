"""Two hands at one clause, committed for real: nothing is lost, nothing is done twice."""

from collections import Counter
from uuid import uuid4

from django.db import transaction

from agreements.models import AgreementVersion, Proposal
from foundation.actor import Hat, acting_as
from foundation.errors import RuleBroken
from records.models import RecordEntry
from tests.agreed import sent, signed_by
from tests.db.agreements.test_at_once import together
from tests.talked import answered, proposed


def left(agreement):
    """What stands afterwards: versions by state, proposals by state, entries by kind."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        return (
            list(AgreementVersion.objects.filter(agreement=agreement).order_by("number").values_list("number", "state")),
            Counter(Proposal.objects.filter(agreement=agreement).values_list("state", flat=True)),
            Counter(RecordEntry.objects.filter(subject_id=agreement.pk).values_list("kind", flat=True)),
        )


def codes(results):
    return sorted(result.code if isinstance(result, RuleBroken) else type(result).__name__ for result in results)


def test_both_sides_at_one_clause_the_later_is_told_and_a_second_tap_is_one(fresh_database):
    with transaction.atomic():
        agreement = sent()
    mark = uuid4()

    results = together(
        lambda: proposed("lin", agreement, client_id=mark),
        lambda: proposed("lin", agreement, client_id=mark),
        lambda: proposed("chen", agreement, params={"lower": "3-4"}),
    )

    assert codes(results) in (["Proposal", "Proposal", "clause_has_a_proposal"], ["Proposal", "clause_has_a_proposal", "clause_has_a_proposal"])
    versions, proposals, kinds = left(agreement)
    assert (versions, proposals, kinds["clause_proposed"]) == ([(1, "in_review")], {"open": 1}, 1)


def test_accepted_twice_at_once_while_the_other_withdraws_or_signs_makes_one_text_or_none(fresh_database):
    with transaction.atomic():
        agreement = sent()
        asked = proposed("lin", agreement)

    results = together(
        lambda: answered("chen", "accept", asked),
        lambda: answered("chen", "accept", asked),
        lambda: answered("lin", "withdraw", asked),
        lambda: signed_by("lin", agreement),
    )

    versions, proposals, kinds = left(agreement)
    if proposals["accepted"]:
        assert (versions[0], versions[1][0], proposals, kinds["clause_accepted"]) == ((1, "replaced"), 2, {"accepted": 1}, 1)
        assert codes(results)[:2] == ["Proposal", "Proposal"]
    else:
        assert (len(versions), proposals, kinds["clause_withdrawn"], kinds["clause_accepted"]) == (1, {"withdrawn": 1}, 1, 0)
