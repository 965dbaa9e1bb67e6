"""Lots and tests behind the stories: a year of them for the agreements in force, so that suppliers can be set beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from agreements.models import Agreement
from inspections.models import Lot
from inspections.services.lots import LotSaid
from inspections.services.results import read_typed
from inspections.services.watching import watch_due
from inspections.typed import SetSaid
from qcchain.demo.deciding import release
from qcchain.demo.firms import Firm
from qcchain.demo.measuring import file_all, lots_of
from qcchain.demo.moments import Moments
from qcchain.demo.names import SEED
from qcchain.demo.relations import Pair
from qcchain.demo.series import ACID, COUNT, SHRINKAGE, TWIST, Measured, grade, noted
from records.models import Grant

LOTS = 20
# What is made, and what is measured of it, by the supplier's step of the chain.
MADE: dict[str, tuple[str, str, tuple[Measured, ...]]] = {
    "fibre": ("FB-01", "分梳山羊绒", (ACID,)),
    "spinning": ("YN-26", "针织用纱 26/2 Nm", (COUNT, TWIST)),
    "dyeing": ("DY-01", "染色加工", (ACID, SHRINKAGE)),
}
OTHERWISE = ("GM-01", "针织成衣", (ACID, SHRINKAGE))
BETWEEN_FIRMS = 1.6  # times the spread between lots: how far suppliers lie apart


def write_background_lots(pairs: Sequence[Pair], moments: Moments) -> None:
    """Twenty lots for each pair beside the stories whose agreement is in force."""
    running = set(Agreement.objects.filter(state=Agreement.State.IN_FORCE).values_list("owner_org_id", "supplier_org_id"))
    for owner, supplier in sorted(pairs, key=lambda pair: (pair[0].number, pair[1].number)):
        if (owner.id, supplier.id) in running:
            _lots(owner, supplier, Random(SEED * 7 + owner.number * 1000 + supplier.number), moments)
    watch_due(now=moments.ago(1, 3))


class _Sides:
    """Who lots are registered and filed for."""

    def __init__(self, owner: Firm, supplier: Firm) -> None:
        self.owner, self.supplier = owner.actor(), supplier.actor()


def _lots(owner: Firm, supplier: Firm, random: Random, moments: Moments) -> None:
    code, product, measured = MADE.get(supplier.nodes[0] if supplier.nodes else "", OTHERWISE)
    # A firm lies where it lies; under a real name all of them lie on the target, and well inside.
    usual = [
        what if owner.is_neutral else replace(what, target=what.target + random.gauss(0, BETWEEN_FIRMS * what.between)) for what in measured
    ]
    days = sorted(moments.day(-random.randint(4, 350)) for _ in range(LOTS))
    said = [_said(code, product, number, day, random) for number, day in enumerate(days, start=1)]
    sides = _Sides(owner, supplier)
    _let_see(owner, supplier, days[0])
    lots = lots_of(sides, said, moments)
    now = moments.ago(3, 8)
    meant = [each for lot in lots for each in read_typed(lot, _sets(lot, usual, random), now=now)]
    file_all(sides.supplier, meant, now)
    release(sides.owner, lots, moments)


def _let_see(owner: Firm, supplier: Firm, since: date) -> None:
    """Of its own will the supplier shows its results: the older templates say nothing of them."""
    names = {"to_name_zh": owner.name.zh, "to_name_en": owner.name.en}
    Grant.objects.bulk_create(
        [Grant(from_org_id=supplier.id, to_org_id=owner.id, what="results", valid_from=since, **names)], ignore_conflicts=True
    )  # fmt: skip


def _said(code: str, product: str, number: int, day: date, random: Random) -> LotSaid:
    return LotSaid(f"{code}-{day:%y%m}-{number:02}", product, day, Decimal(random.randrange(200, 2400, 50)), "kg", product_code=code)


def _sets(lot: Lot, usual: Sequence[Measured], random: Random) -> list[SetSaid]:
    found = []
    for what in usual:
        mean = random.gauss(what.target, what.between)
        values = [noted(random.gauss(mean, what.within), what.decimals) for _ in range(what.readings)]
        found.append(SetSaid(what.code, values, edition=what.edition, day=lot.made_on + timedelta(days=1)))
    found.append(SetSaid("CF-RUB", [grade(random, mean=4.1)], edition="GB/T 3920", day=lot.made_on + timedelta(days=1)))
    return found
