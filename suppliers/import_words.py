"""What an import says about a file, a row or a cell: what was found, then what to do. The codes are those of suppliers.imports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.templatetags.qc import sentences
from parties.reference import regions
from suppliers.imports import FileMessage, Issue, Row

FIELD_NAMES: Mapping[str, Promise] = {
    "name_zh": pgettext_lazy("column", "Firm name"),
    "uscc": pgettext_lazy("column", "Credit code"),
    "contact": pgettext_lazy("column", "Contact"),
    "phone": pgettext_lazy("column", "Mobile number"),
    "nodes": pgettext_lazy("column", "Chain steps"),
    "region": pgettext_lazy("column", "District"),
    "town": pgettext_lazy("column", "Town"),
    "headcount": pgettext_lazy("column", "Headcount"),
    "address": pgettext_lazy("column", "Address"),
    "since": pgettext_lazy("column", "Partner since"),
}

_ROW_WORDS: Mapping[str, Promise] = {
    "uscc_missing": _("No credit code. Enter the 18 characters from the business licence."),
    "uscc_number_form": _("The spreadsheet turned the code into a number (%(found)s) and lost its end. Type it as text from the licence."),
    "uscc_length": _("The code has %(found)s characters instead of 18. Compare it with the licence."),
    "uscc_char": _("“%(found)s” cannot stand at place %(position)s of the code. Compare it with the licence."),
    "uscc_char_suggestion": _("“%(found)s” cannot stand at place %(position)s of the code. Change it to %(suggestion)s."),
    "uscc_check": _(
        "The code does not fit: place 18 is %(found)s, the other 17 make %(expected)s. The slip may be at any place; compare it with the licence."
    ),
    "name_missing": _("No firm name. Enter it as on the business licence."),
    "name_hidden_chars": _("The name held invisible characters. They were taken out; check that the name is right."),
    "same_name_other_row": _("Row %(other_row)s has the same name with another code. Check that these are two firms."),
    "same_name_other_uscc": _("Your list has this name with the code %(other_uscc)s. Check that these are two firms."),
    "node_unknown": _("“%(found)s” is no chain step we know. Choose one; the firm is taken without it."),
    "region_unknown": _("“%(found)s” is not a district of Ningbo. Choose one; the firm is taken without it."),
    "town_not_in_region": _("%(found)s lies in %(district)s. Correct the district or the town."),
    "town_unknown": _("No town of this name: %(found)s. Check how it is written."),
    "phone_invalid": _("%(found)s is not a mobile number of 11 digits. Enter it anew; until then the firm gets no text message."),
    "phone_not_mobile": _("%(found)s is a landline. Invitations go to a mobile number; enter one."),
    "phone_several": _("Two numbers stand here. %(taken)s was taken; change it if it is not the right one."),
    "headcount_approx": _("“%(found)s” was taken as %(taken)s. Enter the exact number if you know it."),
    "headcount_range": _("“%(found)s” is a range and was left out. Enter one number."),
    "headcount_invalid": _("“%(found)s” is not a whole number and was left out. Enter one number."),
    "date_invalid": _("“%(found)s” is not a clear date and was left out. Write it as 2021-03-05."),
    "starts_like_formula": _("The text begins like a formula. It is kept as text and never run; check that it is meant."),
    "text_too_long": _("%(found)s characters are too many; at most %(most)s fit. Shorten the text."),
    "cells_beyond_header": _("“%(found)s” stands right of the last column. Check that no cell of this row has moved."),
    "duplicate_in_file": _("The same code stands in row %(row)s. The firm is taken once, as in row %(row)s."),
    "duplicate_known": _("This firm is on your list already. Nothing changes."),
    "differs": _("Otherwise than there: %(fields)s. What stood first is kept."),
    "adds": _("Only here: %(fields)s. It is not taken over; add it to the firm if you need it."),
    "merged_line": _("The line with this code was merged into another of your list. The firm is counted there; nothing changes."),
    "same_firm": _("You said that this is the same firm. It is taken once."),
    "blank_row": _("Empty row, left out."),
    "totals_row": _("Totals row, left out."),
    "notes_row": _("Notes row, left out."),
    "header_again": _("The header once more, left out."),
}

_FILE_WORDS: Mapping[str, Promise] = {
    "file_empty": _("The file is empty. Choose the file with your suppliers."),
    "rows_missing": _("There is a header but no firm below it. Choose the file with your suppliers."),
    "encoding_unknown": _("The text cannot be read in UTF-8, UTF-16 or GB18030. Save the list as .xlsx and upload it again."),
    "not_a_table": _("This is not a list. Upload .xlsx or .csv, or paste the rows."),
    "web_page": _("This is a web page with the name of a table. Open it in Excel or WPS, save it as .xlsx and upload that."),
    "not_a_workbook": _("The spreadsheet is damaged or not an .xlsx. Save it as .xlsx again and upload it."),
    "workbook_old_or_protected": _("The spreadsheet has a password or the old .xls format. Save it as .xlsx without a password."),
    "package_too_many": _("The spreadsheet holds more than %(most)s parts. Copy the rows into a new one and upload that."),
    "package_too_big": _("The spreadsheet unpacks to more than %(ratio)s times its size. Copy the rows into a new one and upload that."),
    "package_unsafe": _("The spreadsheet holds parts that do not belong there. Copy the rows into a new one and upload that."),
    "xml_declares_entities": _(
        "The spreadsheet holds declarations that do not belong there. Copy the rows into a new one and upload that."
    ),
    "sheet_too_large": _("A cell stands far outside the list. Delete the empty rows and columns around it and upload the file again."),
    "header_missing": _("No header was found. Say which column is which; the first row is kept as a firm."),
    "column_twice": _("More than one column may be “%(field)s”: %(found)s. Say which one is meant."),
    "column_missing": _("No column was found for “%(field)s”. Say which one it is."),
    "column_unmapped": _("The column “%(found)s” is not read."),
    "columns_unmapped": _("%(n)s columns are not read: %(found)s."),
    "columns_too_many": _("The list has more than %(most)s columns. Those beyond are not read; delete what is not needed."),
    "hidden_sheet_ignored": _("The hidden sheet “%(found)s” is not read."),
    "hidden_sheets_ignored": _("%(n)s hidden sheets are not read: %(found)s."),
    "sheet_not_read": _("The sheet “%(found)s” is not read. Upload it on its own if it holds suppliers."),
    "quote_unclosed": _("A quotation mark in row %(row)s is not closed. The row is kept as typed; check its cells."),
}

_TOGETHER = {"column_unmapped": "columns_unmapped", "hidden_sheet_ignored": "hidden_sheets_ignored"}


def issue_words(issue: Issue) -> str:
    """The sentence for one issue, in the language of the moment."""
    code, facts = issue.code, dict(issue.facts)
    if code == "uscc_char" and facts.get("suggestion"):
        code = "uscc_char_suggestion"
    if code == "same_name_other_uscc" and "other_row" in facts:
        code = "same_name_other_row"
    if "district" in facts:
        facts["district"] = _region_name(facts["district"])
    return _say(_ROW_WORDS[code], facts)


def row_words(row: Row) -> str:
    """Why a row is skipped or counted as a duplicate; "" for any other."""
    if row.reason:
        return _say(_ROW_WORDS[row.reason], {})
    if row.outcome != "duplicate":
        return ""
    said = [_say(_ROW_WORDS["duplicate_known" if row.known else "duplicate_in_file"], {"row": row.duplicate_of})]
    said += [
        _say(_ROW_WORDS[code], {"fields": _fields(fields)}) for code, fields in (("differs", row.differs), ("adds", row.adds)) if fields
    ]
    return sentences(*said)


def messages_said(messages: Sequence[FileMessage]) -> list[tuple[str, str]]:
    """(level, sentence) for all that is to be said of a file; columns and hidden sheets that are not read share one sentence each."""
    said: list[tuple[str, str]] = []
    for message in messages:
        alike = [other for other in messages if other.code == message.code]
        if len(alike) > 1 and (together := _TOGETHER.get(message.code)):
            if message is not alike[0]:
                continue
            found = comma().join(other.found for other in alike)
            message = replace(message, code=together, found=found, facts={"n": len(alike)})
        said.append((message.level, file_words(message)))
    return said


def file_words(message: FileMessage) -> str:
    """The sentence for something about the whole file."""
    facts = {"found": message.found, **message.facts}
    if "field" in facts:
        facts["field"] = str(FIELD_NAMES[facts["field"]])
    return _say(_FILE_WORDS[message.code], facts)


def comma() -> str:
    """What stands between words of a row."""
    return "、" if (get_language() or "").startswith("zh") else ", "


def _fields(names: Iterable[str]) -> str:
    return comma().join(str(FIELD_NAMES[name]) for name in names)


def _say(words: Promise, facts: Mapping[str, Any]) -> str:
    return str(words) % facts


def _region_name(code: str) -> str:
    region = next(row for row in regions() if row.code == code)
    return region.name_zh if (get_language() or "").startswith("zh") else region.name_en
