"""Scores of the night: facts counted where they lie, written only when they say something else, and the same when computed again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from agreements.models import Obligation
from agreements.services.compliance_kept import count_kept
from foundation.actor import CLOCK, Hat, acting_as, as_actor
from inspections.models import CharacteristicResult
from onestop.models import NodeMiddle
from onestop.scoring import compute
from onestop.selectors.facts import facts_of
from onestop.selectors.scores import middles_of, score_of
from onestop.services.scoring import APPEAL, say_middles, score_firms, score_tonight
from records.models import Score
from suppliers.models import Paper
from tests.agreed import at, in_force
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force, raised, submitted
from tests.lots import a_lot
from tests.results import filed, ph
from tests.world_portraits import scored

pytestmark = pytest.mark.django_db
CHEN, LIN, WU, ZHOU, PAN = actor("chen"), actor("lin"), actor("wu"), actor("zhou"), actor("pan")
TODAY = date(2026, 7, 20)


@pytest.fixture
def lived(settings, tmp_path):
    """Duties, results and papers of Lin."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    agreement = in_force("chen", "lin")
    with acting_as(Hat.CLOCK):
        for row in Obligation.objects.filter(agreement=agreement, side="supplier", due_on__lt=TODAY)[:3]:
            Obligation.objects.filter(pk=row.pk).update(met_on=row.due_on, met_at=at(row.due_on))
    count_kept(now=at(TODAY), agreement_ids=[agreement.pk])
    filed(a_lot(), ph("6.5", "6.6"), ph("9.9"))
    return agreement


def test_facts_are_those_of_the_rows(lived):
    with acting_as(Hat.CLOCK):
        found = facts_of(TODAY, [LIN.org_id])[LIN.org_id]
        duties = list(Obligation.objects.filter(agreement=lived, side="supplier", due_on__lte=TODAY, grace_until__lt=TODAY))
        verdicts = list(CharacteristicResult.objects.filter(supplier_org_id=LIN.org_id, replaced_by=None).values_list("verdict", flat=True))

    assert (found["compliance"]["due"], found["compliance"]["met"]) == (len(duties), sum(row.met_on == row.due_on for row in duties))
    assert found["conformity"] == {"judged": sum(v in ("in", "out") for v in verdicts), "passed": verdicts.count("in")}
    assert (found["audits"], found["open_critical"]) == ({"audits": 0, "total": 0}, 0)


def test_a_critical_finding_counts_until_closed_and_a_contested_one_does_not(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"

    finding = raised(submitted(agreement_in_force(), tmp_path, q3="no"), grade="critical")

    def facts():
        with acting_as(Hat.CLOCK):
            return facts_of(date(2026, 8, 1), [LIN.org_id])[LIN.org_id]

    assert (facts()["open_critical"], facts()["correcting"]) == (1, {"due": 1, "in_time": 0})
    with as_actor(LIN):
        type(finding).objects.filter(pk=finding.pk).update(state="contested")
    assert (facts()["open_critical"], facts()["correcting"]) == (0, {"due": 0, "in_time": 0})


def test_computed_again_nothing_is_written_and_every_stored_figure_is_the_computed_one(lived):
    first = score_firms(now=at(TODAY))

    with acting_as(Hat.CLOCK):
        rows = list(Score.objects.select_related("method"))
    assert first == len(rows) > 0
    for row in rows:
        said = compute(row.method.body, row.inputs)
        assert (said.value_hundredths, said.band, said.parts) == (row.value_hundredths, row.band, row.parts)
    assert score_firms(now=at(TODAY) + timedelta(hours=1)) == 0
    assert score_firms(now=at(TODAY), org_ids=[LIN.org_id], why=APPEAL) == 0


def test_a_fact_that_changes_writes_one_more_score_and_leaves_the_former(lived):
    score_firms(now=at(TODAY))
    filed(a_lot("YZ2603-002"), ph("6.7"))

    assert score_firms(now=at(TODAY) + timedelta(days=1), org_ids=[LIN.org_id], why=APPEAL) == 1

    with acting_as(Hat.CLOCK):
        rows = list(Score.objects.filter(subject_org_id=LIN.org_id).order_by("number"))
    assert [(row.number, row.why) for row in rows] == [(1, "night"), (2, "appeal")]
    assert rows[1].inputs["conformity"]["judged"] == rows[0].inputs["conformity"]["judged"] + 1


def test_the_night_scores_once_and_not_before_two_o_clock(lived):
    assert score_tonight(at(TODAY, 1)) == 0
    assert score_tonight(at(TODAY, 2)) > 0
    assert score_tonight(at(TODAY, 3)) == 0


def test_a_score_is_seen_by_its_firm_and_the_bureau_and_by_nobody_else():
    row = scored("lin", now=at(TODAY))

    seen = {}
    for who in (LIN, WU, CHEN, ZHOU):
        with as_actor(who):
            seen[who.org_id] = score_of(who, LIN.org_id)
    assert seen == {LIN.org_id: row, WU.org_id: None, CHEN.org_id: None, ZHOU.org_id: row}
    for who in (CHEN, PAN):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_actor(who):
            list(Score.objects.all())


def test_no_score_is_changed_or_taken_away():
    row = scored("lin", now=at(TODAY))

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_actor(LIN):
        Score.objects.filter(pk=row.pk).update(band="A")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), acting_as(Hat.CLOCK):
        Score.objects.filter(pk=row.pk).delete()
    with acting_as(Hat.CLOCK):
        assert Score.objects.get(pk=row.pk).band == row.band


