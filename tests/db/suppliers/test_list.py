"""The owner's list: found by two characters, initials, pinyin and code; filtered, counted, kept as views."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from suppliers.filters import wanted, wanted_of_query
from suppliers.models import SavedView, SupplyLink
from suppliers.selectors import saved_view_for, saved_views, state_counts, supplier_links, way_of
from suppliers.services.approvals import Decision, decide_approval
from suppliers.services.saved_views import ViewSaid, drop_view, keep_view, open_first, rename_view
from suppliers.services.tiers import place_in_chain
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.db.suppliers.stage import NEW_CODE, NOW, invited, listed, state_of

pytestmark = pytest.mark.django_db
CODES = ["0DEM0N1000000000BF", "0DEM0N1000000000CJ"]


def found(**filters):
    with as_actor(actor("chen")):
        return [link.uscc for link in supplier_links(actor("chen"), **filters).rows]


@pytest.mark.parametrize("query", ["nbhl", "NBHL", "hlfs", "ninghl", "helv", "ningbohe", "禾缕", "纺纱", NEW_CODE[:9].lower(), "缕 nbhl"])
def test_a_firm_is_found_by_initials_pinyin_two_characters_and_the_beginning_of_its_code(query):
    listed()
    expected = [] if query == "ninghl" else [NEW_CODE]

    assert found(query=query) == expected


def test_initials_of_another_owners_firm_find_nothing():
    listed("fang")

    assert found(query="nbhl") == []


def test_words_inside_a_name_are_found_where_nothing_begins_so():
    assert found(query="textile") == ["0DEM0A0000000000L1"]


def test_filters_narrow_and_unknown_ones_are_dropped():
    link = listed(node_codes=["spinning"], region_code="330205")
    with as_actor(actor("chen")):
        SupplyLink.objects.filter(pk=link.pk).update(tag="秋季")

    assert found(state="listed") == [NEW_CODE]
    assert found(node="spinning") == [NEW_CODE]
    assert found(region="330205") == [NEW_CODE]
    assert found(tag="秋季") == [NEW_CODE]
    assert found(region="330203009") == ["0DEM0A0000000000W1", "0DEM0A0000000000L1"]
    assert found(tier="2") == []
    assert (
        wanted({"state": "gone", "tier": "9", "node": "x", "region": "1", "approval": "?", "problem": "!", "colour": "red"}).chosen() == {}
    )


def test_problems_are_said_by_kind():
    bare = listed(phone="", node_codes=[], region_code="")
    late, _ = invited(
        uscc=CODES[0], name="宁波晚来印染厂（示例）", now=NOW - timedelta(days=400), node_codes=["dyeing"], region_code="330205"
    )

    assert found(problem="no_phone") == [bare.uscc]
    assert found(problem="incomplete") == [bare.uscc]
    assert found(problem="invitation_over") == [state_of(late.link_id).uscc]
    assert found(problem="any") == [bare.uscc, state_of(late.link_id).uscc]
    assert found(problem="declined") == []


def test_states_are_counted_under_the_other_filters():
    listed(node_codes=["spinning"])

    with as_actor(actor("chen")):
        assert state_counts(actor("chen")) == {"joined": 2, "listed": 1}
        assert state_counts(actor("chen"), state="joined", node="spinning") == {"listed": 1}


def test_a_view_is_kept_for_oneself_or_for_all_and_only_known_filters_are():
    with as_actor(actor("chen")):
        mine = keep_view(actor=actor("chen"), said=ViewSaid("未加入"), wanted=wanted({"state": "listed", "colour": "red"}), now=NOW)
        all_ = keep_view(actor=actor("chen"), said=ViewSaid("针织", for_all=True), wanted=wanted({"node": "knitting"}), now=NOW)

        assert (mine.query, all_.query) == ("state=listed", "node=knitting")
        assert [view.name for view in saved_views(actor("chen"))] == ["针织", "未加入"]
    with as_actor(actor("fang")):
        assert saved_views(actor("fang")) == []
        with pytest.raises(Absent):
            saved_view_for(actor("fang"), all_.pk)


def test_a_view_of_another_person_of_the_firm_is_not_shown():
    with as_actor(actor("chen")):
        view = keep_view(actor=actor("chen"), said=ViewSaid("x"), wanted=wanted({"state": "listed"}), now=NOW)
        SavedView.objects.filter(pk=view.pk).update(person_id=actor("fang").person_id)

        assert saved_views(actor("chen")) == []
        with pytest.raises(Absent):
            saved_view_for(actor("chen"), view.pk)


def test_a_view_without_filters_without_a_name_or_with_a_name_taken_is_refused():
    chen, listed_only = actor("chen"), wanted({"state": "listed"})
    with as_actor(chen):
        keep_view(actor=chen, said=ViewSaid("一"), wanted=listed_only, now=NOW)
        for said, asked, code in [
            (ViewSaid("二"), wanted({}), "view_empty"), (ViewSaid(" "), listed_only, "value_missing"), (ViewSaid("一"), listed_only, "view_name_taken"),
        ]:  # fmt: skip
            with pytest.raises(RuleBroken) as refused:
                keep_view(actor=chen, said=said, wanted=asked, now=NOW)
            assert refused.value.code == code

        assert SavedView.objects.count() == 1


def test_one_view_opens_the_list_and_all_is_one_tab_away():
    chen = actor("chen")
    with as_actor(chen):
        first = keep_view(actor=chen, said=ViewSaid("a", opens_first=True), wanted=wanted({"state": "joined"}), now=NOW)
        second = keep_view(actor=chen, said=ViewSaid("b", opens_first=True), wanted=wanted({"state": "listed"}), now=NOW)
        first.refresh_from_db()
        assert (first.is_default, second.is_default) == (False, True)
        open_first(actor=chen, view=first)
    client = signed_in("chen")

    opened = client.get(reverse("suppliers:list"))

    assert (opened.status_code, opened["Location"]) == (302, "/suppliers/?state=joined")
    assert client.get("/suppliers/?all=1").status_code == 200


def test_a_view_is_renamed_and_deleted_by_its_pages():
    client = signed_in("chen")
    client.post(reverse("suppliers:views"), {"query": "state=joined&evil=1", "name": "已加入"})
    with as_actor(actor("chen")):
        view = SavedView.objects.get()
    assert view.query == "state=joined"

    client.post(reverse("suppliers:view", args=[view.pk]), {"name": "加入的"})
    page = client.get("/suppliers/?all=1").content.decode()
    assert 'href="?state=joined"' in page
    assert "加入的" in page

    client.post(reverse("suppliers:view", args=[view.pk]), {"wish": "delete"})
    with as_actor(actor("chen")):
        assert SavedView.objects.count() == 0


def test_the_firms_view_is_changed_only_by_who_keeps_its_lists():
    chen = actor("chen")
    with as_actor(chen):
        view = keep_view(actor=chen, said=ViewSaid("all", for_all=True), wanted=wanted({"state": "joined"}), now=NOW)
        viewer = type(chen)(**{**vars(chen), "roles": frozenset({"viewer"})})
        for work in (lambda: rename_view(actor=viewer, view=view, name="x"), lambda: drop_view(actor=viewer, view=view)):
            with pytest.raises(NotYours):
                work()

        assert SavedView.objects.get().name == "all"


def test_the_look_stays_in_the_address_and_filters_come_off_one_by_one():
    client = signed_in("chen")

    cards = client.get("/suppliers/?look=cards&state=joined&node=knitting").content.decode()
    table = client.get("/suppliers/?look=table").content.decode()

    assert 'class="table tight cards as-cards"' in cards
    assert 'class="table tight"' in table
    assert 'href="?look=cards&amp;node=knitting"' in cards
    assert 'href="?look=cards&amp;state=joined"' in cards
    assert 'name="look" value="cards"' in cards
    assert wanted_of_query("?state=joined&look=cards").chosen() == {"state": "joined"}


def test_a_firm_delivers_through_another_and_all_behind_it_follow():
    chen, lin, wu = actor("chen"), link_id("chen", "lin"), link_id("chen", "wu")
    yarn = listed()
    with as_actor(chen):
        place_in_chain(actor=chen, link=yarn, via_id=lin, now=NOW)
        assert state_of(yarn.pk).tier == 2
        place_in_chain(actor=chen, link=state_of(lin), via_id=wu, now=NOW)

        yarn = state_of(yarn.pk)
        assert (state_of(lin).tier, yarn.tier) == (2, 3)
        assert [each.pk for each in way_of(chen, yarn).up] == [lin, wu]
        assert [each.pk for each in way_of(chen, state_of(lin)).behind] == [yarn.pk]


def test_a_way_up_that_would_be_a_circle_too_long_or_anothers_is_refused_and_nothing_changes():
    chen, lin, wu = actor("chen"), link_id("chen", "lin"), link_id("chen", "wu")
    with as_actor(chen):
        place_in_chain(actor=chen, link=state_of(lin), via_id=wu, now=NOW)
        for via, tier, code in [
            (lin, None, "way_is_a_circle"), (wu, None, "way_is_a_circle"), (link_id("fang", "wu"), None, "via_unknown"),
            (None, 9, "value_unknown"), (None, 5, "way_is_too_long"),
        ]:  # fmt: skip
            with pytest.raises(RuleBroken) as refused:
                place_in_chain(actor=chen, link=state_of(wu), via_id=via, tier=tier, now=NOW)
            assert refused.value.code == code

    assert (state_of(wu).tier, state_of(wu).via_id, state_of(lin).tier) == (1, None, 2)


def test_the_page_of_the_chain_asks_when_several_firms_fit():
    client, lin = signed_in("chen"), link_id("chen", "lin")
    listed()
    listed(uscc=CODES[0], name="宁波晚来印染厂（示例）")

    several = client.post(reverse("suppliers:chain", args=[link_id("chen", "wu")]), {"via": "宁波"})
    exact = client.post(reverse("suppliers:chain", args=[link_id("chen", "wu")]), {"via": "0DEM0A0000000000L1"})

    assert several.status_code == 422
    assert exact.status_code == 302
    assert (state_of(link_id("chen", "wu")).via_id, state_of(link_id("chen", "wu")).tier) == (lin, 2)
    assert "宁波云杼纺织" in client.get(reverse("suppliers:supplier", args=[link_id("chen", "wu")])).content.decode()


def test_approvals_filter_the_list_for_a_step_or_for_any():
    chen, lin = actor("chen"), link_id("chen", "lin")
    with as_actor(chen):
        decide_approval(actor=chen, link=state_of(lin), said=Decision("dyeing", "approved", "审核通过"), now=NOW)

    assert found(approval="approved") == ["0DEM0A0000000000L1"]
    assert found(approval="none") == ["0DEM0A0000000000W1"]
    assert found(approval="approved", node="knitting") == []
    assert found(approval="none", node="knitting") == ["0DEM0A0000000000W1", "0DEM0A0000000000L1"]
