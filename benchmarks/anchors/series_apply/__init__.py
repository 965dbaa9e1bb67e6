"""The pick of a user of pandas: split by series, apply a function, combine; rolling windows for the run rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

LIMITS = (6.0, 14.0)


def judge(values: pd.Series) -> pd.Series:
    """Capability and the eight rules of Nelson for one series, as the documentation of groupby.apply would have it."""
    lower, upper = LIMITS
    mean, overall = values.mean(), values.std()
    within = values.diff().abs().mean() / 1.1283791670955126
    z = (values - mean) / within
    side, step = np.sign(z), np.sign(values.diff())
    turns = step * step.shift() == -1
    both = z.abs().gt(1).rolling(8).sum().eq(8) & side.rolling(8).sum().abs().lt(8)
    flags = {
        1: z.abs() > 3,
        2: side.rolling(9).sum().abs() == 9,
        3: step.rolling(5).sum().abs() == 5,
        4: turns.rolling(12).sum() == 12,
        5: _most(z, 2, beyond=2, window=3),
        6: _most(z, 4, beyond=1, window=5),
        7: z.abs().lt(1).rolling(15).sum() == 15,
        8: both,
    }
    nearest = min(mean - lower, upper - mean)
    found = {"cp": (upper - lower) / (6 * within), "cpk": nearest / (3 * within), "pp": (upper - lower) / (6 * overall)}
    found["ppk"] = nearest / (3 * overall)
    bits = sum(flag.to_numpy(dtype=np.uint8) << (rule - 1) for rule, flag in flags.items())
    return pd.Series({**found, "bits": np.asarray(bits, dtype=np.uint8)})


def _most(z: pd.Series, count: int, *, beyond: float, window: int) -> pd.Series:
    high, low = z > beyond, z < -beyond
    return (high & (high.rolling(window, min_periods=1).sum() >= count)) | (low & (low.rolling(window, min_periods=1).sum() >= count))


def judge_all(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per series."""
    return frame.groupby("series")["value"].apply(judge).unstack()
