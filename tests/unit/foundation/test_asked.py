"""What is kept of a text is what people see of it."""

import pytest

from foundation.asked import seen


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u200b\u3000", ""),
        ("\u200d", ""),
        ("\u202ecba\u202c 布", "cba 布"),
        ("布\u2060样\ufeff", "布样"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("  a\x00", "  a\x00"),
    ],
)
def test_a_text_is_kept_without_what_nobody_sees(typed, kept):
    assert seen(typed) == kept
