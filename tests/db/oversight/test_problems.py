"""Problems: who reads what, what a confirmation asks for, what is kept, and what may be undone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from oversight.models import Problem, ProblemEvent, ProblemEvidence, ProblemReport
from oversight.problem_rules import Known
from oversight.selectors.problems import Wanted, events_of, known_of, problem_for, problems, report_for, reports
from oversight.services import problems as services
from oversight.services.problems import (
    About,
    EvidenceSaid,
    ProblemSaid,
    add_evidence,
    merge_problem,
    move_problem,
    register_problem,
    report_problem,
    settle_report,
    unmerge_problem,
)
from oversight.views import problems as pages
from oversight.views.problems import known_today, known_words
from tests.cast import CAST, actor
from tests.clients import signed_in, with_token
from tests.world_problems import STATEMENT, a_problem, a_report, confirmed

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ZHOU = actor("zhou")


def test_a_report_is_read_by_whoever_made_it_and_the_bureau_and_by_nobody_else():
    row = a_report("chen", now=NOW)

    readers = set()
    for member in CAST:
        with as_actor(actor(member.who)):
            if ProblemReport.objects.visible_to(actor(member.who)).filter(pk=row.pk).exists():
                readers.add(member.who)
    assert readers == {"chen", "zhou"}
    with as_actor(ZHOU):
        assert list(Todo.objects.visible_to(ZHOU).filter(kind="problem_reported").values_list("subject_id", flat=True)) == [row.pk]
    with as_actor(actor("lin")), pytest.raises(Absent):
        report_for(actor("lin"), row.pk)


def test_the_same_form_reports_once():
    chen, same = actor("chen"), uuid4()
    with as_actor(chen):
        twice = [report_problem(actor=chen, words="缩水率不稳，三批超差", about=About(), origin="no-such", client_id=same, now=NOW) for _ in range(2)]

        assert (twice[0].pk, twice[0].origin, len(reports(chen))) == (twice[1].pk, "words", 1)


def test_a_report_that_says_nothing_or_names_no_known_place_leaves_nothing():
    chen = actor("chen")
    with as_actor(chen):
        for words, about, code in (("坏", About(), "problem_needs_words"), ("缩水率不稳，三批超差", About(node="nowhere"), "problem_place_unknown")):
            with pytest.raises(RuleBroken) as raised:
                report_problem(actor=chen, words=words, about=about, origin="words", client_id=uuid4(), now=NOW)
            assert raised.value.code == code

        assert reports(chen) == []


def test_a_problem_is_the_bureaus_alone_until_it_is_confirmed_and_then_everybodys():
    row = a_problem(now=NOW)
    others = [member.who for member in CAST if member.who != "zhou"]

    for who in others:
        with as_actor(actor(who)), pytest.raises(Absent):
            problem_for(actor(who), row.pk)
    confirmed(row, now=NOW)

    for who in others:
        with as_actor(actor(who)):
            assert problem_for(actor(who), row.pk).state == "confirmed"
            assert [each.kind for each in events_of(actor(who), row)] == ["moved", "registered"]
            assert ProblemEvidence.objects.visible_to(actor(who)).count() == (1 if who == "mei" else 0)


def test_thin_evidence_confirms_nothing_and_a_supervision_sample_does():
    row = a_problem(now=NOW)
    with as_actor(ZHOU):
        with pytest.raises(RuleBroken) as raised:
            move_problem(actor=ZHOU, problem=row, state="confirmed", words="", now=NOW)
        row.refresh_from_db()
        assert (raised.value.code, row.state, row.confirmed_on) == ("problem_evidence_thin", "triaged", None)
        assert raised.value.facts == {"reporters": 0}  # a refusal counts no firms of the place that was asked

        day = timezone.localdate(NOW) - timedelta(days=5)
        add_evidence(actor=ZHOU, problem=row, said=EvidenceSaid("supervision", "2026年监督抽查通报", day, 24, 9), client_id=uuid4(), now=NOW)
        row = move_problem(actor=ZHOU, problem=row, state="confirmed", words="", now=NOW)

        assert row.confirmed_on == {
            "rule": 1, "road": "outside", "firms": 0, "looked_at": 0, "reporters": 0, "outside_firms": 9, "outside_looked_at": 24,
        }  # fmt: skip


def test_evidence_with_impossible_counts_or_of_tomorrow_is_refused():
    row, today = a_problem(now=NOW), timezone.localdate(NOW)
    with as_actor(ZHOU):
        for said, code in (
            (EvidenceSaid("study", "某项调查报告，2026", today, 3, 4), "evidence_counts_odd"),
            (EvidenceSaid("study", "某项调查报告，2026", today + timedelta(days=1), 4, 3), "evidence_day_odd"),
        ):
            with pytest.raises(RuleBroken) as raised:
                add_evidence(actor=ZHOU, problem=row, said=said, client_id=uuid4(), now=NOW)
            assert raised.value.code == code

        assert ProblemEvidence.objects.count() == 0


def test_a_problem_goes_only_where_its_state_lets_it_and_twice_is_once():
    row = a_problem(now=NOW)
    with as_actor(ZHOU):
        with pytest.raises(RuleBroken) as raised:
            move_problem(actor=ZHOU, problem=row, state="solved", words="", now=NOW)
        with pytest.raises(RuleBroken) as silent:
            move_problem(actor=ZHOU, problem=row, state="closed", words="", now=NOW)
        for _ in range(2):
            move_problem(actor=ZHOU, problem=row, state="closed", words="与本行业无关，已转办", now=NOW)

        assert (raised.value.code, silent.value.code) == ("problem_move_unknown", "problem_needs_words")
        assert [each.state for each in events_of(ZHOU, row)] == ["closed", "triaged"]
    with as_actor(actor("lin")):  # closed without ever having been confirmed
        assert Problem.objects.count() == 0


def test_merging_counts_the_reports_together_and_is_undone_without_a_trace_on_them():
    first, second = a_problem(now=NOW), a_problem(now=NOW)
    with as_actor(ZHOU):
        for who, problem in (("chen", first), ("fang", second), ("lin", second)):
            settle_report(actor=ZHOU, report=_reported(who), problem=problem, reply="", now=NOW)
        alone = known_of(first, today=timezone.localdate(NOW)).reporters
        merge_problem(actor=ZHOU, problem=second, into=first, now=NOW)
        together = known_of(first, today=timezone.localdate(NOW)).reporters
        with pytest.raises(RuleBroken) as raised:
            merge_problem(actor=ZHOU, problem=first, into=second, now=NOW)
        unmerge_problem(actor=ZHOU, problem=second, now=NOW)

        assert (alone, together, raised.value.code) == (1, 3, "problem_merges_with_itself")
        assert known_of(first, today=timezone.localdate(NOW)).reporters == 1
        assert set(Problem.objects.values_list("duplicate_of", flat=True)) == {None}


def test_two_that_are_merged_are_held_together_in_the_order_of_their_ids():
    rows = [a_problem(now=NOW), a_problem(now=NOW)]
    with as_actor(ZHOU), CaptureQueriesContext(connection) as asked:
        merge_problem(actor=ZHOU, problem=rows[1], into=rows[0], now=NOW)

    held = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
    assert [sql.partition("ORDER BY")[2].split()[:2] for sql in held] == [['"oversight_problem"."id"', "ASC"]]


def test_of_two_forms_sent_at_once_the_second_finds_the_first(monkeypatch):
    said, key, real = ProblemSaid(STATEMENT, About("safety")), uuid4(), services.next_code

    def waited(model, prefix, now):
        monkeypatch.setattr(services, "next_code", real)  # while this one waits for the number, the other is done
        register_problem(actor=ZHOU, said=said, client_id=key, now=NOW)
        return real(model, prefix, now)

    monkeypatch.setattr(services, "next_code", waited)
    with as_actor(ZHOU):
        row = register_problem(actor=ZHOU, said=said, client_id=key, now=NOW)

        assert (Problem.objects.count(), row.client_id) == (1, key)


def test_firms_are_counted_in_fives_for_everybody_and_for_the_officer_who_may_name_any_place(monkeypatch):
    frozen = {"rule": 1, "road": "firms", "firms": 17, "looked_at": 23, "reporters": 3, "outside_firms": 0, "outside_looked_at": 0}
    monkeypatch.setattr(pages, "known_of", lambda *_any, **_more: Known(firms=17, looked_at=24, reporters=3))
    with override("zh-hans"):
        told = [words for _label, words in known_words(Problem(confirmed_on=frozen))]
        today = [words for _label, words in known_today(Problem(), [])]

    assert (told[1:3], today[:4]) == (["15 家以上", "少于 5 家"], ["20 家以上", "15 家以上", "≥ 5%", "3"])


def _reported(who):
    row = a_report(who, now=NOW)
    with as_actor(ZHOU):
        return ProblemReport.objects.get(pk=row.pk)


def test_a_report_is_settled_once_and_its_reporter_is_told():
    row, problem, chen = a_report("chen", now=NOW), a_problem(now=NOW), actor("chen")
    with as_actor(ZHOU):
        with pytest.raises(RuleBroken) as raised:
            settle_report(actor=ZHOU, report=row, problem=None, reply="", now=NOW)
        settle_report(actor=ZHOU, report=row, problem=problem, reply="谢谢", now=NOW)
        settle_report(actor=ZHOU, report=row, problem=problem, reply="谢谢", now=NOW)
        with pytest.raises(RuleBroken) as settled:
            settle_report(actor=ZHOU, report=row, problem=None, reply="其实不要了，抱歉打扰", now=NOW)

    assert (raised.value.code, settled.value.code) == ("problem_needs_words", "report_settled")
    with as_actor(chen):
        assert [line.kind for line in Notification.objects.visible_to(chen)] == ["problem_report_answered"]
        assert report_for(chen, row.pk).state == "taken"
        with pytest.raises(Absent):
            problem_for(chen, problem.pk)


def test_only_the_bureau_writes_problems_down_and_no_step_is_ever_taken_back():
    row = a_problem(now=NOW)
    with as_actor(actor("mei")), pytest.raises(NotYours):
        register_problem(actor=actor("mei"), said=ProblemSaid(STATEMENT, About("safety")), client_id=uuid4(), now=NOW)
    with as_actor(actor("chen")), pytest.raises(DatabaseError), transaction.atomic():
        Problem.objects.create(
            code="QP-1", statement="x", category="safety", state_since=NOW, registered_by="x", registered_at=NOW, client_id=uuid4()
        )  # fmt: skip
    with as_actor(ZHOU), pytest.raises(DatabaseError), transaction.atomic():
        ProblemEvent.objects.filter(problem=row).delete()


def test_the_list_shows_confirmed_problems_by_kind_and_place():
    confirmed(a_problem(now=NOW), now=NOW)
    a_problem(now=NOW)
    with as_actor(actor("an")):
        found = {
            name: len(problems(actor("an"), wanted))
            for name, wanted in {
                "all": Wanted(), "safety": Wanted(category="safety"), "colour": Wanted(category="colour"), "place": Wanted(region="330203"),
                "solved": Wanted(state="solved"), "words": Wanted(q="酸碱度"),
            }.items()
        }  # fmt: skip

    assert found == {"all": 1, "safety": 1, "colour": 0, "place": 1, "solved": 0, "words": 1}


def test_pages_take_a_report_from_a_phone_to_a_confirmed_problem():
    chen, zhou = signed_in("chen"), signed_in("zhou")
    told = chen.post("/problems/report/?characteristic=PH", {"client_id": str(uuid4()), "words": "针织布水洗后酸碱度经常超出", "category": "safety", "origin": "variation"})
    with as_actor(ZHOU):
        report = ProblemReport.objects.get()
    assert (told.status_code, told.url) == (302, f"/problems/reports/{report.pk}/")
    assert "针织布水洗后酸碱度经常超出" in zhou.get("/bureau/problems/").content.decode()

    made = zhou.post(f"/bureau/problems/new/?report={report.pk}", {"client_id": str(uuid4()), "statement": STATEMENT, "category": "safety", "severity": "3"})
    thin = zhou.post(f"{made.url}move/", {"state": "triaged"})
    refused = zhou.post(f"{made.url}move/", {"state": "confirmed", "words": "试一试"})
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    zhou.post(f"{made.url}evidence/", {"client_id": str(uuid4()), "kind": "supervision", "source": "市级监督抽查二零二六", "seen_on": day, "looked_at": "30", "nonconforming": "12"})
    done = zhou.post(f"{made.url}move/", {"state": "confirmed", "words": ""})

    assert (thin.status_code, refused.status_code, done.status_code) == (302, 422, 302)
    assert "试一试" in refused.content.decode()
    public = chen.get(made.url.replace("/bureau", ""))
    assert STATEMENT in public.content.decode()
    for kind in ("csv", "xlsx"):
        assert chen.get(f"/lists/problems/export/?as={kind}").status_code == 200
    assert "QP-" in chen.get("/lists/problems/export/").content.decode("utf-8-sig")


def test_the_api_reports_and_moves_as_the_pages_do(client):
    said = {"words": "针织布水洗后酸碱度经常超出", "category": "safety", "client_id": str(uuid4())}
    told = client.post("/api/v1/problem-reports/", said, content_type="application/json", **with_token("chen"))
    zhou = with_token("zhou")
    body = {"statement": STATEMENT, "category": "safety", "report": told.json()["id"], "client_id": str(uuid4())}
    made = client.post("/api/v1/bureau/problems/", body, content_type="application/json", **zhou)
    moved = client.post(f"/api/v1/bureau/problems/{made.json()['id']}/moves/", {"state": "confirmed"}, content_type="application/json", **zhou)

    assert (told.status_code, made.status_code, moved.status_code, moved.json()["code"]) == (201, 201, 422, "problem_move_unknown")
    assert client.get("/api/v1/problems/", **with_token("an")).json() == {"results": [], "next": None}
