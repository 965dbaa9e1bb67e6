"""Clause by clause: proposals, counters, answers; what both accepted is the next text; one side's turn, asked once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from agreements.models import Comment, Proposal
from agreements.proposing import clause_sha
from agreements.selectors import current_version
from agreements.selectors.negotiation import open_proposals, proposal_for, proposals_in_draft, proposals_of
from agreements.services import return_agreement, send_agreement
from agreements.services.answers import accept, decline
from agreements.services.draft_proposals import propose_in_draft
from agreements.services.negotiation import Wish, agree, propose
from agreements.services.talk import comment, find_fine, resolve
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification
from tests.agreed import NOW, drafted, kinds, seen_by_clock, sent, signed_by, todos
from tests.cast import actor
from tests.talked import GRADE, LATER, answered, countered, proposed, text_now, turn_now

pytestmark = pytest.mark.django_db
CHEN, LIN, WU, FANG = actor("chen"), actor("lin"), actor("wu"), actor("fang")


def states(agreement):
    with acting_as(Hat.CLOCK):
        return [(p.side, p.clause_order, p.state) for p in Proposal.objects.filter(agreement=agreement).order_by("at", "id")]


def told(who, kind):
    with as_actor(actor(who)):
        return Notification.objects.visible_to(actor(who)).filter(kind=kind).count()


def refused(code, who, call):
    with as_actor(actor(who)), pytest.raises(RuleBroken, match=code), transaction.atomic():
        call()


def test_a_counter_proposal_accepted_is_the_next_text_agreed_and_signed_by_both():
    agreement = sent()
    first, (before, *_) = text_now(agreement)
    asked = proposed("lin", agreement, note="三级做不到")
    assert turn_now(agreement) == ("owner", "agreement_to_answer")
    assert (todos("lin"), todos("chen")) == ([], ["agreement_to_answer"])
    met = countered("chen", asked, lower="3-4")
    assert (todos("lin"), todos("chen")) == (["agreement_to_answer"], [])
    with pytest.raises(RuleBroken, match="proposals_are_open"):
        signed_by("lin", agreement, now=LATER)

    answered("lin", "accept", met)

    version, (clause, *others) = text_now(agreement)
    assert (version.number, version.state, seen_by_clock(agreement).state) == (2, "agreed", "agreed")
    assert (clause.params["lower"], clause.params["source_zh"]) == ("3-4", "双方约定")
    assert "不低于 3-4 级" in clause.text_zh
    assert "grade 3-4" in clause.text_en
    assert [each.order for each in others] == list(range(2, len(others) + 2))
    assert (before.params["lower"], version.sha256 != first.sha256) == ("3", True)
    assert states(agreement) == [("supplier", 1, "countered"), ("owner", 1, "accepted")]
    assert (todos("lin"), todos("chen")) == (["agreement_to_sign"], [])
    assert kinds(agreement) == ["agreement_sent", "clause_accepted", "clause_countered", "clause_proposed", "agreement_sent"]
    signed_by("lin", agreement, now=LATER + timedelta(hours=1))
    signed_by("chen", agreement, now=LATER + timedelta(hours=2))
    assert seen_by_clock(agreement).state == "in_force"


def test_each_turn_is_told_once_and_to_one_side_only():
    agreement = sent()
    one, two = proposed("lin", agreement), proposed("lin", agreement, 3, minutes=1)
    assert (told("chen", "agreement_to_answer"), told("lin", "agreement_to_answer")) == (1, 0)
    countered("chen", one, lower="3-4", minutes=5)
    assert turn_now(agreement) == ("owner", "agreement_to_answer")  # the second has waited longer than the counter
    assert (told("chen", "agreement_to_answer"), told("lin", "agreement_to_answer")) == (1, 0)

    answered("chen", "decline", two, minutes=6)

    assert turn_now(agreement) == ("supplier", "agreement_to_answer")
    assert (told("chen", "agreement_to_answer"), told("lin", "agreement_to_answer")) == (1, 1)
    assert (todos("lin"), todos("chen")) == (["agreement_to_answer"], [])


def test_a_declined_wish_leaves_the_text_to_be_read_again():
    agreement = sent()
    asked, other = proposed("lin", agreement), proposed("lin", agreement, 3, minutes=1)
    answered("chen", "accept", asked)
    assert text_now(agreement)[0].number == 1  # one is still open

    answered("chen", "decline", other, minutes=31)

    version, _ = text_now(agreement)
    assert (version.number, version.state, todos("lin")) == (2, "in_review", ["agreement_to_review"])


def test_clauses_are_added_and_taken_out_and_numbered_anew():
    agreement = sent()
    count = len(text_now(agreement)[1])
    words = {"name_zh": "包装", "name_en": "Packing", "words_zh": "每箱不超过 20 公斤。", "words_en": "No carton weighs more than 20 kg."}
    gone = proposed("lin", agreement, 2, kind="remove", params={})
    new = proposed("lin", agreement, 3, kind="add", type="free_text", params=words, minutes=1)

    answered("chen", "accept", gone)
    answered("chen", "accept", new, minutes=31)

    _, clauses = text_now(agreement)
    assert [c.order for c in clauses] == list(range(1, count + 1))
    assert (clauses[1].type, clauses[2].type, clauses[2].side) == ("audit_frequency", "free_text", "both")
    assert (clauses[2].text_zh, clauses[2].text_en) == (words["words_zh"], words["words_en"])


def test_the_supplier_finds_the_whole_text_fine():
    agreement = sent()
    sha256 = text_now(agreement)[0].sha256

    with as_actor(LIN):
        refused("text_changed", "lin", lambda: agree(actor=LIN, agreement=agreement, sha256="0" * 64, now=LATER))
        for _ in range(2):
            agree(actor=LIN, agreement=agreement, sha256=sha256, now=LATER)

    assert seen_by_clock(agreement).state == "agreed"
    assert kinds(agreement) == ["agreement_agreed", "agreement_sent"]
    assert (todos("lin"), told("lin", "agreement_to_sign")) == (["agreement_to_sign"], 1)
    proposed("chen", agreement, 3)
    assert seen_by_clock(agreement).state == "in_review"
    refused("proposals_are_open", "lin", lambda: agree(actor=LIN, agreement=agreement, sha256=sha256, now=LATER))


def test_two_of_one_side_lose_nothing_the_later_is_shown_what_stands():
    agreement = sent()
    first = proposed("lin", agreement)

    refused("clause_has_a_proposal", "lin", lambda: proposed("lin", agreement, params={"lower": "3-4"}))
    refused("clause_has_a_proposal", "chen", lambda: proposed("chen", agreement, params={"lower": "3-4"}))
    assert states(agreement) == [("supplier", 1, "open")]
    second = proposed("lin", agreement, params={"lower": "3-4"}, seen=first.pk, minutes=1)

    assert (states(agreement), second.answers_id) == ([("supplier", 1, "withdrawn"), ("supplier", 1, "open")], first.pk)


def test_a_second_tap_changes_nothing():
    agreement, mark = sent(), uuid4()
    proposals = [proposed("lin", agreement, client_id=mark) for _ in range(2)]
    for _ in range(2):
        answered("chen", "accept", proposals[0])

    assert proposals[0].pk == proposals[1].pk
    refused("proposal_is_of_a_former_text", "chen", lambda: answered("chen", "decline", proposals[0]))
    assert kinds(agreement) == ["agreement_sent", "clause_accepted", "clause_proposed", "agreement_sent"]


def test_an_answer_is_taken_back_while_nothing_was_made_of_it():
    agreement = sent()
    asked, other = proposed("lin", agreement), proposed("lin", agreement, 3, minutes=1)
    answered("chen", "accept", asked)

    answered("chen", "take_back", asked, minutes=31)

    assert states(agreement) == [("supplier", 1, "open"), ("supplier", 3, "open")]
    answered("chen", "accept", asked, minutes=32)
    refused("answer_stands", "lin", lambda: answered("lin", "take_back", asked))
    answered("lin", "withdraw", other, minutes=33)
    assert text_now(agreement)[0].number == 2


@pytest.mark.parametrize(
    ("code", "wish"),
    [
        ("param_not_a_grade", {"params": {"lower": "6"}}),
        ("param_unknown", {"params": {"colour": "red"}}),
        ("param_is_the_templates", {"params": {"method": "ours"}}),
        ("proposal_changes_nothing", {"params": {"lower": "3"}}),
        ("clause_changed_since", {"base": "0" * 64}),
        ("param_missing", {"params": {"lower": ""}}),
        ("clause_type_unknown", {"kind": "add", "type": "wish", "params": {}}),
    ],
)
def test_words_that_could_not_stand_are_refused_and_nothing_is_kept(code, wish):
    agreement = sent()

    with pytest.raises(RuleBroken, match=code), transaction.atomic():
        proposed("lin", agreement, **wish)

    assert (states(agreement), todos("lin"), todos("chen")) == ([], ["agreement_to_review"], [])
    assert kinds(agreement) == ["agreement_sent"]


def test_nobody_answers_for_the_other_side():
    agreement = sent()
    asked = proposed("lin", agreement)

    refused("own_proposal_is_not_answered", "lin", lambda: answered("lin", "accept", asked))
    refused("own_proposal_is_not_answered", "lin", lambda: countered("lin", asked, lower="3-4"))
    refused("proposal_is_the_other_sides", "chen", lambda: answered("chen", "withdraw", asked))
    for hat, side in ((LIN, "owner"), (CHEN, "supplier")):  # by hand, past the verbs
        with as_actor(hat), pytest.raises(DatabaseError), transaction.atomic():
            Proposal.objects.filter(pk=asked.pk).update(state="accepted", settled_at=NOW, settled_side=side)
    with as_actor(LIN), pytest.raises(IntegrityError, match="proposal_is_answered_by_the_other_side"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(state="accepted", settled_at=NOW, settled_side="supplier")

    assert states(agreement) == [("supplier", 1, "open")]


def test_what_was_said_is_not_changed_nor_removed():
    agreement = sent()
    asked = proposed("lin", agreement)
    with as_actor(LIN):
        said = comment(actor=LIN, agreement=agreement, clause=1, text="请看", client_id=uuid4(), now=LATER)
    for table in ("agreements_proposal", "agreements_comment"):
        with as_actor(LIN), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update {table} set person_name = 'x'")
        with as_actor(LIN), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"delete from {table}")

    with as_actor(LIN):
        asked.refresh_from_db()
        said.refresh_from_db()
    assert (asked.person_name, said.person_name) == ("林杼", "林杼")


def test_words_and_marks_on_a_clause_are_kept_once_and_resolved():
    agreement, mark = sent(), uuid4()
    with as_actor(LIN):
        said = [comment(actor=LIN, agreement=agreement, clause=1, text=" 请看 ", client_id=mark, now=LATER) for _ in range(2)]
        fine = [find_fine(actor=LIN, agreement=agreement, clause=2, now=LATER) for _ in range(2)]
        with pytest.raises(Absent):
            comment(actor=LIN, agreement=agreement, clause=99, text="x", client_id=uuid4(), now=LATER)
    assert ({c.pk for c in said}, {c.pk for c in fine}) == ({said[0].pk}, {fine[0].pk})
    assert (told("chen", "clause_commented"), todos("chen"), said[0].text) == (1, [], "请看")

    with as_actor(CHEN):
        with pytest.raises(RuleBroken, match="mark_is_the_other_sides"):
            resolve(actor=CHEN, comment=fine[0], now=LATER)
        for _ in range(2):
            resolve(actor=CHEN, comment=said[0], now=LATER)

    with acting_as(Hat.CLOCK):
        assert sorted(Comment.objects.values_list("kind", "resolved_by")) == [("fine", ""), ("said", "陈棠")]


def test_neither_another_supplier_nor_another_chain_owner_sees_or_says_anything():
    agreement = sent()
    asked = proposed("lin", agreement)
    with as_actor(LIN):
        comment(actor=LIN, agreement=agreement, clause=1, text="请看", client_id=uuid4(), now=LATER)
    for stranger in (WU, FANG, actor("zhou")):
        with as_actor(stranger):
            assert list(Proposal.objects.visible_to(stranger)) + list(Comment.objects.visible_to(stranger)) == []
            if stranger.hat != Hat.BUREAU:
                assert Proposal.objects.count() + Comment.objects.count() == 0
                with pytest.raises(Absent):
                    proposal_for(stranger, asked.pk)
                with pytest.raises(NotYours):
                    accept(actor=stranger, proposal=asked, now=LATER)
                with pytest.raises(NotYours):
                    propose(actor=stranger, agreement=agreement, wish=Wish(1, params=GRADE), now=LATER)

    assert states(agreement) == [("supplier", 1, "open")]


def in_draft():
    """A draft with a colleague's edit that came too late."""
    agreement = drafted()
    _, clauses = text_now(agreement, "chen")
    params = {**clauses[0].params, "lower": "3-4", "source": "agreed", "source_zh": "约定"}
    with as_actor(CHEN):
        late = propose_in_draft(actor=CHEN, clause=clauses[0], params=params, text=("不低于 3-4 级", "grade 3-4"), now=NOW)
    return agreement, clauses[0], late


