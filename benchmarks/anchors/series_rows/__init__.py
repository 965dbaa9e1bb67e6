"""The pick of a user of pandas: the rows into a frame, readings exploded, groupby.apply for each series."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ["series", "lot_id", "made_on", "decimals", "readings"]
READ = """
select w.id, r.lot_id, r.made_on, r.decimals, r.readings
from inspections_watchedseries w
join inspections_characteristicresult r using (supplier_org_id, characteristic_code, product_code, edition_code, unit, origin)
where r.replaced_by is null and r.qualifiers is null and w.id >= %s and w.id < %s
"""
FIRST_FIT, C4 = 25, {5: 0.9399856029866254}


def read_rows(connection: Any, first: int, last: int) -> pd.DataFrame:
    """Rows of the series numbered first to last - 1."""
    ids = [f"00000000-0000-7000-a000-{each:012x}" for each in (first, last)]
    return pd.DataFrame(connection.execute(READ, ids).fetchall(), columns=COLUMNS)


def judge_all(frame: pd.DataFrame) -> dict[Any, list[tuple[Any, str]]]:
    """series -> (lot, kind) of each signal."""
    long = frame.explode("readings")
    long["value"] = long["readings"].astype(float) / 10.0 ** long["decimals"].astype(int)
    return long.groupby("series")[["lot_id", "made_on", "value"]].apply(lambda group: list(judge(group))).to_dict()


def judge(group: pd.DataFrame) -> Iterable[tuple[Any, str]]:
    """Limits from the first 25 lots; beyond 3 sigma, EWMA outside of its own limits, four lots in a row far too even."""
    lots = group.groupby(["made_on", "lot_id"])["value"].agg(["mean", "std", "count"]).reset_index()
    base = lots["mean"].iloc[:FIRST_FIT]
    centre, sigma = base.mean(), base.diff().abs().mean() / 1.1283791670955126
    usual = (lots["std"].iloc[:FIRST_FIT] / lots["count"].iloc[:FIRST_FIT].map(C4)).mean()
    watched = pd.Series(np.arange(len(lots)) >= FIRST_FIT)
    beyond = ((lots["mean"] - centre).abs() > 3 * sigma) & watched
    start = pd.concat([pd.Series([centre]), lots["mean"]], ignore_index=True)
    average = start.ewm(alpha=0.2, adjust=False).mean().iloc[1:].reset_index(drop=True)
    half = 3 * sigma * np.sqrt(0.2 / 1.8 * (1 - 0.8 ** (2 * np.arange(1, len(lots) + 1))))
    moved = ((average - centre).abs() > half) & watched
    even = (lots["std"] < usual / 3) & watched
    run = even.rolling(4).sum() == 4
    for kind, flags in (("beyond", beyond), ("ewma", begins(moved)), ("even", begins(run))):
        for lot in lots.loc[flags, "lot_id"]:
            yield lot, kind


def begins(flags: pd.Series) -> pd.Series:
    return flags & ~flags.shift(fill_value=False)
