"""What a file is that holds no table: told by its first bytes, before any of it is read or kept."""

from __future__ import annotations

import codecs
import re

from suppliers.imports.shapes import FileRefused

_HEAD = 1024
_ZIP = b"PK\x03\x04"
_WORKBOOK = b"xl/workbook.xml"  # in a package names stand as they are
_READ_ELSEWHERE = (_ZIP, b"\xd0\xcf\x11\xe0", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# These begin no cell that anybody types.
_SURE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:%PDF-\d|%!PS-Adobe|\{\\rtf\d)|\xff\xd8\xff")
# These might be a cell, as MZ-12 is; with the name that goes with them they are none.
_WITH_NAME = {b"MZ": (".exe", ".dll", ".com", ".scr", ".sys"), b"GIF87a": (".gif",), b"GIF89a": (".gif",), b"BM": (".bmp",)}
# What other programs call .xls or .csv, and is none: a page of HTML, or the XML that spreadsheets were kept in before .xlsx.
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|body|table|\?xml)\b", re.IGNORECASE)
# No encoding of text has them; a line of JSON that holds one is refused by itself, as that line.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def refuse_other_kinds(filename: str, data: bytes) -> None:
    """Raise FileRefused("not_a_table") for a document, a picture, a program or an archive, whatever its name says.

    Zips without a workbook are refused as "not_a_workbook", pages of HTML and XML as "web_page". A workbook of any age and text in
    UTF-16 pass here: whoever reads them says what is wrong with them.
    """
    head, name = data[:_HEAD], filename.casefold()
    if head.startswith(_ZIP) and _WORKBOOK not in data:
        raise FileRefused("not_a_workbook", filename)
    if head.startswith(_READ_ELSEWHERE):
        return
    if _WEB_PAGE.match(head):
        raise FileRefused("web_page", filename)
    sure = _SURE.match(head) or any(head.startswith(mark) and name.endswith(ends) for mark, ends in _WITH_NAME.items())
    if sure or (_CONTROL.search(head) and not head.lstrip().startswith((b"{", b"[{"))):
        raise FileRefused("not_a_table", filename)
