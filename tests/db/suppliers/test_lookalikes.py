"""Names that look alike under other codes: asked once, never decided by us, and nobody else's list has a word in it."""

from uuid import UUID

import pytest

from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from parties.uscc import check_character
from suppliers.models import ImportRow, SupplyLink, ToldApart
from suppliers.selectors import import_for, import_totals, lookalikes
from suppliers.services.lists import answer_lookalike, confirm_import, mend_row, start_import
from suppliers.services.lists_alike import one_slip
from tests.cast import actor
from tests.db.suppliers.stage import NOW, listed, sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen():
    with as_actor(actor("chen")):
        yield actor("chen")


def code(n: int) -> str:
    body = f"0DEM0A{n:011d}"
    return body + check_character(body)


def started(who, *names: str, phones=()):
    rows = [f"{name},{code(n)},{phone}" for n, (name, phone) in enumerate(zip(names, [*phones, *[""] * len(names)], strict=False))]
    return start_import(actor=who, file_name="a.csv", data="\n".join(["企业名称,统一社会信用代码,手机号", *rows]), now=NOW)


def pairs(who, batch):
    return [(pair.number, pair.other_number, pair.answer) for pair in lookalikes(who, batch)]


@pytest.mark.parametrize(
    "other", ["宁波禾缕纺纱有限责任公司", "宁波禾缕纺纱厂", "宁波禾缕纺纱公司（示例）", "宁波禾縷紡紗有限公司", "宁波禾缕纺纱 (慈溪)", "宁波禾缕纺纱股份有限公司"]
)  # fmt: skip
def test_another_ending_remark_or_script_is_asked_about_and_makes_no_issue(chen, other):
    batch = started(chen, "宁波禾缕纺纱有限公司", other)

    row = ImportRow.objects.get(batch=batch, number=3)
    if (row.outcome, [issue["code"] for issue in row.issues]) == ("warning", ["same_name_other_uscc"]):
        assert other == "宁波禾縷紡紗有限公司"  # equal once folded: that has its warning already
        return
    assert (row.outcome, row.issues, pairs(chen, batch)) == ("accepted", [], [(3, 2, "")])


def test_the_samples_raise_no_question_that_changes_what_is_expected_of_them(chen):
    data, expected = sample("suppliers-utf8.csv")
    batch = start_import(actor=chen, file_name="a.csv", data=data, now=NOW)

    outcomes = dict(ImportRow.objects.filter(batch=batch).values_list("number", "outcome"))
    assert outcomes == {row["row"]: row["outcome"] for row in expected["rows"]}


def test_the_owners_own_lines_are_compared_and_nobody_elses(chen):
    own = listed(name="宁波禾缕纺纱有限公司（示例）")
    with as_actor(actor("fang")):
        listed("fang", uscc="0DEM0N1000000000BF", name="宁波拾纱针织有限公司")
    batch = started(chen, "宁波禾缕纺纱厂", "宁波拾纱针织厂")

    (pair,) = lookalikes(chen, batch)

    assert (pair.number, pair.other_number, pair.other_link_id, pair.other_name) == (2, None, own.pk, own.name_zh)
    assert (pair.uscc, pair.other_uscc, pair.is_imported) == (code(0), own.uscc, False)


def test_one_slip_of_the_pen_is_asked_about_where_the_telephone_is_the_same(chen):
    batch = started(chen, "宁波丝杼纺织厂", "宁波丝抒纺织厂", "宁波丝舒纺织厂", phones=["19000000001", "19000000001", "19000000002"])

    assert pairs(chen, batch) == [(3, 2, "")]
    assert [one_slip(*names) for names in (("云杼", "云抒"), ("云杼", "云杼厂"), ("云杼", "杼云"), ("云杼", "云杼"))] == [
        True,
        True,
        False,
        False,
    ]


