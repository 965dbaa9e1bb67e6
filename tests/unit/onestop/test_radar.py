"""The picture of a portrait: what is unknown leaves a gap, and the longest name has its room."""

import re

from onestop.radar import PHONE, Spoke, radar

KNOWN = [Spoke("履约", 90.0, 84), Spoke("检验合格", 91.4, 88), Spoke("稳定", 75.0, 70)]


def drawn(spokes):
    return str(radar("r", spokes, title="画像", says="三项"))


def test_a_known_portrait_is_one_closed_shape_over_the_middle_of_its_node():
    said = drawn(KNOWN)

    assert (said.count("<circle"), said.count('class="s1"'), said.count('class="s2"'), said.count("hatch-line")) == (3, 1, 1, 0)
    assert "90.0 %" in said


def test_what_is_not_known_has_no_point_and_no_line_to_it():
    said = drawn([*KNOWN[:2], Spoke("审核", None, None)])

    assert (said.count("<circle"), said.count("hatch-line")) == (2, 1)
    assert re.findall(r'class="s1" d="(M[^"Z]*)"', said) != []


def test_a_phone_shows_it_whole_in_chinese_and_a_longer_name_makes_it_wider():
    widths = [
        int(re.search(r'viewBox="0 0 (\d+)', drawn(spokes))[1]) for spokes in (KNOWN, [*KNOWN[:2], Spoke("Results within limits", 1.0)])
    ]

    assert widths[0] <= PHONE < widths[1]
