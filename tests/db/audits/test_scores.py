"""Scores: computed when reviewed, again when a finding moves, kept with all that went in, and never written by a side."""

import re

import pytest
from django.db import DatabaseError, transaction

from audits import services
from audits.models import Audit, AuditScore
from audits.scoring import compute
from audits.selectors.scores import latest_scores, score_for, scores_of
from audits.services.scores import score_again
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force, moment, raised, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def audit(tmp_path):
    """Submitted; the third of five questions is not met."""
    return submitted(agreement_in_force(), tmp_path, q3="no")


def reviewed(audit, on="2026-03-12"):
    with as_actor(actor("chen")):
        return services.accept_audit(actor=actor("chen"), audit_id=audit.pk, now=moment(on))


def kept(audit, who="lin"):
    with as_actor(actor(who)):
        return scores_of(actor(who), audit)


def test_a_review_keeps_one_score_that_comes_out_of_its_inputs_again(audit):
    reviewed(audit)

    (score,) = kept(audit)
    again = compute(score.inputs)
    with acting_as(Hat.CLOCK):
        row = Audit.objects.get(pk=audit.pk)
    assert (score.method, score.number, score.why, score.at) == ("weighted-1", 1, "reviewed", moment("2026-03-12"))
    assert (score.value_hundredths, score.band) == (again.value_hundredths, again.band) == (8000, row.result_class)
    assert [each["share"] for each in score.inputs["questions"]] == ["1", "1", "0", "1", "1"]


def test_the_same_inputs_are_kept_once(audit):
    reviewed(audit)

    with as_actor(actor("chen")):
        held = Audit.objects.select_related("checklist").get(pk=audit.pk)
        score_again(actor=actor("chen"), audit=held, why="closed", now=moment("2026-03-13"))

    assert len(kept(audit)) == 1


def test_nothing_is_scored_before_the_review(audit):
    with as_actor(actor("chen")):
        held = Audit.objects.select_related("checklist").get(pk=audit.pk)
        assert score_again(actor=actor("chen"), audit=held, why="closed", now=moment("2026-03-13")) is None
        with pytest.raises(Absent):
            score_for(actor("chen"), audit.pk)

    assert kept(audit) == []


def test_a_critical_finding_that_stands_open_takes_the_band_down(audit):
    raised(audit, grade="critical")

    reviewed(audit)

    (score,) = kept(audit)
    assert (score.value_hundredths, score.band, score.inputs["open_critical"]) == (8000, "C", 1)


def test_a_contested_finding_waits_and_counts_again_once_it_is_upheld_and_no_more_once_closed(audit):
    finding = raised(audit, grade="critical")
    reviewed(audit)
    with as_actor(actor("lin")):
        services.contest_finding(actor=actor("lin"), finding_id=finding.pk, reason="天平已换新", now=moment("2026-03-13"))
    with as_actor(actor("chen")):
        services.uphold_finding(actor=actor("chen"), finding_id=finding.pk, reason="标签仍过期", now=moment("2026-03-14"))
        services.withdraw_finding(actor=actor("chen"), finding_id=finding.pk, reason="看错了", now=moment("2026-03-15"))

    told = [(each.why, each.band, each.inputs["open_critical"], each.inputs["contested"]) for each in reversed(kept(audit))]
    assert told == [("reviewed", "C", 1, 0), ("contested", "B", 0, 1), ("decided", "C", 1, 0), ("decided", "B", 0, 0)]
    with acting_as(Hat.CLOCK):
        assert Audit.objects.get(pk=audit.pk).result_class == "B"
    assert all((compute(each.inputs).value_hundredths, compute(each.inputs).band) == (each.value_hundredths, each.band) for each in kept(audit))


def test_a_finding_raised_after_the_review_is_counted_too(audit):
    raised(audit, grade="minor")
    reviewed(audit)
    raised(audit, grade="critical", on="2026-03-13")

    assert [(each.why, each.band) for each in kept(audit)] == [("raised", "C"), ("reviewed", "B")]


@pytest.mark.parametrize("hat", ["chen", "lin"])
def test_neither_side_writes_a_score(audit, hat):
    reviewed(audit)
    (score,) = kept(audit)

    with as_actor(actor(hat)):
        for touch in (
            lambda: AuditScore.objects.filter(pk=score.pk).update(band="A"),
            lambda: AuditScore(
                audit_id=audit.pk, owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, number=2, method="weighted-1",
                inputs={}, why="decided", at=moment("2026-03-13"),
            ).save(force_insert=True),
            lambda: AuditScore.objects.filter(pk=score.pk).delete(),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                touch()

    assert [each.band for each in kept(audit)] == ["B"]


def test_not_even_the_clock_changes_a_score(audit):
    reviewed(audit)

    with acting_as(Hat.CLOCK), pytest.raises(DatabaseError), transaction.atomic():
        AuditScore.objects.update(band="A")

    assert [each.band for each in kept(audit)] == ["B"]


def test_a_score_is_its_two_sides_and_nobody_elses(audit):
    reviewed(audit)

    with as_actor(actor("chen")):
        assert list(latest_scores(actor("chen"), [audit])) == [audit.pk]
    for who in ("wu", "fang"):
        assert kept(audit, who) == []
    with as_actor(actor("zhou")), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        AuditScore.objects.count()


@pytest.mark.parametrize(("who", "language", "words"), [("chen", "en", "Why this score"), ("lin", "zh-hans", "为什么是这个分数")])
def test_both_sides_read_why(audit, who, language, words):
    finding = raised(audit, grade="critical")
    reviewed(audit)
    client = signed_in(who, language=language)

    page = client.get(f"/audits/{audit.pk}/score/").content.decode()

    assert words in page
    assert re.search(r"80\.00 %", page)
    assert page.count('<th scope="row"') == 5
    assert finding.text.observed not in page


def test_before_the_review_the_page_says_that_there_is_no_score(audit):
    page = signed_in("chen", language="en").get(f"/audits/{audit.pk}/score/").content.decode()

    assert "no score yet" in page


def test_a_strangers_score_is_absent(audit):
    reviewed(audit)

    assert signed_in("wu").get(f"/audits/{audit.pk}/score/").status_code == 404
