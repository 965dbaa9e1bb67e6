"""A real web process and a line that is cut: half a body is never taken for the whole, and the next try goes on."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from foundation.actor import as_actor
from qcchain.embedded import commands
from records.models import Evidence, UploadSession
from tests import harness
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.chaos
TOKEN = "a" * 32
PAPER = b"%PDF-1.7\n" + random.Random(3).randbytes(900_000) + b"\n%%EOF\n"


@dataclass
class Site:
    """The product's own web command, and a person who is signed in."""

    port: int
    session: str
    evidence: Path

    def headers(self, **more: str) -> dict[str, str]:
        cookie = f"sessionid={self.session}; csrftoken={TOKEN}; django_language=en"
        return {"Host": f"127.0.0.1:{self.port}", "Cookie": cookie, "X-CSRFToken": TOKEN, **more}

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, object]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request(method, path, body=body or None, headers=self.headers(**headers))
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())

    def cut(self, method: str, path: str, body: bytes, *, sent: int, **headers: str) -> None:
        """Promise the whole body, send a part of it, and go."""
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers(**headers, **{"Content-Length": str(len(body))}).items())
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            line.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body[:sent])
            time.sleep(0.2)  # what was sent has reached the process before the line goes
        time.sleep(0.4)  # and the process has noticed that it went

    def kept(self) -> list[str]:
        return [path.name for path in self.evidence.rglob("*") if path.is_file()]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def site(servers: harness.Servers, fresh_database: str, tmp_path: Path) -> Iterator[Site]:
    port, evidence = free_port(), tmp_path / "test" / "evidence"
    session = signed_in("lin").cookies["sessionid"].value
    env = {**harness.environment(servers, fresh_database), "QCCHAIN_DATA": str(tmp_path)}
    _python, *words = commands.web(port=port, workers=1)
    process = subprocess.Popen([sys.executable, *words], cwd=harness.ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Site(port, session, evidence)
    finally:
        process.terminate()
        process.wait(15)


def wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the web process does not answer")


def declared() -> bytes:
    sha256 = hashlib.sha256(PAPER).hexdigest()
    return json.dumps({"name": "a.pdf", "size": len(PAPER), "sha256": sha256, "client_id": "one", "purpose": "paper"}).encode()


def multipart() -> bytes:
    fields = json.loads(declared())
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    return "".join([*parts, "--b--\r\n"]).encode()


def stored() -> tuple[int, int]:
    with as_actor(actor("lin")):
        return UploadSession.objects.count(), Evidence.objects.count()


def test_half_a_body_is_never_taken_for_the_whole_and_the_next_try_goes_on(site: Site) -> None:
    form = multipart()
    site.cut("POST", "/evidence/uploads/", form, sent=len(form) // 2, **{"Content-Type": "multipart/form-data; boundary=b"})
    site.cut("POST", "/evidence/uploads/", form, sent=0, **{"Content-Type": "multipart/form-data; boundary=b"})
    site.cut("POST", "/evidence/uploads/", declared(), sent=40, **{"Content-Type": "application/json"})
    assert (stored(), site.kept()) == ((0, 0), [])

    status, begun = site.ask("POST", "/evidence/uploads/", declared(), **{"Content-Type": "application/json"})
    assert (status, begun["received"]) == (201, 0)
    path, third = str(begun["url"]), len(PAPER) // 3
    raw = {"Content-Type": "application/octet-stream"}
    site.cut("PATCH", path, PAPER[:third], sent=third // 2, **raw, **{"Upload-Offset": "0"})
    assert (site.ask("GET", path)[1]["received"], site.kept()) == (0, [])

    assert site.ask("PATCH", path, PAPER[:third], **raw, **{"Upload-Offset": "0"})[1]["received"] == third
    for sent in (1, third - 1):
        site.cut("PATCH", path, PAPER[third : 2 * third], sent=sent, **raw, **{"Upload-Offset": str(third)})
    status, told = site.ask("GET", path)
    assert (told["received"], told["words"]) == (third, "33% is on the server. Go on sending.")

    status, done = site.ask("PATCH", path, PAPER[third:], **raw, **{"Upload-Offset": str(third)})
    assert (status, done["state"]) == (200, "done")
    with as_actor(actor("lin")):
        evidence = Evidence.objects.get()
    original = site.evidence / evidence.original_path
    assert evidence.sha256 == hashlib.sha256(PAPER).hexdigest() == hashlib.sha256(original.read_bytes()).hexdigest()
    assert os.listdir(site.evidence / "incoming") == []
