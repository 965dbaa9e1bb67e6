"""Two inspections at once: committed for real, in a database of their own. Every lot is a step, and no step stands twice."""

from uuid import uuid4

from django.db import transaction

from foundation.errors import RuleBroken
from inspections.models import Inspection
from qualitystats.sampling import replay
from tests.agreed import in_force
from tests.db.agreements.test_at_once import together
from tests.sampled import corrected, inspected, pieces, series_of, told_of


def test_inspections_filed_at_once_are_steps_one_after_the_other(fresh_database):
    with transaction.atomic():
        in_force(template="garment-2")
        lots = [pieces(f"YZ-00{number}") for number in range(5)]
        first = inspected(lots[0], major=6)
    key = uuid4()
    results = together(
        *[lambda lot=lot: inspected(lot, major=6) for lot in lots[1:3]],
        lambda: inspected(lots[3], major=0, client_id=key),
        lambda: inspected(lots[3], major=0, client_id=key),  # the same form, sent twice
        lambda: corrected(first, major=1),
    )
    assert all(isinstance(row, Inspection) for row in results), results
    assert results[2].pk == results[3].pk
    with transaction.atomic():
        steps = told_of(series_of())
        assert [step.number for step in steps] == [2, 3, 4, 5] and {step.lot_no for step in steps} == {f"YZ-00{n}" for n in range(4)}
        kernel = replay([step.found for step in steps], aql="2.5", level="II", lot_size=1200)
        assert [(s.severity, s.severity_after, s.accepted) for s in steps] == [(k.severity, k.severity_after, k.accepted) for k in kernel]
        assert series_of().severity == kernel.state.severity
    twice = together(lambda: inspected(lots[4], major=0), lambda: inspected(lots[4], major=0))  # two people, one lot
    assert sorted(type(row).__name__ for row in twice) == ["Inspection", "RuleBroken"]
    assert [row.code for row in twice if isinstance(row, RuleBroken)] == ["lot_inspected_already"]
