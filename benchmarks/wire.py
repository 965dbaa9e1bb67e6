"""A small HTTP/1.1 client on a kept connection: quick enough not to be what is measured."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass


class Cut(ConnectionError):
    """The server closed the line before a whole answer had come."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes


def request_bytes(method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """One request, whole."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    if body or method not in ("GET", "HEAD"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Wire:
    """One connection to a server on this machine; it connects when first needed and again after a cut."""

    def __init__(self, port: int, *, timeout: float = 60.0) -> None:
        self._port, self._timeout = port, timeout
        self._socket: socket.socket | None = None
        self._held = b""

    def send(self, request: bytes) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=self._timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._held = b""
        self._socket.sendall(request)

    def ask(self, request: bytes) -> Answer:
        """Send and read the whole answer. Raises Cut (after closing) when the line ends early."""
        try:
            self.send(request)
            return self._answer(is_head=request.startswith(b"HEAD "))
        except OSError as error:
            self.close()
            raise Cut(str(error)) from error

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _answer(self, *, is_head: bool) -> Answer:
        head = self._until(b"\r\n\r\n")
        lower = head.lower()
        status = int(head[9:12])
        if is_head or status in (204, 304):
            body = b""
        elif b"transfer-encoding: chunked" in lower:
            body = self._chunks()
        elif b"content-length:" in lower:
            body = self._exactly(int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        else:
            raise Cut("an answer without a length")
        if b"connection: close" in lower:
            self.close()
        return Answer(status, head, body)

    def _more(self) -> None:
        assert self._socket is not None
        piece = self._socket.recv(262_144)
        if not piece:
            raise Cut("the line was closed")
        self._held += piece

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._held:
            self._more()
        found, _, self._held = self._held.partition(mark)
        return found + mark

    def _exactly(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        found, self._held = self._held[:size], self._held[size:]
        return found

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(size)
            self._exactly(2)
        self._until(b"\r\n")
        return body
