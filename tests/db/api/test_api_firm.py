"""A firm keeps its lists through the API, and shows of them what it chooses."""

from uuid import uuid4

import pytest

from tests.cast import link_id
from tests.db.api.test_api_story import done
from tests.world import photo

pytestmark = pytest.mark.django_db


def test_each_list_is_kept_like_on_the_pages(world):
    once = str(uuid4())
    site = done(world("lin", "POST", "firm/sites/", {"name": "三号车间", "place": "330203009", "client_id": once}), 201)
    again = done(world("lin", "POST", "firm/sites/", {"name": "三号车间", "client_id": once}), 201)
    process = done(world("lin", "POST", "firm/processes/", {"site": site["id"], "node_code": "weaving", "capacity": 5, "capacity_unit": "t"}), 201)
    product = done(world("lin", "POST", "firm/products/", {"code": "API-1", "name": "针织纱", "safety_class": "B", "colours": ["靛蓝"]}), 201)
    instrument = done(world("lin", "POST", "firm/instruments/", {"kind": "balance", "serial": "api-1", "calibration_due_on": "2020-01-01"}), 201)

    assert again["id"] == site["id"]
    assert (site["town_code"], process["site"], product["colours"]) == ("330203009", site["id"], ["靛蓝"])
    assert (instrument["serial"], instrument["state"]) == ("API-1", "overdue")
    for many, row in (("sites", site), ("processes", process), ("products", product), ("instruments", instrument)):
        assert row["id"] in [each["id"] for each in done(world("lin", "GET", f"firm/{many}/"))]
        assert world("wu", "GET", f"firm/{many}/{row['id']}/").status == 404


def test_a_thing_is_mended_retired_and_taken_back(world):
    row = done(world("lin", "POST", "firm/products/", {"code": "API-2", "name": "针织纱"}), 201)
    at = f"firm/products/{row['id']}/"

    assert done(world("lin", "PUT", at, {"code": "API-2", "name": "精梳纱"}))["name"] == "精梳纱"
    assert done(world("lin", "POST", f"{at}retirement/", {"retired": True}))["retired_at"] is not None
    assert row["id"] not in [each["id"] for each in done(world("lin", "GET", "firm/products/"))]
    assert done(world("lin", "POST", f"{at}retirement/", {"retired": False}))["retired_at"] is None
    twin = world("lin", "POST", "firm/products/", {"code": "API-2", "name": "又一个"})
    assert (twin.status, twin.body["code"]) == (422, "product_code_taken")


def test_a_certificate_is_filed_renewed_shown_and_read(world):
    with photo().open("rb") as file:
        old = done(world.callers["lin"].form("firm/papers/", {"kind": "certificate", "standard": "gots", "number": "G-1", "file": file}), 201)
    with photo((9, 9, 200)).open("rb") as file:
        said = {"kind": "certificate", "standard": "gots", "number": "G-2", "replaces": old["id"], "file": file}
        new = done(world.callers["lin"].form("firm/papers/", said), 201)
    link = link_id("chen", "lin")
    before = world("chen", "GET", f"suppliers/{link}/firm/")
    grants = done(world("lin", "POST", "firm/sharing/new/", {"link": str(link), "what": ["certificates"]}))

    shown = {row["facts"]["number"]: row for row in done(world("chen", "GET", f"suppliers/{link}/firm/"))}

    assert before.status == 404
    assert new["replaces"] == old["id"]
    assert "certificates" in [grant["what"] for grant in grants]
    assert (shown["G-1"]["facts"]["is_replaced"], shown["G-2"]["facts"]["is_replaced"], shown["G-2"]["has_file"]) == (True, False, True)
    assert world("fang", "GET", f"suppliers/{link}/firm/").status == 404
    assert world("lin", "POST", "firm/sharing/new/", {"link": str(link), "what": ["firm"]}).status == 422
