"""Views of the list of lots: kept for oneself or for the firm, in either hat, and apart from those of other lists."""

import pytest
from django.db import DatabaseError, transaction

from foundation.actor import as_actor
from suppliers.filters import wanted
from suppliers.models import SavedView
from suppliers.selectors import saved_views
from suppliers.services.saved_views import ViewSaid, keep_view
from tests.agreed import NOW
from tests.cast import actor
from tests.clients import signed_in
from tests.lots import a_lot

pytestmark = pytest.mark.django_db


def views(who: str) -> list[tuple[str, str, str, str]]:
    with as_actor(actor(who)):
        return [(view.hat, view.of, view.name, view.query) for view in SavedView.objects.visible_to(actor(who)).order_by("created_at")]


def test_filters_of_lots_are_kept_opened_first_renamed_and_deleted():
    a_lot("YZ-1", product="羊绒纱")
    client = signed_in("lin", "en")
    asked = client.get("/lots/?product=羊绒&state=held").content.decode()
    assert "Keep this view" in asked
    assert "Keep this view" not in client.get("/lots/?state=held").content.decode()  # that is a tab already

    kept = client.post("/lots/views/", {"query": "product=羊绒&state=held&evil=1", "name": "扣留的羊绒纱", "opens_first": "on"})
    opened = client.get("/lots/")

    query = "state=held&product=%E7%BE%8A%E7%BB%92"
    assert (kept.status_code, kept["Location"], opened.status_code, opened["Location"]) == (302, f"/lots/?{query}", 302, f"/lots/?{query}")
    assert views("lin") == [("supplier", "lots", "扣留的羊绒纱", query)]
    page = client.get("/lots/?all=1").content.decode()
    assert "扣留的羊绒纱" in page and "YZ-1" in page
    listed = client.get("/lots/views/").content.decode()
    assert "On hold · " in listed and "Product: <" in listed and "羊绒" in listed

    with as_actor(actor("lin")):
        (view,) = saved_views(actor("lin"), of=SavedView.Of.LOTS)
    assert signed_in("wu").post(f"/lots/views/{view.pk}/", {"wish": "delete"}).status_code == 404
    client.post(f"/lots/views/{view.pk}/", {"name": "驼色"})
    client.post(f"/lots/views/{view.pk}/", {"wish": "not-first"})
    assert views("lin") == [("supplier", "lots", "驼色", query)]
    assert client.get("/lots/").status_code == 200
    client.post(f"/lots/views/{view.pk}/", {"wish": "delete"})
    assert views("lin") == []


def test_a_view_of_lots_is_none_of_suppliers_and_no_hat_keeps_for_another():
    client, chen, lin = signed_in("chen"), actor("chen"), actor("lin")
    client.post("/lots/views/", {"query": "number=YZ", "name": "云杼"})
    with as_actor(chen):
        keep_view(actor=chen, said=ViewSaid("云杼"), wanted=wanted({"state": "joined"}), now=NOW)  # the same name, of another list
        of_suppliers = saved_views(chen)
        (of_lots,) = saved_views(chen, of=SavedView.Of.LOTS)

    assert [view.query for view in of_suppliers] == ["state=joined"]
    assert "number=YZ" not in client.get("/suppliers/?all=1").content.decode()
    assert client.post(f"/suppliers/views/{of_lots.pk}/", {"wish": "delete"}).status_code == 404
    with pytest.raises(DatabaseError, match="row-level security"), as_actor(lin), transaction.atomic():
        SavedView(owner_org_id=lin.org_id, hat="owner", of="lots", person_name="林", name="x", query="state=held", created_at=NOW).save(force_insert=True)
    assert [view[2] for view in views("chen")] == ["云杼", "云杼"]
    assert views("lin") == []
