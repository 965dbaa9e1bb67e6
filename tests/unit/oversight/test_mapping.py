"""Tiles and steps, from numbers alone."""

import pytest

from oversight.mapping import Place, bar_of, short_name, size_of, step_limits, step_of, step_ranges, tiles


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("海曙区", "海曙"), ("象山县", "象山"), ("余姚市", "余姚"), ("高新区", "高新区"), ("前湾新区", "前湾新区"), ("南门街道", "南门"),
        ("集士港镇", "集士港"), ("龙观乡", "龙观"), ("Haishu District", "Haishu"), ("Qianwan New Area", "Qianwan"), ("Longguan Township", "Longguan"),
        ("Hi-tech Zone", "Hi-tech"),
    ],
)  # fmt: skip
def test_a_tile_says_the_name_that_people_say(name, short):
    assert short_name(name) == short


def test_steps_spread_the_values_evenly_and_zero_stands_alone():
    limits = step_limits([0, 0, 1, 2, 3, 4, 5, 6, 7, 8])

    assert limits == [0, 2, 4, 6, 8]
    assert [step_of(v, limits) for v in (0, 1, 2, 3, 6, 8, 99)] == [1, 2, 2, 3, 4, 5, 5]
    assert step_ranges(limits) == [(1, 0, 0), (2, 1, 2), (3, 3, 4), (4, 5, 6), (5, 7, 8)]


def test_few_values_make_few_steps():
    assert step_limits([0, 3, 3]) == [0, 3]
    assert step_limits([0, 0]) == []
    assert step_of(0, []) == 1


def test_the_bar_is_the_share_of_the_biggest():
    assert [bar_of(10, 10), bar_of(5, 10), bar_of(0, 10), bar_of(0, 0)] == [66, 33, 0, 0]


def test_a_place_without_a_firm_is_hatched_and_not_white():
    drawn = tiles([Place("a", "海曙区", 1, 3), Place("b", "前湾新区", 0, 0)], firms={"a": 4}, values={"a": 2})

    assert [(t["x"], t["y"], t["value"], t["hatched"], t["bar"]) for t in drawn] == [(90, 270, 2, False, 66), (0, 0, 0, True, 0)]
    assert size_of([Place("a", "海曙区", 1, 3)]) == (180, 360)
    assert size_of([]) == (90, 90)