def test_a_node_of_four_firms_has_no_middle_and_it_is_said_once_a_month():
    for who in ("lin", "wu", "mei", "an"):
        scored(who, now=at(TODAY))
    assert say_middles(month=TODAY.replace(day=1)) == 0

    scored("chen", now=at(TODAY), compliance={"due": 10, "met": 10, "weighted": 100_000})
    assert say_middles(month=TODAY.replace(day=1)) == 7
    scored("fang", now=at(TODAY), compliance={"due": 10, "met": 0, "weighted": 0})
    assert say_middles(month=TODAY.replace(day=1)) == 0

    with as_actor(LIN):
        said = middles_of(LIN, "knitting", today=TODAY)
    assert said["compliance"] == {"firms_from": 5, "middle": 90, "low": None, "high": None}
    with acting_as(Hat.CLOCK):
        assert NodeMiddle.objects.count() == 7
    page, table = (signed_in("zhou", "en").get(f"/bureau/scores/{at}").content.decode() for at in ("", "export.csv"))
    assert ("5 or more" in page, "Yunzhu" in page) == (True, False)
    assert [line.split(",")[2:5] for line in table.splitlines()[1:3]] == [["Score of the whole", "5", "87"], ["Duties kept", "5", "90"]]
    assert len(table.splitlines()) == 8


def test_a_file_that_ran_out_and_one_that_was_retired():
    def paper(**facts):
        return Paper(org_id=WU.org_id, kind="certificate", standard="iso_9001", filed_at=at(TODAY), **facts)

    with acting_as(Hat.CLOCK):
        before = facts_of(TODAY, [WU.org_id])[WU.org_id]["freshness"]
    assert before == {"kept": 0, "current": 0}
    with as_actor(WU):
        for days, retired in ((-1, None), (0, None), (40, None), (40, at(TODAY))):
            paper(expires_on=TODAY + timedelta(days=days), retired_at=retired, evidence_id=uuid4()).save(force_insert=True)
    with acting_as(Hat.CLOCK):
        assert facts_of(TODAY, [WU.org_id])[WU.org_id]["freshness"] == {"kept": 3, "current": 2}


def test_two_firms_of_one_score_table_keep_their_own_numbers():
    assert [scored("lin", now=at(TODAY)).number, scored("wu", now=at(TODAY)).number, scored("lin", now=at(TODAY)).number] == [1, 1, 2]
    with acting_as(Hat.CLOCK):
        assert score_of(CLOCK, LIN.org_id).number == 2
