"""The small HTTP client reads whole answers, and knows a cut one."""

import socket
import threading
from collections import Counter

import pytest

from benchmarks.pooled.callers import Caller
from benchmarks.pooled.storm import Tally
from benchmarks.wire import Answer, Cut, Wire, request_bytes


@pytest.fixture
def answering():
    """A server on one connection that sends these bytes and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(sent: bytes) -> Wire:
        def once() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                line.sendall(sent)

        threading.Thread(target=once, daemon=True).start()
        return Wire(listener.getsockname()[1], timeout=5)

    yield answer
    listener.close()


def test_a_body_is_read_to_its_declared_length(answering):
    answer = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").ask(request_bytes("GET", "/"))

    assert (answer.status, answer.body) == (200, b"hello")


def test_chunks_are_joined(answering):
    answer = answering(b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").ask(
        request_bytes("GET", "/")
    )

    assert (answer.status, answer.body) == (404, b"abcde")


def test_an_answer_that_ends_early_is_cut(answering):
    wire = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel")

    with pytest.raises(Cut):
        wire.ask(request_bytes("GET", "/"))


def test_a_request_with_a_body_declares_its_length():
    assert request_bytes("POST", "/a/", {"X": "1"}, b"{}") == b"POST /a/ HTTP/1.1\r\nHost: localhost\r\nX: 1\r\nContent-Length: 2\r\n\r\n{}"


LIN = Caller("lin", "supplier", b"kanari0000000001", {}, {}, None)


def judged(body: bytes, *, status: int = 200, must_hold: bool = False) -> Tally:
    tally = Tally()
    tally.judge("api", "/x/", LIN, Answer(status, b"", body), must_hold)
    return tally


def test_a_foreign_canary_is_a_leak_even_beside_the_own_one():
    tally = judged(b"kanari0000000001 kanari0000000002")

    assert tally.leaks == ["lin api /x/: 200, [b'kanari0000000002']"]
    assert tally.own == 1


def test_the_own_canary_is_no_leak_and_its_absence_is_noticed():
    assert judged(b"kanari0000000001", must_hold=True).odd == []
    assert judged(b"nothing", must_hold=True).odd == ["lin api /x/: 200"]


def test_an_unexpected_status_is_noticed():
    assert judged(b"", status=500).odd == ["lin api /x/: 500"]


def test_a_storm_over_a_dead_server_is_not_whole():
    most_cut, few_cut, lost = (Tally(calls=100, cut=cut, kinds=Counter(api=api)) for cut, api in ((90, 10), (4, 96), (4, 50)))

    assert few_cut.is_whole(threads=2)
    assert not most_cut.is_whole(threads=2)
    assert not lost.is_whole(threads=2)
