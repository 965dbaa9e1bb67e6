"""A word-level diff is a diff: what stayed and went is the former text, what stayed and came the later one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agreements.diff import aligned, changes, now, pieces, was

WORDS = st.lists(
    st.sampled_from(
        ["不低于", "3 级", "2-3 级", "3-4", "（GB/T 7573-2009）", "每 3 个月", "14 天", "，", "。", "pH", "4.0", "8.5", "at least", " ", "grade", "mg/kg", "20 mg/kg", "\n"]
    ),
    max_size=25,
).map("".join)
TEXT = WORDS | st.text(max_size=60)


def joined(runs):
    return "".join(run.text for run in runs)


@given(TEXT)
def test_the_pieces_of_a_text_are_the_text(text):
    assert "".join(pieces(text)) == text


@given(TEXT, TEXT)
def test_runs_give_both_texts_back(before, after):
    runs = changes(before, after)

    assert (joined(was(runs)), joined(now(runs))) == (before, after)
    assert all(run.text for run in runs)


@given(TEXT, TEXT)
def test_no_two_neighbours_are_of_one_kind(before, after):
    kinds = [run.kind for run in changes(before, after)]

    assert [a for a, b in pairwise(kinds) if a == b] == []


@given(TEXT)
def test_a_text_that_did_not_change_has_no_change(text):
    assert [run.kind for run in changes(text, text)] == (["same"] if text else [])


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")))
def test_pairs_name_everything_once_in_its_order(before, after):
    pairs = aligned(before, after, same=lambda c: c, alike=lambda c: c in "abc")

    assert [new for _, new in pairs if new is not None] == after
    assert [old for old, _ in pairs if old is not None] == before
