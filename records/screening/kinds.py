"""What a file is, by its own first bytes. An allowlist: what is not known here has no kind.

Browsers run HTML, SVG and scripts whatever the name says, so those are looked for first and by name.
"""

import codecs
import re
from pathlib import PurePosixPath

import puremagic

from records.screening.verdict import Code, Refused

HEAD_BYTES = 64 * 1024
EXTENSIONS = {
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "jfif": "jpeg",
    "png": "png",
    "webp": "webp",
    "pdf": "pdf",
    "xlsx": "xlsx",
    "csv": "csv",
    "txt": "csv",
    "zip": "zip",
    # Known by name so that the answer is "not this kind", not "the name lies".
    "gif": "gif",
    "docx": "docx",
    "pptx": "pptx",
}
_EXECUTABLE = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
_SCRIPT = ("#!", "<?php", "<%", "@echo off")
_MARKUP = re.compile(
    r"<(!doctype\s+html|html|head|title|body|script|iframe|style|table|div|img|a|p|h1|br|b|font|form|meta|link|object|embed|base|svg|math)\b",
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_SECOND_OPINION = frozenset(
    (".html", ".htm", ".xhtml", ".hta", ".svg", ".svgz", ".js", ".mjs", ".php", ".swf", ".class")
    + (".exe", ".dll", ".scr", ".msi", ".bat", ".cmd", ".vbs", ".ps1", ".lnk"),
)


def sniff(head: bytes) -> str:
    """The kind these first bytes begin, "unknown" when none. A workbook is still "zip" here: only its parts tell.

    Raises Refused for what must never be stored whatever was asked for: programs, scripts, markup, HEIC (not readable here).
    """
    if head.startswith(_EXECUTABLE):
        raise Refused(Code.EXECUTABLE)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise Refused(Code.HEIC_UNSUPPORTED)
    binary = _binary_kind(head)
    if binary:
        return binary
    text = _as_text(head)
    if text is None:
        return "unknown"
    _refuse_active_text(text)
    return "csv"


def refuse_second_opinion(head: bytes) -> None:
    """Ask a library with other eyes whether a browser or a shell could run this after all."""
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # 1.x raises where 2.x answers with nothing
        return
    if any(match.extension.lower() in _SECOND_OPINION for match in matches):
        raise Refused(Code.ACTIVE_CONTENT)


def claimed_extension(name: str) -> str:
    """The extension a name claims, "" when it claims none: letters and digits only, so 报告.第2版 claims nothing."""
    suffix = PurePosixPath(name).suffix[1:].lower()
    return suffix if re.fullmatch(r"[a-z][a-z0-9]{0,6}", suffix) else ""


def refuse_mismatch(name: str, kind: str) -> None:
    """Refuse a name that claims another kind. A name without extension claims nothing: phones send such."""
    extension = claimed_extension(name)
    if extension and EXTENSIONS.get(extension) != kind:
        raise Refused(Code.KIND_MISMATCH)


def _binary_kind(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):  # readers also take a later header, but then the file begins as something else
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "gif" if head.startswith((b"GIF87a", b"GIF89a")) else ""


def _as_text(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    if any(byte < 0x20 and byte not in b"\t\n\r\f" for byte in head):
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD_BYTES)
        except UnicodeDecodeError:
            continue
    return None


def _refuse_active_text(text: str) -> None:
    start = re.sub(r"\A(\s|<!--.*?-->)+", "", text.lstrip("\ufeff")[:HEAD_BYTES], flags=re.DOTALL).lower()
    if "<!entity" in start:
        raise Refused(Code.ENTITY_EXPANSION)
    if start.startswith(_SCRIPT) or start.startswith(("<?xml", "<!doctype")) or _MARKUP.match(start):
        raise Refused(Code.ACTIVE_CONTENT)
