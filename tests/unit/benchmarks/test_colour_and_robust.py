"""The benchmarks of colour pairs and of Algorithm A compare equal outputs, and a wrong one stops them."""

from contextlib import ExitStack
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import algorithm_a_20000, colour_pairs
from benchmarks.base import Unequal


@pytest.mark.parametrize("kind", [colour_pairs.ColourPairs, algorithm_a_20000.AlgorithmA20000])
def test_a_quick_run_checks_and_ends_in_ratios(kind):
    with ExitStack() as stack:
        made = kind(quick=True)
        made.open(stack)
        made.check()
        result = made.measure()

    assert result.figures["ratios"]["anchor"]["value"] > 1
    assert result.figures["ratios"]["tuned"]["value"] > 1
    assert any("anchor by size" in line for line in result.lines)


def test_other_differences_are_not_timed(monkeypatch):
    monkeypatch.setattr(colour_pairs, "ciede2000", lambda first, second: np.zeros((200, 200)))
    made = colour_pairs.ColourPairs(quick=True)
    made.open(ExitStack())

    with pytest.raises(Unequal, match="differences"):
        made.check()


def test_another_robust_mean_is_not_timed(monkeypatch):
    wrong = SimpleNamespace(x_star=np.zeros(50), s_star=np.ones(50), converged=np.ones(50, dtype=bool))
    monkeypatch.setattr(algorithm_a_20000, "algorithm_a_groups", lambda groups: wrong)
    made = algorithm_a_20000.AlgorithmA20000(quick=True)
    made.open(ExitStack())

    with pytest.raises(Unequal, match="ends elsewhere"):
        made.check()
