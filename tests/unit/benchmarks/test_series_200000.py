"""The series benchmark compares equal outputs, and says so before it times anything."""

from contextlib import ExitStack

import numpy as np
import pytest

from benchmarks import series_200000
from benchmarks.base import Unequal


@pytest.fixture
def benchmark_():
    with ExitStack() as stack:
        made = series_200000.Series200000(quick=True)
        made.open(stack)
        yield made


def test_pandas_and_ours_give_the_same_numbers_and_flags(benchmark_, monkeypatch):
    benchmark_.check()

    monkeypatch.setattr(series_200000, "judged", lambda frame: (series_found(frame)[0], np.zeros((30, 100), dtype=np.uint8)))
    with pytest.raises(Unequal, match="flags differ"):
        benchmark_.check()


def test_a_quick_run_ends_in_a_ratio(benchmark_):
    result = benchmark_.measure()

    assert result.figures["ratios"]["anchor"]["value"] > 1
    assert any("anchor by size" in line for line in result.lines)


series_found = series_200000.judged
