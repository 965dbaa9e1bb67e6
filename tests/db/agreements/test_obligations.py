"""Who owes what: met, late, waived by the other side, told once; the same rule in the database as in the pure module."""

from datetime import date, timedelta

import pytest

from agreements import tasks
from agreements.compliance import STATES, Compliance
from agreements.models import Obligation
from agreements.selectors import compliance_of, in_state, obligations, state_on, timeline
from agreements.services import arise, file_document, meet, share_results, tell_overdue, waive
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from jobs.models import OutboxEvent
from notices.models import Notification, Todo
from records.models import Evidence, EvidenceShare
from suppliers.models import Paper
from tests.agreed import NOW, at, in_force
from tests.cast import actor

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


def row_of(agreement, name: str) -> Obligation:
    with acting_as(Hat.CLOCK):
        return Obligation.objects.select_related("agreement").get(agreement=agreement, key=name)


def evidence_of(who: str, name: str = "licence.pdf") -> Evidence:
    me = actor(who)
    with as_actor(me):
        return Evidence.objects.create(
            org_id=me.org_id, kind="pdf", mime="application/pdf", name=name, size=9, sha256="a" * 64, shared_sha256="b" * 64,
            original_path="o", shared_path="s", received_at=NOW, counts_from=NOW.date(), person_name=me.person_name, client_id=name,
        )  # fmt: skip


def kinds(agreement) -> list[str]:
    with as_actor(CHEN):
        return [e.kind for e in timeline(CHEN, agreement) if not e.kind.startswith("agreement")]


def test_a_duty_arises_once_and_its_day_does_not_move():
    agreement = in_force()
    clause_id = row_of(agreement, "share_results:0").clause_id
    duty = {"agreement": agreement, "clause_id": clause_id, "side": "supplier", "kind": "self_check", "key": "p:0", "now": NOW}

    first = arise(**duty, due_on=date(2026, 6, 16))
    second = arise(**duty, due_on=date(2026, 6, 20))

    assert (first.pk, second.due_on) == (second.pk, date(2026, 6, 16))


@pytest.mark.parametrize(("met_at", "state"), [(at(date(2026, 4, 13), 23), "met"), (at(date(2026, 4, 14), 0), "met_late")])
def test_the_day_counts_in_shanghai(met_at, state):
    agreement = in_force()
    row = row_of(agreement, "share_results:0")

    meet(clause_id=row.clause_id, side="owner", key=row.key, now=met_at)
    meet(clause_id=row.clause_id, side="owner", key=row.key, now=met_at + timedelta(days=30))

    stored = row_of(agreement, "share_results:0")
    assert stored.met_at == met_at
    assert state_on(stored, date(2026, 6, 1)) == state
    assert kinds(agreement) == ["obligation_met"]


def test_a_duty_that_is_not_there_is_not_met():
    agreement = in_force()
    row = row_of(agreement, "share_results:0")

    assert meet(clause_id=row.clause_id, side="owner", key="share_results:99", now=NOW) is None


def test_only_the_other_side_waives():
    agreement = in_force()
    row = row_of(agreement, "business_licence:0")
    for who in (LIN, WU, actor("zhou")):
        with as_actor(who), pytest.raises(NotYours):
            waive(actor=who, obligation=row, why="不再需要", now=NOW)
    assert row_of(agreement, "business_licence:0").waived_at is None

    with as_actor(CHEN):
        waive(actor=CHEN, obligation=row, why="不再需要", now=NOW)
        waive(actor=CHEN, obligation=row, why="不再需要", now=NOW + timedelta(days=1))

    assert row_of(agreement, "business_licence:0").waived_at == NOW
    assert kinds(agreement) == ["obligation_waived"]


