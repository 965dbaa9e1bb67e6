"""A Word document of headings, paragraphs and tables: the few parts of Office Open XML that such a paper needs. Pure.

Written here and not by python-docx: that would save half of these lines and bring lxml, a native library that nothing else here needs,
and its files differ at every writing, while these are kept with their hash.

Source: ECMA-376 part 1, WordprocessingML (clauses unread; the parts are those that every reader of the format asks for).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

# Neither XML 1.0 nor UTF-8 has a place for these.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same words make the same file
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    _HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS = (
    _HEAD
    + f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_STYLE_RELS = (
    _HEAD + f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATION}/styles" Target="styles.xml"/></Relationships>'
)
_FONT = '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:eastAsia="SimSun"/>'
_STYLES = (
    _HEAD
    + f'<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONT}<w:sz w:val="20"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:after="120"/>'
    '<w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="34"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/>'
    '<w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr></w:style></w:styles>'
)
_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="999999"/>' for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_PAGE = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1020" w:right="907" w:bottom="1134" w:left="907" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'

Cell = str | int | float | None
Piece = tuple[str, Any]


def heading(words: str, level: int = 1) -> Piece:
    """A heading of level 1 or 2."""
    return (f"Heading{level}", words)


def paragraph(words: str) -> Piece:
    """Words; each line of them is a paragraph."""
    return ("Normal", words)


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Piece:
    """A table whose head stands on every page."""
    return ("table", (list(heads), [list(row) for row in rows]))


def word_bytes(pieces: Iterable[Piece]) -> bytes:
    """The document. The same pieces make the same bytes."""
    body = "".join(_table(what) if kind == "table" else _paragraphs(kind, str(what)) for kind, what in pieces)
    document = f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}{_PAGE}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "word/document.xml": document, "word/styles.xml": _STYLES,
        "word/_rels/document.xml.rels": _STYLE_RELS,
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(zipfile.ZipInfo(name, _FIRST_DAY), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _paragraphs(style: str, words: str) -> str:
    return "".join(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(line)}</w:p>' for line in words.splitlines() or [""])


def _run(words: str, *, bold: bool = False) -> str:
    strong = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{strong}<w:t xml:space="preserve">{escape(_UNWRITABLE.sub("", words))}</w:t></w:r>'


def _table(what: Any) -> str:
    heads, rows = what
    width = "".join("<w:gridCol/>" for _each in heads)
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{''.join(_cell(each, bold=True) for each in heads)}</w:tr>"
    body = "".join(f"<w:tr>{''.join(_cell(each) for each in row)}</w:tr>" for row in rows)
    look = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_EDGES}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{width}</w:tblGrid>{head}{body}</w:tbl><w:p/>"


def _cell(value: Cell, *, bold: bool = False) -> str:
    lines = ("" if value is None else str(value)).splitlines() or [""]
    return f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{"".join(f"<w:p>{_run(line, bold=bold)}</w:p>" for line in lines)}</w:tc>'