def test_the_same_firm_leaves_the_later_row_out_and_can_be_taken_back(chen):
    batch = started(chen, "宁波禾缕纺纱有限公司", "宁波禾缕纺纱厂")

    row = answer_lookalike(actor=chen, batch=batch, number=3, other=2, is_same=True, now=NOW)

    assert (row.outcome, row.values["reason"], row.values["duplicate_of"]) == ("duplicate", "same_firm", 2)
    assert (pairs(chen, batch), import_totals(chen, batch)["ready"]) == ([(3, 2, "same")], 1)
    row = answer_lookalike(actor=chen, batch=batch, number=3, other=2, is_same=False, now=NOW)
    assert (row.outcome, "reason" in row.values, pairs(chen, batch)) == ("accepted", False, [(3, 2, "different")])
    assert confirm_import(actor=chen, batch=batch, now=NOW) == 2


def test_the_same_firm_as_a_line_of_the_list_is_left_out(chen):
    own = listed(name="宁波禾缕纺纱有限公司（示例）")
    batch = started(chen, "宁波禾缕纺纱厂", "宁波别家印染厂")

    row = answer_lookalike(actor=chen, batch=batch, number=2, other=own.pk, is_same=True, now=NOW)
    mend_row(actor=chen, batch=batch, number=3, field="phone", value="19000000009", now=NOW)

    assert (row.outcome, row.values["known"], row.values["reason"]) == ("duplicate", True, "same_firm")
    assert confirm_import(actor=chen, batch=batch, now=NOW) == 1
    assert not SupplyLink.objects.filter(uscc=code(0)).exists()


def test_two_firms_are_told_apart_for_good(chen):
    first = started(chen, "宁波禾缕纺纱有限公司", "宁波禾缕纺纱厂")
    answer_lookalike(actor=chen, batch=first, number=3, other=2, is_same=False, now=NOW)

    again = started(chen, "宁波禾缕纺纱有限公司", "宁波禾缕纺纱厂")

    assert pairs(chen, again) == []
    assert list(ToldApart.objects.values_list("uscc", "other_uscc")) == [tuple(sorted((code(0), code(1))))]


def test_unanswered_questions_stand_first_and_stop_nothing(chen):
    batch = started(chen, "宁波甲禾纺纱有限公司", "宁波甲禾纺纱厂", "宁波乙禾纺纱有限公司", "宁波乙禾纺纱厂")
    answer_lookalike(actor=chen, batch=batch, number=3, other=2, is_same=False, now=NOW)

    assert pairs(chen, batch) == [(5, 4, ""), (3, 2, "different")]
    assert confirm_import(actor=chen, batch=batch, now=NOW) == 4
    assert [pair.is_imported for pair in lookalikes(chen, import_for(chen, batch.pk))] == [True, True]


def test_a_mended_name_takes_its_question_away_and_may_bring_another(chen):
    batch = started(chen, "宁波甲禾纺纱有限公司", "宁波甲禾纺纱厂", "宁波乙禾纺纱有限公司")

    mend_row(actor=chen, batch=batch, number=3, field="name_zh", value="宁波乙禾纺纱厂", now=NOW)

    assert pairs(chen, batch) == [(4, 3, "")]


@pytest.mark.parametrize("other", [9, UUID(int=7)])
def test_no_such_pair_is_absent_and_nothing_changes(chen, other):
    batch = started(chen, "宁波禾缕纺纱有限公司", "宁波禾缕纺纱厂")

    with pytest.raises(Absent):
        answer_lookalike(actor=chen, batch=batch, number=3, other=other, is_same=True, now=NOW)

    assert (pairs(chen, batch), ToldApart.objects.count()) == ([(3, 2, "")], 0)


def test_an_imported_row_is_not_answered_for_and_another_owner_neither(chen):
    batch = started(chen, "宁波禾缕纺纱有限公司", "宁波禾缕纺纱厂")
    with as_actor(actor("fang")), pytest.raises(NotYours):
        answer_lookalike(actor=actor("fang"), batch=batch, number=3, other=2, is_same=True, now=NOW)
    confirm_import(actor=chen, batch=batch, now=NOW)

    with pytest.raises(RuleBroken, match="row_is_imported"):
        answer_lookalike(actor=chen, batch=batch, number=3, other=2, is_same=True, now=NOW)

    assert pairs(chen, batch) == [(3, 2, "")]
