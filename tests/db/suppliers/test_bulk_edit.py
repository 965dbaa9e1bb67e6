"""Many lines changed at once: looked at first, written once, put back where nobody has changed it since."""

import re
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from foundation.actor import as_actor
from foundation.errors import NotYours, RuleBroken
from suppliers.filters import wanted
from suppliers.models import BulkEdit, BulkEditRow, CategoryApproval, SupplyLink
from suppliers.services import bulk_edits
from suppliers.services.bulk_edits import Picked, apply_bulk_edit, change_said, preview_bulk_edit, undo_bulk_edit
from suppliers.services.tiers import place_in_chain
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.db.suppliers.stage import NOW, listed, state_of

pytestmark = pytest.mark.django_db
LIN, WU = link_id("chen", "lin"), link_id("chen", "wu")


def change(field, value):
    return change_said(field, value, now=NOW)


def applied(field, value, picked=None, edit_id=None, seen=""):
    chen = actor("chen")
    with as_actor(chen):
        picked = picked or Picked(ids=[LIN, WU])
        return apply_bulk_edit(actor=chen, edit_id=edit_id or uuid4(), picked=picked, change=change(field, value), seen=seen, now=NOW)


def undone(edit):
    with as_actor(actor("chen")):
        return undo_bulk_edit(actor=actor("chen"), edit=edit, now=NOW)


@pytest.mark.parametrize(
    ("field", "value", "column", "after", "before"),
    [
        ("tag", "秋季", "tag", "秋季", ""),
        ("tier", "2", "tier", 2, 1),
        ("nodes", ["dyeing", "spinning"], "node_codes", ["spinning", "dyeing"], ["knitting"]),
        ("add_node", "dyeing", "node_codes", ["knitting", "dyeing"], ["knitting"]),
        ("region", "330205", "region_code", "330205", "330203"),
    ],
)
def test_a_field_is_written_to_each_and_put_back(field, value, column, after, before):
    edit = applied(field, value)

    assert [getattr(state_of(pk), column) for pk in (LIN, WU)] == [after, after]
    assert (edit.written, edit.skipped) == (2, 0)
    edit = undone(edit)
    assert [getattr(state_of(pk), column) for pk in (LIN, WU)] == [before, before]
    assert (edit.left_alone, edit.undone_by) == (0, actor("chen").person_name)


def test_a_preview_says_before_and_after_and_who_is_left_out_and_why_and_writes_nothing():
    chen, yarn = actor("chen"), listed()
    with as_actor(chen):
        place_in_chain(actor=chen, link=yarn, via_id=LIN, now=NOW)
        preview = preview_bulk_edit(actor=chen, picked=Picked(wanted=wanted({})), change=change("tier", "3"))

    assert [(row.link.pk, row.before, row.after) for row in preview.to_write] == [(WU, 1, 3)]
    assert sorted((row.link.pk, row.skipped) for row in preview.left_out) == sorted([(LIN, "behind"), (yarn.pk, "via")])
    assert state_of(WU).tier == 1
    with as_actor(chen):
        assert BulkEdit.objects.count() == 0


def test_the_same_form_sent_twice_is_done_once():
    edit_id = uuid4()

    first = applied("tag", "a", edit_id=edit_id)
    again = applied("tag", "b", edit_id=edit_id)

    assert first.pk == again.pk == edit_id
    assert state_of(LIN).tag == "a"
    with as_actor(actor("chen")):
        assert BulkEditRow.objects.count() == 2


def test_what_has_changed_since_the_preview_is_looked_at_again():
    chen = actor("chen")
    with as_actor(chen):
        seen = preview_bulk_edit(actor=chen, picked=Picked(ids=[LIN, WU]), change=change("tag", "a")).seen
        SupplyLink.objects.filter(pk=WU).update(tag="b")

    with pytest.raises(RuleBroken) as refused:
        applied("tag", "a", seen=seen)

    assert refused.value.code == "list_has_changed"
    assert [state_of(pk).tag for pk in (LIN, WU)] == ["", "b"]


def test_undo_leaves_what_somebody_has_changed_since_and_says_which():
    edit = applied("tag", "a")
    with as_actor(actor("chen")):
        SupplyLink.objects.filter(pk=WU).update(tag="mine")

    edit = undone(edit)

    assert [state_of(pk).tag for pk in (LIN, WU)] == ["", "mine"]
    assert edit.left_alone == 1
    with as_actor(actor("chen")):
        assert dict(BulkEditRow.objects.values_list("link_id", "became")) == {LIN: "undone", WU: "left"}
        SupplyLink.objects.filter(pk=LIN).update(tag="later")
    undone(edit)
    assert state_of(LIN).tag == "later"


def test_an_approval_of_many_is_added_and_the_one_before_stands_again_after_undo():
    said = {"category": "knitting", "state": "approved", "reason": "年度评审", "until": None}
    applied("approval", said | {"state": "applied", "reason": "申请"}, Picked(ids=[LIN]))
    edit = applied("approval", said)

    def standing():
        with as_actor(actor("chen")):
            return dict(CategoryApproval.objects.filter(ended_at=None).values_list("link_id", "state"))

    assert standing() == {LIN: "approved", WU: "approved"}
    undone(edit)
    assert standing() == {LIN: "applied"}
    with as_actor(actor("chen")):
        assert CategoryApproval.objects.filter(link_id=LIN).count() == 3


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("tier", "7", "value_unknown"), ("nodes", ["no"], "value_unknown"), ("nodes", [], "value_missing"), ("region", "330200", "value_unknown"),
     ("price", "1", "value_missing"), ("approval", {"category": "knitting", "state": "approved", "reason": " "}, "reason_missing")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_and_nothing_changes(field, value, code):
    with pytest.raises(RuleBroken) as refused:
        applied(field, value)

    assert refused.value.code == code
    with as_actor(actor("chen")):
        assert BulkEdit.objects.count() == 0


