"""Archives and workbooks beyond the collection."""

import io
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from records.screening import Code, Limits, Verdict, screen
from records.screening.scanners import _EICAR

EVERYTHING = frozenset({"zip", "xlsx", "pdf", "jpeg"})
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def judged(tmp_path: Path, name: str, content: bytes, **limits: Any) -> Verdict:
    path = tmp_path / name
    path.write_bytes(content)
    return screen(path, claimed_name=name, allowed=EVERYTHING, limits=Limits(**limits))


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(**changes: bytes) -> bytes:
    """A true workbook; keyword names are parts with __ for /, whose content is added or replaced."""
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["项目", "结果"])
    book.active["A2"].hyperlink = "https://example.com/"
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | {name.replace("__", "/"): content for name, content in changes.items()})


def relation(kind: str, target: str) -> bytes:
    entry = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entry}</Relationships>'.encode()


def with_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("report.pdf")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def overlapping() -> bytes:
    """Two directory lines for one stretch of bytes: the way to a bomb without nesting."""
    content = packed({"a.txt": b"kernel" * 100})
    at = content.index(b"PK\x01\x02")
    line = bytearray(content[at : content.index(b"PK\x05\x06")])
    twin = bytes(line).replace(b"a.txt", b"b.txt")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(line) * 2, at, 0)
    return content[:at] + bytes(line) + twin + end


def patched(content: bytes, marker: bytes, offset: int, value: bytes) -> bytes:
    at = content.index(marker) + offset
    return content[:at] + value + content[at + len(value) :]


