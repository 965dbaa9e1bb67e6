"""A file that is only asked about is hashed while it comes in and dropped: it lies neither on disk nor in memory."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

ONLY_AT = "/verify/"


class Hashed(UploadedFile):
    """A file of which only its hash and its size were kept."""

    sha256 = ""


class HashOnly(FileUploadHandler):
    """The first of the upload handlers. At the public address it takes every file for itself; anywhere else it looks on."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.is_on = bool(self.request and self.request.path.startswith(ONLY_AT))

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_on:
            self.digest = hashlib.sha256()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.is_on:
            return raw_data
        self.digest.update(raw_data)
        return None

    def file_complete(self, file_size: int) -> Hashed | None:
        if not self.is_on:
            return None
        file = Hashed(io.BytesIO(), name="paper", size=file_size)
        file.sha256 = self.digest.hexdigest()
        return file
