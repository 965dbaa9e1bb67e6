"""Things to look at: the list, one of them, a cause in one tap, and who sees what when."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from inspections.models import ChangePoint, Signal
from inspections.selectors.signals import expected, signal_for, signals
from inspections.services.causes import change_from_here, note_cause, undo_cause
from inspections.services.photos_alike import find_photos_alike
from inspections.services.signals_kept import show_owners
from inspections.services.watching import watch_due
from notices.models import Todo
from records.services.evidence import file_evidence
from tests.agreed import NOW
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.inspections.test_watching import shifted
from tests.series import many_lots, results_of
from tests.world import photo

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=25)


@pytest.fixture
def world():
    """Forty lots with one far out, and one reading beyond what was agreed."""
    lots = many_lots(40)
    results_of(lots, shifted())
    results_of(
        lots[:1], [[88]], characteristic_code="FOR", edition_code="GB/T 2912.1-2009", unit="mg/kg", decimals=0, verdict="out", out_count=1
    )
    watch_due(now=NOW)
    with as_actor(actor("lin")):
        found = {row.kind: row for row in signals(actor("lin"))}
    return SimpleNamespace(lots=lots, out=found["out_of_limits"], beyond=found["beyond"])


def now_of(row: Signal) -> tuple:
    with acting_as(Hat.CLOCK):
        return Signal.objects.values_list("state", "cause", "words", "noted_by", "noted_org_id").get(pk=row.pk)


def test_the_list_puts_the_most_harmful_first_and_says_how_many_are_chance(world):
    page = signed_in("lin").get("/signals/")
    text = page.content.decode()
    assert text.index(str(world.out.pk)) < text.index(str(world.beyond.pk))
    with as_actor(actor("lin")):
        found = expected(actor("lin"))
    assert (found.series, found.with_limits, found.false_signals) == (2, 1, 0.34)
    assert "0.3 条信号" in text


def test_the_customer_sees_the_reading_that_is_out_and_the_rest_a_day_later(world):
    client = signed_in("chen")
    assert [client.get(f"/signals/{row.pk}/").status_code for row in (world.out, world.beyond)] == [200, 404]
    with acting_as(Hat.CLOCK):
        show_owners(now=LATER)
    assert [client.get(f"/signals/{row.pk}/").status_code for row in (world.out, world.beyond)] == [200, 200]
    for stranger in ("fang", "wu"):
        assert signed_in(stranger).get(f"/signals/{world.out.pk}/").status_code == 404


def test_the_supplier_reads_that_a_customer_sees_only_what_it_is_shown():
    out = {"characteristic_code": "FOR", "edition_code": "GB/T 2912.1-2009", "unit": "mg/kg", "decimals": 0, "verdict": "out", "out_count": 1}
    results_of(many_lots(1), [[88]], shown=False, **out)
    watch_due(now=NOW)
    with as_actor(actor("lin")):
        (row,) = signals(actor("lin"))

    assert (row.kind, row.owner_org_id, row.owner_sees_at) == ("out_of_limits", None, None)
    assert signed_in("chen").get(f"/signals/{row.pk}/").status_code == 404
    assert "客户只看得到条款约定公开或您授权的读数的信号：超出限值的立即看到，其余至少晚 24 小时。" in signed_in("lin").get("/signals/").content.decode()
    assert "only of readings that a clause or a grant of yours shows it" in signed_in("lin", "en").get("/signals/").content.decode()


def test_a_tap_records_the_cause_and_another_takes_it_back(world):
    client, page = signed_in("lin"), f"/signals/{world.beyond.pk}/"
    assert client.post(f"{page}cause/", {"cause": "machine", "words": " 换了 锭子 "}).status_code == 302
    assert now_of(world.beyond) == ("cause_noted", "machine", "换了 锭子", "林杼", actor("lin").org_id)
    assert "换了 锭子" in client.get(page).content.decode()
    assert str(world.beyond.pk) not in client.get("/signals/").content.decode()
    assert str(world.beyond.pk) in client.get("/signals/?state=cause_noted").content.decode()
    client.post(f"{page}undo/")
    assert now_of(world.beyond) == ("open", "", "", "", None)


def test_a_cause_that_came_to_stay_becomes_a_change_point(world):
    lin = actor("lin")
    with as_actor(lin):
        with pytest.raises(RuleBroken) as refused:
            change_from_here(actor=lin, signal=world.beyond, now=LATER)
        assert refused.value.code == "signal_without_a_cause"
        row = note_cause(actor=lin, signal=world.beyond, cause="people", now=LATER)
        point = change_from_here(actor=lin, signal=row, now=LATER)
        assert (point.cause, point.lot_id, point.characteristic_code) == ("person", world.lots[31].pk, "YRN-CNT")
        assert change_from_here(actor=lin, signal=row, now=LATER).pk == point.pk
        assert ChangePoint.objects.count() == 1


def test_the_first_cause_stands_and_is_its_firms_to_take_back(world):
    lin, chen = actor("lin"), actor("chen")
    with as_actor(lin):
        note_cause(actor=lin, signal=world.out, cause="measurement", now=NOW)
        note_cause(actor=lin, signal=world.out, cause="measurement", now=LATER)
    before = now_of(world.out)
    for code, verb in (
        ("signal_has_a_cause", lambda: note_cause(actor=chen, signal=world.out, cause="machine", now=LATER)),
        ("signal_cause_is_anothers", lambda: undo_cause(actor=chen, signal=world.out, now=LATER)),
        ("signal_cause_unknown", lambda: note_cause(actor=chen, signal=world.out, cause="fate", now=LATER)),
        ("signal_words_long", lambda: note_cause(actor=chen, signal=world.out, cause="machine", words="长" * 201, now=LATER)),
    ):
        with as_actor(chen), pytest.raises(RuleBroken) as refused:
            verb()
        assert refused.value.code == code
    with as_actor(actor("wu")), pytest.raises(NotYours):
        note_cause(actor=actor("wu"), signal=world.out, cause="machine", now=LATER)
    assert now_of(world.out) == before


def test_the_menu_says_as_many_as_the_list_and_the_task(world):
    lin = actor("lin")
    with as_actor(lin):
        many = len(signals(lin))
    home = signed_in("lin").get("/home/")
    counts = {link["url"]: link["count"] for group in home.context["nav"]["rail"] for link in group["links"]}
    assert many > 1
    assert (counts["/signals/"], counts["/home/"]) == (many, 1)  # one task for all of them
    assert f"{many}" in next(line for line in home.content.decode().split("<li") if "信号" in line and "/signals/" in line)


def test_nothing_found_puts_a_signal_aside_and_the_last_one_closes_the_task(world):
    lin = actor("lin")
    with as_actor(lin):
        for row in signals(lin):
            note_cause(actor=lin, signal=row, cause="nothing", now=LATER)
        assert signals(lin) == []
        assert {row.state for row in signals(lin, state="all")} == {"dismissed"}
        assert not Todo.objects.filter(kind="signals_to_look_at", hat="supplier", done_at=None).exists()
    empty = signed_in("lin").get("/signals/").content.decode()
    assert "没有要查看的信号" in empty
    assert "上次信号" in empty


def test_the_list_goes_on_and_its_filters_stand_in_the_address(world):
    lin = actor("lin")
    with as_actor(lin):
        every = signals(lin, limit=50)
        first = signals(lin, limit=1)[:1]
        rest = signals(lin, limit=50, after=(first[0].rank, first[0].pk))
        assert [row.pk for row in [*first, *rest]] == [row.pk for row in every]
        assert [row.pk for row in signals(lin, characteristic="FOR")] == [world.out.pk]
        assert {row.kind for row in signals(lin, kind="beyond")} == {"beyond"}
    rows = signed_in("lin").get("/signals/export.csv?characteristic=FOR").content.decode().splitlines()
    assert len(rows) == 2
    assert "S-000" in rows[1]


def test_a_photo_filed_twice_is_asked_of_its_firm_alone():
    lin = actor("lin")
    with as_actor(lin):
        for number, colour in enumerate([(1, 2, 3), (9, 9, 9), (1, 2, 3)]):
            file_evidence(actor=lin, path=photo(colour), name=f"p{number}.jpg", client_id=f"alike-{number}", now=NOW)
    assert [find_photos_alike(now=LATER), find_photos_alike(now=LATER)] == [1, 0]
    with as_actor(lin):
        row = signals(lin)[0]
        assert (row.kind, row.facts["names"], row.owner_org_id, row.lot_id) == ("photo", ["p0.jpg", "p2.jpg"], None, None)
        assert signal_for(lin, row.pk).series is None
    assert "看起来相似，请核实" in signed_in("lin").get(reverse("inspections:signal", args=[row.pk])).content.decode()
    assert signed_in("wu").get(f"/signals/{row.pk}/").status_code == 404
    assert signed_in("lin").get(f"/signals/{uuid4()}/").status_code == 404


def test_the_api_lists_records_and_takes_back_as_the_pages_do(world):
    lin = with_token("lin")
    every = Client().get("/api/v1/signals/?page_size=1", **lin).json()
    assert [row["id"] for row in every["results"]] == [str(world.out.pk)]
    more = Client().get(every["next"], **lin).json()
    assert str(world.out.pk) not in [row["id"] for row in more["results"]]
    assert Client().get("/api/v1/signals/expected/", **lin).json() == {"series": 2, "with_limits": 1, "false_signals": 0.34}
    address = f"/api/v1/signals/{world.beyond.pk}/"
    assert Client().get(address, **with_token("chen")).status_code == 404
    body = {"data": '{"cause": "material", "words": "新批原绒"}', "content_type": "application/json"}
    assert Client().post(f"{address}cause/", **body, **lin).json()["state"] == "cause_noted"
    assert Client().post(f"{address}change/", **lin).json()["cause"] == "material"
    assert Client().post(f"{address}undo/", **lin).json()["state"] == "open"
    assert now_of(world.beyond) == ("open", "", "", "", None)
