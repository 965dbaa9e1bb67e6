"""Sites, processes, products and instruments of a firm: added once, mended, retired and taken back, and nobody else's business."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from suppliers.models import Instrument, Process, Product, Site
from suppliers.selectors.firm_lists import calibration_of, instruments_of, processes_of, sites_of, thing_for
from suppliers.services.firm_instruments import InstrumentSaid, edit_instrument, retire_instrument, take_back_instrument
from suppliers.services.firm_places import (
    ProcessSaid,
    SiteSaid,
    edit_process,
    edit_site,
    retire_process,
    retire_site,
    take_back_process,
    take_back_site,
)
from suppliers.services.firm_products import ProductSaid, edit_product, retire_product, take_back_product
from tests.cast import actor, key
from tests.db.suppliers.firm_stage import in_days, instrument, process, product, site
from tests.db.suppliers.stage import NOW

pytestmark = pytest.mark.django_db
LIN, WU = actor("lin"), actor("wu")


def count(model, who="lin"):
    with as_actor(actor(who)):
        return model.objects.visible_to(actor(who)).count()


def refused(code, act, model):
    """The rule says no, and the firm has as many as before."""
    before = count(model)
    with pytest.raises(RuleBroken) as broken:
        act()
    assert broken.value.code == code
    assert count(model) == before


def test_a_site_is_added_once_whatever_the_line_does():
    client_id = uuid4()

    first = site(
        client_id=client_id,
        address="望春路 8 号",
        place="330203009",
        node_codes=["knitting", "dyeing"],
        headcount=6,
        floor_notes="料架在北墙",
    )
    again = site(client_id=client_id)

    assert again.pk == first.pk
    with as_actor(LIN):
        row = thing_for(LIN, Site, first.pk)
        assert (row.name_zh, row.region_code, row.town_code, row.node_codes) == ("二号车间", "330203", "330203009", ["knitting", "dyeing"])
        assert (row.headcount, row.floor_notes, row.is_main, len(row.gate_token)) == (6, "料架在北墙", False, 22)
        assert [each.is_main for each in sites_of(LIN)] == [True, False]


def test_a_site_needs_a_name_and_a_known_place():
    refused("site_name_missing", lambda: site("  "), Site)
    refused("place_unknown", lambda: site(place="999999"), Site)


def test_the_main_site_is_mended_but_never_retired():
    with as_actor(LIN):
        main = thing_for(LIN, Site, key("site", "lin"))
        edit_site(actor=LIN, site=main, said=SiteSaid("本部", address="示例路 2 号", place="330203"))
        with pytest.raises(RuleBroken, match="main_site_stays"):
            retire_site(actor=LIN, site=main, now=NOW)
        main.refresh_from_db()

        assert (main.name_zh, main.address, main.town_code, main.retired_at) == ("本部", "示例路 2 号", "", None)


def test_a_site_is_retired_when_nothing_stands_there_and_taken_back():
    other = site()
    work = process(site_id=other.pk)

    with as_actor(LIN):
        with pytest.raises(RuleBroken, match="site_in_use"):
            retire_site(actor=LIN, site=other, now=NOW)
        retire_process(actor=LIN, process=work, now=NOW)
        retire_site(actor=LIN, site=other, now=NOW)
        assert [each.pk for each in sites_of(LIN, retired=True)] == [other.pk]
        with pytest.raises(RuleBroken, match="site_unknown"):
            take_back_process(actor=LIN, process=work)
        take_back_site(actor=LIN, site=other)
        take_back_process(actor=LIN, process=work)

        assert [each.pk for each in processes_of(LIN)] == [work.pk]
        assert sites_of(LIN, retired=True) == []


def test_a_step_stands_once_at_a_site():
    client_id = uuid4()
    first = process(client_id=client_id, machines="溢流染色机 4 台", capacity=60, capacity_unit="t")

    assert process(client_id=client_id).pk == first.pk
    refused("step_at_site_already", process, Process)
    refused("capacity_needs_unit", lambda: process("weaving", capacity=60), Process)
    refused("step_unknown", lambda: process("spaceflight"), Process)
    refused("site_unknown", lambda: process("weaving", site_id=key("site", "wu")), Process)


def test_a_process_is_mended_and_a_retired_one_is_not_taken_back_over_its_successor():
    first = process()
    with as_actor(LIN):
        edit_process(actor=LIN, process=first, said=ProcessSaid(key("site", "lin"), "dyeing", "筒子纱染色机", 80, "t"))
        retire_process(actor=LIN, process=first, now=NOW)
    second = process()
    with as_actor(LIN):
        with pytest.raises(RuleBroken, match="step_at_site_already"):
            take_back_process(actor=LIN, process=thing_for(LIN, Process, first.pk))

        assert [each.pk for each in processes_of(LIN)] == [second.pk]
        assert [(each.machines, each.capacity) for each in processes_of(LIN, retired=True)] == [("筒子纱染色机", 80)]


def test_a_product_has_a_code_of_its_own_in_the_firm():
    client_id = uuid4()
    first = product(client_id=client_id, construction="26s 棉 100% 180 g/m²", safety_class="B", colours=["靛蓝", " 靛蓝", "本白", ""])

    assert product(client_id=client_id).pk == first.pk
    assert first.colours == ["靛蓝", "本白"]
    refused("product_code_taken", product, Product)
    refused("code_missing", lambda: product("  "), Product)
    refused("safety_class_unknown", lambda: product("X-2", safety_class="D"), Product)
    refused("too_many_colours", lambda: product("X-2", colours=["长" * 41]), Product)
    assert product(who="wu").code == "YZ-26S"


def test_a_product_is_mended_retired_and_taken_back():
    row = product()
    with as_actor(LIN):
        edit_product(actor=LIN, product=row, said=ProductSaid("YZ-32S", "棉针织纱", safety_class="A"), now=NOW)
        retire_product(actor=LIN, product=row, now=NOW)
        assert thing_for(LIN, Product, row.pk).retired_at == NOW
        take_back_product(actor=LIN, product=row, now=NOW)

        kept = thing_for(LIN, Product, row.pk)
        assert (kept.code, kept.safety_class, kept.retired_at) == ("YZ-32S", "A", None)


def test_a_serial_number_stands_once_in_a_firm_however_it_is_typed():
    client_id = uuid4()
    first = instrument(" tp-100 ", client_id=client_id)

    assert (first.serial, instrument(client_id=client_id).pk) == ("TP-100", first.pk)
    refused("serial_taken", lambda: instrument("TP-100"), Instrument)
    refused("serial_missing", lambda: instrument(" "), Instrument)
    refused("instrument_kind_unknown", lambda: instrument("N-2", kind="oracle"), Instrument)
    refused("site_unknown", lambda: instrument("N-2", site_id=key("site", "wu")), Instrument)
    refused("calibration_days_crossed", lambda: instrument("N-2", calibrated_on=in_days(0), calibration_due_on=in_days(-1)), Instrument)
    refused("day_out_of_range", lambda: instrument("N-2", calibration_due_on=date(9999, 12, 31)), Instrument)
    assert instrument(who="wu").serial == "TP-100"


@pytest.mark.parametrize(("days", "state"), [(None, "no_day"), (61, "in_date"), (60, "due_soon"), (0, "due_soon"), (-1, "overdue")])
def test_the_state_of_a_calibration_is_computed_on_the_day(days, state):
    row = instrument(calibration_due_on=None if days is None else in_days(days))

    assert calibration_of(row, on=in_days(0)) == state


def test_an_instrument_is_mended_retired_and_taken_back():
    row = instrument(calibration_due_on=in_days(90))
    with as_actor(LIN):
        edit_instrument(actor=LIN, instrument=row, said=InstrumentSaid("balance", "TP-101", calibration_due_on=in_days(400)), now=NOW)
        assert thing_for(LIN, Instrument, row.pk).remind_on == in_days(340)
        retire_instrument(actor=LIN, instrument=row, now=NOW)
        retired = thing_for(LIN, Instrument, row.pk)
        assert (retired.retired_at, retired.remind_on, instruments_of(LIN)) == (NOW, None, [])
        take_back_instrument(actor=LIN, instrument=retired, now=NOW)

        assert [(each.serial, each.remind_on) for each in instruments_of(LIN)] == [("TP-101", in_days(340))]


def test_another_firm_neither_finds_nor_changes_anything():
    mine = [site(), process("weaving"), product(), instrument()]

    with as_actor(WU):
        for row in mine:
            with pytest.raises(Absent):
                thing_for(WU, type(row), row.pk)
            assert type(row).objects.filter(pk=row.pk).update(retired_at=NOW) == 0
        with pytest.raises(NotYours):
            retire_product(actor=WU, product=mine[2], now=NOW)
    with as_actor(LIN):
        assert [thing_for(LIN, type(row), row.pk).retired_at for row in mine] == [None] * 4


def test_an_owner_that_the_firm_joined_sees_none_of_it():
    product(), instrument()

    assert [count(model, "chen") for model in (Product, Instrument, Process)] == [0, 0, 0]


def test_a_reader_of_the_firm_keeps_no_lists():
    viewer = replace(LIN, roles=frozenset({"viewer"}))
    with as_actor(viewer), pytest.raises(NotYours, match="role_missing"):
        retire_site(actor=viewer, site=sites_of(viewer)[0], now=NOW)
    assert count(Site) == 1
