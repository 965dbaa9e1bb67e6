"""The scan daemon's protocol against a small daemon of our own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from records.screening import ClamdScanner, ScannerUnavailable
from records.screening.scanners import _EICAR, EICAR_NAME, SignatureWatch

Daemon = Callable[[bytes], bytes]


@contextmanager
def daemon(answer: Daemon, *, family: int = socket.AF_INET, address: object = ("127.0.0.1", 0)) -> Iterator[str]:
    """Reads one INSTREAM to its end and answers about the bytes it was sent."""

    def serve() -> None:
        line, _ = server.accept()
        with line, line.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            body = b""
            while length := int.from_bytes(sent.read(4), "big"):
                body += sent.read(length)
            line.sendall(answer(body))

    with socket.socket(family) as server:
        server.bind(address)
        server.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        name = server.getsockname()
        yield name if isinstance(name, str) else f"{name[0]}:{name[1]}"
        thread.join()


def clamd_like(body: bytes) -> bytes:
    return b"stream: Eicar-Signature FOUND\0" if _EICAR in body else b"stream: OK\0"


@pytest.mark.parametrize(("content", "found"), [(b"good" * 100_000, None), (b"x" * 70_000 + _EICAR, "Eicar-Signature")])
def test_daemon_is_sent_the_whole_file_and_its_answer_understood(content: bytes, found: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)

    with daemon(clamd_like) as address:
        assert ClamdScanner(address)(path) == found


def test_daemon_on_a_socket_file_is_reached_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"good")

    with daemon(clamd_like, family=socket.AF_UNIX, address=str(tmp_path / "clamd")) as address:
        assert ClamdScanner(address)(tmp_path / "a") is None


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"nonsense\0"])
def test_answer_that_is_none_is_not_taken_for_clean(answer: bytes, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"good")

    with daemon(lambda body: answer) as address, pytest.raises(ScannerUnavailable):
        ClamdScanner(address)(tmp_path / "a")


def test_daemon_that_is_not_there_is_not_taken_for_clean(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"good")

    with pytest.raises(ScannerUnavailable):
        ClamdScanner(str(tmp_path / "nobody"))(tmp_path / "a")


@pytest.mark.parametrize("cut", [0, 1, 30, 67, 68])
def test_signature_is_found_across_the_edge_of_two_chunks(cut: int) -> None:
    watch = SignatureWatch()

    watch.feed(b"x" * 10 + _EICAR[:cut])
    watch.feed(_EICAR[cut:] + b"y")

    assert watch.found == EICAR_NAME


def test_signature_with_a_letter_changed_is_no_signature() -> None:
    watch = SignatureWatch()

    watch.feed(_EICAR.replace(b"EICAR", b"EICAT"))

    assert watch.found == ""
