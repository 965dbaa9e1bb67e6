"""The night with more than one hand: the same signals, each once, and no connection left open."""

import threading

from django.db import transaction

from foundation.actor import Hat, acting_as
from inspections.models import Signal
from inspections.services import watching
from inspections.services.watching import watch_all
from tests.agreed import NOW
from tests.cast import actor
from tests.db.inspections.test_watching import quiet
from tests.series import many_lots, results_of

MAKERS = ("lin", "wu")


def test_two_hands_find_what_one_would(fresh_database, monkeypatch):
    with transaction.atomic():
        for maker in MAKERS:
            readings = quiet(40)
            readings[31] += 400
            results_of(many_lots(40, supplier=maker), readings, by=maker)
    monkeypatch.setattr(watching, "NIGHT_ROWS", 1)  # a block for each supplier
    # Each block waits until another is being looked at too.
    both, look, by = threading.Barrier(len(MAKERS), timeout=60), watching.charts_of, []

    def together(suppliers):
        both.wait()
        by.append(threading.current_thread().name)
        return look(suppliers)

    monkeypatch.setattr(watching, "charts_of", together)
    assert watch_all(now=NOW, day=NOW.date(), hands=2) == len(MAKERS)
    assert len(set(by)) == 2

    monkeypatch.setattr(watching, "charts_of", look)
    assert watch_all(now=NOW, day=NOW.date(), hands=2) == 0  # done this night
    with acting_as(Hat.CLOCK), transaction.atomic():
        found = list(Signal.objects.values_list("supplier_org_id", "kind", "lot_no").order_by("supplier_org_id", "kind"))
    assert sorted(each for each in found if each[1] == "beyond") == sorted((actor(maker).org_id, "beyond", "S-031") for maker in MAKERS)
    assert len(set(found)) == len(found)