def test_what_was_kept_is_not_waived():
    agreement = in_force()
    row = row_of(agreement, "business_licence:0")
    meet(clause_id=row.clause_id, side="supplier", key=row.key, now=NOW)

    with as_actor(CHEN), pytest.raises(RuleBroken, match="obligation_is_settled"):
        waive(actor=CHEN, obligation=row, why="不再需要", now=NOW)

    assert row_of(agreement, "business_licence:0").waived_at is None


def test_a_filed_document_is_the_firms_own_paper_and_the_owner_sees_it():
    agreement = in_force()
    row, evidence = row_of(agreement, "business_licence:0"), evidence_of("lin")
    with as_actor(LIN):
        file_document(actor=LIN, obligation=row, evidence=evidence, number="N1", expires_on=date(2027, 1, 1), now=NOW)
        assert [(p.kind, p.number) for p in Paper.objects.visible_to(LIN)] == [("business_licence", "N1")]
        with pytest.raises(RuleBroken, match="obligation_is_settled"):
            file_document(actor=LIN, obligation=row, evidence=evidence, now=NOW)

    with as_actor(CHEN):
        assert [s.evidence_id for s in EvidenceShare.objects.visible_to(CHEN)] == [evidence.pk]
    with as_actor(actor("fang")):
        assert EvidenceShare.objects.visible_to(actor("fang")).count() == 0
    assert row_of(agreement, "business_licence:0").subject_id == evidence.pk
    assert kinds(agreement) == ["obligation_met", "document_filed"]


def test_another_firms_file_is_not_filed():
    agreement = in_force()
    row, foreign = row_of(agreement, "business_licence:0"), evidence_of("wu")

    with as_actor(LIN), pytest.raises(NotYours):
        file_document(actor=LIN, obligation=row, evidence=foreign, now=NOW)

    assert row_of(agreement, "business_licence:0").met_at is None
    assert kinds(agreement) == []


def test_the_owner_shares_results_with_words_and_a_file():
    agreement = in_force()
    row, evidence = row_of(agreement, "share_results:0"), evidence_of("chen", "results.pdf")
    with as_actor(LIN), pytest.raises(NotYours):
        share_results(actor=LIN, obligation=row, note="来料 6 批", now=NOW)
    with as_actor(CHEN):
        with pytest.raises(RuleBroken, match="results_need_words"):
            share_results(actor=CHEN, obligation=row, note=" ", now=NOW)
        share_results(actor=CHEN, obligation=row, note="来料 6 批，接收 5 批", evidence=evidence, now=NOW)

    with as_actor(LIN):
        assert [s.name for s in EvidenceShare.objects.visible_to(LIN)] == ["results.pdf"]
    assert kinds(agreement) == ["obligation_met", "results_shared"]


def test_the_database_says_the_same_state_as_the_rule():
    agreement = in_force()
    with acting_as(Hat.CLOCK):
        keys = {"share_results:1": {"met_on": date(2026, 5, 1), "met_at": NOW}, "share_results:2": {"met_on": date(2026, 9, 1), "met_at": NOW},
                "share_results:3": {"waived_at": NOW}, "share_results:4": {"void_at": NOW}}  # fmt: skip
        for name, facts in keys.items():
            Obligation.objects.filter(agreement=agreement, key=name).update(**facts)
        rows = list(Obligation.objects.filter(agreement=agreement))

        for today in (date(2026, 4, 1), date(2026, 4, 13), date(2026, 9, 11), date(2026, 9, 4), date(2026, 9, 12)):
            for state in STATES:
                asked = set(Obligation.objects.filter(in_state(state, today=today), agreement=agreement).values_list("pk", flat=True))
                assert asked == {row.pk for row in rows if state_on(row, today) == state}, (today, state)


def test_compliance_is_counted_per_side_in_one_query(django_assert_num_queries):
    first, second = in_force(), in_force("chen", "wu")
    done = row_of(first, "share_results:0")
    meet(clause_id=done.clause_id, side="owner", key=done.key, now=at(date(2026, 4, 20)))

    with as_actor(CHEN), django_assert_num_queries(1):
        kept = compliance_of(CHEN, [first, second], today=date(2026, 5, 13))

    assert kept[first.pk]["owner"] == Compliance(met_late=1, overdue=1, open=9)
    assert kept[first.pk]["supplier"] == Compliance(overdue=1)
    assert (kept[second.pk]["owner"].met, kept[second.pk]["owner"].due) == (0, 2)


