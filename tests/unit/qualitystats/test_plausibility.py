"""Readings that look alike: found, not found, and no answer where there is none. Never an accusation."""

from pathlib import Path

import numpy as np
import pytest

import qualitystats
from qualitystats.plausibility import exact_repeats, longest_repeat, terminal_digits, too_alike


def honest(rng, spread=10.0, size=(20, 5)):
    return np.round(rng.normal(100, spread, size=size))


def test_a_copied_subgroup_is_found_and_honest_ones_are_left_in_peace():
    rng = np.random.default_rng(11)
    found = {"copied": 0, "honest": 0}
    for _ in range(200):
        readings = honest(rng)
        found["honest"] += bool(exact_repeats(readings, decimals=0).looks_alike)
        readings[17] = readings[3][::-1]
        found["copied"] += bool(exact_repeats(readings, decimals=0).looks_alike)

    assert found["copied"] >= 170
    assert found["honest"] <= 3


def test_a_coarse_instrument_repeats_by_itself_and_that_is_no_likeness():
    readings = honest(np.random.default_rng(12), spread=0.7, size=(30, 3))
    found = exact_repeats(readings, decimals=0)

    assert found.count > 0
    assert found.looks_alike is False


def test_a_repeat_names_the_later_subgroup():
    found = exact_repeats([[1.21, 1.43, 1.05], [1.35, 1.17, 1.58], [1.05, 1.43, 1.21]], decimals=2)

    assert (found.places, found.count) == ((3,), 1)


@pytest.mark.parametrize("readings", [[[1.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]])
def test_nothing_is_said_where_nothing_can_be_compared(readings):
    found = exact_repeats(readings, decimals=1)

    assert (found.looks_alike, found.chance) == (None, None)
    assert found.reason.startswith("fewer than 2 subgroups, or all readings are one value")


def test_one_reading_noted_again_and_again():
    readings = honest(np.random.default_rng(13), size=100)
    readings[40:46] = 97

    found = longest_repeat(readings, decimals=0)

    assert found.looks_alike is True
    assert set(range(41, 47)) <= set(found.places)
    assert longest_repeat(honest(np.random.default_rng(14), size=100), decimals=0).looks_alike is False


def test_no_run_can_be_judged_where_all_readings_are_one():
    assert longest_repeat([5.0] * 30, decimals=1).looks_alike is None
    assert longest_repeat([5.0], decimals=1).looks_alike is None


def test_rounded_readings_prefer_their_digits_and_honest_ones_do_not():
    rng = np.random.default_rng(15)
    readings = honest(rng, spread=20, size=200)

    rounded = terminal_digits(np.round(readings / 5) * 5, decimals=0)

    assert rounded.looks_alike is True
    assert terminal_digits(readings, decimals=0).looks_alike is False
    assert terminal_digits(readings / 100, decimals=2).chance == terminal_digits(readings, decimals=0).chance


def test_digits_are_not_judged_of_few_readings_or_of_a_small_spread():
    few, narrow = terminal_digits([7.1] * 49, decimals=1), terminal_digits([7.1, 7.2] * 40, decimals=1)

    assert (few.looks_alike, few.reason) == (None, "49 readings: at least 50 are needed")
    assert (narrow.looks_alike, narrow.chance) == (None, None)
    assert "spread over less than 5 last digits" in narrow.reason


def test_readings_that_are_too_alike_name_their_subgroups():
    rng = np.random.default_rng(16)
    readings = rng.normal(10, 1, size=(12, 5))
    readings[4:9] = readings[4:9, :1]

    found = too_alike(readings, sigma=1.0)

    assert (found.looks_alike, found.places) == (True, (8, 9))
    assert found.chance < 1e-5
    assert too_alike(readings[:3], sigma=1.0).looks_alike is None


def test_digits_of_negative_readings_are_read_without_their_sign():
    readings = honest(np.random.default_rng(17), spread=20, size=100)

    assert terminal_digits(-readings, decimals=0).count == terminal_digits(readings, decimals=0).count


@pytest.mark.parametrize("ask", [exact_repeats, longest_repeat, terminal_digits])
def test_readings_that_are_no_numbers_are_refused(ask):
    for values in ([float("nan")], [[1.0, float("inf")]], ["7.1"], [True]):
        with pytest.raises(ValueError):
            ask(values, decimals=1)
    with pytest.raises(ValueError, match="decimals is 1.5"):
        ask([[1.0, 2.0]] if ask is exact_repeats else [1.0, 2.0], decimals=1.5)


def test_nobody_is_accused():
    source = Path(qualitystats.__file__).with_name("plausibility.py").read_text("utf-8").lower()

    assert [word for word in ("fake", "fraud", "forged", "cheat") if word in source] == []
