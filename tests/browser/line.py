"""A bad line between a browser and the product: what is sent through it breaks off in the middle, as often as is asked."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit


class BadLine:
    """Forwards a port to the product; `cuts` connections die after `bytes_each` bytes sent by the browser; while it `hangs`, nothing moves."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.cuts, self.bytes_each, self.made, self.hangs = 0, 60_000, 0, False
        self._lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listening.accept()
                server = socket.create_connection((self._to.hostname, self._to.port))
                threading.Thread(target=self._forward, args=(browser, server, True), daemon=True).start()
                threading.Thread(target=self._forward, args=(server, browser, False), daemon=True).start()

    def _forward(self, come: socket.socket, go: socket.socket, sending: bool) -> None:
        sent = 0
        with suppress(OSError):
            while piece := come.recv(16_384):
                while self.hangs:
                    time.sleep(0.02)
                sent += len(piece)
                if sending and sent > self.bytes_each and self._cut():
                    break
                go.sendall(piece)
        for end in (come, go):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> bool:
        with self._lock:
            if self.made >= self.cuts:
                return False
            self.made += 1
            return True