def test_overdue_is_seen_on_either_side_by_either_side():
    agreement = in_force()

    for who in (CHEN, LIN):
        with as_actor(who):
            late = obligations(who, today=date(2026, 4, 14), state="overdue")
            assert [(row.side, row.key) for row in late] == [("supplier", "business_licence:0"), ("owner", "share_results:0")]
    with as_actor(WU):
        assert obligations(WU, today=date(2026, 4, 14), state="overdue") == []
    assert agreement.state == "in_force"


def test_pages_of_obligations_neither_skip_nor_repeat():
    in_force()
    in_force("chen", "wu")
    with as_actor(CHEN):
        everything = obligations(CHEN, today=NOW.date(), limit=100)
        pages, after = [], None
        while True:
            found = obligations(CHEN, today=NOW.date(), after=after, limit=5)
            pages += found[:5]
            if len(found) <= 5:
                break
            after = (found[4].due_on, found[4].pk)

    assert len(everything) == 24
    assert [row.pk for row in pages] == [row.pk for row in everything]


def test_both_sides_are_told_of_an_overdue_duty_once():
    agreement = in_force()
    late = row_of(agreement, "business_licence:0")
    morning = at(date(2026, 4, 2))

    tasks.tick(morning)
    tasks.tick(morning + timedelta(minutes=1))

    with acting_as(Hat.CLOCK):
        asked = OutboxEvent.objects.filter(task="agreements.tell_overdue").order_by("key").values_list("key", flat=True)
        assert list(asked) == [f"overdue:{late.pk}:owner", f"overdue:{late.pk}:supplier"]
    for side, org in (("owner", CHEN.org_id), ("supplier", LIN.org_id)):
        assert tasks.tell_overdue_once(key=f"overdue:{late.pk}:{side}", obligation_id=str(late.pk), side=side) is True
        assert tasks.tell_overdue_once(key=f"overdue:{late.pk}:{side}", obligation_id=str(late.pk), side=side) is False
        with acting_as(Hat.CLOCK):
            assert Notification.objects.filter(org_id=org, kind="obligation_overdue", subject_id=late.pk).count() == 1


def test_nobody_is_told_of_what_was_kept_meanwhile():
    agreement = in_force()
    row = row_of(agreement, "business_licence:0")
    meet(clause_id=row.clause_id, side="supplier", key=row.key, now=NOW)

    assert tell_overdue(obligation_id=row.pk, side="supplier", now=NOW) is False


def test_a_duty_stands_on_its_sides_list_a_month_ahead_and_leaves_when_kept():
    agreement = in_force()
    tasks.tick(NOW + timedelta(hours=1))
    row = row_of(agreement, "business_licence:0")
    with as_actor(LIN):
        assert [(t.kind, t.subject_id, t.due_on) for t in Todo.objects.visible_to(LIN).filter(done_at=None)] == [
            ("document_due", row.pk, row.due_on)
        ]
    meet(clause_id=row.clause_id, side="supplier", key=row.key, now=NOW)

    with as_actor(LIN):
        assert not Todo.objects.visible_to(LIN).filter(done_at=None).exists()


def test_a_viewer_files_nothing():
    agreement = in_force()
    row, evidence = row_of(agreement, "business_licence:0"), evidence_of("lin")
    viewer = type(LIN)(**{**LIN.__dict__, "roles": frozenset({"viewer"})})

    with as_actor(viewer), pytest.raises(NotYours):
        file_document(actor=viewer, obligation=row, evidence=evidence, now=NOW)

    assert row_of(agreement, "business_licence:0").met_at is None
