"""What the parts of an office file say about it: a plain workbook, or one that runs, calls out or hides something."""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from records.screening.verdict import MEBIBYTE, Code, Refused

CONTENT_TYPES = "[Content_Types].xml"
_ACTIVE_PART = re.compile(
    r"(vbaproject|vbadata|(^|/)(macrosheets|externallinks|embeddings|activex|dialogsheets|customui|ctrlprops)/|(^|/)connections\.xml$)",
    re.IGNORECASE,
)
_MARKUP_NAME = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
# A document type is where entities come from; no office program writes one. In UTF-16 it has a zero beside each letter.
_DECLARATION = re.compile(b"<\x00?!\x00?(d\x00?o\x00?c\x00?t\x00?y\x00?p\x00?e|e\x00?n\x00?t\x00?i\x00?t\x00?y)", re.IGNORECASE)
_OVERLAP = 32


@dataclass(slots=True)
class PartWatch:
    """Fed the bytes of one entry as they pass; keeps those that say what the whole file is."""

    name: str
    content: bytes = b""
    _tail: bytes = b""

    def feed(self, piece: bytes) -> None:
        if not _MARKUP_NAME.search(self.name):
            return
        window = self._tail + piece
        if _DECLARATION.search(window):
            raise Refused(Code.ENTITY_EXPANSION)
        self._tail = window[-_OVERLAP:]
        if self.name == CONTENT_TYPES or self.name.lower().endswith(".rels"):
            self.content += piece
            if len(self.content) > MEBIBYTE:
                raise Refused(Code.ARCHIVE_BOMB)


@dataclass(slots=True)
class Workbook:
    """The parts seen so far, and what they add up to."""

    names: list[str] = field(default_factory=list)
    types: bytes = b""
    relations: list[bytes] = field(default_factory=list)

    def add(self, part: PartWatch) -> None:
        self.names.append(part.name)
        if part.name == CONTENT_TYPES:
            self.types = part.content
        elif part.content:
            self.relations.append(part.content)

    def kind(self) -> str:
        """ "xlsx", another office kind, or "zip" for anything else.

        Raises Refused for macros, links to other files, embedded objects and data connections. A link to a web page that a
        person must click is no such thing.
        """
        if not self.types:
            return "zip"
        if _ACTIVE_PART.search("\n".join(self.names)) or b"macroenabled" in self.types.lower():
            raise Refused(Code.ACTIVE_CONTENT)
        if any(_calls_out(relations) for relations in self.relations):
            raise Refused(Code.ACTIVE_CONTENT)
        for mark, kind in ((b"spreadsheetml.sheet.main", "xlsx"), (b"wordprocessingml", "docx"), (b"presentationml", "pptx")):
            if mark in self.types:
                return kind
        return "zip"


def _calls_out(relations: bytes) -> bool:
    try:
        root = ElementTree.fromstring(relations)  # noqa: S314 - a part with a document type never comes this far
    except ElementTree.ParseError:
        raise Refused(Code.ARCHIVE_BROKEN) from None
    return any(
        relation.get("TargetMode", "").lower() == "external" and not relation.get("Type", "").endswith("/hyperlink") for relation in root
    )
