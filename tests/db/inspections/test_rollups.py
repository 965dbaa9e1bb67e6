"""Sums kept by the trigger are those of a GROUP BY, to the last count, whatever was filed, corrected and shown to whom."""

import random
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from foundation.actor import Hat, acting_as, as_actor
from inspections.models import CharacteristicResult, Lot, ResultRollup, WatchedSeries
from tests.agreed import NOW
from tests.cast import actor
from tests.lots import a_lot

pytestmark = pytest.mark.django_db

COUNTED = """
select r.supplier_org_id, r.owner_org_id, r.characteristic_code, r.edition_code, r.unit, r.origin, to_char(r.made_on, 'YYYY-MM-01')::date,
  count(distinct r.id), coalesce(sum(case when x.reading is null then 0 when r.width = 1 then 1 else 0 end), 0)
    + coalesce((select sum(cardinality(c.readings) / 3) from inspections_characteristicresult c where c.width = 3 and c.replaced_by is null
      and (c.supplier_org_id, c.characteristic_code, c.edition_code, c.unit, c.origin) = (r.supplier_org_id, r.characteristic_code, r.edition_code, r.unit, r.origin)
      and c.owner_org_id is not distinct from r.owner_org_id and to_char(c.made_on, 'YYYY-MM') = to_char(min(r.made_on), 'YYYY-MM')), 0),
  (select sum(c.out_count) from inspections_characteristicresult c where c.replaced_by is null
      and (c.supplier_org_id, c.characteristic_code, c.edition_code, c.unit, c.origin) = (r.supplier_org_id, r.characteristic_code, r.edition_code, r.unit, r.origin)
      and c.owner_org_id is not distinct from r.owner_org_id and to_char(c.made_on, 'YYYY-MM') = to_char(min(r.made_on), 'YYYY-MM')),
  count(*) filter (where x.counts), coalesce(sum(x.value) filter (where x.counts), 0), coalesce(sum(x.value * x.value) filter (where x.counts), 0)
from inspections_characteristicresult r
left join agreements_characteristic k on k.code = r.characteristic_code
cross join lateral (
  select u.reading, u.reading / power(10::numeric, r.decimals) as value,
    u.reading is not null and coalesce(u.sign, '=') = '=' and r.width = 1 and k.kind in ('variable', 'attribute') as counts
  from unnest(r.readings, r.qualifiers) u (reading, sign)
) x
where r.replaced_by is null
group by 1, 2, 3, 4, 5, 6, 7
"""
KEPT = """
select supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month, rows, n_readings, out_count, n_numeric, total, total_squared
from inspections_resultrollup where rows <> 0
"""
KINDS = {  # characteristic -> editions, decimals, width, signs
    "PH": (["GB/T 7573-2009", "GB/T 7573-2025"], [1, 2], 1, [None]),
    "FOR": (["GB/T 2912.1-2009"], [0], 1, ["=", "<"]),
    "CF-RUB": (["GB/T 3920"], [1], 1, [None]),
    "COL-DE": (["GB/T 8424.3"], [2], 3, [None]),
    "DIM": (["GB/T 8628-2013"], [1], 1, ["=", "<", None]),
    "APP-A": ([""], [0], 1, [None]),
    "UNKNOWN": ([""], [6], 1, [None]),
}


def random_row(rng: random.Random, lot: Lot, who: str, **words) -> CharacteristicResult:
    code = rng.choice(list(KINDS))
    editions, decimals, width, signs = KINDS[code]
    n = rng.randint(1, 6) * width
    readings = [
        rng.randint(-500, 2_000_000_000 if code == "UNKNOWN" else 900) if width == 3 or rng.random() > 0.15 else None for _ in range(n)
    ]
    row = {
        "lot_id": lot.pk, "owner_org_id": lot.owner_org_id if who == "chen" or rng.random() > 0.4 else None, "supplier_org_id": lot.supplier_org_id,
        "org_id": actor(who).org_id, "product_code": lot.product_code, "made_on": lot.made_on, "characteristic_code": code,
        "edition_code": rng.choice(editions), "unit": rng.choice(["", "%"]), "readings": readings, "decimals": rng.choice(decimals), "width": width,
        "qualifiers": rng.choice([None, [rng.choice([sign or "=" for sign in signs]) for _ in range(n)]]) if signs != [None] else None,
        "measured_at": NOW, "received_at": NOW, "origin": "customer" if who == "chen" else rng.choice(["self", "instrument"]), "entered_via": "web",
        "verdict": "in", "out_count": rng.randint(0, 3), "said_key": uuid4(), "said": uuid4(), **words,
    }  # fmt: skip
    return CharacteristicResult(**row)


