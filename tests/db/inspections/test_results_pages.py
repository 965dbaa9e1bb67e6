"""Readings on pages: entered with a thumb, pasted into a grid, looked at, corrected; nothing typed is lost."""

import re
from datetime import date
from uuid import uuid4

import pytest

from foundation.actor import as_actor
from inspections.models import CharacteristicResult
from inspections.selectors.results import MOST_ON_A_LOT
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.clients import signed_in
from tests.lots import a_lot
from tests.results import PH_EDITION, filed, ph, rows_seen
from tests.series import results_of
from tests.world import photo

pytestmark = pytest.mark.django_db
SHARING = "garment-2"


@pytest.fixture
def lot():
    in_force(template=SHARING)
    return a_lot()


def sent(key="f-1", **words):
    return {"client_id": key, "edition": PH_EDITION, "instrument": "", "n": "5", **words}


def readings(*values):
    return {f"r{number}": value for number, value in enumerate(values, start=1)}


def test_lots_are_chosen_by_number_and_the_agreements_characteristics_come_first(lot):
    client = signed_in("lin")

    page = client.get("/results/new/").content.decode()
    assert lot.lot_no in page
    assert "results/new/" in page and client.get("/results/new/?q=NONE").context["lines"] == []
    chosen = client.get(f"/lots/{lot.pk}/results/new/").context
    assert "PH" in [line["row"].code for line in chosen["first"]]
    assert "YRN-CNT" in [line["row"].code for line in chosen["rest"]]
    assert {line["row"].code: line["limits"] for line in chosen["first"]}["PH"] == "4.0 … 8.5"


def test_five_readings_are_entered_and_shown_on_their_limits(lot):
    client = signed_in("lin")
    address = f"/lots/{lot.pk}/results/new/PH/"
    page = client.get(address)
    assert len(page.context["groups"]) == 5
    assert page.content.decode().count('inputmode="decimal"') == 5
    assert page.context["form"].initial["edition"] == PH_EDITION

    answer = client.post(address, sent(**readings("6.6", "6.7", "６．５", "", "9.1")))

    (row,) = rows_seen("chen", lot)
    assert answer.status_code == 302 and answer.url == f"/results/{row.pk}/"
    shown = client.get(answer.url)
    assert (row.verdict, row.out_count) == ("out", 1)
    assert shown.context["offers"][0]["url"] == address
    assert "zone-in" in shown.content.decode()
    assert client.post(address, sent(**readings("6.6", "6.7", "６．５", "", "9.1"))).url == f"/results/{row.pk}/"
    assert len(rows_seen("lin", lot)) == 1


def test_a_wrong_cell_is_named_at_its_field_and_everything_typed_stays(lot):
    client = signed_in("lin", "en")

    answer = client.post(f"/lots/{lot.pk}/results/new/PH/", sent(operator="周师傅", **readings("6.6", "停机", "66")))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="6.6"' in page and 'value="停机"' in page and 'value="周师傅"' in page
    assert 'id="err-r2"' in page and 'id="err-r3"' in page and 'id="err-r1"' not in page
    assert rows_seen("lin", lot) == []


@pytest.mark.parametrize(("moment", "words"), [("0001-01-01T00:00", "too far back"), ("2999-01-01T00:00", "still to come")])
def test_a_moment_that_cannot_be_is_named_at_its_field_on_every_page(lot, moment, words):
    client = signed_in("lin", "en")

    one = client.post(f"/lots/{lot.pk}/results/new/PH/", sent(measured_at=moment, **readings("6.6")))
    many = client.post("/results/grid/", grid(do="file", measured_at=moment, **{"l0": lot.lot_no, "c0-0": "6.6"}))

    for answer in (one, many):
        assert answer.status_code == 422
        assert words in answer.content.decode() and f'value="{moment}"' in answer.content.decode()
    assert rows_seen("lin", lot) == []


def test_more_fields_may_be_asked_for_and_what_was_typed_stays(lot):
    answer = signed_in("lin").post(f"/lots/{lot.pk}/results/new/PH/", sent(more="1", **readings("6.6")))

    assert answer.status_code == 200
    assert len(answer.context["groups"]) == 10
    assert 'value="6.6"' in answer.content.decode()
    assert rows_seen("lin", lot) == []


