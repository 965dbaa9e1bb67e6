"""Taking an upload in: capped and hashed while it is written, and never taken for whole when the line was cut.

Behind a WSGI server a cut line looks like a clean end, so only the declared length and the sender's hash tell.
"""

import hashlib
import hmac
import os
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

BLOCK = 1024 * 1024


class IntakeRefused(Exception):
    code: ClassVar[str]


class TooLarge(IntakeRefused):
    code = "too_large"

    def __init__(self, *, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class LineCut(IntakeRefused):
    """Less came than was declared. What came is kept: the sender goes on from ``received``."""

    code = "line_cut"

    def __init__(self, *, received: int, declared: int) -> None:
        super().__init__(f"{received} of {declared} bytes")
        self.received = received
        self.declared = declared

    @property
    def percent_kept(self) -> int:
        return self.received * 100 // self.declared


class WrongHash(IntakeRefused):
    """All bytes came, but not these. Nothing is kept: no byte of it can be trusted."""

    code = "wrong_hash"


class StreamingIntake:
    """Writes an upload to ``path``, going on from what already stands there.

    ``offset`` is how much the caller knows to be good (its own record of progress): anything beyond is cut off first.
    """

    def __init__(self, path: Path, *, max_bytes: int, offset: int | None = None) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self._hash = hashlib.sha256()
        standing = path.stat().st_size if path.exists() else 0
        self.received = standing if offset is None else offset
        if self.received > standing:
            raise ValueError(f"offset {offset} is beyond the {standing} bytes kept")
        self._file = path.open("ab")
        self._file.truncate(self.received)
        with path.open("rb") as kept:
            while block := kept.read(BLOCK):
                self._hash.update(block)

    def write(self, chunk: bytes) -> int:
        """Raises TooLarge, and drops the file, once more than ``max_bytes`` came."""
        if self.received + len(chunk) > self.max_bytes:
            self._drop()
            raise TooLarge(limit=self.max_bytes)
        self._file.write(chunk)
        self._hash.update(chunk)
        self.received += len(chunk)
        return self.received

    def finish(self, *, declared_size: int, client_sha256: str) -> str:
        """The SHA-256 of the whole file, once length and hash agree with what the sender declared.

        Raises LineCut (file kept), TooLarge or WrongHash (file dropped).
        """
        self.close()
        if self.received < declared_size:
            raise LineCut(received=self.received, declared=declared_size)
        if self.received > declared_size:
            self._drop()
            raise TooLarge(limit=declared_size)
        found = self._hash.hexdigest()
        if not hmac.compare_digest(found.encode(), client_sha256.strip().lower().encode()):
            self._drop()
            raise WrongHash
        return found

    def close(self) -> None:
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())  # progress is recorded elsewhere: the bytes must not be behind the record
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _drop(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)
