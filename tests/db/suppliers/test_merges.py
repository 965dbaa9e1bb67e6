"""Merge and split of an owner's lines: nothing is lost, nobody else is touched, and everything can be taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from agreements.models import Agreement
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from parties.names import normalised_name
from suppliers.models import Invitation, LinkGram, Merge, SupplyLink
from suppliers.selectors import invited_by, known_links, link_for, supplier_links
from suppliers.selectors.merges import merges, merges_of, standing_line, twins
from suppliers.services.invitations import invite
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.services.lists import confirm_import, start_import, undo_import
from suppliers.services.merges import merge_links, split_links, tell_apart
from tests.cast import actor, link_id
from tests.db.suppliers.stage import NOW, listed

pytestmark = pytest.mark.django_db
ONE, OTHER, THIRD = "0DEM0N1000000000AC", "0DEM0N1000000000BF", "0DEM04E914JL3PWRKK"
CHEN = actor("chen")
LATER = NOW + timedelta(days=3)


@pytest.fixture
def pair() -> tuple[SupplyLink, SupplyLink]:
    """One firm that came twice: by hand, and from another list with other words."""
    one = listed(uscc=ONE, name="宁波禾缕纺纱有限公司", phone="", contact="何师傅", node_codes=["spinning"])
    other = listed(uscc=OTHER, name="寧波禾縷紡紗厂", phone="19000000456", contact="何会计", node_codes=["weaving"])
    return one, other


def merged(one, other, chosen=None, now=NOW) -> Merge:
    with as_actor(CHEN):
        return merge_links(actor=CHEN, kept=one, absorbed=other, chosen=chosen or {}, now=now)


def split(merge, now=LATER) -> Merge:
    with as_actor(CHEN):
        return split_links(actor=CHEN, merge=merge, now=now)


def rows(who="chen") -> list[dict]:
    """Every line of the owner, merged or not, as it stands."""
    with as_actor(actor(who)):
        return list(SupplyLink.objects.with_merged(actor(who)).order_by("pk").values())


def found_by() -> list[tuple]:
    """Pairs of characters with the lines that they find, one by one."""
    with as_actor(CHEN):
        lists = LinkGram.objects.visible_to(CHEN).values_list("gram", "link_ids")
        return sorted((gram, link) for gram, links in lists for link in links)


def line(link) -> SupplyLink:
    with as_actor(CHEN):
        return SupplyLink.objects.with_merged(CHEN).get(pk=link.pk)


def refused(code, kept, absorbed, chosen=None) -> None:
    before = rows()
    with as_actor(CHEN), pytest.raises(RuleBroken, match=f"^{code}$"):
        merge_links(actor=CHEN, kept=kept, absorbed=absorbed, chosen=chosen or {}, now=NOW)
    assert rows() == before
    with as_actor(CHEN):
        assert not Merge.objects.visible_to(CHEN).filter(kept=kept, absorbed=absorbed).exists()


def test_blanks_are_filled_chosen_values_are_taken_and_the_rest_stays(pair):
    one, other = pair

    merge = merged(one, other, {"name_zh": "other", "nodes": "both"})

    kept = line(one)
    assert (kept.uscc, kept.phone, kept.contact) == (ONE, "+8619000000456", "何师傅")
    assert (kept.name_zh, kept.node_codes, kept.pinyin_key) == ("寧波禾縷紡紗厂", ["spinning", "weaving"], other.pinyin_key)
    assert merge.wrote == {"name_zh": "寧波禾縷紡紗厂", "phone": "+8619000000456", "node_codes": ["spinning", "weaving"]}
    assert merge.before == {"name_zh": "宁波禾缕纺纱有限公司", "phone": "", "node_codes": ["spinning"]}
    assert (line(other).merged_into_id, line(other).name_zh) == (one.pk, "寧波禾縷紡紗厂")


def test_the_absorbed_line_leaves_list_search_and_page(pair):
    one, other = pair
    merged(one, other)

    with as_actor(CHEN):
        assert other.pk not in {row.pk for row in supplier_links(CHEN).rows}
        assert supplier_links(CHEN, query=OTHER).rows == []
        assert [row.pk for row in supplier_links(CHEN, query="禾缕").rows] == [one.pk]
        with pytest.raises(Absent):
            link_for(CHEN, other.pk)
        assert standing_line(CHEN, other.pk) == one.pk


def test_search_follows_a_name_that_the_merge_wrote(pair):
    one, other = pair
    merge = merged(one, other, {"name_zh": "other"})
    with as_actor(CHEN):
        assert [row.pk for row in supplier_links(CHEN, query="纱厂").rows] == [one.pk]

    split(merge)

    with as_actor(CHEN):
        assert {row.pk for row in supplier_links(CHEN, query="有限").rows} >= {one.pk}
        assert [row.pk for row in supplier_links(CHEN, query="纱厂").rows] == [other.pk]


def test_a_split_brings_back_both_lines_as_they_were(pair):
    before, found = rows(), found_by()
    merge = merged(*pair, {"name_zh": "other", "contact": "other", "nodes": "both"})
    assert found_by() != found

    done = split(merge)

    assert rows() == before
    assert (done.undone_at, done.undone_by, done.stayed) == (LATER, CHEN.person_name, [])
    assert found_by() == found


def test_a_split_leaves_what_somebody_changed_since_and_says_so(pair):
    one, _other = pair
    merge = merged(*pair, {"contact": "other"})
    with as_actor(CHEN):
        SupplyLink.objects.visible_to(CHEN).filter(pk=one.pk).update(contact="新会计")

    done = split(merge)

    assert (line(one).contact, line(one).phone) == ("新会计", "")
    assert done.stayed == ["contact"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_merges_of_one_line_are_taken_back_in_any_order(pair, order):
    one, other = pair
    third = listed(uscc=THIRD, name="禾缕纺纱", phone="19000000789", contact="禾总")
    before = rows()
    made = [
        merged(one, other, {"contact": "other"}),
        merged(one, third, {"contact": "other", "phone": "other"}, now=NOW + timedelta(hours=1)),
    ]

    for at in order:
        split(made[at])

    assert rows() == before


def test_merge_and_split_are_safe_to_repeat(pair):
    first = merged(*pair)
    again = merged(*pair, {"contact": "other"}, now=LATER)

    assert again.pk == first.pk
    assert line(pair[0]).contact == "何师傅"
    assert split(first).undone_at == split(first, now=LATER + timedelta(days=1)).undone_at == LATER


def test_a_line_that_was_split_may_be_merged_again(pair):
    split(merged(*pair))

    second = merged(*pair, now=LATER)

    with as_actor(CHEN):
        assert next(m.pk for m in merges_of(CHEN, pair[0])) == second.pk
        assert len(merges(CHEN)) == 2


def test_the_open_invitation_of_the_absorbed_line_ends_and_a_split_leaves_it_uninvited(pair):
    one, other = pair
    with as_actor(CHEN):
        ((_, token),) = invite(actor=CHEN, links=[other], now=NOW)

    merge = merged(one, line(other))

    with acting_as(Hat.LOBBY):
        assert invited_by(token, now=NOW) is None
    assert merge.absorbed_state == "invited"
    split(merge)
    assert (line(other).state, line(other).invited_until) == ("listed", None)
    with as_actor(CHEN):
        assert Invitation.objects.visible_to(CHEN).get(link=other).revoked_at == NOW


def test_an_absorbed_line_is_not_invited(pair):
    one, other = pair
    merged(one, other)

    with as_actor(CHEN), pytest.raises(RuleBroken, match="nothing_picked"):
        invite(actor=CHEN, links=[other], now=NOW)


def test_a_line_is_not_merged_into_itself(pair):
    refused("merge_itself", pair[0], pair[0])


def test_two_that_have_joined_are_two_firms():
    with as_actor(CHEN):
        lin, wu = (link_for(CHEN, link_id("chen", who)) for who in ("lin", "wu"))
    refused("merge_two_joined", lin, wu)


def test_a_line_that_has_joined_is_the_one_that_stays(pair):
    with as_actor(CHEN):
        lin = link_for(CHEN, link_id("chen", "lin"))
    refused("merge_joined_stays", pair[0], lin)

    merged(lin, pair[0])

    assert line(pair[0]).merged_into_id == lin.pk


def test_a_line_is_absorbed_once(pair):
    one, other = pair
    third = listed(uscc=THIRD, name="禾缕纺纱")
    merged(one, other)

    refused("merged_already", third, line(other))
    refused("merged_already", line(other), third)


def test_a_line_through_which_others_deliver_stays(pair):
    one, other = pair
    with as_actor(CHEN):
        SupplyLink.objects.visible_to(CHEN).filter(pk=one.pk).update(tier=2, via=other)
    third = listed(uscc=THIRD, name="禾缕纺纱")

    refused("merge_behind", third, line(other))


@pytest.mark.parametrize("chosen", [{"uscc": "other"}, {"contact": "theirs"}, {"contact": "both"}])
def test_only_known_facts_are_chosen(pair, chosen):
    refused("merge_choice", *pair, chosen)


def test_lines_of_another_owner_are_absent(pair):
    theirs = listed("fang", uscc=ONE)

    with as_actor(CHEN), pytest.raises(NotYours):
        merge_links(actor=CHEN, kept=pair[0], absorbed=theirs, chosen={}, now=NOW)
    theirs.owner_org_id = CHEN.org_id  # somebody who makes up a line
    with as_actor(CHEN), pytest.raises(Absent):
        merge_links(actor=CHEN, kept=pair[0], absorbed=theirs, chosen={}, now=NOW)

    assert rows("fang")[-1]["merged_into_id"] is None
    merge = merged(*pair)
    with as_actor(actor("fang")), pytest.raises(NotYours):
        split_links(actor=actor("fang"), merge=merge, now=NOW)
    assert line(pair[1]).merged_into_id == pair[0].pk


def test_a_list_finds_the_code_of_a_merged_line_and_counts_it_as_the_kept_one(pair):
    one, other = pair
    third = listed(uscc=THIRD, name="禾缕纺纱")
    merged(one, other)
    merged(third, line(one), now=LATER)  # and over two merges
    data = f"企业名称,统一社会信用代码\n禾缕又一次,{OTHER}\n".encode()

    with as_actor(CHEN):
        assert {known_links(CHEN)[code]["name_zh"] for code in (ONE, OTHER, THIRD)} == {"禾缕纺纱"}
        batch = start_import(actor=CHEN, file_name="again.csv", data=data, now=LATER)
        assert confirm_import(actor=CHEN, batch=batch, now=LATER) == 0
        (row,) = batch.rows.all()
        assert (row.outcome, row.values["known"], row.values["reason"]) == ("duplicate", True, "merged_line")
        with pytest.raises(RuleBroken, match="already_listed") as told:
            add_supplier(actor=CHEN, firm=FirmSaid("禾缕又一次", OTHER), now=LATER)
    assert told.value.facts["name"] == "禾缕纺纱"


def test_undoing_an_import_leaves_what_was_merged_meanwhile(pair):
    with as_actor(CHEN):
        data = f"企业名称,统一社会信用代码\n宁波素杼辅料厂,{THIRD}\n宁波青纬织造厂,0DEM0X1000000000AG\n".encode()
        batch = start_import(actor=CHEN, file_name="list.csv", data=data, now=NOW)
        assert confirm_import(actor=CHEN, batch=batch, now=NOW) == 2
        brought = SupplyLink.objects.visible_to(CHEN).get(uscc=THIRD)
    merge = merged(brought, pair[1])

    with as_actor(CHEN):
        assert undo_import(actor=CHEN, batch=batch, now=NOW) == 1

    assert split(merge).undone_at == LATER
    assert (line(brought).uscc, line(pair[1]).merged_into_id) == (THIRD, None)


def test_the_database_refuses_what_no_verb_does(pair):
    one, other = pair
    with as_actor(CHEN):
        fangs = listed("fang", uscc=ONE)
        for statement, values, rule in [
            ("update suppliers_supplylink set merged_into_id = id where id = %s", [one.pk], "merged_line_has_met_no_firm"),
            (
                "update suppliers_supplylink set merged_into_id = %s where id = %s",
                [one.pk, link_id("chen", "lin")],
                "merged_line_has_met_no_firm",
            ),
            (
                "update suppliers_supplylink set merged_into_id = %s where id = %s",
                [fangs.pk, other.pk],
                "merged_into_a_line_of_the_same_owner",
            ),
        ]:
            with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)


def test_nothing_of_the_upper_floors_hangs_on_an_absorbed_line(pair):
    """A line that has met a firm is never absorbed, so agreements, audits and records keep the line they name."""
    merged(*pair)

    with as_actor(CHEN):
        assert not Agreement.objects.visible_to(CHEN).filter(link__merged_into__isnull=False).exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "select c.conrelid::regclass::text from pg_constraint c where c.confrelid = 'suppliers_supplylink'::regclass and c.contype = 'f' order by 1"
            )
            hanging = {table for (table,) in cursor.fetchall()}
    upper = {table for table in hanging if not table.startswith("suppliers_")}
    # They name the firm beside the line: it must have joined. A row of a batch only notes whom a draft is meant for, a file of results
    # whose lots it speaks of; each is made for a line that has joined, or refused in words.
    assert upper == {
        "agreements_agreement", "agreements_draftbatchrow", "agreements_sealedsample", "records_recordstream",
        "inspections_changereply", "inspections_jointaction", "inspections_lot", "inspections_resultimport", "inspections_switchingseries",
    }  # fmt: skip


def test_likely_pairs_are_found_told_apart_and_not_shown_again(pair):
    one, other = pair
    with as_actor(CHEN):
        assert [{twin.one.pk, twin.other.pk} for twin in twins(CHEN)] == [{one.pk, other.pk}]
        tell_apart(actor=CHEN, one=other, other=one, now=NOW)
        tell_apart(actor=CHEN, one=one, other=other, now=NOW)
        assert twins(CHEN) == []


def test_pairs_are_of_the_owners_own_lines_only(pair):
    listed("fang", uscc=THIRD, name="禾缕纺纱")

    with as_actor(actor("fang")):
        assert twins(actor("fang")) == []
    with as_actor(CHEN):
        assert len(twins(CHEN)) == 1


def test_pairs_come_in_pages(pair):
    listed(uscc=THIRD, name="宁波禾缕纺纱集团")
    with as_actor(CHEN):
        everything = [(t.core, t.one.pk, t.other.pk) for t in twins(CHEN)]
        first = twins(CHEN, limit=2)
        last = first[-1]
        rest = twins(CHEN, after=(last.core, last.one.pk, last.other.pk), limit=2)

    assert len(everything) == 3
    assert [(t.core, t.one.pk, t.other.pk) for t in (*first, *rest)] == everything


@pytest.mark.parametrize(
    "name",
    [
        "宁波云杼针织有限公司（示例）", "寧波雲杼針織廠", "宁波〔云杼〕 针织股份有限公司", "Yunzhu Knitting Co., Ltd.", "ＹＵＮＺＨＵ　有限公司",
        "（示例）", "公司", "云杼\u200b针织集团有限公司【二厂】", "A", "有限公司（有限公司）",
    ],
)  # fmt: skip
def test_the_database_reads_a_name_as_the_lists_do(name):
    with as_actor(CHEN), connection.cursor() as cursor:
        cursor.execute("select name_core(%s)", [name])
        assert cursor.fetchone()[0] == normalised_name(name)