def test_a_late_edit_in_a_draft_is_the_owners_alone_even_after_it_was_sent():
    agreement, stands, late = in_draft()
    assert (late.base, late.in_draft) == (clause_sha(stands), True)
    with as_actor(CHEN):
        assert [p.pk for p in proposals_in_draft(CHEN, late.version)] == [late.pk]
        send_agreement(actor=CHEN, agreement=agreement, now=NOW)
        assert (open_proposals(CHEN, late.version), proposals_of(CHEN, late.version)) == ([], [])
    with as_actor(LIN):
        assert Proposal.objects.count() == 0
        with pytest.raises(Absent):
            proposal_for(LIN, late.pk)
    signed_by("lin", agreement)  # it does not keep anybody from signing


def test_a_late_edit_is_taken_over_or_dropped():
    agreement, _, late = in_draft()
    with as_actor(CHEN):
        accept(actor=CHEN, proposal=proposal_for(CHEN, late.pk), now=NOW)
        accept(actor=CHEN, proposal=proposal_for(CHEN, late.pk), now=NOW)
    clause = text_now(agreement, "chen")[1][0]
    assert (clause.params["lower"], "不低于 3-4 级" in clause.text_zh) == ("3-4", True)

    with as_actor(CHEN):
        other = propose_in_draft(actor=CHEN, clause=clause, params={**clause.params, "lower": "4"}, text=("四", "four"), now=NOW)
        decline(actor=CHEN, proposal=other, now=NOW)
        stale = propose_in_draft(actor=CHEN, clause=clause, params={**clause.params, "lower": "4"}, text=("四", "four"), now=NOW)
        type(clause).objects.filter(pk=clause.pk).update(params={**clause.params, "lower": "2"})
        with pytest.raises(RuleBroken, match="clause_changed_since"), transaction.atomic():
            accept(actor=CHEN, proposal=proposal_for(CHEN, stale.pk), now=NOW)
        assert proposal_for(CHEN, stale.pk).state == "open"