def test_grades_are_buttons_signs_stand_before_bounds_and_colours_have_three_fields(lot):
    client = signed_in("lin")
    grades = client.get(f"/lots/{lot.pk}/results/new/CF-WAT/").content.decode()
    assert grades.count('type="radio"') == 18  # change and staining

    client.post(f"/lots/{lot.pk}/results/new/CF-WAT/", sent("g", edition="GB/T 5713", r1="3-4", r2="2-3"))
    client.post(f"/lots/{lot.pk}/results/new/FOR/", sent("f", edition="GB/T 2912.1-2009", r1="", **{"r1-sign": "nd"}))
    client.post(f"/lots/{lot.pk}/results/new/COL-DE/", sent("c", edition="GB/T 8424.3", r1L="52.3", r1a="12.1", r1b="-8"))
    client.post(f"/lots/{lot.pk}/results/new/DIM/", sent("d", edition="GB/T 8628-2013", r1="2.1", **{"r1-sign": "-"}))
    client.post(f"/lots/{lot.pk}/results/new/ODO/", sent("o", edition="GB 18401-2010", r1="0"))

    found = {row.characteristic_code: row for row in rows_seen("lin", lot)}
    assert (found["CF-WAT"].readings, found["CF-WAT"].verdict) == ([35, 25], "out")
    assert (found["FOR"].readings, found["FOR"].qualifiers, found["FOR"].verdict) == ([20], ["<"], "in")
    assert found["COL-DE"].readings == [523, 121, -80]
    assert (found["DIM"].readings, found["DIM"].verdict) == ([-21], "in")
    assert (found["ODO"].readings, found["ODO"].verdict) == ([0], "in")
    for row in found.values():
        assert client.get(f"/results/{row.pk}/").status_code == 200


def test_an_overdue_instrument_is_offered_with_its_state_and_the_result_says_so(lot):
    with as_actor(actor("lin")):
        said = InstrumentSaid("ph_meter", "PH-7", calibrated_on=date(2024, 1, 10), calibration_due_on=date(2025, 1, 9))
        add_instrument(actor=actor("lin"), said=said, client_id=uuid4(), now=NOW)
    client = signed_in("lin", "en")
    assert "calibration overdue" in client.get(f"/lots/{lot.pk}/results/new/PH/").content.decode()

    answer = client.post(f"/lots/{lot.pk}/results/new/PH/", sent(instrument="PH-7", **readings("6.6")), follow=True)

    assert "past its calibration day" in answer.content.decode()
    assert "/firm/" in answer.content.decode()
    assert [row.marks for row in rows_seen("lin", lot)] == [["instrument_overdue"]]


def test_a_photo_of_the_screen_is_kept_and_seen_by_the_customer_too(lot):
    client = signed_in("lin")
    with photo().open("rb") as file:
        client.post(f"/lots/{lot.pk}/results/new/PH/", sent(file=file, **readings("6.6")))

    (row,) = rows_seen("lin", lot)
    assert row.details["evidence"]
    assert "/evidence/" in client.get(f"/results/{row.pk}/").content.decode()
    assert "/evidence/shared/" in signed_in("chen").get(f"/results/{row.pk}/").content.decode()


def test_the_lots_page_sets_own_and_customers_tests_side_by_side_with_n_and_bias(lot):
    empty = signed_in("chen", "en").get(f"/lots/{lot.pk}/").content.decode()
    assert "No test yet" in empty
    filed(lot, ph("6.4", "6.6"))
    filed(lot, ph("6.9", "7.1"), by="chen")

    (told,) = signed_in("chen", "en").get(f"/lots/{lot.pk}/").context["results"]["lines"]

    assert [cell["value"] for cell in told["cells"]] == ["6.50", "7.00", ""]
    assert [cell["bias"] for cell in told["cells"]] == ["", "\u22120.50", ""]
    assert [cell["found"].n for cell in told["cells"][:2]] == [2, 2]


@pytest.mark.parametrize("late", [True, False])
def test_a_lot_of_very_many_results_never_hides_the_one_that_fails(lot, late):
    failing = {"verdict": "out", "out_count": 1}
    if not late:
        results_of([lot], [[999]], **failing)
    results_of([lot] * MOST_ON_A_LOT, [[3900]] * MOST_ON_A_LOT)
    if late:
        results_of([lot], [[999]], **failing)

    page = signed_in("lin", "en").get(f"/lots/{lot.pk}/")

    (line,) = [told["line"] for told in page.context["results"]["lines"]]
    assert (line.verdict, line.out, line.by["self"].n, line.by["self"].mean) == ("out", 1, MOST_ON_A_LOT, None)
    assert "This lot has 401 results. Read here are 400 of them" in page.content.decode()


def test_hidden_readings_are_shown_by_one_press():
    in_force(template="garment-1")
    lot = a_lot()
    filed(lot, ph("6.6"))
    client = signed_in("lin", "en")
    assert "does not see your readings" in client.get(f"/lots/{lot.pk}/").content.decode()

    answer = client.post(f"/customers/{lot.link_id}/results/show/", {"lot": str(lot.pk)})

    assert answer.url == f"/lots/{lot.pk}/"
    assert len(rows_seen("chen", lot)) == 1
    assert signed_in("chen").post(f"/customers/{lot.link_id}/results/show/").status_code == 403


def test_a_slip_is_corrected_on_its_page_and_both_stay(lot):
    row = filed(lot, ph("9.6", "6.7"))[0].row
    client = signed_in("lin", "en")
    page = client.get(f"/results/{row.pk}/correct/").content.decode()
    assert 'value="9.6"' in page

    refused = client.post(f"/results/{row.pk}/correct/", sent("c-1", n="2", reason="", **readings("6.9", "6.7")))
    answer = client.post(f"/results/{row.pk}/correct/", sent("c-1", n="2", reason="misread", **readings("6.9", "6.7")))

    assert refused.status_code == 422
    old, new = rows_seen("chen", lot)
    assert answer.url == f"/results/{new.pk}/"
    assert (old.replaced_by, new.verdict) == (new.pk, "in")
    assert f"/results/{new.pk}/" in client.get(f"/results/{old.pk}/").content.decode()
    assert signed_in("chen").post(f"/results/{new.pk}/correct/", sent("x", n="2", reason="x", **readings("6.9"))).status_code == 403