def asked(statement: str) -> list:
    with acting_as(Hat.CLOCK), connection.cursor() as cursor:
        cursor.execute(statement)
        return sorted(cursor.fetchall(), key=repr)


def test_sums_are_those_of_a_group_by_after_any_filing_correction_and_showing():
    rng = random.Random(26)
    lots = [
        a_lot(f"R-{n}", made_on=date(2026, 1 + n % 3, 1 + n % 2), supplier=maker, now=NOW)
        for n, maker in enumerate(["lin"] * 5 + ["wu"] * 2)
    ]
    by_id = {lot.pk: lot for lot in lots}
    standing: dict[str, list[CharacteristicResult]] = {"lin": [], "wu": []}
    for _ in range(40):
        lot = rng.choice(lots)
        maker = "lin" if lot.supplier_org_id == actor("lin").org_id else "wu"
        who = rng.choice([maker, maker, "chen"])
        rows = [random_row(rng, lot, who) for _ in range(rng.randint(1, 9))]
        with as_actor(actor(who)):
            CharacteristicResult.objects.bulk_create(rows)
        standing[maker] += rows
        if rng.random() < 0.6:  # a correction, by whoever filed what it corrects
            wrong = standing[maker].pop(rng.randrange(len(standing[maker])))
            author = maker if wrong.org_id == actor(maker).org_id else "chen"
            right = random_row(rng, by_id[wrong.lot_id], author, corrects_id=wrong.pk)
            with as_actor(actor(author)):
                right.save(force_insert=True)
            with acting_as(Hat.CLOCK):
                CharacteristicResult.objects.filter(pk=wrong.pk).update(replaced_by=right.pk)
            standing[maker].append(right)
        if rng.random() < 0.3:  # sight is given later, for many rows in one statement
            with acting_as(Hat.CLOCK):
                CharacteristicResult.objects.filter(lot=lot, owner_org_id=None).update(owner_org_id=lot.owner_org_id)
    kept = asked(KEPT)
    assert kept == asked(COUNTED)
    assert len(kept) > 40
    assert sum(row[7] for row in kept) == len(standing["lin"]) + len(standing["wu"])


def test_only_exact_measured_readings_are_summed_in_the_unit():
    lot = a_lot()
    rows = [
        random_row(random.Random(1), lot, "lin", characteristic_code="PH", edition_code="", unit="", readings=[66, None, 674], decimals=2, width=1, qualifiers=None, out_count=0, origin="self", owner_org_id=None),
        random_row(random.Random(1), lot, "lin", characteristic_code="FOR", edition_code="", unit="", readings=[20, 31], decimals=0, width=1, qualifiers=["<", "="], out_count=1, origin="self", owner_org_id=None),
    ]  # fmt: skip
    with as_actor(actor("lin")):
        CharacteristicResult.objects.bulk_create(rows)
        ph, formaldehyde = (ResultRollup.objects.get(characteristic_code=code) for code in ("PH", "FOR"))
    assert (ph.rows, ph.n_readings, ph.n_numeric, ph.total, ph.total_squared) == (1, 2, 2, Decimal("7.4"), Decimal("45.8632"))
    assert (formaldehyde.n_readings, formaldehyde.out_count, formaldehyde.n_numeric, formaldehyde.total) == (2, 1, 0, 0)
    assert ph.month == date(2026, 3, 1)


def test_sums_and_series_are_seen_by_their_sides_and_written_by_nobody():
    lot = a_lot()
    row = random_row(random.Random(3), lot, "lin", owner_org_id=lot.owner_org_id)
    with as_actor(actor("lin")):
        row.save(force_insert=True)
    seen = {}
    for who in ("chen", "lin", "fang", "wu"):
        with as_actor(actor(who)):
            seen[who] = (ResultRollup.objects.count(), WatchedSeries.objects.count())
    assert seen == {"chen": (1, 1), "lin": (1, 1), "fang": (0, 0), "wu": (0, 0)}
    for who in ("chen", "lin"):
        with pytest.raises(ProgrammingError), as_actor(actor(who)), transaction.atomic():
            ResultRollup.objects.update(rows=99)
    with as_actor(actor("lin")):
        assert ResultRollup.objects.get().rows == 1
        assert WatchedSeries.objects.get().is_due
