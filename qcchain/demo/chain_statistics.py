"""Statistics of the city's chain as the bureau would hand them in: the given counts of today, and the quarters before a little less."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from foundation.actor import as_actor
from oversight.chain import day_before_quarter, quarter_of
from oversight.services.chain_map import StatSaid, import_chain_counts
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.names import SEED
from qcchain.demo.spread import above_scale_counts, chain_counts, haishu_counts, shared_out

SOURCE = "全市纺织服装产业统计（示例）"
TOWNS = "海曙区镇街统计（示例）"
QUARTERS = 5
MORNING = time(10, 0)
GROWTH = 0.012  # a quarter
SMALLER, LARGER = {"micro": 62, "small": 38}, {"medium": 7, "large": 3}
HEADS = ("region_code", "node", "size", "firms", "above_scale", "certified", "signed", "output_band")


def tell_chain_statistics(bureau: Firm, moments: Moments) -> None:
    """Five quarters of the city, the last two of Haishu's towns too."""
    officer, ends = bureau.actor(), list(_quarter_ends(moments.now))
    for back, (quarter, last) in enumerate(ends):
        at = min(moments.now, datetime.combine(last, MORNING, tzinfo=timezone.get_default_timezone()) + timedelta(days=20))
        files = [(SOURCE, f"{quarter}.csv", _city(back)), *([(TOWNS, f"{quarter}-towns.csv", _towns(back))] if back < 2 else [])]
        with as_actor(officer):
            for source, name, data in files:
                import_chain_counts(actor=officer, said=StatSaid(quarter, source, last), file_name=name, data=data, now=at)


def _quarter_ends(now: datetime) -> Iterator[tuple[str, date]]:
    """(quarter, its last day) of the quarters that are over, newest first."""
    quarter = quarter_of(timezone.localdate(now))
    for _ in range(QUARTERS):
        last = day_before_quarter(quarter)
        quarter = quarter_of(last)
        yield quarter, last


def _less(n: int, back: int) -> int:
    return round(n * (1 - GROWTH * back))


def _city(back: int) -> bytes:
    """Places × steps × sizes, and a line for each place as a whole with its output band."""
    random, above = Random(SEED), above_scale_counts()
    rows: list[tuple[object, ...]] = []
    whole: dict[str, list[int]] = {}
    for (region, node), firms in chain_counts().items():
        n, big = _less(firms, back), _less(above[region, node], back)
        certified, signed = (
            round(n * random.uniform(0.09, 0.24) * (1 - 0.03 * back)),
            round(n * random.uniform(0.01, 0.035) * (1 - 0.2 * back)),
        )
        sized = _by_size(n, min(big, n), certified, signed)
        rows += [(region, node, size, *figures, "") for size, figures in sized.items()]
        for figures in sized.values():
            whole[region] = [a + b for a, b in zip(whole.get(region, [0] * 4), figures, strict=True)]
    rows += [(region, "", "", *figures, min(5, 1 + figures[1] // 25)) for region, figures in whole.items()]
    return _csv(HEADS, rows)


def _by_size(firms: int, above: int, certified: int, signed: int) -> dict[str, list[int]]:
    """Firms above scale are the large and the medium ones; certificates and signatures follow the number of firms."""
    count = shared_out(firms - above, SMALLER) | shared_out(above, LARGER)
    out = {}
    for size, n in count.items():
        parts = [min(n, round(part * n / firms)) if firms else 0 for part in (certified, signed)]
        out[size] = [n, n if size in LARGER else 0, *parts]
    return out


def _towns(back: int) -> bytes:
    return _csv(("town", "firms"), [(town, _less(n, back)) for town, n in haishu_counts().items()])


def _csv(heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([heads, *rows])
    return out.getvalue().encode()
