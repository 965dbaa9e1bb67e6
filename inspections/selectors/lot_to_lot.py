"""The clause on the difference between lots stands beside the one on the difference to the sample: both speak of the same readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from agreements.models import Clause
from inspections.selectors.series import bounds_of_params
from inspections.series import Series

TO_SAMPLE, BETWEEN_LOTS = "COL-DE", "COL-DE-LOT"


def lot_to_lot_clauses(clause_ids: Iterable[UUID]) -> dict[UUID, Clause]:
    """clause on the colour of a lot -> the clause of the same text on two lots. One question. Run as the clock."""
    asked = dict(Clause.objects.filter(pk__in=set(clause_ids), params__characteristic=TO_SAMPLE).values_list("pk", "version_id"))
    rows = Clause.objects.filter(version_id__in=set(asked.values()), type="characteristic_limit", params__characteristic=BETWEEN_LOTS)
    of_version = {row.version_id: row for row in rows}
    return {pk: of_version[version] for pk, version in asked.items() if version in of_version}


def with_lot_limits(series: Series) -> Series:
    """The bounds of each lot with what its text says of two lots."""
    beside = lot_to_lot_clauses(bounds.clause_id for bounds in series.bounds if bounds.clause_id)
    if not beside:
        return series
    limits = {pk: bounds_of_params(clause.params).lot_delta_e_max for pk, clause in beside.items()}
    bounds = tuple(replace(one, lot_delta_e_max=limits[one.clause_id]) if one.clause_id in limits else one for one in series.bounds)
    return replace(series, bounds=bounds)