def grid(**words):
    return {"client_id": "g-1", "characteristic": "PH", "edition": PH_EDITION, "instrument": "", "paste": "", "do": "look", **words}


def test_a_block_is_pasted_looked_at_and_filed():
    in_force(template=SHARING)
    one, two = a_lot("YZ-1"), a_lot("YZ-2")
    client = signed_in("lin")

    pasted = client.post("/results/grid/", grid(do="paste", paste="YZ-1\t6.6\t6.7\r\nYZ-2\t9.1\t6.6\r\n"))
    rows = [row for row, _verdict in pasted.context["rows"]]
    assert [(row.lot_no, row.cells[:2], row.verdict) for row in rows[:2]] == [
        ("YZ-1", ["6.6", "6.7"], "in"),
        ("YZ-2", ["9.1", "6.6"], "out"),
    ]
    assert rows_seen("lin", one) == []

    cells = {"l0": "YZ-1", "c0-0": "6.6", "c0-1": "6.7", "l1": "YZ-2", "c1-0": "9.1", "c1-1": "6.6"}
    first, again = (client.post("/results/grid/", grid(do="file", **cells)) for _time in range(2))

    assert first.status_code == again.status_code == 302
    assert [row.verdict for lot in (one, two) for row in rows_seen("chen", lot)] == ["in", "out"]


def test_the_edition_follows_the_characteristic_while_it_is_looked_at_and_is_never_filed_unseen():
    in_force(template=SHARING)
    lot, client = a_lot("YZ-1"), signed_in("lin")
    typed = {"characteristic": "FOR", "edition": PH_EDITION, "l0": "YZ-1", "c0-0": "12"}
    own = client.get("/results/grid/?characteristic=FOR").context["form"].initial["edition"]

    looked = client.post("/results/grid/", grid(do="look", **typed))
    pasted = client.post("/results/grid/", grid(do="paste", **(typed | {"paste": "YZ-1\t12\r\n"})))
    nothing_pasted = client.post("/results/grid/", grid(do="paste", **typed))

    for answer in (looked, pasted, nothing_pasted):
        row = answer.context["rows"][0][0]
        assert (answer.status_code, answer.context["form"]["edition"].value(), answer.context["form"].errors) == (200, own, {})
        assert (row.lot_no, row.cells[0], row.errors, row.lot_error) == ("YZ-1", "12", {}, "")
        assert f'<option value="{own}" selected>' in answer.content.decode()
    refused = client.post("/results/grid/", grid(do="file", **typed))
    assert (refused.status_code, list(refused.context["form"].errors), refused.context["rows"][0][0].cells[0]) == (422, ["edition"], "12")
    assert rows_seen("lin", lot) == []
    kept = client.post("/results/grid/", grid(do="look", **(typed | {"edition": ""})))
    assert kept.context["form"]["edition"].value() == ""


def test_a_wrong_cell_of_the_grid_keeps_everything_back_and_everything_typed():
    in_force(template=SHARING)
    lot = a_lot("YZ-1")

    answer = signed_in("lin").post(
        "/results/grid/", grid(do="file", **{"l0": "YZ-1", "c0-0": "6.6", "l1": "NONE", "c1-0": "6.6", "l2": "YZ-1", "c2-0": "xx"})
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert [(row.number, bool(row.lot_error), sorted(row.errors)) for row in answer.context["wrong"]] == [(1, True, []), (2, False, [0])]
    assert 'value="xx"' in page and 'value="NONE"' in page
    assert rows_seen("lin", lot) == []


def test_strangers_meet_nothing_here(lot):
    row = filed(lot, ph("6.6"))[0].row
    for who in ("wu", "fang"):
        client = signed_in(who)
        for address in (
            f"/results/{row.pk}/",
            f"/results/{row.pk}/correct/",
            f"/lots/{lot.pk}/results/new/",
            f"/lots/{lot.pk}/results/new/PH/",
        ):
            assert client.get(address).status_code == 404
        assert client.post(f"/lots/{lot.pk}/results/new/PH/", sent(**readings("6.6"))).status_code == 404
    with as_actor(actor("lin")):
        assert CharacteristicResult.objects.visible_to(actor("lin")).count() == 1


def test_every_field_has_a_label_of_its_own_in_both_languages(lot):
    for language in ("en", "zh-hans"):
        page = signed_in("lin", language).get(f"/lots/{lot.pk}/results/new/PH/").content.decode()
        named = set(re.findall(r'for="([^"]+)"', page)) | set(re.findall(r'id="([^"]+)"[^>]*aria-label', page))
        assert {f"id_r{number}" for number in range(1, 6)} <= named | set(re.findall(r'<input[^>]*id="(id_r\d)"[^>]*aria-label="', page))
