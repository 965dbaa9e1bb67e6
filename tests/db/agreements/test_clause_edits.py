"""Clauses of a draft added, moved and taken out; two colleagues at one clause lose nothing; the library's word counts."""

from uuid import uuid4

import pytest

from agreements.models import AgreementTemplate, Clause, Proposal
from agreements.proposing import clause_sha
from agreements.selectors import clauses_of, current_version
from agreements.services import add_clause, change_clause, keep_late_edit, move_clause, remove_clause, send_agreement
from agreements.services.clause_edits import clause_row
from foundation.actor import as_actor
from foundation.errors import NotYours, RuleBroken
from tests.agreed import NOW, drafted, sent
from tests.cast import actor

pytestmark = pytest.mark.django_db
CHEN, LIN = actor("chen"), actor("lin")
DISPUTE = {"lab_zh": "宁波初经检测有限公司（示例）", "lab_en": "Chujing Testing (demo)", "costs": "half_each", "days": 7}
FREE = {"name_zh": "会晤", "name_en": "Meetings", "words_zh": "双方每季度会晤一次。", "words_en": "Both meet each quarter."}
COUNT = {
    "characteristic": "YRN-CNT", "name_zh": "线密度", "name_en": "Linear density", "method": "GB/T 4743-2009", "edition": "GB/T 4743-2009",
    "unit": "tex", "kind": "variable", "lower": "27", "upper": "29", "source": "agreed by both sides", "source_zh": "双方商定",
}  # fmt: skip


def clauses(agreement):
    with as_actor(CHEN):
        version = current_version(CHEN, agreement)
        version.agreement = agreement
        rows = clauses_of(CHEN, version)
        for row in rows:
            row.version = version
        return rows


def said(agreement):
    return [(row.order, row.type) for row in clauses(agreement)]


def added(agreement, clause_type="dispute", params=DISPUTE, **words):
    with as_actor(CHEN):
        return add_clause(actor=CHEN, agreement=agreement, clause_type=clause_type, params=params, now=NOW, **words)


def test_a_clause_is_added_at_the_end_or_after_another_with_its_words():
    agreement = drafted()
    before = said(agreement)

    last, first = added(agreement), added(agreement, "free_text", FREE, side="supplier", after=0)

    after = said(agreement)
    assert (last.order, first.order) == (9, 1)
    assert after == [(1, "free_text"), *((order + 1, kind) for order, kind in before), (10, "dispute")]
    assert first.side == "supplier"
    assert first.text_zh == FREE["words_zh"]
    assert "送宁波初经检测有限公司（示例）复检" in clauses(agreement)[9].text_zh


def test_the_same_clause_added_twice_is_one():
    agreement = drafted()

    first, again = added(agreement), added(agreement, after=2)

    assert first.pk == again.pk
    assert len(said(agreement)) == 9


@pytest.mark.parametrize(
    ("clause_type", "params", "code", "field"),
    [
        ("penalty", {}, "clause_type_unknown", "type"),
        ("dispute", {**DISPUTE, "days": 0}, "param_not_in_range", "days"),
        ("dispute", {"costs": "half_each", "days": 7}, "param_missing", "lab_zh"),
        (
            "sampling_plan",
            {"name_zh": "甲", "name_en": "a", "method": "–", "stage": "final", "switching": False},
            "sampling_needs_a_plan",
            "aql_major",
        ),
        ("characteristic_limit", {**COUNT, "unit": "Nm"}, "unit_is_not_the_librarys", "unit"),
        ("characteristic_limit", {**COUNT, "edition": "GB/T 4743-1888"}, "edition_unknown", "edition"),
        ("owner_duty", {"name_zh": "甲", "name_en": "a"}, "param_missing", "duty"),
    ],
)
def test_a_clause_that_cannot_be_is_not_added(clause_type, params, code, field):
    agreement = drafted()
    before = said(agreement)

    with pytest.raises(RuleBroken, match=code) as refused:
        added(agreement, clause_type, params)

    assert refused.value.field == field
    assert said(agreement) == before


def test_a_limit_of_the_library_is_added():
    agreement = drafted()

    new = added(agreement, "characteristic_limit", COUNT)

    assert new.text_en == "Linear density at least 27 tex, at most 29 tex (GB/T 4743-2009). Source: agreed by both sides."


def test_a_clause_is_taken_out_once_and_the_others_close_up():
    agreement = drafted()
    rows = clauses(agreement)
    with as_actor(CHEN):
        done = [remove_clause(actor=CHEN, agreement=agreement, seen=clause_sha(rows[1]), now=NOW) for _ in range(2)]

    assert done == [True, False]
    assert said(agreement) == [(order, row.type) for order, row in enumerate([rows[0], *rows[2:]], start=1)]


def test_the_last_clause_stays():
    agreement = drafted()
    with as_actor(CHEN):
        for row in clauses(agreement)[1:]:
            remove_clause(actor=CHEN, agreement=agreement, seen=clause_sha(row), now=NOW)
        with pytest.raises(RuleBroken, match="draft_needs_a_clause"):
            remove_clause(actor=CHEN, agreement=agreement, seen=clause_sha(clauses(agreement)[0]), now=NOW)

    assert len(said(agreement)) == 1


@pytest.mark.parametrize(
    ("at", "to", "order"), [(1, 3, [2, 3, 1, 4]), (4, 1, [4, 1, 2, 3]), (2, 99, [1, 3, 4, 5, 6, 7, 8, 2]), (2, 2, [1, 2, 3, 4])]
)
def test_a_moved_clause_stands_there_however_often_it_is_asked(at, to, order):
    agreement = drafted()
    rows = clauses(agreement)
    with as_actor(CHEN):
        for _ in range(2):
            move_clause(actor=CHEN, agreement=agreement, seen=clause_sha(rows[at - 1]), to=to, now=NOW)

    assert [row.pk for row in clauses(agreement)][: len(order)] == [rows[number - 1].pk for number in order]
    assert [row.order for row in clauses(agreement)] == list(range(1, 9))


