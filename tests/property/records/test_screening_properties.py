"""What holds for any name and any bytes."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from records.screening import Code, clean_file_name, served_file_name
from records.screening.kinds import sniff
from records.screening.verdict import MIME_TYPES, Refused

NAMES = st.text(max_size=300) | st.builds("{}.{}".format, st.text(max_size=300), st.sampled_from(["jpg", "PDF", "xlsx", "exe", ""]))
STARTS = (b"", b"<", b"%PDF-", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"RIFF1234WEBP", b"\0\0\0\x18ftyp")
SNIFFED = {"jpeg", "png", "webp", "pdf", "zip", "gif", "csv", "unknown"}
REFUSED = {Code.EXECUTABLE, Code.ACTIVE_CONTENT, Code.ENTITY_EXPANSION, Code.HEIC_UNSUPPORTED}


@given(NAMES)
def test_any_name_becomes_a_tame_one_that_stays_as_it_is(name: str) -> None:
    clean = clean_file_name(name)

    assert 1 <= len(clean) <= 120
    assert not set(clean) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(letter)[0] == "C" for letter in clean)
    assert clean == clean.strip(" .")
    assert clean_file_name(clean) == clean
    clean.encode()


@given(NAMES, st.sampled_from(sorted(MIME_TYPES)))
def test_served_name_is_never_longer_nor_stranger(name: str, kind: str) -> None:
    served = served_file_name(name, kind)

    assert len(served) <= 120
    assert clean_file_name(served) == served


@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_any_bytes_have_one_answer(start: bytes, rest: bytes) -> None:
    assert answer_for(start + rest) in SNIFFED | REFUSED


def answer_for(content: bytes) -> str:
    try:
        return sniff(content)
    except Refused as refused:
        return refused.code
