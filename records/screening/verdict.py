"""What screening says about a file, and how far it goes to find out."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MEBIBYTE = 1024 * 1024
IMAGE_KINDS = frozenset({"jpeg", "png", "webp"})
MIME_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "zip": "application/zip",
}


class Code(StrEnum):
    """Every answer of screening; a face turns each into words."""

    OK = "ok"
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    VIRUS_SIGNATURE = "virus_signature"
    SCANNER_UNAVAILABLE = "scanner_unavailable"
    KIND_NOT_ALLOWED = "kind_not_allowed"
    KIND_MISMATCH = "kind_mismatch"
    HEIC_UNSUPPORTED = "heic_unsupported"
    EXECUTABLE = "executable"
    ACTIVE_CONTENT = "active_content"
    ENTITY_EXPANSION = "entity_expansion"
    IMAGE_BOMB = "image_bomb"
    IMAGE_TRUNCATED = "image_truncated"
    IMAGE_BROKEN = "image_broken"
    IMAGE_ANIMATED = "image_animated"
    ARCHIVE_BOMB = "archive_bomb"
    ARCHIVE_NESTED = "archive_nested"
    ARCHIVE_UNSAFE_NAME = "archive_unsafe_name"
    ARCHIVE_LINK = "archive_link"
    ARCHIVE_TOO_MANY = "archive_too_many"
    ARCHIVE_LIES = "archive_lies"
    ARCHIVE_BROKEN = "archive_broken"
    ARCHIVE_ENCRYPTED = "archive_encrypted"
    TIMEOUT = "timeout"


class Refused(Exception):
    """A file fails a check; carries the verdict's code up to the one place that answers."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be, on disk and unpacked, and what looking at it may cost."""

    max_bytes: int = 50 * MEBIBYTE
    max_pixels: int = 50_000_000
    max_entries: int = 1_000
    max_ratio: int = 100
    max_unpacked_bytes: int = 300 * MEBIBYTE
    memory_bytes: int = 1536 * MEBIBYTE  # what a WebP at the pixel cap needs, measured; a JPEG takes a third
    cpu_seconds: int = 20
    wall_seconds: float = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one file. ``shared_copy_path`` is what others may be given; the original stays sealed.

    ``taken_at`` is the camera's own claim: ISO text, with an offset only where the camera wrote one, "" when unknown.
    """

    accepted: bool
    code: Code
    sha256: str
    size: int
    kind: str = ""
    mime: str = ""
    width: int | None = None
    height: int | None = None
    taken_at: str = ""
    has_gps: bool = False
    shared_copy_path: Path | None = None
    signature: str = ""

    @property
    def is_attachment_only(self) -> bool:
        """Whether no page of ours may show it: everything but pictures that we encoded ourselves."""
        return self.kind not in IMAGE_KINDS
