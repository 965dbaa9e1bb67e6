"""What is said of a file of results, a row or a cell: what was found, then what to do. The codes are those of inspections.reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.reading import FileMessage, place_of

FIELD_NAMES: Mapping[str, Promise | str] = {
    "lot": pgettext_lazy("column", "Lot"),
    "sample": pgettext_lazy("column", "Sample"),
    "characteristic": pgettext_lazy("column", "Characteristic"),
    "method": pgettext_lazy("column", "Method"),
    "result": pgettext_lazy("column", "Result"),
    "unit": pgettext_lazy("column", "Unit"),
    "verdict": pgettext_lazy("column", "Verdict"),
    "tested_on": pgettext_lazy("column", "Tested on"),
    "made_on": pgettext_lazy("column", "Made on"),
    "L": "L*",
    "a": "a*",
    "b": "b*",
    "detection_limit": pgettext_lazy("column", "Detection limit"),
    "instrument": pgettext_lazy("column", "Instrument"),
    "operator": pgettext_lazy("column", "Operator"),
    "laboratory": pgettext_lazy("column", "Laboratory"),
    "idempotency_key": pgettext_lazy("column", "Key"),
    "edition": pgettext_lazy("column", "Method"),
    "values": pgettext_lazy("column", "Values"),
    "measured_at": pgettext_lazy("column", "Measured at"),
}

_ROW_WORDS: Mapping[str, Promise] = {
    "lot_missing": _("No lot. Enter its number as it is registered."),
    "lot_unknown": _("The lot %(found)s is not registered here. Correct the number, or register the lot first."),
    "lot_unknown_suggestion": _("The lot %(found)s is not registered here. Is it %(suggestion)s?"),
    "lot_ambiguous": _("Several lots have the number %(found)s. Choose above whose lots they are."),
    "characteristic_missing": _("No characteristic. Enter what was tested."),
    "characteristic_unknown": _("“%(found)s” is no characteristic of the library. Enter its name as it stands there."),
    "characteristic_ambiguous": _("“%(found)s” may mean several characteristics. Enter the code of one."),
    "not_in_agreement": _("The agreement of that day says nothing of this characteristic. The result is kept and not judged."),
    "result_missing": _("No result. Enter it, or leave the row out."),
    "value_not_a_number": _("“%(found)s” is not a plain number. Enter the number alone."),
    "value_impossible": _("%(found)s cannot be: possible is %(low)s to %(high)s. Check the decimal point and the unit."),
    "value_too_great": _("The number is too great to be kept. Check it."),
    "value_rounded": _("The number has more than six decimals. It is kept rounded; the file keeps it as it was."),
    "implausible": _("%(found)s is unlikely. It is kept as typed; check the decimal point."),
    "below_detection_limit": _(
        "Below the detection limit of %(limit)s. It is kept as typed; “<%(limit)s” would be the usual way to say it."
    ),
    "detection_limit_missing": _("Not detected, and no detection limit is known. Write it beside, such as <5."),
    "grade_invalid": _("“%(found)s” is no grade. There are nine: 1, 1-2, 2, … 5."),
    "grade_looks_like_date": _("The spreadsheet turned a grade into a date (%(found)s). Enter the grade anew."),
    "grade_looks_like_date_suggestion": _("The spreadsheet turned a grade into a date (%(found)s). Was it %(suggestion)s?"),
    "lab_incomplete": _("A colour needs L*, a* and b*. Enter all three."),
    "unit_missing": _("No unit. %(assumed)s is assumed; check it."),
    "unit_converted": _("%(found)s was converted: the number times %(factor)s."),
    "unit_mismatch": _("The unit %(found)s does not fit; %(expected)s is expected."),
    "unit_mismatch_none": _("The unit %(found)s does not fit: this characteristic has none."),
    "edition_missing": _("No edition of the method. The result is kept without one and not judged; add the year."),
    "edition_unknown": _("The library has no such edition: %(found)s. The result is kept without one and not judged."),
    "edition_superseded": _("%(found)s has given way to %(current)s. It is kept as cited."),
    "verdict_disagrees": _("The laboratory's verdict does not fit its own number (limit %(limit)s). Both are kept; ask the laboratory."),
    "verdict_unknown": _("“%(found)s” is no verdict we know. It is left out."),
    "same_test_other_result": _("Row %(other_row)s has another result of the same test. Both are kept."),
    "date_future": _("%(found)s lies in the future. Correct the date."),
    "date_ambiguous": _("%(found)s can be read in two ways. Write it as 2025-04-03."),
    "date_invalid": _("%(found)s is no date that can be. Write it as 2025-04-03."),
    "date_missing": _("No time of measurement. Enter it."),
    "made_on_differs": _("The lot was made on %(known)s, not on %(found)s. The day of the lot is kept."),
    "time_zone_assumed": _("No time zone: the time is taken as that of %(assumed)s."),
    "reading_text": _("“%(found)s” is no reading. It counts as not taken."),
    "starts_like_formula": _("The text begins like a formula. It is kept as text and never run; check that it is meant."),
    "text_too_long": _("%(found)s characters are too many; at most %(most)s fit. Shorten the text."),
    "text_invalid": _("“%(found)s” should be text."),
    "text_has_nul": _("The text holds a character that cannot be kept. Take it out."),
    "key_missing": _("No key. Each set needs one of its own, so that it is filed once."),
    "key_invalid": _("“%(found)s” is no key. A key is text."),
    "key_too_long": _("The key has %(found)s characters; at most %(most)s fit."),
    "key_reused": _("This key was used for other readings already. Give the set a key of its own."),
    "values_not_a_list": _("The values are not a list."),
    "values_too_many": _("%(found)s values are too many; at most %(most)s fit."),
    "json_malformed": _("The line is not one JSON object, or names a field twice. Correct the line."),
}
_REASONS: Mapping[str, Promise] = {
    "blank_row": _("Empty row, left out."),
    "totals_row": _("Totals row, left out."),
    "notes_row": _("Notes row, left out."),
    "header_again": _("The header once more, left out."),
    "no_readings": _("No reading in this row, left out."),
    "filed_before": _("This was filed before. Nothing changes."),
    "duplicate": _("The same stands in row %(row)s. It is filed once."),
}
_FILE_WORDS: Mapping[str, Promise] = {
    "file_empty": _("The file is empty. Choose the file with your results."),
    "rows_missing": _("There is a header but no result below it. Choose the file with your results."),
    "encoding_unknown": _("The text cannot be read in UTF-8, UTF-16 or GB18030. Save it as .xlsx and upload it again."),
    "not_a_table": _("This is no file of results. Send CSV, XLSX or JSON Lines (.csv, .xlsx, .jsonl)."),
    "web_page": _("This is a web page with the name of a table. Open it in Excel or WPS, save it as .xlsx and upload that."),
    "not_a_workbook": _("The spreadsheet is damaged or not an .xlsx. Save it as .xlsx again and upload it."),
    "workbook_old_or_protected": _("The spreadsheet has a password or the old .xls format. Save it as .xlsx without a password."),
    "package_too_many": _("The spreadsheet holds more than %(most)s parts. Copy the rows into a new one and upload that."),
    "package_too_big": _("The spreadsheet unpacks to more than %(ratio)s times its size. Copy the rows into a new one and upload that."),
    "package_unsafe": _("The spreadsheet holds parts that do not belong there. Copy the rows into a new one and upload that."),
    "xml_declares_entities": _(
        "The spreadsheet holds declarations that do not belong there. Copy the rows into a new one and upload that."
    ),
    "sheet_too_large": _("A cell stands far outside the sheet. Delete the empty rows and columns around it and upload the file again."),
    "header_missing": _("No header was found. Say which column is which; the first row is kept as a result."),
    "column_twice": _("More than one column may be “%(field)s”: %(found)s. Say which one is meant."),
    "column_missing": _("No column was found for “%(field)s”. Say which one it is."),
    "column_unmapped": _("“%(found)s” is not read."),
    "unit_missing": _("No unit stands above %(found)s; %(assumed)s is assumed. Check it."),
    "hidden_sheet_ignored": _("The hidden sheet “%(found)s” is not read."),
    "sheet_not_read": _("The sheet “%(found)s” is not read. Upload it on its own if it holds results."),
    "quote_unclosed": _("A quotation mark in row %(row)s is not closed. The row is kept as typed; check its cells."),
}


def issue_words(issue: Mapping[str, Any]) -> str:
    """The sentence for one issue as it is kept: level, field, code and facts side by side."""
    code, facts = issue["code"], {name: fact for name, fact in issue.items() if name not in ("level", "field", "code", "cell")}
    if facts.get("suggestion") and f"{code}_suggestion" in _ROW_WORDS:
        code = f"{code}_suggestion"
    if code == "unit_mismatch" and not facts.get("expected"):
        code = "unit_mismatch_none"
    if "possible" in facts:
        facts["low"], facts["high"] = facts["possible"]
    return _say(_ROW_WORDS[code], {"found": "", **facts})


def reason_words(said: Mapping[str, Any]) -> str:
    """Why a row is left out or counted once; "" for any other."""
    if said.get("reason"):
        return str(_REASONS[said["reason"]])
    return _say(_REASONS["duplicate"], {"row": said["duplicate_of"]}) if said.get("duplicate_of") else ""


def file_words(message: FileMessage) -> str:
    """The sentence for something about the whole file."""
    facts = {"found": message.found, **message.facts}
    if "field" in facts:
        facts["field"] = field_name(facts["field"])
    return _say(_FILE_WORDS[message.code], facts)


def field_name(field: str) -> str:
    """A field as people call it; the place of a reading by its code."""
    place = place_of(field)
    return f"{place[0]} x{place[1]}" if place else str(FIELD_NAMES.get(field, field))


def _say(words: Promise, facts: Mapping[str, Any]) -> str:
    return str(words) % facts
