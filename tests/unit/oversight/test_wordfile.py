"""A Word file that a reader of the format opens; what people typed is only text in it."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

from oversight.report_periods import Period, offered
from oversight.wordfile import heading, paragraph, table, word_bytes

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts_of(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        assert book.testzip() is None
        return {name: ElementTree.fromstring(book.read(name)) for name in book.namelist()}


def test_headings_paragraphs_and_tables_stand_in_their_order():
    raw = word_bytes([heading("季报"), paragraph("一\n二"), heading("图谱", 2), table(["地区", "企业"], [["海曙", 12], [None, "<b>&"]])])
    body = parts_of(raw)["word/document.xml"].find(f"{W}body")

    assert [child.tag.removeprefix(W) for child in body] == ["p", "p", "p", "p", "tbl", "p", "sectPr"]
    assert ["".join(each.itertext()) for each in body.iter(f"{W}tc")] == ["地区", "企业", "海曙", "12", "", "<b>&"]
    assert [each.get(f"{W}val") for each in body.iter(f"{W}pStyle")] == ["Heading1", "Normal", "Normal", "Heading2"]


def test_the_parts_name_each_other_and_the_same_words_make_the_same_bytes():
    raw = word_bytes([paragraph("a\x00b")])

    assert sorted(parts_of(raw)) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/styles.xml",
    ]
    assert raw == word_bytes([paragraph("ab")])


def test_a_period_knows_its_days():
    october, third = Period.named("2026-10"), Period.named("2026-Q3")

    assert (october.first, october.last, october.earlier().code) == (date(2026, 10, 1), date(2026, 10, 31), "2026-09")
    assert (third.first, third.after, third.earlier().earlier().earlier().code) == (date(2026, 7, 1), date(2026, 10, 1), "2025-Q4")
    assert [Period.named(code) for code in ("2026-13", "2026-Q5", "2026", "x-Q1", "1999-01", "２０２６-01")] == [None] * 6


def test_months_and_quarters_are_offered_newest_first():
    codes = [period.code for period in offered(date(2026, 2, 14))]

    assert codes[:3] == ["2026-02", "2026-01", "2025-12"]
    assert codes[6:] == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2"]
