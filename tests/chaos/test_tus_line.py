"""Fifty megabytes by tus through a line that is cut twenty times arrive whole, once, with the same hash."""

from __future__ import annotations

import hashlib
import http.client
import random
from base64 import b64encode
from urllib.parse import urlsplit

import pytest

from foundation.actor import as_actor
from records.models import Evidence
from tests.browser.line import BadLine
from tests.cast import actor
from tests.chaos.test_cut_line import Site
from tests.chaos.test_cut_line import site as site  # the product's own web process

pytestmark = pytest.mark.chaos
SIZE, PIECE, CUTS = 50_000_000, 1024 * 1024, 20


def asked(site: Site, url: str, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse | None:
    """The answer, or None where the line broke."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        line.request(method, path, body=body or None, headers=site.headers(**{"Tus-Resumable": "1.0.0", **headers}))
        answer = line.getresponse()
        answer.read()
        return answer
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def test_fifty_megabytes_through_twenty_cuts_arrive_whole_and_once(site: Site) -> None:
    body = b"%PDF-1.7\n" + random.Random(5).randbytes(SIZE - 16) + b"\n%%EOF\n"
    sha256, line = hashlib.sha256(body).hexdigest(), BadLine(f"http://127.0.0.1:{site.port}")
    line.cuts, line.bytes_each = CUTS, 300_000
    told = ",".join(
        f"{k} {b64encode(v.encode()).decode()}"
        for k, v in {"filename": "a.pdf", "sha256": sha256, "client_id": "fifty", "purpose": "paper"}.items()
    )

    made = asked(site, line.url, "POST", "/evidence/tus/", **{"Upload-Length": str(SIZE), "Upload-Metadata": told})
    assert made is not None
    path, at = urlsplit(made.headers["Location"]).path, 0
    while at < SIZE:
        piece = body[at : at + PIECE]
        sent = asked(site, line.url, "PATCH", path, piece, **{"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"})
        if sent is None or sent.status >= 400:
            sent = asked(site, line.url, "HEAD", path)
        at = int(sent.headers["Upload-Offset"]) if sent is not None else at
    line.close()

    assert line.made == CUTS
    with as_actor(actor("lin")):
        assert list(Evidence.objects.values_list("sha256", "size")) == [(sha256, SIZE)]