def test_a_text_that_is_returned_takes_what_was_accepted_along():
    agreement = sent()
    asked = proposed("lin", agreement)
    proposed("lin", agreement, 3, minutes=1)
    answered("chen", "accept", asked)

    with as_actor(LIN):
        return_agreement(actor=LIN, agreement=agreement, reason="还有别的要改", now=LATER)

    version, clauses = text_now(agreement, "chen")
    assert (version.state, clauses[0].params["lower"]) == ("draft", "2-3")
    assert (todos("chen"), todos("lin")) == (["agreement_returned"], [])
    refused("nothing_to_negotiate", "lin", lambda: proposed("lin", agreement))


def test_who_signed_a_text_asks_for_no_change_of_it_but_answers():
    agreement = sent()
    signed_by("chen", agreement)
    refused("signed_text_is_not_haggled_over", "chen", lambda: proposed("chen", agreement))
    asked = proposed("lin", agreement)

    answered("chen", "accept", asked)

    version, _ = text_now(agreement)
    assert (version.number, version.state) == (2, "agreed")
    with as_actor(LIN):
        assert current_version(LIN, agreement).signatures.count() == 0


def test_a_first_day_that_passed_while_both_talked_moves_to_today():
    agreement = sent()
    asked = proposed("lin", agreement)

    with as_actor(CHEN):
        accept(actor=CHEN, proposal=proposal_for(CHEN, asked.pk), now=NOW + timedelta(days=9))

    version, _ = text_now(agreement)
    assert version.effective_from == (NOW + timedelta(days=9)).date()
