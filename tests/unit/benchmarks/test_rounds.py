"""Variants take turns, and every one that is named can be found."""

import subprocess
import sys

import pytest

from benchmarks.base import Benchmark
from benchmarks.catalogue import PLACES, find
from benchmarks.processes import ROOT
from benchmarks.rounds import race


def test_every_lane_runs_once_in_each_round_in_changing_order():
    ran = []
    lanes = {name: (lambda name=name: ran.append(name) or float(len(ran))) for name in ("ours", "anchor", "limit")}

    figures = race(lanes, rounds=8)

    rounds = [ran[at : at + 3] for at in range(0, 24, 3)]
    assert all(sorted(names) == ["anchor", "limit", "ours"] for names in rounds)
    assert len({tuple(names) for names in rounds}) > 1
    assert {name: len(values) for name, values in figures.items()} == {"ours": 8, "anchor": 8, "limit": 8}
    assert sorted(figure for values in figures.values() for figure in values) == [float(n) for n in range(1, 25)]


def test_fewer_than_five_rounds_are_refused():
    with pytest.raises(ValueError, match="at least 5"):
        race({"ours": lambda: 1.0}, rounds=4)


@pytest.mark.parametrize("name", PLACES)
def test_every_benchmark_declares_what_it_is_compared_with(name):
    kind = find(name)

    assert issubclass(kind, Benchmark)
    assert all(getattr(kind, word) for word in ("title", "anchor", "tuned", "ours", "limit", "goal"))


def test_the_list_names_every_benchmark_without_a_server():
    done = subprocess.run([sys.executable, "-m", "benchmarks", "list"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert [line.split()[0] for line in done.stdout.splitlines()] == list(PLACES)