def test_a_moved_clause_is_still_changed_by_the_words_of_its_template():
    agreement = drafted()
    with as_actor(CHEN):
        move_clause(actor=CHEN, agreement=agreement, seen=clause_sha(clauses(agreement)[2]), to=1, now=NOW)
        change_clause(actor=CHEN, clause=clauses(agreement)[0], params={"every_months": 2}, now=NOW)

    assert clauses(agreement)[0].text_en.startswith("Every 2 month(s) the supplier completes a self-check (5 questions")


def test_a_clause_that_somebody_changed_is_neither_moved_nor_taken_out_by_an_old_page():
    agreement = drafted()
    old = clauses(agreement)[2]
    with as_actor(CHEN):
        change_clause(actor=CHEN, clause=old, params={"every_months": 6}, now=NOW)
        with pytest.raises(RuleBroken, match="clauses_changed_meanwhile"):
            move_clause(actor=CHEN, agreement=agreement, seen=clause_sha(old), to=1, now=NOW)
        gone = remove_clause(actor=CHEN, agreement=agreement, seen=clause_sha(old), now=NOW)

    assert gone is False
    assert [row.pk for row in clauses(agreement)][2] == old.pk


def test_the_later_of_two_edits_is_refused_with_who_and_when_and_kept_as_a_proposal():
    agreement = drafted()
    opened = clauses(agreement)[2]
    seen, client_id = clause_sha(opened), uuid4()
    with as_actor(CHEN):
        change_clause(actor=CHEN, clause=opened, params={"every_months": 6}, seen=seen, now=NOW)
        later = clauses(agreement)[2]
        with pytest.raises(RuleBroken, match="clause_changed_meanwhile") as refused:
            change_clause(actor=CHEN, clause=later, params={"every_months": 2}, seen=seen, now=NOW)
        kept = [keep_late_edit(actor=CHEN, clause=later, params={"every_months": 2}, client_id=client_id, now=NOW) for _ in range(2)]

        assert refused.value.facts["who"] == CHEN.person_name
        assert refused.value.facts["at"] == "2026-03-02 10:00"
        assert Clause.objects.get(pk=opened.pk).params["every_months"] == 6
        assert kept[0].pk == kept[1].pk
        [proposal] = Proposal.objects.visible_to(CHEN).filter(in_draft=True)
    assert (proposal.params["every_months"], proposal.clause_order, proposal.base) == (2, 3, clause_sha(later))
    assert proposal.text_en.startswith("Every 2 month(s)")


def test_the_same_edit_pressed_twice_is_no_clash():
    agreement = drafted()
    opened = clauses(agreement)[2]
    with as_actor(CHEN):
        for _ in range(2):
            change_clause(actor=CHEN, clause=clauses(agreement)[2], params={"every_months": 6}, seen=clause_sha(opened), now=NOW)

        assert not Proposal.objects.visible_to(CHEN).exists()


def test_a_sent_text_keeps_its_clauses():
    agreement = sent()
    before = said(agreement)
    first = clauses(agreement)[0]
    with as_actor(CHEN):
        for verb in (
            lambda: add_clause(actor=CHEN, agreement=agreement, clause_type="dispute", params=DISPUTE, now=NOW),
            lambda: remove_clause(actor=CHEN, agreement=agreement, seen=clause_sha(first), now=NOW),
            lambda: move_clause(actor=CHEN, agreement=agreement, seen=clause_sha(first), to=2, now=NOW),
        ):
            with pytest.raises(RuleBroken, match="agreement_is_no_draft"):
                verb()
    with as_actor(LIN), pytest.raises(NotYours):
        add_clause(actor=LIN, agreement=agreement, clause_type="dispute", params=DISPUTE, now=NOW)

    assert said(agreement) == before


@pytest.mark.parametrize("code", ["cashmere-yarn-2", "dyeing-2", "garment-2", "bedding-1", "accessories-1"])
def test_a_full_template_is_drafted_and_each_clause_takes_its_own_values_again(code):
    agreement = drafted(template=code)
    rows = clauses(agreement)

    assert not any(mark in row.text_zh + row.text_en for row in rows for mark in "{}[]")
    with as_actor(CHEN):
        assert len(rows) == len(AgreementTemplate.objects.get(pk=code).clauses)
        for row in rows:
            change_clause(actor=CHEN, clause=row, params=dict(row.params), seen=clause_sha(row), now=NOW)
    assert [clause_sha(row) for row in clauses(agreement)] == [clause_sha(row) for row in rows]


def test_a_text_with_a_limit_in_another_unit_is_not_sent():
    agreement = drafted()
    with as_actor(CHEN):
        version = current_version(CHEN, agreement)
        wrong = {"type": "characteristic_limit", "side": "supplier", "params": {**COUNT, "unit": "Nm"}, "text_zh": "甲", "text_en": "a"}
        clause_row(version, 9, wrong).save()
        with pytest.raises(RuleBroken, match="unit_is_not_the_librarys") as refused:
            send_agreement(actor=CHEN, agreement=agreement, now=NOW)

        assert refused.value.facts == {"clause": 9, "label": refused.value.facts["label"], "unit": "Nm", "expected": "tex"}
        assert current_version(CHEN, agreement).state == "draft"
