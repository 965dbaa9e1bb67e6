"""A few rows of a long list looked at again, with whatever they touch by code, name, telephone or a person's word. The others stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q

from foundation.actor import Actor
from suppliers.imports import Row
from suppliers.models import ImportRow, SupplierImport
from suppliers.selectors import known_links
from suppliers.services.lists_alike import find_lookalikes, find_lookalikes_near
from suppliers.services.lists_rows import keys_of, read_row, rows_of, said_same, settle_rows, settle_stored

# More are settled with the whole list: it is one walk, and by then not much longer.
FEW = 500


def settle_near(actor: Actor, batch: SupplierImport, mended: Mapping[int, Row], touched: Iterable[int] = ()) -> None:
    """What settle_rows() and find_lookalikes() of the whole list would write, after these rows were mended or answered about."""
    near = _Near(actor, batch, mended, touched)
    if not near.is_known:
        find_lookalikes(actor, batch, settle_rows(actor, batch, mended))
        return
    stored = rows_of(actor, batch, number__in=near.numbers)
    phones = {row.values["values"].get("phone") for row in stored} | {row.values.get("phone") for row in mended.values()}
    known = known_links(actor, except_import=batch, codes=near.codes, cores=near.cores)
    settled = settle_stored(batch, stored, mended, known, near.same)
    phones |= {row.values.get("phone") for row in settled}
    others = rows_of(actor, batch, values__values__phone__in=sorted(phone for phone in phones if phone))
    at_phones = [read_row(row) for row in others if row.number not in near.numbers]
    find_lookalikes_near(actor, batch, settled, at_phones, known)


class _Near:
    """Rows that are bound to the mended ones by a code, by the core of a name, or as "the same firm"; and so on from these."""

    def __init__(self, actor: Actor, batch: SupplierImport, mended: Mapping[int, Row], touched: Iterable[int]) -> None:
        self._rows = ImportRow.objects.visible_to(actor).filter(batch=batch)
        self.same = said_same(actor, batch)
        self.numbers = {*mended, *touched}
        self.codes: set[str] = {other for other in self.same.values() if isinstance(other, str)}
        self.cores: set[str] = set()
        for row in mended.values():
            self._bind(keys_of(row)[0], keys_of(row)[3])
        # A row that was read before cores were kept says nothing of what it touches.
        self.is_known = not self._rows.filter(name_core="", outcome__in=("accepted", "warning", "duplicate")).exists()
        seen: set[int] = set()
        while self.is_known and (found := self._bound(seen)):
            for number, code, core in found:
                self._bind(code, core)
                seen.add(number)
            self.numbers |= seen | self._said_of(seen)
            self.is_known = len(self.numbers) <= FEW

    def _bind(self, code: str, core: str) -> None:
        self.codes |= {code} - {""}
        self.cores |= {core} - {""}

    def _bound(self, seen: set[int]) -> list[tuple[int, str, str]]:
        which = Q(number__in=self.numbers) | Q(uscc__in=self.codes) | Q(name_core__in=self.cores)
        return list(self._rows.filter(which).exclude(number__in=seen).values_list("number", "uscc", "name_core")[: FEW + 1])

    def _said_of(self, numbers: set[int]) -> set[int]:
        pairs = [(one, other) for one, other in self.same.items() if isinstance(other, int)]
        return {each for pair in pairs if numbers.intersection(pair) for each in pair}
