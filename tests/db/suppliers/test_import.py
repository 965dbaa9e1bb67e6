"""A supplier list from the file to the owner's suppliers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.actor import as_actor
from foundation.errors import NotYours, RuleBroken
from suppliers.models import ImportRow, LinkGram, SupplierImport, SupplyLink
from suppliers.selectors import import_rows, import_totals, supplier_links
from suppliers.services.lists import confirm_import, map_columns, mend_row, start_import, undo_import
from tests.cast import actor
from tests.db.suppliers.stage import NOW, listed, sample

pytestmark = pytest.mark.django_db
OUTCOMES = ("rows", "accepted", "warning", "duplicate", "rejected", "skipped")


@pytest.fixture
def chen():
    with as_actor(actor("chen")):
        yield actor("chen")


def started(chen, name: str) -> SupplierImport:
    return start_import(actor=chen, file_name=name, data=sample(name)[0], now=NOW)


@pytest.mark.parametrize("name", ["suppliers-utf8.csv", "suppliers-gb18030.csv", "suppliers.xlsx"])
def test_a_list_becomes_as_many_suppliers_as_expected(chen, name):
    before, expected = SupplyLink.objects.count(), sample(name)[1]["totals"]

    batch = started(chen, name)
    totals = import_totals(chen, batch)

    assert {key: totals[key] for key in OUTCOMES} == {key: expected[key] for key in OUTCOMES}
    assert SupplyLink.objects.count() == before
    assert confirm_import(actor=chen, batch=batch, now=NOW) == expected["firms_after"]
    assert SupplyLink.objects.count() == before + expected["firms_after"]


def test_what_is_written_is_what_the_row_means(chen):
    batch = started(chen, "suppliers.xlsx")
    confirm_import(actor=chen, batch=batch, now=NOW)

    link = SupplyLink.objects.get(uscc="0DEM060BN16KMATBGP")

    assert (link.name_zh, link.contact, link.phone) == ("宁波青缎服饰设计有限公司（示例）", "胡师傅", "+8619000008611")
    assert (link.node_codes, link.region_code, link.headcount, link.since.isoformat()) == (["design"], "330213", 60, "2023-02-19")
    assert link.town_code.startswith("330213")
    assert (link.state, link.supplier_org_id, link.owner_org_id) == ("listed", None, chen.org_id)


@pytest.mark.parametrize("name", ["suppliers-utf8.csv", "suppliers.xlsx"])
def test_the_same_list_again_changes_nothing(chen, name):
    confirm_import(actor=chen, batch=started(chen, name), now=NOW)
    links, grams = list(SupplyLink.objects.order_by("id").values()), list(LinkGram.objects.order_by("pk").values())

    second = started(chen, name)

    assert import_totals(chen, second)["ready"] == 0
    assert confirm_import(actor=chen, batch=second, now=NOW) == 0
    assert list(SupplyLink.objects.order_by("id").values()) == links
    assert list(LinkGram.objects.order_by("pk").values()) == grams


def test_confirming_twice_writes_once(chen):
    batch = started(chen, "suppliers-utf8.csv")
    made = confirm_import(actor=chen, batch=batch, now=NOW)

    assert confirm_import(actor=chen, batch=batch, now=NOW) == 0
    assert SupplyLink.objects.filter(created_at=NOW).count() == made == 29


def test_two_lists_with_one_firm_make_it_once(chen):
    first, second = started(chen, "suppliers.xlsx"), started(chen, "suppliers.xlsx")
    confirm_import(actor=chen, batch=first, now=NOW)

    assert confirm_import(actor=chen, batch=second, now=NOW) == 0

    assert SupplyLink.objects.filter(created_at=NOW).count() == 18
    assert import_totals(chen, second)["duplicate"] == 19


def test_a_mended_row_is_read_anew_and_the_others_stand(chen):
    batch = started(chen, "suppliers-utf8.csv")
    wrong = next(row for row in import_rows(chen, batch, only="rejected") if any(i["facts"].get("suggestion") for i in row.issues))
    issue = next(i for i in wrong.issues if i["facts"].get("suggestion"))
    code, place = wrong.values["values"]["uscc"], issue["facts"]["position"]
    others = list(ImportRow.objects.exclude(pk=wrong.pk).order_by("number").values())

    value = code[: place - 1] + issue["facts"]["suggestion"] + code[place:]
    mended = mend_row(actor=chen, batch=batch, number=wrong.number, field="uscc", value=value, now=NOW)

    assert (mended.outcome, mended.values["values"]["uscc"]) == ("accepted", value)
    assert list(ImportRow.objects.exclude(pk=wrong.pk).order_by("number").values()) == others
    assert confirm_import(actor=chen, batch=batch, now=NOW) == 30


def test_a_row_mended_after_the_import_is_added_then(chen):
    batch = started(chen, "suppliers-utf8.csv")
    confirm_import(actor=chen, batch=batch, now=NOW)
    row = import_rows(chen, batch, only="rejected")[0]
    mend_row(actor=chen, batch=batch, number=row.number, field="name_zh", value="宁波补正纺织有限公司（示例）", now=NOW)
    mend_row(actor=chen, batch=batch, number=row.number, field="uscc", value="0DEM0N1000000000BF", now=NOW)

    assert confirm_import(actor=chen, batch=batch, now=NOW) == 1
    assert SupplyLink.objects.get(uscc="0DEM0N1000000000BF").name_zh == "宁波补正纺织有限公司（示例）"


def test_an_imported_row_is_not_mended(chen):
    batch = started(chen, "suppliers.xlsx")
    confirm_import(actor=chen, batch=batch, now=NOW)
    row = import_rows(chen, batch, only="accepted")[0]

    with pytest.raises(RuleBroken, match="row_is_imported"):
        mend_row(actor=chen, batch=batch, number=row.number, field="name_zh", value="别的名字", now=NOW)

    assert ImportRow.objects.get(pk=row.pk).values == row.values


def test_an_import_is_undone_within_ten_minutes_but_not_what_was_invited(chen):
    from suppliers.services.invitations import invite

    batch = started(chen, "suppliers.xlsx")
    confirm_import(actor=chen, batch=batch, now=NOW)
    kept = SupplyLink.objects.get(uscc="0DEM060BN16KMATBGP")
    invite(actor=chen, links=[kept], now=NOW)

    assert undo_import(actor=chen, batch=batch, now=NOW + timedelta(minutes=9)) == 17

    assert list(SupplyLink.objects.filter(created_at=NOW)) == [kept]
    assert confirm_import(actor=chen, batch=batch, now=NOW + timedelta(minutes=9)) == 17


def test_after_ten_minutes_an_import_stands(chen):
    batch = started(chen, "suppliers.xlsx")
    confirm_import(actor=chen, batch=batch, now=NOW)

    with pytest.raises(RuleBroken, match="undo_too_late"):
        undo_import(actor=chen, batch=batch, now=NOW + timedelta(minutes=10, seconds=1))

    assert SupplyLink.objects.filter(created_at=NOW).count() == 18


def test_a_list_without_a_header_asks_which_column_is_which(chen):
    text = "宁波禾缕纺纱有限公司（示例）,0DEM0N1000000000AC,19000000123\n宁波拾纱针织有限公司（示例）,0DEM0N1000000000BF,\n"
    batch = start_import(actor=chen, file_name="x", data=text, now=NOW)
    assert (batch.state, batch.rows.count()) == ("needs_mapping", 0)
    with pytest.raises(RuleBroken, match="nothing_to_import"):
        confirm_import(actor=chen, batch=batch, now=NOW)

    with pytest.raises(RuleBroken, match="list_refused"):
        map_columns(actor=chen, batch=batch, chosen={0: "name_zh", 1: "name_zh"}, now=NOW)
    assert SupplierImport.objects.get(pk=batch.pk).state == "needs_mapping"
    batch = map_columns(actor=chen, batch=batch, chosen={0: "name_zh", 1: "uscc", 2: "phone"}, now=NOW)

    assert (batch.state, confirm_import(actor=chen, batch=batch, now=NOW)) == ("preview", 2)


@pytest.mark.parametrize(("data", "code"), [(b"", "list_empty"), ("  \n", "list_empty"), (b"\xd0\xcf\x11\xe0 old", "list_refused")])
def test_a_file_that_is_no_list_is_refused_in_words(chen, data, code):
    with pytest.raises(RuleBroken, match=code) as broken:
        start_import(actor=chen, file_name="x.xls", data=data, now=NOW)

    assert len(broken.value.words()) > 10
    assert not SupplierImport.objects.exists()


def test_characters_that_cannot_be_stored_do_not_stop_a_list(chen):
    text = "企业名称,统一社会信用代码,备注\n宁波禾缕\x00纺纱有限公司（示例）,0DEM0N1000000000AC,a\x00b\ud800\n"

    batch = start_import(actor=chen, file_name="a\x00b.csv", data=text, now=NOW)

    assert confirm_import(actor=chen, batch=batch, now=NOW) == 1


def test_a_supplier_may_import_nothing():
    with as_actor(actor("lin")), pytest.raises(NotYours):
        start_import(actor=actor("lin"), file_name="x", data="企业名称,统一社会信用代码\nx,y", now=NOW)


def test_the_list_is_searched_by_any_two_characters_by_pinyin_and_by_code(chen):
    confirm_import(actor=chen, batch=started(chen, "suppliers.xlsx"), now=NOW)

    def found(query: str) -> list[str]:
        return [link.uscc for link in supplier_links(chen, query=query).rows]

    assert found("青缎") == found("青缎服饰") == found("qingduan") == found("0dem060bn") == ["0DEM060BN16KMATBGP"]
    assert found("缎") == ["0DEM060BN16KMATBGP"]
    assert found("青缎 服饰") == ["0DEM060BN16KMATBGP"]
    assert found("宁波 青缎") == found("服饰 青缎") == ["0DEM060BN16KMATBGP"]
    assert found("没有这家") == []
    assert len(found("宁波")) == 20  # the two that stood there before, too


def test_any_two_neighbouring_characters_of_a_name_find_it_also_those_of_every_name(chen):
    link = listed(name="寧波禾缕纺紗有限责任公司（示例）")

    pairs = ["宁波", "波禾", "禾缕", "缕纺", "纺纱", "有限", "限责", "责任", "任公", "公司", "示例"]
    assert [pair for pair in pairs if link not in supplier_links(chen, query=pair).rows] == []
    assert supplier_links(chen, query="宁波禾缕").rows == supplier_links(chen, query="禾缕 公司").rows == [link]
    assert supplier_links(chen, query="杭州禾缕").rows == []


def test_pages_of_the_list_follow_each_other_without_loss(chen):
    confirm_import(actor=chen, batch=started(chen, "suppliers-utf8.csv"), now=NOW)
    listed(uscc="0DEM0N1000000000CJ", name="同名针织厂")
    listed(uscc="0DEM0N1000000000BF", name="同名针织厂")
    seen, after = [], ""
    while True:
        page = supplier_links(chen, after=after, limit=7)
        seen += page.rows
        after = page.after
        if not after:
            break

    assert [link.pk for link in seen] == list(SupplyLink.objects.order_by("pinyin_key", "id").values_list("pk", flat=True))
    assert len(supplier_links(chen, after="no-cursor-of-ours", limit=7).rows) == 7


def test_a_page_of_the_list_is_one_query(chen):
    confirm_import(actor=chen, batch=started(chen, "suppliers-utf8.csv"), now=NOW)

    with CaptureQueriesContext(connection) as queries:
        supplier_links(chen, query="针织", state="listed", node="knitting", region="330203")

    assert len(queries) == 1


def test_another_owner_sees_nothing_of_it(chen):
    batch = started(chen, "suppliers.xlsx")
    confirm_import(actor=chen, batch=batch, now=NOW)

    with as_actor(actor("fang")):
        assert supplier_links(actor("fang"), query="青缎").rows == []
        assert not SupplierImport.objects.exists()
        assert not ImportRow.objects.exists()
        assert not LinkGram.objects.exists()
