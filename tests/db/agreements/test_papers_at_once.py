"""Both sides compare a stamped copy at the same moment, two workers print one sheet: committed for real, in a database of their own."""

from datetime import timedelta

from django.db import transaction

from agreements.models import AgreementPaper, Signature, StampedWord
from agreements.selectors import current_version
from agreements.services.sheets import make_signature_sheet
from agreements.services.stamped import file_stamped, say_it_matches
from foundation.actor import Hat, acting_as, as_actor
from records.models import RecordEntry
from records.services.sequencer import sequence_once
from tests.agreed import NOW, in_force, sent
from tests.cast import PASSWORD, actor
from tests.db.agreements.test_at_once import together
from tests.db.agreements.test_stamped import page


def kept(kind: str) -> list:
    with transaction.atomic(), acting_as(Hat.CLOCK):
        return list(AgreementPaper.objects.filter(kind=kind))


def says(who, agreement, copy):
    with as_actor(actor(who)):
        return say_it_matches(actor=actor(who), agreement=agreement, stamped=copy, password=PASSWORD, now=NOW)


def test_both_say_at_once_that_it_matches_and_it_signs_once(fresh_database):
    lin = actor("lin")
    with transaction.atomic():
        agreement = sent()
        with as_actor(lin):
            sha256 = current_version(lin, agreement).sha256
            copy = file_stamped(actor=lin, agreement=agreement, sha256=sha256, files=[page()], client_id="s", now=NOW)

    results = together(*[lambda who=who: says(who, agreement, copy) for who in ("chen", "lin", "chen", "lin")])

    with transaction.atomic(), acting_as(Hat.CLOCK):
        methods = list(Signature.objects.values_list("method", flat=True))
        entries = RecordEntry.objects.filter(kind="agreement_signed").count()
    assert (methods, entries) == (["stamped_scan"], 1)
    assert sum(isinstance(result, StampedWord) for result in results) >= 2, results
    assert {getattr(result, "code", "said") for result in results} <= {"said", "side_has_signed"}


def test_two_workers_print_one_sheet(fresh_database):
    with transaction.atomic():
        agreement = in_force()
    sequence_once(now=NOW + timedelta(hours=1))
    with transaction.atomic(), acting_as(Hat.CLOCK):
        version_id = agreement.versions.get().pk

    def print_it():
        with acting_as(Hat.CLOCK):
            return make_signature_sheet(version_id=version_id, now=NOW + timedelta(hours=1))

    results = together(*[print_it] * 3)

    assert {result.pk for result in results} == {paper.pk for paper in kept("signatures")}
    assert len(kept("signatures")) == 1