def test_nothing_picked_nothing_to_change_and_too_many_are_refused(monkeypatch):
    for picked, value, code in [
        (Picked(), "a", "nobody_picked"),
        (Picked(ids=[link_id("fang", "wu")]), "a", "nobody_picked"),
        (None, "", "nothing_to_change"),
    ]:
        with pytest.raises(RuleBroken) as refused:
            applied("tag", value, picked)
        assert refused.value.code == code
    monkeypatch.setattr(bulk_edits, "MOST", 1)
    with pytest.raises(RuleBroken) as refused:
        applied("tag", "a", Picked(wanted=wanted({})))
    assert refused.value.code == "too_many_lines"

    assert [state_of(pk).tag for pk in (LIN, WU)] == ["", ""]


def test_a_reader_changes_nothing():
    chen = actor("chen")
    viewer = type(chen)(**{**vars(chen), "roles": frozenset({"viewer"})})

    with as_actor(chen), pytest.raises(NotYours):
        apply_bulk_edit(actor=viewer, edit_id=uuid4(), picked=Picked(ids=[LIN]), change=change("tag", "a"), seen="", now=NOW)

    assert state_of(LIN).tag == ""


def test_rows_of_an_edit_name_lines_of_the_same_owner_only():
    edit = applied("tag", "a")

    with pytest.raises(Exception, match="edit_is_of_its_links_owner"), as_actor(actor("chen")):
        BulkEditRow.objects.create(
            owner_org_id=actor("chen").org_id, edit=edit, link_id=link_id("fang", "wu"), name_zh="x", before="", after="a"
        )


def test_the_database_knows_no_way_up_in_a_circle():
    put = "update suppliers_supplylink set via_id = %s, tier = 2 where id = %s"
    with as_actor(actor("chen")), connection.cursor() as cursor:
        cursor.execute(put, [WU, LIN])
        cursor.execute(put, [LIN, WU])
        with pytest.raises(Exception, match="via_is_one_tier_nearer"), transaction.atomic():
            cursor.execute("set constraints all immediate")
        cursor.execute("update suppliers_supplylink set via_id = null, tier = 1 where owner_org_id = %s", [actor("chen").org_id])


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_by_the_pages_one_picks_looks_applies_and_takes_back():
    client, bulk = signed_in("chen"), reverse("suppliers:bulk")

    chosen = client.post(bulk, {"link": [str(LIN), str(WU)]}).content.decode()
    looked = client.post(bulk, {"link": hidden(chosen, "link"), "field": "tag", "tag": "秋季", "look": "1"}).content.decode()
    form = {name: hidden(looked, name) for name in ("link", "seen", "edit_id")} | {"field": "tag", "tag": "秋季"}
    done = client.post(reverse("suppliers:bulk_apply"), form)
    again = client.post(reverse("suppliers:bulk_apply"), form)

    assert "已选" in chosen
    assert "<ins>秋季</ins>" in looked
    assert done["Location"] == again["Location"] == reverse("suppliers:bulk_edit", args=[form["edit_id"]])
    assert [state_of(pk).tag for pk in (LIN, WU)] == ["秋季", "秋季"]
    assert reverse("suppliers:bulk_undo", args=[form["edit_id"]]) in client.get("/suppliers/?all=1").content.decode()
    client.post(reverse("suppliers:bulk_undo", args=[form["edit_id"]]))
    assert state_of(LIN).tag == ""
    assert client.get(reverse("suppliers:bulk_history")).content.decode().count("秋季") >= 1
    assert "秋季" in client.get(reverse("suppliers:supplier", args=[LIN])).content.decode()


def test_all_that_match_are_changed_by_their_filters_and_a_changed_list_is_shown_again():
    client, yarn = signed_in("chen"), listed(node_codes=["spinning"])

    page = client.get(reverse("suppliers:bulk") + "?state=joined").content.decode()
    looked = client.post(
        reverse("suppliers:bulk"), {"query": hidden(page, "query"), "field": "tier", "tier": "2", "look": "1"}
    ).content.decode()
    form = {name: hidden(looked, name) for name in ("query", "seen", "edit_id")} | {"field": "tier", "tier": "2"}
    with as_actor(actor("chen")):
        SupplyLink.objects.filter(pk=LIN).update(tier=3)
    stale = client.post(reverse("suppliers:bulk_apply"), form)
    assert stale.status_code == 422
    fresh = client.post(reverse("suppliers:bulk_apply"), form | {"seen": hidden(stale.content.decode(), "seen")})

    assert form["query"] == "state=joined"
    assert "名单在您查看之后有变化" in stale.content.decode()
    assert fresh.status_code == 302
    assert [state_of(pk).tier for pk in (LIN, WU, yarn.pk)] == [2, 2, 1]
