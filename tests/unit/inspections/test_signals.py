"""Rules, harm and certainty: exact on small examples, and the false alarms that the page states are those of the code that runs."""

import numpy as np
import pytest

from inspections import signals

QUIET = np.random.default_rng(6)


def series(lots: int = 40, readings: int = 5) -> np.ndarray:
    return QUIET.normal(10, 1, (1, lots, readings))


def flags_of(readings: np.ndarray) -> signals.Flags:
    return signals.flagged(readings.mean(axis=2), readings.std(axis=2, ddof=1), np.full(readings.shape[:2], readings.shape[2]))


def test_nothing_is_flagged_before_twenty_five_lots():
    wild = series(25)
    wild[0, 24] += 100
    found = flags_of(wild)
    assert not (found.beyond | found.moved | found.even).any()


def test_a_lot_far_out_is_beyond_and_a_lasting_shift_begins_one_signal():
    shifted = series(60)
    shifted[0, 31:] += 6
    found = flags_of(shifted)
    assert found.beyond[0, 31]
    assert int(found.moved[0, 30:].sum()) == 1


def test_four_copied_lots_in_a_row_make_one_signal_with_the_fourth():
    copied = series(40)
    copied[0, 30:36] = 10 + (copied[0, 30:36] - 10) * 0.02
    assert np.flatnonzero(flags_of(copied).even[0]).tolist() == [33]


@pytest.mark.parametrize(
    ("value", "lower", "upper", "harm"),
    [
        (11, 0, 10.5, 4),
        (14, 0, 20, 1),
        (16, 0, 20, 2),
        (18, 0, 20, 3),
        (2, 0, 20, 3),
        (2, None, 20, 1),
        (2, None, None, 2),
        (5, 12, None, 4),
    ],
)
def test_harm_is_how_much_of_the_way_to_the_limit_is_used(value, lower, upper, harm):
    assert signals.harm_of(value, 10, lower, upper) == harm


def test_certainty_is_how_seldom_a_quiet_series_does_it():
    assert [signals.certainty_of(signals.chance_beyond(z)) for z in (3, 3.5, 4.5)] == [1, 2, 3]


def test_bias_needs_eight_pairs_and_some_spread():
    own = np.arange(8, dtype=float)
    assert signals.bias_of(own[:7], own[:7] + 1) is None
    assert signals.bias_of(own, own + 1) is None
    found = signals.bias_of(own + np.array([0.1, -0.1] * 4), own - 1)
    assert found is not None
    assert (found.n, round(found.mean, 9)) == (8, 1.0)
    assert found.low < 1 < found.high
    assert found.chance < 1e-6


@pytest.mark.parametrize(("lots", "fitted"), [(45, 25), (70, 50)])
def test_the_stated_number_of_false_signals_is_that_of_the_code(lots, fitted):
    readings = np.random.default_rng(9).normal(0, 1, (4000, lots, 5)).astype(np.float64)
    found = flags_of(readings)
    last = np.s_[:, lots - 20 :]
    each = (found.beyond[last].sum(axis=1) + found.moved[last].sum(axis=1) + found.even[last].sum(axis=1)).mean()
    assert each == pytest.approx(signals.FALSE_IN_20_LOTS[fitted], abs=0.05)


def test_series_without_limits_give_no_false_signals():
    assert signals.expected_false([3, 24]) == 0
    assert signals.expected_false([25, 49, 50]) == pytest.approx(2 * 0.34 + 0.20)
