"""Runs confined: opens one zip without believing a word of it. Sizes are counted, not read from its directory."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from records.screening.kinds import sniff
from records.screening.sandbox import answer, read_order
from records.screening.scanners import SignatureWatch
from records.screening.verdict import MEBIBYTE, Code, Limits, Refused
from records.screening.workbooks import PartWatch, Workbook

CHUNK = 64 * 1024
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")
_PACKED_NAME = re.compile(r"\.(zip|rar|7z|gz|tgz|bz2|xz|tar|jar|war|apk|cab|iso|zst)$", re.IGNORECASE)
_UNSAFE_NAME = re.compile(r"(^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|[\x00-\x1f\x7f])")


@dataclass(slots=True)
class Count:
    """How much came out so far, of one entry and of all."""

    limits: Limits
    total: int = 0
    entry: int = 0
    crc: int = field(default=0)

    def add(self, piece: bytes, info: zipfile.ZipInfo) -> None:
        self.entry += len(piece)
        self.total += len(piece)
        self.crc = zlib.crc32(piece, self.crc)
        if self.entry > info.file_size:
            raise Refused(Code.ARCHIVE_LIES)
        # Below a mebibyte a high ratio is only an empty sheet, and costs nothing.
        is_dense = self.entry > MEBIBYTE and self.entry > self.limits.max_ratio * max(info.compress_size, 1)
        if is_dense or self.total > self.limits.max_unpacked_bytes:
            raise Refused(Code.ARCHIVE_BOMB)


def examine(path: Path, limits: Limits) -> dict[str, Any]:
    with path.open("rb") as file:
        _check_end(file, limits)
        with zipfile.ZipFile(file) as archive:
            infos, directory_at = archive.infolist(), archive.start_dir
        _check_entries(infos, directory_at, limits)
        workbook, count = Workbook(), Count(limits)
        for info in infos:
            _read_entry(file, info, count, workbook)
    return {"kind": workbook.kind()}


def _check_end(file: BinaryIO, limits: Limits) -> None:
    """The end record must be the last thing in the file, and name few enough entries to be worth reading further."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Refused(Code.ARCHIVE_BROKEN)
    _, disk, first_disk, here, entries, directory_size, _, comment = _END.unpack_from(tail, at)
    if entries > limits.max_entries or directory_size > limits.max_entries * 1024:
        raise Refused(Code.ARCHIVE_TOO_MANY)
    if disk or first_disk or here != entries or at + _END.size + comment != len(tail):
        raise Refused(Code.ARCHIVE_LIES)


def _check_entries(infos: list[zipfile.ZipInfo], directory_at: int, limits: Limits) -> None:
    if not infos:
        raise Refused(Code.EMPTY_FILE)
    if len(infos) > limits.max_entries:
        raise Refused(Code.ARCHIVE_TOO_MANY)
    for info in infos:
        if _UNSAFE_NAME.search(info.orig_filename) or _UNSAFE_NAME.search(info.filename):
            raise Refused(Code.ARCHIVE_UNSAFE_NAME)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Refused(Code.ARCHIVE_LINK)
        if info.flag_bits & 0x1:
            raise Refused(Code.ARCHIVE_ENCRYPTED)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(Code.ARCHIVE_BROKEN)
    if len({info.filename.casefold() for info in infos}) != len(infos):
        raise Refused(Code.ARCHIVE_LIES)
    # Entries that share bytes make a bomb without nesting; the first one starts the file, or something hides before it.
    ordered = sorted(infos, key=lambda info: info.header_offset)
    ends = [info.header_offset + _LOCAL.size + info.compress_size for info in ordered]
    starts = [*(info.header_offset for info in ordered[1:]), directory_at]
    if ordered[0].header_offset != 0 or any(end > start for end, start in zip(ends, starts, strict=True)):
        raise Refused(Code.ARCHIVE_LIES)


def _read_entry(file: BinaryIO, info: zipfile.ZipInfo, count: Count, workbook: Workbook) -> None:
    count.entry = count.crc = 0
    signatures, part = SignatureWatch(), PartWatch(info.filename)
    for piece in _inflated(file, info):
        if count.entry == 0:
            _check_start(info, piece)
        count.add(piece, info)
        signatures.feed(piece)
        part.feed(piece)
        if signatures.found:
            raise Refused(Code.VIRUS_SIGNATURE)
    if count.entry != info.file_size:
        raise Refused(Code.ARCHIVE_LIES)
    if count.crc != info.CRC:
        raise Refused(Code.ARCHIVE_BROKEN)
    workbook.add(part)


def _check_start(info: zipfile.ZipInfo, piece: bytes) -> None:
    if piece.startswith(_PACKED) or _PACKED_NAME.search(info.filename):
        raise Refused(Code.ARCHIVE_NESTED)
    try:
        sniff(piece)
    except Refused as refused:
        if refused.code is Code.EXECUTABLE:  # markup is what a workbook is made of
            raise


def _inflated(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes, a bounded piece at a time, by its own local header: zipfile would stop where the directory says."""
    file.seek(info.header_offset)
    local = _LOCAL.unpack(file.read(_LOCAL.size))
    name = file.read(local[9])
    encoding = "utf-8" if local[2] & 0x800 else "cp437"
    if local[0] != b"PK\x03\x04" or name.decode(encoding) != info.orig_filename or local[3] != info.compress_type:
        raise Refused(Code.ARCHIVE_LIES)
    file.seek(local[10], 1)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
    left = info.compress_size
    while left:
        packed = file.read(min(CHUNK, left))
        if not packed:
            raise Refused(Code.ARCHIVE_BROKEN)
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            piece = inflate.decompress(packed, CHUNK)
            if piece:
                yield piece
            packed = inflate.unconsumed_tail
    if inflate is not None:
        yield from filter(None, (inflate.flush(CHUNK),))
        if not inflate.eof or inflate.unused_data:
            raise Refused(Code.ARCHIVE_LIES)


def _judge(order: dict[str, Any]) -> dict[str, Any]:
    try:
        return examine(Path(order["path"]), order["limits"])
    except Refused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": Code.ARCHIVE_BOMB}
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, OSError):
        return {"refused": Code.ARCHIVE_BROKEN}


if __name__ == "__main__":
    answer(_judge(read_order()))
