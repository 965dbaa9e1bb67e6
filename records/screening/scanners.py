"""Looking for known malware: the EICAR test signature always, a scan daemon where the installation has one."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHUNK = 64 * 1024
Scanner = Callable[[Path], str | None]
"""Gives the name of the signature found, None when clean; raises ScannerUnavailable when it cannot tell."""

EICAR_NAME = "EICAR-Test-File"
# In two pieces, so that this source is not itself taken for the test file.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ScannerUnavailable(Exception):
    """The scanner gave no answer: nothing is known about the file, so nothing may be let in."""


class SignatureWatch:
    """Fed the bytes of a file as they pass; remembers whether a known signature was among them."""

    def __init__(self) -> None:
        self.found = ""
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        window = self._tail + chunk
        if _EICAR in window:
            self.found = EICAR_NAME
        self._tail = window[-len(_EICAR) :]


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """clamd over INSTREAM, at ``host:port`` or the path of a socket."""

    address: str
    timeout_seconds: float = 30.0

    def __call__(self, path: Path) -> str | None:
        try:
            with self._connect() as line, path.open("rb") as file:
                line.sendall(b"zINSTREAM\0")
                while chunk := file.read(CHUNK):
                    line.sendall(len(chunk).to_bytes(4, "big") + chunk)
                line.sendall(bytes(4))
                answer = self._read_answer(line)
        except OSError as error:
            raise ScannerUnavailable(self.address) from error
        if answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        if answer == "stream: OK":
            return None
        raise ScannerUnavailable(answer)

    def _connect(self) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        if port.isdigit():
            return socket.create_connection((host, int(port)), timeout=self.timeout_seconds)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(self.timeout_seconds)
        line.connect(self.address)
        return line

    @staticmethod
    def _read_answer(line: socket.socket) -> str:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            piece = line.recv(4096)
            if not piece:
                break
            answer += piece
        return answer.rstrip(b"\0\n").decode("utf-8", errors="replace")
