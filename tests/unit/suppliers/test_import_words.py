"""Every code has a sentence in both languages that names what was found."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from parties import uscc
from suppliers import import_words
from suppliers.import_words import file_words, issue_words, row_words
from suppliers.imports import FileMessage, Issue, Row, map_columns, read, read_pasted

IMPORTS = Path(import_words.__file__).parent / "imports"
HAN = re.compile(r"[\u4e00-\u9fff]")
FACTS = {"position": 8, "found": "I", "expected": "3", "most": 80, "taken": 50, "ratio": 100, "row": 3, "other_uscc": "X", "district": "330203"}


ABOUT_ROWS = re.compile(r"(uscc|name|same|node|region|town|phone|headcount|date|starts|text|cells)_\w+|(blank|totals|notes)_row|header_again")
NOT_CODES = {
    "name_zh", "name_key", "name_en", "region_code", "region_names", "town_code", "town_match", "node_code", "node_names",
}


def literals(pattern: str) -> set[str]:
    files = [*IMPORTS.glob("*.py"), Path(uscc.__file__)]
    return {text for path in files for text in re.findall(rf'"({pattern})"', path.read_text("utf-8"))}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_code_of_the_importer_has_words(language):
    rows = {text for text in literals(r"\w+") if ABOUT_ROWS.fullmatch(text)} - NOT_CODES
    calls = "".join(path.read_text("utf-8") for path in IMPORTS.glob("*.py"))
    files = set(re.findall(r'(?:FileRefused\(|FileMessage\("\w+", )"(\w+)"', calls))
    assert {"phone_invalid", "phone_not_mobile", "town_unknown", "uscc_check", "totals_row", "header_again"} <= rows
    assert {"header_missing", "not_a_workbook", "quote_unclosed", "rows_missing"} <= files

    with override(language):
        sentences = [issue_words(Issue("error", "uscc", code, FACTS)) for code in rows]
        sentences += [file_words(FileMessage("error", code, "备注", {"field": "uscc", **FACTS})) for code in files]

    assert all(sentence and "%" not in sentence for sentence in sentences)
    if language == "zh-hans":
        assert all(HAN.search(sentence) for sentence in sentences)


def test_a_bad_letter_is_named_with_its_place_and_its_mend():
    issue = Issue("error", "uscc", "uscc_char", {"position": 8, "found": "I", "suggestion": "1"})

    with override("zh-hans"):
        assert issue_words(issue) == "第 8 位不能是“I”，改为 1。"
    with override("en"):
        assert issue_words(issue) == "“I” cannot stand at place 8 of the code. Change it to 1."


def test_a_code_that_does_not_fit_is_not_called_wrong_at_its_last_place():
    with override("en"):
        words = issue_words(Issue("error", "uscc", "uscc_check", {"position": 18, "found": "4", "expected": "3"}))

    assert words.startswith("The code does not fit: place 18 is 4, the other 17 make 3. The slip may be at any place")


def test_the_other_district_is_named_in_the_language_of_the_page():
    issue = Issue("warning", "town", "town_not_in_region", {"found": "石碶街道", "district": "330203"})

    with override("zh-hans"):
        assert issue_words(issue) == "石碶街道在海曙区。改正区县或镇街。"
    with override("en"):
        assert issue_words(issue) == "石碶街道 lies in Haishu District. Correct the district or the town."


def test_skipped_and_double_rows_say_why_and_others_say_nothing():
    code = "0DEM04E914JL3PWRKK"
    table = read_pasted(f"企业名称\t统一社会信用代码\n甲厂\t{code}\n乙厂\t{code}\n合计\t")
    rows = read(table, map_columns(table)).rows

    with override("en"):
        said = [row_words(row) for row in rows]
        known = row_words(Row(2, (), {}, {}, "duplicate", known=True))

    double = "The same code stands in row 2. The firm is taken once, as in row 2. Otherwise than there: Firm name. What stood first is kept."
    assert said == ["", double, "Totals row, left out."]
    assert known == "This firm is on your list already. Nothing changes."
