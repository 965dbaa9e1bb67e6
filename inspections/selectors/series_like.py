"""Which series there are beside some others: the same product and characteristic, tested by somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inspections.models import WatchedSeries
from inspections.selectors.series import Key, key_of


def known_keys(rows: Iterable[WatchedSeries], origins: Sequence[str]) -> set[Key]:
    """The keys of these series with each of these origins, as far as there are such series. One question. Run as the clock."""
    asked = {key_of(row)._replace(origin=origin) for row in rows for origin in origins}
    if not asked:
        return set()
    found = WatchedSeries.objects.filter(
        supplier_org_id__in={key.supplier_org_id for key in asked}, characteristic_code__in={key.characteristic for key in asked}, origin__in=origins
    )  # fmt: skip
    return asked & {key_of(row) for row in found}
