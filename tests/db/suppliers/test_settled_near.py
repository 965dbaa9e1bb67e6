"""One cell of a long list mended: what it touches is settled anew, exactly as if the whole list were, and nothing else is read."""

import random

import pytest

from foundation.actor import as_actor
from parties.uscc import check_character
from suppliers.models import AlikeName, ImportRow
from suppliers.selectors import lookalikes
from suppliers.services import lists_near
from suppliers.services.links import link_of_values, write_links
from suppliers.services.lists import answer_lookalike, mend_row, start_import
from suppliers.services.lists_alike import find_lookalikes
from suppliers.services.lists_rows import settle_rows
from tests.cast import actor
from tests.db.suppliers.stage import NOW

pytestmark = pytest.mark.django_db
NAMES = (
    "宁波云杼织造有限公司",
    "宁波云杼织造厂",
    "寧波雲杼織造有限公司",
    "宁波云抒织造厂",
    "宁波禾缕印染有限公司",
    "宁波禾缕印染(股份)公司",
    "宁波禾缕印染厂",
)
PHONES = ("19000000001", "19000000002", "", "12")


def code(n: int) -> str:
    body = f"0DEM0N{n:011d}"
    return body + check_character(body)


CODES = [*(code(n) for n in range(6)), code(0)[:-1] + "*", ""]


@pytest.fixture
def chen():
    with as_actor(actor("chen")):
        yield actor("chen")


def stands(batch) -> tuple[list, list]:
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    pairs = AlikeName.objects.filter(batch=batch).order_by("number", "other_uscc")
    columns = ("number", "values", "issues", "outcome", "uscc", "pinyin_key", "initials", "name_core", "grams")
    return list(rows.values(*columns)), list(pairs.values_list("number", "other_number", "other_link_id", "other_uscc", "answer"))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_mended_or_answered_the_list_stands_as_if_all_of_it_were_settled(chen, seed):
    pick = random.Random(seed)
    write_links(chen, [link_of_values(chen, {"name_zh": NAMES[5], "uscc": code(4), "phone": "+8619000000001"}, now=NOW)])
    lines = [f"{pick.choice(NAMES)},{pick.choice(CODES)},周师傅,{pick.choice(PHONES)}" for _ in range(24)]
    batch = start_import(
        actor=chen, file_name="a.csv", data="\n".join(["企业名称,统一社会信用代码,联系人,手机号", *lines]).encode(), now=NOW
    )

    for _ in range(12):
        number = pick.randint(2, 25)
        asked = lookalikes(chen, batch)
        if asked and pick.random() < 0.4:
            pair = pick.choice(asked)
            other = pair.other_number or pair.other_link_id
            answer_lookalike(actor=chen, batch=batch, number=pair.number, other=other, is_same=pick.random() < 0.5, now=NOW)
        else:
            field, value = pick.choice([("name_zh", NAMES), ("uscc", CODES), ("phone", PHONES)])
            mend_row(actor=chen, batch=batch, number=number, field=field, value=pick.choice(value), now=NOW)
        near = stands(batch)
        find_lookalikes(chen, batch, settle_rows(chen, batch, {}))
        assert near == stands(batch)


def test_a_mended_cell_reads_the_rows_that_it_touches_and_no_others(chen, monkeypatch):
    lines = [f"宁波长卷{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n}号织造有限公司,{code(n)},周师傅,19000{n:06d}" for n in range(200)]
    batch = start_import(
        actor=chen, file_name="a.csv", data="\n".join(["企业名称,统一社会信用代码,联系人,手机号", *lines]).encode(), now=NOW
    )
    read, original = [], lists_near.rows_of
    monkeypatch.setattr(
        lists_near, "rows_of", lambda *given, **which: [read.append(row.number) or row for row in original(*given, **which)]
    )

    row = mend_row(actor=chen, batch=batch, number=50, field="uscc", value=code(10), now=NOW)

    assert (row.outcome, row.values["duplicate_of"]) == ("duplicate", 12)
    assert sorted(set(read)) == [12, 50]