PLAIN = {"a.txt": b"hello " * 50, "照片/b.csv": b"1,2\n"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("link.zip", with_link(), Code.ARCHIVE_LINK),
        ("overlap.zip", overlapping(), Code.ARCHIVE_LIES),
        ("twice.zip", packed({"a.txt": b"1", "A.TXT": b"2"}), Code.ARCHIVE_LIES),
        ("back.zip", packed({"a\\..\\b.txt": b"1"}).replace(b"a/../b", b"a\\..\\b"), Code.ARCHIVE_UNSAFE_NAME),
        ("cut-name.zip", packed({"a.txtXexe": b"1"}).replace(b"txtXexe", b"txt\0exe"), Code.ARCHIVE_UNSAFE_NAME),
        ("names.zip", patched(packed({"a.txt": b"1"}), b"PK\x03\x04", 30, b"z"), Code.ARCHIVE_LIES),
        ("locked.zip", patched(packed({"a.txt": b"1"}), b"PK\x01\x02", 8, b"\x01"), Code.ARCHIVE_ENCRYPTED),
        ("lzma.zip", packed({"a.txt": b"1"}, zipfile.ZIP_LZMA), Code.ARCHIVE_BROKEN),
        ("crc.zip", packed({"a.txt": b"1234567"}, zipfile.ZIP_STORED).replace(b"1234567", b"1234568"), Code.ARCHIVE_BROKEN),
        ("short.zip", patched(packed(PLAIN), b"PK\x01\x02", 24, b"\xff\xff\0\0"), Code.ARCHIVE_LIES),
        ("tail.zip", packed(PLAIN) + b"<script>", Code.ARCHIVE_LIES),
        ("hidden.zip", packed(PLAIN)[:4] + packed(PLAIN), Code.ARCHIVE_LIES),
        ("cut.zip", packed(PLAIN)[:-30], Code.ARCHIVE_BROKEN),
        ("nothing.zip", packed({}), Code.EMPTY_FILE),
        ("gz.zip", packed({"a.bin": b"\x1f\x8b\x08\0rest"}), Code.ARCHIVE_NESTED),
        ("tar.zip", packed({"a.tar": b"plain"}), Code.ARCHIVE_NESTED),
        ("exe.zip", packed({"report.pdf": b"MZ\x90\0" + bytes(60)}), Code.EXECUTABLE),
        ("virus.zip", packed({"a.txt": bytes(70_000) + _EICAR}), Code.VIRUS_SIGNATURE),
        ("laughs.xlsx", workbook(xl__worksheets__sheet1_xml=b"", **{"xl__worksheets__sheet1.xml": LAUGHS}), Code.ENTITY_EXPANSION),
        ("wide.xlsx", workbook(**{"xl__worksheets__sheet1.xml": LAUGHS.decode().encode("utf-16")}), Code.ENTITY_EXPANSION),
        ("far.xlsx", workbook(**{"xl__theme__theme1.xml": b" " * 65_530 + LAUGHS}), Code.ENTITY_EXPANSION),
        ("macro.xlsx", workbook(**{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0"}), Code.ACTIVE_CONTENT),
        ("linked.xlsx", workbook(**{"xl__externalLinks__externalLink1.xml": b"<externalLink/>"}), Code.ACTIVE_CONTENT),
        ("calls.xlsx", workbook(**{"xl__x.rels": relation("oleObject", "file:///c:/x")}), Code.ACTIVE_CONTENT),
        ("query.xlsx", workbook(**{"xl__connections.xml": b"<connections/>"}), Code.ACTIVE_CONTENT),
        ("old4.xlsx", workbook(**{"xl__macrosheets__sheet1.xml": b"<macrosheet/>"}), Code.ACTIVE_CONTENT),
        ("rels.xlsx", workbook(**{"xl__x.rels": b"<Relationships"}), Code.ARCHIVE_BROKEN),
        ("book.zip", workbook(), Code.KIND_MISMATCH),
        ("plain.xlsx", packed(PLAIN), Code.KIND_MISMATCH),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_archive_made_to_hide_or_break_something_is_refused(name: str, content: bytes, code: Code, tmp_path: Path) -> None:
    verdict = judged(tmp_path, name, content)

    assert (verdict.accepted, verdict.code, verdict.shared_copy_path) == (False, code, None)
    assert (tmp_path / name).read_bytes() == content


def test_macro_workbook_under_a_plain_name_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        types = archive.read("[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
    content = workbook(**{"[Content_Types].xml": macro})

    assert macro != types
    assert judged(tmp_path, "a.xlsx", content).code is Code.ACTIVE_CONTENT
    assert judged(tmp_path, "a.xlsm", content).code is Code.ACTIVE_CONTENT


def test_plain_archive_and_workbook_are_accepted_as_they_are(tmp_path: Path) -> None:
    for name, content, kind in (("a.zip", packed(PLAIN), "zip"), ("a.xlsx", workbook(), "xlsx"), ("noname", workbook(), "xlsx")):
        verdict = judged(tmp_path, name, content)

        assert (verdict.code, verdict.kind, verdict.shared_copy_path) == (Code.OK, kind, tmp_path / name)
    assert load_workbook(tmp_path / "a.xlsx").active["A1"].value == "项目"


def test_document_is_known_but_not_taken(tmp_path: Path) -> None:
    types = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'

    verdict = judged(tmp_path, "a.docx", packed({"[Content_Types].xml": types}))

    assert (verdict.code, verdict.kind) == (Code.KIND_NOT_ALLOWED, "docx")


def test_archive_is_not_opened_where_no_archive_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(overlapping())

    verdict = screen(tmp_path / "a.zip", claimed_name="a.zip", allowed=frozenset({"jpeg"}))

    assert verdict.code is Code.KIND_NOT_ALLOWED


def test_caps_on_entries_ratio_and_unpacked_size_are_exact(tmp_path: Path) -> None:
    three = packed({"a": b"1", "b": b"2", "c": b"3"})
    dense = packed({"a": bytes(2 * 1024 * 1024)})

    assert judged(tmp_path, "a.zip", three, max_entries=3).code is Code.OK
    assert judged(tmp_path, "a.zip", three, max_entries=2).code is Code.ARCHIVE_TOO_MANY
    assert judged(tmp_path, "a.zip", three, max_unpacked_bytes=3).code is Code.OK
    assert judged(tmp_path, "a.zip", three, max_unpacked_bytes=2).code is Code.ARCHIVE_BOMB
    assert judged(tmp_path, "a.zip", dense, max_ratio=2000).code is Code.OK
    assert judged(tmp_path, "a.zip", dense).code is Code.ARCHIVE_BOMB


def test_directory_that_hides_its_true_number_is_still_counted(tmp_path: Path) -> None:
    content = packed({str(number): b"" for number in range(1200)})
    liar = patched(patched(content, b"PK\x05\x06", 8, struct.pack("<HH", 3, 3)), b"PK\x05\x06", 8, struct.pack("<HH", 3, 3))

    assert judged(tmp_path, "a.zip", liar).code is Code.ARCHIVE_TOO_MANY
