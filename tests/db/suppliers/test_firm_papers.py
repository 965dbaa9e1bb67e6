"""Certificates and papers: filed once, mended until verified, replaced by a newer one, retired and taken back."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, RuleBroken
from notices.models import Todo
from records.models import Evidence
from suppliers.models import Paper
from suppliers.selectors.firm_lists import firm_papers, standing_of, thing_for
from suppliers.services.firm import PaperFacts, edit_paper, retire_paper, take_back_paper
from tests.cast import actor
from tests.db.suppliers.firm_stage import TODAY, certificate, in_days
from tests.db.suppliers.stage import NOW

pytestmark = pytest.mark.django_db
LIN, WU = actor("lin"), actor("wu")


def standing():
    with as_actor(LIN):
        return {paper.number: standing_of(paper, on=TODAY) for paper in firm_papers(LIN)}


def test_a_certificate_is_filed_once_with_all_that_stands_on_it():
    said = {"number": "016ZB26Q", "scope": "针织纱的生产", "issuer": "示例认证", "issued_on": in_days(-300), "expires_on": in_days(90)}
    paper = certificate(client_id="c1", **said)

    assert certificate(client_id="c1", **said).pk == paper.pk
    with as_actor(LIN):
        kept = thing_for(LIN, Paper, paper.pk)
        assert (kept.kind, kept.standard, kept.scope, kept.issuer, kept.remind_on) == (
            "certificate",
            "iso_9001",
            "针织纱的生产",
            "示例认证",
            in_days(30),
        )
        assert Evidence.objects.visible_to(LIN).count() == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("standard_unknown", {"standard": "iso_1"}),
        ("paper_days_crossed", {"issued_on": in_days(0), "expires_on": in_days(-1)}),
        ("day_out_of_range", {"expires_on": date(9999, 12, 31)}),
    ],
)
def test_a_paper_that_cannot_be_leaves_nothing(code, said):
    with pytest.raises(RuleBroken) as broken:
        certificate(**said)

    assert broken.value.code == code
    with as_actor(LIN):
        assert (Paper.objects.visible_to(LIN).count(), Evidence.objects.visible_to(LIN).count()) == (0, 0)


def test_a_newer_paper_stands_in_the_place_of_the_older_once():
    old = certificate(number="OLD", expires_on=in_days(20))
    new = certificate(number="NEW", expires_on=in_days(1000), replaces=old)

    with pytest.raises(RuleBroken, match="paper_replaced_already"):
        certificate(number="TWIN", replaces=old)
    assert standing() == {"NEW": "uploaded", "OLD": "replaced"}
    with as_actor(LIN):
        assert (thing_for(LIN, Paper, old.pk).remind_on, thing_for(LIN, Paper, new.pk).replaces_id) == (None, old.pk)


def test_a_paper_of_another_firm_cannot_be_replaced():
    foreign = certificate(who="wu")

    with pytest.raises(RuleBroken, match="paper_replaced_already"):
        certificate(replaces=foreign)
    with as_actor(LIN):
        assert Paper.objects.visible_to(LIN).count() == 0


def test_what_replaced_is_retired_and_the_older_counts_again():
    old = certificate(number="OLD", expires_on=in_days(20))
    new = certificate(number="NEW", replaces=old)

    with as_actor(LIN):
        retire_paper(actor=LIN, paper=new, now=NOW)
        assert thing_for(LIN, Paper, old.pk).remind_on == in_days(13)
    assert standing() == {"OLD": "due_soon"}
    with as_actor(LIN):
        take_back_paper(actor=LIN, paper=thing_for(LIN, Paper, new.pk), now=NOW)
    assert standing() == {"NEW": "uploaded", "OLD": "replaced"}


def test_two_papers_never_come_back_into_one_place():
    old = certificate(number="OLD")
    first = certificate(number="FIRST", replaces=old)
    with as_actor(LIN):
        retire_paper(actor=LIN, paper=first, now=NOW)
    certificate(number="SECOND", replaces=old)

    with as_actor(LIN), pytest.raises(RuleBroken, match="paper_replaced_already"):
        take_back_paper(actor=LIN, paper=thing_for(LIN, Paper, first.pk), now=NOW)
    assert standing() == {"SECOND": "uploaded", "OLD": "replaced"}


def test_words_of_a_paper_are_mended_until_the_platform_has_verified_it():
    paper = certificate(expires_on=in_days(20))
    with as_actor(LIN):
        edit_paper(actor=LIN, paper=paper, said=PaperFacts("certificate", number="N2", standard="gots", expires_on=in_days(200)), now=NOW)
        kept = thing_for(LIN, Paper, paper.pk)
        assert (kept.number, kept.standard, kept.remind_on) == ("N2", "gots", in_days(140))
    with as_actor(actor("pan")):
        Paper.objects.filter(pk=paper.pk).update(state="verified")

    with as_actor(LIN):
        with pytest.raises(RuleBroken, match="paper_is_verified"):
            edit_paper(actor=LIN, paper=thing_for(LIN, Paper, paper.pk), said=PaperFacts("certificate", number="N3"), now=NOW)
        assert thing_for(LIN, Paper, paper.pk).number == "N2"


def test_a_firm_cannot_verify_its_own_paper():
    paper = certificate()
    with as_actor(LIN):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(state="verified")
        assert thing_for(LIN, Paper, paper.pk).state == "uploaded"


def test_another_firm_neither_finds_nor_retires_a_paper():
    paper = certificate()

    with as_actor(WU):
        with pytest.raises(Absent):
            thing_for(WU, Paper, paper.pk)
        assert Paper.objects.filter(pk=paper.pk).update(retired_at=NOW) == 0
    assert standing() == {"016ZB26Q": "uploaded"}


def test_a_retired_paper_leaves_no_task():
    paper = certificate(expires_on=in_days(20))
    with acting_as(Hat.CLOCK):
        Todo.objects.create(org_id=LIN.org_id, hat="supplier", kind="paper_expiring", subject_id=paper.pk, created_at=NOW)

    with as_actor(LIN):
        retire_paper(actor=LIN, paper=paper, now=NOW)
        assert Todo.objects.visible_to(LIN).get(subject_id=paper.pk).done_at == NOW
