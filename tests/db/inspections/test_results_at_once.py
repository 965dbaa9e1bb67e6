"""Readings sent twice at once, and two corrections of one slip: committed for real, in a database of their own."""

from django.db import transaction

from foundation.actor import as_actor
from foundation.errors import RuleBroken
from inspections.services.results_corrected import correct_result
from tests.agreed import NOW, in_force
from tests.cast import actor
from tests.db.agreements.test_at_once import together
from tests.lots import a_lot
from tests.results import filed, ph, rows_seen


def corrected(row, *values, key):
    with as_actor(actor("lin")):
        return correct_result(actor=actor("lin"), result=row, said=ph(*values, key=key), reason="看错了", now=NOW)


def test_what_is_sent_twice_at_once_is_kept_once_and_a_slip_is_corrected_once(fresh_database):
    with transaction.atomic():
        in_force(template="garment-2")
        lot = a_lot()
    said = ph("6.6", "6.7", key="one-form")

    twice = together(lambda: filed(lot, said), lambda: filed(lot, said))
    torn = together(lambda: filed(lot, ph("6.6", key="torn")), lambda: filed(lot, ph("6.9", key="torn")))

    assert sorted(each[0].state for each in twice) == ["repeated", "stored"]
    assert sorted(each.code if isinstance(each, RuleBroken) else each[0].state for each in torn) == ["result_key_reused", "stored"]
    with transaction.atomic():
        rows = rows_seen("chen", lot)
        assert len(rows) == 2
    slips = together(lambda: corrected(rows[0], "6.8", key="a"), lambda: corrected(rows[0], "6.9", key="b"))
    assert sorted(each.code if isinstance(each, RuleBroken) else "stored" for each in slips) == ["result_corrected_already", "stored"]
    with transaction.atomic():
        stand = [row for row in rows_seen("lin", lot) if row.replaced_by is None]
        assert len(stand) == 2 and len(rows_seen("lin", lot)) == 3
